import { AppError } from '../../../../src-shared/errors/appError';
import { awaitedLater } from '../../pipeline/awaitedLater';
import type { EngineHost } from '../../os';
import type { Compression, ReadOutcome, TaskRunner, Tasks } from '../../pipeline/tasks';
import { chunkEntrySize } from '../../pipeline/resourceChunks';
import { NONE } from '../../tree/tree';
import { ResourceFlag, type ResourceHeader } from '../records/resourceHeader';
import type { OutputBlobs } from './outputBlobs';
import { serializeChunkTable, writeChunkHeader, type ResourceOutput } from './resourceOutput';
import type { StreamToStore } from './streamToStore';

/** How often a file is read that becomes shorter each time. */
const ATTEMPTS = 3;

/** Slabs for ranges of large streams, made at the first one and kept for the next. */
export interface LargeSlabs {
  readonly size: number;
  readonly count: number;
  readonly slabs: { readonly input: SharedArrayBuffer; readonly output: SharedArrayBuffer }[];
}

interface LargeContext {
  readonly host: EngineHost;
  readonly runner: TaskRunner;
  readonly output: ResourceOutput;
  readonly settled: OutputBlobs;
  /** Throws when the whole job has failed or was cancelled. */
  check(): void;
}

export interface LargeResult {
  readonly blob: number;
  readonly isNew: boolean;
  readonly outcome: ReadOutcome;
}

/**
 * Stores one stream of any size: ranges of it are read and compressed by threads at the same time, hashed and written
 * here in order. A stream whose data may be there already is hashed first.
 */
export async function storeLargeStream(
  context: LargeContext,
  stream: StreamToStore,
  options: { readonly compression: Compression; readonly slabs: LargeSlabs; readonly hashFirst: boolean },
): Promise<LargeResult> {
  const { settled, output, runner } = context;
  let item = stream;
  const known = item.location.kind === 'resource' ? item.location.sha1 : undefined;
  let sha1 = known;
  // A pipable resource is preceded by its hash, so that it must be known before the first byte is written.
  if (sha1 === undefined && (options.hashFirst || output.pipable)) {
    const hashed = await runner.run('hashStream', { location: item.location });
    if (hashed.state === 'vanished' || hashed.state === 'unreadable')
      return { blob: NONE, isNew: false, outcome: hashed };
    sha1 = hashed.sha1;
  }
  if (sha1 !== undefined) {
    const row = settled.blobs.find(sha1);
    if (row !== NONE && settled.isSettled(row)) {
      return { blob: row, isNew: false, outcome: { state: 'same', size: item.size, modifiedMs: 0 } };
    }
  }
  const start = output.position;
  const store = options.compression.format === 'none' || item.store;
  let written = await writeRanges(context, item, { ...options, store }, sha1);
  for (let attempt = 1; written.isShorter === true; attempt++) {
    output.rewind(start);
    const now = await runner.run('hashStream', { location: item.location });
    if (now.state === 'vanished' || now.state === 'unreadable')
      return { blob: NONE, isNew: false, outcome: now };
    if (now.size === 0) return { blob: NONE, isNew: false, outcome: { ...now, state: 'changed' } };
    // The header before a pipable resource has told the size already.
    if (attempt === ATTEMPTS || output.pipable) {
      throw new AppError('source/changed', `${item.path()} became shorter while it was read`, {
        path: item.path(),
      });
    }
    item = { ...item, size: now.size };
    written = await writeRanges(context, item, { ...options, store }, sha1);
  }
  if (written.outcome.state === 'vanished' || written.outcome.state === 'unreadable') {
    output.rewind(start);
    return { blob: NONE, isNew: false, outcome: written.outcome };
  }
  if (!output.pipable && !store && written.header.storedSize >= written.header.size) {
    // Nothing was gained: the format wants such data plain.
    output.rewind(start);
    written = await writeRanges(context, item, { ...options, store: true }, sha1);
    if (written.isShorter === true) {
      throw new AppError('source/changed', `${item.path()} became shorter while it was read`, {
        path: item.path(),
      });
    }
  }
  if (sha1 !== undefined && known !== undefined && !same(sha1, written.sha1)) {
    throw new AppError('wim/blob-corrupt', `${item.path()}: its data does not have the SHA-1 it should have`);
  }
  const blob = settled.blobs.findOrAdd(written.sha1, 0, item.size);
  settled.blobs.size[blob] = item.size;
  if (settled.isSettled(blob)) {
    output.rewind(start);
    return { blob, isNew: false, outcome: written.outcome };
  }
  settled.set(blob, written.header);
  return { blob, isNew: true, outcome: written.outcome };
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i]);
}

interface WrittenRanges {
  readonly header: ResourceHeader;
  readonly sha1: Uint8Array;
  readonly outcome: ReadOutcome;
  /** The file ended before it should: nothing of this is good. */
  readonly isShorter?: boolean;
}

async function writeRanges(
  context: LargeContext,
  item: StreamToStore,
  options: { readonly compression: Compression; readonly slabs: LargeSlabs; readonly store: boolean },
  sha1: Uint8Array | undefined,
): Promise<WrittenRanges> {
  const { host, runner, output } = context;
  const compression: Compression = options.store
    ? { format: 'none', chunkSize: 0, level: options.compression.level }
    : options.compression;
  const size = item.size;
  const chunkCount = options.store ? 0 : Math.ceil(size / compression.chunkSize);
  const tableSize = options.store ? 0 : (chunkCount - 1) * chunkEntrySize(size);
  const flags = options.store ? 0 : ResourceFlag.COMPRESSED;
  if (sha1 !== undefined) output.beginPipable(sha1, size, flags);
  const offset = output.position;
  if (!output.pipable) output.skip(tableSize);
  const chunkSizes = new Uint32Array(chunkCount);
  let chunk = 0;
  const digest = host.sha1.start();
  let outcome: ReadOutcome = { state: 'same', size, modifiedMs: 0 };

  const { slabs } = options.slabs;
  while (slabs.length < options.slabs.count) {
    slabs.push({
      input: new SharedArrayBuffer(options.slabs.size),
      output: new SharedArrayBuffer(options.slabs.size + 4096),
    });
  }
  type Range = {
    readonly slab: number;
    readonly length: number;
    readonly done: Promise<Tasks['packRange']['out']>;
  };
  const queue: Range[] = [];
  let position = 0;
  let slab = 0;
  const submit = (): void => {
    const length = Math.min(options.slabs.size, size - position);
    const { input, output: target } = slabs[slab];
    const done = runner.run('packRange', {
      location: item.location,
      offset: position,
      length,
      input,
      output: target,
      compression,
    });
    awaitedLater(done);
    queue.push({ slab, length, done });
    slab = (slab + 1) % slabs.length;
    position += length;
  };
  while (queue.length < slabs.length && position < size) submit();
  while (queue.length > 0) {
    const range = queue.shift() as Range;
    const result = await range.done;
    context.check();
    if (result.state === 'vanished' || result.state === 'unreadable') {
      await Promise.allSettled(queue.map(({ done }) => done));
      return { header: { offset, storedSize: 0, size: 0, flags }, sha1: new Uint8Array(20), outcome: result };
    }
    if (result.size !== range.length) {
      await Promise.allSettled(queue.map(({ done }) => done));
      return {
        header: { offset, storedSize: 0, size: 0, flags },
        sha1: new Uint8Array(20),
        outcome: result,
        isShorter: true,
      };
    }
    if (result.state !== 'same') outcome = { ...result, state: 'torn', size };
    digest.update(new Uint8Array(slabs[range.slab].input, 0, range.length));
    if (options.store) {
      output.write(new Uint8Array(slabs[range.slab].input, 0, range.length));
    } else {
      writeChunks(output, new Uint8Array(slabs[range.slab].output), result.chunkSizes);
      chunkSizes.set(result.chunkSizes, chunk);
      chunk += result.chunkSizes.length;
    }
    if (position < size) submit();
  }
  const table = options.store ? new Uint8Array() : serializeChunkTable(chunkSizes, size);
  if (output.pipable) output.write(table);
  else output.patch(offset, table);
  return {
    header: { offset, storedSize: output.position - offset, size, flags },
    sha1: digest.digest(),
    outcome,
  };
}

function writeChunks(output: ResourceOutput, bytes: Uint8Array, sizes: Uint32Array): void {
  let at = 0;
  if (!output.pipable) {
    output.write(
      bytes.subarray(
        0,
        sizes.reduce((sum, size) => sum + size, 0),
      ),
    );
    return;
  }
  for (const size of sizes) {
    writeChunkHeader(output, size);
    output.write(bytes.subarray(at, at + size));
    at += size;
  }
}
