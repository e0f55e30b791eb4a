// XPRESS and LZX over levels and chunk sizes: everything comes back, from data of every kind, and from data that is made
// against the encoders' match finders.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildKernels } from '../../../../build/kernels.mjs';
import type { ChunkCompressor, ChunkDecompressor } from '../../../../src-main/engine/codec/codec';
import { createLzxCompressor, createLzxDecompressor } from '../../../../src-main/engine/codec/lzx/lzx';
import {
  createXpressCompressor,
  createXpressDecompressor,
} from '../../../../src-main/engine/codec/xpress/xpress';
import { anySample, fillers, randomBytes, sample } from './lzxSamples';

const K = 1024;
const levels = [1, 10, 20, 34, 35, 50, 75, 100];
const kernels = new Map<string, WebAssembly.Module>();

beforeAll(async () => {
  await buildKernels({ names: ['xpress', 'lzx'] });
  for (const name of ['xpress', 'lzx']) {
    const file = path.resolve(__dirname, `../../../../dist/kernels/${name}.wasm`);
    kernels.set(name, new WebAssembly.Module(readFileSync(file)));
  }
});

type Codec = 'xpress' | 'lzx';

function compressorOf(codec: Codec, maxChunkSize: number, level: number): ChunkCompressor {
  const create = codec === 'xpress' ? createXpressCompressor : createLzxCompressor;
  return create(kernels.get(codec)!, { maxChunkSize, level });
}

function decompressorOf(codec: Codec, maxChunkSize: number): ChunkDecompressor {
  return codec === 'xpress'
    ? createXpressDecompressor(kernels.get(codec)!, maxChunkSize)
    : createLzxDecompressor(kernels.get(codec)!, maxChunkSize);
}

/** Compresses, expects the data back, and returns the compressed bytes; none when it did not shrink. */
function roundTrip(
  compressor: ChunkCompressor,
  decompressor: ChunkDecompressor,
  data: Uint8Array,
): Uint8Array {
  const output = new Uint8Array(Math.max(0, data.length - 1));
  const stream = output.slice(0, compressor.compress(data, output));
  if (stream.length === 0) return stream;
  const back = new Uint8Array(data.length);
  decompressor.decompress(stream, back);
  expect(Buffer.compare(back, data)).toBe(0);
  return stream;
}

/** A block of bytes, over and over. */
function periodic(size: number, block: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => block[i % block.length]);
}

/** Strings of four bytes that share a place in a hash table of 2^15 places by a multiplicative hash, as the encoders use. */
function colliding(size: number): Uint8Array {
  const strings: number[] = [];
  for (let value = 1; strings.length < 12; value++) {
    if (Math.imul(value, 0x9e3779b1) >>> 17 === 0x1234) strings.push(value);
  }
  const next = randomBytes(11);
  const data = new Uint8Array(size);
  const view = new DataView(data.buffer);
  for (let at = 0; at + 6 <= size; at += 6) {
    view.setUint32(at, strings[next() % strings.length], true);
    view.setUint16(at + 4, next(), true);
  }
  return data;
}

/** By name: content that leans on one weak point of a match finder or writer. */
const adversarial: Readonly<Record<string, (size: number) => Uint8Array>> = {
  // What stands before the chunk is zero, and must not become a match.
  'the start again after a zero': (size) => {
    const data = sample('noise', size, 2);
    for (let at = 64; at + 32 <= size; at += 64) data.set([0, ...data.subarray(0, 31)], at);
    return data;
  },
  'zeros with a mark at growing distances': (size) => {
    const data = new Uint8Array(size);
    for (let at = 1, step = 1; at < size; at += step++) data[at] = 1 + (step & 3);
    return data;
  },
  'a period of three': (size) => periodic(size, Uint8Array.of(1, 2, 3)),
  'a period above the longest match of LZX': (size) => periodic(size, sample('noise', 300, 3)),
  'strings of one hash': colliding,
  'pairs that all differ': (size) => {
    const data = new Uint8Array(size);
    for (let at = 0; at + 2 <= size; at += 2) data.set([at >> 9, at >> 1], at);
    return data;
  },
  'repeats of every length, apart by noise': (size) => {
    const next = randomBytes(5);
    const block = sample('noise', 400, 6);
    const data = sample('noise', size, 7);
    for (let at = 0, length = 2; at + length + 9 < size; length = 2 + ((length + 1) % 398)) {
      data.set(block.subarray(0, length), at);
      at += length + 1 + (next() & 7);
    }
    return data;
  },
  'one changed byte in each repeat': (size) => {
    const data = periodic(size, sample('noise', 97, 8));
    for (let at = 50; at < size; at += 97) data[at] = at >> 3;
    return data;
  },
  'a repeat that ends with the chunk': (size) => {
    const data = sample('noise', size, 9);
    data.copyWithin(size - Math.min(60, size >> 1), 0, Math.min(60, size >> 1));
    return data;
  },
  'noise, then text': (size) => {
    const data = sample('noise', size, 10);
    data.set(sample('text', size >> 1, 4), size - (size >> 1));
    return data;
  },
};

const chunkSizes: Readonly<Record<Codec, readonly number[]>> = {
  xpress: [4 * K, 32 * K, 64 * K],
  lzx: [32 * K, 64 * K, 256 * K],
};

const codecs: Codec[] = ['xpress', 'lzx'];

describe.each(codecs)('%s encoder', (codec) => {
  describe.each(chunkSizes[codec])('for chunks of up to %i bytes', (chunkSize) => {
    it.each(levels)('gives back any data at level %i', (level) => {
      const compressor = compressorOf(codec, chunkSize, level);
      const decompressor = decompressorOf(codec, chunkSize);
      fc.assert(
        fc.property(anySample(Math.min(chunkSize, 20_000)), (data) => {
          roundTrip(compressor, decompressor, data);
        }),
        { numRuns: 15 },
      );
    });

    it.each(levels)('gives back what is made against it at level %i', (level) => {
      const compressor = compressorOf(codec, chunkSize, level);
      const decompressor = decompressorOf(codec, chunkSize);
      for (const [name, make] of Object.entries(adversarial)) {
        for (const size of [7, 65, 700, Math.min(chunkSize, 33_000)]) {
          const data = make(size);
          const stream = roundTrip(compressor, decompressor, data);
          if (size >= 33_000 && name !== 'a repeat that ends with the chunk') {
            expect(stream.length, name).toBeGreaterThan(0);
          }
        }
      }
    });
  });

  it.each(levels)('gives the same at level %i whatever the instance compressed before', (level) => {
    const used = compressorOf(codec, 32 * K, level);
    for (const make of Object.values(adversarial)) used.compress(make(20_000), new Uint8Array(19_999));
    for (const kind of Object.keys(fillers) as (keyof typeof fillers)[]) {
      for (const size of [40, 3000, 32 * K]) {
        const data = sample(kind, size, 3);
        const [first, second] = [new Uint8Array(size), new Uint8Array(size)];
        const length = used.compress(data, first);
        expect(compressorOf(codec, 32 * K, level).compress(data, second), kind).toBe(length);
        expect(Buffer.compare(first.subarray(0, length), second.subarray(0, length)), kind).toBe(0);
      }
    }
  });

  it('makes real files smaller with a higher level', () => {
    const program = readFileSync(process.execPath);
    const list = readFileSync(path.resolve(__dirname, '../../../../package-lock.json'));
    const chunks: Uint8Array[] = [];
    for (let i = 0; i < 24; i++) {
      const from = Math.floor((program.length * i) / 24);
      chunks.push(program.subarray(from, from + (i % 3 === 0 ? 3000 : 32 * K)));
    }
    for (let at = 0; at < 8 * 32 * K; at += 32 * K) chunks.push(list.subarray(at, at + 32 * K));
    const sizes = levels.map((level) => {
      const compressor = compressorOf(codec, 32 * K, level);
      const stored = chunks.map(
        (data) => compressor.compress(data, new Uint8Array(data.length - 1)) || data.length,
      );
      return stored.reduce((sum, size) => sum + size);
    });
    // Neighbours may differ by chance; what takes much longer must not be larger.
    for (let i = 1; i < sizes.length; i++) {
      expect(sizes[i], `level ${levels[i]}`).toBeLessThan(sizes[i - 1] * 1.002);
    }
    expect(sizes[sizes.length - 1]).toBeLessThan(sizes[0] * 0.97);
  });
});

describe('lzx encoder of large chunks', () => {
  it.each(levels)('finds a repetition from far away at level %i', (level) => {
    const noise = sample('noise', 100_000, 13);
    const data = Buffer.concat([noise, noise.subarray(1)]);
    const stream = roundTrip(compressorOf('lzx', 256 * K, level), decompressorOf('lzx', 256 * K), data);
    expect(stream.length).toBeGreaterThan(0);
    expect(stream.length).toBeLessThan(noise.length * 1.05);
  });
});
