import { AppError } from '../../../src-shared/errors/appError';
import type { PartitionSummary } from '../../../src-shared/model/disks';
import type { VolumeChoice } from '../../../src-shared/model/requests';
import type { BlockDevice } from './blockDevice';
import { readPartitions, type DiskPartition } from './partitions';
import { diskSizeText } from './sizeWords';
import { sliceDevice } from './slice';
import { volumeFacts } from './ops/volumeFacts';

/** A volume of a disk. */
export interface ChosenVolume {
  /** The volume as a device of its own: closing it does not close the disk. */
  readonly volume: BlockDevice;
  /** Its partition with what is on it; number 0: the whole disk. */
  readonly partition: PartitionSummary;
}

/**
 * The volume that a person means: 'auto' (or nothing) is the one with \Windows, else the only NTFS one; else a number, a
 * label (letter case ignored), or a GPT's unique GUID. A number is a label where no partition has that number.
 * @param purpose 'fill': the one that is formatted anew. Then 'auto' is the one with Windows, else the only one that is
 *   for Windows or data, formatted or not: never a recovery, system or boot partition
 * @throws AppError `disk/no-such-volume`, `disk/ambiguous-volume`, both with all volumes in words; those of readPartitions
 */
export function chooseVolume(
  disk: BlockDevice,
  choice: VolumeChoice | undefined,
  purpose: 'read' | 'fill' = 'read',
): ChosenVolume {
  const deviceOf = ({ number, offset, size }: DiskPartition): BlockDevice =>
    number === 0 ? disk : sliceDevice(disk, offset, size, `${disk.name}, volume ${number}`);
  const volumes = readPartitions(disk)
    .partitions.filter(({ offset, size }) => offset + size <= disk.size)
    .map((partition) => ({ ...partition, ...volumeFacts(deviceOf(partition)) }));
  const partition =
    choice === undefined || choice.toLowerCase() === 'auto'
      ? purpose === 'fill'
        ? chooseToFill(disk, volumes)
        : chooseAlone(disk, volumes)
      : chooseNamed(disk, volumes, choice);
  return { volume: deviceOf(partition), partition };
}

function chooseAlone(disk: BlockDevice, volumes: readonly PartitionSummary[]): PartitionSummary {
  const withWindows = volumes.filter(({ hasWindows }) => hasWindows === true);
  if (withWindows.length === 1) return withWindows[0];
  if (withWindows.length > 1) {
    throw ambiguous(disk, withWindows, 'has several volumes with Windows');
  }
  // BitLocker's volume is the one that is meant, and cannot be read: better said than another one taken.
  const candidates = volumes.filter(({ fileSystem }) => fileSystem === 'ntfs' || fileSystem === 'bitlocker');
  const inUse = candidates.filter(({ role }) => role !== 'recovery' && role !== 'system');
  const meant = inUse.length === 0 ? candidates : inUse;
  if (meant.length === 1) return meant[0];
  if (meant.length > 1) throw ambiguous(disk, meant, 'has several NTFS volumes, none of them with Windows');
  throw missing(disk, volumes, 'has no NTFS volume');
}

function chooseToFill(disk: BlockDevice, volumes: readonly PartitionSummary[]): PartitionSummary {
  const withWindows = volumes.filter(({ hasWindows }) => hasWindows === true);
  if (withWindows.length === 1) return withWindows[0];
  if (withWindows.length > 1) throw ambiguous(disk, withWindows, 'has several volumes with Windows');
  const forData = volumes.filter(({ role }) => role === 'windows' || role === 'data');
  const inactive = forData.filter(({ active }) => active !== true);
  const meant = inactive.length === 0 ? forData : inactive;
  if (meant.length === 1) return meant[0];
  if (meant.length > 1) throw ambiguous(disk, meant, 'has several volumes, none of them with Windows');
  throw missing(disk, volumes, 'has no volume for Windows or data');
}

function chooseNamed(
  disk: BlockDevice,
  volumes: readonly PartitionSummary[],
  choice: string,
): PartitionSummary {
  const wanted = choice.trim().toLowerCase();
  const byNumber = /^\d+$/.test(wanted) ? volumes.find(({ number }) => number === Number(wanted)) : undefined;
  if (byNumber !== undefined) return byNumber;
  const guid = wanted.replace(/^\{|\}$/g, '');
  const byId = volumes.find(({ id }) => id === guid);
  if (byId !== undefined) return byId;
  const byLabel = volumes.filter(
    ({ label }) => label !== undefined && label !== '' && label.toLowerCase() === wanted,
  );
  if (byLabel.length === 1) return byLabel[0];
  if (byLabel.length > 1) throw ambiguous(disk, byLabel, `has several volumes called "${choice}"`);
  throw missing(disk, volumes, `has no volume "${choice}"`);
}

function ambiguous(disk: BlockDevice, volumes: readonly PartitionSummary[], problem: string): AppError {
  return new AppError('disk/ambiguous-volume', `${disk.name} ${problem}: ${listed(volumes)}`, {
    path: disk.name,
  });
}

function missing(disk: BlockDevice, volumes: readonly PartitionSummary[], problem: string): AppError {
  const there = volumes.length === 0 ? 'there are no volumes on it' : `there are ${listed(volumes)}`;
  return new AppError('disk/no-such-volume', `${disk.name} ${problem}; ${there}`, { path: disk.name });
}

function listed(volumes: readonly PartitionSummary[]): string {
  return volumes
    .map(({ number, fileSystem, label, size }) => {
      const name = label === undefined || label === '' ? '' : ` "${label}"`;
      return `${number} (${fileSystem}${name}, ${diskSizeText(size)})`;
    })
    .join(', ');
}
