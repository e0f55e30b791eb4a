import { appendFileSync, copyFileSync, cpSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { wimlib, wimsmith } from '../support/cli';
import { expectSameTree } from '../support/compareTrees';
import { noise, text } from '../support/pipeline';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { makeRichTree } from '../support/trees';

type Tool = (...args: readonly string[]) => string;
const ours: Tool = (...args) => wimsmith(...args, '--quiet');
const tools: Readonly<Record<'wimsmith' | 'wimlib', Tool>> = { wimsmith: ours, wimlib };
const formats = ['none', 'xpress', 'lzx'] as const;

interface Blob {
  readonly sha1: string;
  readonly size: number;
  readonly stored: number;
  readonly offset: number;
  readonly references: number;
}

/** A WIM's blob table as wimlib reads it, without the metadata resources, by hash. */
function blobs(wim: string): Blob[] {
  const fields = ['Hash', 'Uncompressed size', 'Compressed size', 'Offset in WIM', 'Reference Count'];
  return wimlib('info', wim, '--blobs')
    .split('\n\n')
    .filter((block) => block.includes('Hash') && !block.includes('METADATA'))
    .map((block) => fields.map((field) => new RegExp(`^${field} *= (\\w+)`, 'm').exec(block)?.[1] ?? ''))
    .map(([sha1, size, stored, offset, references]) => ({
      sha1,
      size: Number(size),
      stored: Number(stored),
      offset: Number(offset),
      references: Number(references),
    }))
    .sort((a, b) => (a.sha1 < b.sha1 ? -1 : 1));
}

/** Hash, size and reference count of each blob: what does not depend on who compressed it. */
const contents = (wim: string): unknown[] =>
  blobs(wim).map(({ sha1, size, references }) => ({ sha1, size, references }));

/** Both programs find nothing wrong, and image `index` applied by each is the tree. */
function expectImages(wim: string, trees: readonly string[]): void {
  wimlib('verify', wim);
  ours('verify', wim);
  trees.forEach((tree, i) => {
    for (const apply of [ours, wimlib]) {
      const target = path.join(temporaryDirectory(), 'applied');
      mkdirSync(target);
      apply('apply', wim, String(i + 1), target);
      expectSameTree(target, tree);
    }
  });
  expect(/Image Count: +(\d+)/.exec(wimlib('info', wim))?.[1]).toBe(String(trees.length));
}

function changedCopy(tree: string): string {
  const second = path.join(temporaryDirectory(), 'second');
  cpSync(tree, second, { recursive: true, preserveTimestamps: false, verbatimSymlinks: true });
  appendFileSync(path.join(second, 'docs/one'), 'and more');
  writeFileSync(path.join(second, 'new noise'), noise(50_000, 77));
  writeFileSync(path.join(second, 'new text'), text(90_000, 78));
  rmSync(path.join(second, 'docs/zeros'));
  return second;
}

describeWithTools(['wimlib-imagex'], 'changing WIMs, against wimlib-imagex', () => {
  let first: string;
  let second: string;
  beforeAll(() => {
    first = path.join(temporaryDirectory(), 'first');
    makeRichTree(first, 32768);
    second = changedCopy(first);
  });

  /** A WIM of the first tree. Absolute links stay as they are, so that two trees hold the same links. */
  const captured = (maker: Tool, format: string, ...options: string[]): string => {
    const wim = path.join(temporaryDirectory(), 'a.wim');
    maker('capture', first, wim, 'one', `--compress=${format}`, ...options);
    return wim;
  };
  const copyOf = (wim: string): string => {
    const copy = path.join(temporaryDirectory(), 'copy.wim');
    copyFileSync(wim, copy);
    return copy;
  };
  const size = (wim: string): number => statSync(wim).size;

  const makers = (['wimsmith', 'wimlib'] as const).flatMap((maker) =>
    formats.map((format) => ({ maker, format })),
  );

  it.each(makers)('append to a $format WIM of $maker', ({ maker, format }) => {
    const wim = captured(tools[maker], format);
    const before = blobs(wim);
    const theirs = copyOf(wim);
    wimlib('append', second, theirs, 'two');
    ours('append', second, wim, 'two');
    expectImages(wim, [first, second]);
    expect(contents(wim)).toEqual(contents(theirs));
    // What was there stays where it is.
    const kept = new Map(blobs(wim).map((blob) => [blob.sha1, [blob.offset, blob.stored]]));
    expect(before.map((blob) => kept.get(blob.sha1))).toEqual(
      before.map((blob) => [blob.offset, blob.stored]),
    );
    if (format === 'none') expect(Math.abs(size(wim) - size(theirs))).toBeLessThan(300);
    // wimlib goes on with what we left.
    wimlib('append', first, wim, 'three');
    expectImages(wim, [first, second, first]);
  });

  it.each(makers)(
    'append of the same tree to a $format WIM of $maker adds metadata only',
    ({ maker, format }) => {
      const wim = captured(tools[maker], format, '--check');
      const before = { blobs: blobs(wim), size: size(wim) };
      const theirs = copyOf(wim);
      wimlib('append', first, theirs, 'two');
      ours('append', first, wim, 'two');
      const after = blobs(wim);
      expect(after).toEqual(before.blobs.map((blob) => ({ ...blob, references: blob.references * 2 })));
      expect(contents(wim)).toEqual(contents(theirs));
      // The same is written: metadata, blob table, XML data, integrity table; the old ones of these are left behind.
      expect(size(wim) - before.size).toBeLessThan((size(theirs) - before.size) * 1.1 + 300);
      expectImages(wim, [first, first]);
    },
  );

  it.each(makers)('export from a $format WIM of $maker', ({ maker, format }) => {
    const wim = captured(tools[maker], format);
    tools[maker]('append', second, wim, 'two');
    const directory = temporaryDirectory();
    const [mine, theirs, all] = ['mine', 'theirs', 'all'].map((name) => path.join(directory, `${name}.wim`));
    // To a new file: only what the image needs, as it lies in the source.
    ours('export', wim, 'two', mine);
    wimlib('export', wim, 'two', theirs);
    expectImages(mine, [second]);
    expect(contents(mine)).toEqual(contents(theirs));
    const stored = new Map(blobs(wim).map((blob) => [blob.sha1, blob.stored]));
    expect(blobs(mine).map((blob) => blob.stored)).toEqual(blobs(mine).map((blob) => stored.get(blob.sha1)));
    // To one that exists.
    ours('export', wim, '1', mine);
    wimlib('export', wim, '1', theirs);
    expectImages(mine, [second, first]);
    expect(contents(mine)).toEqual(contents(theirs));
    // All of them, in another compression.
    const other = format === 'lzx' ? 'xpress' : 'lzx';
    ours('export', wim, 'all', all, `--compress=${other}`, '--recompress', '--check');
    expectImages(all, [first, second]);
    expect(contents(all)).toEqual(contents(wim));
    expect(wimlib('info', all)).toMatch(new RegExp(`^Compression: +${other.toUpperCase()}$`, 'm'));
    // wimlib takes over what we exported.
    wimlib('export', all, '1', theirs, 'one again');
    ours('verify', theirs);
  });

  it.each(makers)('delete and optimize of a $format WIM of $maker', ({ maker, format }) => {
    const wim = captured(tools[maker], format);
    tools[maker]('append', second, wim, 'two');
    const theirs = copyOf(wim);
    const soft = copyOf(wim);
    ours('delete', wim, 'one');
    wimlib('delete', theirs, 'one');
    expectImages(wim, [second]);
    expect(contents(wim)).toEqual(contents(theirs));
    expect(size(wim)).toBeLessThan(size(theirs) * 1.02 + 300);

    ours('delete', soft, '1', '--soft');
    expectImages(soft, [second]);
    ours('optimize', soft);
    expectImages(soft, [second]);
    expect(contents(soft)).toEqual(contents(theirs));
    expect(size(soft)).toBeLessThan(size(theirs) * 1.02 + 300);

    const larger = format === 'none' ? 'lzx' : 'none';
    ours('optimize', soft, '--recompress', `--compress=${larger}`);
    expectImages(soft, [second]);
    expect(contents(soft)).toEqual(contents(theirs));
  });

  describe('information', () => {
    it.each(formats)('a change of a %s WIM is read by wimlib, and the other way round', (format) => {
      const wim = captured(ours, format, '--check');
      ours('append', second, wim, 'two');
      ours(
        'info',
        wim,
        '2',
        'Zweites Büro & <mehr>',
        'Beschreibung',
        '--boot',
        '--image-property',
        'FLAGS=Professional',
      );
      const seen = wimlib('info', wim);
      expect(
        [/^Boot Index: +(.*)$/m, /^Index: +2\nName: +(.*)\nDescription: +(.*)$/m, /^Flags: +(.*)$/m].map(
          (line) => line.exec(seen)?.slice(1),
        ),
      ).toEqual([['2'], ['Zweites Büro & <mehr>', 'Beschreibung'], ['Professional']]);
      wimlib('info', wim, '1', 'erstes', 'von wimlib', '--boot');
      const lines = ours('info', wim).split('\n');
      expect(lines).toEqual(expect.arrayContaining(['Boot Index:     1', 'Name:                   erstes']));
      expectImages(wim, [first, second]);
    });
  });
});
