import { growColumn, nextCapacity } from '../../binary/columns';
import { safeCount } from '../../binary/safeCount';
import type { Steps } from '../../steps';
import { dataSize, kindOf, type EntryKind } from '../entryKind';
import { compilePathText } from '../pathText';
import { NONE, type Tree } from '../tree';

/** What may differ between two entries of one path: bits. */
export const Field = {
  content: 0x001,
  attributes: 0x002,
  lastWriteTime: 0x004,
  creationTime: 0x008,
  security: 0x010,
  streams: 0x020,
  links: 0x040,
  reparse: 0x080,
  shortName: 0x100,
  kind: 0x200,
} as const;
export type FieldName = keyof typeof Field;

/** Differences of what a file holds; the others are metadata. */
const SUBSTANCE = Field.content | Field.streams | Field.reparse | Field.kind;

export type DifferenceName = 'added' | 'removed' | 'changed' | 'metadata';

/** A difference of one path. */
export interface DifferenceFacts {
  readonly path: string;
  readonly difference: DifferenceName;
  readonly kind: EntryKind;
  /** Bytes of the unnamed data of a file; null for what is none, and where the side has no such path. */
  readonly leftSize: number | null;
  readonly rightSize: number | null;
  readonly fields: FieldName[];
}

export interface ComparisonCounts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly metadata: number;
  readonly same: number;
}

/** Counts of paths, and bytes of unnamed data that the right side has more, and less: they differ by what the sides do. */
export interface ComparisonSummary {
  readonly counts: ComparisonCounts;
  readonly bytesAdded: number;
  readonly bytesRemoved: number;
}

/** Rows between pauses. */
const ROWS_PER_STEP = 4096;

/**
 * The paths in which two trees differ, in path order and in columns: a pair of entries (NONE where a side has no such
 * path) and the fields that differ.
 */
export class Comparison {
  private length = 0;
  private leftEntry = new Int32Array(64);
  private rightEntry = new Int32Array(64);
  private fields = new Uint16Array(64);
  private same = 0;

  constructor(
    readonly left: Tree,
    readonly right: Tree,
  ) {}

  /** Adds a path. With a pair and no field it is only held for {@link decide}, and counted as same if none comes. */
  add(left: number, right: number, fields: number): number {
    const row = this.length++;
    if (row >= this.fields.length) {
      const capacity = nextCapacity(row, row + 1);
      this.leftEntry = growColumn(this.leftEntry, capacity);
      this.rightEntry = growColumn(this.rightEntry, capacity);
      this.fields = growColumn(this.fields, capacity);
    }
    this.leftEntry[row] = left;
    this.rightEntry[row] = right;
    this.fields[row] = fields;
    return row;
  }

  addSame(): void {
    this.same += 1;
  }

  /** The data of a pair was read, and differs. */
  decide(row: number, field: number): void {
    this.fields[row] |= field;
  }

  pair(row: number): readonly [left: number, right: number] {
    return [this.leftEntry[row], this.rightEntry[row]];
  }

  /** Takes out the pairs that turned out to be the same, and sums up. Rows are numbered anew. */
  *finish(): Steps<ComparisonSummary> {
    let kept = 0;
    const counts = { added: 0, removed: 0, changed: 0, metadata: 0 };
    let bytesAdded = 0;
    let bytesRemoved = 0;
    for (let row = 0; row < this.length; row++) {
      if (row % ROWS_PER_STEP === 0) yield;
      const [left, right] = this.pair(row);
      if (left !== NONE && right !== NONE && this.fields[row] === 0) {
        this.same += 1;
        continue;
      }
      this.leftEntry[kept] = left;
      this.rightEntry[kept] = right;
      this.fields[kept] = this.fields[row];
      counts[this.difference(kept)] += 1;
      kept += 1;
      const growth =
        (right === NONE ? 0 : dataSize(this.right, right)) - (left === NONE ? 0 : dataSize(this.left, left));
      if (growth > 0) bytesAdded += growth;
      else bytesRemoved -= growth;
    }
    this.length = kept;
    return {
      counts: { ...counts, same: this.same },
      bytesAdded: safeCount(bytesAdded),
      bytesRemoved: safeCount(bytesRemoved),
    };
  }

  /** Rows of some differences whose path contains a text or matches a glob, as a search finds them. */
  select(differences: ReadonlySet<DifferenceName>, filter: string): Int32Array {
    const matchesLeft = compilePathText(this.left, filter);
    const matchesRight = compilePathText(this.right, filter);
    const found = new Int32Array(this.length);
    let count = 0;
    for (let row = 0; row < this.length; row++) {
      if (!differences.has(this.difference(row))) continue;
      const [left, right] = this.pair(row);
      if (right === NONE ? matchesLeft(left) : matchesRight(right)) found[count++] = row;
    }
    return found.subarray(0, count);
  }

  row(row: number): DifferenceFacts {
    const [left, right] = this.pair(row);
    const [tree, entry] = right === NONE ? [this.left, left] : [this.right, right];
    const names = Object.keys(Field) as FieldName[];
    return {
      path: tree.path(entry),
      difference: this.difference(row),
      kind: kindOf(tree, entry),
      leftSize: sizeOf(this.left, left),
      rightSize: sizeOf(this.right, right),
      fields: names.filter((name) => (this.fields[row] & Field[name]) !== 0),
    };
  }

  private difference(row: number): DifferenceName {
    if (this.leftEntry[row] === NONE) return 'added';
    if (this.rightEntry[row] === NONE) return 'removed';
    return (this.fields[row] & SUBSTANCE) !== 0 ? 'changed' : 'metadata';
  }
}

function sizeOf(tree: Tree, entry: number): number | null {
  return entry === NONE || kindOf(tree, entry) !== 'file' ? null : dataSize(tree, entry);
}
