import { create } from 'zustand';
import { jobs as jobsChannel, type JobProgress, type JobRecord } from '../../src-shared/contract/jobs';
import { withLimits } from '../../src-shared/contract/limits';
import type { Work, WorkResult } from '../../src-shared/contract/work';
import { api, client } from '../api/api';
import { useApp } from './app';

interface JobsState {
  /** By id. Running jobs, and those of the history that were shown. */
  readonly jobs: Readonly<Record<string, JobRecord>>;
  /** Latest progress of running jobs. */
  readonly progress: Readonly<Record<string, JobProgress>>;
  /** Ids, newest first, as far as they were read. */
  readonly order: readonly string[];
  readonly total: number;
}

/** The jobs of the host as this window knows them. */
export const useJobs = create<JobsState>(() => ({ jobs: {}, progress: {}, order: [], total: 0 }));

const followed = new Set<string>();
const PAGE = 200;
/** As many as the host gives at once. */
const LARGEST_PAGE = 1000;

/** Reads the newest jobs and follows what happens to them. */
export async function startJobs(): Promise<void> {
  api.jobs.changed(({ id, job }) => (job === null ? forget(id) : put(job)));
  await readJobs(0);
}

/** Reads a page of the history. */
export async function readJobs(offset: number): Promise<void> {
  const page = await api.jobs.list({ offset, limit: PAGE });
  useJobs.setState({ total: page.total });
  for (const job of [...page.jobs].reverse()) put(job);
}

/** Reads all that was read before once more; what the host has no longer is forgotten. */
export async function readJobsAnew(): Promise<void> {
  const known = useJobs.getState().order;
  const limit = Math.min(LARGEST_PAGE, Math.max(PAGE, known.length));
  const page = await api.jobs.list({ offset: 0, limit });
  const there = new Set(page.jobs.map(({ id }) => id));
  for (const id of known) if (!there.has(id)) forget(id);
  useJobs.setState({ total: page.total });
  for (const job of [...page.jobs].reverse()) put(job);
}

/**
 * Runs work as a job. Resolves with its id as soon as the host has it; the job then lives in {@link useJobs}. Work that
 * was planned is run as it was planned; other work gets the limits of the settings.
 */
export async function runWork(
  work: Work,
  fingerprint?: string,
): Promise<{ id: string; result: Promise<WorkResult> }> {
  const order =
    fingerprint === undefined
      ? { work: withLimits(work, useApp.getState().settings) }
      : { work, fingerprint };
  const handle = await api.jobs.run(order);
  followed.add(handle.name);
  handle.onProgress((progress) => setProgress(handle.name, progress));
  void Promise.allSettled([handle.result]).then(() => followed.delete(handle.name));
  return { id: handle.name, result: handle.result };
}

export async function cancelJob(id: string): Promise<void> {
  await api.jobs.cancel({ id });
}

/** Jobs that run or wait, in the order in which they were queued. */
export function activeJobs({ jobs }: JobsState): JobRecord[] {
  return Object.values(jobs)
    .filter(({ state }) => state === 'running' || state === 'queued')
    .sort((a, b) => number(a.id) - number(b.id));
}

function put(job: JobRecord): void {
  useJobs.setState((state) => {
    const jobs = { ...state.jobs, [job.id]: job };
    const order = state.order.includes(job.id)
      ? state.order
      : [...state.order, job.id].sort((a, b) => number(b) - number(a));
    const total = Math.max(state.total, order.length);
    return { jobs, order, total };
  });
  if (job.state === 'running' || job.state === 'queued') void follow(job.id);
}

/** Attaches to a job that another window, or this one before a reload, started. */
async function follow(id: string): Promise<void> {
  if (followed.has(id)) return;
  followed.add(id);
  const [attached] = await Promise.allSettled([client.attach(jobsChannel, 'run', id)]);
  if (attached.status === 'rejected') {
    followed.delete(id);
    return;
  }
  attached.value.onProgress((progress) => setProgress(id, progress));
  await Promise.allSettled([attached.value.result]);
  followed.delete(id);
}

function setProgress(id: string, progress: JobProgress): void {
  useJobs.setState((state) => ({ progress: { ...state.progress, [id]: progress } }));
}

function forget(id: string): void {
  useJobs.setState((state) => {
    const jobs = { ...state.jobs };
    const progress = { ...state.progress };
    Reflect.deleteProperty(jobs, id);
    Reflect.deleteProperty(progress, id);
    return {
      jobs,
      progress,
      order: state.order.filter((other) => other !== id),
      total: Math.max(0, state.total - 1),
    };
  });
}

function number(id: string): number {
  return Number(id.replace(/^\D+/, '')) || 0;
}
