/** Thrown within the decoder; it becomes a FormatError there. */
export class LzxFault extends Error {}

/** Zeros behind the input, so that reading ahead stays inside. */
const PADDING = 8;

/**
 * Bits of LZX: words of 16 bits, little-endian, the upper bits of a word first. The input comes block by block and is
 * one stream; the decoder's inner loop takes the fields into its own variables and puts them back.
 */
export class BitReader {
  input = new Uint8Array(1 << 17);
  /** Where the input ends. */
  end = 0;
  /** Next byte that is not in {@link buffer}. */
  at = 0;
  /** Bits that were read ahead, the next one on top. */
  buffer = 0;
  left = 0;

  /** Takes a block's bytes behind what is left. @throws LzxFault when far more is left than a block can be */
  append(data: Uint8Array): void {
    const rest = this.end - this.at;
    if (rest + data.length + PADDING > this.input.length)
      throw new LzxFault('there is more data than the blocks stand for');
    this.input.copyWithin(0, this.at, this.end);
    this.input.set(data, rest);
    this.at = 0;
    this.end = rest + data.length;
    this.input.fill(0, this.end, this.end + PADDING);
  }

  /** A copy of what was appended and not taken; nothing may be read ahead. */
  rest(): Uint8Array {
    return this.input.slice(this.at, this.end);
  }

  /** Makes at least 17 bits ready. */
  fill(): void {
    if (this.left > 16) return;
    if (this.at >= this.end + 4) throw new LzxFault('the data ends too early');
    this.buffer |= (this.input[this.at] | (this.input[this.at + 1] << 8)) << (16 - this.left);
    this.at += 2;
    this.left += 16;
  }

  /** @param count 1 to 17 */
  take(count: number): number {
    this.fill();
    const value = this.buffer >>> (32 - count);
    this.buffer <<= count;
    this.left -= count;
    return value;
  }

  /** Drops the rest of the word that is begun, and gives back what was read ahead. @throws LzxFault past the end */
  align(): void {
    this.at -= (this.left >>> 4) * 2;
    this.buffer = 0;
    this.left = 0;
    if (this.at > this.end) throw new LzxFault('the data ends too early');
  }
}
