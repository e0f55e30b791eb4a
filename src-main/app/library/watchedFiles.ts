import { AppError } from '../../../src-shared/errors/appError';
import { directoryNames } from '../../platform/directoryNames';
import type { PathRules } from '../files/pathRules';

/** Files of one watched folder that are looked at. */
export const WATCHED_MAXIMUM = 5000;

/** What the system calls a file of images. */
const imageFile = /\.(wim|swm|esd)$/i;
/** Parts of a split WIM are numbered from the second on: lab.swm, lab2.swm, lab3.swm. */
const numberedPart = /^(.*?)([2-9]|[1-9][0-9]+)\.swm$/i;

/**
 * The WIM files of a folder, of split ones the first part: paths, in no order.
 * @throws AppError when the folder cannot be read
 */
export async function wimFilesIn(
  folder: string,
  rules: PathRules,
): Promise<{ readonly paths: readonly string[]; readonly complete: boolean }> {
  const names: string[] = [];
  let complete = true;
  for await (const piece of directoryNames(folder)) {
    for (const { name, kind } of piece) {
      // A dot first: what programs write while they are at it.
      if (kind === 'file' && imageFile.test(name) && !name.startsWith('.')) names.push(name);
    }
    if (names.length <= WATCHED_MAXIMUM) continue;
    complete = false;
    break;
  }
  const all = new Set(names.map((name) => name.toLowerCase()));
  const firsts = names.filter((name) => {
    const part = numberedPart.exec(name);
    return part === null || !all.has(`${part[1]}.swm`.toLowerCase());
  });
  return { paths: firsts.slice(0, WATCHED_MAXIMUM).map((name) => rules.join(folder, name)), complete };
}

/** Like {@link wimFilesIn}; a folder that cannot be read just now has none. */
export async function watchedFiles(
  folder: string,
  rules: PathRules,
  warn: (text: string) => void,
): Promise<readonly string[]> {
  try {
    const { paths, complete } = await wimFilesIn(folder, rules);
    if (!complete)
      warn(`${folder} has more than ${WATCHED_MAXIMUM} WIM files: the others are not in the library`);
    return paths;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    warn(`the watched folder was not read: ${error.message}`);
    return [];
  }
}
