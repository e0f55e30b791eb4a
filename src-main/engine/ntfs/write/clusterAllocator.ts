import type { Runs } from './runList';

/** A part of the volume that is given out from its start on. Clusters. */
export interface Region {
  readonly start: number;
  readonly end: number;
  /** First cluster that is free. */
  next: number;
}

export function region(start: number, end: number): Region {
  return { start, end: Math.max(start, end), next: start };
}

/** Gives clusters to streams, one after the other, each in one piece as long as there is one that is large enough. */
export class ClusterAllocator {
  constructor(readonly regions: readonly Region[]) {}

  get free(): number {
    return this.regions.reduce((sum, { end, next }) => sum + end - next, 0);
  }

  /** First cluster of a piece, or undefined when no region has one of that size. */
  allocate(count: number): number | undefined {
    for (const part of this.regions) {
      if (part.end - part.next < count) continue;
      const start = part.next;
      part.next += count;
      return start;
    }
    return undefined;
  }

  /** The same in pieces. @returns undefined when there are too few */
  allocateRuns(count: number): Runs | undefined {
    if (count > this.free) return undefined;
    const runs: number[] = [];
    let left = count;
    for (const part of this.regions) {
      const taken = Math.min(left, part.end - part.next);
      if (taken === 0) continue;
      runs.push(part.next, taken);
      part.next += taken;
      left -= taken;
    }
    return Float64Array.from(runs);
  }
}
