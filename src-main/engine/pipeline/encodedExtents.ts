import { FormatError } from '../../../src-shared/errors/appError';
import { decompressorFor } from '../codec/codecs';
import type { Kernels } from '../codec/kernel';
import { decompressLznt1 } from '../codec/lznt1/lznt1';
import type { Extent } from '../disk/blockDevice';
import type { StreamEncoding } from './tasks';

/** Fills `target` with the stored form of a stream from `offset` on, holes as zeroes. */
export type ReadStored = (offset: number, target: Uint8Array) => void;

/** What a compressed stream is read through. */
export interface ExpandedStream {
  /**
   * Fills `target` with the stream's bytes from `offset` on; the caller keeps inside the stream.
   * @throws FormatError `volume/malformed` where the stored form is damaged
   */
  read(offset: number, target: Uint8Array): void;
}

/**
 * A stream that is not stored as it is.
 * @param extents of its stored form: holes are told from zeroes by them
 * @param size bytes of the stream, expanded
 * @throws FormatError `volume/malformed` where the stored form cannot be one
 */
export function expandStream(
  encoding: Exclude<StreamEncoding, { kind: 'plain' }>,
  extents: readonly Extent[],
  size: number,
  readStored: ReadStored,
  kernels: Kernels,
): ExpandedStream {
  return encoding.kind === 'lznt1'
    ? new Lznt1Units(extents, encoding.unit, readStored)
    : new WofChunks(encoding, size, readStored, kernels);
}

/**
 * NTFS compression: a unit whose clusters are all there is stored as it is, one without any is zeroes, and one that ends in
 * a hole is LZNT1.
 */
export class Lznt1Units implements ExpandedStream {
  /** Where each run of stored bytes begins and ends: all but the holes. */
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;
  private readonly expanded: Uint8Array;
  private readonly stored: Uint8Array;
  /** The unit in `expanded`. */
  private current = -1;

  constructor(
    extents: readonly Extent[],
    private readonly unit: number,
    private readonly readStored: ReadStored,
  ) {
    const starts: number[] = [];
    const ends: number[] = [];
    let at = 0;
    for (const extent of extents) {
      const end = at + (extent.kind === 'bytes' ? extent.bytes.length : extent.length);
      if (extent.kind !== 'hole') {
        if (ends.at(-1) === at) ends[ends.length - 1] = end;
        else {
          starts.push(at);
          ends.push(end);
        }
      }
      at = end;
    }
    this.starts = Float64Array.from(starts);
    this.ends = Float64Array.from(ends);
    this.expanded = new Uint8Array(unit);
    this.stored = new Uint8Array(unit);
  }

  read(offset: number, target: Uint8Array): void {
    const { unit } = this;
    for (let done = 0; done < target.length;) {
      const index = Math.floor((offset + done) / unit);
      const inside = offset + done - index * unit;
      const part = target.subarray(done, done + Math.min(unit - inside, target.length - done));
      const stored = this.storedOf(index);
      if (stored === unit) this.readStored(offset + done, part);
      else if (stored === 0) part.fill(0);
      else {
        this.expand(index, stored);
        part.set(this.expanded.subarray(inside, inside + part.length));
      }
      done += part.length;
    }
  }

  private expand(index: number, size: number): void {
    if (this.current === index) return;
    this.current = -1;
    const stored = this.stored.subarray(0, size);
    this.readStored(index * this.unit, stored);
    decompressLznt1(stored, this.expanded);
    this.current = index;
  }

  /** Stored bytes of a unit, which begin with it. @throws FormatError when there is a hole before them */
  private storedOf(index: number): number {
    const start = index * this.unit;
    let low = 0;
    let high = this.ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ends[middle] > start) high = middle;
      else low = middle + 1;
    }
    if (low === this.ends.length || this.starts[low] >= start + this.unit) return 0;
    const end = Math.min(this.ends[low], start + this.unit);
    const isSplit =
      end < start + this.unit && low + 1 < this.starts.length && this.starts[low + 1] < start + this.unit;
    if (this.starts[low] > start || isSplit) {
      throw new FormatError(
        { structure: 'compression unit', offset: start, problem: 'it has a hole before its data' },
        'volume/malformed',
      );
    }
    return end - start;
  }
}

/** Offsets of a chunk table that are read at a time. */
const TABLE_PIECE = 4096;

/**
 * Compression by WOF: a table with the end of every chunk but the last, counted from its own end, in 32 bits (64 where the
 * stream has 4 GiB or more), then the chunks. A chunk that is not smaller than what it expands to is stored as it is.
 */
class WofChunks implements ExpandedStream {
  private readonly chunkSize: number;
  private readonly chunks: number;
  private readonly entrySize: number;
  private readonly storedSize: number;
  /** Where the chunks begin: end of the table. */
  private readonly dataStart: number;
  private readonly expanded: Uint8Array;
  private readonly stored: Uint8Array;
  private current = -1;
  private table: DataView | undefined;
  private tableFirst = 0;

  constructor(
    private readonly encoding: Extract<StreamEncoding, { kind: 'wof' }>,
    private readonly size: number,
    private readonly readStored: ReadStored,
    private readonly kernels: Kernels,
  ) {
    this.chunkSize = encoding.chunkSize;
    this.storedSize = encoding.storedSize;
    this.chunks = Math.ceil(size / this.chunkSize);
    this.entrySize = size > 0xffffffff ? 8 : 4;
    this.dataStart = Math.max(0, this.chunks - 1) * this.entrySize;
    if (size > 0 && this.dataStart >= this.storedSize) {
      throw damaged(0, `its table of ${this.chunks} chunks does not fit in ${this.storedSize} bytes`);
    }
    this.expanded = new Uint8Array(this.chunkSize);
    this.stored = new Uint8Array(this.chunkSize);
  }

  read(offset: number, target: Uint8Array): void {
    const { chunkSize } = this;
    for (let done = 0; done < target.length;) {
      const index = Math.floor((offset + done) / chunkSize);
      const inside = offset + done - index * chunkSize;
      const length = Math.min(chunkSize, this.size - index * chunkSize);
      const part = target.subarray(done, done + Math.min(length - inside, target.length - done));
      this.expand(index, length, part.length === length ? part : undefined);
      if (part.length !== length) part.set(this.expanded.subarray(inside, inside + part.length));
      done += part.length;
    }
  }

  /** @param whole where the chunk goes, if all of it is wanted; else it is kept */
  private expand(index: number, length: number, whole: Uint8Array | undefined): void {
    if (whole === undefined && this.current === index) return;
    if (whole === undefined) this.current = -1;
    const target = whole ?? this.expanded.subarray(0, length);
    const start = index === 0 ? 0 : this.chunkEnd(index - 1);
    const end = index === this.chunks - 1 ? this.storedSize - this.dataStart : this.chunkEnd(index);
    const size = end - start;
    if (start < 0 || size <= 0 || this.dataStart + end > this.storedSize || size > length) {
      throw damaged(this.dataStart + start, `chunk ${index} has ${size} bytes, and expands to ${length}`);
    }
    if (size === length) {
      this.readStored(this.dataStart + start, target);
    } else {
      const stored = this.stored.subarray(0, size);
      this.readStored(this.dataStart + start, stored);
      decompressorFor(this.kernels, this.encoding.format, this.chunkSize).decompress(stored, target);
    }
    if (whole === undefined) this.current = index;
  }

  /** Entry of the chunk table. */
  private chunkEnd(index: number): number {
    const { entrySize } = this;
    if (
      this.table === undefined ||
      index < this.tableFirst ||
      (index - this.tableFirst + 1) * entrySize > this.table.byteLength
    ) {
      const first = index - (index % (TABLE_PIECE / entrySize));
      const bytes = new Uint8Array(Math.min(TABLE_PIECE, this.dataStart - first * entrySize));
      this.readStored(first * entrySize, bytes);
      this.table = new DataView(bytes.buffer);
      this.tableFirst = first;
    }
    const at = (index - this.tableFirst) * entrySize;
    return entrySize === 4
      ? this.table.getUint32(at, true)
      : this.table.getUint32(at, true) + 4294967296 * this.table.getUint32(at + 4, true);
  }
}

function damaged(offset: number, problem: string): FormatError {
  return new FormatError({ structure: 'WofCompressedData', offset, problem }, 'volume/malformed');
}
