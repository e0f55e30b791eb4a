import { AppError } from '../../../../src-shared/errors/appError';
import { BitmapCache, bitRun, setBits } from '../bitmapCache';
import type { ContainerFile } from '../containerFile';
import { malformed, truncated } from '../diskFaults';
import { ABSENT, type BlockTable } from '../sparseDisk';
import { FOOTER_SIZE, HEADER_SIZE, SECTOR, UNUSED } from './records';

const STRUCTURE = 'VHD BAT';
/** Bytes of sector bitmaps that are kept in memory: those of 8 GiB of the disk. */
const KEPT_BITMAPS = 2 * 1024 * 1024;
/** Data of new blocks begin at such an offset, so that threads and file systems meet on whole pages. */
const ALIGNMENT = 4096;
/** Entries in a sector. */
const GROUP = SECTOR / 4;

export interface VhdTableOptions {
  readonly blockSize: number;
  readonly blockCount: number;
  readonly tableOffset: number;
  readonly headerOffset: number;
  readonly diskSize: number;
  readonly hasParent: boolean;
  /** Where the footer at the end begins, or the file ends. */
  readonly dataEnd: number;
  /** Whether there is a good footer; where there is none, `flush` writes one. */
  readonly hasFooter: boolean;
  readonly footer: Uint8Array;
}

/**
 * The block allocation table of a VHD, whose blocks each begin with a bitmap of their sectors. In a dynamic disk a
 * sector whose bit is not set was never written and is zeroes in the file, too: bits count in a differencing disk only.
 *
 * New blocks go where the footer was. Until `flush` writes it at the new end, its copy at the beginning says what the
 * file is. `flush` writes the bitmaps after the data and the table after the bitmaps, with the medium reached between
 * each, so that an interruption leaves entries that are old or new, and both are true.
 */
export class VhdTable implements BlockTable {
  readonly blockSize: number;
  private readonly file: ContainerFile;
  private readonly options: VhdTableOptions;
  private readonly entries: Uint32Array;
  private readonly bitmapSize: number;
  private readonly bitmaps: BitmapCache;
  /** Groups of entries that changed. */
  private readonly dirty = new Set<number>();
  /** Where the footer belongs: the end of the last block. */
  private end: number;
  /** Where the footer at the end begins; undefined where none is there, as after it was cut off. */
  private footerAt: number | undefined;

  /** @throws FormatError for a table whose entries cannot be */
  constructor(file: ContainerFile, options: VhdTableOptions) {
    this.file = file;
    this.options = options;
    this.blockSize = options.blockSize;
    this.bitmapSize = Math.ceil(options.blockSize / SECTOR / 8 / SECTOR) * SECTOR;
    this.end = Math.ceil(options.dataEnd / SECTOR) * SECTOR;
    this.footerAt = options.hasFooter ? options.dataEnd : undefined;
    this.entries = this.load();
    this.bitmaps = new BitmapCache(
      KEPT_BITMAPS / this.bitmapSize,
      (block) => this.file.take(this.entries[block] * SECTOR, this.bitmapSize, 'VHD sector bitmap'),
      () => this.flush(),
    );
  }

  place(block: number): number {
    const entry = this.entries[block];
    return entry === UNUSED ? ABSENT : entry * SECTOR + this.bitmapSize;
  }

  isPartial(block: number): boolean {
    return this.options.hasParent && this.entries[block] !== UNUSED;
  }

  sectorRun(block: number, sector: number, limit: number): number {
    return bitRun(this.bitmaps.get(block), sector, limit, 'highFirst');
  }

  beginWriting(): void {
    // The first block that is made takes the footer's place; see extend.
  }

  make(block: number, partial: boolean): number {
    const place = Math.ceil((this.end + this.bitmapSize) / ALIGNMENT) * ALIGNMENT;
    const start = place - this.bitmapSize;
    if (start / SECTOR >= UNUSED) {
      throw new AppError('io/no-space', `${this.file.path} has reached 2 TiB, the most that a VHD can have`, {
        path: this.file.path,
      });
    }
    const bitmap = new Uint8Array(this.bitmapSize);
    if (!partial) setBits(bitmap, 0, this.blockSize / SECTOR, 'highFirst');
    // Before the entry: making room for the bitmap may write the table, which must not point to the block yet.
    this.bitmaps.put(block, bitmap);
    this.entries[block] = start / SECTOR;
    this.dirty.add(Math.floor(block / GROUP));
    this.end = place + this.blockSize;
    return place;
  }

  mark(block: number, first: number, count: number): void {
    const bitmap = this.bitmaps.get(block);
    if (bitRun(bitmap, first, count, 'highFirst') === count) return;
    setBits(bitmap, first, count, 'highFirst');
    this.bitmaps.put(block, bitmap);
  }

  extend(): void {
    if (this.footerAt !== undefined) {
      if (this.end <= this.footerAt) return;
      // What it leaves must be zeroes: it becomes data of a block.
      this.file.truncate(Math.min(this.file.size, this.footerAt));
      this.footerAt = undefined;
    }
    this.file.extendTo(this.end);
  }

  flush(): void {
    this.extend();
    this.file.flush();
    if (this.bitmaps.hasChanges) {
      this.bitmaps.writeChanged((block, bitmap) => this.file.write(this.entries[block] * SECTOR, bitmap));
      this.file.flush();
    }
    if (this.dirty.size === 0 && this.footerAt !== undefined) return;
    this.storeEntries();
    this.file.write(this.end, this.options.footer);
    this.footerAt = this.end;
    this.file.flush();
  }

  private storeEntries(): void {
    for (const group of [...this.dirty].sort((a, b) => a - b)) {
      const first = group * GROUP;
      const count = Math.min(GROUP, this.entries.length - first);
      const bytes = new Uint8Array(count * 4);
      const view = new DataView(bytes.buffer);
      for (let i = 0; i < count; i++) view.setUint32(i * 4, this.entries[first + i]);
      this.file.write(this.options.tableOffset + first * 4, bytes);
    }
    this.dirty.clear();
  }

  private load(): Uint32Array {
    const { blockCount, tableOffset } = this.options;
    const bytes = this.file.take(tableOffset, blockCount * 4, STRUCTURE);
    const view = new DataView(bytes.buffer);
    const entries = new Uint32Array(blockCount);
    let used = 0;
    for (let block = 0; block < blockCount; block++) {
      const entry = view.getUint32(block * 4);
      entries[block] = entry;
      if (entry === UNUSED) continue;
      used++;
      this.checkEntry(block, entry);
    }
    const sorted = new Uint32Array(used);
    let next = 0;
    for (const entry of entries) if (entry !== UNUSED) sorted[next++] = entry;
    sorted.sort();
    const sectors = (this.bitmapSize + this.blockSize) / SECTOR;
    for (let i = 1; i < used; i++) {
      if (sorted[i] - sorted[i - 1] < sectors) {
        const at = tableOffset + entries.indexOf(sorted[i]) * 4;
        throw malformed(STRUCTURE, at, `the block at sector ${sorted[i]} lies on another`);
      }
    }
    return entries;
  }

  private checkEntry(block: number, entry: number): void {
    const { tableOffset, headerOffset, blockCount, diskSize, dataEnd } = this.options;
    const at = tableOffset + block * 4;
    const start = entry * SECTOR;
    const end = start + this.bitmapSize + Math.min(this.blockSize, diskSize - block * this.blockSize);
    if (end > dataEnd) {
      throw truncated(STRUCTURE, at, `block ${block} ends at ${end}, the data of the file at ${dataEnd}`);
    }
    const lies = (on: number, length: number): boolean => start < on + length && on < end;
    if (lies(0, FOOTER_SIZE) || lies(headerOffset, HEADER_SIZE) || lies(tableOffset, blockCount * 4)) {
      throw malformed(STRUCTURE, at, `block ${block} lies at ${start}, on a header or the table`);
    }
  }
}
