import { AppError } from '../../../src-shared/errors/appError';
import { FileAttribute, isPlainDirectory } from '../tree/attributes';
import { pathNames } from '../tree/imagePath';
import { NONE, StreamKind, type Tree } from '../tree/tree';
import { findChild } from '../wim/ops/dir';
import type { OfflineEntry } from './offlineTree';

const rules = { ignoreCase: true };

/** The entry at a path by Windows' rules of names, or NONE. Nothing is found behind a link. */
export function lookUp(tree: Tree, path: string): number {
  let entry = 0;
  for (const name of pathNames(path)) {
    if (!isPlainDirectory(tree.attributes[tree.inode[entry]])) return NONE;
    entry = findChild(tree, entry, name, rules);
    if (entry === NONE) return NONE;
  }
  return entry;
}

/** What an offline tree tells of an entry of a scanned tree. */
export function offlineEntry(tree: Tree, entry: number): OfflineEntry {
  const inode = tree.inode[entry];
  const attributes = tree.attributes[inode];
  const kind =
    (attributes & FileAttribute.REPARSE_POINT) !== 0
      ? 'link'
      : isPlainDirectory(attributes)
        ? 'directory'
        : 'file';
  const data = kind === 'file' ? tree.findStream(inode, StreamKind.DATA) : NONE;
  const size = data === NONE ? 0 : tree.streamSize[data];
  return { name: tree.name(entry), path: tree.path(entry), kind, size };
}

/** What a directory of a scanned tree holds; nothing where there is none. */
export function offlineList(tree: Tree, path: string): OfflineEntry[] {
  const directory = lookUp(tree, path);
  if (directory === NONE || !isPlainDirectory(tree.attributes[tree.inode[directory]])) return [];
  return Array.from(tree.children(directory), (entry) => offlineEntry(tree, entry));
}

/**
 * The stream with a file's data, or NONE for an empty one.
 * @throws AppError `io/not-found`, `offline/too-large`
 */
export function dataStream(tree: Tree, path: string, label: string, limit: number): number {
  const entry = lookUp(tree, path);
  if (entry === NONE || offlineEntry(tree, entry).kind !== 'file') {
    throw new AppError('io/not-found', `${label} has no file ${path}`, { path });
  }
  const stream = tree.findStream(tree.inode[entry], StreamKind.DATA);
  assertSize(stream === NONE ? 0 : tree.streamSize[stream], limit, path, label);
  return stream;
}

/** @throws AppError `offline/too-large` */
export function assertSize(size: number, limit: number, path: string, label: string): void {
  if (size <= limit) return;
  throw new AppError(
    'offline/too-large',
    `${path} of ${label} has ${size} bytes: more than ${limit} are not expected of such a file`,
    { path, size },
  );
}
