import { makeUpcaseTable } from './upcaseTable';

/** Upper-case form of every UTF-16 code unit, made when first needed. */
let upcaseTable: Uint16Array<ArrayBuffer> | undefined;

/**
 * Simple upper-casing of single UTF-16 code units, as NTFS compares names: no character changes its length. It is the
 * table of $UpCase.
 */
export function upcase(): Uint16Array<ArrayBuffer> {
  upcaseTable ??= makeUpcaseTable();
  return upcaseTable;
}

/** Compares names as a WIM sorts them: ignoring case first, then by code unit. */
export function compareNames(a: string, b: string): number {
  const table = upcase();
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = table[a.charCodeAt(i)] - table[b.charCodeAt(i)];
    if (difference !== 0) return difference;
  }
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether two names are the same to Windows. */
export function sameNameIgnoringCase(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const table = upcase();
  for (let i = 0; i < a.length; i++) if (table[a.charCodeAt(i)] !== table[b.charCodeAt(i)]) return false;
  return true;
}

/** The same text for names that differ only in case, as {@link sameNameIgnoringCase} has it. */
export function upcaseName(name: string): string {
  const table = upcase();
  let upper = '';
  for (let i = 0; i < name.length; i++) upper += String.fromCharCode(table[name.charCodeAt(i)]);
  return upper;
}
