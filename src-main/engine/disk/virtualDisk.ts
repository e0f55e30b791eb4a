import type { DiskFormat, DiskKind } from '../../../src-shared/model/disks';
import type { BlockDevice } from './blockDevice';

/** A disk as {@link openDisk} gives it: the device, and what is told of its file. */
export interface VirtualDisk extends BlockDevice {
  readonly format: DiskFormat;
  readonly kind: DiskKind;
  /** Of a dynamic or differencing disk, and of any VHDX. Bytes. */
  readonly blockSize?: number;
  /** Absolute paths of the files of the chain above a differencing disk, nearest first. */
  readonly parents: readonly string[];
  /** Length of the disk's own file now; the size for a physical disk. Bytes. */
  readonly allocated: number;
  /** What was noticed when it was opened, one sentence each. */
  readonly warnings: readonly string[];
}
