/*
 * Whether bytes are text a person can read, and which: a byte order mark decides; then UTF-8; then UTF-16 without a
 * mark, told by its zero bytes; then Windows-1252, which the field's scripts and logs are often in.
 */

/** Control characters that text has: tab, line ends, form feed, escape (of terminals), Ctrl-Z (the end, in DOS). */
const textControls = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d, 0x1a, 0x1b]);
/** Part of the characters that may be others before it is no text. */
const TOLERANCE = 0.01;
/** Part of every second byte that is zero in UTF-16 of a Latin script. */
const WIDE = 0.6;

/**
 * The text of a file's beginning.
 * @param cut more follows: a character may be cut off at the end
 * @returns undefined when it is not text
 */
export function textOf(bytes: Uint8Array, cut: boolean): string | undefined {
  if (bytes.length === 0) return '';
  const marked = byMark(bytes, cut);
  if (marked !== undefined) return readable(marked);
  const utf8 = decode('utf-8', bytes, cut);
  if (readable(utf8) !== undefined) return utf8;
  const order = wideOrder(bytes);
  const wide = order === undefined ? undefined : readable(decode(order, bytes, cut));
  // What is UTF-8 with control characters in it is no text in another encoding.
  return wide ?? (utf8 === undefined ? readable(windows1252(bytes)) : undefined);
}

function byMark(bytes: Uint8Array, cut: boolean): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decode('utf-16le', bytes, cut);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decode('utf-16be', bytes, cut);
  return undefined;
}

function decode(encoding: string, bytes: Uint8Array, cut: boolean): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: cut });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Characters 0x80 to 0x9f; those that are none stay control characters. TextDecoders of Node take all for such. */
const specials = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function windows1252(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte >> 5 === 4 ? specials[byte - 0x80] : String.fromCharCode(byte);
  return text;
}

/** Text as it is, unless it has more control characters than text has. */
function readable(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  let strange = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0) return undefined;
    if ((unit < 0x20 && !textControls.has(unit)) || unit === 0x7f || (unit >= 0x80 && unit < 0xa0))
      strange += 1;
  }
  return strange <= text.length * TOLERANCE ? text : undefined;
}

/** The byte order of UTF-16 without a mark; undefined when it does not look like any. */
function wideOrder(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const pairs = bytes.length >> 1;
  if (pairs < 2) return undefined;
  let low = 0;
  let high = 0;
  for (let i = 0; i < pairs * 2; i += 2) {
    if (bytes[i] === 0) low += 1;
    if (bytes[i + 1] === 0) high += 1;
  }
  if (high >= pairs * WIDE && low < pairs * (1 - WIDE)) return 'utf-16le';
  if (low >= pairs * WIDE && high < pairs * (1 - WIDE)) return 'utf-16be';
  return undefined;
}
