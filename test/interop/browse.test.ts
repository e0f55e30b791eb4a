import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { EntryFacts } from '../../src-shared/contract/browse';
import { createBrowseHandlers } from '../../src-main/app/browse/browseHandlers';
import { makeNtfsVolume, ntfsTools, reasonWithoutNtfs } from '../fidelity/ntfsVolume';
import { succeed, wimlib } from '../support/cli';
import { jobControl, nodeHost } from '../support/handlers';
import { describeWithTools, fixtures, requireTool, temporaryDirectory } from '../support/tools';
import { makeRichTree } from '../support/trees';

/** Bytes of a tree on disk: under every name, of different contents, by first folder and by extension. */
function countOnDisk(root: string): {
  logical: number;
  single: number;
  folders: Map<string, number>;
  types: Map<string, number>;
} {
  const contents = new Map<string, number>();
  const folders = new Map<string, number>();
  const types = new Map<string, number>();
  let logical = 0;
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = readFileSync(file);
    const add = (to: Map<string, number>, key: string): void =>
      void to.set(key, (to.get(key) ?? 0) + bytes.length);
    logical += bytes.length;
    contents.set(createHash('sha1').update(bytes).digest('hex'), bytes.length);
    add(folders, path.relative(root, file).split(path.sep)[0]);
    add(types, path.extname(entry.name).slice(1));
  }
  const single = [...contents.values()].reduce((sum, size) => sum + size, 0);
  return { logical, single, folders, types };
}

const page = { offset: 0, limit: 1000, sort: 'name', descending: false, directoriesOnly: false } as const;

/** Blocks of `dir --detailed` by path. */
function detailed(wim: string): Map<string, string> {
  const blocks = wimlib('dir', wim, '1', '--detailed').split(/^-{76}$/m);
  return new Map(
    blocks.flatMap((block) => {
      const place = /^Full Path +=\s"(.*)"$/m.exec(block)?.[1];
      return place === undefined ? [] : [[place, block]];
    }),
  );
}

const field = (block: string, name: string): string =>
  new RegExp(`^${name} += (.*)$`, 'm').exec(block)?.[1] ?? '';

/** Time as wimlib prints it, to the second. */
const seconds = (text: string): string => new Date(text.replace(' UTC', 'Z')).toISOString().slice(0, 19);

/** What wimlib tells of an entry, in our words; empty streams that it lists for every file are left out. */
function expectedFacts(block: string): Record<string, unknown> {
  const streams = block
    .split(/^\t(?=\w)/m)
    .slice(1)
    .map((text) => ({
      kind: /^Unnamed/.test(text) ? 'data' : /^Named/.test(text) ? 'named' : 'reparse',
      name: /"(.*)"/.exec(text.split('\n')[0])?.[1] ?? '',
      sha1: field(text, 'Hash').slice(2),
      size: Number.parseInt(field(text, 'Uncompressed size'), 10),
    }))
    .filter(({ sha1 }) => !/^0+$/.test(sha1));
  return {
    path: field(block, 'Full Path').slice(1, -1),
    shortName: field(block, 'Short Name').slice(1, -1),
    attributes: Number(field(block, 'Attributes')),
    created: seconds(field(block, 'Creation Time')),
    modified: seconds(field(block, 'Last Write Time')),
    accessed: seconds(field(block, 'Last Access Time')),
    linkCount: Number(field(block, 'Link Count')),
    reparseTag: /^Reparse Tag/m.test(block) ? Number(field(block, 'Reparse Tag')) : null,
    streams,
  };
}

function comparable(facts: EntryFacts): Record<string, unknown> {
  const { shortName, attributes, linkCount, reparseTag } = facts;
  return {
    path: facts.path,
    shortName,
    attributes,
    created: facts.created.slice(0, 19),
    modified: facts.modified.slice(0, 19),
    accessed: facts.accessed.slice(0, 19),
    linkCount,
    reparseTag,
    streams: facts.streams.map(({ kind, name, sha1, size }) => ({ kind, name, sha1, size })),
  };
}

describeWithTools(['wimlib-imagex'], 'an image made by wimlib', () => {
  it('is told entry by entry as wimlib tells it, and walked folder by folder', async () => {
    const root = path.join(temporaryDirectory(), 'tree');
    makeRichTree(root, 32768);
    const wim = path.join(temporaryDirectory(), 'tree.wim');
    wimlib('capture', root, wim, 'tree', '--compress=LZX');
    const handlers = createBrowseHandlers(await nodeHost());
    const { session } = await handlers.open({ wim });
    const told = detailed(wim);
    const walked: string[] = [];
    const visit = async (folder: string): Promise<void> => {
      const facts = await handlers.entry({ session, image: 1, path: folder });
      expect(comparable(facts)).toEqual(expectedFacts(told.get(folder)!));
      walked.push(folder);
      if (facts.kind !== 'directory') return;
      const { rows, total } = await handlers.folder({ session, image: 1, path: folder, ...page });
      expect(total).toBe(facts.children);
      for (const row of rows) await visit(row.path);
    };
    await visit('/');
    expect(walked.sort()).toEqual([...told.keys()].sort());
    const link = await handlers.entry({ session, image: 1, path: '/hello link' });
    expect(link.otherNames).toEqual(['/docs/deep/hello link', '/docs/hello.txt']);
    expect((await handlers.entry({ session, image: 1, path: '/docs/relative' })).reparseTarget).toBe(
      'hello.txt',
    );
  });

  it('takes the room that its files take on disk', async () => {
    const root = path.join(temporaryDirectory(), 'tree');
    makeRichTree(root, 32768);
    const wim = path.join(temporaryDirectory(), 'tree.wim');
    wimlib('capture', root, wim, 'tree', '--compress=XPRESS');
    const handlers = createBrowseHandlers(await nodeHost());
    const { session } = await handlers.open({ wim });
    const report = await handlers.space({ session, image: 1 }, jobControl());
    const onDisk = countOnDisk(root);
    // Links have data in an image, and none on disk.
    const blobList = wimlib('info', wim, '--blobs').split('\n\n');
    const links = [...detailed(wim).values()].flatMap((block) => {
      const stream = /Reparse[^]*?Hash += 0x(\w+)[^]*?Uncompressed size = (\d+)/.exec(
        block.slice(Math.max(0, block.indexOf('\tReparse'))),
      );
      return block.includes('\tReparse') && stream ? [[stream[1], Number(stream[2])] as const] : [];
    });
    const linkBytes = links.reduce((sum, [, size]) => sum + size, 0);
    const distinctLinkBytes = [...new Map(links).values()].reduce((sum, size) => sum + size, 0);
    const stored = blobList
      .filter((block) => /Hash/.test(block) && !block.includes('METADATA'))
      .reduce(
        (sum, block) => sum + Number.parseInt(field(block, 'Compressed size') || field(block, 'Size'), 10),
        0,
      );
    expect(links.length).toBeGreaterThan(3);
    expect(report.sizes).toEqual({
      logical: onDisk.logical + linkBytes,
      single: onDisk.single + distinctLinkBytes,
      stored,
    });
    expect(report.onlyHere).toBe(stored);
    const chunks = report.folders.children.find((child) => child.name === 'chunks')!;
    expect(chunks.bytes).toBe(onDisk.folders.get('chunks'));
    const total = (nodes: readonly { bytes: number }[]): number =>
      nodes.reduce((sum, node) => sum + node.bytes, 0);
    expect(total(report.folders.children)).toBe(report.folders.bytes);
    expect(report.folders.bytes).toBe(report.sizes.logical);
    expect(total(report.types)).toBe(report.sizes.logical);
    expect(report.types.find(({ extension }) => extension === 'bin')!.bytes).toBe(onDisk.types.get('bin'));
  });
});

const reason = reasonWithoutNtfs();
const describeNtfs = reason === undefined ? describe : describe.skip;

describeNtfs(`an NTFS volume captured by wimlib${reason === undefined ? '' : ` [${reason}]`}`, () => {
  it('is told with its descriptors, streams, names and junctions', async () => {
    requireTool(...ntfsTools);
    const volume = makeNtfsVolume();
    const wim = path.join(temporaryDirectory(), 'ntfs.wim');
    wimlib('capture', volume, wim, 'ntfs');
    const handlers = createBrowseHandlers(await nodeHost());
    const { session } = await handlers.open({ wim });
    const facts = (place: string) => handlers.entry({ session, image: 1, path: place });
    expect(await facts('/file')).toMatchObject({
      sddl: 'O:BAG:BAD:(A;;FA;;;WD)(A;;FR;;;SY)',
      owner: 'BUILTIN\\Administrators',
      objectId: expect.stringMatching(/^000102030405060708090a0b0c0d0e0f/),
      linkCount: 3,
      namedStreams: 2,
      attributes: 0x23,
      otherNames: ['/dir/hard link', '/hard link'],
      streams: [
        { kind: 'data', size: 15 },
        { kind: 'named', name: 'stream', size: 12 },
        { kind: 'named', name: 'Zweiter', size: 5000 },
      ],
    });
    expect(await facts('/junction')).toMatchObject({
      kind: 'link',
      reparseTag: 0xa0000003,
      reparseTarget: 'C:\\dir',
    });
    expect(await facts('/reparse')).toMatchObject({ kind: 'file', reparseTarget: null });
    expect((await facts('/long file name.txt')).shortName).toBe('LONGFI~1.TXT');
  });
});

describeWithTools(['wimlib-imagex', 'setfattr'], 'UNIX data', () => {
  it('is told: owner, mode, extended attributes', async () => {
    const root = temporaryDirectory();
    const file = path.join(root, 'file');
    writeFileSync(file, 'x', { mode: 0o640 });
    for (const name of ['user.one', 'user.two']) succeed('setfattr', '-n', name, '-v', 'value', file);
    const wim = path.join(temporaryDirectory(), 'unix.wim');
    wimlib('capture', root, wim, 'unix', '--unix-data');
    const handlers = createBrowseHandlers(await nodeHost());
    const { session } = await handlers.open({ wim });
    const { uid, gid } = statSync(file);
    expect(await handlers.entry({ session, image: 1, path: '/file' })).toMatchObject({
      unix: { uid, gid, mode: 0o100640, rdev: 0 },
      extendedAttributes: 2,
    });
  });
});

describeWithTools(['wimlib-imagex'], 'a volume that Windows made', () => {
  it('has the descriptor that Windows gives every root, in its own words', async () => {
    const packed = readFileSync(fixtures('ntfs/ntfs-samples/ntfs-lastaccess.raw.gz'));
    const volume = path.join(temporaryDirectory(), 'volume');
    writeFileSync(volume, gunzipSync(packed).subarray(128 * 512));
    const wim = path.join(temporaryDirectory(), 'windows.wim');
    wimlib('capture', volume, wim, 'windows');
    const handlers = createBrowseHandlers(await nodeHost());
    const { session } = await handlers.open({ wim });
    const facts = (place: string) => handlers.entry({ session, image: 1, path: place });
    const inherited =
      'D:(A;;FA;;;BA)(A;OICIIO;GA;;;BA)(A;;FA;;;SY)(A;OICIIO;GA;;;SY)(A;;0x1301bf;;;AU)' +
      '(A;OICIIO;SDGXGWGR;;;AU)(A;;0x1200a9;;;BU)(A;OICIIO;GXGR;;;BU)';
    expect(await facts('/')).toMatchObject({ sddl: `O:SYG:SY${inherited}`, owner: 'NT AUTHORITY\\SYSTEM' });
    const account = 'S-1-5-21-2341207468-2645333676-3461800803';
    expect((await facts('/test')).sddl).toBe(`O:${account}-1001G:${account}-513${inherited}`);
  });
});

describeWithTools(['wimlib-imagex'], 'a solid WIM', () => {
  it('is browsed like any other; its room is shared by size', async () => {
    const root = temporaryDirectory();
    for (let i = 0; i < 4; i++) writeFileSync(path.join(root, `f${i}`), `text ${i} `.repeat(1000 * (i + 1)));
    expect(readdirSync(root)).toHaveLength(4);
    const wim = path.join(temporaryDirectory(), 'solid.esd');
    wimlib('capture', root, wim, 'solid', '--compress=LZX', '--solid', '--solid-compress=LZX');
    const handlers = createBrowseHandlers(await nodeHost());
    const { session, summary } = await handlers.open({ wim });
    expect(summary.attributes.solid).toBe(true);
    expect((await handlers.folder({ session, image: 1, path: '/', ...page })).total).toBe(4);
    const shown = await handlers.preview({ session, image: 1, path: '/f2', bytes: 10 });
    expect(shown).toEqual({ kind: 'text', content: 'text 2 tex', size: 21_000 });
    const { sizes } = await handlers.space({ session, image: 1 }, jobControl());
    expect(sizes.stored).toBeGreaterThan(0);
    expect(sizes.stored).toBeLessThan(sizes.single / 10);
  });
});
