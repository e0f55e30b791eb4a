import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-shared/errors/appError';
import type { FilePlacement } from '../../../../src-main/engine/pipeline/tasks';
import { FileAttribute, ReparseTag } from '../../../../src-main/engine/tree/attributes';
import type { ApplyOptions, TargetRemark, TreeTarget } from '../../../../src-main/engine/tree/target';
import { NONE, StreamKind, Tree } from '../../../../src-main/engine/tree/tree';
import { filetimeOfNanoseconds } from '../../../../src-main/platform/posix/filetime';
import { getXattr, setPathTimes } from '../../../../src-main/platform/posix/libc';
import { nativePath } from '../../../../src-main/platform/posix/nativePath';
import { createPosixTarget } from '../../../../src-main/platform/posix/posixTarget';
import { createPosixSource } from '../../../../src-main/platform/posix/posixSource';
import { makeSymlinkData } from '../../../../src-main/engine/tree/symlinkReparse';
import { makeUnixDataItem, makeXattrItem } from '../../../../src-main/engine/tree/unixData';
import { requireTool, temporaryDirectory } from '../../../support/tools';

const accessNs = 1_600_000_000_123_456_700n;
const writeNs = 1_500_000_000_987_654_300n;
const access = filetimeOfNanoseconds(accessNs);
const write = filetimeOfNanoseconds(writeNs);

/** The placement of a file in a directory. */
function filePlacement(target: TreeTarget, inode: number): FilePlacement {
  const placement = target.placement(inode);
  if (placement.kind !== 'file') throw new Error('a directory has files');
  return placement;
}

/** A tree made by hand; reparse data by inode. */
class Builder {
  readonly tree = new Tree();
  readonly reparse = new Map<number, Uint8Array>();

  constructor() {
    this.add(NONE, '', FileAttribute.DIRECTORY);
  }

  add(parent: number, name: string, attributes: number = FileAttribute.NORMAL): number {
    return this.tree.addEntry(parent, name, this.tree.addInode(attributes, write, access, write));
  }

  directory(parent: number, name: string): number {
    return this.add(parent, name, FileAttribute.DIRECTORY);
  }

  file(parent: number, name: string, size = 4): number {
    const entry = this.add(parent, name);
    this.tree.addStream(this.tree.inode[entry], StreamKind.DATA, '', 0, size);
    return entry;
  }

  link(parent: number, name: string, data: Uint8Array, tag: number = ReparseTag.SYMLINK, flags = 1): number {
    const entry = this.add(parent, name, FileAttribute.REPARSE_POINT);
    const inode = this.tree.inode[entry];
    this.tree.addStream(inode, StreamKind.REPARSE, '', 0, data.length);
    Object.assign(this.tree.extrasOf(inode), { reparseTag: tag, reparseFlags: flags });
    this.reparse.set(inode, data);
    return entry;
  }

  begin(target: TreeTarget, options: ApplyOptions = {}): Promise<void> {
    const reparseData = (inode: number): Uint8Array => this.reparse.get(inode) ?? new Uint8Array();
    return target.begin({ tree: this.tree, root: 0, options, reparseData, sizeOf: () => 0 });
  }

  /** Writes every file as a worker does. */
  writeFiles(target: TreeTarget): void {
    for (let inode = 0; inode < this.tree.inodeCount; inode++) {
      if (target.realization(inode) !== 'file') continue;
      const place = filePlacement(target, inode);
      const written = place.temporary ?? place.path;
      writeFileSync(nativePath(written), `data${inode}`, { flag: 'wx' });
      setPathTimes(written, { access: place.accessTime, write: place.writeTime });
      if (place.temporary !== undefined) renameSync(place.temporary, nativePath(place.path));
    }
  }

  async apply(target: TreeTarget, options: ApplyOptions = {}): Promise<readonly TargetRemark[]> {
    await this.begin(target, options);
    this.writeFiles(target);
    return target.finish();
  }
}

const symlink = (target: string): Uint8Array => makeSymlinkData(target) ?? new Uint8Array();

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`no AppError: ${String(error)}`);
  return error.code;
}

describe.skipIf(process.platform === 'win32')('a POSIX directory as a target', () => {
  it('gets directories, files, links of both kinds and times', async () => {
    const base = path.join(temporaryDirectory(), 'new/target');
    const image = new Builder();
    const dir = image.directory(0, 'dir');
    const sub = image.directory(dir, 'sub');
    const first = image.file(sub, 'first');
    image.tree.addEntry(dir, 'second', image.tree.inode[first]);
    image.file(0, 'lonely \udc12');
    image.add(0, 'empty');
    image.link(dir, 'relative', symlink('sub/first'));
    image.link(0, 'absolute', symlink('/etc'));
    const target = createPosixTarget(base);
    expect(await image.apply(target)).toEqual([]);
    expect(lstatSync(path.join(base, 'dir/second')).ino).toBe(
      lstatSync(path.join(base, 'dir/sub/first')).ino,
    );
    for (const place of ['', 'dir', 'dir/sub', 'dir/sub/first', 'dir/relative', 'absolute']) {
      const stats = lstatSync(path.join(base, place), { bigint: true });
      expect({ place, atimeNs: stats.atimeNs, mtimeNs: stats.mtimeNs }).toEqual({
        place,
        atimeNs: accessNs,
        mtimeNs: writeNs,
      });
    }
    // Reading a directory or a link changes its access time, so it comes after.
    expect(readlinkSync(path.join(base, 'dir/relative'))).toBe('sub/first');
    expect(readlinkSync(path.join(base, 'absolute'))).toBe('/etc');
    expect(readdirSync(base).length).toBe(4);
    expect(target.placement(image.tree.inode[first])).toMatchObject({
      kind: 'file',
      path: path.join(base, 'dir/sub/first'),
      sparse: false,
    });
  });

  it('has absolute links point into it when they were fixed up', async () => {
    const base = temporaryDirectory();
    const image = new Builder();
    image.link(0, 'fixed', symlink('/dir/x'), ReparseTag.SYMLINK, 0);
    image.link(0, 'root', symlink(''), ReparseTag.SYMLINK, 0);
    image.link(0, 'unfixed', symlink('/dir/x'));
    await image.apply(createPosixTarget(base), { fixReparsePoints: true });
    const real = realpathSync(base);
    expect(readlinkSync(path.join(base, 'fixed'))).toBe(`${real}/dir/x`);
    expect(readlinkSync(path.join(base, 'root'))).toBe(real);
    expect(readlinkSync(path.join(base, 'unfixed'))).toBe('/dir/x');
    const without = temporaryDirectory();
    await image.apply(createPosixTarget(without));
    expect(readlinkSync(path.join(without, 'fixed'))).toBe('/dir/x');
    expect(readlinkSync(path.join(without, 'root'))).toBe('/');
  });

  it('gets owners, modes, attributes and special files with UNIX data', async () => {
    const base = temporaryDirectory();
    const image = new Builder();
    const uid = process.getuid?.() ?? 0;
    const gid = process.getgid?.() ?? 0;
    const give = (entry: number, mode: number): void => {
      image.tree.extrasOf(image.tree.inode[entry]).tagged = [makeUnixDataItem({ uid, gid, mode, rdev: 0 })];
    };
    const dir = image.directory(0, 'dir');
    give(dir, 0o042710);
    const pipe = image.add(dir, 'pipe');
    give(pipe, 0o010640);
    image.tree.addEntry(0, 'pipe-2', image.tree.inode[pipe]);
    const file = image.file(0, 'file');
    give(file, 0o104755);
    const xattr = makeXattrItem([['user.k', Buffer.from('v')]]);
    image.tree.extrasOf(image.tree.inode[file]).tagged?.push(xattr);
    image.tree.extrasOf(image.tree.inode[dir]).tagged?.push(xattr);
    const target = createPosixTarget(base);
    const remarks = await image.apply(target, { unixData: true });
    expect(lstatSync(path.join(base, 'dir')).mode).toBe(0o042710);
    const made = lstatSync(path.join(base, 'dir/pipe'));
    expect(made.mode).toBe(0o010640);
    expect(made.ino).toBe(lstatSync(path.join(base, 'pipe-2')).ino);
    expect(target.realization(image.tree.inode[pipe])).toBe('special');
    const { mode, owner, xattrs } = filePlacement(target, image.tree.inode[file]);
    expect({ mode, owner }).toEqual({ mode: 0o4755, owner: { uid, gid } });
    expect(xattrs?.map(([name, value]) => [name, Buffer.from(value).toString()])).toEqual([['user.k', 'v']]);
    if (remarks.length === 0) expect(getXattr(path.join(base, 'dir'), 'user.k').toString()).toBe('v');
    else expect(remarks).toEqual([{ path: '/dir', problem: expect.stringContaining('ENOTSUP') as string }]);

    const plain = createPosixTarget(temporaryDirectory());
    await image.begin(plain);
    expect(plain.realization(image.tree.inode[pipe])).toBe('file');
    expect(plain.placement(image.tree.inode[file])).not.toHaveProperty('mode');
  });

  it('says what it cannot keep, counted by kind', async () => {
    const image = new Builder();
    const { tree } = image;
    tree.securityDescriptors.push(new Uint8Array(20));
    for (let i = 0; i < 5; i++) {
      const inode = tree.inode[image.file(0, `file${i}`)];
      tree.securityId[inode] = 0;
      tree.attributes[inode] = FileAttribute.HIDDEN | FileAttribute.ARCHIVE;
      tree.addStream(inode, StreamKind.NAMED, 'Zone.Identifier', 1, 10);
    }
    tree.creationTime[tree.inode[1]] += 1n;
    tree.extrasOf(tree.inode[2]).tagged = [
      { tag: 1, data: new Uint8Array(64) },
      { tag: 2, data: new Uint8Array(8) },
      { tag: 0x99, data: new Uint8Array(8) },
    ];
    tree.addEntry(
      0,
      'longer-name.text',
      tree.addInode(FileAttribute.NORMAL, write, access, write),
      'LONGER~1.TEX',
    );
    image.link(0, 'wof', new Uint8Array(16), ReparseTag.WOF);
    image.link(0, 'broken', new Uint8Array(4));
    const encrypted = tree.inode[image.add(0, 'secret', FileAttribute.ENCRYPTED)];
    tree.addStream(encrypted, StreamKind.ENCRYPTED_RAW, '', 2, 100);
    const base = temporaryDirectory();
    const target = createPosixTarget(base);
    const remarks = new Map((await image.apply(target)).map((remark) => [remark.problem, remark.path]));
    expect(Object.fromEntries(remarks)).toEqual({
      'its security descriptor is not kept (5 entries, also /file1, /file2, ...)': '/file0',
      'its attribute HIDDEN is not kept (5 entries, also /file1, /file2, ...)': '/file0',
      'its attribute ARCHIVE is not kept (5 entries, also /file1, /file2, ...)': '/file0',
      'a named stream is not kept (5 entries, also /file1, /file2, ...)': '/file0',
      'its creation time is not kept': '/file0',
      'its object ID is not kept': '/file1',
      'its extended attributes are not kept without UNIX data': '/file1',
      'a metadata item of unknown tag 0x00000099 is not kept': '/file1',
      'its short name is not kept': '/longer-name.text',
      'its reparse point (tag 0x80000017) is not kept': '/wof',
      'its reparse data is malformed: no link was made': '/broken',
      'encrypted data cannot be written here: left out': '/secret',
    });
    expect(target.realization(encrypted)).toBe('skipped');
    expect(existsSync(path.join(base, 'wof'))).toBe(true);
    const strict = (options: ApplyOptions) =>
      codeOf(image.begin(createPosixTarget(temporaryDirectory()), options));
    expect(await strict({ securityDescriptors: 'strict' })).toBe('target/cannot-keep');
    expect(await strict({ strictShortNames: true })).toBe('target/cannot-keep');
    expect(await codeOf(image.apply(createPosixTarget(temporaryDirectory()), { strictSymlinks: true }))).toBe(
      'target/cannot-keep',
    );
  });

  it('never lets a name lead out of it', async () => {
    const parent = temporaryDirectory();
    const image = new Builder();
    const up = image.directory(0, '..');
    image.file(up, 'escaped');
    image.file(0, '../escaped');
    image.file(0, '/escaped');
    image.file(0, 'nul\0');
    image.file(0, '');
    image.file(0, '.');
    image.file(0, 'x'.repeat(256));
    image.file(0, 'twice');
    image.file(0, 'twice');
    const target = createPosixTarget(path.join(parent, 'target'));
    const remarks = await image.apply(target);
    expect(readdirSync(parent)).toEqual(['target']);
    expect(readdirSync(path.join(parent, 'target'))).toEqual(['twice']);
    expect(remarks.every((remark) => remark.problem.includes('left out'))).toBe(true);

    const all = createPosixTarget(path.join(parent, 'all'));
    await image.apply(all, { includeInvalidNames: true });
    expect(readdirSync(parent).sort()).toEqual(['all', 'target']);
    const made = readdirSync(path.join(parent, 'all'));
    expect(made).toHaveLength(9);
    expect(made).toContain('..\ufffdescaped (invalid filename #2)');
    expect(readdirSync(path.join(parent, 'all', '.. (invalid filename #1)'))).toEqual(['escaped']);
  });

  it('never writes through a link, of the image or found there', async () => {
    const outside = temporaryDirectory();
    writeFileSync(path.join(outside, 'file'), 'precious');
    const base = temporaryDirectory();
    symlinkSync(path.join(outside, 'file'), path.join(base, 'file'));
    const image = new Builder();
    image.file(0, 'file');
    await image.apply(createPosixTarget(base));
    expect(readFileSync(path.join(outside, 'file'), 'utf8')).toBe('precious');
    expect(lstatSync(path.join(base, 'file')).isFile()).toBe(true);

    symlinkSync(outside, path.join(base, 'dir'));
    const below = new Builder();
    below.file(below.directory(0, 'dir'), 'file');
    expect(await codeOf(below.begin(createPosixTarget(base)))).toBe('io/exists');
    expect(readFileSync(path.join(outside, 'file'), 'utf8')).toBe('precious');

    // A link and a directory of one name: the second is left out, so nothing lands behind the link.
    const twins = new Builder();
    twins.link(0, 'name', symlink(outside));
    twins.file(twins.directory(0, 'name'), 'planted');
    const remarks = await twins.apply(createPosixTarget(temporaryDirectory()));
    expect(remarks).toHaveLength(1);
    expect(existsSync(path.join(outside, 'planted'))).toBe(false);
  });

  it('replaces files that are there, and refuses directories in their place', async () => {
    const base = temporaryDirectory();
    mkdirSync(path.join(base, 'dir'));
    for (const name of ['dir/file', 'dir/link', 'dir/hard', 'other'])
      writeFileSync(path.join(base, name), 'old');
    const image = new Builder();
    const dir = image.directory(0, 'dir');
    const file = image.file(dir, 'file');
    image.tree.addEntry(dir, 'hard', image.tree.inode[file]);
    image.link(dir, 'link', symlink('file'));
    await image.apply(createPosixTarget(base));
    expect(readFileSync(path.join(base, 'dir/hard'), 'utf8')).toMatch(/^data/);
    expect(readlinkSync(path.join(base, 'dir/link'))).toBe('file');
    expect(readFileSync(path.join(base, 'other'), 'utf8')).toBe('old');

    const clash = new Builder();
    clash.file(0, 'dir');
    expect(await codeOf(clash.begin(createPosixTarget(base)))).toBe('io/exists');
    const onFile = createPosixTarget(path.join(base, 'other'));
    expect(await codeOf(image.begin(onFile))).toBe('wim/unsupported');
  });

  it('takes away on abort what it made, and nothing else', async () => {
    const base = temporaryDirectory();
    mkdirSync(path.join(base, 'dir'));
    writeFileSync(path.join(base, 'dir/mine'), 'old');
    writeFileSync(path.join(base, 'dir/same'), 'old');
    const image = new Builder();
    const dir = image.directory(0, 'dir');
    const same = image.file(dir, 'same');
    image.file(image.directory(dir, 'new'), 'file');
    image.link(0, 'link', symlink('dir'));

    const early = createPosixTarget(base);
    await image.begin(early);
    expect(await early.abort()).toEqual({ replaced: [], left: [] });
    expect(readFileSync(path.join(base, 'dir/same'), 'utf8')).toBe('old');
    expect(readdirSync(path.join(base, 'dir')).sort()).toEqual(['mine', 'same']);

    const late = createPosixTarget(base);
    await image.apply(late);
    writeFileSync(path.join(base, 'dir/new/foreign'), '');
    expect(await late.abort()).toEqual({
      replaced: [path.join(base, 'dir/same')],
      left: [path.join(base, 'dir/new')],
    });
    expect(readdirSync(base)).toEqual(['dir']);
    expect(readdirSync(path.join(base, 'dir')).sort()).toEqual(['mine', 'new', 'same']);
    expect(readFileSync(path.join(base, 'dir/same'), 'utf8')).toBe(`data${image.tree.inode[same]}`);

    const fresh = createPosixTarget(path.join(base, 'a/b'));
    await image.apply(fresh);
    expect(await fresh.abort()).toEqual({ replaced: [], left: [] });
    expect(existsSync(path.join(base, 'a'))).toBe(false);
  });

  it('keeps what was there until its replacement is complete', async () => {
    const base = temporaryDirectory();
    const names = ['file', 'hard', 'link', 'unreached'];
    for (const name of names) writeFileSync(path.join(base, name), 'old');
    const image = new Builder();
    const file = image.file(0, 'file');
    image.tree.addEntry(0, 'hard', image.tree.inode[file]);
    const link = image.link(0, 'link', symlink('file'));
    image.link(0, 'unreached', symlink('file'));
    const begun = createPosixTarget(base);
    await image.begin(begun);
    const { temporary } = filePlacement(begun, image.tree.inode[file]);
    writeFileSync(temporary ?? '', 'half');
    expect(await begun.abort()).toEqual({ replaced: [], left: [] });
    expect(readdirSync(base).sort()).toEqual(names);
    for (const name of names) expect(readFileSync(path.join(base, name), 'utf8')).toBe('old');

    // Links are made when all data is there; a failure among them leaves the ones before it.
    image.reparse.set(image.tree.inode[link] + 1, new Uint8Array());
    const broken = createPosixTarget(base);
    await image.begin(broken, { strictSymlinks: true });
    image.writeFiles(broken);
    expect(await codeOf(broken.finish())).toBe('target/cannot-keep');
    expect((await broken.abort()).replaced.map((name) => path.basename(name)).sort()).toEqual([
      'file',
      'hard',
      'link',
    ]);
    expect(readdirSync(base).sort()).toEqual(names);
    for (const name of ['file', 'hard', 'link'])
      expect(readFileSync(path.join(base, name), 'utf8')).toBe(`data${image.tree.inode[file]}`);
    expect(readFileSync(path.join(base, 'unreached'), 'utf8')).toBe('old');
  });

  it('leaves directories alone that are only on the way', async () => {
    const base = temporaryDirectory();
    const image = new Builder();
    const way = image.directory(0, 'way');
    const wanted = image.directory(way, 'wanted');
    image.tree.attributes[image.tree.inode[way]] |= FileAttribute.HIDDEN;
    const target = createPosixTarget(base);
    const { tree } = image;
    const bare = new Set([0, way]);
    await target.begin({
      sizeOf: () => 0,
      tree,
      root: 0,
      options: {},
      reparseData: () => new Uint8Array(),
      bare,
    });
    expect(await target.finish()).toEqual([]);
    const writeTime = (place: string): bigint => lstatSync(path.join(base, place), { bigint: true }).mtimeNs;
    expect(writeTime('way/wanted')).toBe(writeNs);
    expect(writeTime('way')).not.toBe(writeNs);
    expect(writeTime('.')).not.toBe(writeNs);
    expect(target.realization(tree.inode[wanted])).toBe('directory');
  });

  it('lets a single file be the target', async () => {
    const base = temporaryDirectory();
    const image = new Builder();
    const file = image.file(0, 'file');
    const target = createPosixTarget(path.join(base, 'other-name'));
    await target.begin({
      sizeOf: () => 0,
      tree: image.tree,
      root: file,
      options: {},
      reparseData: () => new Uint8Array(),
    });
    image.writeFiles(target);
    await target.finish();
    expect(readdirSync(base)).toEqual(['other-name']);
    expect(target.realization(image.tree.inode[0])).toBe('skipped');
  });

  it('reports the reason when it cannot be written to', async () => {
    const base = temporaryDirectory();
    const image = new Builder();
    image.directory(0, 'dir');
    const { pid } = process;
    const place = process.getuid?.() === 0 ? `/proc/${pid}/new` : path.join(base, 'locked/new');
    if (process.getuid?.() !== 0) {
      mkdirSync(path.join(base, 'locked'));
      chmodSync(path.join(base, 'locked'), 0o500);
    }
    expect(await codeOf(image.begin(createPosixTarget(place)))).toMatch(/^io\//);
  });

  it('gives back a directory that was scanned', async () => {
    requireTool('wimlib-imagex');
    const source = temporaryDirectory();
    const wim = path.join(temporaryDirectory(), 'x.wim');
    for (const name of ['a/b/c', 'd']) mkdirSync(path.join(source, name), { recursive: true });
    writeFileSync(path.join(source, 'a/file'), 'x');
    symlinkSync('../d', path.join(source, 'a/link'));
    symlinkSync(path.join(source, 'a'), path.join(source, 'd/absolute'));
    const { tree } = await createPosixSource(source).scan({ fixReparsePoints: true });
    const scanned = createPosixSource(source);
    const again = await scanned.scan({ fixReparsePoints: true });
    expect(again.tree.entryCount).toBe(tree.entryCount);
    const target = createPosixTarget(path.join(temporaryDirectory(), 'ours'));
    await target.begin({
      sizeOf: () => 0,
      tree: again.tree,
      root: 0,
      options: { fixReparsePoints: true },
      reparseData(inode) {
        const location = scanned.locate(again.tree, again.tree.findStream(inode, StreamKind.REPARSE));
        return location.kind === 'bytes' ? location.bytes : new Uint8Array();
      },
    });
    for (let inode = 0; inode < again.tree.inodeCount; inode++) {
      if (target.realization(inode) === 'file') writeFileSync(target.placement(inode).path, 'x');
    }
    expect(await target.finish()).toEqual([]);

    // The same by wimlib-imagex: links must come out alike, each into its own target.
    const theirs = path.join(temporaryDirectory(), 'theirs');
    expect(spawnSync('wimlib-imagex', ['capture', source, wim, '--rpfix']).status).toBe(0);
    expect(spawnSync('wimlib-imagex', ['apply', wim, theirs]).status).toBe(0);
    const ours = target.label;
    for (const link of ['a/link', 'd/absolute']) {
      const relative = (top: string): string =>
        readlinkSync(path.join(top, link)).replace(realpathSync(top), 'TOP');
      expect(relative(ours)).toBe(relative(theirs));
    }
    for (const place of ['.', 'a', 'a/b/c', 'd', 'a/link']) {
      const [mine, other] = [ours, theirs].map((top) => lstatSync(path.join(top, place), { bigint: true }));
      expect([mine.mtimeNs, mine.mode], place).toEqual([other.mtimeNs, other.mode]);
    }
  });
});
