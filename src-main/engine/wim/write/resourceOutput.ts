import type { ByteSink } from '../../binary/byteSource';
import { chunkEntrySize } from '../../pipeline/resourceChunks';
import type { ResourceHeader } from '../records/resourceHeader';
import { ResourceFlag } from '../records/resourceHeader';

/** Marks the header before each resource of a pipable WIM. */
export const PIPABLE_BLOB_MAGIC = 0x2b9b9ba2443db9d8n;
export const PIPABLE_BLOB_HEADER_SIZE = 40;

/** Where the new WIM is written: it grows at {@link position}, and earlier bytes are changed only by `patch`. */
export class ResourceOutput {
  constructor(
    readonly sink: ByteSink,
    /** File offset of the next byte. */
    public position: number,
    readonly pipable: boolean,
  ) {}

  write(bytes: Uint8Array): void {
    this.sink.write(this.position, bytes);
    this.position += bytes.length;
  }

  /** Leaves room to be filled by {@link patch}. */
  skip(size: number): number {
    const at = this.position;
    this.position += size;
    return at;
  }

  patch(offset: number, bytes: Uint8Array): void {
    this.sink.write(offset, bytes);
  }

  /** Drops everything from `position` on. */
  rewind(position: number): void {
    this.position = position;
    this.sink.truncate(position);
  }

  /** Before a resource of a pipable WIM: what a reader of a pipe must know of it. Nothing in a normal WIM. */
  beginPipable(sha1: Uint8Array, size: number, flags: number): void {
    if (!this.pipable) return;
    const header = new Uint8Array(PIPABLE_BLOB_HEADER_SIZE);
    const view = new DataView(header.buffer);
    view.setBigUint64(0, PIPABLE_BLOB_MAGIC, true);
    view.setBigUint64(8, BigInt(size), true);
    header.set(sha1, 16);
    view.setUint32(36, flags, true);
    this.write(header);
  }
}

/** Serializes a chunk table: the offset of every chunk but the first, counted from the end of the table. */
export function serializeChunkTable(chunkSizes: Uint32Array, size: number): Uint8Array {
  const entry = chunkEntrySize(size);
  const bytes = new Uint8Array((chunkSizes.length - 1) * entry);
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (let i = 0; i + 1 < chunkSizes.length; i++) {
    offset += chunkSizes[i];
    if (entry === 4) view.setUint32(i * 4, offset, true);
    else view.setBigUint64(i * 8, BigInt(offset), true);
  }
  return bytes;
}

/**
 * Writes a resource that lies in memory packed as packBatch makes it (chunk table, then chunks). In a pipable WIM the
 * chunks get their headers and the table goes to the end.
 */
export function writePacked(
  output: ResourceOutput,
  packed: Uint8Array,
  blob: {
    readonly sha1: Uint8Array;
    readonly size: number;
    readonly compressed: boolean;
    readonly chunkSize: number;
    readonly flags: number;
  },
): ResourceHeader {
  const flags = blob.flags | (blob.compressed ? ResourceFlag.COMPRESSED : 0);
  output.beginPipable(blob.sha1, blob.size, flags);
  const offset = output.position;
  if (!output.pipable || !blob.compressed) {
    output.write(packed);
    return { offset, storedSize: packed.length, size: blob.size, flags };
  }
  const count = Math.ceil(blob.size / blob.chunkSize);
  const tableSize = (count - 1) * chunkEntrySize(blob.size);
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const offsetOf = (chunk: number): number => {
    if (chunk === 0) return 0;
    if (chunk === count) return packed.length - tableSize;
    return chunkEntrySize(blob.size) === 4
      ? view.getUint32((chunk - 1) * 4, true)
      : Number(view.getBigUint64((chunk - 1) * 8, true));
  };
  for (let chunk = 0; chunk < count; chunk++) {
    const piece = packed.subarray(tableSize + offsetOf(chunk), tableSize + offsetOf(chunk + 1));
    writeChunkHeader(output, piece.length);
    output.write(piece);
  }
  output.write(packed.subarray(0, tableSize));
  return { offset, storedSize: output.position - offset, size: blob.size, flags };
}

/** The 4-byte size before each chunk of a pipable WIM. */
export function writeChunkHeader(output: ResourceOutput, size: number): void {
  const header = new Uint8Array(4);
  new DataView(header.buffer).setUint32(0, size, true);
  output.write(header);
}
