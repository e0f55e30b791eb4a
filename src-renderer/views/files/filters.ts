import type { Translate } from '../../i18n/translate';
import type { FileFilter } from './pickPath';

/** Endings of files that open as a WIM. */
export const wimExtensions: readonly string[] = ['wim', 'swm', 'esd', 'ppkg'];

/** The filters of a dialog for files with some extensions; all files can always be had. */
export function filtersOf(extensions: readonly string[], t: Translate): FileFilter[] {
  if (extensions.length === 0) return [];
  const name = extensions.some((extension) => wimExtensions.includes(extension))
    ? t('files.wimFiles', { list: patterns(extensions) })
    : patterns(extensions);
  return [
    { name, extensions },
    { name: t('files.allFiles'), extensions: ['*'] },
  ];
}

function patterns(extensions: readonly string[]): string {
  return extensions.map((extension) => `*.${extension}`).join(', ');
}
