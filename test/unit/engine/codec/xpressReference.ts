// A slow reader and writer of XPRESS, word for word from [MS-XCA] 2.1 and 2.2, to hold the fast ones against.

/** Greatest output of one block, with one table. */
export const referenceBlockSize = 65536;

export interface ReferenceResult {
  readonly data: Uint8Array;
  /** Input that the reader took, with the words it reads ahead. */
  readonly read: number;
  /** Whether the end symbol came right after the last byte. */
  readonly endSymbol: boolean;
  /** Output up to the last symbol that ends within the first 64 KiB: the next may reach beyond, in a longer stream. */
  readonly firstBlock: number;
}

/** Decodes a stream of one or more blocks to `size` bytes. Throws a plain Error at anything the text forbids. */
export function referenceDecode(input: Uint8Array, size: number): ReferenceResult {
  const data = new Uint8Array(size);
  let at = 0;
  let out = 0;
  let endSymbol = false;
  let firstBlock = 0;

  const byte = (): number => {
    if (at >= input.length) throw new Error(`input ends at ${at}`);
    return input[at++];
  };
  const word = (): number => byte() | (byte() << 8);

  while (out < size) {
    const lengths = Array.from({ length: 512 }, () => 0);
    for (let i = 0; i < 256; i++) {
      const pair = byte();
      lengths[2 * i] = pair & 15;
      lengths[2 * i + 1] = pair >> 4;
    }
    const table: number[] = [];
    for (let length = 1; length <= 15; length++) {
      for (let symbol = 0; symbol < 512; symbol++) {
        if (lengths[symbol] !== length) continue;
        for (let i = 0; i < 1 << (15 - length); i++) table.push(symbol);
      }
    }
    if (table.length !== 1 << 15) throw new Error('not a complete code');

    let bits = word() * 65536 + word();
    let extra = 16;
    const take = (count: number): void => {
      bits = (bits * 2 ** count) % 2 ** 32;
      extra -= count;
      if (extra < 0) {
        bits += word() * 2 ** -extra;
        extra += 16;
      }
    };
    const symbolHere = (): number => table[Math.floor(bits / 2 ** 17)];

    const blockEnd = Math.min(out + referenceBlockSize, size);
    while (out < blockEnd) {
      if (out <= referenceBlockSize) firstBlock = out;
      const symbol = symbolHere();
      take(lengths[symbol]);
      if (symbol < 256) {
        data[out++] = symbol;
        continue;
      }
      let length = (symbol - 256) & 15;
      const width = (symbol - 256) >> 4;
      if (length === 15) {
        length = byte();
        if (length === 255) {
          length = word();
          if (length === 0) length = word() + word() * 65536;
          if (length < 15) throw new Error('length below 15');
          length -= 15;
        }
        length += 15;
      }
      length += 3;
      const offset = Math.floor(bits / 2 ** (32 - width)) + 2 ** width;
      take(width);
      if (offset > out) throw new Error('match before the start');
      if (length > size - out) throw new Error('match past the end');
      for (let i = 0; i < length; i++, out++) data[out] = data[out - offset];
    }
    if (out <= referenceBlockSize) firstBlock = out;
    endSymbol = symbolHere() === 256;
    if (out === size && endSymbol) {
      // Microsoft's reader takes the end symbol like any other, and only then finds that the input is over.
      const before = extra;
      if (before >= lengths[256]) take(lengths[256]);
      else if (at + 2 <= input.length) take(lengths[256]);
      else throw new Error('no word ahead of the end symbol');
    }
  }
  return { data, read: at, endSymbol, firstBlock };
}

/** One step of a stream: a literal, or a match whose length may be forced into a wider field than it needs. */
export type ReferenceStep =
  number | { readonly length: number; readonly offset: number; readonly field?: 'byte' | 'word' | 'long' };

const widthOf = (offset: number): number => 31 - Math.clz32(offset);

function symbolOf(step: ReferenceStep): number {
  if (typeof step === 'number') return step;
  return 256 + widthOf(step.offset) * 16 + Math.min(step.length - 3, 15);
}

/** A complete code in which the symbols given have lengths as equal as can be. */
export function flatLengths(symbols: Iterable<number>): number[] {
  const used = [...new Set(symbols)].sort((a, b) => a - b);
  for (let filler = 0; used.length < 2; filler++) if (!used.includes(filler)) used.push(filler);
  const lengths = Array.from({ length: 512 }, () => 0);
  const depth = Math.ceil(Math.log2(used.length));
  const short = 2 ** depth - used.length;
  used.forEach((symbol, i) => (lengths[symbol] = i < short ? depth - 1 : depth));
  return lengths;
}

/** Writes one block. Without lengths it makes a flat code of the symbols it needs. */
export function referenceEncode(
  steps: readonly ReferenceStep[],
  options: { readonly lengths?: readonly number[]; readonly endSymbol?: boolean } = {},
): Uint8Array {
  const { endSymbol = true } = options;
  const lengths = options.lengths ?? flatLengths([...steps.map(symbolOf), ...(endSymbol ? [256] : [])]);
  const codes = new Map<number, number>();
  let code = 0;
  for (let length = 1; length <= 15; length++) {
    code *= 2;
    for (let symbol = 0; symbol < 512; symbol++) if (lengths[symbol] === length) codes.set(symbol, code++);
  }
  const out: number[] = [];
  for (let i = 0; i < 256; i++) out.push(lengths[2 * i] | (lengths[2 * i + 1] << 4));

  // The two places reserved for words that the reader has taken, of which the first is being filled.
  let free = 16;
  let value = 0;
  let first = out.push(0, 0) - 2;
  let second = out.push(0, 0) - 2;
  const put = (bits: number, count: number): void => {
    for (let i = count - 1; i >= 0; i--) {
      if (free === 0) {
        out[first] = value & 255;
        out[first + 1] = value >> 8;
        first = second;
        second = out.push(0, 0) - 2;
        free = 16;
        value = 0;
      }
      free--;
      value |= ((bits >> i) & 1) << free;
    }
  };
  const putSymbol = (symbol: number): void => {
    put(codes.get(symbol) ?? 0, lengths[symbol]);
  };
  for (const step of steps) {
    putSymbol(symbolOf(step));
    if (typeof step === 'number') continue;
    const rest = step.length - 18;
    if (rest >= 0) {
      const field = step.field ?? (rest < 255 ? 'byte' : 'word');
      const long = step.length - 3;
      if (field === 'byte') out.push(rest);
      else if (field === 'word') out.push(255, long & 255, long >> 8);
      else out.push(255, 0, 0, long & 255, (long >> 8) & 255, (long >> 16) & 255, long >>> 24);
    }
    const width = widthOf(step.offset);
    put(step.offset - 2 ** width, width);
  }
  if (endSymbol) putSymbol(256);
  out[first] = value & 255;
  out[first + 1] = value >> 8;
  return Uint8Array.from(out);
}

/** What the steps stand for. */
export function referenceExpand(steps: readonly ReferenceStep[]): Uint8Array {
  const out: number[] = [];
  for (const step of steps) {
    if (typeof step === 'number') out.push(step);
    else for (let i = 0; i < step.length; i++) out.push(out[out.length - step.offset]);
  }
  return Uint8Array.from(out);
}
