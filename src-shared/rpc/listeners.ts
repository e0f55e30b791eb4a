/** What becomes of an error that a listener throws. */
export type FaultListener = (error: Error) => void;

/**
 * Reports an error to nobody in particular: as a rejection that nobody handles, which a browser prints and Node ends
 * the program for unless it has a handler of its own. An error is never lost unseen, and never stops its bystanders.
 */
export const surfaceFault: FaultListener = (error) => {
  void Promise.reject(error);
};

/** Calls each listener; one that throws does not keep the others from hearing. */
export function callEach<T>(
  listeners: Iterable<(value: T) => void>,
  value: T,
  onFault: FaultListener = surfaceFault,
): void {
  for (const listener of [...listeners]) {
    try {
      listener(value);
    } catch (error) {
      onFault(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/** A set of listeners that can be left again. */
export class Listeners<T> {
  private readonly all = new Set<(value: T) => void>();

  add(listener: (value: T) => void): () => void {
    this.all.add(listener);
    return () => {
      this.all.delete(listener);
    };
  }

  get size(): number {
    return this.all.size;
  }

  emit(value: T): void {
    callEach(this.all, value);
  }
}
