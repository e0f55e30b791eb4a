import type { ContainerFile } from '../containerFile';
import { malformed, truncated } from '../diskFaults';
import { BITMAP_PRESENT, BlockState, MIB } from './records';
import type { SpaceMap } from './spaceMap';

const STRUCTURE = 'VHDX BAT';
/** Entries that are kept, or not, together: a page of nothing but zeroes takes no memory. */
const PAGE = 8192;
/** Entries of 8 bytes that are written together. */
const WRITTEN = 512;
/** An entry in memory: state in the low 3 bits, offset in MiB above. */
const MAX_OFFSET = 2 ** 29;

/** What the BAT's size and the places of its entries follow from. */
export interface BatShape {
  /** Offset in the file. */
  readonly offset: number;
  readonly blockSize: number;
  readonly diskSize: number;
  readonly sectorSize: number;
  readonly hasParent: boolean;
}

/**
 * The block allocation table, [MS-VHDX] 2.5: an entry for each payload block, and after each chunk of them one for the
 * chunk's sector bitmap block.
 */
export class Bat {
  readonly blockCount: number;
  /** Payload blocks for each sector bitmap block. */
  readonly chunkRatio: number;
  readonly entryCount: number;
  private readonly shape: BatShape;
  private readonly pages: (Uint32Array | undefined)[];
  /** Groups of WRITTEN entries that changed. */
  private readonly dirty = new Set<number>();

  constructor(shape: BatShape) {
    this.shape = shape;
    const counts = batCounts(shape);
    this.blockCount = counts.blocks;
    this.chunkRatio = counts.chunkRatio;
    this.entryCount = counts.entries;
    this.pages = Array.from<undefined>({ length: Math.ceil(counts.entries / PAGE) });
  }

  /** Index of the entry of a payload block. */
  private indexOf(block: number): number {
    return block + Math.floor(block / this.chunkRatio);
  }

  private bitmapIndex(chunk: number): number {
    return chunk * (this.chunkRatio + 1) + this.chunkRatio;
  }

  private entry(index: number): number {
    return this.pages[Math.floor(index / PAGE)]?.[index % PAGE] ?? 0;
  }

  state(block: number): number {
    return this.entry(this.indexOf(block)) & 7;
  }

  /** File offset of a payload block that is there. */
  offset(block: number): number {
    return (this.entry(this.indexOf(block)) >>> 3) * MIB;
  }

  /** File offset of a chunk's sector bitmap block; -1 where it has none. */
  bitmapOffset(chunk: number): number {
    const entry = this.entry(this.bitmapIndex(chunk));
    return (entry & 7) === BITMAP_PRESENT ? (entry >>> 3) * MIB : -1;
  }

  setBlock(block: number, state: number, offset: number): void {
    this.set(this.indexOf(block), state, offset);
  }

  setBitmap(chunk: number, offset: number): void {
    this.set(this.bitmapIndex(chunk), BITMAP_PRESENT, offset);
  }

  private set(index: number, state: number, offset: number): void {
    const page = (this.pages[Math.floor(index / PAGE)] ??= new Uint32Array(PAGE));
    page[index % PAGE] = (((offset / MIB) << 3) | state) >>> 0;
    this.dirty.add(Math.floor(index / WRITTEN));
  }

  /**
   * Reads and checks the table.
   * @param space where blocks may lie; they are entered there
   * @throws FormatError for an entry that cannot be
   */
  load(file: ContainerFile, space: SpaceMap): void {
    const { offset } = this.shape;
    const piece = new Uint8Array(Math.min(MIB, this.pages.length * PAGE * 8));
    for (let first = 0; first < this.entryCount; first += piece.length / 8) {
      const count = Math.min(piece.length / 8, this.entryCount - first);
      const bytes = piece.subarray(0, count * 8);
      file.read(offset + first * 8, bytes, STRUCTURE);
      const words = new Uint32Array(bytes.buffer, 0, count * 2);
      for (let i = 0; i < count; i++) {
        const low = words[2 * i];
        const high = words[2 * i + 1];
        if (low === 0 && high === 0) continue;
        this.take(first + i, low, high, file, space);
      }
    }
  }

  /** Writes a chunk's sector bitmap entry alone. */
  storeBitmap(file: ContainerFile, chunk: number): void {
    const index = this.bitmapIndex(chunk);
    file.write(this.shape.offset + index * 8, this.serialize(index, 1));
  }

  /** Writes what changed; waits for nothing. */
  store(file: ContainerFile): void {
    for (const group of [...this.dirty].sort((a, b) => a - b)) {
      const first = group * WRITTEN;
      const count = Math.min(WRITTEN, this.entryCount - first);
      file.write(this.shape.offset + first * 8, this.serialize(first, count));
    }
    this.dirty.clear();
  }

  /** @throws FormatError when a block is there in part and its chunk has no sector bitmap */
  checkBitmaps(): void {
    if (!this.shape.hasParent) return;
    for (let block = 0; block < this.blockCount; block++) {
      const index = this.indexOf(block);
      if (this.pages[Math.floor(index / PAGE)] === undefined) {
        // So many of the page's entries from here on are payload blocks, at least.
        const left = PAGE - (index % PAGE);
        block += Math.max(0, left - Math.ceil(left / (this.chunkRatio + 1)) - 1);
        continue;
      }
      if (this.state(block) !== BlockState.PARTIALLY_PRESENT) continue;
      if (this.bitmapOffset(Math.floor(block / this.chunkRatio)) >= 0) continue;
      const at = this.shape.offset + this.indexOf(block) * 8;
      throw malformed(STRUCTURE, at, `block ${block} is there in part, and its chunk has no sector bitmap`);
    }
  }

  get isDirty(): boolean {
    return this.dirty.size > 0;
  }

  private serialize(first: number, count: number): Uint8Array {
    const words = new Uint32Array(count * 2);
    for (let i = 0; i < count; i++) {
      const entry = this.entry(first + i);
      // The offset in MiB is in the upper 44 bits.
      const megabytes = entry >>> 3;
      words[2 * i] = ((megabytes << 20) | (entry & 7)) >>> 0;
      words[2 * i + 1] = megabytes >>> 12;
    }
    return new Uint8Array(words.buffer);
  }

  private take(index: number, low: number, high: number, file: ContainerFile, space: SpaceMap): void {
    const at = this.shape.offset + index * 8;
    const state = low & 7;
    const megabytes = high * 4096 + (low >>> 20);
    const isBitmap = index % (this.chunkRatio + 1) === this.chunkRatio;
    const isThere = isBitmap ? this.checkBitmapState(state, at) : this.checkBlockState(state, at);
    // Of a block that is not there the offset says nothing.
    if (isThere) {
      if (megabytes === 0 || megabytes >= MAX_OFFSET) {
        throw malformed(STRUCTURE, at, `a block cannot lie at MiB ${megabytes}`, 'FileOffsetMB');
      }
      const block = index - Math.floor(index / (this.chunkRatio + 1));
      const { blockSize, diskSize } = this.shape;
      const needed = isBitmap ? MIB : Math.min(blockSize, diskSize - block * blockSize);
      if (megabytes * MIB + needed > file.size) {
        throw truncated(
          STRUCTURE,
          at,
          `block at MiB ${megabytes} lies outside the file of ${file.size} bytes`,
        );
      }
      space.claim(megabytes, isBitmap ? 1 : blockSize / MIB, STRUCTURE, at);
    }
    const page = (this.pages[Math.floor(index / PAGE)] ??= new Uint32Array(PAGE));
    page[index % PAGE] = (((isThere ? megabytes : 0) << 3) | state) >>> 0;
  }

  private checkBitmapState(state: number, at: number): boolean {
    if (state !== 0 && state !== BITMAP_PRESENT) {
      throw malformed(STRUCTURE, at, `sector bitmap block has state ${state}`, 'State');
    }
    if (state !== 0 && !this.shape.hasParent) {
      throw malformed(STRUCTURE, at, 'a sector bitmap block in a disk without a parent', 'State');
    }
    return state !== 0;
  }

  private checkBlockState(state: number, at: number): boolean {
    if (state === 4) throw malformed(STRUCTURE, at, 'block has state 4, which does not exist', 'State');
    if (state === BlockState.PARTIALLY_PRESENT && !this.shape.hasParent) {
      throw malformed(STRUCTURE, at, 'a block that is there in part, in a disk without a parent', 'State');
    }
    return state >= BlockState.FULLY_PRESENT;
  }
}

/** Blocks, blocks a chunk and entries of a disk of this shape. */
export function batCounts(shape: Omit<BatShape, 'offset'>): {
  blocks: number;
  chunkRatio: number;
  entries: number;
} {
  const { blockSize, diskSize, sectorSize, hasParent } = shape;
  // A sector bitmap block is 1 MiB: 2^23 sectors.
  const chunkRatio = (2 ** 23 * sectorSize) / blockSize;
  const blocks = Math.ceil(diskSize / blockSize);
  const entries = hasParent
    ? Math.ceil(blocks / chunkRatio) * (chunkRatio + 1)
    : blocks + Math.floor((blocks - 1) / chunkRatio);
  return { blocks, chunkRatio, entries };
}
