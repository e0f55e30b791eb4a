import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPathRules } from '../../../../src-main/app/files/pathRules';
import { createPracticeService } from '../../../../src-main/app/practice/practiceService';
import { changedPc, referencePc } from '../../../../src-main/app/practice/referencePc';
import { writeTree } from '../../../../src-main/platform/plannedTree';
import type { PracticeStatus } from '../../../../src-shared/contract/practice';
import { AppError } from '../../../../src-shared/errors/appError';
import type { Progress } from '../../../../src-shared/model/progress';
import { temporaryDirectory } from '../../../support/tools';

const posixOnly = process.platform !== 'win32';

function benchIn(folder: string) {
  const told: PracticeStatus[] = [];
  const { handlers } = createPracticeService({
    folder,
    openWim: (wim) => Promise.reject(new AppError('wim/not-a-wim', `${wim} is not a WIM`)),
    disks: {
      make: async (disk) => {
        await Promise.resolve();
        writeFileSync(disk, 'disk', { flag: 'wx' });
      },
      info: (disk) => Promise.reject(new AppError('disk/not-a-disk', `${disk} is no disk`)),
      countWindows: (disk) => Promise.reject(new AppError('disk/not-a-disk', `${disk} is no disk`)),
    },
    drivers: {
      makeImage: async (source, wim) => {
        await Promise.resolve();
        writeFileSync(wim, `image of ${path.basename(source)}`, { flag: 'wx' });
      },
      staged: (wim) => Promise.reject(new AppError('wim/not-a-wim', `${wim} is not a WIM`)),
    },
    emit: (status) => told.push(status),
  });
  const make = (
    signal: AbortSignal = new AbortController().signal,
    report: (p: Progress) => void = () => undefined,
  ) => handlers.make({}, { name: 'job-1', signal, report });
  return { ...handlers, make, told };
}

/** Every name with its kind, time and content. */
function portrait(root: string): string {
  const script =
    'cd "$1" && find . -mindepth 1 -printf "%p %y %l %T@ %n\\n" | sort && find . -type f -print0 | sort -z | xargs -0 sha1sum';
  return execFileSync('sh', ['-c', script, 'sh', root], { encoding: 'utf8', maxBuffer: 1 << 26 });
}

describe('the reference PC', () => {
  it('has the shape of a PC: duplicates, links, long names, what a capture leaves out', () => {
    const { files, hardLinks, links, directories } = referencePc();
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    expect(bytes).toBeGreaterThan(30e6);
    expect(bytes).toBeLessThan(60e6);
    expect(files.length).toBeGreaterThan(2000);
    expect(hardLinks.length).toBeGreaterThan(100);
    expect(links.length).toBe(3);
    const paths = [
      ...files.map((file) => file.path),
      ...hardLinks.map((link) => link.path),
      ...links.map((link) => link.path),
    ];
    const all = [...paths, ...directories];
    // No two names that Windows takes for one.
    expect(new Set(all.map((name) => name.toLowerCase())).size).toBe(all.length);
    expect(Math.max(...paths.map((name) => name.length))).toBeGreaterThan(260);
    expect(paths.filter((name) => /\p{Extended_Pictographic}/u.test(name))).not.toEqual([]);
    const windows = createPathRules(true, 'C:\\');
    for (const name of paths.join('/').split('/')) expect(windows.nameFault(name)).toBeUndefined();
    const contents = files
      .filter((file) => file.size > 0)
      .map((file) => {
        const hash = createHash('sha1');
        let size = 0;
        for (const piece of file.content()) {
          hash.update(piece);
          size += piece.length;
        }
        expect(size).toBe(file.size);
        return hash.digest('hex');
      });
    expect(contents.length - new Set(contents).size).toBeGreaterThan(200);
  });

  it('differs from its second state in files that were added, changed and removed', () => {
    const before = new Map(referencePc().files.map((file) => [file.path, file]));
    const after = new Map(changedPc().files.map((file) => [file.path, file]));
    const added = [...after.keys()].filter((name) => !before.has(name));
    const removed = [...before.keys()].filter((name) => !after.has(name));
    const changed = [...after].filter(
      ([name, file]) => before.has(name) && before.get(name)?.size !== file.size,
    );
    expect(added.length).toBeGreaterThan(150);
    expect(removed.length).toBe(13);
    expect(changed.length).toBe(4);
  });
});

describe('the practice bench', () => {
  const shared = { folder: '' };
  beforeAll(async () => {
    shared.folder = path.join(temporaryDirectory(), 'data', 'practice');
    await benchIn(shared.folder).make();
  });

  it('is made with progress that only grows, and is told of', async () => {
    const folder = path.join(temporaryDirectory(), 'data', 'practice');
    const { make, status, told } = benchIn(folder);
    expect(await status({})).toMatchObject({ folder, made: false, files: 0, done: [] });
    expect(existsSync(folder)).toBe(false);
    const reports: Progress[] = [];
    const made = await make(undefined, (progress) => reports.push(progress));
    expect(made).toMatchObject({ made: true, reference: path.join(folder, 'Reference PC'), done: [] });
    expect(told).toEqual([made]);
    expect(await status({})).toEqual(made);
    expect(reports.length).toBeGreaterThan(2);
    reports.forEach((report, i) => {
      expect(report.bytesDone).toBeGreaterThanOrEqual(reports[Math.max(0, i - 1)].bytesDone);
      expect(report.bytesDone).toBeLessThanOrEqual(report.bytesTotal);
      expect(report.filesDone).toBeLessThanOrEqual(report.filesTotal);
    });
    expect(readdirSync(path.dirname(folder))).toEqual(['practice']);
    expect(readdirSync(folder).sort()).toEqual([
      'Drivers',
      'Practice disk.vhdx',
      'Reference PC',
      'Reference PC with Office',
      'Target',
      'Windows without drivers',
      'drivers.wim',
      'practice-bench.json',
    ]);
    const files = execFileSync('find', [path.join(folder, 'Reference PC'), '!', '-type', 'd'], {
      encoding: 'utf8',
    });
    expect(files.trimEnd().split('\n')).toHaveLength(made.files);
  });

  it('is the same each time it is made', async ({ skip }) => {
    skip(!posixOnly, 'find prints no such facts there');
    const again = temporaryDirectory();
    await writeTree(again, referencePc(), {
      signal: new AbortController().signal,
      onWritten: () => undefined,
    });
    expect(portrait(again)).toBe(portrait(path.join(shared.folder, 'Reference PC')));
    expect(statSync(path.join(again, 'bootmgr')).mtime.toISOString()).toBe('2025-03-03T09:14:00.000Z');
  });

  it('leaves nothing when its making is cancelled, and is made when that is asked again', async () => {
    const folder = path.join(temporaryDirectory(), 'practice');
    const { make, status } = benchIn(folder);
    const controller = new AbortController();
    const cancelled = make(controller.signal, ({ bytesDone }) => {
      if (bytesDone > 1e6) controller.abort();
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'job/cancelled' });
    expect(readdirSync(path.dirname(folder))).toEqual([]);
    expect(await status({})).toMatchObject({ made: false });
  });

  it('takes the place of a making that was cut off, and of nothing else', async () => {
    const data = temporaryDirectory();
    const folder = path.join(data, 'practice');
    const marker = JSON.parse(
      readFileSync(path.join(shared.folder, 'practice-bench.json'), 'utf8'),
    ) as object;
    const cutOff = `${folder}.making`;
    mkdirSync(path.join(cutOff, 'Reference PC'), { recursive: true });
    const { make } = benchIn(folder);
    await expect(make()).rejects.toMatchObject({ code: 'io/exists' });
    expect(readdirSync(cutOff)).toEqual(['Reference PC']);
    writeFileSync(path.join(cutOff, 'practice-bench.json'), JSON.stringify({ ...marker, complete: false }));
    expect(await make()).toMatchObject({ made: true });
    expect(readdirSync(data)).toEqual(['practice']);
  });

  it('never touches a folder that it did not make', async () => {
    const data = temporaryDirectory();
    const folder = path.join(data, 'practice');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'thesis.wim'), 'mine');
    const { make, reset } = benchIn(folder);
    await expect(make()).rejects.toMatchObject({ code: 'io/exists' });
    await expect(reset({ all: true })).rejects.toMatchObject({ code: 'io/exists' });
    writeFileSync(path.join(folder, 'practice-bench.json'), '{"madeBy":"someone"}');
    await expect(reset({ all: false })).rejects.toMatchObject({ code: 'io/exists' });
    expect(readFileSync(path.join(folder, 'thesis.wim'), 'utf8')).toBe('mine');
  });

  it('is not followed through a link', async () => {
    const data = temporaryDirectory();
    symlinkSync(shared.folder, path.join(data, 'practice'), 'dir');
    await expect(benchIn(path.join(data, 'practice')).reset({ all: true })).rejects.toMatchObject({
      code: 'io/exists',
    });
    expect(existsSync(path.join(shared.folder, 'practice-bench.json'))).toBe(true);
  });

  it('takes back what lessons made, then all of it, and leaves what links lead to', async () => {
    const data = temporaryDirectory();
    const folder = path.join(data, 'practice');
    const own = path.join(data, 'own');
    mkdirSync(own);
    writeFileSync(path.join(own, 'thesis.txt'), 'mine');
    const { make, reset, status, check } = benchIn(folder);
    const made = await make();
    writeFileSync(made.wim, 'no WIM');
    writeFileSync(path.join(folder, '.lab.wim.123.wimsmith-part'), '');
    writeFileSync(path.join(folder, 'notes.txt'), 'of the learner');
    writeFileSync(path.join(folder, 'golden.wim'), 'of the learner too');
    mkdirSync(path.join(folder, 'backup.wim'));
    rmSync(made.target, { recursive: true });
    symlinkSync(own, made.target, 'dir');
    const { checks, done } = await check({ lesson: 'info' });
    expect(done).toBe(false);
    expect(checks.map(({ name, ok }) => `${name} ${ok}`)).toEqual([
      'wim true',
      'opens false',
      'image false',
      'description false',
      'flags false',
    ]);
    expect(checks[1].facts).toEqual({ problem: `${made.wim} is not a WIM` });
    expect(await reset({ all: false })).toMatchObject({ made: true, done: [] });
    expect(readdirSync(folder).sort()).toEqual([
      'Drivers',
      'Practice disk.vhdx',
      'Reference PC',
      'Reference PC with Office',
      'Target',
      'Windows without drivers',
      'backup.wim',
      'drivers.wim',
      'golden.wim',
      'notes.txt',
      'practice-bench.json',
    ]);
    expect(readdirSync(made.target)).toEqual([]);
    rmSync(made.target, { recursive: true });
    symlinkSync(own, made.target, 'dir');
    expect(await reset({ all: true })).toMatchObject({ made: false });
    expect(readdirSync(data)).toEqual(['own']);
    expect(readFileSync(path.join(own, 'thesis.txt'), 'utf8')).toBe('mine');
    expect(await reset({ all: true })).toEqual(await status({}));
  });

  it('mends a reference PC that lost its files, and keeps the learner’s work', async () => {
    const folder = path.join(temporaryDirectory(), 'practice');
    const { make, status } = benchIn(folder);
    const made = await make();
    writeFileSync(made.wim, 'the work');
    rmSync(made.changedReference, { recursive: true });
    expect(await status({})).toMatchObject({ made: false });
    expect(await make()).toEqual(made);
    expect(readFileSync(made.wim, 'utf8')).toBe('the work');
    expect(readdirSync(path.dirname(folder))).toEqual(['practice']);
  });
});
