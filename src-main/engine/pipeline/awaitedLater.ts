/**
 * Marks a promise as one that somebody awaits later, in order. Until then its failure must not count as unhandled; when
 * an earlier one fails, nobody awaits it at all, and the earlier failure is the one that is told.
 */
export function awaitedLater(promise: Promise<unknown>): void {
  void Promise.allSettled([promise]);
}
