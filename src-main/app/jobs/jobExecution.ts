import { setTimeout as after } from 'node:timers/promises';
import { AppError, CancelledError } from '../../../src-shared/errors/appError';
import type { LogLine } from '../../../src-shared/contract/jobs';
import type { Work, WorkResult } from '../../../src-shared/contract/work';
import type { Progress } from '../../../src-shared/model/progress';
import type { JobHandle, Proxy } from '../../../src-shared/rpc/client';
import { engine, type RunProgress } from '../threads/engineChannel';
import { threadEnded, type HostThread } from '../threads/hostThread';

/** What a thread is given, and who is told. */
export interface Execution {
  readonly work: Work;
  readonly fingerprint: string | undefined;
  readonly onProgress: (progress: Progress) => void;
  readonly onLines: (lines: LogLine[]) => Promise<void>;
}

/** Milliseconds that a run has for ending after it was cancelled; its thread is ended then. */
const CANCEL_WAIT = 5000;
/** Milliseconds between two looks for new log lines. */
const LOG_INTERVAL = 1000;
/** Lines that are fetched at once: little enough not to hold up anything else. */
const LOG_PAGE = 250;
/** Milliseconds that the news of a thread's end may come after the loss of its connection. */
const NEWS_WAIT = 2000;

/** Work that runs in an engine thread. */
export class JobExecution {
  private handle: JobHandle<RunProgress, WorkResult> | undefined;
  private patience: NodeJS.Timeout | undefined;
  private cancelled = false;
  private killed = false;
  private fetched = 0;
  private logged = 0;
  private fetchedAt = 0;
  private fetching: Promise<void> = Promise.resolve();

  constructor(
    private readonly thread: HostThread,
    private readonly execution: Execution,
  ) {}

  /** Whether the thread had to be ended to end the run: what it left behind has to be looked at. */
  get wasKilled(): boolean {
    return this.killed || this.thread.isGone;
  }

  /** @throws AppError of the work; `job/cancelled`; `internal/bug` when the thread died */
  async run(): Promise<WorkResult> {
    const { work, fingerprint } = this.execution;
    try {
      this.handle = await this.api.run(
        { work, ...(fingerprint === undefined ? {} : { fingerprint }) },
        { onProgress: (progress) => this.onProgress(progress) },
      );
      if (this.cancelled) this.handle.cancel();
      const result = await this.handle.result;
      await this.fetchRest();
      return result;
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'host/lost')) {
        await this.fetchRest();
        throw error;
      }
      if (this.killed) throw new CancelledError();
      const reason = await Promise.race([this.thread.ended, after(NEWS_WAIT, 'its connection was lost')]);
      throw threadEnded(work.verb, reason);
    } finally {
      clearTimeout(this.patience);
    }
  }

  /** Asks the work to end; when it does not heed that, its thread is ended. */
  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    this.handle?.cancel();
    this.patience = setTimeout(() => {
      this.killed = true;
      void this.thread.terminate('it did not end when its job was cancelled');
    }, CANCEL_WAIT);
  }

  private get api(): Proxy<(typeof engine)['members']> {
    return this.thread.client.channel(engine);
  }

  private onProgress({ logged, ...progress }: RunProgress): void {
    this.logged = logged;
    this.execution.onProgress(progress);
    const now = performance.now();
    if (this.logged <= this.fetched || now - this.fetchedAt < LOG_INTERVAL) return;
    this.fetchedAt = now;
    this.fetching = this.fetching.then(() => this.fetch(this.logged));
  }

  private async fetchRest(): Promise<void> {
    await this.fetching;
    if (!this.thread.isGone) await this.fetch(Number.MAX_SAFE_INTEGER);
  }

  private async fetch(upTo: number): Promise<void> {
    while (this.fetched < upTo) {
      const page = await this.api.log({ offset: this.fetched, limit: LOG_PAGE }).catch(whenLost);
      if (page === undefined || page.lines.length === 0) return;
      this.fetched += page.lines.length;
      await this.execution.onLines(page.lines);
    }
  }
}

/** A log that went with its thread is lost, which is no failure of its own. */
function whenLost(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'host/lost') return undefined;
  throw error;
}
