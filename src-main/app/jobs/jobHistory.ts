import type { JobRecord, LogLine } from '../../../src-shared/contract/jobs';
import { AppError } from '../../../src-shared/errors/appError';
import type { Store } from '../store/storeThreadClient';

/** Ended jobs that are remembered here when the store does not take them. */
const UNSAVED = 500;

/**
 * Jobs in the store. A store that fails harms no job: what it does not take is remembered for as long as the program
 * runs, and the failure is told once.
 */
export class JobHistory {
  private readonly unsaved = new Map<string, JobRecord>();
  private told = false;
  /** Why the store keeps nothing beyond this run of the program, as far as that was told. */
  private problem: string | null = null;

  constructor(
    private readonly store: () => Store,
    private readonly warn: (text: string) => void,
  ) {}

  /** Writes a record down. Resolves when that is done or has failed. */
  async put(job: JobRecord): Promise<void> {
    const saved = await this.tried(() => this.store().putJob(job), undefined);
    if (saved !== undefined) {
      this.unsaved.delete(job.id);
      if (job.endedAt !== null) await this.look();
      // It serves again: what it did not take before goes after it, one after the other.
      const [waiting] = this.unsaved.values();
      if (waiting !== undefined) await this.put(waiting);
      return;
    }
    this.unsaved.set(job.id, job);
    const [oldest] = this.unsaved.keys();
    if (this.unsaved.size > UNSAVED && oldest !== undefined) this.unsaved.delete(oldest);
  }

  async addLines(id: string, lines: LogLine[]): Promise<void> {
    if (lines.length > 0) await this.tried(() => this.store().addLines({ id, lines }), null);
  }

  async list(offset: number, limit: number): Promise<{ total: number; jobs: JobRecord[] }> {
    const unsaved = [...this.unsaved.values()].reverse();
    const stored = await this.tried(() => this.store().listJobs({ offset, limit }), undefined);
    if (stored !== undefined && unsaved.length === 0) return stored;
    const known = new Set(unsaved.map(({ id }) => id));
    const rest = (stored?.jobs ?? []).filter(({ id }) => !known.has(id));
    const page = offset === 0 ? [...unsaved, ...rest].slice(0, limit) : rest;
    return { total: Math.max(stored?.total ?? 0, unsaved.length), jobs: page };
  }

  /** @throws AppError `io/not-found` */
  async get(id: string): Promise<JobRecord> {
    const found = this.unsaved.get(id) ?? (await this.tried(() => this.store().getJob({ id }), null));
    if (found === null) throw new AppError('io/not-found', `there is no ${id} in the history`, { job: id });
    return found;
  }

  lines(id: string, offset: number, limit: number): Promise<{ total: number; lines: LogLine[] }> {
    return this.tried(() => this.store().lines({ id, offset, limit }), { total: 0, lines: [] });
  }

  async forget(id: string | undefined): Promise<string[]> {
    const gone = new Set(await this.tried(() => this.store().forgetJobs(id === undefined ? {} : { id }), []));
    for (const own of id === undefined ? [...this.unsaved.keys()] : [id]) {
      if (this.unsaved.delete(own)) gone.add(own);
    }
    return [...gone];
  }

  /** Tells it when the store keeps things in memory only: it goes on serving when its disk stops to. */
  private async look(): Promise<void> {
    const state = await this.tried(() => this.store().state({}), undefined);
    if (state !== undefined) this.noteProblem(state.problem);
  }

  /** Tells a problem of the store, once. */
  noteProblem(problem: string | null): void {
    if (problem !== null && problem !== this.problem)
      this.warn(`jobs are not kept beyond this run of the program: ${problem}`);
    this.problem = problem;
  }

  /** @returns what the store answers, or `otherwise` when it fails */
  async tried<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (!this.told) this.warn(`the history cannot be used: ${error.message}`);
      this.told = true;
      return otherwise;
    }
  }
}
