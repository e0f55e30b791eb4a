import { BitmapCache, bitRun, setBits } from '../bitmapCache';
import type { ContainerFile } from '../containerFile';
import { malformed } from '../diskFaults';
import { ABSENT, ZERO, type BlockTable } from '../sparseDisk';
import type { Bat } from './bat';
import { type CurrentHeader, updateHeaders } from './headers';
import { BlockState, MIB } from './records';

/** Sector bitmap blocks, 1 MiB each, that are kept in memory. */
const KEPT_BITMAPS = 16;

export interface VhdxTableOptions {
  readonly bat: Bat;
  readonly blockSize: number;
  readonly sectorSize: number;
  readonly current: CurrentHeader;
  /** A new GUID, 16 bytes. */
  readonly newGuid: () => Uint8Array;
}

/**
 * The block allocation table of a VHDX with its sector bitmaps, [MS-VHDX] 2.5.
 *
 * The format has a log so that changes of tables are whole or not at all. Changes here need none, because each is one
 * field of 8 bytes, which a sector holds whole, or a bit, and `flush` keeps this order:
 *
 * 1. the blocks' data reach the medium (the file was extended before; a new block that nothing points to is no harm),
 * 2. then the sector bitmaps, whose new bits are about data that is there,
 * 3. then the BAT entries, which point to blocks and bitmaps that are there.
 *
 * An interruption leaves each entry old or new, and both are true. The entry of a new sector bitmap block, which is
 * all zeroes, is on the medium before any payload entry that needs it. The log stays empty all the time: its GUID in
 * the headers is zero.
 */
export class VhdxTable implements BlockTable {
  readonly blockSize: number;
  private readonly file: ContainerFile;
  private readonly bat: Bat;
  private readonly sectorsPerBlock: number;
  private readonly newGuid: () => Uint8Array;
  private readonly bitmaps: BitmapCache;
  private current: CurrentHeader;
  /** Where the next block goes. */
  private end: number;

  constructor(file: ContainerFile, options: VhdxTableOptions) {
    this.file = file;
    this.bat = options.bat;
    this.blockSize = options.blockSize;
    this.sectorsPerBlock = options.blockSize / options.sectorSize;
    this.current = options.current;
    this.newGuid = options.newGuid;
    this.end = Math.ceil(file.size / MIB) * MIB;
    this.bitmaps = new BitmapCache(
      KEPT_BITMAPS,
      (chunk) => this.loadBitmap(chunk),
      () => this.flush(),
    );
  }

  place(block: number): number {
    switch (this.bat.state(block)) {
      case BlockState.FULLY_PRESENT:
      case BlockState.PARTIALLY_PRESENT:
        return this.bat.offset(block);
      case BlockState.NOT_PRESENT:
        return ABSENT;
      default:
        return ZERO;
    }
  }

  isPartial(block: number): boolean {
    return this.bat.state(block) === BlockState.PARTIALLY_PRESENT;
  }

  sectorRun(block: number, sector: number, limit: number): number {
    return bitRun(this.bitmaps.get(this.chunkOf(block)), this.firstBit(block) + sector, limit, 'lowFirst');
  }

  beginWriting(): void {
    const guids = { fileWriteGuid: this.newGuid(), dataWriteGuid: this.newGuid() };
    this.current = updateHeaders(this.file, this.current, guids);
  }

  make(block: number, partial: boolean): number {
    if (partial) {
      this.needBitmap(this.chunkOf(block));
      this.clearBits(block);
    }
    const offset = this.end;
    this.end += this.blockSize;
    this.bat.setBlock(block, partial ? BlockState.PARTIALLY_PRESENT : BlockState.FULLY_PRESENT, offset);
    return offset;
  }

  mark(block: number, first: number, count: number): void {
    if (!this.isPartial(block)) return;
    const chunk = this.chunkOf(block);
    const bitmap = this.bitmaps.get(chunk);
    setBits(bitmap, this.firstBit(block) + first, count, 'lowFirst');
    this.bitmaps.put(chunk, bitmap);
  }

  extend(): void {
    this.file.extendTo(this.end);
  }

  flush(): void {
    this.file.extendTo(this.end);
    this.file.flush();
    if (this.bitmaps.hasChanges) {
      this.bitmaps.writeChanged((chunk, bitmap) => this.file.write(this.bat.bitmapOffset(chunk), bitmap));
      this.file.flush();
    }
    if (!this.bat.isDirty) return;
    this.bat.store(this.file);
    this.file.flush();
  }

  private chunkOf(block: number): number {
    return Math.floor(block / this.bat.chunkRatio);
  }

  /** Index of a block's first bit in its chunk's bitmap. */
  private firstBit(block: number): number {
    return (block % this.bat.chunkRatio) * this.sectorsPerBlock;
  }

  private loadBitmap(chunk: number): Uint8Array {
    const offset = this.bat.bitmapOffset(chunk);
    if (offset < 0) {
      throw malformed(
        'VHDX BAT',
        0,
        `chunk ${chunk} has blocks that are there in part, and no sector bitmap`,
      );
    }
    return this.file.take(offset, MIB, 'VHDX sector bitmap');
  }

  /** A chunk's first bitmap: its entry is on the medium before anything rests on it. */
  private needBitmap(chunk: number): void {
    if (this.bat.bitmapOffset(chunk) >= 0) return;
    const offset = this.end;
    this.end += MIB;
    this.file.extendTo(this.end);
    this.file.flush();
    this.bat.setBitmap(chunk, offset);
    this.bat.storeBitmap(this.file, chunk);
    this.file.flush();
  }

  /** A block that was not there may have left bits behind. */
  private clearBits(block: number): void {
    const chunk = this.chunkOf(block);
    const bitmap = this.bitmaps.get(chunk);
    const first = this.firstBit(block);
    bitmap.fill(0, first >>> 3, (first + this.sectorsPerBlock) >>> 3);
    this.bitmaps.put(chunk, bitmap);
  }
}
