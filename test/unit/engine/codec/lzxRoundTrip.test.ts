// Everything we compress decompresses to itself, and nothing that is not a valid stream does anything but fail.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createLzxCompressor, createLzxDecompressor } from '../../../../src-main/engine/codec/lzx/lzx';
import type { ChunkCompressor, ChunkDecompressor } from '../../../../src-main/engine/codec/codec';
import { FormatError } from '../../../../src-shared/errors/appError';
import { anySample, fillers, lzxKernel, sample } from './lzxSamples';

const K = 1024;
let kernel: WebAssembly.Module;
beforeAll(async () => {
  kernel = await lzxKernel();
});

/** Compresses without a limit that matters and expects the same back; returns the compressed size, 0 if stored. */
function expectRoundTrip(
  compressor: ChunkCompressor,
  decompressor: ChunkDecompressor,
  data: Uint8Array,
): number {
  const before = data.slice();
  const compressed = new Uint8Array(data.length + 4096);
  const size = compressor.compress(data, compressed);
  expect(Buffer.compare(data, before)).toBe(0);
  if (size === 0) return 0;
  const back = new Uint8Array(data.length);
  decompressor.decompress(compressed.subarray(0, size), back);
  expect(Buffer.compare(back, data)).toBe(0);
  return size;
}

describe.each([32 * K, 64 * K, 2048 * K])('LZX chunks of up to %i bytes', (chunkSize) => {
  it.each([1, 10, 20, 34, 35, 50, 60, 100])('round trips any data at level %i', (level) => {
    const compressor = createLzxCompressor(kernel, { maxChunkSize: chunkSize, level });
    const decompressor = createLzxDecompressor(kernel, chunkSize);
    fc.assert(
      fc.property(anySample(Math.min(chunkSize, 64 * K)), (data) => {
        expectRoundTrip(compressor, decompressor, data);
      }),
      { numRuns: 60 },
    );
  });

  it.each([20, 50])('round trips a full chunk of every kind at level %i', (level) => {
    const compressor = createLzxCompressor(kernel, { maxChunkSize: chunkSize, level });
    const decompressor = createLzxDecompressor(kernel, chunkSize);
    for (const kind of Object.keys(fillers) as (keyof typeof fillers)[]) {
      const size = expectRoundTrip(compressor, decompressor, sample(kind, chunkSize, 5));
      if (kind !== 'noise') expect(size, kind).toBeGreaterThan(0);
      expect(size, kind).toBeLessThan(chunkSize);
    }
  });
});

describe('LZX compressor', () => {
  it('gives the same result whatever the instance compressed before', () => {
    fc.assert(
      fc.property(anySample(32 * K), anySample(32 * K), fc.constantFrom(20, 50), (first, second, level) => {
        const used = createLzxCompressor(kernel, { maxChunkSize: 32 * K, level });
        const fresh = createLzxCompressor(kernel, { maxChunkSize: 32 * K, level });
        const output = new Uint8Array(32 * K);
        used.compress(first, output);
        const a = Buffer.from(output.subarray(0, used.compress(second, output)));
        const b = Buffer.from(output.subarray(0, fresh.compress(second, output)));
        expect(Buffer.compare(a, b)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('returns 0 exactly when the result does not fit', () => {
    for (const level of [20, 50]) {
      const compressor = createLzxCompressor(kernel, { maxChunkSize: 64 * K, level });
      for (const kind of ['text', 'code', 'mixed', 'copies'] as const) {
        const data = sample(kind, 40_000, 3);
        const size = compressor.compress(data, new Uint8Array(64 * K));
        expect(size).toBeGreaterThan(0);
        expect(compressor.compress(data, new Uint8Array(size))).toBe(size);
        expect(compressor.compress(data, new Uint8Array(size - 1))).toBe(0);
        expect(compressor.compress(data, new Uint8Array(0))).toBe(0);
      }
      const noise = sample('noise', 64 * K);
      expect(compressor.compress(noise, new Uint8Array(64 * K - 1))).toBe(0);
    }
  });

  it('writes no byte past what it returns', () => {
    const compressor = createLzxCompressor(kernel, { maxChunkSize: 32 * K, level: 50 });
    const output = new Uint8Array(32 * K).fill(0xaa);
    const size = compressor.compress(sample('text', 5000), output);
    expect(output.subarray(size).every((byte) => byte === 0xaa)).toBe(true);
  });

  it('handles the smallest chunks and the edges of call translation', () => {
    const compressor = createLzxCompressor(kernel, { maxChunkSize: 32 * K, level: 50 });
    const decompressor = createLzxDecompressor(kernel, 32 * K);
    for (let size = 1; size < 80; size++) {
      for (const kind of ['zeros', 'calls', 'code'] as const) {
        const data = sample(kind, size, size);
        expectRoundTrip(compressor, decompressor, data);
      }
      const oneCall = new Uint8Array(size + 200);
      oneCall.set([0xe8, 1, 0, 0, 0], oneCall.length - 5 - (size % 80));
      expect(expectRoundTrip(compressor, decompressor, oneCall)).toBeGreaterThan(0);
    }
  });

  it('refuses levels, chunk sizes and chunks out of range', () => {
    expect(() => createLzxCompressor(kernel, { maxChunkSize: 32 * K, level: 0 })).toThrow(RangeError);
    expect(() => createLzxCompressor(kernel, { maxChunkSize: 32 * K, level: 101 })).toThrow(RangeError);
    expect(() => createLzxCompressor(kernel, { maxChunkSize: 4096 * K, level: 50 })).toThrow(RangeError);
    const compressor = createLzxCompressor(kernel, { maxChunkSize: 32 * K, level: 50 });
    expect(() => compressor.compress(new Uint8Array(32 * K + 1), new Uint8Array(10))).toThrow(RangeError);
  });
});

describe('LZX decoder on damaged data', () => {
  /** Decodes what may be anything: a FormatError or a result, and the instance must stay good. */
  function expectSurvives(decompressor: ChunkDecompressor, input: Uint8Array, size: number): void {
    try {
      decompressor.decompress(input, new Uint8Array(size));
    } catch (error) {
      expect(error).toBeInstanceOf(FormatError);
      if (!(error instanceof FormatError)) return;
      expect(error.offset).toBeGreaterThanOrEqual(0);
      expect(error.offset).toBeLessThanOrEqual(input.length + 1);
      expect(error.message.length).toBeGreaterThan(30);
    }
  }

  it.each([32 * K, 64 * K, 2048 * K])('fails or decodes, at chunk size %i', (chunkSize) => {
    const compressor = createLzxCompressor(kernel, { maxChunkSize: chunkSize, level: 20 });
    const decompressor = createLzxDecompressor(kernel, chunkSize);
    const good = sample('mixed', 20_000, 9);
    const compressed = new Uint8Array(30_000);
    const goodSize = compressor.compress(good, compressed);
    const stream = compressed.slice(0, goodSize);
    fc.assert(
      fc.property(
        anySample(16 * K),
        fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
        fc.option(fc.nat(), { freq: 3 }),
        fc.integer({ min: -3, max: 3 }),
        (data, flips, cut, change) => {
          const output = new Uint8Array(data.length + 4096);
          const size = compressor.compress(data, output);
          if (size === 0) return;
          let damaged = output.slice(0, size);
          for (const flip of flips) damaged[(flip >> 3) % size] ^= 1 << (flip & 7);
          if (cut !== null) damaged = damaged.subarray(0, cut % size);
          expectSurvives(decompressor, damaged, Math.max(1, data.length + change));
        },
      ),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.integer({ min: 1, max: 32 * K }), (input, size) => {
        expectSurvives(decompressor, input, size);
      }),
      { numRuns: 500 },
    );
    const back = new Uint8Array(good.length);
    decompressor.decompress(stream, back);
    expect(Buffer.compare(back, good)).toBe(0);
  });

  it('refuses every truncation to fewer words', () => {
    const compressor = createLzxCompressor(kernel, { maxChunkSize: 32 * K, level: 50 });
    const decompressor = createLzxDecompressor(kernel, 32 * K);
    const data = sample('text', 3000);
    const compressed = new Uint8Array(32 * K);
    const size = compressor.compress(data, compressed);
    for (let length = 0; length <= size - 2; length++) {
      expect(() => decompressor.decompress(compressed.subarray(0, length), new Uint8Array(3000))).toThrow(
        FormatError,
      );
    }
  });
});
