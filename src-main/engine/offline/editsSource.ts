import { AppError } from '../../../src-shared/errors/appError';
import type { FileSystem } from '../os';
import type { StreamLocation } from '../pipeline/tasks';
import { FileAttribute, isPlainDirectory } from '../tree/attributes';
import { pathNames } from '../tree/imagePath';
import type { TreeSource } from '../tree/source';
import { NONE, StreamKind, Tree } from '../tree/tree';
import { findChild } from '../wim/ops/dir';
import type { OfflineEdit } from './offlineTree';
import { lookUp } from './treeLookup';

type FileEdit = Exclude<OfflineEdit, { kind: 'delete' }>;

/**
 * The files that edits write, as a tree that is laid over an image. A file that the image has keeps its attributes,
 * creation time, security descriptor and other metadata.
 * @param image tree of the image
 * @param now FILETIME
 */
export function createEditsSource(
  files: FileSystem,
  edits: readonly FileEdit[],
  image: Tree,
  now: bigint,
  label: string,
): TreeSource {
  const tree = new Tree();
  const locations: StreamLocation[] = [];
  tree.addEntry(NONE, '', tree.addInode(FileAttribute.DIRECTORY, now, now, now));
  for (const edit of edits) {
    const names = pathNames(edit.path);
    const name = names.pop();
    if (name === undefined) throw new AppError('internal/bug', 'an edit without a name');
    let directory = 0;
    for (const part of names) {
      const child = findChild(tree, directory, part, { ignoreCase: true });
      directory =
        child !== NONE
          ? child
          : tree.addEntry(directory, part, tree.addInode(FileAttribute.DIRECTORY, now, now, now));
    }
    const location = locationOf(files, edit);
    const inode = addFile(tree, image, edit.path, now);
    const size = location.kind === 'bytes' ? location.bytes.length : edit.kind === 'copy' ? edit.size : 0;
    tree.addStream(inode, StreamKind.DATA, '', NONE, size);
    tree.addEntry(directory, name, inode);
    locations.push(location);
  }
  return {
    label,
    scan: () => Promise.resolve({ tree, excluded: [], notKept: [] }),
    locate: (_tree, stream) => locations[stream],
  };
}

function locationOf(files: FileSystem, edit: FileEdit): StreamLocation {
  if (edit.kind === 'write') return { kind: 'bytes', bytes: edit.bytes };
  const status = files.status(edit.source);
  if (status?.kind !== 'file' || status.size !== edit.size) {
    throw new AppError('plan/stale', `${edit.source} changed since it was looked at`, {
      path: edit.source,
    });
  }
  return { kind: 'file', path: edit.source, size: status.size, modifiedMs: status.modifiedMs };
}

function addFile(tree: Tree, image: Tree, path: string, now: bigint): number {
  const existing = lookUp(image, path);
  if (existing === NONE) return tree.addInode(FileAttribute.ARCHIVE, now, now, now);
  const inode = image.inode[existing];
  const attributes = image.attributes[inode];
  if (isPlainDirectory(attributes) || (attributes & FileAttribute.REPARSE_POINT) !== 0) {
    throw new AppError('wim/bad-edit', `${path} is no plain file in the image`, { path });
  }
  const descriptor = image.securityId[inode];
  const id =
    descriptor === NONE ? NONE : tree.securityDescriptors.push(image.securityDescriptors[descriptor]) - 1;
  const copy = tree.addInode(attributes, image.creationTime[inode], now, now, id);
  const extras = image.extras.get(inode);
  if (extras !== undefined) tree.extras.set(copy, { ...extras });
  return copy;
}
