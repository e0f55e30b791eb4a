import { win32 } from 'node:path';

/**
 * Appends a name, or a path with `/` between its names as an image has it, to a directory's path. Windows takes `/`
 * too, but not in a path that begins with `\\?\`, and people are shown these paths.
 */
export function joinWindowsPath(directory: string, name: string): string {
  const below = name.replaceAll('/', '\\');
  return /[\\/]$/.test(directory) ? directory + below : `${directory}\\${below}`;
}

/**
 * Absolute path without a trailing separator but for the root of a drive or share. As Windows does it: `..` is worked
 * out by its letters, `C:` and `C:name` begin at the drive's current directory, `\name` at the current drive's root.
 * The prefix of the long form (`\\?\C:\x`, `\\?\UNC\server\share`) goes: Node puts it before every path, and names the
 * root of a drive wrongly when it is there already.
 */
export function absoluteWindowsPath(path: string): string {
  const drive = /^[\\/]{2}[?.][\\/](?=[a-z]:([\\/]|$))/i.exec(path);
  // In the long form "C:" has no current directory.
  if (drive !== null) return win32.resolve(`${path.slice(drive[0].length)}\\`);
  const share = /^[\\/]{2}[?.][\\/]unc[\\/]/i.exec(path);
  return win32.resolve(share === null ? path : `\\\\${path.slice(share[0].length)}`);
}

/** Whether an absolute path is the root directory of a drive or share. */
export function isVolumeRoot(path: string): boolean {
  return win32.parse(path).root === path;
}
