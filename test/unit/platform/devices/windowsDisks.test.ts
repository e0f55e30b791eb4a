import { describe, expect, it } from 'vitest';
import type { PhysicalDisks } from '../../../../src-main/engine/disk/devices';
import { withRefusals } from '../../../../src-main/engine/disk/guard';
import type { WindowsDiskCalls } from '../../../../src-main/platform/devices/windows/diskCalls';
import {
  parseAlignment,
  parseDeviceDescriptor,
  parseGeometry,
  parseVolumeExtents,
  parseWorldWideName,
  propertyQuery,
} from '../../../../src-main/platform/devices/windows/records';
import { diskNumber } from '../../../../src-main/platform/devices/windows/diskPaths';
import { createWindowsDisks } from '../../../../src-main/platform/devices/windows/windowsDisks';
import { AppError } from '../../../../src-shared/errors/appError';
import { answers } from './windowsAnswers';

/** A failing call, shaped as those of kernel32 are. */
class Refused extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

interface FakeWindowsDisk {
  readonly descriptor: Uint8Array;
  readonly size: number;
  readonly sector?: number;
  readonly ids?: Uint8Array;
  readonly writeProtected?: boolean;
  readonly contents?: Uint8Array;
}

interface FakeVolume {
  readonly name: string;
  readonly disks: readonly number[];
  readonly places: readonly string[];
  /** Attempts to lock that fail. */
  locked?: number;
}

/** Windows as far as disks go: what is asked of it is written down. */
class FakeWindows implements WindowsDiskCalls {
  readonly log: string[] = [];
  readonly registry = new Map<string, string[]>();
  /** Volumes of files, by how the path begins. */
  readonly files = new Map([['C:\\', '\\\\?\\Volume{c}\\']]);
  private readonly opened = new Map<number, string>();
  private next = 1;
  failWith: string | undefined;

  constructor(
    readonly disks: readonly (FakeWindowsDisk | undefined)[],
    readonly known: readonly FakeVolume[],
  ) {}

  get openHandles(): number {
    return this.opened.size;
  }

  open(path: string, access: string): number {
    const number = diskNumber(path);
    const volume = this.volume(path);
    if (number === undefined ? volume === undefined : this.disks[number] === undefined)
      throw new Refused('ENOENT');
    if (access !== 'query') this.log.push(`open ${path} ${access}`);
    this.opened.set(this.next, path);
    return this.next++;
  }

  close(handle: number | bigint): void {
    if (!this.opened.delete(Number(handle))) throw new RangeError('closed twice');
  }

  control(handle: number | bigint, code: number, input: Uint8Array | null): Uint8Array {
    const path = this.pathOf(handle);
    const disk = this.disk(path);
    const volume = this.volume(path);
    switch (code) {
      case 0x2d1400:
        if (disk === undefined || input === null) break;
        if (input[0] === 0) return disk.descriptor;
        if (input[0] === 2 && disk.ids !== undefined) return disk.ids;
        if (input[0] === 6) return answers.alignment;
        break;
      case 0x700a0:
        if (disk === undefined || disk.size === 0) break;
        return geometry(disk.size, disk.sector ?? 512);
      case 0x70024:
        if (disk?.writeProtected !== true) return new Uint8Array();
        throw new Refused('EROFS');
      case 0x560000:
        if (volume !== undefined) return extents(volume.disks);
        break;
      case 0x90018:
        if (volume === undefined) break;
        if ((volume.locked ?? 0) > 0) {
          volume.locked = (volume.locked ?? 0) - 1;
          throw new Refused('EACCES');
        }
        this.log.push(`lock ${volume.name}`);
        return new Uint8Array();
      case 0x90020:
        this.log.push(`dismount ${volume?.name}`);
        return new Uint8Array();
      case 0x70140:
        this.log.push('update properties');
        return new Uint8Array();
    }
    throw new Refused('EINVAL');
  }

  read(handle: number | bigint, offset: number, target: Uint8Array): number {
    const disk = this.whole(handle, offset, target);
    const part = (disk.contents ?? new Uint8Array(disk.size)).subarray(offset, offset + target.length);
    target.set(part);
    return part.length;
  }

  write(handle: number | bigint, offset: number, bytes: Uint8Array): number {
    const disk = this.whole(handle, offset, bytes);
    disk.contents?.set(bytes, offset);
    return bytes.length;
  }

  flush(): void {
    this.log.push('flush');
  }

  volumes(): string[] {
    return this.known.map(({ name }) => name);
  }

  placesOf(volume: string): string[] {
    return [...(this.known.find(({ name }) => name === volume)?.places ?? [])];
  }

  volumeOf(file: string): string {
    for (const [start, volume] of this.files) if (file.startsWith(start)) return volume;
    throw new Refused('ENOENT');
  }

  systemDirectory(): string {
    return 'C:\\Windows\\system32';
  }

  registryTexts(_: string, value: string): string[] {
    return this.registry.get(value) ?? [];
  }

  private pathOf(handle: number | bigint): string {
    const path = this.opened.get(Number(handle));
    if (path === undefined) throw new RangeError('a handle that is not open');
    return path;
  }

  private disk(path: string): FakeWindowsDisk | undefined {
    const number = diskNumber(path);
    return number === undefined ? undefined : this.disks[number];
  }

  private volume(path: string): FakeVolume | undefined {
    const device = path.replace('\\\\?\\GLOBALROOT\\Device\\HarddiskVolume1', '\\\\?\\Volume{esp}');
    return this.known.find(({ name }) => name === `${device}\\`);
  }

  /** Windows takes whole sectors only. */
  private whole(handle: number | bigint, offset: number, buffer: Uint8Array): FakeWindowsDisk {
    if (this.failWith !== undefined) throw new Refused(this.failWith);
    const disk = this.disk(this.pathOf(handle));
    const sector = disk?.sector ?? 512;
    if (disk === undefined || offset % sector !== 0 || buffer.length % sector !== 0)
      throw new Refused('EINVAL');
    return disk;
  }
}

function geometry(size: number, sector: number): Uint8Array {
  const bytes = Uint8Array.from(answers.geometry);
  const view = new DataView(bytes.buffer);
  view.setUint32(20, sector, true);
  view.setBigUint64(24, BigInt(size), true);
  return bytes;
}

function extents(disks: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(8 + 24 * disks.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, disks.length, true);
  disks.forEach((disk, i) => view.setUint32(8 + 24 * i, disk, true));
  return bytes;
}

/** A PC with Windows on disk 0 and a stick as disk 2. */
function pc(stick: Partial<FakeWindowsDisk> = {}, volume: Partial<FakeVolume> = {}): FakeWindows {
  return new FakeWindows(
    [
      { descriptor: answers.nvmeDescriptor, size: 512 * SIZE, ids: answers.nvmeIds },
      undefined,
      { descriptor: answers.usbDescriptor, size: SIZE, contents: new Uint8Array(SIZE), ...stick },
    ],
    [
      { name: '\\\\?\\Volume{c}\\', disks: [0], places: ['C:\\'] },
      { name: '\\\\?\\Volume{esp}\\', disks: [0], places: [] },
      { name: '\\\\?\\Volume{e}\\', disks: [2], places: ['E:\\'], ...volume },
      { name: '\\\\?\\Volume{dvd}\\', disks: [], places: ['F:\\'] },
    ],
  );
}

function disksOf(calls: FakeWindows): PhysicalDisks {
  return createWindowsDisks({ calls, programFiles: [], pause: () => undefined });
}

/** Bytes of the stick. */
const SIZE = 1 << 16;
const stickPath = '\\\\.\\PhysicalDrive2';

describe('answers of drivers', () => {
  it('describe a device', () => {
    expect(parseDeviceDescriptor(answers.usbDescriptor)).toEqual({
      model: 'SanDisk Ultra',
      serial: '4C530001230517111111',
      bus: 'usb',
      removable: true,
    });
    expect(parseDeviceDescriptor(answers.nvmeDescriptor)).toEqual({
      model: 'WD_BLACK SN850X 1000GB',
      serial: 'E823_8FA6_BF53_0001_001B_448B_4D2A_1F3C.',
      bus: 'nvme',
      removable: false,
    });
  });

  it('describe it without strings, and with offsets that lead nowhere', () => {
    const bare = Uint8Array.from(answers.usbDescriptor);
    for (const offset of [12, 16, 20, 24]) new DataView(bare.buffer).setUint32(offset, 0, true);
    expect(parseDeviceDescriptor(bare)).toMatchObject({ model: '', serial: '' });
    for (const offset of [12, 16, 20, 24]) new DataView(bare.buffer).setUint32(offset, 0xffff_ffff, true);
    expect(parseDeviceDescriptor(bare)).toMatchObject({ model: '', serial: '' });
    new DataView(bare.buffer).setUint32(28, 999, true);
    expect(parseDeviceDescriptor(bare).bus).toBe('other');
    expect(() => parseDeviceDescriptor(bare.subarray(0, 20))).toThrow('STORAGE_DEVICE_DESCRIPTOR');
  });

  it('tell sizes and sectors', () => {
    expect(parseGeometry(answers.geometry)).toEqual({ size: 1_000_204_886_016, sector: 512 });
    expect(parseAlignment(answers.alignment)).toEqual({ logical: 512, physical: 4096 });
    expect(() => parseGeometry(geometry(512, 520))).toThrow('sectors of 520 bytes');
    const huge = geometry(0, 512);
    new DataView(huge.buffer).setBigUint64(24, 2n ** 63n, true);
    expect(() => parseGeometry(huge)).toThrow('a disk of');
  });

  it('tell the disks of a volume', () => {
    expect(parseVolumeExtents(answers.extents)).toEqual([1]);
    expect(parseVolumeExtents(extents([2, 0, 2]))).toEqual([2, 0]);
    const lying = extents([1]);
    new DataView(lying.buffer).setUint32(0, 0xffff_ffff, true);
    expect(() => parseVolumeExtents(lying)).toThrow('VOLUME_DISK_EXTENTS');
  });

  it('tell world wide names', () => {
    expect(parseWorldWideName(answers.nvmeIds)).toBe('eui.001b448b4d2a1f3c');
    const endless = Uint8Array.from(answers.nvmeIds);
    const view = new DataView(endless.buffer);
    view.setUint32(8, 0xffff_ffff, true);
    view.setUint16(12 + 10, 0, true);
    expect(parseWorldWideName(endless)).toBe('eui.001b448b4d2a1f3c');
    view.setUint16(12 + 8, 0xffff, true);
    expect(() => parseWorldWideName(endless)).toThrow('STORAGE_IDENTIFIER');
  });

  it('are asked for by property', () => {
    expect([...propertyQuery(2)]).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe('the list', () => {
  it('has every disk with its identity, and the system disk', () => {
    const calls = pc();
    const disks = withRefusals(disksOf(calls).list());
    expect(disks).toMatchObject([
      {
        path: '\\\\.\\PhysicalDrive0',
        model: 'WD_BLACK SN850X 1000GB',
        wwn: 'eui.001b448b4d2a1f3c',
        isSystem: true,
        refusal: 'it holds the running system: Windows',
        letters: ['C:\\'],
      },
      {
        path: stickPath,
        identity: 'serial:4C530001230517111111 size:65536 bus:usb',
        removable: true,
        letters: ['E:\\'],
        uses: [],
      },
    ]);
    expect(disks[1].refusal).toBeUndefined();
    expect(calls.openHandles).toBe(0);
  });

  it.each([
    ['SystemPartition', '\\Device\\HarddiskVolume1', 'the partition that Windows starts from'],
    ['ExistingPageFiles', '\\??\\E:\\pagefile.sys', 'a page file'],
  ])('%s on the stick makes it the system disk', (value, text, use) => {
    const calls = new FakeWindows(pc().disks, [
      { name: '\\\\?\\Volume{c}\\', disks: [0], places: ['C:\\'] },
      { name: '\\\\?\\Volume{esp}\\', disks: [2], places: [] },
    ]);
    calls.files.set('E:\\', '\\\\?\\Volume{esp}\\');
    calls.registry.set(value, [text]);
    expect(disksOf(calls).list()[1]).toMatchObject({ isSystem: true, uses: [use] });
  });

  it('tells read-only disks and readers without a card', () => {
    expect(disksOf(pc({ writeProtected: true })).list()[1].readOnly).toBe(true);
    expect(disksOf(pc({ size: 0 })).list()[1]).toMatchObject({ size: 0, readOnly: false });
  });

  it('fails where Windows does not tell where it is: no disk may then be called free', () => {
    const calls = pc();
    calls.files.clear();
    expect(() => disksOf(calls).list()).toThrow();
    expect(calls.openHandles).toBe(0);
  });

  it('fails where Windows lies on no disk that is told', () => {
    const calls = new FakeWindows(pc().disks, [{ name: '\\\\?\\Volume{c}\\', disks: [], places: ['C:\\'] }]);
    expect(() => disksOf(calls).list()).toThrow('does not tell on which disk C:\\Windows\\system32 lies');
  });

  it('does not take a number for an identity: disks alike without a serial number are refused', () => {
    const descriptor = Uint8Array.from(answers.usbDescriptor);
    new DataView(descriptor.buffer).setUint32(24, 0, true);
    const disk = { descriptor, size: SIZE };
    const calls = new FakeWindows([pc().disks[0], disk, disk], pc().known.slice(0, 2));
    const [, first, second] = withRefusals(disksOf(calls).list());
    expect(first.identity).toBe('model:SanDisk Ultra size:65536 bus:usb');
    expect([first.refusal, second.refusal]).toEqual([
      expect.stringContaining('cannot be told from'),
      expect.stringContaining('cannot be told from'),
    ]);
  });

  it.each([
    ['\\\\.\\PhysicalDrive2', 2],
    ['//./physicaldrive12', 12],
    ['\\\\?\\PhysicalDrive0', 0],
    ['PhysicalDrive0', undefined],
    ['C:\\PhysicalDrive0', undefined],
    ['\\\\.\\PhysicalDrive0\\', 0],
  ])('%s is disk %s', (path, number) => {
    expect(diskNumber(path)).toBe(number);
  });

  it('knows which disk holds a file', () => {
    expect(disksOf(pc()).holding('C:\\lab.wim')).toEqual(['\\\\.\\PhysicalDrive0']);
    expect(disksOf(pc()).holding('X:\\lab.wim')).toEqual([]);
  });
});

describe('opening for writing', () => {
  it('locks and dismounts the volumes of that disk first, and holds them to the end', () => {
    const calls = pc();
    const device = disksOf(calls).open(stickPath, 'write');
    expect(calls.log).toEqual([
      'open \\\\?\\Volume{e} write',
      'lock \\\\?\\Volume{e}\\',
      'dismount \\\\?\\Volume{e}\\',
      `open ${stickPath} write`,
    ]);
    expect(calls.openHandles).toBe(2);
    expect(device).toMatchObject({
      size: SIZE,
      sectorSize: 512,
      physicalSectorSize: 4096,
      writable: true,
    });
    expect(device?.rereadPartitions()).toBeUndefined();
    device?.flush();
    device?.close();
    device?.close();
    expect(calls.log.slice(4)).toEqual(['update properties', 'flush']);
    expect(calls.openHandles).toBe(0);
  });

  it('waits for those who look at it for a moment, and refuses a volume that is in use', () => {
    expect(disksOf(pc({}, { locked: 3 })).open(stickPath, 'write')).toBeDefined();
    const calls = pc({}, { locked: 1000 });
    expect(() => disksOf(calls).open(stickPath, 'write')).toThrow(
      'a program has files open on its volume E:\\',
    );
    expect(calls.openHandles).toBe(0);
    expect(calls.log).not.toContain(`open ${stickPath} write`);
  });

  it('refuses a disk that holds a part of a volume', () => {
    const calls = pc({}, { disks: [2, 0] });
    expect(() => disksOf(calls).open(stickPath, 'write')).toThrow('lies on other disks as well');
    expect(calls.openHandles).toBe(0);
  });

  it('takes no volume off for reading', () => {
    const calls = pc();
    const device = disksOf(calls).open(stickPath, 'read');
    expect(calls.log).toEqual([`open ${stickPath} read`]);
    expect(() => device?.write(0, new Uint8Array(512))).toThrow('opened for reading');
    device?.close();
  });
});

describe.each([512, 4096])('sectors of %d bytes', (sector) => {
  it('are read and written whole, whatever is asked for', () => {
    const contents = Uint8Array.from({ length: SIZE }, (_, i) => (i * 7) & 0xff);
    const expected = Uint8Array.from(contents);
    const device = disksOf(pc({ contents, sector })).open(stickPath, 'write');
    if (device === undefined) throw new Error('no disk');
    for (const [offset, length] of [
      [0, 1],
      [1, sector],
      [sector - 1, 2],
      [sector, sector],
      [sector * 3 + 5, sector * 4 + 1],
      [SIZE - 3, 3],
    ]) {
      const read = new Uint8Array(length);
      expect(device.read(offset, read)).toBe(length);
      expect(Buffer.compare(read, expected.subarray(offset, offset + length))).toBe(0);
      const written = new Uint8Array(length).fill(offset & 0xff);
      device.write(offset, written);
      expected.set(written, offset);
      expect(Buffer.compare(contents, expected)).toBe(0);
    }
    expect(device.read(SIZE - 1, new Uint8Array(10))).toBe(1);
    expect(device.read(2 * SIZE, new Uint8Array(10))).toBe(0);
    expect(() => device.write(SIZE - 1, new Uint8Array(2))).toThrow(RangeError);
  });
});

describe('a disk that vanishes', () => {
  it.each(['WINDOWS_433', 'WINDOWS_1167', 'WINDOWS_21', 'WINDOWS_55'])('%s', (code) => {
    const calls = pc();
    const device = disksOf(calls).open(stickPath, 'write');
    calls.failWith = code;
    try {
      device?.write(0, new Uint8Array(512));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      expect((error as AppError).code).toBe('disk/gone');
    }
  });

  it('an error that says nothing of the kind is told as it is', () => {
    const calls = pc();
    const device = disksOf(calls).open(stickPath, 'write');
    calls.failWith = 'WINDOWS_23';
    expect(() => device?.read(0, new Uint8Array(512))).toThrow('the system reports error 23');
  });
});
