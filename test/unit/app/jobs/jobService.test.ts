import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../../../../src-shared/contract';
import type { JobProgress } from '../../../../src-shared/contract/jobs';
import type { Work } from '../../../../src-shared/contract/work';
import { noise } from '../../../support/pipeline';
import { wimlib } from '../../../support/kill';
import { requireTool, temporaryDirectory } from '../../../support/tools';
import { builtThreads, connect, openBench, planAndRun, sourceOfNoise, whenJob } from './fixture';

let appDirectory: string;
beforeAll(async () => {
  appDirectory = await builtThreads();
});

const capture = (source: string, wim: string, more: object = {}): Work => ({
  verb: 'capture',
  request: { source, wim, ...more },
});

function smallSource(): string {
  const source = temporaryDirectory();
  writeFileSync(path.join(source, 'file.txt'), 'content\n');
  return source;
}

describe('a job', () => {
  it('captures, is told to windows, and is in the history with its log', async () => {
    const bench = await openBench(appDirectory);
    const source = sourceOfNoise(40, 50_000);
    writeFileSync(path.join(source, 'pagefile.sys'), 'left out');
    const wim = path.join(temporaryDirectory(), 'new.wim');
    const { id, result } = await planAndRun(bench, capture(source, wim));
    expect(result).toMatchObject({
      verb: 'capture',
      wim,
      image: 1,
      files: 40,
      size: statSync(wim).size,
      excluded: { total: 1, first: [{ path: '/pagefile.sys' }] },
    });
    expect(bench.told).toEqual([`${id} queued`, `${id} running`, `${id} done`]);
    const record = await bench.jobs.get({ id });
    expect(record).toMatchObject({ id: 'job-1', state: 'done', result, error: null, aftermath: null });
    expect(await bench.jobs.list({ offset: 0, limit: 10 })).toMatchObject({ total: 1, jobs: [{ id }] });
    const { lines } = await bench.jobs.log({ id, offset: 0, limit: 100 });
    const texts = lines.map(({ text }) => text);
    expect(texts[0]).toBe('started: capture');
    expect(texts).toContain('Scanning');
    expect(texts).toContain('Archiving');
    expect(texts.some((text) => text.startsWith('/pagefile.sys: left out by'))).toBe(true);
    expect(texts.at(-1)).toMatch(/^done after \d+\.\d s$/);
    requireTool('wimlib-imagex');
    wimlib('verify', wim);
    expect(wimlib('dir', wim).split('\n')).toContain('/folder 0/file 0.bin');
  });

  it('is applied, and what it made is what was captured', async () => {
    const bench = await openBench(appDirectory);
    const source = sourceOfNoise(20, 3000);
    const wim = path.join(temporaryDirectory(), 'new.wim');
    const target = path.join(temporaryDirectory(), 'target');
    await planAndRun(bench, capture(source, wim));
    const { result } = await planAndRun(bench, { verb: 'apply', request: { wim, target } });
    expect(result).toMatchObject({ verb: 'apply', files: 20, bytes: 60_000, target });
    for (const folder of readdirSync(source)) {
      for (const file of readdirSync(path.join(source, folder)))
        expect(readFileSync(path.join(target, folder, file))).toEqual(
          readFileSync(path.join(source, folder, file)),
        );
    }
  });

  it('is followed by a second window and after a reload, with progress that never goes back', async () => {
    const bench = await openBench(appDirectory);
    const source = sourceOfNoise(30, 400_000);
    const wim = path.join(temporaryDirectory(), 'new.wim');
    const job = await bench.jobs.run({ work: capture(source, wim, { compression: { format: 'lzx' } }) });
    bench.client.close();
    const seen: JobProgress[] = [];
    const again = await connect(bench.workbench).attach(contract.jobs, 'run', job.name);
    again.onProgress((progress) => seen.push(progress));
    expect(await again.result).toMatchObject({ files: 30 });
    const fractions = seen.map(({ fraction }) => fraction ?? 0);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    const times = seen.map(({ secondsElapsed }) => secondsElapsed);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('is cancelled within a second while it runs, and leaves no file', async () => {
    const bench = await openBench(appDirectory);
    const directory = temporaryDirectory();
    const wim = path.join(directory, 'new.wim');
    const job = await bench.jobs.run({ work: capture(sourceOfNoise(60, 1_000_000), wim) });
    await new Promise<void>((resolve) => {
      job.onProgress(({ phase }) => {
        if (phase === 'Archiving') resolve();
      });
    });
    const asked = performance.now();
    await bench.jobs.cancel({ id: job.name });
    await expect(job.result).rejects.toMatchObject({ code: 'job/cancelled' });
    // The requirement itself is a second.
    expect(performance.now() - asked).toBeLessThan(1000);
    expect(readdirSync(directory)).toEqual([]);
    expect(await bench.jobs.get({ id: job.name })).toMatchObject({
      state: 'cancelled',
      error: { code: 'job/cancelled' },
    });
  });

  it('is cancelled while it waits, and never begins', async () => {
    const bench = await openBench(appDirectory);
    const source = sourceOfNoise(20, 500_000);
    const directory = temporaryDirectory();
    const first = await bench.jobs.run({ work: capture(source, path.join(directory, 'a.wim')) });
    const second = await bench.jobs.run({ work: capture(source, path.join(directory, 'b.wim')) });
    second.cancel();
    await expect(second.result).rejects.toMatchObject({ code: 'job/cancelled' });
    await first.result;
    expect(readdirSync(directory)).toEqual(['a.wim']);
    expect(await bench.jobs.get({ id: second.name })).toMatchObject({ state: 'cancelled', startedAt: null });
  });

  it('tells how many run and wait', async () => {
    const bench = await openBench(appDirectory);
    const source = sourceOfNoise(10, 300_000);
    const directory = temporaryDirectory();
    const seen: string[] = [];
    bench.workbench.onActiveJobs(({ running, queued }) => seen.push(`${running} ${queued}`));
    const ended: string[] = [];
    bench.workbench.onJobEnd(({ id, state }) => ended.push(`${id} ${state}`));
    const jobs = await Promise.all(
      ['a', 'b'].map((name) =>
        bench.jobs.run({ work: capture(source, path.join(directory, `${name}.wim`)) }),
      ),
    );
    await Promise.all(jobs.map(({ result }) => result));
    expect(seen).toContain('1 1');
    expect(seen.at(-1)).toBe('0 0');
    expect(ended.sort()).toEqual(['job-1 done', 'job-2 done']);
  });

  it('fails with the code of its verb, which is in the record and the log', async () => {
    const bench = await openBench(appDirectory);
    const job = await bench.jobs.run({ work: { verb: 'verify', request: { wim: '/no/such.wim' } } });
    await expect(job.result).rejects.toMatchObject({ code: 'io/not-found' });
    expect(await bench.jobs.get({ id: job.name })).toMatchObject({
      state: 'failed',
      error: { code: 'io/not-found', facts: { path: '/no/such.wim' } },
    });
    const { lines } = await bench.jobs.log({ id: job.name, offset: 0, limit: 10 });
    expect(lines.at(-1)).toMatchObject({
      level: 'error',
      text: expect.stringMatching(/^failed: .*such\.wim/),
    });
  });

  it('that is unknown is not found', async () => {
    const bench = await openBench(appDirectory);
    for (const ask of [
      () => bench.jobs.get({ id: 'job-77' }),
      () => bench.jobs.log({ id: 'job-77', offset: 0, limit: 10 }),
      () => bench.jobs.cleanUp({ id: 'job-77' }),
    ])
      await expect(ask()).rejects.toMatchObject({ code: 'io/not-found' });
  });
});

describe('many jobs', () => {
  it('run in their order: a hundred of them, two at a time', async () => {
    const bench = await openBench(appDirectory);
    await bench.client.channel(contract.app).changeSettings({ jobsAtOnce: 2 });
    const source = smallSource();
    const directory = temporaryDirectory();
    let most = 0;
    bench.workbench.onActiveJobs(({ running }) => (most = Math.max(most, running)));
    const wims = Array.from({ length: 100 }, (_, i) => path.join(directory, `${i + 1}.wim`));
    const ids: string[] = [];
    const results = [];
    for (const wim of wims) {
      const job = await bench.jobs.run({ work: capture(source, wim) });
      ids.push(job.name);
      results.push(job.result);
    }
    expect((await Promise.all(results)).map(({ wim }) => wim)).toEqual(wims);
    const begun = bench.told.filter((line) => line.endsWith(' running'));
    expect(begun).toEqual(ids.map((id) => `${id} running`));
    expect(most).toBe(2);
  });

  it('do not write one file at the same time', async () => {
    const bench = await openBench(appDirectory);
    await bench.client.channel(contract.app).changeSettings({ jobsAtOnce: 4 });
    const source = smallSource();
    const wim = path.join(temporaryDirectory(), 'series.wim');
    await planAndRun(bench, capture(source, wim, { name: 'image 0' }));
    let most = 0;
    bench.workbench.onActiveJobs(({ running }) => (most = Math.max(most, running)));
    const jobs = [];
    for (let i = 1; i <= 8; i++) {
      const work: Work = { verb: 'append', request: { source, wim, name: `image ${i}` } };
      jobs.push(await bench.jobs.run({ work }));
    }
    const results = await Promise.all(jobs.map(({ result }) => result));
    expect(results.map(({ image }) => image)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(most).toBe(1);
  });
});

describe('work that takes something away', () => {
  it('needs a plan, and one that still holds', async () => {
    const bench = await openBench(appDirectory);
    const source = smallSource();
    const wim = path.join(temporaryDirectory(), 'there.wim');
    await planAndRun(bench, capture(source, wim));
    const before = readFileSync(wim);
    const work = capture(source, wim, { overwrite: true });
    await expect(bench.jobs.run({ work: capture(source, wim) })).rejects.toMatchObject({ code: 'io/exists' });
    await expect(bench.jobs.run({ work })).rejects.toMatchObject({ code: 'plan/needed' });
    const plan = await (await bench.jobs.plan({ work })).result;
    expect(plan.erases).toMatchObject([{ what: 'file', path: wim, bytes: before.length }]);
    expect(readFileSync(wim)).toEqual(before);
    // Somebody appends to the file after the plan was looked at.
    await planAndRun(bench, { verb: 'append', request: { source, wim, name: 'second' } });
    await expect(bench.jobs.run({ work, fingerprint: plan.fingerprint })).rejects.toMatchObject({
      code: 'plan/stale',
    });
    await planAndRun(bench, work);
    expect((await bench.jobs.list({ offset: 0, limit: 10 })).jobs.map(({ id }) => id)).toEqual([
      'job-3',
      'job-2',
      'job-1',
    ]);
  });

  it('is not done when the file was changed while the job waited', async () => {
    const bench = await openBench(appDirectory);
    const source = sourceOfNoise(20, 500_000);
    const directory = temporaryDirectory();
    const wim = path.join(directory, 'there.wim');
    await planAndRun(bench, capture(smallSource(), wim));
    const work = capture(source, wim, { overwrite: true });
    const plan = await (await bench.jobs.plan({ work })).result;
    const first = await bench.jobs.run({ work: capture(source, path.join(directory, 'other.wim')) });
    const second = await bench.jobs.run({ work, fingerprint: plan.fingerprint });
    writeFileSync(wim, 'something else');
    await first.result;
    await expect(second.result).rejects.toMatchObject({ code: 'plan/stale' });
    expect(readFileSync(wim, 'utf8')).toBe('something else');
  });
});

describe('after a restart', () => {
  it('the history is there, and numbers go on', async () => {
    const data = temporaryDirectory();
    const source = smallSource();
    const directory = temporaryDirectory();
    const first = await openBench(appDirectory, data);
    await planAndRun(first, capture(source, path.join(directory, 'a.wim')));
    await first.jobs.saveRecipe({ name: 'Again', work: capture(source, path.join(directory, 'b.wim')) });
    await first.close();
    const second = await openBench(appDirectory, data);
    expect(await second.jobs.list({ offset: 0, limit: 10 })).toMatchObject({
      total: 1,
      jobs: [{ id: 'job-1', state: 'done' }],
    });
    const [recipe] = await second.jobs.recipes({});
    expect(recipe).toMatchObject({ name: 'Again', lastRunAt: null });
    expect((await planAndRun(second, recipe.work)).id).toBe('job-2');
    expect((await second.jobs.recipes({}))[0].lastRunAt).not.toBeNull();
  });

  it('jobs that were running or waiting when the program ended were cancelled', async () => {
    const data = temporaryDirectory();
    const directory = temporaryDirectory();
    const source = sourceOfNoise(60, 1_000_000);
    const first = await openBench(appDirectory, data);
    const jobs = [];
    for (const name of ['a', 'b'])
      jobs.push(await first.jobs.run({ work: capture(source, path.join(directory, `${name}.wim`)) }));
    await whenJob(first, jobs[0].name, ({ state }) => state === 'running');
    await first.close();
    expect(readdirSync(directory)).toEqual([]);
    const second = await openBench(appDirectory, data);
    const { jobs: records } = await second.jobs.list({ offset: 0, limit: 10 });
    expect(records.map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
  });
});

describe('the history', () => {
  it('forgets one job or all that have ended, with their logs', async () => {
    const bench = await openBench(appDirectory);
    const source = smallSource();
    const directory = temporaryDirectory();
    for (let i = 1; i <= 3; i++) await planAndRun(bench, capture(source, path.join(directory, `${i}.wim`)));
    expect(await bench.jobs.forget({ id: 'job-2' })).toEqual({ forgotten: 1 });
    await expect(bench.jobs.log({ id: 'job-2', offset: 0, limit: 9 })).rejects.toMatchObject({
      code: 'io/not-found',
    });
    expect(await bench.jobs.forget({})).toEqual({ forgotten: 2 });
    expect(await bench.jobs.list({ offset: 0, limit: 10 })).toEqual({ total: 0, jobs: [] });
    const gone = bench.told.filter((line) => line.endsWith('gone'));
    expect(gone[0]).toBe('job-2 gone');
    expect(gone.slice(1).sort()).toEqual(['job-1 gone', 'job-3 gone']);
  });

  it('has the WIM files of jobs in the library, with their last verification', async () => {
    const bench = await openBench(appDirectory);
    const wim = path.join(temporaryDirectory(), 'new.wim');
    const changes: string[] = [];
    const library = bench.client.channel(contract.library);
    library.wimChanged(({ path: changed }) => changes.push(changed));
    await bench.client.channel(contract.app).changeSettings({ verifyAfterwards: true });
    const verified = new Promise<void>((resolve) => {
      library.changed(([row]) => {
        if (row?.verified?.ok === true) resolve();
      });
    });
    await planAndRun(bench, capture(smallSource(), wim, { name: 'first' }));
    await verified;
    expect(await library.list({})).toMatchObject([
      { path: wim, origin: 'captured', imageNames: ['first'], verified: { ok: true } },
    ]);
    expect(changes).toContain(wim);
    expect((await bench.jobs.list({ offset: 0, limit: 10 })).jobs.map(({ work }) => work.verb)).toEqual([
      'verify',
      'capture',
    ]);
  });

  it('writes to the place that live checks look at, however it was typed', async () => {
    const bench = await openBench(appDirectory);
    const wim = path.join(temporaryDirectory(), 'typed.wim');
    const typed = `~/${path.relative(homedir(), wim)}`;
    expect(await bench.client.channel(contract.files).status({ path: typed })).toMatchObject({ path: wim });
    const source = path.relative(homedir(), smallSource());
    const { id, result } = await planAndRun(bench, capture(source, typed));
    expect(result).toMatchObject({ wim, files: 1 });
    expect(existsSync(wim)).toBe(true);
    expect((await bench.jobs.get({ id })).work).toMatchObject({ request: { wim } });
    await expect(bench.jobs.run({ work: capture(source, typed) })).rejects.toMatchObject({
      code: 'io/exists',
    });
  });

  it('does not take a file for verified that came to the place while another was verified', async () => {
    const data = temporaryDirectory();
    const directory = temporaryDirectory();
    const [wim, other] = ['large.wim', 'other.wim'].map((name) => path.join(directory, name));
    const bench = await openBench(appDirectory, data);
    await planAndRun(bench, capture(sourceOfNoise(30, 2_000_000), wim));
    await planAndRun(bench, capture(smallSource(), other));
    const job = await bench.jobs.run({ work: { verb: 'verify', request: { wim } } });
    await new Promise<void>((resolve) => job.onProgress(() => resolve()));
    renameSync(other, wim);
    expect((await job.result).integrity).not.toBe('failed');
    await bench.close();
    const rows = await (await openBench(appDirectory, data)).client.channel(contract.library).list({});
    expect(rows.find((row) => row.path === wim)).toMatchObject({ state: 'ok', verified: null });
  });

  it('has a verification that found damage as one that did its work', async () => {
    const bench = await openBench(appDirectory);
    const source = temporaryDirectory();
    writeFileSync(path.join(source, 'data.bin'), noise(100_000, 5));
    const wim = path.join(temporaryDirectory(), 'damaged.wim');
    await planAndRun(bench, capture(source, wim, { integrity: true }));
    const bytes = readFileSync(wim);
    bytes[5000] ^= 1;
    writeFileSync(wim, bytes);
    const { id, result } = await planAndRun(bench, { verb: 'verify', request: { wim } });
    expect(result.integrity).toBe('failed');
    expect(result.faults?.total).toBeGreaterThan(0);
    const { lines } = await bench.jobs.log({ id, offset: 0, limit: 100 });
    expect(lines.some(({ level, text }) => level === 'error' && text.includes('data.bin'))).toBe(true);
  });
});

it('a directory where the data should go is made', async () => {
  const data = path.join(temporaryDirectory(), 'not', 'there');
  await openBench(appDirectory, data);
  expect(existsSync(path.join(data, 'history.sqlite'))).toBe(true);
});
