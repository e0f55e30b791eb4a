import { FormatError } from '../../../src-shared/errors/appError';
import type { ChunkDecompressor } from './codec';

/** What the LZX and LZMS kernels export for decoding. */
export interface DecoderKernel {
  readonly memory: WebAssembly.Memory;
  setUpDecoder(maxChunkSize: number, maxInput: number): void;
  decoderInput(): number;
  decoderOutput(): number;
  /** Bytes of input used so far: where a fault was found. */
  decoderOffset(): number;
  /** 0, or the number of what is wrong. */
  decode(inputSize: number, outputSize: number): number;
}

/** A chunk that does not shrink is stored, but another writer may have kept one that grew a little. */
const GROWTH = 4096;

/**
 * Sets a kernel's instance up as a decoder: a chunk is copied in and decoded between slabs of the instance's own, and
 * FormatErrors count offsets from the start of the compressed chunk.
 * @param codec name of the format in messages
 * @param problems words for the kernel's status numbers
 */
export function createKernelDecompressor(
  kernel: DecoderKernel,
  codec: string,
  maxChunkSize: number,
  problems: readonly string[],
): ChunkDecompressor {
  const structure = `${codec} chunk`;
  const maxInput = maxChunkSize + GROWTH;
  kernel.setUpDecoder(maxChunkSize, maxInput);
  const inputSlab = new Uint8Array(kernel.memory.buffer, kernel.decoderInput(), maxInput);
  const outputSlab = new Uint8Array(kernel.memory.buffer, kernel.decoderOutput(), maxChunkSize);

  function decompressInPlace(input: Uint8Array, size: number): Uint8Array {
    if (size > maxChunkSize) {
      throw new RangeError(`${structure} of ${size} bytes exceeds its maximum of ${maxChunkSize}`);
    }
    if (input.length > maxInput) {
      const problem = `compressed size ${input.length} is too large for a chunk of ${maxChunkSize} bytes`;
      throw new FormatError({ structure, offset: 0, problem });
    }
    inputSlab.set(input);
    const status = kernel.decode(input.length, size);
    if (status !== 0) {
      throw new FormatError({ structure, offset: kernel.decoderOffset(), problem: problems[status] });
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
