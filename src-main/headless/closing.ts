/** What decides whether anybody still needs the host. */
export interface Presence {
  windows(count: number): void;
  jobs(active: number): void;
  end(): void;
}

/** Milliseconds without a window after which nobody is there: a reload is over by then. */
const GRACE = 5000;

/**
 * Tells when all windows are gone for a while and no job is under way. Before the first window nothing is told: the
 * browser may take its time.
 */
export function watchPresence(onAbandoned: () => void, grace = GRACE): Presence {
  let seen = false;
  let present = 0;
  let active = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    clearTimeout(timer);
    if (seen && present === 0 && active === 0) timer = setTimeout(onAbandoned, grace);
  };
  return {
    windows(count) {
      present = count;
      seen ||= count > 0;
      look();
    },
    jobs(count) {
      active = count;
      look();
    },
    end: () => clearTimeout(timer),
  };
}
