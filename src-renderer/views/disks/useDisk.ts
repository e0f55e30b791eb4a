import type { DiskFormat, DiskSummary, PhysicalDisk } from '../../../src-shared/model/disks';
import type { PathStatus } from '../../../src-shared/contract/files';
import { api } from '../../api/api';
import type { Translate } from '../../i18n/translate';
import { usePathStatus } from '../../wizards/facts/usePath';
import { useLive, type Live } from '../../wizards/runtime/useLive';

/** What is at the path of a disk, and what it holds. */
export interface DiskFacts {
  readonly status: Live<PathStatus>;
  /** What the disk holds, when there is one. */
  readonly summary: Live<DiskSummary>;
}

/** What a disk file, or a physical disk, holds. '' asks nothing. @param round another number reads it anew */
export function useDisk(path: string, round = 0): DiskFacts {
  const status = usePathStatus(path);
  const found = status.value;
  const isThere = found?.kind === 'file' || found?.kind === 'other' || isDevice(path);
  const summary = useLive(
    isThere ? `${path}\n${found?.size ?? 0}\n${round}` : null,
    (signal) => api.disks.info({ disk: path }, { signal }),
    0,
  );
  return { status, summary };
}

/** Whether a path names a physical disk, which is no file to look for. */
export function isDevice(path: string): boolean {
  return path.startsWith('/dev/') || path.startsWith('\\\\.\\') || path.startsWith('//./');
}

/** 'VHDX' */
export function formatName(format: DiskFormat, t: Translate): string {
  return format === 'raw' ? t('disks.rawName') : format.toUpperCase();
}

/** The physical disks of this machine. @param wanted whether they are asked for */
export function usePhysicalDisks(wanted = true): Live<readonly PhysicalDisk[]> {
  return useLive(wanted ? 'physical' : null, (signal) => api.disks.physical({}, { signal }), 0);
}
