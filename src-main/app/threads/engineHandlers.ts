import type { Work, WorkResult } from '../../../src-shared/contract/work';
import type { Progress } from '../../../src-shared/model/progress';
import type { JobSignal } from '../../../src-shared/rpc/jobs';
import type { Handlers } from '../../../src-shared/rpc/server';
import type { EngineHost } from '../../engine/os';
import type { ImagingService } from '../imagingService';
import { cleanUp, inspect } from '../jobs/aftermath';
import { performWork } from '../jobs/performWork';
import { RunLog } from '../jobs/runLog';
import { checkWork } from '../plans/checkWork';
import { planNeeded, planStale } from '../plans/confirmation';
import { fingerprintOf, imagesPart, imageWims } from '../plans/fingerprint';
import { makePlan } from '../plans/makePlan';
import { takesAway } from '../plans/erasures';
import { replacedBy } from '../plans/replacedFiles';
import type { engine } from './engineChannel';

/** Milliseconds between two progress reports that leave the thread. */
const INTERVAL = 100;

/** What an engine thread does for main. */
export function createEngineHandlers(
  host: EngineHost,
  service: ImagingService,
): Handlers<(typeof engine)['members']> {
  let log = new RunLog(isoNow);
  return {
    async run({ work, fingerprint }, { signal, report }) {
      const own = new RunLog(isoNow);
      log = own;
      const onProgress = latest((progress) => report({ ...progress, logged: own.lines.length }));
      return withSignal(signal, async (abort) => {
        await assertConfirmed(host, work, fingerprint, abort);
        return run(host, service, work, { signal: abort, onProgress, log: own });
      });
    },
    log: ({ offset, limit }) => ({
      total: log.lines.length,
      lines: log.lines.slice(offset, offset + limit),
    }),
    plan: ({ work }, { signal, report }) =>
      withSignal(signal, (abort) =>
        makePlan(host, service, work, { signal: abort, onProgress: latest(report) }),
      ),
    check: ({ work }) => checkWork(host, work),
    summary: ({ path }) => service.info({ wim: path }, {}),
    inspect: ({ work, startedAt }) => inspect(host, work, startedAt),
    cleanUp: ({ work, startedAt, leftovers }) => cleanUp(host, work, startedAt, leftovers),
  };
}

async function run(
  host: EngineHost,
  service: ImagingService,
  work: Work,
  context: Parameters<typeof performWork>[3],
): Promise<WorkResult> {
  try {
    return await performWork(host, service, work, context);
  } finally {
    context.log.close();
  }
}

/**
 * What takes something away is done only as it was confirmed, and what was planned for an image is done to that image:
 * a job before it in the queue may have given its number to another one. What only adds may find more there than it did
 * when it was planned.
 * @throws AppError `plan/needed`, `plan/stale`
 */
async function assertConfirmed(
  host: EngineHost,
  work: Work,
  fingerprint: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const replaced = await replacedBy(host, work, signal);
  const takes = takesAway(host, work, replaced);
  if (fingerprint === undefined) {
    if (takes) throw planNeeded();
    return;
  }
  if (!takes && imageWims(work).length === 0) return;
  const now = fingerprintOf(host, work, replaced);
  const holds = takes ? now === fingerprint : imagesPart(now) === imagesPart(fingerprint);
  if (!holds) throw planStale();
}

function isoNow(): string {
  return new Date().toISOString();
}

/** The platform's own signal, as the engine wants it. */
async function withSignal<T>(signal: JobSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Passes on a report when the last one is long enough ago, or begins another phase: each is checked and copied. */
function latest(report: (progress: Progress) => void): (progress: Progress) => void {
  let at = -Infinity;
  let phase = '';
  return (progress) => {
    const now = performance.now();
    const complete = progress.bytesTotal > 0 && progress.bytesDone >= progress.bytesTotal;
    if (now - at < INTERVAL && progress.phase === phase && !complete) return;
    at = now;
    phase = progress.phase;
    report(progress);
  };
}
