// Plain, slow readers of XPRESS and LZX, for the tokenizer alone: the program's own decoders must have no part in it.

/** Bits of a stream of little-endian 16-bit words, most significant bit first. */
class BitReader {
  at = 0;
  private word = 0;
  private left = 0;

  constructor(private readonly input: Uint8Array) {}

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      if (this.left === 0) this.refill();
      this.left -= 1;
      value = value * 2 + ((this.word >> this.left) & 1);
    }
    return value;
  }

  /** Drops what is left of the current word; a whole word when nothing is left of it. */
  alignToWord(): void {
    if (this.left === 0) this.refill();
    this.left = 0;
  }

  byte(): number {
    return this.input[this.at++] ?? 0;
  }

  private refill(): void {
    this.word = this.byte() | (this.byte() << 8);
    this.left = 16;
  }
}

/** Symbols of a canonical Huffman code, by length and code. */
type Code = ReadonlyMap<string, number>;

function codeOf(lengths: ArrayLike<number>): Code {
  const symbols = new Map<string, number>();
  let code = 0;
  for (let length = 1; length <= 16; length++) {
    code *= 2;
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] === length) symbols.set(`${length}:${code++}`, symbol);
    }
  }
  return symbols;
}

function symbolFrom(nextBit: () => number, code: Code): number {
  let value = 0;
  for (let length = 1; length <= 16; length++) {
    value = value * 2 + nextBit();
    const symbol = code.get(`${length}:${value}`);
    if (symbol !== undefined) return symbol;
  }
  throw new Error('no such code in the Huffman table');
}

/** [MS-XCA] 2.2: one chunk of at most 64 KiB. Its bytes and bits interleave: 32 bits are read ahead. */
export function decodeXpress(input: Uint8Array, size: number): Uint8Array {
  const lengths = Array.from({ length: 512 }, (_, i) =>
    i % 2 === 0 ? input[i >> 1] & 15 : input[i >> 1] >> 4,
  );
  const code = codeOf(lengths);
  let at = 256;
  const byte = (): number => input[at++] ?? 0;
  const word = (): number => byte() | (byte() << 8);
  const ahead: number[] = [];
  const load = (): void => {
    const value = word();
    for (let bit = 15; bit >= 0; bit--) ahead.push((value >> bit) & 1);
  };
  load();
  load();
  const nextBit = (): number => {
    const bit = ahead.shift();
    if (bit === undefined) throw new Error('out of bits');
    // The next word is fetched once fewer than 16 bits are left, before any byte that follows is.
    if (ahead.length < 16) load();
    return bit;
  };
  const output = new Uint8Array(size);
  for (let out = 0; out < size;) {
    const symbol = symbolFrom(nextBit, code);
    if (symbol < 256) {
      output[out++] = symbol;
      continue;
    }
    let length = symbol & 15;
    const offsetBits = (symbol >> 4) & 15;
    if (length === 15) {
      length += byte();
      if (length === 15 + 255) {
        length = word();
        if (length === 0) length = word() | (word() << 16);
      }
    }
    let offset = 1;
    for (let i = 0; i < offsetBits; i++) offset = offset * 2 + nextBit();
    for (let i = 0; i < length + 3; i++, out++) output[out] = output[out - offset];
  }
  return output;
}

const LZX_EXTRA_BITS = Array.from({ length: 50 }, (_, slot) =>
  slot < 4 ? 0 : Math.min(17, (slot >> 1) - 1),
);
const LZX_BASES = LZX_EXTRA_BITS.map((_, slot) =>
  LZX_EXTRA_BITS.slice(0, slot).reduce((sum, extra) => sum + (1 << extra), 0),
);

/** [MS-PATCH] as WIM uses it: each chunk is a stream of its own, E8 translation with a file size of 12,000,000. */
export function decodeLzx(input: Uint8Array, size: number, windowSize: number): Uint8Array {
  const reader = new BitReader(input);
  const slots = LZX_BASES.findIndex((base) => base >= windowSize);
  const mainLengths = new Uint8Array(256 + (slots === -1 ? 50 : slots) * 8);
  const lengthLengths = new Uint8Array(249);
  const recent = [1, 1, 1];
  const output = new Uint8Array(size);
  const nextBit = (): number => reader.bits(1);
  let out = 0;
  while (out < size) {
    const kind = reader.bits(3);
    const blockSize = reader.bits(1) === 1 ? 32768 : reader.bits(windowSize >= 65536 ? 24 : 16);
    const end = out + blockSize;
    if (kind === 3) {
      reader.alignToWord();
      for (let i = 0; i < 3; i++) {
        recent[i] =
          reader.byte() + reader.byte() * 0x100 + reader.byte() * 0x1_0000 + reader.byte() * 0x100_0000;
      }
      while (out < end) output[out++] = reader.byte();
      if (blockSize % 2 === 1) reader.byte();
      continue;
    }
    if (kind !== 1 && kind !== 2) throw new Error(`LZX block of kind ${kind}`);
    const aligned = kind === 2 ? codeOf(Array.from({ length: 8 }, () => reader.bits(3))) : undefined;
    readLengths(reader, mainLengths, 0, 256);
    readLengths(reader, mainLengths, 256, mainLengths.length);
    readLengths(reader, lengthLengths, 0, 249);
    const main = codeOf(mainLengths);
    const lengths = codeOf(lengthLengths);
    while (out < end) {
      const symbol = symbolFrom(nextBit, main);
      if (symbol < 256) {
        output[out++] = symbol;
        continue;
      }
      let length = (symbol & 7) + 2;
      if (length === 9) length += symbolFrom(nextBit, lengths);
      const slot = (symbol - 256) >> 3;
      if (slot < 3) {
        [recent[0], recent[slot]] = [recent[slot], recent[0]];
      } else {
        const extra = LZX_EXTRA_BITS[slot];
        const low =
          aligned !== undefined && extra >= 3
            ? reader.bits(extra - 3) * 8 + symbolFrom(nextBit, aligned)
            : reader.bits(extra);
        recent.unshift(LZX_BASES[slot] + low - 2);
        recent.pop();
      }
      for (let i = 0; i < length; i++, out++) output[out] = output[out - recent[0]];
    }
  }
  undoCallTranslation(output);
  return output;
}

/** Code lengths as differences from those of the last block, in a code of their own. */
function readLengths(reader: BitReader, lengths: Uint8Array, start: number, end: number): void {
  const code = codeOf(Array.from({ length: 20 }, () => reader.bits(4)));
  const next = (): number => symbolFrom(() => reader.bits(1), code);
  for (let i = start; i < end;) {
    const symbol = next();
    if (symbol < 17) {
      lengths[i] = (lengths[i] + 17 - symbol) % 17;
      i += 1;
      continue;
    }
    const run = symbol === 17 ? 4 + reader.bits(4) : symbol === 18 ? 20 + reader.bits(5) : 4 + reader.bits(1);
    const value = symbol === 19 ? (lengths[i] + 17 - next()) % 17 : 0;
    for (let k = 0; k < run && i < end; k++) lengths[i++] = value;
  }
}

function undoCallTranslation(data: Uint8Array): void {
  const fileSize = 12_000_000;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let at = 0; at < data.length - 10; at++) {
    if (data[at] !== 0xe8) continue;
    const absolute = view.getInt32(at + 1, true);
    if (absolute >= -at && absolute < fileSize) {
      view.setInt32(at + 1, absolute >= 0 ? absolute - at : absolute + fileSize, true);
    }
    at += 4;
  }
}
