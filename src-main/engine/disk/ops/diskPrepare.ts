import type {
  DiskPlan,
  DiskPrepareRequest,
  DiskReport,
  DiskSummary,
} from '../../../../src-shared/model/disks';
import type { EngineHost } from '../../os';
import type { VerbContext } from '../../wim/ops/common';
import { ProgressCounter } from '../../wim/ops/common';
import { openDisk } from '../openDisk';
import { faultsOf } from './check';
import { erasuresOf } from './erasures';
import { fingerprintOf } from './fingerprint';
import type { PlanFill } from './fillVolume';
import { layOut, layoutSteps, layoutWarnings, planned, type PlannedLayout, withFill } from './layOut';
import { spaceToGrow } from './space';
import { summarise } from './summary';
import { assertErasable, assertSamePlan, openTarget, type Target } from './target';

/**
 * Erases a disk, divides it, and formats its volumes; then reads all of it back. A dry run makes the same plan and
 * writes nothing. Nothing is written before every check has passed: guard.ts for physical disks, what is on the disk,
 * the space, and that the plan is still the one that was looked at.
 * @param planFill what the Windows volume is filled with
 * @throws AppError those of openTarget; `layout/invalid`, `disk/too-small`, `disk/not-empty`, `plan/stale`, `io/no-space`
 */
export async function diskPrepare(
  host: EngineHost,
  request: DiskPrepareRequest,
  context: VerbContext = {},
  planFill?: PlanFill,
): Promise<DiskReport> {
  const rehearsed = await openAndPlan(host, { ...request, dryRun: true }, planFill);
  rehearsed.target.device.close();
  const first = rehearsed.plan;
  if (request.dryRun === true) return { disk: first.disk, plan: first, faults: [], warnings: first.warnings };
  assertErasable(request, first);
  const { target, plan, layout } = await openAndPlan(host, request, planFill);
  try {
    assertSamePlan(first, plan);
    await layOut(host, target.device, layout, context);
    return await checked(host, target, plan, layout, context);
  } finally {
    target.device.close();
  }
}

/** A target with the plan for it; it is closed where that cannot be made. */
async function openAndPlan(
  host: EngineHost,
  request: DiskPrepareRequest,
  planFill: PlanFill | undefined,
): Promise<{ readonly target: Target; readonly plan: DiskPlan; readonly layout: PlannedLayout }> {
  const target = openTarget(host, request);
  try {
    const { device } = target;
    const before = summarise(device, target.path);
    const divided = planned(request.layout, device.size, device.sectorSize);
    const layout = await withFill(divided, device, planFill);
    const plan = makePlan(host, request, target, before, layout);
    return { target, plan, layout };
  } catch (error) {
    target.device.close();
    throw error;
  }
}

function makePlan(
  host: EngineHost,
  request: DiskPrepareRequest,
  target: Target,
  before: DiskSummary,
  layout: PlannedLayout,
): DiskPlan {
  const { device, facts, identity } = target;
  const erases = erasuresOf(device, before);
  const space = facts === undefined ? spaceToGrow(host, device, before.path, layout) : undefined;
  return {
    disk: before.path,
    steps: [
      erases.length === 0
        ? `Clear the beginning and the end of ${before.path}`
        : `Erase ${before.path}: its partition table, and the first and last MiB of the disk`,
      ...layoutSteps(layout),
    ],
    warnings: [
      ...target.cautions,
      ...before.warnings,
      ...layoutWarnings(layout, device.size, device.sectorSize),
      ...(layout.fill?.warnings ?? []),
    ],
    erases,
    partitions: layout.partitions,
    size: device.size,
    table: layout.table,
    spaceNeeded: space?.needed ?? null,
    spaceFree: space?.free ?? null,
    fingerprint: fingerprintOf(host.sha1, device, {
      request: { verb: 'prepare', layout: request.layout, sources: request.sources ?? [] },
      identity,
      summary: before,
      erases,
    }),
    ...(facts === undefined ? {} : { identity, confirmation: facts.name }),
  };
}

async function checked(
  host: EngineHost,
  target: Target,
  plan: DiskPlan,
  layout: PlannedLayout,
  context: VerbContext,
): Promise<DiskReport> {
  const { device, physical } = target;
  const progress = new ProgressCounter(context, host, 'Verifying', 0, 0);
  progress.report(plan.disk);
  await host.breathe();
  const warnings = [...plan.warnings];
  let summary: DiskSummary;
  let faults: string[];
  if (physical === undefined) {
    // What is still in memory of this device must not vouch for the file.
    device.close();
    const again = openDisk(host, plan.disk, 'read');
    try {
      summary = summarise(again, plan.disk);
      faults = faultsOf(again, summary, layout);
    } finally {
      again.close();
    }
  } else {
    physical.dropCaches();
    summary = summarise(device, plan.disk);
    faults = faultsOf(device, summary, layout);
    const late = physical.rereadPartitions();
    if (late !== undefined) warnings.push(late);
  }
  for (const warning of warnings) context.onWarning?.(warning);
  return { disk: plan.disk, summary, faults, warnings };
}
