import { z } from 'zod';
import type { Phase } from '../model/progress';

/** A count or a size in bytes: a safe integer. */
export const count = z.number().int().nonnegative();
/** A path as the person and the system write it. NUL never belongs to one. */
export const path = z
  .string()
  .min(1)
  .max(32_768)
  .refine((text) => !text.includes('\0'), 'a path has no NUL');
/** A sentence or a name. */
export const text = z.string().max(65_536);
/** ISO 8601 in UTC. */
export const time = z.string().max(40);

const phases = [
  'Scanning',
  'Reading',
  'Archiving',
  'Writing metadata',
  'Calculating integrity table',
  'Verifying integrity',
  'Verifying',
  'Creating directories',
  'Extracting',
  'Setting metadata',
  'Copying',
  'Joining',
  'Splitting',
  'Replaying',
  'Comparing',
  'Sampling',
  'Reading drivers',
  'Installing drivers',
] as const satisfies readonly Phase[];

/** How far a long operation is, as the engine counts it. */
export const Progress = z.object({
  phase: z.enum(phases),
  filesDone: count,
  /** 0 while unknown. */
  filesTotal: count,
  bytesDone: count,
  /** 0 while unknown. */
  bytesTotal: count,
  currentPath: z.string().exactOptional(),
});
export type Progress = z.infer<typeof Progress>;

/** A path with a sentence about it. */
export const Remark = z.object({ path: z.string(), problem: z.string() });
export type Remark = z.infer<typeof Remark>;

/** A list that may be long: how many there are, and the first of them. */
export const listed = <T extends z.ZodType>(item: T) => z.object({ total: count, first: z.array(item) });
/** Entries of a {@link listed} list that travel. */
export const LISTED_MAXIMUM = 500;
