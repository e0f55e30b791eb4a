/** A text whose every byte comes back: nothing is decoded but the width of its units. */
export interface LosslessText {
  /** 'bytes': UTF-8, ASCII or any code page that keeps ASCII, one character for each byte. */
  readonly units: 'bytes' | 'utf-16le' | 'utf-16be';
  /** Without the byte order mark. Of 'bytes', characters above U+007F are bytes and no characters. */
  readonly text: string;
  readonly mark: Uint8Array;
}

const MARKS = [
  { units: 'bytes', mark: Uint8Array.of(0xef, 0xbb, 0xbf) },
  { units: 'utf-16le', mark: Uint8Array.of(0xff, 0xfe) },
  { units: 'utf-16be', mark: Uint8Array.of(0xfe, 0xff) },
] as const;

/** Characters turned into a string at once: more would overflow the stack of some engines. */
const CHUNK = 8192;

/** Reads bytes as text so that {@link writeLossless} gives the same bytes. */
export function readLossless(bytes: Uint8Array): LosslessText {
  const found = MARKS.find(({ mark }) => mark.every((byte, i) => bytes[i] === byte));
  // Half a character at the end would be lost: such a file is no UTF-16, whatever its mark says.
  const marked = found !== undefined && found.units !== 'bytes' && bytes.length % 2 !== 0 ? undefined : found;
  const units = marked?.units ?? unmarkedUnits(bytes);
  const mark = marked?.mark ?? new Uint8Array(0);
  return { units, mark, text: unitsToText(bytes.subarray(mark.length), units) };
}

/** The bytes of a text in the units, and with the mark, of another. */
export function writeLossless(
  like: Pick<LosslessText, 'units' | 'mark'>,
  text: string,
): Uint8Array<ArrayBuffer> {
  const width = like.units === 'bytes' ? 1 : 2;
  const bytes = new Uint8Array(like.mark.length + text.length * width);
  bytes.set(like.mark);
  const view = new DataView(bytes.buffer, like.mark.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (width === 1) view.setUint8(i, unit);
    else view.setUint16(i * 2, unit, like.units === 'utf-16le');
  }
  return bytes;
}

/** Text of ASCII and other characters as units of a file: UTF-8's bytes where units are bytes. */
export function toUnits(units: LosslessText['units'], text: string): string {
  return units === 'bytes' ? unitsToText(new TextEncoder().encode(text), 'bytes') : text;
}

/** The reverse of {@link toUnits}; what is no UTF-8 stays a character for each byte. */
export function fromUnits(units: LosslessText['units'], text: string): string {
  if (units !== 'bytes') return text;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Uint8Array.from(text, (character) => character.charCodeAt(0)),
    );
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return text;
  }
}

/** UTF-16 without a mark, as XML allows: the first character is a '<'. */
function unmarkedUnits(bytes: Uint8Array): LosslessText['units'] {
  if (bytes.length % 2 !== 0 || bytes.length < 4) return 'bytes';
  if (bytes[0] === 0x3c && bytes[1] === 0 && bytes[3] === 0) return 'utf-16le';
  return bytes[0] === 0 && bytes[1] === 0x3c && bytes[2] === 0 ? 'utf-16be' : 'bytes';
}

function unitsToText(bytes: Uint8Array, units: LosslessText['units']): string {
  const width = units === 'bytes' ? 1 : 2;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = Math.floor(bytes.length / width);
  const chunk: number[] = [];
  let text = '';
  for (let i = 0; i < count; i++) {
    chunk.push(width === 1 ? view.getUint8(i) : view.getUint16(i * 2, units === 'utf-16le'));
    if (chunk.length === CHUNK) text += String.fromCharCode(...chunk.splice(0));
  }
  return text + String.fromCharCode(...chunk);
}
