import { AppError, CancelledError, FormatError } from '../../../../src-shared/errors/appError';
import { bytesEqual } from '../../binary/bytesEqual';
import type { EngineHost } from '../../os';
import { awaitedLater } from '../../pipeline/awaitedLater';
import { MISMATCH } from '../../pipeline/taskEnvironment';
import { solidBounds } from '../../pipeline/solidChunks';
import { TaskGate } from '../../pipeline/taskGate';
import type { Placement, TaskRunner, Tasks, UnpackOutcome } from '../../pipeline/tasks';
import type { SolidResource } from '../solidRuns';
import type { Wim } from '../wim';
import { chunksPerTask, crossingRows, solidTasks, type SolidTask } from './solidTasks';
import type { UnpackOptions } from './unpackBlobs';

/** A task that a thread has or will have. */
interface Flight {
  readonly task: SolidTask;
  readonly gate: TaskGate;
  readonly slab: SharedArrayBuffer | undefined;
  readonly done: Promise<Tasks['unpackSolid']['out']>;
}

/** What is known of a blob of which parts have come. */
interface Passing {
  readonly digest: ReturnType<EngineHost['sha1']['start']>;
  problem: string | undefined;
}

/**
 * Decompresses blobs of solid resources: threads expand chunks side by side, each checks and writes what lies in its
 * own; data that goes over the border of two is hashed here, in order. Chunks that hold nothing wanted are not read.
 * @param rows rows of the blob table, all of them in solid resources, by resource and offset
 */
export async function unpackSolidBlobs(
  host: EngineHost,
  wim: Wim,
  rows: readonly number[],
  options: UnpackOptions,
): Promise<void> {
  const runner = host.taskRunner(options.threads);
  const unpacker = new SolidUnpacker(host, wim, runner, options);
  for (let i = 0; i < rows.length;) {
    const index = wim.blobs.solid[rows[i]];
    let end = i + 1;
    while (end < rows.length && wim.blobs.solid[rows[end]] === index) end += 1;
    await unpacker.unpack(wim.solids[index], rows.slice(i, end));
    i = end;
  }
}

class SolidUnpacker {
  private readonly passing = new Map<number, Passing>();
  private readonly flights: Flight[] = [];
  private readonly finishing = new Set<Promise<void>>();
  /** Rejects when the job is cancelled: nobody waits for a thread that is deep in a chunk. */
  private readonly cancelled: Promise<never>;
  private failure: { readonly error: unknown } | undefined;
  private readonly placements: (row: number) => readonly Placement[];

  constructor(
    private readonly host: EngineHost,
    private readonly wim: Wim,
    private readonly runner: TaskRunner,
    private readonly options: UnpackOptions,
  ) {
    this.placements = options.placements ?? (() => []);
    this.cancelled = new Promise((_, reject) => {
      options.signal?.addEventListener('abort', () => reject(new CancelledError()), { once: true });
    });
    awaitedLater(this.cancelled);
  }

  /** @param rows blobs in `resource`, by offset */
  async unpack(resource: SolidResource, rows: readonly number[]): Promise<void> {
    const { wim, runner } = this;
    const part = wim.parts[resource.part];
    let bounds: Float64Array;
    try {
      bounds = solidBounds(part.file, resource);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.giveUp(rows, error.message);
      return;
    }
    const perTask = chunksPerTask(resource, runner.width);
    try {
      this.check();
      await this.makeFiles(crossingRows(wim, resource, rows, perTask));
      for (const task of solidTasks(wim, resource, rows, perTask, this.placements)) {
        this.submit(resource, bounds, task);
        // One that waits behind those that are worked on.
        if (this.flights.length > runner.width) await this.land();
      }
      while (this.flights.length > 0) await this.land();
      await Promise.race([Promise.all(this.finishing), this.cancelled]);
      this.check();
    } catch (error) {
      await this.closeAll();
      throw error;
    }
  }

  /** None of the blobs can be had. */
  private giveUp(rows: readonly number[], problem: string): void {
    for (const row of rows) {
      this.options.onDamaged(row, problem);
      this.options.onUnpacked?.(1, this.wim.blobs.size[row], row);
    }
  }

  private async makeFiles(rows: readonly number[]): Promise<void> {
    const placements = rows.flatMap((row) => [...this.placements(row)]);
    if (placements.length === 0) return;
    const { failures } = await this.runner.run('createEmpty', { placements, dataFollows: true });
    for (const failure of failures) this.options.onFailure(failure);
  }

  private submit(resource: SolidResource, bounds: Float64Array, task: SolidTask): void {
    const { wim, runner, options } = this;
    const gate = new TaskGate();
    const slab = task.partsSize > 0 ? new SharedArrayBuffer(task.partsSize) : undefined;
    const { offset, storedSize, size, format, chunkSize } = resource;
    const done = runner.run('unpackSolid', {
      resource: {
        file: wim.parts[resource.part].path,
        offset,
        storedSize,
        size,
        format,
        chunkSize,
        pipable: false,
        solid: { start: 0, size },
      },
      first: task.first,
      bounds: bounds.slice(task.first, task.first + task.count + 1),
      blobs: task.blobs,
      parts: task.parts,
      slab,
      keepCorrupt: options.keepCorrupt,
      gate: gate.memory,
    });
    awaitedLater(done);
    this.flights.push({ task, gate, slab, done });
  }

  /** Waits for the oldest task and reports what came of it. */
  private async land(): Promise<void> {
    const { task, slab, done } = this.flights[0];
    const { outcomes } = await Promise.race([done, this.cancelled]);
    this.flights.shift();
    this.check();
    const { options, wim } = this;
    task.rows.forEach((row, i) => {
      this.reportFailures(outcomes[i]);
      if (outcomes[i].state !== 'ok') options.onDamaged(row, outcomes[i].problem ?? outcomes[i].state);
      options.onUnpacked?.(1, wim.blobs.size[row], row);
    });
    let at = 0;
    task.parts.forEach((part, i) => {
      const data = new Uint8Array(slab as SharedArrayBuffer, at, part.size);
      at += part.size;
      this.pass(task.crossing[i], outcomes[task.rows.length + i], data, part.isEnd);
    });
  }

  /** Takes a part of a blob that lies in several tasks. */
  private pass(
    { row, placements }: SolidTask['crossing'][number],
    outcome: UnpackOutcome,
    data: Uint8Array,
    isEnd: boolean,
  ): void {
    const { options, wim } = this;
    let state = this.passing.get(row);
    if (state === undefined) {
      state = { digest: this.host.sha1.start(), problem: undefined };
      this.passing.set(row, state);
    }
    this.reportFailures(outcome);
    state.problem ??= outcome.problem;
    state.digest.update(data);
    options.onUnpacked?.(0, data.length, row);
    if (!isEnd) return;
    this.passing.delete(row);
    const { problem } = state;
    if (problem !== undefined) options.onDamaged(row, problem);
    else if (!bytesEqual(state.digest.digest(), wim.blobs.sha1(row))) options.onDamaged(row, MISMATCH);
    options.onUnpacked?.(1, 0, row);
    if (placements.length > 0) this.finish(placements);
  }

  /** Sets the metadata of files whose data is complete, while the next chunks are worked on. */
  private finish(placements: readonly Placement[]): void {
    const done: Promise<void> = this.runner
      .run('finishFiles', { placements })
      .then(({ failures }) => {
        for (const failure of failures) this.options.onFailure(failure);
      })
      .catch((error: unknown) => {
        this.failure ??= { error };
      })
      .finally(() => this.finishing.delete(done));
    this.finishing.add(done);
  }

  private reportFailures({ failures }: UnpackOutcome): void {
    for (const failure of failures ?? []) this.options.onFailure(failure);
  }

  private check(): void {
    if (this.options.signal?.aborted === true) throw new CancelledError();
    if (this.failure === undefined) return;
    const { error } = this.failure;
    throw error instanceof Error ? error : new AppError('internal/bug', String(error));
  }

  /** Sees to it that no task writes a file any more; one that only expands is left to itself. */
  private async closeAll(): Promise<void> {
    const writing = this.flights.filter(({ gate }) => gate.close()).map(({ done }) => done);
    this.flights.length = 0;
    await Promise.allSettled([...writing, ...this.finishing]);
  }
}
