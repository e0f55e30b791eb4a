import { AppError } from '../../src-shared/errors/appError';
import type {
  DriversAddReport,
  DriversAddRequest,
  DriversScanReport,
  InjectedPackage,
} from '../../src-shared/model/drivers';
import { bytesEqual } from '../engine/binary/bytesEqual';
import type { DriversAction } from './command';
import { finish, type Run } from './runContext';
import {
  renderDriversAdd,
  renderDriversExport,
  renderDriversList,
  renderDriversRemove,
} from './text/driverImages';
import { renderDevices, renderDriversMatch } from './text/driverMatch';
import {
  type DriverTextOptions,
  isFaulty,
  renderDriversCheck,
  renderDriversScan,
} from './text/driverPackages';
import type { DriverVerbs } from './verbs';

/** Texts are as wide as the terminal within these; without one, as wide as a page. */
const NARROWEST = 80;
const WIDEST = 160;
const PAGE = 100;

/** Writes the script that collects a PC's devices; a file of that name that is another one stays. */
async function collect(
  { path, dryRun = false }: { readonly path: string; readonly dryRun?: boolean },
  run: Run,
): Promise<AppError | undefined> {
  const script = new TextEncoder().encode(run.verbs.collectScript());
  const there = await existing(path, run);
  if (there !== undefined && !bytesEqual(there, script)) {
    throw new AppError('io/exists', `${path} is there already, and is another file`, { path });
  }
  const report = { path, warnings: [] };
  if (dryRun) return finish(run, report, `Nothing was written. "${path}" would be.\n`);
  await run.environment.files.write(path, script);
  const next = '"wimsmith drivers match --devices=..." reads what it saves';
  return finish(run, report, `"${path}" is written. Run it on the PC; ${next}.\n`);
}

async function existing(path: string, run: Run): Promise<Uint8Array | undefined> {
  try {
    return await run.environment.files.read(path);
  } catch (error) {
    if (error instanceof AppError && error.code === 'io/not-found') return undefined;
    throw error;
  }
}

/** Does what a line about drivers asks for. */
export async function runDrivers(action: DriversAction, run: Run): Promise<AppError | undefined> {
  const { context, verbs } = run;
  const options = textOptions(run);
  switch (action.task) {
    case 'scan': {
      const report = await verbs.driversScan(action.request, context);
      return show(run, report, () => renderDriversScan(report, options));
    }
    case 'check': {
      const report = await verbs.driversCheck(action.request, context);
      await show(run, report, () => renderDriversCheck(report, options));
      return faultOf(report);
    }
    case 'match': {
      const report = await verbs.driversMatch(action.request, context);
      for (const warning of report.list.warnings) context.onWarning(warning);
      return show(run, report, () => renderDriversMatch(report, options));
    }
    case 'add': {
      const request = await withHashes(action.request, action.onlyNames ?? [], verbs, run);
      const report = await verbs.driversAdd(request, context);
      await finish(run, report, renderDriversAdd(report, options));
      return failureOf(report);
    }
    case 'list': {
      const report = await verbs.driversList(action.request, context);
      for (const warning of report.warnings) context.onWarning(warning);
      return show(run, report, () => renderDriversList(report, options));
    }
    case 'export': {
      const report = await verbs.driversExport(action.request, context);
      return finish(run, report, renderDriversExport(report, options));
    }
    case 'remove': {
      const report = await verbs.driversRemove(action.request, context);
      return finish(run, report, renderDriversRemove(report, options));
    }
    case 'devices': {
      const list = await verbs.driversDevices(action.request, context);
      for (const warning of list.warnings) context.onWarning(warning);
      return show(run, list, () => renderDevices(list, options));
    }
    case 'collect':
      return collect(action.request, run);
  }
}

function textOptions({ common, environment }: Run): DriverTextOptions {
  const columns = environment.stdout.columns ?? PAGE;
  const width = columns === 0 ? PAGE : Math.min(WIDEST, Math.max(NARROWEST, columns));
  return { verbose: common.verbose, width };
}

/** Prints what the person asked to see, which --quiet does not hold back. */
async function show(run: Run, report: unknown, text: () => string): Promise<undefined> {
  if (run.json !== undefined) await run.json.result(report);
  else await run.screen.print(text());
  await run.screen.flush();
  return undefined;
}

/** --only names INFs; the engine knows packages by their hashes. */
async function withHashes(
  request: DriversAddRequest,
  names: readonly string[],
  verbs: DriverVerbs,
  { context }: Run,
): Promise<DriversAddRequest> {
  if (names.length === 0) return request;
  const { packages } = await verbs.driversScan({ paths: request.drivers }, context);
  const hashes = new Set(request.only ?? []);
  for (const name of names) {
    const found = packages.filter((one) => one.name.toLowerCase() === name.toLowerCase() || one.id === name);
    if (found.length === 0) {
      throw new AppError('drivers/no-such-driver', `none of the driver packages is called "${name}"`, {
        name,
      });
    }
    for (const { infSha256 } of found) hashes.add(infSha256);
  }
  return { ...request, only: [...hashes] };
}

/** The exit code of a check that found something. */
function faultOf({ packages, remarks }: DriversScanReport): AppError | undefined {
  const faulty = packages.filter(isFaulty);
  const loose = remarks.filter(({ severity }) => severity === 'error');
  if (faulty.length === 0 && loose.length === 0) return undefined;
  const [first] =
    faulty.length > 0 ? faulty[0].remarks.filter(({ severity }) => severity === 'error') : loose;
  const count = faulty.length + loose.length;
  const what = faulty.length > 0 ? 'driver package' : 'archive';
  const place = `${first.file}${first.line === undefined ? '' : `:${first.line}`}`;
  return new AppError(
    'drivers/faulty',
    `${count} faulty ${what}${count === 1 ? '' : 's'}, first ${place}: ${first.problem}`,
    { count, path: first.file },
  );
}

/** The exit code of an addition that some packages did not survive. */
function failureOf({ packages, method, plan }: DriversAddReport): AppError | undefined {
  const failed = packages.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0 || plan !== undefined) return undefined;
  const [first]: readonly InjectedPackage[] = failed;
  const many = failed.length === 1 ? '1 package is' : `${failed.length} packages are`;
  return new AppError(
    method === 'dism' ? 'drivers/dism-failed' : 'drivers/faulty',
    `${many} not in the image, first ${first.package.name}: ${first.why ?? 'no reason was given'}`,
    { count: failed.length, path: first.package.inf },
  );
}
