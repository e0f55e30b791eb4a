// Damaged VHD and VHDX files: they open, or say what is wrong; what opens answers, and what is written is read again.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDisk, type CreateDiskRequest } from '../../src-main/engine/disk/createDisk';
import { openDisk } from '../../src-main/engine/disk/openDisk';
import { checksum, FOOTER_CHECKSUM, HEADER_CHECKSUM } from '../../src-main/engine/disk/vhd/records';
import { crc32c } from '../../src-main/engine/disk/vhdx/crc32c';
import type { VirtualDisk } from '../../src-main/engine/disk/virtualDisk';
import { AppError } from '../../src-shared/errors/appError';
import { fuzzMilliseconds } from '../support/fuzz';
import { damaged, mutations } from '../support/hostileWim';
import { MemoryFile, memoryFiles } from '../support/memoryFiles';
import { diskHost, pattern } from '../support/virtualDisks';

const KIB = 1024;
const MIB = 1024 * KIB;
const SIZE = 2 * MIB + 4096;
const LOG_GUID = Buffer.from('0123456789abcdef');

interface Base {
  readonly title: string;
  readonly bytes: Uint8Array;
  readonly parent: Uint8Array;
  /** Where its structures are: damage elsewhere only changes data. */
  readonly places: readonly (readonly [offset: number, length: number])[];
  /** Makes checksums right again, so that what is behind them is reached. */
  readonly repair: (bytes: Uint8Array) => void;
}

function make(title: string, shape: Omit<CreateDiskRequest, 'path' | 'size' | 'parent'>): Base {
  const files = new Map<string, MemoryFile>();
  const host = diskHost(memoryFiles(files));
  const isChild = shape.kind === 'differencing';
  const base = createDisk(host, {
    format: shape.format,
    path: '/parent',
    size: SIZE,
    blockSize: blockOf(shape),
  });
  base.write(5000, pattern(100_000, 1));
  base.flush();
  const child = isChild ? { parent: '/parent' } : {};
  const disk = createDisk(host, { ...shape, ...child, path: '/disk', size: SIZE });
  disk.write(1_000_000, pattern(100_000, 2));
  disk.flush();
  const file = files.get('/disk')!;
  const bytes = file.bytes.slice(0, file.size);
  if (title.includes('log')) addLog(bytes);
  const vhdx = shape.format === 'vhdx';
  return {
    title,
    bytes,
    parent: files.get('/parent')!.bytes.slice(0, files.get('/parent')!.size),
    places: vhdx
      ? [
          [0, 16],
          [64 * KIB, 80],
          [128 * KIB, 80],
          [192 * KIB, 80],
          [256 * KIB, 80],
          [MIB, 3 * 4096],
          [2 * MIB, 256],
          [2 * MIB + 64 * KIB, 300],
          [3 * MIB, 64],
        ]
      : [
          [0, 90],
          [512, 1024],
          [1536, 16],
          [bytes.length - 512, 90],
        ],
    repair: vhdx ? repairVhdx : repairVhd,
  };
}

function blockOf({ format }: Pick<CreateDiskRequest, 'format'>): number {
  return format === 'vhdx' ? MIB : MIB / 2;
}

/** An entry that changes the table of blocks and zeroes a place. */
function addLog(bytes: Uint8Array): void {
  const entry = Buffer.alloc(8192);
  entry.write('loge', 0, 'latin1');
  entry.writeUInt32LE(entry.length, 8);
  entry.writeBigUInt64LE(3n, 16);
  entry.writeUInt32LE(2, 24);
  entry.set(LOG_GUID, 32);
  entry.writeBigUInt64LE(BigInt(bytes.length), 48);
  entry.writeBigUInt64LE(BigInt(bytes.length), 56);
  entry.write('desc', 64, 'latin1');
  entry.set(bytes.subarray(3 * MIB + 4092, 3 * MIB + 4096), 68);
  entry.set(bytes.subarray(3 * MIB, 3 * MIB + 8), 72);
  entry.writeBigUInt64LE(BigInt(3 * MIB), 80);
  entry.writeBigUInt64LE(3n, 88);
  entry.write('zero', 96, 'latin1');
  entry.writeBigUInt64LE(4096n, 104);
  entry.writeBigUInt64LE(BigInt(4 * MIB), 112);
  entry.writeBigUInt64LE(3n, 120);
  entry.set(bytes.subarray(3 * MIB, 3 * MIB + 4096), 4096);
  entry.write('data', 4096, 'latin1');
  entry.writeUInt32LE(0, 4100);
  entry.writeUInt32LE(3, 8188);
  bytes.set(entry, MIB);
  for (const offset of [64 * KIB, 128 * KIB]) bytes.set(LOG_GUID, offset + 48);
  repairVhdx(bytes);
}

function repairVhdx(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const places = [
    [64 * KIB, 4096],
    [128 * KIB, 4096],
    [192 * KIB, 64 * KIB],
    [256 * KIB, 64 * KIB],
    [MIB, 8192],
  ] as const;
  for (const [offset, length] of places) {
    if (offset + length > bytes.length) continue;
    view.setUint32(offset + 4, crc32c(bytes.subarray(offset, offset + length), 4), true);
  }
}

function repairVhd(bytes: Uint8Array): void {
  if (bytes.length < 2048) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const places = [
    [0, 512, FOOTER_CHECKSUM],
    [512, 1024, HEADER_CHECKSUM],
    [bytes.length - 512, 512, FOOTER_CHECKSUM],
  ] as const;
  for (const [offset, length, at] of places) {
    view.setUint32(offset + at, checksum(bytes.subarray(offset, offset + length), at));
  }
}

/** The only error that a damaged file may end with is one of the disk. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).code).toMatch(/^disk\//);
    return undefined;
  }
}

/** Reads here and there, and holds what extents say against the file. */
function look(disk: VirtualDisk, sizes: ReadonlyMap<string, number>): void {
  let sum = 0;
  attempt(() => {
    for (const extent of disk.extents(0, disk.size)) {
      sum += extent.kind === 'bytes' ? extent.bytes.length : extent.length;
      if (extent.kind !== 'file') continue;
      expect(extent.offset + extent.length).toBeLessThanOrEqual(sizes.get(extent.path) ?? -1);
    }
    expect(sum).toBe(disk.size);
  });
  for (const at of [0, 999_999, Math.max(0, disk.size - 3000)]) {
    attempt(() => disk.read(at, new Uint8Array(200_000)));
  }
}

const bases = [
  make('dynamic VHDX', { format: 'vhdx', blockSize: MIB }),
  make('VHDX with a log', { format: 'vhdx', blockSize: MIB }),
  make('differencing VHDX', { format: 'vhdx', kind: 'differencing', blockSize: MIB }),
  make('dynamic VHD', { format: 'vhd', blockSize: MIB / 2 }),
  make('differencing VHD', { format: 'vhd', kind: 'differencing', blockSize: MIB / 2 }),
  make('fixed VHD', { format: 'vhd', kind: 'fixed' }),
];

it('whatever the bytes of a virtual disk, it opens or says what is wrong', () => {
  let opened = 0;
  let refused = 0;
  let written = 0;
  const damage = fc.array(fc.tuple(fc.nat(20), mutations), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(
      fc.constantFrom(...bases),
      damage,
      fc.constantFrom(1, 4, 8, 8),
      fc.boolean(),
      fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 8 }),
      (base, changes, align, repaired, cut) => {
        let bytes = base.bytes.slice();
        for (const [index, change] of changes) {
          const [offset, length] = base.places[index % base.places.length];
          bytes.set(damaged(bytes.subarray(offset, offset + length), change, align), offset);
        }
        if (repaired) base.repair(bytes);
        if (cut !== null) bytes = bytes.slice(0, Math.floor(bytes.length * cut));
        const file = new MemoryFile(bytes);
        const host = diskHost(
          memoryFiles(new Map([['/disk', file]]).set('/parent', new MemoryFile(base.parent))),
        );
        const sizes = (): Map<string, number> =>
          new Map([['/disk', file.size]]).set('/parent', base.parent.length);
        const before = Buffer.from(bytes);
        const disk = attempt(() => openDisk(host, '/disk', 'read'));
        if (disk === undefined) refused++;
        else {
          opened++;
          look(disk, sizes());
        }
        expect(before.equals(file.bytes.subarray(0, file.size))).toBe(true);
        const writer = attempt(() => openDisk(host, '/disk', 'write'));
        if (writer === undefined) return;
        look(writer, sizes());
        const at = Math.max(0, Math.min(writer.size - 70_000, 600_000));
        const data = pattern(Math.min(70_000, writer.size), 5);
        // In a chain the edges of what is written are read first, and may be what is damaged.
        const isWritten = attempt(() => {
          writer.write(at, data);
          writer.flush();
          return true;
        });
        if (isWritten === undefined) return;
        written++;
        const read = new Uint8Array(data.length);
        openDisk(host, '/disk', 'read').read(at, read);
        expect(Buffer.from(data).equals(read)).toBe(true);
      },
    ),
    { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: fuzzMilliseconds(5) },
  );
  // All must occur, or the test shows nothing.
  expect(opened).toBeGreaterThan(20);
  expect(refused).toBeGreaterThan(20);
  expect(written).toBeGreaterThan(20);
});
