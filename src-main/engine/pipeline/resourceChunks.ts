import { FormatError } from '../../../src-shared/errors/appError';
import { readExactly, type ByteSource } from '../binary/byteSource';
import type { CompressionFormat } from '../codec/codec';
import type { ResourceLocation } from './tasks';

/**
 * The chunks of a compressed resource.
 *
 * A resource begins with its chunk table: one entry for each chunk but the first, its offset from the table's end;
 * 4 bytes an entry, 8 where the uncompressed size is 4 GiB or more. A chunk whose stored size equals its uncompressed
 * size is stored as it is. A pipable resource has its chunk table at the end, and a 32-bit stored size before each
 * chunk, which the table's offsets leave out of account.
 */

/** Bytes of the size that precedes each chunk of a pipable resource. */
const PIPABLE_HEADER = 4;

/** Largest chunk of each format, in bytes. */
export const largestChunk: Readonly<Record<CompressionFormat, number>> = {
  none: 2 ** 31,
  xpress: 2 ** 16,
  lzx: 2 ** 21,
  lzms: 2 ** 30,
};

/** How a compressed resource is laid out, from its sizes alone. */
export interface ChunkLayout {
  readonly chunkCount: number;
  readonly entrySize: 4 | 8;
  /** Bytes of the whole chunk table. */
  readonly tableSize: number;
  /** File offset of the table and of the first chunk (its header, where it has one). */
  readonly tableOffset: number;
  readonly dataOffset: number;
  readonly dataSize: number;
  /** Bytes before each chunk's data. */
  readonly headerSize: 0 | 4;
}

/** Bytes of a chunk table entry for a resource of `size` uncompressed bytes. */
export function chunkEntrySize(size: number): 4 | 8 {
  return size > 0xffff_ffff ? 8 : 4;
}

/**
 * The layout of a compressed resource. It also shows whether the sizes can be true: every chunk takes a byte or more,
 * so the number of chunks is bounded by what is stored, and a caller may allocate by it; and no chunk takes more than
 * its data, so that what is stored is bounded by the size.
 * @throws FormatError
 */
export function chunkLayout(resource: ResourceLocation): ChunkLayout {
  const { offset, storedSize, size, chunkSize, format, pipable } = resource;
  if (!Number.isInteger(Math.log2(chunkSize)) || chunkSize > largestChunk[format]) {
    throw new FormatError({
      structure: 'resource',
      offset,
      problem: `${format.toUpperCase()} has no chunk size of ${chunkSize} bytes`,
    });
  }
  const chunkCount = Math.ceil(size / chunkSize);
  const entrySize = chunkEntrySize(size);
  const tableSize = Math.max(0, chunkCount - 1) * entrySize;
  const headerSize = pipable ? PIPABLE_HEADER : 0;
  const dataSize = storedSize - tableSize;
  if (dataSize < chunkCount * (headerSize + 1)) {
    throw new FormatError({
      structure: 'chunk table',
      offset,
      problem: `${chunkCount} chunks for ${size} bytes do not fit into the resource's ${storedSize} stored bytes`,
    });
  }
  if (dataSize > size + chunkCount * headerSize) {
    throw new FormatError({
      structure: 'resource',
      offset,
      problem: `${storedSize} stored bytes are more than ${size} bytes of data can take`,
    });
  }
  return {
    chunkCount,
    entrySize,
    tableSize,
    tableOffset: pipable ? offset + dataSize : offset,
    dataOffset: pipable ? offset : offset + tableSize,
    dataSize,
    headerSize,
  };
}

/** Uncompressed bytes of chunk `index`. */
export function chunkLength(resource: ResourceLocation, index: number): number {
  return Math.min(resource.chunkSize, resource.size - index * resource.chunkSize);
}

/** The table's entries that tell the bounds of `count` chunks from `first` on: [from, to), entry 0 being chunk 1's. */
function entriesFor(layout: ChunkLayout, first: number, count: number): readonly [from: number, to: number] {
  return [Math.max(0, first - 1), Math.min(first + count, layout.chunkCount - 1)];
}

/**
 * Fills `bounds` with the file offsets of `count` chunks from `first` on (their headers, where they have such) and
 * the end of the last: `count` + 1 numbers.
 * @param entries the bytes of the table's entries for these chunks
 * @throws FormatError when the table is out of order or leads out of the resource
 */
function decodeBounds(
  resource: ResourceLocation,
  layout: ChunkLayout,
  first: number,
  count: number,
  entries: Uint8Array,
  bounds: Float64Array,
): void {
  const { chunkCount, entrySize, headerSize, dataOffset, dataSize, tableOffset } = layout;
  const [from] = entriesFor(layout, first, count);
  const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
  const packedSize = dataSize - chunkCount * headerSize;
  for (let k = 0; k <= count; k++) {
    const index = first + k;
    const at = (index - 1 - from) * entrySize;
    let start: number;
    if (index === 0) start = 0;
    else if (index === chunkCount) start = packedSize;
    else if (entrySize === 4) start = view.getUint32(at, true);
    else start = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
    bounds[k] = dataOffset + start + index * headerSize;
    if (k === 0) continue;
    const stored = bounds[k] - bounds[k - 1] - headerSize;
    if (stored < 1 || stored > chunkLength(resource, index - 1) || start > packedSize) {
      throw new FormatError({
        structure: 'chunk table',
        offset: tableOffset + Math.max(0, Math.min(index, chunkCount - 1) - 1) * entrySize,
        problem:
          `chunk ${index - 1} of ${chunkCount} would have ${stored} stored bytes ` +
          `for ${chunkLength(resource, index - 1)} bytes of data`,
      });
    }
  }
}

/**
 * File offsets of `count` chunks from `first` on, and the end of the last: `count` + 1 numbers. In a pipable resource
 * a chunk begins with its 4-byte header. Reads only the part of the chunk table that it needs.
 * @throws FormatError when the chunk table lies
 */
export function readChunkOffsets(
  source: ByteSource,
  resource: ResourceLocation,
  first: number,
  count: number,
): Float64Array {
  const layout = chunkLayout(resource);
  if (first < 0 || count < 0 || first + count > layout.chunkCount) {
    throw new RangeError(`chunks ${first} to ${first + count} of ${layout.chunkCount}`);
  }
  const [from, to] = entriesFor(layout, first, count);
  const entries = readExactly(
    source,
    layout.tableOffset + from * layout.entrySize,
    Math.max(0, to - from) * layout.entrySize,
    'chunk table',
  );
  const bounds = new Float64Array(count + 1);
  decodeBounds(resource, layout, first, count, entries, bounds);
  return bounds;
}

/**
 * The same for all chunks of a resource whose stored bytes are in memory.
 * @param bounds filled; room for the number of chunks and one more
 */
export function boundsOfStored(
  resource: ResourceLocation,
  layout: ChunkLayout,
  stored: Uint8Array,
  bounds: Float64Array,
): void {
  const start = layout.tableOffset - resource.offset;
  decodeBounds(
    resource,
    layout,
    0,
    layout.chunkCount,
    stored.subarray(start, start + layout.tableSize),
    bounds,
  );
}
