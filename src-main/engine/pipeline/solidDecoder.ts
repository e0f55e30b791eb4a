import { FormatError } from '../../../src-shared/errors/appError';
import { assertRange, type ByteSource } from '../binary/byteSource';
import type { ChunkDecompressor } from '../codec/codec';
import { decompressorFor } from '../codec/codecs';
import type { Kernels } from '../codec/kernel';
import { solidBounds, solidChunkLength, windowOf, type SolidPlace } from './solidChunks';
import type { InputFile } from './taskFiles';
import type { ResourceLocation } from './tasks';

/** Chunk tables of up to this many chunks are kept for the next blob. */
const KEPT_BOUNDS = 1 << 20;

/** The solid resource that a blob's location leads to. */
export function solidPlaceOf(location: ResourceLocation): SolidPlace {
  const { offset, storedSize, size, format, chunkSize, solid } = location;
  return { offset, storedSize, size: solid?.size ?? size, format, chunkSize };
}

/**
 * Expands chunks of solid resources. The last one is kept: the next blob most often lies in it, too. One per thread;
 * its decompressors are its own, so that nobody else overwrites the chunk in their memory.
 */
export class SolidDecoder {
  private kernels: Kernels;
  private stored = new Uint8Array(0);
  private data = new Uint8Array(0);
  private current: { readonly key: string; readonly chunk: Uint8Array } | undefined;
  private table: { readonly key: string; readonly bounds: Float64Array } | undefined;

  constructor(private readonly shared: Kernels) {
    this.kernels = ownKernels(shared);
  }

  /**
   * Hands the bytes [offset, offset + length) of a blob in a solid resource to `take`, chunk by chunk, in order.
   * @throws FormatError, AppError
   */
  readRange(
    source: ByteSource,
    location: ResourceLocation,
    offset: number,
    length: number,
    take: (bytes: Uint8Array) => void,
  ): void {
    const place = solidPlaceOf(location);
    const start = (location.solid?.start ?? 0) + offset;
    const bounds = this.boundsOf(source, place);
    for (let at = start; at < start + length;) {
      const index = Math.floor(at / place.chunkSize);
      const chunk = this.chunk(source, place, index, bounds[index], bounds[index + 1]);
      const from = at - index * place.chunkSize;
      const to = Math.min(chunk.length, from + (start + length - at));
      take(chunk.subarray(from, to));
      at += to - from;
    }
  }

  /**
   * One chunk. It stays as it is until the next one is asked for.
   * @param from file offset of its stored bytes, `to` of their end
   * @throws FormatError, AppError
   */
  chunk(source: ByteSource, place: SolidPlace, index: number, from: number, to: number): Uint8Array {
    const key = `${identityOf(source)} ${place.offset} ${place.storedSize} ${index}`;
    if (this.current?.key === key) return this.current.chunk;
    this.current = undefined;
    const chunk = this.expand(source, place, index, from, to);
    this.current = { key, chunk };
    return chunk;
  }

  /** Gives all memory back. */
  release(): void {
    this.kernels = ownKernels(this.shared);
    this.stored = new Uint8Array(0);
    this.data = new Uint8Array(0);
    this.current = undefined;
    this.table = undefined;
  }

  private boundsOf(source: ByteSource, place: SolidPlace): Float64Array {
    const key = `${identityOf(source)} ${place.offset} ${place.storedSize}`;
    if (this.table?.key === key) return this.table.bounds;
    const bounds = solidBounds(source, place);
    this.table = bounds.length <= KEPT_BOUNDS ? { key, bounds } : undefined;
    return bounds;
  }

  private expand(source: ByteSource, place: SolidPlace, index: number, from: number, to: number): Uint8Array {
    const length = solidChunkLength(place, index);
    const storedLength = to - from;
    if (!(storedLength > 0 && storedLength <= length))
      throw notExpanding(index, from, 'its stored size is wrong');
    assertRange(source, from, storedLength, 'solid resource');
    if (this.stored.length < storedLength) this.stored = new Uint8Array(storedLength);
    const stored = this.stored.subarray(0, storedLength);
    const count = source.read(from, stored);
    if (count !== storedLength) {
      const problem = `${storedLength} bytes wanted, ${count} are there (${source.name})`;
      throw new FormatError({ structure: 'solid resource', offset: from, problem }, 'wim/truncated');
    }
    if (storedLength === length) return stored;
    if (place.format === 'none') throw notExpanding(index, from, 'its data is not compressed');
    const decompressor = decompressorFor(this.kernels, place.format, windowOf(place));
    try {
      return this.decompress(decompressor, stored, length);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw notExpanding(index, from, error.message, error);
    }
  }

  private decompress(decompressor: ChunkDecompressor, stored: Uint8Array, length: number): Uint8Array {
    if (decompressor.decompressInPlace !== undefined) return decompressor.decompressInPlace(stored, length);
    if (this.data.length < length) this.data = new Uint8Array(length);
    const data = this.data.subarray(0, length);
    decompressor.decompress(stored, data);
    return data;
  }
}

/** Kernels of the same code whose instances nobody shares. */
function ownKernels(shared: Kernels): Kernels {
  return { kernel: (name) => shared.kernel(name) };
}

/** Tells a file from a later one of its name. */
function identityOf(source: ByteSource): string {
  const status = (source as Partial<InputFile>).status?.();
  return `${source.name} ${source.size} ${status?.modifiedMs ?? 0}`;
}

function notExpanding(index: number, offset: number, why: string, cause?: FormatError): FormatError {
  const fault = { structure: `chunk ${index}`, offset, problem: `it does not decompress: ${why}` };
  return new FormatError(fault, cause?.code ?? 'wim/malformed', cause);
}
