import { isDiskWork, type DiskWork, type Work } from '../../../src-shared/contract/work';
import { AppError } from '../../../src-shared/errors/appError';
import type { DiskPlan } from '../../../src-shared/model/disks';
import type { ApplyReport } from '../../../src-shared/model/reports';
import type { EngineHost } from '../../engine/os';
import { applyToDisk } from '../../engine/disk/volumes/applyToDisk';
import { isDisk } from '../../engine/disk/volumes/openVolume';
import type { VerbContext } from '../../engine/wim/ops/common';
import { diskVerbsOf } from './diskVerbs';

/** The disk that work makes or changes. */
export function changedDisk(work: DiskWork): string {
  switch (work.verb) {
    case 'diskCreate':
      return work.request.path;
    case 'diskConvert':
      return work.request.destination;
    case 'diskPrepare':
    case 'diskWipe':
      return work.request.disk;
  }
}

/** Disks that work reads and does not change. */
export function readDisks(work: DiskWork): string[] {
  switch (work.verb) {
    case 'diskConvert':
      return [work.request.disk];
    case 'diskCreate':
      return work.request.parent === undefined ? [] : [work.request.parent];
    case 'diskPrepare':
    case 'diskWipe':
      return [];
  }
}

/** Work on disks alone with its paths absolute. */
export function absoluteDiskWork(work: DiskWork, absolute: (path: string) => string): DiskWork {
  switch (work.verb) {
    case 'diskCreate': {
      const { request } = work;
      const parent = request.parent === undefined ? {} : { parent: absolute(request.parent) };
      return { verb: 'diskCreate', request: { ...request, path: absolute(request.path), ...parent } };
    }
    case 'diskPrepare':
      return { verb: 'diskPrepare', request: { ...work.request, disk: absolute(work.request.disk) } };
    case 'diskWipe':
      return { verb: 'diskWipe', request: { ...work.request, disk: absolute(work.request.disk) } };
    case 'diskConvert': {
      const { request } = work;
      const [disk, destination] = [absolute(request.disk), absolute(request.destination)];
      return { verb: 'diskConvert', request: { ...request, disk, destination } };
    }
  }
}

/** What work does to a disk. */
export interface PlannedOnDisk {
  readonly disk: DiskPlan;
  /** Of an image that is applied to it: what the dry run told. */
  readonly applied?: ApplyReport;
}

/** What work would do to a disk; undefined for work that changes none. Nothing is written. */
export async function planOnDisk(
  host: EngineHost,
  work: Work,
  context: VerbContext,
): Promise<PlannedOnDisk | undefined> {
  if (isDiskWork(work)) {
    const { plan } = await diskVerbsOf(host).perform(work, true, context);
    return { disk: present(plan, work) };
  }
  if (work.verb !== 'apply' || !writesDisk(host, work)) return undefined;
  const applied = await applyToDisk(host, { ...work.request, dryRun: true }, context);
  return { disk: present(applied.disk?.plan, work), applied };
}

function present(plan: DiskPlan | undefined, { verb }: Work): DiskPlan {
  if (plan === undefined) throw new AppError('internal/bug', `a dry run of ${verb} gave no plan`);
  return plan;
}

/** Whether work writes to a disk, or to a volume of one, rather than to a directory or a WIM. */
export function writesDisk(host: EngineHost, work: Work): boolean {
  if (isDiskWork(work)) return true;
  if (work.verb !== 'apply') return false;
  const { volume, prepare, target } = work.request;
  return volume !== undefined || prepare !== undefined || isDisk(host, target);
}
