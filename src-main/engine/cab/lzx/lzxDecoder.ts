// LZX as cabinets have it: [MS-PATCH] 2, with what [MS-CAB] changes. Unlike in a WIM the window slides, the state lives on
// from block to block of the folder, block sizes have 24 bits, and the translation of calls is told by the first bits. So
// it shares no code with engine/codec/lzx, whose kernel expands chunks on their own.
// A frame is what one CFDATA expands to: 32 KiB but for the last. No match reaches over its end, and the bits of the next
// one begin at a whole word.

import { AppError, FormatError } from '../../../../src-shared/errors/appError';
import type { BlockDecoder } from '../blockDecoder';
import { BLOCK_SIZE } from '../cabRecords';
import { BitReader, LzxFault } from './bitReader';
import { BlockCodes, BlockType, isWindow, LITERALS } from './blockHeader';
import { translateCalls } from './callTranslation';
import { baseOffset, extraBits, LONG_MATCH, SHORTEST_MATCH } from './matchOffsets';

/** Bytes of the three offsets in front of the data of an uncompressed block. */
const OFFSETS = 12;

/**
 * Makes a decoder for one folder.
 * @param windowBits 15 to 21
 * @throws AppError `archive/unsupported` for another window
 */
export function createLzxDecoder(windowBits: number): BlockDecoder {
  if (!isWindow(windowBits)) {
    const message = `the cabinet is compressed by LZX with a window of 2^${windowBits} bytes; there are those of 2^15 to 2^21`;
    throw new AppError('archive/unsupported', message);
  }
  return blockDecoder(new LzxDecoder(windowBits));
}

function blockDecoder(decoder: LzxDecoder): BlockDecoder {
  return {
    decode({ data, size, offset }) {
      try {
        return decoder.frame(data, size);
      } catch (error) {
        if (!(error instanceof LzxFault)) throw error;
        const fault = { structure: 'CFDATA', offset, problem: `LZX: ${error.message}` };
        throw new FormatError(fault, 'archive/malformed', error);
      }
    },
    save() {
      const copy = decoder.saved();
      return () => blockDecoder(copy());
    },
    stateSize: decoder.stateSize,
  };
}

class LzxDecoder {
  private readonly window: Uint8Array;
  private readonly bits = new BitReader();
  private readonly codes: BlockCodes;
  private readonly output = new Uint8Array(BLOCK_SIZE);
  /** Bytes made so far. */
  private made = 0;
  /** Place in the window. */
  private at = 0;
  /** The last three offsets of matches. */
  private r0 = 1;
  private r1 = 1;
  private r2 = 1;
  private blockType = 0;
  private blockSize = 0;
  /** What is still to come of the block. */
  private blockLeft = 0;
  private started = false;
  /** Size by which calls are translated; 0: not at all. */
  private translatedSize = 0;

  constructor(private readonly windowBits: number) {
    this.window = new Uint8Array(1 << windowBits);
    this.codes = new BlockCodes(windowBits);
  }

  /** Most bytes that {@link saved} keeps. */
  get stateSize(): number {
    return this.window.length + this.bits.input.length;
  }

  /** Keeps the state between two frames; what it gives makes decoders in that state. */
  saved(): () => LzxDecoder {
    const { windowBits, made, at, r0, r1, r2, blockType, blockSize, blockLeft } = this;
    const { started, translatedSize } = this;
    const state = { made, at, r0, r1, r2, blockType, blockSize, blockLeft, started, translatedSize };
    const window = this.window.slice(0, Math.min(made, this.window.length));
    const lengths = this.codes.saved();
    const rest = this.bits.rest();
    return () => {
      const copy = Object.assign<LzxDecoder, object>(new LzxDecoder(windowBits), state);
      copy.window.set(window);
      copy.codes.restore(lengths);
      copy.bits.append(rest);
      return copy;
    };
  }

  /** Expands a block of the cabinet to `size` bytes, which are valid until the next call. */
  frame(data: Uint8Array, size: number): Uint8Array {
    const { bits, window } = this;
    if (this.made % BLOCK_SIZE !== 0) throw new LzxFault('a block follows one that is not full');
    bits.append(data);
    if (!this.started) this.start();
    const from = this.at;
    const end = from + size;
    while (this.at < end) {
      if (this.blockLeft === 0) this.startBlock();
      const stop = Math.min(end, this.at + this.blockLeft);
      const before = this.at;
      if (this.blockType === BlockType.UNCOMPRESSED) this.copyRaw(stop);
      else this.decodeSymbols(stop, from);
      this.blockLeft -= this.at - before;
    }
    bits.align();
    const output = this.output.subarray(0, size);
    output.set(window.subarray(from, end));
    if (this.translatedSize !== 0) translateCalls(output, this.made, this.translatedSize);
    this.made += size;
    this.at = end === window.length ? 0 : end;
    return output;
  }

  private start(): void {
    this.started = true;
    if (this.bits.take(1) === 0) return;
    const upper = this.bits.take(16);
    this.translatedSize = (upper << 16) | this.bits.take(16);
  }

  private startBlock(): void {
    const { bits } = this;
    // Bytes of an uncompressed block are filled up to a whole word.
    if (this.blockType === BlockType.UNCOMPRESSED && (this.blockSize & 1) === 1) {
      if (bits.at < bits.end) bits.at += 1;
    }
    this.blockType = bits.take(3);
    const upper = bits.take(16);
    this.blockSize = (upper << 8) | bits.take(8);
    this.blockLeft = this.blockSize;
    if (this.blockSize === 0) throw new LzxFault('a block is empty');
    switch (this.blockType) {
      case BlockType.VERBATIM:
      case BlockType.ALIGNED:
        this.codes.read(bits, this.blockType);
        return;
      case BlockType.UNCOMPRESSED:
        this.startRaw();
        return;
      default:
        throw new LzxFault(`block type ${this.blockType} does not exist`);
    }
  }

  /** The data of an uncompressed block begins at a word: one to sixteen bits are dropped. */
  private startRaw(): void {
    const { bits } = this;
    if ((bits.left & 15) === 0) bits.take(16);
    bits.align();
    if (bits.at + OFFSETS > bits.end) throw new LzxFault('the data ends too early');
    const view = new DataView(bits.input.buffer, bits.at);
    this.r0 = view.getInt32(0, true);
    this.r1 = view.getInt32(4, true);
    this.r2 = view.getInt32(8, true);
    bits.at += OFFSETS;
  }

  private copyRaw(stop: number): void {
    const { bits } = this;
    const count = stop - this.at;
    if (bits.at + count > bits.end) throw new LzxFault('the data ends too early');
    this.window.set(bits.input.subarray(bits.at, bits.at + count), this.at);
    bits.at += count;
    this.at = stop;
  }

  /**
   * Decodes up to `stop`, which is the end of the frame or of the block.
   * @param from where the frame begins in the window
   */
  private decodeSymbols(stop: number, from: number): void {
    const { window, bits, codes } = this;
    const { input, end } = bits;
    const { main, length: lengths, aligned } = codes;
    const isAligned = this.blockType === BlockType.ALIGNED;
    const mask = window.length - 1;
    const mainDirect = main.direct;
    const mainShift = 32 - main.bits;
    // How far back from the frame there is something.
    const reach = Math.min(this.made, window.length);
    let { at, r0, r1, r2 } = this;
    let { at: next, buffer, left } = bits;

    while (at < stop) {
      if (left <= 16) {
        if (next >= end + 4) throw new LzxFault('the data ends too early');
        buffer |= (input[next] | (input[next + 1] << 8)) << (16 - left);
        next += 2;
        left += 16;
      }
      let symbol = mainDirect[buffer >>> mainShift];
      if (symbol !== 0) {
        const count = symbol & 15;
        buffer <<= count;
        left -= count;
        symbol >>>= 4;
      } else {
        const found = main.long(buffer >>> 16);
        if (found < 0) throw new LzxFault('a code does not exist');
        buffer <<= found & 31;
        left -= found & 31;
        symbol = found >>> 5;
      }
      if (symbol < LITERALS) {
        window[at++] = symbol;
        continue;
      }

      symbol -= LITERALS;
      let length = symbol & 7;
      if (length === LONG_MATCH) {
        if (left <= 16) {
          buffer |= (input[next] | (input[next + 1] << 8)) << (16 - left);
          next += 2;
          left += 16;
        }
        const direct = lengths.direct[buffer >>> (32 - lengths.bits)];
        const found = direct === 0 ? lengths.long(buffer >>> 16) : ((direct >>> 4) << 5) | (direct & 15);
        if (found < 0 || lengths.empty) throw new LzxFault('a code of a length does not exist');
        buffer <<= found & 31;
        left -= found & 31;
        length += found >>> 5;
      }
      length += SHORTEST_MATCH;

      const slot = symbol >>> 3;
      let offset: number;
      if (slot === 0) offset = r0;
      else if (slot === 1) {
        offset = r1;
        r1 = r0;
        r0 = offset;
      } else if (slot === 2) {
        offset = r2;
        r2 = r0;
        r0 = offset;
      } else {
        offset = baseOffset[slot] - 2;
        let extra = extraBits[slot];
        const ends = isAligned && extra >= 3;
        if (ends) extra -= 3;
        if (extra > 0) {
          if (left <= 16) {
            buffer |= (input[next] | (input[next + 1] << 8)) << (16 - left);
            next += 2;
            left += 16;
          }
          const value = buffer >>> (32 - extra);
          buffer <<= extra;
          left -= extra;
          offset += ends ? value << 3 : value;
        }
        if (ends) {
          if (left <= 16) {
            buffer |= (input[next] | (input[next + 1] << 8)) << (16 - left);
            next += 2;
            left += 16;
          }
          const direct = aligned.direct[buffer >>> (32 - aligned.bits)];
          if (direct === 0) throw new LzxFault('a code of an offset does not exist');
          buffer <<= direct & 15;
          left -= direct & 15;
          offset += direct >>> 4;
        }
        r2 = r1;
        r1 = r0;
        r0 = offset;
      }

      if (length > stop - at) throw new LzxFault('a match reaches past the end of its block or frame');
      if (offset <= 0 || offset > reach + at - from || offset > window.length) {
        throw new LzxFault('a match reaches back before the start of the data');
      }
      const target = at + length;
      let source = at - offset;
      if (source >= 0) {
        while (at < target) window[at++] = window[source++];
      } else {
        while (at < target) window[at++] = window[source++ & mask];
      }
    }
    this.at = at;
    this.r0 = r0;
    this.r1 = r1;
    this.r2 = r2;
    bits.at = next;
    bits.buffer = buffer;
    bits.left = left;
  }
}
