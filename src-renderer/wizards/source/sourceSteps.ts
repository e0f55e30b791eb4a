import { formatBytes } from '../../i18n/format';
import type { Translate } from '../../i18n/translate';
import { describeError } from '../../ui/errors';
import type { SourceFacts } from '../facts/useSource';
import { canBeRead, chosenVolume } from '../../views/disks/volume/volumes';
import { diskFileBlockers } from '../prepare/prepareBlockers';
import type { Blocker } from '../runtime/wizard';
import { patternsOf } from './configLines';
import type { SourceDraft } from './sourceDraft';

/** What the list of steps says about a source. */
export function sourceSummary({ source }: SourceDraft, { survey }: SourceFacts, t: Translate): string {
  if (source === '') return '';
  const { value } = survey;
  if (value === undefined) return source;
  return t('wizards.source.figures', {
    size: formatBytes(value.bytes),
    files: t('common.files', { count: value.files }),
  });
}

export function sourceBlockers(draft: SourceDraft, facts: SourceFacts, t: Translate): Blocker[] {
  if (draft.sourceKind === 'disk') return volumeBlockers(draft, facts, t);
  const { source } = draft;
  const { status } = facts;
  if (source.trim() === '') return [{ text: t('wizards.source.missing') }];
  if (status.error !== undefined) return [{ text: describeError(status.error, t).message }];
  const found = status.value;
  if (found === undefined) return [{ text: t('wizards.checking'), waiting: true }];
  if (found.kind === 'missing') return [{ text: t('wizards.source.notThere', { path: source }) }];
  if (found.kind !== 'directory') return [{ text: t('wizards.source.noFolder', { path: source }) }];
  if (!found.readable) return [{ text: t('wizards.source.unreadable', { path: source }) }];
  // The scan goes on while the next steps are filled in. Without it there are no figures; the plan tells what is wrong.
  return [];
}

/** A disk, and a volume of it whose files can be read. */
function volumeBlockers({ source, volume }: SourceDraft, { disk }: SourceFacts, t: Translate): Blocker[] {
  const blockers = diskFileBlockers(source, disk, t);
  const summary = disk.summary.value;
  if (blockers.length > 0 || summary === undefined) return blockers;
  const chosen = chosenVolume(summary, volume);
  if (chosen === undefined) return [{ text: t('disks.volume.missing') }];
  if (!canBeRead(chosen)) return [{ text: chosen.problem ?? t('disks.notReadable') }];
  return [];
}

export function exclusionsSummary({ exclusions, config }: SourceFacts, t: Translate): string {
  const { value } = exclusions;
  if (value === undefined) {
    return t('wizards.exclusions.patterns', { count: patternsOf(config, 'ExclusionList').length });
  }
  const count = value.files + value.directories;
  return t('wizards.exclusions.hits', { count, size: formatBytes(value.bytes) });
}

export function exclusionsBlockers({ exclusions }: SourceFacts, t: Translate): Blocker[] {
  const { error } = exclusions;
  return error === undefined ? [] : [{ text: describeError(error, t).message }];
}

/** Bytes that are left after exclusions, as far as they are known. */
export function bytesLeft({ survey, exclusions }: SourceFacts): number | null {
  if (survey.value === undefined) return null;
  return Math.max(0, survey.value.bytes - (exclusions.value?.bytes ?? 0));
}
