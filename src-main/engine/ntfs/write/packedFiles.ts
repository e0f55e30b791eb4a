import { AppError, CancelledError } from '../../../../src-shared/errors/appError';
import type { BlockDevice } from '../../disk/blockDevice';
import { awaitedLater } from '../../pipeline/awaitedLater';
import type { Compression, ExtentLocation, TaskRunner } from '../../pipeline/tasks';
import { clustersFor } from './geometry';
import type { VolumePlan } from './volumePlan';

/** Files up to this size are compressed together, up to this many bytes to a task. */
const BATCH = 4 * 1024 * 1024;
const BATCH_FILES = 512;
/** Compressed data of one file that is held in memory at most: of a larger one everything stays plain. */
const LARGEST_PACKED = 64 * 1024 * 1024;

/** A batch that a thread works on. */
interface Flight {
  readonly streams: readonly number[];
  readonly input: SharedArrayBuffer;
  readonly output: SharedArrayBuffer;
  readonly done: Promise<{
    readonly items: readonly { readonly storedSize: number; readonly compressed: boolean }[];
  }>;
}

/**
 * Compresses the data of files that lie one behind the other, and moves it together: every file goes to where the one
 * before it ended, so that what was gained is free in one piece. Threads read ahead; what is written never reaches what
 * was not read yet, because it is never more than what was read.
 */
export class PackedFiles {
  /** Of each region of data: first cluster that is free behind what was packed, and end of what was read. */
  private readonly cursors = new Map<number, { free: number; end: number }>();
  private readonly freed: [start: number, end: number][] = [];

  constructor(
    private readonly device: BlockDevice,
    private readonly plan: VolumePlan,
    private readonly runner: TaskRunner,
    private readonly compression: Compression,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Packs the candidates of the plan. @returns clusters that are free now: start and end of each piece */
  async pack(): Promise<[start: number, end: number][]> {
    const flights: Flight[] = [];
    const land = async (): Promise<void> => {
      const flight = flights.shift();
      if (flight !== undefined) await this.land(flight);
    };
    try {
      for (const batch of this.batches()) {
        if (this.signal?.aborted === true) throw new CancelledError();
        if (batch.length === 1 && this.plan.sizeOf(batch[0]) > BATCH) {
          while (flights.length > 0) await land();
          await this.packLarge(batch[0]);
          continue;
        }
        flights.push(this.start(batch));
        if (flights.length > this.runner.width) await land();
      }
      while (flights.length > 0) await land();
    } finally {
      await Promise.allSettled(flights.map(({ done }) => done));
    }
    for (const { free, end } of this.cursors.values()) this.freed.push([free, end]);
    return this.freed;
  }

  private *batches(): Generator<number[]> {
    const { plan } = this;
    let batch: number[] = [];
    let size = 0;
    for (const stream of plan.compactStreams.keys()) {
      if (plan.fragments.has(stream)) continue;
      const own = plan.sizeOf(stream);
      if (batch.length > 0 && (size + own > BATCH || batch.length === BATCH_FILES)) {
        yield batch;
        batch = [];
        size = 0;
      }
      batch.push(stream);
      size += own;
    }
    if (batch.length > 0) yield batch;
  }

  private start(streams: readonly number[]): Flight {
    const { plan, runner, compression } = this;
    let offset = 0;
    const items = streams.map((stream) => {
      const size = plan.sizeOf(stream);
      const item = { location: this.location(stream), offset, room: size };
      offset += size;
      return item;
    });
    const input = new SharedArrayBuffer(offset);
    const output = new SharedArrayBuffer(offset);
    const run = async (): Promise<Awaited<Flight['done']>> => {
      const read = await runner.run('readBatch', { slab: input, items });
      read.items.forEach(({ state, size, problem }, i) => {
        if (state !== 'same' || size !== items[i].room)
          throw new AppError(
            'io/failed',
            `${this.device.name}: written data cannot be read again: ${problem ?? state}`,
          );
      });
      const packs = items.map((item) => ({ offset: item.offset, size: item.room, store: false }));
      return runner.run('packBatch', { input, output, compression, items: packs });
    };
    const done = run();
    awaitedLater(done);
    return { streams, input, output, done };
  }

  private async land({ streams, input, output, done }: Flight): Promise<void> {
    const { items } = await done;
    let plainAt = 0;
    let packedAt = 0;
    items.forEach(({ storedSize, compressed }, i) => {
      const stream = streams[i];
      const size = this.plan.sizeOf(stream);
      const isPacked = compressed && this.gains(stream, storedSize);
      if (isPacked) this.settle(stream, [new Uint8Array(output, packedAt, storedSize)], storedSize);
      else this.settle(stream, [new Uint8Array(input, plainAt, size)], undefined);
      plainAt += size;
      packedAt += storedSize;
    });
  }

  /** One file by pieces: its compressed data is collected, because it may come to lie where it is read from. */
  private async packLarge(stream: number): Promise<void> {
    const { plan, runner, compression } = this;
    const size = plan.sizeOf(stream);
    const { chunkSize } = compression;
    const entrySize = size > 0xffffffff ? 8 : 4;
    const chunks = Math.ceil(size / chunkSize);
    const table = new DataView(new ArrayBuffer((chunks - 1) * entrySize));
    const parts: Uint8Array[] = [new Uint8Array(table.buffer)];
    let chunk = 0;
    let stored = 0;
    const pieces: {
      readonly output: SharedArrayBuffer;
      readonly done: Promise<{ chunkSizes: Uint32Array }>;
    }[] = [];
    let next = 0;
    const submit = (): void => {
      const length = Math.min(BATCH, size - next);
      const input = new SharedArrayBuffer(length);
      const output = new SharedArrayBuffer(length);
      const location = this.location(stream);
      const done = runner.run('packRange', { location, offset: next, length, input, output, compression });
      awaitedLater(done);
      pieces.push({ output, done });
      next += length;
    };
    try {
      while (next < size && pieces.length <= runner.width) submit();
      for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
        const { chunkSizes } = await piece.done;
        if (this.signal?.aborted === true) throw new CancelledError();
        let bytes = 0;
        for (const chunkBytes of chunkSizes) {
          if (chunk > 0) writeEntry(table, (chunk - 1) * entrySize, entrySize, stored + bytes);
          bytes += chunkBytes;
          chunk++;
        }
        stored += bytes;
        // What cannot be gained any more, or would take too much memory, is left as it is.
        if (stored > LARGEST_PACKED || !this.gains(stream, stored + table.byteLength)) break;
        parts.push(new Uint8Array(piece.output, 0, bytes));
        if (next < size) submit();
      }
    } finally {
      await Promise.allSettled(pieces.map(({ done }) => done));
    }
    const total = stored + table.byteLength;
    if (chunk === chunks && stored <= LARGEST_PACKED && this.gains(stream, total))
      this.settle(stream, parts, total);
    else this.movePlain(stream);
  }

  private gains(stream: number, storedSize: number): boolean {
    return clustersFor(this.plan.geometry, storedSize) < this.plan.streamClusters[stream];
  }

  /** Writes a file's data where the one before it ended. @param packedSize absent for plain data */
  private settle(stream: number, parts: readonly Uint8Array[], packedSize: number | undefined): void {
    const { plan, device } = this;
    const { clusterSize } = plan.geometry;
    const clusters =
      packedSize === undefined ? plan.streamClusters[stream] : clustersFor(plan.geometry, packedSize);
    const cluster = this.advance(stream, clusters);
    if (packedSize !== undefined || cluster !== plan.firstCluster[stream]) {
      let position = cluster * clusterSize;
      for (const part of parts) {
        device.write(position, part);
        position += part.length;
      }
      const over = (cluster + clusters) * clusterSize - position;
      if (over > 0) device.write(position, new Uint8Array(Math.min(over, clusterSize)));
    }
    if (packedSize === undefined) plan.firstCluster[stream] = cluster;
    else plan.setPacked(stream, { cluster, clusters, size: packedSize });
  }

  /** Moves plain data forward, piece by piece: what is written lies before what is still to be read. */
  private movePlain(stream: number): void {
    const { plan, device } = this;
    const { clusterSize } = plan.geometry;
    const from = plan.firstCluster[stream];
    const to = this.advance(stream, plan.streamClusters[stream]);
    if (to === from) return;
    const size = plan.streamClusters[stream] * clusterSize;
    const piece = new Uint8Array(Math.min(size, BATCH));
    for (let done = 0; done < size; done += piece.length) {
      const part = piece.subarray(0, Math.min(piece.length, size - done));
      device.read(from * clusterSize + done, part);
      device.write(to * clusterSize + done, part);
    }
    plan.firstCluster[stream] = to;
  }

  /** Takes the next clusters of the region that a stream lies in. */
  private advance(stream: number, clusters: number): number {
    const { plan } = this;
    const from = plan.firstCluster[stream];
    const region = plan.areas.data.findIndex(({ start, next }) => from >= start && from < next);
    let cursor = this.cursors.get(region);
    if (cursor === undefined || cursor.end !== from) {
      // Something else lies between: what was gained before it stays there.
      if (cursor !== undefined) this.freed.push([cursor.free, cursor.end]);
      cursor = { free: from, end: from };
      this.cursors.set(region, cursor);
    }
    const cluster = cursor.free;
    cursor.free += clusters;
    cursor.end = from + plan.streamClusters[stream];
    return cluster;
  }

  private location(stream: number): ExtentLocation {
    const { plan, device } = this;
    const { clusterSize } = plan.geometry;
    const size = plan.sizeOf(stream);
    const extents = device.extents(plan.firstCluster[stream] * clusterSize, size);
    return { kind: 'extents', size, validSize: size, extents, encoding: { kind: 'plain' } };
  }
}

function writeEntry(table: DataView, at: number, size: number, value: number): void {
  table.setUint32(at, value % 2 ** 32, true);
  if (size === 8) table.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
}
