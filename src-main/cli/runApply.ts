import type { AppError } from '../../src-shared/errors/appError';
import type { ApplyRequest } from '../../src-shared/model/requests';
import type { WorkAction } from './command';
import { finish, type Run } from './runContext';
import { layoutOf, planned } from './runDisk';
import { renderDiskInfo, renderDiskPlan } from './text/disks';
import { renderApply } from './text/reports';

/** Applies an image to a directory, a volume, or a disk that is made or prepared for it. */
export async function runApply(
  action: Extract<WorkAction, { verb: 'apply' }>,
  run: Run,
): Promise<AppError | undefined> {
  const { verbs, context, common } = run;
  const { layout } = await layoutOf(action.layoutFile, run);
  const { prepare } = action.request;
  const request: ApplyRequest =
    prepare === undefined || layout === undefined
      ? action.request
      : { ...action.request, prepare: { ...prepare, layout } };
  const erasesDisk = prepare === undefined ? request.volume !== undefined : prepare.size === undefined;
  const bound = erasesDisk
    ? await planned(request, async (asked) => (await verbs.apply(asked, context)).disk, run)
    : request;
  const report = await verbs.apply(bound, context);
  if (report.disk?.plan !== undefined) return finish(run, report, renderDiskPlan(report.disk.plan, true));
  const summary = report.disk?.summary;
  const disk = summary === undefined ? '' : `\n${renderDiskInfo(summary)}`;
  return finish(run, report, `${renderApply(report, 'applied', common)}${disk}`);
}
