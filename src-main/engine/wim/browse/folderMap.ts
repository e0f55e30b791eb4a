import type { SpaceNode } from '../../../../src-shared/contract/browse';
import { safeCount } from '../../binary/safeCount';
import { NONE, type Tree } from '../../tree/tree';
import type { EntryTotals } from './space';

/** Nodes of the whole map, about. */
const MAX_NODES = 400;
/** Nodes of one directory. */
const MAX_CHILDREN = 40;
/** Part of the whole below which a node would not be seen. */
const LEAST_PART = 0.0005;

interface Node {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly stored: number;
  readonly files: number;
  readonly children: Node[];
}

/**
 * The directories and files that take most, as a map of rectangles. The largest directory is opened first, until there
 * are enough nodes; what is small in an opened directory is gathered in a node without a name. The children of a node
 * add up to it.
 */
export function folderMap(tree: Tree, totals: EntryTotals): SpaceNode {
  const least = Math.max(1, totals.bytes[0] * LEAST_PART);
  const root = nodeOf(tree, totals, 0);
  let count = 1;
  const closed: [entry: number, node: Node][] = [[0, root]];
  while (closed.length > 0 && count < MAX_NODES) {
    let widest = 0;
    for (let i = 1; i < closed.length; i++) if (closed[i][1].bytes > closed[widest][1].bytes) widest = i;
    const [[entry, node]] = closed.splice(widest, 1);
    const room = Math.min(MAX_CHILDREN, MAX_NODES - count);
    const shown = largestChildren(tree, totals, entry, least, room);
    for (const child of shown) {
      const part = nodeOf(tree, totals, child);
      node.children.push(part);
      if (tree.firstChild[child] !== NONE) closed.push([child, part]);
    }
    const rest = remainder(node);
    if (shown.length > 0 && rest.bytes + rest.stored + rest.files > 0) node.children.push(rest);
    count += node.children.length;
  }
  return root;
}

function largestChildren(
  tree: Tree,
  totals: EntryTotals,
  directory: number,
  least: number,
  room: number,
): number[] {
  const found: number[] = [];
  for (let row = tree.firstChild[directory]; row !== NONE; row = tree.nextSibling[row])
    if (totals.bytes[row] >= least) found.push(row);
  return found.sort((a, b) => totals.bytes[b] - totals.bytes[a]).slice(0, room);
}

function nodeOf(tree: Tree, totals: EntryTotals, entry: number): Node {
  return {
    name: tree.name(entry),
    path: tree.path(entry),
    bytes: safeCount(totals.bytes[entry]),
    stored: safeCount(totals.stored[entry]),
    files: totals.files[entry],
    children: [],
  };
}

/** What of a directory is in none of its nodes. */
function remainder(node: Node): Node {
  let { bytes, stored, files } = node;
  for (const child of node.children) {
    bytes -= child.bytes;
    stored -= child.stored;
    files -= child.files;
  }
  return {
    name: '',
    path: node.path,
    bytes: safeCount(bytes),
    stored: safeCount(stored),
    files,
    children: [],
  };
}
