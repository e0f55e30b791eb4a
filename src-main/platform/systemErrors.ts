import { AppError } from '../../src-shared/errors/appError';
import type { ErrorCode } from '../../src-shared/errors/codes';

/** What the operating system's error names mean: our code and the reason in plain words. */
const meanings: Readonly<Record<string, readonly [code: ErrorCode, reason: string]>> = {
  ENOENT: ['io/not-found', 'it does not exist'],
  EACCES: ['io/no-permission', 'permission was denied'],
  EPERM: ['io/no-permission', 'the system does not permit it'],
  ENOSPC: ['io/no-space', 'no space is left on the volume'],
  EDQUOT: ['io/no-space', 'the disk quota is used up'],
  EROFS: ['io/read-only', 'the volume is read-only'],
  EEXIST: ['io/exists', 'it exists already'],
  ENOTDIR: ['io/not-a-directory', 'a part of the path is not a directory'],
  ENOTEMPTY: ['io/not-empty', 'the directory is not empty'],
  EISDIR: ['io/failed', 'it is a directory'],
  ELOOP: ['io/failed', 'it is a symbolic link, or there are too many of them on the way'],
  ENAMETOOLONG: ['io/failed', 'the name is too long for the volume'],
  EFBIG: ['io/failed', 'the file would be larger than the volume allows'],
  EBUSY: ['io/failed', 'it is in use'],
  ETXTBSY: ['io/failed', 'it is a program that is running'],
  EMFILE: ['io/failed', 'too many files are open in this program'],
  ENFILE: ['io/failed', 'too many files are open on this system'],
  EIO: ['io/failed', 'the device reported an error'],
  ENXIO: ['io/failed', 'there is no such device'],
  ENODEV: ['io/failed', 'there is no such device'],
  EXDEV: ['io/failed', 'it would cross from one volume to another'],
  EINVAL: ['io/failed', 'the system does not accept the request'],
  ENOTSUP: ['io/failed', 'the volume does not support it'],
  EOPNOTSUPP: ['io/failed', 'the volume does not support it'],
  ENOSYS: ['io/failed', 'the system has no such call'],
  ENOMEM: ['io/failed', 'memory ran out'],
  ESTALE: ['io/failed', 'the server no longer knows the file'],
  ENOLCK: ['io/failed', 'no locks are available'],
  EAGAIN: ['io/failed', 'it is not ready'],
  UNKNOWN: ['io/failed', 'the system reports an error that has no name here'],
};

/**
 * The operating system's name for an error, or undefined when the error is of another kind: "ENOENT", "UNKNOWN" for
 * those of Windows that Node has no name for, "WINDOWS_1784" for those of calls that do not go through Node.
 */
export function systemErrorName(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return /^(E[A-Z0-9]+|UNKNOWN|WINDOWS_\d+)$/.test(error.code) ? error.code : undefined;
}

/**
 * The AppError for a failed call of the operating system; its message says what failed, on which path and why.
 * An AppError stays what it is.
 * @param doing what was tried, as it follows "cannot": "open", "write to"
 * @throws the error itself when it does not come from the operating system: that is a fault of the program
 */
export function toAppError(error: unknown, doing: string, path: string): AppError {
  if (error instanceof AppError) return error;
  const name = systemErrorName(error);
  if (name === undefined) {
    // Node refuses a NUL in a path before it asks the system.
    if (error instanceof TypeError && 'code' in error && error.code === 'ERR_INVALID_ARG_VALUE') {
      return new AppError('io/not-found', `cannot ${doing} ${path}: the path is not valid`, { path }, error);
    }
    throw error;
  }
  const windows = /^WINDOWS_(\d+)$/.exec(name)?.[1];
  const reported = windows === undefined ? name : `error ${windows}`;
  const [code, reason] = meanings[name] ?? ['io/failed', `the system reports ${reported}`];
  return new AppError(code, `cannot ${doing} ${path}: ${reason}`, { path, system: name }, error);
}
