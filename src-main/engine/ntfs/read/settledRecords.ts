import { NONE, type Tree } from '../../tree/tree';
import { NameSpace } from '../records/fileName';
import { FIRST_FREE_RECORD, SystemFile } from '../records/fileRecord';
import type { LinkOrder } from './linkOrder';
import type { Remarks } from './remarks';
import type { ScanColumns } from './scanColumns';
import type { RecordProblem } from './scanVolume';

/** Which records are in the tree, or were left out for a reason that was told; and in the end, what is left of them. */
export class SettledRecords {
  private readonly marks: Uint8Array;

  constructor(
    private readonly columns: ScanColumns,
    private readonly order: LinkOrder,
  ) {
    this.marks = new Uint8Array(columns.recordCount);
  }

  add(record: number): void {
    this.marks[record] = 1;
  }

  /** Marks a record and everything below it; returns how many were not marked before. */
  addAll(record: number): number {
    const { columns, order, marks } = this;
    const pending = [record];
    let count = 0;
    for (let top = pending.pop(); top !== undefined; top = pending.pop()) {
      if (marks[top] === 0) count++;
      marks[top] = 1;
      if (columns.isDirectory[top] === 0) continue;
      for (const link of order.unsorted(top)) {
        const child = columns.linkRecord[link];
        if (marks[child] === 0) pending.push(child);
      }
    }
    return count;
  }

  /**
   * Tells what is lost: records with problems, and those without a way to the root. All of them are marked then.
   * @param entryOf entry of a record with a problem, NONE for one that is not in the tree
   */
  tellLost(
    problems: readonly RecordProblem[],
    entryOf: (record: number) => number,
    tree: Tree,
    damage: Remarks,
  ): void {
    for (const { record, problem, isPart } of problems) {
      const entry = entryOf(record);
      if (entry === NONE && this.marks[record] === 1) continue;
      const path = () => (entry === NONE ? `/$MFT: record ${record}` : tree.path(entry));
      damage.add(
        'records of $MFT are damaged',
        path,
        entry === NONE && isPart !== true ? `a file is lost: ${problem}` : problem,
      );
    }
    this.passSystemFiles();
    this.tellOrphans(damage);
    this.tellUnreachable(damage);
  }

  /** What lies in $Extend is the system's own. */
  private passSystemFiles(): void {
    const { columns } = this;
    for (let link = 0; link < columns.linkCount; link++) {
      const record = columns.linkRecord[link];
      if (this.marks[record] === 0 && this.isInSystemFile(link)) this.addAll(record);
    }
  }

  private isInSystemFile(link: number): boolean {
    const parent = this.columns.linkParent[link];
    return parent < FIRST_FREE_RECORD && parent !== SystemFile.ROOT;
  }

  private tellOrphans(damage: Remarks): void {
    const { columns, order } = this;
    for (let link = 0; link < columns.linkCount; link++) {
      const record = columns.linkRecord[link];
      if (columns.found[record] === 0 || order.hasParent(link) || this.isInSystemFile(link)) continue;
      if (columns.linkSpace[link] === NameSpace.DOS && order.isPaired(link)) continue;
      const parent = columns.linkParent[link];
      const name = columns.name(link);
      const isLost = this.marks[record] === 0;
      const below = isLost ? this.addAll(record) - 1 : 0;
      const more = below > 0 ? `, and with it ${below} more below` : '';
      damage.add(
        'names are orphaned',
        () => `/$MFT: record ${record} (${name})`,
        isLost
          ? `orphaned: its directory, record ${parent}, is gone${more}`
          : `one of its names, ${name}, is orphaned: the directory, record ${parent}, is gone`,
      );
    }
  }

  private tellUnreachable(damage: Remarks): void {
    const { columns, marks } = this;
    for (let record = FIRST_FREE_RECORD; record < columns.recordCount; record++) {
      if (columns.found[record] === 0 || marks[record] === 1) continue;
      marks[record] = 1;
      const link = columns.firstLink[record];
      if (link === NONE) {
        damage.add('records have no name', () => `/$MFT: record ${record}`, 'a file is lost: it has no name');
      } else {
        damage.add(
          'files lie in directories that contain themselves',
          () => `/$MFT: record ${record} (${columns.name(link)})`,
          'a file is lost: its directory contains itself',
        );
      }
    }
  }
}
