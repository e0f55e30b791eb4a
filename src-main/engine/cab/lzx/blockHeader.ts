import { LzxFault, type BitReader } from './bitReader';
import { HuffmanTable } from './huffman';

export const BlockType = { VERBATIM: 1, ALIGNED: 2, UNCOMPRESSED: 3 } as const;

export const LITERALS = 256;
/** Symbols of a match in the main code: 8 for each slot of an offset. */
const LENGTH_HEADERS = 8;
const LENGTH_SYMBOLS = 249;
const ALIGNED_SYMBOLS = 8;
const PRE_SYMBOLS = 20;

/** Slots of offsets by the window's bits, from 15 on: [MS-PATCH] 2.2. */
const SLOTS = [30, 32, 34, 36, 38, 42, 50];

/** Whether a window of 2 to the power of `bits` bytes exists. */
export function isWindow(bits: number): boolean {
  return bits >= 15 && bits < 15 + SLOTS.length;
}

/** Lengths of the codes, 0 for a symbol without one. */
export interface BlockLengths {
  readonly main: Uint8Array;
  readonly length: Uint8Array;
  readonly aligned: Uint8Array;
}

/** Codes of the block that is read. Lengths go on from block to block, as changes of those before. */
export class BlockCodes {
  readonly main: HuffmanTable;
  readonly length = new HuffmanTable(LENGTH_SYMBOLS);
  readonly aligned = new HuffmanTable(ALIGNED_SYMBOLS, 7);
  private readonly pre = new HuffmanTable(PRE_SYMBOLS);
  private readonly preLengths = new Uint8Array(PRE_SYMBOLS);
  private readonly mainLengths: Uint8Array;
  private readonly lengthLengths = new Uint8Array(LENGTH_SYMBOLS);
  private readonly alignedLengths = new Uint8Array(ALIGNED_SYMBOLS);

  constructor(windowBits: number) {
    const symbols = LITERALS + LENGTH_HEADERS * SLOTS[windowBits - 15];
    this.main = new HuffmanTable(symbols);
    this.mainLengths = new Uint8Array(symbols);
  }

  /** Reads the codes of a block that is not uncompressed. */
  read(bits: BitReader, type: number): void {
    if (type === BlockType.ALIGNED) {
      for (let i = 0; i < ALIGNED_SYMBOLS; i++) this.alignedLengths[i] = bits.take(3);
      this.build(this.aligned, this.alignedLengths, 'aligned offset');
    }
    this.readLengths(bits, this.mainLengths, 0, LITERALS);
    this.readLengths(bits, this.mainLengths, LITERALS, this.mainLengths.length);
    this.build(this.main, this.mainLengths, 'main');
    if (this.main.empty) throw new LzxFault('the main code is empty');
    this.readLengths(bits, this.lengthLengths, 0, LENGTH_SYMBOLS);
    this.build(this.length, this.lengthLengths, 'length');
  }

  /** Goes back to codes that were saved. */
  restore(other: BlockLengths): void {
    this.mainLengths.set(other.main);
    this.lengthLengths.set(other.length);
    this.alignedLengths.set(other.aligned);
    this.build(this.main, this.mainLengths, 'main');
    this.build(this.length, this.lengthLengths, 'length');
    this.build(this.aligned, this.alignedLengths, 'aligned offset');
  }

  /** A copy of the lengths, which the codes follow from. */
  saved(): BlockLengths {
    return {
      main: this.mainLengths.slice(),
      length: this.lengthLengths.slice(),
      aligned: this.alignedLengths.slice(),
    };
  }

  private build(table: HuffmanTable, lengths: Uint8Array, name: string): void {
    if (!table.build(lengths, 0, lengths.length)) throw new LzxFault(`the ${name} code is not complete`);
  }

  /** Lengths as differences to those of the block before, by a code of their own: [MS-PATCH] 2.5. */
  private readLengths(bits: BitReader, lengths: Uint8Array, from: number, to: number): void {
    for (let i = 0; i < PRE_SYMBOLS; i++) this.preLengths[i] = bits.take(4);
    this.build(this.pre, this.preLengths, 'code length');
    for (let at = from; at < to;) {
      const symbol = this.preSymbol(bits);
      if (symbol <= 16) {
        lengths[at] = (lengths[at] + 17 - symbol) % 17;
        at += 1;
        continue;
      }
      let run: number;
      let value = 0;
      if (symbol === 17) run = bits.take(4) + 4;
      else if (symbol === 18) run = bits.take(5) + 20;
      else {
        run = bits.take(1) + 4;
        const change = this.preSymbol(bits);
        if (change > 16) throw new LzxFault('a run of code lengths has no length');
        value = (lengths[at] + 17 - change) % 17;
      }
      run = Math.min(run, to - at);
      lengths.fill(value, at, at + run);
      at += run;
    }
  }

  private preSymbol(bits: BitReader): number {
    bits.fill();
    const direct = this.pre.direct[bits.buffer >>> (32 - this.pre.bits)];
    const found = direct === 0 ? this.pre.long(bits.buffer >>> 16) : ((direct >>> 4) << 5) | (direct & 15);
    if (found < 0) throw new LzxFault('a code of the code lengths does not exist');
    bits.buffer <<= found & 31;
    bits.left -= found & 31;
    return found >>> 5;
  }
}
