import { FormatError } from '../../../../src-shared/errors/appError';
import { FileAttribute } from '../../tree/attributes';
import type { ScanOptions, ScanResult } from '../../tree/source';
import { NONE, type Tree } from '../../tree/tree';
import { MAX_DEPTH } from '../../wim/records/dentry';
import { SystemFile } from '../records/fileRecord';
import { InodeRows, type StreamPlaces } from './inodeRows';
import { LinkOrder } from './linkOrder';
import { Remarks } from './remarks';
import type { ScanColumns } from './scanColumns';
import type { VolumeScan } from './scanVolume';
import { SecurityRows } from './securityRows';
import { SettledRecords } from './settledRecords';

/** Longest path of Windows, in UTF-16 units. */
const MAX_PATH_UNITS = 32767;
/** Names are looked at in such portions between two looks at the signal. */
const DIRECTORIES_PER_LOOK = 2048;

/** A tree with what locates its data. */
export interface BuiltTree {
  readonly result: ScanResult;
  readonly places: StreamPlaces;
}

/** What of the volume is asked while the tree is built. */
export interface TreeFacts {
  /** $UpCase. */
  readonly upcase: Uint16Array;
  /** Descriptor of $Secure; undefined for an ID that is not there. @throws FormatError */
  descriptor(id: number): Uint8Array | undefined;
  /** Birth volume, birth object and domain of an object ID; undefined where the index has none. */
  objectIdRest(objectId: Uint8Array): Uint8Array | undefined;
  /** After a number of entries: lets a signal arrive, tells how far it is. @throws CancelledError */
  onEntries(count: number): Promise<void>;
}

/** A directory whose children are still to be added. */
interface PendingDirectory {
  readonly record: number;
  readonly row: number;
  readonly depth: number;
  /** Units of its path. */
  readonly units: number;
  /** Kept where patterns are asked. */
  readonly path: string;
}

/** Makes the tree of a scanned volume, from its root down. */
export async function buildTree(
  scan: VolumeScan,
  options: ScanOptions,
  facts: TreeFacts,
): Promise<BuiltTree> {
  const builder = new TreeBuilder(scan, options, facts);
  await builder.build();
  return builder.finish();
}

class TreeBuilder {
  private readonly tree: Tree;
  private readonly columns: ScanColumns;
  private readonly order: LinkOrder;
  private readonly settled: SettledRecords;
  private readonly inodes: InodeRows;
  private readonly remarks = new Remarks();
  /** What is missing because the volume is damaged. */
  private readonly damage = new Remarks();
  private readonly excluded: { path: string; pattern: string }[] = [];
  /** Row of a record's inode. */
  private readonly inodeOf: Int32Array;
  /** Where the records with problems are, for the remarks. */
  private readonly problemEntries = new Map<number, number>();

  constructor(
    private readonly scan: VolumeScan,
    private readonly options: ScanOptions,
    private readonly facts: TreeFacts,
  ) {
    const { columns } = scan;
    const { tree } = columns;
    this.columns = columns;
    this.tree = tree;
    this.order = new LinkOrder(columns);
    this.settled = new SettledRecords(columns, this.order);
    const { remarks, damage } = this;
    const security = new SecurityRows(tree, columns, options.securityDescriptors, remarks, (id) =>
      facts.descriptor(id),
    );
    this.inodes = new InodeRows(tree, columns, security, { remarks, damage }, (id) => facts.objectIdRest(id));
    this.inodeOf = new Int32Array(columns.recordCount).fill(NONE);
    for (const { record } of scan.problems) this.problemEntries.set(record, NONE);
  }

  async build(): Promise<void> {
    const { tree, columns } = this;
    const { ROOT } = SystemFile;
    if (columns.recordCount <= ROOT || columns.found[ROOT] === 0) {
      const known = this.scan.problems.find(({ record }) => record === ROOT)?.problem;
      const problem = known ?? 'the root directory is not in use';
      throw new FormatError({ structure: '$MFT', offset: ROOT, problem }, 'volume/malformed');
    }
    let files = 0;
    for (const mark of columns.found) files += mark;
    tree.reserve(this.order.count + 1, files, columns.streamCount);
    this.settled.add(ROOT);
    this.inodeOf[ROOT] = this.inodes.add(ROOT, () => '/');
    const root = tree.addEntry(NONE, '', this.inodeOf[ROOT]);
    if (this.problemEntries.has(ROOT)) this.problemEntries.set(ROOT, root);
    const pending: PendingDirectory[] = [{ record: ROOT, row: root, depth: 0, units: 0, path: '' }];
    let looks = 0;
    for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
      this.addChildren(directory, pending);
      if (++looks % DIRECTORIES_PER_LOOK === 0) await this.facts.onEntries(tree.entryCount);
    }
    await this.facts.onEntries(tree.entryCount);
  }

  finish(): BuiltTree {
    const { tree, excluded, remarks, damage } = this;
    const entryOf = (record: number) => this.problemEntries.get(record) ?? NONE;
    this.settled.tellLost(this.scan.problems, entryOf, tree, damage);
    let split = 0;
    for (const [inode, { reparseTag }] of tree.extras)
      if (reparseTag !== undefined && tree.linkCount[inode] > 1) split++;
    if (split > 0) {
      const problem = `${split} reparse points with several names: in an image each name is a file of its own`;
      remarks.add('hard links', () => '/', problem);
    }
    const { moreProblems } = this.scan;
    if (moreProblems > 0) {
      const problem = `${moreProblems} more faults of records were found; files are lost or not whole`;
      damage.add('faults', () => '/', problem);
    }
    const result = { tree, excluded, notKept: remarks.all(), damaged: damage.all() };
    return { result, places: this.inodes.places };
  }

  private addChildren(directory: PendingDirectory, pending: PendingDirectory[]): void {
    const { order } = this;
    // A stack turns them round: what is pushed last is visited first.
    const below: PendingDirectory[] = [];
    for (const link of order.sorted(directory.record, this.facts.upcase)) {
      const child = this.addChild(directory, link);
      if (child !== undefined) below.push(child);
    }
    for (let i = below.length - 1; i >= 0; i--) pending.push(below[i]);
  }

  /** Adds one name; returns the directory that it names. */
  private addChild(directory: PendingDirectory, link: number): PendingDirectory | undefined {
    const { columns, tree, order, remarks } = this;
    const { row } = directory;
    const record = columns.linkRecord[link];
    const pathOf = () => `${tree.path(row) === '/' ? '' : tree.path(row)}/${columns.name(link)}`;
    const path = this.options.excludes === undefined ? '' : `${directory.path}/${columns.name(link)}`;
    if (this.isLeftOut(directory, link, path, pathOf)) {
      this.settled.addAll(record);
      return undefined;
    }
    const isDirectory = columns.isDirectory[record] === 1;
    if (isDirectory && this.inodeOf[record] !== NONE) {
      const problem = 'left out: the directory has another name already';
      remarks.add('directories have a second name', pathOf, problem);
      return undefined;
    }
    this.settled.add(record);
    if (this.inodeOf[record] === NONE) this.inodeOf[record] = this.inodes.add(record, pathOf);
    const entry = this.addEntry(row, link, this.inodeOf[record]);
    if (this.problemEntries.has(record)) this.problemEntries.set(record, entry);
    if (!isDirectory) return undefined;
    if (columns.extras.caseSensitive.has(record)) {
      remarks.add(
        'directories are case-sensitive',
        pathOf,
        'its names are case-sensitive, which an image does not tell: on Windows it becomes an ordinary directory',
      );
    }
    if ((columns.attributes[record] & FileAttribute.REPARSE_POINT) === 0) {
      const units = directory.units + 1 + columns.nameUnits[link];
      return { record, row: entry, depth: directory.depth + 1, units, path };
    }
    if (order.childCount(record) > 0) {
      this.settled.addAll(record);
      remarks.add(
        'reparse points have files in them',
        pathOf,
        `the ${order.childCount(record)} files in it are left out: an image holds none in a reparse point`,
      );
    }
    return undefined;
  }

  /** Whether a name, with all below it, is not taken; says why, or notes the pattern. */
  private isLeftOut(directory: PendingDirectory, link: number, path: string, pathOf: () => string): boolean {
    const { columns, remarks, damage } = this;
    const record = columns.linkRecord[link];
    const isTooLong =
      directory.depth >= MAX_DEPTH || directory.units + 1 + columns.nameUnits[link] > MAX_PATH_UNITS;
    const unfit = this.unfitName(link);
    if (unfit !== undefined) {
      damage.add('names are impossible', pathOf, `left out: ${unfit}`);
      return true;
    }
    if (isTooLong) {
      remarks.add('names cannot be kept', pathOf, 'left out: its path is too long');
      return true;
    }
    const pattern = this.options.excludes?.(path);
    if (pattern !== undefined) {
      this.excluded.push({ path, pattern });
      return true;
    }
    if ((columns.attributes[record] & FileAttribute.ENCRYPTED) === 0) return false;
    const what = columns.isDirectory[record] === 1 ? 'directory, with all that is in it,' : 'file';
    remarks.add(
      'files and directories are encrypted',
      pathOf,
      `left out: the ${what} is encrypted (EFS), which can be read only by Windows`,
    );
    return true;
  }

  /** Why a name cannot be in an image. */
  private unfitName(link: number): string | undefined {
    const { columns } = this;
    const start = columns.nameStart[link];
    const units = columns.nameUnits[link];
    const names = this.tree.storedNames;
    let dots = 0;
    for (let i = 0; i < units; i++) {
      const unit = names[start + i];
      if (unit === 0x2f || unit === 0) return 'its name has a character that no file can have';
      if (unit === 0x2e) dots++;
    }
    return dots === units && units <= 2 ? 'its name stands for another directory' : undefined;
  }

  private addEntry(row: number, link: number, inode: number): number {
    const { columns, tree } = this;
    const units = columns.nameUnits[link];
    const start = columns.nameStart[link];
    const short = this.order.shortNameOf(link);
    if (short === NONE) return tree.addEntryStored(row, inode, start, units, 0, 0);
    return tree.addEntryStored(row, inode, start, units, columns.nameStart[short], columns.nameUnits[short]);
  }
}
