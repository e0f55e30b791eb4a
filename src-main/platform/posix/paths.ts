/** Appends a name (or a path) to a directory's path. */
export function joinPath(directory: string, name: string): string {
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}

/** Absolute path without a trailing slash. `..` stays: after a symbolic link it is not what its letters say. */
export function absolutePath(path: string): string {
  const isAbsolute = path.startsWith('/') || (process.platform === 'win32' && /^([a-z]:)?[\\/]/i.test(path));
  const absolute = isAbsolute ? path : joinPath(process.cwd(), path);
  return absolute.replace(process.platform === 'win32' ? /(?<=[^:])[\\/]+$/ : /(?<=.)\/+$/, '');
}
