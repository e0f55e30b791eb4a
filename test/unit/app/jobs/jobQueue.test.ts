import { describe, expect, it } from 'vitest';
import { collide, JobQueue } from '../../../../src-main/app/jobs/jobQueue';
import type { Touch } from '../../../../src-main/app/threads/engineChannel';

const file = (path: string, writes: boolean): Touch => ({ path, writes, tree: false });
const tree = (path: string, writes: boolean): Touch => ({ path, writes, tree: true });

/** A job whose end is in the test's hand. */
function manual(id: string, touches: readonly Touch[], begun: string[]) {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const start = (): Promise<void> => {
    begun.push(id);
    return ended;
  };
  return { id, touches, start, end: () => end() };
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('the queue', () => {
  it('runs 100 jobs in their order, never more at once than the limit', async () => {
    const begun: string[] = [];
    let running = 0;
    let most = 0;
    const queue = new JobQueue(() => 3);
    const all = Array.from({ length: 100 }, (_, i) => `job-${i + 1}`);
    const ends: Promise<void>[] = [];
    for (const id of all) {
      let done: () => void = () => undefined;
      ends.push(new Promise((resolve) => (done = resolve)));
      const start = async (): Promise<void> => {
        begun.push(id);
        most = Math.max(most, ++running);
        await settle();
        running -= 1;
        done();
      };
      queue.add({ id, touches: [], start });
    }
    await Promise.all(ends);
    expect(begun).toEqual(all);
    expect(most).toBe(3);
  });

  it('takes up a limit that was raised', async () => {
    const begun: string[] = [];
    let limit = 1;
    const queue = new JobQueue(() => limit);
    const jobs = ['a', 'b', 'c'].map((id) => manual(id, [], begun));
    jobs.forEach((job) => queue.add(job));
    expect(begun).toEqual(['a']);
    limit = 2;
    queue.pump();
    expect(begun).toEqual(['a', 'b']);
    jobs[0].end();
    await settle();
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('lets a job wait for the one that writes its file, and the next one behind it', async () => {
    const begun: string[] = [];
    const queue = new JobQueue(() => 4);
    const first = manual('first', [file('/a.wim', true)], begun);
    queue.add(first);
    queue.add(manual('second', [file('/a.wim', true)], begun));
    queue.add(manual('third', [file('/b.wim', true)], begun));
    expect(begun).toEqual(['first']);
    first.end();
    await settle();
    expect(begun).toEqual(['first', 'second', 'third']);
  });

  it('forgets what is taken out before it began, and nothing else', async () => {
    const begun: string[] = [];
    const queue = new JobQueue(() => 1);
    const jobs = ['a', 'b', 'c'].map((id) => manual(id, [], begun));
    jobs.forEach((job) => queue.add(job));
    expect([queue.remove('a'), queue.remove('b'), queue.remove('b')]).toEqual([false, true, false]);
    jobs[0].end();
    await settle();
    expect(begun).toEqual(['a', 'c']);
  });
});

describe('two jobs', () => {
  it.each<[string, Touch, Touch, boolean]>([
    ['read one file', file('/a', false), file('/a', false), false],
    ['read and write one file', file('/a', false), file('/a', true), true],
    ['write two files', file('/a', true), file('/b', true), false],
    ['write files of names that begin alike', file('/a', true), file('/ab', true), false],
    ['write a file in a tree that the other fills', file('/t/a', true), tree('/t', true), true],
    ['write a file in a tree that the other reads', file('/t/a', true), tree('/t', false), false],
    ['read a file in a tree that the other fills', file('/t/a', false), tree('/t', true), true],
    ['fill a tree in a tree that the other reads', tree('/t/u', true), tree('/t', false), true],
    ['fill one tree in another', tree('/t/u', true), tree('/t', true), true],
    ['fill trees beside each other', tree('/t/u', true), tree('/t/v', true), false],
    ['fill a tree below the root that the other reads', tree('/u', true), tree('/', false), true],
  ])('that %s', (_, a, b, expected) => {
    expect(collide(a, b)).toBe(expected);
    expect(collide(b, a)).toBe(expected);
  });
});
