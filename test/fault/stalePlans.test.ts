import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createImagingService, type ImagingService } from '../../src-main/app/imagingService';
import { performWork } from '../../src-main/app/jobs/performWork';
import { RunLog } from '../../src-main/app/jobs/runLog';
import { checkWork } from '../../src-main/app/plans/checkWork';
import { makePlan } from '../../src-main/app/plans/makePlan';
import { createEngineHandlers } from '../../src-main/app/threads/engineHandlers';
import type { EngineHost } from '../../src-main/engine/os';
import type { Progress } from '../../src-shared/model/progress';
import type { Work, WorkResult } from '../../src-shared/contract/work';
import { inlineHost } from '../support/kill';
import { noise } from '../support/pipeline';
import { temporaryDirectory } from '../support/tools';

/** What changes between a plan and its run, and while a run is under way: nothing is lost by it. */

let host: EngineHost;
let service: ImagingService;
beforeAll(async () => {
  host = await inlineHost();
  service = createImagingService(host);
});

const quiet = () => ({ signal: new AbortController().signal, onProgress: () => undefined });

const perform = (work: Work, onProgress: (progress: Progress) => void = () => undefined) =>
  performWork(host, service, work, { ...quiet(), onProgress, log: new RunLog(() => '') });

const fingerprintOfPlan = async (work: Work): Promise<string> =>
  (await makePlan(host, service, work, quiet())).fingerprint;

/** Runs work as an engine thread does, when its turn in the queue has come. */
const runAs = (work: Work, fingerprint: string): Promise<WorkResult> =>
  createEngineHandlers(host, service).run(
    { work, fingerprint },
    { name: 'run', signal: new AbortController().signal, report: () => undefined },
  );

/** A WIM with images "one", "two" and "three" of trees that differ. */
async function threeImages(): Promise<{ directory: string; wim: string; source: string }> {
  const directory = temporaryDirectory();
  const source = path.join(directory, 'source');
  mkdirSync(path.join(source, 'deep', 'deeper'), { recursive: true });
  writeFileSync(path.join(source, 'deep', 'deeper', 'letter.txt'), 'from the image');
  writeFileSync(path.join(source, 'data.bin'), noise(20_000));
  const wim = path.join(directory, 'three.wim');
  await perform({ verb: 'capture', request: { source, wim, name: 'one' } });
  writeFileSync(path.join(source, 'two.txt'), 'two');
  await perform({ verb: 'append', request: { source, wim, name: 'two' } });
  writeFileSync(path.join(source, 'three.txt'), 'three');
  await perform({ verb: 'append', request: { source, wim, name: 'three' } });
  return { directory, wim, source };
}

describe('work that was planned for an image by its number', () => {
  it.each<[string, (made: { wim: string; directory: string; source: string }) => Work]>([
    [
      'an update',
      ({ wim }) => ({
        verb: 'update',
        request: { wim, image: 2, edits: [{ kind: 'delete', path: '/data.bin' }] },
      }),
    ],
    ['a change of its properties', ({ wim }) => ({ verb: 'info', request: { wim, image: 2, newName: 'x' } })],
    [
      'an application',
      ({ wim, directory }) => ({
        verb: 'apply',
        request: { wim, image: 2, target: path.join(directory, 'target') },
      }),
    ],
    [
      'an export',
      ({ wim, directory }) => ({
        verb: 'export',
        request: { wim, image: 2, destination: path.join(directory, 'out.wim') },
      }),
    ],
    [
      'an append that goes by it',
      ({ wim, source }) => ({ verb: 'append', request: { wim, source, name: 'x', updateOf: { image: 2 } } }),
    ],
  ])('is not done when another image has the number by then: %s', async (_, workOf) => {
    const made = await threeImages();
    const work = workOf(made);
    const fingerprint = await fingerprintOfPlan(work);
    // The job before it in the queue: image 2 is "three" from here on.
    await perform({ verb: 'delete', request: { wim: made.wim, image: 1 } });
    const before = readFileSync(made.wim);
    await expect(runAs(work, fingerprint)).rejects.toMatchObject({ code: 'plan/stale' });
    expect(readFileSync(made.wim)).toEqual(before);
  });

  it('is done when it only adds, whatever was added before', async () => {
    const { wim, source } = await threeImages();
    const work: Work = { verb: 'append', request: { wim, source, name: 'five' } };
    const fingerprint = await fingerprintOfPlan(work);
    await perform({ verb: 'append', request: { wim, source, name: 'four' } });
    expect(await runAs(work, fingerprint)).toMatchObject({ image: 5 });
  });
});

describe('an application to a directory that is not empty', () => {
  it('replaces nothing that its plan did not name, however deep it lies', async () => {
    const { wim, directory } = await threeImages();
    const target = path.join(directory, 'target');
    const deep = path.join(target, 'deep', 'deeper');
    mkdirSync(deep, { recursive: true });
    const work: Work = { verb: 'apply', request: { wim, image: 1, target } };
    const fingerprint = await fingerprintOfPlan(work);
    expect((await checkWork(host, work)).fingerprint).toBe(fingerprint);
    writeFileSync(path.join(deep, 'letter.txt'), 'written since then');
    expect((await checkWork(host, work)).fingerprint).not.toBe(fingerprint);
    await expect(runAs(work, fingerprint)).rejects.toMatchObject({ code: 'plan/stale' });
    expect(readFileSync(path.join(deep, 'letter.txt'), 'utf8')).toBe('written since then');
  });

  it('does not replace a file that was named and has been written to since', async () => {
    const { wim, directory } = await threeImages();
    const target = path.join(directory, 'target');
    const letter = path.join(target, 'deep', 'deeper', 'letter.txt');
    mkdirSync(path.dirname(letter), { recursive: true });
    writeFileSync(letter, 'draft');
    const work: Work = { verb: 'apply', request: { wim, image: 1, target } };
    const fingerprint = await fingerprintOfPlan(work);
    writeFileSync(letter, 'draft, and an hour of work');
    await expect(runAs(work, fingerprint)).rejects.toMatchObject({ code: 'plan/stale' });
    expect(readFileSync(letter, 'utf8')).toBe('draft, and an hour of work');
    const fresh = await fingerprintOfPlan(work);
    expect(await runAs(work, fresh)).toMatchObject({ files: 2 });
  });
});

describe('a file that comes to the place of a capture while that is under way', () => {
  it.each([
    ['where nothing was', false, 'io/exists'],
    ['in the place of the one that was to be replaced', true, 'wim/busy'],
  ])('stays, %s', async (_, overwrite, code) => {
    const { source, directory } = await threeImages();
    const wim = path.join(directory, 'new.wim');
    if (overwrite) writeFileSync(wim, 'the old one');
    const work: Work = {
      verb: 'capture',
      request: { source, wim, ...(overwrite ? { overwrite: true } : {}) },
    };
    let came = false;
    const onProgress = ({ phase }: Progress): void => {
      if (phase !== 'Archiving' || came) return;
      came = true;
      writeFileSync(`${wim}.theirs`, 'of another program');
      renameSync(`${wim}.theirs`, wim);
    };
    await expect(perform(work, onProgress)).rejects.toMatchObject({ code });
    expect(came).toBe(true);
    expect(readFileSync(wim, 'utf8')).toBe('of another program');
  });
});

describe('a split', () => {
  it('needs its plan when only a later part is there, and a new plan when one comes', async () => {
    const { wim, directory } = await threeImages();
    const work: Work = {
      verb: 'split',
      request: { wim, destination: path.join(directory, 'part.swm'), partSize: 5000 },
    };
    const before = await fingerprintOfPlan(work);
    writeFileSync(path.join(directory, 'part2.swm'), 'mine');
    expect((await checkWork(host, work)).takesAway).toBe(true);
    renameSync(path.join(directory, 'part2.swm'), path.join(directory, 'part3.swm'));
    const check = await checkWork(host, work);
    expect(check.takesAway).toBe(true);
    expect(check.fingerprint).not.toBe(before);
  });
});
