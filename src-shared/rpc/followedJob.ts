import { fromEnvelope, type Outcome } from './frames';
import { callEach, type FaultListener } from './listeners';

/** A job as its client sees it. */
export interface JobHandle<P, O> {
  /** Name under which any client may attach to it. */
  readonly name: string;
  /** What it came to. While the connection is lost it stays open, and goes on when there is a new one. */
  readonly result: Promise<O>;
  /** Asks it to end; while the connection is lost, as soon as there is a new one. */
  cancel(): void;
  /** Called with the latest progress, at most about ten times a second. Returns what ends that. */
  onProgress(listener: (progress: P) => void): () => void;
}

/** Checks what arrives for a job against its declaration; both throw when it is not as declared. */
export interface JobCheck {
  progress(value: unknown): unknown;
  out(value: unknown): unknown;
}

/** A job that a client follows: one for each name, however many ask for it. */
export class FollowedJob {
  readonly handle: JobHandle<unknown, unknown>;
  /** Whether it was to be cancelled while nobody could be told. */
  cancelLater = false;
  private readonly listeners = new Set<(value: unknown) => void>();
  private latest: { readonly value: unknown } | undefined;
  private settle: (outcome: Outcome) => void = () => undefined;

  constructor(
    name: string,
    private readonly check: JobCheck,
    private readonly onFault: FaultListener,
    cancel: () => void,
  ) {
    const result = new Promise<unknown>((resolve, reject) => {
      this.settle = (outcome) => {
        if (!outcome.ok) {
          reject(fromEnvelope(outcome.error));
          return;
        }
        try {
          resolve(check.out(outcome.value));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
    });
    // Whoever only watches progress need not handle the result.
    void Promise.allSettled([result]);
    this.handle = {
      name,
      result,
      cancel,
      onProgress: (listener) => {
        // A listener of its own, even when the same function listens twice.
        const own = (value: unknown): void => listener(value);
        this.listeners.add(own);
        if (this.latest !== undefined) callEach([own], this.latest.value, onFault);
        return () => this.listeners.delete(own);
      },
    };
  }

  progress(raw: unknown): void {
    let value: unknown;
    try {
      value = this.check.progress(raw);
    } catch (error) {
      this.onFault(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.latest = { value };
    callEach(this.listeners, value, this.onFault);
  }

  end(outcome: Outcome): void {
    this.settle(outcome);
    this.listeners.clear();
  }
}
