import type { DiskFormat, DiskKind } from '../../../src-shared/model/disks';
import type { Extent } from './blockDevice';
import type { ContainerFile } from './containerFile';
import { ExtentList } from './extentList';
import { assertInside, assertWritable, lengthWithin } from './ranges';
import type { VirtualDisk } from './virtualDisk';

/** A block that the file does not hold: the parent's, or zeroes. */
export const ABSENT = -1;
/** A block that reads as zeroes, whatever the parent holds. */
export const ZERO = -2;

/** The allocation table of a VHD or VHDX: where its blocks lie. Changes are in memory until `flush`. */
export interface BlockTable {
  /** Bytes of a block. */
  readonly blockSize: number;
  /** File offset of a block's data, {@link ABSENT} or {@link ZERO}. */
  place(block: number): number;
  /** Whether only those sectors of a block that is there count whose bit is set; the others are the parent's. */
  isPartial(block: number): boolean;
  /**
   * Sectors from `sector` of a partial block on that are alike, at most `limit`: their number where they are there,
   * minus their number where they are the parent's.
   */
  sectorRun(block: number, sector: number, limit: number): number;
  /** Called before the first change of the file: what must be on the disk before it. */
  beginWriting(): void;
  /**
   * Gives room at the end of the file to a block that is not there. @param partial none of its sectors counts yet
   * @returns file offset of its data
   */
  make(block: number, partial: boolean): number;
  /** Counts sectors of a block as there: decides what is read of a partial one, and is kept for others by a VHD. */
  mark(block: number, first: number, count: number): void;
  /** Extends the file over the blocks that were made; what is new reads as zeroes. */
  extend(): void;
  /** Writes what changed, so that an interruption at any point leaves a disk that opens, and waits for the medium. */
  flush(): void;
}

export interface SparseDiskFacts {
  readonly format: DiskFormat;
  readonly kind: DiskKind;
  readonly size: number;
  readonly sectorSize: number;
  readonly physicalSectorSize: number;
  /** Bytes that a bit of a sector bitmap stands for. */
  readonly bitmapSector: number;
  readonly warnings: readonly string[];
}

const FROM_FILE = 0;
const FROM_PARENT = 1;
const FROM_NOWHERE = 2;
type Origin = typeof FROM_FILE | typeof FROM_PARENT | typeof FROM_NOWHERE;

/**
 * A disk whose file holds the blocks that were written: dynamic and differencing VHD and VHDX (and a fixed VHDX, which
 * holds all). Neighbouring blocks that also lie side by side in the file are read and written with one call.
 */
export class SparseDisk implements VirtualDisk {
  readonly name: string;
  readonly size: number;
  readonly sectorSize: number;
  readonly physicalSectorSize: number;
  readonly writable: boolean;
  readonly format: DiskFormat;
  readonly kind: DiskKind;
  readonly blockSize: number;
  readonly parents: readonly string[];
  readonly warnings: readonly string[];
  private readonly container: ContainerFile;
  private readonly table: BlockTable;
  private readonly parent: VirtualDisk | undefined;
  private readonly bitmapSector: number;
  private writing = false;

  constructor(
    container: ContainerFile,
    table: BlockTable,
    facts: SparseDiskFacts,
    parent?: { readonly device: VirtualDisk; readonly path: string },
  ) {
    this.container = container;
    this.table = table;
    this.parent = parent?.device;
    this.name = container.path;
    this.size = facts.size;
    this.sectorSize = facts.sectorSize;
    this.physicalSectorSize = facts.physicalSectorSize;
    this.writable = container.writable;
    this.format = facts.format;
    this.kind = facts.kind;
    this.blockSize = table.blockSize;
    this.bitmapSector = facts.bitmapSector;
    this.parents = parent === undefined ? [] : [parent.path, ...parent.device.parents];
    this.warnings = [...facts.warnings, ...(parent?.device.warnings ?? [])];
  }

  get allocated(): number {
    return this.container.size;
  }

  read(offset: number, target: Uint8Array): number {
    const length = lengthWithin(this, offset, target.length);
    this.forEachRun(offset, length, (origin, at, place, count) => {
      const part = target.subarray(at - offset, at - offset + count);
      if (origin === FROM_FILE) this.container.read(place, part, 'block');
      else part.fill(0, origin === FROM_PARENT ? this.readParent(at, part) : 0);
    });
    return length;
  }

  write(offset: number, bytes: Uint8Array): void {
    this.allocate(offset, bytes.length);
    this.forEachRun(offset, bytes.length, (_origin, at, place, count) => {
      this.container.write(place, bytes.subarray(at - offset, at - offset + count));
    });
  }

  flush(): void {
    if (this.writing) this.table.flush();
  }

  extents(offset: number, length: number): Extent[] {
    const list = new ExtentList();
    this.forEachRun(offset, lengthWithin(this, offset, length), (origin, at, place, count) => {
      if (origin === FROM_FILE) {
        this.container.addExtents(place, count, list);
        return;
      }
      const above =
        origin === FROM_PARENT && this.parent !== undefined ? lengthWithin(this.parent, at, count) : 0;
      if (above > 0 && this.parent !== undefined) list.add(this.parent.extents(at, above));
      list.addZero(count - above);
    });
    return list.extents();
  }

  allocate(offset: number, length: number): void {
    assertWritable(this);
    assertInside(this, offset, length);
    if (length === 0) return;
    if (!this.writing) {
      this.table.beginWriting();
      this.writing = true;
    }
    const end = offset + length;
    const { blockSize } = this.table;
    /** Sectors at the edges whose rest must be taken along, made once the file has room. */
    const edges: { readonly at: number; readonly place: number }[] = [];
    for (let at = offset; at < end;) {
      const block = Math.floor(at / blockSize);
      const start = block * blockSize;
      const blockEnd = Math.min(start + blockSize, this.size);
      const to = Math.min(end, blockEnd);
      let place = this.table.place(block);
      if (place < 0) {
        const isWhole = at === start && to === blockEnd;
        place = this.table.make(block, place === ABSENT && this.parent !== undefined && !isWhole);
      }
      if (this.table.isPartial(block)) this.claimSectors(block, at - start, to - start, place, edges);
      else this.table.mark(block, ...sectorsOf(at - start, to - start, this.bitmapSector));
      at = to;
    }
    this.table.extend();
    for (const { at, place } of edges) {
      const sector = new Uint8Array(Math.min(this.bitmapSector, this.size - at));
      this.readParent(at, sector);
      this.container.write(place, sector);
    }
  }

  close(): void {
    try {
      this.parent?.close();
    } finally {
      this.container.close();
    }
  }

  /** Counts the sectors of [from, to) of a block as there, and notes those that are not covered whole. */
  private claimSectors(
    block: number,
    from: number,
    to: number,
    place: number,
    edges: { at: number; place: number }[],
  ): void {
    const unit = this.bitmapSector;
    const start = block * this.table.blockSize;
    const [first, count] = sectorsOf(from, to, unit);
    const last = first + count - 1;
    const take = (sector: number): void => {
      if (this.table.sectorRun(block, sector, 1) > 0) return;
      edges.push({ at: start + sector * unit, place: place + sector * unit });
    };
    const isCutInFront = from % unit !== 0;
    const isCutBehind = to % unit !== 0 && start + to < this.size;
    if (isCutInFront) take(first);
    if (isCutBehind && !(isCutInFront && first === last)) take(last);
    this.table.mark(block, first, count);
  }

  /** @returns bytes read: fewer where the parent is smaller */
  private readParent(offset: number, target: Uint8Array): number {
    return this.parent === undefined ? 0 : this.parent.read(offset, target);
  }

  /** Visits a range in runs of one origin, as long as they can be. `place` is the offset in the file. */
  private forEachRun(
    offset: number,
    length: number,
    visit: (origin: Origin, at: number, place: number, count: number) => void,
  ): void {
    let origin: Origin = FROM_NOWHERE;
    let runAt = offset;
    let runPlace = 0;
    let count = 0;
    const add = (nextOrigin: Origin, at: number, place: number, more: number): void => {
      if (count > 0 && nextOrigin === origin && (origin !== FROM_FILE || place === runPlace + count)) {
        count += more;
        return;
      }
      if (count > 0) visit(origin, runAt, runPlace, count);
      origin = nextOrigin;
      runAt = at;
      runPlace = place;
      count = more;
    };
    const absent: Origin = this.parent === undefined ? FROM_NOWHERE : FROM_PARENT;
    const { blockSize } = this.table;
    const end = offset + length;
    for (let at = offset; at < end;) {
      const block = Math.floor(at / blockSize);
      const start = block * blockSize;
      const to = Math.min(end, start + blockSize);
      const place = this.table.place(block);
      if (place === ABSENT) add(absent, at, 0, to - at);
      else if (place === ZERO) add(FROM_NOWHERE, at, 0, to - at);
      else if (!this.table.isPartial(block)) add(FROM_FILE, at, place + (at - start), to - at);
      else {
        const unit = this.bitmapSector;
        for (let part = at; part < to;) {
          const sector = Math.floor((part - start) / unit);
          const run = this.table.sectorRun(block, sector, Math.ceil((to - start) / unit) - sector);
          const next = Math.min(to, start + (sector + Math.abs(run)) * unit);
          add(run > 0 ? FROM_FILE : absent, part, run > 0 ? place + (part - start) : 0, next - part);
          part = next;
        }
      }
      at = to;
    }
    if (count > 0) visit(origin, runAt, runPlace, count);
  }
}

/** First and number of the sectors that [from, to) touches. */
function sectorsOf(from: number, to: number, unit: number): [first: number, count: number] {
  const first = Math.floor(from / unit);
  return [first, Math.ceil(to / unit) - first];
}
