import type { DiskWork, Work } from '../../src-shared/contract/work';
import type { Translate } from '../i18n/translate';

/** The last part of a path. */
export function baseName(path: string): string {
  return (
    path
      .split(/[\\/]/)
      .filter((part) => part !== '')
      .at(-1) ?? path
  );
}

/** What work makes or changes, for the title of how it ended: a folder for work that fills one. */
export function workOutcome(work: Work): string {
  switch (work.verb) {
    case 'apply':
      return baseName(work.request.target);
    case 'extract':
    case 'export':
    case 'split':
    case 'diskConvert':
    case 'driversExport':
      return baseName(work.request.destination);
    default:
      return workSubject(work);
  }
}

/** The path of the disk that work on one makes or changes. */
export function changedDisk(work: DiskWork): string {
  return work.verb === 'diskConvert' ? work.request.destination : workPath(work);
}

/** The file or folder that work is about, for its title. */
export function workSubject(work: Work): string {
  return baseName(workPath(work));
}

/** The path of what work is about: a WIM, or a disk. */
export function workPath(work: Work): string {
  switch (work.verb) {
    case 'join':
      return work.request.destination;
    case 'diskCreate':
      return work.request.path;
    case 'diskPrepare':
    case 'diskConvert':
    case 'diskWipe':
      return work.request.disk;
    case 'driversAdd':
    case 'driversExport':
    case 'driversRemove':
      return work.request.path;
    case 'export':
    case 'split':
    case 'capture':
    case 'append':
    case 'apply':
    case 'delete':
    case 'extract':
    case 'info':
    case 'optimize':
    case 'update':
    case 'verify':
      return work.request.wim;
  }
}

/** "Capturing lab.wim" */
export function workTitle(work: Work, t: Translate): string {
  return t(`doing.${work.verb}`, { name: workSubject(work) });
}
