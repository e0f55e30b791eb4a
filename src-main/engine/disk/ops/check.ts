import { AppError } from '../../../../src-shared/errors/appError';
import type { DiskSummary, PartitionSummary, PlannedPartition } from '../../../../src-shared/model/disks';
import type { BlockDevice } from '../blockDevice';
import { partitionDevice } from './formatVolume';
import type { PlannedLayout } from './layOut';

const BOOT_SECTOR = 512;
/** Sector of the copy of a FAT32 boot sector, which every program writes there. */
const FAT_COPY = 6;

/** What a disk that was read back does not have as it was planned. Empty: all is right. */
export function faultsOf(device: BlockDevice, summary: DiskSummary, layout: PlannedLayout): string[] {
  const faults: string[] = [];
  if (summary.table !== layout.table) {
    faults.push(`the partition table is ${summary.table}, planned was ${layout.table}`);
  }
  for (const warning of summary.warnings) faults.push(warning);
  for (const planned of layout.partitions) {
    const found = summary.partitions.find(({ number }) => number === planned.number);
    faults.push(...partitionFaults(device, planned, found));
  }
  const extra = summary.partitions.length - layout.partitions.length;
  if (extra > 0) faults.push(`there are ${extra} partitions that were not planned`);
  return faults;
}

function partitionFaults(
  device: BlockDevice,
  planned: PlannedPartition,
  found: PartitionSummary | undefined,
): string[] {
  const name = `partition ${planned.number}`;
  if (found === undefined) return [`${name} is not there`];
  const faults: string[] = [];
  if (found.offset !== planned.offset || found.size !== planned.bytes) {
    faults.push(
      `${name} has ${found.size} bytes from ${found.offset}, planned were ${planned.bytes} from ${planned.offset}`,
    );
    return faults;
  }
  if (found.fileSystem !== planned.fileSystem) {
    faults.push(`${name} holds ${found.fileSystem}, planned was ${planned.fileSystem}`);
    return faults;
  }
  if (found.problem !== undefined) faults.push(`${name}: ${found.problem}`);
  if (planned.fileSystem !== 'none') {
    const label = found.label ?? '';
    const wanted =
      planned.fileSystem === 'fat32' ? (planned.label ?? '').toUpperCase() : (planned.label ?? '');
    if (label.trimEnd() !== wanted.trimEnd())
      faults.push(`${name} is called "${label}", planned was "${wanted}"`);
    if (!hasSameCopy(device, planned)) faults.push(`the copy of the boot sector of ${name} differs from it`);
  }
  return faults;
}

/** Both file systems keep a copy of their boot sector: NTFS in the last sector, FAT32 in the seventh. */
function hasSameCopy(device: BlockDevice, planned: PlannedPartition): boolean {
  const volume = partitionDevice(device, planned);
  const place =
    planned.fileSystem === 'ntfs' ? volume.size - volume.sectorSize : FAT_COPY * volume.sectorSize;
  const [first, copy] = [new Uint8Array(BOOT_SECTOR), new Uint8Array(BOOT_SECTOR)];
  if (volume.read(0, first) !== BOOT_SECTOR || volume.read(place, copy) !== BOOT_SECTOR) return false;
  return first.every((byte, i) => byte === copy[i]);
}

/** The error of a disk that does not hold what was written to it. */
export function faultError(path: string, faults: readonly string[]): AppError {
  return new AppError(
    'disk/malformed',
    `${path} does not hold what was written to it: ${faults.join('; ')}`,
    {
      path,
      faults: faults.length,
    },
  );
}
