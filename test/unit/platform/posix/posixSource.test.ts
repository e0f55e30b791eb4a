import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-shared/errors/appError';
import { FileAttribute, ReparseTag } from '../../../../src-main/engine/tree/attributes';
import type { ScanOptions, ScanResult, TreeSource } from '../../../../src-main/engine/tree/source';
import { NONE, StreamKind, type Tree } from '../../../../src-main/engine/tree/tree';
import { listDirectory } from '../../../../src-main/platform/posix/directoryListing';
import { filetimeOfNanoseconds } from '../../../../src-main/platform/posix/filetime';
import { mknod, setXattr } from '../../../../src-main/platform/posix/libc';
import { encodeName, nativePath } from '../../../../src-main/platform/posix/nativePath';
import { createPosixSource, createSourceList } from '../../../../src-main/platform/posix/posixSource';
import { readUnixData, readXattrs } from '../../../../src-main/engine/tree/unixData';
import { describeWithTools, temporaryDirectory } from '../../../support/tools';

/** Entries by path. */
function byPath(tree: Tree): Map<string, number> {
  return new Map(Array.from(tree.preorder(), (entry) => [tree.path(entry), entry]));
}

async function errorOf(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`no AppError: ${String(error)}`);
  return error;
}

/** Given to every scan: nothing, or a list of directories as another thread makes it. */
let elsewhere: Pick<ScanOptions, 'listDirectories'> = {};

const listed: Pick<ScanOptions, 'listDirectories'> = {
  listDirectories: (paths) => Promise.resolve(paths.map((place) => listDirectory(place))),
};

async function scan(source: TreeSource, options: ScanOptions = {}) {
  const result = await source.scan({ ...options, ...elsewhere });
  const entries = byPath(result.tree);
  const inodeOf = (place: string): number => {
    const entry = entries.get(place);
    if (entry === undefined) throw new Error(`${place} is not in the tree: ${[...entries.keys()].join(' ')}`);
    return result.tree.inode[entry];
  };
  return { ...result, source, entries, inodeOf };
}

function reparseBytes(source: TreeSource, { tree }: ScanResult, inode: number): Buffer {
  const location = source.locate(tree, tree.findStream(inode, StreamKind.REPARSE));
  if (location.kind !== 'bytes') throw new Error('reparse data is not in memory');
  return Buffer.from(location.bytes);
}

/** A directory with one of everything. */
function makeTree(): string {
  const top = temporaryDirectory();
  mkdirSync(path.join(top, 'dir/sub'), { recursive: true });
  writeFileSync(path.join(top, 'file'), 'hello');
  linkSync(path.join(top, 'file'), path.join(top, 'dir/second'));
  writeFileSync(path.join(top, 'empty'), '');
  writeFileSync(path.join(top, 'sparse'), '');
  truncateSync(path.join(top, 'sparse'), 1_000_000);
  symlinkSync('file', path.join(top, 'to-file'));
  symlinkSync('dir', path.join(top, 'to-dir'));
  symlinkSync('../nowhere', path.join(top, 'dir/dangling'));
  symlinkSync('od\\d', path.join(top, 'backslash'));
  symlinkSync(path.join(top, 'dir'), path.join(top, 'inside'));
  symlinkSync(top, path.join(top, 'itself'));
  symlinkSync('/usr/bin', path.join(top, 'outside'));
  linkSync(path.join(top, 'to-file'), path.join(top, 'to-file-2'));
  mknod(path.join(top, 'pipe'), 0o010640, 0);
  writeFileSync(encodeName(path.join(top, 'lonely \udc12')), 'wtf');
  return top;
}

describe.skipIf(process.platform === 'win32').each([
  { how: 'listed here', options: {} },
  { how: 'listed elsewhere', options: listed },
])('a POSIX directory as a source, $how', ({ options }) => {
  beforeAll(() => {
    elsewhere = options;
  });
  afterAll(() => {
    elsewhere = {};
  });

  it('gives its files with times, attributes and places of data', async () => {
    const top = makeTree();
    utimesSync(path.join(top, 'file'), 1_600_000_000.123, 1_500_000_000.456);
    const found = await scan(createPosixSource(top));
    const { tree, source } = found;
    expect([...found.entries.keys()]).toEqual([
      '/',
      '/backslash',
      '/dir',
      '/dir/dangling',
      '/dir/second',
      '/dir/sub',
      '/empty',
      '/file',
      '/inside',
      '/itself',
      '/lonely \udc12',
      '/outside',
      '/sparse',
      '/to-dir',
      '/to-file',
      '/to-file-2',
    ]);
    const file = found.inodeOf('/file');
    const stats = statSync(path.join(top, 'file'), { bigint: true });
    expect(tree.lastWriteTime[file]).toBe(filetimeOfNanoseconds(stats.mtimeNs));
    expect(tree.creationTime[file]).toBe(tree.lastWriteTime[file]);
    expect(tree.lastAccessTime[file]).toBe(filetimeOfNanoseconds(stats.atimeNs));
    expect(tree.attributes[file]).toBe(FileAttribute.NORMAL);
    expect(tree.attributes[found.inodeOf('/dir')]).toBe(FileAttribute.DIRECTORY);
    expect(tree.attributes[found.inodeOf('/sparse')]).toBe(FileAttribute.SPARSE_FILE);
    expect(tree.attributes[found.inodeOf('/to-file')]).toBe(FileAttribute.REPARSE_POINT);
    const toDirectory = FileAttribute.REPARSE_POINT | FileAttribute.DIRECTORY;
    expect(tree.attributes[found.inodeOf('/to-dir')]).toBe(toDirectory);
    expect(found.inodeOf('/dir/second')).toBe(file);
    expect(tree.linkCount[file]).toBe(2);
    expect(found.inodeOf('/to-file-2')).not.toBe(found.inodeOf('/to-file'));
    const stream = tree.findStream(file, StreamKind.DATA);
    expect(tree.streamBlob[stream]).toBe(NONE);
    expect(source.locate(tree, stream)).toEqual({
      kind: 'file',
      path: path.join(top, 'file'),
      size: 5,
      modifiedMs: statSync(path.join(top, 'file')).mtimeMs,
    });
    const lonely = source.locate(tree, tree.findStream(found.inodeOf('/lonely \udc12'), StreamKind.DATA));
    expect(lonely.kind === 'file' && readFileSync(nativePath(lonely.path), 'utf8')).toBe('wtf');
    expect(found.notKept).toEqual([
      { path: '/pipe', problem: expect.stringContaining('UNIX data') as string },
    ]);
    expect(found.excluded).toEqual([]);
  });

  it('fixes up absolute links that point into it', async () => {
    const top = makeTree();
    const alias = path.join(temporaryDirectory(), 'alias');
    symlinkSync(top, alias);
    symlinkSync(`${alias}//dir`, path.join(top, 'roundabout'));
    const found = await scan(createPosixSource(alias), { fixReparsePoints: true });
    const names = (place: string): string =>
      reparseBytes(found.source, found, found.inodeOf(place)).subarray(12).toString('utf16le');
    expect(names('/inside')).toBe('\\??\\C:\\dir\0C:\\dir\0');
    expect(names('/itself')).toBe('\\??\\C:\0C:\0');
    expect(names('/roundabout')).toBe('\\??\\C:\\\\dir\0C:\\\\dir\0');
    expect(names('/outside')).toBe('\\??\\C:\\usr\\bin\0C:\\usr\\bin\0');
    const flags = ['/inside', '/itself', '/outside', '/to-dir'].map(
      (place) => found.tree.extras.get(found.inodeOf(place))?.reparseFlags,
    );
    expect(flags).toEqual([0, 0, 1, 1]);
    expect(found.tree.extras.get(found.inodeOf('/inside'))?.reparseTag).toBe(ReparseTag.SYMLINK);
  });

  it('keeps UNIX data when asked', async () => {
    const top = makeTree();
    chmodSync(path.join(top, 'file'), 0o4751);
    setXattr(path.join(top, 'file'), 'user.colour', Buffer.from('blue'));
    const { tree, inodeOf, notKept } = await scan(createPosixSource(top), { unixData: true });
    expect(notKept).toEqual([]);
    const items = tree.extras.get(inodeOf('/file'))?.tagged;
    const { uid, gid } = lstatSync(path.join(top, 'file'));
    expect(readUnixData(items)).toEqual({ uid, gid, mode: 0o104751, rdev: 0 });
    const { xattrs } = readXattrs(items);
    expect(xattrs.map(([name, value]) => [name, Buffer.from(value).toString()])).toContainEqual([
      'user.colour',
      'blue',
    ]);
    expect(readUnixData(tree.extras.get(inodeOf('/pipe'))?.tagged)?.mode).toBe(0o010640);
    expect(tree.attributes[inodeOf('/pipe')]).toBe(0);
  });

  it('leaves out what is excluded and does not enter it', async () => {
    const top = makeTree();
    const asked: string[] = [];
    const { entries, excluded } = await scan(createPosixSource(top), {
      excludes(place) {
        asked.push(place);
        return place === '/dir' ? '/dir' : place.endsWith('y') ? '*y' : undefined;
      },
    });
    expect(excluded).toEqual([
      { path: '/dir', pattern: '/dir' },
      { path: '/empty', pattern: '*y' },
    ]);
    expect(entries.has('/dir')).toBe(false);
    expect(asked.some((place) => place.startsWith('/dir/'))).toBe(false);
  });

  it('names files whose names are not UTF-8, unless they are excluded', async () => {
    const top = temporaryDirectory();
    writeFileSync(Buffer.concat([Buffer.from(`${top}/bad-`), Buffer.of(0xff)]), '');
    writeFileSync(path.join(top, 'good \ufffd'), '');
    const error = await errorOf(createPosixSource(top).scan({ ...elsewhere }));
    expect(error).toMatchObject({ code: 'source/bad-name', facts: { bytes: '6261642dff' } });
    const { entries } = await scan(createPosixSource(top), {
      excludes: (place) => (place.startsWith('/bad-') ? 'bad-*' : undefined),
    });
    expect([...entries.keys()]).toEqual(['/', '/good \ufffd']);
  });

  it('follows links when asked, and keeps those that would never end', async () => {
    const top = makeTree();
    rmSync(path.join(top, 'dir/dangling'));
    rmSync(path.join(top, 'outside'));
    rmSync(path.join(top, 'backslash'));
    const { tree, entries, inodeOf, notKept } = await scan(createPosixSource(top), { dereference: true });
    expect(inodeOf('/to-file')).toBe(inodeOf('/file'));
    expect(entries.has('/to-dir/second')).toBe(true);
    expect(entries.has('/itself/file')).toBe(false);
    expect(tree.attributes[inodeOf('/itself')]).toBe(FileAttribute.REPARSE_POINT | FileAttribute.DIRECTORY);
    expect(notKept.map((remark) => remark.path)).toEqual(['/itself', '/pipe']);

    symlinkSync('gone', path.join(top, 'dangling'));
    expect(await errorOf(createPosixSource(top).scan({ dereference: true, ...elsewhere }))).toMatchObject({
      code: 'source/unreadable',
    });
  });

  it('refuses what is not a directory, or not there', async () => {
    const top = makeTree();
    const of = async (place: string) => (await errorOf(createPosixSource(place).scan({ ...elsewhere }))).code;
    expect(await of(path.join(top, 'file'))).toBe('wim/unsupported');
    expect(await of(path.join(top, 'none'))).toBe('io/not-found');
  });

  it('does not mind a file that vanishes after the directory was read', async () => {
    const top = temporaryDirectory();
    writeFileSync(path.join(top, 'a'), '');
    writeFileSync(path.join(top, 'b'), '');
    const { entries } = await scan(createPosixSource(top), {
      excludes(place) {
        if (place === '/b') rmSync(path.join(top, 'b'));
        return undefined;
      },
    });
    // One that was there when another thread looked at it is missed when its data is read.
    expect([...entries.keys()]).toEqual(elsewhere === listed ? ['/', '/a', '/b'] : ['/', '/a']);
  });

  it('stops when cancelled', async () => {
    const top = temporaryDirectory();
    for (let i = 0; i < 2000; i++) writeFileSync(path.join(top, `f${i}`), '');
    const abort = new AbortController();
    const running = createPosixSource(top).scan({
      ...elsewhere,
      signal: abort.signal,
      excludes(place) {
        abort.abort();
        // As slow as a slow disk, so that the scan comes to a breath.
        const until = performance.now() + 1;
        while (performance.now() < until);
        return place === '' ? '' : undefined;
      },
    });
    expect((await errorOf(running)).code).toBe('job/cancelled');
  });

  it('goes as deep as paths go', async () => {
    const top = temporaryDirectory();
    const depth = Math.floor((4000 - top.length) / 2);
    mkdirSync(top + '/d'.repeat(depth), { recursive: true });
    const { tree } = await createPosixSource(top).scan({ ...elsewhere });
    expect(tree.entryCount).toBe(depth + 1);
    // Node removes trees by recursion, for which this one is too deep.
    expect(spawnSync('rm', ['-rf', `${top}/d`]).status).toBe(0);
  });
});

describe.skipIf(process.platform === 'win32').each([
  { how: 'listed here', options: {} },
  { how: 'listed elsewhere', options: listed },
])('a list of sources, $how', ({ options }) => {
  beforeAll(() => {
    elsewhere = options;
  });
  afterAll(() => {
    elsewhere = {};
  });

  it('is laid into one tree, later over earlier', async () => {
    const first = makeTree();
    const second = makeTree();
    writeFileSync(path.join(second, 'file'), 'second');
    mkdirSync(path.join(second, 'dir/new'));
    const source = createSourceList([
      { source: first, target: '/' },
      { source: second, target: '/' },
      { source: path.join(second, 'file'), target: 'deep/er/copy' },
      { source: path.join(first, 'dir'), target: '/deep/dir/' },
    ]);
    const { tree, inodeOf, entries } = await scan(source, {
      excludes: (p) => (p === '/sparse' ? 'x' : undefined),
    });
    const placeOf = (place: string): string => {
      const location = source.locate(tree, tree.findStream(inodeOf(place), StreamKind.DATA));
      return location.kind === 'file' ? location.path : '';
    };
    expect(readFileSync(placeOf('/file'), 'utf8')).toBe('second');
    expect(inodeOf('/deep/er/copy')).toBe(inodeOf('/file'));
    expect(placeOf('/empty')).toBe(path.join(second, 'empty'));
    expect(readFileSync(placeOf('/deep/dir/second'), 'utf8')).toBe('hello');
    expect(entries.has('/dir/new')).toBe(true);
    expect(tree.linkCount[inodeOf('/file')]).toBe(3);
    const names = Array.from(tree.children(0), (entry) => tree.name(entry));
    expect(new Set(names).size).toBe(names.length);
  });

  it('keeps the path of a hard link whose first name was laid over', async () => {
    const first = temporaryDirectory();
    writeFileSync(path.join(first, 'a'), 'one');
    linkSync(path.join(first, 'a'), path.join(first, 'b'));
    const second = temporaryDirectory();
    writeFileSync(path.join(second, 'a'), 'two');
    const source = createSourceList([
      { source: first, target: '/' },
      { source: second, target: '/' },
    ]);
    const { tree, inodeOf } = await scan(source);
    const location = source.locate(tree, tree.findStream(inodeOf('/b'), StreamKind.DATA));
    expect(location.kind === 'file' && location.path).toBe(path.join(first, 'a'));
    expect(tree.linkCount[inodeOf('/b')]).toBe(1);
  });

  it('refuses a file over a directory and paths that leave the image', async () => {
    const top = makeTree();
    const over = [
      { source: top, target: '/' },
      { source: path.join(top, 'file'), target: '/dir' },
    ];
    expect((await errorOf(createSourceList(over).scan({ ...elsewhere }))).code).toBe('wim/bad-edit');
    const through = [over[0], { source: path.join(top, 'dir'), target: '/file/below' }];
    expect((await errorOf(createSourceList(through).scan({ ...elsewhere }))).code).toBe('wim/bad-edit');
    expect(() => createSourceList([{ source: top, target: '/a/../b' }])).toThrow(AppError);
    const { tree } = await createSourceList([]).scan({ ...elsewhere });
    expect(tree.entryCount).toBe(1);
  });
});

/** What wimlib-imagex says of one entry. */
interface Reference {
  readonly attributes: number;
  readonly tag: number;
  readonly reparse: Buffer | undefined;
  readonly unix: string | undefined;
}

describeWithTools(['wimlib-imagex'], 'captured by wimlib-imagex, the same directory', () => {
  let top: string;
  let work: string;
  beforeAll(() => {
    top = makeTree();
    work = temporaryDirectory();
  });

  function capture(...options: string[]): Map<string, Reference> {
    const wim = path.join(work, `${options.join('')}.wim`);
    const made = spawnSync('wimlib-imagex', ['capture', top, wim, '--compress=none', ...options]);
    expect(made.status, made.stderr.toString()).toBe(0);
    const listed = spawnSync('wimlib-imagex', ['dir', wim, '1', '--detailed'], { maxBuffer: 1 << 26 });
    const bytes = readFileSync(wim);
    const references = new Map<string, Reference>();
    for (const block of listed.stdout.toString().split(/^-{20,}$/m)) {
      const field = (name: string): string => new RegExp(`^${name}\\s+= (.*)$`, 'm').exec(block)?.[1] ?? '';
      const full = /"(.*)"/.exec(field('Full Path'))?.[1];
      if (full === undefined) continue;
      const start = Number.parseInt(field('Offset in WIM'), 10);
      const size = Number.parseInt(field('Uncompressed size'), 10);
      references.set(full, {
        attributes: Number(field('Attributes')),
        tag: Number(field('Reparse Tag')),
        reparse: block.includes('Reparse point stream') ? bytes.subarray(start, start + size) : undefined,
        unix: field('UNIX Data'),
      });
    }
    return references;
  }

  it.each([
    { options: ['--norpfix'], scanned: {} },
    { options: ['--rpfix', '--unix-data'], scanned: { fixReparsePoints: true, unixData: true } },
  ])('has the same attributes, reparse data and UNIX data with $options', async ({ options, scanned }) => {
    // wimlib-imagex prints a lone surrogate as bytes that are not UTF-8.
    const odd = encodeName(path.join(top, 'lonely \udc12'));
    renameSync(odd, path.join(top, 'plain'));
    const references = capture(...options);
    const { tree, entries, source, ...rest } = await scan(createPosixSource(top), scanned);
    renameSync(path.join(top, 'plain'), odd);
    expect(new Set(entries.keys())).toEqual(new Set(references.keys()));
    for (const [place, entry] of entries) {
      const inode = tree.inode[entry];
      const reference = references.get(place);
      expect(tree.attributes[inode], place).toBe(reference?.attributes);
      const isLink = tree.findStream(inode, StreamKind.REPARSE) !== NONE;
      expect(isLink ? reparseBytes(source, { tree, ...rest }, inode) : undefined, place).toEqual(
        reference?.reparse,
      );
      const unix = readUnixData(tree.extras.get(inode)?.tagged);
      if (unix === undefined) {
        expect(reference?.unix).toBe('');
      } else {
        const { uid, gid, mode, rdev } = unix;
        const expected = `uid:${uid} gid:${gid} mode:0${mode.toString(8)} rdev:0x${rdev.toString(16)}`;
        expect(reference?.unix).toBe(expected);
      }
    }
  });
});
