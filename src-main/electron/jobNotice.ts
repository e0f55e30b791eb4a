import type { JobRecord } from '../../src-shared/contract/jobs';
import { fill, type Words } from './words';

/** A job that took less is over before anybody has gone away from it. */
const LONG_JOB = 30_000;

export interface JobNotice {
  readonly title: string;
  readonly body: string;
}

/**
 * What the system tells when a job ends while the person looks elsewhere; undefined when there is nothing to tell: a
 * short job, one that the person ended, or a window that is being looked at.
 */
export function jobNotice(job: JobRecord, focused: boolean, words: Words): JobNotice | undefined {
  if (focused || job.startedAt === null || job.endedAt === null) return undefined;
  if (job.state !== 'done' && job.state !== 'failed') return undefined;
  if (Date.parse(job.endedAt) - Date.parse(job.startedAt) <= LONG_JOB) return undefined;
  const values = { verb: words.verbs[job.work.verb], subject: baseName(subjectOf(job)) };
  return job.state === 'done'
    ? { title: fill(words.verbDone, values), body: subjectOf(job) }
    : { title: fill(words.verbFailed, values), body: job.error?.message ?? subjectOf(job) };
}

/** What the job made: the file or the folder. */
function subjectOf({ work }: JobRecord): string {
  switch (work.verb) {
    case 'apply':
      return work.request.target;
    case 'export':
    case 'extract':
    case 'join':
    case 'split':
      return work.request.destination;
    case 'diskCreate':
      return work.request.path;
    case 'diskPrepare':
    case 'diskWipe':
      return work.request.disk;
    case 'diskConvert':
      return work.request.destination;
    case 'driversAdd':
    case 'driversRemove':
      return work.request.path;
    case 'driversExport':
      return work.request.destination;
    default:
      return work.request.wim;
  }
}

function baseName(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}
