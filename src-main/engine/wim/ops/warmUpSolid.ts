import { CancelledError, FormatError } from '../../../../src-shared/errors/appError';
import { bytesEqual } from '../../binary/bytesEqual';
import type { EngineHost } from '../../os';
import { awaitedLater } from '../../pipeline/awaitedLater';
import { solidBounds } from '../../pipeline/solidChunks';
import { TaskGate } from '../../pipeline/taskGate';
import { BlobPlace } from '../blobTable';
import type { Wim } from '../wim';
import { chunksPerTask, solidTasks } from './solidTasks';

/**
 * Has the threads expand the first chunks of a solid resource, one each, while the target is made ready: each keeps its
 * chunk until the files in it are asked for. Links are made before any file, so what they need of these chunks is
 * handed back at once. Does nothing where chunks are small.
 * @param rows blobs that are wanted
 * @param early those of them that are needed now
 * @returns data of early blobs; what is missing or damaged is left to whoever asks for it
 * @throws CancelledError
 */
export async function warmUpSolid(
  host: EngineHost,
  wim: Wim,
  rows: readonly number[],
  early: ReadonlySet<number>,
  options: { readonly threads: number; readonly signal?: AbortSignal | undefined },
): Promise<Map<number, Uint8Array>> {
  const { blobs } = wim;
  const found = new Map<number, Uint8Array>();
  const first = Math.min(...wim.solids.keys());
  const wanted = rows
    .filter((row) => blobs.place[row] === BlobPlace.SOLID && blobs.solid[row] === first)
    .sort((a, b) => blobs.offset[a] - blobs.offset[b]);
  if (wanted.length === 0) return found;
  const resource = wim.solids[first];
  const runner = host.taskRunner(options.threads);
  if (resource.chunkSize < SMALLEST || chunksPerTask(resource, runner.width) > 1) return found;
  const part = wim.parts[resource.part];
  let bounds: Float64Array;
  try {
    bounds = solidBounds(part.file, resource);
  } catch (error) {
    // It is told when the data is asked for.
    if (error instanceof FormatError) return found;
    throw error;
  }
  const running: Promise<void>[] = [];
  for (const task of solidTasks(wim, resource, wanted, 1, () => [])) {
    if (running.length === runner.width) break;
    const picked = task.rows.filter((row) => early.has(row));
    const slab = new SharedArrayBuffer(picked.reduce((sum, row) => sum + blobs.size[row], 0));
    const input = {
      resource: wim.resourceOf(wanted[0]),
      first: task.first,
      bounds: bounds.slice(task.first, task.first + 2),
      blobs: [],
      parts: picked.map((row) => ({
        start: blobs.offset[row],
        size: blobs.size[row],
        offset: 0,
        placements: [],
        isEnd: false,
      })),
      slab,
      keepCorrupt: false,
      gate: new TaskGate().memory,
    };
    const done = runner.run('unpackSolid', input).then(({ outcomes }) => {
      let at = 0;
      picked.forEach((row, i) => {
        const data = new Uint8Array(slab, at, blobs.size[row]).slice();
        at += data.length;
        const isGood = outcomes[i].state === 'ok' && bytesEqual(host.sha1.digest(data), blobs.sha1(row));
        if (isGood) found.set(row, data);
      });
    });
    awaitedLater(done);
    running.push(done);
  }
  const cancelled = new Promise<never>((_, reject) => {
    options.signal?.addEventListener('abort', () => reject(new CancelledError()), { once: true });
  });
  awaitedLater(cancelled);
  // Where nothing is needed now, the threads go on while the target is made.
  if (early.size > 0) await Promise.race([Promise.all(running), cancelled]);
  return found;
}

/** Below this chunks are soon expanded. */
const SMALLEST = 4 << 20;
