import { CancelledError, FormatError } from '../../../../src-shared/errors/appError';
import { awaitedLater } from '../../pipeline/awaitedLater';
import { solidBounds, solidChunkLength } from '../../pipeline/solidChunks';
import { TaskGate } from '../../pipeline/taskGate';
import type { TaskRunner, Tasks } from '../../pipeline/tasks';
import type { Wim } from '../wim';

/** A piece of a blob's data, and what is wrong with it. */
export interface DataPiece {
  readonly data: Uint8Array;
  readonly fault: string | undefined;
}

interface Flight {
  readonly slab: SharedArrayBuffer;
  readonly done: Promise<Tasks['unpackSolid']['out']>;
}

/** Expanded bytes of a task whose chunks are small. */
const PIECE_SIZE = 4 << 20;

/**
 * The data of a blob in a solid resource, piece by piece, in order; only the chunks that hold it are expanded, several
 * of them at the same time. Up to 4 MiB come as one piece. What cannot be had is zeroes where `keepCorrupt` is set.
 */
export async function* solidData(
  ...[wim, blob, runner, options]: Parameters<typeof solidPieces>
): AsyncGenerator<DataPiece> {
  const pieces = solidPieces(wim, blob, runner, options);
  const size = wim.blobs.size[blob];
  if (size > PIECE_SIZE) {
    yield* pieces;
    return;
  }
  const data = new Uint8Array(size);
  let filled = 0;
  let fault: string | undefined;
  for await (const piece of pieces) {
    data.set(piece.data, filled);
    filled += piece.data.length;
    fault ??= piece.fault;
  }
  yield { data, fault };
}

async function* solidPieces(
  wim: Wim,
  blob: number,
  runner: TaskRunner,
  options: { readonly keepCorrupt: boolean; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<DataPiece> {
  const { blobs } = wim;
  const resource = wim.solids[blobs.solid[blob]];
  let bounds: Float64Array;
  try {
    bounds = solidBounds(wim.parts[resource.part].file, resource);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    yield { data: new Uint8Array(), fault: error.message };
    return;
  }
  const { chunkSize } = resource;
  const perTask = Math.max(1, Math.floor(PIECE_SIZE / chunkSize));
  const end = blobs.offset[blob] + blobs.size[blob];
  const flights: Flight[] = [];
  let position = blobs.offset[blob];
  const submit = (): void => {
    const first = Math.floor(position / chunkSize);
    const last = Math.min(first + perTask, Math.ceil(end / chunkSize)) - 1;
    const stop = Math.min(end, last * chunkSize + solidChunkLength(resource, last));
    const size = stop - position;
    const slab = new SharedArrayBuffer(size);
    const done = runner.run('unpackSolid', {
      resource: wim.resourceOf(blob),
      first,
      bounds: bounds.slice(first, last + 2),
      blobs: [],
      parts: [{ start: position, size, offset: 0, placements: [], isEnd: false }],
      slab,
      keepCorrupt: options.keepCorrupt,
      gate: new TaskGate().memory,
    });
    awaitedLater(done);
    flights.push({ slab, done });
    position = stop;
  };
  const cancelled = new Promise<never>((_, reject) => {
    options.signal?.addEventListener('abort', () => reject(new CancelledError()), { once: true });
  });
  awaitedLater(cancelled);
  while (flights.length > 0 || position < end) {
    while (flights.length < runner.width && position < end) submit();
    const { slab, done } = flights.shift() as Flight;
    const { outcomes } = await Promise.race([done, cancelled]);
    // A copy: the sink may hold on to it, and what others write to must not be handed out.
    yield { data: new Uint8Array(slab).slice(), fault: outcomes[0].problem };
  }
}
