import type { PhysicalDisk } from '../../../src-shared/model/disks';
import type { BlockDevice } from './blockDevice';
import type { DiskDevices } from './diskHost';

/** A physical disk, or a partition of one, that is open. */
export interface PhysicalDevice extends BlockDevice {
  /** Forgets what was read before, so that a check reads the medium and not the system's memory. */
  dropCaches(): void;
  /**
   * Has the system read the partition table anew, as it must before new partitions can be used.
   * @returns why it does not see them yet, in words; undefined where it does
   */
  rereadPartitions(): string | undefined;
}

/** A disk as the system tells it; whether it may be a target, guard.ts says. */
export type DiskFacts = Omit<PhysicalDisk, 'refusal'>;

/** The physical disks of the system. */
export interface PhysicalDisks extends DiskDevices {
  /** @throws AppError `disk/unsupported` where the system's disks cannot be told */
  list(): DiskFacts[];
  /** Whether a path names a disk, or a part of one, rather than a file. */
  isDevice(path: string): boolean;
  /** The disk that is opened by this path, links followed; undefined for a partition, a file, or nothing. */
  find(path: string): DiskFacts | undefined;
  /**
   * Opens a disk or a partition. For writing only whole disks, which nothing else may use meanwhile.
   * @returns undefined when `path` does not name one
   * @throws AppError `disk/in-use`, `disk/gone`, `disk/refused`, `io/no-permission`, `io/failed`
   */
  open(path: string, access: 'read' | 'write'): PhysicalDevice | undefined;
  /** Paths of the disks on which a file lies, or would lie; empty where they cannot be told. */
  holding(file: string): string[];
  /** What the system uses a file for, in words: a loop device, a mounted file system; empty where it is free. */
  usesOf?(file: string): string[];
}
