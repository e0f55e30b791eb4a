import type { DiskSummary, PartitionSummary } from '../../../../src-shared/model/disks';
import { formatBytes } from '../../../i18n/format';
import type { Translate } from '../../../i18n/translate';

/** What stands for the volume that the host finds by itself. */
export const AUTO = 'auto';

/** Whether the files of a volume can be read here: NTFS without a fault. */
export function canBeRead({ fileSystem, problem }: PartitionSummary): boolean {
  return fileSystem === 'ntfs' && problem === undefined;
}

/** The volume that 'auto' means: the one with Windows, else the only one for files. As the host chooses it. */
export function automaticVolume({ partitions }: DiskSummary): PartitionSummary | undefined {
  const windows = partitions.filter(({ hasWindows }) => hasWindows === true);
  if (windows.length > 0) return onlyOne(windows);
  const candidates = partitions.filter(
    ({ fileSystem }) => fileSystem === 'ntfs' || fileSystem === 'bitlocker',
  );
  const inUse = candidates.filter(({ role }) => role !== 'recovery' && role !== 'system');
  return onlyOne(inUse.length === 0 ? candidates : inUse);
}

function onlyOne<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined;
}

/** The volume that a choice means, as far as it can be told. */
export function chosenVolume(disk: DiskSummary, volume: string): PartitionSummary | undefined {
  if (volume === AUTO) return automaticVolume(disk);
  return disk.partitions.find(({ number, id }) => String(number) === volume || id === volume);
}

/** '3: Windows, NTFS, 62.7 GB, has Windows' */
export function volumeText(partition: PartitionSummary, t: Translate): string {
  const { number, label, role, fileSystem, size, hasWindows } = partition;
  const name = label === undefined || label === '' ? t(`disks.role.${role}`) : label;
  return [
    number === 0 ? name : `${number}: ${name}`,
    t(`disks.fs.${fileSystem}`),
    formatBytes(size),
    ...(hasWindows === true ? [t('disks.hasWindows')] : []),
  ].join(', ');
}
