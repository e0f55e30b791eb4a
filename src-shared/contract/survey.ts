import { z } from 'zod';
import { channel, job, request } from '../rpc/declare';
import { volumeChoice } from './diskShapes';
import { count, listed, path, Progress, Remark } from './shapes';
import { SourceChoicesShape } from './work';

const survey = z.string().min(1).max(100);

/** What a capture of a source would cost with one compression; `solid` is solid LZMS. */
export const Estimate = z.object({
  compression: z.enum(['none', 'xpress', 'lzx', 'lzms', 'solid']),
  bytes: count,
  seconds: z.number().nonnegative(),
  /** Bytes that all threads together take for their codecs and data. */
  memory: count,
  /**
   * At most so many bytes and at least so many seconds, instead of about: what solid data saves lies between files, and
   * a sample does not hold those that are alike.
   */
  limits: z.boolean(),
});
export type Estimate = z.infer<typeof Estimate>;

/** Looking at a source before it is captured: what is in it, what exclusions hit, what compression would make of it. */
export const surveys = channel('survey', {
  /** Scans a directory, or a volume of a disk, without exclusions and keeps the result for what follows. */
  scan: job({
    in: z.object({
      source: path,
      /** The source is a disk: its volume. */
      volume: volumeChoice.exactOptional(),
      choices: SourceChoicesShape,
    }),
    progress: Progress,
    out: z.object({
      survey,
      files: count,
      directories: count,
      bytes: count,
      /** What could not be read or cannot be kept. */
      notKept: listed(Remark),
      /** Whether it looks like a Windows volume: \Windows\System32 is there. */
      windows: z.boolean(),
    }),
    errors: [
      'io/not-found',
      'io/no-permission',
      'io/not-a-directory',
      'disk/not-a-disk',
      'disk/no-such-volume',
      'disk/ambiguous-volume',
      'volume/malformed',
      'volume/unsupported',
      'volume/encrypted',
    ],
  }),
  /** What a configuration (text of a wimscript.ini) leaves out of a scanned source. */
  exclusions: request({
    in: z.object({ survey, config: z.string().max(1_000_000) }),
    out: z.object({
      files: count,
      directories: count,
      bytes: count,
      /** One row for each pattern of the exclusion list, in its order. */
      patterns: z.array(
        z.object({
          pattern: z.string(),
          files: count,
          directories: count,
          bytes: count,
          first: z.array(z.string()),
        }),
      ),
      /** Lines that were not understood. */
      warnings: z.array(z.string()),
    }),
    errors: ['session/closed'],
  }),
  /** Compresses a small sample of this very source each way and reckons size and time of the whole. */
  sample: job({
    in: z.object({
      survey,
      config: z.string().max(1_000_000),
      threads: count,
      /** Bytes that threads may use; half of the machine's memory when absent. */
      memory: count.exactOptional(),
    }),
    progress: Progress,
    out: z.object({
      sampledBytes: count,
      sampledFiles: count,
      /** Bytes of the source that are left after exclusions. */
      bytes: count,
      estimates: z.array(Estimate),
    }),
    errors: ['session/closed'],
  }),
});
