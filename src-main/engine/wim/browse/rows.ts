import type { EntryRow } from '../../../../src-shared/contract/browse';
import { dataSize, kindOf } from '../../tree/entryKind';
import { NONE, StreamKind, type Tree } from '../../tree/tree';
import { isoTime } from '../fileTime';

/** What a directory holds directly. */
export type ChildCounts = (entry: number) => { readonly children: number; readonly directories: number };

/** An entry as a row of a list. */
export function entryRow(tree: Tree, entry: number, counts: ChildCounts): EntryRow {
  const inode = tree.inode[entry];
  let namedStreams = 0;
  for (let row = tree.firstStream[inode]; row !== NONE; row = tree.streamNext[row])
    if (tree.streamKind[row] === StreamKind.NAMED) namedStreams += 1;
  return {
    name: tree.name(entry),
    path: tree.path(entry),
    kind: kindOf(tree, entry),
    size: dataSize(tree, entry),
    modified: isoTime(tree.lastWriteTime[inode]),
    attributes: tree.attributes[inode],
    linkCount: tree.linkCount[inode],
    namedStreams,
    ...counts(entry),
  };
}
