// Streams written by hand: what an encoder seldom or never writes, and every fault the decoder must name.
import { beforeAll, describe, expect, it } from 'vitest';
import { createLzxDecompressor } from '../../../../src-main/engine/codec/lzx/lzx';
import { FormatError } from '../../../../src-shared/errors/appError';
import { lzxKernel } from './lzxSamples';
import { lengthsOf, LzxStream } from './lzxStream';

const A = 0x61;
const B = 0x62;
const mainCount = 496;
const lengthCount = 249;
const matchSymbol = (slot: number, header: number): number => 256 + 8 * slot + header;

let kernel: WebAssembly.Module;
beforeAll(async () => {
  kernel = await lzxKernel();
});

function decode(stream: LzxStream | Uint8Array, size: number, chunkSize = 32768): Uint8Array {
  const output = new Uint8Array(size);
  createLzxDecompressor(kernel, chunkSize).decompress(
    stream instanceof LzxStream ? stream.bytes() : stream,
    output,
  );
  return output;
}

function text(stream: LzxStream, size: number): string {
  return Buffer.from(decode(stream, size)).toString('latin1');
}

function problemOf(stream: LzxStream | Uint8Array, size: number, chunkSize?: number): string {
  try {
    decode(stream, size, chunkSize);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    expect(error.structure).toBe('LZX chunk');
    expect(error.offset).toBeGreaterThanOrEqual(0);
    return error.message;
  }
  return 'none';
}

/** A compressed block whose main code is given; the length code is empty unless given. */
function codes(
  stream: LzxStream,
  main: Readonly<Record<number, number>>,
  length: Readonly<Record<number, number>> = {},
): LzxStream {
  const lengths = lengthsOf(mainCount, main);
  return stream
    .lengths(lengths.slice(0, 256))
    .lengths(lengths.slice(256))
    .lengths(lengthsOf(lengthCount, length));
}

describe('LZX decoder: valid streams', () => {
  it('decodes literals and a match that overlaps itself, with an empty length code', () => {
    // a = 0, b = 10, offset 1 through the first recent offset, length 8 = 11
    const stream = codes(new LzxStream().block(1, 10), { [A]: 1, [B]: 2, [matchSymbol(0, 6)]: 2 });
    expect(text(stream.put(0b10, 2).put(0b0, 1).put(0b11, 2), 10)).toBe(`b${'a'.repeat(9)}`);
  });

  it('gives the same in its own memory, until the next call', () => {
    const decompressor = createLzxDecompressor(kernel, 32768);
    const first = codes(new LzxStream().block(1, 3), { [A]: 1, [B]: 1 }).put(0b010, 3);
    const second = codes(new LzxStream().block(1, 2), { [A]: 1, [B]: 1 }).put(0b11, 2);
    const view = decompressor.decompressInPlace!(first.bytes(), 3);
    expect(Buffer.from(view).toString()).toBe('aba');
    expect(Buffer.from(decompressor.decompressInPlace!(second.bytes(), 2)).toString()).toBe('bb');
    expect(Buffer.from(view).toString().slice(0, 2)).toBe('bb');
    expect(() => decompressor.decompressInPlace!(first.bytes(), 4)).toThrow(FormatError);
    expect(() => decompressor.decompressInPlace!(first.bytes(), 32769)).toThrow(RangeError);
  });

  it('treats the third recent offset as a swap with the first', () => {
    // Literals a and b; slots 3 (offset 1), 4 and 5 reach offsets 1 to 5; slot 2 is the third recent offset.
    const stream = codes(new LzxStream().block(1, 15), {
      [A]: 2,
      [B]: 2,
      [matchSymbol(4, 0)]: 2,
      [matchSymbol(2, 0)]: 3,
      [matchSymbol(0, 1)]: 3,
    });
    // Canonical: a 00, b 01, slot 4 10, slot 0 header 1 110, slot 2 111 (symbols in order).
    stream.put(0b00, 2).put(0b01, 2).put(0b01, 2); // abb
    stream.put(0b10, 2).put(1, 1); // offset 3, length 2: ab -> abbab; recent 3, 1, 1
    stream.put(0b10, 2).put(0, 1); // offset 2, length 2: ab -> abbabab; recent 2, 3, 1
    stream.put(0b111, 3); // third: offset 1, length 2: bb -> abbababbb; recent 1, 3, 2
    stream.put(0b111, 3); // third: offset 2, length 2: bb -> abbababbbbb; recent 2, 3, 1
    stream.put(0b110, 3); // first: offset 2, length 3: bbb
    stream.put(0b00, 2);
    expect(text(stream, 15)).toBe('abbababbbbbbbba'.slice(0, 15));
  });

  it('carries code lengths from block to block', () => {
    const lengths = lengthsOf(mainCount, { [A]: 1, [B]: 1 });
    const none = lengthsOf(lengthCount, {});
    const stream = codes(new LzxStream().block(1, 2), { [A]: 1, [B]: 1 })
      .put(0b01, 2)
      .block(1, 3);
    stream.lengths(lengths.slice(0, 256), lengths.slice(0, 256));
    stream.lengths(lengths.slice(256), lengths.slice(256)).lengths(none, none);
    expect(text(stream.put(0b110, 3), 5)).toBe('abbba');
  });

  it('takes an uncompressed block, its offsets, its odd byte and what follows', () => {
    const stream = new LzxStream().block(3, 5).pad().raw(2, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0);
    stream.raw(...Buffer.from('abcde')).block(1, 4);
    codes(stream, { [A]: 1, [matchSymbol(1, 1)]: 1 });
    expect(text(stream.put(0b10, 2), 9)).toBe('abcdecdea');
  });

  it('takes an uncompressed block that starts on a word, after a whole word of padding', () => {
    // 20 bits of head, so 12 bits of literals bring the first block to a word's end.
    const stream = codes(new LzxStream().block(1, 1), { [A]: 1, [B]: 1 });
    let size = 1;
    stream.put(0, 1);
    // Blocks of one literal each shift the phase until the next block's head ends on a word.
    const lengths = lengthsOf(mainCount, { [A]: 1, [B]: 1 });
    while ((stream.size + 20) % 16 !== 0 && size < 40) {
      stream.block(1, 1).lengths(lengths.slice(0, 256), lengths.slice(0, 256));
      stream.lengths(lengths.slice(256), lengths.slice(256)).lengths(lengthsOf(lengthCount, {})).put(0, 1);
      size++;
    }
    expect((stream.size + 20) % 16).toBe(0);
    stream.block(3, 2).pad().raw(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0).raw(A, B);
    expect(text(stream, size + 2)).toBe(`${'a'.repeat(size)}ab`);
  });

  it('takes literals after an uncompressed block that sets offsets beyond everything', () => {
    const far = Array<number>(12).fill(255);
    const stream = new LzxStream()
      .block(3, 2)
      .pad()
      .raw(...far)
      .raw(A, B);
    codes(stream.block(1, 4), { [A]: 1, [B]: 1 });
    expect(text(stream.put(0b1010, 4), 6)).toBe('abbaba');
  });

  it('reads codewords of every length, of literals and of matches', () => {
    // One symbol of each length: its codeword is ones, and a zero at the end.
    const main: Record<number, number> = { [0x6e]: 15, [matchSymbol(0, 0)]: 16, [matchSymbol(9, 0)]: 16 };
    for (let length = 1; length <= 12; length++) main[0x60 + length] = length;
    main[matchSymbol(4, 1)] = 13;
    main[matchSymbol(3, 7)] = 14;
    const stream = codes(new LzxStream().block(1, 32), main, { 0: 1, 5: 1 });
    const put = (length: number): LzxStream => stream.put(2 ** length - 2, length);
    for (let length = 1; length <= 12; length++) put(length);
    put(15);
    put(13).put(1, 1); // offset 3, length 3
    put(14).put(1, 1); // offset 1, length 9 + 5
    put(16); // the same offset, length 2
    expect(text(stream, 32)).toBe(`abcdefghijklnkln${'n'.repeat(16)}`);
  });

  it('takes an aligned block whose aligned code is empty and unused', () => {
    const stream = new LzxStream().block(2, 3).put(0, 24);
    expect(text(codes(stream, { [A]: 1, [B]: 1 }).put(0b010, 3), 3)).toBe('aba');
  });

  it('reads aligned offsets', () => {
    // 18 literals, then slot 8 (offsets 14 to 21, no plain bits left), aligned symbol 3: offset 17.
    const stream = new LzxStream().block(2, 20);
    for (let symbol = 0; symbol < 8; symbol++) stream.put(3, 3);
    codes(stream, { [A]: 1, [B]: 2, [matchSymbol(8, 0)]: 2 });
    stream.put(0b10, 2).put(0b10, 2);
    for (let i = 0; i < 16; i++) stream.put(0, 1);
    stream.put(0b11, 2).put(3, 3);
    expect(text(stream, 20)).toBe(`bb${'a'.repeat(16)}ba`);
  });
});

describe('LZX decoder: faults', () => {
  const twoLetters = { [A]: 1, [B]: 1 };

  it.each([0, 4, 5, 6, 7])('refuses block type %i', (type) => {
    expect(problemOf(new LzxStream().block(type, 4).put(0, 32), 4)).toContain('block type');
  });

  it('refuses a block of no bytes, or of more than the chunk has left', () => {
    expect(problemOf(new LzxStream().block(1, 0).put(0, 32), 4)).toContain('block size');
    expect(problemOf(new LzxStream().block(1, 5).put(0, 32), 4)).toContain('block size');
    expect(problemOf(new LzxStream().put(1, 3).put(1, 1).put(0, 32), 4)).toContain('block size');
  });

  it('refuses an empty, an incomplete and an over-subscribed main code', () => {
    expect(problemOf(codes(new LzxStream().block(1, 4), {}).put(0, 32), 4)).toContain('main code');
    expect(problemOf(codes(new LzxStream().block(1, 4), { [A]: 1 }).put(0, 32), 4)).toContain('main code');
    expect(problemOf(codes(new LzxStream().block(1, 4), { [A]: 1, [B]: 1, 3: 1 }).put(0, 32), 4)).toContain(
      'main code',
    );
  });

  it('refuses an incomplete length code, and an empty one that is used', () => {
    expect(problemOf(codes(new LzxStream().block(1, 4), twoLetters, { 5: 2 }).put(0, 32), 4)).toContain(
      'length code',
    );
    const used = codes(new LzxStream().block(1, 20), { [A]: 1, [matchSymbol(0, 7)]: 1 });
    expect(problemOf(used.put(0b01, 2).put(0, 32), 20)).toContain('length code');
  });

  it('refuses an incomplete aligned code, and an empty one that is used', () => {
    expect(
      problemOf(
        new LzxStream()
          .block(2, 4)
          .put(1, 3)
          .put(0, 21 + 400),
        4,
      ),
    ).toContain('aligned');
    const used = codes(new LzxStream().block(2, 40).put(0, 24), { [A]: 1, [matchSymbol(8, 0)]: 1 });
    expect(problemOf(used.put(0, 30).put(1, 1).put(0, 32), 40)).toContain('start of the chunk');
    const main = { [A]: 1, [matchSymbol(8, 7)]: 1 };
    const long = codes(new LzxStream().block(2, 60).put(0, 24), main, { 0: 1, 1: 1 });
    expect(problemOf(long.put(0, 30).put(1, 1).put(0, 32), 60)).toContain('start of the chunk');
  });

  it('refuses a bad precode and runs past the end of a code', () => {
    expect(problemOf(new LzxStream().block(1, 4).put(0, 200), 4)).toContain('code of the code lengths');
    const stream = new LzxStream().block(1, 4);
    for (let symbol = 0; symbol < 20; symbol++) stream.put(symbol > 17 ? 1 : 0, 4);
    // Six runs of 51 zeros pass 256.
    for (let i = 0; i < 6; i++) stream.put(0, 1).put(31, 5);
    expect(problemOf(stream.put(0, 64), 4)).toContain('code lengths run past');
  });

  it('refuses a match before the start, by every kind of offset', () => {
    const first = codes(new LzxStream().block(1, 4), { [A]: 1, [matchSymbol(0, 0)]: 1 });
    expect(problemOf(first.put(0b1, 1).put(0, 32), 4)).toContain('start of the chunk');
    const far = codes(new LzxStream().block(1, 4), { [A]: 1, [matchSymbol(29, 0)]: 1 });
    expect(problemOf(far.put(0b01, 2).put(0, 32), 4)).toContain('start of the chunk');
    const raw = new LzxStream().block(3, 2).pad().raw(3, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 128).raw(A, B);
    codes(raw.block(1, 4), { [A]: 1, [matchSymbol(2, 0)]: 1 });
    expect(problemOf(raw.put(0b1, 1).put(0, 32), 6)).toContain('start of the chunk');
  });

  it('refuses a match that exceeds its block, even where the chunk goes on', () => {
    const stream = codes(new LzxStream().block(1, 4), { [A]: 1, [matchSymbol(0, 4)]: 1 });
    expect(problemOf(stream.put(0b01, 2).put(0, 64), 100)).toContain('exceeds its block');
  });

  it('refuses an uncompressed block with an offset of zero, or without all its bytes', () => {
    const stream = new LzxStream().block(3, 2).pad().raw(1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0).raw(A, B);
    expect(problemOf(stream, 2)).toContain('offset of zero');
    const short = new LzxStream().block(3, 3).pad().raw(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0).raw(A, B);
    expect(problemOf(short, 3)).toContain('ends too early');
  });

  it('refuses nothing at all, and more than any chunk', () => {
    expect(problemOf(new Uint8Array(0), 4)).toContain('ends too early');
    expect(problemOf(new Uint8Array(1), 4)).not.toBe('none');
    expect(problemOf(new Uint8Array(100_000), 4)).toContain('too large');
  });

  it('refuses chunk sizes that the format does not have', () => {
    expect(() => createLzxDecompressor(kernel, 0)).toThrow(RangeError);
    expect(() => createLzxDecompressor(kernel, 2 * 1024 * 1024 + 1)).toThrow(RangeError);
    expect(() => decode(new Uint8Array(10), 32769)).toThrow(RangeError);
  });
});
