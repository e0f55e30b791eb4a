import { formatBytes } from '../../i18n/format';
import type { Translate } from '../../i18n/translate';
import { baseName } from '../../stores/workNames';
import { describeError } from '../../ui/errors';
import type { Blocker } from '../runtime/wizard';
import { bytesLeft } from '../source/sourceSteps';
import { imageName, type CaptureDraft } from './captureDraft';
import type { CaptureFacts } from './captureFacts';

/** Bytes that the WIM takes, by the sample when there is one. */
export interface ExpectedSize {
  readonly bytes: number;
  /** It may well be less: nothing was tried, or what was tried tells only the most. */
  readonly atMost: boolean;
}

export function expectedSize(draft: CaptureDraft, { source }: CaptureFacts): ExpectedSize | null {
  const estimate = source.sample.value?.estimates.find(
    ({ compression }) => compression === draft.compression,
  );
  if (estimate !== undefined) return { bytes: estimate.bytes, atMost: estimate.limits };
  const bytes = bytesLeft(source);
  return bytes === null ? null : { bytes, atMost: true };
}

/** What keeps the name and place of a capture from being complete. */
export function placeBlockers(draft: CaptureDraft, facts: CaptureFacts, t: Translate): Blocker[] {
  const { wim, folder, wimPath } = facts;
  if (imageName(draft).trim() === '') return [{ text: t('wizards.place.nameMissing') }];
  if (wimPath.trim() === '') return [{ text: t('wizards.place.wimMissing') }];
  if (wim.status.error !== undefined) return [{ text: describeError(wim.status.error, t).message }];
  const found = wim.status.value;
  if (found === undefined) return [{ text: t('wizards.checking'), waiting: true }];
  if (found.kind === 'directory') return [{ text: t('wizards.place.isFolder', { name: baseName(wimPath) }) }];
  if (found.kind === 'other') return [{ text: t('wizards.place.noFile', { name: baseName(wimPath) }) }];
  if (!found.parentExists) return [{ text: t('wizards.place.noParent', { path: found.parent }) }];
  if (folder.value === undefined && folder.busy) return [{ text: t('wizards.checking'), waiting: true }];
  if (!found.writable || folder.value?.writable === false)
    return [{ text: t('wizards.place.notWritable', { path: found.parent }) }];
  if (found.kind === 'file') return takenBlockers(draft, facts, t);
  return spaceBlockers(draft, facts, t);
}

function takenBlockers(draft: CaptureDraft, { wim, wimPath }: CaptureFacts, t: Translate): Blocker[] {
  const name = baseName(wimPath);
  if (draft.conflict === 'ask') return [{ text: t('wizards.place.taken', { name }) }];
  if (draft.conflict === 'overwrite') return [];
  if (wim.status.value?.wim !== true) return [{ text: t('wizards.place.noWim', { name }) }];
  if (wim.summary.error !== undefined) return [{ text: describeError(wim.summary.error, t).message }];
  if (wim.summary.value === undefined) return [{ text: t('wizards.checking'), waiting: true }];
  const taken = wim.summary.value.images.some((image) => image.name === imageName(draft));
  return taken ? [{ text: t('wizards.place.nameTaken', { name: imageName(draft), wim: name }) }] : [];
}

/** What cannot fit even with the compression that was tried on it is said before anything is read. */
function spaceBlockers(draft: CaptureDraft, facts: CaptureFacts, t: Translate): Blocker[] {
  const free = facts.wim.status.value?.free ?? null;
  const needed = expectedSize(draft, facts);
  if (free === null || needed === null || needed.atMost || needed.bytes <= free) return [];
  const figures = { needed: formatBytes(needed.bytes), free: formatBytes(free) };
  return [{ text: t('wizards.place.noSpace', figures) }];
}
