import { CancelledError } from '../../../../src-shared/errors/appError';
import { BlobPlace } from '../blobTable';
import { ResourceFlag } from '../records/resourceHeader';
import type { Wim, WimPart } from '../wim';
import { copyRange, streamOfBlob } from './sourceBlobs';
import { copySolids } from './copySolids';
import { spreadSolids } from './spreadSolids';
import type { WimWriter } from './wimWriter';
import type { StreamToStore } from './streamToStore';

/** Bytes that are copied at once. */
const COPY_SIZE = 4 << 20;

export interface CopyResult {
  /** Bytes copied as they lay in the source. */
  readonly copiedBytes: number;
  /** Rows that no opened file holds. */
  readonly missing: number[];
}

/**
 * Brings blobs of opened WIMs into the new file: as they are where format and chunk size agree, compressed anew
 * otherwise. Blobs that are settled already are passed over.
 * @param rows rows of `wim.blobs`
 * @param into row of the writer's blob table for a row of `wim.blobs` (the same when both share a table)
 */
export async function copyBlobs(
  writer: WimWriter,
  wim: Wim,
  rows: Iterable<number>,
  options: {
    readonly recompress: boolean;
    readonly into?: (row: number) => number;
    /** Name of a file that has the blob: solid resources are sorted by it. */
    readonly nameOf?: ((row: number) => string | undefined) | undefined;
    readonly onCopied?: (blobs: number, bytes: number) => void;
  },
): Promise<CopyResult> {
  const { blobs } = wim;
  const into = options.into ?? ((row: number) => row);
  const raw: number[] = [];
  const solid: number[] = [];
  const anew: number[] = [];
  const missing: number[] = [];
  for (const row of rows) {
    if (writer.settled.isSettled(into(row))) continue;
    if (blobs.place[row] === BlobPlace.MISSING) missing.push(row);
    else if (blobs.place[row] === BlobPlace.SOLID) solid.push(row);
    else if (!options.recompress && canCopy(writer, wim, row)) raw.push(row);
    else anew.push(row);
  }
  const order = (a: number, b: number): number =>
    blobs.part[a] - blobs.part[b] || blobs.solid[a] - blobs.solid[b] || blobs.offset[a] - blobs.offset[b];
  let copiedBytes = await copyRaw(writer, wim, raw.sort(order), into, options.onCopied);
  const copied = await copySolids(writer, wim, solid.sort(order), { ...options, into });
  copiedBytes += copied.copiedBytes;
  const onStored = (count: number, bytes: number): void => options.onCopied?.(count, bytes);
  if (writer.options.solid === undefined && copied.rest.length > 0)
    await spreadSolids(writer, wim, copied.rest, onStored);
  else anew.push(...copied.rest);
  if (anew.length > 0) await writer.store(recompressed(wim, anew.sort(order), options.nameOf), onStored);
  return { copiedBytes, missing };
}

function canCopy(writer: WimWriter, wim: Wim, row: number): boolean {
  if (writer.options.solid !== undefined) return false;
  const part = wim.parts[wim.blobs.part[row]];
  const { compression } = writer.options;
  return (
    part.pipable === writer.options.pipable &&
    part.format === compression.format &&
    (part.format === 'none' || part.chunkSize === compression.chunkSize)
  );
}

/** Copies resources; neighbours in the source go in one read and one write. */
async function copyRaw(
  writer: WimWriter,
  wim: Wim,
  rows: readonly number[],
  into: (row: number) => number,
  onCopied: ((blobs: number, bytes: number) => void) | undefined,
): Promise<number> {
  const { blobs } = wim;
  const { output, settled, host, options } = writer;
  const buffer = new Uint8Array(COPY_SIZE);
  let total = 0;
  for (let i = 0; i < rows.length;) {
    if (options.signal?.aborted === true) throw new CancelledError();
    const part = wim.parts[blobs.part[rows[i]]];
    const start = blobs.offset[rows[i]];
    let end = start;
    let next = i;
    while (
      next < rows.length &&
      isNeighbour(wim, rows[next], part, end) &&
      (end === start || end - start < COPY_SIZE)
    ) {
      const row = rows[next];
      const flags = blobs.flags[row] & ResourceFlag.COMPRESSED;
      if (output.pipable) output.beginPipable(blobs.sha1(row), blobs.size[row], flags);
      const target = into(row);
      blobsSize(writer, target, blobs.size[row]);
      settled.set(target, {
        offset: output.position + (end - start),
        storedSize: blobs.storedSize[row],
        size: blobs.size[row],
        flags,
      });
      end += blobs.storedSize[row];
      onCopied?.(1, blobs.size[row]);
      next += 1;
      if (output.pipable) break;
    }
    copyRange(part, start, end, output, buffer, wim.path);
    total += end - start;
    i = next;
    await host.breathe();
  }
  return total;
}

function isNeighbour(wim: Wim, row: number, part: WimPart, end: number): boolean {
  return wim.parts[wim.blobs.part[row]] === part && wim.blobs.offset[row] === end;
}

function blobsSize(writer: WimWriter, row: number, size: number): void {
  writer.settled.blobs.size[row] = size;
}

function* recompressed(
  wim: Wim,
  rows: readonly number[],
  nameOf: ((row: number) => string | undefined) | undefined,
): Generator<StreamToStore> {
  for (const row of rows) {
    const sha1 = wim.blobs.sha1(row).slice();
    const stream = streamOfBlob(wim, row, { kind: 'resource', resource: wim.resourceOf(row), sha1 });
    // The order in a solid resource is a good one already.
    const isSolid = wim.blobs.place[row] === BlobPlace.SOLID;
    yield isSolid || nameOf === undefined ? stream : { ...stream, name: () => nameOf(row) };
  }
}
