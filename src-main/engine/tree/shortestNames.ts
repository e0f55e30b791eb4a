import { NONE, type Tree } from './tree';

/** For each inode the entry whose name is the shortest of its hard links, the first of several; NONE for one without. */
export function shortestNames(tree: Tree): Int32Array {
  const shortest = new Int32Array(tree.inodeCount).fill(NONE);
  for (const entry of tree.preorder()) {
    const known = shortest[tree.inode[entry]];
    if (known === NONE || tree.name(entry).length < tree.name(known).length)
      shortest[tree.inode[entry]] = entry;
  }
  return shortest;
}
