import { compareWithText, systemNames } from './nameRules';
import type { IndexEntries } from './indexPlan';
import type { NameKey } from './nameKeys';
import { align8, writeReference } from './recordWriter';
import type { DirectoryRow, TreePlan } from './treePlan';

const ENTRY_HEADER = 0x10;
/** $FILE_NAME up to the name. */
export const FILE_NAME_HEADER = 0x42;

/** Writes $FILE_NAME values and tells references: what directory entries are made of. */
export interface NameWriter {
  /** Writes the value for a name of the tree. */
  writeFileName(key: NameKey, view: DataView, at: number): void;
  /** Writes the value for a file of the system. */
  writeSystemName(name: string, view: DataView, at: number): void;
  /** Writes the reference to the file that a name is of. */
  writeFileReference(key: NameKey, view: DataView, at: number): void;
  systemRecord(name: string): number;
}

/** Bytes of an entry whose name has that many units. */
export function directoryEntrySize(units: number): number {
  return ENTRY_HEADER + align8(FILE_NAME_HEADER + 2 * units);
}

/** The index of a directory: its names in order; in the root with those of the system's files among them. */
export class DirectoryEntries implements IndexEntries {
  readonly count: number;
  /** What each position is: a place in the order of names, or the system's n-th file as -1 - n. */
  private readonly merged: Int32Array | undefined;

  constructor(
    private readonly plan: TreePlan,
    private readonly directory: DirectoryRow,
    isRoot: boolean,
    private readonly names: NameWriter | undefined,
  ) {
    this.merged = isRoot ? this.merge() : undefined;
    this.count = this.merged?.length ?? directory.end - directory.start;
  }

  /** Bytes of all entries. */
  get totalSize(): number {
    let sum = 0;
    for (let position = 0; position < this.count; position++) sum += this.size(position);
    return sum;
  }

  size(position: number): number {
    const place = this.merged?.[position] ?? this.directory.start + position;
    if (place < 0) return directoryEntrySize(systemNames[-1 - place].length);
    return directoryEntrySize(this.plan.keys.length(this.plan.order[place]));
  }

  write(position: number, view: DataView, at: number): void {
    const { names } = this;
    if (names === undefined) return;
    const place = this.merged?.[position] ?? this.directory.start + position;
    let units: number;
    if (place < 0) {
      const name = systemNames[-1 - place];
      const record = names.systemRecord(name);
      units = name.length;
      writeReference(view, at, record, Math.max(record, 1));
      names.writeSystemName(name, view, at + ENTRY_HEADER);
    } else {
      const key = this.plan.order[place];
      units = this.plan.keys.length(key);
      names.writeFileReference(key, view, at);
      names.writeFileName(key, view, at + ENTRY_HEADER);
    }
    view.setUint16(at + 0x08, directoryEntrySize(units), true);
    view.setUint16(at + 0x0a, FILE_NAME_HEADER + 2 * units, true);
  }

  private merge(): Int32Array {
    const { plan, directory } = this;
    const merged = new Int32Array(directory.end - directory.start + systemNames.length);
    let count = 0;
    let system = 0;
    for (let place = directory.start; place < directory.end; place++) {
      const name = plan.keys.range(plan.order[place]);
      while (system < systemNames.length && compareWithText(name, systemNames[system]) > 0)
        merged[count++] = -1 - system++;
      merged[count++] = place;
    }
    while (system < systemNames.length) merged[count++] = -1 - system++;
    return merged;
  }
}
