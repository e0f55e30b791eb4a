import { AppError } from '../../../src-shared/errors/appError';
import type { Compression } from '../pipeline/tasks';
import type { ChunkCompressor, ChunkDecompressor, CompressionFormat } from './codec';
import type { Kernels } from './kernel';
import { createLzmsDecompressor } from './lzms/lzms';
import { createLzmsCompressor } from './lzms/lzmsCompressor';
import { createLzxCompressor, createLzxDecompressor } from './lzx/lzx';
import { createXpressCompressor, createXpressDecompressor } from './xpress/xpress';

/** Instances of one thread. They hold tables of up to several MB, so each is made once. */
interface Instances {
  readonly compressors: Map<string, ChunkCompressor>;
  readonly decompressors: Map<string, ChunkDecompressor>;
}

/** By kernels, which every thread loads for itself: an instance never leaves its thread. */
const instancesOf = new WeakMap<Kernels, Instances>();

/** Stores every chunk. */
const storing: ChunkCompressor = { compress: () => 0 };

/** Every chunk of such a resource is stored; nothing is left to decompress. */
const stored: ChunkDecompressor = {
  decompress() {
    throw new AppError('internal/bug', 'a stored chunk was given to a decompressor');
  },
};

function instances(kernels: Kernels): Instances {
  let found = instancesOf.get(kernels);
  if (found === undefined) {
    found = { compressors: new Map(), decompressors: new Map() };
    instancesOf.set(kernels, found);
  }
  return found;
}

/** Lets go of the instances of a thread: one for large chunks holds hundreds of megabytes. */
export function forgetCodecs(kernels: Kernels): void {
  instancesOf.delete(kernels);
}

/**
 * The compressor for `compression`, the same one for the same settings.
 * @throws RangeError for a chunk size or level that the codec does not have
 */
export function compressorFor(kernels: Kernels, compression: Compression): ChunkCompressor {
  const { format, chunkSize, level } = compression;
  if (format === 'none') return storing;
  const { compressors } = instances(kernels);
  const key = `${format} ${chunkSize} ${level}`;
  let compressor = compressors.get(key);
  if (compressor === undefined) {
    compressor = makeCompressor(kernels, format, chunkSize, level);
    compressors.set(key, compressor);
  }
  return compressor;
}

/**
 * The decompressor for chunks of up to `chunkSize` bytes, the same one for the same arguments.
 * @throws RangeError for a chunk size that the codec does not have
 */
export function decompressorFor(
  kernels: Kernels,
  format: CompressionFormat,
  chunkSize: number,
): ChunkDecompressor {
  if (format === 'none') return stored;
  const { decompressors } = instances(kernels);
  const key = `${format} ${chunkSize}`;
  let decompressor = decompressors.get(key);
  if (decompressor === undefined) {
    decompressor = makeDecompressor(kernels, format, chunkSize);
    decompressors.set(key, decompressor);
  }
  return decompressor;
}

function makeCompressor(
  kernels: Kernels,
  format: Exclude<CompressionFormat, 'none'>,
  maxChunkSize: number,
  level: number,
): ChunkCompressor {
  switch (format) {
    case 'xpress':
      return createXpressCompressor(kernels.kernel('xpress'), { maxChunkSize, level });
    case 'lzx':
      return createLzxCompressor(kernels.kernel('lzx'), { maxChunkSize, level });
    case 'lzms':
      return createLzmsCompressor(kernels.kernel('lzms'), { maxChunkSize, level });
  }
}

function makeDecompressor(
  kernels: Kernels,
  format: Exclude<CompressionFormat, 'none'>,
  maxChunkSize: number,
): ChunkDecompressor {
  switch (format) {
    case 'xpress':
      return createXpressDecompressor(kernels.kernel('xpress'), maxChunkSize);
    case 'lzx':
      return createLzxDecompressor(kernels.kernel('lzx'), maxChunkSize);
    case 'lzms':
      return createLzmsDecompressor(kernels.kernel('lzms'), maxChunkSize);
  }
}
