import iconv from 'iconv-lite';
import { FormatError } from '../../../src-shared/errors/appError';
import { readExactly, type ByteSource } from '../binary/byteSource';
import { crc32 } from '../binary/crc32';
import { CentralHeader, EndRecord, Zip64End, Zip64Locator, ZipFlag } from './zipRecords';

/** Longest comment behind the end record. */
const LONGEST_COMMENT = 0xffff;
/** A central directory that is larger is not read: some millions of files. */
const LARGEST_DIRECTORY = 512 << 20;
/** Extra fields: sizes and offsets of 64 bits; Info-ZIP's name in UTF-8. */
const ZIP64_FIELD = 0x0001;
const UNICODE_PATH_FIELD = 0x7075;
const UNIX = 3;
const ALL_ONES = 0xffffffff;

/** A file of a zip as its central directory has it. */
export interface ZipEntry {
  /** As stored, '/' or '\\' between names, at the end of a directory. */
  readonly name: string;
  /** The bytes of the name, which the local header repeats. */
  readonly rawName: Uint8Array;
  readonly kind: 'file' | 'directory' | 'link';
  readonly size: number;
  readonly compressedSize: number;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  /** Offset of the local header in the file. */
  readonly localOffset: number;
}

/**
 * Reads the central directory of a zip.
 * @returns in the order in which the files' data lie
 * @throws FormatError `archive/malformed`, also when files lie over each other; `archive/unsupported` for a part of a set
 */
export function readZipDirectory(source: ByteSource): readonly ZipEntry[] {
  const end = findEnd(source);
  const { offset, size, shift } = end;
  if (size > LARGEST_DIRECTORY || size < end.entries * CentralHeader.size) {
    fail(offset, `${end.entries} files in ${size} bytes`);
  }
  const bytes = readExactly(source, offset, size, 'zip central directory', 'archive/malformed');
  const entries: ZipEntry[] = [];
  for (let at = 0, i = 0; i < end.entries; i++) {
    const header = CentralHeader.parse(bytes.subarray(at), offset + at);
    const nameAt = at + CentralHeader.size;
    const extraAt = nameAt + header.nameLength;
    const next = extraAt + header.extraLength + header.commentLength;
    if (next > bytes.length) fail(offset + at, 'an entry reaches past the directory');
    const rawName = bytes.subarray(nameAt, extraAt);
    const extra = bytes.subarray(extraAt, extraAt + header.extraLength);
    entries.push(entryOf(header, rawName, extra, shift, offset + at));
    at = next;
  }
  entries.sort((a, b) => a.localOffset - b.localOffset);
  // Files over each other make a small zip expand to any size.
  for (let i = 0; i < entries.length; i++) {
    const { localOffset, rawName, compressedSize } = entries[i];
    const least = localOffset + 30 + rawName.length + compressedSize;
    const limit = i + 1 < entries.length ? entries[i + 1].localOffset : offset;
    if (least > limit) fail(localOffset, 'the data of files overlap each other or the directory');
  }
  return entries;
}

interface DirectoryPlace {
  readonly offset: number;
  readonly size: number;
  readonly entries: number;
  /** Bytes in front of the zip, which its offsets do not count. */
  readonly shift: number;
}

function findEnd(source: ByteSource): DirectoryPlace {
  const length = Math.min(source.size, EndRecord.size + LONGEST_COMMENT);
  const from = source.size - length;
  const tail = readExactly(source, from, length, 'zip end of central directory', 'archive/malformed');
  for (let at = length - EndRecord.size; at >= 0; at--) {
    if (tail[at] !== 0x50 || tail[at + 1] !== 0x4b || tail[at + 2] !== 5 || tail[at + 3] !== 6) continue;
    const end = EndRecord.parse(tail.subarray(at), from + at);
    if (at + EndRecord.size + end.commentLength > length) continue;
    const zip64 = findZip64(source, from + at);
    if (zip64 !== undefined) return zip64;
    if (end.disk !== 0 || end.directoryDisk !== 0 || end.entriesHere !== end.entries) inSet(from + at);
    const { directorySize, directoryOffset, entries } = end;
    return placed(from + at, directoryOffset, directorySize, entries);
  }
  return fail(from, 'it is neither a cabinet nor a zip, or it is cut off');
}

/** @param endAt offset of the end record, in front of which the locator would be */
function findZip64(source: ByteSource, endAt: number): DirectoryPlace | undefined {
  const locatorAt = endAt - Zip64Locator.size;
  if (locatorAt < 0) return undefined;
  const bytes = readExactly(source, locatorAt, Zip64Locator.size, 'zip64 end locator', 'archive/malformed');
  if (new DataView(bytes.buffer).getUint32(0, true) !== 0x07064b50) return undefined;
  const locator = Zip64Locator.parse(bytes, locatorAt);
  if (locator.disks > 1) inSet(locatorAt);
  // Bytes in front of the zip move the record; it ends where its locator begins unless it is extended.
  for (const at of [Number(locator.offset), locatorAt - Zip64End.size]) {
    if (at < 0 || at + Zip64End.size > locatorAt) continue;
    const record = readExactly(source, at, Zip64End.size, 'zip64 end', 'archive/malformed');
    if (new DataView(record.buffer).getUint32(0, true) !== 0x06064b50) continue;
    const end = Zip64End.parse(record, at);
    if (end.disk !== 0 || end.directoryDisk !== 0 || end.entriesHere !== end.entries) inSet(at);
    return placed(at, Number(end.directoryOffset), Number(end.directorySize), Number(end.entries));
  }
  return fail(locatorAt, 'the zip64 end record is not where its locator says');
}

/** The directory lies right in front of its end, whatever lies in front of the zip. */
function placed(endAt: number, offset: number, size: number, entries: number): DirectoryPlace {
  const at = endAt - size;
  if (!Number.isSafeInteger(offset + size) || at < 0 || at < offset) {
    fail(endAt, `a directory of ${size} bytes at ${offset} does not lie in front of its end`);
  }
  return { offset: at, size, entries, shift: at - offset };
}

function entryOf(
  header: CentralHeader,
  rawName: Uint8Array,
  extra: Uint8Array,
  shift: number,
  offset: number,
): ZipEntry {
  if (header.disk !== 0 && header.disk !== 0xffff) inSet(offset);
  const { size, compressedSize, localOffset } = wideFields(header, extra, offset);
  const flags = header.flags;
  const name = nameOf(rawName, (flags & ZipFlag.UTF8) !== 0, extra);
  const mode = header.versionMadeBy >>> 8 === UNIX ? (header.externalAttributes >>> 16) & 0xf000 : 0;
  const kind =
    mode !== 0 && mode !== 0x8000 && mode !== 0x4000 ? 'link' : /[/\\]$/.test(name) ? 'directory' : 'file';
  const encrypted = (flags & (ZipFlag.ENCRYPTED | ZipFlag.STRONG_ENCRYPTION | ZipFlag.MASKED)) !== 0;
  const { method, crc } = header;
  return {
    name,
    rawName,
    kind,
    size,
    compressedSize,
    method,
    encrypted,
    crc,
    localOffset: localOffset + shift,
  };
}

/** Sizes and offset, those that are all ones from the zip64 field, where they come in this order. */
function wideFields(
  header: CentralHeader,
  extra: Uint8Array,
  offset: number,
): { size: number; compressedSize: number; localOffset: number } {
  const field = extraField(extra, ZIP64_FIELD);
  let at = 0;
  const wide = (narrow: number): number => {
    if (narrow !== ALL_ONES || field === undefined) return narrow;
    if (at + 8 > field.length) return fail(offset, 'the zip64 field is too short');
    const value = Number(new DataView(field.buffer, field.byteOffset).getBigUint64(at, true));
    at += 8;
    return Number.isSafeInteger(value) ? value : fail(offset, `${value} is no size`);
  };
  return {
    size: wide(header.size),
    compressedSize: wide(header.compressedSize),
    localOffset: wide(header.localOffset),
  };
}

function extraField(extra: Uint8Array, wanted: number): Uint8Array | undefined {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.length);
  for (let at = 0; at + 4 <= extra.length;) {
    const length = view.getUint16(at + 2, true);
    if (at + 4 + length > extra.length) return undefined;
    if (view.getUint16(at, true) === wanted) return extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return undefined;
}

/** Names are UTF-8 where they say so or are; else of the code page of MS-DOS. */
function nameOf(raw: Uint8Array, utf8: boolean, extra: Uint8Array): string {
  const field = extraField(extra, UNICODE_PATH_FIELD);
  if (!utf8 && field !== undefined && field.length > 5 && field[0] === 1) {
    const crc = new DataView(field.buffer, field.byteOffset).getUint32(1, true);
    const name = utf8Text(field.subarray(5));
    if (crc === crc32(raw) && name !== undefined) return name;
  }
  return utf8Text(raw) ?? iconv.decode(raw, 'cp437');
}

/** Text of UTF-8; undefined where it is none. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  const text = iconv.decode(bytes, 'utf8', { stripBOM: false });
  return text.includes('\ufffd') ? undefined : text;
}

function inSet(offset: number): never {
  throw new FormatError(
    { structure: 'zip', offset, problem: 'it is one part of a zip that is split into several files' },
    'archive/unsupported',
  );
}

function fail(offset: number, problem: string): never {
  throw new FormatError({ structure: 'zip', offset, problem }, 'archive/malformed');
}
