import { AppError, CancelledError, FormatError } from '../../../../src-shared/errors/appError';
import type { ApplyReport, Remark } from '../../../../src-shared/model/reports';
import { bytesEqual } from '../../binary/bytesEqual';
import type { EngineHost } from '../../os';
import type { ResourceLocation, Tasks } from '../../pipeline/tasks';
import { NONE, StreamKind, type Tree } from '../../tree/tree';
import { hex } from '../blobTable';
import type { Wim } from '../wim';
import { ProgressCounter, type VerbContext } from './common';
import { offsetsOfRange } from './rangeOffsets';
import { isRegularFile } from './selectTree';
import { solidData } from './solidData';

/** Takes bytes in order; a write is done when there is room for the next. */
export interface DataSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** The files whose data is wanted, in that order. */
export interface WantedFiles {
  readonly wim: Wim;
  readonly tree: Tree;
  readonly entries: readonly number[];
  readonly image: number;
  readonly sink: DataSink | undefined;
}

/** Bytes that a thread expands at a time. */
const RANGE_SIZE = 4 << 20;

/**
 * Writes the data of files to a sink, one after the other. Every SHA-1 is checked; data of up to 4 MiB before any of
 * it is written, larger data once it has been. Memory does not grow with the files.
 * @throws AppError `usage/invalid` for what has no data of its own, `wim/missing-blob`, `wim/blob-corrupt`
 */
export async function writeFilesTo(
  host: EngineHost,
  files: WantedFiles,
  request: { readonly recoverData?: boolean; readonly threads?: number; readonly dryRun?: boolean },
  context: VerbContext,
): Promise<ApplyReport> {
  const { wim, tree, entries, sink } = files;
  const blobs = entries.map((entry) => blobOf(wim, tree, entry));
  const bytes = blobs.reduce((sum, blob) => sum + (blob === NONE ? 0 : wim.blobs.size[blob]), 0);
  const damaged: Remark[] = [];
  const report = {
    target: '-',
    image: files.image,
    directories: 0,
    files: entries.length,
    links: 0,
    bytes,
    notKept: [],
    damaged,
    warnings: [],
  };
  if (request.dryRun === true) {
    const steps = entries.map((entry) => `Write the data of ${tree.path(entry)} to standard output`);
    return { ...report, plan: { steps, warnings: [], spaceNeeded: bytes, spaceFree: null } };
  }
  if (sink === undefined)
    throw new AppError('internal/bug', 'data is to be written out and there is no output');
  const progress = new ProgressCounter(context, host, 'Extracting', entries.length, bytes);
  const writer = new DataWriter(host, wim, sink, request, context);
  for (let i = 0; i < entries.length; i++) {
    if (context.signal?.aborted === true) throw new CancelledError();
    const path = (): string => tree.path(entries[i]);
    const problem =
      blobs[i] === NONE ? undefined : await writer.write(blobs[i], (count) => progress.add(0, count, path));
    progress.add(1, 0, path);
    if (problem === undefined) continue;
    if (request.recoverData !== true) {
      throw new AppError('wim/blob-corrupt', `${path()} is damaged in ${wim.path}: ${problem}`, {
        path: path(),
      });
    }
    damaged.push({ path: path(), problem });
    context.onWarning?.(`${path()} is damaged: ${problem}`);
  }
  progress.report();
  return report;
}

/** The blob of a file's unnamed data, or NONE when it has none. */
function blobOf(wim: Wim, tree: Tree, entry: number): number {
  if (!isRegularFile(tree, entry)) {
    const path = tree.path(entry);
    throw new AppError('usage/invalid', `${path} is not a regular file: it has no data to write out`, {
      path,
    });
  }
  const stream = tree.findStream(tree.inode[entry], StreamKind.DATA);
  const blob = stream === NONE ? NONE : tree.streamBlob[stream];
  if (blob !== NONE) wim.resourceOf(blob);
  return blob;
}

interface Range {
  readonly length: number;
  readonly slab: SharedArrayBuffer;
  /** Never rejects: one behind a failed one must not count as unhandled. */
  readonly done: Promise<[PromiseSettledResult<Tasks['unpackRange']['out']>]>;
}

/** Expands blobs by ranges of chunks, several threads ahead of the sink. */
class DataWriter {
  private slabs: SharedArrayBuffer[] = [];

  constructor(
    private readonly host: EngineHost,
    private readonly wim: Wim,
    private readonly sink: DataSink,
    private readonly request: { readonly recoverData?: boolean; readonly threads?: number },
    private readonly context: VerbContext,
  ) {}

  /** @returns what is wrong with the data */
  async write(blob: number, onWritten: (bytes: number) => void): Promise<string | undefined> {
    const { wim, host, request } = this;
    const resource = wim.resourceOf(blob);
    const digest = host.sha1.start();
    const expected = wim.blobs.sha1(blob).slice();
    const mismatch = (): string | undefined =>
      bytesEqual(digest.digest(), expected) ? undefined : `its data does not have the SHA-1 ${hex(expected)}`;
    const isSmall = resource.size <= RANGE_SIZE;
    let problem: string | undefined;
    const pieces =
      resource.solid === undefined
        ? this.ranges(blob, resource)
        : solidData(wim, blob, host.taskRunner(request.threads ?? 0), {
            keepCorrupt: request.recoverData === true,
            signal: this.context.signal,
          });
    for await (const { data, fault } of pieces) {
      problem ??= fault;
      if (problem !== undefined && request.recoverData !== true) return problem;
      digest.update(data);
      if (isSmall) problem ??= mismatch();
      if (problem !== undefined && request.recoverData !== true) return problem;
      await this.sink.write(data);
      onWritten(data.length);
    }
    return isSmall ? problem : (problem ?? mismatch());
  }

  /** The pieces of a blob in order. A piece is valid until the next one is asked for. */
  private async *ranges(
    blob: number,
    resource: ResourceLocation,
  ): AsyncGenerator<{ data: Uint8Array; fault: string | undefined }> {
    const { host, context } = this;
    const { width } = host.taskRunner(this.request.threads ?? 0);
    const free = this.slabsFor(Math.max(RANGE_SIZE, resource.chunkSize), width + 1, resource.size);
    const rangeSize = free[0].byteLength;
    const queue: Range[] = [];
    let position = 0;
    const submit = (slab: SharedArrayBuffer): void => {
      const length = Math.min(rangeSize, resource.size - position);
      const done = Promise.allSettled([this.unpack(blob, resource, position, length, slab)]);
      queue.push({ length, slab, done });
      position += length;
    };
    try {
      while (queue.length > 0 || position < resource.size) {
        while (free.length > 0 && position < resource.size) submit(free.pop() as SharedArrayBuffer);
        const { length, slab, done } = queue.shift() as Range;
        const [outcome] = await done;
        if (outcome.status === 'rejected') throw outcome.reason;
        const { problem } = outcome.value;
        if (context.signal?.aborted === true) throw new CancelledError();
        // A copy: the sink may hold on to it, and what others write to must not be handed out.
        yield { data: new Uint8Array(slab, 0, length).slice(), fault: problem };
        free.push(slab);
      }
    } finally {
      await Promise.all(queue.map(({ done }) => done));
    }
  }

  private async unpack(
    blob: number,
    resource: ResourceLocation,
    offset: number,
    length: number,
    output: SharedArrayBuffer,
  ): Promise<Tasks['unpackRange']['out']> {
    const keepCorrupt = this.request.recoverData === true;
    let chunkOffsets: Float64Array;
    try {
      chunkOffsets = offsetsOfRange(this.wim, blob, resource, offset, length, keepCorrupt);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return { problem: error.message };
    }
    const runner = this.host.taskRunner(this.request.threads ?? 0);
    return runner.run('unpackRange', {
      resource,
      offset,
      length,
      chunkOffsets,
      keepCorrupt,
      output,
      placements: [],
    });
  }

  /** Slabs of one size, no more of them than a blob has ranges; kept from one blob to the next. */
  private slabsFor(size: number, most: number, total: number): SharedArrayBuffer[] {
    const count = Math.max(1, Math.min(most, Math.ceil(total / size)));
    if (this.slabs.length > 0 && this.slabs[0].byteLength !== size) this.slabs = [];
    while (this.slabs.length < count) this.slabs.push(new SharedArrayBuffer(size));
    return this.slabs.slice(0, count);
  }
}
