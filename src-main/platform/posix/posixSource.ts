import { AppError, CancelledError } from '../../../src-shared/errors/appError';
import type { StreamLocation } from '../../engine/pipeline/tasks';
import type { ScanOptions, ScanResult, TreeSource } from '../../engine/tree/source';
import type { Tree } from '../../engine/tree/tree';
import { DirectoryScan } from './directoryScan';
import { absolutePath } from './paths';
import type { SourceRoot, StreamOrigins } from './streamOrigins';

/** A file or directory and where in the image it goes ('/' for the root). */
export interface SourceListEntry {
  readonly source: string;
  readonly target: string;
}

/**
 * A directory as a source. A symbolic link to a directory is followed here, though not below.
 * `scan` throws AppError `io/not-found`, `io/not-a-directory`, `source/unreadable` or `source/bad-name`; on Windows
 * `wim/unsupported` when UNIX data is asked for.
 * `locate` holds as long as the scanned tree's names and directories are not changed.
 */
export function createPosixSource(path: string): TreeSource {
  return new DirectorySource(path, [{ diskPath: absolutePath(path), treePath: '' }]);
}

/**
 * Several files and directories laid over each other in one tree: missing parents are made, a directory over a
 * directory is merged with it (the first one's times stay), a file over a file replaces it. Hard links hold across.
 * Links are fixed up only in sources that are laid at the root, and only there is a link to a directory followed.
 * `scan` throws as that of {@link createPosixSource}, and `wim/bad-edit` for a file over a directory or the reverse.
 * @throws AppError `usage/invalid` for a target with a `.` or `..` in it
 */
export function createSourceList(entries: readonly SourceListEntry[]): TreeSource {
  const roots = entries.map(({ source, target }) => ({
    diskPath: absolutePath(source),
    treePath: treePath(target),
  }));
  return new DirectorySource(entries.map(({ source }) => source).join(', '), roots);
}

class DirectorySource implements TreeSource {
  private readonly scanned = new WeakMap<Tree, StreamOrigins>();

  constructor(
    readonly label: string,
    private readonly roots: readonly SourceRoot[],
  ) {}

  async scan(options: ScanOptions): Promise<ScanResult> {
    if (options.signal?.aborted === true) throw new CancelledError();
    if (options.unixData === true && process.platform === 'win32') {
      throw new AppError('wim/unsupported', 'Windows has no UNIX data (owners, modes) to capture');
    }
    const scan = new DirectoryScan(options);
    for (const root of this.roots) await scan.add(root);
    scan.finish();
    this.scanned.set(scan.tree, scan.origins);
    return { tree: scan.tree, excluded: scan.excluded, notKept: scan.notKept };
  }

  locate(tree: Tree, stream: number): StreamLocation {
    const origins = this.scanned.get(tree);
    if (origins === undefined)
      throw new AppError('internal/bug', `this tree was not scanned from ${this.label}`);
    return origins.locate(tree, stream);
  }
}

/** '' for the root, else '/a/b'. */
function treePath(target: string): string {
  const names = target.split('/').filter((name) => name !== '');
  if (names.some((name) => name === '.' || name === '..')) {
    throw new AppError('usage/invalid', `the target ${target} must be a path from the image's root`, {
      target,
    });
  }
  return names.map((name) => `/${name}`).join('');
}
