import type { FileSystem } from '../engine/os';

/**
 * A text that differs whenever a file was changed or replaced: size, last write and identity. Undefined where no file is.
 */
export function revisionOf(files: FileSystem, path: string): string | undefined {
  const status = files.status(path);
  if (status === undefined) return undefined;
  return `${status.size}-${status.modifiedMs}-${status.identity}`;
}
