import { AppError, CancelledError } from '../../../../src-shared/errors/appError';
import { awaitedLater } from '../../pipeline/awaitedLater';
import { solidBounds, solidChunkLength } from '../../pipeline/solidChunks';
import { TaskGate } from '../../pipeline/taskGate';
import type { Tasks } from '../../pipeline/tasks';
import type { SolidResource } from '../solidRuns';
import type { Wim } from '../wim';
import { streamOfBlob } from './sourceBlobs';
import type { StoredCallback } from './storeStreams';
import type { StreamToStore } from './streamToStore';
import type { WimWriter } from './wimWriter';

/** Data that is expanded at a time, unless a single chunk is larger. */
const STAGE_SIZE = 32 << 20;
/** A blob that begins in one stage and ends in another is held in memory up to this size. */
const LARGEST_HELD = 256 << 20;

/** Chunks that are expanded together, and what of them is wanted. */
interface Stage {
  readonly first: number;
  readonly count: number;
  /** Parts of blobs, one behind the other in memory. */
  readonly parts: { readonly row: number; readonly start: number; readonly size: number }[];
  size: number;
}

/**
 * Stores blobs of solid resources as resources of their own. Every chunk is expanded once, by one thread, into memory
 * that the threads which compress take the data from.
 * @param rows by resource and offset
 */
export async function spreadSolids(
  writer: WimWriter,
  wim: Wim,
  rows: readonly number[],
  onStored: StoredCallback,
): Promise<void> {
  const spreader = new Spreader(writer, wim, onStored);
  for (let i = 0; i < rows.length;) {
    const index = wim.blobs.solid[rows[i]];
    let end = i + 1;
    while (end < rows.length && wim.blobs.solid[rows[end]] === index) end += 1;
    await spreader.spread(wim.solids[index], rows.slice(i, end));
    i = end;
  }
}

class Spreader {
  /** Blobs of which a part was expanded. */
  private readonly held = new Map<number, { readonly memory: SharedArrayBuffer; filled: number }>();
  private readonly cancelled: Promise<never>;

  constructor(
    private readonly writer: WimWriter,
    private readonly wim: Wim,
    private readonly onStored: StoredCallback,
  ) {
    this.cancelled = new Promise((_, reject) => {
      writer.options.signal?.addEventListener('abort', () => reject(new CancelledError()), { once: true });
    });
    awaitedLater(this.cancelled);
  }

  async spread(resource: SolidResource, rows: readonly number[]): Promise<void> {
    const { wim, writer } = this;
    const bounds = solidBounds(wim.parts[resource.part].file, resource);
    const small = rows.filter((row) => wim.blobs.size[row] <= LARGEST_HELD);
    let next: Promise<SharedArrayBuffer> | undefined;
    let current: Stage | undefined;
    // While one stage is compressed, the next one is expanded.
    for (const stage of stages(wim, resource, small)) {
      const following = this.expand(resource, bounds, stage);
      awaitedLater(following);
      if (current !== undefined && next !== undefined) await this.store(current, await next);
      current = stage;
      next = following;
    }
    if (current !== undefined && next !== undefined) await this.store(current, await next);
    const large = rows.filter((row) => wim.blobs.size[row] > LARGEST_HELD);
    const streams = large.map((row) =>
      streamOfBlob(wim, row, {
        kind: 'resource',
        resource: wim.resourceOf(row),
        sha1: wim.blobs.sha1(row).slice(),
      }),
    );
    if (streams.length > 0) await writer.store(streams, this.onStored);
  }

  private async store(stage: Stage, memory: SharedArrayBuffer): Promise<void> {
    await this.writer.store(this.streams(stage, memory), this.onStored);
  }

  /** The blobs that are complete with a stage. */
  private *streams({ parts }: Stage, memory: SharedArrayBuffer): Generator<StreamToStore> {
    const { blobs } = this.wim;
    let at = 0;
    for (const { row, size } of parts) {
      const offset = at;
      at += size;
      const sha1 = blobs.sha1(row).slice();
      if (size === blobs.size[row]) {
        yield streamOfBlob(this.wim, row, { kind: 'shared', memory, offset, size, sha1 });
        continue;
      }
      const held = this.held.get(row) ?? { memory: new SharedArrayBuffer(blobs.size[row]), filled: 0 };
      this.held.set(row, held);
      new Uint8Array(held.memory, held.filled).set(new Uint8Array(memory, offset, size));
      held.filled += size;
      if (held.filled < blobs.size[row]) continue;
      this.held.delete(row);
      const whole = { kind: 'shared', memory: held.memory, offset: 0, size: held.filled, sha1 } as const;
      yield streamOfBlob(this.wim, row, whole);
    }
  }

  private async expand(
    resource: SolidResource,
    bounds: Float64Array,
    { first, count, parts, size }: Stage,
  ): Promise<SharedArrayBuffer> {
    const { wim, writer } = this;
    const slab = new SharedArrayBuffer(size);
    const { offset, storedSize, format, chunkSize } = resource;
    const task: Tasks['unpackSolid']['in'] = {
      resource: {
        file: wim.parts[resource.part].path,
        offset,
        storedSize,
        size: resource.size,
        format,
        chunkSize,
        pipable: false,
        solid: { start: 0, size: resource.size },
      },
      first,
      bounds: bounds.slice(first, first + count + 1),
      blobs: [],
      parts: parts.map(({ start, size: length }) => ({
        start,
        size: length,
        offset: 0,
        placements: [],
        isEnd: false,
      })),
      slab,
      keepCorrupt: false,
      gate: new TaskGate().memory,
    };
    const { outcomes } = await Promise.race([writer.runner.run('unpackSolid', task), this.cancelled]);
    outcomes.forEach(({ state, problem }, i) => {
      if (state === 'ok') return;
      const { path } = streamOfBlob(wim, parts[i].row, { kind: 'bytes', bytes: new Uint8Array() });
      throw new AppError('wim/blob-corrupt', `${path()} of ${wim.path}: ${problem ?? state}`);
    });
    return slab;
  }
}

/** Divides the wanted blobs of a resource by the chunks that hold them. */
function* stages(wim: Wim, resource: SolidResource, rows: readonly number[]): Generator<Stage> {
  const { blobs } = wim;
  const { chunkSize } = resource;
  const perStage = Math.max(1, Math.floor(STAGE_SIZE / chunkSize));
  let stage: Stage | undefined;
  for (const row of rows) {
    const end = blobs.offset[row] + blobs.size[row];
    for (let at = blobs.offset[row]; at < end;) {
      const group = Math.floor(at / (perStage * chunkSize));
      if (stage?.first !== group * perStage) {
        if (stage !== undefined) yield stage;
        const count = Math.min(perStage, Math.ceil(resource.size / chunkSize) - group * perStage);
        stage = { first: group * perStage, count, parts: [], size: 0 };
      }
      const last = stage.first + stage.count - 1;
      const stop = Math.min(end, last * chunkSize + solidChunkLength(resource, last));
      stage.parts.push({ row, start: at, size: stop - at });
      stage.size += stop - at;
      at = stop;
    }
  }
  if (stage !== undefined) yield stage;
}
