import { AppError, CancelledError } from '../../../../src-shared/errors/appError';
import { isErrorCode } from '../../../../src-shared/errors/codes';
import type { ApplyReport, Remark } from '../../../../src-shared/model/reports';
import type { EngineHost } from '../../os';
import type { Placement, PlacementFailure, StreamLocation, Tasks } from '../../pipeline/tasks';
import { isPlainDirectory } from '../../tree/attributes';
import type { ApplyOptions, TreeTarget } from '../../tree/target';
import { NONE, StreamKind, type Tree } from '../../tree/tree';
import { WantedStreams } from '../../tree/wantedStreams';
import { abortTarget } from '../../wim/ops/abortTarget';
import { ProgressCounter, type VerbContext } from '../../wim/ops/common';

/** Streams and bytes of a task: small ones travel together, a large one by itself. */
const BATCH_ITEMS = 256;
const BATCH_SIZE = 4 << 20;
const EMPTY_AT_A_TIME = 256;

/** A tree whose streams are told by their `streamBlob`: an index that `locate` and `sizeOf` know. */
export interface CopiedTree {
  readonly tree: Tree;
  /** Number of streams that `streamBlob` can name. */
  readonly streams: number;
  readonly locate: (index: number) => StreamLocation;
  readonly sizeOf: (index: number) => number;
  /** Directories that are made where they are missing, without any metadata of their own. */
  readonly bare?: ReadonlySet<number>;
}

/**
 * Brings a tree from its source straight to a target.
 * @throws AppError for a stream that cannot be read or a file that cannot be written: nothing is left half-written
 */
export async function copyTree(
  host: EngineHost,
  source: CopiedTree,
  target: TreeTarget,
  request: ApplyOptions & { readonly threads?: number; readonly dryRun?: boolean },
  context: VerbContext,
): Promise<ApplyReport> {
  const copy = new TreeCopy(host, source, target, request, context);
  return copy.run();
}

class TreeCopy {
  private readonly notKept: Remark[] = [];
  private readonly entryOf: Int32Array;

  constructor(
    private readonly host: EngineHost,
    private readonly source: CopiedTree,
    private readonly target: TreeTarget,
    private readonly request: ApplyOptions & { readonly threads?: number; readonly dryRun?: boolean },
    private readonly context: VerbContext,
  ) {
    this.entryOf = new Int32Array(source.tree.inodeCount).fill(NONE);
  }

  async run(): Promise<ApplyReport> {
    const { target, source, context, request } = this;
    const { tree } = source;
    const counts = this.count();
    const base = { target: target.label, image: 0, ...counts, damaged: [], warnings: [] };
    const { needed, free } = this.space(counts.bytes);
    if (request.dryRun === true) {
      const steps = [`Make ${counts.directories} directories and ${counts.files} files in ${target.label}`];
      return { ...base, notKept: [], plan: { steps, warnings: [], spaceNeeded: needed, spaceFree: free } };
    }
    if (needed > free) {
      const text = `${target.label} has ${free} bytes free, ${needed} are needed; nothing was written`;
      throw new AppError('io/no-space', text, { needed, free });
    }
    try {
      await target.begin({
        tree,
        root: 0,
        options: request,
        reparseData: (inode) => this.reparseData(inode),
        sizeOf: (stream) => this.sizeOf(stream),
        ...(source.bare === undefined ? {} : { bare: source.bare }),
        ...(context.signal === undefined ? {} : { signal: context.signal }),
      });
      const wanted = new WantedStreams(tree, target, this.entryOf, source.streams);
      await this.createEmpty(wanted.empty);
      await this.copyAll(wanted, counts);
      this.notKept.push(...(await target.finish()));
    } catch (error) {
      await abortTarget(target, context);
      throw error;
    }
    return { ...base, notKept: this.notKept };
  }

  private sizeOf(stream: number): number {
    const index = this.source.tree.streamBlob[stream];
    return index === NONE ? 0 : this.source.sizeOf(index);
  }

  private count(): { directories: number; files: number; links: number; bytes: number } {
    const { tree } = this.source;
    const counts = { directories: 0, files: 0, links: 0, bytes: 0 };
    for (const entry of tree.preorder(0)) {
      const inode = tree.inode[entry];
      if (isPlainDirectory(tree.attributes[inode])) counts.directories += entry === 0 ? 0 : 1;
      else counts.files += 1;
      if (this.entryOf[inode] !== NONE) {
        counts.links += 1;
        continue;
      }
      this.entryOf[inode] = entry;
      const data = tree.findStream(inode, StreamKind.DATA);
      if (data !== NONE) counts.bytes += this.sizeOf(data);
    }
    return counts;
  }

  private space(bytes: number): { readonly needed: number; readonly free: number } {
    const { files } = this.host;
    const { target, source } = this;
    const own = target.space?.({ tree: source.tree, root: 0, sizeOf: (stream) => this.sizeOf(stream) });
    if (own !== undefined) return own;
    let place = files.absolute(target.label);
    while (files.status(place) === undefined && files.directoryName(place) !== place)
      place = files.directoryName(place);
    return { needed: bytes, free: files.freeSpace(place) };
  }

  private async createEmpty(inodes: readonly number[]): Promise<void> {
    for (let from = 0; from < inodes.length; from += EMPTY_AT_A_TIME) {
      const placements = inodes
        .slice(from, from + EMPTY_AT_A_TIME)
        .map((inode) => this.target.placement(inode))
        .filter(({ kind }) => kind === 'file');
      if (placements.length === 0) continue;
      const runner = this.host.taskRunner(this.request.threads ?? 0);
      this.report((await runner.run('createEmpty', { placements })).failures);
    }
  }

  private async copyAll(wanted: WantedStreams, counts: { files: number; bytes: number }): Promise<void> {
    const { source, host, context } = this;
    const runner = host.taskRunner(this.request.threads ?? 0);
    const progress = new ProgressCounter(context, host, 'Extracting', counts.files, counts.bytes);
    const running = new Set<Promise<void>>();
    const failures: unknown[] = [];
    let batch: number[] = [];
    let size = 0;
    const launch = async (): Promise<void> => {
      if (batch.length === 0) return;
      const rows = batch;
      batch = [];
      size = 0;
      const items = rows.map((row) => ({
        location: source.locate(row),
        placements: wanted.placements(row),
      }));
      const task = runner
        .run('copyStreams', { items })
        .then((out) => this.settle(rows, items, out, wanted, progress))
        .catch((error: unknown) => void failures.push(error))
        .finally(() => running.delete(task));
      running.add(task);
      if (running.size > 2 * runner.width) await Promise.race(running);
    };
    for (const row of wanted.rows) {
      if (failures.length > 0 || context.signal?.aborted === true) break;
      if (batch.length === BATCH_ITEMS || size + source.sizeOf(row) > BATCH_SIZE) await launch();
      batch.push(row);
      size += source.sizeOf(row);
    }
    if (failures.length === 0 && context.signal?.aborted !== true) await launch();
    await Promise.all(running);
    if (failures.length > 0) throw failures[0];
    if (context.signal?.aborted === true) throw new CancelledError();
    progress.report();
  }

  private settle(
    rows: readonly number[],
    items: readonly { readonly placements: readonly Placement[] }[],
    { items: outcomes }: Tasks['copyStreams']['out'],
    wanted: WantedStreams,
    progress: ProgressCounter,
  ): void {
    outcomes.forEach(({ outcome, failures }, i) => {
      const row = rows[i];
      if (outcome.state !== 'same' && outcome.state !== 'changed') {
        const path = wanted.path(row);
        throw new AppError('source/unreadable', `${path}: ${outcome.problem ?? outcome.state}`, { path });
      }
      this.report(failures);
      const copies = items[i].placements.length;
      progress.add(copies, this.source.sizeOf(row) * copies, () => wanted.path(row));
    });
  }

  private report(failures: readonly PlacementFailure[] | undefined): void {
    for (const { path, problem, code, metadataOnly } of failures ?? []) {
      if (metadataOnly !== true)
        throw new AppError(isErrorCode(code) ? code : 'io/failed', problem, { path });
      if (this.request.strictTimestamps === true) throw new AppError('target/cannot-keep', problem, { path });
      this.notKept.push({ path, problem });
    }
  }

  private reparseData(inode: number): Uint8Array {
    const { tree, locate } = this.source;
    const stream = tree.findStream(inode, StreamKind.REPARSE);
    if (stream === NONE || tree.streamBlob[stream] === NONE) return new Uint8Array();
    const location = locate(tree.streamBlob[stream]);
    if (location.kind !== 'bytes')
      throw new AppError('internal/bug', 'reparse data is told by its bytes as long as it is small');
    return location.bytes;
  }
}
