import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { findDriverFiles } from '../../../../../src-main/engine/drivers/packages/findDriverFiles';
import { openFolder } from '../../../../../src-main/engine/drivers/packages/folderContainer';
import { AppError } from '../../../../../src-shared/errors/appError';
import { makeCabinet, storedFolder } from '../../../../support/cabinets';
import { diskHost } from '../../../../support/disks';
import { temporaryDirectory } from '../../../../support/tools';

const host = diskHost();

/** A tree of small files in a new directory. */
function tree(...names: string[]): string {
  const root = temporaryDirectory();
  for (const name of names) put(root, name, `[${name}]`);
  return root;
}

function put(root: string, name: string, bytes: string | Uint8Array): string {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
}

const inf = new TextEncoder().encode('[Version]');

describe('finding drivers', () => {
  it('looks through folders, archives in them, INFs and archives named', async () => {
    const root = tree('net/A.INF', 'net/a.sys', 'deep/er/still/b.inf', 'autorun.inf', 'c.inf.txt');
    const zip = put(root, 'packs/more.zip', zipSync({ 'x/d.inf': inf, 'x/e.sys': inf }));
    const cabinet = makeCabinet([storedFolder(inf)], [{ name: 'y\\f.inf', size: 9, offset: 0, folder: 0 }]);
    const cab = put(root, 'packs/one.cab', cabinet);
    const renamed = put(temporaryDirectory(), 'vendor.exe', zipSync({ 'g.inf': inf }));
    const other = tree('single.inf', 'second.inf', 'left.inf');
    const found = await findDriverFiles(host, [
      root,
      path.join(other, 'single.inf'),
      path.join(other, 'second.inf'),
      path.join(root, 'net', 'A.INF'),
      zip,
      renamed,
    ]);
    expect(found).toEqual({
      groups: [
        { container: { kind: 'folder', path: root }, infs: ['deep/er/still/b.inf', 'net/A.INF'] },
        { container: { kind: 'folder', path: other }, infs: ['single.inf', 'second.inf'] },
        { container: { kind: 'zip', path: zip }, infs: ['x/d.inf'] },
        { container: { kind: 'cab', path: cab }, infs: ['y/f.inf'] },
        { container: { kind: 'zip', path: renamed }, infs: ['g.inf'] },
      ],
      remarks: [],
    });
  });

  it('tells what it cannot read, and goes on', async () => {
    const root = tree('good.inf', '.git/hidden.inf', '$RECYCLE.BIN/old.inf');
    const broken = put(root, 'broken.zip', 'no zip');
    const nested = put(root, 'nested.zip', zipSync({ 'inner.cab': inf }));
    symlinkSync(tree('away.inf'), path.join(root, 'link'));
    const found = await findDriverFiles(host, [root]);
    expect(found.groups).toEqual([{ container: { kind: 'folder', path: root }, infs: ['good.inf'] }]);
    expect(found.remarks.map(({ severity, file }) => [severity, file]).sort()).toEqual(
      [
        ['note', path.join(root, '$RECYCLE.BIN')],
        ['note', path.join(root, '.git')],
        ['note', path.join(root, 'link')],
        ['warning', broken],
        ['warning', `${nested} > inner.cab`],
      ].sort(),
    );
    const named = await findDriverFiles(host, [broken]);
    expect(named.remarks).toEqual([
      expect.objectContaining({ severity: 'error', code: 'unreadable', file: broken }),
    ]);
    await expect(findDriverFiles(host, [path.join(root, 'none')])).rejects.toThrow(
      expect.objectContaining({ code: 'io/not-found' }) as Error,
    );
  });

  it('skips a folder that it may not read', async () => {
    const root = tree('good.inf', 'closed/a.inf');
    const closed = path.join(root, 'closed');
    const entries = (directory: string): ReturnType<typeof host.files.entries> => {
      if (directory === closed)
        throw new AppError('io/no-permission', `cannot list ${closed}: permission denied`);
      return host.files.entries(directory);
    };
    const found = await findDriverFiles({ ...host, files: { ...host.files, entries } }, [root]);
    expect(found.groups).toEqual([{ container: { kind: 'folder', path: root }, infs: ['good.inf'] }]);
    expect(found.remarks).toEqual([
      {
        severity: 'warning',
        code: 'unreadable',
        file: closed,
        problem: `cannot list ${closed}: permission denied`,
      },
    ]);
  });

  it('reads a set of cabinets once, whichever comes first', async () => {
    const root = temporaryDirectory();
    const file = { name: 'a.inf', size: 9, offset: 0 };
    const first = { compression: 0, blocks: [{ data: inf.subarray(0, 4), size: 0 }] };
    const second = { compression: 0, blocks: [{ data: inf.subarray(4), size: 9 }] };
    put(root, 'z.cab', makeCabinet([first], [{ ...file, folder: 0xfffe }], { next: 'a.cab' }));
    put(root, 'a.cab', makeCabinet([second], [{ ...file, folder: 0xfffd }], { index: 1, previous: 'z.cab' }));
    expect(await findDriverFiles(host, [root])).toEqual({
      groups: [{ container: { kind: 'cab', path: path.join(root, 'z.cab') }, infs: ['a.inf'] }],
      remarks: [],
    });
  });

  it('can be cancelled', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(findDriverFiles(host, [tree('a.inf')], { signal })).rejects.toThrow('cancelled');
  });
});

describe('a folder', () => {
  it('finds files whatever the case, and reads them', () => {
    const root = tree('Net/Sub/E1D.inf');
    const folder = openFolder(host.files, root);
    const file = folder.find('nET\\sub/e1d.INF');
    expect(file).toEqual(expect.objectContaining({ path: 'Net/Sub/E1D.inf', size: 17 }));
    expect(folder.sourcePath('net/sub/e1d.inf')).toBe(path.join(root, 'Net', 'Sub', 'E1D.inf'));
    expect(Buffer.from(folder.read('net/sub/e1d.inf', 17)).toString()).toBe('[Net/Sub/E1D.inf]');
    expect([...folder.pieces('net/sub/e1d.inf')].map((piece) => piece.length)).toEqual([17]);
    expect(() => folder.read('net/sub/e1d.inf', 16)).toThrow(
      expect.objectContaining({ code: 'offline/too-large' }) as Error,
    );
    expect(folder.find('../x')).toBeUndefined();
    expect(folder.find('net')).toBeUndefined();
    expect(() => folder.read('none', 1)).toThrow(/is not there/);
  });
});
