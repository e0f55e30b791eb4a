import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { recogniseFileSystem } from '../../src-main/engine/disk/recognise';
import { createFatTarget } from '../../src-main/engine/fat/fatTarget';
import { openFat } from '../../src-main/engine/fat/openFat';
import { FileAttribute, ReparseTag } from '../../src-main/engine/tree/attributes';
import { StreamKind } from '../../src-main/engine/tree/tree';
import { AppError } from '../../src-shared/errors/appError';
import { DataTree, fileDisk, fillTarget } from '../support/ntfsTrees';
import { requireTool, temporaryDirectory } from '../support/tools';

const MIB = 2 ** 20;
const options = { randomBytes, now: 133_500_000_000_000_000n, label: 'Stick' };

function disk(megabytes = 40, sectorSize = 512) {
  return fileDisk(path.join(temporaryDirectory(), 'volume'), megabytes * MIB, sectorSize);
}

function contents(device: ReturnType<typeof disk>, file: string): Buffer {
  const fat = openFat(device);
  const found = fat.find(file);
  if (!found) throw new Error(`${file} is not there`);
  const bytes = Buffer.alloc(found.size);
  fat.open(found).read(0, bytes);
  return bytes;
}

function checked(device: ReturnType<typeof disk>): string {
  device.flush();
  const { status, stdout, stderr } = spawnSync('fsck.vfat', ['-n', device.name], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stdout + stderr);
  return stdout;
}

async function failureOf(promise: Promise<unknown>): Promise<AppError> {
  try {
    await promise;
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    return error as AppError;
  }
  throw new Error('no error');
}

describe('an image on a FAT32 volume', () => {
  it.each([
    [40, 512],
    [260, 4096],
  ])('has its files, names, times and attributes (%i MiB, sectors of %i)', async (megabytes, sectorSize) => {
    requireTool('fsck.vfat');
    const device = disk(megabytes, sectorSize);
    const tree = new DataTree();
    const big = randomBytes(2 * MIB + 5);
    const efi = tree.directory(0, 'EFI', FileAttribute.HIDDEN);
    const boot = tree.directory(efi, 'Boot');
    const time = 133_499_999_990_000_000n;
    const loader = tree.file(boot, 'bootx64.efi', big, time);
    tree.tree.attributes[tree.tree.inode[loader]] = FileAttribute.READONLY | FileAttribute.SYSTEM;
    tree.file(boot, 'A long name with Ümläut.text', Buffer.from('text'));
    tree.file(0, 'empty');
    for (let i = 0; i < 300; i++) tree.file(boot, `file number ${i}`, Buffer.from(`${i}`));

    const target = createFatTarget(device, options);
    const { needed, free } = target.space?.({ tree: tree.tree, root: 0, sizeOf: tree.sizeOf }) ?? {
      needed: 0,
      free: 0,
    };
    expect(await fillTarget(target, tree)).toEqual([]);
    // 303 files, 2 directories, and the label, which fsck counts, too.
    expect(checked(device)).toContain('306 files');
    const fat = openFat(device);
    expect(fat.label).toBe('STICK');
    expect(fat.used).toBeLessThanOrEqual(needed);
    expect(fat.used + fat.free).toBe(free);
    expect(contents(device, '/EFI/Boot/bootx64.efi').equals(big)).toBe(true);
    expect(contents(device, '/EFI/Boot/a long name with ümläut.text').toString()).toBe('text');
    expect(contents(device, '/EFI/Boot/file number 299').toString()).toBe('299');
    expect(fat.find('/EFI')).toMatchObject({ attributes: 0x12 });
    expect(fat.find('/EFI/Boot/bootx64.efi')).toMatchObject({
      attributes: 0x05,
      creationTime: time - (time % 100_000n),
    });
    device.close();
  });

  it('tells all that it cannot keep, once for each kind', async () => {
    requireTool('fsck.vfat');
    const device = disk();
    const tree = new DataTree();
    const { tree: columns } = tree;
    const file = tree.file(0, 'file', Buffer.from('data'));
    const inode = columns.inode[file];
    columns.addEntry(0, 'second name', inode);
    tree.stream(inode, StreamKind.NAMED, 'zone', Buffer.from('3'));
    columns.attributes[inode] |= FileAttribute.COMPRESSED;
    columns.securityDescriptors.push(new Uint8Array(20));
    columns.securityId[inode] = 0;
    columns.extrasOf(inode).tagged = [{ tag: 1, data: new Uint8Array(16) }];
    const link = tree.file(0, 'link');
    columns.attributes[columns.inode[link]] = FileAttribute.REPARSE_POINT;
    columns.extrasOf(columns.inode[link]).reparseTag = ReparseTag.SYMLINK;
    tree.file(0, 'what?', Buffer.from('a'));
    tree.file(0, 'FILE', Buffer.from('b'));
    const short = columns.addEntry(0, 'long file name', columns.addInode(0, 0n, 0n, 0n), 'LONGFI~1');
    expect(columns.shortName(short)).toBe('LONGFI~1');

    const remarks = await fillTarget(createFatTarget(device, options), tree);
    expect(remarks.map(({ path, problem }) => `${path}: ${problem}`).sort()).toEqual([
      '/FILE: its name is that of another entry: left out',
      '/file: a named stream is not kept',
      '/file: its attribute COMPRESSED is not kept',
      '/file: its object ID is not kept',
      '/file: its security descriptor is not kept',
      '/link: FAT32 has no links: left out',
      '/long file name: its short name is not kept',
      '/second name: its hard link is not kept: it is a copy',
      '/what?: its name has a character that FAT32 cannot hold: left out',
    ]);
    checked(device);
    expect(
      openFat(device)
        .list('/')
        .map(({ name }) => name),
    ).toEqual(['file', 'second name', 'long file name']);
    expect(contents(device, '/second name').toString()).toBe('data');
    device.close();
  });

  it('makes names that FAT can hold when asked to', async () => {
    const device = disk();
    const tree = new DataTree();
    for (const name of ['a:b', 'A?B', 'dot.', 'file', 'FILE']) tree.file(0, name, Buffer.from(name));
    const remarks = await fillTarget(createFatTarget(device, options), tree, { includeInvalidNames: true });
    expect(remarks).toHaveLength(3);
    const names = openFat(device)
      .list('/')
      .map(({ name }) => name);
    expect(names).toEqual(['a_b (1)', 'A_B (2)', 'dot (1)', 'file', 'FILE (1)']);
    expect(contents(device, '/a_b (2)').toString()).toBe('A?B');
    device.close();
  });

  it('refuses what has no room, and files of 4 GB, before anything is erased', async () => {
    const device = disk();
    await fillTarget(createFatTarget(device, options), new DataTree());
    const tree = new DataTree();
    tree.file(0, 'install.wim', Buffer.from('a'));
    const begin = (size: number) =>
      createFatTarget(device, options).begin({
        tree: tree.tree,
        root: 0,
        options: {},
        sizeOf: () => size,
        reparseData: tree.reparseData,
      });
    expect((await failureOf(begin(41 * MIB))).code).toBe('io/no-space');
    const error = await failureOf(begin(2 ** 32));
    expect(error.code).toBe('target/cannot-keep');
    expect(error.message).toContain('/install.wim has 4294967296 bytes; FAT32 holds files below 4 GB');
    expect(openFat(device).label).toBe('STICK');
    device.close();
  });

  it('is no file system before it is finished, nor after it was given up', async () => {
    const device = disk();
    await fillTarget(createFatTarget(device, options), new DataTree());
    const tree = new DataTree();
    tree.file(0, 'file', Buffer.from('a'));
    const target = createFatTarget(device, options);
    const { sizeOf, reparseData } = tree;
    await target.begin({ tree: tree.tree, root: 0, options: {}, sizeOf, reparseData });
    expect(recogniseFileSystem(device)).toBe('none');
    expect(await target.abort()).toEqual({ replaced: [], left: [] });
    expect(recogniseFileSystem(device)).toBe('none');
    device.close();
  });
});
