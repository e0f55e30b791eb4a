// Streams of the Windows compression API (from Samba) and of Microsoft's protocol test suites.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildKernels } from '../../../../build/kernels.mjs';
import {
  createXpressCompressor,
  createXpressDecompressor,
} from '../../../../src-main/engine/codec/xpress/xpress';
import { describeWithFixtures, fixtures } from '../../../support/tools';
import { referenceBlockSize, referenceDecode } from './xpressReference';

const kernelPath = path.resolve(__dirname, '../../../../dist/kernels/xpress.wasm');
let kernel: WebAssembly.Module;

beforeAll(async () => {
  await buildKernels({ names: ['xpress'] });
  kernel = new WebAssembly.Module(readFileSync(kernelPath));
});

/**
 * Decodes a stream with both readers. The kernel reads one block; a stream of several still begins with one, and the rest
 * is trailing data to it. The reference reads all blocks, with the matches that reach across them.
 */
function expectDecoded(input: Uint8Array, expected: Uint8Array): void {
  const { data, firstBlock } = referenceDecode(input, expected.length);
  expect(Buffer.compare(data, expected)).toBe(0);
  const output = new Uint8Array(firstBlock);
  createXpressDecompressor(kernel, referenceBlockSize).decompress(input, output);
  expect(Buffer.compare(output, expected.subarray(0, firstBlock))).toBe(0);
  if (expected.length <= referenceBlockSize) expect(firstBlock).toBe(expected.length);
}

function expectRoundTrip(data: Uint8Array, chunkSize: number, level: number): number {
  const compressor = createXpressCompressor(kernel, { maxChunkSize: chunkSize, level });
  const decompressor = createXpressDecompressor(kernel, chunkSize);
  const buffer = new Uint8Array(chunkSize);
  let total = 0;
  for (let at = 0; at < data.length; at += chunkSize) {
    const chunk = data.subarray(at, at + chunkSize);
    const written = compressor.compress(chunk, buffer.subarray(0, chunk.length - 1));
    total += written === 0 ? chunk.length : written;
    if (written === 0) continue;
    const stream = buffer.slice(0, written);
    const own = new Uint8Array(chunk.length);
    decompressor.decompress(stream, own);
    expect(Buffer.compare(own, chunk)).toBe(0);
    const reference = referenceDecode(stream, chunk.length);
    expect(Buffer.compare(reference.data, chunk)).toBe(0);
    expect(reference.endSymbol).toBe(true);
    expect(reference.read).toBe(stream.length);
  }
  return total;
}

describeWithFixtures('Windows compression API', () => {
  const compressed = fixtures('compression', 'samba-xpress', 'compressed-huffman');
  const stems = existsSync(compressed)
    ? readdirSync(compressed)
        .filter((name) => name.endsWith('.lzhuff'))
        .map((name) => name.slice(0, -'.lzhuff'.length))
    : [];
  const plain = (stem: string): Uint8Array =>
    readFileSync(fixtures('compression', 'samba-xpress', 'decompressed', `${stem}.decomp`));

  it('has vectors', () => expect(stems.length).toBeGreaterThan(50));

  describe.each(stems)('%s', (stem) => {
    it('decodes exactly', () => {
      const input = readFileSync(path.join(compressed, `${stem}.lzhuff`));
      expectDecoded(input, plain(stem));
    });

    it.each([
      [32768, 50],
      [4096, 20],
      [65536, 80],
    ])('chunks of %i at level %i are read back by both readers', (chunkSize, level) => {
      const data = plain(stem);
      expect(expectRoundTrip(data, chunkSize, level)).toBeLessThanOrEqual(data.length);
    });
  });

  it('is not larger than what Windows made of the data of one block', () => {
    let ours = 0;
    let theirs = 0;
    for (const stem of stems) {
      const data = plain(stem);
      if (data.length > referenceBlockSize) continue;
      ours += expectRoundTrip(data, 65536, 50);
      theirs += readFileSync(path.join(compressed, `${stem}.lzhuff`)).length;
    }
    expect(ours).toBeLessThanOrEqual(theirs);
  });
});

describeWithFixtures('Microsoft protocol test suites', () => {
  // The two abc_100 names are swapped at their source.
  it.each([
    ['LZ77Huffman_Compressed_a_z', 'Uncompressed_a_z'],
    ['LZ77Huffman_Compressed_a_z_large', 'Uncompressed_a_z_large'],
    ['LZ77Huffman_Compressed_abc_100_large', 'Uncompressed_abc_100'],
    ['LZ77Huffman_Compressed_abc_100', 'Uncompressed_abc_100_large'],
  ])('%s', (stream, data) => {
    const input = readFileSync(fixtures('compression', 'ms-xca', `${stream}.data`));
    const expected = readFileSync(fixtures('compression', 'ms-xca', `${data}.data`));
    expectDecoded(input, expected);
  });
});
