import { z } from 'zod';
import { channel, job, request } from '../rpc/declare';
import { count, path, Progress, text } from './shapes';
import { WimShape } from './summaries';

/**
 * Looking into WIM files. Trees stay with the host: a window gets one screenful at a time. A session is an opened WIM;
 * it is closed when its last window is gone, and when it was idle for long ('session/closed': open it again).
 */

const session = z.string().min(1).max(100);
const image = count.min(1);

/** An entry as one row of a list. */
export const EntryRow = z.object({
  name: z.string(),
  /** '/' between names; the root is '/'. */
  path: z.string(),
  kind: z.enum(['directory', 'file', 'link']),
  /** Bytes of the unnamed data. */
  size: count,
  /** ISO 8601. */
  modified: z.string(),
  /** Windows file attributes, bits. */
  attributes: count,
  linkCount: count,
  namedStreams: count,
  /** Whether a directory has anything in it, and whether it has directories. */
  children: count,
  directories: count,
});
export type EntryRow = z.infer<typeof EntryRow>;

export const StreamRow = z.object({
  kind: z.enum(['data', 'named', 'reparse', 'encrypted']),
  name: z.string(),
  size: count,
  storedSize: count.nullable(),
  sha1: z.string(),
  compressed: z.boolean(),
  referenceCount: count.nullable(),
  /** The solid resource that holds it together with others; its own stored size then says nothing. */
  solid: z.object({ size: count, storedSize: count }).nullable(),
});

/** Everything that the image keeps of an entry. */
export const EntryFacts = EntryRow.extend({
  shortName: z.string(),
  created: z.string(),
  accessed: z.string(),
  /** Security descriptor in SDDL, and owner as a name where it is a well-known one; null when there is none. */
  sddl: z.string().nullable(),
  owner: z.string().nullable(),
  reparseTag: count.nullable(),
  /** Where a symbolic link or junction leads, when the reparse data says. */
  reparseTarget: z.string().nullable(),
  objectId: z.string().nullable(),
  extendedAttributes: count,
  unix: z.object({ uid: count, gid: count, mode: count, rdev: count }).nullable(),
  streams: z.array(StreamRow),
  /** Other paths of the same file, the first of them. */
  otherNames: z.array(z.string()),
});
export type EntryFacts = z.infer<typeof EntryFacts>;

const SizeTriple = z.object({
  /** Bytes as a person counts them: every name by itself. */
  logical: count,
  /** Bytes after each blob is counted once. */
  single: count,
  /** Bytes that those blobs take in the WIM. */
  stored: count,
});

/** A rectangle of the treemap: a directory or, in `types`, an extension. */
export interface SpaceNode {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly stored: number;
  readonly files: number;
  readonly children: readonly SpaceNode[];
}
const SpaceNode: z.ZodType<SpaceNode> = z.lazy(() =>
  z.object({
    name: z.string(),
    path: z.string(),
    bytes: count,
    stored: count,
    files: count,
    children: z.array(SpaceNode),
  }),
);

export const SpaceReport = z.object({
  sizes: SizeTriple,
  /** Blobs that no other image of the WIM names: stored bytes. */
  onlyHere: count,
  /** At most a few hundred nodes: what is small is gathered in one node named ''. */
  folders: SpaceNode,
  types: z.array(z.object({ extension: z.string(), files: count, bytes: count, stored: count })),
  largest: z.array(z.object({ path: z.string(), bytes: count })),
});
export type SpaceReport = z.infer<typeof SpaceReport>;

export const browse = channel('browse', {
  /** Opens a WIM; the summary's images can be shown at once, trees are read when they are asked for. */
  open: request({
    in: z.object({ wim: path, ref: z.array(path).exactOptional() }),
    out: z.object({
      session,
      summary: WimShape,
      /** Changes whenever the file changes. */
      revision: z.string(),
    }),
    errors: ['io/not-found', 'io/no-permission', 'wim/not-a-wim', 'wim/malformed', 'wim/unsupported'],
  }),
  close: request({ in: z.object({ session }), out: z.null() }),
  /** One stretch of a directory. Directories come first unless sorted by size or time. */
  folder: request({
    in: z.object({
      session,
      image,
      path: z.string(),
      offset: count,
      limit: count.max(1000),
      sort: z.enum(['name', 'size', 'modified', 'type']),
      descending: z.boolean(),
      directoriesOnly: z.boolean(),
    }),
    out: z.object({ total: count, rows: z.array(EntryRow) }),
    errors: ['session/closed', 'wim/no-such-path', 'wim/malformed', 'wim/unsupported'],
  }),
  entry: request({
    in: z.object({ session, image, path: z.string() }),
    out: EntryFacts,
    errors: ['session/closed', 'wim/no-such-path'],
  }),
  /** Names that contain the text or match the glob (one with * or ?; with a slash it is matched against the path). */
  search: request({
    in: z.object({ session, image, pattern: text, limit: count.max(5000) }),
    out: z.object({ total: count, rows: z.array(EntryRow) }),
    errors: ['session/closed', 'wim/malformed'],
  }),
  /** The beginning of a file's data, as text when it is text. */
  preview: request({
    in: z.object({ session, image, path: z.string(), bytes: count.max(262_144) }),
    out: z.object({
      kind: z.enum(['text', 'binary']),
      /** Text, or hexadecimal digits. */
      content: z.string(),
      size: count,
    }),
    errors: ['session/closed', 'wim/no-such-path', 'wim/blob-corrupt', 'wim/missing-blob', 'wim/unsupported'],
  }),
  /** Where an image's bytes are. */
  space: job({
    in: z.object({ session, image }),
    progress: Progress,
    out: SpaceReport,
    errors: ['session/closed', 'wim/malformed'],
  }),
  /** For each image the stored bytes that no other image names: index 0 is image 1. */
  onlyInImages: job({
    in: z.object({ session }),
    progress: Progress,
    out: z.array(count),
    errors: ['session/closed', 'wim/malformed'],
  }),
});
