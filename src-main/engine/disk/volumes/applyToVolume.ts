import { AppError } from '../../../../src-shared/errors/appError';
import type { DiskPlan } from '../../../../src-shared/model/disks';
import type { ApplyReport } from '../../../../src-shared/model/reports';
import type { ApplyRequest } from '../../../../src-shared/model/requests';
import type { EngineHost } from '../../os';
import type { VerbContext } from '../../wim/ops/common';
import { chooseVolume, type ChosenVolume } from '../chooseVolume';
import { erasuresOf } from '../ops/erasures';
import { fingerprintOf } from '../ops/fingerprint';
import { assertSpace, spaceToGrow } from '../ops/space';
import { summarise } from '../ops/summary';
import { assertFresh, assertSamePlan, openTarget, type Target } from '../ops/target';
import { diskSizeText } from '../sizeWords';
import type { VirtualDisk } from '../virtualDisk';
import type { DiskApplication, PlannedApplication, VolumeFormat } from './diskApplication';

/** What every new or emptied volume of Windows has. */
const OF_WINDOWS: ReadonlySet<string> = new Set(['system volume information', '$recycle.bin']);

/**
 * Formats a volume of a disk anew and applies an image to it. The rest of the disk stays as it is.
 * @param sources files that are read, which must not lie on that disk
 * @throws AppError `disk/` codes of the guard, `disk/not-empty` where there is something and nobody said that it may go,
 *   `plan/stale`, `io/no-space`
 */
export async function applyToVolume(
  host: EngineHost,
  request: ApplyRequest,
  application: DiskApplication,
  sources: readonly string[],
  context: VerbContext,
): Promise<ApplyReport> {
  // Only read until every check has passed: to open a disk for writing may change it.
  const looked = await lookAt(host, { ...request, dryRun: true }, sources, application);
  looked.target.device.close();
  const { plan, planned } = looked;
  assertSpace(plan);
  const disk = { disk: plan.disk, faults: [], warnings: plan.warnings };
  if (request.dryRun === true) {
    const { steps, warnings, spaceNeeded, spaceFree } = plan;
    return {
      ...planned.report,
      plan: { steps, warnings, spaceNeeded, spaceFree },
      disk: { ...disk, plan },
      warnings: plan.warnings,
    };
  }
  assertFresh(request, plan);
  if (looked.target.facts === undefined && request.overwrite !== true && !isEmpty(looked.chosen)) {
    const name = nameOf(request.target, looked.chosen);
    const text = `${name} is not empty: ${plan.erases.at(0)?.what ?? 'it holds data'}`;
    throw new AppError('disk/not-empty', text, { path: plan.disk });
  }
  const now = await lookAt(host, request, sources, application, planned);
  const { device, physical } = now.target;
  try {
    assertSamePlan(plan, now.plan);
    const report = await planned.run(now.chosen.volume).catch((error: unknown) => {
      // What was on it is gone by then, whatever the reason.
      const name = nameOf(request.target, now.chosen);
      context.onWarning?.(`${name} was being formatted and filled: it holds no file system now`);
      throw error;
    });
    device.flush();
    physical?.dropCaches();
    const late = physical?.rereadPartitions();
    return {
      ...report,
      disk: { ...disk, summary: summarise(device, plan.disk) },
      warnings: [...report.warnings, ...plan.warnings, ...(late === undefined ? [] : [late])],
    };
  } finally {
    device.close();
  }
}

interface Looked {
  /** Open: it is the caller's to close. */
  readonly target: Target;
  readonly chosen: ChosenVolume;
  readonly planned: PlannedApplication;
  readonly plan: DiskPlan;
}

/** Opens the disk, finds the volume and plans. @param known what was planned before, for the same volume */
async function lookAt(
  host: EngineHost,
  request: ApplyRequest,
  sources: readonly string[],
  application: DiskApplication,
  known?: PlannedApplication,
): Promise<Looked> {
  const target = openTarget(host, { ...request, disk: request.target, sources });
  const { device } = target;
  try {
    const chosen = chooseTarget(device, request.volume);
    const format: VolumeFormat = {
      ...(chosen.partition.label === undefined ? {} : { label: chosen.partition.label }),
      // What a boot stick or a system partition is made of stays it.
      fileSystem: chosen.partition.fileSystem === 'fat32' ? 'fat32' : 'ntfs',
      offset: chosen.partition.offset,
      wholeSectors: chosen.volume.wholeSectors,
      name: nameOf(request.target, chosen),
    };
    const planned = known ?? (await application.plan(chosen.volume.size, device.sectorSize, format));
    return {
      target,
      chosen,
      planned,
      plan: planFor(host, request, target, chosen, format, planned, sources),
    };
  } catch (error) {
    device.close();
    throw error;
  }
}

/** The volume that is meant; number 0 of a disk without a table is all of it, formatted or not. */
function chooseTarget(device: VirtualDisk, choice: string | undefined): ChosenVolume {
  try {
    return chooseVolume(device, choice, 'fill');
  } catch (error) {
    if (choice !== '0' || !(error instanceof AppError) || error.code !== 'disk/no-such-volume') throw error;
    const { table } = summarise(device, device.name);
    if (table !== 'none') throw error;
    return {
      volume: device,
      partition: {
        number: 0,
        offset: 0,
        size: device.size,
        type: '',
        typeName: 'Whole disk',
        role: 'data',
        fileSystem: 'none',
        found: [],
      },
    };
  }
}

function nameOf(disk: string, { partition }: ChosenVolume): string {
  return partition.number === 0 ? disk : `${disk}, volume ${partition.number}`;
}

function isEmpty({ partition }: ChosenVolume): boolean {
  const { fileSystem, problem, found } = partition;
  if (fileSystem === 'none') return true;
  // What cannot be looked into may hold anything.
  if (problem !== undefined || fileSystem === 'unknown') return false;
  return found.every((name) => OF_WINDOWS.has(name.toLowerCase()));
}

function planFor(
  host: EngineHost,
  request: ApplyRequest,
  target: Target,
  chosen: ChosenVolume,
  format: VolumeFormat,
  planned: PlannedApplication,
  sources: readonly string[],
): DiskPlan {
  const { device, facts, identity } = target;
  const path = facts?.path ?? host.files.absolute(request.target);
  const summary = summarise(device, path);
  const { partition } = chosen;
  const space = spaceOf(host, target, path, planned);
  const erases = isEmpty(chosen)
    ? []
    : erasuresOf(device, { ...summary, partitions: [partition] }).map((erasure) => ({
        ...erasure,
        disk: path,
      }));
  const label = partition.label === undefined || partition.label === '' ? '' : ` "${partition.label}"`;
  return {
    disk: path,
    steps: [
      `Format ${nameOf(path, chosen)} as ${format.fileSystem.toUpperCase()}${label}, ${diskSizeText(partition.size)}`,
      ...planned.plan.steps,
    ],
    warnings: [...target.cautions, ...summary.warnings, ...planned.plan.warnings],
    erases,
    partitions: [],
    size: device.size,
    table: summary.table,
    spaceNeeded: space.needed,
    spaceFree: space.free,
    fingerprint: fingerprintOf(host.sha1, device, {
      request: {
        verb: 'apply',
        wim: request.wim,
        image: request.image ?? null,
        volume: request.volume,
        sources,
      },
      identity,
      summary,
      erases,
    }),
    ...(facts === undefined ? {} : { identity, confirmation: facts.name }),
  };
}

/** What is needed where it is scarcest: on the volume, or on the one that holds a disk file which grows. */
function spaceOf(
  host: EngineHost,
  { device, facts }: Target,
  path: string,
  { plan }: PlannedApplication,
): { readonly needed: number | null; readonly free: number | null } {
  const own = { needed: plan.spaceNeeded, free: plan.spaceFree };
  if (facts !== undefined || plan.spaceNeeded === null) return own;
  const grows = spaceToGrow(host, device, path, { partitions: [], fill: { needed: plan.spaceNeeded } });
  return grows !== undefined && grows.free < (plan.spaceFree ?? Infinity) ? grows : own;
}
