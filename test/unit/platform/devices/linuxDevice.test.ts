import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { PhysicalDevice } from '../../../../src-main/engine/disk/devices';
import { createLinuxDisks } from '../../../../src-main/platform/devices/linux/linuxDisks';
import { rawFs } from '../../../../src-main/platform/rawFs';
import { AppError } from '../../../../src-shared/errors/appError';
import { temporaryDirectory } from '../../../support/tools';

const SIZE = 1 << 20;

/** A made-up system whose disk is a file: what is no device has the number 0:0. */
function system(size = SIZE): {
  open: (access: 'read' | 'write') => PhysicalDevice;
  sysfs: string;
  file: string;
} {
  const base = temporaryDirectory();
  const roots = { sys: `${base}/sys`, proc: `${base}/proc`, dev: `${base}/dev`, run: `${base}/run` };
  const sysfs = path.join(base, 'sys/devices/ata1/block/sda');
  for (const folder of [sysfs, `${roots.sys}/block`, roots.dev]) mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(sysfs, 'dev'), '0:0');
  writeFileSync(path.join(sysfs, 'size'), String(size / 512));
  symlinkSync(sysfs, `${roots.sys}/block/sda`);
  const file = `${roots.dev}/sda`;
  writeFileSync(file, '');
  truncateSync(file, size);
  return {
    sysfs,
    file,
    open(access) {
      const device = createLinuxDisks({ roots }).open(file, access);
      if (device === undefined) throw new Error('no disk');
      onTestFinished(() => device.close());
      return device;
    },
  };
}

/** Makes a call of the system fail from now on. */
function failing(call: 'readSync' | 'writeSync' | 'fsyncSync', code: string, errno = -5): void {
  const spy = vi.spyOn(rawFs, call).mockImplementation(() => {
    throw systemError(code, errno);
  });
  onTestFinished(() => spy.mockRestore());
}

/** The same for opening one file. */
function failingToOpen(file: string, code: string): void {
  const real = rawFs.openSync;
  const spy = vi.spyOn(rawFs, 'openSync').mockImplementation((name, ...rest) => {
    if (name === file) throw systemError(code, -5);
    return real(name, ...rest);
  });
  onTestFinished(() => spy.mockRestore());
}

function systemError(code: string, errno: number): Error {
  return Object.assign(new Error(`${code}: made up`), { code, errno });
}

function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'done';
}

describe('a device', () => {
  it('is read and written at any place, and tells where it lies', () => {
    const { open, file } = system();
    const device = open('write');
    expect(device).toMatchObject({
      name: file,
      size: SIZE,
      sectorSize: 512,
      physicalSectorSize: 512,
      writable: true,
    });
    device.write(1000, Uint8Array.of(1, 2, 3));
    device.flush();
    device.dropCaches();
    const bytes = new Uint8Array(5);
    expect(device.read(999, bytes)).toBe(5);
    expect([...bytes]).toEqual([0, 1, 2, 3, 0]);
    expect(device.read(SIZE - 2, bytes)).toBe(2);
    expect(device.read(SIZE + 2, bytes)).toBe(0);
    expect(device.extents(10, 20)).toEqual([{ kind: 'file', path: file, offset: 10, length: 20 }]);
    expect(device.extents(SIZE, 20)).toEqual([]);
    expect(() => device.write(SIZE - 1, bytes)).toThrow(RangeError);
    device.close();
    device.close();
  });

  it('that was opened for reading is not written', () => {
    expect(codeOf(() => system().open('read').write(0, new Uint8Array(1)))).toBe('io/read-only');
  });

  it('without a medium is not opened', () => {
    expect(codeOf(() => system(0).open('read'))).toBe('disk/gone');
  });

  it('that has another number than the one that was looked up is another disk', () => {
    const { open, sysfs } = system();
    writeFileSync(path.join(sysfs, 'dev'), '8:0');
    expect(codeOf(() => open('write'))).toBe('disk/changed');
  });

  it.each([
    ['EBUSY', 'disk/in-use'],
    ['ENXIO', 'disk/gone'],
    ['ENODEV', 'disk/gone'],
    ['EACCES', 'io/no-permission'],
    ['EROFS', 'io/read-only'],
  ])('%s when it is opened: %s', (code, expected) => {
    const { open, file } = system();
    failingToOpen(file, code);
    expect(codeOf(() => open('write'))).toBe(expected);
  });
});

describe('a disk that vanishes', () => {
  it.each(['ENXIO', 'ENODEV'])('%s', (code) => {
    const device = system().open('write');
    failing('readSync', code);
    failing('writeSync', code);
    failing('fsyncSync', code);
    expect(codeOf(() => device.read(0, new Uint8Array(1)))).toBe('disk/gone');
    expect(codeOf(() => device.write(0, new Uint8Array(1)))).toBe('disk/gone');
    expect(codeOf(() => device.flush())).toBe('disk/gone');
  });

  it('EIO, and the system no longer knows it, or knows another of its size', () => {
    const { open, sysfs } = system();
    const device = open('write');
    failing('writeSync', 'EIO');
    const write = (): string => codeOf(() => device.write(0, new Uint8Array(1)));
    // A sector that cannot be written is no disk that has gone.
    expect(write()).toBe('io/failed');
    writeFileSync(path.join(sysfs, 'size'), '8');
    expect(write()).toBe('disk/gone');
    rmSync(sysfs, { recursive: true });
    expect(write()).toBe('disk/gone');
  });

  it('an error without a name is told with its words', () => {
    const device = system().open('read');
    failing('readSync', 'Unknown system error -123', -123);
    expect(codeOf(() => device.read(0, new Uint8Array(1)))).toBe('io/failed');
  });
});
