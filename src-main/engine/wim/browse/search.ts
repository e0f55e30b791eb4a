import { compileNameText } from '../../tree/pathText';
import type { Tree } from '../../tree/tree';

/** Entries that a search found: how many, and the first of them in path order. */
export interface Found {
  readonly total: number;
  readonly entries: readonly number[];
}

/**
 * Finds entries by {@link compileNameText}. The root is never found, nor anything when nothing is typed.
 * @param order entries in path order
 */
export function searchTree(tree: Tree, order: Int32Array, pattern: string, limit: number): Found {
  if (pattern === '') return { total: 0, entries: [] };
  const test = compileNameText(tree, pattern);
  const entries: number[] = [];
  let total = 0;
  for (const entry of order) {
    if (entry === 0 || !test(entry)) continue;
    if (total < limit) entries.push(entry);
    total += 1;
  }
  return { total, entries };
}
