// A plain encoder of the LZX of cabinets, for tests alone: it uses all of the format rather than to compress well.
import type { MadeFolder } from './cabinets';

const FRAME = 0x8000;
const SLOTS = [30, 32, 34, 36, 38, 42, 50];
const extraOf = (slot: number): number => (slot < 4 ? 0 : Math.min((slot >>> 1) - 1, 17));
const bases = Array.from({ length: 51 }, () => 0);
for (let slot = 1; slot <= 50; slot++) bases[slot] = bases[slot - 1] + 2 ** extraOf(slot - 1);

export interface LzxChoices {
  /** 15 to 21 */
  readonly windowBits: number;
  /** Size that calls are translated by; 0: none are. */
  readonly translated: number;
  /** A number from 0 to below `below`, to choose by. */
  readonly choose: (below: number) => number;
}

/** A literal, or a match with its length and offset. */
type Token = { readonly byte: number } | { readonly length: number; readonly offset: number };

/** Compresses a folder. */
export function lzxFolder(data: Uint8Array, choices: LzxChoices): MadeFolder {
  const { windowBits } = choices;
  return { compression: 3 | (windowBits << 8), blocks: new Encoder(data, choices).encode() };
}

class Encoder {
  private readonly data: Buffer;
  private readonly out = new BitWriter();
  private readonly blocks: { data: Uint8Array; size: number }[] = [];
  private recent: [number, number, number] = [1, 1, 1];
  private readonly mainLengths: number[];
  private readonly lengthLengths = Array.from({ length: 249 }, () => 0);
  private position = 0;

  constructor(
    data: Uint8Array,
    private readonly choices: LzxChoices,
  ) {
    this.data = translated(data, choices.translated);
    this.mainLengths = Array.from({ length: 256 + 8 * SLOTS[choices.windowBits - 15] }, () => 0);
  }

  encode(): { data: Uint8Array; size: number }[] {
    const { data, choices, out } = this;
    const { translated: size, choose } = choices;
    out.put(size === 0 ? 0 : 1, 1);
    if (size !== 0) {
      out.put(size >>> 16, 16);
      out.put(size & 0xffff, 16);
    }
    const tokens = tokensOf(data, 2 ** choices.windowBits - 3);
    for (let at = 0; at < tokens.length;) {
      const count = 1 + choose(choose(3) === 0 ? 60 : 20_000);
      const part = tokens.slice(at, at + count);
      at += part.length;
      const kind = 1 + choose(3);
      if (kind === 3) this.raw(part);
      else this.coded(part, kind === 2);
    }
    return this.blocks;
  }

  private header(kind: number, size: number): void {
    this.out.put(kind, 3);
    this.out.put(size >>> 8, 16);
    this.out.put(size & 0xff, 8);
  }

  private raw(tokens: readonly Token[]): void {
    const { out, data } = this;
    const size = sizeOf(tokens);
    this.header(3, size);
    out.alignForBytes();
    // What the decoder does not know yet may be anything.
    for (const offset of this.recent) out.bytes([offset, offset >>> 8, offset >>> 16, offset >>> 24]);
    for (let i = 0; i < size; i++) {
      out.bytes([data[this.position]]);
      const last = i === size - 1;
      if (last && size % 2 === 1) out.bytes([0]);
      this.advance(1);
    }
  }

  private coded(tokens: readonly Token[], aligned: boolean): void {
    const { out } = this;
    this.header(aligned ? 2 : 1, sizeOf(tokens));
    const symbols = tokens.map((token) => this.symbolsOf(token));
    const counts = (size: number, values: readonly (number | undefined)[]): number[] => {
      const found = Array.from({ length: size }, () => 0);
      for (const value of values) if (value !== undefined) found[value] += 1;
      return found;
    };
    const low = codeLengths(
      counts(
        8,
        symbols.map((one) =>
          one.extra !== undefined && one.extra.bits >= 3 ? one.extra.value & 7 : undefined,
        ),
      ),
      7,
    );
    if (aligned) for (const length of low) out.put(length, 3);
    const main = codeLengths(
      counts(
        this.mainLengths.length,
        symbols.map((one) => one.main),
      ),
      16,
    );
    const used = counts(
      249,
      symbols.map((one) => one.length),
    );
    const length = used.some((count) => count > 0) ? codeLengths(used, 16) : used;
    this.lengths(this.mainLengths, main, 0, 256);
    this.lengths(this.mainLengths, main, 256, main.length);
    this.lengths(this.lengthLengths, length, 0, 249);
    const mainCodes = codesOf(main);
    const lengthCodes = codesOf(length);
    const lowCodes = codesOf(low);
    symbols.forEach((one, i) => {
      out.put(mainCodes[one.main], main[one.main]);
      if (one.length !== undefined) out.put(lengthCodes[one.length], length[one.length]);
      if (one.extra !== undefined) {
        const { value, bits } = one.extra;
        if (aligned && bits >= 3) {
          if (bits > 3) out.put(value >>> 3, bits - 3);
          out.put(lowCodes[value & 7], low[value & 7]);
        } else if (bits > 0) out.put(value, bits);
      }
      const token = tokens[i];
      this.advance('byte' in token ? 1 : token.length);
    });
  }

  private symbolsOf(token: Token): {
    main: number;
    length?: number;
    extra?: { value: number; bits: number };
  } {
    if ('byte' in token) return { main: token.byte };
    const [r0, r1, r2] = this.recent;
    const { offset } = token;
    let slot: number;
    let extra: { value: number; bits: number } | undefined;
    if (offset === r0) slot = 0;
    else if (offset === r1) {
      slot = 1;
      this.recent = [r1, r0, r2];
    } else if (offset === r2) {
      slot = 2;
      this.recent = [r2, r1, r0];
    } else {
      slot = 3;
      while (bases[slot + 1] <= offset + 2) slot += 1;
      extra = { value: offset + 2 - bases[slot], bits: extraOf(slot) };
      this.recent = [offset, r0, r1];
    }
    const header = Math.min(7, token.length - 2);
    return {
      main: 256 + slot * 8 + header,
      ...(header === 7 ? { length: token.length - 9 } : {}),
      ...(extra === undefined ? {} : { extra }),
    };
  }

  /** Lengths as changes, in runs where there are such; the code of the lengths is fixed: 12 of 4 bits and 8 of 5. */
  private lengths(before: number[], after: readonly number[], from: number, to: number): void {
    const { out } = this;
    const pre = Array.from({ length: 20 }, (_, i) => (i < 12 ? 4 : 5));
    const codes = codesOf(pre);
    for (const length of pre) out.put(length, 4);
    const symbol = (value: number): void => out.put(codes[value], pre[value]);
    for (let at = from; at < to;) {
      let run = 1;
      while (at + run < to && after[at + run] === after[at] && run < 51) run += 1;
      if (after[at] === 0 && run >= 20) {
        symbol(18);
        out.put(run - 20, 5);
      } else if (after[at] === 0 && run >= 4) {
        run = Math.min(run, 19);
        symbol(17);
        out.put(run - 4, 4);
      } else {
        const change = (before[at] + 17 - after[at]) % 17;
        if (run >= 4) {
          run = Math.min(run, 5);
          symbol(19);
          out.put(run - 4, 1);
        } else run = 1;
        symbol(change);
      }
      for (let i = 0; i < run; i++) before[at + i] = after[at + i];
      at += run;
    }
  }

  /** Ends the frame where it is full, and the folder where the data ends. */
  private advance(count: number): void {
    this.position += count;
    if (this.position % FRAME === 0 || this.position === this.data.length) {
      const size = this.position % FRAME === 0 ? FRAME : this.position % FRAME;
      this.blocks.push({ data: this.out.cut(), size });
    }
  }
}

function sizeOf(tokens: readonly Token[]): number {
  return tokens.reduce((sum, token) => sum + ('byte' in token ? 1 : token.length), 0);
}

/** Greedy matches, none over the end of a frame; now and then a repeated offset. */
function tokensOf(data: Buffer, reach: number): Token[] {
  const tokens: Token[] = [];
  const seen = new Map<number, number>();
  for (let at = 0; at < data.length;) {
    const stop = Math.min(data.length, (Math.floor(at / FRAME) + 1) * FRAME);
    const key = at + 3 <= data.length ? data.readUIntLE(at, 3) : -1;
    const before = seen.get(key);
    seen.set(key, at);
    let length = 0;
    if (before !== undefined && at - before <= reach) {
      while (at + length < stop && length < 257 && data[before + length] === data[at + length]) length += 1;
    }
    if (before !== undefined && length >= 2) {
      tokens.push({ length, offset: at - before });
      at += length;
    } else tokens.push({ byte: data[at++] });
  }
  return tokens;
}

/** Targets of calls made absolute, frame by frame; [MS-PATCH] 2.4. */
function translated(data: Uint8Array, size: number): Buffer {
  const copy = Buffer.from(data);
  if (size === 0) return copy;
  for (let frame = 0; frame < copy.length; frame += FRAME) {
    const end = Math.min(copy.length, frame + FRAME) - 10;
    for (let at = frame; at < end; at++) {
      if (copy[at] !== 0xe8) continue;
      const target = copy.readInt32LE(at + 1);
      if (target >= -at && target < size) {
        copy.writeInt32LE(target + at < size ? target + at : target - size, at + 1);
      }
      at += 4;
    }
  }
  return copy;
}

/** Lengths of a complete code that is no longer than it may be; at least two symbols have one. */
function codeLengths(counts: readonly number[], longest: number): number[] {
  const given = [...counts];
  while (given.filter((count) => count > 0).length < 2) given[given.indexOf(0)] = 1;
  for (;;) {
    const lengths = huffman(given);
    if (Math.max(...lengths) <= longest) return lengths;
    for (const [i, count] of given.entries()) if (count > 0) given[i] = (count >>> 2) + 1;
  }
}

function huffman(counts: readonly number[]): number[] {
  const lengths = counts.map(() => 0);
  let groups = counts.flatMap((count, symbol) => (count > 0 ? [{ count, symbols: [symbol] }] : []));
  while (groups.length > 1) {
    groups = groups.sort((a, b) => a.count - b.count);
    const [a, b, ...rest] = groups;
    const symbols = [...a.symbols, ...b.symbols];
    for (const symbol of symbols) lengths[symbol] += 1;
    groups = [...rest, { count: a.count + b.count, symbols }];
  }
  return lengths;
}

/** Canonical codes: by length, then by symbol. */
function codesOf(lengths: readonly number[]): number[] {
  const codes = lengths.map(() => 0);
  let code = 0;
  for (let length = 1; length <= 16; length++) {
    code <<= 1;
    lengths.forEach((one, symbol) => {
      if (one === length) codes[symbol] = code++;
    });
  }
  return codes;
}

/** Words of 16 bits, little-endian, the upper bits first. */
class BitWriter {
  private out: number[] = [];
  private word = 0;
  private used = 0;

  put(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) {
      this.word = (this.word << 1) | ((value >>> bit) & 1);
      this.used += 1;
      if (this.used === 16) this.flush();
    }
  }

  private flush(): void {
    this.out.push(this.word & 0xff, this.word >>> 8);
    this.word = 0;
    this.used = 0;
  }

  /** One to sixteen bits, so that bytes begin at a word. */
  alignForBytes(): void {
    this.put(0, 16 - this.used);
  }

  bytes(values: readonly number[]): void {
    for (const value of values) this.out.push(value & 0xff);
  }

  /** What was written since the last cut, filled up to a word. */
  cut(): Uint8Array {
    if (this.used > 0) this.put(0, 16 - this.used);
    const bytes = Uint8Array.from(this.out);
    this.out = [];
    return bytes;
  }
}
