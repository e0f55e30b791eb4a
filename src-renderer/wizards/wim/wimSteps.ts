import { formatBytes } from '../../i18n/format';
import type { Translate } from '../../i18n/translate';
import { baseName } from '../../stores/workNames';
import { describeError } from '../../ui/errors';
import type { WimFacts } from '../facts/usePath';
import type { Blocker } from '../runtime/wizard';

/** What the list of steps says about a WIM. */
export function wimSummary(path: string, { summary }: WimFacts, t: Translate): string {
  if (path === '') return '';
  const { value } = summary;
  if (value === undefined) return baseName(path);
  return t('wizards.wim.summary', {
    name: baseName(path),
    count: value.imageCount,
    size: formatBytes(value.fileSize),
  });
}

/** What keeps a WIM from being used. */
export function wimBlockers(path: string, { status, summary }: WimFacts, t: Translate): Blocker[] {
  if (path.trim() === '') return [{ text: t('wizards.wim.missing') }];
  if (status.error !== undefined) return [{ text: describeError(status.error, t).message }];
  const found = status.value;
  if (found === undefined) return [{ text: t('wizards.checking'), waiting: true }];
  if (found.kind === 'missing') return [{ text: t('wizards.wim.notThere', { path }) }];
  if (found.kind !== 'file' || !found.wim)
    return [{ text: t('wizards.wim.noWim', { name: baseName(path) }) }];
  // The field itself shows what is wrong with it.
  if (summary.error !== undefined) return [{ text: t('wizards.wim.unreadable', { name: baseName(path) }) }];
  if (summary.value === undefined) return [{ text: t('wizards.checking'), waiting: true }];
  return [];
}
