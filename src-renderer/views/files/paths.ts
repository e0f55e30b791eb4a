import type { PathStatus } from '../../../src-shared/contract/files';

/** Whether a path is whole as it is: from a root, a drive or a share. */
export function isAbsolute(path: string): boolean {
  return /^(\/|[a-z]:[\\/]|\\\\)/i.test(path);
}

/** A name in a folder. */
export function joinPath(folder: string, name: string, separator: string): string {
  return /[\\/]$/.test(folder) ? folder + name : folder + separator + name;
}

/** The name with the first of the extensions where it has none of them. */
export function withExtension(name: string, extensions: readonly string[]): string {
  const known = extensions.filter((extension) => extension !== '*');
  if (known.length === 0 || known.length < extensions.length || /[\\/]$/.test(name)) return name;
  const lower = name.toLowerCase();
  if (known.some((extension) => lower.endsWith(`.${extension.toLowerCase()}`))) return name;
  return `${name}.${known[0]}`;
}

/** What all paths begin with, when it says more than what was typed; the path itself when it is the only one. */
export function commonStart(typed: string, paths: readonly string[]): string | undefined {
  if (paths.length === 0) return undefined;
  if (paths.length === 1) return paths[0];
  let start = paths[0];
  for (const path of paths) {
    while (!path.toLowerCase().startsWith(start.toLowerCase())) start = start.slice(0, -1);
  }
  return start.length > typed.length ? start : undefined;
}

/**
 * Whether a file would be replaced of which nobody has said so: a double click on it, or a name that was entered before
 * it was looked at.
 * @param told path of the file that the person was told of
 */
export function replacesUntold({ kind, path }: Pick<PathStatus, 'kind' | 'path'>, told: string): boolean {
  return kind === 'file' && path !== told;
}
