import { appendFileSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createImagingService, type ImagingService } from '../../../../src-main/app/imagingService';
import { performWork } from '../../../../src-main/app/jobs/performWork';
import { RunLog } from '../../../../src-main/app/jobs/runLog';
import { checkWork } from '../../../../src-main/app/plans/checkWork';
import { fingerprintOf } from '../../../../src-main/app/plans/fingerprint';
import { makePlan } from '../../../../src-main/app/plans/makePlan';
import { nothingReplaced } from '../../../../src-main/app/plans/replacedFiles';
import type { EngineHost } from '../../../../src-main/engine/os';
import { Plan, WorkResult, type Work } from '../../../../src-shared/contract/work';
import { inlineHost } from '../../../support/kill';
import { noise } from '../../../support/pipeline';
import { temporaryDirectory } from '../../../support/tools';

let host: EngineHost;
let service: ImagingService;
beforeAll(async () => {
  host = await inlineHost();
  service = createImagingService(host);
});

function context() {
  return { signal: new AbortController().signal, onProgress: () => undefined, log: new RunLog(() => '') };
}

async function perform(work: Work): Promise<WorkResult> {
  return WorkResult.parse(await performWork(host, service, work, context()));
}

async function plan(work: Work): Promise<Plan> {
  return Plan.parse(await makePlan(host, service, work, context()));
}

/** A WIM with two images of small trees, and a directory of its own. */
async function twoImages(): Promise<{ directory: string; wim: string; source: string }> {
  const directory = temporaryDirectory();
  const source = path.join(directory, 'source');
  mkdirSync(path.join(source, 'sub'), { recursive: true });
  writeFileSync(path.join(source, 'a.txt'), 'first');
  writeFileSync(path.join(source, 'sub', 'b.bin'), noise(5000));
  const wim = path.join(directory, 'two.wim');
  await perform({ verb: 'capture', request: { source, wim, name: 'one' } });
  writeFileSync(path.join(source, 'c.txt'), 'only in the second image');
  await perform({ verb: 'append', request: { source, wim, name: 'two' } });
  return { directory, wim, source };
}

describe('the plan of', () => {
  it('a capture names its figures, and the file that it replaces with its images', async () => {
    const { wim, source } = await twoImages();
    const before = readFileSync(wim);
    const work: Work = { verb: 'capture', request: { source, wim, overwrite: true } };
    const made = await plan(work);
    expect(made).toMatchObject({ work, files: 3, directories: 1, bytes: 5029, spaceNeeded: 5029 });
    expect(made.erases).toEqual([
      {
        what: 'file',
        path: wim,
        bytes: before.length,
        found: { total: 2, first: ['1: one', '2: two'] },
      },
    ]);
    expect(made.spaceFree).toBeGreaterThan(0);
    expect(readFileSync(wim)).toEqual(before);
  });

  it('a capture over a file is refused when replacing was not asked for', async () => {
    const { wim, source } = await twoImages();
    const work: Work = { verb: 'capture', request: { source, wim } };
    await expect(plan(work)).rejects.toMatchObject({ code: 'io/exists', facts: { path: wim } });
    await expect(perform(work)).rejects.toMatchObject({ code: 'io/exists' });
  });

  it('a deletion names the image', async () => {
    const { wim } = await twoImages();
    const made = await plan({ verb: 'delete', request: { wim, image: 2 } });
    expect(made.erases).toMatchObject([{ what: 'image', path: wim, found: { total: 1, first: ['2: two'] } }]);
  });

  it('an application names the files that it would replace, as they are now', async () => {
    const { directory, wim } = await twoImages();
    const target = path.join(directory, 'target');
    const work: Work = { verb: 'apply', request: { wim, image: 2, target } };
    expect((await plan(work)).erases).toEqual([]);
    mkdirSync(path.join(target, 'sub'), { recursive: true });
    writeFileSync(path.join(target, 'a.txt'), 'twelve bytes');
    writeFileSync(path.join(target, 'sub', 'B.BIN'), 'another name where case counts');
    writeFileSync(path.join(target, 'mine.txt'), 'stays');
    const made = await plan(work);
    expect(made).toMatchObject({ files: 3, directories: 1, bytes: 5029 });
    expect(made.erases).toEqual([
      {
        what: 'folder',
        path: target,
        bytes: 12,
        found: { total: 1, first: [path.join(target, 'a.txt')] },
      },
    ]);
    expect((await checkWork(host, work)).takesAway).toBe(true);
  });

  it('an application of all images looks into their own directories', async () => {
    const { directory, wim } = await twoImages();
    const target = path.join(directory, 'target');
    mkdirSync(path.join(target, 'two'), { recursive: true });
    writeFileSync(path.join(target, 'two', 'c.txt'), 'here');
    writeFileSync(path.join(target, 'c.txt'), 'not touched');
    const made = await plan({ verb: 'apply', request: { wim, image: 'all', target } });
    expect(made.erases).toMatchObject([{ found: { first: [path.join(target, 'two', 'c.txt')] } }]);
  });

  it('an extraction names what it would replace, and is free where that is nothing', async () => {
    const { directory, wim } = await twoImages();
    const destination = path.join(directory, 'target');
    mkdirSync(destination);
    writeFileSync(path.join(destination, 'b.bin'), 'old');
    const work = (paths: string[]): Work => ({
      verb: 'extract',
      request: { wim, image: 1, paths, destination },
    });
    expect((await plan(work(['/sub/b.bin']))).erases).toMatchObject([
      { what: 'folder', bytes: 3, found: { first: [path.join(destination, 'b.bin')] } },
    ]);
    expect((await checkWork(host, work(['/sub/b.bin']))).takesAway).toBe(true);
    expect((await plan(work(['/a.txt']))).erases).toEqual([]);
    expect((await checkWork(host, work(['/a.txt']))).takesAway).toBe(false);
  });

  it('a split that compresses the data anew names everything that could be replaced', async () => {
    const { directory, wim } = await twoImages();
    const destination = path.join(directory, 'part.swm');
    const request = { wim, destination, partSize: 3000 };
    const there = (await perform({ verb: 'split', request })).parts?.map((part) => part.path);
    expect(there?.length).toBeGreaterThan(1);
    const made = await plan({ verb: 'split', request: { ...request, compression: { format: 'xpress' } } });
    expect(made.erases.map((erasure) => erasure.path)).toEqual(there);
    expect(made.spaceNeeded).toBeNull();
    expect(made.steps).toHaveLength(2);
  });

  it('a split names every part that is there already', async () => {
    const { directory, wim } = await twoImages();
    const destination = path.join(directory, 'part.swm');
    const work: Work = { verb: 'split', request: { wim, destination, partSize: 3000 } };
    const parts = (await perform(work)).parts ?? [];
    expect(parts.length).toBeGreaterThan(1);
    const made = await plan(work);
    expect(made.erases.map((erasure) => erasure.path)).toEqual(parts.map((part) => part.path));
    expect((await checkWork(host, work)).takesAway).toBe(true);
    const joined = path.join(directory, 'joined.wim');
    const join: Work = {
      verb: 'join',
      request: { parts: parts.map((part) => part.path), destination: joined },
    };
    expect((await plan(join)).erases).toEqual([]);
    await perform(join);
    expect((await plan(join)).erases).toMatchObject([
      { path: joined, found: { first: ['1: one', '2: two'] } },
    ]);
  });

  it.each<[string, (made: { wim: string; source: string; directory: string }) => Work]>([
    ['append', ({ wim, source }) => ({ verb: 'append', request: { source, wim, name: 'three' } })],
    ['optimize', ({ wim }) => ({ verb: 'optimize', request: { wim } })],
    ['info', ({ wim }) => ({ verb: 'info', request: { wim, image: 1, newName: 'renamed' } })],
    ['verify', ({ wim }) => ({ verb: 'verify', request: { wim } })],
    [
      'update',
      ({ wim }) => ({
        verb: 'update',
        request: { wim, image: 1, edits: [{ kind: 'rename', from: '/a.txt', to: '/z.txt' }] },
      }),
    ],
    [
      'export',
      ({ wim, directory }) => ({
        verb: 'export',
        request: { wim, image: 1, destination: path.join(directory, 'exported.wim') },
      }),
    ],
  ])('%s takes nothing away, says its steps, and the work is done then', async (verb, workOf) => {
    const made = await twoImages();
    const work = workOf(made);
    const before = readFileSync(made.wim);
    const planned = await plan(work);
    expect(planned.erases).toEqual([]);
    expect(planned.steps.length).toBeGreaterThan(0);
    expect(readFileSync(made.wim)).toEqual(before);
    expect((await checkWork(host, work)).takesAway).toBe(false);
    expect(fingerprintOf(host, work, nothingReplaced)).toBe(planned.fingerprint);
    expect((await perform(work)).verb).toBe(verb);
  });
});

describe('a fingerprint', () => {
  it('does not depend on how the work is written down', async () => {
    const { wim, source } = await twoImages();
    const one: Work = { verb: 'append', request: { source, wim, name: 'x', boot: true } };
    const other: Work = { request: { boot: true, name: 'x', wim, source }, verb: 'append' };
    expect(fingerprintOf(host, one, nothingReplaced)).toBe(fingerprintOf(host, other, nothingReplaced));
  });

  it.each<[string, (made: { wim: string; source: string; directory: string }) => void]>([
    ['the destination grows', ({ wim }) => appendFileSync(wim, 'x')],
    ['the destination is touched', ({ wim }) => utimesSync(wim, 1, 1)],
    [
      'the destination is another file of the same size and time',
      ({ wim }) => {
        const bytes = readFileSync(wim);
        const { mtimeMs } = statusOf(wim);
        writeFileSync(`${wim}.new`, bytes);
        host.files.rename(`${wim}.new`, wim);
        utimesSync(wim, mtimeMs / 1000, mtimeMs / 1000);
      },
    ],
  ])('of a capture over a file changes when %s', async (_, change) => {
    const made = await twoImages();
    utimesSync(made.wim, 1_700_000_000, 1_700_000_000);
    const work: Work = {
      verb: 'capture',
      request: { source: made.source, wim: made.wim, overwrite: true },
    };
    const before = fingerprintOf(host, work, nothingReplaced);
    change(made);
    expect(fingerprintOf(host, work, nothingReplaced)).not.toBe(before);
  });

  it('of an application changes with the WIM, and with what lies in the target', async () => {
    const { directory, wim } = await twoImages();
    const target = path.join(directory, 'target');
    mkdirSync(target);
    writeFileSync(path.join(target, 'a.txt'), 'old');
    const work: Work = { verb: 'apply', request: { wim, image: 1, target } };
    const seen = new Set([fingerprintOf(host, work, nothingReplaced)]);
    appendFileSync(path.join(target, 'a.txt'), 'er');
    seen.add(fingerprintOf(host, work, nothingReplaced));
    writeFileSync(path.join(target, 'b.txt'), '');
    seen.add(fingerprintOf(host, work, nothingReplaced));
    symlinkSync('nowhere', path.join(target, 'link'));
    seen.add(fingerprintOf(host, work, nothingReplaced));
    appendFileSync(wim, 'x');
    seen.add(fingerprintOf(host, work, nothingReplaced));
    expect(seen.size).toBe(5);
  });

  it('of a split set changes with a later part', async () => {
    const { directory, wim } = await twoImages();
    const first = path.join(directory, 'part.swm');
    await perform({ verb: 'split', request: { wim, destination: first, partSize: 3000 } });
    const work: Work = { verb: 'verify', request: { wim: first } };
    const before = fingerprintOf(host, work, nothingReplaced);
    appendFileSync(path.join(directory, 'part2.swm'), 'x');
    expect(fingerprintOf(host, work, nothingReplaced)).not.toBe(before);
  });

  it('stays while files come and go in a directory that is captured', async () => {
    const { directory, source } = await twoImages();
    const work: Work = { verb: 'capture', request: { source, wim: path.join(directory, 'new.wim') } };
    const before = fingerprintOf(host, work, nothingReplaced);
    writeFileSync(path.join(source, 'new.log'), 'x');
    expect(fingerprintOf(host, work, nothingReplaced)).toBe(before);
  });
});

function statusOf(file: string): { mtimeMs: number } {
  return { mtimeMs: host.files.status(file)?.modifiedMs ?? 0 };
}

describe('space', () => {
  /** The host, on a volume with so many bytes free. */
  function onVolume(free: number): { host: EngineHost; service: ImagingService } {
    const small = { ...host, files: { ...host.files, freeSpace: () => free } };
    return { host: small, service: createImagingService(small) };
  }

  it('that cannot be enough ends a capture before anything is stored, and says the figures', async () => {
    const { directory, source } = await twoImages();
    const small = onVolume(100);
    const wim = path.join(directory, 'new.wim');
    const work: Work = { verb: 'capture', request: { source, wim } };
    const planned = Plan.parse(await makePlan(small.host, small.service, work, context()));
    expect(planned).toMatchObject({ spaceNeeded: 5029, spaceFree: 100 });
    expect(planned.warnings.first[0]).toMatch(/not enough space.*5029.*100/);
    await expect(performWork(small.host, small.service, work, context())).rejects.toMatchObject({
      code: 'io/no-space',
      facts: { path: wim, needed: 5029, free: 100 },
    });
    expect(host.files.list(directory).sort()).toEqual(['source', 'two.wim']);
  });

  it('that may be enough is warned of', async () => {
    const { directory, source } = await twoImages();
    const small = onVolume(2000);
    const work: Work = { verb: 'capture', request: { source, wim: path.join(directory, 'new.wim') } };
    const planned = Plan.parse(await makePlan(small.host, small.service, work, context()));
    expect(planned.warnings.first[0]).toMatch(/may not be enough/);
  });

  it.each<[string, (made: { wim: string; directory: string }) => Work]>([
    [
      'apply',
      ({ wim, directory }) => ({ verb: 'apply', request: { wim, image: 1, target: `${directory}/t` } }),
    ],
    ['optimize', ({ wim }) => ({ verb: 'optimize', request: { wim } })],
    ['delete', ({ wim }) => ({ verb: 'delete', request: { wim, image: 1 } })],
    [
      'export',
      ({ wim, directory }) => ({
        verb: 'export',
        request: { wim, image: 1, destination: `${directory}/exported.wim` },
      }),
    ],
  ])('that is not there for %s is said before anything is written', async (_, workOf) => {
    const made = await twoImages();
    const before = readFileSync(made.wim);
    const small = onVolume(10);
    await expect(performWork(small.host, small.service, workOf(made), context())).rejects.toMatchObject({
      code: 'io/no-space',
    });
    expect(readFileSync(made.wim)).toEqual(before);
    expect(host.files.list(made.directory).sort()).toEqual(['source', 'two.wim']);
  });
});
