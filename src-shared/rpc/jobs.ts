import { AppError, CancelledError } from '../errors/appError';
import { toEnvelope, type Outcome } from './frames';

/** What a running job may use. */
export interface JobControl<P> {
  /** Name under which clients attach to it. */
  readonly name: string;
  readonly signal: JobSignal;
  /** The latest value wins; less than ten a second go out. */
  readonly report: (progress: P) => void;
}

/** The part of AbortSignal that a job needs; the platform's own fits. */
export interface JobSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Time and cancelling, which src-shared has no types for: a host passes the platform's own. */
export interface JobClock {
  /** Milliseconds from any beginning. */
  now(): number;
  /** Does the action after that many milliseconds. Returns what prevents it. */
  after(milliseconds: number, action: () => void): () => void;
  controller(): { readonly signal: JobSignal; abort(): void };
}

export interface JobListener {
  progress(value: unknown): void;
  ended(outcome: Outcome): void;
}

interface Job {
  readonly listeners: Set<JobListener>;
  readonly abort: () => void;
  latest: { readonly value: unknown } | undefined;
  sentAt: number;
  pending: (() => void) | undefined;
  outcome: Outcome | undefined;
}

/** Milliseconds between two progress frames of a job: with the one before its end, at most ten in any second. */
const INTERVAL = 115;
/** Ended jobs whose outcome is kept for who attaches late. */
const KEPT = 200;
/** Jobs that may be under way, the waiting ones included. */
const MAX_UNDER_WAY = 2000;

/**
 * The jobs of a host. They belong to it and not to a window: any client may attach to one, be told its latest progress
 * and its end, and leave again; only `cancel` ends it early.
 */
export class JobHub {
  private readonly jobs = new Map<string, Job>();
  private next = 1;
  private underWay = 0;
  /** Names are of this hub alone: a client of an earlier one must not take another job for its own. */
  private readonly prefix = `task-${Math.random().toString(36).slice(2, 10)}`;

  constructor(private readonly clock: JobClock) {}

  /**
   * Starts work and returns its name at once.
   * @param name what the host calls it, such as the identity of its record in a history; without one it gets a name
   * that no other job of any hub has
   * @throws AppError 'internal/bug' when a job of that name is under way, 'io/failed' when too many are
   */
  start<P>(
    work: (control: JobControl<P>) => Promise<unknown>,
    name = `${this.prefix}-${this.next++}`,
  ): string {
    const namesake = this.jobs.get(name);
    if (namesake !== undefined && namesake.outcome === undefined) {
      throw new AppError('internal/bug', `a job called ${name} is under way already`, { job: name });
    }
    if (this.underWay >= MAX_UNDER_WAY) {
      throw new AppError('io/failed', `${MAX_UNDER_WAY} jobs are under way; wait until some have ended`);
    }
    this.underWay++;
    const controller = this.clock.controller();
    const { signal } = controller;
    const job: Job = {
      listeners: new Set(),
      abort: () => controller.abort(),
      latest: undefined,
      sentAt: -INTERVAL,
      pending: undefined,
      outcome: undefined,
    };
    // At the end of the map: ended jobs are forgotten in the order in which they were started.
    this.jobs.delete(name);
    this.jobs.set(name, job);
    const report = (value: P): void => this.report(job, value);
    void Promise.resolve()
      .then(() => work({ name, signal, report }))
      .then(
        (value) => this.end(job, { ok: true, value }),
        (error: unknown) =>
          this.end(job, { ok: false, error: toEnvelope(signal.aborted ? new CancelledError() : error) }),
      );
    return name;
  }

  /**
   * Tells the latest progress, what follows, and the end. Returns what ends that; undefined for an unknown job.
   * Listeners must not throw.
   */
  attach(name: string, listener: JobListener): (() => void) | undefined {
    const job = this.jobs.get(name);
    if (job === undefined) return undefined;
    if (job.latest !== undefined) listener.progress(job.latest.value);
    if (job.outcome !== undefined) {
      listener.ended(job.outcome);
      return () => undefined;
    }
    job.listeners.add(listener);
    return () => job.listeners.delete(listener);
  }

  /** Asks a job to end. It ends when its work has cleaned up. */
  cancel(name: string): void {
    this.jobs.get(name)?.abort();
  }

  private report(job: Job, value: unknown): void {
    if (job.outcome !== undefined) return;
    job.latest = { value };
    if (job.pending !== undefined) return;
    const wait = job.sentAt + INTERVAL - this.clock.now();
    if (wait <= 0) this.send(job);
    else job.pending = this.clock.after(wait, () => this.send(job));
  }

  private send(job: Job): void {
    job.pending = undefined;
    job.sentAt = this.clock.now();
    if (job.latest === undefined) return;
    for (const listener of [...job.listeners]) listener.progress(job.latest.value);
  }

  private end(job: Job, outcome: Outcome): void {
    job.pending?.();
    if (job.pending !== undefined) this.send(job);
    job.outcome = outcome;
    this.underWay--;
    for (const listener of [...job.listeners]) listener.ended(outcome);
    job.listeners.clear();
    this.forgetOldest();
  }

  private forgetOldest(): void {
    const ended = [...this.jobs].filter(([, { outcome }]) => outcome !== undefined);
    for (const [name] of ended.slice(0, Math.max(0, ended.length - KEPT))) this.jobs.delete(name);
  }
}
