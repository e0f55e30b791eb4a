import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectSameTree } from '../support/compareTrees';
import { wimlib, wimsmith } from '../support/cli';
import { noise, text } from '../support/pipeline';
import { describeWithTools, temporaryDirectory } from '../support/tools';

/** Numbers of threads: none beside, fewer and more than the machine has. */
const COUNTS = [1, 2, 3, 8];

/** Small files in several batches, duplicates among them, and two that are divided among the threads. */
function makeTree(): string {
  const tree = temporaryDirectory();
  for (let i = 0; i < 200; i++) {
    const directory = path.join(tree, `directory ${i % 7}`);
    mkdirSync(directory, { recursive: true });
    writeFileSync(path.join(directory, `text ${i}`), text(50 * i, i % 250));
    writeFileSync(path.join(directory, `noise ${i}`), noise(3 * i, i % 250));
  }
  const paragraph = text(500_000, 3);
  const large = Buffer.concat([...new Array<Uint8Array>(35).fill(paragraph), noise(1000)]);
  writeFileSync(path.join(tree, 'large'), large);
  writeFileSync(path.join(tree, 'directory 1', 'large again'), large);
  writeFileSync(path.join(tree, 'mixture'), Buffer.concat([text(1_500_000, 5), noise(1_000_000)]));
  // The access time of a directory changes when it is first read: not between two captures.
  readdirSync(tree, { recursive: true });
  return tree;
}

describe('any number of threads', () => {
  let tree: string;
  beforeAll(() => {
    tree = makeTree();
  });

  it.each([
    ['--compress=none'],
    ['--compress=fast:20'],
    ['--compress=lzx:20'],
    ['--compress=lzms:20'],
    ['--solid', '--solid-compress=lzms:20', '--solid-chunk-size=1M'],
  ])('makes the same file: %s %s %s', (...options) => {
    const directory = temporaryDirectory();
    const files = COUNTS.map((threads) => {
      const wim = path.join(directory, `${threads}.wim`);
      wimsmith('capture', tree, wim, 'image', ...options, `--threads=${threads}`);
      return wim;
    });
    // Each has an identity and a time of its own; everything else is the same.
    const [first, ...others] = files.map((file) => comparable(readFileSync(file)));
    for (const other of others) expect(other.equals(first)).toBe(true);
    const exported = COUNTS.map((threads) => {
      const wim = path.join(directory, `exported ${threads}.wim`);
      wimsmith('export', files[0], '1', wim, '--compress=fast:20', `--threads=${threads}`);
      return comparable(readFileSync(wim));
    });
    for (const other of exported) expect(other.equals(exported[0])).toBe(true);
  });
});

describeWithTools(['wimlib-imagex'], 'any number of threads', () => {
  it.each([['--compress=none'], ['--compress=LZX'], ['--solid', '--solid-chunk-size=1M']])(
    'writes the same files: %s %s',
    (...options) => {
      const tree = makeTree();
      const directory = temporaryDirectory();
      const wim = path.join(directory, 'theirs.wim');
      wimlib('capture', tree, wim, ...options);
      for (const threads of COUNTS) {
        wimsmith('verify', wim, `--threads=${threads}`);
        const target = path.join(directory, `applied ${threads}`);
        wimsmith('apply', wim, '1', target, `--threads=${threads}`);
        expectSameTree(target, tree);
      }
    },
  );
});

/** A WIM without its GUID and without the XML data at its end, which names times and the GUID's like. */
function comparable(wim: Buffer): Buffer {
  const xmlOffset = Number(wim.readBigUInt64LE(0x48 + 8));
  const copy = Buffer.from(wim.subarray(0, xmlOffset));
  copy.fill(0, 0x18, 0x28);
  copy.fill(0, 0x48, 0x60);
  return copy;
}
