import { IndexEntryFlag, INDEX_HAS_CHILDREN, INDEX_MAGIC } from '../records/index';
import { SEQUENCE_STRIDE } from '../records/fileRecord';
import { INDEX_BLOCK_SIZE, type Geometry } from './geometry';
import { align8, protect } from './recordWriter';

const BLOCK_HEADER = 0x18;
const BLOCK_SEQUENCE = 0x28;
/** Of the first entry: behind the update sequence array. */
const BLOCK_ENTRIES = align8(BLOCK_SEQUENCE + 2 * (1 + INDEX_BLOCK_SIZE / SEQUENCE_STRIDE));
const END_ENTRY = 0x10;
const CHILD_SIZE = 8;
/** $INDEX_ROOT up to its entries. */
export const ROOT_ENTRIES = 0x20;
/** Value of an $INDEX_ROOT that has nothing but the way to a block. */
export const LARGE_ROOT_SIZE = ROOT_ENTRIES + END_ENTRY + CHILD_SIZE;

/** The entries of an index, in order. */
export interface IndexEntries {
  readonly count: number;
  /** Bytes of an entry of a leaf, a multiple of 8. */
  size(position: number): number;
  /** Writes it, with the length and flags of a leaf's. */
  write(position: number, view: DataView, offset: number): void;
}

/** One level of the tree: which entries its nodes hold. */
interface Level {
  /** Positions of the level's entries in the index; absent for the leaves, which take them all. */
  readonly entries: Int32Array | undefined;
  /** End of each node's entries in this level; the one there, but for the last, is promoted. */
  readonly ends: Int32Array;
  /** Number of the level's first block. */
  readonly firstBlock: number;
}

/**
 * Shape of a B+ tree that is built in bulk: leaves filled one after the other, the entry between two of them promoted.
 * Blocks are numbered level by level; the last is the top, to which $INDEX_ROOT points.
 */
export class IndexPlan {
  private readonly levels: Level[] = [];
  readonly blocks: number;

  constructor(private readonly entries: IndexEntries) {
    let block = 0;
    let positions: Int32Array | undefined;
    for (;;) {
      const level: Level = { entries: positions, ends: this.partition(positions), firstBlock: block };
      this.levels.push(level);
      block += level.ends.length;
      if (level.ends.length === 1) break;
      const at = positions;
      positions = level.ends.slice(0, -1).map((end) => at?.[end] ?? end);
    }
    this.blocks = block;
  }

  /** Bytes of the $BITMAP that says which blocks are in use. */
  get bitmapSize(): number {
    return indexBitmapSize(this.blocks);
  }

  /** Writes `count` blocks from `first` on into memory that is zero, from `offset` on. */
  writeBlocks(first: number, count: number, view: DataView, offset: number, geometry: Geometry): void {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    const vcnsPerBlock = INDEX_BLOCK_SIZE / geometry.indexUnit;
    for (const [depth, level] of this.levels.entries()) {
      const below = depth === 0 ? undefined : this.levels[depth - 1];
      const from = Math.max(first - level.firstBlock, 0);
      const to = Math.min(first + count - level.firstBlock, level.ends.length);
      for (let node = from; node < to; node++) {
        const block = level.firstBlock + node;
        const at = offset + (block - first) * INDEX_BLOCK_SIZE;
        const start = node === 0 ? 0 : level.ends[node - 1] + 1;
        this.writeNode(view, at, block * vcnsPerBlock, level, start, level.ends[node], below, vcnsPerBlock);
        protect(bytes, at, INDEX_BLOCK_SIZE, BLOCK_SEQUENCE);
      }
    }
  }

  private writeNode(
    view: DataView,
    at: number,
    vcn: number,
    level: Level,
    start: number,
    end: number,
    below: Level | undefined,
    vcnsPerBlock: number,
  ): void {
    view.setUint32(at, INDEX_MAGIC, true);
    view.setUint16(at + 0x04, BLOCK_SEQUENCE, true);
    view.setUint16(at + 0x06, 1 + INDEX_BLOCK_SIZE / SEQUENCE_STRIDE, true);
    view.setUint32(at + 0x10, vcn, true);
    let entry = at + BLOCK_ENTRIES;
    for (let i = start; i < end; i++) {
      const position = level.entries?.[i] ?? i;
      this.entries.write(position, view, entry);
      let length = this.entries.size(position);
      if (below !== undefined) {
        length += CHILD_SIZE;
        view.setUint16(entry + 0x08, length, true);
        view.setUint16(entry + 0x0c, IndexEntryFlag.HAS_CHILD, true);
        view.setUint32(entry + length - CHILD_SIZE, (below.firstBlock + i) * vcnsPerBlock, true);
      }
      entry += length;
    }
    const child = below === undefined ? undefined : (below.firstBlock + end) * vcnsPerBlock;
    entry = writeEndEntry(view, entry, child);
    writeIndexHeader(view, at + BLOCK_HEADER, {
      entries: BLOCK_ENTRIES - BLOCK_HEADER,
      end: entry - at - BLOCK_HEADER,
      room: INDEX_BLOCK_SIZE - BLOCK_HEADER,
      hasChildren: below !== undefined,
    });
  }

  /** Fills nodes one after the other. @returns the end of each */
  private partition(positions: Int32Array | undefined): Int32Array {
    const count = positions?.length ?? this.entries.count;
    const extra = positions === undefined ? 0 : CHILD_SIZE;
    const room = INDEX_BLOCK_SIZE - BLOCK_ENTRIES - END_ENTRY - extra;
    const ends: number[] = [];
    let used = 0;
    for (let i = 0; i < count; i++) {
      const size = this.entries.size(positions?.[i] ?? i) + extra;
      if (used + size <= room) {
        used += size;
      } else if (i === count - 1) {
        // The last node must not be empty: the entry before this one is promoted in its place.
        ends.push(i - 1);
        used = size;
      } else {
        ends.push(i);
        used = 0;
      }
    }
    ends.push(count);
    return Int32Array.from(ends);
  }
}

/** Bytes of the $BITMAP of an index: whole units of 8. */
export function indexBitmapSize(blocks: number): number {
  return Math.ceil(blocks / 64) * 8;
}

/** Value size of an $INDEX_ROOT that holds all entries itself. */
export function smallRootSize(entriesSize: number): number {
  return ROOT_ENTRIES + entriesSize + END_ENTRY;
}

/** What $INDEX_ROOT says of its index. */
export interface RootFacts {
  /** Type of the attribute that is indexed; 0 in view indexes. */
  readonly type: number;
  readonly collation: number;
  readonly geometry: Geometry;
}

/** Writes an $INDEX_ROOT that holds all entries. */
export function writeSmallRoot(view: DataView, at: number, facts: RootFacts, entries: IndexEntries): void {
  writeRootStart(view, at, facts);
  let entry = at + ROOT_ENTRIES;
  for (let position = 0; position < entries.count; position++) {
    entries.write(position, view, entry);
    entry += entries.size(position);
  }
  finishRoot(view, at, writeEndEntry(view, entry, undefined), false);
}

/** Writes an $INDEX_ROOT that points to the top block. */
export function writeLargeRoot(view: DataView, at: number, facts: RootFacts, blocks: number): void {
  writeRootStart(view, at, facts);
  const top = (blocks - 1) * (INDEX_BLOCK_SIZE / facts.geometry.indexUnit);
  finishRoot(view, at, writeEndEntry(view, at + ROOT_ENTRIES, top), true);
}

function writeRootStart(view: DataView, at: number, { type, collation, geometry }: RootFacts): void {
  view.setUint32(at, type, true);
  view.setUint32(at + 0x04, collation, true);
  view.setUint32(at + 0x08, INDEX_BLOCK_SIZE, true);
  view.setUint8(at + 0x0c, INDEX_BLOCK_SIZE / geometry.indexUnit);
}

function finishRoot(view: DataView, at: number, end: number, hasChildren: boolean): void {
  const length = end - at - 0x10;
  writeIndexHeader(view, at + 0x10, { entries: 0x10, end: length, room: length, hasChildren });
}

function writeIndexHeader(
  view: DataView,
  at: number,
  facts: { entries: number; end: number; room: number; hasChildren: boolean },
): void {
  view.setUint32(at, facts.entries, true);
  view.setUint32(at + 0x04, facts.end, true);
  view.setUint32(at + 0x08, facts.room, true);
  view.setUint8(at + 0x0c, facts.hasChildren ? INDEX_HAS_CHILDREN : 0);
}

function writeEndEntry(view: DataView, at: number, child: number | undefined): number {
  const length = END_ENTRY + (child === undefined ? 0 : CHILD_SIZE);
  view.setUint16(at + 0x08, length, true);
  view.setUint16(at + 0x0c, IndexEntryFlag.LAST | (child === undefined ? 0 : IndexEntryFlag.HAS_CHILD), true);
  if (child !== undefined) view.setUint32(at + END_ENTRY, child, true);
  return at + length;
}
