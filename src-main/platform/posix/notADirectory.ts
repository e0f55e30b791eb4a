import type { Stats } from 'node:fs';
import { AppError } from '../../../src-shared/errors/appError';

/** The error for a path that is no directory. A file or a disk may well be meant: it can hold a volume. */
export function notADirectory(path: string, status: Pick<Stats, 'isFile' | 'isBlockDevice'>): AppError {
  if (!status.isFile() && !status.isBlockDevice()) {
    return new AppError('io/not-a-directory', `${path} is not a directory`, { path });
  }
  const what = status.isFile() ? 'a file' : 'a disk or partition';
  return new AppError(
    'wim/unsupported',
    `${path} is ${what}, not a directory; volumes and disk images are not read or written directly by this version: ` +
      'mount the volume and give its directory',
    { path },
  );
}
