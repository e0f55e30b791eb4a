/** Whether a single name (no separators) matches. */
export type NameTest = (name: string) => boolean;

/**
 * Makes names that differ in case only equal. One code unit stays one code unit, and no other letter becomes an ASCII
 * one, as in the upcase table of NTFS: the German sharp s and the Turkish dotless i stay themselves.
 */
export function foldCase(text: string): string {
  const upper = text.toUpperCase();
  if (upper.length === text.length && /^[\0-\x7f]*$/.test(text)) return upper;
  let folded = '';
  for (const character of text) {
    const big = character.toUpperCase();
    const same = big.length !== character.length || (character > '\x7f' && big <= '\x7f');
    folded += same ? character : big;
  }
  return folded;
}

export function hasWildcards(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?');
}

/** `*` stands for any number of characters, `?` for one. There are no other special characters and no escapes. */
export function compileNamePattern(pattern: string): NameTest {
  if (!hasWildcards(pattern)) return (name) => name === pattern;
  const star = pattern.indexOf('*');
  if (star >= 0 && star === pattern.lastIndexOf('*') && !pattern.includes('?')) {
    const before = pattern.slice(0, star);
    const after = pattern.slice(star + 1);
    const least = before.length + after.length;
    return (name) => name.length >= least && name.startsWith(before) && name.endsWith(after);
  }
  const collapsed = pattern.replace(/\*+/g, '*');
  return (name) => matchWildcards(name, collapsed);
}

/**
 * Greedy match that goes back to the last star only: time is bounded by the product of the lengths, whatever the
 * pattern. A surrogate pair is one character.
 */
function matchWildcards(name: string, pattern: string): boolean {
  let n = 0;
  let p = 0;
  let starAt = -1;
  let resume = 0;
  while (n < name.length) {
    const wanted = p < pattern.length ? pattern[p] : '';
    if (wanted === '*') {
      starAt = p++;
      resume = n;
    } else if (wanted === '?') {
      n += widthAt(name, n);
      p++;
    } else if (wanted !== '' && wanted === name[n]) {
      n++;
      p++;
    } else if (starAt >= 0) {
      resume += widthAt(name, resume);
      n = resume;
      p = starAt + 1;
    } else {
      return false;
    }
  }
  while (p < pattern.length && pattern[p] === '*') p++;
  return p === pattern.length;
}

function widthAt(text: string, at: number): number {
  const point = text.codePointAt(at);
  return point !== undefined && point > 0xffff ? 2 : 1;
}
