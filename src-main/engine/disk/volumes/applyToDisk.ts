import { AppError } from '../../../../src-shared/errors/appError';
import type { DiskPlan, DiskReport } from '../../../../src-shared/model/disks';
import type { ApplyReport, PlanReport } from '../../../../src-shared/model/reports';
import type { ApplyRequest, PrepareChoice } from '../../../../src-shared/model/requests';
import type { EngineHost } from '../../os';
import { reportWarnings, type VerbContext } from '../../wim/ops/common';
import { openWim } from '../../wim/openWim';
import type { Wim } from '../../wim/wim';
import { diskCreate } from '../ops/diskCreate';
import { diskPrepare } from '../ops/diskPrepare';
import type { PlanFill } from '../ops/fillVolume';
import { DiskApplication, type PlannedApplication } from './diskApplication';
import { applyToVolume } from './applyToVolume';

/** Files that Windows starts from are made by its own tools, not here. */
const NO_BOOT_FILES =
  'the disk has no boot files yet: run "bcdboot W:\\Windows /s S:" in Windows PE or on another Windows, with the letters of the Windows and the system volume';

/**
 * Applies an image to a disk, a file or a physical one: to a volume of it, which is formatted anew; or with `prepare`
 * to the Windows volume of a disk that is made, or erased and divided, in the same work.
 * @throws AppError those of diskCreate, diskPrepare and applyToVolume: before anything is written, where it can be told
 */
export async function applyToDisk(
  host: EngineHost,
  request: ApplyRequest,
  context: VerbContext = {},
): Promise<ApplyReport> {
  if (request.wim === '-') {
    throw new AppError(
      'usage/invalid',
      'a volume is laid out before its first file is written, which a WIM from a pipe does not allow: give a file',
    );
  }
  // Threads start while the file is opened.
  if (request.dryRun !== true) host.taskRunner(request.threads ?? 0).prepare();
  const wim = await openWim(host, host.files.absolute(request.wim), {
    ref: request.ref,
    verifyIntegrity: request.verifyIntegrity,
    signal: context.signal,
    onProgress: context.onProgress,
  });
  try {
    const application = new DiskApplication(host, wim, request, context);
    const report =
      request.prepare === undefined
        ? await applyToVolume(host, request, application, sourcesOf(wim), context)
        : await applyAndPrepare(host, request, request.prepare, application, sourcesOf(wim), context);
    return { ...report, warnings: [...reportWarnings(wim, context), ...report.warnings] };
  } finally {
    wim.close();
  }
}

function sourcesOf(wim: Wim): string[] {
  return wim.parts.map(({ path }) => path);
}

async function applyAndPrepare(
  host: EngineHost,
  request: ApplyRequest,
  prepare: PrepareChoice,
  application: DiskApplication,
  sources: readonly string[],
  context: VerbContext,
): Promise<ApplyReport> {
  let planned: PlannedApplication | undefined;
  let applied: ApplyReport | undefined;
  const planFill: PlanFill = async (partition, { sectorSize, wholeSectors }) => {
    const { label, clusterSize, offset, bytes, number } = partition;
    const format = {
      ...(label === undefined ? {} : { label }),
      ...(clusterSize === undefined ? {} : { clusterSize }),
      fileSystem: 'ntfs' as const,
      wholeSectors,
      offset,
      name: `${request.target}, volume ${number}`,
    };
    // Asked for twice by a preparation, which plans once more when the disk is its own.
    const found = (planned ??= await application.plan(bytes, sectorSize, format));
    const { steps, warnings, spaceNeeded } = found.plan;
    return {
      steps,
      warnings,
      needed: spaceNeeded ?? 0,
      async run(device) {
        applied = await found.run(device);
      },
    };
  };
  const disk = await makeDisk(host, request, prepare, sources, context, planFill);
  if (disk.plan !== undefined && planned !== undefined) {
    return { ...planned.report, target: disk.disk, plan: planOf(disk.plan), disk, warnings: disk.warnings };
  }
  if (applied === undefined) throw new AppError('internal/bug', 'the image was not applied');
  const isToBoot =
    application.hasWindows &&
    disk.summary?.partitions.some(({ role, active }) => role === 'efi' || role === 'system' || active) ===
      true;
  const remarks = isToBoot ? [NO_BOOT_FILES] : [];
  for (const remark of remarks) context.onWarning?.(remark);
  return { ...applied, target: disk.disk, disk, warnings: [...disk.warnings, ...remarks] };
}

function makeDisk(
  host: EngineHost,
  request: ApplyRequest,
  prepare: PrepareChoice,
  sources: readonly string[],
  context: VerbContext,
  planFill: PlanFill,
): Promise<DiskReport> {
  const { target, overwrite, dryRun, identity, confirmation, fingerprint } = request;
  const { layout, size, format, kind, sectorSize } = prepare;
  const choices = {
    ...(overwrite === undefined ? {} : { overwrite }),
    ...(dryRun === undefined ? {} : { dryRun }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
  };
  if (size === undefined) {
    const prepared = {
      disk: target,
      layout,
      sources,
      ...choices,
      ...(identity === undefined ? {} : { identity }),
      ...(confirmation === undefined ? {} : { confirmation }),
    };
    return diskPrepare(host, prepared, context, planFill);
  }
  if (host.devices?.isDevice(target) === true) {
    throw new AppError('usage/invalid', `${target} has its size: leave out --size`, { path: target });
  }
  if (format === undefined) throw new AppError('usage/invalid', `the format of ${target} is not told`);
  assertNoSource(host, target, sources);
  const created = {
    path: target,
    size,
    format,
    layout,
    ...choices,
    ...(kind === undefined ? {} : { kind }),
    ...(sectorSize === undefined ? {} : { sectorSize }),
  };
  return diskCreate(host, created, context, planFill);
}

/** @throws AppError `disk/refused` for a disk file that is the image itself */
function assertNoSource(host: EngineHost, target: string, sources: readonly string[]): void {
  const path = host.files.absolute(target);
  const identity = host.files.status(path)?.identity;
  if (identity === undefined) return;
  for (const source of sources) {
    if (host.files.status(source)?.identity === identity)
      throw new AppError('disk/refused', `${path} is refused: it is the image itself`, { path });
  }
}

/** What would be done, as of any application. */
export function planOf({ steps, warnings, spaceNeeded, spaceFree }: DiskPlan): PlanReport {
  return { steps, warnings, spaceNeeded, spaceFree };
}
