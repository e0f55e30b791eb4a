import { AppError } from '../../src-shared/errors/appError';
import type {
  InputFile,
  InputStatus,
  MetadataProblem,
  OutputFile,
  TaskFiles,
} from '../engine/pipeline/taskFiles';
import type { FilePlacement } from '../engine/pipeline/tasks';
import { readSectors, type SectorTransfer, writeSectors } from './devices/sectorAccess';
import { diskNumber } from './devices/windows/diskPaths';
import { readFully, writeFully } from './nodeFileSystem';
import { listDirectory } from './posix/directoryListing';
import { millisecondsOf } from './posix/filetime';
import { fsetXattr, futimens, hasLibcCall } from './posix/libc';
import { nativePath } from './posix/nativePath';
import { renameOver } from './posix/replacements';
import { rawFs } from './rawFs';
import { systemErrorName, toAppError } from './systemErrors';

const { constants } = rawFs;
const isWindows = process.platform === 'win32';

// Flags that Windows does not have are undefined there, whatever their type says.
const NO_WAIT = isWindows ? 0 : constants.O_NONBLOCK;
const NO_FOLLOW = isWindows ? 0 : constants.O_NOFOLLOW;
const NO_ACCESS_TIME = process.platform === 'linux' ? constants.O_NOATIME : 0;

const READ = constants.O_RDONLY | NO_WAIT;
const MAKE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW;
const WRITE = constants.O_WRONLY | NO_FOLLOW | NO_WAIT;
const LOOK = constants.O_RDONLY | NO_FOLLOW | NO_WAIT;

/** A multiple of the sectors of all disks. */
const SECTOR = 4096;

/** Windows reads and writes its physical disks in whole sectors only. */
function isWholeSectors(path: string): boolean {
  return isWindows && diskNumber(path) !== undefined;
}

function transferIn(fd: number): SectorTransfer {
  return (offset, buffer) => rawFs.readSync(fd, buffer, 0, buffer.length, offset);
}

function transferOut(fd: number): SectorTransfer {
  return (offset, buffer) => rawFs.writeSync(fd, buffer, 0, buffer.length, offset);
}

class NodeInputFile implements InputFile {
  readonly name: string;
  private readonly fd: number;
  private length = -1;

  constructor(name: string, fd: number) {
    this.name = name;
    this.fd = fd;
  }

  get size(): number {
    if (this.length < 0) this.length = this.status().size;
    return this.length;
  }

  status(): InputStatus {
    try {
      const status = rawFs.fstatSync(this.fd);
      if (!status.isFile()) {
        throw new AppError('io/failed', `cannot read ${this.name}: it is not a regular file`, {
          path: this.name,
        });
      }
      return { size: status.size, modifiedMs: status.mtimeMs };
    } catch (error) {
      throw toAppError(error, 'look at', this.name);
    }
  }

  read(offset: number, target: Uint8Array): number {
    try {
      if (isWholeSectors(this.name)) return readSectors(transferIn(this.fd), SECTOR, offset, target);
      return readFully(this.fd, target, offset);
    } catch (error) {
      throw toAppError(error, 'read', this.name);
    }
  }

  close(): void {
    try {
      rawFs.closeSync(this.fd);
    } catch (error) {
      throw toAppError(error, 'close', this.name);
    }
  }
}

class NodeOutputFile implements OutputFile {
  private readonly path: string;
  private readonly fd: number;

  constructor(path: string, fd: number) {
    this.path = path;
    this.fd = fd;
  }

  write(offset: number, bytes: Uint8Array): void {
    try {
      if (isWholeSectors(this.path))
        writeSectors(transferIn(this.fd), transferOut(this.fd), SECTOR, offset, bytes);
      else writeFully(this.fd, bytes, offset);
    } catch (error) {
      throw toAppError(error, 'write to', this.path);
    }
  }

  truncate(size: number): void {
    try {
      rawFs.ftruncateSync(this.fd, size);
    } catch (error) {
      throw toAppError(error, 'change the size of', this.path);
    }
  }

  applyMetadata(placement: FilePlacement): MetadataProblem | undefined {
    // There the target sets attributes and all three times by path when everything is written.
    if (isWindows) return undefined;
    const { fd } = this;
    const { owner, mode, xattrs } = placement;
    let found: MetadataProblem | undefined;
    const set = (what: string, call: () => void): void => {
      try {
        call();
      } catch (error) {
        const { message, code } = toAppError(error, `set the ${what} of`, this.path);
        found =
          found === undefined
            ? { problem: message, code }
            : { ...found, problem: `${found.problem}; ${message}` };
      }
    };
    // A change of owner clears the set-user-ID bit and capabilities: mode and attributes come after it.
    if (owner !== undefined) set('owner', () => rawFs.fchownSync(fd, owner.uid, owner.gid));
    if (mode !== undefined) set('permissions', () => rawFs.fchmodSync(fd, mode & 0o7777));
    if (xattrs !== undefined) {
      for (const [name, value] of xattrs) set(`extended attribute ${name}`, () => fsetXattr(fd, name, value));
    }
    set('times', () => setTimes(fd, placement));
    return found;
  }

  close(): void {
    try {
      rawFs.closeSync(this.fd);
    } catch (error) {
      // Network file systems report here what they could not write before.
      throw toAppError(error, 'write to', this.path);
    }
  }
}

function setTimes(fd: number, { accessTime, writeTime }: FilePlacement): void {
  if (hasLibcCall('futimens')) {
    futimens(fd, { access: accessTime, write: writeTime });
  } else {
    // Node takes seconds as a double: exact to about 0.2 us in our century.
    rawFs.futimesSync(fd, millisecondsOf(accessTime) / 1000, millisecondsOf(writeTime) / 1000);
  }
}

function open(path: string, flags: number, doing: string): number {
  try {
    return rawFs.openSync(nativePath(path), flags);
  } catch (error) {
    throw toAppError(error, doing, path);
  }
}

/** A file gets its final mode after its data; until then others have no business with one that will be restricted. */
function make({ path: place, temporary: path = place, mode }: FilePlacement): number {
  const native = nativePath(path);
  const first = mode === undefined ? 0o666 : 0o600;
  try {
    return rawFs.openSync(native, MAKE, first);
  } catch (error) {
    if (systemErrorName(error) !== 'EEXIST') throw toAppError(error, 'make', path);
  }
  try {
    if (rawFs.lstatSync(native).isDirectory()) {
      throw new AppError('io/exists', `cannot make ${path}: a directory of that name is in the way`, {
        path,
      });
    }
    rawFs.unlinkSync(native);
  } catch (error) {
    throw toAppError(error, 'replace', path);
  }
  try {
    return rawFs.openSync(native, MAKE, first);
  } catch (error) {
    throw toAppError(error, 'make', path);
  }
}

/** Only a file's owner may leave its access time alone: asked for until the system first says no. */
function createReader(): (path: string) => number {
  let sparing = NO_ACCESS_TIME;
  return (path) => {
    const native = nativePath(path);
    try {
      return rawFs.openSync(native, READ | sparing);
    } catch (error) {
      if (sparing === 0 || systemErrorName(error) !== 'EPERM') throw toAppError(error, 'open', path);
    }
    sparing = 0;
    return open(path, READ, 'open');
  };
}

/** The file calls of one worker thread. */
export function createNodeTaskFiles(): TaskFiles {
  const openReader = createReader();
  return {
    openRead: (path) => new NodeInputFile(path, openReader(path)),
    create: (placement) => new NodeOutputFile(placement.path, make(placement)),
    openWrite: (path) => new NodeOutputFile(path, open(path, WRITE, 'write to')),
    openForMetadata: (path) => new NodeOutputFile(path, open(path, LOOK, 'set the metadata of')),
    replace(from, to) {
      try {
        renameOver(from, to);
      } catch (error) {
        throw toAppError(error, 'replace', to);
      }
    },
    listDirectory,
    remove(path) {
      try {
        rawFs.unlinkSync(nativePath(path));
      } catch (error) {
        throw toAppError(error, 'remove', path);
      }
    },
  };
}
