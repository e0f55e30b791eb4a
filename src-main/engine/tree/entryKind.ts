import { FileAttribute, ReparseTag } from './attributes';
import { NONE, StreamKind, type Tree } from './tree';

/** What an entry is to a person. */
export type EntryKind = 'directory' | 'file' | 'link';

/** A symbolic link or junction is a link; other reparse points are what they stand for. */
export function kindOf(tree: Tree, entry: number): EntryKind {
  const inode = tree.inode[entry];
  const attributes = tree.attributes[inode];
  if ((attributes & FileAttribute.REPARSE_POINT) !== 0) {
    const tag = tree.extras.get(inode)?.reparseTag;
    if (tag === ReparseTag.SYMLINK || tag === ReparseTag.MOUNT_POINT) return 'link';
  }
  return (attributes & FileAttribute.DIRECTORY) !== 0 ? 'directory' : 'file';
}

/** The unnamed data of an inode, or what stands for it in an encrypted file; NONE when it is empty. */
export function dataStream(tree: Tree, inode: number): number {
  for (let row = tree.firstStream[inode]; row !== NONE; row = tree.streamNext[row]) {
    const kind = tree.streamKind[row];
    if (kind === StreamKind.DATA || kind === StreamKind.ENCRYPTED_RAW) return row;
  }
  return NONE;
}

/** Bytes of the unnamed data. */
export function dataSize(tree: Tree, entry: number): number {
  const stream = dataStream(tree, tree.inode[entry]);
  return stream === NONE ? 0 : tree.streamSize[stream];
}
