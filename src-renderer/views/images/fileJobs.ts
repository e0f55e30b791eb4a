import type { JobProgress, JobRecord } from '../../../src-shared/contract/jobs';
import type { Verb, Work } from '../../../src-shared/contract/work';

/** What a job is doing with a file. */
export interface FileJob {
  readonly verb: Verb;
  readonly waiting: boolean;
  /** 0 to 1; null while it cannot be told. */
  readonly fraction: number | null;
}

/** Jobs by id, and the latest progress of those that run. */
export interface KnownJobs {
  readonly jobs: Readonly<Record<string, JobRecord>>;
  readonly progress: Readonly<Record<string, JobProgress>>;
}

const known = new WeakMap<KnownJobs, ReadonlyMap<string, FileJob>>();

/** Files that jobs run on, or wait for, by path. Reckoned once for each state. */
export function busyFiles(state: KnownJobs): ReadonlyMap<string, FileJob> {
  let files = known.get(state);
  if (files === undefined) {
    files = readBusyFiles(state);
    known.set(state, files);
  }
  return files;
}

function readBusyFiles({ jobs, progress }: KnownJobs): ReadonlyMap<string, FileJob> {
  const files = new Map<string, FileJob>();
  for (const { id, state, work, progress: last } of Object.values(jobs)) {
    if (state !== 'running' && state !== 'queued') continue;
    const job = {
      verb: work.verb,
      waiting: state === 'queued',
      fraction: (progress[id] ?? last)?.fraction ?? null,
    };
    for (const path of workFiles(work)) {
      // What runs is told before what waits.
      if (files.get(path)?.waiting !== false) files.set(path, job);
    }
  }
  return files;
}

/** WIM files, disk files and folders with Windows that work reads or writes. */
export function workFiles(work: Work): string[] {
  switch (work.verb) {
    case 'join':
      return [...work.request.parts, work.request.destination];
    case 'export':
    case 'split':
      return [work.request.wim, work.request.destination];
    case 'diskCreate':
      return [work.request.path];
    case 'diskPrepare':
    case 'diskWipe':
      return [work.request.disk];
    case 'diskConvert':
      return [work.request.disk, work.request.destination];
    case 'driversAdd':
    case 'driversExport':
    case 'driversRemove':
      return [work.request.path];
    default:
      return [work.request.wim];
  }
}
