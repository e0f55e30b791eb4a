import { FileAttribute } from '../../tree/attributes';
import { AttributeType } from '../records/attribute';
import { FileNameAttribute } from '../records/fileName';
import { FileRecordFlag, SystemFile } from '../records/fileRecord';
import { Collation } from '../records/index';
import { FIRST_SECURITY_ID } from '../records/secure';
import { VolumeInformation } from '../records/volume';
import { FILE_NAME_HEADER, directoryEntrySize } from './directoryEntries';
import type { FileNameWriter, SystemFileFacts } from './fileNameWriter';
import { INDEX_BLOCK_SIZE } from './geometry';
import { LARGE_ROOT_SIZE, smallRootSize, writeLargeRoot, writeSmallRoot } from './indexPlan';
import { setBits } from './bits';
import { sequenceOfRecord, writeReference, type Extended, type RecordWriter } from './recordWriter';
import { HOLE, runListSize, type Runs } from './runList';
import { DefaultSecurity } from './securityStore';
import { UPCASE_SIZE } from './systemValues';
import type { Area, ViewPlace } from './volumeAreas';
import type { VolumePlan } from './volumePlan';
import { quotaIndex, quotaOwnerIndex, type ViewIndex } from './viewIndexes';

/** Files of $Extend, sorted. */
const extendNames = ['$ObjId', '$Quota', '$Reparse'] as const;
const QUOTA_RECORD = 24;
const OBJECT_ID_RECORD = 25;
export const REPARSE_RECORD = 26;
const DEFINITIONS_SIZE = 2560;
/** Kept for the system; Windows marks them in use. */
const RESERVED_RECORDS = [12, 13, 14, 15];

/** Sizes and records of the system's files, by name. */
export function systemFiles(plan: VolumePlan): ReadonlyMap<string, SystemFileFacts> {
  const { areas, geometry } = plan;
  const { clusterSize } = geometry;
  const stored = (record: number, area: Area, size = area.clusters * clusterSize): SystemFileFacts => ({
    record,
    allocated: area.clusters * clusterSize,
    size,
    index: 0,
  });
  const bare = (record: number, index = 0): SystemFileFacts => ({ record, allocated: 0, size: 0, index });
  return new Map([
    ['$MFT', stored(SystemFile.MFT, areas.mft, plan.records * geometry.recordSize)],
    ['$MFTMirr', stored(SystemFile.MFT_MIRROR, areas.mirror, geometry.mirrorSize)],
    ['$LogFile', stored(SystemFile.LOG_FILE, areas.logFile)],
    ['$Volume', bare(SystemFile.VOLUME)],
    ['$AttrDef', stored(SystemFile.ATTRIBUTE_DEFINITIONS, areas.definitions, DEFINITIONS_SIZE)],
    ['.', bare(SystemFile.ROOT, FileNameAttribute.DIRECTORY)],
    ['$Bitmap', stored(SystemFile.BITMAP, areas.bitmap, areas.bitmapSize)],
    ['$Boot', stored(SystemFile.BOOT, areas.boot)],
    ['$BadClus', bare(SystemFile.BAD_CLUSTERS)],
    ['$Secure', bare(SystemFile.SECURE, FileNameAttribute.VIEW_INDEX)],
    ['$UpCase', stored(SystemFile.UPCASE, areas.upcase, UPCASE_SIZE)],
    ['$Extend', bare(SystemFile.EXTEND, FileNameAttribute.DIRECTORY)],
    ['$Quota', bare(QUOTA_RECORD, FileNameAttribute.VIEW_INDEX)],
    ['$ObjId', bare(OBJECT_ID_RECORD, FileNameAttribute.VIEW_INDEX)],
    ['$Reparse', bare(REPARSE_RECORD, FileNameAttribute.VIEW_INDEX)],
  ]);
}

/** Writes the records of the system's files, but for the root's. */
export class SystemRecords {
  private readonly nameOf = new Map<number, string>();

  constructor(
    private readonly plan: VolumePlan,
    private readonly files: ReadonlyMap<string, SystemFileFacts>,
    private readonly names: FileNameWriter,
    private readonly label: string,
    private readonly now: bigint,
  ) {
    for (const [name, { record }] of files) this.nameOf.set(record, name);
  }

  has(record: number): boolean {
    return (this.nameOf.has(record) && record !== SystemFile.ROOT) || RESERVED_RECORDS.includes(record);
  }

  write(record: number, writer: RecordWriter, offset: number): void {
    const name = this.nameOf.get(record);
    if (name === undefined) {
      this.begin(writer, offset, record, 0, 0, DefaultSecurity.SYSTEM_WRITE);
      writer.resident(AttributeType.DATA, '', 0);
      writer.end();
      return;
    }
    const inExtend = record >= QUOTA_RECORD;
    const index = this.files.get(name)?.index ?? 0;
    let flags = inExtend ? FileRecordFlag.EXTENSION : 0;
    if (index === FileNameAttribute.VIEW_INDEX) flags |= FileRecordFlag.VIEW_INDEX;
    if (index === FileNameAttribute.DIRECTORY) flags |= FileRecordFlag.DIRECTORY;
    const isWritten = index !== 0 || record === SystemFile.VOLUME;
    const security = isWritten ? DefaultSecurity.SYSTEM_WRITE : DefaultSecurity.SYSTEM_READ;
    // Only indexes of views are marked in $STANDARD_INFORMATION, too.
    this.begin(writer, offset, record, flags, index & FileNameAttribute.VIEW_INDEX, security);
    const at = writer.resident(AttributeType.FILE_NAME, '', FILE_NAME_HEADER + 2 * name.length, true);
    this.names.writeSystemName(name, writer.view, at, inExtend ? SystemFile.EXTEND : SystemFile.ROOT);
    this.contents(record, name, writer);
    writer.end();
  }

  private begin(
    writer: RecordWriter,
    offset: number,
    record: number,
    flags: number,
    attributes: number,
    security: number,
  ): void {
    const linkCount = this.nameOf.has(record) ? 1 : 0;
    writer.begin(offset, {
      number: record,
      sequence: sequenceOfRecord(record),
      flags: FileRecordFlag.IN_USE | flags,
      linkCount,
    });
    const at = writer.resident(AttributeType.STANDARD_INFORMATION, '', 0x48);
    this.names.writeNow(writer.view, at);
    writer.view.setUint32(at + 0x20, FileAttribute.HIDDEN | FileAttribute.SYSTEM | attributes, true);
    writer.view.setUint32(at + 0x34, FIRST_SECURITY_ID + security, true);
  }

  private contents(record: number, name: string, writer: RecordWriter): void {
    const { areas, geometry } = this.plan;
    switch (record) {
      case SystemFile.MFT:
        this.data(writer, areas.mft, this.plan.records * geometry.recordSize);
        writer.nonResident(AttributeType.BITMAP, '', this.extended(areas.mftBitmap, areas.mftBitmapSize));
        break;
      case SystemFile.VOLUME:
        this.volume(writer);
        break;
      case SystemFile.BAD_CLUSTERS:
        writer.resident(AttributeType.DATA, '', 0);
        this.badClusters(writer);
        break;
      case SystemFile.SECURE:
        writer.nonResident(
          AttributeType.DATA,
          '$SDS',
          this.extended(areas.security, this.plan.facts.security.dataSize),
        );
        this.viewIndexes(writer, this.plan.views.slice(0, 2));
        break;
      case SystemFile.EXTEND:
        this.extendDirectory(writer);
        break;
      case QUOTA_RECORD:
        this.viewIndexes(writer, [quotaOwnerIndex(), quotaIndex(this.now)]);
        break;
      case OBJECT_ID_RECORD:
        this.viewIndexes(writer, this.plan.views.slice(2, 3));
        break;
      case REPARSE_RECORD:
        this.viewIndexes(writer, this.plan.views.slice(3, 4));
        break;
      default:
        this.data(writer, this.areaOf(record), this.files.get(name)?.size ?? 0);
    }
  }

  private areaOf(record: number): Area {
    const { areas } = this.plan;
    switch (record) {
      case SystemFile.MFT_MIRROR:
        return areas.mirror;
      case SystemFile.LOG_FILE:
        return areas.logFile;
      case SystemFile.ATTRIBUTE_DEFINITIONS:
        return areas.definitions;
      case SystemFile.BITMAP:
        return areas.bitmap;
      case SystemFile.UPCASE:
        return areas.upcase;
      default:
        return areas.boot;
    }
  }

  private data(writer: RecordWriter, area: Area, size: number): void {
    writer.nonResident(AttributeType.DATA, '', this.extended(area, size));
  }

  private extended(area: Area, size: number): Extended {
    const runs = Float64Array.of(area.start, area.clusters);
    return this.extendedRuns(runs, area.clusters, size, size);
  }

  private extendedRuns(runs: Runs, clusters: number, dataSize: number, initializedSize: number): Extended {
    const { clusterSize } = this.plan.geometry;
    return { runs, clusters, clusterSize, dataSize, initializedSize, runListRoom: runListSize(runs) };
  }

  /** $Bad covers the volume; a hole is a cluster that is good. */
  private badClusters(writer: RecordWriter): void {
    const { clusters, clusterSize } = this.plan.geometry;
    const runs = Float64Array.of(HOLE, clusters);
    writer.nonResident(
      AttributeType.DATA,
      '$Bad',
      this.extendedRuns(runs, clusters, clusters * clusterSize, 0),
    );
  }

  private volume(writer: RecordWriter): void {
    const { label } = this;
    if (label !== '') {
      const at = writer.resident(AttributeType.VOLUME_NAME, '', 2 * label.length);
      for (let i = 0; i < label.length; i++) writer.view.setUint16(at + 2 * i, label.charCodeAt(i), true);
    }
    const information = VolumeInformation.serialize({
      reserved: 0n,
      majorVersion: 3,
      minorVersion: 1,
      flags: 0,
    });
    writer.residentValue(AttributeType.VOLUME_INFORMATION, '', information);
    writer.resident(AttributeType.DATA, '', 0);
  }

  /** The attributes of view indexes, sorted by type: all roots, all allocations, all bitmaps. */
  private viewIndexes(writer: RecordWriter, views: readonly ViewIndex[]): void {
    const { areas, geometry } = this.plan;
    for (const view of views) {
      const facts = { type: 0, collation: view.collation, geometry };
      const place = areas.viewPlace(view);
      if (place === undefined) {
        let size = 0;
        for (let i = 0; i < view.entries.count; i++) size += view.entries.size(i);
        const at = writer.resident(AttributeType.INDEX_ROOT, view.name, smallRootSize(size));
        writeSmallRoot(writer.view, at, facts, view.entries);
      } else {
        const at = writer.resident(AttributeType.INDEX_ROOT, view.name, LARGE_ROOT_SIZE);
        writeLargeRoot(writer.view, at, facts, place.plan.blocks);
      }
    }
    const large = views.filter((view) => areas.viewPlace(view) !== undefined);
    for (const view of large) {
      const place = areas.viewPlace(view);
      if (place === undefined) continue;
      const size = place.plan.blocks * INDEX_BLOCK_SIZE;
      writer.nonResident(AttributeType.INDEX_ALLOCATION, view.name, this.extended(place.area, size));
    }
    for (const view of large) {
      const place = areas.viewPlace(view);
      if (place !== undefined) this.viewBitmap(writer, view.name, place);
    }
  }

  private viewBitmap(writer: RecordWriter, name: string, { plan, bitmap }: ViewPlace): void {
    if (bitmap === undefined) {
      const at = writer.resident(AttributeType.BITMAP, name, plan.bitmapSize);
      setBits(writer.bytes, at, 0, plan.blocks);
    } else {
      writer.nonResident(AttributeType.BITMAP, name, this.extended(bitmap, plan.bitmapSize));
    }
  }

  private extendDirectory(writer: RecordWriter): void {
    const size = (position: number): number => directoryEntrySize(extendNames[position].length);
    const entries = {
      count: extendNames.length,
      size,
      write: (position: number, view: DataView, at: number): void => {
        const name = extendNames[position];
        writeReference(view, at, this.names.systemRecord(name), 1);
        view.setUint16(at + 0x08, size(position), true);
        view.setUint16(at + 0x0a, FILE_NAME_HEADER + 2 * name.length, true);
        this.names.writeSystemName(name, view, at + 0x10, SystemFile.EXTEND);
      },
    };
    const total = extendNames.reduce((sum, _, position) => sum + size(position), 0);
    const at = writer.resident(AttributeType.INDEX_ROOT, '$I30', smallRootSize(total));
    const facts = {
      type: AttributeType.FILE_NAME,
      collation: Collation.FILE_NAME,
      geometry: this.plan.geometry,
    };
    writeSmallRoot(writer.view, at, facts, entries);
  }
}
