import type { Work } from '../../src-shared/contract/work';
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
      return baseName(work.request.destination);
    default:
      return workSubject(work);
  }
}

/** The file or folder that work is about, for its title. */
export function workSubject(work: Work): string {
  switch (work.verb) {
    case 'join':
      return baseName(work.request.destination);
    case 'export':
    case 'split':
      return baseName(work.request.wim);
    case 'capture':
    case 'append':
    case 'apply':
    case 'delete':
    case 'extract':
    case 'info':
    case 'optimize':
    case 'update':
    case 'verify':
      return baseName(work.request.wim);
  }
}

/** "Capturing lab.wim" */
export function workTitle(work: Work, t: Translate): string {
  return t(`doing.${work.verb}`, { name: workSubject(work) });
}
