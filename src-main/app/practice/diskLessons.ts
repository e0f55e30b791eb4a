import { AppError } from '../../../src-shared/errors/appError';
import type { LessonCheck } from '../../../src-shared/contract/practice';
import type { DiskSummary } from '../../../src-shared/model/disks';
import type { ImageSummary } from '../../../src-shared/model/summaries';
import { entryKind } from '../../platform/treeWalk';
import type { LessonDisks } from './practiceDisks';

type Facts = LessonCheck['facts'];

/** What the lesson about a prepared disk looks at. */
export const preparedChecks = ['disk', 'diskOpens', 'gpt', 'partitions', 'volumes'] as const;
/** What the lesson about a new PC looks at, besides its image. */
export const newPcChecks = ['newPc', 'newPcOpens', 'partitions', 'windows', 'windowsFiles'] as const;

/** Whether a disk is divided for a PC with UEFI. */
export async function lookAtPrepared(place: string, disks: LessonDisks): Promise<LessonCheck[]> {
  const { checks, disk } = await openDisk(place, disks, 'disk', 'diskOpens');
  if (disk === undefined) return checks;
  const ntfs = disk.partitions.filter(({ fileSystem }) => fileSystem === 'ntfs');
  const efi = disk.partitions.find(({ role }) => role === 'efi');
  const sound = disk.partitions.every(({ problem }) => problem === undefined);
  return [
    ...checks,
    check('gpt', disk.table === 'gpt', { table: disk.table }),
    check('partitions', hasPcPartitions(disk), { partitions: disk.partitions.length }),
    check('volumes', efi?.fileSystem === 'fat32' && ntfs.length > 0 && sound, { volumes: ntfs.length }),
  ];
}

/** Whether a disk holds an image as a new PC would. */
export async function lookAtNewPc(
  place: string,
  disks: LessonDisks,
  image: ImageSummary,
): Promise<LessonCheck[]> {
  const { checks, disk } = await openDisk(place, disks, 'newPc', 'newPcOpens');
  if (disk === undefined) return checks;
  const windows = disk.partitions.find(({ hasWindows }) => hasWindows === true);
  const looked = [
    ...checks,
    check('partitions', hasPcPartitions(disk), { partitions: disk.partitions.length }),
    check('windows', windows !== undefined, { label: windows?.label ?? '' }),
  ];
  if (windows === undefined) return looked;
  try {
    const { files, directories } = await disks.countWindows(place);
    // Others count the root of an image among its directories.
    const root = image.directoryCount - directories;
    const ok = files === image.fileCount && (root === 0 || root === 1);
    return [...looked, check('windowsFiles', ok, { files, imageFiles: image.fileCount })];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [...looked, check('windowsFiles', false, { problem: error.message })];
  }
}

function hasPcPartitions({ partitions }: DiskSummary): boolean {
  const roles = partitions.map(({ role }) => role);
  return roles.includes('efi') && roles.includes('msr') && roles.includes('recovery');
}

async function openDisk(
  place: string,
  disks: LessonDisks,
  there: string,
  opens: string,
): Promise<{ checks: LessonCheck[]; disk?: DiskSummary }> {
  if ((await entryKind(place)) !== 'file') return { checks: [check(there, false)] };
  try {
    const disk = await disks.info(place);
    return { disk, checks: [check(there, true), check(opens, true)] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { checks: [check(there, true), check(opens, false, { problem: error.message })] };
  }
}

function check(name: string, ok: boolean, facts: Facts = {}): LessonCheck {
  return { name, ok, facts };
}
