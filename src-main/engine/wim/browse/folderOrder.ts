import { FileAttribute, isPlainDirectory } from '../../tree/attributes';
import { dataSize } from '../../tree/entryKind';
import { NONE, type Tree } from '../../tree/tree';

/** How a directory is listed. */
export interface FolderOrder {
  readonly sort: 'name' | 'size' | 'modified' | 'type';
  readonly descending: boolean;
  readonly directoriesOnly: boolean;
}

/**
 * Entries of a directory in an order. Directories come first when sorted by name or type, whichever way; entries that
 * are equal otherwise are ordered by name.
 */
export function orderFolder(tree: Tree, directory: number, order: FolderOrder): Int32Array {
  const rows: number[] = [];
  for (let row = tree.firstChild[directory]; row !== NONE; row = tree.nextSibling[row]) {
    if (!order.directoriesOnly || isPlainDirectory(tree.attributes[tree.inode[row]])) rows.push(row);
  }
  return Int32Array.from(rows.sort(comparison(tree, rows, order)));
}

function comparison(
  tree: Tree,
  rows: readonly number[],
  { sort, descending }: FolderOrder,
): (a: number, b: number) => number {
  const sign = descending ? -1 : 1;
  const byName = (a: number, b: number): number => tree.compareNamesOf(a, b);
  const file = (row: number): number =>
    (tree.attributes[tree.inode[row]] & FileAttribute.DIRECTORY) === 0 ? 1 : 0;
  switch (sort) {
    case 'name':
      return (a, b) => file(a) - file(b) || sign * byName(a, b);
    case 'size': {
      const sizes = new Map(rows.map((row) => [row, dataSize(tree, row)]));
      const size = (row: number): number => sizes.get(row) ?? 0;
      return (a, b) => sign * (size(a) - size(b)) || byName(a, b);
    }
    case 'modified': {
      const time = (row: number): bigint => tree.lastWriteTime[tree.inode[row]];
      const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
      return (a, b) => sign * compare(time(a), time(b)) || byName(a, b);
    }
    case 'type': {
      const types = new Map(rows.map((row) => [row, extensionOf(tree.upcasedName(row))]));
      const type = (row: number): string => types.get(row) ?? '';
      const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
      return (a, b) => file(a) - file(b) || sign * compare(type(a), type(b)) || byName(a, b);
    }
  }
}

/** What follows the last dot of a name; '' where there is none, and for names that begin with it. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1);
}
