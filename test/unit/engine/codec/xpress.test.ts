import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildKernels } from '../../../../build/kernels.mjs';
import {
  createXpressCompressor,
  createXpressDecompressor,
  xpressMaxChunkSize,
} from '../../../../src-main/engine/codec/xpress/xpress';
import type { ChunkCompressor, ChunkDecompressor } from '../../../../src-main/engine/codec/codec';
import { FormatError } from '../../../../src-shared/errors/appError';
import {
  flatLengths,
  referenceDecode,
  referenceEncode,
  referenceExpand,
  type ReferenceStep,
} from './xpressReference';

const kernelPath = path.resolve(__dirname, '../../../../dist/kernels/xpress.wasm');
const levels = [1, 20, 30, 50, 60, 80, 100];
let kernel: WebAssembly.Module;
let decompressor: ChunkDecompressor;
const compressors = new Map<number, ChunkCompressor>();

beforeAll(async () => {
  await buildKernels({ names: ['xpress'] });
  kernel = new WebAssembly.Module(readFileSync(kernelPath));
  decompressor = createXpressDecompressor(kernel, xpressMaxChunkSize);
  for (const level of levels) {
    compressors.set(level, createXpressCompressor(kernel, { maxChunkSize: xpressMaxChunkSize, level }));
  }
});

function decode(input: Uint8Array, size: number): Uint8Array {
  const output = new Uint8Array(size);
  decompressor.decompress(input, output);
  return output;
}

/** The fault of a stream; fails when it has none. */
function faultOf(input: Uint8Array, size: number): FormatError {
  try {
    decode(input, size);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('no fault');
}

function compress(data: Uint8Array, level: number, capacity = xpressMaxChunkSize): Uint8Array | undefined {
  const output = new Uint8Array(capacity);
  const written = compressors.get(level)!.compress(data, output);
  return written === 0 ? undefined : output.slice(0, written);
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

/** A byte sequence that is the same for the same seed. */
function noise(seed: number, size: number): Uint8Array {
  let state = seed | 1;
  return Uint8Array.from({ length: size }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return (state >>> 11) & 255;
  });
}

interface Piece {
  readonly kind: 'noise' | 'run' | 'letters' | 'copy' | 'counter';
  readonly size: number;
  readonly value: number;
}

/** Puts pieces one after the other: noise, runs, text of a small alphabet, copies from anywhere before, counters. */
function build(pieces: readonly Piece[]): Uint8Array {
  const out: number[] = [];
  for (const { kind, size, value } of pieces) {
    const length = Math.min(size, xpressMaxChunkSize - out.length);
    const bytes = kind === 'noise' || kind === 'letters' ? noise(value, length) : new Uint8Array();
    const distance = 1 + (value % Math.max(out.length, 1));
    for (let i = 0; i < length; i++) {
      if (kind === 'noise') out.push(bytes[i]);
      else if (kind === 'letters') out.push(97 + (bytes[i] % (2 + (value % 20))));
      else if (kind === 'run') out.push(value & 255);
      else if (kind === 'counter') out.push(i % 4 === 0 ? (i >> 2) & 255 : value & 15);
      else out.push(out.length === 0 ? 0 : out[out.length - distance]);
    }
  }
  return Uint8Array.from(out.length === 0 ? [0] : out);
}

const pieces = fc.array(
  fc.record<Piece>({
    kind: fc.constantFrom('noise', 'run', 'letters', 'copy', 'counter'),
    size: fc.oneof(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 250, max: 300 }),
      fc.integer({ min: 1, max: 70000 }),
    ),
    value: fc.nat({ max: 0xffffff }),
  }),
  { minLength: 1, maxLength: 12 },
);

describe('XPRESS round trips', () => {
  it('give back the data, and please a reader made from the specification', () => {
    fc.assert(
      fc.property(pieces, fc.constantFrom(...levels), (parts, level) => {
        const data = build(parts);
        const stream = compress(data, level);
        if (!stream) return;
        expect(same(decode(stream, data.length), data)).toBe(true);
        const reference = referenceDecode(stream, data.length);
        expect(same(reference.data, data)).toBe(true);
        expect(reference.endSymbol).toBe(true);
        expect(reference.read).toBe(stream.length);
      }),
      { numRuns: 300 },
    );
  });

  it.each([1, 20, 50, 80])('hold for every small size, level %i', (level) => {
    for (let size = 1; size < 600; size += size < 40 ? 1 : 37) {
      for (const data of [new Uint8Array(size), noise(size, size), noise(7, size).map((byte) => byte & 3)]) {
        const stream = compress(data, level);
        expect(same(decode(stream!, size), data)).toBe(true);
        expect(same(referenceDecode(stream!, size).data, data)).toBe(true);
      }
    }
  });

  it.each([20, 50, 80])('hold for Fibonacci frequencies, whose code would be too long, level %i', (level) => {
    const counts = [1, 1];
    while (counts.reduce((sum, count) => sum + count) < 40000) counts.push(counts.at(-1) + counts.at(-2));
    const bytes = counts.flatMap((count, symbol) => Array.from({ length: count }, () => 7 * symbol));
    const order = noise(3, bytes.length * 4);
    const keys = new Uint32Array(order.buffer);
    const data = Uint8Array.from(
      bytes.map((byte, i) => ({ byte, key: keys[i] })).sort((a, b) => a.key - b.key),
      ({ byte }) => byte,
    );
    const stream = compress(data.subarray(0, xpressMaxChunkSize), level)!;
    const expected = data.subarray(0, xpressMaxChunkSize);
    expect(same(decode(stream, expected.length), expected)).toBe(true);
    expect(same(referenceDecode(stream, expected.length).data, expected)).toBe(true);
  });

  it('do not depend on what the instance did before', () => {
    const first = build([
      { kind: 'letters', size: 3000, value: 5 },
      { kind: 'copy', size: 2000, value: 1234 },
    ]);
    for (const level of levels) {
      const before = compress(first, level)!;
      compress(noise(9, xpressMaxChunkSize), level);
      compress(new Uint8Array(xpressMaxChunkSize), level);
      expect(same(compress(first, level)!, before)).toBe(true);
    }
  });

  it('return 0 exactly when the result does not fit', () => {
    const data = build([
      { kind: 'letters', size: 3000, value: 5 },
      { kind: 'copy', size: 2000, value: 1234 },
    ]);
    for (const level of levels) {
      const stream = compress(data, level)!;
      expect(same(compress(data, level, stream.length)!, stream)).toBe(true);
      expect(compress(data, level, stream.length - 1)).toBeUndefined();
      expect(compress(data, level, 0)).toBeUndefined();
    }
    expect(compress(noise(1, 32768), 50, 32767)).toBeUndefined();
  });

  it('find a repetition after any length of incompressible data', () => {
    for (const size of [500, 3000, 20011]) {
      const data = new Uint8Array(2 * size);
      data.set(noise(5, size));
      data.set(noise(5, size), size);
      expect(compress(data, 50)!.length).toBeLessThan(size * 1.02 + 300);
    }
  });

  it('are smaller at higher levels', () => {
    const source = readFileSync(path.resolve(__dirname, '../../../../package-lock.json')).subarray(0, 32768);
    const [fast, lazy, optimal] = [20, 50, 80].map((level) => compress(source, level)!.length);
    expect(lazy).toBeLessThan(fast);
    expect(optimal).toBeLessThan(lazy);
  });
});

describe('XPRESS streams of another writer', () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.nat({ max: 255 }) },
    {
      weight: 2,
      arbitrary: fc.record({
        length: fc.oneof(fc.integer({ min: 3, max: 40 }), fc.integer({ min: 250, max: 2000 })),
        offset: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 8000 })),
        field: fc.constantFrom('byte' as const, 'word' as const, 'long' as const),
      }),
    },
  );

  /** Steps that make sense: offsets within what is there, fields that can hold the length. */
  function sane(raw: readonly Exclude<ReferenceStep, undefined>[]): ReferenceStep[] {
    const steps: ReferenceStep[] = [65];
    let size = 1;
    for (const each of raw) {
      if (typeof each === 'number') {
        steps.push(each);
        size++;
        continue;
      }
      if (size + each.length > xpressMaxChunkSize) continue;
      const field = each.field === 'byte' && each.length >= 18 + 255 ? 'word' : (each.field ?? 'byte');
      steps.push({ length: each.length, offset: 1 + ((each.offset - 1) % size), field });
      size += each.length;
    }
    return steps;
  }

  it('decode exactly, with and without end symbol, with any width of length', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), fc.boolean(), (raw, endSymbol) => {
        const steps = sane(raw);
        const expected = referenceExpand(steps);
        const stream = referenceEncode(steps, { endSymbol });
        expect(same(referenceDecode(stream, expected.length).data, expected)).toBe(true);
        expect(same(decode(stream, expected.length), expected)).toBe(true);
        // Trailing bytes are not ours to judge.
        const longer = new Uint8Array(stream.length + 5).fill(0xa5);
        longer.set(stream);
        expect(same(decode(longer, expected.length), expected)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('decode with codes of 15 bits', () => {
    // Lengths 1, 2, ... 14, 15, 15: literals take up to the longest, and so does a match with a long offset.
    const lengths = Array.from({ length: 512 }, () => 0);
    const symbols = [256, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 256 + 10 * 16 + 15, 14];
    symbols.forEach((symbol, i) => (lengths[symbol] = Math.min(i + 1, 15)));
    const literals = Array.from({ length: 3000 }, (_, i) => 1 + (i % 14));
    const steps: ReferenceStep[] = [...literals];
    for (let i = 0; i < 100; i++) {
      steps.push({ length: 18 + i, offset: 1024 + i, field: i % 2 ? 'byte' : 'word' }, 14, 14, 14, 1);
    }
    const expected = referenceExpand(steps);
    expect(same(decode(referenceEncode(steps, { lengths }), expected.length), expected)).toBe(true);
  });

  it.each(Array.from({ length: 40 }, (_, i) => i + 1))('copy matches with offset %i', (offset) => {
    for (const length of [3, 15, 16, 17, 18, 31, 32, 33, 100, 1000]) {
      const literals = Array.from({ length: offset }, (_, i) => (i * 37) & 255);
      const steps: ReferenceStep[] = [...literals, { length, offset }, 1, 2, 3];
      const expected = referenceExpand(steps);
      expect(same(decode(referenceEncode(steps), expected.length), expected)).toBe(true);
    }
  });
});

describe('XPRESS faults', () => {
  const steps: ReferenceStep[] = [1, 2, 3, { length: 300, offset: 3 }, 4, { length: 20, offset: 200 }, 5];
  const size = referenceExpand(steps).length;

  it('names a stream that ends too early, at every length', () => {
    const stream = referenceEncode(steps, { endSymbol: false });
    expect(same(decode(stream, size), referenceExpand(steps))).toBe(true);
    // The last word may be one that the reader only takes ahead.
    for (let length = 0; length < stream.length - 2; length++) {
      const fault = faultOf(stream.subarray(0, length), size);
      expect(fault.structure).toBe('XPRESS chunk');
      expect(fault.message).toContain('ends too early');
      expect(fault.offset).toBe(length);
    }
  });

  it('does not depend on what the instance decoded before', () => {
    const stream = referenceEncode(steps, { endSymbol: false });
    const long = referenceEncode(Array.from({ length: 60000 }, (_, i) => i & 255));
    for (let length = 256; length < stream.length; length++) {
      const outcome = (): string => {
        try {
          decode(stream.subarray(0, length), size);
          return 'decoded';
        } catch (error) {
          return String(error);
        }
      };
      const before = outcome();
      decode(long, 60000);
      expect(outcome()).toBe(before);
    }
  });

  it('names an over-subscribed and an incomplete code', () => {
    const lengths = flatLengths([1, 2, 3, 4]);
    lengths[5] = 2;
    expect(faultOf(referenceEncode([1], { lengths }), 1).message).toContain('over-subscribed');
    lengths[5] = 0;
    lengths[4] = 0;
    expect(faultOf(referenceEncode([1], { lengths }), 1).message).toContain('incomplete');
    expect(faultOf(new Uint8Array(400), 1).message).toContain('incomplete');
    expect(faultOf(new Uint8Array(400).fill(255), 10).message).toContain('incomplete');
    expect(faultOf(new Uint8Array(400).fill(17), 10).message).toContain('over-subscribed');
  });

  it.each([2, 17, 5000])('names a match before the start, offset %i', (offset) => {
    const stream = referenceEncode([1, { length: 5, offset }]);
    expect(faultOf(stream, 6).message).toContain('before the start');
  });

  it.each([3, 18, 300, 65538])('names a match past the end, length %i', (length) => {
    const stream = referenceEncode([1, { length, offset: 1 }, 2, 2, 2]);
    expect(faultOf(stream, Math.min(length, 65536)).message).toContain('past the end');
    if (length < 65536)
      expect(same(decode(stream, length + 1), new Uint8Array(length + 1).fill(1))).toBe(true);
  });

  it('names lengths that no writer makes', () => {
    const below = referenceEncode([1, { length: 18, offset: 1, field: 'word' }]);
    // The word is after the two words of bits and the byte 255.
    expect([...below.subarray(260, 263)]).toEqual([255, 15, 0]);
    below[261] = 14;
    expect(faultOf(below, 19).message).toContain('below its minimum');
    for (const length of [2 ** 32 - 1, 2 ** 32 - 16, 2 ** 31, 2 ** 24 + 18]) {
      const stream = referenceEncode([1, { length: 18, offset: 1, field: 'long' }]);
      new DataView(stream.buffer).setUint32(263, length, true);
      expect(faultOf(stream, 40).message).toContain('past the end');
    }
  });

  it('survives any damage to a stream', () => {
    const data = build([
      { kind: 'letters', size: 2000, value: 5 },
      { kind: 'copy', size: 900, value: 1234 },
      { kind: 'noise', size: 300, value: 4 },
      { kind: 'run', size: 700, value: 4 },
    ]);
    fc.assert(
      fc.property(
        fc.constantFrom(20, 50, 80),
        fc.array(fc.tuple(fc.nat({ max: 4000 }), fc.integer({ min: 1, max: 255 })), { maxLength: 6 }),
        fc.nat({ max: 4000 }),
        fc.integer({ min: 1, max: 5000 }),
        (level, flips, cut, outputSize) => {
          const stream = compress(data, level)!.slice(0, cut < 3000 ? undefined : cut % 1000);
          // Damage behind the table: damage to it hardly ever leaves a complete code.
          for (const [at, bits] of flips) {
            if (stream.length > 256) stream[256 + (at % (stream.length - 256))] ^= bits;
          }
          expectResultOrFault(stream, outputSize);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('survives random bytes under random complete codes', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat({ max: 511 }), { minLength: 2, maxLength: 512 }),
        fc.uint8Array({ maxLength: 3000 }),
        fc.integer({ min: 1, max: xpressMaxChunkSize }),
        (symbols, body, outputSize) => {
          const head = referenceEncode([], { lengths: flatLengths(symbols), endSymbol: false }).subarray(
            0,
            256,
          );
          const stream = new Uint8Array(256 + body.length);
          stream.set(head);
          stream.set(body, 256);
          expectResultOrFault(stream, outputSize);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('survives random bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2000 }),
        fc.integer({ min: 0, max: 65536 }),
        (input, outputSize) => {
          expectResultOrFault(input, outputSize);
        },
      ),
      { numRuns: 1000 },
    );
  });

  /** The kernel does what the reference does: the same bytes, or a fault where that has one. */
  function expectResultOrFault(stream: Uint8Array, outputSize: number): void {
    const output = new Uint8Array(outputSize);
    let fault: unknown;
    try {
      decompressor.decompress(stream, output);
    } catch (error) {
      fault = error;
    }
    if (fault !== undefined) {
      expect(fault).toBeInstanceOf(FormatError);
      const { offset } = fault as FormatError;
      expect(offset).toBeGreaterThanOrEqual(0);
      expect(offset).toBeLessThanOrEqual(stream.length);
    }
    if (outputSize === 0) return;
    // The reference also wants the words that a reader takes ahead; zeros stand in for them.
    const padded = new Uint8Array(stream.length + 16);
    padded.set(stream);
    let expected: Uint8Array | undefined;
    try {
      expected = referenceDecode(padded, outputSize).data;
    } catch {
      expected = undefined;
    }
    if (fault === undefined) expect(expected !== undefined && same(output, expected)).toBe(true);
    else if (expected !== undefined) expect((fault as FormatError).message).toContain('ends too early');
  }
});

describe('XPRESS arguments', () => {
  it('refuses chunk sizes and levels that do not exist', () => {
    for (const size of [0, -1, 1.5, 65537, Number.NaN]) {
      expect(() => createXpressDecompressor(kernel, size)).toThrow(RangeError);
      expect(() => createXpressCompressor(kernel, { maxChunkSize: size, level: 50 })).toThrow(RangeError);
    }
    for (const level of [0, 101, Number.NaN]) {
      expect(() => createXpressCompressor(kernel, { maxChunkSize: 4096, level })).toThrow(RangeError);
    }
  });

  it('refuses data above the chunk size', () => {
    const small = createXpressCompressor(kernel, { maxChunkSize: 4096, level: 50 });
    expect(() => small.compress(new Uint8Array(4097), new Uint8Array(4097))).toThrow(RangeError);
    expect(() => small.compress(new Uint8Array(0), new Uint8Array(4097))).toThrow(RangeError);
    const reader = createXpressDecompressor(kernel, 4096);
    expect(() => reader.decompress(new Uint8Array(300), new Uint8Array(4097))).toThrow(RangeError);
  });

  it('gives the same in its own memory, until the next call', () => {
    const data = noise(5, 1000).map((value) => value & 7);
    const other = noise(6, 1000).map((value) => value & 3);
    const view = decompressor.decompressInPlace!(compress(data, 50)!, data.length);
    expect(same(view, data)).toBe(true);
    expect(same(decompressor.decompressInPlace!(compress(other, 50)!, other.length), other)).toBe(true);
    expect(same(view, other)).toBe(true);
    expect(() => decompressor.decompressInPlace!(compress(data, 50)!, 2000)).toThrow(FormatError);
    expect(() => decompressor.decompressInPlace!(new Uint8Array(300), xpressMaxChunkSize + 1)).toThrow(
      RangeError,
    );
  });

  it('takes views into larger buffers and leaves their surroundings alone', () => {
    const data = new Uint8Array(9000).fill(7).subarray(1000, 5000);
    const area = new Uint8Array(10000).fill(0xee);
    const written = compressors.get(50)!.compress(data, area.subarray(1000, 6000));
    expect(area.subarray(0, 1000).every((byte) => byte === 0xee)).toBe(true);
    expect(area.subarray(1000 + written).every((byte) => byte === 0xee)).toBe(true);
    const target = new Uint8Array(10000).fill(0xee);
    decompressor.decompress(area.subarray(1000, 1000 + written), target.subarray(3000, 7000));
    expect(same(target.subarray(3000, 7000), data)).toBe(true);
    expect(target.subarray(0, 3000).every((byte) => byte === 0xee)).toBe(true);
    expect(target.subarray(7000).every((byte) => byte === 0xee)).toBe(true);
  });
});
