import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { openContainer } from '../../../../../src-main/engine/drivers/packages/openContainer';
import type { PackageContainer } from '../../../../../src-main/engine/drivers/packages/packageContainer';
import { unpackContainer } from '../../../../../src-main/engine/drivers/packages/unpackContainer';
import { makeCabinet, storedFolder, type MadeFile, type MadeFolder } from '../../../../support/cabinets';
import { diskHost } from '../../../../support/disks';
import { temporaryDirectory } from '../../../../support/tools';

const host = diskHost();
const data = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) % 251));

function written(name: string, bytes: Uint8Array): string {
  const file = path.join(temporaryDirectory(), name);
  writeFileSync(file, bytes);
  return file;
}

function cab(folders: readonly MadeFolder[], files: readonly MadeFile[]): PackageContainer {
  return openContainer(host, { kind: 'cab', path: written('made.cab', makeCabinet(folders, files)) });
}

function zip(names: Readonly<Record<string, Uint8Array>>): PackageContainer {
  return openContainer(host, { kind: 'zip', path: written('made.zip', zipSync(names)) });
}

/** Names and problems of what was left out. */
function leftOut(container: PackageContainer): string[] {
  return container.remarks.map(({ file, code, problem }) => `${file.split(' > ')[1]}: ${code}: ${problem}`);
}

const bad = [
  '../up.inf',
  '/abs.inf',
  'C:\\drive.inf',
  'sub\\..\\..\\up.inf',
  'nul.inf',
  'dot.inf.',
  'a.inf:ads',
];

describe('names that do not stay', () => {
  it('are left out of a cabinet and told', async () => {
    const files = ['good.inf', ...bad, 'GOOD.INF', 'good.inf/below.sys'].map((name, i) => ({
      name,
      size: 10,
      offset: i * 10,
      folder: 0,
    }));
    const container = cab([storedFolder(data)], files);
    expect(container.list()).toEqual([{ path: 'good.inf', size: 10 }]);
    expect(leftOut(container)).toHaveLength(bad.length + 2);
    expect(leftOut(container).every((text) => text.includes(': unsafe-name: '))).toBe(true);
    expect(container.read('Good.Inf', 10)).toEqual(new Uint8Array(data.subarray(0, 10)));
    expect(() => container.read('../up.inf', 10)).toThrow(/is not there/);
    const target = temporaryDirectory();
    await expect(unpackContainer(host, container, ['../up.inf'], target)).rejects.toThrow(/is not there/);
    await unpackContainer(host, container, undefined, target);
    expect(readdirSync(target)).toEqual(['good.inf']);
    container.close();
  });

  it('are left out of a zip and told', () => {
    const container = zip(
      Object.fromEntries(['good.inf', ...bad, 'Good.inf', 'folder/a', 'FOLDER'].map((name) => [name, data])),
    );
    expect(container.list().map((file) => file.path)).toEqual(['good.inf', 'folder/a']);
    expect(leftOut(container)).toHaveLength(bad.length + 2);
    container.close();
  });

  it('are counted when they are many', () => {
    const names = Array.from({ length: 3000 }, (_, i) => [`../${i}.inf`, new Uint8Array(0)] as const);
    const container = zip(Object.fromEntries(names));
    expect(container.remarks).toHaveLength(51);
    expect(container.remarks.at(-1)?.problem).toBe('2950 more files have such a fault');
    container.close();
  });
});

describe('hostile cabinets', () => {
  it('have no files over each other, nor past their folder, nor in a folder that is not there', () => {
    const container = cab(
      [storedFolder(data)],
      [
        { name: 'a', size: 100, offset: 0, folder: 0 },
        { name: 'over', size: 100, offset: 50, folder: 0 },
        { name: 'past', size: 100, offset: 98_300, folder: 0 },
        { name: 'huge', size: 0xffffffff, offset: 0xffffffff, folder: 0 },
        { name: 'nowhere', size: 1, offset: 0, folder: 3 },
        { name: 'before', size: 1, offset: 99, folder: 0xfffd },
        { name: 'late', size: 20, offset: 69_990, folder: 0 },
      ],
    );
    expect(container.list().map((file) => file.path)).toEqual(['a', 'late']);
    expect(leftOut(container).sort()).toEqual([
      expect.stringMatching(/^before: unreadable: it lies over another/) as string,
      expect.stringMatching(/^huge: unreadable: it reaches past/) as string,
      expect.stringMatching(/^nowhere: unreadable: its folder 3 is not there/) as string,
      expect.stringMatching(/^over: unreadable: it lies over another/) as string,
      expect.stringMatching(/^past: unreadable: it reaches past/) as string,
    ]);
    expect(() => container.read('late', 1000)).toThrow(/the folder has 70000 bytes/);
    container.close();
  });

  it('have folders of their own data', () => {
    const folder = storedFolder(data);
    const shared = { ...folder, dataOffset: 36 + 16 + 18 };
    expect(() => cab([shared, shared], [{ name: 'a', size: 1, offset: 0, folder: 0 }])).toThrow(
      /share their data/,
    );
    const outside = { ...folder, dataOffset: 1_000_000 };
    expect(() => cab([outside], [])).toThrow(/lies outside the cabinet/);
  });

  it('are not believed without their checksum', () => {
    const folder = { compression: 0, blocks: [{ data, size: 0, checksum: 1 }] };
    folder.blocks[0] = { data: data.subarray(0, 500), size: 500, checksum: 1 };
    const container = cab([folder], [{ name: 'a', size: 500, offset: 0, folder: 0 }]);
    expect(() => container.read('a', 500)).toThrow(/made.cab > a: .*checksum/);
    // A reader that failed is not gone on with.
    expect(() => container.read('a', 500)).toThrow(/checksum/);
    container.close();
  });

  it('are refused when they are cut off', () => {
    const whole = makeCabinet([storedFolder(data)], [{ name: 'a', size: 70_000, offset: 0, folder: 0 }]);
    for (const length of [0, 3, 4, 30, 36, 43, 50, 60, 70_000]) {
      const file = written('cut.cab', whole.subarray(0, length));
      expect(() => openContainer(host, { kind: 'cab', path: file })).toThrow(
        expect.objectContaining({
          code: 'archive/malformed',
          message: expect.stringContaining('cut.cab') as string,
        }) as Error,
      );
    }
  });

  it('of InstallShield are told as what they are', () => {
    const file = written('data1.cab', Buffer.from('ISc(0123456789012345678901234567890'));
    expect(() => openContainer(host, { kind: 'cab', path: file })).toThrow(/InstallShield/);
  });
});

describe('a cabinet', () => {
  it('is read in any order, in small and in large folders', () => {
    const large = Buffer.alloc(33 << 20, data);
    for (const bytes of [data, large]) {
      const size = 30_000;
      const end = bytes.length - size;
      const container = cab(
        [storedFolder(bytes)],
        [
          { name: 'first', size, offset: 0, folder: 0 },
          { name: 'last', size, offset: end, folder: 0 },
          { name: 'nothing', size: 0, offset: 0, folder: 0 },
        ],
      );
      for (const [name, from] of [
        ['last', end],
        ['first', 0],
        ['last', end],
      ] as const) {
        expect(Buffer.from(container.read(name, size)).equals(bytes.subarray(from, from + size))).toBe(true);
      }
      expect(container.read('nothing', 0)).toHaveLength(0);
      container.close();
    }
  });
});

describe('hostile zips', () => {
  it('have no files over each other', () => {
    const made = Buffer.from(zipSync({ 'a.sys': data, 'b.sys': data }, { level: 0 }));
    const second = made.lastIndexOf('PK\x01\x02', undefined, 'latin1');
    made.writeUInt32LE(10, second + 42);
    const file = written('over.zip', made);
    expect(() => openContainer(host, { kind: 'zip', path: file })).toThrow(/over.zip: .*overlap/);
  });

  it('tell one name in both places', () => {
    const made = Buffer.from(zipSync({ 'a.inf': data }));
    made.write('x', made.indexOf('a.inf'), 'latin1');
    const container = openContainer(host, { kind: 'zip', path: written('two.zip', made) });
    expect(() => container.read('a.inf', data.length)).toThrow(/another name/);
    container.close();
  });

  it('have their checksums', () => {
    const made = Buffer.from(zipSync({ 'a.inf': data }, { level: 0 }));
    made[500] ^= 1;
    const container = openContainer(host, { kind: 'zip', path: written('bad.zip', made) });
    expect(() => container.read('a.inf', data.length)).toThrow(/checksum/);
    container.close();
  });

  it('have links that are left out', () => {
    const made = Buffer.from(
      zipSync({ 'a.inf': [data, { os: 3, attrs: (0o120777 << 16) >>> 0 }], 'b.inf': data }),
    );
    const container = openContainer(host, { kind: 'zip', path: written('link.zip', made) });
    expect(container.list().map((file) => file.path)).toEqual(['b.inf']);
    expect(leftOut(container)).toEqual(['a.inf: unreadable: a link or a device, which is not followed']);
    container.close();
  });
});

describe('unpacking', () => {
  it('leaves nothing when it fails, and what was there as it was', async () => {
    const folder = {
      compression: 0,
      blocks: [
        { data: data.subarray(0, 500), size: 500 },
        { data, size: 500, checksum: 1 },
      ],
    };
    folder.blocks[1] = { data: data.subarray(0, 500), size: 500, checksum: 1 };
    const container = cab(
      [folder],
      [
        { name: 'sub\\good.inf', size: 400, offset: 0, folder: 0 },
        { name: 'sub\\bad.sys', size: 600, offset: 400, folder: 0 },
      ],
    );
    const target = temporaryDirectory();
    writeFileSync(path.join(target, 'own.txt'), 'mine');
    await expect(unpackContainer(host, container, undefined, target)).rejects.toThrow(/checksum/);
    expect(readdirSync(target)).toEqual(['own.txt']);
    mkdirSync(path.join(target, 'sub'));
    writeFileSync(path.join(target, 'sub', 'good.inf'), 'mine');
    await expect(unpackContainer(host, container, undefined, target)).rejects.toThrow(/exists/);
    expect(readdirSync(path.join(target, 'sub'))).toEqual(['good.inf']);
    container.close();
  });

  it('does not go through a link', async () => {
    const container = zip({ 'sub/a.inf': data });
    const target = temporaryDirectory();
    const outside = temporaryDirectory();
    symlinkSync(outside, path.join(target, 'sub'));
    await expect(unpackContainer(host, container, undefined, target)).rejects.toThrow(/exists already/);
    expect(readdirSync(outside)).toEqual([]);
    container.close();
  });

  it('is bounded and can be cancelled', async () => {
    const container = zip({ 'a.inf': data, 'b.sys': data });
    const target = temporaryDirectory();
    const limited = unpackContainer(host, container, undefined, target, { limit: 100_000 });
    await expect(limited).rejects.toThrow(expect.objectContaining({ code: 'offline/too-large' }) as Error);
    const full = { ...host, files: { ...host.files, freeSpace: () => 1000 } };
    await expect(unpackContainer(full, container, undefined, target)).rejects.toThrow(/has room for 1000/);
    const controller = new AbortController();
    const onFile = (): void => controller.abort(new Error('cancelled'));
    const cancelled = unpackContainer(host, container, undefined, target, {
      signal: controller.signal,
      onFile,
    });
    await expect(cancelled).rejects.toThrow('cancelled');
    expect(existsSync(path.join(target, 'a.inf'))).toBe(false);
    container.close();
  });
});
