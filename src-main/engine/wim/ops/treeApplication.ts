import { AppError } from '../../../../src-shared/errors/appError';
import { isErrorCode } from '../../../../src-shared/errors/codes';
import type { ApplyReport, Remark } from '../../../../src-shared/model/reports';
import type { EngineHost } from '../../os';
import type { Placement, PlacementFailure } from '../../pipeline/tasks';
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
import { WantedStreams } from '../../tree/wantedStreams';
import { warmUpSolid } from './warmUpSolid';

/** Largest reparse data that Windows knows, [MS-FSCC] 2.1.2: 16 KiB; a little more is read and left to the target. */
export const MAX_REPARSE_DATA = 64 * 1024;

interface Counts {
  readonly directories: number;
  readonly files: number;
  readonly links: number;
  readonly bytes: number;
}

interface Space {
  readonly needed: number;
  readonly free: number;
}

/** Files without data that one task makes. */
const EMPTY_AT_A_TIME = 256;

/** Brings one tree, or a part of one, to a target. */
export class TreeApplication {
  private readonly notKept: Remark[] = [];
  private readonly damaged: Remark[] = [];
  private readonly entryOf: Int32Array;
  /** What was found once, by a dry run before the real one: the tree does not change. */
  private counts: Counts | undefined;
  private told: Space | undefined;
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
    const counts = (this.counts ??= this.count());
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
        sizeOf: (stream) => this.blobSize(stream),
        ...(this.request.bare === undefined ? {} : { bare: this.request.bare }),
        ...(this.context.signal === undefined ? {} : { signal: this.context.signal }),
      });
      releaseBlobDecoder(this.wim);
      const wanted = new WantedStreams(this.tree, this.target, this.entryOf, this.wim.blobs.length);
      await this.createEmpty(wanted.empty);
      await this.extract(wanted, counts);
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

  private count(): Counts {
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
    const { tree, wim, target } = this;
    for (let inode = 0; inode < tree.inodeCount; inode++) {
      if (this.entryOf[inode] === NONE) continue;
      for (let stream = tree.firstStream[inode]; stream !== NONE; stream = tree.streamNext[stream]) {
        const blob = tree.streamBlob[stream];
        const isTaken = tree.streamKind[stream] === StreamKind.DATA || target.streamPlacement !== undefined;
        if (!isTaken || blob === NONE || wim.blobs.place[blob] !== BlobPlace.MISSING) continue;
        throw missingData(this.host, wim, tree.path(this.entryOf[inode]));
      }
    }
  }

  private assertSpace(bytes: number): void {
    const { needed, free } = this.space(bytes);
    if (needed > free) {
      throw new AppError(
        'io/no-space',
        `${this.target.label} has ${free} bytes free, the image needs ${needed}; nothing was written`,
        { needed, free },
      );
    }
  }

  /** Bytes that the target needs and has. */
  private space(bytes: number): Space {
    return (this.told ??= this.findSpace(bytes));
  }

  private findSpace(bytes: number): Space {
    const { files } = this.host;
    const { tree, root, target } = this;
    const own = target.space?.({ tree, root, sizeOf: (stream) => this.blobSize(stream) });
    if (own !== undefined) return own;
    let place = files.absolute(target.label);
    while (files.status(place) === undefined && files.directoryName(place) !== place)
      place = files.directoryName(place);
    return { needed: bytes, free: files.freeSpace(place) };
  }

  private placements(wanted: WantedStreams, blob: number): Placement[] {
    const placements = wanted.placements(blob);
    if (this.request.sparse !== true) return placements;
    return placements.map((placement) =>
      placement.kind === 'file' ? { ...placement, sparse: true } : placement,
    );
  }

  private async createEmpty(inodes: readonly number[]): Promise<void> {
    for (let from = 0; from < inodes.length; from += EMPTY_AT_A_TIME) {
      const runner = this.host.taskRunner(this.request.threads ?? 0);
      const placements = inodes
        .slice(from, from + EMPTY_AT_A_TIME)
        .map((inode) => this.target.placement(inode))
        .filter(({ kind }) => kind === 'file');
      if (placements.length === 0) continue;
      const { failures } = await runner.run('createEmpty', { placements });
      for (const failure of failures) this.onFailure(failure);
    }
  }

  private async extract(wanted: WantedStreams, counts: { files: number; bytes: number }): Promise<void> {
    const { wim } = this;
    const { rows } = wanted;
    const uniqueBytes = rows.reduce((sum, row) => sum + wim.blobs.size[row], 0);
    const progress = new ProgressCounter(this.context, this.host, 'Extracting', counts.files, uniqueBytes);
    await unpackBlobs(this.host, wim, rows, {
      threads: this.request.threads ?? 0,
      signal: this.context.signal,
      keepCorrupt: this.request.recoverData === true,
      placements: (blob) => this.placements(wanted, blob),
      onDamaged: (blob, problem) => this.onDamaged(wanted.path(blob), problem),
      onFailure: (failure) => this.onFailure(failure),
      onUnpacked: (count, bytes, blob) => progress.add(count, bytes, () => wanted.path(blob)),
    });
    progress.report();
  }

  private onDamaged(path: string, problem: string): void {
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

  private planned(image: number, counts: Counts): ApplyReport {
    const { needed, free } = this.space(counts.bytes);
    const before = this.target.describe?.() ?? this.directoryPlan();
    return {
      target: this.target.label,
      image,
      ...counts,
      notKept: [],
      damaged: [],
      warnings: [],
      plan: {
        steps: [
          ...before.steps,
          `Make ${counts.directories} directories and ${counts.files} files, ${counts.links} of them further hard links`,
          `Write ${counts.bytes} bytes and check the SHA-1 of each blob`,
        ],
        warnings: before.warnings,
        spaceNeeded: needed,
        spaceFree: free,
      },
    };
  }

  private directoryPlan(): { readonly steps: readonly string[]; readonly warnings: readonly string[] } {
    const { files } = this.host;
    const path = files.absolute(this.target.label);
    const status = files.status(path);
    const occupied = status?.kind === 'directory' && files.list(path).length > 0;
    return {
      steps: [status === undefined ? `Make the directory ${path}` : `Use the directory ${path}`],
      warnings: occupied ? [`${path} is not empty: files of the same names are replaced`] : [],
    };
  }
}
