import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../src-shared/errors/appError';
import { nativePath } from './posix/nativePath';
import { rawFs } from './rawFs';
import { ifThere, systemCall } from './systemCall';
import { systemErrorName, toAppError } from './systemErrors';

/** Settings, reports and archives: files that are written whole, or not at all. */

const fs = rawFs.promises;
const isWindows = process.platform === 'win32';

/** Pauses before a rename is tried again that Windows refused, ms: virus scanners open what was just written. */
const RENAME_PAUSES = [10, 30, 100, 300, 600, 1000];
const refusals: ReadonlySet<string | undefined> = new Set(['EPERM', 'EACCES', 'EBUSY']);
/** What volumes without hard links answer. */
const noLinks: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EXDEV',
]);
/** Errors of a flush of a directory where the system or the volume has no such thing. */
const noDirectorySync: ReadonlySet<string | undefined> = new Set([
  'EINVAL',
  'ENOTSUP',
  'EOPNOTSUPP',
  'EISDIR',
  'EPERM',
  'EBADF',
  'EACCES',
]);

export interface WriteOptions {
  /** Whether a file that is there may be replaced. */
  readonly overwrite: boolean;
  /** Permissions of a new file; 0o666 less the umask unless told otherwise. A replaced file keeps its own. */
  readonly mode?: number;
  /** Whether it survives a power cut; waits for the disk. True unless told otherwise. */
  readonly flush?: boolean;
}

/** What is written: all at once, or piece by piece as it comes. */
export type Content = string | Uint8Array | AsyncIterable<Uint8Array>;

/**
 * Writes a file beside its name, flushes it and gives it its name. When anything fails, what was there stays as it was.
 * A symbolic link is followed: the file that it leads to is replaced.
 * @returns bytes written
 * @throws AppError `io/exists` when something is there and must not be replaced, or is no file; other `io/` codes
 */
export async function writeAtomically(
  file: string,
  content: Content,
  options: WriteOptions,
): Promise<number> {
  const place = await placeOf(file, options.overwrite);
  const temporary = path.join(path.dirname(place.path), temporaryName(path.basename(place.path)));
  let size = 0;
  try {
    await systemCall('write', file, async () => {
      const handle = await fs.open(nativePath(temporary), 'wx', place.mode ?? options.mode ?? 0o666);
      try {
        for await (const piece of piecesOf(content)) {
          await handle.writeFile(piece);
          size += piece.length;
        }
        if (place.mode !== undefined && !isWindows) await handle.chmod(place.mode);
        if (options.flush !== false) await handle.sync();
      } finally {
        await handle.close();
      }
    });
    if (options.overwrite) await renameOver(temporary, place.path);
    else await linkNew(temporary, place.path);
  } catch (error) {
    await ifThere('remove', temporary, () => fs.unlink(nativePath(temporary)));
    throw error;
  }
  if (options.flush !== false) await syncDirectory(path.dirname(place.path));
  return size;
}

/** Bytes of a file; undefined when there is none. @throws AppError `io/failed` when it is longer than `limit` */
export async function readSmallFile(file: string, limit: number): Promise<Buffer | undefined> {
  const handle = await ifThere('open', file, () => fs.open(nativePath(file), 'r'));
  if (handle === undefined) return undefined;
  try {
    return await systemCall('read', file, async () => {
      const { size } = await handle.stat();
      if (size > limit) {
        throw new AppError('io/failed', `cannot read ${file}: it has ${size} bytes, more than ${limit}`, {
          path: file,
          size,
          limit,
        });
      }
      return handle.readFile();
    });
  } finally {
    await handle.close();
  }
}

/** Keeps a copy of a file under a name that nothing has. @returns the name */
export async function keepCopy(file: string, addition: string): Promise<string> {
  for (let number = 1; ; number++) {
    const copy = `${file}.${addition}${number === 1 ? '' : `-${number}`}`;
    try {
      await fs.copyFile(nativePath(file), nativePath(copy), rawFs.constants.COPYFILE_EXCL);
      return copy;
    } catch (error) {
      if (systemErrorName(error) !== 'EEXIST' || number === 100) {
        throw toAppError(error, 'copy', file);
      }
    }
  }
}

/** Makes a directory and those above it; nothing happens when it is there. */
export async function makeDirectories(directory: string): Promise<void> {
  await systemCall('make the directory', directory, () =>
    fs.mkdir(nativePath(directory), { recursive: true }),
  );
}

/** Makes one directory. @throws AppError `io/exists` */
export async function makeDirectory(directory: string): Promise<void> {
  await systemCall('make the directory', directory, () => fs.mkdir(nativePath(directory)));
}

async function placeOf(
  file: string,
  overwrite: boolean,
): Promise<{ path: string; mode: number | undefined }> {
  const status = await ifThere('look at', file, () => fs.stat(nativePath(file)));
  if (status === undefined) return { path: file, mode: undefined };
  if (!status.isFile()) {
    const what = status.isDirectory() ? 'a directory' : 'not a regular file';
    throw new AppError('io/exists', `cannot write ${file}: it is ${what}`, { path: file });
  }
  if (!overwrite) throw existsAlready(file);
  return { path: await systemCall('resolve', file, () => fs.realpath(file)), mode: status.mode & 0o777 };
}

function existsAlready(file: string): AppError {
  return new AppError('io/exists', `cannot write ${file}: it exists already`, { path: file });
}

async function* piecesOf(content: Content): AsyncGenerator<Uint8Array> {
  if (typeof content === 'string') yield Buffer.from(content);
  else if (content instanceof Uint8Array) yield content;
  else yield* content;
}

/** Names have at most 255 bytes: what a long one ends with is left out. */
function temporaryName(name: string): string {
  return `.${[...name].slice(0, 40).join('')}.${process.pid}-${randomBytes(4).toString('hex')}.wimsmith-part`;
}

async function renameOver(from: string, to: string): Promise<void> {
  await systemCall('replace', to, async () => {
    for (let attempt = 0; ; attempt++) {
      try {
        await fs.rename(nativePath(from), nativePath(to));
        return;
      } catch (error) {
        const again = isWindows && refusals.has(systemErrorName(error)) && attempt < RENAME_PAUSES.length;
        if (!again) throw error;
        await wait(RENAME_PAUSES[attempt]);
      }
    }
  });
}

/** Gives a file a name that nothing has: a rename would replace what came there in between. */
async function linkNew(from: string, to: string): Promise<void> {
  try {
    await fs.link(nativePath(from), nativePath(to));
  } catch (error) {
    if (systemErrorName(error) === 'EEXIST') throw existsAlready(to);
    if (!noLinks.has(systemErrorName(error))) {
      throw toAppError(error, 'write', to);
    }
    // Without hard links an empty file holds the name until the rename.
    await systemCall('write', to, async () => (await fs.open(nativePath(to), 'wx')).close());
    await renameOver(from, to);
    return;
  }
  await systemCall('remove', from, () => fs.unlink(nativePath(from)));
}

/** Makes a rename in the directory survive a power cut, where the system has such a call. */
async function syncDirectory(directory: string): Promise<void> {
  if (isWindows) return;
  try {
    const handle = await fs.open(nativePath(directory), 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!noDirectorySync.has(systemErrorName(error))) {
      throw toAppError(error, 'flush', directory);
    }
  }
}
