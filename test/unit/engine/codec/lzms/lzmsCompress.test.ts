// Everything the LZMS compressor writes decompresses to what it was given: by our decoder, by the plain one that serves as a
// model, and by wimlib-imagex.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ChunkCompressor, ChunkDecompressor } from '../../../../../src-main/engine/codec/codec';
import { createLzmsDecompressor } from '../../../../../src-main/engine/codec/lzms/lzms';
import {
  createLzmsCompressor,
  lzmsCompressorMemory,
} from '../../../../../src-main/engine/codec/lzms/lzmsCompressor';
import { describeWithTools } from '../../../../support/tools';
import { anySample, fillers, sample } from '../lzxSamples';
import {
  captureWithWimlib,
  carveChunkSize,
  carveResources,
  extractWithWimlib,
  replaceChunks,
} from '../lzxWim';
import { decodeReference } from './lzmsReference';
import { lzmsKernel } from './lzmsSamples';

const K = 1024;
let kernel: WebAssembly.Module;
beforeAll(async () => {
  kernel = await lzmsKernel();
});

/** Values that go on in even steps, `bytes` of them each: nothing repeats, and delta matches say it all. */
function ramp(size: number, bytes: 1 | 2 | 4, step: number): Uint8Array {
  const data = Buffer.alloc(size + 4);
  for (let at = 0; at < size; at += bytes)
    data.writeUIntLE(((at / bytes) * step) % 2 ** (8 * bytes), at, bytes);
  return data.subarray(0, size);
}

/** `period` bytes over and over. */
function periodic(size: number, period: number): Uint8Array {
  const pattern = sample('noise', period, period);
  return Uint8Array.from({ length: size }, (_, i) => pattern[i % period]);
}

/** What parsers and match finders may stumble over. */
function adversaries(size: number): readonly (readonly [string, Uint8Array])[] {
  const oddByte = new Uint8Array(size);
  oddByte[size >> 1] = 1;
  return [
    ['zeros', new Uint8Array(size)],
    ['ones', new Uint8Array(size).fill(255)],
    ['an odd byte', oddByte],
    ...[2, 3, 7, 63, 64, 65, 257].map((period) => [`period ${period}`, periodic(size, period)] as const),
    ['8-bit ramp', ramp(size, 1, 3)],
    ['16-bit ramp', ramp(size, 2, 257)],
    ['32-bit ramp', ramp(size, 4, 70_001)],
    ['falling bytes', Uint8Array.from({ length: size }, (_, i) => 255 - (i & 255))],
    ['runs', Uint8Array.from({ length: size }, (_, i) => Math.sqrt(i) & 255)],
  ];
}

/** Compresses without a limit that matters and expects the same back; returns the compressed size, 0 if stored. */
function expectRoundTrip(
  compressor: ChunkCompressor,
  decompressor: ChunkDecompressor,
  data: Uint8Array,
  name = '',
): number {
  const before = data.slice();
  const compressed = new Uint8Array(data.length + 4096);
  const size = compressor.compress(data, compressed);
  expect(Buffer.compare(data, before)).toBe(0);
  if (size === 0) return 0;
  const back = new Uint8Array(data.length);
  decompressor.decompress(compressed.subarray(0, size), back);
  expect(Buffer.compare(back, data), name).toBe(0);
  return size;
}

describe.each([32 * K, 128 * K])('LZMS chunks of up to %i bytes', (chunkSize) => {
  it.each([1, 20, 50, 100])('round trips any data at level %i', (level) => {
    const compressor = createLzmsCompressor(kernel, { maxChunkSize: chunkSize, level });
    const decompressor = createLzmsDecompressor(kernel, chunkSize);
    fc.assert(
      fc.property(anySample(Math.min(chunkSize, 64 * K)), (data) => {
        expectRoundTrip(compressor, decompressor, data);
      }),
      { numRuns: 60 },
    );
  });

  it.each([1, 50, 100])('round trips full chunks of every kind at level %i', (level) => {
    const compressor = createLzmsCompressor(kernel, { maxChunkSize: chunkSize, level });
    const decompressor = createLzmsDecompressor(kernel, chunkSize);
    for (const kind of Object.keys(fillers) as (keyof typeof fillers)[]) {
      const size = expectRoundTrip(compressor, decompressor, sample(kind, chunkSize, 5), kind);
      if (kind !== 'noise') expect(size, kind).toBeGreaterThan(0);
      expect(size, kind).toBeLessThan(chunkSize);
    }
    for (const [name, data] of adversaries(chunkSize)) {
      const size = expectRoundTrip(compressor, decompressor, data, name);
      // Only the higher levels know delta matches.
      if (level < 35 && name.includes('ramp')) continue;
      expect(size, name).toBeGreaterThan(0);
      expect(size, name).toBeLessThan(chunkSize / 20);
    }
  });
});

describe('LZMS compressor', () => {
  it.each([
    [512 * K, 20],
    [4096 * K, 50],
  ])('round trips chunks of %i bytes at level %i', (chunkSize, level) => {
    const compressor = createLzmsCompressor(kernel, { maxChunkSize: chunkSize, level });
    const decompressor = createLzmsDecompressor(kernel, chunkSize);
    const part = chunkSize / 4;
    const data = Buffer.concat([
      sample('mixed', part, 3),
      sample('noise', part / 2, 4),
      sample('code', part, 5),
      ramp(part / 2, 2, 257),
      sample('mixed', part, 3),
    ]);
    const size = expectRoundTrip(compressor, decompressor, data);
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThan(chunkSize * 0.7);
    // What was left behind by a large chunk is nothing to a small one.
    expectRoundTrip(compressor, decompressor, sample('text', 1000, 6));
    expect(expectRoundTrip(compressor, decompressor, data)).toBe(size);
  });

  it('is understood by the plain decoder', () => {
    const compressor = createLzmsCompressor(kernel, { maxChunkSize: 32 * K, level: 50 });
    const output = new Uint8Array(32 * K);
    for (const kind of Object.keys(fillers) as (keyof typeof fillers)[]) {
      const data = sample(kind, 12_345, 2);
      const size = compressor.compress(data, output);
      if (size > 0) {
        const back = decodeReference(output.slice(0, size), data.length);
        expect(Buffer.compare(back, data), kind).toBe(0);
      }
    }
  });

  it('gives the same result whatever the instance compressed before', () => {
    fc.assert(
      fc.property(
        anySample(32 * K),
        anySample(32 * K),
        fc.constantFrom(20, 50, 80),
        (first, second, level) => {
          const used = createLzmsCompressor(kernel, { maxChunkSize: 32 * K, level });
          const fresh = createLzmsCompressor(kernel, { maxChunkSize: 32 * K, level });
          const output = new Uint8Array(32 * K);
          used.compress(first, output);
          // Stopped in the middle, because the output is full.
          used.compress(first, output.subarray(0, first.length >> 3));
          const a = Buffer.from(output.subarray(0, used.compress(second, output)));
          const b = Buffer.from(output.subarray(0, fresh.compress(second, output)));
          expect(Buffer.compare(a, b)).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('returns 0 exactly when the result does not fit', () => {
    for (const level of [20, 50]) {
      const compressor = createLzmsCompressor(kernel, { maxChunkSize: 64 * K, level });
      for (const kind of ['text', 'code', 'mixed', 'copies'] as const) {
        const data = sample(kind, 40_000, 3);
        const size = compressor.compress(data, new Uint8Array(64 * K));
        expect(size).toBeGreaterThan(0);
        expect(compressor.compress(data, new Uint8Array(size))).toBe(size);
        expect(compressor.compress(data, new Uint8Array(size - 1))).toBe(0);
        expect(compressor.compress(data, new Uint8Array(0))).toBe(0);
      }
      for (const size of [5000, 64 * K]) {
        expect(compressor.compress(sample('noise', size), new Uint8Array(size - 1))).toBe(0);
      }
    }
  });

  it('writes no byte past what it returns', () => {
    const compressor = createLzmsCompressor(kernel, { maxChunkSize: 32 * K, level: 50 });
    const output = new Uint8Array(32 * K).fill(0xaa);
    const size = compressor.compress(sample('text', 5000), output);
    expect(output.subarray(size).every((byte) => byte === 0xaa)).toBe(true);
  });

  it('handles the smallest chunks and the edges of the x86 filter', () => {
    const compressor = createLzmsCompressor(kernel, { maxChunkSize: 32 * K, level: 50 });
    const decompressor = createLzmsDecompressor(kernel, 32 * K);
    for (let size = 1; size < 80; size++) {
      for (const kind of ['zeros', 'calls', 'code', 'noise'] as const) {
        expectRoundTrip(compressor, decompressor, sample(kind, size, size), `${size} of ${kind}`);
      }
      const calls = new Uint8Array(size + 400);
      for (let at = 1; at < calls.length - 5; at += 23) calls.set([0xe8, 200 - at, 0, 0, 0], at);
      calls.set([0xe8, 1, 0, 0, 0], calls.length - 5 - (size % 80));
      expect(expectRoundTrip(compressor, decompressor, calls)).toBeGreaterThan(0);
    }
  });

  it('refuses levels, chunk sizes and chunks out of range', () => {
    expect(() => createLzmsCompressor(kernel, { maxChunkSize: 32 * K, level: 0 })).toThrow(RangeError);
    expect(() => createLzmsCompressor(kernel, { maxChunkSize: 32 * K, level: 101 })).toThrow(RangeError);
    expect(() => createLzmsCompressor(kernel, { maxChunkSize: 2 ** 30 + 1, level: 50 })).toThrow(RangeError);
    const compressor = createLzmsCompressor(kernel, { maxChunkSize: 32 * K, level: 50 });
    expect(() => compressor.compress(new Uint8Array(32 * K + 1), new Uint8Array(10))).toThrow(RangeError);
  });

  it('states its memory', () => {
    expect(lzmsCompressorMemory(32 * K)).toBeLessThan(4 * K * K);
    expect(lzmsCompressorMemory(64 * K * K)).toBeLessThan(700 * K * K);
    expect(lzmsCompressorMemory(128 * K * K)).toBeLessThan(1400 * K * K);
    expect(lzmsCompressorMemory(K * K * K)).toBeLessThan(3 * K * K * K);
  });
});

/** A file with a short last chunk. */
function content(chunkSize: number): Uint8Array {
  return Buffer.concat([
    sample('code', 300_000, 3),
    sample('mixed', chunkSize + 400_001, 4),
    sample('text', 200_000, 5),
    sample('records', 100_000, 6),
    sample('calls', 5000),
    ramp(50_000, 4, 70_001),
    sample('noise', 140_000, 8),
    sample('copies', 70_007, 7),
  ]);
}

/** The WIM with its file's chunks made by our encoder. */
function recompress(wim: Uint8Array, file: Uint8Array, level: number): Uint8Array {
  const chunkSize = carveChunkSize(wim);
  const resource = carveResources(wim).find((one) => !one.metadata && one.compressed);
  if (resource === undefined) throw new Error('wimlib stored no compressed file');
  const compressor = createLzmsCompressor(kernel, { maxChunkSize: chunkSize, level });
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < file.length; at += chunkSize) {
    const chunk = file.subarray(at, at + chunkSize);
    const output = new Uint8Array(chunk.length - 1);
    const size = compressor.compress(chunk, output);
    chunks.push(size > 0 ? output.subarray(0, size) : chunk);
  }
  expect(chunks.some((chunk) => chunk.length < chunkSize / 2)).toBe(true);
  return replaceChunks(wim, resource, chunks);
}

describeWithTools(['wimlib-imagex'], 'LZMS for wimlib-imagex', () => {
  it.each([
    [32 * K, 1],
    [32 * K, 50],
    [128 * K, 20],
    [128 * K, 50],
    [128 * K, 100],
    [1024 * K, 50],
    [4096 * K, 50],
  ])('is decompressed in chunks of %i bytes, made at level %i', (chunkSize, level) => {
    const file = content(Math.min(chunkSize, K * K));
    const wim = captureWithWimlib(file, chunkSize, 1, 'lzms');
    expect(Buffer.compare(extractWithWimlib(recompress(wim, file, level)), file)).toBe(0);
  });
});
