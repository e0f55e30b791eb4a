import { growColumn } from '../../binary/columns';
import { BlobPlace, type BlobTable } from '../blobTable';
import { ResourceFlag, type ResourceHeader } from '../records/resourceHeader';
import type { SolidResource } from '../solidRuns';

const CLAIMED = 1;
const PRESENT = 2;
const OMITTED = 3;

/** A solid resource of the file being written. */
export interface OutputSolid {
  readonly offset: number;
  readonly storedSize: number;
  /** Expanded bytes. */
  readonly size: number;
}

const NOT_SOLID = -1;

/** Where each blob of a {@link BlobTable} lies in the file being written; rows are those of the table. */
export class OutputBlobs {
  private present = new Uint8Array(64);
  private offset = new Float64Array(64);
  private storedSize = new Float64Array(64);
  private flags = new Uint8Array(64);
  /** Index into `solids`. */
  private solid = new Int32Array(64);
  private readonly solids: OutputSolid[] = [];
  /** Which of them a solid resource of the opened WIM became. */
  private readonly keptSolids = new Map<number, number>();
  count = 0;

  /** @param sources solid resources that the table's rows lie in; needed only where such rows are kept */
  constructor(
    readonly blobs: BlobTable,
    private readonly sources: readonly SolidResource[] = [],
  ) {}

  /** Whether the blob is in the file already, is about to be written, or need not be written. */
  isSettled(row: number): boolean {
    return row < this.present.length && this.present[row] !== 0;
  }

  /** Whether the blob is in the file. */
  has(row: number): boolean {
    return row < this.present.length && this.present[row] === PRESENT;
  }

  /** The blob will be written by whoever asks; later ones of the same data find it settled. */
  claim(row: number): void {
    if (row >= this.present.length) this.grow(Math.max(row + 1, this.present.length * 2));
    if (this.present[row] === 0) this.present[row] = CLAIMED;
  }

  /** The blob is not written after all. */
  unclaim(row: number): void {
    if (this.present[row] === CLAIMED) this.present[row] = 0;
  }

  /** The blob stays in another file and is not written. */
  omit(row: number): void {
    if (row >= this.present.length) this.grow(Math.max(row + 1, this.present.length * 2));
    if (this.present[row] !== PRESENT) this.present[row] = OMITTED;
  }

  set(row: number, header: ResourceHeader): void {
    if (row >= this.present.length) this.grow(Math.max(row + 1, this.present.length * 2));
    if (this.present[row] !== PRESENT) this.count += 1;
    this.present[row] = PRESENT;
    this.offset[row] = header.offset;
    this.storedSize[row] = header.storedSize;
    this.flags[row] = header.flags;
    this.solid[row] = NOT_SOLID;
  }

  /** Whether the file has solid resources. */
  get hasSolids(): boolean {
    return this.solids.length > 0;
  }

  /** @returns its number, for {@link setInSolid} */
  addSolid(solid: OutputSolid): number {
    return this.solids.push(solid) - 1;
  }

  /** The blob is in a solid resource of the file. @param offset in its expanded data */
  setInSolid(row: number, solid: number, offset: number): void {
    this.set(row, { offset, storedSize: this.blobs.size[row], size: 0, flags: ResourceFlag.SOLID });
    this.solid[row] = solid;
  }

  /** The solid resource that a blob is in; undefined for one with a resource of its own. */
  solidOf(row: number): OutputSolid | undefined {
    return this.solids.at(this.solid[row] === NOT_SOLID ? this.solids.length : this.solid[row]);
  }

  header(row: number): ResourceHeader {
    return {
      offset: this.offset[row],
      storedSize: this.storedSize[row],
      size: this.solid[row] === NOT_SOLID ? this.blobs.size[row] : 0,
      flags: this.flags[row],
    };
  }

  /** Takes over every blob that the table places in `part`: an append keeps them where they are. */
  keepPart(part: number): void {
    const { blobs } = this;
    for (let row = 0; row < blobs.length; row++) {
      if (blobs.part[row] === part && blobs.place[row] !== BlobPlace.MISSING) this.keep(row);
    }
  }

  /** Takes over one blob where it is. Missing ones are passed over. */
  keep(row: number): void {
    const { blobs } = this;
    if (blobs.place[row] === BlobPlace.MISSING) return;
    if (blobs.place[row] === BlobPlace.SOLID) {
      const source = blobs.solid[row];
      let kept = this.keptSolids.get(source);
      if (kept === undefined) {
        kept = this.addSolid(this.sources[source]);
        this.keptSolids.set(source, kept);
      }
      this.setInSolid(row, kept, blobs.offset[row]);
      return;
    }
    this.set(row, {
      offset: blobs.offset[row],
      storedSize: blobs.storedSize[row],
      size: blobs.size[row],
      flags: blobs.flags[row],
    });
  }

  /** Leaves blobs that nothing names out of the table. Their bytes stay in the file. */
  keepOnly(isNamed: (row: number) => boolean): void {
    for (let row = 0; row < this.present.length; row++) {
      if (this.present[row] !== PRESENT || isNamed(row)) continue;
      this.present[row] = 0;
      this.count -= 1;
    }
  }

  /** Rows that are present, by file offset; those in solid resources last, by resource and their offset in it. */
  rowsByOffset(): Int32Array {
    const rows = new Int32Array(this.count);
    let next = 0;
    for (let row = 0; row < this.present.length; row++) if (this.present[row] === PRESENT) rows[next++] = row;
    if (this.solids.length === 0) return rows.sort((a, b) => this.offset[a] - this.offset[b]);
    const start = (row: number): number => this.solidOf(row)?.offset ?? -1;
    return rows.sort((a, b) => start(a) - start(b) || this.offset[a] - this.offset[b]);
  }

  private grow(capacity: number): void {
    this.present = growColumn(this.present, capacity);
    this.offset = growColumn(this.offset, capacity);
    this.storedSize = growColumn(this.storedSize, capacity);
    this.flags = growColumn(this.flags, capacity);
    this.solid = growColumn(this.solid, capacity);
  }
}
