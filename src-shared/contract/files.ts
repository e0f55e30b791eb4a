import { z } from 'zod';
import { channel, request } from '../rpc/declare';
import { count, path, text } from './shapes';

const filter = z.object({ name: text, extensions: z.array(text) });

export const FileRow = z.object({
  name: z.string(),
  path: z.string(),
  kind: z.enum(['directory', 'file', 'other']),
  size: count,
  modified: z.string(),
  hidden: z.boolean(),
});
export type FileRow = z.infer<typeof FileRow>;

export const PathStatus = z.object({
  /** Absolute, as the system writes it. */
  path: z.string(),
  name: z.string(),
  parent: z.string(),
  kind: z.enum(['missing', 'directory', 'file', 'other']),
  parentExists: z.boolean(),
  /** Size of a file. */
  size: count,
  /** Whether a directory is empty. */
  empty: z.boolean(),
  readable: z.boolean(),
  /** Whether it, or when it is missing its nearest directory that exists, can be written to. */
  writable: z.boolean(),
  /** Free bytes on its volume; null when that cannot be told. */
  free: count.nullable(),
  /** Whether a file begins as a WIM does. */
  wim: z.boolean(),
});
export type PathStatus = z.infer<typeof PathStatus>;

/** Paths of this system, for the path browser and for live checks. Nothing here reads what files hold. */
export const files = channel('files', {
  places: request({
    in: z.object({}),
    out: z.array(
      z.object({
        name: z.string(),
        path: z.string(),
        kind: z.enum(['home', 'desktop', 'documents', 'downloads', 'volume', 'practice', 'recent']),
        free: count.nullable(),
        size: count.nullable(),
      }),
    ),
  }),
  list: request({
    in: z.object({
      path,
      extensions: z.array(text),
      hidden: z.boolean(),
      offset: count,
      limit: count.max(2000),
    }),
    out: z.object({ path: z.string(), parent: z.string().nullable(), total: count, rows: z.array(FileRow) }),
    errors: ['io/not-found', 'io/no-permission', 'io/not-a-directory'],
  }),
  /** Paths that begin with what was typed, directories with a separator at their end. */
  complete: request({
    in: z.object({ typed: z.string().max(32_768), extensions: z.array(text), directoriesOnly: z.boolean() }),
    out: z.array(z.string()),
  }),
  status: request({ in: z.object({ path }), out: PathStatus }),
  makeFolder: request({
    in: z.object({ parent: path, name: text.min(1) }),
    out: z.object({ path: z.string() }),
    errors: ['io/exists', 'io/no-permission', 'io/no-space'],
  }),
  /** A native dialog. Only where app.info says that there are some. null: the person chose nothing. */
  pick: request({
    in: z.object({
      kind: z.enum(['open-file', 'save-file', 'open-folder']),
      title: text,
      filters: z.array(filter),
      defaultPath: z.string().max(32_768),
    }),
    out: z.object({ path: z.string() }).nullable(),
  }),
  /** Writes a report. */
  saveText: request({
    in: z.object({ path, content: z.string().max(32_000_000), overwrite: z.boolean() }),
    out: z.object({ path: z.string() }),
    errors: ['io/exists', 'io/no-permission', 'io/no-space'],
  }),
  /** Shows a file in the system's file manager. Only where app.info says that there is one. */
  reveal: request({ in: z.object({ path }), out: z.null(), errors: ['io/not-found'] }),
});
