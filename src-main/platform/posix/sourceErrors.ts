import { AppError } from '../../../src-shared/errors/appError';
import { systemErrorName, toAppError } from '../systemErrors';

/** Whether the error says that the file is no longer there. */
export function isGone(error: unknown): boolean {
  const name = systemErrorName(error);
  return name === 'ENOENT' || name === 'ENOTDIR';
}

/** The error for a part of the source that cannot be read. @param doing as it follows "cannot" */
export function unreadable(doing: string, path: string, error: unknown): AppError {
  return new AppError('source/unreadable', toAppError(error, doing, path).message, { path }, error);
}
