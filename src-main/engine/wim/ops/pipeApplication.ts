import { AppError, CancelledError } from '../../../../src-shared/errors/appError';
import { isErrorCode } from '../../../../src-shared/errors/codes';
import type { ApplyReport, Remark } from '../../../../src-shared/model/reports';
import type { ApplyRequest } from '../../../../src-shared/model/requests';
import { bytesEqual } from '../../binary/bytesEqual';
import type { EngineHost } from '../../os';
import { Placer } from '../../pipeline/placeFiles';
import type { TaskFiles } from '../../pipeline/taskFiles';
import type { Placement, PlacementFailure } from '../../pipeline/tasks';
import { isPlainDirectory } from '../../tree/attributes';
import type { ApplyOptions, TreeTarget } from '../../tree/target';
import { NONE, StreamKind, type Tree } from '../../tree/tree';
import type { BlobTable } from '../blobTable';
import type { PipedResource, PipeReader } from '../pipeReader';
import { ResourceFlag } from '../records/resourceHeader';
import { MAX_REPARSE_DATA } from './treeApplication';
import { ProgressCounter, type VerbContext } from './common';

/** Blobs up to this size are checked before a byte of them is written; larger ones are written in such pieces. */
const PIECE_SIZE = 4 << 20;
/** Resources after which other work may run. */
const RESOURCES_AT_ONCE = 64;

/** What a blob of the pipe is needed for. */
const Need = { NOTHING: 0, DATA: 1, REPARSE: 2 } as const;

interface Parts {
  readonly reader: PipeReader;
  readonly tree: Tree;
  readonly blobs: BlobTable;
  readonly target: TreeTarget;
  readonly files: TaskFiles;
}

/** Brings a tree to a target while the data of its files comes out of a pipe, in the order in which it comes. */
export class PipeApplication {
  private readonly notKept: Remark[] = [];
  private readonly damaged: Remark[] = [];
  private readonly counts = { directories: 0, files: 0, links: 0, bytes: 0 };
  private readonly placer: Placer;
  private readonly room = new Uint8Array(PIECE_SIZE);
  /** First entry of an inode; first inode of a blob, and the next inode of the same blob. */
  private readonly entryOf: Int32Array;
  private firstInode = new Int32Array();
  private nextInode = new Int32Array();
  private need = new Uint8Array();
  private remaining = 0;
  /** Reparse data by blob: small, and wanted when all files are there. */
  private readonly reparseData = new Map<number, Uint8Array>();
  private strictTimestamps = false;

  constructor(
    private readonly host: EngineHost,
    private readonly parts: Parts,
    private readonly request: ApplyRequest,
    private readonly context: VerbContext,
  ) {
    const { tree, files } = parts;
    this.placer = new Placer(files);
    this.entryOf = new Int32Array(tree.inodeCount).fill(NONE);
    for (const entry of tree.preorder()) {
      const inode = tree.inode[entry];
      if (isPlainDirectory(tree.attributes[inode])) this.counts.directories += entry === 0 ? 0 : 1;
      else this.counts.files += 1;
      if (this.entryOf[inode] !== NONE) this.counts.links += 1;
      if (this.entryOf[inode] === NONE) this.entryOf[inode] = entry;
    }
  }

  /** Makes directories and the files without data, and finds out which blobs are needed. */
  async begin(options: ApplyOptions): Promise<void> {
    const { tree, target, blobs } = this.parts;
    this.strictTimestamps = options.strictTimestamps === true;
    await target.begin({
      tree,
      root: 0,
      options,
      reparseData: (inode) => this.reparseOf(inode),
      sizeOf: (stream) => (tree.streamBlob[stream] === NONE ? 0 : blobs.size[tree.streamBlob[stream]]),
      ...(this.context.signal === undefined ? {} : { signal: this.context.signal }),
    });
    this.need = new Uint8Array(blobs.length);
    this.firstInode = new Int32Array(blobs.length).fill(NONE);
    this.nextInode = new Int32Array(tree.inodeCount).fill(NONE);
    for (let inode = 0; inode < tree.inodeCount; inode++) {
      if (this.entryOf[inode] === NONE) continue;
      const realization = target.realization(inode);
      if (realization === 'link') this.demand(this.blobOf(inode, StreamKind.REPARSE), Need.REPARSE);
      if (realization !== 'file') continue;
      const blob = this.blobOf(inode, StreamKind.DATA);
      if (blob === NONE) {
        this.note(this.placer.place(this.placement(inode), new Uint8Array()));
        continue;
      }
      this.demand(blob, Need.DATA);
      this.nextInode[inode] = this.firstInode[blob];
      this.firstInode[blob] = inode;
    }
  }

  /**
   * Takes resources out of the pipe until every needed blob has come.
   * @param bytesTotal for the progress; 0 when it is not known
   */
  async extract(bytesTotal: number): Promise<void> {
    const { reader, blobs } = this.parts;
    const progress = new ProgressCounter(
      this.context,
      this.host,
      'Extracting',
      this.counts.files,
      bytesTotal,
    );
    for (let count = 0; this.remaining > 0; count++) {
      if (count % RESOURCES_AT_ONCE === 0) await this.breathe();
      const resource = reader.next();
      if (resource === undefined) throw this.ended();
      const isMetadata = (resource.flags & ResourceFlag.METADATA) !== 0;
      const blob = isMetadata ? NONE : blobs.find(resource.sha1);
      const need = blob === NONE ? Need.NOTHING : this.need[blob];
      if (need === Need.NOTHING) {
        const steps = reader.skipResource(resource);
        while (steps.next().done !== true) await this.breathe();
        continue;
      }
      this.need[blob] = Need.NOTHING;
      this.remaining -= 1;
      blobs.size[blob] = resource.size;
      if ((need & Need.REPARSE) !== 0 && resource.size > MAX_REPARSE_DATA) {
        throw new AppError('wim/malformed', `${this.pathOf(blob)}: reparse data of ${resource.size} bytes`);
      }
      if (resource.size <= PIECE_SIZE) this.placeWhole(resource, blob, need, progress);
      else await this.placeLarge(resource, blob, progress);
    }
    progress.report();
  }

  async finish(): Promise<void> {
    this.notKept.push(...(await this.parts.target.finish()));
  }

  report(image: number, warnings: readonly string[]): ApplyReport {
    const { counts, notKept, damaged } = this;
    return { target: this.parts.target.label, image, ...counts, notKept, damaged, warnings };
  }

  private demand(blob: number, need: number): void {
    if (blob === NONE) return;
    if (this.need[blob] === Need.NOTHING) this.remaining += 1;
    this.need[blob] |= need;
  }

  private blobOf(inode: number, kind: StreamKind): number {
    const { tree } = this.parts;
    const stream = tree.findStream(inode, kind);
    return stream === NONE ? NONE : tree.streamBlob[stream];
  }

  private placement(inode: number): Placement {
    const placement = this.parts.target.placement(inode);
    return this.request.sparse === true && placement.kind === 'file'
      ? { ...placement, sparse: true }
      : placement;
  }

  private *inodesOf(blob: number): Generator<number> {
    for (let inode = this.firstInode[blob]; inode !== NONE; inode = this.nextInode[inode]) yield inode;
  }

  /** A blob that fits into memory: nothing of it is written before its hash has been seen. */
  private placeWhole(resource: PipedResource, blob: number, need: number, progress: ProgressCounter): void {
    const { reader } = this.parts;
    let problem: string | undefined;
    for (const data of reader.pieces(resource, this.room, (text) => (problem ??= text))) {
      if (problem === undefined && !bytesEqual(this.host.sha1.digest(data), resource.sha1)) problem = DIFFERS;
      if (problem !== undefined) this.onDamaged(blob, problem);
      if ((need & Need.REPARSE) !== 0) this.reparseData.set(blob, data.slice());
      for (const inode of this.inodesOf(blob)) {
        this.note(this.placer.place(this.placement(inode), data));
        this.counts.bytes += data.length;
        progress.add(1, data.length, () => this.pathOf(blob));
      }
    }
  }

  private async placeLarge(resource: PipedResource, blob: number, progress: ProgressCounter): Promise<void> {
    const { reader } = this.parts;
    const placements = [...this.inodesOf(blob)].map((inode) => this.placement(inode));
    for (const placement of placements) this.note(this.placer.makeBare(placement));
    const digest = this.host.sha1.start();
    let problem: string | undefined;
    let offset = 0;
    for (const data of reader.pieces(resource, this.room, (text) => (problem ??= text))) {
      digest.update(data);
      const isEnd = offset + data.length === resource.size;
      for (const placement of placements) {
        this.note(this.placer.writePart(placement, offset, data, isEnd));
      }
      offset += data.length;
      progress.add(isEnd ? placements.length : 0, data.length * placements.length, () => this.pathOf(blob));
      if (problem !== undefined && this.request.recoverData !== true) break;
      await this.breathe();
    }
    if (problem === undefined && !bytesEqual(digest.digest(), resource.sha1)) problem = DIFFERS;
    if (problem !== undefined) this.onDamaged(blob, problem);
    for (const placement of placements) this.note(this.placer.finish(placement));
    this.counts.bytes += resource.size * placements.length;
  }

  private reparseOf(inode: number): Uint8Array {
    const blob = this.blobOf(inode, StreamKind.REPARSE);
    if (blob === NONE) return new Uint8Array();
    const data = this.reparseData.get(blob);
    if (data === undefined)
      throw new AppError('internal/bug', 'reparse data is asked for before it came out of the pipe');
    return data;
  }

  /** Path of a file or link that has the blob. */
  private pathOf(blob: number): string {
    const { tree } = this.parts;
    for (const inode of this.inodesOf(blob)) return tree.path(this.entryOf[inode]);
    for (let inode = 0; inode < tree.inodeCount; inode++) {
      if (this.entryOf[inode] !== NONE && this.blobOf(inode, StreamKind.REPARSE) === blob)
        return tree.path(this.entryOf[inode]);
    }
    return '/';
  }

  private ended(): AppError {
    const blob = this.need.findIndex((need) => need !== Need.NOTHING);
    return new AppError(
      'wim/truncated',
      `the WIM ended before the data of ${this.remaining} blobs came, first that of ${this.pathOf(blob)}`,
      { path: this.pathOf(blob), blobs: this.remaining },
    );
  }

  private onDamaged(blob: number, problem: string): void {
    const path = this.pathOf(blob);
    if (this.request.recoverData !== true)
      throw new AppError('wim/blob-corrupt', `${path} is damaged: ${problem}`, { path });
    this.damaged.push({ path, problem });
    this.context.onWarning?.(`${path} is damaged: ${problem}`);
  }

  private note(failure: PlacementFailure | undefined): void {
    if (failure === undefined) return;
    if (failure.metadataOnly !== true) {
      throw new AppError(isErrorCode(failure.code) ? failure.code : 'io/failed', failure.problem, {
        path: failure.path,
      });
    }
    if (this.strictTimestamps)
      throw new AppError('target/cannot-keep', failure.problem, { path: failure.path });
    this.notKept.push({ path: failure.path, problem: failure.problem });
  }

  /** Lets signals and the screen have their turn. @throws CancelledError */
  private async breathe(): Promise<void> {
    await this.host.breathe();
    if (this.context.signal?.aborted === true) throw new CancelledError();
  }
}

const DIFFERS = 'its data does not have the SHA-1 it should have';
