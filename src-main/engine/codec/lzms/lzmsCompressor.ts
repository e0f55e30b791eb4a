// LZMS chunks: the TypeScript side of the encoder in kernel/, whose format.ts describes the format.
//
// An instance owns a memory whose size follows from the largest chunk it is made for and is taken whole when it is made.
// The chunk is copied in, because the kernel's x86 filter changes it in place, and the result is copied out.

import { AppError } from '../../../../src-shared/errors/appError';
import type { ChunkCompressor, CompressorOptions } from '../codec';
import { LZMS_MAX_CHUNK_SIZE } from './lzms';

interface LzmsEncoder {
  readonly memory: WebAssembly.Memory;
  setUpEncoder(maxChunkSize: number, level: number): void;
  encoderInput(): number;
  encoderOutput(): number;
  encode(inputSize: number, outputSize: number): number;
}

/** Instantiates a kernel. Its exports are known from its source, so this is the one place that asserts their types. */
function instantiate(module: WebAssembly.Module): LzmsEncoder {
  return new WebAssembly.Instance(module, {}).exports as unknown as LzmsEncoder;
}

/** Largest chunk in whose whole length matches are found; a larger one is searched in segments of half of it. */
const LARGEST_SEARCHED = 2 ** 27;

/**
 * Memory of a compressor for chunks of up to `maxChunkSize` bytes, in bytes: ten times the chunk size, beyond 128 MiB twice the
 * chunk size and 512 MiB; and 3 MiB. It is taken whole when the compressor is made. The level does not change it.
 */
export function lzmsCompressorMemory(maxChunkSize: number): number {
  const searched = maxChunkSize <= LARGEST_SEARCHED ? maxChunkSize : LARGEST_SEARCHED / 2;
  return 2 * maxChunkSize + 8 * searched + 3 * 2 ** 20;
}

/** A kernel set up for chunks of up to `maxChunkSize` bytes. @throws AppError `job/no-memory` */
function setUp(module: WebAssembly.Module, maxChunkSize: number, level: number): LzmsEncoder {
  const kernel = instantiate(module);
  try {
    kernel.setUpEncoder(maxChunkSize, level);
  } catch (error) {
    // The one thing that can fail in there is to get the memory.
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    const mebibytes = Math.ceil(lzmsCompressorMemory(maxChunkSize) / 2 ** 20);
    throw new AppError(
      'job/no-memory',
      `LZMS in chunks of ${maxChunkSize} bytes takes ${mebibytes} MiB for each thread, which the system does not give`,
      {},
      error,
    );
  }
  return kernel;
}

/**
 * Makes a compressor for one thread.
 * @throws RangeError for a chunk size or level out of range
 * @throws AppError `job/no-memory`
 */
export function createLzmsCompressor(
  module: WebAssembly.Module,
  options: CompressorOptions,
): ChunkCompressor {
  const { maxChunkSize, level } = options;
  if (!Number.isInteger(maxChunkSize) || maxChunkSize < 1 || maxChunkSize > LZMS_MAX_CHUNK_SIZE) {
    throw new RangeError(`LZMS chunk size ${maxChunkSize} is not within 1 to ${LZMS_MAX_CHUNK_SIZE}`);
  }
  if (!Number.isInteger(level) || level < 1 || level > 100) {
    throw new RangeError(`LZMS level ${level} is not within 1 to 100`);
  }
  const kernel = setUp(module, maxChunkSize, level);
  // Addresses come as signed numbers, and may lie above 2 GiB.
  const input = new Uint8Array(kernel.memory.buffer, kernel.encoderInput() >>> 0, maxChunkSize);
  const output = new Uint8Array(kernel.memory.buffer, kernel.encoderOutput() >>> 0, maxChunkSize);
  return {
    compress(chunk, compressed) {
      if (chunk.length > maxChunkSize) {
        throw new RangeError(`LZMS chunk of ${chunk.length} bytes exceeds its maximum of ${maxChunkSize}`);
      }
      input.set(chunk);
      const size = kernel.encode(chunk.length, Math.min(compressed.length, maxChunkSize));
      compressed.set(output.subarray(0, size));
      return size;
    },
  };
}
