import { growColumn } from '../../binary/columns';
import { ReparseTag } from '../../tree/attributes';
import type { RemarkTally } from '../../tree/remarkTally';
import type { ApplyOptions } from '../../tree/target';
import { NONE, StreamKind, type Tree } from '../../tree/tree';
import { AttributeType } from '../records/attribute';
import { SystemFile } from '../records/fileRecord';
import { ClusterAllocator } from './clusterAllocator';
import { DirectoryEntries } from './directoryEntries';
import { FileFacts } from './fileFacts';
import { clustersFor, INDEX_BLOCK_SIZE, type Geometry } from './geometry';
import { IndexPlan } from './indexPlan';
import { InodeLayout, type AttributeRow } from './inodeLayout';
import { VolumeAreas } from './volumeAreas';
import type { Runs } from './runList';
import { TreePlan } from './treePlan';
import {
  objectIdIndex,
  reparseIndex,
  securityHashIndex,
  securityIdIndex,
  type ViewIndex,
} from './viewIndexes';

/** First record of a file that is not the system's. */
export const FIRST_USER_RECORD = 64;
/** The birth IDs lie in the index of $ObjId only. */
const OBJECT_ID_SIZE = 16;
/** Records that are made ready and left free, so that the first new files need no growth of $MFT. */
const SPARE_RECORDS = 64;
/** What a record has more when its file is compressed: the hole, the stream and the reparse point. */
const PACKED_ATTRIBUTES = 256;
/** Larger files stay plain: their compressed form is put together in memory. */
const LARGEST_COMPACT = 256 * 1024 * 1024;
/** Places in {@link VolumePlan.views}. */
export const REPARSE_VIEW = 3;
/** Records that are kept for files whose data could not be had in one piece. */
export const RESERVED_EXTENSIONS = 16;

/** What a volume is planned from. */
export interface PlanRequest {
  readonly tree: Tree;
  readonly root: number;
  readonly options: ApplyOptions;
  readonly sizeOf: (stream: number) => number;
  readonly bare?: ReadonlySet<number> | undefined;
}

/** The compressed form of a stream. */
export interface PackedPlace {
  readonly cluster: number;
  readonly clusters: number;
  /** Bytes. */
  readonly size: number;
}

/** How a volume is planned beyond its tree. */
export interface PlanOptions {
  /** Keep no data of files in records. */
  readonly extendAll: boolean;
  /** Whether the file at a path may be compressed; absent where none is. */
  readonly compacts?: ((path: string) => boolean) | undefined;
}

/** The whole volume, decided before anything is written: records, clusters, indexes. */
export class VolumePlan {
  readonly tree: Tree;
  readonly root: number;
  readonly names: TreePlan;
  readonly facts: FileFacts;
  readonly layout: InodeLayout;
  /** Base record of each inode. */
  readonly recordOf: Uint32Array;
  /** First extension record and their count, of the inodes that have some. */
  readonly extensions = new Map<number, { readonly first: number; readonly count: number }>();
  /** First cluster of a stream's data; 0 when it has none: it lies in a record, or in {@link fragments}. */
  readonly firstCluster: Uint32Array;
  /** Clusters of a stream; 0 for one that lies in a record. */
  readonly streamClusters: Float64Array;
  readonly fragments = new Map<number, Runs>();
  /** Data that may be compressed when it is there, with the inode of each, in the order of their clusters. */
  readonly compactStreams = new Map<number, number>();
  /** Where the compressed form of a stream lies, and its bytes. */
  readonly packed = new Map<number, PackedPlace>();
  /** Clusters that sparse streams take when their holes are known. */
  readonly takenClusters = new Map<number, number>();
  /** Of each directory whose index lies in blocks: first cluster (of the index area), blocks. */
  private indexCluster = new Uint32Array(64);
  private indexBlockCount = new Uint32Array(64);
  /** Bytes of the entries of each directory; -1 where nobody asked yet. */
  private entriesSizes: Float64Array | undefined;
  /** Values of metadata that do not lie in records: first cluster (of the area for them), by inode and type. */
  private readonly values = new Map<string, { readonly cluster: number; readonly size: number }>();
  readonly views: ViewIndex[];
  readonly areas: VolumeAreas;
  /** Records of $MFT, all made ready. */
  readonly records: number;
  /** First record that no file has. */
  readonly firstFree: number;
  readonly sizeOf: (stream: number) => number;
  private readonly bare: ReadonlySet<number> | undefined;
  private nextExtension: number;
  private dataClusters = 0;
  private valueClusters = 0;
  private indexClusters = 0;

  constructor(
    { tree, root, options: apply, sizeOf, bare }: PlanRequest,
    readonly geometry: Geometry,
    private readonly options: PlanOptions,
    readonly tally: RemarkTally,
  ) {
    this.tree = tree;
    this.root = root;
    this.sizeOf = sizeOf;
    this.bare = bare;
    this.names = new TreePlan(tree, root, apply, tally);
    this.facts = new FileFacts(tree, this.names, apply, sizeOf, (inode) => this.isBare(inode), tally);
    this.recordOf = new Uint32Array(tree.inodeCount);
    this.firstCluster = new Uint32Array(tree.streamCount);
    this.streamClusters = new Float64Array(tree.streamCount);
    const { facts, names } = this;
    this.layout = new InodeLayout({
      tree,
      plan: names,
      geometry,
      sizeOf,
      extendAll: this.options.extendAll,
      isKept: (stream) => facts.isKept(stream),
      isSparse: (stream) => facts.sparseStreams.has(stream),
      packedSize: (stream) => this.packed.get(stream)?.size,
      reparseSize: (inode) => facts.reparse(inode)?.size ?? 0,
      objectIdSize: (inode) => (facts.objectId(inode) === undefined ? 0 : OBJECT_ID_SIZE),
      eaSize: (inode) => facts.eaSize(inode)?.size ?? 0,
      entriesSize: (inode) => this.entriesSize(inode),
      indexBlocks: (inode) => this.indexBlocks(inode),
      fragments: this.fragments,
    });
    const used = this.layInodes();
    this.nextExtension = used;
    this.firstFree = used + RESERVED_EXTENSIONS;
    const rounding = Math.max(64, geometry.clusterSize / geometry.recordSize);
    this.records = Math.ceil((this.firstFree + SPARE_RECORDS) / rounding) * rounding;
    this.views = this.makeViews();
    this.areas = new VolumeAreas(geometry, {
      records: this.records,
      securitySize: facts.security.dataSize,
      views: this.views,
      valueClusters: this.valueClusters,
      indexClusters: this.indexClusters,
      dataClusters: this.dataClusters,
    });
  }

  /** Streams that get holes, with their inodes. */
  get sparseStreams(): ReadonlyMap<number, number> {
    return this.facts.sparseStreams;
  }

  /** Bytes that the volume needs, metadata included. */
  get needed(): number {
    return (this.areas.systemClusters + this.dataClusters) * this.geometry.clusterSize;
  }

  isBare(inode: number): boolean {
    const entry = this.names.firstEntry[inode];
    return this.bare !== undefined && entry !== NONE && this.bare.has(entry);
  }

  /** The index of a directory, without a way to write it. */
  entries(inode: number): DirectoryEntries {
    const { names } = this;
    return new DirectoryEntries(
      names,
      names.directories[names.directoryOf[inode]],
      inode === names.inodes[0],
      undefined,
    );
  }

  /** First cluster and blocks of a directory's index that lies in blocks. */
  indexPlace(inode: number): { readonly cluster: number; readonly blocks: number } {
    const row = this.names.directoryOf[inode];
    return {
      cluster: this.areas.indexes.start + this.indexCluster[row] - 1,
      blocks: this.indexBlockCount[row],
    };
  }
  hasIndexBlocks(inode: number): boolean {
    return this.indexCluster[this.names.directoryOf[inode]] !== 0;
  }

  /** First cluster of a value of metadata that does not lie in its record. */
  valuePlace(inode: number, type: number): number {
    return this.areas.values.start + (this.values.get(`${inode} ${type}`)?.cluster ?? 0);
  }

  /** Bytes that the data of a stream takes, as $FILE_NAME has them. */
  allocatedSize(stream: number): number {
    const clusters = this.takenClusters.get(stream) ?? this.streamClusters[stream];
    if (this.streamClusters[stream] > 0) return clusters * this.geometry.clusterSize;
    return Math.ceil(this.sizeOf(stream) / 8) * 8;
  }
  /** Pieces of a stream that does not lie in a record. */
  runsOf(stream: number): Runs {
    const clusters = this.streamClusters[stream];
    if (clusters === 0) return new Float64Array();
    return this.fragments.get(stream) ?? Float64Array.of(this.firstCluster[stream], clusters);
  }

  /** Base record of an inode and the n-th of its extensions. */
  record(inode: number, extension: number): number {
    if (extension === 0) return this.recordOf[inode];
    return (this.extensions.get(inode)?.first ?? 0) + extension - 1;
  }

  /** Gives every stream its clusters. @returns whether there were enough */
  allocateData(): boolean {
    const { names, tree, streamClusters } = this;
    const allocator = new ClusterAllocator(this.areas.dataRegions(this.dataClusters));
    const { compactStreams } = this;
    for (let row = 0; row < names.inodeCount; row++) {
      const inode = names.inodes[row];
      let isSplit = false;
      for (let stream = tree.firstStream[inode]; stream !== NONE; stream = tree.streamNext[stream]) {
        if (streamClusters[stream] === 0 || compactStreams.has(stream)) continue;
        const outcome = this.allocate(allocator, stream);
        if (outcome === 'full') return false;
        if (outcome === 'split') isSplit = true;
      }
      if (isSplit) this.layAgain(inode);
    }
    // What may be compressed lies together, so that it can be moved together.
    for (const [stream, inode] of compactStreams) {
      const outcome = this.allocate(allocator, stream);
      if (outcome === 'full') return false;
      if (outcome === 'split') this.layAgain(inode);
    }
    this.areas.data = allocator.regions.filter(({ start, next }) => next > start);
    return true;
  }

  private allocate(allocator: ClusterAllocator, stream: number): 'whole' | 'split' | 'full' {
    const count = this.streamClusters[stream];
    const start = allocator.allocate(count);
    if (start !== undefined) {
      this.firstCluster[stream] = start;
      return 'whole';
    }
    const runs = allocator.allocateRuns(count);
    if (runs === undefined) return 'full';
    this.fragments.set(stream, runs);
    return 'split';
  }

  /** Lays all inodes; returns the first record behind them. */
  private layInodes(): number {
    const { names, layout } = this;
    let next = FIRST_USER_RECORD;
    for (let row = 0; row < names.inodeCount; row++) {
      const inode = names.inodes[row];
      layout.lay(inode);
      this.recordOf[inode] = row === 0 ? SystemFile.ROOT : next++;
      if (layout.extensions > 0) {
        this.extensions.set(inode, { first: next, count: layout.extensions });
        next += layout.extensions;
      }
      for (let i = 0; i < layout.count; i++) if (!layout.rows[i].resident) this.count(inode, layout.rows[i]);
      this.noteCompact(inode);
    }
    return next;
  }

  /** A file that has nothing but its data, and a record with room for what describes it when it is compressed. */
  private noteCompact(inode: number): void {
    const { tree, facts, names, layout } = this;
    const { compacts } = this.options;
    const stream = tree.firstStream[inode];
    if (compacts === undefined || stream === NONE || tree.streamNext[stream] !== NONE) return;
    if (tree.streamKind[stream] !== StreamKind.DATA || this.streamClusters[stream] < 2) return;
    const isPlain = !names.isDirectory(inode) && !facts.sparseStreams.has(stream) && !this.isBare(inode);
    if (!isPlain || facts.eaSize(inode) !== undefined || layout.extensions > 0) return;
    if (layout.left < PACKED_ATTRIBUTES || this.sizeOf(stream) > LARGEST_COMPACT) return;
    for (let entry = names.firstEntry[inode]; entry !== NONE; entry = names.nextLink[entry])
      if (!compacts(tree.path(entry))) return;
    this.compactStreams.set(stream, inode);
  }

  /** Keeps a stream compressed. */
  setPacked(stream: number, place: PackedPlace): void {
    this.packed.set(stream, place);
    this.takenClusters.set(stream, 0);
    const inode = this.compactStreams.get(stream);
    if (inode !== undefined) this.facts.setWof(inode);
  }

  /** The index of reparse points once it is known which files are compressed. */
  refreshReparsePoints(): ViewIndex {
    const view = this.reparseView([]);
    this.areas.replaceView(this.views[REPARSE_VIEW], view);
    this.views[REPARSE_VIEW] = view;
    return view;
  }

  private reparseView(candidates: Iterable<number>): ViewIndex {
    const { facts, recordOf } = this;
    const points = [...facts.reparsePoints].map(([inode, { tag }]) => ({
      key: tag,
      record: recordOf[inode],
    }));
    for (const inode of candidates) points.push({ key: ReparseTag.WOF, record: recordOf[inode] });
    return reparseIndex(points);
  }

  private count(inode: number, row: AttributeRow): void {
    const clusters = clustersFor(this.geometry, row.valueSize);
    if (row.type === AttributeType.DATA) {
      this.streamClusters[row.ref] = clusters;
      this.dataClusters += clusters;
    } else if (row.type === AttributeType.INDEX_ALLOCATION) {
      const directory = this.names.directoryOf[inode];
      if (directory >= this.indexCluster.length) {
        this.indexCluster = growColumn(this.indexCluster, this.names.directories.length);
        this.indexBlockCount = growColumn(this.indexBlockCount, this.names.directories.length);
      }
      // One more, so that 0 says there is none.
      this.indexCluster[directory] = this.indexClusters + 1;
      this.indexBlockCount[directory] = row.valueSize / INDEX_BLOCK_SIZE;
      this.indexClusters += clusters;
    } else {
      this.values.set(`${inode} ${row.type}`, { cluster: this.valueClusters, size: row.valueSize });
      this.valueClusters += clusters;
    }
  }

  /** A file whose data is in pieces has a longer run list: it may need another record. */
  private layAgain(inode: number): void {
    const { layout, extensions } = this;
    layout.lay(inode);
    const had = extensions.get(inode)?.count ?? 0;
    if (layout.extensions <= had) return;
    extensions.set(inode, { first: this.nextExtension, count: layout.extensions });
    this.nextExtension += layout.extensions;
  }

  private entriesSize(inode: number): number {
    const row = this.names.directoryOf[inode];
    this.entriesSizes ??= new Float64Array(this.names.directories.length).fill(-1);
    if (this.entriesSizes[row] < 0) this.entriesSizes[row] = this.entries(inode).totalSize;
    return this.entriesSizes[row];
  }

  private indexBlocks(inode: number): number {
    const row = this.names.directoryOf[inode];
    const known = row < this.indexBlockCount.length ? this.indexBlockCount[row] : 0;
    return known > 0 ? known : new IndexPlan(this.entries(inode)).blocks;
  }

  private makeViews(): ViewIndex[] {
    const { facts, recordOf } = this;
    const objects = [...facts.objects].map(([inode, key]) => ({ key, record: recordOf[inode] }));
    return [
      securityHashIndex(facts.security),
      securityIdIndex(facts.security),
      objectIdIndex(objects),
      // Room for all that may be compressed.
      this.reparseView(this.compactStreams.values()),
    ];
  }
}
