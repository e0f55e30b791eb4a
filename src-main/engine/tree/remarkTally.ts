import type { TargetRemark } from './target';

/** Paths given for each kind of loss. */
const SAMPLES = 3;

interface Kind {
  count: number;
  readonly samples: string[];
}

/** Counts what an apply could not keep: one remark a kind, however many entries it befell. */
export class RemarkTally {
  private readonly kinds = new Map<string, Kind>();

  /** @param path asked for only while samples are wanted */
  add(problem: string, path: () => string): void {
    let kind = this.kinds.get(problem);
    if (kind === undefined) {
      kind = { count: 0, samples: [] };
      this.kinds.set(problem, kind);
    }
    kind.count++;
    if (kind.samples.length < SAMPLES) kind.samples.push(path());
  }

  /** One remark a kind; its path is the first one found. */
  remarks(): TargetRemark[] {
    return Array.from(this.kinds, ([problem, { count, samples }]) => {
      if (count === 1) return { path: samples[0], problem };
      const others = samples.slice(1).join(', ');
      return {
        path: samples[0],
        problem: `${problem} (${count} entries, also ${others}${count > SAMPLES ? ', ...' : ''})`,
      };
    });
  }
}
