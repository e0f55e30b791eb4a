import type { BlockDevice } from '../../disk/blockDevice';
import { SystemFile } from '../records/fileRecord';
import { SECURITY_BLOCK_SIZE } from '../records/secure';
import { makeAttributeDefinitions } from './attributeDefinitions';
import { clearBits, setBits } from './bits';
import { makeBootSector, type BootFacts } from './bootSector';
import { DirectoryEntries } from './directoryEntries';
import { FileNameWriter } from './fileNameWriter';
import { INDEX_BLOCK_SIZE } from './geometry';
import { IndexPlan } from './indexPlan';
import { InodeRecords, type MetadataValues } from './inodeRecords';
import { RecordWriter } from './recordWriter';
import { SequentialWriter } from './sequentialWriter';
import { SparseFiles } from './sparseFiles';
import { StaleIndexes, writeIndex } from './staleIndexes';
import { REPARSE_RECORD, SystemRecords, systemFiles } from './systemRecords';
import { makeUpcase } from './systemValues';
import type { Area } from './volumeAreas';
import type { ViewIndex } from './viewIndexes';
import { FIRST_USER_RECORD, RESERVED_EXTENSIONS, type VolumePlan } from './volumePlan';

const PIECE = 4 * 1024 * 1024;
/** Clusters larger than this are not filled up with zeroes: nothing reads behind a value's end. */
const PADDED_CLUSTER = 64 * 1024;
/** Records, or directories, between two looks at the clock. */
const STEP = 1024;

/** What goes onto a volume beyond its plan. */
export interface VolumeContents {
  readonly label: string;
  readonly now: bigint;
  readonly boot: Omit<BootFacts, 'mftLcn' | 'mirrorLcn'>;
  readonly values: MetadataValues;
}

/** Writes a planned volume: everything but the data of files, and the boot sectors last. */
export class VolumeWriter {
  private readonly names: FileNameWriter;
  private readonly system: SystemRecords;
  /** Records in use. */
  private readonly usedRecords: Uint8Array;

  constructor(
    private readonly device: BlockDevice,
    private readonly plan: VolumePlan,
    private readonly contents: VolumeContents,
  ) {
    const files = systemFiles(plan);
    this.names = new FileNameWriter(plan, files, contents.now);
    this.system = new SystemRecords(plan, files, this.names, contents.label, contents.now);
    this.usedRecords = new Uint8Array(plan.areas.mftBitmapSize);
  }

  /** Takes away what makes the device look like a volume. */
  eraseBoot(): void {
    const { device, plan } = this;
    const { geometry } = plan;
    device.write(0, new Uint8Array(Math.max(8192, geometry.sectorSize)));
    device.write(geometry.sectors * geometry.sectorSize, new Uint8Array(geometry.sectorSize));
    device.flush();
  }

  /** Makes room for what threads write by themselves: data in clusters, and in records. */
  allocate(): void {
    const { device, plan } = this;
    const { clusterSize } = plan.geometry;
    const { mft, data } = plan.areas;
    device.allocate(mft.start * clusterSize, mft.clusters * clusterSize);
    for (const { start, next } of data) device.allocate(start * clusterSize, (next - start) * clusterSize);
  }

  /** Writes all metadata, in steps. */
  *write(): Generator<void> {
    const { areas } = this.plan;
    yield* this.fillLogFile();
    this.writeArea(areas.definitions, makeAttributeDefinitions());
    this.writeArea(areas.upcase, makeUpcase());
    yield* this.writeSecurity();
    yield* this.writeViews();
    yield* this.writeIndexes();
    yield* this.writeRecords();
    this.writeArea(areas.mftBitmap, this.usedRecords);
  }

  /**
   * Writes what depends on the data, once that is there: compressed files, holes, and the map of clusters in use.
   * @param freed clusters that compressed files have left: start and end of each piece
   */
  *complete(freed: readonly [start: number, end: number][] = []): Generator<void> {
    const { plan, device } = this;
    const stale = new StaleIndexes(device, plan, this.names);
    yield* this.rewriteCompact(stale);
    const sparse = new SparseFiles(device, plan, stale);
    yield* sparse.punch();
    yield* stale.rewrite();
    yield* this.writeBitmap([...freed, ...sparse.freed]);
    this.writeMirror();
  }

  /** Writes the records of files that were compressed, or moved with them, anew, and the index that lists them. */
  private *rewriteCompact(stale: StaleIndexes): Generator<void> {
    const { plan, device } = this;
    if (plan.compactStreams.size === 0) return;
    const { recordSize, clusterSize } = plan.geometry;
    const bytes = new Uint8Array(recordSize);
    const writer = new RecordWriter(bytes, recordSize);
    const place = (): { writer: RecordWriter; offset: number } => {
      bytes.fill(0);
      return { writer, offset: 0 };
    };
    const put = (record: number): void =>
      device.write(plan.areas.mft.start * clusterSize + record * recordSize, bytes);
    const inodes = new InodeRecords(plan, this.names, this.contents.values, place, () => undefined);
    let count = 0;
    for (const [stream, inode] of plan.compactStreams) {
      if (count++ % STEP === 0) yield;
      if (plan.fragments.has(stream)) continue;
      inodes.write(inode);
      put(plan.record(inode, 0));
      if (plan.packed.has(stream)) stale.note(inode);
    }
    const view = plan.refreshReparsePoints();
    yield* this.writeViews(view);
    place();
    this.system.write(REPARSE_RECORD, writer, 0);
    put(REPARSE_RECORD);
  }

  /** Repeats the first records in $MFTMirr, once the data in them is there. */
  private writeMirror(): void {
    const { device, plan } = this;
    const { geometry, areas } = plan;
    const records = new Uint8Array(geometry.mirrorSize);
    device.read(areas.mft.start * geometry.clusterSize, records);
    device.write(areas.mirror.start * geometry.clusterSize, records);
  }

  /** Makes the volume one: the copy of the boot sector first, then the boot sector. */
  writeBoot(): void {
    const { device, plan, contents } = this;
    const { geometry, areas } = plan;
    const facts = { ...contents.boot, mftLcn: areas.mft.start, mirrorLcn: areas.mirror.start };
    const sector = makeBootSector(geometry, facts);
    device.flush();
    device.write(geometry.sectors * geometry.sectorSize, sector);
    device.flush();
    device.write(0, sector);
    device.flush();
  }

  /** Nothing but ones: a log that holds nothing, as that of a volume that was just formatted or checked. */
  private *fillLogFile(): Generator<void> {
    const { plan, device } = this;
    const { logFile } = plan.areas;
    const size = logFile.clusters * plan.geometry.clusterSize;
    const piece = new Uint8Array(Math.min(size, PIECE)).fill(0xff);
    for (let at = 0; at < size; at += piece.length) {
      const part = piece.subarray(0, Math.min(piece.length, size - at));
      device.write(logFile.start * plan.geometry.clusterSize + at, part);
      yield;
    }
  }

  private *writeSecurity(): Generator<void> {
    const { plan, device } = this;
    const { security } = plan.facts;
    const piece = 2 * SECURITY_BLOCK_SIZE;
    for (let at = 0; at < security.dataSize; at += piece) {
      const bytes = new Uint8Array(piece);
      security.write(at, bytes);
      const size = Math.min(piece, security.dataSize - at);
      device.write(plan.areas.security.start * plan.geometry.clusterSize + at, bytes.subarray(0, size));
      yield;
    }
  }

  /** @param only the one that is written; all where it is absent */
  private *writeViews(only?: ViewIndex): Generator<void> {
    for (const { view, plan, area, bitmap } of this.plan.areas.viewPlaces) {
      if (only !== undefined && only !== view) continue;
      const target = this.sequential(area);
      yield* writeIndex(plan, target, this.plan);
      target.flush();
      if (bitmap === undefined) continue;
      const bits = new Uint8Array(plan.bitmapSize);
      setBits(bits, 0, 0, plan.blocks);
      this.writeArea(bitmap, bits);
    }
  }

  private *writeIndexes(): Generator<void> {
    const { plan } = this;
    const { areas, names, geometry } = plan;
    const target = this.sequential(areas.indexes);
    for (let row = 0; row < names.inodeCount; row++) {
      if (row % STEP === 0) yield;
      const inode = names.inodes[row];
      if (!names.isDirectory(inode) || !plan.hasIndexBlocks(inode)) continue;
      const index = this.indexOf(inode);
      yield* writeIndex(index, target, plan);
      const size = index.blocks * INDEX_BLOCK_SIZE;
      target.skip(Math.ceil(size / geometry.clusterSize) * geometry.clusterSize - size);
    }
    target.flush();
  }

  private indexOf(inode: number): IndexPlan {
    const { names } = this.plan;
    const isRoot = inode === names.inodes[0];
    const directory = names.directories[names.directoryOf[inode]];
    return new IndexPlan(new DirectoryEntries(names, directory, isRoot, this.names));
  }

  private *writeRecords(): Generator<void> {
    const { plan } = this;
    const { names, geometry } = plan;
    const { recordSize } = geometry;
    const target = this.sequential(plan.areas.mft);
    const writer = new RecordWriter(target.bytes, recordSize);
    const late = new Map<number, Uint8Array<ArrayBuffer>>();
    let next = 0;
    // Everything up to there that no inode asked for: free records, and those that were made ahead of their turn.
    const fill = (end: number): void => {
      for (; next < end; next++) {
        const offset = target.reserve(recordSize);
        const bytes = late.get(next);
        if (bytes === undefined) this.writeFree(writer, offset, next);
        else target.bytes.set(bytes, offset);
      }
    };
    const place = (record: number): { writer: RecordWriter; offset: number } => {
      this.markUsed(record);
      const isAhead = record >= FIRST_USER_RECORD && next < FIRST_USER_RECORD;
      if (isAhead || record >= plan.firstFree - RESERVED_EXTENSIONS) {
        const bytes = new Uint8Array(recordSize);
        late.set(record, bytes);
        return { writer: new RecordWriter(bytes, recordSize), offset: 0 };
      }
      fill(record);
      next++;
      return { writer, offset: target.reserve(recordSize) };
    };
    const inodes = new InodeRecords(plan, this.names, this.contents.values, place, (cluster, value) =>
      this.writeValue(cluster, value),
    );
    for (let record = 0; record < FIRST_USER_RECORD; record++) {
      if (record === SystemFile.ROOT) {
        inodes.write(names.inodes[0]);
      } else if (this.system.has(record)) {
        const { offset } = place(record);
        this.system.write(record, writer, offset);
      }
    }
    fill(FIRST_USER_RECORD);
    for (let row = 1; row < names.inodeCount; row++) {
      if (row % STEP === 0) yield;
      inodes.write(names.inodes[row]);
    }
    while (next < plan.records) {
      fill(Math.min(next + STEP, plan.records));
      yield;
    }
    target.flush();
  }

  private markUsed(record: number): void {
    this.usedRecords[record >>> 3] |= 1 << (record & 7);
  }

  private writeFree(writer: RecordWriter, offset: number, number: number): void {
    writer.begin(offset, { number, sequence: 1, flags: 0, linkCount: 0 });
    writer.end();
  }

  /** @param freed clusters that are free after all: start and end of each piece */
  private *writeBitmap(freed: readonly [start: number, end: number][]): Generator<void> {
    const { plan } = this;
    const { areas, geometry } = plan;
    const target = this.sequential(areas.bitmap);
    const size = areas.bitmapSize;
    const ranges = [...areas.usedRanges(), [geometry.clusters, size * 8]];
    for (let at = 0; at < size;) {
      const length = Math.min(target.bytes.length, size - at);
      const offset = target.reserve(length);
      const inPiece = ([start, end]: readonly number[]): [from: number, to: number] => [
        Math.max(start - at * 8, 0),
        Math.min(end - at * 8, length * 8),
      ];
      for (const [from, to] of ranges.map(inPiece)) setBits(target.bytes, offset, from, to);
      for (const [from, to] of freed.map(inPiece)) clearBits(target.bytes, offset, from, to);
      target.flush();
      at += length;
      yield;
    }
  }

  /** Writes a value from the start of its area on, filled up with zeroes to a whole cluster or sector. */
  private writeArea({ start }: Area, value: Uint8Array): void {
    this.writeValue(start, value);
  }

  private writeValue(cluster: number, value: Uint8Array): void {
    const { clusterSize, sectorSize } = this.plan.geometry;
    const unit = clusterSize > PADDED_CLUSTER ? Math.max(sectorSize, 4096) : clusterSize;
    const bytes = new Uint8Array(Math.ceil(value.length / unit) * unit);
    bytes.set(value);
    this.device.write(cluster * clusterSize, bytes);
  }

  private sequential({ start, clusters }: Area): SequentialWriter {
    const { clusterSize } = this.plan.geometry;
    return new SequentialWriter(this.device, start * clusterSize, clusters * clusterSize);
  }
}
