import { AppError } from '../../../../src-shared/errors/appError';
import { isErrorCode } from '../../../../src-shared/errors/codes';
import type { ApplyReport, Remark } from '../../../../src-shared/model/reports';
import type { EngineHost } from '../../os';
import type { FilePlacement, PlacementFailure } from '../../pipeline/tasks';
import { isPlainDirectory } from '../../tree/attributes';
import type { ApplyOptions, TreeTarget } from '../../tree/target';
import { NONE, StreamKind, type Tree } from '../../tree/tree';
import { BlobPlace } from '../blobTable';
import { readBlobData, releaseBlobDecoder } from '../readBlobData';
import type { Wim } from '../wim';
import { abortTarget } from './abortTarget';
import { ProgressCounter, type VerbContext } from './common';
import { assertKeepsSource } from './keepSource';
import { missingData } from './missingData';
import { unpackBlobs } from './unpackBlobs';
import { warmUpSolid } from './warmUpSolid';

/** Largest reparse data that Windows knows, [MS-FSCC] 2.1.2: 16 KiB; a little more is read and left to the target. */
export const MAX_REPARSE_DATA = 64 * 1024;

/** Brings one tree, or a part of one, to a target. */
export class TreeApplication {
  private readonly notKept: Remark[] = [];
  private readonly damaged: Remark[] = [];
  /** First inode of a blob, and the next inode of the same blob: which files a blob's data goes to. */
  private firstInode = new Int32Array();
  private nextInode = new Int32Array();
  private readonly entryOf: Int32Array;
  /** Data of links by blob, where it was expanded beforehand. */
  private early = new Map<number, Uint8Array>();

  constructor(
    private readonly host: EngineHost,
    private readonly wim: Wim,
    private readonly tree: Tree,
    private readonly root: number,
    private readonly target: TreeTarget,
    private readonly options: ApplyOptions,
    private readonly request: {
      readonly recoverData?: boolean;
      readonly threads?: number;
      readonly bare?: ReadonlySet<number>;
      readonly sparse?: boolean;
    },
    private readonly context: VerbContext,
  ) {
    this.entryOf = new Int32Array(tree.inodeCount).fill(NONE);
  }

  async run(image: number, dryRun: boolean): Promise<ApplyReport> {
    const counts = this.count();
    this.assertDataPresent();
    assertKeepsSource(this.host, this.wim, this.tree, this.root, this.target.label);
    if (dryRun) return this.planned(image, counts);
    this.assertSpace(counts.bytes);
    this.early = await this.warmUp();
    try {
      await this.target.begin({
        tree: this.tree,
        root: this.root,
        options: this.options,
        reparseData: (inode) => this.reparseData(inode),
        ...(this.request.bare === undefined ? {} : { bare: this.request.bare }),
        ...(this.context.signal === undefined ? {} : { signal: this.context.signal }),
      });
      releaseBlobDecoder(this.wim);
      const rows = this.groupByBlob();
      await this.createEmpty();
      await this.extract(rows, counts);
      this.notKept.push(...(await this.target.finish()));
    } catch (error) {
      await abortTarget(this.target, this.context);
      throw error;
    }
    return {
      target: this.target.label,
      image,
      ...counts,
      notKept: this.notKept,
      damaged: this.damaged,
      warnings: [],
    };
  }

  private count(): { directories: number; files: number; links: number; bytes: number } {
    const { tree } = this;
    const counts = { directories: 0, files: 0, links: 0, bytes: 0 };
    for (const entry of tree.preorder(this.root)) {
      const inode = tree.inode[entry];
      if (isPlainDirectory(tree.attributes[inode])) counts.directories += entry === 0 ? 0 : 1;
      else counts.files += 1;
      if (this.entryOf[inode] !== NONE) counts.links += 1;
      if (this.entryOf[inode] !== NONE) continue;
      this.entryOf[inode] = entry;
      const data = tree.findStream(inode, StreamKind.DATA);
      if (data !== NONE) counts.bytes += this.blobSize(data);
    }
    return counts;
  }

  private blobSize(stream: number): number {
    const blob = this.tree.streamBlob[stream];
    return blob === NONE ? 0 : this.wim.blobs.size[blob];
  }

  /** Refuses before anything is made when data is in none of the opened files. */
  private assertDataPresent(): void {
    const { tree, wim } = this;
    for (let inode = 0; inode < tree.inodeCount; inode++) {
      if (this.entryOf[inode] === NONE) continue;
      const data = tree.findStream(inode, StreamKind.DATA);
      const blob = data === NONE ? NONE : tree.streamBlob[data];
      if (blob === NONE || wim.blobs.place[blob] !== BlobPlace.MISSING) continue;
      throw missingData(this.host, wim, tree.path(this.entryOf[inode]));
    }
  }

  private assertSpace(needed: number): void {
    const { files } = this.host;
    let place = files.absolute(this.target.label);
    while (files.status(place) === undefined && files.directoryName(place) !== place)
      place = files.directoryName(place);
    const free = files.freeSpace(place);
    if (needed > free) {
      throw new AppError(
        'io/no-space',
        `${this.target.label} has ${free} bytes free, the image needs ${needed}; nothing was written`,
        { needed, free },
      );
    }
  }

  /** Chains the inodes that are files to their blobs; returns the blobs. */
  private groupByBlob(): number[] {
    const { tree, target, wim } = this;
    this.firstInode = new Int32Array(wim.blobs.length).fill(NONE);
    this.nextInode = new Int32Array(tree.inodeCount).fill(NONE);
    const rows: number[] = [];
    for (let inode = 0; inode < tree.inodeCount; inode++) {
      if (this.entryOf[inode] === NONE || target.realization(inode) !== 'file') continue;
      const data = tree.findStream(inode, StreamKind.DATA);
      const blob = data === NONE ? NONE : tree.streamBlob[data];
      if (blob === NONE) continue;
      if (this.firstInode[blob] === NONE) rows.push(blob);
      this.nextInode[inode] = this.firstInode[blob];
      this.firstInode[blob] = inode;
    }
    return rows;
  }

  private placements(blob: number): FilePlacement[] {
    const placements: FilePlacement[] = [];
    for (let inode = this.firstInode[blob]; inode !== NONE; inode = this.nextInode[inode]) {
      const placement = this.target.placement(inode);
      placements.push(this.request.sparse === true ? { ...placement, sparse: true } : placement);
    }
    return placements;
  }

  private async createEmpty(): Promise<void> {
    const { tree, target } = this;
    let placements: FilePlacement[] = [];
    const create = async (): Promise<void> => {
      const runner = this.host.taskRunner(this.request.threads ?? 0);
      const { failures } = await runner.run('createEmpty', { placements });
      for (const failure of failures) this.onFailure(failure);
      placements = [];
    };
    for (let inode = 0; inode < tree.inodeCount; inode++) {
      if (this.entryOf[inode] === NONE || target.realization(inode) !== 'file') continue;
      const data = tree.findStream(inode, StreamKind.DATA);
      if (data !== NONE && tree.streamBlob[data] !== NONE) continue;
      placements.push(target.placement(inode));
      if (placements.length === 256) await create();
    }
    if (placements.length > 0) await create();
  }

  private async extract(rows: readonly number[], counts: { files: number; bytes: number }): Promise<void> {
    const { tree, wim } = this;
    const uniqueBytes = rows.reduce((sum, row) => sum + wim.blobs.size[row], 0);
    const progress = new ProgressCounter(this.context, this.host, 'Extracting', counts.files, uniqueBytes);
    await unpackBlobs(this.host, wim, rows, {
      threads: this.request.threads ?? 0,
      signal: this.context.signal,
      keepCorrupt: this.request.recoverData === true,
      placements: (blob) => this.placements(blob),
      onDamaged: (blob, problem) => this.onDamaged(blob, problem),
      onFailure: (failure) => this.onFailure(failure),
      onUnpacked: (count, bytes, blob) =>
        progress.add(count, bytes, () => tree.path(this.entryOf[this.firstInode[blob]])),
    });
    progress.report();
  }

  private onDamaged(blob: number, problem: string): void {
    const path = this.tree.path(this.entryOf[this.firstInode[blob]]);
    if (this.request.recoverData !== true) {
      throw new AppError('wim/blob-corrupt', `${path} is damaged in ${this.wim.path}: ${problem}`, { path });
    }
    this.damaged.push({ path, problem });
    this.context.onWarning?.(`${path} is damaged: ${problem}`);
  }

  private onFailure(failure: PlacementFailure): void {
    if (failure.metadataOnly !== true) {
      throw new AppError(isErrorCode(failure.code) ? failure.code : 'io/failed', failure.problem, {
        path: failure.path,
      });
    }
    if (this.options.strictTimestamps === true) {
      throw new AppError('target/cannot-keep', failure.problem, { path: failure.path });
    }
    this.notKept.push({ path: failure.path, problem: failure.problem });
  }

  private reparseData(inode: number): Uint8Array {
    const stream = this.tree.findStream(inode, StreamKind.REPARSE);
    const blob = stream === NONE ? NONE : this.tree.streamBlob[stream];
    if (blob === NONE) return new Uint8Array();
    if (this.wim.blobs.size[blob] > MAX_REPARSE_DATA) {
      throw new AppError(
        'wim/malformed',
        `${this.tree.path(this.entryOf[inode])}: reparse data of ${this.wim.blobs.size[blob]} bytes`,
      );
    }
    return this.early.get(blob) ?? readBlobData(this.host, this.wim, blob);
  }

  /** Data of links that solid resources hold; the threads begin with the first chunks of these. */
  private async warmUp(): Promise<Map<number, Uint8Array>> {
    const { tree, host, wim, context, request } = this;
    if (!wim.hasSolidResources) return new Map();
    const rows = new Set<number>();
    const early = new Set<number>();
    for (let inode = 0; inode < tree.inodeCount; inode++) {
      if (this.entryOf[inode] === NONE) continue;
      for (const stream of tree.streams(inode)) {
        const blob = tree.streamBlob[stream];
        if (blob === NONE) continue;
        rows.add(blob);
        if (tree.streamKind[stream] === StreamKind.REPARSE && wim.blobs.size[blob] <= MAX_REPARSE_DATA)
          early.add(blob);
      }
    }
    return warmUpSolid(host, wim, [...rows], early, {
      threads: request.threads ?? 0,
      signal: context.signal,
    });
  }

  private planned(image: number, counts: ReturnType<TreeApplication['count']>): ApplyReport {
    const { files } = this.host;
    const path = files.absolute(this.target.label);
    const status = files.status(path);
    const occupied = status?.kind === 'directory' && files.list(path).length > 0;
    let place = path;
    while (files.status(place) === undefined && files.directoryName(place) !== place)
      place = files.directoryName(place);
    return {
      target: this.target.label,
      image,
      ...counts,
      notKept: [],
      damaged: [],
      warnings: [],
      plan: {
        steps: [
          status === undefined ? `Make the directory ${path}` : `Use the directory ${path}`,
          `Make ${counts.directories} directories and ${counts.files} files, ${counts.links} of them further hard links`,
          `Write ${counts.bytes} bytes and check the SHA-1 of each blob`,
        ],
        warnings: occupied ? [`${path} is not empty: files of the same names are replaced`] : [],
        spaceNeeded: counts.bytes,
        spaceFree: files.freeSpace(place),
      },
    };
  }
}
