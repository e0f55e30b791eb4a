import { useEffect, useMemo } from 'react';
import type { DeviceModel } from '../../../src-shared/contract/deviceModels';
import type { DriverSet } from '../../../src-shared/contract/driverLibrary';
import type { DeviceRow, MatchSummary, NamedWindows } from '../../../src-shared/contract/drivers';
import type { DeviceList } from '../../../src-shared/model/drivers';
import { api } from '../../api/api';
import { allRows, PAGE } from '../../stores/allRows';
import { useDeviceModels } from '../../stores/deviceModels';
import { lookAgainIfClosed, type FoundDrivers } from '../../stores/driverLibrary';
import { useLive, type Live } from '../../wizards/runtime/useLive';
import { contentsOfSet, type SetContents } from './setContents';

export interface SetFacts {
  /** The kept list of the set's devices; undefined where it has none, or it is not kept any more. */
  readonly model: DeviceModel | undefined;
  readonly models: readonly DeviceModel[];
  readonly windows: readonly NamedWindows[];
  readonly list: Live<DeviceList>;
  readonly match: Live<MatchSummary>;
  readonly devices: Live<readonly DeviceRow[]>;
  /** What goes in; undefined until that is known. */
  readonly contents: SetContents | undefined;
  readonly error: unknown;
}

/** What a set comes to with the packages of the library. */
export function useSetContents(set: DriverSet, found: FoundDrivers | null): SetFacts {
  const models = useDeviceModels();
  const model = models.find(({ id }) => id === set.model);
  const targets = useLive(
    set.architecture,
    (signal) => api.drivers.targets({ architecture: set.architecture }, { signal }),
    0,
  );
  const list = useLive(
    model === undefined ? null : `${model.id} ${model.savedAt}`,
    (signal) => api.deviceModels.get({ id: set.model }, { signal }),
    0,
  );
  const windows = targets.value ?? targets.last ?? [];
  // A Windows that this version does not know any more: the newest stands for it.
  const target = (windows.find(({ name }) => name === set.windows) ?? windows.at(0))?.target;
  const session = found?.summary.session ?? '';
  const devices = list.value;
  const match = useLive(
    session === '' || target === undefined || devices === undefined
      ? null
      : JSON.stringify([session, target, model?.id, model?.savedAt]),
    (signal) => {
      if (target === undefined || devices === undefined) throw new Error('there is nothing to match');
      const choice = { kind: 'devices' as const, list: devices };
      return api.drivers.match({ session, target, devices: choice, leaveOut: [], takeIn: [] }, { signal });
    },
    0,
  );
  const matched = match.value?.session;
  const uses = useLive(
    matched ?? null,
    (signal) =>
      allRows((offset) => api.drivers.uses({ session: matched ?? '', offset, limit: PAGE }, { signal })),
    0,
  );
  const rows = useLive(
    matched ?? null,
    (signal) =>
      allRows((offset) => api.drivers.matched({ session: matched ?? '', offset, limit: PAGE }, { signal })),
    0,
  );
  const closed = match.error ?? uses.error ?? rows.error;
  useEffect(() => lookAgainIfClosed(closed), [closed]);

  const isKnown = found !== null && (model === undefined || session === '' || uses.value !== undefined);
  const contents = useMemo(() => {
    if (!isKnown) return undefined;
    const byPackage = new Map(uses.value?.map((use) => [use.package, use]));
    return contentsOfSet(set, found.packages, match.value?.chosen ?? [], byPackage);
  }, [isKnown, set, found, match.value, uses.value]);
  const error = targets.error ?? list.error ?? closed;
  return { model, models, windows, list, match, devices: rows, contents, error };
}
