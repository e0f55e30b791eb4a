import { FormatError } from '../../../../src-shared/errors/appError';

const BYTE_ORDER_MARK = 0xfeff;
/** String.fromCharCode takes its code units as arguments, and those go on the stack. */
const UNITS_PER_CALL = 8192;

/**
 * Decodes UTF-16LE, with or without byte order mark; zero padding at the end is dropped. Code units are taken as they
 * are: an unpaired surrogate in a file's XML data stays what it is.
 */
export function decodeUtf16(bytes: Uint8Array, structure: string): string {
  if (bytes.length % 2 !== 0) {
    throw new FormatError({
      structure,
      offset: bytes.length - 1,
      problem: 'UTF-16 text ends within a character',
    });
  }
  const units = new Uint16Array(bytes.length / 2);
  for (let i = 0; i < units.length; i++) units[i] = bytes[2 * i] | (bytes[2 * i + 1] << 8);
  if (units[0] === 0xfffe) {
    throw new FormatError({ structure, offset: 0, problem: 'text is big-endian; a WIM has UTF-16LE' });
  }
  const start = units[0] === BYTE_ORDER_MARK ? 1 : 0;
  let end = units.length;
  while (end > start && units[end - 1] === 0) end--;
  let text = '';
  for (let at = start; at < end; at += UNITS_PER_CALL) {
    text += String.fromCharCode(...units.subarray(at, Math.min(end, at + UNITS_PER_CALL)));
  }
  return text;
}

/** Encodes UTF-16LE with byte order mark, which WIMGAPI requires. */
export function encodeUtf16(text: string): Uint8Array {
  const bytes = new Uint8Array(2 + 2 * text.length);
  bytes[0] = BYTE_ORDER_MARK & 0xff;
  bytes[1] = BYTE_ORDER_MARK >> 8;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[2 + 2 * i] = unit & 0xff;
    bytes[3 + 2 * i] = unit >> 8;
  }
  return bytes;
}
