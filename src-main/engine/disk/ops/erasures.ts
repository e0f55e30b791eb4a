import type { DiskErasure, DiskSummary, PartitionSummary } from '../../../../src-shared/model/disks';
import type { BlockDevice } from '../blockDevice';
import { diskSizeText } from '../sizeWords';
import { EDGE } from '../writePartitions';

const names: Readonly<Record<PartitionSummary['fileSystem'], string>> = {
  ntfs: 'NTFS',
  fat32: 'FAT32',
  fat16: 'FAT16',
  fat12: 'FAT12',
  exfat: 'exFAT',
  refs: 'ReFS',
  bitlocker: 'BitLocker',
  unknown: 'not recognised',
  none: 'not formatted',
};

/** All that would go when a disk is erased; empty for one on which nothing is. */
export function erasuresOf(device: BlockDevice, summary: DiskSummary): DiskErasure[] {
  const { partitions, path, size } = summary;
  if (partitions.length > 0) {
    return partitions.map((partition) => ({
      disk: path,
      what: partitionWords(partition),
      bytes: partition.size,
      found: partition.found,
    }));
  }
  if (summary.table !== 'none') {
    return [{ disk: path, what: 'A partition table without partitions', bytes: 0, found: [] }];
  }
  if (isBlank(device)) return [];
  const what = `Data that is no partition table and no known file system, ${diskSizeText(size)}`;
  return [{ disk: path, what, bytes: size, found: [] }];
}

/** 'Partition 2, NTFS "Windows", 40 GB, 12 GB used: Windows'. */
function partitionWords(partition: PartitionSummary): string {
  const { number, fileSystem, label, size, used, hasWindows, problem } = partition;
  const volume = label === undefined || label === '' ? names[fileSystem] : `${names[fileSystem]} "${label}"`;
  const parts = [
    number === 0 ? 'The whole disk' : `Partition ${number} (${partition.typeName})`,
    volume,
    diskSizeText(size),
    ...(used === undefined ? [] : [`${diskSizeText(used)} used`]),
    ...(hasWindows === true ? ['with Windows'] : []),
  ];
  return parts.join(', ') + (problem === undefined ? '' : `; ${problem}`);
}

/** Whether the first and the last MiB hold nothing, where every table and every superblock has something. */
function isBlank(device: BlockDevice): boolean {
  const length = Math.min(EDGE, device.size);
  const bytes = new Uint8Array(length);
  for (const offset of [0, device.size - length]) {
    const count = device.read(offset, bytes);
    if (!bytes.subarray(0, count).every((byte) => byte === 0)) return false;
  }
  return true;
}
