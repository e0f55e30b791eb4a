import { FormatError } from '../../../../src-shared/errors/appError';
import { BAD_MAGIC, FILE_MAGIC, FileRecordFlag, FileRecordHeader } from '../records/fileRecord';
import { undoSequence } from './sequenceNumbers';

/** What the header of a record says. One object serves many records: offsets are in the view they were read from. */
export interface RecordHeader {
  sequence: number;
  flags: number;
  /** First attribute. */
  attributesAt: number;
  /** End of the bytes in use. */
  end: number;
  /** Record number of the base record, and the sequence number of it; -1 in a base record. */
  base: number;
  baseSequence: number;
}

export function newRecordHeader(): RecordHeader {
  return { sequence: 0, flags: 0, attributesAt: 0, end: 0, base: -1, baseSequence: 0 };
}

const { fields } = FileRecordHeader;
const FLAGS = fields.flags.offset;
const SEQUENCE_OFFSET = fields.sequenceOffset.offset;
const SEQUENCE_COUNT = fields.sequenceCount.offset;
const BYTES_IN_USE = fields.bytesInUse.offset;
const ATTRIBUTES_OFFSET = fields.attributesOffset.offset;
const SEQUENCE = fields.sequence.offset;
const BASE_RECORD = fields.baseRecord.offset;
/** Volumes of NTFS 1.2 have no record number at the end of the header. */
const SMALLEST_HEADER = fields.nextAttributeId.offset;

/**
 * Reads a record's header into `header`, and makes the record whole.
 * @param start of the record in `view`
 * @param device offset of the record on the device, for errors
 * @returns false for a record that is not in use, which is left as it is
 * @throws FormatError `volume/malformed`
 */
export function readRecordHeader(
  header: RecordHeader,
  view: DataView,
  start: number,
  size: number,
  device: number,
): boolean {
  const magic = view.getUint32(start, true);
  if (magic !== FILE_MAGIC) {
    // Room that was never used is zeroes, or whatever was there before.
    if (magic !== BAD_MAGIC) return false;
    throw malformed(device, 'magic', 'a check of the disk marked it as torn');
  }
  const flags = view.getUint16(start + FLAGS, true);
  if ((flags & FileRecordFlag.IN_USE) === 0) return false;
  undoSequence(
    view,
    start,
    size,
    view.getUint16(start + SEQUENCE_OFFSET, true),
    view.getUint16(start + SEQUENCE_COUNT, true),
    'file record',
    device,
  );
  const inUse = view.getUint32(start + BYTES_IN_USE, true);
  const attributes = view.getUint16(start + ATTRIBUTES_OFFSET, true);
  if (inUse > size) throw malformed(device + BYTES_IN_USE, 'bytesInUse', `${inUse} of ${size}`);
  if (attributes % 8 !== 0 || attributes < SMALLEST_HEADER || attributes + 4 > inUse)
    throw malformed(device + ATTRIBUTES_OFFSET, 'attributesOffset', `${attributes} is impossible`);
  header.sequence = view.getUint16(start + SEQUENCE, true);
  header.flags = flags;
  header.attributesAt = start + attributes;
  header.end = start + inUse;
  const low = view.getUint32(start + BASE_RECORD, true);
  const high = view.getUint16(start + BASE_RECORD + 4, true);
  header.baseSequence = view.getUint16(start + BASE_RECORD + 6, true);
  header.base = low === 0 && high === 0 && header.baseSequence === 0 ? -1 : high * 4294967296 + low;
  return true;
}

function malformed(offset: number, field: string, problem: string): FormatError {
  return new FormatError({ structure: 'file record', field, offset, problem }, 'volume/malformed');
}
