import { AppError } from '../../../../src-shared/errors/appError';
import type { EngineHost } from '../../os';
import { assertReplaceable, removeStale, temporaryPath } from '../../wim/write/wimSession';

/**
 * Makes a disk file beside its name, and gives it the name when `write` has made it whole. When anything fails, or is
 * cancelled, what was made goes, and a file that had the name keeps it.
 * @throws AppError `io/exists` where there is a file and `overwrite` was not said, or one came meanwhile
 */
export async function replaceDiskFile<T>(
  host: EngineHost,
  path: string,
  overwrite: boolean,
  write: (temporary: string) => Promise<T>,
): Promise<T> {
  const { files } = host;
  const place = files.realPath(path);
  assertReplaceable(host, place);
  const before = files.status(place);
  if (before !== undefined && !overwrite) {
    throw new AppError('io/exists', `${path} is there already`, { path });
  }
  removeStale(host, place);
  const temporary = temporaryPath(host, place);
  try {
    const result = await write(temporary);
    const now = files.status(place);
    const same = now?.identity === before?.identity && now?.modifiedMs === before?.modifiedMs;
    if (!same) {
      throw new AppError('io/exists', `${path} was put there by another program meanwhile`, { path });
    }
    if (before !== undefined) files.copyPermissions(place, temporary);
    files.rename(temporary, place);
    files.syncDirectory(files.directoryName(place));
    return result;
  } catch (error) {
    files.remove(temporary);
    throw error;
  }
}
