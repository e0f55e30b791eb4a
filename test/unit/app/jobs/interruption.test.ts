import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { JobRecord } from '../../../../src-shared/contract/jobs';
import type { Work } from '../../../../src-shared/contract/work';
import { wimlib } from '../../../support/kill';
import { requireTool, temporaryDirectory } from '../../../support/tools';
import { builtThreads, openBench, planAndRun, sourceOfNoise, whenJob, type Bench } from './fixture';

let appDirectory: string;
beforeAll(async () => {
  appDirectory = await builtThreads({ host: 'test/unit/app/jobs/hostProcess.ts' });
});

/** Runs works in a program of its own and kills it when the first one's progress is as wanted. */
async function killedWhile(
  data: string,
  works: readonly Work[],
  wanted: (line: string) => boolean,
): Promise<void> {
  const args = [path.join(appDirectory, 'host.cjs'), data, JSON.stringify(works)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.on('close', (_, signal) => resolve(signal));
  });
  let text = '';
  child.stdout.on('data', (data_: Buffer) => {
    text += data_.toString();
    if (text.split('\n').some((line) => line.startsWith('job-1 ') && wanted(line))) child.kill('SIGKILL');
  });
  expect(await ended).toBe('SIGKILL');
}

const archiving = (line: string): boolean => /Archiving 0\.[1-9]/.test(line);

function seen(bench: Bench, id: string): Promise<JobRecord> {
  return whenJob(bench, id, ({ aftermath }) => aftermath !== null);
}

describe('after the program was killed', () => {
  it('its jobs are interrupted; what a capture left is named, and deleted when that is asked for', async () => {
    const data = temporaryDirectory();
    const directory = temporaryDirectory();
    const wim = path.join(directory, 'new.wim');
    const source = sourceOfNoise(80, 1_000_000);
    const capture = (file: string): Work => ({ verb: 'capture', request: { source, wim: file } });
    await killedWhile(data, [capture(wim), capture(path.join(directory, 'queued.wim'))], archiving);
    const left = readdirSync(directory);
    expect(left).toEqual([expect.stringMatching(/^\.new\.wim\.\d+\.wimsmith-part$/)]);
    // A file of a like name that is not the engine's, and one of another destination.
    writeFileSync(path.join(directory, '.new.wim.part'), 'mine');
    writeFileSync(path.join(directory, '.other.wim.1.wimsmith-part'), 'of another');

    const bench = await openBench(appDirectory, data);
    const { jobs } = await bench.jobs.list({ offset: 0, limit: 10 });
    expect(jobs.map(({ id, state }) => `${id} ${state}`)).toEqual(['job-2 interrupted', 'job-1 interrupted']);
    const record = await seen(bench, 'job-1');
    const leftover = path.join(directory, left[0]);
    expect(record).toMatchObject({
      state: 'interrupted',
      aftermath: { state: 'untouched', leftovers: [leftover] },
    });
    expect(record.endedAt).not.toBeNull();
    expect(await seen(bench, 'job-2')).toMatchObject({ aftermath: { state: 'untouched', leftovers: [] } });
    const { lines } = await bench.jobs.log({ id: 'job-1', offset: 0, limit: 100 });
    // Lines are written down once a second: what came in the last second before the end may be lost.
    expect(lines.map(({ text }) => text)).toContain('started: capture');

    expect(await bench.jobs.cleanUp({ id: 'job-1' })).toMatchObject({ aftermath: { leftovers: [] } });
    expect(readdirSync(directory).sort()).toEqual(['.new.wim.part', '.other.wim.1.wimsmith-part']);
    // The next job gets the next number, and the same work is done now.
    expect((await planAndRun(bench, record.work)).id).toBe('job-3');
  });

  it('a WIM that was added to has its old images, and that is said', async () => {
    const data = temporaryDirectory();
    const wim = path.join(temporaryDirectory(), 'old.wim');
    const small = temporaryDirectory();
    writeFileSync(path.join(small, 'file.txt'), 'content');
    const first = await openBench(appDirectory);
    await planAndRun(first, { verb: 'capture', request: { source: small, wim, name: 'old' } });
    const size = statSync(wim).size;
    const source = sourceOfNoise(80, 1_000_000);
    await killedWhile(data, [{ verb: 'append', request: { source, wim, name: 'new' } }], archiving);
    expect(statSync(wim).size).toBeGreaterThan(size);
    const bench = await openBench(appDirectory, data);
    expect(await seen(bench, 'job-1')).toMatchObject({ aftermath: { state: 'extended', leftovers: [] } });
    requireTool('wimlib-imagex');
    expect(wimlib('info', wim)).toMatch(/Image Count:\s+1/);
  });

  it('a directory that was being filled is partly filled', async () => {
    const data = temporaryDirectory();
    const directory = temporaryDirectory();
    const wim = path.join(directory, 'image.wim');
    const target = path.join(directory, 'target');
    mkdirSync(target);
    const first = await openBench(appDirectory);
    const source = sourceOfNoise(300, 1_000_000);
    const none = { compression: { format: 'none' } } as const;
    await planAndRun(first, { verb: 'capture', request: { source, wim, ...none } });
    await killedWhile(data, [{ verb: 'apply', request: { wim, target } }], (line) =>
      line.includes('Extracting'),
    );
    const bench = await openBench(appDirectory, data);
    expect(await seen(bench, 'job-1')).toMatchObject({ aftermath: { state: 'partial' } });
  });

  it('a job that was done but not yet written down is known by its file', async () => {
    const data = temporaryDirectory();
    const directory = temporaryDirectory();
    const wim = path.join(directory, 'new.wim');
    const source = sourceOfNoise(80, 1_000_000);
    const work: Work = { verb: 'capture', request: { source, wim } };
    await killedWhile(data, [work], archiving);
    // What the job would have come to.
    const other = await openBench(appDirectory);
    await planAndRun(other, work);
    const bench = await openBench(appDirectory, data);
    expect(await seen(bench, 'job-1')).toMatchObject({ aftermath: { state: 'written', leftovers: [] } });
  });

  it('temporary files that another program is writing are left alone', async () => {
    const data = temporaryDirectory();
    const directory = temporaryDirectory();
    const wim = path.join(directory, 'new.wim');
    const source = sourceOfNoise(80, 1_000_000);
    const work: Work = { verb: 'capture', request: { source, wim } };
    await killedWhile(data, [work], archiving);
    const other = await openBench(appDirectory);
    const job = await other.jobs.run({ work });
    await new Promise<void>((resolve) => {
      job.onProgress(({ phase }) => {
        if (phase === 'Archiving') resolve();
      });
    });
    const bench = await openBench(appDirectory, data);
    expect(await seen(bench, 'job-1')).toMatchObject({ aftermath: { leftovers: [] } });
    await bench.jobs.cleanUp({ id: 'job-1' });
    expect(await job.result).toMatchObject({ files: 80 });
    expect(readFileSync(wim).subarray(0, 5).toString()).toBe('MSWIM');
  });
});
