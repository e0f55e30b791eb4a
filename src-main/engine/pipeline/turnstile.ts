/**
 * Lets numbered pieces of work pass one at a time, in order of their numbers from 0. Whoever waits is turned away with
 * the first error that {@link fail} names.
 */
export class Turnstile {
  private next = 0;
  private failure: { readonly error: unknown } | undefined;
  private readonly waiting = new Map<number, { pass: () => void; refuse: (error: unknown) => void }>();

  /** Resolves when all lower numbers have passed. */
  wait(number: number): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(toError(this.failure.error));
    if (number === this.next) return Promise.resolve();
    return new Promise((pass, refuse) => this.waiting.set(number, { pass, refuse }));
  }

  /** The number that passed last is through; the next one may go. */
  pass(): void {
    this.next += 1;
    const waiter = this.waiting.get(this.next);
    this.waiting.delete(this.next);
    waiter?.pass();
  }

  fail(error: unknown): void {
    if (this.failure !== undefined) return;
    this.failure = { error };
    for (const { refuse } of this.waiting.values()) refuse(error);
    this.waiting.clear();
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** A fixed number of things to lend: whoever asks when all are out waits for the first one back. */
export class Lender<T> {
  private readonly free: T[];
  private readonly queue: ((thing: T) => void)[] = [];

  constructor(things: readonly T[]) {
    this.free = [...things];
  }

  borrow(): Promise<T> {
    const thing = this.free.pop();
    if (thing !== undefined) return Promise.resolve(thing);
    return new Promise((resolve) => this.queue.push(resolve));
  }

  giveBack(thing: T): void {
    const waiter = this.queue.shift();
    if (waiter === undefined) this.free.push(thing);
    else waiter(thing);
  }
}
