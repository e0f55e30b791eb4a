import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../../src-main/engine/binary/byteSource';
import { solidBounds } from '../../../../src-main/engine/pipeline/solidChunks';
import { BlobPlace, BlobTable } from '../../../../src-main/engine/wim/blobTable';
import { BLOB_ENTRY_SIZE, readBlobTable } from '../../../../src-main/engine/wim/readBlobTable';
import type { WimHeader } from '../../../../src-main/engine/wim/records/wimHeader';
import type { SolidResource } from '../../../../src-main/engine/wim/solidRuns';
import { serializeBlobTable } from '../../../../src-main/engine/wim/write/blobTableOutput';
import { OutputBlobs } from '../../../../src-main/engine/wim/write/outputBlobs';

const SOLID = 0x10;
const SOLID_SIZE = 0x1_0000_0000;

interface Entry {
  readonly stored: number;
  readonly offset: number;
  readonly size: number;
  readonly flags?: number;
  readonly hash?: number;
}

/** A blob table; entries with a hash of 0 have none. */
function table(entries: readonly Entry[]): Uint8Array {
  const bytes = Buffer.alloc(entries.length * BLOB_ENTRY_SIZE);
  entries.forEach(({ stored, offset, size, flags = SOLID, hash = 0 }, i) => {
    const at = i * BLOB_ENTRY_SIZE;
    bytes.writeBigUInt64LE(BigInt(stored), at);
    bytes.writeUInt8(flags, at + 7);
    bytes.writeBigUInt64LE(BigInt(offset), at + 8);
    bytes.writeBigUInt64LE(BigInt(size), at + 16);
    bytes.writeUInt16LE(1, at + 24);
    bytes.writeUInt32LE(1, at + 26);
    if (hash > 0) bytes.fill(hash, at + 30, at + BLOB_ENTRY_SIZE);
  });
  return bytes;
}

/** The head of a solid resource: header and chunk table. */
function head(size: number | bigint, chunkSize: number, format: number, chunks: readonly number[]): Buffer {
  const bytes = Buffer.alloc(16 + 4 * chunks.length);
  bytes.writeBigUInt64LE(BigInt(size), 0);
  bytes.writeUInt32LE(chunkSize, 8);
  bytes.writeUInt32LE(format, 12);
  chunks.forEach((stored, i) => bytes.writeUInt32LE(stored, 16 + 4 * i));
  return bytes;
}

/** A file in which the first resource lies at 208 and the second at 1000. */
function file(first: Buffer, second?: Buffer): Buffer {
  const bytes = Buffer.alloc(2000);
  bytes.set(first, 208);
  if (second !== undefined) bytes.set(second, 1000);
  return bytes;
}

const header = { version: 0xe00, partNumber: 1 } as WimHeader;

function read(
  entries: readonly Entry[],
  content: Buffer,
): { blobs: BlobTable; solids: SolidResource[]; metadata: number } {
  const blobs = new BlobTable();
  const solids: SolidResource[] = [];
  const { metadata } = readBlobTable(table(entries), header, 0, bytesSource(content), blobs, solids);
  return { blobs, solids, metadata: metadata.length };
}

const good = file(head(100, 64, 2, [40, 30]), head(50, 64, 1, [20]));
/** The second resource begins within the first. */
const overlapping = file(head(100, 64, 2, [40, 30]));
overlapping.set(head(50, 64, 1, [20]), 290);
const resource = { stored: 94, offset: 208, size: SOLID_SIZE };
const other = { stored: 40, offset: 1000, size: SOLID_SIZE };

describe('the blob table of a solid WIM', () => {
  it('places blobs through all resources of a run as if they were one', () => {
    const { blobs, solids } = read(
      [
        resource,
        { stored: 60, offset: 0, size: 0, hash: 1 },
        other,
        { stored: 10, offset: 100, size: 0, hash: 2 },
        { stored: 40, offset: 60, size: 0, hash: 3 },
        { stored: 40, offset: 110, size: 0, hash: 4 },
      ],
      good,
    );
    expect(solids).toMatchObject([
      { offset: 208, storedSize: 94, size: 100, chunkSize: 64, format: 'lzx', part: 0 },
      { offset: 1000, storedSize: 40, size: 50, chunkSize: 64, format: 'xpress', part: 0 },
    ]);
    expect([...blobs.solid.subarray(0, 4)]).toEqual([0, 1, 0, 1]);
    expect([...blobs.offset.subarray(0, 4)]).toEqual([0, 0, 60, 10]);
    expect([...blobs.size.subarray(0, 4)]).toEqual([60, 10, 40, 40]);
    expect([...blobs.place.subarray(0, 4)]).toEqual(new Array(4).fill(BlobPlace.SOLID));
  });

  it('begins a new run behind an ordinary entry', () => {
    const plain = { stored: 7, offset: 1990, size: 7, flags: 0, hash: 9 };
    const { blobs } = read(
      [
        resource,
        { stored: 5, offset: 3, size: 0, hash: 1 },
        plain,
        other,
        { stored: 5, offset: 3, size: 0, hash: 2 },
      ],
      good,
    );
    expect([...blobs.solid.subarray(0, 3)]).toEqual([0, -1, 1]);
    expect([...blobs.offset.subarray(0, 3)]).toEqual([3, 1990, 3]);
  });

  it('ignores the flag in files that cannot have solid resources', () => {
    const blobs = new BlobTable();
    const solids: SolidResource[] = [];
    const entry = table([{ stored: 5, offset: 300, size: 5, hash: 1 }]);
    readBlobTable(entry, { ...header, version: 0x10d00 }, 0, bytesSource(good), blobs, solids);
    expect(solids).toEqual([]);
    expect(blobs.place[0]).toBe(BlobPlace.RESOURCE);
  });

  it.each<readonly [string, readonly Entry[], Buffer, string]>([
    [
      'a blob beyond the end',
      [resource, { stored: 41, offset: 60, size: 0, hash: 1 }],
      good,
      'in none of the 1',
    ],
    [
      'a blob across two resources',
      [resource, other, { stored: 20, offset: 90, size: 0, hash: 1 }],
      good,
      'in none',
    ],
    ['a blob without a resource', [{ stored: 1, offset: 0, size: 0, hash: 1 }], good, 'in none of the 0'],
    [
      'an offset that is no number',
      [resource, { stored: 1, offset: 2 ** 60, size: 0, hash: 1 }],
      good,
      'in none',
    ],
    [
      'blobs over each other',
      [resource, { stored: 50, offset: 0, size: 0, hash: 1 }, { stored: 50, offset: 49, size: 0, hash: 2 }],
      good,
      'over each other',
    ],
    [
      'resources over each other',
      [resource, { ...other, offset: 290 }],
      overlapping,
      'begins within another',
    ],
    ['a resource outside the file', [{ ...resource, stored: 1793 }], good, '1793 bytes at 208'],
    ['a chunk size of 0', [resource], file(head(100, 0, 2, [40, 30])), 'no chunk size of 0'],
    [
      'a chunk size of 2 GiB',
      [resource],
      file(head(100, 2 ** 31, 3, [40, 30])),
      'no chunk size of 2147483648',
    ],
    [
      'a chunk size that is no power of two',
      [resource],
      file(head(100, 96, 2, [40, 30])),
      'no chunk size of 96',
    ],
    ['LZX in chunks of 4 MiB', [resource], file(head(100, 2 ** 22, 2, [40, 30])), 'LZX has no chunk size'],
    ['an unknown format', [resource], file(head(100, 64, 4, [40, 30])), '4 is no compression format'],
    ['no data', [resource], file(head(0, 64, 2, [40, 30])), 'it would hold 0 bytes'],
    ['more chunks than bytes', [resource], file(head(2 ** 40, 64, 2, [40, 30])), 'do not fit into its 94'],
    ['more than 2^53 bytes', [resource], file(head(2n ** 63n, 64, 2, [40, 30])), 'it would hold'],
    ['more stored than data', [resource], file(head(20, 64, 2, [40])), 'are more than 20 bytes'],
    ['image metadata', [resource, { stored: 9, offset: 0, size: 0, hash: 1, flags: 0x12 }], good, 'metadata'],
  ])('refuses %s', (_title, entries, content, problem) => {
    expect(() => read(entries, content)).toThrow(problem);
  });
});

describe('the chunks of a solid resource', () => {
  const place = { offset: 208, storedSize: 94, size: 100, chunkSize: 64, format: 'lzx' } as const;

  it('lie behind the table of their sizes', () => {
    expect([...solidBounds(bytesSource(good), place)]).toEqual([232, 272, 302]);
  });

  it.each([
    ['of no bytes', [0, 70]],
    ['larger than its data', [65, 5]],
    ['behind the resource', [40, 31]],
    ['of 4 GiB', [0xffff_ffff, 30]],
  ])('a chunk %s is refused', (_title, sizes) => {
    expect(() => solidBounds(bytesSource(file(head(100, 64, 2, sizes))), place)).toThrow('stored bytes');
  });
});

describe('a blob table that is written', () => {
  it('lists solid resources behind the others and reads back as it was', () => {
    const hash = (value: number): Uint8Array => new Uint8Array(20).fill(value);
    const blobs = new BlobTable();
    for (const value of [1, 2, 3, 4, 5]) blobs.add(hash(value), 0, 10 * value);
    const settled = new OutputBlobs(blobs);
    const second = settled.addSolid({ offset: 1000, storedSize: 40, size: 50 });
    const first = settled.addSolid({ offset: 208, storedSize: 94, size: 100 });
    settled.setInSolid(0, second, 5);
    settled.setInSolid(1, first, 70);
    settled.setInSolid(2, first, 10);
    settled.set(3, { offset: 1500, storedSize: 40, size: 40, flags: 0 });
    const bytes = serializeBlobTable(settled, [], 1, () => 7);
    expect(bytes.length).toBe(6 * BLOB_ENTRY_SIZE);
    const read = new BlobTable();
    const solids: SolidResource[] = [];
    readBlobTable(bytes, header, 0, bytesSource(good), read, solids);
    expect(solids.map(({ offset }) => offset)).toEqual([208, 1000]);
    const rows = [1, 2, 3, 4, 5].map((value) => read.find(hash(value)));
    expect(rows[4]).toBe(-1);
    expect(rows.slice(0, 4).map((row) => [read.solid[row], read.offset[row], read.size[row]])).toEqual([
      [1, 5, 10],
      [0, 70, 20],
      [0, 10, 30],
      [-1, 1500, 40],
    ]);
    expect(read.referenceCount[rows[0]]).toBe(7);
  });
});
