import { AppError, CancelledError } from '../../../../src-shared/errors/appError';
import { bytesEqual } from '../../binary/bytesEqual';
import type { EngineHost } from '../../os';
import { awaitedLater } from '../../pipeline/awaitedLater';
import { SOLID_ENTRY_SIZE, SOLID_HEADER_SIZE, windowOf } from '../../pipeline/solidChunks';
import type { Compression, ReadOutcome, TaskRunner, Tasks } from '../../pipeline/tasks';
import { NONE } from '../../tree/tree';
import { SHA1_SIZE } from '../blobTable';
import { solidFormats, SolidHeader } from '../records/solidHeader';
import { hashStreams } from './hashStreams';
import type { OutputBlobs } from './outputBlobs';
import type { ResourceOutput } from './resourceOutput';
import { solidRanges, type SolidItem, type SolidRange } from './solidLayout';
import { solidOrder } from './solidOrder';
import type { StoredCallback, StoreTotals } from './storeStreams';
import type { StreamToStore } from './streamToStore';

export interface StoreSolidOptions {
  readonly compression: Compression;
  /** Bring files of a kind together; else the order is that of the streams. */
  readonly sort: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onStored?: StoredCallback | undefined;
}

export interface StoredSolid {
  readonly totals: StoreTotals;
  /** Streams that changed between the two times they were read: they are to be stored by themselves. */
  readonly leftovers: readonly StreamToStore[];
}

/** Data of a task whose chunks are small. */
const TASK_SIZE = 4 << 20;

/** Bytes that one task takes for its data before and after, besides the compressor. */
export function solidSlabSize({ chunkSize }: Compression): number {
  return Math.max(chunkSize, Math.floor(TASK_SIZE / chunkSize) * chunkSize);
}

/**
 * Stores the data of streams in one solid resource, each blob once. All streams are hashed first, so that what lies
 * where is settled before anything is compressed; then threads read and compress chunks side by side, which are written
 * in order. The file that comes out is the same for any number of threads.
 */
export async function storeSolid(
  host: EngineHost,
  runner: TaskRunner,
  streams: Iterable<StreamToStore>,
  output: ResourceOutput,
  settled: OutputBlobs,
  options: StoreSolidOptions,
): Promise<StoredSolid> {
  return new SolidStore(host, runner, output, settled, options).run([...streams]);
}

/** A task under way. */
interface Flight {
  readonly range: SolidRange;
  readonly slabs: Slabs;
  readonly done: Promise<Tasks['packSolid']['out']>;
}

interface Slabs {
  readonly input: SharedArrayBuffer;
  readonly output: SharedArrayBuffer;
}

/** A blob that the ranges of several tasks hold. */
interface Passing {
  readonly digest: ReturnType<EngineHost['sha1']['start']>;
  done: number;
}

class SolidStore {
  private readonly totals: StoreTotals = { bytes: 0, duplicateBytes: 0, newBytes: 0, storedBytes: 0 };
  private readonly passing = new Map<SolidItem, Passing>();
  /** Rows whose data was not what it was when it was hashed. */
  private readonly failed = new Set<number>();
  private readonly cancelled: Promise<never>;

  constructor(
    private readonly host: EngineHost,
    private readonly runner: TaskRunner,
    private readonly output: ResourceOutput,
    private readonly settled: OutputBlobs,
    private readonly options: StoreSolidOptions,
  ) {
    this.cancelled = new Promise((_, reject) => {
      options.signal?.addEventListener('abort', () => reject(new CancelledError()), { once: true });
    });
    awaitedLater(this.cancelled);
  }

  async run(streams: readonly StreamToStore[]): Promise<StoredSolid> {
    const hashed = await Promise.race([
      hashStreams(this.runner, streams, this.options.signal),
      this.cancelled,
    ]);
    const rows = new Int32Array(streams.length).fill(NONE);
    const items = this.decide(streams, hashed.outcomes, hashed.sha1, rows);
    await this.write(items);
    const leftovers: StreamToStore[] = [];
    streams.forEach((stream, i) => {
      // Grown since the scan, and read no further: the second reading takes it as it is then.
      if (hashed.outcomes[i].state === 'outgrown') leftovers.push(stream);
      if (rows[i] === NONE) return;
      if (this.failed.has(rows[i])) leftovers.push(stream);
      else stream.settle(rows[i], hashed.outcomes[i]);
    });
    return { totals: this.totals, leftovers };
  }

  /** Finds for each stream the blob that holds its data; those seen for the first time get a place. */
  private decide(
    streams: readonly StreamToStore[],
    outcomes: readonly ReadOutcome[],
    sha1: Uint8Array,
    rows: Int32Array,
  ): SolidItem[] {
    const { settled, options } = this;
    const { blobs } = settled;
    const fresh: { stream: StreamToStore; row: number; size: number; name: string | undefined }[] = [];
    streams.forEach((stream, i) => {
      const { state, size } = outcomes[i];
      if (size === 0 || state === 'vanished' || state === 'unreadable') {
        stream.settle(NONE, outcomes[i]);
        options.onStored?.(1, stream.size, stream.path);
        return;
      }
      if (state === 'outgrown') return;
      const row = blobs.findOrAdd(sha1, i * SHA1_SIZE, size);
      rows[i] = row;
      blobs.size[row] = size;
      this.totals.bytes += size;
      if (settled.isSettled(row)) {
        this.totals.duplicateBytes += size;
        options.onStored?.(1, stream.size, stream.path);
        return;
      }
      settled.claim(row);
      fresh.push({ stream, row, size, name: options.sort ? stream.name?.() : undefined });
    });
    let start = 0;
    return solidOrder(fresh).map((index) => {
      const { stream, row, size } = fresh[index];
      const item = { stream, row, size, start };
      start += size;
      return item;
    });
  }

  private async write(items: readonly SolidItem[]): Promise<void> {
    const last = items.at(-1);
    if (last === undefined) return;
    const { output, options, settled } = this;
    const { compression } = options;
    const size = last.start + last.size;
    const chunkCount = Math.ceil(size / compression.chunkSize);
    const offset = output.skip(SOLID_HEADER_SIZE + chunkCount * SOLID_ENTRY_SIZE);
    const table = new Uint8Array(chunkCount * SOLID_ENTRY_SIZE);
    const view = new DataView(table.buffer);
    let chunk = 0;
    await this.compress(items, size, (sizes) => {
      for (const stored of sizes) view.setUint32(chunk++ * SOLID_ENTRY_SIZE, stored, true);
    });
    const header = SolidHeader.serialize({
      size: BigInt(size),
      chunkSize: compression.chunkSize,
      format: solidFormats.indexOf(compression.format),
    });
    output.patch(offset, header);
    output.patch(offset + SOLID_HEADER_SIZE, table);
    const storedSize = output.position - offset;
    const solid = settled.addSolid({ offset, storedSize, size });
    for (const { row, start, size: bytes } of items) {
      if (this.failed.has(row)) {
        settled.unclaim(row);
      } else {
        settled.setInSolid(row, solid, start);
        this.totals.newBytes += bytes;
      }
    }
    this.totals.storedBytes += storedSize;
  }

  private async compress(
    items: readonly SolidItem[],
    size: number,
    onChunks: (sizes: Uint32Array) => void,
  ): Promise<void> {
    const { runner, options, output } = this;
    const compression = { ...options.compression, chunkSize: windowOf({ ...options.compression, size }) };
    const rangeSize = solidSlabSize(options.compression);
    const slabSize = Math.min(rangeSize, size);
    const flights: Flight[] = [];
    const free: Slabs[] = [];
    const land = async (): Promise<void> => {
      const { range, slabs, done } = flights[0];
      const result = await Promise.race([done, this.cancelled]);
      flights.shift();
      this.check();
      output.write(new Uint8Array(slabs.output, 0, sumOf(result.chunkSizes)));
      onChunks(result.chunkSizes);
      this.take(range, result, new Uint8Array(slabs.input));
      free.push(slabs);
    };
    for (const range of solidRanges(items, rangeSize)) {
      this.check();
      // One more than there are threads: the next data waits where a thread is done before its turn to be written.
      if (flights.length > runner.width) await land();
      const slabs = free.pop() ?? {
        input: new SharedArrayBuffer(slabSize),
        output: new SharedArrayBuffer(slabSize + 4096),
      };
      const done = runner.run('packSolid', {
        ...slabs,
        length: range.length,
        compression,
        pieces: range.pieces,
      });
      awaitedLater(done);
      flights.push({ range, slabs, done });
    }
    while (flights.length > 0) await land();
  }

  /** Sees whether what was compressed is what was hashed. */
  private take(range: SolidRange, result: Tasks['packSolid']['out'], data: Uint8Array): void {
    const { blobs } = this.settled;
    range.pieces.forEach((piece, i) => {
      const item = range.items[i];
      const { state, size } = result.pieces[i];
      const isComplete = (state === 'same' || state === 'changed') && size === piece.size;
      this.options.onStored?.(0, piece.size, item.stream.path);
      if (!isComplete) this.failed.add(item.row);
      if (piece.isWhole) {
        const sha1 = result.sha1.subarray(i * SHA1_SIZE, (i + 1) * SHA1_SIZE);
        if (!bytesEqual(sha1, blobs.sha1(item.row))) this.failed.add(item.row);
        this.options.onStored?.(1, 0, item.stream.path);
        return;
      }
      const passing = this.passing.get(item) ?? { digest: this.host.sha1.start(), done: 0 };
      this.passing.set(item, passing);
      passing.digest.update(data.subarray(piece.at, piece.at + piece.size));
      passing.done += piece.size;
      if (passing.done < item.size) return;
      this.passing.delete(item);
      if (!bytesEqual(passing.digest.digest(), blobs.sha1(item.row))) this.failed.add(item.row);
      this.options.onStored?.(1, 0, item.stream.path);
    });
  }

  private check(): void {
    if (this.options.signal?.aborted === true) throw new CancelledError();
  }
}

function sumOf(sizes: Uint32Array): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** @throws AppError `usage/invalid` for data that no solid resource is made of */
export function assertSolidFormat({ format }: Compression): void {
  if (format === 'none')
    throw new AppError('usage/invalid', 'a solid resource is always compressed: XPRESS, LZX or LZMS');
}
