import { posix, win32 } from 'node:path';

/** How paths are written on a system. All are absolute but what a person typed. */
export interface PathRules {
  readonly separator: string;
  /** The absolute path that a person means, without a separator at its end but for a root. */
  absolute(typed: string): string;
  /** The directory above; null for a root. */
  parent(path: string): string | null;
  /** The last name; the path itself for a root. */
  name(path: string): string;
  join(directory: string, name: string): string;
  /** Cuts what was typed after its last separator: the directory as typed, and the beginning of a name. */
  cut(typed: string): { readonly directory: string; readonly start: string };
  /** Equal for two absolute paths that the system does not tell apart by their letters. */
  key(path: string): string;
  /** Why a new file or folder cannot have the name; undefined when it can. */
  nameFault(name: string): string | undefined;
}

/**
 * Rules of a system. `~` is the person's home directory, and relative paths begin there: where the program was started
 * from means nothing to a person at a window.
 * @param home absolute
 */
export function createPathRules(windows: boolean, home: string): PathRules {
  return windows ? windowsRules(home) : posixRules(home);
}

function posixRules(home: string): PathRules {
  return {
    separator: '/',
    absolute: (typed) => posix.resolve(home, atHome(typed, home, /^~(?=\/|$)/)),
    parent: (path) => (posix.dirname(path) === path ? null : posix.dirname(path)),
    name: (path) => posix.basename(path) || path,
    join: (directory, name) => posix.join(directory, name),
    cut(typed) {
      const at = typed.lastIndexOf('/') + 1;
      return { directory: typed.slice(0, at), start: typed.slice(at) };
    },
    key: (path) => path,
    nameFault: commonFault,
  };
}

function windowsRules(home: string): PathRules {
  return {
    separator: '\\',
    absolute: (typed) => absoluteOnWindows(typed, home),
    parent: (path) => (win32.dirname(path) === path ? null : win32.dirname(path)),
    name: (path) => win32.basename(path) || path,
    join: (directory, name) => win32.join(directory, name),
    cut(typed) {
      const at = Math.max(typed.lastIndexOf('\\'), typed.lastIndexOf('/')) + 1;
      return { directory: typed.slice(0, at), start: typed.slice(at) };
    },
    key: (path) => path.toLowerCase(),
    nameFault: (name) => commonFault(name) ?? windowsFault(name),
  };
}

function absoluteOnWindows(typed: string, home: string): string {
  // As Explorer copies a path. A quote is never part of one.
  let path = atHome(typed.trim().replace(/^"(.*)"$/, '$1'), home, /^~(?=[\\/]|$)/);
  // The long form: Node puts it before every path by itself, and takes the root of a drive wrongly in it.
  path = path.replace(/^[\\/]{2}[?.][\\/]unc[\\/]/i, '\\\\').replace(/^[\\/]{2}[?.][\\/](?=[a-z]:)/i, '');
  // "C:name" and "\name" would begin where the program was started.
  if (/^[a-z]:(?![\\/])/i.test(path)) path = `${path.slice(0, 2)}\\${path.slice(2)}`;
  else if (/^[\\/](?![\\/])/.test(path)) path = win32.parse(home).root.replace(/[\\/]$/, '') + path;
  return win32.resolve(home, path);
}

function atHome(typed: string, home: string, tilde: RegExp): string {
  return typed.replace(tilde, () => home);
}

/** The longest name of most volumes, in bytes or UTF-16 units. */
const LONGEST_NAME = 255;

function commonFault(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'it means a directory that is there already';
  if (/[/\\]/.test(name)) return 'it has a separator in it';
  if (name.includes('\0')) return 'it has a NUL in it';
  if (Buffer.byteLength(name) > LONGEST_NAME) return `it is longer than ${LONGEST_NAME} bytes`;
  return undefined;
}

/** Names that mean a device, with any extension. */
const device = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])[ ]*(\.|$)/i;

function windowsFault(name: string): string | undefined {
  if (device.test(name)) return 'Windows keeps it for a device';
  for (const character of name) {
    if (character < ' ' || '<>:"|?*'.includes(character))
      return 'it has a character that Windows does not allow';
  }
  return /[. ]$/.test(name) ? 'it ends with a dot or a space' : undefined;
}
