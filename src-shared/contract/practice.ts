import { z } from 'zod';
import { channel, event, job, request } from '../rpc/declare';
import { count, Progress } from './shapes';

export const lessonNames = ['capture', 'append', 'info', 'apply', 'prepare', 'newPc', 'drivers'] as const;
const lesson = z.enum(lessonNames);
export type LessonName = z.infer<typeof lesson>;

/** One thing that a lesson wants to be true. `name` selects the words: 'practice.check.<name>'. */
export const LessonCheck = z.object({
  name: z.string(),
  ok: z.boolean(),
  /** What was found, for the words: sizes and names. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type LessonCheck = z.infer<typeof LessonCheck>;

export const PracticeStatus = z.object({
  /** The folder that the bench keeps to. */
  folder: z.string(),
  made: z.boolean(),
  /** The reference PC, a second state of it for append, the folder to apply to, and where WIM files go. */
  reference: z.string(),
  changedReference: z.string(),
  target: z.string(),
  wim: z.string(),
  /** A used disk that is prepared anew, and the disk of a new PC that a lesson makes. Files, both. */
  disk: z.string(),
  newPc: z.string(),
  /** Driver packages, the list of a PC's devices among them, and the image that they go into. */
  drivers: z.string(),
  deviceList: z.string(),
  driversWim: z.string(),
  files: count,
  bytes: count,
  done: z.array(lesson),
});
export type PracticeStatus = z.infer<typeof PracticeStatus>;

/** A small but true-to-shape reference PC, and lessons on it. Nothing outside its folder is touched. */
export const practice = channel('practice', {
  status: request({ in: z.object({}), out: PracticeStatus }),
  make: job({ in: z.object({}), progress: Progress, out: PracticeStatus, errors: ['io/no-space'] }),
  /** Takes away what lessons made, or all of the bench. */
  reset: request({ in: z.object({ all: z.boolean() }), out: PracticeStatus }),
  /** Looks at what the learner made. A lesson whose checks all hold is done. */
  check: request({
    in: z.object({ lesson }),
    out: z.object({ checks: z.array(LessonCheck), done: z.boolean() }),
  }),
  changed: event({ out: PracticeStatus }),
});
