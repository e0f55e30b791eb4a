import type { Dirent } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../src-shared/errors/appError';
import type { DirectoryEntry, FileStatus, FileSystem, OpenFile } from '../engine/os';
import { FileLock, flock, hasLibcCall } from './posix/libc';
import { nativePath } from './posix/nativePath';
import { rawFs } from './rawFs';
import { systemErrorName, toAppError } from './systemErrors';
import { lockDescriptor } from './windows/fileLock';
import { absoluteWindowsPath } from './windows/paths';

export { toAppError } from './systemErrors';

const { constants } = rawFs;
const isWindows = process.platform === 'win32';

/** Without it, opening a named pipe waits for someone to write into it. Regular files do not heed it. */
const NO_WAIT = isWindows ? 0 : constants.O_NONBLOCK;

/** What stat(2) counts blocks in, whatever the volume has. */
const BLOCK = 512;

/** Errors of a flush of a directory where the system or the volume has no such thing. */
const noDirectorySync = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EISDIR', 'EPERM', 'EBADF']);

/** Pauses before a rename is tried again that Windows refused, ms: virus scanners open what was just written. */
const RENAME_PAUSES = [10, 30, 100, 300, 600, 1000];
const refusals: ReadonlySet<string | undefined> = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** Files that are open, on Windows: it renames nothing over an open file. */
const openFiles = new Set<NodeOpenFile>();

/** A regular file with an open descriptor. */
class NodeOpenFile implements OpenFile {
  readonly name: string;
  private fd: number;
  private length: number;
  /** A second lock through the same handle is refused by Windows. */
  private locked = false;

  constructor(name: string, fd: number, size: number) {
    this.name = name;
    this.fd = fd;
    this.length = size;
    if (isWindows) openFiles.add(this);
  }

  get size(): number {
    return this.length;
  }

  read(offset: number, target: Uint8Array): number {
    try {
      return readFully(this.fd, target, offset);
    } catch (error) {
      throw toAppError(error, 'read', this.name);
    }
  }

  write(offset: number, bytes: Uint8Array): void {
    try {
      writeFully(this.fd, bytes, offset);
    } catch (error) {
      throw toAppError(error, 'write to', this.name);
    }
    this.length = Math.max(this.length, offset + bytes.length);
  }

  truncate(size: number): void {
    try {
      rawFs.ftruncateSync(this.fd, size);
    } catch (error) {
      throw toAppError(error, 'change the size of', this.name);
    }
    this.length = size;
  }

  flush(): void {
    try {
      rawFs.fsyncSync(this.fd);
    } catch (error) {
      throw toAppError(error, 'flush', this.name);
    }
  }

  /** Where the system has no such lock, nothing is taken. */
  lock(): void {
    if (this.locked) return;
    try {
      if (isWindows) lockDescriptor(this.fd, this.name);
      else if (hasLibcCall('flock')) flock(this.fd, FileLock.EXCLUSIVE + FileLock.NONBLOCKING);
      this.locked = true;
    } catch (error) {
      const reason = systemErrorName(error);
      if (reason === 'EAGAIN' || reason === 'EWOULDBLOCK') {
        throw new AppError(
          'wim/busy',
          `${this.name} is being written by another program`,
          { path: this.name },
          error,
        );
      }
      throw toAppError(error, 'lock', this.name);
    }
  }

  /** Whether it is the file that "device:inode" tells. */
  is(identity: string): boolean {
    return identityOf(rawFs.fstatSync(this.fd, { bigint: true })) === identity;
  }

  close(): void {
    if (this.fd < 0) return;
    const { fd } = this;
    this.fd = -1;
    openFiles.delete(this);
    try {
      rawFs.closeSync(fd);
    } catch (error) {
      throw toAppError(error, 'close', this.name);
    }
  }
}

function identityOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev}:${ino}`;
}

/**
 * Renames on Windows. What this program has open of the file that is replaced is closed first, with its lock. What
 * another program does to it from then on is seen by its status, and nothing of theirs is lost.
 */
function renameOnWindows(from: string, to: string): void {
  const before = statusOf(to);
  if (before !== undefined) for (const file of [...openFiles]) if (file.is(before.identity)) file.close();
  for (let attempt = 0; ; attempt++) {
    if (!sameStatus(before, statusOf(to))) {
      throw new AppError('wim/busy', `${to} was changed by another program`, { path: to });
    }
    try {
      rawFs.renameSync(nativePath(from), nativePath(to));
      return;
    } catch (error) {
      if (!refusals.has(systemErrorName(error))) throw error;
      if (attempt === RENAME_PAUSES.length) {
        const message = `cannot replace ${to}: another program has it open, or it is read-only`;
        throw before === undefined ? error : new AppError('io/no-permission', message, { path: to }, error);
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RENAME_PAUSES[attempt]);
    }
  }
}

function sameStatus(a: FileStatus | undefined, b: FileStatus | undefined): boolean {
  return a?.identity === b?.identity && a?.size === b?.size && a?.modifiedMs === b?.modifiedMs;
}

/** Reads until `target` is full or the file ends. @returns bytes read @throws the system's error */
export function readFully(fd: number, target: Uint8Array, offset: number): number {
  let done = 0;
  while (done < target.length) {
    const count = rawFs.readSync(fd, target, done, target.length - done, offset + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

/** Writes all of `bytes`, however many calls that takes. @throws the system's error */
export function writeFully(fd: number, bytes: Uint8Array, offset: number): void {
  let done = 0;
  while (done < bytes.length) {
    done += rawFs.writeSync(fd, bytes, done, bytes.length - done, offset + done);
  }
}

function open(file: string, flags: number, doing: string): NodeOpenFile {
  let fd: number;
  try {
    fd = rawFs.openSync(nativePath(file), flags | NO_WAIT, 0o666);
  } catch (error) {
    throw toAppError(error, doing, file);
  }
  try {
    const status = rawFs.fstatSync(fd);
    if (!status.isFile()) {
      const what = status.isDirectory() ? 'it is a directory' : 'it is not a regular file';
      throw new AppError('io/failed', `cannot ${doing} ${file}: ${what}`, { path: file });
    }
    return new NodeOpenFile(file, fd, status.size);
  } catch (error) {
    rawFs.closeSync(fd);
    throw toAppError(error, doing, file);
  }
}

/** Does `call` on the system; its failure names what was tried and the path. */
function attempt<T>(doing: string, file: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw toAppError(error, doing, file);
  }
}

function statusOf(file: string): FileStatus | undefined {
  try {
    // In 64 bits: an inode number may be over 2^53, and is told apart by every bit.
    const status = rawFs.statSync(nativePath(file), { bigint: true });
    return {
      kind: status.isFile() ? 'file' : status.isDirectory() ? 'directory' : 'other',
      size: Number(status.size),
      identity: identityOf(status),
      modifiedMs: Number(status.mtimeNs) / 1e6,
      allocated: Number(status.blocks) * BLOCK,
    };
  } catch (error) {
    const reason = systemErrorName(error);
    if (reason === 'ENOENT' || reason === 'ENOTDIR') return undefined;
    throw toAppError(error, 'look at', file);
  }
}

/** A junction of Windows is told as a link, too. */
function kindOf(entry: Dirent): DirectoryEntry['kind'] {
  if (entry.isSymbolicLink()) return 'link';
  return entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : 'other';
}

/** The nearest directory or file above `file`, itself included, that exists. */
function existingAncestor(file: string): string {
  let current = path.resolve(file);
  while (statusOf(current) === undefined && path.dirname(current) !== current) {
    current = path.dirname(current);
  }
  return current;
}

/** The operating system's files through Node. Every failure is an AppError that names the path. */
export function createNodeFileSystem(): FileSystem {
  return {
    openRead: (file) => open(file, constants.O_RDONLY, 'open'),
    openReadWrite: (file) => open(file, constants.O_RDWR, 'open for writing'),
    create: (file) => open(file, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 'make'),
    status: statusOf,
    rename(from, to) {
      attempt(`rename ${from} to`, to, () => {
        if (isWindows) renameOnWindows(from, to);
        else rawFs.renameSync(nativePath(from), nativePath(to));
      });
    },
    remove(file) {
      try {
        rawFs.unlinkSync(nativePath(file));
      } catch (error) {
        if (systemErrorName(error) !== 'ENOENT') throw toAppError(error, 'remove', file);
      }
    },
    syncDirectory(directory) {
      if (isWindows) return;
      try {
        const fd = rawFs.openSync(nativePath(directory), constants.O_RDONLY);
        try {
          rawFs.fsyncSync(fd);
        } finally {
          rawFs.closeSync(fd);
        }
      } catch (error) {
        if (!noDirectorySync.has(systemErrorName(error) ?? '')) throw toAppError(error, 'flush', directory);
      }
    },
    makeDirectory(directory) {
      attempt('make the directory', directory, () => rawFs.mkdirSync(nativePath(directory)));
    },
    list: (directory) => attempt('list', directory, () => rawFs.readdirSync(nativePath(directory))),
    entries: (directory) =>
      attempt('list', directory, () =>
        rawFs.readdirSync(nativePath(directory), { withFileTypes: true }).map((entry) => ({
          name: entry.name,
          kind: kindOf(entry),
        })),
      ),
    removeDirectory(directory) {
      try {
        rawFs.rmdirSync(nativePath(directory));
      } catch (error) {
        if (systemErrorName(error) !== 'ENOENT') throw toAppError(error, 'remove', directory);
      }
    },
    freeSpace(file) {
      const place = existingAncestor(file);
      return attempt('ask for the free space at', place, () => {
        const volume = rawFs.statfsSync(nativePath(place));
        return volume.bavail * volume.bsize;
      });
    },
    realPath(file) {
      try {
        return rawFs.realpathSync.native(file);
      } catch (error) {
        if (systemErrorName(error) === 'ENOENT') return file;
        throw toAppError(error, 'resolve', file);
      }
    },
    copyPermissions(from, to) {
      if (isWindows) return;
      const { uid, gid, mode } = attempt('read the status of', from, () => rawFs.statSync(nativePath(from)));
      try {
        rawFs.chownSync(nativePath(to), uid, gid);
      } catch (error) {
        // Only root may give a file away; the file is the user's own then.
        if (systemErrorName(error) !== 'EPERM') throw toAppError(error, 'set the owner of', to);
      }
      attempt('set the mode of', to, () => rawFs.chmodSync(nativePath(to), mode & 0o7777));
    },
    absolute(file) {
      if (file === '') throw new AppError('usage/invalid', 'a path is empty');
      return isWindows ? absoluteWindowsPath(file) : path.resolve(file);
    },
    directoryName: (file) => path.dirname(file),
    baseName: (file) => path.basename(file),
    join: (...parts) => path.join(...parts),
  };
}
