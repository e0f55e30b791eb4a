import { AttributeType } from '../records/attribute';
import { FILE_MAGIC, SEQUENCE_STRIDE } from '../records/fileRecord';
import { writeRunList, type Runs } from './runList';

/** Of the update sequence array in a record. */
export const SEQUENCE_OFFSET = 0x30;
/** Ends the attributes: the type 0xffffffff and a length that no attribute can have. */
export const END_SIZE = 8;
/** That length as Windows has written it since 2000. */
const END_LENGTH = 0x11477982;
export const RESIDENT_HEADER = 0x18;
export const NON_RESIDENT_HEADER = 0x40;
/** With the size of what is really taken, as sparse attributes have it. */
export const SPARSE_HEADER = 0x48;
/** Every structure begins with this update sequence number: any but 0 and 0xffff. */
export const UPDATE_SEQUENCE = 1;

export function align8(size: number): number {
  return (size + 7) & ~7;
}

/** Offset of the first attribute. */
export function attributesOffset(recordSize: number): number {
  return align8(SEQUENCE_OFFSET + 2 * (1 + recordSize / SEQUENCE_STRIDE));
}

/** Bytes for attributes in a record. */
export function recordRoom(recordSize: number): number {
  return recordSize - attributesOffset(recordSize) - END_SIZE;
}

/** Bytes of a resident attribute. @param nameUnits of the attribute's own name */
export function residentSize(nameUnits: number, valueLength: number): number {
  return RESIDENT_HEADER + align8(2 * nameUnits) + Math.ceil(valueLength / 8) * 8;
}

/** Bytes of a non-resident attribute. */
export function nonResidentSize(nameUnits: number, runListBytes: number, sparse = false): number {
  return (sparse ? SPARSE_HEADER : NON_RESIDENT_HEADER) + align8(2 * nameUnits) + align8(runListBytes);
}

/** What a record's header says. */
export interface RecordFacts {
  readonly number: number;
  readonly sequence: number;
  /** FileRecordFlag bits. */
  readonly flags: number;
  readonly linkCount: number;
  /** Of an extension record: number and sequence of its base. */
  readonly base?: { readonly number: number; readonly sequence: number };
}

/** A non-resident value. Sizes in bytes. */
export interface Extended {
  readonly runs: Runs;
  readonly clusters: number;
  readonly clusterSize: number;
  readonly dataSize: number;
  readonly initializedSize: number;
  /** Room for the run list in the record. */
  readonly runListRoom: number;
  /** Bytes really taken, of a sparse value. */
  readonly takenSize?: number;
}

/**
 * Replaces the last two bytes of every 512 by the update sequence number, and keeps them in the array.
 * @param offset of the structure in `bytes`; @param array of the update sequence array in the structure
 */
export function protect(bytes: Uint8Array, offset: number, length: number, array: number): void {
  let slot = offset + array;
  bytes[slot++] = UPDATE_SEQUENCE;
  bytes[slot++] = 0;
  for (let end = offset + SEQUENCE_STRIDE; end <= offset + length; end += SEQUENCE_STRIDE) {
    bytes[slot++] = bytes[end - 2];
    bytes[slot++] = bytes[end - 1];
    bytes[end - 2] = UPDATE_SEQUENCE;
    bytes[end - 1] = 0;
  }
}

/** Offset, in a record or block, of where the last two bytes of its n-th 512 are kept. */
export function sequenceSlot(stride: number): number {
  return SEQUENCE_OFFSET + 2 + 2 * stride;
}

/** Writes records of $MFT into memory that is zero, one after the other, attributes in their order. */
export class RecordWriter {
  private offset = 0;
  private at = 0;
  private nextId = 0;
  private number = 0;

  constructor(
    readonly bytes: Uint8Array<ArrayBuffer>,
    private readonly recordSize: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  readonly view: DataView;

  /** Begins the record at `offset`. */
  begin(offset: number, { number, sequence, flags, linkCount, base }: RecordFacts): void {
    const { view, recordSize } = this;
    const first = attributesOffset(recordSize);
    this.offset = offset;
    this.at = offset + first;
    this.nextId = 0;
    this.number = number;
    view.setUint32(offset, FILE_MAGIC, true);
    view.setUint16(offset + 0x04, SEQUENCE_OFFSET, true);
    view.setUint16(offset + 0x06, 1 + recordSize / SEQUENCE_STRIDE, true);
    view.setUint16(offset + 0x10, sequence, true);
    view.setUint16(offset + 0x12, linkCount, true);
    view.setUint16(offset + 0x14, first, true);
    view.setUint16(offset + 0x16, flags, true);
    view.setUint32(offset + 0x1c, recordSize, true);
    if (base !== undefined) writeReference(view, offset + 0x20, base.number, base.sequence);
    view.setUint32(offset + 0x2c, number, true);
  }

  /** Identifier of the attribute that was added last. */
  get lastId(): number {
    return this.nextId - 1;
  }

  /** Adds a resident attribute; returns the offset of its value, which is zero. */
  resident(type: number, name: string, valueLength: number, indexed = false): number {
    const { view, at } = this;
    const valueOffset = RESIDENT_HEADER + align8(2 * name.length);
    const length = valueOffset + align8(valueLength);
    this.header(type, length, name, RESIDENT_HEADER);
    view.setUint32(at + 0x10, valueLength, true);
    view.setUint16(at + 0x14, valueOffset, true);
    if (indexed) view.setUint8(at + 0x16, 1);
    this.at = at + length;
    return at + valueOffset;
  }

  /** The same with its value. */
  residentValue(type: number, name: string, value: Uint8Array): void {
    const at = this.resident(type, name, value.length);
    this.bytes.set(value, at);
  }

  nonResident(type: number, name: string, value: Extended): void {
    const { view, at, bytes } = this;
    const sparse = value.takenSize !== undefined;
    const headerSize = sparse ? SPARSE_HEADER : NON_RESIDENT_HEADER;
    const listOffset = headerSize + align8(2 * name.length);
    const length = listOffset + align8(value.runListRoom);
    this.header(type, length, name, headerSize);
    view.setUint8(at + 0x08, 1);
    if (sparse) view.setUint16(at + 0x0c, 0x8000, true);
    writeSize(view, at + 0x18, value.clusters - 1);
    view.setUint16(at + 0x20, listOffset, true);
    writeSize(view, at + 0x28, value.clusters * value.clusterSize);
    writeSize(view, at + 0x30, value.dataSize);
    writeSize(view, at + 0x38, value.initializedSize);
    if (value.takenSize !== undefined) writeSize(view, at + 0x40, value.takenSize);
    writeRunList(value.runs, bytes, at + listOffset);
    this.at = at + length;
  }

  /** Ends the record. */
  end(): void {
    const { view, offset, at } = this;
    view.setUint32(at, AttributeType.END, true);
    view.setUint32(at + 4, END_LENGTH, true);
    view.setUint32(offset + 0x18, at + END_SIZE - offset, true);
    view.setUint16(offset + 0x28, this.nextId, true);
    if (at + END_SIZE > offset + this.recordSize)
      throw new RangeError(`the attributes of record ${this.number} do not fit`);
    protect(this.bytes, offset, this.recordSize, SEQUENCE_OFFSET);
  }

  private header(type: number, length: number, name: string, nameOffset: number): void {
    const { view, at } = this;
    view.setUint32(at, type, true);
    view.setUint32(at + 0x04, length, true);
    view.setUint8(at + 0x09, name.length);
    view.setUint16(at + 0x0a, nameOffset, true);
    view.setUint16(at + 0x0e, this.nextId++, true);
    for (let i = 0; i < name.length; i++) view.setUint16(at + nameOffset + 2 * i, name.charCodeAt(i), true);
  }
}

/** Sequence number of a record: its own number for those of the system, 1 for all others. */
export function sequenceOfRecord(record: number): number {
  return record < 16 ? Math.max(record, 1) : 1;
}

/** Writes a reference: 48 bits of record number, 16 of sequence number. */
export function writeReference(view: DataView, offset: number, number: number, sequence: number): void {
  view.setUint32(offset, number, true);
  view.setUint16(offset + 4, 0, true);
  view.setUint16(offset + 6, sequence, true);
}

/** Writes a size or cluster number of 64 bits; -1 as all ones. */
export function writeSize(view: DataView, offset: number, value: number): void {
  const low = value >>> 0;
  view.setUint32(offset, low, true);
  view.setUint32(offset + 4, Math.floor(value / 2 ** 32) >>> 0, true);
}
