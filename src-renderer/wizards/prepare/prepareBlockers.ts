import type { DiskSummary } from '../../../src-shared/model/disks';
import type { PathStatus } from '../../../src-shared/contract/files';
import { formatBytes } from '../../i18n/format';
import type { Translate } from '../../i18n/translate';
import { baseName } from '../../stores/workNames';
import { describeError } from '../../ui/errors';
import type { DiskFacts } from '../../views/disks/useDisk';
import type { Live } from '../runtime/useLive';
import type { Blocker } from '../runtime/wizard';
import { formatOf, sizeOf, type NewDiskDraft, type PrepareDraft } from './prepareDraft';
import type { LayoutFacts, PrepareFacts } from './prepareFacts';

/** What keeps the choice of a disk from being complete. */
export function diskBlockers(draft: PrepareDraft, facts: PrepareFacts, t: Translate): Blocker[] {
  switch (draft.target) {
    case 'new':
      return newDiskBlockers(draft.newPath, draft, facts, t);
    case 'file':
      return diskFileBlockers(draft.file, facts.disk, t);
    case 'physical':
      return physicalBlockers(draft, facts, t);
  }
}

/** What keeps a disk file from being made. */
export function newDiskBlockers(
  path: string,
  draft: NewDiskDraft,
  { place, folder }: { readonly place: Live<PathStatus>; readonly folder: Live<PathStatus> },
  t: Translate,
): Blocker[] {
  if (path.trim() === '') return [{ text: t('disks.newMissing') }];
  const size = sizeOf(draft);
  if (size === undefined) return [{ text: t('disks.diskSizeWrong') }];
  if (place.error !== undefined) return [{ text: describeError(place.error, t).message }];
  const found = place.value;
  if (found === undefined) return [{ text: t('wizards.checking'), waiting: true }];
  if (found.kind === 'directory') return [{ text: t('wizards.place.isFolder', { name: baseName(path) }) }];
  if (found.kind !== 'missing') return [{ text: t('wizards.place.taken', { name: baseName(path) }) }];
  if (!found.parentExists) return [{ text: t('wizards.place.noParent', { path: found.parent }) }];
  if (folder.value === undefined && folder.busy) return [{ text: t('wizards.checking'), waiting: true }];
  if (!found.writable || folder.value?.writable === false)
    return [{ text: t('wizards.place.notWritable', { path: found.parent }) }];
  if (draft.sectorSize === 4096 && formatOf(path) === 'vhd') return [{ text: t('disks.vhdSectors') }];
  const free = folder.value?.free ?? found.free;
  if (draft.kind === 'fixed' && free !== null && size > free)
    return [{ text: t('wizards.place.noSpace', { needed: formatBytes(size), free: formatBytes(free) }) }];
  return [];
}

/** What keeps a disk file that is there from being used. */
export function diskFileBlockers(path: string, { status, summary }: DiskFacts, t: Translate): Blocker[] {
  if (path.trim() === '') return [{ text: t('disks.fileMissing') }];
  if (status.error !== undefined) return [{ text: describeError(status.error, t).message }];
  const found = status.value;
  if (found === undefined) return [{ text: t('wizards.checking'), waiting: true }];
  if (found.kind === 'missing') return [{ text: t('wizards.source.notThere', { path }) }];
  if (found.kind === 'directory') return [{ text: t('wizards.place.isFolder', { name: baseName(path) }) }];
  return summaryBlockers(path, summary, t);
}

function summaryBlockers(path: string, summary: Live<DiskSummary>, t: Translate): Blocker[] {
  // The step itself shows what is wrong with it.
  if (summary.error !== undefined) return [{ text: t('disks.unreadable', { name: baseName(path) }) }];
  if (summary.value === undefined) return [{ text: t('wizards.checking'), waiting: true }];
  return [];
}

function physicalBlockers(
  draft: PrepareDraft,
  { physical, chosen, disk }: PrepareFacts,
  t: Translate,
): Blocker[] {
  if (physical.error !== undefined) return [{ text: describeError(physical.error, t).message }];
  if (physical.value === undefined) return [{ text: t('wizards.checking'), waiting: true }];
  if (draft.identity === '') return [{ text: t('disks.physicalMissing') }];
  if (chosen === undefined) return [{ text: t('disks.physicalGone') }];
  if (chosen.refusal !== undefined) return [{ text: t('disks.refused', { reason: chosen.refusal }) }];
  return summaryBlockers(chosen.path, disk.summary, t);
}

/** What keeps a layout from being used. */
export function layoutBlockers({ layout, space, plan }: LayoutFacts, t: Translate): Blocker[] {
  if (space === null) return [{ text: t('disks.chooseFirst') }];
  if (plan.error !== undefined) return [{ text: t('disks.noPlan') }];
  if (layout === null || plan.value === undefined) return [{ text: t('wizards.checking'), waiting: true }];
  return [];
}

/** 'Divided for a PC with UEFI, 4 partitions'. */
export function layoutSummary(draft: NewDiskDraft, { layout }: LayoutFacts, t: Translate): string {
  if (layout === null) return '';
  return t('disks.layoutSummary', {
    name: t(`disks.preset.${draft.preset}`),
    count: layout.partitions.length,
  });
}
