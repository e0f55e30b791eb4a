import type { DriverSet } from '../../../src-shared/contract/driverLibrary';
import {
  SET_PACKAGES_MAXIMUM,
  SETS_MAXIMUM,
  SOURCES_MAXIMUM,
} from '../../../src-shared/contract/driverLibrary';
import { api } from '../../api/api';
import { currentText } from '../../i18n/translate';
import { changeSettings, useApp } from '../../stores/app';
import { lookThrough } from '../../stores/driverLibrary';
import { drafts } from '../../stores/drafts';
import { navigate } from '../../stores/route';
import { baseName } from '../../stores/workNames';
import { beginDrivers, DriversDraft } from '../../wizards/drivers/driversDraft';
import { pickPath } from '../files/pickPath';
import { attempt, useLibraryState } from './libraryState';
import type { SetPlaces } from './setContents';
import { isDriverFile, withSources } from './sources';

/** Lets the person choose a folder, or an archive or INF, for the library. */
export function chooseSource(kind: 'open-folder' | 'open-file'): Promise<void> {
  return attempt(async () => {
    const t = currentText();
    const path = await pickPath(
      kind === 'open-folder'
        ? { kind, title: t('driverLibrary.chooseFolder') }
        : {
            kind,
            title: t('drivers.packages.chooseFile'),
            filters: [{ name: t('drivers.packages.kinds'), extensions: ['zip', 'cab', 'inf'] }],
          },
    );
    return path === null ? undefined : addNow([path]);
  });
}

/** Adds places, and says which of them could not be. */
export function addSources(paths: readonly string[]): Promise<void> {
  return attempt(() => addNow(paths));
}

async function addNow(paths: readonly string[]): Promise<string | undefined> {
  const t = currentText();
  const states = await Promise.all(paths.map((path) => api.files.status({ path })));
  const usable = states.filter(
    ({ kind, name }) => kind === 'directory' || (kind === 'file' && isDriverFile(name)),
  );
  const other = states.find((state) => !usable.includes(state));
  const { settings, info } = useApp.getState();
  const { sources, covered, left } = withSources(
    settings.driverSources,
    usable.map(({ path }) => path),
    info?.separator ?? '/',
  );
  await changeSettings({ driverSources: [...sources] });
  if (left.length > 0) return t('driverLibrary.tooMany', { most: SOURCES_MAXIMUM });
  if (other !== undefined)
    return t(other.kind === 'missing' ? 'driverLibrary.notThere' : 'driverLibrary.notDrivers', {
      path: other.path,
    });
  if (covered.length > 0) return t('driverLibrary.covered', { path: covered[0] ?? '' });
  return undefined;
}

/** Takes a place out of the library; what lies there stays. */
export function removeSource(path: string): Promise<void> {
  return attempt(async () => {
    const { driverSources } = useApp.getState().settings;
    await changeSettings({ driverSources: driverSources.filter((other) => other !== path) });
    return undefined;
  });
}

export function lookAgain(): void {
  void lookThrough(useApp.getState().settings.driverSources, true);
}

/** Keeps a new set, and asks for its name. @returns it; undefined where there is no room, which is told */
export async function addSet(set: Omit<DriverSet, 'id'>): Promise<DriverSet | undefined> {
  let added: DriverSet | undefined;
  await attempt(async () => {
    const { driverSets } = useApp.getState().settings;
    if (driverSets.length >= SETS_MAXIMUM)
      return currentText()('driverLibrary.tooManySets', { most: SETS_MAXIMUM });
    const one = { ...set, id: crypto.randomUUID() };
    await changeSettings({ driverSets: [...driverSets, one] });
    added = one;
    useLibraryState.setState({ naming: one.id });
    return undefined;
  });
  return added;
}

export function changeSet(id: string, changes: Partial<Omit<DriverSet, 'id'>>): Promise<void> {
  return attempt(async () => {
    if ((changes.packages?.length ?? 0) > SET_PACKAGES_MAXIMUM)
      return currentText()('driverLibrary.tooManyChosen', { most: SET_PACKAGES_MAXIMUM });
    const { driverSets } = useApp.getState().settings;
    await changeSettings({
      driverSets: driverSets.map((set) => (set.id === id ? { ...set, ...changes } : set)),
    });
    return undefined;
  });
}

/** Puts a package into a set, or takes it out where it was chosen. */
export function togglePackage({ id, packages }: DriverSet, sha256: string): Promise<void> {
  const others = packages.filter((other) => other !== sha256);
  return changeSet(id, { packages: others.length < packages.length ? others : [...packages, sha256] });
}

export function removeSet(id: string): Promise<void> {
  return attempt(async () => {
    const { driverSets } = useApp.getState().settings;
    await changeSettings({ driverSets: driverSets.filter((set) => set.id !== id) });
    return undefined;
  });
}

/** Puts a set back that was deleted. */
export function restoreSet(set: DriverSet): Promise<void> {
  return attempt(async () => {
    const others = useApp.getState().settings.driverSets.filter(({ id }) => id !== set.id);
    await changeSettings({ driverSets: [...others, set] });
    return undefined;
  });
}

/** Reads devices from a file, or of this PC, keeps them under the set's name and gives them to the set. */
export function readDevices(set: DriverSet, from: 'file' | 'this-pc'): Promise<void> {
  return attempt(async () => {
    const t = currentText();
    const path =
      from === 'this-pc'
        ? ''
        : await pickPath({
            kind: 'open-file',
            title: t('drivers.devices.choose'),
            filters: [{ name: t('driverLibrary.lists'), extensions: ['txt', 'csv', 'json', 'xml', 'nfo'] }],
          });
    if (path === null) return undefined;
    const choice = from === 'this-pc' ? ({ kind: 'this-pc' } as const) : ({ kind: 'file', path } as const);
    const list = await api.drivers.devices({ choice });
    if (list.devices.length === 0) return t('drivers.devices.none');
    const models = await api.deviceModels.list({});
    // The list of another model is not replaced; the set's own one is.
    const taken = models.filter(({ id }) => id !== set.model).map(({ name }) => name.toLowerCase());
    const { id } = await api.deviceModels.save({ name: freeName(set.name, taken), list });
    const { driverSets } = useApp.getState().settings;
    await changeSettings({
      driverSets: driverSets.map((other) => (other.id === set.id ? { ...other, model: id } : other)),
    });
    return undefined;
  });
}

function freeName(name: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${name.slice(0, 190)} (${number})`;
    if (!taken.includes(free.toLowerCase())) return free;
  }
}

/** Writes the devices of a set as a file. @returns its path; undefined where it was not written */
export async function saveDevices(model: string, name: string): Promise<string | undefined> {
  let saved: string | undefined;
  await attempt(async () => {
    const t = currentText();
    const path = await pickPath({
      kind: 'save-file',
      title: t('driverLibrary.saveList'),
      filters: [{ name: t('driverLibrary.lists'), extensions: ['json'] }],
      defaultPath: `${fileName(name)}.json`,
      replaces: true,
    });
    if (path === null) return undefined;
    const list = await api.deviceModels.get({ id: model });
    saved = (await api.drivers.saveDevices({ list, path, overwrite: true })).path;
    return t('driverLibrary.listSaved', { name: baseName(saved) });
  });
  return saved;
}

function fileName(name: string): string {
  return name.replace(/[\\/:*?"<>|]+/g, ' ').trim() || 'devices';
}

/** Opens the wizard with the packages and the devices of a set; an image that was chosen there stays chosen. */
export function injectSet(set: DriverSet, { paths, only, others }: SetPlaces): void {
  const { settings, info } = useApp.getState();
  const kept = drafts.read('drivers', DriversDraft);
  const before = kept === null || kept.finished ? beginDrivers({ params: {}, settings, info }) : kept.draft;
  const draft: DriversDraft = {
    ...before,
    paths: [...paths],
    typed: '',
    deviceKind: only === undefined ? 'model' : 'all',
    model: set.model,
    leaveOut: [...others],
    takeIn: [],
    leaveFaulty: false,
  };
  drafts.keep('drivers', { draft, visited: ['place', 'packages', 'devices'], finished: false });
  navigate('wizard', { name: 'drivers', step: 'place' });
}
