import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-shared/errors/appError';
import { createNodeFileSystem, toAppError } from '../../../src-main/platform/nodeFileSystem';
import { temporaryDirectory } from '../../support/tools';

const files = createNodeFileSystem();

function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('files', () => {
  it('grow with what is written, and are read up to their end', () => {
    const file = files.create(path.join(temporaryDirectory(), 'new'));
    file.write(0, Buffer.from('hello'));
    file.write(10, Buffer.from('there'));
    expect(file.size).toBe(15);
    const target = new Uint8Array(20);
    expect(file.read(3, target)).toBe(12);
    expect(Buffer.from(target.subarray(0, 12)).toString('latin1')).toBe('lo\0\0\0\0\0there');
    file.truncate(4);
    expect(file.size).toBe(4);
    file.flush();
    file.close();
    expect(readFileSync(file.name, 'latin1')).toBe('hell');
  });

  it('take shared memory', () => {
    const file = files.create(path.join(temporaryDirectory(), 'new'));
    const bytes = new Uint8Array(new SharedArrayBuffer(8), 2, 4).fill(65);
    file.write(0, bytes);
    bytes.fill(0);
    expect(file.read(0, bytes)).toBe(4);
    expect(Array.from(bytes)).toEqual([65, 65, 65, 65]);
    file.close();
  });

  it('have errors that name the path and the reason', () => {
    const directory = temporaryDirectory();
    const there = path.join(directory, 'there');
    writeFileSync(there, 'x');
    expect(codeOf(() => files.openRead(path.join(directory, 'none')))).toBe('io/not-found');
    expect(codeOf(() => files.openRead(path.join(there, 'below')))).toBe('io/not-a-directory');
    expect(codeOf(() => files.create(there))).toBe('io/exists');
    expect(codeOf(() => files.openRead(directory))).toBe('io/failed');
    expect(codeOf(() => files.makeDirectory(there))).toBe('io/exists');
    expect(codeOf(() => files.list(path.join(directory, 'none')))).toBe('io/not-found');
    expect(codeOf(() => files.openRead('a\0b'))).toBe('io/not-found');
    expect(() => files.openRead(path.join(directory, 'none'))).toThrow(
      `cannot open ${path.join(directory, 'none')}: it does not exist`,
    );
  });

  it('refuse a device instead of reading it', ({ skip }) => {
    skip(process.platform === 'win32', 'Windows has no /dev/zero');
    expect(() => files.openRead('/dev/zero')).toThrow('not a regular file');
  });

  it('are told apart and described by status', () => {
    const directory = temporaryDirectory();
    const file = path.join(directory, 'file');
    const link = path.join(directory, 'link');
    writeFileSync(file, 'abc');
    symlinkSync(file, link);
    expect(files.status(file)).toEqual(files.status(link));
    expect(files.status(file)).toMatchObject({ kind: 'file', size: 3 });
    expect(files.status(file)?.modifiedMs).toBeCloseTo(statSync(file).mtimeMs, 3);
    expect(files.status(directory)?.kind).toBe('directory');
    expect(files.status(directory)?.identity).not.toBe(files.status(file)?.identity);
    expect(files.status(path.join(directory, 'none'))).toBeUndefined();
    expect(files.status(path.join(file, 'below'))).toBeUndefined();
  });

  it('are renamed, removed and listed', () => {
    const directory = temporaryDirectory();
    const at = (name: string): string => files.join(directory, name);
    writeFileSync(at('a'), 'a');
    writeFileSync(at('b'), 'b');
    files.rename(at('a'), at('b'));
    files.syncDirectory(directory);
    files.makeDirectory(at('c'));
    expect(files.list(directory).sort()).toEqual(['b', 'c']);
    expect(readFileSync(at('b'), 'utf8')).toBe('a');
    files.remove(at('b'));
    files.remove(at('b'));
    expect(files.list(directory)).toEqual(['c']);
    expect(files.freeSpace(at('not/yet/there'))).toBeGreaterThan(0);
  });

  it('keep names with an unpaired surrogate apart', ({ skip }) => {
    skip(process.platform === 'win32', 'names are not bytes on Windows');
    const directory = temporaryDirectory();
    files.create(path.join(directory, 'a\ud800')).close();
    files.create(path.join(directory, 'a\ud801')).close();
    expect(files.status(path.join(directory, 'a\ud800'))?.kind).toBe('file');
    expect(files.list(directory)).toHaveLength(2);
  });

  it('that are protected say so', ({ skip }) => {
    skip(process.platform === 'win32', 'POSIX permissions');
    skip(process.getuid?.() === 0, 'root may do everything');
    const directory = temporaryDirectory();
    const locked = path.join(directory, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o500);
    expect(codeOf(() => files.create(path.join(locked, 'x')))).toBe('io/no-permission');
    chmodSync(locked, 0o700);
  });
});

describe('locks', () => {
  it('keep a second opener out until the first closes', () => {
    const file = path.join(temporaryDirectory(), 'file');
    const first = files.create(file);
    const second = files.openReadWrite(file);
    first.lock();
    first.lock();
    expect(codeOf(() => second.lock())).toBe('wim/busy');
    first.close();
    second.lock();
    second.close();
  });

  it('hold against another process', async ({ skip }) => {
    skip(process.platform !== 'linux', 'needs flock(1) of Linux');
    const file = path.join(temporaryDirectory(), 'file');
    const held = files.create(file);
    const child = spawn('flock', [file, '-c', 'echo locked; read line'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(codeOf(() => held.lock())).toBe('wim/busy');
    child.stdin.end('\n');
    await new Promise((resolve) => child.once('exit', resolve));
    held.lock();
    held.close();
  });
});

describe('toAppError', () => {
  const systemError = (code: string): Error => Object.assign(new Error(code), { code });

  it.each([
    ['ENOENT', 'io/not-found'],
    ['EACCES', 'io/no-permission'],
    ['EPERM', 'io/no-permission'],
    ['ENOSPC', 'io/no-space'],
    ['EDQUOT', 'io/no-space'],
    ['EROFS', 'io/read-only'],
    ['EEXIST', 'io/exists'],
    ['ENOTDIR', 'io/not-a-directory'],
    ['ENOTEMPTY', 'io/not-empty'],
    ['EIO', 'io/failed'],
    ['ESOMETHING', 'io/failed'],
    ['UNKNOWN', 'io/failed'],
    ['WINDOWS_1392', 'io/failed'],
  ])('makes %s %s', (name, code) => {
    const error = toAppError(systemError(name), 'open', '/a/b');
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/^cannot open \/a\/b: \w/);
  });

  it('lets faults of the program through', () => {
    expect(() => toAppError(new TypeError('x'), 'open', '/a')).toThrow(TypeError);
    const own = new AppError('wim/busy', 'x');
    expect(toAppError(own, 'open', '/a')).toBe(own);
  });
});
