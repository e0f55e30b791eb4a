import type { SourceRemark } from '../../tree/source';

/** Remarks of one kind that are given one by one. */
const LIMIT = 50;

/** Collects what was not kept: so many of a kind with their paths, the rest as a number. */
export class Remarks {
  private readonly list: SourceRemark[] = [];
  private readonly counts = new Map<string, number>();

  /**
   * @param kind what is counted together, and what the number is put in front of: 'files are encrypted'
   * @param path asked for only where it is given
   */
  add(kind: string, path: () => string, problem: string): void {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    if (count <= LIMIT) this.list.push({ path: path(), problem });
  }

  all(): SourceRemark[] {
    const more = Array.from(this.counts, ([kind, count]) => ({
      path: '/',
      problem: `${count - LIMIT} more ${kind}`,
      count,
    })).filter(({ count }) => count > LIMIT);
    return [...this.list, ...more.map(({ path, problem }) => ({ path, problem }))];
  }
}
