import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { recogniseFileSystem } from '../../../../src-main/engine/disk/recognise';
import {
  createFatVolume,
  formatFat32,
  type FatVolumeWriter,
} from '../../../../src-main/engine/fat/fatVolumeWriter';
import { planFat32, smallestFat32 } from '../../../../src-main/engine/fat/geometry';
import { openFat } from '../../../../src-main/engine/fat/openFat';
import { FatAttribute, FatEntry } from '../../../../src-main/engine/fat/records';
import { AppError, FormatError } from '../../../../src-shared/errors/appError';
import { memoryDevice, type MemoryDevice } from '../../../support/memoryDevice';

const MIB = 2 ** 20;
const GIB = 2 ** 30;
/** 2026-05-06T07:08:09.12Z */
const now = BigInt(Date.UTC(2026, 4, 6, 7, 8, 9, 120)) * 10_000n + 116_444_736_000_000_000n;
const options = { randomBytes, now };

function volume(sectorSize: 512 | 4096 = 512): MemoryDevice {
  return memoryDevice({ size: sectorSize === 512 ? 40 * MIB : 260 * MIB, sectorSize });
}

function filled(fill: (writer: FatVolumeWriter) => void, device = volume()): MemoryDevice {
  const writer = createFatVolume(device, { ...options, label: 'Test' });
  fill(writer);
  writer.finish();
  return device;
}

function contents(device: MemoryDevice, path: string): Buffer {
  const fat = openFat(device);
  const file = fat.find(path);
  if (!file) throw new Error(`${path} is not there`);
  const source = fat.open(file);
  const bytes = Buffer.alloc(source.size);
  expect(source.read(0, bytes)).toBe(source.size);
  return bytes;
}

function failureOf(action: () => unknown): AppError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    return error as AppError;
  }
  throw new Error('no error');
}

describe('FAT32 that is made', () => {
  it.each([
    [40 * MIB, 512, 512],
    [64 * MIB, 512, 512],
    [100 * MIB, 512, 1024],
    [200 * MIB, 512, 2048],
    [260 * MIB, 512, 4096],
    [260 * MIB, 4096, 4096],
    [8 * GIB, 512, 4096],
    [12 * GIB, 512, 8192],
    [30 * GIB, 4096, 16384],
    [64 * GIB, 512, 32768],
    // Just above a step: too few clusters of the larger size for FAT32.
    [64.5 * MIB, 512, 512],
    [256.25 * MIB, 512, 2048],
  ])('%i bytes with sectors of %i have clusters of %i', (size, sectorSize, clusterSize) => {
    const plan = planFat32(size, sectorSize);
    expect(plan?.clusterSize).toBe(clusterSize);
    expect(plan?.clusters).toBeGreaterThanOrEqual(65525);
    // Clusters begin at a multiple of their size.
    const data = ((plan?.reservedSectors ?? 0) + 2 * (plan?.fatSectors ?? 0)) * sectorSize;
    expect(data % clusterSize).toBe(0);
  });

  it.each([512, 4096])('the smallest volume can be made, one MiB less cannot (%i)', (sectorSize) => {
    const least = smallestFat32(sectorSize);
    expect(planFat32(least, sectorSize)).toBeDefined();
    expect(planFat32(least - MIB, sectorSize)).toBeUndefined();
    const device = memoryDevice({ size: 16 * MIB });
    expect(failureOf(() => formatFat32(device, options)).code).toBe('layout/invalid');
    expect(device.events).toEqual([]);
  });

  it.each([512, 4096] as const)('an empty volume says what it is (%i)', (sectorSize) => {
    const device = volume(sectorSize);
    const figures = formatFat32(device, {
      ...options,
      label: 'My disk',
      serial: 0x1234abcd,
      partitionOffset: MIB,
    });
    const fat = openFat(device);
    expect(fat).toMatchObject({ type: 'fat32', label: 'MY DISK', serial: '1234abcd' });
    expect(fat.list('/')).toEqual([]);
    expect([fat.used, fat.free]).toEqual([figures.used, figures.free]);
    expect(figures.used).toBe(figures.clusterSize);
    expect(recogniseFileSystem(device)).toBe('fat32');
    const boot = new DataView(device.bytes(0, 512).buffer);
    expect(boot.getUint32(0x1c, true)).toBe(MIB / sectorSize);
    expect(device.bytes(6 * sectorSize, 2 * sectorSize)).toEqual(device.bytes(0, 2 * sectorSize));
  });

  it('writes the boot sector last, after a flush, and is no file system before', () => {
    const device = volume();
    formatFat32(device, options);
    device.failAfterWrites(1000);
    const writer = createFatVolume(device, options);
    expect(recogniseFileSystem(device)).toBe('none');
    writer.addFile('/a', Buffer.from('a'));
    expect(recogniseFileSystem(device)).toBe('none');
    writer.finish();
    expect(device.events.slice(-3)).toEqual([
      { kind: 'flush' },
      { kind: 'write', offset: 0, length: 512 },
      { kind: 'flush' },
    ]);
  });

  it('a device that goes away at any write leaves no file system', () => {
    const make = (device: MemoryDevice) =>
      filled((writer) => writer.addFile('/directory/A long file name', randomBytes(100_000)), device);
    const writes = make(volume()).events.filter(({ kind }) => kind === 'write').length;
    for (let count = 0; count < writes; count++) {
      const device = volume();
      device.failAfterWrites(count);
      expect(failureOf(() => make(device)).code).toBe('disk/gone');
      expect(recogniseFileSystem(device)).toBe('none');
    }
  });

  it('holds files and directories with their names, data, times and attributes', () => {
    const big = randomBytes(3 * MIB + 17);
    const device = filled((writer) => {
      writer.addFile('/EFI/Boot/bootx64.efi', big, { attributes: 0x27 });
      writer.addDirectory('/EFI/Boot', { attributes: 0x12, writeTime: now - 10_000_000n * 86400n });
      writer.addFile('/EFI/Boot/Ünïcödé näme 日本 🙂.txt', Buffer.from('text'));
      writer.addFile('/empty', new Uint8Array(0), { attributes: 0 });
      writer.addDirectory('/directory/that is/deep');
    });
    expect(contents(device, '/efi/BOOT/BOOTX64.EFI').equals(big)).toBe(true);
    expect(contents(device, '/EFI/Boot/ünïcödé näme 日本 🙂.txt').toString()).toBe('text');
    expect(contents(device, '/empty')).toHaveLength(0);
    const fat = openFat(device);
    expect(fat.find('/EFI/Boot/bootx64.efi')).toMatchObject({
      name: 'bootx64.efi',
      shortName: 'bootx64.efi',
      attributes: 0x27,
      size: big.length,
      writeTime: now - (now % 20_000_000n) - 0n,
    });
    expect(fat.find('/EFI/Boot')).toMatchObject({
      isDirectory: true,
      attributes: 0x12,
      name: 'Boot',
      shortName: 'BOOT',
    });
    expect(fat.find('/empty')).toMatchObject({ attributes: 0, firstCluster: 0 });
    expect(fat.list('/').map(({ name }) => name)).toEqual(['EFI', 'empty', 'directory']);
    expect(fat.list('/directory/that is').map(({ name }) => name)).toEqual(['deep']);
    expect(fat.find('/EFI/Boot/none')).toBeUndefined();
    expect(failureOf(() => fat.list('/none')).code).toBe('io/not-found');
    expect(failureOf(() => fat.list('/empty')).code).toBe('io/not-a-directory');
  });

  it('keeps creation times to 10 ms, and dates within what FAT can say', () => {
    const device = filled((writer) => {
      writer.addFile('/now', Buffer.from('a'), { creationTime: now, writeTime: now, accessTime: now });
      writer.addFile('/old', Buffer.from('a'), { creationTime: 0n, writeTime: 0n, accessTime: 0n });
      writer.addFile('/late', Buffer.from('a'), { writeTime: 0x7fff_ffff_ffff_ffffn });
    });
    const fat = openFat(device);
    const day = 864_000_000_000n;
    expect(fat.find('/now')).toMatchObject({ creationTime: now, accessTime: now - (now % day) });
    const at = (ms: number) => BigInt(ms) * 10_000n + 116_444_736_000_000_000n;
    expect(fat.find('/old')?.writeTime).toBe(at(Date.UTC(1980, 0, 1)));
    expect(fat.find('/late')?.writeTime).toBe(at(Date.UTC(2107, 11, 31, 23, 59, 58)));
  });

  it('gives 8.3 names as Windows does, and never one that somebody else has', () => {
    const names = [
      'LONGFI~1.TXT',
      'Long file name.text',
      'Long file other.text',
      'lower.txt',
      'UPPER.TXT',
      'Mixed.txt',
      'lower.TXT2',
      '.hidden',
      'a.b.c',
      'no dots',
      'plus+plus.c++',
      '日本',
    ];
    const device = filled((writer) => {
      for (const name of names) writer.addFile(`/${name}`, Buffer.from(name));
    });
    const listed = openFat(device).list('/');
    expect(listed.map(({ name }) => name)).toEqual(names);
    expect(listed.map(({ shortName }) => shortName)).toEqual([
      'LONGFI~1.TXT',
      'LONGFI~1.TEX',
      'LONGFI~2.TEX',
      'lower.txt',
      'UPPER.TXT',
      'MIXED.TXT',
      'LOWER~1.TXT',
      'HIDDEN~1',
      'AB~1.C',
      'NODOTS~1',
      'PLUS_P~1.C__',
      '__~1',
    ]);
    for (const { name, shortName } of listed) expect(contents(device, `/${shortName}`).toString()).toBe(name);
  });

  it('a directory of thousands of files goes on behind its first cluster, the root, too', () => {
    const device = filled((writer) => {
      for (let i = 0; i < 2000; i++) {
        writer.addFile(`/root file number ${i}`, Buffer.from(`${i}`));
        writer.addFile(`/sub/sub file number ${i}`, Buffer.from(`${-i}`));
      }
    });
    const fat = openFat(device);
    expect(fat.list('/')).toHaveLength(2001);
    expect(new Set(fat.list('/sub').map(({ shortName }) => shortName)).size).toBe(2000);
    expect(contents(device, '/root file number 1999').toString()).toBe('1999');
    expect(contents(device, '/sub/SUB~1999').toString()).toBe('-1998');
  });

  it('leaves nothing of old data behind the end of a file', () => {
    const device = memoryDevice({ size: 260 * MIB });
    device.write(0, randomBytes(2 * MIB));
    filled((writer) => writer.addFile('/a', Buffer.from('abc')), device);
    const fat = openFat(device);
    const cluster = fat.find('/a')?.firstCluster ?? 0;
    const boot = new DataView(device.bytes(0, 512).buffer);
    const first = (boot.getUint16(0x0e, true) + 2 * boot.getUint32(0x24, true)) * 512;
    const bytes = device.bytes(first + (cluster - 2) * 4096, 4096);
    expect([...bytes.subarray(0, 3)]).toEqual([97, 98, 99]);
    expect(bytes.subarray(3).every((byte) => byte === 0)).toBe(true);
  });

  it.each([
    ['/a:b', 'target/cannot-keep'],
    ['/what?', 'target/cannot-keep'],
    ['/dot.', 'target/cannot-keep'],
    ['/space /a', 'target/cannot-keep'],
    ['/../a', 'target/cannot-keep'],
    ['/', 'target/cannot-keep'],
    [`/${'x'.repeat(256)}`, 'target/cannot-keep'],
    ['/FILE', 'io/exists'],
    ['/file/below', 'io/exists'],
    ['/d'.repeat(200), 'target/cannot-keep'],
  ])('does not take the name %s', (path, code) => {
    const writer = createFatVolume(volume(), options);
    writer.addFile('/file', Buffer.from('a'));
    expect(failureOf(() => writer.addFile(path, Buffer.from('b'))).code).toBe(code);
  });

  it('is full at its last cluster, and says what is missing', () => {
    const device = volume();
    const writer = createFatVolume(device, options);
    expect(failureOf(() => writer.addFile('/large', new Uint8Array(41 * MIB))).message).toMatch(
      /\/large needs 41 MB, the FAT32 volume has \d+(\.\d)? MB free/,
    );
    writer.addFile('/all', new Uint8Array(writer.free));
    expect(writer.finish().free).toBe(0);
    expect(openFat(device).free).toBe(0);
    const none = createFatVolume(volume(), options);
    const huge = { name: 'huge', size: 2 ** 32, read: () => 0 };
    expect(failureOf(() => none.addFile('/huge', huge)).message).toContain('below 4 GB');
  });

  it('does not store a file that became shorter', () => {
    const writer = createFatVolume(volume(), options);
    const source = { name: 'source', size: 1000, read: () => 10 };
    expect(failureOf(() => writer.addFile('/a', source)).code).toBe('source/changed');
  });

  it.each(['a label too long', 'a/b', 'Größe'])('refuses the label %s and writes nothing', (label) => {
    const device = volume();
    expect(failureOf(() => formatFat32(device, { ...options, label })).code).toBe('layout/invalid');
    expect(device.events).toEqual([]);
  });
});

describe('FAT that is read', () => {
  /** A volume with one file of three clusters of 512 bytes in /d, and offsets in it. */
  function sample() {
    const device = filled((writer) => {
      writer.addDirectory('/d');
      writer.addFile('/d/file', randomBytes(1500));
    });
    const boot = new DataView(device.bytes(0, 512).buffer);
    const fat = boot.getUint16(0x0e, true) * 512;
    const data = fat + 2 * boot.getUint32(0x24, true) * 512;
    const setNext = (cluster: number, next: number) => {
      const entry = new Uint8Array(4);
      new DataView(entry.buffer).setUint32(0, next, true);
      device.write(fat + cluster * 4, entry);
    };
    const first = (path: string) => openFat(device).find(path)?.firstCluster ?? 0;
    return { device, setNext, data, file: first('/d/file'), directory: first('/d') };
  }

  it.each([
    ['itself', (file: number) => file],
    ['a free cluster', () => 0],
    ['cluster 1', () => 1],
    ['a cluster that is not there', () => 0x0123_4567],
    ['a bad cluster', () => 0x0fff_fff7],
    ['its end too early', () => 0x0fff_ffff],
  ])('a file whose chain leads to %s is an error', (_, next) => {
    const { device, setNext, file } = sample();
    setNext(file, next(file));
    const volume = openFat(device);
    const found = volume.find('/d/file');
    const error = failureOf(() => found && volume.open(found));
    expect(error).toBeInstanceOf(FormatError);
    expect(error.code).toBe('volume/malformed');
    expect(error.message).toMatch(/at offset \d+/);
  });

  it('a directory whose chain comes back to itself is an error', () => {
    const { device, setNext, directory } = sample();
    setNext(directory, directory);
    expect(failureOf(() => openFat(device).list('/d')).code).toBe('volume/malformed');
    setNext(2, 2);
    expect(failureOf(() => openFat(device)).code).toBe('volume/malformed');
  });

  it('a directory that holds itself ends with the path', () => {
    const { device, data, directory } = sample();
    const entry = FatEntry.parse(device.bytes(data + 32, 32));
    expect(entry.attributes & FatAttribute.DIRECTORY).toBe(FatAttribute.DIRECTORY);
    const inside = FatEntry.serialize({ ...entry, name: Buffer.from('SELF       ') });
    device.write(data + (directory - 2) * 512 + 64, inside);
    const volume = openFat(device);
    expect(volume.find('/d/self/self/self')?.isDirectory).toBe(true);
    expect(volume.find('/d' + '/self'.repeat(500))).toBeUndefined();
  });

  it.each<[string, number, number, RegExp]>([
    ['clusters of 3 sectors', 0x0d, 3, /no boot sector of a FAT volume/],
    ['no FAT', 0x10, 0, /no boot sector of a FAT volume/],
    ['a size beyond the device', 0x23, 0x7f, /FAT is too small|outside/],
    ['a FAT too small', 0x24, 1, /outside|FAT is too small|room/],
    ['a root directory outside', 0x2e, 0x7f, /which is none/],
    ['root entries on FAT32', 0x11, 16, /root entries on a volume/],
  ])('a boot sector with %s is an error', (_, offset, value, message) => {
    const { device } = sample();
    device.write(offset, Uint8Array.of(value));
    const error = failureOf(() => openFat(device));
    expect(error.message).toMatch(message);
    expect(['volume/malformed', 'disk/truncated']).toContain(error.code);
  });

  it.each([
    ['NTFS    ', 'ntfs'],
    ['EXFAT   ', 'exfat'],
    ['-FVE-FS-', 'bitlocker'],
    ['ReFS\0\0\0\0', 'refs'],
    ['whatever', 'unknown'],
  ])('a boot sector named %s is %s', (name, fileSystem) => {
    const device = volume();
    device.write(3, Buffer.from(name, 'latin1'));
    expect(recogniseFileSystem(device)).toBe(fileSystem);
    expect(recogniseFileSystem(volume())).toBe('none');
  });

  it('BitLocker To Go is not taken for the FAT that it looks like', () => {
    const device = filled(() => undefined);
    device.write(0x1a8, Buffer.from('3bd66749292ed84a8399f6a339e3d001', 'hex'));
    expect(recogniseFileSystem(device)).toBe('bitlocker');
  });
});
