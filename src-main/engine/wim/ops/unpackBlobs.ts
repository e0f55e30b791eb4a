import { AppError, CancelledError } from '../../../../src-shared/errors/appError';
import { awaitedLater } from '../../pipeline/awaitedLater';
import { bytesEqual } from '../../binary/bytesEqual';
import type { EngineHost } from '../../os';
import { assertSizes } from '../../pipeline/resourceDecoder';
import type { Placement, PlacementFailure, TaskRunner, Tasks } from '../../pipeline/tasks';
import type { ResourceColumns } from '../../pipeline/resourceColumns';
import { SHA1_SIZE } from '../blobTable';
import { ResourceFlag } from '../records/resourceHeader';
import { BlobPlace } from '../blobTable';
import type { Wim } from '../wim';
import { offsetsOfRange } from './rangeOffsets';
import { unpackSolidBlobs } from './unpackSolidBlobs';

/** Blobs up to this size are unpacked whole, several to a task. */
const BATCH_SIZE = 4 << 20;
const MAX_BATCH_ITEMS = 512;
/** A larger one is divided among the threads when it would hold one of them for long, */
const LONG = 128 << 20;
/** or when it is so much of the whole that the other threads would wait for it. */
const WORTH_DIVIDING = 16 << 20;

export interface UnpackOptions {
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /** Files that a blob's data goes to; absent to verify only. */
  readonly placements?: (blob: number) => readonly Placement[];
  /** Write data whose SHA-1 differs all the same, with zeroes for the chunks that do not decompress. */
  readonly keepCorrupt: boolean;
  /** A blob that cannot be read, or whose data is not what it should be. May throw to end the job. */
  readonly onDamaged: (blob: number, problem: string) => void;
  /** A file that could not be written, or lacks some metadata. May throw to end the job. */
  readonly onFailure: (failure: PlacementFailure) => void;
  readonly onUnpacked?: (blobs: number, bytes: number, blob: number) => void;
}

/**
 * Decompresses blobs with several threads, checks every SHA-1 and writes the data to files. Small blobs travel in
 * batches, a large one goes to one thread, the chunks of a very large one are shared among the threads.
 * @param rows rows of the blob table; they are taken in order of their place in the file
 */
export async function unpackBlobs(
  host: EngineHost,
  wim: Wim,
  rows: readonly number[],
  options: UnpackOptions,
): Promise<void> {
  const { blobs } = wim;
  const isSolid = (row: number): boolean => blobs.place[row] === BlobPlace.SOLID;
  if (wim.hasSolidResources) {
    const solid = rows
      .filter(isSolid)
      .sort((a, b) => blobs.solid[a] - blobs.solid[b] || blobs.offset[a] - blobs.offset[b]);
    await unpackSolidBlobs(host, wim, solid, options);
  }
  const others = wim.hasSolidResources ? rows.filter((row) => !isSolid(row)) : rows;
  if (others.length === 0) return;
  const sorted = Int32Array.from(others).sort(
    (a, b) => blobs.part[a] - blobs.part[b] || blobs.offset[a] - blobs.offset[b],
  );
  const runner = host.taskRunner(options.threads);
  const unpacker = new Unpacker(host, wim, runner, options);
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const start = async (work: Promise<void>): Promise<void> => {
    const task: Promise<void> = work
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(task));
    running.add(task);
    // One that is worked on and one that waits for each thread, and one more to be sent at once.
    if (running.size > 2 * runner.width) await Promise.race(running);
  };
  const stopped = (): boolean => failure !== undefined || options.signal?.aborted === true;
  const total = sorted.reduce((sum, row) => sum + blobs.size[row], 0);
  const divides = (size: number): boolean =>
    runner.width > 1 && size > Math.min(LONG, Math.max(WORTH_DIVIDING, total / (2 * runner.width)));
  // Large ones first, so that no thread is left with one when the others have nothing more to do.
  let divided: Promise<void> = Promise.resolve();
  for (const row of sorted) {
    if (blobs.size[row] <= BATCH_SIZE) continue;
    if (stopped()) break;
    if (divides(blobs.size[row])) {
      // After each other, to share the slabs.
      divided = divided.then(() => (failure === undefined ? unpacker.divide(row) : undefined));
      await start(divided);
    } else {
      await start(unpacker.large(row));
    }
  }
  let batch: number[] = [];
  let size = 0;
  const launch = async (): Promise<void> => {
    if (batch.length > 0) await start(unpacker.batch(batch));
    batch = [];
    size = 0;
  };
  for (const row of sorted) {
    if (stopped()) break;
    if (blobs.size[row] > BATCH_SIZE) continue;
    if (size + blobs.size[row] > BATCH_SIZE || batch.length === MAX_BATCH_ITEMS) await launch();
    batch.push(row);
    size += blobs.size[row];
  }
  if (failure === undefined && options.signal?.aborted !== true) await launch();
  await Promise.all(running);
  if (failure !== undefined)
    throw failure.error instanceof Error ? failure.error : new AppError('internal/bug', 'failed');
  if (options.signal?.aborted === true) throw new CancelledError();
}

/** Where threads find blobs. */
function columnsOf(wim: Wim, rows: readonly number[]): ResourceColumns {
  const { blobs, parts } = wim;
  const files = parts.map(({ path, format, chunkSize, pipable }) => ({
    file: path,
    format,
    chunkSize,
    pipable,
  }));
  const sha1 = new Uint8Array(rows.length * SHA1_SIZE);
  rows.forEach((row, i) => blobs.copySha1(row, sha1, i * SHA1_SIZE));
  return {
    length: rows.length,
    files,
    file: Uint16Array.from(rows, (row) => blobs.part[row]),
    plain: Uint8Array.from(rows, (row) => ((blobs.flags[row] & ResourceFlag.COMPRESSED) === 0 ? 1 : 0)),
    offset: Float64Array.from(rows, (row) => blobs.offset[row]),
    storedSize: Float64Array.from(rows, (row) => blobs.storedSize[row]),
    size: Float64Array.from(rows, (row) => blobs.size[row]),
    sha1,
  };
}

class Unpacker {
  private slabs: SharedArrayBuffer[] = [];

  constructor(
    private readonly host: EngineHost,
    private readonly wim: Wim,
    private readonly runner: TaskRunner,
    private readonly options: UnpackOptions,
  ) {}

  async batch(rows: readonly number[]): Promise<void> {
    const { wim, options } = this;
    const outcome = await this.runner.run('unpackBatch', {
      resources: columnsOf(wim, rows),
      ...(options.placements === undefined ? {} : { placements: rows.map(options.placements) }),
      keepCorrupt: options.keepCorrupt,
    });
    outcome.items.forEach(({ state, problem, failures }, i) => {
      if (state !== 'ok') options.onDamaged(rows[i], problem ?? state);
      for (const failure of failures ?? []) options.onFailure(failure);
      options.onUnpacked?.(1, wim.blobs.size[rows[i]], rows[i]);
    });
  }

  /** One blob by one thread. */
  async large(row: number): Promise<void> {
    const { wim, options } = this;
    const { state, problem, failures } = await this.runner.run('unpackLarge', {
      resource: wim.resourceOf(row),
      sha1: wim.blobs.sha1(row).slice(),
      placements: options.placements?.(row) ?? [],
      keepCorrupt: options.keepCorrupt,
    });
    if (state !== 'ok') options.onDamaged(row, problem ?? state);
    this.report(failures);
    options.onUnpacked?.(1, wim.blobs.size[row], row);
  }

  /** One blob by ranges of chunks: threads expand and write them, the hash is taken here in order. */
  async divide(row: number): Promise<void> {
    const { wim, options, runner, host } = this;
    const resource = wim.resourceOf(row);
    const placements = options.placements?.(row) ?? [];
    if (placements.length > 0) {
      this.report((await runner.run('createEmpty', { placements, dataFollows: true })).failures);
    }
    const digest = host.sha1.start();
    const rangeSize = Math.max(BATCH_SIZE, resource.chunkSize);
    while (this.slabs.length < runner.width + 1 || this.slabs[0].byteLength < rangeSize) {
      if (this.slabs.length > 0 && this.slabs[0].byteLength < rangeSize) this.slabs = [];
      this.slabs.push(new SharedArrayBuffer(rangeSize));
    }
    let problem: string | undefined;
    const queue: {
      readonly length: number;
      readonly slab: SharedArrayBuffer;
      readonly done: Promise<Tasks['unpackRange']['out']>;
    }[] = [];
    let position = 0;
    let next = 0;
    const submit = (): void => {
      const length = Math.min(rangeSize, resource.size - position);
      const slab = this.slabs[next++ % this.slabs.length];
      const done = runner.run('unpackRange', {
        resource,
        offset: position,
        length,
        chunkOffsets: offsetsOfRange(wim, row, resource, position, length, options.keepCorrupt),
        keepCorrupt: options.keepCorrupt,
        output: slab,
        placements,
      });
      awaitedLater(done);
      queue.push({ length, slab, done });
      position += length;
    };
    try {
      // A size that cannot be true is not written out, however much is to be recovered.
      assertSizes(resource);
      while (queue.length < this.slabs.length && position < resource.size) submit();
      while (queue.length > 0) {
        const { length, slab, done } = queue.shift() as (typeof queue)[0];
        const outcome = await done;
        if (options.signal?.aborted === true) throw new CancelledError();
        problem ??= outcome.problem;
        this.report(outcome.failures);
        digest.update(new Uint8Array(slab, 0, length));
        options.onUnpacked?.(0, length, row);
        if (position < resource.size && (problem === undefined || options.keepCorrupt)) submit();
      }
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'job/cancelled') throw error;
      if (!error.code.startsWith('wim/')) throw error;
      problem = error.message;
    } finally {
      await Promise.allSettled(queue.map(({ done }) => done));
    }
    if (problem === undefined && !bytesEqual(digest.digest(), wim.blobs.sha1(row))) {
      problem = 'its data does not have the SHA-1 it should have';
    }
    if (problem !== undefined) options.onDamaged(row, problem);
    options.onUnpacked?.(1, 0, row);
    if (placements.length > 0) this.report((await runner.run('finishFiles', { placements })).failures);
  }

  private report(failures: readonly PlacementFailure[] | undefined): void {
    for (const failure of failures ?? []) this.options.onFailure(failure);
  }
}
