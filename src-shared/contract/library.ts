import { z } from 'zod';
import { channel, event, request } from '../rpc/declare';
import { count, path, time } from './shapes';

/** A WIM file that the workbench knows. */
export const LibraryRow = z.object({
  path: z.string(),
  name: z.string(),
  folder: z.string(),
  state: z.enum(['ok', 'missing', 'unreadable']),
  /** Why it is unreadable. */
  problem: z.string(),
  origin: z.enum(['opened', 'captured', 'watched']),
  imageCount: count,
  imageNames: z.array(z.string()),
  compression: z.enum(['none', 'xpress', 'lzx', 'lzms']),
  solid: z.boolean(),
  partNumber: count,
  totalParts: count,
  /** Bytes of the file. */
  size: count,
  /** Bytes of all files of all images less the bytes of the file; never below 0. */
  saved: count,
  changedAt: time,
  addedAt: time,
  /** The last verification of the file as it is now; null when it changed since or never was verified. */
  verified: z.object({ at: time, ok: z.boolean() }).nullable(),
});
export type LibraryRow = z.infer<typeof LibraryRow>;

/** WIM files that were opened or captured here, or lie in watched folders. */
export const library = channel('library', {
  list: request({ in: z.object({}), out: z.array(LibraryRow) }),
  /** Adds a file, or looks at it again. */
  add: request({
    in: z.object({ path }),
    out: LibraryRow,
    errors: ['io/not-found', 'wim/not-a-wim', 'wim/malformed'],
  }),
  /** Takes a row away; the file stays. */
  remove: request({ in: z.object({ path }), out: z.null() }),
  /** Looks at all files and watched folders again. */
  refresh: request({ in: z.object({}), out: z.array(LibraryRow) }),
  changed: event({ out: z.array(LibraryRow) }),
  /** A WIM was changed by a job of this program: windows that show it load it again. */
  wimChanged: event({ out: z.object({ path: z.string(), revision: z.string() }) }),
});
