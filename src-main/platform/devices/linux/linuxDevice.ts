import { AppError } from '../../../../src-shared/errors/appError';
import type { Extent } from '../../../engine/disk/blockDevice';
import type { PhysicalDevice } from '../../../engine/disk/devices';
import { FileLock, flock, ioctl } from '../../posix/libc';
import { rawFs } from '../../rawFs';
import { systemErrorName, toAppError } from '../../systemErrors';
import { type BlockDevices, type BlockNode, deviceNumber } from './blockDevices';
import { sectorsOf, sizeOf } from './diskFacts';
import { numberOf } from './systemFiles';

const { constants } = rawFs;

/** Requests of linux/fs.h that have no argument. */
const BLKRRPART = 0x125f;
const BLKFLSBUF = 0x1261;

/** Errors of a device that has gone away; an I/O error may be one, or a bad sector. */
const goneErrors: ReadonlySet<string | undefined> = new Set(['ENXIO', 'ENODEV', 'ENOMEDIUM']);

/** Opens a block device; for writing so that nobody else uses it meanwhile, who asks. */
export function openLinuxDevice(
  devices: BlockDevices,
  node: BlockNode,
  access: 'read' | 'write',
): PhysicalDevice {
  const devicePath = devices.pathOf(node);
  if (sizeOf(node) === 0) {
    throw new AppError('disk/gone', `there is no medium in ${devicePath}`, { path: devicePath });
  }
  // Without O_CREAT, O_EXCL on a block device fails where a file system or another program holds it: open(2).
  const flags = access === 'write' ? constants.O_RDWR | constants.O_EXCL : constants.O_RDONLY;
  let fd: number;
  try {
    fd = rawFs.openSync(devicePath, flags);
  } catch (error) {
    throw openError(error, devicePath);
  }
  try {
    const { rdev } = rawFs.fstatSync(fd, { bigint: true });
    if (deviceNumber(rdev) !== node.number) {
      throw new AppError('disk/changed', `${devicePath} has become another disk`, { path: devicePath });
    }
    if (access === 'write') holdOffProbes(fd);
    return new LinuxDevice(devicePath, fd, node, access === 'write');
  } catch (error) {
    rawFs.closeSync(fd);
    throw error;
  }
}

/**
 * Asks the device manager not to look at the disk before it is whole: systemd's convention is a lock on the device.
 * Nothing rests on it, so that one who holds it already is no reason to stop.
 */
function holdOffProbes(fd: number): void {
  try {
    flock(fd, FileLock.EXCLUSIVE + FileLock.NONBLOCKING);
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
  }
}

function openError(error: unknown, devicePath: string): AppError {
  const name = systemErrorName(error);
  const facts = { path: devicePath, system: name ?? '' };
  if (name === 'EBUSY') {
    return new AppError(
      'disk/in-use',
      `${devicePath} is in use: the system or a program holds it`,
      facts,
      error,
    );
  }
  if (goneErrors.has(name)) {
    return new AppError('disk/gone', `${devicePath} is not there any more, or has no medium`, facts, error);
  }
  return toAppError(error, 'open', devicePath);
}

class LinuxDevice implements PhysicalDevice {
  readonly size: number;
  readonly sectorSize: number;
  readonly physicalSectorSize: number;

  constructor(
    readonly name: string,
    private fd: number,
    private readonly node: BlockNode,
    readonly writable: boolean,
  ) {
    const { logical, physical } = sectorsOf(node);
    this.sectorSize = logical;
    this.physicalSectorSize = physical;
    this.size = sizeOf(node);
  }

  read(offset: number, target: Uint8Array): number {
    const wanted = this.within(offset, target.length);
    let done = 0;
    while (done < wanted) {
      const count = this.attempt('read', () =>
        rawFs.readSync(this.fd, target, done, wanted - done, offset + done),
      );
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  write(offset: number, bytes: Uint8Array): void {
    this.allocate(offset, bytes.length);
    for (let done = 0; done < bytes.length;) {
      done += this.attempt('write to', () =>
        rawFs.writeSync(this.fd, bytes, done, bytes.length - done, offset + done),
      );
    }
  }

  extents(offset: number, length: number): Extent[] {
    const there = this.within(offset, length);
    return there === 0 ? [] : [{ kind: 'file', path: this.name, offset, length: there }];
  }

  /** A disk has room for all that lies inside it. */
  allocate(offset: number, length: number): void {
    if (!this.writable) {
      throw new AppError('io/read-only', `${this.name} was opened for reading`, { path: this.name });
    }
    if (offset < 0 || offset + length > this.size) {
      throw new RangeError(`${length} bytes at ${offset} of ${this.name}, which has ${this.size}`);
    }
  }

  flush(): void {
    this.attempt('flush', () => rawFs.fsyncSync(this.fd));
  }

  dropCaches(): void {
    try {
      ioctl(this.fd, BLKFLSBUF);
    } catch (error) {
      // Only root may; others then check what the system remembers.
      if (systemErrorName(error) === undefined) throw error;
    }
  }

  rereadPartitions(): string | undefined {
    try {
      ioctl(this.fd, BLKRRPART);
      return undefined;
    } catch (error) {
      const name = systemErrorName(error);
      if (name === undefined) throw error;
      // A loop device that was set up without partitions.
      if (name === 'EINVAL') return undefined;
      return `the system has not read the new partition table of ${this.name} yet (${name}); connect the disk anew`;
    }
  }

  close(): void {
    if (this.fd < 0) return;
    const { fd } = this;
    this.fd = -1;
    this.attempt('close', () => rawFs.closeSync(fd));
  }

  private within(offset: number, length: number): number {
    return Math.max(0, Math.min(length, this.size - offset));
  }

  private attempt<T>(doing: string, call: () => T): T {
    try {
      return call();
    } catch (error) {
      const name = systemErrorName(error);
      if (goneErrors.has(name) || (name === 'EIO' && this.hasGone())) {
        const message = `cannot ${doing} ${this.name}: the disk is not there any more`;
        throw new AppError('disk/gone', message, { path: this.name, system: name ?? '' }, error);
      }
      if (name === undefined && error instanceof Error && 'errno' in error) {
        // Drivers know errors for which Node has no name.
        const message = `cannot ${doing} ${this.name}: the device reports ${error.message}`;
        throw new AppError('io/failed', message, { path: this.name }, error);
      }
      throw toAppError(error, doing, this.name);
    }
  }

  /** Whether the system no longer knows the disk, or knows it by another size. */
  private hasGone(): boolean {
    return numberOf(this.node.directory, 'size') === undefined || sizeOf(this.node) !== this.size;
  }
}
