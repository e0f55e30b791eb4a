import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commitToFolder, recoverFolder } from '../../../../src-main/engine/offline/commitFolder';
import { openFolderTree } from '../../../../src-main/engine/offline/folderTree';
import type { OfflineEdit } from '../../../../src-main/engine/offline/offlineTree';
import type { FileSystem, OpenFile } from '../../../../src-main/engine/os';
import { createNodeFileSystem } from '../../../../src-main/platform/nodeFileSystem';
import { AppError } from '../../../../src-shared/errors/appError';
import { diskHost } from '../../../support/disks';

let base: string;
let root: string;
let outside: string;

beforeEach(() => {
  base = mkdtempSync(path.join(os.tmpdir(), 'wimsmith-offline-'));
  root = path.join(base, 'windows');
  outside = path.join(base, 'e1d.sys');
  mkdirSync(path.join(root, 'Windows/System32/config'), { recursive: true });
  mkdirSync(path.join(root, 'Windows/Drivers/old'), { recursive: true });
  writeFileSync(path.join(root, 'Windows/System32/config/SOFTWARE'), 'the hive as it was');
  writeFileSync(path.join(root, 'Windows/Drivers/old/old.inf'), 'old driver');
  writeFileSync(outside, Buffer.alloc(3_000_000, 'x'));
});

afterEach(() => {
  rmSync(base, { recursive: true, force: true });
});

function edits(): OfflineEdit[] {
  return [
    { kind: 'copy', path: '/windows/drivers/new/e1d.sys', source: outside, size: 3_000_000 },
    { kind: 'write', path: '\\Windows\\Drivers\\new\\e1d.inf', bytes: Buffer.from('new driver') },
    { kind: 'write', path: '/WINDOWS/system32/CONFIG/software', bytes: Buffer.from('the new hive') },
    { kind: 'delete', path: '/Windows/Drivers/old/old.inf' },
    { kind: 'delete', path: '/Windows/Drivers/old' },
    { kind: 'delete', path: '/Windows/System32' },
    { kind: 'delete', path: '/Windows/nothing' },
  ];
}

/** Paths with the data of files. */
function contents(): Record<string, string> {
  return Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true }).map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(root, file), entry.isFile() ? readFileSync(file, 'latin1') : ''];
    }),
  );
}

async function commit(files: FileSystem): Promise<void> {
  await commitToFolder(diskHost({ files }), openFolderTree(files, root), edits(), {});
}

/** Files whose `failing`-th call that changes anything fails; a dead program makes no call after that. */
function failingFiles(failing: number, dead: boolean): { files: FileSystem; calls: () => number } {
  const real = createNodeFileSystem();
  const open = new Set<OpenFile>();
  let calls = 0;
  const call = <T>(work: () => T): T => {
    calls += 1;
    if (calls === failing || (dead && calls > failing)) {
      if (dead) for (const file of open) file.close();
      throw new AppError('io/no-space', 'the disk is full');
    }
    return work();
  };
  const wrap = (file: OpenFile): OpenFile => {
    open.add(file);
    return {
      name: file.name,
      get size() {
        return file.size;
      },
      read: (offset, target) => file.read(offset, target),
      write: (offset, bytes) => call(() => file.write(offset, bytes)),
      truncate: (size) => call(() => file.truncate(size)),
      flush: () => call(() => file.flush()),
      lock: () => file.lock(),
      close: () => file.close(),
    };
  };
  const files: FileSystem = {
    ...real,
    openRead: (file) => wrap(real.openRead(file)),
    openReadWrite: (file) => call(() => wrap(real.openReadWrite(file))),
    create: (file) => call(() => wrap(real.create(file))),
    rename: (from, to) => call(() => real.rename(from, to)),
    remove: (file) => call(() => real.remove(file)),
    removeDirectory: (directory) => call(() => real.removeDirectory(directory)),
    makeDirectory: (directory) => call(() => real.makeDirectory(directory)),
  };
  return { files, calls: () => calls };
}

const after = {
  'Windows/Drivers/new/e1d.inf': 'new driver',
  'Windows/System32/config/SOFTWARE': 'the new hive',
};

describe('changes of a folder', () => {
  it('are made by Windows rules of names, and nothing else is left', async () => {
    await commit(createNodeFileSystem());
    const found = contents();
    expect(found).toMatchObject(after);
    expect(found['Windows/Drivers/new/e1d.sys']).toHaveLength(3_000_000);
    expect(Object.keys(found).sort()).toEqual([
      'Windows',
      'Windows/Drivers',
      'Windows/Drivers/new',
      'Windows/Drivers/new/e1d.inf',
      'Windows/Drivers/new/e1d.sys',
      'Windows/System32',
      'Windows/System32/config',
      'Windows/System32/config/SOFTWARE',
    ]);
  });

  it('write a file in place, so that its owner and links stay', async () => {
    const hive = path.join(root, 'Windows/System32/config/SOFTWARE');
    const before = createNodeFileSystem().status(hive)?.identity;
    await commit(createNodeFileSystem());
    expect(createNodeFileSystem().status(hive)?.identity).toBe(before);
  });

  it.each([false, true])('are made all or none, wherever a call fails (killed: %s)', async (dead) => {
    const counting = failingFiles(Infinity, false);
    const saved = path.join(base, 'saved');
    cpSync(root, saved, { recursive: true });
    await commit(counting.files);
    const done = contents();
    rmSync(root, { recursive: true });
    cpSync(saved, root, { recursive: true });
    const before = contents();
    let undone = 0;
    for (let at = 1; at <= counting.calls(); at++) {
      const { files } = failingFiles(at, dead);
      await commit(files).catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error;
      });
      if (dead) recoverFolder(createNodeFileSystem(), root);
      // Where not even the clean-up could run, its folder is left for the next run.
      const found = withoutWork(contents());
      const isDone = JSON.stringify(found) === JSON.stringify(done);
      if (!isDone) expect(found).toEqual(before);
      if (!isDone) undone += 1;
      rmSync(root, { recursive: true });
      cpSync(saved, root, { recursive: true });
    }
    expect(undone).toBeGreaterThan(10);
  });

  it('take nothing back of a program that still runs', () => {
    const files = createNodeFileSystem();
    expect(recoverFolder(files, root)).toEqual([]);
  });
});

function withoutWork(found: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(found).filter(([name]) => !name.startsWith('.wimsmith-work-')));
}

describe('a folder', () => {
  it('refuses paths that lead out of it', () => {
    const tree = openFolderTree(createNodeFileSystem(), root);
    expect(() => tree.nativePath('/Windows/../../e1d.sys')).toThrow(/leads out/);
    expect(tree.find('/../e1d.sys')).toBeUndefined();
  });

  it('refuses what is larger than such a file may be', () => {
    const tree = openFolderTree(createNodeFileSystem(), root);
    expect(() => tree.read('/Windows/System32/config/software', 4)).toThrow(/more than 4/);
  });
});
