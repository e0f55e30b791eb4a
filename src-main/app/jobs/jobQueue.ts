import type { Touch } from '../threads/engineChannel';

/** Something that waits for its turn. */
export interface Queued {
  readonly id: string;
  readonly touches: readonly Touch[];
  /** Begins it; it runs until the promise settles, which never rejects. */
  readonly start: () => Promise<void>;
}

/**
 * Runs what is queued in its order, so many at a time; what would write a file that a running one uses, or use one that
 * it writes, waits, and all behind it.
 */
export class JobQueue {
  private readonly waiting: Queued[] = [];
  private readonly running = new Map<string, Queued>();
  private stopped = false;

  /** @param limit how many may run, asked each time */
  constructor(private readonly limit: () => number) {}

  add(queued: Queued): void {
    this.waiting.push(queued);
    this.pump();
  }

  /** Takes out what has not begun. @returns whether it was waiting */
  remove(id: string): boolean {
    const index = this.waiting.findIndex((queued) => queued.id === id);
    if (index < 0) return false;
    this.waiting.splice(index, 1);
    this.pump();
    return true;
  }

  /** Begins nothing any more. */
  stop(): void {
    this.stopped = true;
  }

  /** Begins what may begin: to be called when the limit has changed, too. */
  pump(): void {
    while (!this.stopped && this.running.size < Math.max(1, this.limit())) {
      const next = this.waiting.at(0);
      if (next === undefined || this.isBlocked(next)) return;
      this.waiting.shift();
      this.running.set(next.id, next);
      void next.start().finally(() => {
        this.running.delete(next.id);
        this.pump();
      });
    }
  }

  private isBlocked({ touches }: Queued): boolean {
    for (const other of this.running.values()) {
      if (touches.some((mine) => other.touches.some((theirs) => collide(mine, theirs)))) return true;
    }
    return false;
  }
}

/** Whether one must not run beside the other. */
export function collide(a: Touch, b: Touch): boolean {
  if (!a.writes && !b.writes) return false;
  if (a.path === b.path) return true;
  if (a.tree && isBelow(b.path, a.path)) return a.writes || b.tree;
  if (b.tree && isBelow(a.path, b.path)) return b.writes || a.tree;
  return false;
}

function isBelow(path: string, directory: string): boolean {
  const bare = directory.replace(/[/\\]$/, '');
  return path.length > bare.length && path.startsWith(bare) && /[/\\]/.test(path[bare.length]);
}
