import { SHA1_SIZE } from '../blobTable';
import { BLOB_ENTRY_SIZE } from '../readBlobTable';
import type { ResourceHeader } from '../records/resourceHeader';
import { ResourceFlag, SOLID_RESOURCE_SIZE } from '../records/resourceHeader';
import type { OutputBlobs, OutputSolid } from './outputBlobs';

/** A solid resource has none. */
const NO_SHA1 = new Uint8Array(SHA1_SIZE);

/**
 * Serializes the blob table: metadata resources first, in the order of the images (readers take the order of the
 * images from here), then the blobs in the order in which they lie in the file; those in solid resources behind the
 * others, each resource before its blobs. Their offsets count on through all of them: WIMGAPI takes a run of solid
 * resources for a single one.
 * @param references how many times the images name a blob
 */
export function serializeBlobTable(
  settled: OutputBlobs,
  metadata: readonly { readonly header: ResourceHeader; readonly sha1: Uint8Array }[],
  partNumber: number,
  references: (row: number) => number,
): Uint8Array {
  const rows = settled.rowsByOffset();
  const solids = new Set<OutputSolid>();
  for (const row of rows) {
    const solid = settled.solidOf(row);
    if (solid !== undefined) solids.add(solid);
  }
  const bytes = new Uint8Array((metadata.length + solids.size + rows.length) * BLOB_ENTRY_SIZE);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const add = (header: ResourceHeader, count: number, sha1: Uint8Array): void => {
    view.setUint32(at, header.storedSize % 0x1_0000_0000, true);
    const high = Math.floor(header.storedSize / 0x1_0000_0000);
    view.setUint16(at + 4, high & 0xffff, true);
    view.setUint8(at + 6, high >>> 16);
    view.setUint8(at + 7, header.flags);
    writeSize(view, at + 8, header.offset);
    writeSize(view, at + 16, header.size);
    view.setUint16(at + 24, partNumber, true);
    view.setUint32(at + 26, count, true);
    bytes.set(sha1, at + 30);
    at += BLOB_ENTRY_SIZE;
  };
  for (const { header, sha1 } of metadata)
    add({ ...header, flags: header.flags | ResourceFlag.METADATA }, 1, sha1);
  let current: OutputSolid | undefined;
  let before = 0;
  for (const row of rows) {
    const header = settled.header(row);
    const solid = settled.solidOf(row);
    if (solid !== undefined && solid !== current) {
      before += current?.size ?? 0;
      current = solid;
      const { offset, storedSize } = solid;
      add({ offset, storedSize, size: SOLID_RESOURCE_SIZE, flags: ResourceFlag.SOLID }, 1, NO_SHA1);
    }
    const offset = solid === undefined ? header.offset : header.offset + before;
    add({ ...header, offset }, references(row), settled.blobs.sha1(row));
  }
  return bytes;
}

function writeSize(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % 0x1_0000_0000, true);
  view.setUint32(at + 4, Math.floor(value / 0x1_0000_0000), true);
}
