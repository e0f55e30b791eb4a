import { FormatError } from '../../../src-shared/errors/appError';
import { readExactly, type ByteSource } from '../binary/byteSource';
import type { CompressionFormat } from '../codec/codec';
import { largestChunk } from './resourceChunks';

/**
 * The chunks of a solid resource: one resource that holds the data of many blobs, one behind the other, compressed
 * together. In front are a header of 16 bytes that tells size, chunk size and format, and the stored sizes of all
 * chunks; where blobs end has nothing to do with where chunks end. A chunk that did not shrink is stored as it is.
 */

/** Where a solid resource lies in its file and how it is divided. All numbers in bytes. */
export interface SolidPlace {
  readonly offset: number;
  /** Header and chunk table included. */
  readonly storedSize: number;
  /** Of the expanded data of all blobs. */
  readonly size: number;
  readonly format: CompressionFormat;
  readonly chunkSize: number;
}

/** Bytes of the header and of a chunk table entry. */
export const SOLID_HEADER_SIZE = 16;
export const SOLID_ENTRY_SIZE = 4;

/** Number of chunks. */
export function solidChunkCount({ size, chunkSize }: SolidPlace): number {
  return Math.ceil(size / chunkSize);
}

/** Expanded bytes of chunk `index`. */
export function solidChunkLength({ size, chunkSize }: SolidPlace, index: number): number {
  return Math.min(chunkSize, size - index * chunkSize);
}

/** Chunk size to make a codec for: one of LZMS only has to hold what there is, the others take it into the format. */
export function windowOf({
  format,
  chunkSize,
  size,
}: Pick<SolidPlace, 'format' | 'chunkSize' | 'size'>): number {
  return format === 'lzms' && size < chunkSize
    ? 2 ** Math.ceil(Math.log2(Math.max(size, SMALLEST_WINDOW)))
    : chunkSize;
}

/** No codec is made for less. */
const SMALLEST_WINDOW = 1 << 15;

/**
 * Checks that the sizes can be true, so that a caller may allocate a chunk table by them: every chunk takes a byte or
 * more and never more than its data.
 * @throws FormatError
 */
export function assertSolidSizes(place: SolidPlace): void {
  const { offset, storedSize, size, format, chunkSize } = place;
  const fail = (problem: string): never => {
    throw new FormatError({ structure: 'solid resource', offset, problem });
  };
  if (!Number.isSafeInteger(size) || size <= 0) fail(`it would hold ${size} bytes`);
  if (!(chunkSize > 0) || !Number.isInteger(Math.log2(chunkSize)) || chunkSize > largestChunk[format]) {
    fail(`${format.toUpperCase()} has no chunk size of ${chunkSize} bytes`);
  }
  const count = solidChunkCount(place);
  const dataSize = storedSize - SOLID_HEADER_SIZE - count * SOLID_ENTRY_SIZE;
  if (dataSize < count) {
    fail(`${count} chunks for ${size} bytes do not fit into its ${storedSize} stored bytes`);
  }
  if (dataSize > size) fail(`${storedSize} stored bytes are more than ${size} bytes of data can take`);
}

/** Chunk table entries that are read at a time. */
const ENTRIES_AT_ONCE = 1 << 16;

/**
 * File offsets of all chunks of a solid resource, and the end of the last.
 * @throws FormatError when a size cannot be true or leads out of the resource
 */
export function solidBounds(source: ByteSource, place: SolidPlace): Float64Array {
  assertSolidSizes(place);
  const count = solidChunkCount(place);
  const tableOffset = place.offset + SOLID_HEADER_SIZE;
  const end = place.offset + place.storedSize;
  const bounds = new Float64Array(count + 1);
  bounds[0] = tableOffset + count * SOLID_ENTRY_SIZE;
  for (let first = 0; first < count; first += ENTRIES_AT_ONCE) {
    const entries = Math.min(ENTRIES_AT_ONCE, count - first);
    const at = tableOffset + first * SOLID_ENTRY_SIZE;
    const bytes = readExactly(source, at, entries * SOLID_ENTRY_SIZE, 'chunk table');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < entries; i++) {
      const index = first + i;
      const stored = view.getUint32(i * SOLID_ENTRY_SIZE, true);
      const length = solidChunkLength(place, index);
      bounds[index + 1] = bounds[index] + stored;
      if (stored > 0 && stored <= length && bounds[index + 1] <= end) continue;
      throw new FormatError({
        structure: 'chunk table',
        offset: at + i * SOLID_ENTRY_SIZE,
        problem: `chunk ${index} of ${count} would have ${stored} stored bytes for ${length} bytes of data`,
      });
    }
  }
  return bounds;
}
