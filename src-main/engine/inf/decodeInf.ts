import iconv from 'iconv-lite';
import { codePageOf, WESTERN } from './codePages';
import { type InfRemarks } from './remarks';

/** How an INF's bytes are its text; a code page by its name. */
export type InfEncoding =
  'ascii' | 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be' | `windows-${string}` | `cp${string}`;

export interface DecodedInf {
  readonly text: string;
  readonly encoding: InfEncoding;
}

/** Lines with bytes outside ASCII that are named one by one. */
const MOST_LINES = 8;
/** As much of a file without a mark tells whether it is UTF-16. */
const PROBE = 512;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const utf8 = new TextDecoder('utf-8');
const utf16le = new TextDecoder('utf-16le');
const utf16be = new TextDecoder('utf-16be');

/**
 * Reads an INF's bytes as text. The rules, in this order:
 *
 * 1. a byte order mark tells UTF-16LE, UTF-16BE or UTF-8;
 * 2. without one, zero bytes in every other place of the file's beginning tell UTF-16;
 * 3. what is valid UTF-8 (or ASCII) is that;
 * 4. everything else is in a code page, and Windows would take that of the PC that it runs on. Here it is the one of
 *    the first [Strings.LanguageId] section that holds a byte outside ASCII; else of the only code page that all such
 *    sections of the file have; else windows-1252. Lines with such bytes are told.
 */
export function decodeInf(bytes: Uint8Array, remarks: InfRemarks): DecodedInf {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeUtf16(bytes, 'utf-16le', remarks);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeUtf16(bytes, 'utf-16be', remarks);
  const unmarked = unmarkedUtf16(bytes);
  if (unmarked !== undefined) return decodeUtf16(bytes, unmarked, remarks);
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const text = decodeStrictly(bytes);
  if (text !== undefined) {
    const encoding = marked ? 'utf-8-bom' : text.length === bytes.length ? 'ascii' : 'utf-8';
    return { text, encoding };
  }
  if (marked) {
    tellStrayBytes(bytes, remarks, 'is no UTF-8, though the file says that it is', validUtf8Line);
    return { text: utf8.decode(bytes), encoding: 'utf-8-bom' };
  }
  const encoding = guessCodePage(bytes);
  tellStrayBytes(bytes, remarks, `is no UTF-8, and is read as ${encoding}`, asciiLine);
  return { text: iconv.decode(bytes, encoding), encoding: encoding as InfEncoding };
}

function decodeUtf16(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be', remarks: InfRemarks): DecodedInf {
  if (bytes.length % 2 === 1) remarks.warning('the file ends within a UTF-16 character');
  const even = bytes.length % 2 === 1 ? bytes.subarray(0, -1) : bytes;
  return { text: (encoding === 'utf-16le' ? utf16le : utf16be).decode(even), encoding };
}

function unmarkedUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const length = Math.min(bytes.length, PROBE) & ~1;
  if (length < 4) return undefined;
  const zeroes = [0, 0];
  for (let at = 0; at < length; at++) if (bytes[at] === 0) zeroes[at % 2]++;
  if (zeroes[0] + zeroes[1] < length / 4) return undefined;
  return zeroes[1] > zeroes[0] ? 'utf-16le' : 'utf-16be';
}

function decodeStrictly(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch (error) {
    // The decoder's way to say that it is no UTF-8.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

const languageSection = /^[ \t]*\[[ \t]*strings\.([0-9a-f]{4})[ \t]*\]/i;

/** Code page of bytes that are no UTF-8: see {@link decodeInf}, 4. */
function guessCodePage(bytes: Uint8Array): string {
  const pages = new Set<string>();
  let current: string | undefined;
  for (const { start, end } of lines(bytes)) {
    if (firstVisible(bytes, start, end) === 0x5b) {
      const header = languageSection.exec(latin1(bytes, start, Math.min(end, start + 80)));
      current = header === null ? undefined : codePageOf(Number.parseInt(header[1], 16));
      if (current !== undefined) pages.add(current);
    }
    if (current !== undefined && !asciiLine(bytes, start, end)) return current;
  }
  return pages.size === 1 ? [...pages][0] : WESTERN;
}

function* lines(bytes: Uint8Array): Generator<{ start: number; end: number; line: number }> {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const found = bytes.indexOf(0x0a, start);
    const end = found < 0 ? bytes.length : found;
    yield { start, end, line };
    start = end + 1;
  }
}

function firstVisible(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) if (bytes[at] > 0x20) return bytes[at];
  return 0;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}

function asciiLine(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] >= 0x80) return false;
  return true;
}

function validUtf8Line(bytes: Uint8Array, start: number, end: number): boolean {
  return asciiLine(bytes, start, end) || decodeStrictly(bytes.subarray(start, end)) !== undefined;
}

function tellStrayBytes(
  bytes: Uint8Array,
  remarks: InfRemarks,
  what: string,
  isFine: (bytes: Uint8Array, start: number, end: number) => boolean,
): void {
  let count = 0;
  for (const { start, end, line } of lines(bytes)) {
    if (isFine(bytes, start, end)) continue;
    if (++count > MOST_LINES) {
      remarks.note('more lines have such bytes', line);
      return;
    }
    const stray = bytes.subarray(start, end).find((byte) => byte >= 0x80) ?? 0;
    remarks.note(`the byte 0x${stray.toString(16)} ${what}`, line);
  }
}
