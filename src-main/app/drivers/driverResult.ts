import {
  injectionOutcomes,
  type DriversResult,
  type InjectedRow,
} from '../../../src-shared/contract/driverShapes';
import type { DriverVerb, WorkResult } from '../../../src-shared/contract/work';
import type {
  DriversAddReport,
  DriversExportReport,
  DriversRemoveReport,
  InjectedPackage,
  InjectionOutcome,
} from '../../../src-shared/model/drivers';
import type { WriteReport } from '../../../src-shared/model/reports';
import { capped } from '../jobs/workResult';

/** Devices of one package that a result names. */
const NAMED_DEVICES = 20;

export function addedResult(path: string, report: DriversAddReport): WorkResult {
  const { place, method, windows, packages, changed, write, warnings } = report;
  const outcomes: Partial<Record<InjectionOutcome, number>> = {};
  for (const { outcome } of packages) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  // What failed comes first, and what stayed out last: the list is cut.
  const order: readonly InjectionOutcome[] = ['failed', ...injectionOutcomes];
  const sorted = [...packages].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
  return {
    ...written('driversAdd', path, write),
    drivers: {
      place,
      method,
      windows,
      outcomes,
      packages: capped(sorted.map(injectedRow)),
      changedFiles: capped(changed),
    },
    warnings: capped(warnings),
  };
}

export function removedResult(path: string, report: DriversRemoveReport): WorkResult {
  const { place, removed, changed, write, warnings } = report;
  return {
    ...written('driversRemove', path, write),
    drivers: {
      place,
      removed: capped(removed.map(({ published, original, version }) => ({ published, original, version }))),
      changedFiles: capped(changed),
    },
    warnings: capped(warnings),
  };
}

export function exportedResult(report: DriversExportReport): WorkResult {
  const { place, destination, exported, warnings } = report;
  const drivers: DriversResult = {
    place,
    exported: capped(
      exported.map(({ driver: { published, original, version }, folder, bytes }) => ({
        published,
        original,
        version,
        folder,
        bytes,
      })),
    ),
  };
  const bytes = exported.reduce((sum, one) => sum + one.bytes, 0);
  return {
    verb: 'driversExport',
    wim: '',
    target: destination,
    bytes,
    drivers,
    warnings: capped(warnings),
  };
}

function written(
  verb: DriverVerb,
  path: string,
  write: WriteReport | undefined,
): Omit<WorkResult, 'warnings'> {
  if (write === undefined) return { verb, wim: '', target: path };
  const { wim, image, size, bytesStored, bytesCopied } = write;
  return { verb, wim, ...(image === 0 ? {} : { image }), size, bytesStored, bytesCopied };
}

function injectedRow({ package: found, outcome, place, why, devices }: InjectedPackage): InjectedRow {
  const { name, inf, provider, className, version, signature } = found;
  return {
    name,
    inf,
    provider,
    className,
    version,
    signature: signature.state,
    outcome,
    ...(place === undefined ? {} : { place }),
    ...(why === undefined ? {} : { why }),
    ...(devices === undefined ? {} : { devices: devices.slice(0, NAMED_DEVICES) }),
  };
}
