import { expect, test } from 'vitest';
import type { JobProgress, JobRecord, JobState } from '../../../../src-shared/contract/jobs';
import type { Work } from '../../../../src-shared/contract/work';
import { busyFiles, workFiles } from '../../../../src-renderer/views/images/fileJobs';

function job(id: string, state: JobState, work: Work): JobRecord {
  return {
    id,
    work,
    state,
    queuedAt: '2026-11-02T09:14:00.000Z',
    startedAt: null,
    endedAt: null,
    progress: null,
    result: null,
    error: null,
    aftermath: null,
    throughput: [],
  };
}

const at = (fraction: number): JobProgress => ({
  phase: 'Verifying',
  filesDone: 0,
  filesTotal: 0,
  bytesDone: 0,
  bytesTotal: 0,
  fraction,
  bytesPerSecond: 0,
  secondsLeft: null,
  secondsElapsed: 0,
});
const verify: Work = { verb: 'verify', request: { wim: '/images/lab.wim' } };
const apply: Work = { verb: 'apply', request: { wim: '/images/lab.wim', target: '/mnt' } };

test('a file shows the job that runs on it, whichever was queued first', () => {
  const running = job('job-2', 'running', verify);
  const waiting = job('job-1', 'queued', apply);
  const progress = { 'job-2': at(0.63) };
  for (const jobs of [
    { 'job-1': waiting, 'job-2': running },
    { 'job-2': running, 'job-1': waiting },
  ]) {
    expect([...busyFiles({ jobs, progress })]).toEqual([
      ['/images/lab.wim', { verb: 'verify', waiting: false, fraction: 0.63 }],
    ]);
  }
});

test('jobs that have ended concern no file', () => {
  const states: JobState[] = ['done', 'failed', 'cancelled', 'interrupted'];
  const jobs = Object.fromEntries(states.map((state) => [state, job(state, state, verify)]));
  expect(busyFiles({ jobs, progress: {} }).size).toBe(0);
});

test('every file that work reads or writes is busy', () => {
  expect(workFiles({ verb: 'export', request: { wim: '/a.wim', image: 1, destination: '/b.wim' } })).toEqual([
    '/a.wim',
    '/b.wim',
  ]);
  expect(
    workFiles({ verb: 'join', request: { parts: ['/a.swm', '/a2.swm'], destination: '/a.wim' } }),
  ).toEqual(['/a.swm', '/a2.swm', '/a.wim']);
  expect(workFiles(apply)).toEqual(['/images/lab.wim']);
});
