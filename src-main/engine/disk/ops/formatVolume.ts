import type { PlannedPartition } from '../../../../src-shared/model/disks';
import { formatFat32 } from '../../fat/fatVolumeWriter';
import { formatNtfs } from '../../ntfs/write/ntfsFormat';
import type { BlockDevice } from '../blockDevice';
import type { DiskHost } from '../diskHost';
import { sliceDevice } from '../slice';

/** The place of a partition as a device of its own. */
export function partitionDevice(device: BlockDevice, partition: PlannedPartition): BlockDevice {
  const { number, offset, bytes } = partition;
  return sliceDevice(device, offset, bytes, `partition ${number} of ${device.name}`);
}

/** Formats the place of a partition as the plan says. The boot sector is written last, and all is flushed. */
export function formatVolume(
  host: Pick<DiskHost, 'randomBytes' | 'now'>,
  device: BlockDevice,
  partition: PlannedPartition,
): void {
  const volume = partitionDevice(device, partition);
  const { fileSystem, label, clusterSize, offset } = partition;
  const options = {
    ...(label === undefined ? {} : { label }),
    ...(clusterSize === undefined ? {} : { clusterSize }),
    partitionOffset: offset,
  };
  switch (fileSystem) {
    case 'none':
      return;
    case 'fat32':
      formatFat32(volume, {
        ...options,
        randomBytes: (length) => host.randomBytes(length),
        now: host.now(),
      });
      return;
    case 'ntfs':
      formatNtfs(volume, {
        ...options,
        randomBytes: (length) => host.randomBytes(length),
        now: () => host.now(),
      });
  }
}
