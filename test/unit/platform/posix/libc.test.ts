import { spawnSync } from 'node:child_process';
import { closeSync, lstatSync, openSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  FileLock,
  flock,
  fsetXattr,
  futimens,
  getXattr,
  hasLibcCall,
  listXattrs,
  mknod,
  setPathTimes,
  setXattr,
  SystemError,
} from '../../../../src-main/platform/posix/libc';
import { filetimeOfNanoseconds } from '../../../../src-main/platform/posix/filetime';
import { requireTool, temporaryDirectory } from '../../../support/tools';

const onLinux = describe.skipIf(process.platform !== 'linux');

function failure(act: () => void): SystemError {
  try {
    act();
  } catch (error) {
    if (error instanceof SystemError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

onLinux('the C library', () => {
  it('sets the times of an open file and of a link itself to 100 ns', () => {
    const directory = temporaryDirectory();
    const file = path.join(directory, 'file');
    const link = path.join(directory, 'link');
    writeFileSync(file, 'x');
    symlinkSync('file', link);
    const access = 1_600_000_001_123_456_700n;
    const write = 1_500_000_000_987_654_300n;
    const times = { access: filetimeOfNanoseconds(access), write: filetimeOfNanoseconds(write) };
    const descriptor = openSync(file, 'r+');
    futimens(descriptor, times);
    closeSync(descriptor);
    expect(statSync(file, { bigint: true })).toMatchObject({ atimeNs: access, mtimeNs: write });

    const older = { access: filetimeOfNanoseconds(-5_000_000_100n), write: filetimeOfNanoseconds(-100n) };
    setPathTimes(link, older);
    expect(lstatSync(link, { bigint: true })).toMatchObject({ atimeNs: -5_000_000_100n, mtimeNs: -100n });
    expect(statSync(link, { bigint: true }).mtimeNs).toBe(write);
  });

  it('names the error and the path when a call fails', () => {
    const missing = path.join(temporaryDirectory(), 'none');
    const error = failure(() => setPathTimes(missing, { access: 0n, write: 0n }));
    expect(error).toMatchObject({ code: 'ENOENT', syscall: 'utimensat', path: missing });
    expect(failure(() => futimens(9999, { access: 0n, write: 0n })).code).toBe('EBADF');
  });

  it('takes a lock that a second open file cannot take', () => {
    const file = path.join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    const first = openSync(file, 'r+');
    const second = openSync(file, 'r+');
    flock(first, FileLock.EXCLUSIVE);
    const contended = failure(() => flock(second, FileLock.EXCLUSIVE | FileLock.NONBLOCKING));
    expect(contended.code).toBe('EAGAIN');
    flock(first, FileLock.UNLOCK);
    flock(second, FileLock.EXCLUSIVE | FileLock.NONBLOCKING);
    closeSync(first);
    closeSync(second);
  });

  it('keeps extended attributes as bytes, empty and long ones too', (context) => {
    const plain = path.join(temporaryDirectory(), 'file');
    writeFileSync(plain, '');
    try {
      setXattr(plain, 'user.empty', new Uint8Array(0));
    } catch (error) {
      if (error instanceof SystemError && error.code === 'ENOTSUP') context.skip('no user attributes here');
      throw error;
    }
    const long = new Uint8Array(3000).map((_, i) => i);
    const descriptor = openSync(plain, 'r+');
    fsetXattr(descriptor, 'user.long', long);
    closeSync(descriptor);
    expect(listXattrs(plain).sort()).toEqual(expect.arrayContaining(['user.empty', 'user.long']));
    expect(getXattr(plain, 'user.empty')).toHaveLength(0);
    expect(new Uint8Array(getXattr(plain, 'user.long'))).toEqual(long);
    expect(failure(() => getXattr(plain, 'user.none')).code).toBe('ENODATA');
    requireTool('getfattr');
    const shown = spawnSync('getfattr', ['--only-values', '-n', 'user.long', plain]);
    expect(new Uint8Array(shown.stdout)).toEqual(long);
  });

  it('makes a named pipe', () => {
    const pipe = path.join(temporaryDirectory(), 'pipe');
    mknod(pipe, 0o010600, 0);
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });

  it('has all its calls', () => {
    const calls = [
      'utimensat',
      'futimens',
      'flock',
      'mknod',
      'llistxattr',
      'lgetxattr',
      'lsetxattr',
      'fsetxattr',
    ] as const;
    expect(calls.filter((call) => !hasLibcCall(call))).toEqual([]);
  });
});
