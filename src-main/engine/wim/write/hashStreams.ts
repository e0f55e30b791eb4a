import { AppError, CancelledError } from '../../../../src-shared/errors/appError';
import { awaitedLater } from '../../pipeline/awaitedLater';
import type { ReadOutcome, TaskRunner } from '../../pipeline/tasks';
import { Lender } from '../../pipeline/turnstile';
import { SHA1_SIZE } from '../blobTable';
import type { StreamToStore } from './streamToStore';

/** Streams up to this size are read whole and travel in batches of this size. */
const SLAB_SIZE = 4 << 20;
const MAX_BATCH_ITEMS = 512;

/** What the streams hold. */
export interface HashedStreams {
  readonly outcomes: readonly ReadOutcome[];
  /** 20 bytes a stream. */
  readonly sha1: Uint8Array;
}

/**
 * Hashes streams with several threads, without keeping their data. Those whose hash is known are not read.
 * @throws CancelledError
 */
export async function hashStreams(
  runner: TaskRunner,
  streams: readonly StreamToStore[],
  signal: AbortSignal | undefined,
): Promise<HashedStreams> {
  const outcomes = new Array<ReadOutcome>(streams.length);
  const sha1 = new Uint8Array(streams.length * SHA1_SIZE);
  const slabs = new Lender(Array.from({ length: runner.width + 2 }, () => new SharedArrayBuffer(SLAB_SIZE)));
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const check = (): void => {
    if (signal?.aborted === true) throw new CancelledError();
    if (failure === undefined) return;
    const { error } = failure;
    throw error instanceof Error ? error : new AppError('internal/bug', String(error));
  };
  const start = (work: Promise<void>): void => {
    const task: Promise<void> = work
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(task));
    running.add(task);
  };
  const hashOne = async (index: number, slab: SharedArrayBuffer): Promise<void> => {
    try {
      const outcome = await runner.run('hashStream', { location: streams[index].location });
      outcomes[index] = outcome;
      sha1.set(outcome.sha1, index * SHA1_SIZE);
    } finally {
      slabs.giveBack(slab);
    }
  };
  const hashBatch = async (indices: readonly number[], slab: SharedArrayBuffer): Promise<void> => {
    try {
      let offset = 0;
      const items = indices.map((index) => {
        const { location, size } = streams[index];
        const item = { location, offset, room: size };
        offset += size;
        return item;
      });
      const read = await runner.run('readBatch', { slab, items });
      indices.forEach((index, i) => {
        outcomes[index] = read.items[i];
        sha1.set(read.sha1.subarray(i * SHA1_SIZE, (i + 1) * SHA1_SIZE), index * SHA1_SIZE);
      });
    } finally {
      slabs.giveBack(slab);
    }
  };
  let batch: number[] = [];
  let used = 0;
  const launch = async (): Promise<void> => {
    if (batch.length === 0) return;
    const current = batch;
    batch = [];
    used = 0;
    start(hashBatch(current, await slabs.borrow()));
  };
  for (const [index, { location, size }] of streams.entries()) {
    check();
    if (location.kind === 'resource' || location.kind === 'shared') {
      outcomes[index] = { state: 'same', size, modifiedMs: 0 };
      sha1.set(location.sha1, index * SHA1_SIZE);
    } else if (size > SLAB_SIZE) {
      start(hashOne(index, await slabs.borrow()));
    } else {
      if (used + size > SLAB_SIZE || batch.length === MAX_BATCH_ITEMS) await launch();
      batch.push(index);
      used += size;
    }
  }
  await launch();
  const all = Promise.all(running);
  awaitedLater(all);
  await all;
  check();
  return { outcomes, sha1 };
}
