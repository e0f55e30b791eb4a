// wimlib-imagex as the independent judge, in both directions.
import { beforeAll, describe, expect, it } from 'vitest';
import { createLzxCompressor, createLzxDecompressor } from '../../../../src-main/engine/codec/lzx/lzx';
import { describeWithTools } from '../../../support/tools';
import { lzxKernel, sample } from './lzxSamples';
import {
  captureWithWimlib,
  carveChunks,
  carveChunkSize,
  carveResources,
  extractWithWimlib,
  replaceChunks,
  type CarvedResource,
} from './lzxWim';

const K = 1024;
let kernel: WebAssembly.Module;
beforeAll(async () => {
  kernel = await lzxKernel();
});

/** A file with text, code, copies and noise, ending in a short chunk. */
function content(chunkSize: number): Uint8Array {
  return Buffer.concat([
    sample('code', 300_000, 3),
    sample('mixed', chunkSize + 400_001, 4),
    sample('text', 200_000, 5),
    sample('records', 100_000, 6),
    sample('calls', 5000),
    sample('copies', 70_007, 7),
  ]);
}

function fileOf(wim: Uint8Array): CarvedResource {
  const resource = carveResources(wim).find((one) => !one.metadata && one.compressed);
  if (resource === undefined) throw new Error('wimlib stored no compressed file');
  return resource;
}

/** Decodes the file of a WIM with our decoder. */
function decodeFile(wim: Uint8Array): Uint8Array {
  const decompressor = createLzxDecompressor(kernel, carveChunkSize(wim));
  const chunks = carveChunks(wim, fileOf(wim)).map(({ data, size, stored }) => {
    const output = new Uint8Array(size);
    if (stored) output.set(data);
    else decompressor.decompress(data, output);
    return output;
  });
  return Buffer.concat(chunks);
}

/** The WIM with its file's chunks made by our encoder. */
function recompress(wim: Uint8Array, file: Uint8Array, level: number): Uint8Array {
  const chunkSize = carveChunkSize(wim);
  const compressor = createLzxCompressor(kernel, { maxChunkSize: chunkSize, level });
  const chunks: Uint8Array[] = [];
  let shrunk = 0;
  for (let at = 0; at < file.length; at += chunkSize) {
    const chunk = file.subarray(at, at + chunkSize);
    const output = new Uint8Array(chunk.length - 1);
    const size = compressor.compress(chunk, output);
    if (size > 0) shrunk++;
    chunks.push(size > 0 ? output.subarray(0, size) : chunk);
  }
  expect(shrunk).toBeGreaterThan(0);
  return replaceChunks(wim, fileOf(wim), chunks);
}

/** Chunks that hold one call each, whose E8 is 5 to 24 bytes before the chunk's end: translation stops in between. */
function callsAtEnds(): Uint8Array {
  const chunks = Array.from({ length: 20 }, (_, i) => {
    const chunk = new Uint8Array(32 * K);
    chunk.set([0xe8, 1 + i, 2, 0, 0], chunk.length - 5 - i);
    return chunk;
  });
  return Buffer.concat(chunks);
}

const chunkSizes = [32 * K, 64 * K, 128 * K, 256 * K, 512 * K, 1024 * K, 2048 * K];

describeWithTools(['wimlib-imagex'], 'LZX against wimlib-imagex', () => {
  describe.each(chunkSizes)('chunk size %i', (chunkSize) => {
    it.each([20, 50])('decodes what wimlib compressed at level %i', (level) => {
      const file = content(chunkSize);
      const wim = captureWithWimlib(file, chunkSize, level);
      expect(carveChunkSize(wim)).toBe(chunkSize);
      expect(Buffer.compare(decodeFile(wim), file)).toBe(0);
    });

    it.each([1, 20, 50, 100])('wimlib decodes what we compressed at level %i', (level) => {
      const file = content(chunkSize);
      const wim = captureWithWimlib(file, chunkSize, 1);
      expect(Buffer.compare(extractWithWimlib(recompress(wim, file, level)), file)).toBe(0);
    });
  });

  it('agrees with wimlib on where call translation stops', () => {
    const file = callsAtEnds();
    const wim = captureWithWimlib(file, 32 * K);
    expect(Buffer.compare(decodeFile(wim), file)).toBe(0);
    expect(Buffer.compare(extractWithWimlib(recompress(wim, file, 50)), file)).toBe(0);
  });
});
