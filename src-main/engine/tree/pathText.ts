import { upcaseName } from './nameOrder';
import { compileNamePattern, hasWildcards } from './namePattern';
import type { Tree } from './tree';

/** Whether an entry of a tree is wanted. */
export type EntryTest = (entry: number) => boolean;

/**
 * What a person types to find entries: a text that the path contains, whatever the case, or a glob (`*` and `?`, which
 * never stand for a slash) that the last names of the path match. One that begins with a slash begins at the root.
 * Either slash will do. Nothing typed is everything.
 */
export function compilePathText(tree: Tree, typed: string): EntryTest {
  const wanted = upcaseName(typed.replaceAll('\\', '/'));
  if (wanted === '') return () => true;
  if (hasWildcards(wanted)) return compileGlob(tree, wanted);
  return compileText(tree, wanted);
}

/** The same for names: a text without a slash is looked for in the name alone. */
export function compileNameText(tree: Tree, typed: string): EntryTest {
  const wanted = upcaseName(typed.replaceAll('\\', '/'));
  if (wanted === '' || wanted.includes('/') || hasWildcards(wanted)) return compilePathText(tree, typed);
  const text = units(wanted);
  return (entry) => tree.nameContains(entry, text);
}

/**
 * Whether a path contains a text: it does when that of its directory does, which is found out once, or when the text
 * ends in its last name.
 */
function compileText(tree: Tree, wanted: string): EntryTest {
  const names = wanted.split('/');
  const last = names.pop() ?? '';
  const first = names.shift();
  const between = names.reverse();
  const text = units(last);
  const endsIn = (entry: number): boolean => {
    if (entry === 0 || !tree.nameContains(entry, text)) return false;
    if (first === undefined) return true;
    if (!tree.upcasedName(entry).startsWith(last)) return false;
    let row = tree.parent[entry];
    for (const name of between) {
      if (row <= 0 || tree.upcasedName(row) !== name) return false;
      row = tree.parent[row];
    }
    return tree.upcasedName(row).endsWith(first);
  };
  /** By directory: 1 when its path contains the text, 2 when it does not. */
  const known = new Uint8Array(tree.entryCount);
  const contains = (directory: number): boolean => {
    let top = directory;
    while (top > 0 && known[top] === 0) top = tree.parent[top];
    let found = top > 0 && known[top] === 1;
    // Down again, by way of the directories that were not known.
    const way: number[] = [];
    for (let row = directory; row > 0 && row !== top; row = tree.parent[row]) way.push(row);
    for (const row of way.reverse()) {
      found ||= endsIn(row);
      known[row] = found ? 1 : 2;
    }
    return found;
  };
  return (entry) => endsIn(entry) || (entry > 0 && contains(tree.parent[entry]));
}

function compileGlob(tree: Tree, wanted: string): EntryTest {
  const names = wanted.split('/').filter((name) => name !== '');
  const last = names.pop() ?? '';
  const atRoot = wanted.startsWith('/');
  const above = names.map(compileNamePattern).reverse();
  const matches = compileNamePattern(last);
  // What the name must contain, whatever else: that tells most entries apart without making a string.
  const piece = units(longestPiece(last));
  return (entry) => {
    if (!tree.nameContains(entry, piece) || !matches(tree.upcasedName(entry))) return false;
    let row = tree.parent[entry];
    for (const test of above) {
      if (row <= 0 || !test(tree.upcasedName(row))) return false;
      row = tree.parent[row];
    }
    return !atRoot || row === 0;
  };
}

/** The longest run without wildcards. */
function longestPiece(pattern: string): string {
  return pattern
    .split(/[*?]/)
    .reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '');
}

function units(text: string): Uint16Array {
  return Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
}
