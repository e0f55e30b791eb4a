import { upcase } from '../../tree/nameOrder';

/** Longest name, in UTF-16 units. */
const NAME_LIMIT = 255;
/** What a name that cannot be is given in place of a unit. */
const REPLACEMENT = 0xfffd;

/** A name in memory that all share. */
export interface NameRange {
  readonly units: Uint16Array;
  readonly start: number;
  readonly length: number;
}

const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const DOT = 0x2e;
const SPACE = 0x20;

/** Units that no program of Windows can open a name with, although NTFS holds them: "*:<>?| and control characters. */
const unopenable = new Uint8Array(0x80).fill(1, 0, SPACE);
for (const text of '"*:<>?|') unopenable[text.charCodeAt(0)] = 1;
/** Units that a short name must not have, besides those below the blank. */
const notInShortNames = new Set(Array.from('"*+,/:;<=>?[\\]|', (text) => text.charCodeAt(0)));

/** Why NTFS cannot hold a name, or undefined. */
export function nameProblem({ units, start, length }: NameRange): string | undefined {
  if (length === 0) return 'it has no name';
  if (length > NAME_LIMIT) return 'the name is longer than 255 characters';
  if (units[start] === DOT && (length === 1 || (length === 2 && units[start + 1] === DOT)))
    return '"." and ".." are not names';
  for (let i = start; i < start + length; i++) {
    if (units[i] === 0 || units[i] === SLASH || units[i] === BACKSLASH)
      return 'the name has a slash, a backslash or a NUL in it';
  }
  return undefined;
}

/** Whether Windows opens files of that name. */
export function opensOnWindows({ units, start, length }: NameRange): boolean {
  const last = units[start + length - 1];
  if (last === DOT || last === SPACE) return false;
  for (let i = start; i < start + length; i++)
    if (units[i] < 0x80 && unopenable[units[i]] === 1) return false;
  return true;
}

/** A name that can be in place of one that cannot. @param suffix makes it differ from all others */
export function repairedName({ units, start, length }: NameRange, suffix: string): string {
  let name = '';
  for (let i = start; i < start + Math.min(length, NAME_LIMIT - suffix.length); i++) {
    const bad = units[i] === 0 || units[i] === SLASH || units[i] === BACKSLASH;
    name += String.fromCharCode(bad ? REPLACEMENT : units[i]);
  }
  return name + suffix;
}

/** Whether a name has the form of a short one. */
export function isShortName({ units, start, length }: NameRange): boolean {
  if (length === 0 || length > 12) return false;
  let dot = -1;
  for (let i = 0; i < length; i++) {
    const unit = units[start + i];
    if (unit === DOT) {
      if (dot >= 0 || i === 0) return false;
      dot = i;
    } else if (unit < SPACE || notInShortNames.has(unit)) return false;
  }
  const base = dot < 0 ? length : dot;
  const extension = dot < 0 ? 0 : length - dot - 1;
  return base <= 8 && extension <= 3 && (dot < 0 || extension > 0);
}

/** Whether two names are one to Windows. */
export function sameIgnoringCase(a: NameRange, b: NameRange): boolean {
  if (a.length !== b.length) return false;
  const table = upcase();
  for (let i = 0; i < a.length; i++)
    if (table[a.units[a.start + i]] !== table[b.units[b.start + i]]) return false;
  return true;
}

/** Files of the system that are in the root, sorted as its index has them. */
export const systemNames = [
  '$AttrDef',
  '$BadClus',
  '$Bitmap',
  '$Boot',
  '$Extend',
  '$LogFile',
  '$MFT',
  '$MFTMirr',
  '$Secure',
  '$UpCase',
  '$Volume',
  '.',
] as const;

/** Orders a name and a text as an index does, ignoring case. */
export function compareWithText({ units, start, length }: NameRange, text: string): number {
  const table = upcase();
  for (let i = 0; i < Math.min(length, text.length); i++) {
    const difference = table[units[start + i]] - table[text.charCodeAt(i)];
    if (difference !== 0) return difference;
  }
  return length - text.length;
}

/** Whether a name in the root is one that the system uses. */
export function isSystemName(name: NameRange): boolean {
  return name.length > 0 && systemNames.some((text) => compareWithText(name, text) === 0);
}
