import type { ImageSummary } from '../../../src-shared/model/summaries';
import { formatBytes } from '../../i18n/format';
import type { Translate } from '../../i18n/translate';
import { baseName } from '../../stores/workNames';
import { describeError } from '../../ui/errors';
import { chosenVolume } from '../../views/disks/volume/volumes';
import { diskFileBlockers, layoutBlockers, newDiskBlockers } from '../prepare/prepareBlockers';
import type { Blocker } from '../runtime/wizard';
import type { ApplyDraft } from './applyDraft';
import type { ApplyFacts } from './applyFacts';

/** What keeps the target of an application from being complete. */
export function targetBlockers(draft: ApplyDraft, facts: ApplyFacts, t: Translate): Blocker[] {
  switch (draft.targetKind) {
    case 'folder':
      return folderBlockers(draft, facts, t);
    case 'volume':
      return volumeBlockers(draft, facts, t);
    case 'divide':
      return dividedBlockers(draft, facts, t);
    case 'newDisk': {
      const { target: place, folder } = facts;
      const blockers = newDiskBlockers(draft.target, draft, { place, folder }, t);
      return blockers.length > 0 ? blockers : windowsBlockers(facts, t);
    }
  }
}

function folderBlockers(draft: ApplyDraft, { target, image }: ApplyFacts, t: Translate): Blocker[] {
  if (draft.target.trim() === '') return [{ text: t('wizards.apply.targetMissing') }];
  if (target.error !== undefined) return [{ text: describeError(target.error, t).message }];
  const found = target.value;
  if (found === undefined) return [{ text: t('wizards.checking'), waiting: true }];
  if (found.kind === 'file' || found.kind === 'other')
    return [{ text: t('wizards.apply.notFolder', { path: draft.target }) }];
  if (!found.writable) return [{ text: t('wizards.place.notWritable', { path: draft.target }) }];
  return spaceBlockers(image, found.free, t);
}

function volumeBlockers(draft: ApplyDraft, facts: ApplyFacts, t: Translate): Blocker[] {
  const blockers = thereBlockers(draft, facts, t);
  const summary = facts.disk.summary.value;
  if (blockers.length > 0 || summary === undefined) return blockers;
  const chosen = chosenVolume(summary, draft.volume);
  if (chosen === undefined) return [{ text: t('disks.volume.missing') }];
  return spaceBlockers(facts.image, chosen.size, t);
}

function dividedBlockers(draft: ApplyDraft, facts: ApplyFacts, t: Translate): Blocker[] {
  const blockers = thereBlockers(draft, facts, t);
  return blockers.length > 0 ? blockers : windowsBlockers(facts, t);
}

/** A disk that is there and may be a target. */
function thereBlockers(draft: ApplyDraft, { disk, physical }: ApplyFacts, t: Translate): Blocker[] {
  const refusal = physical.value?.find(({ path }) => path === draft.target)?.refusal;
  if (refusal !== undefined) return [{ text: t('disks.refused', { reason: refusal }) }];
  return diskFileBlockers(draft.target, disk, t);
}

/** The layout has a volume for Windows, and the image fits there. */
function windowsBlockers({ layout, image }: ApplyFacts, t: Translate): Blocker[] {
  const blockers = layoutBlockers(layout, t);
  if (blockers.length > 0) return blockers;
  const planned = layout.plan.value ?? [];
  const windows =
    planned.find(({ role, fileSystem }) => role === 'windows' && fileSystem === 'ntfs') ??
    onlyOne(planned.filter(({ fileSystem }) => fileSystem === 'ntfs'));
  if (windows === undefined) return [{ text: t('disks.noWindowsVolume') }];
  return spaceBlockers(image, windows.bytes, t);
}

function onlyOne<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined;
}

function spaceBlockers(image: ImageSummary | undefined, free: number | null, t: Translate): Blocker[] {
  const needed = bytesOf(image);
  if (needed === null || free === null || needed <= free) return [];
  return [{ text: t('wizards.place.noSpace', { needed: formatBytes(needed), free: formatBytes(free) }) }];
}

/** Bytes that an image takes on disk: hard links once. */
export function bytesOf(image: ImageSummary | undefined): number | null {
  return image === undefined ? null : Math.max(0, image.totalBytes - image.hardLinkBytes);
}

/** What the list of steps says about a target. */
export function targetSummary(draft: ApplyDraft, { disk }: ApplyFacts, t: Translate): string {
  if (draft.target === '') return '';
  switch (draft.targetKind) {
    case 'folder':
      return draft.target;
    case 'volume': {
      const summary = disk.summary.value;
      const number = (summary === undefined ? undefined : chosenVolume(summary, draft.volume))?.number;
      const name = baseName(draft.target);
      return number === undefined ? name : t('disks.volumeOf', { name, number });
    }
    case 'divide':
      return baseName(draft.target);
    case 'newDisk':
      return t('disks.namedSize', { name: baseName(draft.target), size: draft.size });
  }
}
