import { constants, setPriority } from 'node:os';

/** Whether one thread of a process can have another priority than the others: elsewhere the window would suffer, too. */
export const canLowerPriority = process.platform === 'linux';

/**
 * Lets other programs go before the thread that calls it, and before the threads that it starts from now on. There is no
 * way back: raising a priority takes rights that people seldom have.
 */
export function lowerThreadPriority(): void {
  if (canLowerPriority) setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
}
