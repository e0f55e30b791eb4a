import { compareNames, upcaseName } from '../nameOrder';
import { NONE, type Tree } from '../tree';

/**
 * What two directories hold, side by side in the order of names: entries of one name are a pair, the others have NONE
 * on the other side. Without case, the exact name comes first, then one that differs in case.
 * @param take called for each pair, in order
 */
export function pairChildren(
  left: Tree,
  leftDirectory: number,
  right: Tree,
  rightDirectory: number,
  ignoreCase: boolean,
  take: (left: number, right: number) => void,
): void {
  const leftRows = sortedChildren(left, leftDirectory);
  const rightRows = sortedChildren(right, rightDirectory);
  const partners = new Int32Array(leftRows.length).fill(NONE);
  const free = new Map(rightRows.map((row) => [right.name(row), row]));
  const names = leftRows.map((row) => left.name(row));
  names.forEach((name, i) => {
    const row = free.get(name);
    if (row === undefined) return;
    partners[i] = row;
    free.delete(name);
  });
  if (ignoreCase && free.size > 0) {
    const similar = new Map([...free].map(([name, row]) => [upcaseName(name), row]));
    names.forEach((name, i) => {
      if (partners[i] !== NONE) return;
      const row = similar.get(upcaseName(name));
      if (row === undefined) return;
      partners[i] = row;
      similar.delete(upcaseName(name));
      free.delete(right.name(row));
    });
  }
  // Both lists are in order: what only the right side has goes between.
  const rest = [...free];
  let next = 0;
  leftRows.forEach((row, i) => {
    while (next < rest.length && compareNames(rest[next][0], names[i]) < 0) take(NONE, rest[next++][1]);
    take(row, partners[i]);
  });
  while (next < rest.length) take(NONE, rest[next++][1]);
}

/** Entries of a directory in order of their names. */
export function sortedChildren(tree: Tree, directory: number): number[] {
  const rows: number[] = [];
  let isSorted = true;
  for (let row = tree.firstChild[directory]; row !== NONE; row = tree.nextSibling[row]) {
    if (isSorted && rows.length > 0) isSorted = tree.compareNamesOf(rows[rows.length - 1], row) <= 0;
    rows.push(row);
  }
  return isSorted ? rows : rows.sort((a, b) => tree.compareNamesOf(a, b));
}
