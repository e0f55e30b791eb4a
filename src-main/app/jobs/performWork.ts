import { AppError } from '../../../src-shared/errors/appError';
import {
  isDiskWork,
  isDriverWork,
  type DiskWork,
  type DriverWork,
  type Work,
  type WorkResult,
} from '../../../src-shared/contract/work';
import type { Progress } from '../../../src-shared/model/progress';
import type { Remark } from '../../../src-shared/model/reports';
import type { EngineHost } from '../../engine/os';
import type { ImagingService } from '../imagingService';
import { diskVerbsOf } from '../disks/diskVerbs';
import { addedResult, exportedResult, removedResult } from '../drivers/driverResult';
import type { DriverVerbs } from '../drivers/driverVerbs';
import type { RunLog } from './runLog';
import { cannotFit, noSpace, watchSpace } from './spaceWatch';
import {
  applyResult,
  captureResult,
  diskResult,
  infoResult,
  splitResult,
  updateResult,
  verifyResult,
  writeResult,
} from './workResult';

/** What a run has at hand. */
export interface RunContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly log: RunLog;
}

/** What the engine is given besides a request. */
interface VerbContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly onWarning: (text: string) => void;
}

/**
 * Does work by the engine's verbs. Long lists are cut in the result; the log gets all of them.
 * @throws AppError of the verb; `io/exists` when a capture would replace a file and was not told to
 */
export async function performWork(
  host: EngineHost,
  service: ImagingService,
  work: Work,
  run: RunContext,
): Promise<WorkResult> {
  assertOverwriteAsked(host, work);
  const { log } = run;
  const warned = new Set<string>();
  const onWarning = (text: string): void => {
    // A verb tells a warning when it finds it and once more in its report.
    if (warned.size < 100_000 && !warned.has(text)) {
      warned.add(text);
      log.add('warning', text);
    }
  };
  const watch = watchSpace(host, work, run.signal);
  let phase = '';
  const onProgress = (progress: Progress): void => {
    if (progress.phase !== phase) {
      phase = progress.phase;
      log.add('info', phase);
    }
    watch.see(progress);
    run.onProgress(progress);
  };
  try {
    await assertSpace(host, service, work);
    if (isDiskWork(work))
      return await performOnDisk(host, work, { signal: watch.signal, onProgress, onWarning }, log);
    if (isDriverWork(work))
      return await performOnDrivers(service, work, { signal: watch.signal, onProgress, onWarning }, log);
    return await perform(service, work, { signal: watch.signal, onProgress, onWarning }, log);
  } catch (error) {
    throw watch.failure ?? error;
  } finally {
    watch.end();
  }
}

async function performOnDisk(
  host: EngineHost,
  work: DiskWork,
  context: VerbContext,
  log: RunLog,
): Promise<WorkResult> {
  const report = await diskVerbsOf(host).perform(work, false, context);
  for (const fault of report.faults) log.add('error', fault);
  return diskResult(work.verb, report);
}

async function performOnDrivers(
  service: DriverVerbs,
  work: DriverWork,
  context: VerbContext,
  log: RunLog,
): Promise<WorkResult> {
  switch (work.verb) {
    case 'driversAdd': {
      const report = await service.driversAdd(work.request, context);
      for (const { package: found, outcome, why } of report.packages) {
        const good = outcome !== 'failed' && outcome !== 'left out';
        log.add(good ? 'info' : 'warning', `${found.inf}: ${outcome}${why === undefined ? '' : `: ${why}`}`);
      }
      return addedResult(work.request.path, report);
    }
    case 'driversExport':
      return exportedResult(await service.driversExport(work.request, context));
    case 'driversRemove':
      return removedResult(work.request.path, await service.driversRemove(work.request, context));
  }
}

async function perform(
  service: ImagingService,
  work: Exclude<Work, DiskWork | DriverWork>,
  context: VerbContext,
  log: RunLog,
): Promise<WorkResult> {
  switch (work.verb) {
    case 'capture':
    case 'append': {
      const report = await service[work.verb](work.request, context);
      logSource(report, log);
      return captureResult(work.verb, report);
    }
    case 'apply': {
      const report = await service.apply(work.request, context);
      logApplied(report, log);
      return applyResult('apply', work.request.wim, report);
    }
    case 'extract': {
      const stdout = { write: () => Promise.reject(noStandardOutput()) };
      const report = await service.extract(work.request, { ...context, stdout });
      logApplied(report, log);
      return applyResult('extract', work.request.wim, report);
    }
    case 'delete':
      return writeResult('delete', await service.delete(work.request, context));
    case 'export':
      return writeResult('export', await service.export(work.request, context));
    case 'info':
      return infoResult(await service.info(work.request, context));
    case 'join':
      return writeResult('join', await service.join(work.request, context));
    case 'optimize':
      return writeResult('optimize', await service.optimize(work.request, context));
    case 'split':
      return splitResult(work.request.wim, await service.split(work.request, context));
    case 'update': {
      const report = await service.update(work.request, context);
      logSource(report, log);
      return updateResult(report);
    }
    case 'verify': {
      const report = await service.verify(work.request, context);
      logRemarks(report.faults, 'error', log);
      return verifyResult(report);
    }
  }
}

/**
 * Verbs that make a file anew of one that is there: their dry run opens it and tells the most that they need. The others
 * hold their needs against the free space themselves, or are watched.
 * @throws AppError `io/no-space`
 */
async function assertSpace(host: EngineHost, service: ImagingService, work: Work): Promise<void> {
  if (work.verb !== 'optimize' && work.verb !== 'delete' && work.verb !== 'export') return;
  const quiet = { dryRun: true } as const;
  const { plan } =
    work.verb === 'optimize'
      ? await service.optimize({ ...work.request, ...quiet }, {})
      : work.verb === 'delete'
        ? await service.delete({ ...work.request, ...quiet }, {})
        : await service.export({ ...work.request, ...quiet }, {});
  const { files } = host;
  const path = files.absolute(work.verb === 'export' ? work.request.destination : work.request.wim);
  const free = files.freeSpace(files.directoryName(path));
  const needed = plan?.spaceNeeded ?? 0;
  if (cannotFit(needed, free, false)) throw noSpace(path, needed, free);
}

/** The engine replaces what is there, as the command lines it follows do; a window must have asked for it. */
export function assertOverwriteAsked(host: EngineHost, work: Work): void {
  if (work.verb !== 'capture' || work.request.overwrite === true) return;
  const path = host.files.absolute(work.request.wim);
  if (host.files.status(path) === undefined) return;
  throw new AppError('io/exists', `${path} exists already; it was not touched`, { path });
}

function noStandardOutput(): AppError {
  return new AppError('internal/bug', 'a job was asked to write to standard output');
}

function logSource(
  report: {
    readonly excluded: readonly { readonly path: string; readonly pattern: string }[];
    readonly notKept: readonly Remark[];
    readonly damaged?: readonly Remark[];
    readonly changed: readonly Remark[];
  },
  log: RunLog,
): void {
  logRemarks(report.damaged ?? [], 'error', log);
  logRemarks(report.changed, 'warning', log);
  logRemarks(report.notKept, 'warning', log);
  for (const { path, pattern } of report.excluded) log.add('info', `${path}: left out by ${pattern}`);
}

function logApplied(
  report: { readonly notKept: readonly Remark[]; readonly damaged: readonly Remark[] },
  log: RunLog,
): void {
  logRemarks(report.damaged, 'error', log);
  logRemarks(report.notKept, 'warning', log);
}

function logRemarks(remarks: readonly Remark[], level: 'warning' | 'error', log: RunLog): void {
  for (const { path, problem } of remarks) log.add(level, `${path}: ${problem}`);
}
