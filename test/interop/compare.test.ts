import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compare, type CompareSide, type DifferenceRow } from '../../src-shared/contract/compare';
import { createCompareHandlers } from '../../src-main/app/compare/compareHandlers';
import { makeNtfsVolume, ntfsTools, reasonWithoutNtfs } from '../fidelity/ntfsVolume';
import { succeed, wimlib } from '../support/cli';
import { jobControl, nodeHost } from '../support/handlers';
import { describeWithTools, requireTool, temporaryDirectory } from '../support/tools';
import { makeRichTree } from '../support/trees';

const everything = ['added', 'removed', 'changed', 'metadata'] as const;
const image = (wim: string, index = 1): CompareSide => ({ kind: 'image', wim, image: index });
const folder = (place: string): CompareSide => ({ kind: 'folder', path: place });

/** Differences as words: what, path, fields. */
function words(rows: readonly DifferenceRow[]): string[] {
  return rows.map((row) => [row.difference, row.path, ...row.fields].join(' '));
}

async function differences(
  left: CompareSide,
  right: CompareSide,
  ignoreTimes = false,
): Promise<{
  words: string[];
  rows: DifferenceRow[];
  result: Awaited<ReturnType<ReturnType<typeof createCompareHandlers>['run']>>;
}> {
  const handlers = createCompareHandlers(await nodeHost());
  const result = await handlers.run({ left, right, ignoreTimes }, jobControl());
  expect(compare.members.run.out.parse(result)).toEqual(result);
  const question = { comparison: result.comparison, differences: [...everything], filter: '' };
  const { rows, total } = await handlers.rows({ ...question, offset: 0, limit: 1000 });
  expect(compare.members.rows.out.parse({ rows, total })).toEqual({ rows, total });
  const { added, removed, changed, metadata } = result.counts;
  expect(added + removed + changed + metadata).toBe(total);
  return { words: words(rows), rows, result };
}

/** Changes every kind of thing in a copy of a tree. */
function change(root: string): void {
  const at = (...names: string[]): string => path.join(root, ...names);
  mkdirSync(at('new folder/below'), { recursive: true });
  writeFileSync(at('new folder/below/file'), 'twelve bytes');
  rmSync(at('docs/deep/deeper'), { recursive: true });
  rmSync(at('docs/one'));
  appendFileSync(at('chunks/text 0'), 'more');
  // Same size, same time, another content.
  const noise = readFileSync(at('docs/noise.bin'));
  noise[5] ^= 1;
  writeFileSync(at('docs/noise.bin'), noise);
  rmSync(at('dangling'));
  symlinkSync('elsewhere', at('dangling'));
  rmSync(at('hello link'));
  writeFileSync(at('hello link'), 'hello');
  rmSync(at('docs/relative'));
  writeFileSync(at('docs/relative'), 'a file');
  utimesSync(at('docs/zeros'), 1e9, 1e9);
}

const changed = [
  'changed /chunks/text 0 content',
  'changed /dangling reparse',
  'metadata /docs/deep/hello link links',
  'removed /docs/deep/deeper',
  'metadata /docs/hello.txt links',
  'changed /docs/noise.bin content',
  'removed /docs/one',
  'changed /docs/relative kind',
  'metadata /hello link links',
  'added /new folder',
  'added /new folder/below',
  'added /new folder/below/file',
].sort();

function twoTrees(): { before: string; after: string } {
  const before = path.join(temporaryDirectory(), 'before');
  makeRichTree(before, 32768);
  const after = path.join(temporaryDirectory(), 'after');
  succeed('cp', '-a', before, after);
  change(after);
  return { before, after };
}

describeWithTools(['wimlib-imagex'], 'two trees with known differences', () => {
  it('differ in just these as images of two WIMs and of one', async () => {
    const { before, after } = twoTrees();
    const [one, two] = ['one.wim', 'two.wim'].map((name) => path.join(temporaryDirectory(), name));
    // The root's own links lead to its path, which is another in the copy.
    wimlib('capture', before, one, 'before');
    wimlib('capture', after, two, 'after', '--compress=XPRESS');
    wimlib('append', after, one, 'after');
    for (const right of [image(two), image(one, 2)]) {
      const found = await differences(image(one), right, true);
      expect(found.words.filter((line) => !line.includes('/absolute ')).sort()).toEqual(changed);
    }
    const timed = await differences(image(one), image(two));
    expect(timed.words).toContain('metadata /docs/zeros lastWriteTime creationTime');
  });

  it('differ in just these as an image and a folder, and as folders', async () => {
    const { before, after } = twoTrees();
    const wim = path.join(temporaryDirectory(), 'before.wim');
    wimlib('capture', before, wim, 'before');
    const same = await differences(image(wim), folder(before));
    expect(same.words).toEqual([]);
    const entries = succeed('find', before, '-print0').split('\0').length - 1;
    expect(same.result.counts.same).toBe(entries);

    const found = await differences(image(wim), folder(after), true);
    expect(found.words.filter((line) => !line.includes('/absolute ')).sort()).toEqual(changed);
    const folders = await differences(folder(before), folder(after), true);
    expect(folders.words.filter((line) => !line.includes('/absolute ')).sort()).toEqual(changed);
    expect(folders.rows.find((row) => row.path === '/new folder/below/file')).toMatchObject({
      leftSize: null,
      rightSize: 12,
      kind: 'file',
    });
    const size = (root: string): number =>
      Number(
        succeed('sh', '-c', 'find "$1" -type f -printf "%s\\n" | awk \'{n+=$1} END {print n}\'', 'sh', root),
      );
    expect(folders.result.bytesAdded - folders.result.bytesRemoved).toBe(size(after) - size(before));
  });

  it('and what a folder cannot tell is not compared', async () => {
    const root = temporaryDirectory();
    writeFileSync(path.join(root, 'file'), 'data');
    const wim = path.join(temporaryDirectory(), 'w.wim');
    wimlib('capture', root, wim, 'w', '--unix-data');
    chmodSync(path.join(root, 'file'), 0o400);
    expect((await differences(image(wim), folder(root))).words).toEqual([]);
  });

  it('a file that cannot be told to be the same is told as changed', async () => {
    const root = temporaryDirectory();
    const file = path.join(root, 'file');
    writeFileSync(file, 'data');
    utimesSync(file, 1e9, 1e9);
    const copy = temporaryDirectory();
    succeed('cp', '-a', `${root}/.`, copy);
    writeFileSync(path.join(copy, 'file'), 'DATA');
    utimesSync(path.join(copy, 'file'), 1e9, 1e9);
    utimesSync(copy, 1e9, 1e9);
    utimesSync(root, 1e9, 1e9);
    expect((await differences(folder(root), folder(copy))).words).toEqual(['changed /file content']);
  });

  it('are cancelled while data is read', async () => {
    const [a, b] = [temporaryDirectory(), temporaryDirectory()];
    for (const root of [a, b]) writeFileSync(path.join(root, 'file'), Buffer.alloc(64 << 20, 1));
    const handlers = createCompareHandlers(await nodeHost());
    const control = jobControl();
    const reading = handlers.run({ left: folder(a), right: folder(b), ignoreTimes: true }, control);
    control.abort();
    await expect(reading).rejects.toMatchObject({ code: 'job/cancelled' });
  });
});

describeWithTools(['wimlib-imagex'], 'a comparison', () => {
  it('is shown in pages and filtered', async () => {
    const [left, right] = [temporaryDirectory(), temporaryDirectory()];
    mkdirSync(path.join(right, 'many'));
    for (let i = 0; i < 120; i++) writeFileSync(path.join(right, 'many', `File ${100 + i}.txt`), '');
    const handlers = createCompareHandlers(await nodeHost());
    const { comparison } = await handlers.run(
      { left: folder(left), right: folder(right), ignoreTimes: true },
      jobControl(),
    );
    const rows = async (filter: string, offset = 0, limit = 1000) =>
      handlers.rows({ comparison, differences: ['added'], filter, offset, limit });
    expect((await rows('')).total).toBe(121);
    expect((await rows('many/file 10')).total).toBe(10);
    expect((await rows('*5.TXT')).total).toBe(12);
    expect((await rows('', 119)).rows.map((row) => row.path)).toEqual([
      '/many/File 218.txt',
      '/many/File 219.txt',
    ]);
    expect(
      await handlers.rows({ comparison, differences: ['removed'], filter: '', offset: 0, limit: 9 }),
    ).toEqual({
      total: 0,
      rows: [],
    });
    await expect(
      Promise.resolve().then(() =>
        handlers.rows({ comparison: 'none', differences: [], filter: '', offset: 0, limit: 1 }),
      ),
    ).rejects.toMatchObject({ code: 'session/closed' });
  });

  it('is saved as CSV, JSON and HTML that hold every name as text', async () => {
    const [left, right] = [temporaryDirectory(), temporaryDirectory()];
    const names = [
      '=1+1.txt',
      'a,b "c"',
      '<script>alert(1)</script>'.replaceAll('/', '∕'),
      'line\nbreak',
      '&amp;',
      'ü',
    ];
    for (const name of names) writeFileSync(path.join(right, name), 'x');
    const handlers = createCompareHandlers(await nodeHost());
    const { comparison } = await handlers.run(
      { left: folder(left), right: folder(right), ignoreTimes: true },
      jobControl(),
    );
    const out = temporaryDirectory();
    const save = async (format: 'csv' | 'json' | 'html', overwrite = false): Promise<string> => {
      const file = path.join(out, `report.${format}`);
      const question = {
        comparison,
        differences: [...everything],
        filter: '',
        format,
        path: file,
        overwrite,
      };
      expect(await handlers.save(question)).toEqual({ path: file, rows: names.length });
      return readFileSync(file, 'utf8');
    };
    const paths = names.map((name) => `/${name}`).sort();

    const parsed = JSON.parse(await save('json')) as { differences: DifferenceRow[]; counts: object };
    expect(parsed.differences.map((row) => row.path).sort()).toEqual(paths);
    expect(parsed.counts).toEqual({ added: 6, removed: 0, changed: 0, metadata: 0, same: 1 });

    const csv = await save('csv');
    expect(
      parseCsv(csv.slice(1))
        .map((cells) => cells[2])
        .sort(),
    ).toEqual(['Path', ...paths].sort());
    expect(csv.split('\r\n')[0]).toBe('\ufeffDifference,Kind,Path,Size left,Size right,Fields');

    const html = await save('html');
    expect(html).not.toMatch(/<script|<a |javascript:|src=/i);
    const shown = [...html.matchAll(/<td class="path"><bdi>(.*?)<\/bdi>/gs)].map(([, text]) =>
      unescape(text),
    );
    expect(shown.sort()).toEqual(paths.map((name) => name.replace('\n', '\ufffd')).sort());

    await expect(save('csv')).rejects.toMatchObject({ code: 'io/exists' });
    expect(await save('csv', true)).toBe(csv);
    expect(readdirSync(out).sort()).toEqual(['report.csv', 'report.html', 'report.json']);
    await expect(
      Promise.resolve(
        handlers.save({
          comparison,
          differences: [],
          filter: '',
          format: 'csv',
          path: path.join(out, 'nowhere', 'x.csv'),
          overwrite: false,
        }),
      ),
    ).rejects.toMatchObject({ code: 'io/not-found' });
  });
});

const reason = reasonWithoutNtfs();
const describeNtfs = reason === undefined ? describe : describe.skip;

describeNtfs(`images of NTFS volumes${reason === undefined ? '' : ` [${reason}]`}`, () => {
  it('differ in descriptors, streams, short names, attributes and links', async () => {
    requireTool(...ntfsTools);
    const volume = makeNtfsVolume();
    const wim = path.join(temporaryDirectory(), 'ntfs.wim');
    wimlib('capture', volume, wim, 'before');
    const mount = temporaryDirectory();
    succeed('ntfs-3g', '-o', 'streams_interface=xattr,efs_raw,user_xattr', volume, mount);
    try {
      const at = (name: string): string => path.join(mount, name);
      const other =
        '010004801400000024000000000000003400000001020000000000052000000020020000010200000000000520000000200200000200' +
        '1c00010000000000140089001200010100000000000100000000';
      succeed('setfattr', '-n', 'system.ntfs_acl', '-v', `0x${other}`, at('zero'));
      succeed('setfattr', '-n', 'system.ntfs_attrib', '-v', '0x22000000', at('dir/ünïcode 文'));
      succeed('setfattr', '-n', 'user.of a directory', '-v', '0xac', at('dir'));
      succeed('setfattr', '-x', 'system.ntfs_dos_name', at('long file name.txt'));
      rmSync(at('hard link'));
      linkSync(at('zero'), at('another link'));
      renameSync(at('long directory name'), at('moved'));
    } finally {
      succeed('umount', mount);
    }
    wimlib('append', volume, wim, 'after');
    const found = await differences(image(wim, 1), image(wim, 2), true);
    expect(found.words.filter((line) => !line.endsWith('security') || line.includes('zero'))).toEqual([
      'added /another link',
      'changed /dir streams',
      'metadata /dir/hard link links',
      'metadata /dir/ünïcode 文 attributes',
      'metadata /file links',
      'removed /hard link',
      'removed /long directory name',
      'metadata /long file name.txt shortName',
      'added /moved',
      'metadata /zero security links',
    ]);
  });
});

/** RFC 4180, as its grammar says it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const pattern = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|$)/g;
  for (const [, cell, end] of text.matchAll(pattern)) {
    if (cell === '' && end === '') break;
    rows[rows.length - 1].push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === '\r\n') rows.push([]);
  }
  return rows.filter((row) => row.length > 0);
}

function unescape(text: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };
  return text.replace(/&(#?\w+);/g, (_, name: string) => entities[name]);
}
