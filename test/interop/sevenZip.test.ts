import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { sevenZip, wimsmith } from '../support/cli';
import { snapshotTree, type Snapshot } from '../support/compareTrees';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { addLargeFiles, makeRichTree } from '../support/trees';

/** Options of capture. */
const cases = [
  '--compress=none',
  '--compress=none --check',
  '--compress=xpress',
  '--compress=xpress --chunk-size=4096',
  '--compress=xpress --chunk-size=65536',
  '--compress=lzx',
  '--compress=lzx --check --boot',
  '--compress=lzx --chunk-size=65536 --unix-data',
  '--compress=lzx --chunk-size=2M',
];

interface Listed {
  readonly path: string;
  readonly folder: boolean;
  readonly size: number;
}

/** `7z l`: path, kind and size of all entries. */
function listed(wim: string): Listed[] {
  const [, ...blocks] = sevenZip('l', '-slt', wim)
    .split(/^Path = /m)
    .slice(1);
  return blocks
    .map((block) => ({
      path: block.split('\n', 1)[0],
      folder: /^Folder = \+$/m.test(block),
      size: Number(/^Size = (\d+)$/m.exec(block)?.[1] ?? 0),
    }))
    .filter((entry) => !entry.path.startsWith('[') && entry.path !== '')
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The same of a tree; of links, whose data is what reparse points hold, only the path. */
function expectedOf(tree: string, prefix = ''): Pick<Listed, 'path'>[] {
  return Object.entries(snapshotTree(tree))
    .filter(([name]) => name !== '.')
    .map(([name, entry]) => ({ path: prefix + name, ...sizeOf(entry) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function sizeOf(entry: Snapshot): Partial<Listed> {
  if (entry.kind === 'symlink') return {};
  return { folder: entry.kind === 'directory', size: entry.size ?? 0 };
}

/** Content by path, of files alone. */
function files(tree: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(snapshotTree(tree))
      .filter(([, entry]) => entry.kind === 'file')
      .map(([name, entry]) => [name, entry.sha1]),
  );
}

describeWithTools(['7z'], '7-Zip on WIMs of wimsmith', () => {
  let tree: string;
  beforeAll(() => {
    tree = path.join(temporaryDirectory(), 'tree');
    makeRichTree(tree, 32768);
    addLargeFiles(tree);
  });

  it.each(cases)('tests, lists and extracts %s', (options) => {
    const wim = path.join(temporaryDirectory(), 'a.wim');
    wimsmith('capture', tree, wim, ...options.split(' '));
    expect(sevenZip('t', wim)).toMatch(/^Everything is Ok$/m);
    const symlinks = new Set(
      expectedOf(tree)
        .filter((entry) => !('size' in entry))
        .map((entry) => entry.path),
    );
    expect(listed(wim).map((entry) => (symlinks.has(entry.path) ? { path: entry.path } : entry))).toEqual(
      expectedOf(tree),
    );
    const target = path.join(path.dirname(wim), 'extracted');
    mkdirSync(target);
    // 7-Zip does not make links that could lead out of the target.
    sevenZip('x', '-y', `-o${target}`, wim, ...[...symlinks].map((name) => `-x!${name}`));
    expect(files(target)).toMatchObject(files(tree));
  });

  it('finds the images of a WIM that grew, and one that was optimized', () => {
    const wim = path.join(temporaryDirectory(), 'a.wim');
    const paths = (): string[] => listed(wim).map((entry) => entry.path);
    const inImages = (...images: number[]): string[] =>
      images.flatMap((image) => expectedOf(tree, `${image}/`).map((entry) => entry.path));
    wimsmith('capture', tree, wim, 'one', '--compress=xpress');
    wimsmith('append', tree, wim, 'two');
    expect(sevenZip('t', wim)).toMatch(/^Everything is Ok$/m);
    expect(
      paths()
        .filter((name) => name.includes('/'))
        .sort(),
    ).toEqual(expect.arrayContaining(inImages(1, 2).sort()));
    wimsmith('delete', wim, '1');
    wimsmith('optimize', wim, '--recompress', '--compress=lzx');
    expect(sevenZip('t', wim)).toMatch(/^Everything is Ok$/m);
    expect(paths()).toEqual(expectedOf(tree).map((entry) => entry.path));
  });
});
