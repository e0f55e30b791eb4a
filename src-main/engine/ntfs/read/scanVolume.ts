import { CancelledError, FormatError } from '../../../../src-shared/errors/appError';
import { StreamKind } from '../../tree/tree';
import { AttributeFlag, AttributeType } from '../records/attribute';
import { FileName } from '../records/fileName';
import {
  FILE_MAGIC,
  FIRST_FREE_RECORD,
  FIRST_USER_RECORD,
  FileRecordFlag,
  SystemFile,
} from '../records/fileRecord';
import type { AttributeValue } from './attributeValue';
import { ExtensionRecords } from './extensionRecords';
import { readContents, type ContentsSource } from './fileContents';
import { RecordBitmap } from './recordBitmap';
import { newRecordHeader, readRecordHeader } from './recordHeader';
import { takeReparsePoint } from './reparseValue';
import { HOLE } from './runList';
import { Place, ScanColumns } from './scanColumns';
import { RecordScanner, takeFileName, takeStandardInformation } from './scanRecord';
import { readValue } from './valueBytes';

/** Bytes of $MFT that are read at a time. */
const PIECE = 2 * 1024 * 1024;
/** More records than this are not held: 64 million files. */
const MAX_RECORDS = 2 ** 26;
/** Problems that are kept with their words; beyond, they are counted. */
const MAX_PROBLEMS = 10_000;
/** Longest value of a reparse point or of extended attributes. */
const SMALL_VALUE = 0x20000;

/** Something that a pass over $MFT could not read. */
export interface RecordProblem {
  readonly record: number;
  readonly problem: string;
  /** Whether something is lost cannot be told: it is no record of a file by itself. */
  readonly isPart?: boolean;
}

class ProblemList {
  readonly list: RecordProblem[] = [];
  more = 0;

  add(record: number, problem: string, isPart = false): void {
    if (this.list.length < MAX_PROBLEMS) this.list.push({ record, problem, ...(isPart ? { isPart } : {}) });
    else this.more++;
  }
}

/** Result of {@link scanVolume}. */
export interface VolumeScan {
  readonly columns: ScanColumns;
  readonly problems: readonly RecordProblem[];
  /** Problems beyond those. */
  readonly moreProblems: number;
}

export interface VolumeScanOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told what keeps losses from being noticed. */
  readonly warn?: (text: string) => void;
  /** Told the records looked at and those there are; may wait. */
  readonly onPiece?: (done: number, total: number) => void | Promise<void>;
}

/**
 * Reads all of $MFT in order. Records that are damaged, or that need other records, are looked at one by one at the end;
 * what cannot be read then is a problem, and the others are kept.
 * @throws CancelledError; FormatError `volume/unsupported` for more records than can be held
 */
export async function scanVolume(source: ContentsSource, options: VolumeScanOptions): Promise<VolumeScan> {
  const { mft, geometry } = source;
  const columns = new ScanColumns(mft.count);
  const scanner = new RecordScanner(columns, geometry);
  const later: number[] = [];
  const problems = new ProblemList();
  const extensions = new ExtensionRecords();
  const header = newRecordHeader();
  const { recordSize } = geometry;
  const bitmap = new RecordBitmap(source, options.warn ?? (() => undefined));
  /** Nothing is in the place of a record: a loss where it should be in use. */
  const pass = (number: number) => {
    if (number >= FIRST_USER_RECORD && bitmap.has(number))
      problems.add(number, 'the record is marked as in use, and nothing is in its place');
  };
  let next = 0;
  for (const { bytes, first, count, device } of mft.pieces(PIECE)) {
    if (options.signal?.aborted === true) throw new CancelledError();
    for (const end = Math.min(first, bitmap.count); next < end; next++) pass(next);
    next = first + count;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let i = 0; i < count; i++) {
      const number = first + i;
      if (number < FIRST_FREE_RECORD && number !== SystemFile.ROOT) continue;
      const at = device < 0 ? mft.deviceOffset(number * recordSize) : device + i * recordSize;
      // Offsets of faults are counted from the piece's first byte, where it would lie.
      const base = at - i * recordSize;
      try {
        if (!readRecordHeader(header, view, i * recordSize, recordSize, at)) {
          if (view.getUint32(i * recordSize, true) !== FILE_MAGIC) pass(number);
          continue;
        }
        if (number >= MAX_RECORDS) throw tooMany(at);
        if (header.base >= 0) {
          if (number >= FIRST_USER_RECORD) extensions.add(number, header.base);
          continue;
        }
        if (!scanner.take(number, header, view, base)) later.push(number);
      } catch (error) {
        if (!(error instanceof FormatError) || (error.code === 'volume/unsupported' && number >= MAX_RECORDS))
          throw error;
        later.push(number);
      }
    }
    await options.onPiece?.(first + count, mft.count);
  }
  for (const end = Math.min(mft.count, bitmap.count); next < end; next++) pass(next);
  for (const number of later) {
    if (options.signal?.aborted === true) throw new CancelledError();
    takeWhole(source, columns, number, problems, extensions);
  }
  tellStrays(source, extensions, problems);
  return { columns, problems: problems.list, moreProblems: problems.more };
}

/** Tells the records that say that they are parts of others which do not name them. */
function tellStrays(source: ContentsSource, extensions: ExtensionRecords, problems: ProblemList): void {
  for (const base of extensions.basesBelow(FIRST_FREE_RECORD)) {
    // These were not looked at before, but the root.
    if (base === SystemFile.ROOT) continue;
    try {
      extensions.name(base, readContents(source, base)?.named ?? []);
    } catch (error) {
      // What it names cannot be known then; that its parts are left is told.
      if (!(error instanceof FormatError)) throw error;
    }
  }
  for (const { record, base } of extensions.strays()) {
    const problem = `it says that it is a part of record ${base}, which does not name it; a file may be lost`;
    problems.add(record, problem, true);
  }
}

function tooMany(offset: number): FormatError {
  return new FormatError(
    { structure: '$MFT', offset, problem: `more than ${MAX_RECORDS} files are not read` },
    'volume/unsupported',
  );
}

/** Takes a file attribute by attribute, leaving out what is damaged. */
function takeWhole(
  source: ContentsSource,
  columns: ScanColumns,
  number: number,
  problems: ProblemList,
  extensions: ExtensionRecords,
): void {
  const links = columns.linkCount;
  const streams = columns.streamCount;
  const report = (problem: string) => {
    problems.add(number, problem);
  };
  try {
    const contents = readContents(source, number);
    if (contents === undefined) return;
    extensions.name(number, contents.named);
    columns.addRecord(number, (contents.flags & FileRecordFlag.DIRECTORY) !== 0, contents.sequence);
    contents.problems.forEach(report);
    if (
      !contents.attributes.some(({ type, bytes }) => type === AttributeType.STANDARD_INFORMATION && bytes)
    ) {
      throw new FormatError(
        { structure: 'file record', offset: 0, problem: 'it has no $STANDARD_INFORMATION' },
        'volume/malformed',
      );
    }
    for (const value of contents.attributes) {
      try {
        takeValue(source, columns, number, value);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        report(error.message);
      }
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    columns.takeBack(number, links, streams);
    report(error.message);
  }
}

function takeValue(
  source: ContentsSource,
  columns: ScanColumns,
  number: number,
  value: AttributeValue,
): void {
  const { type, bytes } = value;
  const { extras } = columns;
  const small = () => readValue(source, value, SMALL_VALUE);
  switch (type) {
    case AttributeType.STANDARD_INFORMATION: {
      const held = requireBytes(bytes, 0x30, '$STANDARD_INFORMATION');
      takeStandardInformation(columns, number, viewOf(held), 0, held.length);
      break;
    }
    case AttributeType.FILE_NAME: {
      const held = requireBytes(bytes, FileName.size, '$FILE_NAME');
      takeFileName(columns, number, viewOf(held), 0, held.length, 0);
      break;
    }
    case AttributeType.OBJECT_ID:
      extras.objectIds.set(number, small());
      break;
    case AttributeType.SECURITY_DESCRIPTOR:
      extras.descriptors.set(number, small());
      break;
    case AttributeType.EA:
      extras.extendedAttributes.set(number, small());
      break;
    case AttributeType.REPARSE_POINT:
      takeReparsePoint(columns, number, small(), 0);
      break;
    case AttributeType.DATA: {
      const kind = value.name === '' ? StreamKind.DATA : StreamKind.NAMED;
      columns.addStream(number, kind, value.name, value.size, placeOf(value));
      break;
    }
    default:
  }
}

function placeOf({ runs, unit, size, validSize, flags }: AttributeValue): number {
  if (runs?.lcns.length !== 1 || unit !== 0 || size !== validSize) return Place.RECORD;
  const [lcn] = runs.lcns;
  return lcn !== HOLE && lcn < Place.RECORD && (flags & AttributeFlag.ENCRYPTED) === 0 ? lcn : Place.RECORD;
}

function requireBytes(bytes: Uint8Array | undefined, size: number, structure: string): Uint8Array {
  if (bytes !== undefined && bytes.length >= size) return bytes;
  throw new FormatError(
    { structure, offset: 0, problem: 'it is not resident, or too short' },
    'volume/malformed',
  );
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
