import { NONE, type Tree } from '../tree/tree';
import { growColumn } from '../binary/columns';

/** Counts how often images name each blob: once for each stream of each entry, hard links every time. */
export class ReferenceCounts {
  private counts = new Uint32Array(1024);

  /** @param start counts to begin with, by row */
  constructor(start?: Uint32Array<ArrayBuffer>) {
    if (start !== undefined) this.counts = start.slice();
  }

  get(row: number): number {
    return row < this.counts.length ? this.counts[row] : 0;
  }

  add(row: number, count: number): void {
    if (row >= this.counts.length)
      this.counts = growColumn(this.counts, Math.max(row + 1, this.counts.length * 2));
    this.counts[row] += count;
  }

  /** Adds every reference of a tree. */
  addTree(tree: Tree): void {
    for (const entry of tree.preorder()) {
      const inode = tree.inode[entry];
      for (let stream = tree.firstStream[inode]; stream !== NONE; stream = tree.streamNext[stream]) {
        const blob = tree.streamBlob[stream];
        if (blob !== NONE) this.add(blob, 1);
      }
    }
  }

  /** Rows that are named at least once. */
  *rows(): Generator<number> {
    for (let row = 0; row < this.counts.length; row++) if (this.counts[row] > 0) yield row;
  }
}
