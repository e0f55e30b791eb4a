// LZMS chunks: the TypeScript side of the decoder in kernel/, whose format.ts describes the format.
//
// An instance owns a memory whose size follows from the largest chunk it is made for, never from the data; what no chunk
// has used of it yet costs nothing. A chunk is copied in and worked on between slabs that have their own padding and
// slack, so that nothing the data says can reach the caller's buffers. The kernel reports faults as small
// numbers; here they get words.

import type { ChunkDecompressor } from '../codec';
import { createKernelDecompressor, type DecoderKernel } from '../kernelDecompressor';

/** Largest chunk of LZMS, in bytes. */
export const LZMS_MAX_CHUNK_SIZE = 2 ** 30;

/** What a decoder can find wrong, by the kernel's status number. */
const PROBLEMS = [
  '',
  'the data is shorter than the range coder needs to start',
  'the data is no row of 16-bit words: its size is odd',
  'match reaches back before the start of the chunk',
  'match exceeds the chunk',
  'delta match reaches back before the start of the chunk',
] as const;

/** Instantiates a kernel. Its exports are known from its source, so this is the one place that asserts their types. */
function instantiate(module: WebAssembly.Module): DecoderKernel {
  return new WebAssembly.Instance(module, {}).exports as unknown as DecoderKernel;
}

/**
 * Makes a decompressor for one thread.
 * @param maxChunkSize largest chunk that it will be given, in bytes, at most {@link LZMS_MAX_CHUNK_SIZE}: it decides about
 * the memory alone. The decompressor's FormatErrors count offsets from the start of the compressed chunk.
 * @throws RangeError for a chunk size out of range
 */
export function createLzmsDecompressor(module: WebAssembly.Module, maxChunkSize: number): ChunkDecompressor {
  if (!Number.isInteger(maxChunkSize) || maxChunkSize < 1 || maxChunkSize > LZMS_MAX_CHUNK_SIZE) {
    throw new RangeError(`LZMS chunk size ${maxChunkSize} is not within 1 to ${LZMS_MAX_CHUNK_SIZE}`);
  }
  return createKernelDecompressor(instantiate(module), 'LZMS', maxChunkSize, PROBLEMS);
}
