import { rawFs } from './rawFs';
import { systemErrorName, toAppError } from './systemErrors';

/** Removes an empty directory; nothing happens when none is there. @throws AppError */
export function removeEmptyDirectory(directory: string): void {
  try {
    rawFs.rmdirSync(directory);
  } catch (error) {
    if (systemErrorName(error) !== 'ENOENT') throw toAppError(error, 'remove', directory);
  }
}
