import { useEffect, useMemo } from 'react';
import type { DeviceModel } from '../../../src-shared/contract/deviceModels';
import type {
  DeviceRow,
  MatchSummary,
  PackageRow,
  ScanSummary,
  StoreSummary,
  UseRow,
} from '../../../src-shared/contract/drivers';
import type { PathStatus } from '../../../src-shared/contract/files';
import { AppError } from '../../../src-shared/errors/appError';
import type { DeviceList, DeviceListChoice } from '../../../src-shared/model/drivers';
import type { ImageSummary } from '../../../src-shared/model/summaries';
import { api } from '../../api/api';
import { useDeviceModels } from '../../stores/deviceModels';
import { usePathStatus, useWim, type WimFacts } from '../facts/usePath';
import { useLive, type Live } from '../runtime/useLive';
import { driverPaths, placeOf, type DriversDraft } from './driversDraft';

/** What the host finds about drivers that are to go into an image. */
export interface DriversFacts {
  readonly wim: WimFacts;
  /** The image that was chosen. */
  readonly image: ImageSummary | undefined;
  readonly folder: Live<PathStatus>;
  /** The Windows that is there. */
  readonly windows: Live<StoreSummary>;
  /** What is at the path that is typed. */
  readonly typed: Live<PathStatus>;
  readonly scan: Live<ScanSummary>;
  /** All packages of the scan. */
  readonly packages: Live<readonly PackageRow[]>;
  readonly models: readonly DeviceModel[];
  readonly devices: Live<DeviceList>;
  readonly match: Live<MatchSummary>;
  readonly matched: Live<readonly DeviceRow[]>;
  /** What becomes of each package, by its id. */
  readonly uses: Live<ReadonlyMap<string, UseRow>>;
  /** Faulty packages that would go in, and about which nothing was said yet. */
  readonly undecided: readonly PackageRow[];
}

const PAGE = 1000;

export function useDriversFacts(draft: DriversDraft): DriversFacts {
  const place = usePlace(draft);
  const found = usePackages(draft);
  const models = useDeviceModels();
  const devices = useDevices(draft, models);
  const chosen = useChoice(draft, place.windows, found, devices);
  const undecided = useMemo(
    () => undecidedOf(draft, found.packages.value, chosen.uses.value),
    [draft, found.packages.value, chosen.uses.value],
  );
  return { ...place, ...found, models, devices, ...chosen, undecided };
}

function usePlace(draft: DriversDraft): Pick<DriversFacts, 'wim' | 'image' | 'folder' | 'windows'> {
  const { placeKind } = draft;
  const wim = useWim(placeKind === 'wim' ? draft.wim : '');
  const images = wim.summary.value?.images ?? [];
  const image = images.length === 1 ? images[0] : images.find(({ index }) => index === draft.image);
  const folder = usePathStatus(placeKind === 'folder' ? draft.folder : '');
  const isThere = placeKind === 'folder' ? folder.value?.kind === 'directory' : image !== undefined;
  const place = isThere ? placeOf(draft, image?.index) : null;
  const windows = useLive(
    place === null ? null : JSON.stringify([place, wim.summary.value?.guid]),
    async (signal, onProgress) => {
      if (place === null) throw new Error('there is no place to look at');
      const job = await api.drivers.list({ place, all: false }, { signal, onProgress });
      return job.result;
    },
    100,
  );
  return { wim, image, folder, windows };
}

function usePackages(draft: DriversDraft): Pick<DriversFacts, 'typed' | 'scan' | 'packages'> {
  const typed = usePathStatus(draft.typed);
  const isThere = typed.value?.kind === 'directory' || typed.value?.kind === 'file';
  const waits = draft.typed !== '' && !isThere;
  const paths = driverPaths(waits ? { paths: draft.paths, typed: '' } : draft);
  const scan = useLive(
    paths.length === 0 ? null : JSON.stringify(paths),
    async (signal, onProgress) => {
      const job = await api.drivers.scan({ paths, check: true }, { signal, onProgress });
      return job.result;
    },
    250,
  );
  const session = scan.value?.session;
  const packages = useRows(session, (offset, signal) =>
    api.drivers.packages({ session: session ?? '', offset, limit: PAGE }, { signal }),
  );
  // The host keeps few looks, and none when it starts again.
  useAgain(packages.error, scan.again);
  return { typed, scan, packages };
}

function useDevices(draft: DriversDraft, models: readonly DeviceModel[]): Live<DeviceList> {
  const { deviceKind, deviceFile, model } = draft;
  const about = models.find(({ id }) => id === model);
  const key =
    deviceKind === 'this-pc'
      ? 'this-pc'
      : deviceKind === 'file' && deviceFile !== ''
        ? `file ${deviceFile}`
        : deviceKind === 'model' && about !== undefined
          ? `model ${about.id} ${about.savedAt}`
          : null;
  return useLive(key, (signal) => {
    if (deviceKind === 'model') return api.deviceModels.get({ id: model }, { signal });
    const choice: DeviceListChoice =
      deviceKind === 'file' ? { kind: 'file', path: deviceFile } : { kind: 'this-pc' };
    return api.drivers.devices({ choice }, { signal });
  });
}

/** The devices as a request names them; undefined for 'all', and while they are not known. */
export function devicesChoice(draft: DriversDraft, devices: Live<DeviceList>): DeviceListChoice | undefined {
  switch (draft.deviceKind) {
    case 'all':
      return undefined;
    case 'file':
      return { kind: 'file', path: draft.deviceFile };
    case 'this-pc':
      return { kind: 'this-pc' };
    case 'model':
      return devices.value === undefined ? undefined : { kind: 'devices', list: devices.value };
  }
}

function useChoice(
  draft: DriversDraft,
  windows: Live<StoreSummary>,
  { scan }: Pick<DriversFacts, 'scan'>,
  devices: Live<DeviceList>,
): Pick<DriversFacts, 'match' | 'matched' | 'uses'> {
  const { leaveOut, takeIn, deviceKind } = draft;
  const session = scan.value?.session;
  const target = windows.value?.windows.target;
  const list = devices.value;
  const ready = session !== undefined && target !== undefined && (deviceKind === 'all' || list !== undefined);
  const match = useLive(
    ready ? JSON.stringify([session, target, deviceKind, list, leaveOut, takeIn]) : null,
    (signal) => {
      if (session === undefined || target === undefined) throw new Error('there is nothing to match');
      // What is shown of the devices is what is matched.
      const matched =
        deviceKind === 'all' || list === undefined ? {} : { devices: { kind: 'devices' as const, list } };
      return api.drivers.match({ session, target, ...matched, leaveOut, takeIn }, { signal });
    },
    50,
  );
  const id = match.value?.session;
  const matched = useRows(id, (offset, signal) =>
    api.drivers.matched({ session: id ?? '', offset, limit: PAGE }, { signal }),
  );
  const rows = useRows(id, (offset, signal) =>
    api.drivers.uses({ session: id ?? '', offset, limit: PAGE }, { signal }),
  );
  const value = useMemo(() => rows.value && byPackage(rows.value), [rows.value]);
  const last = useMemo(() => rows.last && byPackage(rows.last), [rows.last]);
  const uses = { ...rows, value, last };
  useAgain(match.error, scan.again);
  useAgain(matched.error ?? rows.error, match.again);
  return { match, matched, uses };
}

function byPackage(rows: readonly UseRow[]): ReadonlyMap<string, UseRow> {
  return new Map(rows.map((row) => [row.package, row]));
}

/** Reads all rows of a session, page by page. */
function useRows<Row>(
  session: string | undefined,
  ask: (offset: number, signal: AbortSignal) => Promise<{ readonly total: number; readonly rows: Row[] }>,
): Live<readonly Row[]> {
  return useLive(
    session ?? null,
    async (signal) => {
      const all: Row[] = [];
      for (;;) {
        const { total, rows } = await ask(all.length, signal);
        all.push(...rows);
        if (all.length >= total || rows.length === 0) return all;
      }
    },
    0,
  );
}

function useAgain(error: unknown, again: () => void): void {
  const closed = error instanceof AppError && error.code === 'session/closed';
  useEffect(() => {
    if (closed) again();
  }, [closed, again]);
}

/** Faulty packages that would serve a device, or of which all that fit are wanted, and that nobody decided about. */
function undecidedOf(
  draft: DriversDraft,
  packages: readonly PackageRow[] | undefined,
  uses: ReadonlyMap<string, UseRow> | undefined,
): readonly PackageRow[] {
  if (draft.leaveFaulty || packages === undefined || uses === undefined) return [];
  const decided = new Set([...draft.leaveOut, ...draft.takeIn]);
  return packages.filter(({ id, infSha256 }) => {
    const use = uses.get(id);
    if (use?.whyNotCode !== 'faulty' || decided.has(infSha256)) return false;
    return draft.deviceKind === 'all' || use.wouldServe > 0;
  });
}
