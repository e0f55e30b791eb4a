import { AppError } from '../../../../src-shared/errors/appError';
import { NONE } from '../../tree/tree';
import { AttributeType } from '../records/attribute';
import { FileRecordFlag } from '../records/fileRecord';
import { Collation } from '../records/index';
import { FIRST_SECURITY_ID } from '../records/secure';
import { setBits } from './bits';
import { DirectoryEntries } from './directoryEntries';
import type { FileNameWriter } from './fileNameWriter';
import { writeLargeRoot, writeSmallRoot } from './indexPlan';
import { DataPart, type AttributeRow } from './inodeLayout';
import { HOLE, type Runs } from './runList';
import { align8, sequenceOfRecord, writeReference, writeSize, type RecordWriter } from './recordWriter';
import { DefaultSecurity } from './securityStore';
import type { VolumePlan } from './volumePlan';

const LIST_ENTRY_NAME = 0x1a;

/** The values of metadata that only the image has. */
export interface MetadataValues {
  /** $REPARSE_POINT, whole. */
  reparsePoint(inode: number): Uint8Array;
  /** $EA and $EA_INFORMATION. */
  extendedAttributes(inode: number): { readonly value: Uint8Array; readonly information: Uint8Array };
}

/** Where records go: the next free place in memory for one, by its number. */
export type PlaceRecord = (record: number) => { readonly writer: RecordWriter; readonly offset: number };

/** Writes the records of a tree's inodes. */
export class InodeRecords {
  constructor(
    private readonly plan: VolumePlan,
    private readonly names: FileNameWriter,
    private readonly values: MetadataValues,
    private readonly place: PlaceRecord,
    /** Writes a value that does not lie in a record. */
    private readonly writeValue: (cluster: number, value: Uint8Array) => void,
  ) {}

  /** Writes the base record of an inode and its extensions; notes where the data in them lies. */
  write(inode: number): void {
    const { layout } = this.plan;
    layout.lay(inode);
    for (let record = 0; record <= layout.extensions; record++) this.writeRecord(inode, record);
  }

  private writeRecord(inode: number, index: number): void {
    const { plan, place } = this;
    const { layout, names } = plan;
    const number = plan.record(inode, index);
    const base = plan.record(inode, 0);
    const { writer, offset } = place(number);
    const isDirectory = names.isDirectory(inode);
    writer.begin(offset, {
      number,
      sequence: sequenceOfRecord(number),
      flags: FileRecordFlag.IN_USE | (isDirectory && index === 0 ? FileRecordFlag.DIRECTORY : 0),
      linkCount: index === 0 ? names.linkCount(inode) : 0,
      ...(index === 0 ? {} : { base: { number: base, sequence: sequenceOfRecord(base) } }),
    });
    for (let i = 0; i < layout.count; i++) {
      const row = layout.rows[i];
      if (row.record !== index) continue;
      if (row.resident) this.writeResident(inode, row, writer, number, offset);
      else this.writeExtended(inode, row, writer);
    }
    writer.end();
  }

  private writeResident(
    inode: number,
    row: AttributeRow,
    writer: RecordWriter,
    record: number,
    start: number,
  ): void {
    const { plan } = this;
    const at = writer.resident(row.type, row.name, row.valueSize, row.type === AttributeType.FILE_NAME);
    switch (row.type) {
      case AttributeType.STANDARD_INFORMATION:
        this.writeInformation(inode, writer, at);
        break;
      case AttributeType.FILE_NAME:
        if (row.ref === NONE) this.names.writeSystemName('.', writer.view, at);
        else this.names.writeFileName(row.ref, writer.view, at);
        break;
      case AttributeType.DATA:
        if (row.ref !== NONE)
          plan.firstCluster[row.ref] = (record * plan.geometry.recordSize + at - start) / 8;
        break;
      case AttributeType.INDEX_ROOT:
        this.writeRoot(inode, writer, at);
        break;
      default:
        writer.bytes.set(this.value(inode, row), at);
    }
  }

  private writeExtended(inode: number, row: AttributeRow, writer: RecordWriter): void {
    const { plan } = this;
    const { clusterSize } = plan.geometry;
    let runs: Float64Array;
    if (row.type === AttributeType.DATA) {
      runs = this.dataRuns(row);
    } else {
      const clusters = Math.ceil(row.valueSize / clusterSize);
      const cluster =
        row.type === AttributeType.INDEX_ALLOCATION
          ? plan.indexPlace(inode).cluster
          : plan.valuePlace(inode, row.type);
      runs = Float64Array.of(cluster, clusters);
      if (row.type !== AttributeType.INDEX_ALLOCATION) this.writeValue(cluster, this.value(inode, row));
    }
    let clusters = 0;
    for (let i = 1; i < runs.length; i += 2) clusters += runs[i];
    writer.nonResident(row.type, row.name, {
      runs,
      clusters,
      clusterSize,
      dataSize: row.valueSize,
      initializedSize: row.valueSize,
      runListRoom: row.runListRoom,
      ...(row.sparse ? { takenSize: row.part === DataPart.HOLE ? 0 : clusters * clusterSize } : {}),
    });
  }

  private dataRuns(row: AttributeRow): Runs {
    const { plan } = this;
    const packed = plan.packed.get(row.ref);
    if (packed === undefined) return plan.runsOf(row.ref);
    return row.part === DataPart.HOLE
      ? Float64Array.of(HOLE, plan.streamClusters[row.ref])
      : Float64Array.of(packed.cluster, packed.clusters);
  }

  private writeInformation(inode: number, { view }: RecordWriter, at: number): void {
    const { names, facts } = this.plan;
    const isDirectory = names.isDirectory(inode);
    const isRoot = inode === names.inodes[0];
    const byDefault = isDirectory ? DefaultSecurity.DIRECTORY : DefaultSecurity.FILE;
    this.names.writeTimes(inode, view, at);
    view.setUint32(at + 0x20, facts.attributes(inode), true);
    if (isDirectory && names.directories[names.directoryOf[inode]].caseSensitive)
      view.setUint32(at + 0x28, CASE_SENSITIVE, true);
    const row = facts.securityRow(inode, isRoot ? DefaultSecurity.ROOT : byDefault);
    view.setUint32(at + 0x34, FIRST_SECURITY_ID + row, true);
  }

  private writeRoot(inode: number, { view }: RecordWriter, at: number): void {
    const { plan, names } = this;
    const facts = {
      type: AttributeType.FILE_NAME,
      collation: Collation.FILE_NAME,
      geometry: plan.geometry,
    };
    if (plan.hasIndexBlocks(inode)) writeLargeRoot(view, at, facts, plan.indexPlace(inode).blocks);
    else writeSmallRoot(view, at, facts, this.entries(inode, names));
  }

  private entries(inode: number, writer: FileNameWriter): DirectoryEntries {
    const { names } = this.plan;
    const isRoot = inode === names.inodes[0];
    return new DirectoryEntries(names, names.directories[names.directoryOf[inode]], isRoot, writer);
  }

  /** Value of metadata, wherever it lies. @throws AppError `wim/malformed` for one of another size than was planned */
  private value(inode: number, row: AttributeRow): Uint8Array {
    const value = this.makeValue(inode, row);
    if (value.length === row.valueSize) return value;
    const path = this.plan.tree.path(this.plan.names.firstEntry[inode]);
    throw new AppError(
      'wim/malformed',
      `${path}: metadata of ${value.length} bytes was announced with ${row.valueSize}`,
    );
  }

  private makeValue(inode: number, row: AttributeRow): Uint8Array {
    const { plan, values } = this;
    switch (row.type) {
      case AttributeType.ATTRIBUTE_LIST:
        return this.attributeList(inode, row.valueSize);
      case AttributeType.OBJECT_ID:
        return plan.facts.objectId(inode)?.subarray(0, row.valueSize) ?? new Uint8Array();
      case AttributeType.BITMAP: {
        const bits = new Uint8Array(row.valueSize);
        setBits(bits, 0, 0, plan.indexPlace(inode).blocks);
        return bits;
      }
      case AttributeType.REPARSE_POINT:
        return values.reparsePoint(inode);
      case AttributeType.EA_INFORMATION:
        return values.extendedAttributes(inode).information;
      default:
        return values.extendedAttributes(inode).value;
    }
  }

  /** Lists the attributes: in their order, each with the record that holds it and its identifier there. */
  private attributeList(inode: number, size: number): Uint8Array {
    const { plan } = this;
    const { layout } = plan;
    const list = new Uint8Array(size);
    const view = new DataView(list.buffer);
    const nextId = new Uint16Array(layout.extensions + 1);
    let at = 0;
    for (let i = 0; i < layout.count; i++) {
      const row = layout.rows[i];
      const id = nextId[row.record]++;
      if (row.type === AttributeType.ATTRIBUTE_LIST) continue;
      const length = align8(LIST_ENTRY_NAME + 2 * row.name.length);
      view.setUint32(at, row.type, true);
      view.setUint16(at + 0x04, length, true);
      view.setUint8(at + 0x06, row.name.length);
      view.setUint8(at + 0x07, LIST_ENTRY_NAME);
      writeSize(view, at + 0x08, 0);
      const record = plan.record(inode, row.record);
      writeReference(view, at + 0x10, record, sequenceOfRecord(record));
      view.setUint16(at + 0x18, id, true);
      for (let unit = 0; unit < row.name.length; unit++)
        view.setUint16(at + LIST_ENTRY_NAME + 2 * unit, row.name.charCodeAt(unit), true);
      at += length;
    }
    return list;
  }
}

/** In $STANDARD_INFORMATION of a directory whose names differ in case: the field that was for versions. */
const CASE_SENSITIVE = 1;
