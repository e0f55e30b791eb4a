import { AppError } from '../../src-shared/errors/appError';
import type {
  DiskPlan,
  DiskPrepareRequest,
  DiskRepairRequest,
  DiskReport,
  DiskWipeRequest,
  LayoutChoice,
} from '../../src-shared/model/disks';
import type { ApplyRequest } from '../../src-shared/model/requests';
import { parseLayout } from '../engine/disk/layouts/parseLayout';
import { decodeTextFile } from '../engine/tree/textLines';
import type { DiskAction } from './command';
import { finish, type Run } from './runContext';
import { renderDiskInfo, renderDiskList, renderDiskPlan } from './text/disks';

/** Does what a line about disks asks for. */
export async function runDisk(action: DiskAction, run: Run): Promise<AppError | undefined> {
  const { verbs, context } = run;
  switch (action.task) {
    case 'list': {
      const disks = await verbs.diskList(context);
      if (run.json !== undefined) await run.json.result(disks);
      else await run.screen.print(renderDiskList(disks));
      await run.screen.flush();
      return undefined;
    }
    case 'info': {
      const summary = await verbs.diskInfo(action.request, context);
      for (const warning of summary.warnings) context.onWarning(warning);
      if (run.json !== undefined) await run.json.result(summary);
      else await run.screen.print(renderDiskInfo(summary));
      await run.screen.flush();
      return undefined;
    }
    case 'create': {
      const request = { ...action.request, ...(await layoutOf(action.layoutFile, run)) };
      const report = await verbs.diskCreate(request, context);
      return conclude(run, report, `"${request.path}" is made.`);
    }
    case 'convert': {
      const { disk, destination } = action.request;
      const report = await verbs.diskConvert(action.request, context);
      return conclude(run, report, `"${disk}" is copied to "${destination}".`);
    }
    case 'prepare': {
      const request = { ...action.request, ...(await layoutOf(action.layoutFile, run)) };
      const confirmed = await planned(request, (asked) => verbs.diskPrepare(asked, context), run);
      const report = await verbs.diskPrepare(confirmed, context);
      return conclude(run, report, `"${request.disk}" is prepared; all of it was read back and checked.`);
    }
    case 'wipe': {
      const confirmed = await planned(action.request, (asked) => verbs.diskWipe(asked, context), run);
      const report = await verbs.diskWipe(confirmed, context);
      return conclude(run, report, `"${action.request.disk}" is wiped.`);
    }
    case 'repair': {
      const confirmed = await planned(action.request, (asked) => verbs.diskRepair(asked, context), run);
      const report = await verbs.diskRepair(confirmed, context);
      return conclude(run, report, `The partition table of "${action.request.disk}" is whole.`);
    }
  }
}

/** The layout that a file holds, where one was named. */
export async function layoutOf(
  file: string | undefined,
  run: Run,
): Promise<{ readonly layout?: LayoutChoice }> {
  if (file === undefined) return {};
  return { layout: parseLayout(jsonOf(decodeTextFile(await run.environment.files.read(file), file), file)) };
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new AppError('layout/invalid', `${file} is no JSON: ${error.message}`, { path: file });
  }
}

/**
 * The request bound to the plan that the person saw. Where a physical disk is erased and a person is there, its name is
 * asked for after the plan; without one, the request is refused unless it brings the name.
 */
export async function planned<
  R extends DiskPrepareRequest | DiskWipeRequest | DiskRepairRequest | ApplyRequest,
>(request: R, work: (request: R) => Promise<{ readonly plan?: DiskPlan } | undefined>, run: Run): Promise<R> {
  if (request.dryRun === true) return request;
  const plan = (await work({ ...request, dryRun: true }))?.plan;
  if (plan === undefined) return request;
  const bound: R = {
    ...request,
    fingerprint: plan.fingerprint,
    ...(plan.identity === undefined ? {} : { identity: plan.identity }),
  };
  const { stdin, stderr } = run.environment;
  const asks =
    plan.confirmation !== undefined &&
    request.confirmation === undefined &&
    run.json === undefined &&
    stdin.isTTY &&
    stderr.isTTY;
  if (!asks) return bound;
  run.screen.ask(
    `${renderDiskPlan(plan, false)}\nEverything on ${plan.disk} will be lost. Type its name to go on: ${plan.confirmation}\n> `,
  );
  const typed = await answer(run);
  return { ...bound, confirmation: typed.trim() };
}

/** The line that the person types; a request to stop ends the wait. */
function answer({ environment, context }: Run): Promise<string> {
  const { signal } = context;
  return new Promise((resolve, reject) => {
    const cancel = (): void => reject(signal.reason as Error);
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    environment.stdin.readLine().then((line) => resolve(line ?? ''), reject);
  });
}

/** Prints a plan, or what was done with the disk as it is now. */
async function conclude(run: Run, report: DiskReport, done: string): Promise<AppError | undefined> {
  const { plan, summary, faults, disk } = report;
  if (plan !== undefined) return finish(run, report, renderDiskPlan(plan, true));
  const shown = summary === undefined ? '' : `\n${renderDiskInfo(summary)}`;
  if (faults.length === 0) return finish(run, report, `${done}\n${shown}`);
  const list = faults.map((fault) => `  ${fault}\n`).join('');
  await finish(run, report, `"${disk}" was written, and the check of it found:\n${list}`);
  return new AppError('disk/malformed', `${disk} does not hold what was written to it: ${faults[0]}`, {
    path: disk,
    faults: faults.length,
  });
}
