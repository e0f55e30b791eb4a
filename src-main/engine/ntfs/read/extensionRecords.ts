import { growColumn, nextCapacity } from '../../binary/columns';

/** A record number that no record has stands for those beyond 32 bits. */
const NO_RECORD = 0xffffffff;

/**
 * Records that say that they are parts of others. Each must be named by the attribute list of its base record: one that
 * is not belongs to no file, and what it holds is lost.
 */
export class ExtensionRecords {
  private count = 0;
  private records = new Uint32Array(64);
  private bases = new Uint32Array(64);
  private named = new Uint8Array(64);

  /** @param record above all that were added before, as in a pass over $MFT */
  add(record: number, base: number): void {
    const row = this.count++;
    if (row >= this.records.length) {
      const capacity = nextCapacity(row, row + 1);
      this.records = growColumn(this.records, capacity);
      this.bases = growColumn(this.bases, capacity);
      this.named = growColumn(this.named, capacity);
    }
    this.records[row] = record;
    this.bases[row] = Math.min(base, NO_RECORD);
  }

  /** That the attribute list of `base` names these records. */
  name(base: number, records: Iterable<number>): void {
    if (this.count === 0) return;
    for (const record of records) {
      const row = this.rowOf(record);
      if (row >= 0 && this.bases[row] === base) this.named[row] = 1;
    }
  }

  /** Bases below a number that parts say to belong to, each once. */
  basesBelow(limit: number): Set<number> {
    return new Set(this.bases.subarray(0, this.count).filter((base) => base < limit));
  }

  /** Those that no base names. */
  *strays(): Generator<{ readonly record: number; readonly base: number }> {
    for (let row = 0; row < this.count; row++)
      if (this.named[row] === 0) yield { record: this.records[row], base: this.bases[row] };
  }

  private rowOf(record: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.records[middle] < record) low = middle + 1;
      else high = middle;
    }
    return low < this.count && this.records[low] === record ? low : -1;
  }
}
