import { FormatError } from '../../../../src-shared/errors/appError';
import { FileAttribute } from '../../tree/attributes';
import { StreamKind } from '../../tree/tree';
import { AttributeFlag, AttributeType, NonResidentAttribute } from '../records/attribute';
import { FileRecordFlag } from '../records/fileRecord';
import { StandardInformation, StandardInformationV1 } from '../records/standardInformation';
import { FileName, FileNameAttribute } from '../records/fileName';
import { WOF_STREAM_NAME } from '../records/reparsePoint';
import { firstAttribute, isNamed, newCursor, nextAttribute, textAt } from './attributes';
import { addRuns, checkCovered, readSizes } from './attributeValue';
import type { VolumeGeometry } from './geometry';
import type { RecordHeader } from './recordHeader';
import { takeReparsePoint } from './reparseValue';
import { HOLE, RunList } from './runList';
import { Place, type ScanColumns } from './scanColumns';

const INFORMATION = StandardInformation.fields;
const INDEX_MARKS = FileNameAttribute.DIRECTORY | FileNameAttribute.VIEW_INDEX;
const RUN_LIST_OFFSET = NonResidentAttribute.fields.runListOffset.offset;
const LOWEST_VCN = NonResidentAttribute.fields.lowestVcn.offset;
const HIGHEST_VCN = NonResidentAttribute.fields.highestVcn.offset;
/** What NTFS 1.2 has; `securityId` is beyond it. */
const STANDARD_INFORMATION_V1_SIZE = StandardInformationV1.size;

/**
 * Takes a base record straight from a piece of $MFT into the columns: what a file commonly has, without an object.
 * @returns false for a record that needs more than itself: an attribute list, extended attributes that are not resident
 */
export class RecordScanner {
  private readonly cursor = newCursor();
  private readonly sizes = { size: 0, validSize: 0, allocatedSize: 0, unit: 0 };

  constructor(
    private readonly columns: ScanColumns,
    private readonly geometry: VolumeGeometry,
  ) {}

  /** @throws FormatError when something of the record is damaged; what it had added is taken back */
  take(record: number, header: RecordHeader, view: DataView, device: number): boolean {
    const { columns } = this;
    const links = columns.linkCount;
    const streams = columns.streamCount;
    let isTaken = false;
    try {
      isTaken = this.takeAttributes(record, header, view, device);
    } finally {
      if (!isTaken) columns.takeBack(record, links, streams);
    }
    return isTaken;
  }

  private takeAttributes(record: number, header: RecordHeader, view: DataView, device: number): boolean {
    const { columns, cursor } = this;
    columns.addRecord(record, (header.flags & FileRecordFlag.DIRECTORY) !== 0, header.sequence);
    let hasInformation = false;
    firstAttribute(cursor, header.attributesAt);
    while (nextAttribute(cursor, view, header.end, device)) {
      switch (cursor.type) {
        case AttributeType.STANDARD_INFORMATION:
          takeStandardInformation(
            columns,
            record,
            view,
            requireValue(cursor, STANDARD_INFORMATION_V1_SIZE, device),
            cursor.valueLength,
          );
          hasInformation = true;
          break;
        case AttributeType.ATTRIBUTE_LIST:
          return false;
        case AttributeType.FILE_NAME:
          takeFileName(
            columns,
            record,
            view,
            requireValue(cursor, FileName.size, device),
            cursor.valueLength,
            device,
          );
          break;
        case AttributeType.OBJECT_ID:
          columns.extras.objectIds.set(
            record,
            copyValue(view, cursor.valueAt, requireResident(cursor, device)),
          );
          break;
        case AttributeType.SECURITY_DESCRIPTOR:
          if (!cursor.resident) return false;
          columns.extras.descriptors.set(record, copyValue(view, cursor.valueAt, cursor.valueLength));
          break;
        case AttributeType.DATA:
          this.takeData(record, view, device);
          break;
        case AttributeType.REPARSE_POINT:
          if (!cursor.resident) return false;
          takeReparsePoint(columns, record, copyValue(view, cursor.valueAt, cursor.valueLength), device);
          break;
        case AttributeType.EA:
          if (!cursor.resident) return false;
          columns.extras.extendedAttributes.set(record, copyValue(view, cursor.valueAt, cursor.valueLength));
          break;
        default:
      }
    }
    if (!hasInformation) {
      throw new FormatError(
        { structure: 'file record', offset: device, problem: 'it has no $STANDARD_INFORMATION' },
        'volume/malformed',
      );
    }
    return true;
  }

  private takeData(record: number, view: DataView, device: number): void {
    const { columns, cursor, sizes } = this;
    const kind = cursor.nameUnits === 0 ? StreamKind.DATA : StreamKind.NAMED;
    let name = '';
    if (kind === StreamKind.NAMED) {
      // By far the most frequent name on a volume of Windows.
      name = isNamed(cursor, view, WOF_STREAM_NAME)
        ? WOF_STREAM_NAME
        : textAt(view, cursor.nameAt, cursor.nameUnits);
    }
    if (cursor.resident) {
      columns.addStream(record, kind, name, cursor.valueLength, Place.RECORD);
      return;
    }
    const { clusterSize, clusters } = this.geometry;
    readSizes(sizes, cursor, view, clusterSize, device);
    let place: number = Place.RECORD;
    const lcn = oneRun(view, cursor.at, cursor.length, clusters, Math.ceil(sizes.size / clusterSize));
    const isPlain =
      sizes.unit === 0 && sizes.validSize === sizes.size && (cursor.flags & AttributeFlag.ENCRYPTED) === 0;
    if (lcn >= 0) {
      if (isPlain && lcn < Place.RECORD) place = lcn;
    } else {
      const runs = new RunList(clusters);
      addRuns(runs, cursor, view, device);
      checkCovered(runs, sizes, clusterSize, device);
      if (isPlain && runs.lcns.length === 1 && runs.lcns[0] !== HOLE && runs.lcns[0] < Place.RECORD)
        place = runs.lcns[0];
    }
    columns.addStream(record, kind, name, sizes.size, place);
  }
}

/**
 * First cluster of a run list that is one run, inside the volume and long enough, as most are; -1 for any other, which is
 * looked at in full.
 */
function oneRun(view: DataView, at: number, length: number, clusters: number, needed: number): number {
  const start = at + view.getUint16(at + RUN_LIST_OFFSET, true);
  const end = at + length;
  if (start < at + NonResidentAttribute.size || start >= end) return -1;
  const header = view.getUint8(start);
  const lengthSize = header & 15;
  const offsetSize = header >> 4;
  if (lengthSize === 0 || lengthSize > 4 || offsetSize === 0 || offsetSize > 4) return -1;
  const next = start + 1 + lengthSize + offsetSize;
  if (next >= end || view.getUint8(next) !== 0) return -1;
  let run = view.getInt8(start + lengthSize);
  for (let i = lengthSize - 1; i > 0; i--) run = run * 256 + view.getUint8(start + i);
  let lcn = view.getInt8(next - 1);
  for (let i = next - 2; i > start + lengthSize; i--) lcn = lcn * 256 + view.getUint8(i);
  const coversItself =
    view.getUint32(at + LOWEST_VCN, true) === 0 &&
    view.getUint32(at + LOWEST_VCN + 4, true) === 0 &&
    view.getUint32(at + HIGHEST_VCN, true) === run - 1 &&
    view.getUint32(at + HIGHEST_VCN + 4, true) === 0;
  return coversItself && run >= needed && lcn >= 0 && lcn + run <= clusters ? lcn : -1;
}

/** @param start, length of the value in `view`, at least 0x30 bytes */
export function takeStandardInformation(
  columns: ScanColumns,
  record: number,
  view: DataView,
  start: number,
  length: number,
): void {
  const { times } = columns;
  const row = record * 6;
  const creation = start + INFORMATION.creationTime.offset;
  const access = start + INFORMATION.lastAccessTime.offset;
  const write = start + INFORMATION.lastWriteTime.offset;
  times[row] = view.getUint32(creation, true);
  times[row + 1] = view.getUint32(creation + 4, true);
  times[row + 2] = view.getUint32(access, true);
  times[row + 3] = view.getUint32(access + 4, true);
  times[row + 4] = view.getUint32(write, true);
  times[row + 5] = view.getUint32(write + 4, true);
  // Some drivers put the marks of $FILE_NAME here, too, which no program may set on a file.
  let attributes = view.getUint32(start + INFORMATION.attributes.offset, true) & ~INDEX_MARKS;
  // The record says what is a directory; of a file without any attribute Windows says NORMAL.
  if (columns.isDirectory[record] === 1) attributes |= FileAttribute.DIRECTORY;
  else attributes &= ~FileAttribute.DIRECTORY;
  if (
    columns.isDirectory[record] === 1 &&
    (view.getUint32(start + INFORMATION.version.offset, true) & 1) !== 0
  )
    columns.extras.caseSensitive.add(record);
  columns.attributes[record] = attributes === 0 ? FileAttribute.NORMAL : attributes;
  columns.securityId[record] =
    length >= StandardInformation.size ? view.getUint32(start + INFORMATION.securityId.offset, true) : 0;
}

/** @param start, length of the value in `view`, at least 0x42 bytes */
export function takeFileName(
  columns: ScanColumns,
  record: number,
  view: DataView,
  start: number,
  length: number,
  device: number,
): void {
  const units = view.getUint8(start + FileName.fields.nameLength.offset);
  const name = start + FileName.size;
  if (units === 0 || FileName.size + 2 * units > length) {
    throw new FormatError(
      {
        structure: '$FILE_NAME',
        field: 'nameLength',
        offset: device + start,
        problem: `${units} units in ${length} bytes`,
      },
      'volume/malformed',
    );
  }
  const low = view.getUint32(start, true);
  const high = view.getUint16(start + 4, true);
  const parent = high === 0 ? low : 0xffffffff;
  const sequence = view.getUint16(start + 6, true);
  const space = view.getUint8(start + FileName.fields.nameSpace.offset);
  columns.addLink(record, parent, sequence, space, view, name, units);
}

interface ResidentCursor {
  readonly resident: boolean;
  readonly at: number;
  readonly valueAt: number;
  readonly valueLength: number;
}

/** Start of a resident value of at least so many bytes. */
function requireValue(cursor: ResidentCursor, size: number, device: number): number {
  if (requireResident(cursor, device) < size) {
    throw new FormatError(
      {
        structure: 'attribute',
        field: 'valueLength',
        offset: device + cursor.at,
        problem: `${cursor.valueLength} bytes, at least ${size} must be there`,
      },
      'volume/malformed',
    );
  }
  return cursor.valueAt;
}

function requireResident(cursor: ResidentCursor, device: number): number {
  if (cursor.resident) return cursor.valueLength;
  throw new FormatError(
    {
      structure: 'attribute',
      field: 'nonResident',
      offset: device + cursor.at,
      problem: 'it must be resident',
    },
    'volume/malformed',
  );
}

function copyValue(view: DataView, start: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + start, length).slice();
}
