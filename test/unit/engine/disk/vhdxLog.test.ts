// Logs of VHDX files made by hand: what counts of them, and in which order.
import { describe, expect, it } from 'vitest';
import { createDisk } from '../../../../src-main/engine/disk/createDisk';
import { openDisk } from '../../../../src-main/engine/disk/openDisk';
import { crc32c } from '../../../../src-main/engine/disk/vhdx/crc32c';
import { type MemoryFile, memoryFiles } from '../../../support/memoryFiles';
import { diskHost, pattern, readByExtents } from '../../../support/virtualDisks';

const KIB = 1024;
const MIB = 1024 * KIB;
const SECTOR = 4096;
const LOG = MIB;
const LOG_GUID = Buffer.from('0123456789abcdef');
/** The first block of the disk's data in the file. */
const DATA = 4 * MIB;

type Change =
  { readonly offset: number; readonly fill: number } | { readonly offset: number; readonly zeroes: number };

interface Entry {
  /** Offset in the log, which is a MiB long. */
  readonly at: number;
  readonly tail?: number;
  readonly number: number;
  readonly changes: readonly Change[];
  readonly guid?: Uint8Array;
  readonly flushed?: number;
  readonly last?: number;
  /** Damages the entry after its checksum was computed. */
  readonly damage?: number;
}

function entryBytes(entry: Entry): Buffer {
  const { changes, number } = entry;
  const start = Math.ceil((64 + changes.length * 32) / SECTOR) * SECTOR;
  const sectors = changes.filter((change) => 'fill' in change);
  const bytes = Buffer.alloc(start + sectors.length * SECTOR);
  bytes.write('loge', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length, 8);
  bytes.writeUInt32LE(entry.tail ?? entry.at, 12);
  bytes.writeBigUInt64LE(BigInt(number), 16);
  bytes.writeUInt32LE(changes.length, 24);
  bytes.set(entry.guid ?? LOG_GUID, 32);
  bytes.writeBigUInt64LE(BigInt(entry.flushed ?? DATA + MIB), 48);
  bytes.writeBigUInt64LE(BigInt(entry.last ?? DATA + MIB), 56);
  let sector = start;
  changes.forEach((change, index) => {
    const at = 64 + index * 32;
    bytes.writeBigUInt64LE(BigInt(change.offset), at + 16);
    bytes.writeBigUInt64LE(BigInt(number), at + 24);
    if ('zeroes' in change) {
      bytes.write('zero', at, 'latin1');
      bytes.writeBigUInt64LE(BigInt(change.zeroes), at + 8);
      return;
    }
    bytes.write('desc', at, 'latin1');
    // First and last bytes of the sector are in the descriptor: others than in between, so that a mistake shows.
    bytes.fill(change.fill ^ 0xf0, at + 4, at + 8);
    bytes.fill(change.fill ^ 0x0f, at + 8, at + 16);
    bytes.fill(change.fill, sector, sector + SECTOR);
    bytes.write('data', sector, 'latin1');
    bytes.writeUInt32LE(Math.floor(number / 2 ** 32), sector + 4);
    bytes.writeUInt32LE(number >>> 0, sector + SECTOR - 4);
    sector += SECTOR;
  });
  bytes.writeUInt32LE(crc32c(bytes, 4), 4);
  if (entry.damage !== undefined) bytes[entry.damage] ^= 1;
  return bytes;
}

/** A sector as it is after a change by a data descriptor. */
function sectorOf(fill: number): Buffer {
  const bytes = Buffer.alloc(SECTOR, fill);
  bytes.fill(fill ^ 0x0f, 0, 8);
  bytes.fill(fill ^ 0xf0, SECTOR - 4);
  return bytes;
}

/** A disk of one block of data with these entries in its log. */
function diskWithLog(...entries: readonly Entry[]): MemoryFile {
  const files = new Map<string, MemoryFile>();
  const host = diskHost(memoryFiles(files));
  const disk = createDisk(host, { path: '/disk', size: 3 * MIB, format: 'vhdx', blockSize: MIB });
  disk.write(0, pattern(MIB, 1));
  disk.flush();
  const file = files.get('/disk')!;
  for (const entry of entries) {
    entryBytes(entry).forEach((byte, i) => (file.bytes[LOG + ((entry.at + i) % MIB)] = byte));
  }
  for (const offset of [64 * KIB, 128 * KIB]) {
    const header = Buffer.from(file.bytes.buffer, file.bytes.byteOffset + offset, SECTOR);
    header.set(LOG_GUID, 48);
    header.writeUInt32LE(crc32c(header, 4), 4);
  }
  return file;
}

/** The first MiB of the disk, read with its log in memory; the same is in the file after it was opened for writing. */
function replayed(file: MemoryFile): Buffer {
  const host = diskHost(memoryFiles(new Map([['/disk', file]])));
  const before = Buffer.from(file.bytes.subarray(0, file.size));
  const disk = openDisk(host, '/disk', 'read');
  const read = Buffer.alloc(MIB);
  disk.read(0, read);
  const kinds = new Set(disk.extents(0, MIB).map((extent) => extent.kind));
  expect(before.equals(file.bytes.subarray(0, file.size))).toBe(true);
  const writer = openDisk(host, '/disk', 'write');
  const written = Buffer.alloc(MIB);
  writer.read(0, written);
  expect(written.equals(read)).toBe(true);
  expect(openDisk(host, '/disk', 'read').warnings).toEqual([]);
  if (!before.subarray(DATA).equals(file.bytes.subarray(DATA, file.size)))
    expect(kinds.size).toBeGreaterThan(1);
  return read;
}

const original = Buffer.from(pattern(MIB, 1));

function expected(...changes: readonly (readonly [offset: number, bytes: Uint8Array])[]): Buffer {
  const bytes = Buffer.from(original);
  for (const [offset, part] of changes) bytes.set(part, offset);
  return bytes;
}

describe('the log of a VHDX', () => {
  it('is replayed with data and zeroes, the later over the earlier', () => {
    const file = diskWithLog(
      {
        at: 0,
        number: 7,
        changes: [
          { offset: DATA, fill: 0x11 },
          { offset: DATA + 8 * SECTOR, zeroes: 16 * SECTOR },
          { offset: DATA + 10 * SECTOR, fill: 0x22 },
        ],
      },
      {
        at: 3 * SECTOR,
        tail: 0,
        number: 8,
        changes: [
          { offset: DATA, fill: 0x33 },
          { offset: DATA + 20 * SECTOR, zeroes: 8 * SECTOR },
          { offset: DATA + 9 * SECTOR, zeroes: SECTOR },
        ],
      },
    );
    const wanted = expected(
      [0, sectorOf(0x33)],
      [8 * SECTOR, Buffer.alloc(20 * SECTOR)],
      [10 * SECTOR, sectorOf(0x22)],
    );
    expect(replayed(file).equals(wanted)).toBe(true);
  });

  it('counts the sequence with the highest number, from the tail of its last entry on', () => {
    const file = diskWithLog(
      { at: 0, number: 20, changes: [{ offset: DATA, fill: 1 }] },
      { at: 64 * SECTOR, number: 30, changes: [{ offset: DATA + SECTOR, fill: 2 }] },
      { at: 66 * SECTOR, tail: 66 * SECTOR, number: 31, changes: [{ offset: DATA + 2 * SECTOR, fill: 3 }] },
      { at: 100 * SECTOR, number: 25, changes: [{ offset: DATA + 3 * SECTOR, fill: 4 }] },
    );
    expect(replayed(file).equals(expected([2 * SECTOR, sectorOf(3)]))).toBe(true);
  });

  it('goes round at its end', () => {
    const at = MIB - SECTOR;
    const file = diskWithLog(
      { at, number: 5, changes: [{ offset: DATA, fill: 0x55 }] },
      { at: SECTOR, tail: at, number: 6, changes: [{ offset: DATA + SECTOR, fill: 0x66 }] },
    );
    expect(replayed(file).equals(expected([0, sectorOf(0x55)], [SECTOR, sectorOf(0x66)]))).toBe(true);
  });

  it.each([
    ['its data', 2 * SECTOR - 100],
    ['its header', 50],
    ['its descriptor', 90],
    ['a data sector’s sequence', 2 * SECTOR - 1],
  ])('ends before an entry that was not written whole: %s', (_title, damage) => {
    const file = diskWithLog(
      { at: 0, number: 5, changes: [{ offset: DATA, fill: 0x55 }] },
      { at: 2 * SECTOR, tail: 0, number: 6, changes: [{ offset: DATA + SECTOR, fill: 0x66 }], damage },
    );
    expect(replayed(file).equals(expected([0, sectorOf(0x55)]))).toBe(true);
  });

  it('passes over entries of another time', () => {
    const old = Buffer.alloc(16, 9);
    const file = diskWithLog(
      { at: 0, number: 5, changes: [{ offset: DATA, fill: 0x55 }] },
      { at: 2 * SECTOR, tail: 0, number: 6, changes: [{ offset: DATA + SECTOR, fill: 0x66 }], guid: old },
      { at: 9 * SECTOR, number: 99, changes: [{ offset: DATA + SECTOR, fill: 0x66 }], guid: old },
    );
    expect(replayed(file).equals(expected([0, sectorOf(0x55)]))).toBe(true);
  });

  it('makes the file longer', () => {
    const last = DATA + 4 * MIB;
    const file = diskWithLog({ at: 0, number: 5, changes: [{ offset: DATA, fill: 1 }], last });
    const host = diskHost(memoryFiles(new Map([['/disk', file]])));
    expect(openDisk(host, '/disk', 'read').allocated).toBe(last);
    openDisk(host, '/disk', 'write');
    expect(file.size).toBe(last);
  });

  it('may hold the table of blocks that the file does not have yet', () => {
    const file = diskWithLog({ at: 0, number: 5, changes: [{ offset: 3 * MIB, zeroes: SECTOR }] });
    const host = diskHost(memoryFiles(new Map([['/disk', file]])));
    const disk = openDisk(host, '/disk', 'read');
    expect(disk.extents(0, 3 * MIB)).toEqual([{ kind: 'zero', length: 3 * MIB }]);
    expect(readByExtents(disk, 0, MIB).every((byte) => byte === 0)).toBe(true);
  });

  const change = { offset: DATA, fill: 1 };
  it.each<[string, readonly Entry[], string]>([
    ['no valid entry', [], 'disk/malformed'],
    ['only a damaged entry', [{ at: 0, number: 1, changes: [change], damage: 500 }], 'disk/malformed'],
    [
      'an entry whose tail is none',
      [{ at: 0, tail: 5 * SECTOR, number: 1, changes: [change] }],
      'disk/malformed',
    ],
    ['a file that was cut', [{ at: 0, number: 1, changes: [change], flushed: 64 * MIB }], 'disk/truncated'],
    ['a length beyond measure', [{ at: 0, number: 1, changes: [change], last: 2 ** 52 }], 'disk/malformed'],
    [
      'a place beyond measure',
      [{ at: 0, number: 1, changes: [{ offset: 2 ** 52, fill: 1 }] }],
      'disk/malformed',
    ],
    [
      'zeroes beyond measure',
      [{ at: 0, number: 1, changes: [{ offset: 0, zeroes: 2 ** 52 }] }],
      'disk/malformed',
    ],
    ['an odd place', [{ at: 0, number: 1, changes: [{ offset: DATA + 1, fill: 1 }] }], 'disk/malformed'],
    ['an odd length', [{ at: 0, number: 1, changes: [{ offset: DATA, zeroes: 100 }] }], 'disk/malformed'],
  ])('with %s is refused, and the file stays as it is', (_title, entries, code) => {
    const file = diskWithLog(...entries);
    const before = Buffer.from(file.bytes.subarray(0, file.size));
    const host = diskHost(memoryFiles(new Map([['/disk', file]])));
    for (const access of ['read', 'write'] as const) {
      expect(() => openDisk(host, '/disk', access)).toThrow(
        expect.objectContaining({ code, structure: 'VHDX log' }),
      );
    }
    expect(before.equals(file.bytes.subarray(0, file.size))).toBe(true);
  });
});
