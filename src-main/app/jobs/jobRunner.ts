import type { JobProgress, JobRecord, LogLine } from '../../../src-shared/contract/jobs';
import type { Work, WorkResult } from '../../../src-shared/contract/work';
import { AppError, CancelledError } from '../../../src-shared/errors/appError';
import { toEnvelope } from '../../../src-shared/rpc/frames';
import { callEach } from '../../../src-shared/rpc/listeners';
import type { JobSignal } from '../../../src-shared/rpc/jobs';
import { fileRevision } from '../../platform/pathFacts';
import type { ActiveJobs } from '../shell';
import type { Check } from '../threads/engineChannel';
import type { EngineThreads } from '../threads/engineThreads';
import { JobExecution } from './jobExecution';
import type { JobHistory } from './jobHistory';
import { JobQueue } from './jobQueue';
import { LiveJob, logLine } from './liveJob';

/** What running jobs takes. */
export interface JobRunnerOptions {
  readonly threads: EngineThreads;
  readonly history: JobHistory;
  /** How many jobs may run at the same time. */
  readonly limit: () => number;
  /** Whether a job that begins now lets other programs go first. */
  readonly lowPriority: () => boolean;
  /** Tells the windows that a job is in another state. */
  readonly changed: (job: JobRecord) => void;
  /** Lines that the log of a job that begins is to start with. */
  readonly opening: () => LogLine[];
  /** Looks at what a job left whose thread had to be ended. */
  readonly lookAt: (job: JobRecord) => Promise<JobRecord['aftermath']>;
}

/** A job that is to be run. */
export interface Order {
  readonly id: string;
  readonly work: Work;
  readonly fingerprint: string | undefined;
  readonly check: Check;
  readonly signal: JobSignal;
  readonly report: (progress: JobProgress) => void;
}

/** Milliseconds between two times that the progress of a running job is told although nothing came from it. */
const TICK = 1000;
/** Milliseconds between two times that the progress of a running job is written down. */
const SAVE_INTERVAL = 3000;
/** Milliseconds that jobs have for ending when the program ends. */
const CLOSE_WAIT = 8000;

interface Waiting {
  readonly job: LiveJob;
  readonly order: Order;
  readonly settle: (outcome: Outcome) => void;
  execution: JobExecution | undefined;
  cancelled: boolean;
  /** Revision of the WIM that a verification reads, when it began; '' where there was none. */
  revision: string;
}

/** Told of a job that ended. @param revision of the WIM that was verified, as it was when that began */
type EndListener = (job: JobRecord, check: Check, revision: string) => void;

type Outcome = { readonly result: WorkResult } | { readonly error: AppError };

/** Runs jobs: in their order, in threads, with what becomes of them written down. */
export class JobRunner {
  private readonly queue: JobQueue;
  /** Jobs that wait or run, and those that have ended until that is written down. */
  private readonly live = new Map<string, Waiting>();
  private readonly activeListeners = new Set<(jobs: ActiveJobs) => void>();
  private readonly endListeners = new Set<EndListener>();

  private closed = false;

  constructor(private readonly options: JobRunnerOptions) {
    this.queue = new JobQueue(options.limit);
  }

  /** The record of a job as it is now; undefined when the history has it. */
  record(id: string): JobRecord | undefined {
    return this.live.get(id)?.job.record;
  }

  get active(): ActiveJobs {
    const records = [...this.live.values()].map(({ job }) => job.record);
    const running = records.filter(({ state }) => state === 'running');
    const queued = records.filter(({ state }) => state === 'queued');
    const known = running.flatMap(({ progress }) => progress?.fraction ?? []);
    const sum = known.reduce((total, fraction) => total + fraction, 0);
    return {
      running: running.length,
      queued: queued.length,
      fraction: known.length === 0 ? null : sum / running.length,
    };
  }

  onActive(listener: (jobs: ActiveJobs) => void): () => void {
    this.activeListeners.add(listener);
    return () => this.activeListeners.delete(listener);
  }

  onEnd(listener: EndListener): () => void {
    this.endListeners.add(listener);
    return () => this.endListeners.delete(listener);
  }

  /** To be called when the number of jobs at once may be another. */
  limitChanged(): void {
    this.queue.pump();
  }

  /** Cancels all jobs and waits until they have cleaned up, but not for ever. */
  async close(): Promise<void> {
    this.closed = true;
    this.queue.stop();
    const open = [...this.live.values()].filter(({ job }) => job.record.endedAt === null);
    const ends = open.map(
      (waiting) =>
        new Promise<void>((resolve) => {
          this.onEnd(({ id }) => {
            if (id === waiting.job.id) resolve();
          });
          this.cancel(waiting);
        }),
    );
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_WAIT)));
    await Promise.race([Promise.all(ends), late]);
    clearTimeout(timer);
  }

  /**
   * Puts work into the queue. Resolves when it has been done.
   * @throws AppError of the work; `job/cancelled`
   */
  enqueue(order: Order): Promise<WorkResult> {
    if (this.closed) return Promise.reject(new CancelledError('the program is ending'));
    return new Promise((resolve, reject) => {
      const job = new LiveJob(order.id, order.work, () => performance.now());
      const settle = (outcome: Outcome): void => {
        if ('result' in outcome) resolve(outcome.result);
        else reject(outcome.error);
      };
      const waiting: Waiting = { job, order, settle, execution: undefined, cancelled: false, revision: '' };
      this.live.set(job.id, waiting);
      this.save(job);
      this.queue.add({ id: job.id, touches: order.check.touches, start: () => this.run(waiting) });
      this.tellActive();
      if (order.signal.aborted) this.cancel(waiting);
      order.signal.addEventListener('abort', () => this.cancel(waiting), { once: true });
    });
  }

  private cancel(waiting: Waiting): void {
    if (waiting.cancelled) return;
    waiting.cancelled = true;
    if (this.queue.remove(waiting.job.id)) {
      void this.end(waiting, { error: new AppError('job/cancelled', 'cancelled before it began') });
    } else {
      waiting.execution?.cancel();
    }
  }

  /** Runs a job to its end. Never rejects. */
  private async run(waiting: Waiting): Promise<void> {
    const { job, order } = waiting;
    const { threads, history, limit, opening, lowPriority } = this.options;
    const { work, fingerprint } = order;
    const taken = threads.take(lowPriority());
    job.begin();
    this.save(job);
    void history.addLines(job.id, [...opening(), logLine('info', `started: ${work.verb}`)]);
    this.tellActive();
    if (work.verb === 'verify') waiting.revision = await revisionNow(work.request.wim, order.check);
    let savedAt = performance.now();
    const tell = (): void => {
      const progress = job.refresh();
      if (progress === undefined) return;
      order.report(progress);
      this.tellActive();
      if (performance.now() - savedAt < SAVE_INTERVAL) return;
      savedAt = performance.now();
      void history.put(job.record);
    };
    const ticks = setInterval(tell, TICK);
    const execution = new JobExecution(taken.thread, {
      work,
      fingerprint,
      onProgress: (progress) => {
        job.advance(progress);
        tell();
      },
      onLines: (lines) => history.addLines(job.id, lines),
    });
    waiting.execution = execution;
    if (waiting.cancelled) execution.cancel();
    const outcome = await outcomeOf(() => execution.run());
    clearInterval(ticks);
    await threads.giveBack(taken, limit());
    await this.end(waiting, outcome, execution.wasKilled);
  }

  private async end(waiting: Waiting, outcome: Outcome, killed = false): Promise<void> {
    const { job, order, settle } = waiting;
    const { history, changed, lookAt } = this.options;
    if ('result' in outcome) {
      job.end({ state: 'done', result: outcome.result });
    } else {
      const state = outcome.error.code === 'job/cancelled' ? 'cancelled' : 'failed';
      const aftermath = killed ? await lookAt(job.record) : null;
      job.end({ state, error: toEnvelope(outcome.error), aftermath });
    }
    const { record } = job;
    const written = Promise.all([history.addLines(job.id, [endLine(record, outcome)]), history.put(record)]);
    changed(record);
    settle(outcome);
    this.tellActive();
    // A notification that fails must not keep the job among the live ones.
    const heard = [...this.endListeners].map(
      (listener) => (): void => listener(record, order.check, waiting.revision),
    );
    callEach(heard, undefined);
    await written;
    this.live.delete(job.id);
  }

  /** Writes a record down and tells the windows. */
  private save(job: LiveJob): void {
    void this.options.history.put(job.record);
    this.options.changed(job.record);
  }

  private tellActive(): void {
    callEach(this.activeListeners, this.active);
  }
}

/** What is verified is the file as it is now: what another program makes of it meanwhile is not. */
async function revisionNow(wim: string, { touches }: Check): Promise<string> {
  try {
    return (await fileRevision(touches.at(0)?.path ?? wim)) ?? '';
  } catch (error) {
    // The work itself says what is wrong with the file.
    if (!(error instanceof AppError)) throw error;
    return '';
  }
}

async function outcomeOf(work: () => Promise<WorkResult>): Promise<Outcome> {
  try {
    return { result: await work() };
  } catch (error) {
    const { code, message, facts } = toEnvelope(error);
    return error instanceof AppError
      ? { error }
      : { error: new AppError('internal/bug', `${message} (${code})`, facts, error) };
  }
}

function endLine({ state, startedAt, endedAt }: JobRecord, outcome: Outcome): ReturnType<typeof logLine> {
  if ('error' in outcome && state === 'failed') return logLine('error', `failed: ${outcome.error.message}`);
  if (startedAt === null || endedAt === null) return logLine('info', state);
  const seconds = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
  return logLine('info', `${state} after ${seconds.toFixed(1)} s`);
}
