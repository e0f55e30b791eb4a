import { AppError } from '../../../../src-shared/errors/appError';
import type {
  DriversRemoveReport,
  DriversRemoveRequest,
  OfflineWindows,
  StoredDriver,
} from '../../../../src-shared/model/drivers';
import { openPlace, type OpenPlace } from '../../offline/openPlace';
import { inspectWindows } from '../../offline/windows';
import type { EngineHost } from '../../os';
import type { VerbContext } from '../../wim/ops/common';
import { planRemoval } from '../staging/planRemoval';
import type { RemovalPlan } from '../staging/stagingModel';
import { listStore } from '../store/listStore';
import { editFingerprint } from './editFingerprint';

/**
 * Takes staged packages out of an offline Windows again: exactly what was added.
 * @throws AppError `drivers/no-such-driver`, `offline/read-only`, `plan/stale`; nothing was changed
 */
export async function driversRemove(
  host: EngineHost,
  request: DriversRemoveRequest,
  context: VerbContext = {},
): Promise<DriversRemoveReport> {
  const place = await openPlace(host, request, request.dryRun !== true, context);
  try {
    const { tree } = place;
    if (tree.readOnly !== undefined) {
      throw new AppError('offline/read-only', tree.readOnly, { path: tree.label });
    }
    const windows = inspectWindows(tree);
    const listing = listStore(tree, windows, {});
    const staged = listing.drivers.filter(({ origin }) => origin === 'staged');
    const removal = planRemovalOf(host, request, place, windows, staged, listing.drivers);
    const names = new Set(removal.removed.map(({ folder }) => folder.toLowerCase()));
    const fingerprint = editFingerprint(host.crypto, place, removal.edits);
    const report = {
      place: tree.label,
      removed: staged.filter(({ folder }) => names.has(folder.toLowerCase())),
      changed: removal.edits.map(({ path }) => path),
      warnings: [...place.warnings, ...removal.warnings],
    };
    if (request.dryRun === true) {
      const space = { spaceNeeded: null, spaceFree: null };
      const plan = { steps: removal.steps, warnings: report.warnings, ...space, fingerprint };
      return { ...report, plan };
    }
    if (request.fingerprint !== undefined && request.fingerprint !== fingerprint) {
      throw new AppError('plan/stale', `${tree.label} was changed since the plan was made`);
    }
    const write = await place.commit(removal.edits, request, context);
    return write === undefined ? report : { ...report, write };
  } finally {
    place.tree.close();
  }
}

function planRemovalOf(
  host: EngineHost,
  { drivers: names }: DriversRemoveRequest,
  { tree }: OpenPlace,
  windows: OfflineWindows,
  staged: readonly StoredDriver[],
  all: readonly StoredDriver[],
): RemovalPlan {
  if (names === 'all' && staged.length === 0) {
    throw new AppError('drivers/no-such-driver', `${tree.label} has no staged drivers`);
  }
  for (const name of names === 'all' ? [] : names) {
    const wanted = name.toLowerCase();
    const isNamed = ({ published, original }: StoredDriver): boolean =>
      published.toLowerCase() === wanted || original.toLowerCase() === wanted;
    if (staged.some(isNamed)) continue;
    if (all.some(isNamed)) {
      const text = `${name} is installed in ${tree.label}: only DISM takes it out (dism /Image:... /Remove-Driver)`;
      throw new AppError('offline/read-only', text, { name });
    }
  }
  return planRemoval(tree, names, { host, windows });
}
