import type { PlannedPartition } from '../../../../src-shared/model/disks';
import type { BlockDevice } from '../blockDevice';

/** What fills the Windows volume of a disk that is made or prepared: an image that is applied in the same work. */
export interface VolumeFill {
  /** What it does, in words. */
  readonly steps: readonly string[];
  readonly warnings: readonly string[];
  /** Bytes that it writes at most. */
  readonly needed: number;
  /**
   * Formats and fills the volume, in place of the empty one that it would get. The partition table is written after it
   * has returned.
   * @param device the partition
   */
  run(device: BlockDevice): Promise<void>;
}

/**
 * Works out how a volume will be filled, before anything is written.
 * @param disk what it lies on
 * @throws AppError where it cannot be: the volume is too small, data is missing
 */
export type PlanFill = (
  partition: PlannedPartition,
  disk: Pick<BlockDevice, 'sectorSize' | 'wholeSectors'>,
) => Promise<VolumeFill>;

/** The partition that an image goes to. */
export function windowsPartition(partitions: readonly PlannedPartition[]): PlannedPartition | undefined {
  return (
    partitions.find(({ role, fileSystem }) => role === 'windows' && fileSystem === 'ntfs') ??
    partitions.find(({ role, fileSystem }) => role === 'data' && fileSystem === 'ntfs')
  );
}
