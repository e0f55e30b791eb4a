import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { succeed, wimlib, wimsmith } from '../support/cli';
import { expectSameTree, snapshotTree, userAttributes } from '../support/compareTrees';
import { addLargeFiles, addUnixEntries, isRoot, makeRichTree } from '../support/trees';
import { describeWithTools, hasTool, temporaryDirectory } from '../support/tools';

interface Case {
  readonly compress: 'none' | 'xpress' | 'lzx';
  readonly chunkSize?: number;
  readonly options?: readonly string[];
  readonly large?: boolean;
}

const cases: readonly Case[] = [
  { compress: 'none' },
  { compress: 'none', options: ['--check'], large: true },
  ...[4096, 8192, 16384, 32768, 65536].map((chunkSize) => ({ compress: 'xpress', chunkSize }) as const),
  { compress: 'xpress', options: ['--check'], large: true },
  ...[32768, 65536, 131072, 262144, 524288, 1 << 20, 1 << 21].map(
    (chunkSize) => ({ compress: 'lzx', chunkSize }) as const,
  ),
  { compress: 'lzx', options: ['--check'], large: true },
];

const optionsOf = ({ compress, chunkSize, options = [] }: Case): string[] => [
  `--compress=${compress}`,
  ...(chunkSize === undefined ? [] : [`--chunk-size=${chunkSize}`]),
  ...options,
];

type Tool = (...args: readonly string[]) => string;
const ours: Tool = (...args) => wimsmith('--quiet', ...args);

/** Applies image `image` with one program and compares with the tree that was captured. */
function expectApplied(
  tool: Tool,
  wim: string,
  tree: string,
  options: readonly string[] = [],
  image = '1',
): void {
  const target = path.join(temporaryDirectory(), 'applied');
  mkdirSync(target);
  tool('apply', wim, image, target, ...options);
  expectSameTree(target, tree, { unix: options.includes('--unix-data') });
}

/** `info`, without the lines that name the file or differ by design: Size is the file's here, the XML's there. */
function infoOf(tool: Tool, wim: string): string[] {
  return tool('info', wim)
    .split('\n')
    .filter((line) => !/^(Path|Size):/.test(line));
}

/** `dir --detailed`, with hard link groups numbered in the order of the listing: wimlib numbers them anew as it reads. */
function listing(tool: Tool, wim: string): string {
  const groups = new Map<string, number>();
  return tool('dir', wim, '1', '--detailed').replace(
    /(?<=^Link Group ID +=) 0x(.*)$/gm,
    (text, group: string) => {
      if (/^0+$/.test(group)) return text;
      if (!groups.has(group)) groups.set(group, groups.size + 1);
      return ` group ${String(groups.get(group))}`;
    },
  );
}

function expectSameReading(wim: string): void {
  expect(listing(ours, wim)).toEqual(listing(wimlib, wim));
  expect(infoOf(ours, wim)).toEqual(infoOf(wimlib, wim));
  expect(blobsOf(ours, wim)).toEqual(blobsOf(wimlib, wim));
}

/** `info --blobs` by hash: sizes, place and reference counts. wimlib lists in the order of its hash table. */
function blobsOf(tool: Tool, wim: string): string[] {
  return tool('info', wim, '--blobs')
    .split('\n\n')
    .map((block) => block.trim())
    .sort();
}

/** Counts in the XML data and the reference count of each blob, which do not depend on who wrote the file. */
function counts(wim: string): Record<string, unknown> {
  const lines = infoOf(wimlib, wim).filter((line) => /^(File Count|Total Bytes|Hard Link Bytes):/.test(line));
  const directories = Number(/Directory Count: *(\d+)/.exec(wimlib('info', wim))?.[1]);
  const references = wimlib('info', wim, '--blobs')
    .split('\n\n')
    .filter((block) => block.includes('Hash') && !block.includes('METADATA'))
    .map((block) =>
      /= (0x\w+)[^]*Uncompressed size = (\d+)[^]*Reference Count *= (\d+)/.exec(block)?.slice(1).join(' '),
    );
  return { lines, directories, references: references.sort() };
}

describeWithTools(['wimlib-imagex'], 'WIMs between wimsmith and wimlib-imagex', () => {
  const trees = new Map<string, string>();
  let work: string;
  beforeAll(() => {
    work = temporaryDirectory();
  });

  /** The tree for a case: made once per chunk size. */
  const treeFor = ({ chunkSize = 32768, large = false }: Case): string => {
    const key = `${chunkSize}${large ? ' large' : ''}`;
    const known = trees.get(key);
    if (known !== undefined) return known;
    const tree = path.join(work, key, 'tree');
    mkdirSync(path.dirname(tree));
    makeRichTree(tree, chunkSize);
    if (large) addLargeFiles(tree);
    trees.set(key, tree);
    return tree;
  };

  it.each(
    cases.map((one) => ({
      ...one,
      title: [...optionsOf(one), one.large ? 'with large files' : ''].join(' '),
    })),
  )('$title', (options) => {
    const tree = treeFor(options);
    const mine = path.join(temporaryDirectory(), 'mine.wim');
    const theirs = path.join(path.dirname(mine), 'theirs.wim');
    ours('capture', tree, mine, 'Name', 'Description', ...optionsOf(options));
    wimlib('capture', tree, theirs, 'Name', 'Description', ...optionsOf(options));

    wimlib('verify', mine);
    ours('verify', theirs);
    expectSameReading(mine);
    expectSameReading(theirs);
    expectApplied(wimlib, mine, tree);
    expectApplied(ours, theirs, tree);

    // Microsoft's tools leave the root directory out of DIRCOUNT (its own files in the fixtures show it), wimlib counts it.
    const expected = counts(theirs);
    expect(counts(mine)).toEqual({ ...expected, directories: Number(expected.directories) - 1 });
    const formatOf = (wim: string): string[] =>
      infoOf(wimlib, wim).filter((line) =>
        /^(Version|Compression|Chunk Size|Part Number|Boot Index|Attributes):/.test(line),
      );
    expect(formatOf(mine)).toEqual(formatOf(theirs));
  });

  it.each([
    { name: 'rpfix', options: ['--rpfix'], moved: true },
    { name: 'norpfix', options: ['--norpfix'], moved: false },
    { name: 'the default', options: [], moved: true },
  ])('absolute links under $name move with the image: $moved', ({ options, moved }) => {
    const tree = treeFor({ compress: 'none' });
    const targets = (root: string): string[] => {
      const found = snapshotTree(root);
      return ['absolute inside', 'absolute root', 'absolute outside'].map((name) =>
        String(found[name].target),
      );
    };
    const kept = ['<root>/docs/hello.txt', '<root>', '/usr/share'];
    const asCaptured = [path.join(tree, 'docs/hello.txt'), tree, '/usr/share'];
    for (const capture of [ours, wimlib]) {
      for (const apply of [ours, wimlib]) {
        const wim = path.join(temporaryDirectory(), 'links.wim');
        const target = path.join(path.dirname(wim), 'applied');
        mkdirSync(target);
        capture('capture', tree, wim, '--compress=none', ...options);
        apply('apply', wim, '1', target);
        expect(targets(target)).toEqual(moved ? kept : asCaptured);
      }
    }
  });

  it('keeps UNIX data both ways', () => {
    const tree = path.join(temporaryDirectory(), 'tree');
    makeRichTree(tree, 4096);
    addUnixEntries(tree);
    const attributes = hasTool('setfattr') && hasTool('getfattr');
    if (attributes) {
      succeed('setfattr', '-n', 'user.colour', '-v', 'green', path.join(tree, 'unix/attributes'));
      succeed('setfattr', '-n', 'user.size', '-v', 'x'.repeat(900), path.join(tree, 'unix/sticky'));
    }
    for (const capture of [ours, wimlib]) {
      const wim = path.join(temporaryDirectory(), 'unix.wim');
      capture('capture', tree, wim, '--compress=xpress', '--unix-data');
      expectSameReading(wim);
      for (const apply of [ours, wimlib]) {
        // Only root may give files away.
        if (isRoot) expectApplied(apply, wim, tree, ['--unix-data']);
        const target = path.join(temporaryDirectory(), 'applied');
        mkdirSync(target);
        if (isRoot && attributes) {
          apply('apply', wim, '1', target, '--unix-data');
          expect(userAttributes(target)).toEqual(userAttributes(tree));
        }
      }
    }
  });
});
