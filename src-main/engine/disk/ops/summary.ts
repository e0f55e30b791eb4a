import { AppError } from '../../../../src-shared/errors/appError';
import type { DiskSummary, PartitionSummary } from '../../../../src-shared/model/disks';
import { type DiskPartition, readPartitions } from '../partitions';
import { sliceDevice } from '../slice';
import type { VirtualDisk } from '../virtualDisk';
import { volumeFacts } from './volumeFacts';

/** What a disk is and what is on it. A table that cannot be read is told as a warning: the disk is there all the same. */
export function summarise(disk: VirtualDisk, path: string): DiskSummary {
  const { format, kind, size, allocated, sectorSize, physicalSectorSize, blockSize, parents } = disk;
  const warnings = [...disk.warnings];
  const read = tryRead(disk, warnings);
  return {
    path,
    format,
    kind,
    size,
    allocated,
    sectorSize,
    physicalSectorSize,
    table: read?.table ?? 'none',
    ...(read?.diskId === undefined ? {} : { diskId: read.diskId }),
    partitions: (read?.partitions ?? []).map((partition) => describe(disk, partition)),
    ...(blockSize === undefined ? {} : { blockSize }),
    ...(parents.length === 0 ? {} : { parents }),
    warnings: [...warnings, ...(read?.warnings ?? [])],
  };
}

function tryRead(disk: VirtualDisk, warnings: string[]): ReturnType<typeof readPartitions> | undefined {
  try {
    return readPartitions(disk);
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'disk/gone') throw error;
    warnings.push(`the partition table cannot be read: ${error.message}`);
    return undefined;
  }
}

function describe(disk: VirtualDisk, partition: DiskPartition): PartitionSummary {
  const { offset, size } = partition;
  if (offset + size > disk.size) {
    return { ...partition, fileSystem: 'unknown', found: [], problem: 'it ends beyond the end of the disk' };
  }
  const facts = volumeFacts(sliceDevice(disk, offset, size, `partition ${partition.number} of ${disk.name}`));
  // The table says 'data' for all that Windows can be on.
  const role = facts.hasWindows === true && partition.role === 'data' ? 'windows' : partition.role;
  return { ...partition, role, ...facts };
}
