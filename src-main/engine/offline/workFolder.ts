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
  const name = Array.from(host.randomBytes(8), (byte) => byte.toString(16).padStart(2, '0')).join('');
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
