/** Codes up to this length are looked up at once, bits. */
const DIRECT_BITS = 11;
/** Longest code of LZX, bits. */
const LONGEST = 16;

/**
 * Decoding table of a canonical Huffman code, made anew for each block of LZX in the same memory.
 *
 * `direct` is indexed by the next {@link HuffmanTable.bits} bits and holds symbol << 4 | length, or 0 where the code is
 * longer (or there is none); {@link HuffmanTable.long} finds longer ones.
 */
export class HuffmanTable {
  readonly bits: number;
  readonly direct: Uint16Array;
  /** Whether there is no code at all. */
  empty = true;
  /** By length: first code, number of codes, and place of the first one's symbol. */
  private readonly first = new Int32Array(LONGEST + 1);
  private readonly count = new Int32Array(LONGEST + 1);
  private readonly place = new Int32Array(LONGEST + 2);
  private readonly symbols: Uint16Array;
  private readonly next = new Int32Array(LONGEST + 2);

  /** @param symbols most that there can be */
  constructor(symbols: number, bits = DIRECT_BITS) {
    this.bits = bits;
    this.direct = new Uint16Array(1 << bits);
    this.symbols = new Uint16Array(symbols);
  }

  /**
   * @param lengths of the codes, 0 for a symbol without one, in `lengths[from]` to `lengths[to - 1]`
   * @returns whether the code is complete, or empty
   */
  build(lengths: Uint8Array, from: number, to: number): boolean {
    const { count, first, place, next, symbols, direct, bits } = this;
    count.fill(0);
    for (let i = from; i < to; i++) count[lengths[i]] += 1;
    this.empty = count[0] === to - from;
    count[0] = 0;
    direct.fill(0);
    if (this.empty) return true;
    let code = 0;
    let total = 0;
    for (let length = 1; length <= LONGEST; length++) {
      code <<= 1;
      first[length] = code;
      place[length] = total;
      next[length] = total;
      code += count[length];
      total += count[length];
    }
    if (code !== 1 << LONGEST) return false;
    for (let i = from; i < to; i++) {
      const length = lengths[i];
      if (length === 0) continue;
      const at = next[length]++;
      const symbol = i - from;
      symbols[at] = symbol;
      if (length > bits) continue;
      const start = (first[length] + at - place[length]) << (bits - length);
      direct.fill((symbol << 4) | length, start, start + (1 << (bits - length)));
    }
    return true;
  }

  /**
   * Finds a code that is longer than {@link bits}.
   * @param ahead the next 16 bits
   * @returns symbol << 5 | length, or -1 where there is none
   */
  long(ahead: number): number {
    for (let length = this.bits + 1; length <= LONGEST; length++) {
      const at = (ahead >>> (LONGEST - length)) - this.first[length];
      if (at >= 0 && at < this.count[length]) return (this.symbols[this.place[length] + at] << 5) | length;
    }
    return -1;
  }
}
