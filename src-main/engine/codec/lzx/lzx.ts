// LZX chunks: the TypeScript side of the WebAssembly kernel in kernel/, whose format.ts describes the format.
//
// Every instance owns a memory whose size follows from the largest chunk it is made for, never from the data. A chunk is
// copied in, worked on between slabs that have their own padding and slack, and copied out, so that nothing the data
// says can reach the caller's buffers. The kernel reports faults as small numbers; here they get words.

import type { ChunkCompressor, ChunkDecompressor, CompressorOptions } from '../codec';
import { createKernelDecompressor, type DecoderKernel } from '../kernelDecompressor';

/** Largest window of LZX, and so the largest chunk, in bytes. */
export const LZX_MAX_CHUNK_SIZE = 2 * 1024 * 1024;

/** What a decoder can find wrong, by the kernel's status number. */
const PROBLEMS = [
  '',
  'the data ends too early',
  'unknown block type',
  'block size is zero or exceeds what is left of the chunk',
  'code of the code lengths is empty, over-subscribed or incomplete',
  'code lengths run past the end of their code or repeat without a value',
  'main code is empty, over-subscribed or incomplete',
  'length code is over-subscribed or incomplete, or is empty and used',
  'aligned offset code is over-subscribed or incomplete',
  'match reaches back before the start of the chunk',
  'match exceeds its block',
  'uncompressed block sets an offset of zero',
] as const;

interface LzxKernel extends DecoderKernel {
  setUpEncoder(maxChunkSize: number, level: number): void;
  encoderInput(): number;
  encoderOutput(): number;
  encode(inputSize: number, outputSize: number): number;
}

/** Instantiates a kernel. Its exports are known from its source, so this is the one place that asserts their types. */
function instantiate(module: WebAssembly.Module): LzxKernel {
  return new WebAssembly.Instance(module, {}).exports as unknown as LzxKernel;
}

function checkChunkSize(maxChunkSize: number): void {
  if (!Number.isInteger(maxChunkSize) || maxChunkSize < 1 || maxChunkSize > LZX_MAX_CHUNK_SIZE) {
    throw new RangeError(`LZX chunk size ${maxChunkSize} is not within 1 to ${LZX_MAX_CHUNK_SIZE}`);
  }
}

/**
 * Makes a decompressor for one thread.
 * @param maxChunkSize chunk size of the WIM, in bytes: it decides the window and so the meaning of the data; at most
 * {@link LZX_MAX_CHUNK_SIZE}. The decompressor's FormatErrors count offsets from the start of the compressed chunk.
 * @throws RangeError for a chunk size out of range
 */
export function createLzxDecompressor(module: WebAssembly.Module, maxChunkSize: number): ChunkDecompressor {
  checkChunkSize(maxChunkSize);
  return createKernelDecompressor(instantiate(module), 'LZX', maxChunkSize, PROBLEMS);
}

/**
 * Makes a compressor for one thread.
 * @throws RangeError for a chunk size or level out of range
 */
export function createLzxCompressor(module: WebAssembly.Module, options: CompressorOptions): ChunkCompressor {
  const { maxChunkSize, level } = options;
  checkChunkSize(maxChunkSize);
  if (!Number.isInteger(level) || level < 1 || level > 100) {
    throw new RangeError(`LZX level ${level} is not within 1 to 100`);
  }
  const kernel = instantiate(module);
  kernel.setUpEncoder(maxChunkSize, level);
  const input = new Uint8Array(kernel.memory.buffer, kernel.encoderInput(), maxChunkSize);
  const output = new Uint8Array(kernel.memory.buffer, kernel.encoderOutput(), maxChunkSize);
  return {
    compress(chunk, compressed) {
      if (chunk.length > maxChunkSize) {
        throw new RangeError(`LZX chunk of ${chunk.length} bytes exceeds its maximum of ${maxChunkSize}`);
      }
      input.set(chunk);
      const size = kernel.encode(chunk.length, Math.min(compressed.length, maxChunkSize));
      compressed.set(output.subarray(0, size));
      return size;
    },
  };
}
