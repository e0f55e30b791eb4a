import { compareNames } from '../../tree/nameOrder';
import { NONE, StreamKind, type Tree } from '../../tree/tree';
import { AttributeType } from '../records/attribute';
import { WOF_STREAM_NAME } from '../records/reparsePoint';
import { INDEX_BLOCK_SIZE, type Geometry } from './geometry';
import { indexBitmapSize, LARGE_ROOT_SIZE } from './indexPlan';
import { longKey, shortKey, type NameKey } from './nameKeys';
import { nonResidentSize, recordRoom, residentSize } from './recordWriter';
import { runListSize, singleRunBound, type Runs } from './runList';
import type { TreePlan } from './treePlan';

export const INDEX_NAME = '$I30';
const STANDARD_INFORMATION_SIZE = 0x48;
const LIST_ENTRY_SIZE = 0x1a;
const FILE_NAME_SIZE = 0x42;

/** What a row of $DATA stands for: the data, or the two parts of a file that is compressed by WOF. */
export const DataPart = { PLAIN: 0, HOLE: 1, PACKED: 2 } as const;

/** An attribute of an inode, or what it will be. Rows are used again for the next inode. */
export interface AttributeRow {
  type: number;
  name: string;
  /** Of $FILE_NAME: the name. Of $DATA: the stream, NONE for none. */
  ref: NameKey;
  /** Bytes of the value. */
  valueSize: number;
  resident: boolean;
  /** It may lie in clusters. */
  movable: boolean;
  /** Bytes in the record. */
  size: number;
  /** Room for the run list of a non-resident one. */
  runListRoom: number;
  /** Of a sparse file: it gets holes once its data is there. */
  sparse: boolean;
  /** {@link DataPart} of $DATA. */
  part: number;
  /** Record that holds it: 0 the base record, n the n-th extension. */
  record: number;
}

/** What the layout of an inode depends on. */
export interface LayoutFacts {
  readonly tree: Tree;
  readonly plan: TreePlan;
  readonly geometry: Geometry;
  readonly sizeOf: (stream: number) => number;
  /** Keep no data of files in records. */
  readonly extendAll: boolean;
  /** Streams that are written: what is not kept is left out beforehand. */
  readonly isKept: (stream: number) => boolean;
  /** Streams whose zeroes are to take no room. */
  readonly isSparse: (stream: number) => boolean;
  /** Bytes of the compressed form of a stream, when that is what is kept. */
  readonly packedSize: (stream: number) => number | undefined;
  /** Bytes of $REPARSE_POINT; 0 for none. */
  readonly reparseSize: (inode: number) => number;
  readonly objectIdSize: (inode: number) => number;
  /** Bytes of $EA; 0 for none. */
  readonly eaSize: (inode: number) => number;
  /** Bytes of the entries of a directory's index. */
  readonly entriesSize: (inode: number) => number;
  /** Blocks of an index that does not fit into $INDEX_ROOT. */
  readonly indexBlocks: (inode: number) => number;
  /** Where a stream lies, when it does not lie in one run. */
  readonly fragments: ReadonlyMap<number, Runs>;
}

/**
 * Decides how the attributes of an inode lie: in its record, in clusters, in extension records. The same facts give
 * the same layout, so that it can be asked for when records are counted and again when they are written.
 */
export class InodeLayout {
  readonly rows: AttributeRow[] = [];
  count = 0;
  /** Extension records. */
  extensions = 0;
  /** The directory's index lies in blocks. */
  largeIndex = false;
  private readonly room: number;
  private total = 0;

  constructor(private readonly facts: LayoutFacts) {
    this.room = recordRoom(facts.geometry.recordSize);
  }

  /** Bytes that are left in the base record, when there are no extensions. */
  get left(): number {
    return this.room - this.total;
  }

  lay(inode: number): void {
    const { plan } = this.facts;
    this.count = 0;
    this.total = 0;
    this.extensions = 0;
    this.largeIndex = false;
    this.add(AttributeType.STANDARD_INFORMATION, '', NONE, STANDARD_INFORMATION_SIZE, false);
    this.addNames(inode);
    const objectId = this.facts.objectIdSize(inode);
    if (objectId > 0) this.add(AttributeType.OBJECT_ID, '', NONE, objectId, false);
    this.addStreams(inode);
    const index = this.count;
    if (plan.isDirectory(inode)) {
      const size = 0x30 + this.facts.entriesSize(inode);
      this.add(AttributeType.INDEX_ROOT, INDEX_NAME, NONE, size, false);
    }
    const reparse = this.facts.reparseSize(inode);
    const ea = this.facts.eaSize(inode);
    const rest =
      (reparse > 0 ? residentSize(0, reparse) : 0) + (ea > 0 ? residentSize(0, ea) + residentSize(0, 8) : 0);
    if (this.total + rest > this.room && plan.isDirectory(inode)) this.enlargeIndex(inode, index);
    if (reparse > 0) this.add(AttributeType.REPARSE_POINT, '', NONE, reparse, true);
    if (ea > 0) {
      this.add(AttributeType.EA_INFORMATION, '', NONE, 8, false);
      this.add(AttributeType.EA, '', NONE, ea, true);
    }
    this.makeFit();
  }

  private addNames(inode: number): void {
    const { plan } = this.facts;
    if (inode === plan.inodes[0]) {
      this.add(AttributeType.FILE_NAME, '', NONE, FILE_NAME_SIZE + 2, false);
      return;
    }
    for (let entry = plan.firstEntry[inode]; entry !== NONE; entry = plan.nextLink[entry]) {
      this.addName(longKey(entry));
      if (plan.hasShortName(entry)) this.addName(shortKey(entry));
    }
  }

  private addName(key: NameKey): void {
    const size = FILE_NAME_SIZE + 2 * this.facts.plan.keys.length(key);
    this.add(AttributeType.FILE_NAME, '', key, size, false);
  }

  private addStreams(inode: number): void {
    const { tree, plan, sizeOf, isKept } = this.facts;
    const first = this.count;
    let named = 0;
    let hasData = plan.isDirectory(inode);
    for (let stream = tree.firstStream[inode]; stream !== NONE; stream = tree.streamNext[stream]) {
      if (!isKept(stream)) continue;
      if (tree.streamKind[stream] === StreamKind.DATA) {
        hasData = true;
        const row = this.add(AttributeType.DATA, '', stream, sizeOf(stream), true);
        const packed = this.facts.packedSize(stream);
        row.sparse = packed !== undefined || this.facts.isSparse(stream);
        if (row.sparse) this.extend(row);
        if (packed !== undefined) this.addPacked(row, packed);
      } else if (tree.streamKind[stream] === StreamKind.NAMED) {
        named++;
        this.add(AttributeType.DATA, tree.streamName(stream), stream, sizeOf(stream), true);
      }
    }
    if (!hasData) this.add(AttributeType.DATA, '', NONE, 0, false);
    if (named > 0) this.sortStreams(first);
  }

  /** The data is a hole; what is stored is a stream of its own. */
  private addPacked(hole: AttributeRow, size: number): void {
    hole.part = DataPart.HOLE;
    const row = this.add(AttributeType.DATA, WOF_STREAM_NAME, hole.ref, size, true);
    row.part = DataPart.PACKED;
    this.extend(row);
  }

  /** By name, the unnamed data first. */
  private sortStreams(first: number): void {
    const sorted = this.rows.slice(first, this.count).sort((a, b) => compareNames(a.name, b.name));
    for (const [i, row] of sorted.entries()) this.rows[first + i] = row;
  }

  private enlargeIndex(inode: number, at: number): void {
    const { facts } = this;
    if (facts.entriesSize(inode) === 0) return;
    this.largeIndex = true;
    const blocks = facts.indexBlocks(inode);
    const root = this.rows[at];
    root.valueSize = LARGE_ROOT_SIZE;
    this.resize(root, residentSize(INDEX_NAME.length, LARGE_ROOT_SIZE));
    const allocation = this.add(
      AttributeType.INDEX_ALLOCATION,
      INDEX_NAME,
      NONE,
      blocks * INDEX_BLOCK_SIZE,
      true,
    );
    this.extend(allocation);
    this.add(AttributeType.BITMAP, INDEX_NAME, NONE, indexBitmapSize(blocks), true);
  }

  private makeFit(): void {
    if (this.facts.extendAll) {
      for (let i = 0; i < this.count; i++)
        if (this.rows[i].type === AttributeType.DATA && this.rows[i].valueSize > 0) this.extend(this.rows[i]);
    }
    while (this.total > this.room) {
      const row = this.largestMovable();
      if (row === undefined) {
        this.overflow();
        return;
      }
      this.extend(row);
    }
    this.widenSparse();
  }

  /** Gives what is left of the record to the run list of a sparse file: its holes come later. */
  private widenSparse(): void {
    const left = (this.room - this.total) & ~7;
    for (let i = 0; i < this.count; i++) {
      const row = this.rows[i];
      if (!row.sparse || row.part !== DataPart.PLAIN) continue;
      const listed = row.runListRoom;
      row.runListRoom = ((listed + 7) & ~7) + left;
      this.resize(row, row.size + left);
      return;
    }
  }

  /** The resident value whose move into clusters gains most. */
  private largestMovable(): AttributeRow | undefined {
    let best: AttributeRow | undefined;
    for (let i = 0; i < this.count; i++) {
      const row = this.rows[i];
      if (!row.resident || !row.movable || row.size <= (best?.size ?? 0)) continue;
      if (row.size > this.extendedSize(row)) best = row;
    }
    return best;
  }

  private extendedSize(row: AttributeRow): number {
    return nonResidentSize(row.name.length, this.runListRoom(row), row.sparse);
  }

  private runListRoom(row: AttributeRow): number {
    const { geometry, fragments } = this.facts;
    const runs = row.type === AttributeType.DATA ? fragments.get(row.ref) : undefined;
    if (runs !== undefined) return runListSize(runs);
    return singleRunBound(Math.ceil(row.valueSize / geometry.clusterSize), geometry.clusters);
  }

  private extend(row: AttributeRow): void {
    if (!row.resident) return;
    row.resident = false;
    row.runListRoom = this.runListRoom(row);
    this.resize(row, nonResidentSize(row.name.length, row.runListRoom, row.sparse));
  }

  /** Spreads the attributes over extension records, and lists them. */
  private overflow(): void {
    let listSize = 0;
    for (let i = 0; i < this.count; i++)
      listSize += (LIST_ENTRY_SIZE + 2 * this.rows[i].name.length + 7) & ~7;
    const list = this.add(AttributeType.ATTRIBUTE_LIST, '', NONE, listSize, true);
    // Behind $STANDARD_INFORMATION, as its type has it.
    this.rows.copyWithin(2, 1, this.count - 1);
    this.rows[1] = list;
    if (list.size > this.room / 3) this.extend(list);
    let left = this.room - list.size - this.rows[0].size;
    // $INDEX_ROOT stays in the base record: programs look for it there first.
    for (let i = 2; i < this.count; i++)
      if (this.rows[i].type === AttributeType.INDEX_ROOT) left -= this.rows[i].size;
    let extensionLeft = 0;
    for (let i = 2; i < this.count; i++) {
      const row = this.rows[i];
      if (row.type === AttributeType.INDEX_ROOT) continue;
      if (row.size <= left) {
        left -= row.size;
        continue;
      }
      if (row.size > extensionLeft) {
        this.extensions += 1;
        extensionLeft = this.room;
      }
      row.record = this.extensions;
      extensionLeft -= row.size;
    }
  }

  private resize(row: AttributeRow, size: number): void {
    this.total += size - row.size;
    row.size = size;
  }

  private add(type: number, name: string, ref: number, valueSize: number, movable: boolean): AttributeRow {
    let row = this.rows[this.count];
    if (row === undefined) {
      row = {
        type,
        name,
        ref,
        valueSize,
        resident: true,
        movable,
        size: 0,
        runListRoom: 0,
        sparse: false,
        part: DataPart.PLAIN,
        record: 0,
      };
      this.rows[this.count] = row;
    } else {
      row.type = type;
      row.name = name;
      row.ref = ref;
      row.valueSize = valueSize;
      row.resident = true;
      row.movable = movable;
      row.runListRoom = 0;
      row.sparse = false;
      row.part = DataPart.PLAIN;
      row.record = 0;
    }
    this.count++;
    row.size = residentSize(name.length, valueSize);
    this.total += row.size;
    return row;
  }
}
