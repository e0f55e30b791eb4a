import { AppError } from '../../src-shared/errors/appError';
import type { Remark } from '../../src-shared/model/reports';
import type { CaptureRequest } from '../../src-shared/model/requests';
import type { Draft, WorkAction } from './command';
import { loadCapture, loadUpdate } from './inputs';
import { indexFromEnd } from './images';
import { finish, type Run } from './runContext';
import { runDisk } from './runDisk';
import { runDrivers } from './runDrivers';
import { runDir, runInfo } from './runReaders';
import { runApply } from './runApply';
import { runExtract } from './runExtract';
import { renderCapture, renderSplit, renderUpdate, renderVerify, renderWrite } from './text/reports';

/**
 * Does the work of a command line and prints its result.
 * @returns an error when there is a result and the exit code must say more than "done"
 */
export async function runAction(action: WorkAction, run: Run): Promise<AppError | undefined> {
  const { verbs, context } = run;
  switch (action.verb) {
    case 'capture':
    case 'append':
      return runCapture(action, run);
    case 'apply':
      return runApply(action, run);
    case 'delete': {
      const { wim, image } = action.request;
      const report = await verbs.delete(action.request, context);
      const what = image === 'all' ? 'All images are' : `Image ${quoteName(image)} is`;
      return finish(run, report, renderWrite(report, `${what} deleted from "${wim}".`));
    }
    case 'dir':
      return runDir(action, run);
    case 'disk':
      return runDisk(action, run);
    case 'drivers':
      return runDrivers(action, run);
    case 'export': {
      const { wim, image, destination } = action.request;
      const report = await verbs.export(action.request, context);
      const what = image === 'all' ? 'All images' : `Image ${quoteName(image)}`;
      const place = destination === '-' ? 'standard output' : `"${destination}"`;
      return finish(run, report, renderWrite(report, `${what} of "${wim}" exported to ${place}.`));
    }
    case 'extract':
      return runExtract(action, run);
    case 'info':
      return runInfo(action, run);
    case 'join': {
      const { parts, destination } = action.request;
      const report = await verbs.join(action.request, context);
      return finish(
        run,
        report,
        renderWrite(report, `"${destination}" is joined from ${parts.length} parts.`),
      );
    }
    case 'optimize': {
      const report = await verbs.optimize(action.request, context);
      return finish(
        run,
        report,
        renderWrite(report, `"${action.request.wim}" is written anew without dead space.`),
      );
    }
    case 'split': {
      const report = await verbs.split(action.request, context);
      return finish(run, report, renderSplit(report, action.request.wim));
    }
    case 'update': {
      const request = await loadUpdate(action, run);
      const report = await verbs.update(request, context);
      const changes = request.edits.length === 1 ? '1 change' : `${request.edits.length} changes`;
      return finish(
        run,
        report,
        renderUpdate(report, `Image ${report.image} of "${request.wim}": ${changes} made.`, run.common),
      );
    }
    case 'verify': {
      const report = await verbs.verify(action.request, context);
      await finish(run, report, renderVerify({ ...report, wim: action.request.wim }, run.common));
      return verifyFault(action.request.wim, report.integrity === 'failed', report.faults.length);
    }
  }
}

async function runCapture(
  action: Extract<WorkAction, { verb: 'capture' | 'append' }>,
  run: Run,
): Promise<AppError | undefined> {
  let request = await loadCapture(action, run.environment);
  if (action.updateOfFromEnd !== undefined)
    request = await countFromEnd(request, action.updateOfFromEnd, run);
  const report = await run.verbs[action.verb](request, run.context);
  await finish(run, report, renderCapture({ ...report, wim: request.wim }, request, run.common));
  if (report.damaged !== undefined && report.damaged.length > 0)
    return damagedSource(request.source, report.damaged);
  if (report.changed.length === 0) return undefined;
  const files = report.changed.length === 1 ? '1 file' : `${report.changed.length} files`;
  return new AppError(
    'source/changed',
    `${files} changed while the image was captured, first ${report.changed[0].path}; the image holds what was read`,
    { path: report.changed[0].path, count: report.changed.length },
  );
}

/** What is missing in an image because its source is damaged. */
function damagedSource(source: string, damaged: readonly Remark[]): AppError {
  const places = damaged.length === 1 ? '1 place' : `${damaged.length} places`;
  const [{ path, problem }] = damaged;
  return new AppError(
    'volume/malformed',
    `${source} is damaged in ${places}, and the image lacks what is lost there, first ${path}: ${problem}`,
    { path: source, count: damaged.length },
  );
}

/** Gives `updateOf` the index of the image that lies `fromEnd` places from the end. */
async function countFromEnd(request: CaptureRequest, fromEnd: number, run: Run): Promise<CaptureRequest> {
  const wim = request.updateOf?.wim ?? request.wim;
  try {
    const summary = await run.verbs.info({ wim }, run.context);
    return { ...request, updateOf: { wim, image: indexFromEnd(summary, fromEnd, wim) } };
  } catch (error) {
    const missing = error instanceof AppError && error.code === 'io/not-found';
    if (!missing || request.create !== true || wim !== request.wim) throw error;
    // The first capture of a series has nothing to be an update of.
    const first: Draft<CaptureRequest> = { ...request };
    delete first.updateOf;
    return first;
  }
}

function verifyFault(wim: string, integrityFailed: boolean, faults: number): AppError | undefined {
  if (faults > 0) {
    return new AppError('wim/blob-corrupt', `${wim} has ${faults === 1 ? '1 fault' : `${faults} faults`}`, {
      wim,
      faults,
    });
  }
  return integrityFailed
    ? new AppError('wim/integrity', `${wim} does not agree with its integrity table`, { wim })
    : undefined;
}

function quoteName(image: number | string): string {
  return typeof image === 'number' ? String(image) : `"${image}"`;
}
