import { randomBytes } from 'node:crypto';
import { rawFs } from '../rawFs';
import { systemErrorName, toAppError } from '../systemErrors';
import { nativePath } from './nativePath';

/** Names up to this length are part of the temporary one: with all else it stays within what volumes allow. */
const LONGEST_SHOWN = 60;

/**
 * Files and links that are made where others are already: under a name beside these, which they keep until they are
 * complete. What was there before is lost at the moment when its replacement takes its place, and not sooner.
 */
export class Replacements {
  /** File number of what was at an entry's path; undefined when it was gone when its turn came. */
  private readonly occupants = new Map<number, bigint | undefined>();
  private readonly run = randomBytes(4).toString('hex');

  /** What an entry is made as until it is complete. @throws AppError */
  begin(entry: number, path: string): string {
    if (!this.occupants.has(entry)) this.occupants.set(entry, fileNumber(path));
    return this.temporary(entry, path);
  }

  /** Lets what was made for an entry take its place. Where nothing was made, what was there stays. @throws AppError */
  complete(entry: number, path: string): void {
    if (!this.occupants.has(entry)) return;
    const temporary = this.temporary(entry, path);
    try {
      renameOver(temporary, path);
      // Of two names of one file a renaming keeps both.
      rawFs.unlinkSync(nativePath(temporary));
    } catch (error) {
      if (systemErrorName(error) !== 'ENOENT') throw toAppError(error, 'replace', path);
    }
  }

  /** Removes what is not complete of an entry. @returns whether its path is replaced for good. @throws AppError */
  abort(entry: number, path: string): boolean {
    if (!this.occupants.has(entry)) return false;
    const temporary = this.temporary(entry, path);
    try {
      rawFs.unlinkSync(nativePath(temporary));
    } catch (error) {
      if (systemErrorName(error) !== 'ENOENT') throw toAppError(error, 'remove', temporary);
    }
    const number = fileNumber(path);
    return number !== undefined && number !== this.occupants.get(entry);
  }

  private temporary(entry: number, path: string): string {
    const separator = Math.max(
      path.lastIndexOf('/'),
      process.platform === 'win32' ? path.lastIndexOf('\\') : 0,
    );
    const name = path.slice(separator + 1);
    const shown = name.length <= LONGEST_SHOWN ? `.${name}` : '';
    return `${path.slice(0, separator + 1)}${shown}.wimsmith-${this.run}-${entry}`;
  }
}

/** Gives a file another name; a file or link of that name is replaced. @throws errors of the system */
export function renameOver(from: string, to: string): void {
  const [source, target] = [nativePath(from), nativePath(to)];
  try {
    rawFs.renameSync(source, target);
  } catch (error) {
    const name = systemErrorName(error);
    if (process.platform !== 'win32' || (name !== 'EPERM' && name !== 'EACCES')) throw error;
    // A file that is read-only cannot be replaced there.
    rawFs.chmodSync(target, 0o666);
    rawFs.renameSync(source, target);
  }
}

/** @throws AppError */
function fileNumber(path: string): bigint | undefined {
  try {
    return rawFs.lstatSync(nativePath(path), { bigint: true, throwIfNoEntry: false })?.ino;
  } catch (error) {
    throw toAppError(error, 'read the status of', path);
  }
}
