import { z } from 'zod';
import { channel, event, job, request } from '../rpc/declare';
import { ErrorEnvelope } from '../rpc/frames';
import { count, Progress, text, time } from './shapes';
import { Plan, Work, WorkResult } from './work';

const id = z.string().min(1).max(100);

/** How far a job is, with what a person asks: how fast, how long still. */
export const JobProgress = Progress.extend({
  /** 0 to 1 over all phases; never goes back. null while nothing can be told. */
  fraction: z.number().min(0).max(1).nullable(),
  bytesPerSecond: count,
  /** null while it cannot be told. */
  secondsLeft: z.number().nonnegative().nullable(),
  secondsElapsed: z.number().nonnegative(),
});
export type JobProgress = z.infer<typeof JobProgress>;

/**
 * `interrupted`: the program ended, or was ended, while the job ran. `queued` jobs of such a program are interrupted too.
 */
const state = z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted']);
export type JobState = z.infer<typeof state>;

/** What an interrupted job left behind, found by looking. */
export const Aftermath = z.object({
  /**
   * `untouched`: what was there before is as it was; `extended`: old images intact, the file has dead bytes at its end that
   * the next append or optimize takes away; `partial`: a target directory is filled in part; `written`: the work was
   * complete; `unknown`: it cannot be told.
   */
  state: z.enum(['untouched', 'extended', 'partial', 'written', 'unknown']),
  /** Temporary files that can be deleted. */
  leftovers: z.array(z.string()),
});
export type Aftermath = z.infer<typeof Aftermath>;

/** A job, running or past. */
export const JobRecord = z.object({
  id,
  work: Work,
  state,
  queuedAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  /** The last progress that was written down; running jobs report theirs as progress frames. */
  progress: JobProgress.nullable(),
  result: WorkResult.nullable(),
  error: ErrorEnvelope.nullable(),
  aftermath: Aftermath.nullable(),
  /** Bytes per second, evenly spaced over the job's running time, at most 240 points. */
  throughput: z.array(count),
});
export type JobRecord = z.infer<typeof JobRecord>;

export const LogLine = z.object({ at: time, level: z.enum(['info', 'warning', 'error']), text: z.string() });
export type LogLine = z.infer<typeof LogLine>;

/** Work with a name, to be run again. */
export const Recipe = z.object({
  id,
  name: text.min(1),
  work: Work,
  createdAt: time,
  lastRunAt: time.nullable(),
});
export type Recipe = z.infer<typeof Recipe>;

export const jobs = channel('jobs', {
  /** What the work would do. Nothing is written. */
  plan: job({
    in: z.object({ work: Work }),
    progress: Progress,
    out: Plan,
    errors: ['io/not-found', 'io/exists', 'wim/no-such-image', 'wim/not-a-wim', 'io/no-permission'],
  }),
  /**
   * Queues work and does it. Its name under the rpc is the record's id. Work that takes something away (an overwritten
   * file, a deleted image, replaced files of a folder) needs the fingerprint of its plan.
   */
  run: job({
    in: z.object({ work: Work, fingerprint: z.string().max(200).exactOptional() }),
    progress: JobProgress,
    out: WorkResult,
    errors: ['plan/needed', 'plan/stale', 'io/no-space', 'io/exists', 'job/cancelled', 'source/changed'],
  }),
  /** Newest first. */
  list: request({
    in: z.object({ offset: count, limit: count.max(1000) }),
    out: z.object({ total: count, jobs: z.array(JobRecord) }),
  }),
  get: request({ in: z.object({ id }), out: JobRecord, errors: ['io/not-found'] }),
  log: request({
    in: z.object({ id, offset: count, limit: count.max(5000) }),
    out: z.object({ total: count, lines: z.array(LogLine) }),
    errors: ['io/not-found'],
  }),
  cancel: request({ in: z.object({ id }), out: z.null() }),
  /** Takes ended jobs out of the history; no id: all ended ones. */
  forget: request({ in: z.object({ id: id.exactOptional() }), out: z.object({ forgotten: count }) }),
  /** Deletes the leftovers of an interrupted job that its aftermath names. */
  cleanUp: request({ in: z.object({ id }), out: JobRecord, errors: ['io/not-found', 'io/no-permission'] }),
  recipes: request({ in: z.object({}), out: z.array(Recipe) }),
  saveRecipe: request({
    in: z.object({ id: id.exactOptional(), name: text.min(1), work: Work }),
    out: Recipe,
  }),
  deleteRecipe: request({ in: z.object({ id }), out: z.null() }),
  /** A job came, changed its state, or went (`job` null). */
  changed: event({ out: z.object({ id, job: JobRecord.nullable() }) }),
  recipesChanged: event({ out: z.null() }),
});
