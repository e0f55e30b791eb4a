import { FormatError } from '../../../src-shared/errors/appError';
import { assertRange, type ByteSource } from '../binary/byteSource';
import type { ChunkDecompressor } from '../codec/codec';
import { decompressorFor } from '../codec/codecs';
import type { Kernels } from '../codec/kernel';
import {
  boundsOfStored,
  chunkLayout,
  chunkLength,
  readChunkOffsets,
  type ChunkLayout,
} from './resourceChunks';
import { Scratch } from './scratch';
import { assertSolidSizes } from './solidChunks';
import { SolidDecoder, solidPlaceOf } from './solidDecoder';
import { expectedError } from './taskEnvironment';
import type { ResourceLocation } from './tasks';

/** Data that is allocated before the first of it has been decompressed: more has to prove itself, chunk by chunk. */
const UNPROVEN = 4 * 1024 * 1024;
/** Data decompressed at a time when a resource is read in windows. */
export const WINDOW = 256 * 1024;
/** What is given up together of a damaged resource that is not compressed. */
const PLAIN_PIECE = 32 * 1024;

/** Reads resources. One per thread; what its methods return lives until the next call. */
export class ResourceDecoder {
  private readonly kernels: Kernels;
  private readonly storedScratch = new Scratch();
  private readonly dataScratch = new Scratch();
  private bounds = new Float64Array(64);
  /** For blobs in solid resources. */
  readonly solid: SolidDecoder;

  constructor(kernels: Kernels) {
    this.kernels = kernels;
    this.solid = new SolidDecoder(kernels);
  }

  /**
   * The data of a resource whose stored bytes are in memory.
   * @throws FormatError when it is malformed; AppError `wim/unsupported`
   */
  decodeStored(resource: ResourceLocation, stored: Uint8Array): Uint8Array {
    if (resource.format === 'none') return plain(resource, stored);
    const layout = chunkLayout(resource);
    this.findBounds(resource, layout, stored);
    return this.grow(resource, layout, (first, count, target) => {
      this.decode(
        resource,
        layout,
        first,
        count,
        this.bounds.subarray(first),
        stored,
        resource.offset,
        target,
      );
    });
  }

  /** The whole data of a resource, read from the file that holds it. @throws FormatError, AppError */
  readWhole(source: ByteSource, resource: ResourceLocation): Uint8Array {
    const { offset, storedSize } = resource;
    assertRange(source, offset, storedSize, 'resource');
    assertSizes(resource);
    if (resource.solid !== undefined) return this.readSolid(source, resource);
    const stored = this.storedScratch.take(storedSize);
    readFull(source, offset, stored);
    return this.decodeStored(resource, stored);
  }

  /** The same into memory of the caller's, which has exactly the size of the data. @throws FormatError, AppError */
  readInto(source: ByteSource, resource: ResourceLocation, target: Uint8Array): void {
    const { offset, storedSize, format } = resource;
    if (resource.solid !== undefined) {
      target.set(this.readWhole(source, resource));
      return;
    }
    assertRange(source, offset, storedSize, 'resource');
    assertSizes(resource);
    if (format === 'none') {
      readFull(source, offset, target);
      return;
    }
    const stored = this.storedScratch.take(storedSize);
    readFull(source, offset, stored);
    const layout = chunkLayout(resource);
    this.findBounds(resource, layout, stored);
    this.decode(resource, layout, 0, layout.chunkCount, this.bounds, stored, offset, target);
  }

  /**
   * Decompresses `count` chunks from `first` on into `target`.
   * @param bounds their places in the file, as `readChunkOffsets` gives them; read from the chunk table when absent
   */
  readChunks(
    source: ByteSource,
    resource: ResourceLocation,
    first: number,
    count: number,
    target: Uint8Array,
    bounds: Float64Array = readChunkOffsets(source, resource, first, count),
  ): void {
    const layout = chunkLayout(resource);
    const start = bounds[0];
    const length = bounds[count] - start;
    assertRange(source, start, length, 'resource');
    const stored = this.storedScratch.take(length);
    readFull(source, start, stored);
    this.decode(resource, layout, first, count, bounds, stored, start, target);
  }

  /**
   * Hands the bytes [offset, offset + length) of a resource to `take`, piece by piece, in order.
   * @throws FormatError, AppError
   */
  readRange(
    source: ByteSource,
    resource: ResourceLocation,
    offset: number,
    length: number,
    take: (bytes: Uint8Array) => void,
  ): void {
    const end = offset + length;
    if (resource.solid !== undefined) {
      this.solid.readRange(source, resource, offset, length, take);
      return;
    }
    if (resource.format === 'none') {
      checkPlain(resource);
      for (let at = offset; at < end; at += WINDOW) {
        const piece = this.dataScratch.take(Math.min(WINDOW, end - at));
        assertRange(source, resource.offset + at, piece.length, 'resource');
        readFull(source, resource.offset + at, piece);
        take(piece);
      }
      return;
    }
    const { chunkSize } = resource;
    const perWindow = Math.max(1, Math.floor(WINDOW / chunkSize));
    const last = Math.ceil(end / chunkSize);
    for (let first = Math.floor(offset / chunkSize); first < last; first += perWindow) {
      const count = Math.min(perWindow, last - first);
      const start = first * chunkSize;
      const data = this.dataScratch.take(Math.min(count * chunkSize, resource.size - start));
      this.readChunks(source, resource, first, count, data);
      take(data.subarray(Math.max(0, offset - start), Math.min(data.length, end - start)));
    }
  }

  /**
   * What can be had of the bytes from `offset` on (the start of a chunk) of a damaged resource: a chunk that cannot be
   * read or does not decompress becomes zeroes, the others are whole.
   * @throws FormatError when the resource's sizes cannot be true
   */
  salvage(source: ByteSource, resource: ResourceLocation, offset: number, target: Uint8Array): void {
    assertSizes(resource);
    const isPlain = resource.format === 'none';
    const step = isPlain ? PLAIN_PIECE : resource.chunkSize;
    for (let at = 0; at < target.length; at += step) {
      const piece = target.subarray(at, at + step);
      try {
        if (isPlain) piece.fill(0, source.read(resource.offset + offset + at, piece));
        else this.readChunks(source, resource, (offset + at) / step, 1, piece);
      } catch (error) {
        expectedError(error);
        piece.fill(0);
      }
    }
  }

  private readSolid(source: ByteSource, resource: ResourceLocation): Uint8Array {
    let whole: Uint8Array | undefined;
    let done = 0;
    this.solid.readRange(source, resource, 0, resource.size, (bytes) => {
      if (bytes.length === resource.size) {
        whole = bytes;
        return;
      }
      whole ??= this.dataScratch.take(resource.size);
      whole.set(bytes, done);
      done += bytes.length;
    });
    return whole ?? new Uint8Array(0);
  }

  /** Gives memory back that only an unusual task needed. */
  trim(): void {
    this.storedScratch.trim();
    this.dataScratch.trim();
    if (this.bounds.length > 1 << 16) this.bounds = new Float64Array(64);
  }

  private findBounds(resource: ResourceLocation, layout: ChunkLayout, stored: Uint8Array): void {
    const { chunkCount } = layout;
    if (this.bounds.length <= chunkCount) this.bounds = new Float64Array(2 * chunkCount + 1);
    boundsOfStored(resource, layout, stored, this.bounds);
  }

  /** Decompresses all chunks into memory that grows with what has been decompressed. */
  private grow(
    resource: ResourceLocation,
    layout: ChunkLayout,
    decode: (first: number, count: number, target: Uint8Array) => void,
  ): Uint8Array {
    const { size, chunkSize } = resource;
    let done = 0;
    while (done < size) {
      const first = done / chunkSize;
      const room = Math.max(UNPROVEN, chunkSize, done);
      const count = Math.min(layout.chunkCount - first, Math.ceil(room / chunkSize));
      const end = Math.min(size, done + count * chunkSize);
      decode(first, count, this.dataScratch.take(end).subarray(done));
      done = end;
    }
    return this.dataScratch.take(size);
  }

  /**
   * @param bounds places of the chunks in the file, beginning with chunk `first`
   * @param stored bytes of the file from `base` on
   */
  private decode(
    resource: ResourceLocation,
    layout: ChunkLayout,
    first: number,
    count: number,
    bounds: Float64Array,
    stored: Uint8Array,
    base: number,
    target: Uint8Array,
  ): void {
    const decompressor = decompressorFor(this.kernels, resource.format, resource.chunkSize);
    let to = 0;
    for (let k = 0; k < count; k++) {
      const length = chunkLength(resource, first + k);
      const from = bounds[k] - base + layout.headerSize;
      const chunk = stored.subarray(from, bounds[k + 1] - base);
      const data = target.subarray(to, to + length);
      if (chunk.length === length) data.set(chunk);
      else decodeChunk(decompressor, chunk, data, first + k, base + from);
      to += length;
    }
  }
}

function decodeChunk(
  decompressor: ChunkDecompressor,
  chunk: Uint8Array,
  data: Uint8Array,
  index: number,
  fileOffset: number,
): void {
  try {
    decompressor.decompress(chunk, data);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const fault = {
      structure: `chunk ${index}`,
      offset: fileOffset,
      problem: `it does not decompress: ${error.message}`,
    };
    throw new FormatError(fault, error.code, error);
  }
}

/** Checks, before anything is allocated by them, that stored and expanded size go together. @throws FormatError */
export function assertSizes(resource: ResourceLocation): void {
  if (resource.solid !== undefined) assertSolidSizes(solidPlaceOf(resource));
  else if (resource.format === 'none') checkPlain(resource);
  else chunkLayout(resource);
}

function checkPlain({ size, storedSize, offset }: ResourceLocation): void {
  if (size === storedSize) return;
  throw new FormatError({
    structure: 'resource',
    offset,
    problem: `it is not compressed, but has ${storedSize} stored bytes for ${size} bytes of data`,
  });
}

function plain(resource: ResourceLocation, stored: Uint8Array): Uint8Array {
  checkPlain(resource);
  return stored;
}

/** Fills `target`. @throws FormatError when the file ends before */
export function readFull(source: ByteSource, offset: number, target: Uint8Array): void {
  const count = source.read(offset, target);
  if (count === target.length) return;
  const problem = `${target.length} bytes wanted, ${count} are there (${source.name})`;
  throw new FormatError({ structure: 'resource', offset, problem }, 'wim/truncated');
}
