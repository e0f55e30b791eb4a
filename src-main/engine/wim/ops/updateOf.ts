import { FileAttribute, isPlainDirectory } from '../../tree/attributes';
import { NONE, StreamKind, type Tree } from '../../tree/tree';

/**
 * Takes the data of files that did not change from an earlier image: a file of the same path, size and last write time
 * need not be read again. What a program changed while it kept size and time is missed, as with every such tool.
 *
 * Both trees must name blobs of one blob table.
 * @returns number of streams taken over
 */
export function reuseUnchanged(tree: Tree, template: Tree): number {
  let reused = 0;
  const pending: [directory: number, templateDirectory: number][] = [[0, 0]];
  while (pending.length > 0) {
    const [directory, templateDirectory] = pending.pop() as [number, number];
    const known = new Map<string, number>();
    for (const entry of template.children(templateDirectory)) known.set(template.name(entry), entry);
    for (const entry of tree.children(directory)) {
      const earlier = known.get(tree.name(entry));
      if (earlier === undefined) continue;
      const inode = tree.inode[entry];
      const earlierInode = template.inode[earlier];
      if (isPlainDirectory(tree.attributes[inode])) {
        if (isPlainDirectory(template.attributes[earlierInode])) pending.push([entry, earlier]);
      } else if (isUnchanged(tree, inode, template, earlierInode)) {
        reused += takeStreams(tree, inode, template, earlierInode);
      }
    }
  }
  return reused;
}

function isUnchanged(tree: Tree, inode: number, template: Tree, earlier: number): boolean {
  const kind = FileAttribute.DIRECTORY | FileAttribute.REPARSE_POINT | FileAttribute.ENCRYPTED;
  if ((tree.attributes[inode] & kind) !== (template.attributes[earlier] & kind)) return false;
  if (tree.lastWriteTime[inode] !== template.lastWriteTime[earlier]) return false;
  for (const stream of tree.streams(inode)) {
    const match = template.findStream(
      earlier,
      tree.streamKind[stream] as StreamKind,
      tree.streamName(stream),
    );
    if ((match === NONE ? 0 : template.streamSize[match]) !== tree.streamSize[stream]) return false;
  }
  return true;
}

function takeStreams(tree: Tree, inode: number, template: Tree, earlier: number): number {
  let taken = 0;
  for (const stream of tree.streams(inode)) {
    if (tree.streamKind[stream] === StreamKind.REPARSE || tree.streamBlob[stream] !== NONE) continue;
    const match = template.findStream(
      earlier,
      tree.streamKind[stream] as StreamKind,
      tree.streamName(stream),
    );
    if (match === NONE || template.streamBlob[match] === NONE) continue;
    tree.streamBlob[stream] = template.streamBlob[match];
    taken += 1;
  }
  return taken;
}
