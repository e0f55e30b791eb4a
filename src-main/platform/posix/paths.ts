import { absoluteWindowsPath, joinWindowsPath } from '../windows/paths';

/** Appends a name (or a path with `/` between names) to a directory's path. */
export function joinPath(directory: string, name: string): string {
  if (process.platform === 'win32') return joinWindowsPath(directory, name);
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}

/** Absolute path without a trailing slash. On POSIX `..` stays: after a link it is not what its letters say. */
export function absolutePath(path: string): string {
  if (process.platform === 'win32') return absoluteWindowsPath(path);
  const absolute = path.startsWith('/') ? path : joinPath(process.cwd(), path);
  return absolute.replace(/(?<=.)\/+$/, '');
}
