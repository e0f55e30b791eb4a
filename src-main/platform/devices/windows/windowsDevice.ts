import { AppError } from '../../../../src-shared/errors/appError';
import type { Extent } from '../../../engine/disk/blockDevice';
import type { PhysicalDevice } from '../../../engine/disk/devices';
import { systemErrorName, toAppError } from '../../systemErrors';
import type { Handle } from '../../windows/kernel32';
import { readSectors, writeSectors } from '../sectorAccess';
import type { WindowsDiskCalls } from './diskCalls';

const IOCTL_DISK_UPDATE_PROPERTIES = 0x0007_0140;

/** Errors of a device that has gone: no such device, not ready, not connected, gone away, no medium. */
const goneErrors: ReadonlySet<string | undefined> = new Set([
  'WINDOWS_20',
  'WINDOWS_21',
  'WINDOWS_55',
  'WINDOWS_433',
  'WINDOWS_1112',
  'WINDOWS_1167',
  'WINDOWS_1617',
]);

/** What is known of a disk before it is read. */
export interface OpenedDisk {
  readonly path: string;
  readonly handle: Handle;
  readonly size: number;
  readonly sectorSize: number;
  readonly physicalSectorSize: number;
  readonly writable: boolean;
  /** Its volumes, locked and dismounted; they are free again when these are closed. */
  readonly volumes: readonly Handle[];
}

/** A disk of Windows: whole sectors only, which it makes of any access. */
export class WindowsDevice implements PhysicalDevice {
  readonly name: string;
  readonly size: number;
  readonly sectorSize: number;
  readonly physicalSectorSize: number;
  readonly writable: boolean;
  readonly wholeSectors = true;
  private isOpen = true;

  constructor(
    private readonly calls: WindowsDiskCalls,
    private readonly disk: OpenedDisk,
  ) {
    this.name = disk.path;
    this.size = disk.size;
    this.sectorSize = disk.sectorSize;
    this.physicalSectorSize = disk.physicalSectorSize;
    this.writable = disk.writable;
  }

  read(offset: number, target: Uint8Array): number {
    const there = this.within(offset, target.length);
    return this.attempt('read', () =>
      readSectors(this.readWhole, this.sectorSize, offset, target.subarray(0, there)),
    );
  }

  write(offset: number, bytes: Uint8Array): void {
    this.allocate(offset, bytes.length);
    this.attempt('write to', () =>
      writeSectors(this.readWhole, this.writeWhole, this.sectorSize, offset, bytes),
    );
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
    this.attempt('flush', () => this.calls.flush(this.disk.handle));
  }

  /** A disk that is opened as such is never read from memory. */
  dropCaches(): void {
    return undefined;
  }

  rereadPartitions(): string | undefined {
    try {
      this.calls.control(this.disk.handle, IOCTL_DISK_UPDATE_PROPERTIES, null, 0);
      return undefined;
    } catch (error) {
      const name = systemErrorName(error);
      if (name === undefined) throw error;
      return `Windows has not read the new partition table of ${this.name} yet (${name}); connect the disk anew`;
    }
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.calls.close(this.disk.handle);
    for (const volume of this.disk.volumes) this.calls.close(volume);
  }

  private readonly readWhole = (offset: number, target: Uint8Array): number =>
    this.calls.read(this.disk.handle, offset, target);

  private readonly writeWhole = (offset: number, bytes: Uint8Array): number =>
    this.calls.write(this.disk.handle, offset, bytes);

  private within(offset: number, length: number): number {
    return Math.max(0, Math.min(length, this.size - offset));
  }

  private attempt<T>(doing: string, call: () => T): T {
    try {
      return call();
    } catch (error) {
      const name = systemErrorName(error);
      if (goneErrors.has(name)) {
        const message = `cannot ${doing} ${this.name}: the disk is not there any more`;
        throw new AppError('disk/gone', message, { path: this.name, system: name ?? '' }, error);
      }
      throw toAppError(error, doing, this.name);
    }
  }
}
