/*
 * XPRESS: LZ77 with Huffman codes, [MS-XCA] sections 2.1 and 2.2, as Windows images use it, one chunk at a time.
 *
 * A chunk opens with 256 bytes of code lengths for 512 symbols, four bits each, the even symbol in the low half; 0 means
 * unused and 15 is the longest. The code is canonical. Symbols 0 to 255 are literals. The others are matches: the low four
 * bits of symbol - 256 give the length, 3 to 17 directly, and the high four bits give the number of offset bits that
 * follow; the offset has a one put before them. After the table comes the bit stream, in little-endian words of 16 bits,
 * each read from its highest bit down.
 *
 * What surprises:
 * - A length field of 15 (a length of 18 or more) takes further bytes: one byte to add; if that is 255, a 16-bit word that
 *   holds the length - 3 anew; if that is 0, a 32-bit one. They stand in the bit stream at the place where the reader
 *   stands, and the reader runs ahead: it always has at least 16 bits, so after each symbol and each offset it takes the
 *   next word as soon as fewer are left. The bytes come right after the last word so taken, before the bits of
 *   the offset. A reader with a larger buffer has to give words back, and a writer has to reserve two words
 *   before it places a byte.
 * - Symbol 256 is the match of length 3 and offset 1, and also the end of the data. Nothing tells them apart but the
 *   amount of output. Microsoft's reader wants it at the end, other writers leave it out, so we write it and do not ask.
 * - The last word is followed by the one that the reader takes ahead, and which may be all zero.
 * - The lengths must use up the code space exactly. Microsoft's writer thus always has two symbols, the second being the
 *   end symbol. wimlib also takes a table without any symbol; as a run of zero bytes it is far more often damage, and
 *   neither writer makes it, so it is refused here like any other incomplete code.
 * - Nothing records the sizes: both come from the chunk table. Bytes after the data are ignored, as in the other readers.
 * - The Windows compression API puts several blocks of 64 KiB, each with a table of its own, one after the other, and
 *   matches reach back across them. Chunks of a WIM, and of a file compressed by WOF, are at most one such block.
 */
import { FormatError } from '../../../../src-shared/errors/appError';
import type { ChunkCompressor, ChunkDecompressor, CompressorOptions } from '../codec';

/** Largest chunk of the format, in bytes. */
export const xpressMaxChunkSize = 65536;

/** Smallest chunk that a writer can make, in bytes: code lengths and the two words that a reader takes ahead. */
const smallestSize = 256 + 4;

interface DecoderExports {
  readonly memory: WebAssembly.Memory;
  prepareDecoder(): void;
  decoderInput(): number;
  decoderInputSize(): number;
  decoderOutput(): number;
  decode(inputSize: number, outputSize: number): number;
}

// What the kernel's faults 1 to 6 mean.
const problems = [
  'the compressed data ends too early',
  'the Huffman code is over-subscribed',
  'the Huffman code is incomplete',
  'a match reaches back before the start of the chunk',
  'a match goes past the end of the chunk',
  'the extended match length is below its minimum of 18',
] as const;

function instantiate<Exports>(module: WebAssembly.Module): Exports {
  // The kernel imports nothing; the module's exports cannot be typed by anyone but us.
  return new WebAssembly.Instance(module, {}).exports as unknown as Exports;
}

function checkChunkSize(maxChunkSize: number): void {
  if (!Number.isInteger(maxChunkSize) || maxChunkSize < 1 || maxChunkSize > xpressMaxChunkSize) {
    throw new RangeError(`XPRESS chunk size ${maxChunkSize} is not between 1 and ${xpressMaxChunkSize}`);
  }
}

/**
 * Makes a decompressor for chunks of up to `maxChunkSize` bytes, 65,536 at most.
 * @param module the compiled xpress kernel
 * @throws RangeError when the chunk size, or later an output, is larger than that
 */
export function createXpressDecompressor(
  module: WebAssembly.Module,
  maxChunkSize: number,
): ChunkDecompressor {
  checkChunkSize(maxChunkSize);
  const kernel = instantiate<DecoderExports>(module);
  kernel.prepareDecoder();
  const memory = new Uint8Array(kernel.memory.buffer);
  const inputStart = kernel.decoderInput();
  const inputLimit = kernel.decoderInputSize();
  const outputStart = kernel.decoderOutput();
  function decompressInPlace(input: Uint8Array, size: number): Uint8Array {
    if (size > maxChunkSize) {
      throw new RangeError(`XPRESS output of ${size} bytes is larger than a chunk of ${maxChunkSize}`);
    }
    // No chunk can reach further than the slab, so what does not fit is never read.
    const inputSize = Math.min(input.length, inputLimit);
    memory.set(inputSize === input.length ? input : input.subarray(0, inputSize), inputStart);
    const result = kernel.decode(inputSize, size);
    if (result !== 0) {
      const problem = problems[(result & 15) - 1];
      throw new FormatError({ structure: 'XPRESS chunk', offset: result >>> 4, problem });
    }
    return memory.subarray(outputStart, outputStart + size);
  }
  return {
    decompress(input, output) {
      output.set(decompressInPlace(input, output.length));
    },
    decompressInPlace,
  };
}

interface EncoderExports {
  readonly memory: WebAssembly.Memory;
  prepareEncoder(mode: number, depth: number, nice: number, passes: number, maxChunkSize: number): void;
  encoderInput(): number;
  encoderOutput(): number;
  encode(size: number, capacity: number): number;
}

/** How the kernel parses. */
const parseMode = { greedy: 0, lazy: 1, nearOptimal: 2 } as const;

/** How hard a level searches. */
interface Effort {
  readonly mode: number;
  /** Places looked at for a match longer than the first found. */
  readonly depth: number;
  /** Length that is good enough to stop searching. */
  readonly nice: number;
  /** Rounds of near-optimal parsing. */
  readonly passes: number;
}

// Tuned to the sizes of wimlib's levels: within 0.2 % of them, and at 50, the default, no larger.
function effortOf(level: number): Effort {
  if (level < 30) {
    return {
      mode: parseMode.greedy,
      depth: Math.ceil(0.75 * level),
      nice: Math.max(8, 3 * level),
      passes: 0,
    };
  }
  if (level < 60) {
    const nice = Math.round(0.7 * level);
    return { mode: parseMode.lazy, depth: Math.round(0.36 * level), nice, passes: 0 };
  }
  const depth = Math.round(64 * (level / 100) ** 3);
  const nice = Math.round(1.1 * level);
  return { mode: parseMode.nearOptimal, depth, nice, passes: level < 80 ? 1 : level < 100 ? 2 : 3 };
}

/**
 * Makes a compressor: greedy below level 30, lazy below 60, near-optimal from there. It takes about 0.8 MB, and from
 * level 60 about 32 times the chunk size more.
 * @param module the compiled xpress kernel
 * @throws RangeError when the chunk size or the level is out of range, or later an input is empty or above the chunk size
 */
export function createXpressCompressor(
  module: WebAssembly.Module,
  options: CompressorOptions,
): ChunkCompressor {
  const { maxChunkSize, level } = options;
  checkChunkSize(maxChunkSize);
  if (!(level >= 1 && level <= 100)) throw new RangeError(`XPRESS level ${level} is not between 1 and 100`);
  const kernel = instantiate<EncoderExports>(module);
  const effort = effortOf(Math.trunc(level));
  kernel.prepareEncoder(effort.mode, effort.depth, effort.nice, effort.passes, maxChunkSize);
  const memory = new Uint8Array(kernel.memory.buffer);
  const inputStart = kernel.encoderInput();
  const outputStart = kernel.encoderOutput();
  return {
    compress(input, output) {
      const size = input.length;
      if (size < 1 || size > maxChunkSize) {
        throw new RangeError(`XPRESS input of ${size} bytes is not between 1 and ${maxChunkSize}`);
      }
      if (output.length < smallestSize) return 0;
      memory.set(input, inputStart);
      const written = kernel.encode(size, Math.min(output.length, xpressMaxChunkSize));
      if (written > 0) output.set(memory.subarray(outputStart, outputStart + written));
      return written;
    },
  };
}
