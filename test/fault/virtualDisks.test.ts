// Disk files that were cut, damaged or made by an enemy, and disks whose program was interrupted.
import { describe, expect, it } from 'vitest';
import { AppError, FormatError } from '../../src-shared/errors/appError';
import { createDisk, type CreateDiskRequest } from '../../src-main/engine/disk/createDisk';
import { openDisk } from '../../src-main/engine/disk/openDisk';
import { crc32c } from '../../src-main/engine/disk/vhdx/crc32c';
import { MemoryFile, memoryFiles } from '../support/memoryFiles';
import { diskHost, numbers, pattern } from '../support/virtualDisks';

const MIB = 1024 * 1024;
const SIZE = 3 * MIB + 4096;

type Shape = Omit<CreateDiskRequest, 'path' | 'size'>;
const DYNAMIC: Shape = { format: 'vhdx', kind: 'dynamic', blockSize: MIB };

/** A disk with data, as the bytes of its file. */
function fileOf(shape: Shape): Uint8Array {
  const files = new Map<string, MemoryFile>();
  const disk = createDisk(diskHost(memoryFiles(files)), { ...shape, path: '/disk', size: SIZE });
  disk.write(1000, pattern(2_000_000, 1));
  disk.flush();
  disk.close();
  const file = files.get('/disk')!;
  return file.bytes.slice(0, file.size);
}

function open(bytes: Uint8Array, access: 'read' | 'write' = 'read', name = '/disk') {
  return openDisk(diskHost(memoryFiles(new Map([[name, new MemoryFile(bytes)]]))), name, access);
}

/** What opening it says, and whether the data are still right. */
function outcome(bytes: Uint8Array): { error?: FormatError; warnings?: readonly string[]; format?: string } {
  try {
    const disk = open(bytes);
    const read = new Uint8Array(2_000_000);
    disk.read(1000, read);
    if (disk.format !== 'raw') expect(Buffer.from(pattern(2_000_000, 1)).equals(read)).toBe(true);
    return { warnings: disk.warnings, format: disk.format };
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    return { error: error as FormatError };
  }
}

function changed(bytes: Uint8Array, ...changes: (readonly [offset: number, value: number])[]): Uint8Array {
  const copy = bytes.slice();
  for (const [offset, value] of changes) copy[offset] = value;
  return copy;
}

/** A change of a structure of 32-bit words, with its checksum made right again. */
function patched(bytes: Uint8Array, base: number, length: number, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  view.setUint32(base + at, value, true);
  view.setUint32(base + 4, crc32c(copy.subarray(base, base + length), 4), true);
  return copy;
}

const KIB = 1024;

describe('a damaged VHDX', () => {
  const whole = fileOf(DYNAMIC);

  it('opens with one header or region table of two, and says so', () => {
    for (const offset of [64 * KIB, 128 * KIB, 192 * KIB, 256 * KIB]) {
      for (const at of [0, 5, 9]) {
        const { warnings } = outcome(changed(whole, [offset + at, whole[offset + at] ^ 0x40]));
        expect(warnings).toHaveLength(1);
        expect(warnings![0]).toContain('damaged');
      }
    }
  });

  it.each([
    ['VHDX file identifier', [0]],
    ['VHDX header', [64 * KIB + 100, 128 * KIB + 100]],
    ['VHDX region table', [192 * KIB + 20, 256 * KIB + 20]],
    ['VHDX metadata table', [2 * MIB]],
  ])('is refused without its %s', (structure, offsets) => {
    const { error } = outcome(changed(whole, ...offsets.map((at) => [at, whole[at] ^ 1] as const)));
    expect(error).toMatchObject({ code: 'disk/malformed', structure });
  });

  it('with one header is made whole by the next write', () => {
    const damaged = changed(whole, [64 * KIB + 100, 1]);
    const file = new MemoryFile(damaged);
    const disk = openDisk(diskHost(memoryFiles(new Map([['/disk', file]]))), '/disk', 'write');
    disk.write(0, pattern(512, 3));
    disk.flush();
    expect(open(file.bytes.slice(0, file.size)).warnings).toEqual([]);
  });

  it('is refused for what its metadata, regions and headers cannot be', () => {
    const metadata = 2 * MIB + 64 * KIB;
    const set = (at: number, value: number): Uint8Array => {
      const copy = whole.slice();
      new DataView(copy.buffer).setUint32(at, value, true);
      return copy;
    };
    const both = (at: number, value: number): Uint8Array =>
      patched(patched(whole, 192 * KIB, 64 * KIB, at, value), 256 * KIB, 64 * KIB, at, value);
    const headers = (at: number, value: number): Uint8Array =>
      patched(patched(whole, 64 * KIB, 4 * KIB, at, value), 128 * KIB, 4 * KIB, at, value);
    const cases: readonly (readonly [string, Uint8Array, string])[] = [
      ['block of 1 byte', set(metadata, 1), 'disk/malformed'],
      ['block of 3 MiB', set(metadata, 3 * MIB), 'disk/malformed'],
      ['block of 512 MiB', set(metadata, 512 * MIB), 'disk/malformed'],
      ['a parent that no locator tells of', set(metadata + 4, 2), 'disk/malformed'],
      ['more than 64 TiB', set(metadata + 12, 2 ** 16), 'disk/malformed'],
      ['no size', set(metadata + 8, 0), 'disk/malformed'],
      ['a size that the BAT has no room for', set(metadata + 12, 2 ** 12), 'disk/malformed'],
      ['sectors of 1024 bytes', set(metadata + 16, 1024), 'disk/malformed'],
      ['an unknown required item', set(2 * MIB + 32, 1), 'disk/unsupported'],
      ['an item outside the region', set(2 * MIB + 32 + 16, MIB), 'disk/malformed'],
      ['regions on each other', both(32, 2 * MIB), 'disk/malformed'],
      ['a region outside the file', both(32, 512 * MIB), 'disk/truncated'],
      ['a region at 0', both(32, 0), 'disk/malformed'],
      ['an unknown required region', both(16, 7), 'disk/unsupported'],
      ['a version of the future', headers(64, 2 << 16), 'disk/unsupported'],
    ];
    for (const [title, bytes, code] of cases) {
      const { error } = outcome(bytes);
      expect(error?.code, title).toBe(code);
      expect(error?.structure, title).not.toBe('');
    }
  });

  it.each([
    ['in the header area', 0x0000_0006, 0, 'disk/malformed'],
    ['on the metadata', 0x0020_0006, 0, 'disk/malformed'],
    ['on another block', 0x0050_0006, 0, 'disk/malformed'],
    ['outside the file', 0xfff0_0006, 0, 'disk/truncated'],
    ['outside any file', 0x0040_0006, 0xffff_ffff, 'disk/malformed'],
    ['there in part, without a parent', 0x0040_0007, 0, 'disk/malformed'],
    ['of a state that does not exist', 0x0040_0004, 0, 'disk/malformed'],
  ])('is refused for a block %s', (_title, low, high, code) => {
    const copy = whole.slice();
    const view = new DataView(copy.buffer);
    view.setUint32(3 * MIB, low, true);
    view.setUint32(3 * MIB + 4, high, true);
    const { error } = outcome(copy);
    expect(error).toMatchObject({ code, structure: 'VHDX BAT' });
    // Of two blocks in one place the second is told.
    expect([3 * MIB, 3 * MIB + 8]).toContain(error?.offset);
  });
});

describe('a damaged VHD', () => {
  const whole = fileOf({ format: 'vhd' });
  const fixed = fileOf({ format: 'vhd', kind: 'fixed' });
  const end = whole.length - 512;

  it('opens by the copy of its footer, and without it', () => {
    expect(outcome(changed(whole, [end + 50, 1])).warnings).toHaveLength(1);
    expect(outcome(whole.subarray(0, end)).warnings).toHaveLength(1);
    expect(outcome(changed(whole, [50, 1])).warnings).toEqual([]);
  });

  it.each([
    ['damaged', changed(whole, [end + 50, 1])],
    ['lost', whole.slice(0, end)],
  ])('whose last footer is %s has one again after the next write', (_title, bytes) => {
    const file = new MemoryFile(bytes);
    const disk = openDisk(diskHost(memoryFiles(new Map([['/disk', file]]))), '/disk', 'write');
    disk.write(1000, pattern(2_000_000, 1));
    disk.write(SIZE - 100, pattern(100, 2));
    disk.flush();
    expect(outcome(file.bytes.slice(0, file.size))).toEqual({ warnings: [], format: 'vhd' });
  });

  it('is refused when both footers are damaged, or the only one', () => {
    expect(outcome(changed(whole, [50, 1], [end + 51, 1])).error?.structure).toBe('VHD footer');
    expect(outcome(changed(fixed, [SIZE + 50, 1])).error?.structure).toBe('VHD footer');
  });

  it('is refused for a header, a table or a block that cannot be', () => {
    const header = 512;
    const set = (at: number, value: number): Uint8Array => {
      const copy = whole.slice();
      new DataView(copy.buffer).setUint32(at, value);
      return copy;
    };
    const cases: readonly (readonly [string, Uint8Array, string])[] = [
      ['cookie', changed(whole, [header, 0]), 'disk/malformed'],
      ['version', set(header + 24, 0x0002_0000), 'disk/unsupported'],
      ['few entries', set(header + 28, 1), 'disk/malformed'],
      ['blocks of 0 bytes', set(header + 32, 0), 'disk/malformed'],
      ['blocks of 3 bytes', set(header + 32, 3), 'disk/malformed'],
      ['blocks of 2 GiB', set(header + 32, 2 ** 31), 'disk/malformed'],
      ['table outside the file', set(header + 16, 1), 'disk/malformed'],
      ['block outside the file', set(1536, 0x00ff_ffff), 'disk/truncated'],
      ['block on the footer', set(1536, 0), 'disk/malformed'],
      ['block on the table', set(1536, 3), 'disk/malformed'],
    ];
    for (const [title, bytes, code] of cases) expect(outcome(bytes).error?.code, title).toBe(code);
    const copy = whole.slice();
    new DataView(copy.buffer).setUint32(1540, new DataView(whole.buffer).getUint32(1536) + 1);
    expect(outcome(copy).error?.message).toContain('lies on another');
  });

  it('that lost its footer is not written as a raw disk', () => {
    expect(open(fixed.slice(0, SIZE), 'read', '/disk.vhd').warnings.join()).toContain('cut or damaged');
    expect(() => open(fixed.slice(0, SIZE), 'write', '/disk.vhd')).toThrow(
      expect.objectContaining({ code: 'disk/malformed' }),
    );
  });
});

describe('a file that was cut', () => {
  it.each([DYNAMIC, { format: 'vhdx', kind: 'fixed', blockSize: MIB }, { format: 'vhd' }] as const)(
    'anywhere is refused, or holds what it held: $format $kind',
    (shape) => {
      const whole = fileOf(shape);
      const next = numbers(1);
      let refused = 0;
      for (let i = 0; i < 60; i++) {
        const { error, format } = outcome(whole.slice(0, next(whole.length)));
        if (error !== undefined) refused++;
        // Without its beginning nothing tells a VHDX; the end of a block may be past the disk's own.
        else expect(['raw', 'vhd', 'vhdx']).toContain(format);
      }
      expect(refused).toBeGreaterThan(20);
    },
  );
});

describe('a differencing disk', () => {
  const shapes: readonly Shape[] = [
    { format: 'vhd', kind: 'differencing' },
    { format: 'vhdx', kind: 'differencing' },
  ];

  function chain({ format }: Shape, depth: number): Map<string, MemoryFile> {
    const files = new Map<string, MemoryFile>();
    const host = diskHost(memoryFiles(files));
    for (let level = 0; level < depth; level++) {
      const parent = level === 0 ? {} : { kind: 'differencing' as const, parent: `/a/${level - 1}` };
      createDisk(host, { format, path: `/a/${level}`, size: MIB, ...parent }).close();
    }
    return files;
  }

  it.each(shapes)('of $format without its parent says which it wants', (shape) => {
    const files = chain(shape, 2);
    files.delete('/a/0');
    expect(() => openDisk(diskHost(memoryFiles(files)), '/a/1', 'read')).toThrow(
      expect.objectContaining({
        code: 'disk/no-parent',
        facts: { path: '/a/1', parent: '.\\0' },
      }),
    );
  });

  it.each(shapes)('of $format is found with its parent in another place', (shape) => {
    const files = chain(shape, 2);
    const moved = new Map([...files].map(([name, file]) => [name.replace('/a/', '/elsewhere/'), file]));
    const disk = openDisk(diskHost(memoryFiles(moved)), '/elsewhere/1', 'read');
    expect(disk.parents).toEqual(['/elsewhere/0']);
  });

  it.each(shapes)('of $format refuses another disk in its parent’s place', (shape) => {
    const files = chain(shape, 2);
    files.set('/a/0', chain(shape, 1).get('/a/0')!);
    let error: unknown;
    try {
      openDisk(diskHost(memoryFiles(files)), '/a/1', 'read');
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).code).toBe('disk/no-parent');
    expect((error as AppError).message).toContain('not the parent');
  });

  it.each(shapes)('of $format whose chain leads back to itself is refused', (shape) => {
    const files = chain(shape, 3);
    // The base of the chain becomes its top again.
    files.set('/a/0', files.get('/a/2')!);
    expect(() => openDisk(diskHost(memoryFiles(files)), '/a/2', 'read')).toThrow(AppError);
    files.set('/a/0', files.get('/a/1')!);
    expect(() => openDisk(diskHost(memoryFiles(files)), '/a/1', 'read')).toThrow(AppError);
  });

  it('has no more than 64 parents', () => {
    const files = chain(shapes[0], 64);
    const host = diskHost(memoryFiles(files));
    expect(openDisk(host, '/a/63', 'read').parents).toHaveLength(63);
    expect(() =>
      createDisk(host, {
        format: 'vhd',
        kind: 'differencing',
        parent: '/a/63',
        path: '/a/64',
        size: 0,
      }).close(),
    ).toThrow(expect.objectContaining({ code: 'disk/unsupported' }));
  });

  it('does not follow a path to another machine', () => {
    const files = chain(shapes[1], 2);
    const asked: string[] = [];
    const system = memoryFiles(files);
    const watched = { ...system, status: (file: string) => (asked.push(file), system.status(file)) };
    files.delete('/a/0');
    const child = files.get('/a/1')!;
    // "\\other\share\0" in the place of ".\0" and of "/a/0", padded to their length.
    const text = Buffer.from(child.bytes.subarray(2 * MIB, 3 * MIB));
    const at = text.indexOf(Buffer.from('/a/0', 'utf16le'));
    expect(at).toBeGreaterThan(0);
    child.bytes.set(Buffer.from('\\\\h0', 'utf16le'), 2 * MIB + at);
    expect(() => openDisk(diskHost(watched), '/a/1', 'read')).toThrow(
      expect.objectContaining({ code: 'disk/no-parent' }),
    );
    for (const file of asked) expect(file).not.toContain('\\\\');
  });
});

describe('an interruption', () => {
  const shapes: readonly Shape[] = [
    DYNAMIC,
    { format: 'vhd', kind: 'dynamic', blockSize: MIB / 2 },
    { format: 'vhdx', kind: 'differencing', blockSize: MIB, parent: '/base' },
    { format: 'vhd', kind: 'differencing', parent: '/base' },
  ];
  // A power cut keeps what was flushed, and any of what was written since: each file is cut off at a write, with some
  // of the writes since the last flush lost.
  it.each(shapes)('of $format $kind at any write leaves what was flushed', (shape) => {
    const next = numbers(5);
    for (let round = 0; round < 30; round++) {
      const files = new Map<string, MemoryFile>();
      const system = memoryFiles(files);
      const host = diskHost(system);
      createDisk(host, { format: shape.format, path: '/base', size: SIZE }).close();
      const disk = createDisk(host, { ...shape, path: '/disk', size: SIZE });
      const flushed = pattern(300_000, 9);
      disk.write(700_000, flushed);
      disk.flush();
      const file = files.get('/disk')!;
      let stable = file.bytes.slice(0, file.size);
      /** Changes since the last flush, as they were made. */
      let open: (() => void)[] = [];
      const replayed = new MemoryFile(stable.slice());
      let left = next(12);
      let isOver = false;
      const into = replayed.open('/disk');
      const original = file.open('/disk');
      const record = { ...original, name: '/disk' };
      Object.defineProperty(record, 'size', { get: () => file.size });
      record.write = (offset: number, bytes: Uint8Array) => {
        original.write(offset, bytes);
        const copy = bytes.slice();
        if (!isOver) open.push(() => into.write(offset, copy));
        if (left-- === 0) isOver = true;
      };
      record.truncate = (size: number) => {
        original.truncate(size);
        if (!isOver) open.push(() => into.truncate(size));
        if (left-- === 0) isOver = true;
      };
      record.flush = () => {
        if (isOver) return;
        for (const change of open) change();
        open = [];
        stable = replayed.bytes.slice(0, replayed.size);
      };
      disk.close();
      const writer = openDisk(
        diskHost({
          ...system,
          openReadWrite: (name) => (name === '/disk' ? record : system.openReadWrite(name)),
        }),
        '/disk',
        'write',
      );
      for (let i = 0; i < 3; i++) writer.write(1_200_000 + next(1_500_000), pattern(next(400_000) + 1, i));
      writer.flush();
      for (const change of open) if (next(2) === 0) change();
      files.set('/disk', replayed);
      const after = openDisk(host, '/disk', 'read');
      const read = new Uint8Array(flushed.length);
      after.read(700_000, read);
      expect(Buffer.from(flushed).equals(read)).toBe(true);
    }
  });
});
