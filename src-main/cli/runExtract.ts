import type { ApplyReport } from '../../src-shared/model/reports';
import type { AppError } from '../../src-shared/errors/appError';
import type { ExtractRequest } from '../../src-shared/model/requests';
import type { WorkAction } from './command';
import { type ExtractPaths, loadPaths } from './inputs';
import { finish, type Run } from './runContext';
import { renderApply } from './text/reports';

/**
 * Extracts each group of paths in the order of the line: paths as typed lose their directories unless they are asked
 * for, paths from a list keep them, and no path at all means the whole image.
 */
export async function runExtract(
  action: Extract<WorkAction, { verb: 'extract' }>,
  run: Run,
): Promise<AppError | undefined> {
  const requests: ExtractRequest[] = [];
  if (action.groups.length === 0) requests.push({ ...action.request, paths: ['/'], globs: false });
  for (const group of action.groups) {
    requests.push(forGroup(action.request, await loadPaths(group, run)));
  }
  const reports: ApplyReport[] = [];
  for (const request of requests) reports.push(await run.verbs.extract(request, run.context));
  const report = reports.reduce(together);
  // With --to-stdout there is nothing to tell but the data itself.
  return finish(
    run,
    report,
    action.request.toStdout === true ? '' : renderApply(report, 'extracted', run.common),
  );
}

function forGroup(request: ExtractRequest, { paths, listed }: ExtractPaths): ExtractRequest {
  return { ...request, paths, ...(listed ? { preserveStructure: true } : {}) };
}

function together(one: ApplyReport, other: ApplyReport): ApplyReport {
  const { plan, ...sums } = {
    ...one,
    directories: one.directories + other.directories,
    files: one.files + other.files,
    links: one.links + other.links,
    bytes: one.bytes + other.bytes,
    notKept: [...one.notKept, ...other.notKept],
    damaged: [...one.damaged, ...other.damaged],
    warnings: [...one.warnings, ...other.warnings],
  };
  if (plan === undefined || other.plan === undefined) return sums;
  const spaceNeeded =
    plan.spaceNeeded === null || other.plan.spaceNeeded === null
      ? null
      : plan.spaceNeeded + other.plan.spaceNeeded;
  return {
    ...sums,
    plan: {
      ...plan,
      steps: [...plan.steps, ...other.plan.steps],
      warnings: [...plan.warnings, ...other.plan.warnings],
      spaceNeeded,
    },
  };
}
