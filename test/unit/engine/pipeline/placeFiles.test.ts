import { spawnSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { resourceColumns } from '../../../../src-main/engine/pipeline/resourceColumns';
import type { FilePlacement } from '../../../../src-main/engine/pipeline/tasks';
import { handlers, noise, placement, resource, sha1 } from '../../../support/pipeline';
import { temporaryDirectory } from '../../../support/tools';

const isWindows = process.platform === 'win32';

/** Unpacks plain data to placements. */
function place(
  data: Uint8Array,
  placements: readonly FilePlacement[],
  more: { wrong?: boolean; keep?: boolean } = {},
) {
  const file = path.join(temporaryDirectory(), 'wim');
  writeFileSync(file, data);
  const where = resource(file, { storedSize: data.length, size: data.length, format: 'none' });
  const digest = more.wrong === true ? sha1(Buffer.from('other')) : sha1(data);
  const resources = resourceColumns([{ resource: where, sha1: digest }]);
  return handlers().unpackBatch({ resources, placements: [placements], keepCorrupt: more.keep === true })
    .items[0];
}

const data = noise(10_000);

describe('unpackBatch', () => {
  it('writes every file of a blob, with times to 100 ns', ({ skip }) => {
    const directory = temporaryDirectory();
    const names = ['a', 'b', 'c\ud800'].map((name) => path.join(directory, name));
    expect(
      place(
        data,
        names.map((name) => placement(name)),
      ),
    ).toEqual({ state: 'ok' });
    // Before anything is read, which would set the access time.
    const { mtimeNs, atimeNs } = statSync(names[1], { bigint: true });
    expect(readdirSync(directory)).toHaveLength(3);
    expect(readFileSync(names[0]).equals(data)).toBe(true);
    expect(readFileSync(names[1]).equals(data)).toBe(true);
    skip(isWindows, 'times are exact to 0.2 us there');
    expect([atimeNs, mtimeNs]).toEqual([1_655_526_400_000_000_100n, 1_655_526_400_000_000_300n]);
  });

  it('replaces files and links, never writes through them', ({ skip }) => {
    skip(isWindows, 'links need a privilege there');
    const directory = temporaryDirectory();
    const at = (name: string): string => path.join(directory, name);
    writeFileSync(at('precious'), 'precious');
    symlinkSync('precious', at('soft'));
    linkSync(at('precious'), at('hard'));
    writeFileSync(at('old'), 'x'.repeat(20_000));
    const placements = ['soft', 'hard', 'old'].map((name) => placement(at(name)));
    expect(place(data, placements)).toEqual({ state: 'ok' });
    expect(readFileSync(at('precious'), 'utf8')).toBe('precious');
    expect(lstatSync(at('soft')).isFile()).toBe(true);
    for (const { path: name } of placements) expect(readFileSync(name).equals(data)).toBe(true);
  });

  it('reports what it cannot write and writes the rest', () => {
    const directory = temporaryDirectory();
    const at = (name: string): string => path.join(directory, name);
    mkdirSync(at('taken'));
    const placements = ['taken', 'no/such/directory', 'fine'].map((name) => placement(at(name)));
    const outcome = place(data, placements);
    expect(outcome.state).toBe('ok');
    expect(outcome.failures).toMatchObject([
      { path: at('taken'), code: 'io/exists' },
      { path: at('no/such/directory'), code: 'io/not-found' },
    ]);
    expect(readFileSync(at('fine')).equals(data)).toBe(true);
  });

  it('writes data with another SHA-1 only when told to', () => {
    const target = path.join(temporaryDirectory(), 'file');
    expect(place(data, [placement(target)], { wrong: true })).toMatchObject({ state: 'mismatch' });
    expect(existsSync(target)).toBe(false);
    expect(place(data, [placement(target)], { wrong: true, keep: true })).toMatchObject({
      state: 'mismatch',
    });
    expect(readFileSync(target).equals(data)).toBe(true);
  });

  it('lets a complete file take the place of an older one, and only such a one', () => {
    const directory = temporaryDirectory();
    const target = path.join(directory, 'file');
    writeFileSync(target, 'old');
    const wanted = placement(target, { temporary: `${target}.new` });
    expect(place(data, [wanted], { wrong: true })).toMatchObject({ state: 'mismatch' });
    expect(readFileSync(target, 'utf8')).toBe('old');
    expect(place(data, [wanted])).toEqual({ state: 'ok' });
    expect(readFileSync(target).equals(data)).toBe(true);
    mkdirSync(path.join(directory, 'taken'));
    const blocked = placement(path.join(directory, 'taken'), { temporary: `${target}.new` });
    expect(place(data, [blocked]).failures).toMatchObject([{ path: blocked.path }]);
    expect(readdirSync(directory).sort()).toEqual(['file', 'taken']);

    const worker = handlers();
    expect(worker.createEmpty({ placements: [wanted], dataFollows: true })).toEqual({ failures: [] });
    expect(readFileSync(target).equals(data)).toBe(true);
    expect(worker.finishFiles({ placements: [wanted] })).toEqual({ failures: [] });
    expect(readdirSync(directory).sort()).toEqual(['file', 'taken']);
    expect(readFileSync(target)).toHaveLength(0);
  });

  it('sets owner, mode and extended attributes', ({ skip }) => {
    skip(process.getuid?.() !== 0, 'only root gives files away');
    const target = path.join(temporaryDirectory(), 'file');
    const wanted = placement(target, { mode: 0o4750, owner: { uid: 1234, gid: 4321 } });
    expect(place(data, [wanted])).toEqual({ state: 'ok' });
    const status = statSync(target);
    expect([status.uid, status.gid, status.mode & 0o7777]).toEqual([1234, 4321, 0o4750]);
  });

  it('reports metadata that cannot be set, and keeps the data', ({ skip }) => {
    skip(process.platform !== 'linux', 'extended attributes as Linux has them');
    const target = path.join(temporaryDirectory(), 'file');
    const wanted = placement(target, { xattrs: [['nonsense', new Uint8Array(1)]] });
    const { failures } = place(data, [wanted]);
    expect(failures).toMatchObject([{ path: target, metadataOnly: true }]);
    expect(failures![0].problem).toContain('extended attribute nonsense');
    expect(readFileSync(target).equals(data)).toBe(true);
    expect(statSync(target, { bigint: true }).mtimeNs).toBe(1_655_526_400_000_000_300n);
  });

  it('leaves runs of zeroes unwritten', ({ skip }) => {
    const target = path.join(temporaryDirectory(), 'file');
    const holes = new Uint8Array(3_000_001);
    holes.set(noise(5000), 1_000_000);
    expect(place(holes, [placement(target, { sparse: true })])).toEqual({ state: 'ok' });
    expect(readFileSync(target).equals(holes)).toBe(true);
    skip(isWindows, 'no block counts');
    expect(statSync(target).blocks * 512).toBeLessThan(100_000);
  });

  it('reads neighbours in one call and keeps each fault to itself', () => {
    const directory = temporaryDirectory();
    const wim = path.join(directory, 'wim');
    const blobs = Array.from({ length: 20 }, (_, i) => noise(1000 + i, i));
    const gaps = blobs.map((_, i) => (i % 5 === 4 ? 100_000 : i % 3));
    writeFileSync(wim, Buffer.concat(blobs.flatMap((blob, i) => [blob, new Uint8Array(gaps[i])])));
    let offset = 0;
    const items = blobs.map((blob, i) => {
      const where = resource(wim, { offset, storedSize: blob.length, size: blob.length, format: 'none' });
      offset += blob.length + gaps[i];
      return { resource: where, sha1: sha1(blob), placements: [placement(path.join(directory, `f${i}`))] };
    });
    const last = items[19].resource;
    items[19] = { ...items[19], resource: { ...last, offset: offset + 1 } };
    items[7] = { ...items[7], resource: { ...items[7].resource, file: `${wim}.gone` } };
    const states = handlers()
      .unpackBatch({
        resources: resourceColumns(items),
        placements: items.map(({ placements }) => placements),
        keepCorrupt: false,
      })
      .items.map((item) => item.state);
    expect(states).toEqual(blobs.map((_, i) => (i === 7 || i === 19 ? 'damaged' : 'ok')));
    for (const i of [0, 4, 5, 18])
      expect(readFileSync(path.join(directory, `f${i}`)).equals(blobs[i])).toBe(true);
  });
});

describe('a volume that is full', () => {
  it('is reported as such, and leaves no half-written file', ({ skip }) => {
    skip(
      process.platform !== 'linux' || process.getuid?.() !== 0,
      'only root on Linux can mount a small volume',
    );
    const directory = temporaryDirectory();
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', directory]);
    skip(mounted.status !== 0, 'no right to mount here');
    onTestFinished(() => {
      spawnSync('umount', [directory]);
    });
    const at = (name: string): string => path.join(directory, name);
    const outcome = place(
      noise(50_000),
      ['a', 'b', 'c'].map((name) => placement(at(name))),
    );
    expect(outcome).toMatchObject({
      state: 'ok',
      failures: [
        { path: at('b'), code: 'io/no-space' },
        { path: at('c'), code: 'io/no-space' },
      ],
    });
    expect(readdirSync(directory)).toEqual(['a']);
  });
});

describe('createEmpty and finishFiles', () => {
  it('make files, and give files their metadata later', () => {
    const directory = temporaryDirectory();
    const at = (name: string): string => path.join(directory, name);
    const worker = handlers();
    expect(worker.createEmpty({ placements: [placement(at('a'), { mode: 0o400 })] })).toEqual({
      failures: [],
    });
    expect(statSync(at('a')).size).toBe(0);
    const big = placement(at('big'), { mode: 0o400 });
    expect(worker.createEmpty({ placements: [big], dataFollows: true })).toEqual({ failures: [] });
    writeFileSync(at('big'), 'data');
    expect(worker.finishFiles({ placements: [big, placement(at('none'))] })).toMatchObject({
      failures: [{ path: at('none'), code: 'io/not-found' }],
    });
    if (isWindows) return;
    expect(statSync(at('big')).mode & 0o777).toBe(0o400);
    expect(statSync(at('big'), { bigint: true }).mtimeNs).toBe(1_655_526_400_000_000_300n);
    expect(statSync(at('a'), { bigint: true }).mtimeNs).toBe(1_655_526_400_000_000_300n);
  });

  it('do not follow links', ({ skip }) => {
    skip(isWindows, 'links need a privilege there');
    const directory = temporaryDirectory();
    const at = (name: string): string => path.join(directory, name);
    writeFileSync(at('precious'), 'precious');
    symlinkSync('precious', at('link'));
    const worker = handlers();
    expect(
      worker.finishFiles({ placements: [placement(at('link'), { mode: 0o777 })] }).failures,
    ).toHaveLength(1);
    const wim = at('wim');
    writeFileSync(wim, data);
    const result = worker.unpackRange({
      resource: resource(wim, { size: data.length, storedSize: data.length, format: 'none' }),
      offset: 0,
      length: data.length,
      chunkOffsets: new Float64Array(0),
      output: new SharedArrayBuffer(data.length),
      placements: [placement(at('link'))],
    });
    expect(result.failures).toHaveLength(1);
    expect(readFileSync(at('precious'), 'utf8')).toBe('precious');
  });
});
