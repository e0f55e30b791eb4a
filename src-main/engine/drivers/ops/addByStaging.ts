import { AppError, CancelledError } from '../../../../src-shared/errors/appError';
import type {
  DriverArchitecture,
  DriverPackage,
  DriversAddReport,
  InjectedPackage,
} from '../../../../src-shared/model/drivers';
import type { OfflineEdit } from '../../offline/offlineTree';
import { planStaging } from '../staging/planStaging';
import type { StagingOptions, StagingPlan } from '../staging/stagingModel';
import { planAnswerFile, type OutsideAnswerFile } from './outsideAnswerFile';
import { withLeftOut, type Addition } from './driversAdd';
import { editFingerprint } from './editFingerprint';
import { firstFault } from './packageChoice';
import { gatherPackages } from './packageFiles';

/** Hands the packages to the Setup of that Windows: docs/decisions/0016 says by which documented means. */
export async function addByStaging(addition: Addition): Promise<DriversAddReport> {
  const { host, request, place, choice, context } = addition;
  assertSpace(addition);
  const gathered = await gatherPackages(
    host,
    choice.chosen,
    place.workplace,
    request.dryRun === true,
    context,
  );
  try {
    const plan = planStaging(place.tree, gathered.inputs, optionsOf(addition));
    const answer = planAnswerFile(host, request, addition.windows, plan.driverPaths);
    return await carryOut(addition, plan, answer);
  } finally {
    gathered.close();
  }
}

async function carryOut(
  addition: Addition,
  plan: StagingPlan,
  answer: OutsideAnswerFile | undefined,
): Promise<DriversAddReport> {
  const { host, request, place, windows, choice, warnings, context } = addition;
  const { tree } = place;
  warnings.push(...plan.warnings, ...(answer?.warnings ?? []));
  const hashes = choice.chosen.map(({ package: { infSha256 } }) => infSha256);
  const fingerprint = editFingerprint(host.crypto, place, plan.edits, [...hashes, answer?.digest ?? '']);
  const report: DriversAddReport = {
    place: tree.label,
    method: 'stage',
    windows,
    packages: withLeftOut(outcomes(addition, plan), choice),
    changed: plan.edits.map(({ path }) => path),
    warnings,
  };
  const failed = report.packages.find(({ outcome }) => outcome === 'failed');
  if (failed !== undefined && request.skipFaulty !== true && request.forceFaulty !== true) {
    const text = `${failed.package.inf}: ${failed.why ?? 'it cannot be staged'}`;
    if (request.dryRun !== true) throw new AppError('drivers/faulty', `${text}; nothing was changed`);
    warnings.unshift(text);
  }
  if (request.dryRun === true) {
    const steps = [...plan.steps, ...(answer?.steps ?? [])];
    const spaceFree = host.files.freeSpace(place.workplace);
    return {
      ...report,
      plan: {
        steps,
        warnings,
        spaceNeeded: bytesOf(plan.edits) + rebuiltBytes(addition),
        spaceFree,
        fingerprint,
      },
    };
  }
  if (request.fingerprint !== undefined && request.fingerprint !== fingerprint) {
    throw new AppError('plan/stale', `${tree.label} or the drivers were changed since the plan was made`);
  }
  if (context.signal?.aborted === true) throw new CancelledError();
  if (plan.edits.length === 0) return report;
  const staged = answer?.write();
  try {
    const write = await place.commit(plan.edits, request, context);
    staged?.complete();
    return write === undefined ? report : { ...report, write };
  } catch (error) {
    staged?.discard();
    throw error;
  }
}

/** Of archives the unpacked files, and what goes into the image. */
function assertSpace({ host, place, request, choice }: Addition): void {
  if (request.dryRun === true) return;
  const sizeOf = (archives: boolean): number =>
    choice.chosen
      .filter(({ container }) => !archives || container.kind !== 'folder')
      .reduce((sum, { package: { bytes } }) => sum + bytes, 0);
  const needed = sizeOf(false) + sizeOf(true) + rebuiltBytes({ host, place, request });
  const free = host.files.freeSpace(place.workplace);
  if (needed <= free) return;
  const text = `${place.workplace} has ${free} bytes free, the drivers need up to ${needed}; nothing was changed`;
  throw new AppError('io/no-space', text, { needed, free });
}

/** Of a WIM that is made anew beside the old one. */
function rebuiltBytes({ host, place, request }: Pick<Addition, 'host' | 'place' | 'request'>): number {
  if (place.tree.kind !== 'image' || (request.rebuild !== true && request.recompress !== true)) return 0;
  return host.files.status(host.files.absolute(request.path))?.size ?? 0;
}

function bytesOf(edits: readonly OfflineEdit[]): number {
  return edits.reduce(
    (sum, edit) => sum + (edit.kind === 'copy' ? edit.size : edit.kind === 'write' ? edit.bytes.length : 0),
    0,
  );
}

function optionsOf({ host, windows, request }: Addition): StagingOptions {
  return {
    host,
    windows,
    ...(request.registerForBoot === true ? { registerForBoot: true } : {}),
    ...(request.setupComplete === true ? { setupComplete: true } : {}),
    ...(request.noAnswerFile === true ? { noAnswerFile: true } : {}),
  };
}

/** What is wrong with a package that went in all the same. */
function forcedFault(found: DriverPackage, architecture: DriverArchitecture): string | undefined {
  const fault = firstFault({ package: found }, architecture);
  return fault === undefined ? undefined : `it has a fault: ${fault}`;
}

function outcomes({ choice, windows }: Addition, plan: StagingPlan): InjectedPackage[] {
  const packages = new Map(choice.chosen.map((one) => [one.package.id, one.package]));
  return plan.outcomes.flatMap(({ package: id, outcome, place, why }) => {
    const found = packages.get(id);
    if (found === undefined) return [];
    const devices = choice.serves.get(id);
    const reason = why ?? forcedFault(found, windows.target.architecture);
    return [
      {
        package: found,
        outcome,
        ...(place === undefined ? {} : { place }),
        ...(reason === undefined ? {} : { why: reason }),
        ...(devices === undefined ? {} : { devices }),
      },
    ];
  });
}
