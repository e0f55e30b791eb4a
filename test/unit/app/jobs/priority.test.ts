import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { canLowerPriority } from '../../../../src-main/app/threads/priority';
import { engine } from '../../../../src-main/app/threads/engineChannel';
import { EngineThreads, type JobThread } from '../../../../src-main/app/threads/engineThreads';
import { builtThreads, sourceOfNoise } from './fixture';
import { temporaryDirectory } from '../../../support/tools';

let appDirectory: string;
beforeAll(async () => {
  appDirectory = await builtThreads();
});

/** How nice each thread of this process is to others: field 19 of its statistics, see proc(5). */
function niceness(): number[] {
  return readdirSync('/proc/self/task').map((task) => {
    const stat = readFileSync(`/proc/self/task/${task}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}

function open(): EngineThreads {
  const threads = new EngineThreads(appDirectory);
  onTestFinished(() => threads.close());
  return threads;
}

/** Captures in it, with two workers. */
async function work({ thread }: JobThread): Promise<void> {
  const request = { source: sourceOfNoise(4, 50_000), wim: `${temporaryDirectory()}/a.wim`, threads: 2 };
  const job = await thread.client.channel(engine).run({ work: { verb: 'capture', request } });
  await job.result;
}

describe.runIf(canLowerPriority)('a job that lets others go first', () => {
  it('runs with its workers at a lower priority, and nothing else does', async () => {
    const usual = Math.max(...niceness());
    const threads = open();
    const ordinary = threads.take(false);
    await work(ordinary);
    expect(Math.max(...niceness())).toBe(usual);
    const low = threads.take(true);
    await work(low);
    // The thread itself, what the runtime starts for it, and its two workers.
    const lowered = niceness().filter((nice) => nice > usual);
    expect(lowered.length).toBeGreaterThanOrEqual(3);
    expect(new Set(lowered)).toEqual(new Set([10]));
  });

  it('gets no thread of another priority', async () => {
    const threads = open();
    const low = threads.take(true);
    await threads.giveBack(low, 2);
    const ordinary = threads.take(false);
    expect(ordinary).not.toBe(low);
    await threads.giveBack(ordinary, 2);
    expect(threads.take(true)).toBe(low);
    expect(threads.take(false)).toBe(ordinary);
    await threads.giveBack(low, 1);
    await threads.giveBack(ordinary, 1);
    // Only one may wait: the one that was used last.
    expect(low.thread.isGone).toBe(true);
    expect(threads.take(false)).toBe(ordinary);
  });
});
