import { mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createPathRules } from '../../../../src-main/app/files/pathRules';
import { createLibraryService } from '../../../../src-main/app/library/libraryService';
import { wimFilesIn } from '../../../../src-main/app/library/watchedFiles';
import { contract } from '../../../../src-shared/contract';
import type { LibraryRow } from '../../../../src-shared/contract/library';
import { AppError } from '../../../../src-shared/errors/appError';
import type { ImageSummary, WimSummary } from '../../../../src-shared/model/summaries';
import { temporaryDirectory } from '../../../support/tools';
import { JsonLibraryStore } from './jsonLibraryStore';

const image = (name: string, totalBytes: number): ImageSummary => ({
  index: 1,
  name,
  description: '',
  displayName: '',
  displayDescription: '',
  directoryCount: 1,
  fileCount: 1,
  totalBytes,
  hardLinkBytes: 0,
  creationTime: null,
  lastModificationTime: null,
  flags: '',
  wimboot: false,
  bootable: false,
  windows: null,
});

/** A file "holds" the images that its text names: "name=bytes;name=bytes", "part 2", or "broken". */
function summaryOf(file: string, text: string): WimSummary {
  if (text.startsWith('broken')) throw new AppError('wim/not-a-wim', `${file} is not a WIM`, { path: file });
  const images = text.includes('=')
    ? text.split(';').map((part) => image(part.split('=')[0], Number(part.split('=')[1])))
    : [];
  return {
    path: file,
    guid: '',
    version: 0x10d00,
    imageCount: images.length,
    compression: 'lzx',
    chunkSize: 32_768,
    partNumber: text.startsWith('part ') ? Number(text.slice(5)) : 1,
    totalParts: 1,
    bootIndex: 0,
    size: text.length,
    fileSize: text.length,
    attributes: {
      pipable: false,
      integrity: false,
      relativeJunction: false,
      resourceOnly: false,
      metadataOnly: false,
      readOnly: false,
      spanned: false,
      writeInProgress: false,
      solid: false,
    },
    images,
    leftoverBytes: 0,
    warnings: [],
  };
}

async function libraryIn(home: string, watchedFolders: readonly string[] = []) {
  const { readFile } = await import('node:fs/promises');
  const summarize = vi.fn(async (file: string) => summaryOf(file, await readFile(file, 'utf8')));
  const changes: LibraryRow[][] = [];
  const wims: { path: string; revision: string }[] = [];
  const warnings: string[] = [];
  const folders = { watched: watchedFolders };
  let minute = 0;
  const service = await createLibraryService({
    store: new JsonLibraryStore(path.join(home, 'library.json')),
    rules: createPathRules(process.platform === 'win32', home),
    summarize,
    watchedFolders: () => folders.watched,
    emitChanged: (rows) => changes.push(rows),
    emitWimChanged: (change) => wims.push(change),
    warn: (text) => warnings.push(text),
    now: () => new Date(Date.UTC(2026, 0, 1, 0, minute++)).toISOString(),
  });
  onTestFinished(() => service.close());
  await service.settled();
  return { service, summarize, changes, wims, warnings, folders, ...service.handlers };
}

describe('the library', () => {
  it('takes a WIM, tells what it holds, and does not read it again after a new start', async () => {
    const home = temporaryDirectory();
    const file = path.join(home, 'lab.wim');
    writeFileSync(file, 'base=1000;office=2000');
    utimesSync(file, 1_700_000_000, 1_700_000_000);
    const first = await libraryIn(home);
    const row = await first.add({ path: 'lab.wim' });
    expect(contract.library.members.add.out.parse(row)).toMatchObject({
      path: file,
      name: 'lab.wim',
      folder: home,
      state: 'ok',
      origin: 'opened',
      imageCount: 2,
      imageNames: ['base', 'office'],
      compression: 'lzx',
      size: 21,
      saved: 3000 - 21,
      changedAt: '2023-11-14T22:13:20.000Z',
      verified: null,
    });
    await vi.waitFor(() => expect(first.changes.at(-1)).toEqual([row]));
    const second = await libraryIn(home);
    expect(await second.list({})).toEqual([row]);
    expect(second.summarize).not.toHaveBeenCalled();
    writeFileSync(file, 'base=1');
    expect(await second.refresh({})).toMatchObject([{ imageCount: 1, saved: 0 }]);
    expect(second.summarize).toHaveBeenCalledTimes(1);
  });

  it('keeps rows of files that went or broke, with the reason', async () => {
    const home = temporaryDirectory();
    const file = path.join(home, 'lab.wim');
    writeFileSync(file, 'base=1000');
    const { add, refresh } = await libraryIn(home);
    await add({ path: file });
    renameSync(file, `${file}.away`);
    expect(await refresh({})).toMatchObject([{ state: 'missing', problem: '', imageNames: ['base'] }]);
    await expect(add({ path: file })).rejects.toMatchObject({ code: 'io/not-found' });
    writeFileSync(file, 'broken now');
    expect(await refresh({})).toMatchObject([
      { state: 'unreadable', problem: `${file} is not a WIM`, size: 10 },
    ]);
    rmSync(file);
    renameSync(`${file}.away`, file);
    expect(await refresh({})).toMatchObject([{ state: 'ok', problem: '', imageNames: ['base'] }]);
  });

  it('does not take what is no WIM', async () => {
    const home = temporaryDirectory();
    writeFileSync(path.join(home, 'bad.wim'), 'broken');
    const { add, list } = await libraryIn(home);
    await expect(add({ path: 'bad.wim' })).rejects.toMatchObject({ code: 'wim/not-a-wim' });
    await expect(add({ path: 'none.wim' })).rejects.toMatchObject({ code: 'io/not-found' });
    await expect(add({ path: '~' })).rejects.toMatchObject({ code: 'wim/not-a-wim' });
    expect(await list({})).toEqual([]);
  });

  it('keeps what a row takes within bounds, whatever a file says its images are called', async () => {
    const home = temporaryDirectory();
    const names = [`${'x'.repeat(100_000)}=1`, ...Array.from({ length: 5000 }, (_, i) => `image ${i}=1`)];
    writeFileSync(path.join(home, 'huge.wim'), names.join(';'));
    const { add } = await libraryIn(home);
    const row = await add({ path: 'huge.wim' });
    expect(row.imageCount).toBe(5001);
    expect(row.imageNames.slice(1, 3)).toEqual(['image 0', 'image 1']);
    expect(JSON.stringify(row).length).toBeLessThan(50_000);
  });

  it('goes on when its rows cannot be told', async () => {
    const home = temporaryDirectory();
    writeFileSync(path.join(home, 'lab.wim'), 'base=1');
    const told: string[] = [];
    const service = await createLibraryService({
      store: new JsonLibraryStore(path.join(home, 'library.json')),
      rules: createPathRules(process.platform === 'win32', home),
      summarize: (file) => Promise.resolve(summaryOf(file, 'base=1')),
      watchedFolders: () => [],
      emitChanged: () => {
        throw new AppError('io/failed', 'larger than a message may be');
      },
      emitWimChanged: () => undefined,
      warn: (text) => told.push(text),
      now: () => '',
    });
    onTestFinished(() => service.close());
    // Thrown in a timer it would end the program, and all jobs with it.
    await service.handlers.add({ path: 'lab.wim' });
    await vi.waitFor(() => expect(told).toEqual([expect.stringContaining('larger than a message may be')]));
  });

  it('forgets a row and leaves the file', async () => {
    const home = temporaryDirectory();
    writeFileSync(path.join(home, 'lab.wim'), 'base=1');
    const { add, remove, list } = await libraryIn(home);
    await add({ path: 'lab.wim' });
    expect(await remove({ path: 'lab.wim' })).toBeNull();
    expect(await list({})).toEqual([]);
    expect(statSync(path.join(home, 'lab.wim')).isFile()).toBe(true);
    expect(await (await libraryIn(home)).list({})).toEqual([]);
  });

  it('knows a verification until the file changes', async () => {
    const home = temporaryDirectory();
    const file = path.join(home, 'lab.wim');
    writeFileSync(file, 'base=1');
    const { service, list, wims } = await libraryIn(home);
    await service.registerCaptured(file);
    await service.registerVerified(file, true);
    expect(await list({})).toMatchObject([
      { origin: 'captured', verified: { ok: true, at: expect.any(String) } },
    ]);
    expect(await (await libraryIn(home)).list({})).toMatchObject([{ verified: { ok: true } }]);
    writeFileSync(file, 'base=1;office=2');
    await service.registerChanged(file);
    expect(await list({})).toMatchObject([{ imageCount: 2, verified: null }]);
    expect(wims.map(({ path: changed }) => changed)).toEqual([file, file]);
    expect(wims[0].revision).not.toBe(wims[1].revision);
    expect(await service.recentFolders()).toEqual([home]);
  });

  it('does not hold against a file that nobody could look into it', async () => {
    const home = temporaryDirectory();
    writeFileSync(path.join(home, 'lab.wim'), 'base=1');
    const { summarize, add, refresh, list } = await libraryIn(home);
    await add({ path: 'lab.wim' });
    const before = await list({});
    summarize.mockRejectedValueOnce(new AppError('host/lost', 'the thread has ended'));
    writeFileSync(path.join(home, 'lab.wim'), 'base=1;more=5');
    await expect(refresh({})).rejects.toMatchObject({ code: 'host/lost' });
    expect(await list({})).toEqual(before);
    expect(await refresh({})).toMatchObject([{ state: 'ok', imageCount: 2 }]);
  });

  it('reads a few files at a time, each once however often it is asked for', async () => {
    const home = temporaryDirectory();
    const folder = path.join(home, 'watched');
    mkdirSync(folder);
    for (let i = 0; i < 30; i++) writeFileSync(path.join(folder, `${i}.wim`), `base=${i}`);
    const library = await libraryIn(home);
    let now = 0;
    let most = 0;
    const plain = library.summarize.getMockImplementation()!;
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    library.summarize.mockImplementation(async (file) => {
      most = Math.max(most, ++now);
      await gate;
      now--;
      return plain(file);
    });
    library.folders.watched = [folder];
    const asked = Promise.all([library.refresh({}), library.refresh({}), library.refresh({})]);
    await vi.waitFor(() => expect(now).toBe(3));
    open();
    const [rows] = await asked;
    expect(rows).toHaveLength(30);
    expect(library.summarize).toHaveBeenCalledTimes(30);
    expect(most).toBe(3);
  });
});

describe('watched folders', () => {
  it('bring their WIM files, and take them away again', async () => {
    const home = temporaryDirectory();
    const folder = path.join(home, 'watched');
    mkdirSync(path.join(folder, 'below'), { recursive: true });
    for (const name of ['a.wim', 'b.ESD', 'notes.txt', '.part.wim', 'below/deep.wim']) {
      writeFileSync(path.join(folder, name), 'base=1');
    }
    writeFileSync(path.join(folder, 'broken.wim'), 'broken');
    const { service, list, remove, add, folders } = await libraryIn(home, [folder]);
    const names = async (): Promise<string[]> =>
      (await list({})).map((row) => `${row.name} ${row.origin} ${row.state}`).sort();
    expect(await names()).toEqual(['a.wim watched ok', 'b.ESD watched ok', 'broken.wim watched unreadable']);
    // What a person takes away stays away, until they open it.
    await remove({ path: path.join(folder, 'b.ESD') });
    await service.handlers.refresh({});
    expect(await names()).toEqual(['a.wim watched ok', 'broken.wim watched unreadable']);
    await add({ path: path.join(folder, 'b.ESD') });
    folders.watched = [];
    service.watchedFoldersChanged();
    await service.settled();
    expect(await names()).toEqual(['b.ESD opened ok']);
  });

  it('show new files without being asked', async ({ skip }) => {
    skip(process.platform === 'win32', 'the report may come late there');
    const home = temporaryDirectory();
    const folder = path.join(home, 'watched');
    mkdirSync(folder);
    const { changes } = await libraryIn(home, [folder]);
    writeFileSync(path.join(folder, 'new.wim'), 'base=1');
    await vi.waitFor(() => expect(changes.at(-1)).toMatchObject([{ name: 'new.wim' }]), { timeout: 20_000 });
  });

  it('that are not there hurt nobody', async () => {
    const home = temporaryDirectory();
    const { list, warnings } = await libraryIn(home, [path.join(home, 'none')]);
    expect(await list({})).toEqual([]);
    expect(warnings.join()).toMatch(/watched folder was not read.*does not exist/);
  });

  it('show of a split WIM the first part', async () => {
    const home = temporaryDirectory();
    const folder = path.join(home, 'watched');
    mkdirSync(folder);
    const parts = {
      'lab.swm': 'base=1',
      'lab2.swm': 'part 2',
      'lab10.swm': 'part 10',
      'alone3.swm': 'part 3',
      '2.swm': 'base=2',
    };
    for (const [name, text] of Object.entries(parts)) writeFileSync(path.join(folder, name), text);
    const rules = createPathRules(process.platform === 'win32', home);
    const { paths } = await wimFilesIn(folder, rules);
    expect(paths.map((file) => path.basename(file)).sort()).toEqual(['2.swm', 'alone3.swm', 'lab.swm']);
    const { list, refresh, summarize } = await libraryIn(home, [folder]);
    expect((await list({})).map(({ name }) => name).sort()).toEqual(['2.swm', 'lab.swm']);
    const reads = summarize.mock.calls.length;
    await refresh({});
    expect(summarize.mock.calls.length).toBe(reads);
  });

  it('show a file that was replaced by one of the same size', async () => {
    const home = temporaryDirectory();
    const file = path.join(home, 'a.wim');
    writeFileSync(file, 'one=11');
    const { refresh, list } = await libraryIn(home, [home]);
    expect(await list({})).toMatchObject([{ imageNames: ['one'] }]);
    writeFileSync(file, 'two=22');
    utimesSync(file, 1_000_000_000, 1_000_000_000);
    expect(await refresh({})).toMatchObject([{ imageNames: ['two'] }]);
  });
});
