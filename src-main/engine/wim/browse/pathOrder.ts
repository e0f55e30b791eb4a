import type { Steps } from '../../steps';
import { NONE, type Tree } from '../../tree/tree';

/** Entries between pauses. */
const ENTRIES_PER_STEP = 4096;

/** All entries of a tree in path order: directories before what is in them, names as a WIM sorts them. */
export function* pathOrderSteps(tree: Tree): Steps<Int32Array> {
  const order = new Int32Array(tree.entryCount);
  // What is still to come, in reverse; never more than there are entries.
  const pending = new Int32Array(tree.entryCount);
  let length = 0;
  let pendingLength = 0;
  if (tree.entryCount > 0) pending[pendingLength++] = 0;
  while (pendingLength > 0) {
    const entry = pending[--pendingLength];
    order[length++] = entry;
    if (tree.firstChild[entry] !== NONE) pendingLength = pushChildren(tree, entry, pending, pendingLength);
    if (length % ENTRIES_PER_STEP === 0) yield;
  }
  return order.subarray(0, length);
}

function pushChildren(tree: Tree, directory: number, pending: Int32Array, at: number): number {
  let end = at;
  let isSorted = true;
  for (let row = tree.firstChild[directory]; row !== NONE; row = tree.nextSibling[row]) {
    if (end > at && isSorted) isSorted = tree.compareNamesOf(pending[end - 1], row) <= 0;
    pending[end++] = row;
  }
  const children = pending.subarray(at, end);
  // Writers sort them: it is the rule, not the exception.
  if (!isSorted) children.sort((a, b) => tree.compareNamesOf(a, b));
  children.reverse();
  return end;
}
