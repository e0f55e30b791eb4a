import { AppError } from '../../../../src-shared/errors/appError';
import type { PartitionSummary } from '../../../../src-shared/model/disks';
import { openFat } from '../../fat/openFat';
import { openNtfs } from '../../ntfs/read/openNtfs';
import type { BlockDevice } from '../blockDevice';
import { recogniseFileSystem } from '../recognise';

/** What is known of a volume by looking into it. */
export type VolumeFacts = Pick<
  PartitionSummary,
  'fileSystem' | 'label' | 'clusterSize' | 'used' | 'free' | 'serial' | 'hasWindows' | 'found' | 'problem'
>;

/** How many names of the root directory are told. */
const FIRST_THINGS = 10;
/** What every volume of Windows has, and what tells nobody anything. */
const housekeeping = /^(\$.*|system volume information)$/i;

/** What a volume is and holds. One that cannot be read says so; that is no failure of who asks. */
export function volumeFacts(device: BlockDevice): VolumeFacts {
  const fileSystem = recogniseFileSystem(device);
  try {
    switch (fileSystem) {
      case 'ntfs':
        return ntfsFacts(device);
      case 'fat12':
      case 'fat16':
      case 'fat32':
        return fatFacts(device);
      case 'bitlocker':
        return { fileSystem, found: [], problem: 'it is encrypted by BitLocker' };
      default:
        return { fileSystem, found: [] };
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'disk/gone') throw error;
    return { fileSystem, found: [], problem: error.message };
  }
}

function ntfsFacts(device: BlockDevice): VolumeFacts {
  const volume = openNtfs(device);
  const { label, serial, clusterSize, used, free } = volume;
  const facts = { fileSystem: 'ntfs', label, serial, clusterSize, used, free } as const;
  const problems: string[] = [];
  let found: string[] = [];
  let hasWindows = false;
  try {
    found = firstNames(volume.list('/'));
    hasWindows = volume.find('/Windows')?.isDirectory === true;
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'disk/gone') throw error;
    problems.push(error.message);
  }
  problems.push(...volume.warnings.map((warning) => warning.replace(/\.$/, '')));
  return {
    ...facts,
    ...(hasWindows ? { hasWindows } : {}),
    found,
    ...(problems.length === 0 ? {} : { problem: problems.join('; ') }),
  };
}

function fatFacts(device: BlockDevice): VolumeFacts {
  const volume = openFat(device);
  const { type, label, serial, clusterSize, used, free } = volume;
  const hasWindows = volume.find('/Windows')?.isDirectory === true;
  return {
    fileSystem: type,
    label,
    serial,
    clusterSize,
    used,
    free,
    ...(hasWindows ? { hasWindows } : {}),
    found: firstNames(volume.list('/')),
  };
}

function firstNames(items: Iterable<{ readonly name: string }>): string[] {
  const names: string[] = [];
  for (const { name } of items) {
    if (housekeeping.test(name)) continue;
    names.push(name);
    if (names.length === FIRST_THINGS) break;
  }
  return names;
}
