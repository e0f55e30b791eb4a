import { AppError } from '../../../../src-shared/errors/appError';
import { NONE, type Tree } from '../../tree/tree';
import { findChild } from '../ops/dir';

/** Finds an entry as Windows does: the exact name first, then one that differs in case. */
export function findByName(tree: Tree, directory: number, name: string): number {
  return findChild(tree, directory, name, { ignoreCase: true });
}

/** Names of a path; `/` stands between them, since a name may have a backslash. */
export function namesOfPath(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

/** The entry at a path. @throws AppError `wim/no-such-path` */
export function entryAt(tree: Tree, path: string): number {
  let entry = 0;
  for (const name of namesOfPath(path)) {
    entry = findByName(tree, entry, name);
    if (entry === NONE) throw noSuchPath(path);
  }
  return entry;
}

export function noSuchPath(path: string): AppError {
  return new AppError('wim/no-such-path', `the image has no "${path}"`, { path });
}
