import { FormatError } from '../../../../src-shared/errors/appError';

/** Bytes of an entry of $EA before its name. */
const EA_HEADER = 8;
/** The same in a WIM. */
const WIM_EA_HEADER = 4;

/**
 * Extended attributes as a WIM has them: u16 length of the value, u8 length of the name, u8 flags, the name and a NUL, the
 * value; one behind the other, without padding.
 * @param value $EA
 * @throws FormatError `volume/malformed`
 */
export function wimExtendedAttributes(value: Uint8Array): Uint8Array {
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  const packed = new Uint8Array(value.length);
  const target = new DataView(packed.buffer);
  let end = 0;
  for (let at = 0; at + EA_HEADER < value.length;) {
    const next = view.getUint32(at, true);
    const nameLength = view.getUint8(at + 5);
    const valueLength = view.getUint16(at + 6, true);
    const size = EA_HEADER + nameLength + 1 + valueLength;
    if (nameLength === 0 || at + size > value.length || (next !== 0 && next < size)) {
      throw new FormatError(
        {
          structure: '$EA entry',
          offset: at,
          problem: `a name of ${nameLength} and a value of ${valueLength} bytes do not fit`,
        },
        'volume/malformed',
      );
    }
    target.setUint16(end, valueLength, true);
    target.setUint8(end + 2, nameLength);
    target.setUint8(end + 3, view.getUint8(at + 4));
    packed.set(value.subarray(at + EA_HEADER, at + size), end + WIM_EA_HEADER);
    end += WIM_EA_HEADER + nameLength + 1 + valueLength;
    if (next === 0) break;
    at += next;
  }
  return packed.slice(0, end);
}
