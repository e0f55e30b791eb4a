import { growColumn } from '../../binary/columns';
import { BlobPlace, type BlobTable } from '../blobTable';
import type { ResourceHeader } from '../records/resourceHeader';

const CLAIMED = 1;
const PRESENT = 2;
const OMITTED = 3;

/** Where each blob of a {@link BlobTable} lies in the file being written; rows are those of the table. */
export class OutputBlobs {
  private present = new Uint8Array(64);
  private offset = new Float64Array(64);
  private storedSize = new Float64Array(64);
  private flags = new Uint8Array(64);
  count = 0;

  constructor(readonly blobs: BlobTable) {}

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
  }

  header(row: number): ResourceHeader {
    return {
      offset: this.offset[row],
      storedSize: this.storedSize[row],
      size: this.blobs.size[row],
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

  /** Rows that are present, by file offset. */
  rowsByOffset(): Int32Array {
    const rows = new Int32Array(this.count);
    let next = 0;
    for (let row = 0; row < this.present.length; row++) if (this.present[row] === PRESENT) rows[next++] = row;
    return rows.sort((a, b) => this.offset[a] - this.offset[b]);
  }

  private grow(capacity: number): void {
    this.present = growColumn(this.present, capacity);
    this.offset = growColumn(this.offset, capacity);
    this.storedSize = growColumn(this.storedSize, capacity);
    this.flags = growColumn(this.flags, capacity);
  }
}
