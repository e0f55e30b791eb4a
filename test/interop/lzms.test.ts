// WIMs whose data wimlib compressed with LZMS, without solid resources: every verb reads them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createLzmsDecompressor } from '../../src-main/engine/codec/lzms/lzms';
import type { WimSummary } from '../../src-shared/model/summaries';
import { wimlib, wimsmith, wimsmithOutcome, wimsmithResult } from '../support/cli';
import { expectSameTree } from '../support/compareTrees';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { makeRichTree } from '../support/trees';
import { lzmsKernel } from '../unit/engine/codec/lzms/lzmsSamples';
import { sample } from '../unit/engine/codec/lzxSamples';
import { captureWithWimlib, carveChunks, carveChunkSize, carveResources } from '../unit/engine/codec/lzxWim';

const K = 1024;

/** Text, structured and random data, and the machine code of a real program. */
function content(size: number): Uint8Array {
  const program = readFileSync(process.execPath);
  return Buffer.concat([
    program.subarray(program.length / 3, program.length / 3 + size / 2),
    sample('mixed', 200_001, 4),
    sample('code', 150_000, 3),
    sample('text', 100_000, 5),
    sample('records', 150_000, 6),
    sample('copies', 100_007, 7),
    sample('zeros', 50_000),
    sample('calls', 5000),
  ]);
}

/** 16-bit samples of a wave with little noise: what delta matches are for. */
function wave(count: number): Uint8Array {
  const data = Buffer.alloc(2 * count);
  const noise = sample('noise', count, 8);
  for (let i = 0; i < count; i++) {
    data.writeInt16LE((Math.round(9000 * Math.sin(i / 300) + 3 * i) % 32_000) | (noise[i] & 1), 2 * i);
  }
  return data;
}

describeWithTools(['wimlib-imagex'], 'LZMS data of wimlib-imagex', () => {
  let kernel: WebAssembly.Module;
  beforeAll(async () => {
    kernel = await lzmsKernel();
  });

  it.each([
    [32 * K, 50],
    [128 * K, 50],
    [256 * K, 100],
    [1024 * K, 35],
    [4096 * K, 50],
  ])('decompresses in chunks of %i bytes, made at level %i', (chunkSize, level) => {
    const file = Buffer.concat([content(Math.max(500_000, Math.min(chunkSize, 3_000_000))), wave(100_000)]);
    const wim = captureWithWimlib(file, chunkSize, level, 'lzms');
    expect(carveChunkSize(wim)).toBe(chunkSize);
    const resource = carveResources(wim).find((one) => !one.metadata && one.compressed);
    if (resource === undefined) throw new Error('wimlib stored the file');
    const decompressor = createLzmsDecompressor(kernel, chunkSize);
    const chunks = carveChunks(wim, resource).map(({ data, size, stored }) => {
      const output = new Uint8Array(size);
      if (stored) output.set(data);
      else decompressor.decompress(data, output);
      return output;
    });
    expect(Buffer.compare(Buffer.concat(chunks), file)).toBe(0);
  });
});

describeWithTools(['wimlib-imagex'], 'LZMS WIMs of wimlib-imagex', () => {
  describe.each([32 * K, 1024 * K])('with chunks of %i bytes', (chunkSize) => {
    let tree: string;
    let wim: string;
    beforeAll(() => {
      const folder = temporaryDirectory();
      tree = path.join(folder, 'tree');
      wim = path.join(folder, 'lzms.wim');
      makeRichTree(tree, 32 * K);
      writeFileSync(path.join(tree, 'program'), content(400_000));
      wimlib('capture', tree, wim, 'first', '--compress=lzms', `--chunk-size=${chunkSize}`);
      wimlib('append', tree, wim, 'second');
    });

    it('are opened, listed and found sound', () => {
      const { compression, chunkSize: found, images } = wimsmithResult<WimSummary>('info', wim);
      expect({ compression, found, images: images.length }).toEqual({
        ...{ compression: 'lzms', found: chunkSize, images: 2 },
      });
      expect(wimsmith('dir', wim, '2').split('\n').sort()).toEqual(
        wimlib('dir', wim, '2').split('\n').sort(),
      );
      expect(wimsmith('verify', wim)).toMatch(/is sound: 2 images/);
    });

    it('are applied and extracted', () => {
      const target = path.join(temporaryDirectory(), 'applied');
      mkdirSync(target);
      wimsmith('apply', wim, '2', target);
      expectSameTree(target, tree);
      const extracted = temporaryDirectory();
      wimsmith('extract', wim, '1', '/program', `--dest-dir=${extracted}`);
      const data = readFileSync(path.join(extracted, 'program'));
      expect(Buffer.compare(data, readFileSync(path.join(tree, 'program')))).toBe(0);
    });

    it('are found damaged where their data is', () => {
      const damaged = readFileSync(wim);
      const program = carveResources(damaged).find(({ metadata, size }) => !metadata && size > 900_000);
      if (program === undefined) throw new Error('the program is not in the WIM');
      damaged[program.offset + Math.floor(program.storedSize / 2)] ^= 0x55;
      const file = path.join(temporaryDirectory(), 'damaged.wim');
      writeFileSync(file, damaged);
      const { status, stdout, stderr } = wimsmithOutcome('verify', file);
      expect(status).toBe(2);
      expect(stdout + stderr).toMatch(/image 1: \/program/);
    });
  });

  it.each(['xpress', 'lzx'])('are exported to %s, and read by wimlib again', (format) => {
    const folder = temporaryDirectory();
    const tree = path.join(folder, 'tree');
    const [wim, exported] = [path.join(folder, 'a.wim'), path.join(folder, 'b.wim')];
    const target = path.join(folder, 'applied');
    makeRichTree(tree, 32 * K);
    wimlib('capture', tree, wim, 'one', '--compress=lzms');
    wimsmith('export', wim, '1', exported, `--compress=${format}`);
    mkdirSync(target);
    wimlib('apply', exported, '1', target);
    expectSameTree(target, tree);
  });

  it('are exported to LZMS as they are', () => {
    const folder = temporaryDirectory();
    const tree = path.join(folder, 'tree');
    const [wim, copy] = [path.join(folder, 'a.wim'), path.join(folder, 'b.wim')];
    makeRichTree(tree, 32 * K);
    wimlib('capture', tree, wim, 'one', '--compress=lzms');
    wimsmith('export', wim, '1', copy);
    expect(wimsmithResult<WimSummary>('info', copy).compression).toBe('lzms');
    wimlib('verify', copy);
    expect(wimsmith('verify', copy)).toMatch(/is sound/);
  });
});
