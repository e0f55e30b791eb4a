import type { JobRecord } from '../../../src-shared/contract/jobs';
import { isDiskWork, isDriverWork } from '../../../src-shared/contract/work';
import type { Translate } from '../../i18n/translate';
import { baseName, changedDisk, workSubject } from '../../stores/workNames';

/** What a job that did not come to its end left: from what was found there, or from what the verb promises. */
export function nowThere({ work, aftermath }: JobRecord, t: Translate): string {
  const target =
    work.verb === 'driversExport'
      ? work.request.destination
      : work.verb === 'apply'
        ? work.request.target
        : work.verb === 'extract'
          ? work.request.destination
          : undefined;
  const name = target === undefined ? workSubject(work) : baseName(target);
  if (target !== undefined && aftermath === null) return t('wizards.end.target', { path: target });
  if (aftermath !== null) return t(`wizards.end.after.${aftermath.state}`, { name });
  if (isDiskWork(work)) {
    const anew = work.verb === 'diskCreate' || work.verb === 'diskConvert';
    return t(anew ? 'wizards.end.noNewFile' : 'disks.end.noTable', { name: baseName(changedDisk(work)) });
  }
  if (isDriverWork(work)) return t('wizards.end.after.untouched', { name });
  return work.verb === 'capture'
    ? t('wizards.end.noNewFile', { name })
    : t('wizards.end.unchanged', { name });
}
