import { CancelledError } from '../../../../src-shared/errors/appError';
import { BlobPlace } from '../blobTable';
import type { SolidResource } from '../solidRuns';
import type { Wim } from '../wim';
import { copyRange } from './sourceBlobs';
import type { WimWriter } from './wimWriter';

/** Bytes that are copied between two looks at whether the job goes on. */
const STEP = 64 << 20;

/**
 * Copies solid resources as they are, those of which every blob is wanted.
 * @param rows blobs in solid resources, by resource and offset; none of them settled
 * @returns the rows of the other resources
 */
export async function copySolids(
  writer: WimWriter,
  wim: Wim,
  rows: readonly number[],
  options: {
    readonly recompress: boolean;
    readonly into: (row: number) => number;
    readonly onCopied?: ((blobs: number, bytes: number) => void) | undefined;
  },
): Promise<{ readonly copiedBytes: number; readonly rest: readonly number[] }> {
  const { blobs } = wim;
  if (rows.length === 0 || options.recompress || writer.options.solid === undefined)
    return { copiedBytes: 0, rest: rows };
  const present = blobsOfEach(wim);
  const rest: number[] = [];
  let copiedBytes = 0;
  for (let i = 0; i < rows.length;) {
    const index = blobs.solid[rows[i]];
    let end = i + 1;
    while (end < rows.length && blobs.solid[rows[end]] === index) end += 1;
    const group = rows.slice(i, end);
    i = end;
    const resource = wim.solids[index];
    if (group.length < present[index] || !hasForm(writer, resource)) {
      rest.push(...group);
      continue;
    }
    copiedBytes += await copyWhole(writer, wim, resource, group, options);
  }
  return { copiedBytes, rest };
}

/** Number of blobs in each solid resource. */
function blobsOfEach({ blobs, solids }: Wim): Int32Array {
  const counts = new Int32Array(solids.length);
  for (let row = 0; row < blobs.length; row++)
    if (blobs.place[row] === BlobPlace.SOLID) counts[blobs.solid[row]] += 1;
  return counts;
}

/** Whether a resource may stay as it is: it tells its compression itself, so any will do unless one was asked for. */
function hasForm({ options }: WimWriter, { format, chunkSize }: SolidResource): boolean {
  const { solid } = options;
  if (solid?.asked !== true) return true;
  return solid.compression.format === format && solid.compression.chunkSize === chunkSize;
}

async function copyWhole(
  { output, settled, host, options: { signal } }: WimWriter,
  wim: Wim,
  { part, offset, storedSize, size }: SolidResource,
  rows: readonly number[],
  options: {
    readonly into: (row: number) => number;
    readonly onCopied?: ((blobs: number, bytes: number) => void) | undefined;
  },
): Promise<number> {
  const { blobs } = wim;
  const buffer = new Uint8Array(Math.min(4 << 20, storedSize));
  const solid = settled.addSolid({ offset: output.position, storedSize, size });
  for (let at = offset; at < offset + storedSize; at += STEP) {
    if (signal?.aborted === true) throw new CancelledError();
    copyRange(wim.parts[part], at, Math.min(at + STEP, offset + storedSize), output, buffer, wim.path);
    await host.breathe();
  }
  for (const row of rows) {
    const target = options.into(row);
    settled.blobs.size[target] = blobs.size[row];
    settled.setInSolid(target, solid, blobs.offset[row]);
    options.onCopied?.(1, blobs.size[row]);
  }
  return storedSize;
}
