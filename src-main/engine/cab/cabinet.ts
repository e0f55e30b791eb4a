import iconv from 'iconv-lite';
import { FormatError } from '../../../src-shared/errors/appError';
import { readExactly, type ByteSource } from '../binary/byteSource';
import { utf8Text } from '../zip/zipDirectory';
import { CabFileAttribute, CabFileRecord, CabFlag, CabFolderRecord, CabHeader } from './cabRecords';

/** Longest text of a cabinet, bytes with its NUL: 255 by the format; some programs write 256. */
const LONGEST_TEXT = 257;

/** Blocks of one folder in one cabinet. */
export interface FolderPart {
  readonly source: ByteSource;
  /** Offset of the first CFDATA. */
  readonly offset: number;
  /** Where the data ends at the latest: the next folder's begins there. */
  readonly end: number;
  /** Number of CFDATA. */
  readonly blocks: number;
  /** Bytes between the record of a CFDATA and its data. */
  readonly reserve: number;
  /** typeCompress */
  readonly compression: number;
}

/** A CFFILE. */
export interface CabinetFile {
  /** As stored, '\\' between names. */
  readonly name: string;
  readonly size: number;
  /** In the expanded folder. */
  readonly offset: number;
  /** iFolder */
  readonly folder: number;
}

/** One cabinet's tables. */
export interface Cabinet {
  readonly source: ByteSource;
  readonly setId: number;
  readonly index: number;
  readonly folders: readonly FolderPart[];
  readonly files: readonly CabinetFile[];
  /** Names of the files beside it that come before and after it in its set. */
  readonly previous: string | undefined;
  readonly next: string | undefined;
}

/**
 * Reads the tables of one cabinet.
 * @throws FormatError `archive/malformed`
 */
export function readCabinet(source: ByteSource): Cabinet {
  const start = readExactly(source, 0, CabHeader.size, CabHeader.structure, 'archive/malformed');
  const header = CabHeader.parse(start);
  const { flags, cabinetSize } = header;
  if (cabinetSize > source.size) {
    fail('CFHEADER', 8, `the cabinet has ${cabinetSize} bytes, of which ${source.size} are there`);
  }
  const reader = new Reader(source, CabHeader.size, longestHead(header.folders));
  const reserve = { header: 0, folder: 0, data: 0 };
  if ((flags & CabFlag.RESERVE) !== 0) {
    const view = reader.take(4, 'CFHEADER');
    reserve.header = view.getUint16(0, true);
    reserve.folder = view.getUint8(2);
    reserve.data = view.getUint8(3);
    reader.take(reserve.header, 'CFHEADER');
  }
  const neighbour = (flag: number): string | undefined => {
    if ((flags & flag) === 0) return undefined;
    const name = decodeName(reader.text('CFHEADER'), false);
    // The name of the medium.
    reader.text('CFHEADER');
    return name;
  };
  const previous = neighbour(CabFlag.PREVIOUS);
  const next = neighbour(CabFlag.NEXT);
  const folders = readFolders(reader, header.folders, reserve, cabinetSize);
  const files = readFiles(source, header);
  return { source, setId: header.setId, index: header.index, folders, files, previous, next };
}

/** Most bytes that lie in front of the files: reserved ones, four texts, and folders with reserved bytes. */
function longestHead(folders: number): number {
  return 4 + 0xffff + 4 * LONGEST_TEXT + folders * (CabFolderRecord.size + 0xff);
}

function readFolders(
  reader: Reader,
  count: number,
  reserve: { readonly folder: number; readonly data: number },
  cabinetSize: number,
): readonly FolderPart[] {
  const { source } = reader;
  const parts: { -readonly [K in keyof FolderPart]: FolderPart[K] }[] = [];
  for (let i = 0; i < count; i++) {
    const at = reader.offset;
    const folder = CabFolderRecord.parse(reader.bytes(CabFolderRecord.size, 'CFFOLDER'), at);
    reader.bytes(reserve.folder, 'CFFOLDER');
    const { dataOffset: offset, blocks, compression } = folder;
    if (blocks > 0 && offset >= cabinetSize)
      fail('CFFOLDER', at, `data at ${offset} lies outside the cabinet`);
    parts.push({ source, offset, end: cabinetSize, blocks, reserve: reserve.data, compression });
  }
  // Folders over each other would make a small cabinet expand to any size.
  const inOrder = parts.filter(({ blocks }) => blocks > 0).sort((a, b) => a.offset - b.offset);
  for (let i = 1; i < inOrder.length; i++) {
    inOrder[i - 1].end = inOrder[i].offset;
    if (inOrder[i].offset === inOrder[i - 1].offset)
      fail('CFFOLDER', inOrder[i].offset, 'folders share their data');
  }
  return parts;
}

function readFiles(source: ByteSource, header: CabHeader): readonly CabinetFile[] {
  const { files: count, filesOffset, cabinetSize } = header;
  if (filesOffset > cabinetSize) fail('CFHEADER', 16, `files at ${filesOffset} lie outside the cabinet`);
  const reader = new Reader(source, filesOffset, count * (CabFileRecord.size + LONGEST_TEXT));
  const files: CabinetFile[] = [];
  for (let i = 0; i < count; i++) {
    const at = reader.offset;
    const record = CabFileRecord.parse(reader.bytes(CabFileRecord.size, 'CFFILE'), at);
    const name = decodeName(reader.text('CFFILE'), (record.attributes & CabFileAttribute.UTF8) !== 0);
    const { size, folderOffset: offset, folder } = record;
    files.push({ name, size, offset, folder });
  }
  return files;
}

/** Reads a table whose length is not known, from a window of the file. */
class Reader {
  private readonly window: Uint8Array;
  private at = 0;

  /** @param longest bytes that the table can have */
  constructor(
    readonly source: ByteSource,
    private readonly base: number,
    longest: number,
  ) {
    const length = Math.max(0, Math.min(longest, source.size - base));
    this.window = readExactly(source, base, length, 'cabinet', 'archive/malformed');
  }

  get offset(): number {
    return this.base + this.at;
  }

  bytes(length: number, structure: string): Uint8Array {
    if (this.at + length > this.window.length) fail(structure, this.offset, 'the cabinet ends here');
    this.at += length;
    return this.window.subarray(this.at - length, this.at);
  }

  take(length: number, structure: string): DataView {
    const bytes = this.bytes(length, structure);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  /** A text that ends with NUL. */
  text(structure: string): Uint8Array {
    const end = this.window.indexOf(0, this.at);
    if (end < 0 || end - this.at >= LONGEST_TEXT) fail(structure, this.offset, 'a name has no end');
    const text = this.window.subarray(this.at, end);
    this.at = end + 1;
    return text;
  }
}

/** Names are UTF-8 where they say so or are; else of the code page of their maker, mostly that of western Europe. */
function decodeName(raw: Uint8Array, utf8: boolean): string {
  const text = utf8Text(raw);
  if (text !== undefined) return text;
  return iconv.decode(raw, utf8 ? 'utf8' : 'windows-1252');
}

function fail(structure: string, offset: number, problem: string): never {
  throw new FormatError({ structure, offset, problem }, 'archive/malformed');
}
