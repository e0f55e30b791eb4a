import {
  isDiskWork,
  isDriverWork,
  type Erasure,
  type DriverWork,
  type Plan,
  type Work,
} from '../../../src-shared/contract/work';
import type { Progress } from '../../../src-shared/model/progress';
import type { PlanReport } from '../../../src-shared/model/reports';
import { withoutConfirmation } from '../../../src-shared/contract/confirmation';
import type { DiskPlan } from '../../../src-shared/model/disks';
import type { EngineHost } from '../../engine/os';
import { addedResult, exportedResult, removedResult } from '../drivers/driverResult';
import type { DriverVerbs } from '../drivers/driverVerbs';
import type { ImagingService } from '../imagingService';
import { assertOverwriteAsked } from '../jobs/performWork';
import { cannotFit, storesUncompressed } from '../jobs/spaceWatch';
import { targetOf, writtenWim } from '../jobs/workPaths';
import { capped } from '../jobs/workResult';
import { erasuresOf } from './erasures';
import { fingerprintOf } from './fingerprint';
import { replacedBy, type ReplacedFiles } from './replacedFiles';

interface PlanContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** What a dry run of a verb tells. */
interface DryRun extends Partial<
  Pick<Plan, 'files' | 'directories' | 'bytes' | 'excluded' | 'notKept' | 'drivers'>
> {
  readonly plan: PlanReport & { readonly fingerprint?: string };
}

/** Makes the plan of work by the engine's dry run. Nothing is written. */
export async function makePlan(
  host: EngineHost,
  service: ImagingService,
  work: Work,
  context: PlanContext,
): Promise<Plan> {
  assertOverwriteAsked(host, work);
  // Before anything else is looked at: what changes from here on makes another fingerprint.
  const replaced = await replacedBy(host, work, context.signal);
  const fingerprint = fingerprintOf(host, work, replaced);
  const warnings = new Set<string>();
  const onWarning = (text: string): unknown => warnings.add(text);
  const { plan, ...figures } = await dryRun(service, work, replaced, { ...context, onWarning });
  for (const warning of plan.warnings) warnings.add(warning);
  // A step for each part, where the data is divided as it is.
  const anew = work.verb === 'split' && work.request.compression !== undefined;
  const parts = anew ? null : work.verb === 'split' ? plan.steps.length : 1;
  const erases = await erasuresOf(host, work, replaced, { parts });
  const spaceFree = plan.spaceFree ?? freeFor(host, work);
  const tight = spaceWarning(work, plan.spaceNeeded, spaceFree);
  return {
    work: withPlan(withoutConfirmation(work), plan.fingerprint),
    fingerprint,
    steps: [...plan.steps],
    warnings: capped([...(tight === undefined ? [] : [tight]), ...warnings]),
    erases: erases satisfies Erasure[],
    spaceNeeded: plan.spaceNeeded,
    spaceFree,
    ...figures,
    ...ofDisk(replaced.onDisk?.disk),
  };
}

/** The engine looks once more whether its own plan of changed drivers still holds. */
function withPlan(work: Work, fingerprint: string | undefined): Work {
  if (fingerprint === undefined) return work;
  switch (work.verb) {
    case 'driversAdd':
      return { verb: 'driversAdd', request: { ...work.request, fingerprint } };
    case 'driversRemove':
      return { verb: 'driversRemove', request: { ...work.request, fingerprint } };
    default:
      return work;
  }
}

/** The plan of a disk, and what a person has to type before a physical one is erased. */
function ofDisk(disk: DiskPlan | undefined): Pick<Plan, 'disk' | 'confirmation'> {
  if (disk === undefined) return {};
  return { disk, ...(disk.confirmation === undefined ? {} : { confirmation: disk.confirmation }) };
}

async function dryRun(
  service: ImagingService,
  work: Work,
  { onDisk }: ReplacedFiles,
  context: PlanContext & { readonly onWarning: (text: string) => void },
): Promise<DryRun> {
  const dry = { dryRun: true } as const;
  // It was made already, to tell what would be erased.
  if (isDiskWork(work)) return { plan: planOf(onDisk?.disk) };
  if (isDriverWork(work)) return driversDryRun(service, work, context);
  switch (work.verb) {
    case 'capture':
    case 'append': {
      const report = await service[work.verb]({ ...work.request, ...dry }, context);
      const { directories, files, bytes, excluded, notKept, damaged = [] } = report;
      return {
        plan: planOf(report.plan),
        directories: Math.max(0, directories),
        files,
        bytes,
        excluded: capped(excluded),
        notKept: capped([...damaged, ...notKept]),
      };
    }
    case 'apply':
    case 'extract': {
      const report =
        work.verb === 'apply'
          ? (onDisk?.applied ?? (await service.apply({ ...work.request, ...dry }, context)))
          : await service.extract({ ...work.request, ...dry }, { ...context, stdout: noOutput });
      const { directories, files, bytes, notKept } = report;
      return { plan: planOf(report.plan), directories, files, bytes, notKept: capped(notKept) };
    }
    case 'delete':
      return { plan: planOf((await service.delete({ ...work.request, ...dry }, context)).plan) };
    case 'export':
      return { plan: planOf((await service.export({ ...work.request, ...dry }, context)).plan) };
    case 'join':
      return { plan: planOf((await service.join({ ...work.request, ...dry }, context)).plan) };
    case 'optimize':
      return { plan: planOf((await service.optimize({ ...work.request, ...dry }, context)).plan) };
    case 'split':
      return { plan: planOf((await service.split({ ...work.request, ...dry }, context)).plan) };
    case 'update': {
      const report = await service.update({ ...work.request, ...dry }, context);
      return {
        plan: planOf(report.plan),
        excluded: capped(report.excluded),
        notKept: capped(report.notKept),
      };
    }
    case 'info': {
      const quiet = { ...context, onWarning: (): void => undefined };
      await service.info({ ...work.request, ...dry }, quiet);
      return { plan: planOf({ ...nothing, steps: [`Change the properties of ${work.request.wim}`] }) };
    }
    case 'verify': {
      const summary = await service.info({ wim: work.request.wim }, context);
      const images = summary.imageCount === 1 ? '1 image' : `${summary.imageCount} images`;
      const steps = [`Read all data of ${work.request.wim}, ${images}, and check it`];
      return { plan: planOf({ ...nothing, steps, spaceNeeded: 0 }) };
    }
  }
}

async function driversDryRun(
  service: DriverVerbs,
  given: DriverWork,
  context: PlanContext & { readonly onWarning: (text: string) => void },
): Promise<DryRun> {
  const work = withoutConfirmation(given) as DriverWork;
  const dry = { dryRun: true } as const;
  switch (work.verb) {
    case 'driversAdd': {
      const report = await service.driversAdd({ ...work.request, ...dry }, context);
      const { drivers } = addedResult(work.request.path, report);
      return { plan: { ...nothing, ...report.plan }, ...(drivers === undefined ? {} : { drivers }) };
    }
    case 'driversExport': {
      const report = await service.driversExport({ ...work.request, ...dry }, context);
      const { drivers } = exportedResult(report);
      return { plan: planOf(report.plan), ...(drivers === undefined ? {} : { drivers }) };
    }
    case 'driversRemove': {
      const report = await service.driversRemove({ ...work.request, ...dry }, context);
      const { drivers } = removedResult(work.request.path, report);
      return { plan: { ...nothing, ...report.plan }, ...(drivers === undefined ? {} : { drivers }) };
    }
  }
}

const nothing: PlanReport = { steps: [], warnings: [], spaceNeeded: null, spaceFree: null };
const noOutput = { write: () => Promise.resolve() };

function planOf(plan: PlanReport | undefined): PlanReport {
  return plan ?? nothing;
}

function freeFor({ files }: EngineHost, work: Work): number | null {
  const target = targetOf(work);
  const wim = writtenWim(work);
  if (target !== undefined) return files.freeSpace(files.absolute(target));
  return wim === undefined ? null : files.freeSpace(files.directoryName(files.absolute(wim)));
}

/** What to say when it may not fit; null when it will. An application that does not fit is refused when it is run. */
function spaceWarning(work: Work, needed: number | null, free: number | null): string | undefined {
  if (needed === null || free === null || needed <= free) return undefined;
  const figures = `up to ${needed} bytes are needed and ${free} are free`;
  const exact =
    isDiskWork(work) || isDriverWork(work) || ['apply', 'extract', 'split', 'join'].includes(work.verb);
  return exact || cannotFit(needed, free, storesUncompressed(work))
    ? `there is not enough space: ${figures}`
    : `the space may not be enough: ${figures}`;
}
