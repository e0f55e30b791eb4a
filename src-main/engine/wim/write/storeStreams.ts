import { AppError, CancelledError } from '../../../../src-shared/errors/appError';
import { awaitedLater } from '../../pipeline/awaitedLater';
import type { Compression, ReadOutcome, TaskRunner, Tasks } from '../../pipeline/tasks';
import { Lender, Turnstile } from '../../pipeline/turnstile';
import { NONE } from '../../tree/tree';
import { SHA1_SIZE } from '../blobTable';
import type { EngineHost } from '../../os';
import type { OutputBlobs } from './outputBlobs';
import { writePacked, type ResourceOutput } from './resourceOutput';
import { storeLargeStream, type LargeSlabs } from './storeLargeStream';
import type { StreamToStore } from './streamToStore';

/** Told of each stream that is done; the path is only made when it is asked for. */
export type StoredCallback = (streams: number, bytes: number, path: () => string) => void;

export interface StoreOptions {
  readonly compression: Compression;
  readonly signal?: AbortSignal | undefined;
  /** Called as streams are done. */
  readonly onStored?: StoredCallback | undefined;
}

/** What was stored. Bytes. */
export interface StoreTotals {
  /** Of all streams, duplicates counted each time. */
  bytes: number;
  /** Of the streams whose data was there already. */
  duplicateBytes: number;
  /** Of the new blobs, expanded and as stored. */
  newBytes: number;
  storedBytes: number;
}

/** Streams up to this size are read whole and travel in batches of this size. */
const SLAB_SIZE = 2 << 20;
const MAX_BATCH_ITEMS = 512;

interface Slabs {
  readonly input: SharedArrayBuffer;
  readonly output: SharedArrayBuffer;
}

interface Batch {
  readonly items: StreamToStore[];
  readonly offsets: number[];
}

/**
 * Stores the data of streams as blobs, each once: batches of streams are read and hashed by threads, compared with
 * what is there in the order of the streams, compressed by threads, and written in the same order. The file that comes
 * out is the same for any number of threads.
 */
export async function storeStreams(
  host: EngineHost,
  runner: TaskRunner,
  streams: Iterable<StreamToStore>,
  output: ResourceOutput,
  settled: OutputBlobs,
  options: StoreOptions,
): Promise<StoreTotals> {
  return new StreamStore(host, runner, output, settled, options).run(streams);
}

class StreamStore {
  readonly totals: StoreTotals = { bytes: 0, duplicateBytes: 0, newBytes: 0, storedBytes: 0 };
  private readonly deciding = new Turnstile();
  private readonly writing = new Turnstile();
  private readonly lender: Lender<Slabs>;
  private readonly largeSlabs: LargeSlabs;
  private readonly slabSize: number;
  /** Sizes of large blobs in the file: a stream of one of these sizes is hashed before it is compressed. */
  private largeSizes: Set<number> | undefined;
  private failure: { readonly error: unknown } | undefined;
  /** Rejects when the job is cancelled: nobody waits for a thread that is deep in a batch. */
  private readonly cancelled: Promise<never>;

  constructor(
    private readonly host: EngineHost,
    private readonly runner: TaskRunner,
    private readonly output: ResourceOutput,
    private readonly settled: OutputBlobs,
    private readonly options: StoreOptions,
  ) {
    this.slabSize = Math.max(SLAB_SIZE, options.compression.chunkSize);
    const plain = options.compression.format === 'none';
    this.lender = new Lender(
      Array.from({ length: runner.width + 2 }, () => ({
        input: new SharedArrayBuffer(this.slabSize),
        output: new SharedArrayBuffer(plain ? 0 : this.slabSize + 4096),
      })),
    );
    this.cancelled = new Promise((_, reject) => {
      options.signal?.addEventListener('abort', () => reject(new CancelledError()), { once: true });
    });
    awaitedLater(this.cancelled);
    this.largeSlabs = { size: this.slabSize, count: runner.width + 1, slabs: [] };
  }

  async run(streams: Iterable<StreamToStore>): Promise<StoreTotals> {
    const running = new Set<Promise<void>>();
    let number = 0;
    let batch: Batch = { items: [], offsets: [] };
    let used = 0;
    const launch = async (): Promise<void> => {
      if (batch.items.length === 0) return;
      const current = batch;
      batch = { items: [], offsets: [] };
      used = 0;
      await this.start(running, number++, (n, slabs) => this.storeBatch(n, current, slabs));
    };
    try {
      for (const item of streams) {
        this.check();
        if (item.size > this.slabSize) {
          await launch();
          await this.start(running, number++, (n) => this.storeLarge(n, item));
          continue;
        }
        if (used + item.size > this.slabSize || batch.items.length === MAX_BATCH_ITEMS) await launch();
        batch.offsets.push(used);
        batch.items.push(item);
        used += item.size;
      }
      await launch();
      while (running.size > 0) {
        await Promise.race([...running, this.cancelled]);
        this.check();
      }
    } catch (error) {
      this.fail(error);
      throw error;
    }
    this.check();
    return this.totals;
  }

  /** Begins one numbered piece of work as soon as slabs are free; its failure surfaces at the next {@link check}. */
  private async start(
    running: Set<Promise<void>>,
    number: number,
    work: (number: number, slabs: Slabs) => Promise<void>,
  ): Promise<void> {
    const slabs = await Promise.race([this.lender.borrow(), this.cancelled]);
    this.check();
    const task: Promise<void> = work(number, slabs)
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.lender.giveBack(slabs);
        running.delete(task);
      });
    running.add(task);
  }

  private async storeBatch(number: number, batch: Batch, slabs: Slabs): Promise<void> {
    const { items, offsets } = batch;
    const read = await this.runner.run('readBatch', {
      slab: slabs.input,
      items: items.map((item, i) => ({ location: item.location, offset: offsets[i], room: item.size })),
    });
    await this.deciding.wait(number);
    const plan = this.decide(items, read);
    this.deciding.pass();
    const kept = plan.filter(({ isNew }) => isNew);
    const plain = this.options.compression.format === 'none';
    const data = kept.map(({ index }) => ({
      offset: offsets[index],
      size: read.items[index].size,
      store: plain || items[index].store,
    }));
    const packed = await this.pack(slabs, data);
    await this.writing.wait(number);
    this.write(packed, kept);
    for (const { index, blob } of plan) {
      // Grown since the scan: its size then would cut it off.
      const { state, size } = read.items[index];
      if (state === 'outgrown') await this.storeOutgrown({ ...items[index], size });
      else this.settle(items[index], blob, read.items[index]);
    }
    this.writing.pass();
  }

  /** Finds for each stream the blob that holds its data; those seen for the first time are to be written. */
  private decide(
    items: readonly StreamToStore[],
    read: Tasks['readBatch']['out'],
  ): { index: number; blob: number; isNew: boolean }[] {
    const { blobs } = this.settled;
    return items.map((_, index) => {
      const { state, size } = read.items[index];
      if (size === 0 || state === 'vanished' || state === 'unreadable' || state === 'outgrown') {
        return { index, blob: NONE, isNew: false };
      }
      const blob = blobs.findOrAdd(read.sha1, index * SHA1_SIZE, size);
      blobs.size[blob] = size;
      const isNew = !this.settled.isSettled(blob);
      if (isNew) this.settled.claim(blob);
      this.totals.bytes += size;
      if (!isNew) this.totals.duplicateBytes += size;
      return { index, blob, isNew };
    });
  }

  private async pack(
    slabs: Slabs,
    kept: readonly { offset: number; size: number; store: boolean }[],
  ): Promise<{ bytes: SharedArrayBuffer; start: number; storedSize: number; compressed: boolean }[]> {
    const { compression } = this.options;
    if (compression.format === 'none') {
      return kept.map(({ offset, size }) => ({
        bytes: slabs.input,
        start: offset,
        storedSize: size,
        compressed: false,
      }));
    }
    if (kept.length === 0) return [];
    const { items } = await this.runner.run('packBatch', {
      input: slabs.input,
      output: slabs.output,
      compression,
      items: kept,
    });
    let start = 0;
    return items.map(({ storedSize, compressed }) => {
      const place = { bytes: slabs.output, start, storedSize, compressed };
      start += storedSize;
      return place;
    });
  }

  /** Writes the packed blobs; runs that lie back to back in memory go out in one call. */
  private write(
    packed: readonly { bytes: SharedArrayBuffer; start: number; storedSize: number; compressed: boolean }[],
    kept: readonly { blob: number }[],
  ): void {
    const { blobs } = this.settled;
    if (this.output.pipable) {
      packed.forEach(({ bytes, start, storedSize, compressed }, i) => {
        const { blob } = kept[i];
        const header = writePacked(this.output, new Uint8Array(bytes, start, storedSize), {
          sha1: blobs.sha1(blob),
          size: blobs.size[blob],
          compressed,
          chunkSize: this.options.compression.chunkSize,
          flags: 0,
        });
        this.settled.set(blob, header);
        this.count(blob, header.storedSize);
      });
      return;
    }
    for (let i = 0; i < packed.length;) {
      const first = packed[i];
      let end = first.start;
      let next = i;
      for (; next < packed.length && packed[next].start === end; next++) {
        const { blob } = kept[next];
        this.settled.set(blob, {
          offset: this.output.position + (end - first.start),
          storedSize: packed[next].storedSize,
          size: blobs.size[blob],
          flags: packed[next].compressed ? 0x4 : 0,
        });
        this.count(blob, packed[next].storedSize);
        end += packed[next].storedSize;
      }
      this.output.write(new Uint8Array(first.bytes, first.start, end - first.start));
      i = next;
    }
  }

  private async storeLarge(number: number, item: StreamToStore): Promise<void> {
    await this.deciding.wait(number);
    this.deciding.pass();
    await this.writing.wait(number);
    await this.storeOutgrown(item);
    this.writing.pass();
  }

  /** Stores a stream that is larger than a slab. It is this stream's turn to write. */
  private async storeOutgrown(item: StreamToStore): Promise<void> {
    const sizes = this.sizesOfLarge();
    const result = await storeLargeStream(
      {
        host: this.host,
        runner: this.runner,
        output: this.output,
        settled: this.settled,
        check: () => this.check(),
      },
      item,
      { compression: this.options.compression, slabs: this.largeSlabs, hashFirst: sizes.has(item.size) },
    );
    const size = result.outcome.size;
    this.totals.bytes += size;
    if (result.isNew) {
      sizes.add(size);
      this.count(result.blob, this.settled.header(result.blob).storedSize);
    } else if (result.blob !== NONE) {
      this.totals.duplicateBytes += size;
    }
    this.settle(item, result.blob, result.outcome);
  }

  private sizesOfLarge(): Set<number> {
    if (this.largeSizes === undefined) {
      this.largeSizes = new Set();
      const { blobs } = this.settled;
      for (let row = 0; row < blobs.length; row++) {
        if (blobs.size[row] > this.slabSize && this.settled.isSettled(row))
          this.largeSizes.add(blobs.size[row]);
      }
    }
    return this.largeSizes;
  }

  private count(blob: number, storedSize: number): void {
    this.totals.newBytes += this.settled.blobs.size[blob];
    this.totals.storedBytes += storedSize;
  }

  private settle(item: StreamToStore, blob: number, outcome: ReadOutcome): void {
    item.settle(blob, outcome);
    this.options.onStored?.(1, item.size, item.path);
  }

  private check(): void {
    if (this.failure !== undefined) throw toError(this.failure.error);
    if (this.options.signal?.aborted === true) throw new CancelledError();
  }

  private fail(error: unknown): void {
    this.failure ??= { error };
    this.deciding.fail(error);
    this.writing.fail(error);
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new AppError('internal/bug', String(error));
}
