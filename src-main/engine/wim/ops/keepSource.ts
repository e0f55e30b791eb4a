import { AppError } from '../../../../src-shared/errors/appError';
import type { EngineHost } from '../../os';
import { isPlainDirectory } from '../../tree/attributes';
import { NONE, type Tree } from '../../tree/tree';
import type { Wim } from '../wim';
import { findChild } from './dir';

/**
 * Refuses to apply a tree whose files would take the place of the WIM that they are read from.
 * @param root entry of `tree` that lands at `target`
 * @throws AppError `io/exists`, before anything is made
 */
export function assertKeepsSource(
  host: EngineHost,
  wim: Wim,
  tree: Tree,
  root: number,
  target: string,
): void {
  const { files } = host;
  const place = files.realPath(files.absolute(target));
  for (const part of wim.parts) {
    const path = files.realPath(part.path);
    if (path !== place && !/^[\\/]/.test(path.slice(place.length)) && !/[\\/]$/.test(place)) continue;
    if (!path.startsWith(place)) continue;
    let entry = root;
    for (const name of path.slice(place.length).split(/[\\/]/)) {
      if (name !== '' && entry !== NONE) entry = findChild(tree, entry, name, { ignoreCase: true });
    }
    if (entry === NONE || isPlainDirectory(tree.attributes[tree.inode[entry]])) continue;
    throw new AppError(
      'io/exists',
      `${tree.path(entry)} of the image would replace ${path}, the WIM that is being read; apply it to another place`,
      { path },
    );
  }
}
