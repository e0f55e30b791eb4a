import { FormatError } from '../../../src-shared/errors/appError';
import { readExactly, type ByteSource } from '../binary/byteSource';
import { assertSolidSizes, SOLID_HEADER_SIZE, type SolidPlace } from '../pipeline/solidChunks';
import { BlobPlace, type BlobTable } from './blobTable';
import { solidFormats, SolidHeader } from './records/solidHeader';

/** A solid resource of an opened WIM. */
export interface SolidResource extends SolidPlace {
  /** Index into the list of files that the WIM was opened from. */
  readonly part: number;
}

/** A solid resource's entry in a blob table. */
export interface SolidEntry {
  readonly offset: number;
  readonly storedSize: number;
}

const STRUCTURE = 'blob table';

/**
 * The solid resources of one part while its blob table is read.
 *
 * Neighbouring entries of the table that all have the solid flag are a run: the solid resources in it and the blobs that
 * lie in them, in any order. A blob's offset counts through all resources of its run, as if they were one.
 */
export class SolidRuns {
  /** Index of the resource that begins at an offset. */
  private readonly byOffset = new Map<number, number>();

  /** @param resources the Wim's list; those of this part are added to it */
  constructor(
    private readonly source: ByteSource,
    private readonly part: number,
    private readonly resources: SolidResource[],
  ) {}

  /** Opens the resources of a run. @throws FormatError */
  open(entries: readonly SolidEntry[]): SolidRun {
    const indices = entries.map((entry) => this.add(entry));
    return new SolidRun(
      indices,
      indices.map((index) => this.resources[index].size),
    );
  }

  /** @throws FormatError when resources, or blobs in one of them, lie over each other */
  finish(blobs: BlobTable): void {
    if (this.byOffset.size === 0) return;
    const offsets = Float64Array.from(this.byOffset.keys()).sort();
    let end = 0;
    for (const offset of offsets) {
      if (offset < end) overlap(offset, 'a solid resource begins within another');
      end = offset + this.resources[this.byOffset.get(offset) as number].storedSize;
    }
    const rows: number[] = [];
    for (let row = 0; row < blobs.length; row++)
      if (blobs.place[row] === BlobPlace.SOLID && blobs.part[row] === this.part) rows.push(row);
    const sorted = Int32Array.from(rows).sort(
      (a, b) => blobs.solid[a] - blobs.solid[b] || blobs.offset[a] - blobs.offset[b],
    );
    for (let i = 1; i < sorted.length; i++) {
      const [before, row] = [sorted[i - 1], sorted[i]];
      if (blobs.solid[before] !== blobs.solid[row]) continue;
      if (blobs.offset[before] + blobs.size[before] > blobs.offset[row])
        overlap(this.resources[blobs.solid[row]].offset, 'blobs of a solid resource lie over each other');
    }
  }

  private add({ offset, storedSize }: SolidEntry): number {
    const known = this.byOffset.get(offset);
    if (known !== undefined && this.resources[known].storedSize === storedSize) return known;
    const header = SolidHeader.parse(
      readExactly(this.source, offset, SOLID_HEADER_SIZE, 'solid resource'),
      offset,
    );
    const format = solidFormats.at(header.format);
    if (format === undefined) {
      throw new FormatError({
        structure: 'solid resource',
        field: 'format',
        offset: offset + SolidHeader.fields.format.offset,
        problem: `${header.format} is no compression format`,
      });
    }
    const resource: SolidResource = {
      part: this.part,
      offset,
      storedSize,
      size: Number(header.size),
      format,
      chunkSize: header.chunkSize,
    };
    assertSolidSizes(resource);
    if (known !== undefined) overlap(offset, 'two solid resources begin at one place');
    this.resources.push(resource);
    this.byOffset.set(offset, this.resources.length - 1);
    return this.resources.length - 1;
  }
}

/** Finds the resource that a blob of a run lies in. */
export class SolidRun {
  /** Where each resource ends when all are laid one behind the other. */
  private readonly ends: Float64Array;

  constructor(
    private readonly indices: readonly number[],
    private readonly sizes: readonly number[],
  ) {
    let end = 0;
    this.ends = Float64Array.from(sizes, (size) => (end += size));
  }

  /**
   * @param at where the blob's entry is in the table
   * @returns the index of the resource, and the blob's offset in its data
   * @throws FormatError when the blob does not lie in one of them
   */
  place(offset: number, size: number, at: number): { readonly resource: number; readonly offset: number } {
    let low = 0;
    let high = this.ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.ends[middle] > offset) high = middle;
      else low = middle + 1;
    }
    if (low < this.ends.length && offset + size <= this.ends[low]) {
      return { resource: this.indices[low], offset: offset - (this.ends[low] - this.sizes[low]) };
    }
    throw new FormatError({
      structure: STRUCTURE,
      field: 'resource',
      offset: at,
      problem: `${size} bytes at ${offset} lie in none of the ${this.sizes.length} solid resources beside the entry`,
    });
  }
}

function overlap(offset: number, problem: string): never {
  throw new FormatError({ structure: 'solid resource', offset, problem });
}
