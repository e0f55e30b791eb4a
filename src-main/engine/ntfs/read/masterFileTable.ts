import { FormatError } from '../../../../src-shared/errors/appError';
import type { BlockDevice } from '../../disk/blockDevice';
import { AttributeType } from '../records/attribute';
import { MIRRORED_RECORDS } from '../records/fileRecord';
import { parseAttributeList } from './attributeList';
import { firstAttribute, newCursor, nextAttribute, textAt } from './attributes';
import { addRuns, checkCovered, readSizes } from './attributeValue';
import { readFully } from './deviceRange';
import type { VolumeGeometry } from './geometry';
import { newRecordHeader, readRecordHeader, type RecordHeader } from './recordHeader';
import { HOLE, RunList } from './runList';

/** A record in memory, whole and checked. */
export interface LoadedRecord {
  readonly number: number;
  /** The record alone, from 0. */
  readonly view: DataView;
  readonly header: Readonly<RecordHeader>;
  /** Its offset on the device, for errors. */
  readonly device: number;
}

/** Bytes of $MFT that are kept: records that are asked for one after the other mostly lie side by side. */
const WINDOW = 256 * 1024;
/** The same where they do not. */
const SMALL_WINDOW = 16 * 1024;
/** How far it is looked at a time whether a disk holds records at all. */
const LOOK_AHEAD = 64 * 1024 * 1024;

/** $MFT: where its records lie, and each of them. */
export class MasterFileTable {
  private readonly runs: RunList;
  /** Bytes of $MFT that were written. */
  private validSize = 0;
  private readonly window: Uint8Array;
  private windowStart = -1;
  private windowLength = 0;

  /** @throws FormatError `volume/malformed` when neither $MFT nor its mirror can be read */
  constructor(
    private readonly device: BlockDevice,
    private readonly geometry: VolumeGeometry,
    private readonly warn: (text: string) => void,
  ) {
    this.runs = new RunList(geometry.clusters);
    this.window = new Uint8Array(Math.max(WINDOW, geometry.recordSize));
    this.findItself();
  }

  /** Records that there is room for. */
  get count(): number {
    return Math.floor(this.validSize / this.geometry.recordSize);
  }

  /**
   * One record.
   * @returns undefined when it is not in use
   * @throws FormatError `volume/malformed` for a number beyond the table and for a damaged record
   */
  read(number: number): LoadedRecord | undefined {
    const { recordSize } = this.geometry;
    if (number < 0 || number >= this.count) {
      throw malformed(number * recordSize, `record ${number} is asked for, ${this.count} are there`);
    }
    const position = number * recordSize;
    if (
      this.windowStart < 0 ||
      position < this.windowStart ||
      position + recordSize > this.windowStart + this.windowLength
    )
      this.fillWindow(position);
    const bytes = this.window.slice(position - this.windowStart, position - this.windowStart + recordSize);
    try {
      return this.load(number, bytes, this.deviceOffset(position));
    } catch (error) {
      if (!(error instanceof FormatError) || number >= MIRRORED_RECORDS) throw error;
      return this.loadMirrored(number, error);
    }
  }

  /**
   * All records in order, in large pieces as they are on the device; parts of $MFT that lie nowhere are left out.
   * The buffer is the same each time. `device` is -1 where a piece does not lie in one place.
   */
  *pieces(pieceSize: number): Generator<{ bytes: Uint8Array; first: number; count: number; device: number }> {
    const { recordSize } = this.geometry;
    const size = this.count * recordSize;
    const buffer = new Uint8Array(Math.max(pieceSize, recordSize));
    // A record can lie across two runs where clusters are smaller than it: pieces begin and end at whole records.
    for (let position = 0; position < size;) {
      const length = Math.min(buffer.length - (buffer.length % recordSize), size - position);
      const skip = this.unusedFrom(position, size - position);
      if (skip > 0) {
        position += skip;
        continue;
      }
      const bytes = buffer.subarray(0, length);
      this.readPart(position, bytes);
      const device = this.contiguousFrom(position) >= length ? this.deviceOffset(position) : -1;
      yield { bytes, first: position / recordSize, count: length / recordSize, device };
      position += length;
    }
  }

  /** Where a byte of $MFT lies on the device. */
  deviceOffset(position: number): number {
    const { clusterSize } = this.geometry;
    let start = 0;
    for (let i = 0; i < this.runs.lengths.length; i++) {
      const length = this.runs.lengths[i] * clusterSize;
      if (position < start + length) {
        const lcn = this.runs.lcns[i];
        return lcn === HOLE ? 0 : lcn * clusterSize + position - start;
      }
      start += length;
    }
    return 0;
  }

  private contiguousFrom(position: number): number {
    const { clusterSize } = this.geometry;
    let start = 0;
    for (const clusters of this.runs.lengths) {
      const end = start + clusters * clusterSize;
      if (position < end) return end - position;
      start = end;
    }
    return 0;
  }

  /** Bytes from here on, in whole records, that the device does not hold: a dynamic disk never wrote them. */
  private unusedFrom(position: number, left: number): number {
    const length = Math.min(this.contiguousFrom(position), left, LOOK_AHEAD);
    const [first] = this.device.extents(this.deviceOffset(position), length);
    if (first.kind !== 'zero') return 0;
    return first.length - (first.length % this.geometry.recordSize);
  }

  private fillWindow(position: number): void {
    const { recordSize } = this.geometry;
    const isNear = Math.abs(position - this.windowStart) < 2 * WINDOW;
    const size = Math.max(recordSize, isNear ? WINDOW : SMALL_WINDOW);
    const start = position - (position % size);
    const length = Math.min(size, this.count * recordSize - start);
    this.windowStart = -1;
    this.readPart(start, this.window.subarray(0, length));
    this.windowStart = start;
    this.windowLength = length;
  }

  private readPart(position: number, target: Uint8Array): void {
    const { clusterSize } = this.geometry;
    let start = 0;
    let done = 0;
    for (let i = 0; i < this.runs.lengths.length && done < target.length; i++) {
      const length = this.runs.lengths[i] * clusterSize;
      const inside = position + done - start;
      if (inside < length) {
        const part = target.subarray(done, done + Math.min(length - inside, target.length - done));
        const lcn = this.runs.lcns[i];
        if (lcn === HOLE) part.fill(0);
        else readFully(this.device, lcn * clusterSize + inside, part, '$MFT');
        done += part.length;
      }
      start += length;
    }
  }

  private load(number: number, bytes: Uint8Array, device: number): LoadedRecord | undefined {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const header = newRecordHeader();
    if (!readRecordHeader(header, view, 0, bytes.length, device)) return undefined;
    return { number, view, header, device };
  }

  /** One of the first records from $MFTMirr. @throws `error` when that has none, either */
  private loadMirrored(number: number, error: FormatError): LoadedRecord {
    const { recordSize, clusterSize, mftMirrorLcn, clusters } = this.geometry;
    const offset = mftMirrorLcn * clusterSize + number * recordSize;
    if (mftMirrorLcn >= clusters || offset + recordSize > this.device.size) throw error;
    const bytes = new Uint8Array(recordSize);
    readFully(this.device, offset, bytes, '$MFTMirr');
    const record = tryLoad(() => this.load(number, bytes, offset));
    if (record === undefined) throw error;
    this.warn(`Record ${number} of $MFT is damaged (${error.message}); its copy in $MFTMirr was read.`);
    return record;
  }

  /** Record 0 tells where all others lie. */
  private findItself(): void {
    const { recordSize, clusterSize, mftLcn } = this.geometry;
    const offset = mftLcn * clusterSize;
    const bytes = new Uint8Array(recordSize);
    readFully(this.device, offset, bytes, '$MFT');
    const record = this.loadFirst(bytes, offset);
    const cursor = newCursor();
    const sizes = { size: 0, validSize: 0, allocatedSize: 0, unit: 0 };
    let list: Uint8Array | undefined;
    let listRuns: RunList | undefined;
    let found = false;
    firstAttribute(cursor, record.header.attributesAt);
    while (nextAttribute(cursor, record.view, record.header.end, record.device)) {
      if (cursor.type === AttributeType.ATTRIBUTE_LIST) {
        if (cursor.resident) {
          list = new Uint8Array(record.view.buffer, cursor.valueAt, cursor.valueLength).slice();
        } else {
          readSizes(sizes, cursor, record.view, clusterSize, record.device);
          listRuns = new RunList(this.geometry.clusters);
          addRuns(listRuns, cursor, record.view, record.device);
          list = readRuns(this.device, listRuns, clusterSize, Math.min(sizes.size, 0x40000));
        }
      } else if (cursor.type === AttributeType.DATA && cursor.nameUnits === 0 && !cursor.resident && !found) {
        readSizes(sizes, cursor, record.view, clusterSize, record.device);
        addRuns(this.runs, cursor, record.view, record.device);
        this.validSize = Math.min(sizes.validSize, this.runs.clusters * clusterSize);
        found = true;
      }
    }
    if (!found) throw malformed(record.device, 'its first record does not say where it lies');
    const first = { ...sizes };
    if (list !== undefined) this.addParts(list, record.device);
    // With a hole it could claim any size.
    if (this.runs.lcns.includes(HOLE)) throw malformed(record.device, 'it has a hole');
    checkCovered(this.runs, first, clusterSize, record.device);
    this.validSize = first.validSize;
  }

  private loadFirst(bytes: Uint8Array, offset: number): LoadedRecord {
    let fault: FormatError;
    try {
      const record = this.load(0, bytes, offset);
      if (record !== undefined) return record;
      fault = malformed(offset, 'no record is there');
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      fault = error;
    }
    return this.loadMirrored(0, fault);
  }

  /** Adds the parts of $MFT's run list that other records hold: each lies in what the parts before it cover. */
  private addParts(list: Uint8Array, device: number): void {
    const { clusterSize } = this.geometry;
    const cursor = newCursor();
    for (const entry of parseAttributeList(list, device)) {
      if (entry.type !== AttributeType.DATA || entry.name !== '' || entry.lowestVcn === 0) continue;
      this.validSize = this.runs.clusters * clusterSize;
      const record = this.read(entry.record);
      let found = false;
      if (record !== undefined) {
        firstAttribute(cursor, record.header.attributesAt);
        while (!found && nextAttribute(cursor, record.view, record.header.end, record.device)) {
          if (cursor.type !== AttributeType.DATA || cursor.resident || cursor.id !== entry.id) continue;
          if (textAt(record.view, cursor.nameAt, cursor.nameUnits) !== '') continue;
          addRuns(this.runs, cursor, record.view, record.device);
          found = true;
        }
      }
      if (!found) {
        throw malformed(
          device,
          `record ${entry.record} does not hold the part of it that its attribute list names`,
        );
      }
      this.windowStart = -1;
    }
  }
}

function malformed(offset: number, problem: string): FormatError {
  return new FormatError({ structure: '$MFT', offset, problem }, 'volume/malformed');
}

function tryLoad(load: () => LoadedRecord | undefined): LoadedRecord | undefined {
  try {
    return load();
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Bytes of runs that are small enough to be held. */
export function readRuns(device: BlockDevice, runs: RunList, clusterSize: number, size: number): Uint8Array {
  const bytes = new Uint8Array(Math.min(size, runs.clusters * clusterSize));
  let done = 0;
  for (let i = 0; i < runs.lcns.length && done < bytes.length; i++) {
    const part = bytes.subarray(done, done + Math.min(runs.lengths[i] * clusterSize, bytes.length - done));
    if (runs.lcns[i] !== HOLE) readFully(device, runs.lcns[i] * clusterSize, part, 'attribute');
    done += part.length;
  }
  return bytes;
}
