import type { JobClock } from '../../src-shared/rpc/jobs';

/** Time and cancelling by Node, for the jobs of this program. */
export const nodeClock: JobClock = {
  now: () => performance.now(),
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
  controller: () => new AbortController(),
};
