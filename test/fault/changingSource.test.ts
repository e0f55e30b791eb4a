import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { EngineHost } from '../../src-main/engine/os';
import type { TreeSource } from '../../src-main/engine/tree/source';
import { append, capture } from '../../src-main/engine/wim/ops/capture';
import { createPosixSource } from '../../src-main/platform/posix/posixSource';
import { contents, inlineHost, makeTree, temporaries, wimlib } from '../support/kill';
import { text } from '../support/pipeline';
import { describeWithTools, temporaryDirectory } from '../support/tools';

/** More than is read in one task. */
const LARGE = 24_000_000;

let host: EngineHost;
let base: string;
let old: string;
let place: string;
let source: string;
let wim: string;

beforeAll(async () => {
  host = await inlineHost();
  base = temporaryDirectory();
  const tree = makeTree(path.join(base, 'tree'), 9);
  old = path.join(base, 'old.wim');
  await capture(
    host,
    { wim: old, source: tree, compression: { format: 'xpress' } },
    changing(tree, () => undefined),
  );
});

beforeEach(() => {
  place = path.join(base, `test${readdirSync(base).length}`);
  source = makeTree(path.join(place, 'source'), 4, LARGE);
  wim = path.join(place, 'file.wim');
  copyFileSync(old, wim);
});

/** A source whose files change between the scan and the reading. */
function changing(directory: string, change: () => void): { source: TreeSource; matcher: undefined } {
  const real = createPosixSource(directory);
  const scan: TreeSource['scan'] = async (options) => {
    const result = await real.scan(options);
    change();
    return result;
  };
  const wrapped = Object.create(real, { scan: { value: scan } }) as TreeSource;
  return { source: wrapped, matcher: undefined };
}

interface Case {
  readonly title: string;
  readonly file: string;
  readonly change: (file: string) => void;
  readonly outcome: 'changed' | 'left out' | 'refused';
  /** What is stored need not be what the file holds now. */
  readonly partly?: boolean;
}

const cases: readonly Case[] = [
  { title: 'a file is removed', file: 'text3.txt', change: (file) => rmSync(file), outcome: 'left out' },
  {
    title: 'a large file is removed',
    file: 'large.bin',
    change: (file) => rmSync(file),
    outcome: 'left out',
  },
  {
    title: 'its directory is removed',
    file: 'sub/deep/common.txt',
    change: (file) => rmSync(path.dirname(file), { recursive: true }),
    outcome: 'left out',
  },
  {
    title: 'a file becomes shorter',
    file: 'text3.txt',
    change: (file) => truncateSync(file, 100),
    outcome: 'changed',
  },
  {
    title: 'a file becomes empty',
    file: 'text3.txt',
    change: (file) => truncateSync(file, 0),
    outcome: 'changed',
  },
  {
    title: 'a file grows',
    file: 'text3.txt',
    change: (file) => appendFileSync(file, text(50_000, 3)),
    outcome: 'changed',
  },
  {
    title: 'a file becomes large',
    file: 'text3.txt',
    change: (file) => appendFileSync(file, text(LARGE, 3)),
    outcome: 'changed',
  },
  {
    title: 'a file gets other data',
    file: 'text3.txt',
    change: (file) => writeFileSync(file, text(8000, 77)),
    outcome: 'changed',
  },
  {
    title: 'a large file gets other data',
    file: 'large.bin',
    change: (file) => writeFileSync(file, text(LARGE, 77)),
    outcome: 'changed',
  },
  {
    title: 'a large file grows',
    file: 'large.bin',
    change: (file) => appendFileSync(file, 'more'),
    outcome: 'changed',
    partly: true,
  },
  {
    title: 'a large file becomes shorter',
    file: 'large.bin',
    change: (file) => truncateSync(file, 15_000_000),
    outcome: 'changed',
  },
  {
    title: 'a large file becomes small',
    file: 'large.bin',
    change: (file) => truncateSync(file, 10),
    outcome: 'changed',
  },
  {
    title: 'a large file becomes empty',
    file: 'large.bin',
    change: (file) => truncateSync(file, 0),
    outcome: 'changed',
  },
  {
    title: 'a file becomes a directory',
    file: 'text3.txt',
    change: (file) => {
      rmSync(file);
      mkdirSync(file);
    },
    outcome: 'refused',
  },
  {
    title: 'a file becomes a link to another',
    file: 'text3.txt',
    change: (file) => {
      rmSync(file);
      symlinkSync('text4.txt', file);
    },
    outcome: 'changed',
    partly: true,
  },
];

describeWithTools(['wimlib-imagex'], 'between scan and reading', () => {
  it.each(
    cases.flatMap((one) =>
      [false, true].map((pipable) => ({ ...one, pipable, how: pipable ? 'to a pipable WIM' : 'on append' })),
    ),
  )('$title $how', async ({ file, change, outcome, partly, pipable }) => {
    const request = { wim, source, name: 'second', ...(pipable ? { pipable, overwrite: true } : {}) };
    const input = changing(source, () => change(path.join(source, file)));
    const verb = pipable ? capture : append;
    const result = await verb(host, { ...request, compression: { format: 'xpress' } }, input).catch(
      (error: unknown) => error,
    );
    expect(temporaries(place)).toEqual([]);
    if (outcome === 'refused') {
      expect(result).toMatchObject({ code: expect.stringMatching(/^source\//) as unknown });
      expect((result as Error).message).toContain(file);
      expect(readFileSync(wim).equals(readFileSync(old))).toBe(true);
      return;
    }
    expect(result).toMatchObject({ image: pipable ? 1 : 2 });
    const report = result as { changed: { path: string }[]; notKept: { path: string }[] };
    const told = outcome === 'changed' ? report.changed : report.notKept;
    expect(told.map((remark) => remark.path)).toEqual([`/${file}`]);
    wimlib('verify', wim);
    const target = path.join(place, 'target');
    mkdirSync(target);
    wimlib('apply', wim, pipable ? '1' : '2', target);
    const [got, now] = [contents(target), contents(source)];
    if (outcome === 'left out') expect(got.has(file)).toBe(false);
    else if (partly !== true) expect(got.get(file)).toBe(now.get(file));
    for (const name of got.keys())
      if (name !== file && name !== 'sub/deep/') expect(got.get(name)).toBe(now.get(name));
  });

  it('a file that may not be read any more ends it, unless that is root', async ({ skip }) => {
    skip(process.getuid?.() === 0, 'root may read everything');
    const input = changing(source, () => chmodSync(path.join(source, 'text3.txt'), 0));
    await expect(append(host, { wim, source }, input)).rejects.toMatchObject({ code: 'source/unreadable' });
    expect(readFileSync(wim).equals(readFileSync(old))).toBe(true);
  });
});
