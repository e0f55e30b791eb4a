// Writes LZX streams by hand, bit by bit, for what no encoder writes.

/** Bits into little-endian 16-bit words, most significant bit first. */
export class LzxStream {
  private readonly bits: number[] = [];

  /** Bits so far. */
  get size(): number {
    return this.bits.length;
  }

  put(value: number, count: number): this {
    for (let i = count - 1; i >= 0; i--) this.bits.push((value >> i) & 1);
    return this;
  }

  /** Type and size of a block, for windows below 64 KiB. */
  block(type: number, size: number): this {
    return this.put(type, 3).put(0, 1).put(size, 16);
  }

  /** Code lengths as differences from `last`: precode symbols 0 to 14 have four bits, 15 and 16 have five. */
  lengths(lengths: readonly number[], last: readonly number[] = []): this {
    for (let symbol = 0; symbol < 20; symbol++) this.put(symbol < 15 ? 4 : symbol < 17 ? 5 : 0, 4);
    lengths.forEach((length, i) => {
      const symbol = (17 + (last[i] ?? 0) - length) % 17;
      if (symbol < 15) this.put(symbol, 4);
      else this.put(symbol + 15, 5);
    });
    return this;
  }

  /** Pads as an uncompressed block does, 1 to 16 bits. */
  pad(): this {
    return this.put(0, 16 - (this.bits.length % 16));
  }

  /** A whole byte, on a byte boundary: the two bytes of a word come in memory order. */
  raw(...bytes: number[]): this {
    for (let i = 0; i < bytes.length; i += 2) this.put(bytes[i + 1] ?? 0, 8).put(bytes[i], 8);
    return this;
  }

  bytes(): Uint8Array {
    const words = Math.ceil(this.bits.length / 16);
    const bytes = new Uint8Array(words * 2);
    this.bits.forEach((bit, i) => {
      const word = i >> 4;
      bytes[2 * word + ((i & 15) < 8 ? 1 : 0)] |= bit << (7 - (i & 7));
    });
    return bytes;
  }
}

/** Lengths of a code: all zero but the ones given. */
export function lengthsOf(symbols: number, used: Readonly<Record<number, number>>): number[] {
  return Array.from({ length: symbols }, (_, symbol) => used[symbol] ?? 0);
}
