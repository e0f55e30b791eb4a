import type { OfflineWindows } from '../../../src-shared/model/drivers';
import { formatBytes } from '../../i18n/format';
import type { Translate } from '../../i18n/translate';
import { baseName } from '../../stores/workNames';
import { describeError } from '../../ui/errors';
import type { Blocker } from '../runtime/wizard';
import { wimBlockers, wimSummary } from '../wim/wimSteps';
import { driverPaths, type DriversDraft } from './driversDraft';
import type { DriversFacts } from './driversFacts';

const checking = (t: Translate): Blocker[] => [{ text: t('wizards.checking'), waiting: true }];

/** What keeps the choice of an image from being complete. */
export function placeBlockers(draft: DriversDraft, facts: DriversFacts, t: Translate): Blocker[] {
  const blockers = thereBlockers(draft, facts, t);
  if (blockers.length > 0) return blockers;
  const { windows } = facts;
  // The step itself shows what is wrong with it.
  if (windows.error !== undefined) return [{ text: t('drivers.place.unusable') }];
  if (windows.stopped) return [{ text: t('drivers.place.stopped') }];
  return windows.value === undefined ? checking(t) : [];
}

function thereBlockers(draft: DriversDraft, facts: DriversFacts, t: Translate): Blocker[] {
  switch (draft.placeKind) {
    case 'wim': {
      const blockers = wimBlockers(draft.wim, facts.wim, t);
      if (blockers.length > 0) return blockers;
      if (facts.wim.summary.value?.imageCount === 0)
        return [{ text: t('wizards.wim.empty', { name: baseName(draft.wim) }) }];
      return facts.image === undefined ? [{ text: t('drivers.place.imageMissing') }] : [];
    }
    case 'folder': {
      if (draft.folder.trim() === '') return [{ text: t('drivers.place.folderMissing') }];
      const { error, value } = facts.folder;
      if (error !== undefined) return [{ text: describeError(error, t).message }];
      if (value === undefined) return checking(t);
      return value.kind === 'directory'
        ? []
        : [{ text: t('drivers.place.noFolder', { path: draft.folder }) }];
    }
    case 'volume':
      return [{ text: t('drivers.place.readOnly') }];
  }
}

export function placeSummary(draft: DriversDraft, facts: DriversFacts, t: Translate): string {
  if (draft.placeKind === 'volume') return '';
  if (draft.placeKind === 'folder') return draft.folder;
  const { image } = facts;
  return image === undefined
    ? wimSummary(draft.wim, facts.wim, t)
    : t('wizards.apply.imageSummary', { wim: baseName(draft.wim), index: image.index, name: image.name });
}

/** 'Windows 11 Pro 24H2 (10.0.26100), amd64' */
export function windowsText({ target }: OfflineWindows, t: Translate): string {
  return t('drivers.windowsOf', { name: target.label, architecture: target.architecture });
}

/** What keeps the choice of packages from being complete. */
export function packageBlockers(draft: DriversDraft, facts: DriversFacts, t: Translate): Blocker[] {
  const { typed, scan, packages } = facts;
  if (driverPaths(draft).length === 0) return [{ text: t('drivers.packages.missing') }];
  if (draft.typed !== '') {
    if (typed.error !== undefined) return [{ text: describeError(typed.error, t).message }];
    if (typed.value === undefined) return checking(t);
    if (typed.value.kind === 'missing')
      return [{ text: t('drivers.packages.notThere', { path: draft.typed }) }];
  }
  if (scan.error !== undefined) return [{ text: t('drivers.packages.failed') }];
  if (scan.stopped) return [{ text: t('drivers.packages.stopped') }];
  if (scan.value === undefined) return [{ text: t('drivers.packages.scanning'), waiting: true }];
  if (scan.value.packages === 0) return [{ text: t('drivers.packages.none') }];
  return packages.value === undefined ? checking(t) : [];
}

export function packageSummary(draft: DriversDraft, { scan }: DriversFacts, t: Translate): string {
  if (driverPaths(draft).length === 0 || scan.value === undefined) return '';
  const { packages, faulty, bytes } = scan.value;
  return t('drivers.packages.summary', { count: packages, faulty, size: formatBytes(bytes) });
}

/** What keeps the choice of devices from being complete. */
export function deviceBlockers(draft: DriversDraft, { devices }: DriversFacts, t: Translate): Blocker[] {
  if (draft.deviceKind === 'all') return [];
  if (draft.deviceKind === 'file' && draft.deviceFile.trim() === '')
    return [{ text: t('drivers.devices.fileMissing') }];
  if (draft.deviceKind === 'model' && draft.model === '')
    return [{ text: t('drivers.devices.modelMissing') }];
  if (devices.error !== undefined) return [{ text: t('drivers.devices.unreadable') }];
  if (devices.value === undefined)
    return devices.busy ? checking(t) : [{ text: t('drivers.devices.modelMissing') }];
  return devices.value.devices.length === 0 ? [{ text: t('drivers.devices.none') }] : [];
}

export function deviceSummary(draft: DriversDraft, { devices, models }: DriversFacts, t: Translate): string {
  if (draft.deviceKind === 'all') return t('drivers.devices.allShort');
  const list = devices.value;
  if (list === undefined) return '';
  const name =
    draft.deviceKind === 'this-pc'
      ? (list.model ?? t('drivers.devices.this-pc'))
      : draft.deviceKind === 'model'
        ? (models.find(({ id }) => id === draft.model)?.name ?? list.label)
        : baseName(draft.deviceFile);
  return t('drivers.devices.summary', { name, count: list.devices.length });
}

/** What keeps the choice of what goes in from being complete. */
export function choiceBlockers(_draft: DriversDraft, facts: DriversFacts, t: Translate): Blocker[] {
  const { match, matched, uses, undecided } = facts;
  const error = match.error ?? matched.error ?? uses.error;
  if (error !== undefined) return [{ text: describeError(error, t).message }];
  if (match.value === undefined || uses.value === undefined || matched.value === undefined)
    return checking(t);
  if (undecided.length > 0) return [{ text: t('drivers.choice.undecided', { count: undecided.length }) }];
  return match.value.chosen.length === 0 ? [{ text: t('drivers.choice.nothing') }] : [];
}

export function choiceSummary(_draft: DriversDraft, { match }: DriversFacts, t: Translate): string {
  if (match.value === undefined) return '';
  const { chosen, bytes } = match.value;
  return t('drivers.choice.summary', { count: chosen.length, size: formatBytes(bytes) });
}
