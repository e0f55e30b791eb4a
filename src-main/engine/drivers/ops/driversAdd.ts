import { AppError } from '../../../../src-shared/errors/appError';
import type {
  DriversAddReport,
  DriversAddRequest,
  InjectedPackage,
  InjectionMethod,
  OfflineWindows,
} from '../../../../src-shared/model/drivers';
import { openPlace, type OpenPlace } from '../../offline/openPlace';
import { inspectWindows } from '../../offline/windows';
import type { EngineHost } from '../../os';
import type { VerbContext } from '../../wim/ops/common';
import { scanDrivers } from '../packages/scanDrivers';
import { addByDism, dismIsUsable } from './addByDism';
import { addByStaging } from './addByStaging';
import { deviceListOf, matchScanned } from './matchScanned';
import { choosePackages, firstFault, type PackageChoice } from './packageChoice';

/** An addition on its way. */
export interface Addition {
  readonly host: EngineHost;
  readonly request: DriversAddRequest;
  readonly place: OpenPlace;
  readonly windows: OfflineWindows;
  readonly choice: PackageChoice;
  /** Collects what is told at the end. */
  readonly warnings: string[];
  readonly context: VerbContext;
}

/**
 * Puts driver packages into an offline Windows: by DISM where this machine has it and the Windows lies in a folder, else
 * staged for its Setup (docs/decisions/0016). Everything is checked before anything is written.
 * @throws AppError `drivers/none`, `drivers/faulty`, `offline/not-windows`, `offline/read-only`, `io/no-space`,
 * `plan/stale`; the image is as it was then
 */
export async function driversAdd(
  host: EngineHost,
  request: DriversAddRequest,
  context: VerbContext = {},
): Promise<DriversAddReport> {
  const place = await openPlace(host, request, request.dryRun !== true, context);
  try {
    const { tree } = place;
    const windows = inspectWindows(tree);
    if (tree.readOnly !== undefined) {
      throw new AppError('offline/read-only', tree.readOnly, { path: tree.label });
    }
    const warnings = [...place.warnings];
    const choice = await choose(host, request, windows, warnings, context);
    const addition: Addition = { host, request, place, windows, choice, warnings, context };
    const method = await chooseMethod(addition);
    if (request.dryRun !== true) assertSound(addition);
    else if (choice.faulty.length > 0) {
      warnings.unshift(
        `${faultText(addition)}: nothing is done without a word about them (--skip-faulty, --force-faulty)`,
      );
    }
    return method === 'dism' ? await addByDism(addition) : await addByStaging(addition);
  } finally {
    place.tree.close();
  }
}

async function choose(
  host: EngineHost,
  request: DriversAddRequest,
  windows: OfflineWindows,
  warnings: string[],
  context: VerbContext,
): Promise<PackageChoice> {
  const { devices } = request;
  // Before the packages are read, which may take a while.
  const list = devices && deviceListOf(host, devices);
  const scan = await scanDrivers(
    host,
    {
      paths: request.drivers,
      check: true,
      // Without a list it tells which packages are for this Windows at all.
      index: true,
      devices: list?.devices ?? [],
      ...(request.threads === undefined ? {} : { threads: request.threads }),
    },
    context,
  );
  if (scan.packages.length === 0) {
    throw new AppError('drivers/none', `there is no driver package in ${request.drivers.join(', ')}`);
  }
  for (const { file, problem } of scan.remarks) warnings.push(`${file}: ${problem}`);
  const unreadable = scan.remarks.find(({ severity }) => severity === 'error');
  if (unreadable !== undefined && request.skipFaulty !== true && request.forceFaulty !== true) {
    const text = `${unreadable.file}: ${unreadable.problem}`;
    if (request.dryRun !== true) throw new AppError('drivers/faulty', `${text}; nothing was changed`);
  }
  const matched = matchScanned(
    host,
    scan,
    { kind: 'devices', list: list ?? { label: '', devices: [], warnings: [] } },
    windows.target,
    request,
  );
  for (const warning of matched.list.warnings) warnings.push(warning);
  return choosePackages(scan.packages, windows, request, {
    uses: matched.uses,
    ...(list === undefined ? {} : { devices: matched.devices.map(({ device }) => device.name) }),
  });
}

async function chooseMethod({ host, request, place, context }: Addition): Promise<InjectionMethod> {
  if (request.method === 'stage') return 'stage';
  const usable = await dismIsUsable(host, place.tree, context);
  if (request.method === undefined) return usable.usable ? 'dism' : 'stage';
  if (usable.usable) return 'dism';
  throw new AppError('wim/unsupported', `DISM cannot be used: ${usable.why}`);
}

/** @throws AppError `drivers/faulty` */
function assertSound(addition: Addition): void {
  const count = addition.choice.faulty.length;
  if (count === 0) return;
  throw new AppError('drivers/faulty', `${faultText(addition)}; nothing was changed`, { count });
}

function faultText({ choice: { faulty }, windows }: Addition): string {
  const [first] = faulty;
  const count = faulty.length === 1 ? '1 package has a fault' : `${faulty.length} packages have faults`;
  return `${count}, first ${firstFault(first, windows.target.architecture) ?? first.package.name}`;
}

/** What became of packages that were left out, beside what became of those that went in. */
export function withLeftOut(done: readonly InjectedPackage[], { leftOut }: PackageChoice): InjectedPackage[] {
  return [...done, ...leftOut];
}
