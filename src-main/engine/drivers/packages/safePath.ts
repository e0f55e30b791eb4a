/** Longest name of NTFS, in UTF-16 code units. */
const LONGEST_NAME = 255;
/** Longest path that is taken from an archive, in UTF-16 code units: a folder must fit in front of it. */
const LONGEST_PATH = 4096;
/** Names below each other. */
const DEEPEST = 128;

/** Names of devices, which Windows opens in place of a file, with or without an extension, and blanks before that. */
const deviceName = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(\..*)?$/iu;
/** Control characters and what has a meaning of its own in a path of Windows; '/' and '\\' are no part of a name. */
const forbidden = /(?![\u007f-\u009f])[\p{Cc}<>:"|?*]/u;
/** Half of a surrogate pair, which no UTF-8 name can hold. */
const halfPair = /\p{Cs}/u;

/** A path that stays below the folder it is unpacked to, on every system; or what is wrong with it. */
export type SafePath = { readonly path: string } | { readonly problem: string };

/**
 * Checks a path from an archive or an INF.
 * @param raw '/' or '\\' between names; '.' and empty names within it are dropped
 */
export function safePath(raw: string): SafePath {
  if (raw.length > LONGEST_PATH) return { problem: `the path is longer than ${LONGEST_PATH} characters` };
  if (/^[/\\]/.test(raw)) return { problem: 'the path is absolute' };
  if (/^[a-z]:/i.test(raw)) return { problem: 'the path begins with a drive' };
  const names = raw.split(/[/\\]/).filter((name) => name !== '' && name !== '.');
  if (names.length === 0) return { problem: 'the path is empty' };
  if (names.length > DEEPEST) return { problem: `the path is deeper than ${DEEPEST} folders` };
  for (const name of names) {
    const problem = nameProblem(name);
    if (problem !== undefined) return { problem };
  }
  return { path: names.join('/') };
}

/** Why a name is none that Windows and this machine can keep as it is; undefined where they can. */
export function nameProblem(name: string): string | undefined {
  if (name === '..') return 'the path leads out of its folder';
  if (name === '' || name === '.') return `"${name}" is not a name`;
  if (forbidden.test(name)) return 'a name has characters that Windows does not allow';
  if (halfPair.test(name)) return 'a name is not Unicode text';
  if (deviceName.test(name)) return `"${name}" is the name of a device`;
  if (/[. ]$/.test(name)) return 'a name ends with a dot or a blank, which Windows drops';
  if (name.length > LONGEST_NAME) return `a name is longer than ${LONGEST_NAME} characters`;
  return undefined;
}

/** Key by which two paths are one on Windows. */
export function pathKey(path: string): string {
  return path.replaceAll('\\', '/').toUpperCase();
}

/** A path from outside as a message may show it: no control characters, not too long. */
export function shownPath(raw: string): string {
  const text = raw.replace(/[\p{Cc}\p{Cs}]/gu, '\ufffd');
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
