import { AppError, FormatError } from '../../../src-shared/errors/appError';
import { NONE } from '../tree/tree';
import { BlobPlace, isZeroHash, SHA1_SIZE, type BlobTable } from './blobTable';
import type { ByteSource } from '../binary/byteSource';
import { ResourceFlag, SOLID_RESOURCE_SIZE, type ResourceHeader } from './records/resourceHeader';
import { WimVersion, type WimHeader } from './records/wimHeader';
import { SolidRuns, type SolidEntry, type SolidResource, type SolidRun } from './solidRuns';

/** Bytes of a blob table entry: resource header, part u16, reference count u32, SHA-1. */
export const BLOB_ENTRY_SIZE = 50;
const STRUCTURE = 'blob table';

/** What a blob table holds besides the blobs that went into the {@link BlobTable}. */
export interface BlobTableContent {
  /** Metadata resources in the order of their entries, which is the order of the images. */
  readonly metadata: { readonly header: ResourceHeader; readonly sha1: Uint8Array }[];
  readonly warnings: string[];
  /** End of the last resource that the table names. */
  readonly resourcesEnd: number;
}

/**
 * Adds the blobs of one part to `blobs`; a blob that is there already keeps its first place.
 * @param bytes the expanded blob table
 * @param part index of the part in the Wim's list of parts
 * @param file every resource must lie inside it; what solid resources tell of themselves is read from it
 * @param solids solid resources are added to it
 */
export function readBlobTable(
  bytes: Uint8Array,
  header: WimHeader,
  part: number,
  file: ByteSource,
  blobs: BlobTable,
  solids: SolidResource[],
): BlobTableContent {
  if (bytes.length % BLOB_ENTRY_SIZE !== 0) {
    throw new FormatError({
      structure: STRUCTURE,
      offset: 0,
      problem: `${bytes.length} bytes are no whole number of ${BLOB_ENTRY_SIZE}-byte entries`,
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const content = {
    metadata: [] as BlobTableContent['metadata'],
    warnings: [] as string[],
    resourcesEnd: 0,
  };
  const runs = new SolidRuns(file, part, solids);
  let run: SolidRun | undefined;
  let empty = 0;
  let elsewhere = 0;
  let duplicates = 0;
  for (let at = 0; at < bytes.length; at += BLOB_ENTRY_SIZE) {
    const entry = parseEntry(view, at);
    if (header.version === WimVersion.DEFAULT) entry.flags &= ~ResourceFlag.SOLID;
    const solid = (entry.flags & ResourceFlag.SOLID) !== 0;
    if (!solid) run = undefined;
    else run ??= runs.open(solidEntries(view, at, file.size));
    if (solid && entry.size === SOLID_RESOURCE_SIZE) {
      content.resourcesEnd = Math.max(content.resourcesEnd, entry.offset + entry.storedSize);
      continue;
    }
    const sha1At = at + 30;
    if (isZeroHash(bytes, sha1At)) continue;
    // The entry of a blob in a solid resource gives its size in the first field and leaves the other zero.
    if (solid) entry.size = entry.storedSize;
    if (entry.size === 0) {
      empty += 1;
      continue;
    }
    if (entry.partNumber !== header.partNumber) {
      elsewhere += 1;
      continue;
    }
    if (!solid) {
      assertInside(entry, at, file.size);
      if ((entry.flags & ResourceFlag.COMPRESSED) === 0 && entry.storedSize !== entry.size) {
        throw new FormatError({
          structure: STRUCTURE,
          field: 'size',
          offset: at,
          problem: `an uncompressed resource of ${entry.size} bytes that takes ${entry.storedSize} in the file`,
        });
      }
      content.resourcesEnd = Math.max(content.resourcesEnd, entry.offset + entry.storedSize);
    }
    if ((entry.flags & ResourceFlag.METADATA) !== 0) {
      // Files of the WAIK carry metadata entries that nothing references.
      if (entry.referenceCount === 0) continue;
      if (solid) throw new AppError('wim/unsupported', 'image metadata in solid resources is not read');
      content.metadata.push({
        header: { storedSize: entry.storedSize, flags: entry.flags, offset: entry.offset, size: entry.size },
        sha1: bytes.slice(sha1At, sha1At + SHA1_SIZE),
      });
      continue;
    }
    let row = blobs.find(bytes, sha1At);
    if (row !== NONE && blobs.place[row] !== BlobPlace.MISSING) {
      duplicates += 1;
      continue;
    }
    if (row === NONE) row = blobs.add(bytes, sha1At, entry.size);
    const place = run?.place(entry.offset, entry.size, at);
    blobs.solid[row] = place?.resource ?? NONE;
    blobs.size[row] = entry.size;
    blobs.storedSize[row] = entry.storedSize;
    blobs.offset[row] = place?.offset ?? entry.offset;
    blobs.flags[row] = entry.flags;
    blobs.place[row] = solid ? BlobPlace.SOLID : BlobPlace.RESOURCE;
    blobs.part[row] = part;
    blobs.referenceCount[row] = entry.referenceCount;
  }
  runs.finish(blobs);
  if (empty > 0) content.warnings.push(`${empty} blobs of no size are ignored`);
  if (elsewhere > 0) content.warnings.push(`${elsewhere} blobs that another part should list are ignored`);
  if (duplicates > 0 && part === 0)
    content.warnings.push(`${duplicates} blobs that are listed twice are ignored`);
  return content;
}

/** The solid resources of the run whose first entry is at `at`. */
function solidEntries(view: DataView, at: number, fileSize: number): SolidEntry[] {
  const entries: SolidEntry[] = [];
  for (; at < view.byteLength; at += BLOB_ENTRY_SIZE) {
    const entry = parseEntry(view, at);
    if ((entry.flags & ResourceFlag.SOLID) === 0) break;
    if (entry.size !== SOLID_RESOURCE_SIZE) continue;
    assertInside(entry, at, fileSize);
    entries.push(entry);
  }
  return entries;
}

interface RawEntry extends ResourceHeader {
  readonly partNumber: number;
  readonly referenceCount: number;
}

/** One entry, read straight: tables of a million entries are common. */
function parseEntry(view: DataView, at: number): RawEntry {
  return {
    storedSize: view.getUint32(at, true) + (view.getUint32(at + 3, true) >>> 8) * 0x1_0000_0000,
    flags: view.getUint8(at + 7),
    offset: view.getUint32(at + 8, true) + view.getUint32(at + 12, true) * 0x1_0000_0000,
    size: view.getUint32(at + 16, true) + view.getUint32(at + 20, true) * 0x1_0000_0000,
    partNumber: view.getUint16(at + 24, true),
    referenceCount: view.getUint32(at + 26, true),
  };
}

function assertInside(entry: RawEntry, at: number, fileSize: number): void {
  if (!Number.isSafeInteger(entry.size) || entry.offset + entry.storedSize > fileSize) {
    throw new FormatError(
      {
        structure: STRUCTURE,
        field: 'resource',
        offset: at,
        problem: `${entry.storedSize} bytes at ${entry.offset} in a file of ${fileSize}`,
      },
      'wim/truncated',
    );
  }
}
