// WIMs that are compressed with LZMS here, without solid resources: wimlib-imagex reads them and goes on with them, and so
// does 7z read them.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { WimSummary } from '../../src-shared/model/summaries';
import { sevenZip, wimlib, wimsmith, wimsmithResult } from '../support/cli';
import { expectSameTree } from '../support/compareTrees';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { makeRichTree } from '../support/trees';

const K = 1024;

describeWithTools(['wimlib-imagex', '7z'], 'LZMS captures', () => {
  let tree: string;
  beforeAll(() => {
    tree = path.join(temporaryDirectory(), 'tree');
    makeRichTree(tree, 32 * K);
    const program = readFileSync(process.execPath);
    const third = Math.floor(program.length / 3);
    writeFileSync(path.join(tree, 'program'), program.subarray(third, third + 900_000));
  });

  /** The tree as wimlib extracts it from an image. */
  function expectTreeIn(wim: string, image: string): void {
    const target = path.join(temporaryDirectory(), 'applied');
    mkdirSync(target);
    wimlib('verify', wim);
    wimlib('apply', wim, image, target);
    expectSameTree(target, tree);
  }

  it.each([
    ['lzms', 128 * K],
    ['recovery', 128 * K],
    ['LZMS:20', 32 * K],
    ['lzms:100', 2048 * K],
  ])('with --compress=%s in chunks of %i bytes are read by wimlib', (compress, chunkSize) => {
    const wim = path.join(temporaryDirectory(), 'a.wim');
    const size = chunkSize === 128 * K ? [] : [`--chunk-size=${chunkSize}`];
    wimsmith('capture', tree, wim, 'one', `--compress=${compress}`, ...size);
    const { compression, chunkSize: found } = wimsmithResult<WimSummary>('info', wim);
    expect([compression, found]).toEqual(['lzms', chunkSize]);
    expect(wimsmith('verify', wim)).toMatch(/is sound: 1 image/);
    expectTreeIn(wim, '1');
    // Its decoder is the strictest about how the streams end.
    sevenZip('t', wim);
  });

  it('take about as much room as those of wimlib', () => {
    const folder = temporaryDirectory();
    const [ours, theirs] = [path.join(folder, 'ours.wim'), path.join(folder, 'theirs.wim')];
    wimsmith('capture', tree, ours, 'one', '--compress=lzms');
    wimlib('capture', tree, theirs, 'one', '--compress=lzms');
    expect(statSync(ours).size).toBeLessThan(1.02 * statSync(theirs).size);
  });

  it('can be appended to by either, and recompressed', () => {
    const folder = temporaryDirectory();
    const [wim, exported] = [path.join(folder, 'a.wim'), path.join(folder, 'b.wim')];
    wimsmith('capture', tree, wim, 'one', '--compress=lzms');
    wimlib('append', tree, wim, 'two');
    wimsmith('append', tree, wim, 'three');
    expectTreeIn(wim, '3');
    wimsmith('export', wim, '2', exported, '--compress=lzms:80', '--chunk-size=1M');
    expect(wimsmithResult<WimSummary>('info', exported)).toMatchObject({
      compression: 'lzms',
      chunkSize: 1024 * K,
    });
    expectTreeIn(exported, '1');
  });

  it('refuse chunk sizes that LZMS does not have', () => {
    const wim = path.join(temporaryDirectory(), 'a.wim');
    expect(() => wimsmith('capture', tree, wim, 'one', '--compress=lzms', '--chunk-size=16K')).toThrow(
      /from 32768 to 1073741824/,
    );
  });
});
