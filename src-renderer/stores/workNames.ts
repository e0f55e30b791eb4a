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
