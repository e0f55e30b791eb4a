import path from 'node:path';
import { AppError } from '../../src-shared/errors/appError';
import { nativePath } from './posix/nativePath';
import { rawFs } from './rawFs';
import { ifThere, systemCall } from './systemCall';
import { systemErrorName, toAppError } from './systemErrors';

const fs = rawFs.promises;
const { constants } = rawFs;

/** Without it, opening a named pipe waits for someone to write into it. */
const NO_WAIT = process.platform === 'win32' ? 0 : constants.O_NONBLOCK;

/** What a path leads to, links followed. `other`: a device, a pipe, a link to nowhere, or what nobody may look at. */
export interface PathFacts {
  readonly kind: 'missing' | 'directory' | 'file' | 'other';
  /** Bytes of a file. */
  readonly size: number;
  /** Last write, milliseconds since 1970. */
  readonly modifiedMs: number;
}

const nothing: PathFacts = { kind: 'missing', size: 0, modifiedMs: 0 };

/** Looks at a path. @throws AppError when the system fails in another way than by finding nothing or refusing */
export async function pathFacts(file: string): Promise<PathFacts> {
  try {
    const status = await fs.stat(nativePath(file));
    const kind = status.isDirectory() ? 'directory' : status.isFile() ? 'file' : 'other';
    return { kind, size: kind === 'file' ? status.size : 0, modifiedMs: status.mtimeMs };
  } catch (error) {
    const reason = systemErrorName(error);
    if (reason === 'EACCES' || reason === 'EPERM' || reason === 'ELOOP') return { ...nothing, kind: 'other' };
    if (reason === 'ENOTDIR' || reason === 'ENAMETOOLONG' || reason === 'EINVAL') return nothing;
    if (reason !== 'ENOENT') throw toAppError(error, 'look at', file);
  }
  const link = await ifThere('look at', file, () => fs.lstat(nativePath(file)));
  return link === undefined ? nothing : { ...nothing, kind: 'other' };
}

/** Whether the person may read or write it, as the system says. For a directory also whether it can be entered. */
export async function mayUse(file: string, way: 'read' | 'write', directory: boolean): Promise<boolean> {
  const wanted = (way === 'read' ? constants.R_OK : constants.W_OK) | (directory ? constants.X_OK : 0);
  try {
    await fs.access(nativePath(file), wanted);
    return true;
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    return false;
  }
}

/** The nearest directory above that exists, itself included. */
export async function existingDirectory(directory: string): Promise<string> {
  for (let current = directory; ; current = path.dirname(current)) {
    if ((await pathFacts(current)).kind === 'directory' || path.dirname(current) === current) return current;
  }
}

/** Free and all bytes of the volume that holds a path that exists; null when the system cannot tell. */
export async function volumeSpace(place: string): Promise<{ free: number; size: number } | null> {
  try {
    const { bavail, blocks, bsize } = await fs.statfs(nativePath(place));
    return { free: bavail * bsize, size: blocks * bsize };
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    return null;
  }
}

/** Whether a directory has nothing in it; false where it cannot be read. */
export async function isEmptyDirectory(directory: string): Promise<boolean> {
  try {
    const entries = await fs.opendir(nativePath(directory), { bufferSize: 1 });
    try {
      return (await entries.read()) === null;
    } finally {
      await entries.close();
    }
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    return false;
  }
}

/** First bytes of a WIM, and of one that can be read from a pipe. */
const magics = ['MSWIM\0\0\0', 'WLPWM\0\0\0'];

/** Whether a regular file begins as a WIM does; false where it cannot be read. */
export async function beginsAsWim(file: string): Promise<boolean> {
  try {
    const handle = await fs.open(nativePath(file), constants.O_RDONLY | NO_WAIT);
    try {
      const start = Buffer.alloc(8);
      if (!(await handle.stat()).isFile()) return false;
      const { bytesRead } = await handle.read(start, 0, start.length, 0);
      return bytesRead === start.length && magics.includes(start.toString('latin1'));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    return false;
  }
}

/**
 * A text that is another one whenever the file was changed or replaced, the same that app/revision.ts makes for the
 * engine's threads; undefined when there is no such file.
 */
export async function fileRevision(file: string): Promise<string | undefined> {
  const status = await ifThere('look at', file, () => fs.stat(nativePath(file), { bigint: true }));
  if (status === undefined || !status.isFile()) return undefined;
  return `${status.size}-${Number(status.mtimeNs) / 1e6}-${status.dev}:${status.ino}`;
}

/** The directory or file itself, symbolic links on the way resolved. @throws AppError `io/not-found` */
export function realPath(file: string): Promise<string> {
  return systemCall('resolve', file, () => fs.realpath(file));
}

/** A text that changes when names come to a directory or go. @throws AppError `io/not-found`, `io/not-a-directory` */
export async function directoryRevision(directory: string): Promise<string> {
  const status = await systemCall('list', directory, () => fs.stat(nativePath(directory), { bigint: true }));
  if (!status.isDirectory()) {
    throw new AppError('io/not-a-directory', `cannot list ${directory}: it is not a directory`, {
      path: directory,
    });
  }
  return `${status.mtimeNs}-${status.dev}-${status.ino}`;
}
