import type { DiskPlan, DiskReport, DiskSummary, DiskWipeRequest } from '../../../../src-shared/model/disks';
import type { EngineHost } from '../../os';
import { ProgressCounter, type VerbContext } from '../../wim/ops/common';
import type { BlockDevice } from '../blockDevice';
import { diskSizeText } from '../sizeWords';
import { wipeDisk } from '../wipe';
import { erasuresOf } from './erasures';
import { fingerprintOf } from './fingerprint';
import { lookAgain } from './lookAgain';
import { summarise } from './summary';
import { assertErasable, assertSamePlan, openTarget, type Target } from './target';

/**
 * Erases a disk: its partition tables and the first and last MiB of the disk and of each partition, or every byte. The
 * tables go first. The same checks as for diskPrepare.
 * @throws AppError those of openTarget; `disk/not-empty`, `plan/stale`
 */
export async function diskWipe(
  host: EngineHost,
  request: DiskWipeRequest,
  context: VerbContext = {},
): Promise<DiskReport> {
  const looked = openAndPlan(host, { ...request, dryRun: true });
  looked.target.device.close();
  const first = looked.plan;
  if (request.dryRun === true) return { disk: first.disk, plan: first, faults: [], warnings: first.warnings };
  assertErasable(request, first);
  const { target, plan } = openAndPlan(host, request);
  try {
    assertSamePlan(first, plan);
    const warnings = await erase(host, target.device, request.all === true, context);
    const told = [...target.cautions, ...warnings];
    return lookAgain(host, target, told, context, (disk, summary) =>
      erasuresOf(disk, summary).length === 0
        ? []
        : [`the beginning or the end of ${plan.disk} is not empty after it was erased`],
    );
  } finally {
    target.device.close();
  }
}

function openAndPlan(
  host: EngineHost,
  request: DiskWipeRequest,
): { readonly target: Target; readonly plan: DiskPlan } {
  const target = openTarget(host, request);
  try {
    const before = summarise(target.device, target.path);
    return { target, plan: makePlan(host, request, target, before) };
  } catch (error) {
    target.device.close();
    throw error;
  }
}

function makePlan(
  host: EngineHost,
  request: DiskWipeRequest,
  { device, facts, identity, cautions, path }: Target,
  before: DiskSummary,
): DiskPlan {
  const erases = erasuresOf(device, before);
  const steps =
    request.all === true
      ? [`Erase the partition table of ${path}`, `Write zeroes over all ${diskSizeText(device.size)}`]
      : [
          `Erase the partition table, and the first and last MiB of ${path}`,
          ...before.partitions
            .filter(({ number }) => number > 0)
            .map(({ number }) => `Erase the first and last MiB of partition ${number}`),
        ];
  const quick =
    request.all === true || erases.length === 0
      ? []
      : ['the data between stays on the disk until it is overwritten; --all erases it as well'];
  return {
    disk: path,
    steps,
    warnings: [...cautions, ...before.warnings, ...quick],
    erases,
    partitions: [],
    size: device.size,
    table: 'none',
    spaceNeeded: null,
    spaceFree: null,
    fingerprint: fingerprintOf(host.sha1, device, {
      request: { verb: 'wipe', all: request.all === true },
      identity,
      summary: before,
      erases,
    }),
    ...(facts === undefined ? {} : { identity, confirmation: facts.name }),
  };
}

async function erase(
  host: EngineHost,
  device: BlockDevice,
  all: boolean,
  context: VerbContext,
): Promise<string[]> {
  const total = all ? device.size : 0;
  const progress = new ProgressCounter(context, host, 'Writing metadata', 0, total);
  let told = 0;
  progress.report();
  const warnings = await wipeDisk(device, host, {
    extent: all ? 'all' : 'quick',
    ...(context.signal === undefined ? {} : { signal: context.signal }),
    onProgress(done) {
      progress.add(0, all ? done - told : 0);
      told = done;
    },
  });
  progress.report();
  return warnings;
}
