import type { DiskPlan, DiskRepairRequest, DiskReport } from '../../../../src-shared/model/disks';
import type { EngineHost } from '../../os';
import type { VerbContext } from '../../wim/ops/common';
import type { BlockDevice } from '../blockDevice';
import { repairGpt } from '../gpt/repairGpt';
import { fingerprintOf } from './fingerprint';
import { lookAgain } from './lookAgain';
import { summarise } from './summary';
import { assertFresh, assertSamePlan, openTarget, type Target } from './target';

/**
 * Writes a damaged copy of a GUID partition table anew from the good one, and a protective MBR where it is missing.
 * Nothing else on the disk is touched.
 * @throws AppError those of openTarget, `plan/stale`, `disk/unsupported`; FormatError where neither copy is good
 */
export async function diskRepair(
  host: EngineHost,
  request: DiskRepairRequest,
  context: VerbContext = {},
): Promise<DiskReport> {
  const looked = openAndPlan(host, { ...request, dryRun: true });
  looked.target.device.close();
  const first = looked.plan;
  if (request.dryRun === true) return { disk: first.disk, plan: first, faults: [], warnings: first.warnings };
  assertFresh(request, first);
  const { target, plan } = openAndPlan(host, request);
  try {
    assertSamePlan(first, plan);
    await host.breathe();
    repairGpt(target.device, request.from);
    return lookAgain(host, target, target.cautions, context, (disk) => repairGpt(rehearsal(disk)));
  } finally {
    target.device.close();
  }
}

function openAndPlan(
  host: EngineHost,
  request: DiskRepairRequest,
): { readonly target: Target; readonly plan: DiskPlan } {
  const target = openTarget(host, request);
  try {
    return { target, plan: makePlan(host, request, target) };
  } catch (error) {
    target.device.close();
    throw error;
  }
}

/** A device on which a repair is rehearsed: what it would write is told by the repair itself. */
function rehearsal(device: BlockDevice): BlockDevice {
  const { name, size, sectorSize, physicalSectorSize } = device;
  return {
    name,
    size,
    sectorSize,
    physicalSectorSize,
    writable: true,
    read: (offset, target) => device.read(offset, target),
    write: () => undefined,
    flush: () => undefined,
    extents: (offset, length) => device.extents(offset, length),
    allocate: () => undefined,
    close: () => undefined,
  };
}

function makePlan(
  host: EngineHost,
  request: DiskRepairRequest,
  { device, facts, identity, cautions, path }: Target,
): DiskPlan {
  const steps = repairGpt(rehearsal(device), request.from);
  const summary = summarise(device, path);
  return {
    disk: path,
    steps: steps.length === 0 ? ['Nothing: both copies of the GPT and the protective MBR are good'] : steps,
    warnings: [...cautions, ...summary.warnings],
    erases: [],
    partitions: [],
    size: device.size,
    table: summary.table,
    spaceNeeded: null,
    spaceFree: null,
    fingerprint: fingerprintOf(host.sha1, device, {
      request: { verb: 'repair', from: request.from ?? null },
      identity,
      summary,
      erases: [],
    }),
    ...(facts === undefined ? {} : { identity, confirmation: facts.name }),
  };
}
