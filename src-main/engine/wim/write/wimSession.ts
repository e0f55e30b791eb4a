import { AppError } from '../../../../src-shared/errors/appError';
import { bytesEqual } from '../../binary/bytesEqual';
import { readExactly } from '../../binary/byteSource';
import type { EngineHost, FileStatus, OpenFile } from '../../os';
import { readIntegrityTable } from '../integrity';
import { WIM_HEADER_SIZE, WimFlag, WimHeader } from '../records/wimHeader';
import type { Wim } from '../wim';

/** Ends the name of a file that is being written and will get its real name when it is complete. */
const TEMPORARY_SUFFIX = '.wimsmith-part';

/**
 * Writes a file beside its final name and gives it that name when it is complete and on the disk. Whatever goes wrong,
 * a file that had the name before stays as it was.
 * @param write makes the content
 */
export async function replaceFile<T>(
  host: EngineHost,
  path: string,
  write: (file: OpenFile) => Promise<T>,
): Promise<T> {
  const [result] = await replaceFiles(host, [path], write);
  return result;
}

/**
 * The same for files that belong together, written one after the other: none has its name before all are complete.
 * The first one gets its name last, so that a set which is found by it is never found incomplete.
 * @param write makes the content of `paths[index]`
 */
export async function replaceFiles<T>(
  host: EngineHost,
  paths: readonly string[],
  write: (file: OpenFile, index: number) => Promise<T>,
): Promise<T[]> {
  const { files } = host;
  // A symbolic link stays one: the file that it leads to is replaced.
  const places = paths.map((path) => files.realPath(path));
  for (const place of places) assertWimPlace(host, place);
  const before = places.map((place) => files.status(place));
  const results: T[] = [];
  const temporaries: string[] = [];
  const renamed: string[] = [];
  let file: OpenFile | undefined;
  try {
    for (const [index, place] of places.entries()) {
      removeStale(host, place);
      const temporary = temporaryPath(host, place);
      file = files.create(temporary);
      temporaries.push(temporary);
      file.lock();
      results.push(await write(file, index));
      const complete = file;
      file = undefined;
      complete.close();
      if (files.status(place) !== undefined) files.copyPermissions(place, temporary);
    }
    for (const [index, place] of places.entries()) assertSame(place, before[index], files.status(place));
    for (let index = places.length - 1; index >= 0; index--) {
      files.rename(temporaries[index], places[index]);
      renamed.push(places[index]);
    }
    for (const directory of new Set(places.map((path) => files.directoryName(path))))
      files.syncDirectory(directory);
    return results;
  } catch (error) {
    file?.close();
    for (const temporary of temporaries) files.remove(temporary);
    // Parts of a set that will not be complete; a single file has its name only when nothing can fail any more.
    if (renamed.length < paths.length) for (const path of renamed) files.remove(path);
    throw error;
  }
}

/**
 * Nobody has agreed to lose what another program put in the place while this one was writing.
 * @throws AppError `io/exists`, `wim/busy`
 */
function assertSame(path: string, before: FileStatus | undefined, now: FileStatus | undefined): void {
  if (now === undefined) return;
  if (before === undefined) {
    const message = `${path} was put there by another program meanwhile; it was not touched`;
    throw new AppError('io/exists', message, { path });
  }
  const same =
    before.identity === now.identity && before.size === now.size && before.modifiedMs === now.modifiedMs;
  if (!same) throw new AppError('wim/busy', `${path} was changed by another program meanwhile`, { path });
}

/** @throws AppError when no file of that name can be made or replaced, whatever is written to it */
export function assertReplaceable({ files }: EngineHost, path: string): void {
  const directory = files.directoryName(path);
  if (files.status(directory)?.kind !== 'directory') {
    throw new AppError('io/not-found', `${directory} is not there: ${path} cannot be written`, { path });
  }
  const kind = files.status(path)?.kind;
  if (kind === 'directory') throw new AppError('io/exists', `${path} is a directory`, { path });
  // A device that were replaced by a file would be gone for every program.
  if (kind === 'other') throw new AppError('io/exists', `${path} is a device or the like, no file`, { path });
}

/**
 * The same for a WIM: a disk file that is in its place is refused, too. Who gives the two names of a capture in the
 * wrong order, or one twice, must not lose a disk by it.
 * @throws AppError `io/exists`, `io/not-found`
 */
export function assertWimPlace(host: EngineHost, path: string): void {
  assertReplaceable(host, path);
  if (host.files.status(path)?.kind !== 'file' || !looksLikeDisk(host, path)) return;
  throw new AppError('io/exists', `${path} is a disk file, which is not replaced by a WIM`, { path });
}

/** Whether a file that is no WIM has what a virtual disk, a partition table or a boot sector begins with. */
function looksLikeDisk({ files }: EngineHost, path: string): boolean {
  let file: OpenFile;
  try {
    file = files.openRead(path);
  } catch (error) {
    // One that cannot be read cannot be looked into; it is replaced as ever where the directory allows it.
    if (error instanceof AppError && error.code === 'io/no-permission') return false;
    throw error;
  }
  try {
    const sector = new Uint8Array(512);
    if (file.read(0, sector) < sector.length) return false;
    const text = String.fromCharCode(...sector.subarray(0, 8));
    if (text.startsWith('MSWIM') || text.startsWith('WLPWM')) return false;
    if (text === 'vhdxfile' || text === 'conectix') return true;
    const tail = new Uint8Array(8);
    if (file.size >= 1024 && file.read(file.size - 512, tail) === 8)
      if (String.fromCharCode(...tail) === 'conectix') return true;
    // The mark of boot sectors and of partition tables, GPT's protective one among them.
    return file.size % 512 === 0 && sector[510] === 0x55 && sector[511] === 0xaa;
  } finally {
    file.close();
  }
}

/**
 * Locks a file that is about to be replaced, so that nobody is adding to it in the meantime: what they add would go.
 * @returns what ends the lock
 * @throws AppError `wim/busy`
 */
export function lockReplaced(host: EngineHost, path: string): () => void {
  if (host.files.status(path)?.kind !== 'file') return () => undefined;
  let file: OpenFile;
  try {
    file = host.files.openRead(path);
  } catch (error) {
    // A file that this user may not read can still be replaced where the directory allows it.
    if (error instanceof AppError && error.code === 'io/no-permission') return () => undefined;
    throw error;
  }
  try {
    file.lock();
  } catch (error) {
    file.close();
    throw error;
  }
  return () => file.close();
}

/** Files that interrupted writes of `path` left beside it, or that a program is writing now. */
export function staleTemporaries(host: EngineHost, path: string): string[] {
  const { files } = host;
  const directory = files.directoryName(path);
  const final = files.baseName(path);
  return namesIn(host, directory)
    .filter((name) => isTemporaryOf(final, name))
    .map((name) => files.join(directory, name));
}

/** Whether `name` is that of a file being written, which will be named `final`. */
export function isTemporaryOf(final: string, name: string): boolean {
  return name.startsWith(temporaryStem(final)) && name.endsWith(TEMPORARY_SUFFIX);
}

/** Where a file is written that will have the name `final`, and what else is needed for making it. */
export function temporaryPath({ files, processId }: EngineHost, final: string): string {
  const name = `${temporaryStem(files.baseName(final))}${processId}${TEMPORARY_SUFFIX}`;
  return files.join(files.directoryName(final), name);
}

/** Longest part of a file's name that its temporary one repeats: names have at most 255 bytes. */
const STEM_LENGTH = 60;

/** How the names of temporary files for `final` begin. */
function temporaryStem(final: string): string {
  return `.${final.slice(0, STEM_LENGTH)}.`;
}

/** A directory may be closed to looking and open to known names: then nothing is known to be left. */
function namesIn({ files }: EngineHost, directory: string): string[] {
  try {
    return files.list(directory);
  } catch (error) {
    if (error instanceof AppError && error.code === 'io/no-permission') return [];
    throw error;
  }
}

/** Removes what interrupted writes left. A file that its writer still holds locked stays. */
export function removeStale(host: EngineHost, path: string): void {
  for (const stale of staleTemporaries(host, path)) {
    const file = host.files.openReadWrite(stale);
    try {
      file.lock();
      host.files.remove(stale);
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'wim/busy')) throw error;
    } finally {
      file.close();
    }
  }
}

/**
 * Adds to the end of an opened WIM. Until `write` has put the new header in place the old one stays valid: a program
 * that is killed at any point leaves the old images as they were. When `write` fails, the file is cut back.
 * @param allow.tablesOnly no blob is added: split, solid and read-only files can be changed, too
 * @param write begins at the given position; it must write the header last
 */
export async function extendFile<T>(
  host: EngineHost,
  wim: Wim,
  write: (file: OpenFile, position: number) => Promise<T>,
  allow: { readonly tablesOnly?: boolean } = {},
): Promise<T> {
  const { file, header } = wim.main;
  if (allow.tablesOnly !== true) assertExtendable(wim);
  file.lock();
  const current = readExactly(file, 0, WIM_HEADER_SIZE, 'WIM header');
  if (!bytesEqual(current, WimHeader.serialize(header))) {
    throw new AppError('wim/busy', `${wim.path} was changed by another program after it was opened`, {
      path: wim.path,
    });
  }
  removeStale(host, wim.path);
  const end = file.size - wim.leftoverBytes;
  const flagsAt = WimHeader.fields.flags.offset;
  const flags = header.flags & ~WimFlag.WRITE_IN_PROGRESS;
  try {
    if (wim.leftoverBytes > 0) file.truncate(end);
    writeFlags(file, flagsAt, flags | WimFlag.WRITE_IN_PROGRESS);
    return await write(file, end);
  } catch (error) {
    // The old header first: should the program be killed here, no header may lead to what was cut off.
    file.write(0, WimHeader.serialize({ ...header, flags }));
    file.flush();
    file.truncate(end);
    file.flush();
    throw error;
  }
}

/** @throws AppError when the file cannot be added to in place */
export function assertExtendable(wim: Wim): void {
  assertChangeable(wim);
  if (wim.main.pipable) throw new AppError('internal/bug', 'a pipable WIM is rewritten, not added to');
}

/** @throws AppError when the images of the file cannot be changed at all */
export function assertChangeable(wim: Wim): void {
  const { header } = wim.main;
  if (header.totalParts !== 1)
    throw new AppError('wim/split', `${wim.path} is a part of a split WIM`, { path: wim.path });
  if ((header.flags & WimFlag.READ_ONLY) !== 0) {
    throw new AppError('wim/read-only', `${wim.path} is marked read-only`, { path: wim.path });
  }
}

function writeFlags(file: OpenFile, at: number, flags: number): void {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, flags, true);
  file.write(at, bytes);
  file.flush();
}

/** The integrity table a WIM has now, for reuse when more is added. A damaged one is made anew. */
export function reusableIntegrity(
  wim: Wim,
): { table: NonNullable<ReturnType<typeof readIntegrityTable>>; end: number } | undefined {
  try {
    const table = readIntegrityTable(wim.main);
    const { blobTable } = wim.main.header;
    return table === undefined ? undefined : { table, end: blobTable.offset + blobTable.storedSize };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    wim.warnings.push(`the old integrity table is damaged and is made anew: ${error.message}`);
    return undefined;
  }
}
