import { setTimeout as after } from 'node:timers/promises';
import type { Settings } from '../../../src-shared/contract/app';
import type { jobs, JobProgress, JobRecord } from '../../../src-shared/contract/jobs';
import type { Work } from '../../../src-shared/contract/work';
import { withLimits } from '../../../src-shared/contract/limits';
import { AppError } from '../../../src-shared/errors/appError';
import type { JobHub } from '../../../src-shared/rpc/jobs';
import type { Handlers, ServeOptions } from '../../../src-shared/rpc/server';
import { planNeeded, planStale } from '../plans/confirmation';
import type { Store } from '../store/storeThreadClient';
import { engine, type Check } from '../threads/engineChannel';
import type { EngineThreads } from '../threads/engineThreads';
import { forward } from '../threads/forward';
import { JobHistory } from './jobHistory';
import { JobRunner } from './jobRunner';
import { isoNow, logLine } from './liveJob';
import { Recipes } from './recipes';
import { tellLibrary, type WimListener } from './wimNews';
import { withAbsolutePaths } from './workPaths';

/** What the job service works with. */
export interface JobServiceOptions {
  readonly store: () => Store;
  readonly threads: EngineThreads;
  readonly hub: JobHub;
  readonly settings: () => Pick<
    Settings,
    'jobsAtOnce' | 'verifyAfterwards' | 'threads' | 'memory' | 'lowPriority'
  >;
  /** The absolute path that a person means: the same that live checks look at. */
  readonly absolute: (path: string) => string;
  /** Sends jobs.changed and jobs.recipesChanged. */
  readonly emitChanged: (change: { id: string; job: JobRecord | null }) => void;
  readonly emitRecipesChanged: () => void;
  /** Told what became of WIM files. */
  readonly wims: WimListener;
  /** Told what a log should hold. */
  readonly warn: (text: string) => void;
}

type JobsMembers = (typeof jobs)['members'];

/** Milliseconds that the library has for taking note of the last jobs when the program ends. */
const NEWS_WAIT = 2000;
/** Starts that were checked and have not come back as jobs. */
const MAX_PREPARED = 100;

/** Jobs of the workbench: they wait their turn, run in threads, and are written down. They belong to no window. */
export class JobService {
  readonly handlers: Handlers<JobsMembers>;
  readonly serveOptions: ServeOptions<JobsMembers>;
  /** What runs and waits. */
  readonly runner: JobRunner;
  private readonly history: JobHistory;
  private readonly recipes: Recipes;
  private readonly prepared = new Map<string, Check>();
  /** What the library is being told. */
  private readonly news = new Set<Promise<void>>();
  private readonly notices: string[] = [];
  private lastNumber = 0;
  private closing = false;

  private constructor(private readonly options: JobServiceOptions) {
    this.history = new JobHistory(options.store, (text) => this.notice(text));
    this.recipes = new Recipes(options.store, options.emitRecipesChanged, options.warn);
    this.runner = new JobRunner({
      threads: options.threads,
      history: this.history,
      limit: () => options.settings().jobsAtOnce,
      lowPriority: () => options.settings().lowPriority,
      changed: (job) => options.emitChanged({ id: job.id, job }),
      opening: () => this.notices.splice(0).map((text) => logLine('warning', text)),
      lookAt: (job) => this.lookAt(job),
    });
    this.runner.onEnd((job, check, revision) => {
      const news = { job, check, revision };
      if (job.startedAt !== null) this.tell(tellLibrary(options.wims, news, options.warn));
      if (job.state === 'done') this.verifyAfterwards(job);
    });
    this.handlers = this.makeHandlers();
    this.serveOptions = {
      jobName: (member, input) => (member === 'run' ? this.prepare(input) : undefined),
    };
  }

  /** Makes the service; jobs of an earlier run that never ended are marked as interrupted. */
  static async create(options: JobServiceOptions): Promise<JobService> {
    const service = new JobService(options);
    await service.resume();
    return service;
  }

  /** The last jobs, newest first. */
  async lastJobs(limit: number): Promise<readonly JobRecord[]> {
    return (await this.handlers.list({ offset: 0, limit })).jobs;
  }

  /** What the last jobs logged, as text. */
  async lastLogs(limit: number): Promise<{ name: string; text: string }[]> {
    const logs: { name: string; text: string }[] = [];
    for (const { id } of await this.lastJobs(limit)) {
      const { lines } = await this.history.lines(id, 0, 5000);
      const text = lines.map((line) => `${line.at} ${line.level} ${line.text}\n`).join('');
      logs.push({ name: `jobs/${id}.log`, text });
    }
    return logs;
  }

  /** Cancels all jobs and waits until they have cleaned up, but not for ever. */
  async close(): Promise<void> {
    this.closing = true;
    await this.runner.close();
    await Promise.race([Promise.all(this.news), after(NEWS_WAIT, undefined, { ref: false })]);
  }

  private tell(news: Promise<void>): void {
    this.news.add(news);
    void news.finally(() => this.news.delete(news));
  }

  private makeHandlers(): Handlers<JobsMembers> {
    const { history, options } = this;
    const inThread = forward(engine, () => options.threads.interactiveClient, planLost);
    return {
      plan: ({ work }, control) => inThread.plan({ work: this.placed(work) }, control),
      run: async ({ work: given, fingerprint }, { name, signal, report }) => {
        const work = this.placed(given);
        const check = this.prepared.get(name) ?? (await inThread.check({ work }));
        this.prepared.delete(name);
        void this.recipes.noteRun(work);
        return this.runner.enqueue({ id: name, work, fingerprint, check, signal, report });
      },
      list: async ({ offset, limit }) => {
        const { total, jobs: page } = await history.list(offset, limit);
        return { total, jobs: page.map((job) => this.runner.record(job.id) ?? job) };
      },
      get: async ({ id }) => this.runner.record(id) ?? (await history.get(id)),
      log: async ({ id, offset, limit }) => {
        const lines = await history.lines(id, offset, limit);
        if (lines.total === 0 && this.runner.record(id) === undefined) await history.get(id);
        return lines;
      },
      cancel: ({ id }) => {
        options.hub.cancel(id);
        return null;
      },
      forget: async ({ id }) => {
        const gone = await history.forget(id);
        for (const [index, each] of gone.entries()) {
          // Thousands of events at once would hold up everything else.
          if (index % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
          options.emitChanged({ id: each, job: null });
        }
        return { forgotten: gone.length };
      },
      cleanUp: async ({ id }) => {
        const job = await history.get(id);
        const leftovers = job.aftermath?.leftovers ?? [];
        if (leftovers.length === 0) return job;
        const { work, startedAt } = job;
        const aftermath = await inThread.cleanUp({ work, startedAt, leftovers });
        return this.replace({ ...job, aftermath });
      },
      ...this.recipes.handlers,
    };
  }

  /** Looks at work before it becomes a job: what is refused here is never queued. @returns the job's id */
  private async prepare(order: { work: Work; fingerprint?: string }): Promise<string> {
    const { fingerprint } = order;
    const { threads } = this.options;
    const work = this.placed(order.work);
    const check = await threads.interactiveClient.channel(engine).check({ work });
    if (fingerprint === undefined && check.takesAway) throw planNeeded();
    if (fingerprint !== undefined && fingerprint !== check.fingerprint) throw planStale();
    const id = this.nextId();
    this.prepared.set(id, check);
    // A start that failed after this never comes for its own.
    const [oldest] = this.prepared.keys();
    if (this.prepared.size > MAX_PREPARED && oldest !== undefined) this.prepared.delete(oldest);
    return id;
  }

  private placed(work: Work): Work {
    return withAbsolutePaths(work, this.options.absolute);
  }

  private nextId(): string {
    this.lastNumber += 1;
    return `job-${this.lastNumber}`;
  }

  private async replace(job: JobRecord): Promise<JobRecord> {
    await this.history.put(job);
    this.options.emitChanged({ id: job.id, job });
    return job;
  }

  private verifyAfterwards({ work }: JobRecord): void {
    if (work.verb !== 'capture' && work.verb !== 'append') return;
    const settings = this.options.settings();
    if (this.closing || !settings.verifyAfterwards) return;
    const verify = withLimits({ verb: 'verify', request: { wim: work.request.wim } }, settings);
    const check = this.options.threads.interactiveClient.channel(engine).check({ work: verify });
    const id = this.nextId();
    this.options.hub.start<JobProgress>(
      async ({ signal, report }) =>
        this.runner.enqueue({
          id,
          work: verify,
          fingerprint: undefined,
          check: await check,
          signal,
          report,
        }),
      id,
    );
  }

  private async lookAt({ work, startedAt }: JobRecord): Promise<JobRecord['aftermath']> {
    try {
      return await this.options.threads.interactiveClient.channel(engine).inspect({ work, startedAt });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { state: 'unknown', leftovers: [] };
    }
  }

  private async resume(): Promise<void> {
    const { store } = this.options;
    const state = await this.history.tried(() => store().state({}), undefined);
    if (state === undefined) return;
    this.lastNumber = state.lastJob;
    for (const note of state.notes) this.notice(note);
    this.history.noteProblem(state.problem);
    const interrupted = await this.history.tried(() => store().interrupt({ at: isoNow() }), []);
    if (interrupted.length > 0) void this.lookAtInterrupted(interrupted);
  }

  /** Says something that concerns the history: in the program's log, and in that of the next job. */
  private notice(text: string): void {
    this.options.warn(text);
    this.notices.push(text);
  }

  private async lookAtInterrupted(interrupted: readonly JobRecord[]): Promise<void> {
    for (const job of interrupted) {
      const aftermath = await this.lookAt(job);
      await this.history.addLines(job.id, [
        logLine('error', 'interrupted: the program ended before the job did'),
      ]);
      await this.replace({ ...job, aftermath });
    }
  }
}

function planLost(): AppError {
  return new AppError('internal/bug', 'the part of the program that makes plans ended and was replaced');
}
