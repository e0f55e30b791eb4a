import { toHex } from '../binary/hex';
import { AppError } from '../../../src-shared/errors/appError';
import type { EngineHost, FileSystem, OpenFile } from '../os';

const PREFIX = '.wimsmith-work-';
const LOCK = 'lock';
/** Depth of what a job unpacks: deeper is no work of ours, and stays. */
const DEEPEST = 64;

/** A folder for what a job needs while it runs. Held by a lock, so that one left by a killed program is known. */
export interface WorkFolder {
  readonly path: string;
  /** Removes it with all that is in it. */
  close(): void;
}

/** Makes a work folder in a directory. */
export function makeWorkFolder(
  host: Pick<EngineHost, 'files' | 'randomBytes'>,
  directory: string,
): WorkFolder {
  const { files } = host;
  const name = toHex(host.randomBytes(8));
  const path = files.join(directory, PREFIX + name);
  files.makeDirectory(path);
  const lock = files.create(files.join(path, LOCK));
  lock.lock();
  return {
    path,
    close() {
      lock.close();
      removeTree(files, path);
    },
  };
}

/** Name of the file that says that a folder is being changed. */
const FOLDER_LOCK = '.wimsmith-lock';
const LOCK_ATTEMPTS = 10;

/**
 * Keeps other runs of this program from changing a folder.
 * @returns what lets them again
 * @throws AppError `wim/busy` when one does
 */
export function lockFolder(files: FileSystem, directory: string): () => void {
  const path = files.join(directory, FOLDER_LOCK);
  for (let attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
    const file = openOrCreate(files, path);
    const { identity } = files.status(path) ?? {};
    try {
      file.lock();
    } catch (error) {
      file.close();
      if (!(error instanceof AppError) || error.code !== 'wim/busy') throw error;
      throw new AppError(
        'wim/busy',
        `${directory} is being changed by another program`,
        { path: directory },
        error,
      );
    }
    // Who held it before may have removed it meanwhile: the lock of a file that nobody finds keeps nobody out.
    if (identity !== undefined && files.status(path)?.identity === identity) {
      return () => {
        files.remove(path);
        file.close();
      };
    }
    file.close();
  }
  throw new AppError('wim/busy', `${directory} is being changed by other programs`, { path: directory });
}

function openOrCreate(files: FileSystem, path: string): OpenFile {
  try {
    return files.create(path);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'io/exists') throw error;
    return files.openReadWrite(path);
  }
}

/** Work folders in a directory that no running program holds. */
export function staleWorkFolders(files: FileSystem, directory: string): string[] {
  return files
    .entries(directory)
    .filter(({ name, kind }) => kind === 'directory' && name.startsWith(PREFIX))
    .map(({ name }) => files.join(directory, name))
    .filter((path) => !isHeld(files, path));
}

function isHeld(files: FileSystem, folder: string): boolean {
  const place = files.join(folder, LOCK);
  if (files.status(place) === undefined) return false;
  let lock: OpenFile | undefined;
  try {
    lock = files.openReadWrite(place);
    lock.lock();
    return false;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return true;
  } finally {
    lock?.close();
  }
}

/** Removes a directory with all that is in it; links are removed, never followed. */
export function removeTree(files: FileSystem, directory: string, depth = 0): void {
  if (depth > DEEPEST) {
    throw new AppError('io/failed', `${directory} is too deep to be removed`, { path: directory });
  }
  for (const { name, kind } of files.entries(directory)) {
    const path = files.join(directory, name);
    if (kind === 'directory') removeTree(files, path, depth + 1);
    else files.remove(path);
  }
  files.removeDirectory(directory);
}
