import { z } from 'zod';
import { Aftermath, LogLine } from '../../../src-shared/contract/jobs';
import { count, Progress, time } from '../../../src-shared/contract/shapes';
import { WimShape } from '../../../src-shared/contract/summaries';
import { Plan, Work, WorkResult } from '../../../src-shared/contract/work';
import { channel, job, request } from '../../../src-shared/rpc/declare';

/** A place that work reads or writes: absolute, symbolic links resolved. */
export const Touch = z.object({
  path: z.string(),
  writes: z.boolean(),
  /** A directory with all that is in it. */
  tree: z.boolean(),
});
export type Touch = z.infer<typeof Touch>;

/** What is known of work without doing or planning it. */
export const Check = z.object({
  fingerprint: z.string(),
  /** Whether it takes something away, so that its plan has to be confirmed. */
  takesAway: z.boolean(),
  touches: z.array(Touch),
  /** WIM files that it writes; those of a split only as far as they are there. */
  wims: z.array(z.string()),
});
export type Check = z.infer<typeof Check>;

/** Progress of a run, with the number of log lines so far: {@link engine} `log` hands them out. */
export const RunProgress = Progress.extend({ logged: count });
export type RunProgress = z.infer<typeof RunProgress>;

/** What main asks of an engine thread. A thread does one `run` at a time. */
export const engine = channel('engine', {
  run: job({
    in: z.object({
      work: Work,
      /** The fingerprint that was confirmed: checked once more before anything is written. */
      fingerprint: z.string().exactOptional(),
    }),
    progress: RunProgress,
    out: WorkResult,
    errors: ['plan/stale', 'plan/needed', 'io/no-space'],
  }),
  /** Lines that the run under way, or the last one, has logged. */
  log: request({
    in: z.object({ offset: count, limit: count.max(1000) }),
    out: z.object({ total: count, lines: z.array(LogLine) }),
  }),
  plan: job({ in: z.object({ work: Work }), progress: Progress, out: Plan }),
  check: request({ in: z.object({ work: Work }), out: Check }),
  /** What a WIM is and holds. */
  summary: request({ in: z.object({ path: z.string() }), out: WimShape }),
  /** What work that was cut off left behind. */
  inspect: request({ in: z.object({ work: Work, startedAt: time.nullable() }), out: Aftermath }),
  /** Deletes leftovers of the work that nobody writes, and looks again. */
  cleanUp: request({
    in: z.object({ work: Work, startedAt: time.nullable(), leftovers: z.array(z.string()) }),
    out: Aftermath,
    errors: ['io/no-permission'],
  }),
});

/** What an engine thread is started with. */
export interface EngineThreadData {
  /** Directory of worker.cjs and kernels/. */
  readonly appDirectory: string;
  /** Whether it also answers browse, compare and survey. */
  readonly interactive: boolean;
  /** Other programs go before it and its workers. */
  readonly lowPriority: boolean;
}
