import { FormatError } from '../../../../src-shared/errors/appError';
import { AttributeType, NonResidentAttribute, ResidentAttribute } from '../records/attribute';

/** A position in a record's attributes. Set by {@link nextAttribute}; offsets are in the record's own view. */
export interface AttributeCursor {
  /** Start of the attribute. */
  at: number;
  /** Bytes of it. */
  length: number;
  type: number;
  resident: boolean;
  nameAt: number;
  nameUnits: number;
  flags: number;
  id: number;
  /** Resident: start and bytes of the value. */
  valueAt: number;
  valueLength: number;
}

export function newCursor(): AttributeCursor {
  return {
    at: 0,
    length: 0,
    type: 0,
    resident: true,
    nameAt: 0,
    nameUnits: 0,
    flags: 0,
    id: 0,
    valueAt: 0,
    valueLength: 0,
  };
}

const { fields } = ResidentAttribute;
const LENGTH = fields.length.offset;
const NON_RESIDENT = fields.nonResident.offset;
const NAME_LENGTH = fields.nameLength.offset;
const NAME_OFFSET = fields.nameOffset.offset;
const FLAGS = fields.flags.offset;
const ID = fields.id.offset;
const VALUE_LENGTH = fields.valueLength.offset;
const VALUE_OFFSET = fields.valueOffset.offset;
const RESIDENT_HEADER = ResidentAttribute.size;
const NON_RESIDENT_HEADER = NonResidentAttribute.size;

/** Puts a cursor before the first attribute of a record whose header is checked. */
export function firstAttribute(cursor: AttributeCursor, attributesAt: number): void {
  cursor.at = attributesAt;
  cursor.length = 0;
}

/**
 * Moves to the next attribute and checks that it, its name and a resident value lie inside the record.
 * @param end of the bytes in use of the record, in `view`
 * @param device offset on the device of `view`'s first byte, for errors
 * @returns false at the end mark
 * @throws FormatError `volume/malformed`
 */
export function nextAttribute(cursor: AttributeCursor, view: DataView, end: number, device: number): boolean {
  const at = cursor.at + cursor.length;
  if (at + 4 > end) throw malformed(device + at, 'type', 'the attributes have no end mark');
  const type = view.getUint32(at, true);
  if (type === AttributeType.END) return false;
  if (at + RESIDENT_HEADER > end) throw malformed(device + at, 'type', 'it does not fit in its record');
  const length = view.getUint32(at + LENGTH, true);
  if (length < RESIDENT_HEADER || length % 8 !== 0 || at + length > end)
    throw malformed(device + at + LENGTH, 'length', `${length} bytes are impossible here`);
  const resident = view.getUint8(at + NON_RESIDENT) === 0;
  const nameUnits = view.getUint8(at + NAME_LENGTH);
  const nameAt = at + view.getUint16(at + NAME_OFFSET, true);
  if (nameUnits > 0 && nameAt + 2 * nameUnits > at + length)
    throw malformed(device + at + NAME_OFFSET, 'nameOffset', 'its name lies outside');
  cursor.at = at;
  cursor.length = length;
  cursor.type = type;
  cursor.resident = resident;
  cursor.nameAt = nameAt;
  cursor.nameUnits = nameUnits;
  cursor.flags = view.getUint16(at + FLAGS, true);
  cursor.id = view.getUint16(at + ID, true);
  if (resident) {
    cursor.valueLength = view.getUint32(at + VALUE_LENGTH, true);
    cursor.valueAt = at + view.getUint16(at + VALUE_OFFSET, true);
    if (cursor.valueAt + cursor.valueLength > at + length)
      throw malformed(
        device + at + VALUE_LENGTH,
        'valueLength',
        `its value of ${cursor.valueLength} bytes lies outside`,
      );
  } else if (length < NON_RESIDENT_HEADER) {
    throw malformed(
      device + at + LENGTH,
      'length',
      `${length} bytes are too few for a non-resident attribute`,
    );
  }
  return true;
}

/** Whether the attribute under a cursor has that name; makes no string. */
export function isNamed(cursor: AttributeCursor, view: DataView, name: string): boolean {
  if (cursor.nameUnits !== name.length) return false;
  for (let i = 0; i < name.length; i++)
    if (view.getUint16(cursor.nameAt + 2 * i, true) !== name.charCodeAt(i)) return false;
  return true;
}

/** Text of UTF-16 units in memory. */
export function textAt(view: DataView, start: number, units: number): string {
  let text = '';
  for (let i = 0; i < units; i++) text += String.fromCharCode(view.getUint16(start + 2 * i, true));
  return text;
}

/**
 * A 64-bit size as a number.
 * @throws FormatError `volume/malformed` when it is negative or above 2 to the power of 53
 */
export function sizeAt(view: DataView, at: number, device: number, field: string): number {
  const value = view.getInt32(at + 4, true) * 4294967296 + view.getUint32(at, true);
  if (value < 0 || value > Number.MAX_SAFE_INTEGER)
    throw malformed(device + at, field, `${value} is impossible`);
  return value;
}

function malformed(offset: number, field: string, problem: string): FormatError {
  return new FormatError({ structure: 'attribute', field, offset, problem }, 'volume/malformed');
}
