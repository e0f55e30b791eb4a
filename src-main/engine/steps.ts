import { CancelledError } from '../../src-shared/errors/appError';
import type { EngineHost } from './os';

/**
 * Work that can pause: it yields every few milliseconds at most. Whoever runs it decides whether the thread does
 * something else in between.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** What ends work early: the platform's AbortSignal, or a job's. */
export interface Cancel {
  readonly aborted: boolean;
}

/** How long work may hold a thread that also answers people, ms. */
const SLICE = 8;

/** Runs work to its end without a pause. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Runs work so that the thread answers others in between. @throws CancelledError */
export async function runInSlices<T>(
  host: Pick<EngineHost, 'breathe' | 'now'>,
  steps: Steps<T>,
  signal?: Cancel,
): Promise<T> {
  const slices = new Slices(host, signal);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (slices.isOver) await slices.pause();
  }
}

/** Divides a loop into slices: `if (slices.isOver) await slices.pause()`. */
export class Slices {
  private end: bigint;

  constructor(
    private readonly host: Pick<EngineHost, 'breathe' | 'now'>,
    private readonly signal?: Cancel,
  ) {
    this.end = this.host.now() + BigInt(SLICE * 10_000);
  }

  /** Whether the thread has been held for long enough. It looks at the clock: ask once in some hundred items. */
  get isOver(): boolean {
    return this.host.now() >= this.end;
  }

  /** Lets others run. @throws CancelledError */
  async pause(): Promise<void> {
    await this.host.breathe();
    if (this.signal?.aborted === true) throw new CancelledError();
    this.end = this.host.now() + BigInt(SLICE * 10_000);
  }
}
