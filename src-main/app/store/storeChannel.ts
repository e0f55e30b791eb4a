import { z } from 'zod';
import { JobRecord, LogLine, Recipe } from '../../../src-shared/contract/jobs';
import { count, time } from '../../../src-shared/contract/shapes';
import { channel, request } from '../../../src-shared/rpc/declare';
import { StoredRow } from '../library/libraryStore';

const id = z.string().min(1).max(100);

/** How the store is. */
export const StoreState = z.object({
  /** Why nothing is kept beyond this run of the program; null when it is. */
  problem: z.string().nullable(),
  /** What was found and mended at the start: a damaged file that was put aside. */
  notes: z.array(z.string()),
  /** Highest number of a job's id so far. */
  lastJob: count,
});
export type StoreState = z.infer<typeof StoreState>;

/** What the store thread keeps: jobs with their logs, recipes, and the library. */
export const store = channel('store', {
  state: request({ in: z.object({}), out: StoreState }),
  /** Jobs of an earlier run of the program that never ended: they are marked as interrupted by this. */
  interrupt: request({ in: z.object({ at: time }), out: z.array(JobRecord) }),
  putJob: request({ in: JobRecord, out: z.null() }),
  /** Newest first; long lists of results are cut to a few entries. */
  listJobs: request({
    in: z.object({ offset: count, limit: count.max(1000) }),
    out: z.object({ total: count, jobs: z.array(JobRecord) }),
  }),
  getJob: request({ in: z.object({ id }), out: JobRecord.nullable() }),
  /** Ended jobs: one, or all. Returns the ids of those that are gone. */
  forgetJobs: request({ in: z.object({ id: id.exactOptional() }), out: z.array(id) }),
  addLines: request({ in: z.object({ id, lines: z.array(LogLine).max(1000) }), out: z.null() }),
  lines: request({
    in: z.object({ id, offset: count, limit: count.max(5000) }),
    out: z.object({ total: count, lines: z.array(LogLine) }),
  }),
  recipes: request({ in: z.object({}), out: z.array(Recipe) }),
  putRecipe: request({ in: Recipe, out: z.null() }),
  deleteRecipe: request({ in: z.object({ id }), out: z.null() }),
  libraryRows: request({ in: z.object({}), out: z.array(StoredRow) }),
  /** Adds a row, or takes the place of that with the same path. */
  putLibraryRow: request({ in: StoredRow, out: z.null() }),
  removeLibraryRow: request({ in: z.object({ path: z.string() }), out: z.null() }),
});

/** What the store thread is started with. */
export interface StoreThreadData {
  /** Directory of history.sqlite. */
  readonly dataDirectory: string;
}
