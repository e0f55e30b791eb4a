// LZMS chunks: the TypeScript side of the decoder in kernel/, whose format.ts describes the format.
//
// An instance owns a memory whose size follows from the largest chunk it is made for, never from the data; what no chunk
// has used of it yet costs nothing. A chunk is copied in and worked on between slabs that have their own padding and
// slack, so that nothing the data says can reach the caller's buffers. The kernel reports faults as small
// numbers; here they get words.

import { FormatError } from '../../../../src-shared/errors/appError';
import type { ChunkDecompressor } from '../codec';

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

interface LzmsDecoder {
  readonly memory: WebAssembly.Memory;
  setUpDecoder(maxChunkSize: number, maxInput: number): void;
  decoderInput(): number;
  decoderOutput(): number;
  decoderOffset(): number;
  decode(inputSize: number, outputSize: number): number;
}

/** Instantiates a kernel. Its exports are known from its source, so this is the one place that asserts their types. */
function instantiate(module: WebAssembly.Module): LzmsDecoder {
  return new WebAssembly.Instance(module, {}).exports as unknown as LzmsDecoder;
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
  // A chunk that does not shrink is stored, but another writer may have kept one that grew a little.
  const maxInput = maxChunkSize + 4096;
  const kernel = instantiate(module);
  kernel.setUpDecoder(maxChunkSize, maxInput);
  const inputSlab = new Uint8Array(kernel.memory.buffer, kernel.decoderInput(), maxInput);
  const outputSlab = new Uint8Array(kernel.memory.buffer, kernel.decoderOutput(), maxChunkSize);

  function decompressInPlace(input: Uint8Array, size: number): Uint8Array {
    if (size > maxChunkSize) {
      throw new RangeError(`LZMS chunk of ${size} bytes exceeds its maximum of ${maxChunkSize}`);
    }
    if (input.length > maxInput) {
      throw new FormatError({
        structure: 'LZMS chunk',
        offset: 0,
        problem: `compressed size ${input.length} is too large for a chunk of ${maxChunkSize} bytes`,
      });
    }
    inputSlab.set(input);
    const status = kernel.decode(input.length, size);
    if (status !== 0) {
      throw new FormatError({
        structure: 'LZMS chunk',
        offset: kernel.decoderOffset(),
        problem: PROBLEMS[status],
      });
    }
    return outputSlab.subarray(0, size);
  }

  return {
    decompress(input, output) {
      output.set(decompressInPlace(input, output.length));
    },
    decompressInPlace,
  };
}
