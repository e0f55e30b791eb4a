import { readdirSync, readFileSync, readlinkSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { browse } from '../../../../src-shared/contract/browse';
import { createBrowseHandlers } from '../../../../src-main/app/browse/browseHandlers';
import { jobControl, nodeHost } from '../../../support/handlers';
import { buildWim, DIRECTORY, flatMetadata, MetadataBuilder, sha1Of } from '../../../support/hostileWim';
import { temporaryDirectory } from '../../../support/tools';

const hello = Buffer.from('hello, image');
const page = { offset: 0, limit: 1000, sort: 'name', descending: false, directoriesOnly: false } as const;

function writeWim(bytes: Uint8Array, name = 'test.wim'): string {
  const file = path.join(temporaryDirectory(), name);
  writeFileSync(file, bytes);
  return file;
}

/** Directories d0, d1... each with files; a file in the root. */
function treeMetadata(directories: number, files: number): Uint8Array {
  const builder = new MetadataBuilder().security();
  const root = builder.dentry({ attributes: DIRECTORY });
  builder.end();
  builder.setChildren(root, builder.position);
  const dentries = Array.from({ length: directories }, (_, i) =>
    builder.dentry({ name: `d${i}`, attributes: DIRECTORY }),
  );
  builder.dentry({ name: 'Root.TXT', sha1: sha1Of(hello) });
  builder.end();
  dentries.forEach((dentry, d) => {
    builder.setChildren(dentry, builder.position);
    builder.dentry({ name: 'inner', attributes: DIRECTORY });
    for (let i = 0; i < files; i++) builder.dentry({ name: `file ${d}-${i}.dat`, sha1: sha1Of(hello) });
    builder.end();
  });
  return builder.build();
}

const simple = (): Uint8Array =>
  buildWim({ images: [{ data: treeMetadata(3, 4) }], blobs: [{ data: hello, references: 13 }] });

/** Files of this process that are open below a directory. */
function openBelow(directory: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(directory) ? [target] : [];
    } catch (error) {
      // The descriptor of the listing itself is closed by now.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  });
}

describe('a directory of an image', () => {
  it('is the same while the image is loaded as afterwards', async () => {
    const handlers = createBrowseHandlers(await nodeHost());
    const wim = writeWim(
      buildWim({ images: [{ data: treeMetadata(200, 100) }], blobs: [{ data: hello, references: 20001 }] }),
    );
    const { session } = await handlers.open({ wim });
    const at = { session, image: 1, ...page };
    // Asked for at once: the tree takes longer.
    const places = ['/', '/d7', '/D7/inner'];
    const all = (): Promise<unknown>[] =>
      places.map((place) => Promise.resolve(handlers.folder({ ...at, path: place })));
    const early = await Promise.all(all());
    await handlers.entry({ session, image: 1, path: '/' });
    const late = (await Promise.all(all())).map((answer) => browse.members.folder.out.parse(answer));
    expect(early).toEqual(late);
    expect(late.map(({ total }) => total)).toEqual([201, 101, 0]);
    expect(late[0].rows[7]).toMatchObject({ kind: 'directory', children: 101, directories: 1 });
    await expect(handlers.folder({ ...at, path: '/d7/nowhere' })).rejects.toMatchObject({
      code: 'wim/no-such-path',
    });
  });

  it('comes in stretches, in each order', async () => {
    const handlers = createBrowseHandlers(await nodeHost());
    const big = Buffer.from('big data');
    const metadata = flatMetadata([
      { name: 'b.txt', sha1: sha1Of(hello) },
      { name: 'A.log', sha1: sha1Of(big) },
      { name: 'z', attributes: DIRECTORY },
      { name: 'c', attributes: DIRECTORY },
      { name: 'ä.log' },
    ]);
    const wim = writeWim(buildWim({ images: [{ data: metadata }], blobs: [{ data: hello }, { data: big }] }));
    const { session } = await handlers.open({ wim });
    const names = async (more: Partial<typeof page> | object): Promise<string[]> =>
      (await handlers.folder({ session, image: 1, path: '/', ...page, ...more })).rows.map(
        ({ name }) => name,
      );
    expect(await names({})).toEqual(['c', 'z', 'A.log', 'b.txt', 'ä.log']);
    expect(await names({ descending: true })).toEqual(['z', 'c', 'ä.log', 'b.txt', 'A.log']);
    expect(await names({ sort: 'size' })).toEqual(['c', 'z', 'ä.log', 'A.log', 'b.txt']);
    expect(await names({ sort: 'size', descending: true })).toEqual(['b.txt', 'A.log', 'c', 'z', 'ä.log']);
    expect(await names({ sort: 'type' })).toEqual(['c', 'z', 'A.log', 'ä.log', 'b.txt']);
    expect(await names({ directoriesOnly: true })).toEqual(['c', 'z']);
    expect(await names({ offset: 1, limit: 2 })).toEqual(['z', 'A.log']);
    expect(await names({ offset: 9 })).toEqual([]);
  });
});

describe('a session', () => {
  it('keeps no file open, and ends when the file changes', async () => {
    const handlers = createBrowseHandlers(await nodeHost());
    const wim = writeWim(simple());
    const first = await handlers.open({ wim });
    await handlers.folder({ session: first.session, image: 1, path: '/', ...page });
    await handlers.preview({ session: first.session, image: 1, path: '/root.txt', bytes: 100 });
    expect(openBelow(path.dirname(wim))).toEqual([]);
    expect((await handlers.open({ wim })).session).toBe(first.session);

    utimesSync(wim, 1, 1);
    const question = { session: first.session, image: 1, path: '/', ...page };
    await expect(handlers.folder(question)).rejects.toMatchObject({ code: 'session/closed' });
    const second = await handlers.open({ wim });
    expect(second.revision).not.toBe(first.revision);
    expect((await handlers.folder({ ...question, session: second.session })).total).toBe(4);
    rmSync(wim);
    await expect(handlers.folder({ ...question, session: second.session })).rejects.toMatchObject({
      code: 'session/closed',
    });
  });

  it('is shared by windows, and ends with the last of them', async () => {
    const handlers = createBrowseHandlers(await nodeHost());
    const wim = writeWim(simple());
    const { session } = await handlers.open({ wim });
    await handlers.open({ wim });
    await handlers.close({ session });
    const question = { session, image: 1, path: '/d1', ...page };
    expect((await handlers.folder(question)).total).toBe(5);
    await handlers.close({ session });
    await expect(handlers.folder(question)).rejects.toMatchObject({ code: 'session/closed' });
  });

  it('makes room for others, and so do its trees', async () => {
    const handlers = createBrowseHandlers(await nodeHost(), { sessions: 2, entries: 10 });
    const wims = ['a.wim', 'b.wim', 'c.wim'].map((name) => writeWim(simple(), name));
    const sessions: string[] = [];
    for (const wim of wims) sessions.push((await handlers.open({ wim })).session);
    const rows = (session: string): Promise<unknown> =>
      Promise.resolve(handlers.search({ session, image: 1, pattern: '*.dat', limit: 5 }));
    await expect(rows(sessions[0])).rejects.toMatchObject({ code: 'session/closed' });
    // Each tree is larger than what is kept of all: it is loaded again each time.
    for (const session of [sessions[1], sessions[2], sessions[1]])
      expect(await rows(session)).toMatchObject({ total: 12 });
  });
});

describe('what lies in an image', () => {
  it('is found by name and by glob, in path order', async () => {
    const handlers = createBrowseHandlers(await nodeHost());
    const { session } = await handlers.open({ wim: writeWim(simple()) });
    const search = async (pattern: string, limit = 100): Promise<[number, string[]]> => {
      const { total, rows } = await handlers.search({ session, image: 1, pattern, limit });
      return [total, rows.map((row) => row.path)];
    };
    expect(await search('-3.DAT')).toEqual([3, ['/d0/file 0-3.dat', '/d1/file 1-3.dat', '/d2/file 2-3.dat']]);
    expect(await search('*.dat', 2)).toEqual([12, ['/d0/file 0-0.dat', '/d0/file 0-1.dat']]);
    expect(await search('/d1/*-?.dat', 1)).toEqual([4, ['/d1/file 1-0.dat']]);
    expect(await search('D2\\in')).toEqual([1, ['/d2/inner']]);
    expect(await search('')).toEqual([0, []]);
  });

  it('is shown as text or digits, and what is damaged is told', async () => {
    const handlers = createBrowseHandlers(await nodeHost());
    const bytes = simple();
    const wim = writeWim(bytes);
    const { session } = await handlers.open({ wim });
    const shown = (bytesWanted: number, place = '/Root.TXT') =>
      handlers.preview({ session, image: 1, path: place, bytes: bytesWanted });
    expect(await shown(1000)).toEqual({ kind: 'text', content: 'hello, image', size: 12 });
    expect(await shown(5)).toEqual({ kind: 'text', content: 'hello', size: 12 });
    await expect(shown(5, '/d1')).rejects.toMatchObject({ code: 'wim/no-such-path' });

    const damaged = Buffer.from(bytes);
    damaged[damaged.indexOf(hello)] ^= 1;
    writeFileSync(wim, damaged);
    const again = await handlers.open({ wim });
    const question = { session: again.session, image: 1, path: '/Root.TXT' };
    await expect(handlers.preview({ ...question, bytes: 1000 })).rejects.toMatchObject({
      code: 'wim/blob-corrupt',
    });
    expect(readFileSync(wim)).toEqual(damaged);
  });

  it('takes room that is told for each image', async () => {
    const handlers = createBrowseHandlers(await nodeHost());
    const [one, two, both] = ['only in one', 'only in the second', 'in both'].map((text) =>
      Buffer.from(text),
    );
    const image = (...data: Buffer[]): Uint8Array =>
      flatMetadata(data.map((bytes, i) => ({ name: `f${i}.bin`, sha1: sha1Of(bytes) })));
    const wim = writeWim(
      buildWim({
        images: [{ data: image(one, both, both) }, { data: image(two, both) }],
        blobs: [one, two, both].map((data) => ({ data })),
      }),
    );
    const { session } = await handlers.open({ wim });
    expect(await handlers.onlyInImages({ session }, jobControl())).toEqual([one.length, two.length]);
    const report = await handlers.space({ session, image: 1 }, jobControl());
    expect(browse.members.space.out.parse(report)).toEqual(report);
    expect(report).toMatchObject({
      sizes: {
        logical: one.length + 2 * both.length,
        single: one.length + both.length,
        stored: one.length + both.length,
      },
      onlyHere: one.length,
      types: [{ extension: 'bin', files: 3, bytes: one.length + 2 * both.length }],
      largest: [{ path: '/f0.bin' }, { path: '/f1.bin' }, { path: '/f2.bin' }],
    });
  });
});

describe('a hostile WIM', () => {
  it('is told as malformed by whoever asks, also while it is loaded', async () => {
    const handlers = createBrowseHandlers(await nodeHost());
    const builder = new MetadataBuilder().security();
    const root = builder.dentry({ attributes: DIRECTORY });
    builder.end();
    builder.setChildren(root, builder.position);
    const loop = builder.dentry({ name: 'loop', attributes: DIRECTORY });
    builder.setChildren(loop, loop);
    builder.end();
    const { session } = await handlers.open({
      wim: writeWim(buildWim({ images: [{ data: builder.build() }] })),
    });
    const question = { session, image: 1, path: '/loop/loop/loop', ...page };
    await expect(handlers.folder(question)).rejects.toMatchObject({ code: 'wim/malformed' });
    await expect(handlers.entry({ session, image: 1, path: '/' })).rejects.toMatchObject({
      code: 'wim/malformed',
    });
    await expect(handlers.space({ session, image: 1 }, jobControl())).rejects.toMatchObject({
      code: 'wim/malformed',
    });
    await expect(handlers.folder({ ...question, image: 9 })).rejects.toMatchObject({
      code: 'wim/no-such-image',
    });
  });

  it('cannot make a number that no answer holds', async () => {
    const handlers = createBrowseHandlers(await nodeHost());
    const data = Buffer.from('x');
    const huge = 2n ** 53n - 1n;
    const files = Array.from({ length: 8 }, (_, i) => ({ name: `${i}`, sha1: sha1Of(data) }));
    const wim = writeWim(
      buildWim({
        images: [{ data: flatMetadata(files) }],
        blobs: [{ data, size: huge, flags: 4 }],
        chunkSize: 32768,
        headerFlags: 0x2_0002,
      }),
    );
    const { session } = await handlers.open({ wim });
    const report = await handlers.space({ session, image: 1 }, jobControl());
    expect(browse.members.space.out.parse(report).sizes.logical).toBe(Number.MAX_SAFE_INTEGER);
    await expect(handlers.preview({ session, image: 1, path: '/0', bytes: 100 })).rejects.toMatchObject({
      code: 'wim/malformed',
    });
  });
});
