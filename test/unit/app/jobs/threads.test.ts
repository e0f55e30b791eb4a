import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { nodeClock } from '../../../../src-main/app/clock';
import { engine } from '../../../../src-main/app/threads/engineChannel';
import { EngineThreads } from '../../../../src-main/app/threads/engineThreads';
import { forward } from '../../../../src-main/app/threads/forward';
import type { Work } from '../../../../src-shared/contract/work';
import { AppError } from '../../../../src-shared/errors/appError';
import { RpcClient } from '../../../../src-shared/rpc/client';
import { channel, job, request } from '../../../../src-shared/rpc/declare';
import { JobHub } from '../../../../src-shared/rpc/jobs';
import { RpcServer } from '../../../../src-shared/rpc/server';
import { memoryTransports } from '../../../../src-shared/rpc/transport';
import { builtThreads, openBench, whenJob, type Bench } from './fixture';

/** What the host does with engine threads that die or do not listen. */

let appDirectory: string;
beforeAll(async () => {
  appDirectory = await builtThreads({ engine: 'test/unit/app/jobs/brokenEngine.ts' });
});

const capture = (source: string): Work => ({ verb: 'capture', request: { source, wim: '/x.wim' } });

async function expectWorks(bench: Bench): Promise<void> {
  const next = await bench.jobs.run({ work: capture('/fine') });
  expect(await next.result).toMatchObject({ verb: 'capture' });
}

describe('a thread', () => {
  it.each([
    ['ends', '/exit', /exit code 3/],
    ['has a fault that nobody catches', '/throw', /a fault far from any handler/],
  ])('that %s fails its own job with the reason, and is replaced', async (_, source, reason) => {
    const bench = await openBench(appDirectory);
    const job = await bench.jobs.run({ work: capture(source) });
    await expect(job.result).rejects.toMatchObject({
      code: 'internal/bug',
      message: expect.stringMatching(reason),
    });
    expect(await bench.jobs.get({ id: job.name })).toMatchObject({
      state: 'failed',
      error: { code: 'internal/bug' },
      aftermath: { leftovers: ['/left over'] },
    });
    await expectWorks(bench);
  });

  it.each([
    ['does not heed a cancel', '/deaf'],
    ['is stuck', '/block'],
  ])('that %s is ended, its job is cancelled, and others go on', async (_, source) => {
    const bench = await openBench(appDirectory);
    const job = await bench.jobs.run({ work: capture(source) });
    const next = await bench.jobs.run({ work: capture('/fine') });
    await whenJob(bench, job.name, ({ state }) => state === 'running');
    await bench.jobs.cancel({ id: job.name });
    await expect(job.result).rejects.toMatchObject({ code: 'job/cancelled' });
    expect(await bench.jobs.get({ id: job.name })).toMatchObject({
      state: 'cancelled',
      aftermath: { state: 'unknown', leftovers: ['/left over'] },
    });
    expect(await next.result).toMatchObject({ verb: 'capture' });
  });

  it('that is stuck does not keep the program from ending', async () => {
    const bench = await openBench(appDirectory);
    const job = await bench.jobs.run({ work: capture('/block') });
    await whenJob(bench, job.name, ({ state }) => state === 'running');
    await bench.close();
    await expect(job.result).rejects.toMatchObject({ code: 'job/cancelled' });
  });
});

describe('the thread that windows look through', () => {
  it('takes what it was asked with it when it ends, and is replaced', async () => {
    const threads = new EngineThreads(appDirectory);
    onTestFinished(() => threads.close());
    const handlers = forward(engine, () => threads.interactiveClient);
    const work = capture('/fine');
    expect(await handlers.check({ work })).toMatchObject({ takesAway: false });
    await expect(handlers.summary({ path: '/x.wim' })).rejects.toMatchObject({ code: 'session/closed' });
    expect(await handlers.check({ work })).toMatchObject({ takesAway: false });
  });
});

describe('what is handed on to a thread', () => {
  it('keeps progress, cancelling, results and errors', async () => {
    const counting = channel('counting', {
      half: request({ in: z.number(), out: z.number() }),
      count: job({ in: z.number(), progress: z.number(), out: z.string() }),
    });
    const [near, far] = memoryTransports();
    new RpcServer(new JobHub(nodeClock))
      .serve(counting, {
        half: (value) => {
          if (value % 2 === 1) throw new AppError('usage/invalid', `${value} is odd`, { value });
          return value / 2;
        },
        count: (to, { signal, report }) => {
          report(to);
          return new Promise((resolve, reject) => {
            if (to < 10) resolve('counted');
            signal.addEventListener('abort', () => reject(new Error('stopped')));
          });
        },
      })
      .connect(far);
    const client = new RpcClient(near);
    const handlers = forward(counting, () => client);
    expect(await handlers.half(8)).toBe(4);
    await expect(handlers.half(3)).rejects.toMatchObject({ code: 'usage/invalid', facts: { value: 3 } });
    const seen: number[] = [];
    const control = (signal: AbortSignal) => ({
      name: 'x',
      signal,
      report: (value: number) => void seen.push(value),
    });
    expect(await handlers.count(5, control(new AbortController().signal))).toBe('counted');
    expect(seen).toEqual([5]);
    const controller = new AbortController();
    const counted = handlers.count(20, control(controller.signal));
    controller.abort();
    await expect(counted).rejects.toMatchObject({ code: 'job/cancelled' });
  });
});

describe('leftovers', () => {
  it('of a job are cleaned up when that is asked for', async () => {
    const bench = await openBench(appDirectory);
    const job = await bench.jobs.run({ work: capture('/exit') });
    await expect(job.result).rejects.toBeDefined();
    expect(await bench.jobs.cleanUp({ id: job.name })).toMatchObject({
      aftermath: { state: 'untouched', leftovers: [] },
    });
    expect(await bench.jobs.get({ id: job.name })).toMatchObject({ aftermath: { leftovers: [] } });
  });
});
