import { z } from 'zod';
import { channel, job, request } from '../rpc/declare';
import { count, path, Progress, text } from './shapes';

const Side = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('image'), wim: path, image: count.min(1) }),
  z.object({ kind: z.literal('folder'), path }),
  /** A volume of a disk file or a physical disk. */
  z.object({ kind: z.literal('volume'), disk: path, volume: text }),
]);
export type CompareSide = z.infer<typeof Side>;

const difference = z.enum(['added', 'removed', 'changed', 'metadata']);
export type Difference = z.infer<typeof difference>;

/** A difference of one path. `added`: only on the right; `removed`: only on the left. */
export const DifferenceRow = z.object({
  path: z.string(),
  difference,
  kind: z.enum(['directory', 'file', 'link']),
  leftSize: count.nullable(),
  rightSize: count.nullable(),
  /** What differs: 'content', 'attributes', 'lastWriteTime', 'creationTime', 'security', 'streams', 'links', 'reparse', 'shortName', 'kind'. */
  fields: z.array(z.string()),
});
export type DifferenceRow = z.infer<typeof DifferenceRow>;

const Counts = z.object({ added: count, removed: count, changed: count, metadata: count, same: count });
const id = z.string().min(1).max(100);

/** Compares two trees: what was added, removed, changed, or differs in metadata only. */
export const compare = channel('compare', {
  run: job({
    in: z.object({ left: Side, right: Side, ignoreTimes: z.boolean() }),
    progress: Progress,
    out: z.object({ comparison: id, counts: Counts, bytesAdded: count, bytesRemoved: count }),
    errors: ['io/not-found', 'wim/malformed', 'wim/no-such-image'],
  }),
  rows: request({
    in: z.object({
      comparison: id,
      differences: z.array(difference),
      filter: text,
      offset: count,
      limit: count.max(1000),
    }),
    out: z.object({ total: count, rows: z.array(DifferenceRow) }),
    errors: ['session/closed'],
  }),
  /** All rows that the filter leaves, as text in a format. */
  save: request({
    in: z.object({
      comparison: id,
      differences: z.array(difference),
      filter: text,
      format: z.enum(['csv', 'json', 'html']),
      path,
      overwrite: z.boolean(),
    }),
    out: z.object({ path: z.string(), rows: count }),
    errors: ['session/closed', 'io/exists', 'io/no-space', 'io/no-permission'],
  }),
});
