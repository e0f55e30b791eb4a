import { FormatError } from '../../../../src-shared/errors/appError';
import { FileAttribute } from '../../tree/attributes';
import { FileName, FileNameAttribute, NameSpace } from '../records/fileName';
import { FIRST_FREE_RECORD, SystemFile } from '../records/fileRecord';
import { textAt } from './attributes';
import { readContents, type ContentsSource } from './fileContents';
import { walkIndex } from './indexTree';

/** A name in a directory, as its index has it. */
export interface DirectoryItem {
  readonly name: string;
  readonly record: number;
  /** FileAttribute bits. */
  readonly attributes: number;
  /** Of the unnamed data; as old as the index's last update. */
  readonly size: number;
  /** FILETIME. */
  readonly lastWriteTime: bigint;
  readonly isDirectory: boolean;
}

/**
 * Lists a directory through its index alone, without the system's own files and the short names.
 * @returns undefined when the record is no directory
 * @throws FormatError `volume/malformed`
 */
export function* listDirectory(source: ContentsSource, record: number): Generator<DirectoryItem> {
  const contents = readContents(source, record);
  if (contents === undefined) {
    throw new FormatError(
      { structure: '$MFT', offset: record, problem: `record ${record} is not in use` },
      'volume/malformed',
    );
  }
  const { fields } = FileName;
  for (const { view, at, keyLength } of walkIndex(source, contents, '$I30')) {
    const key = at + 0x10;
    if (keyLength < FileName.size) continue;
    const units = view.getUint8(key + fields.nameLength.offset);
    const space = view.getUint8(key + fields.nameSpace.offset);
    if (space === NameSpace.DOS || FileName.size + 2 * units > keyLength) continue;
    const file = view.getUint16(at + 4, true) * 4294967296 + view.getUint32(at, true);
    if (file < FIRST_FREE_RECORD || file === SystemFile.ROOT) continue;
    const flags = view.getUint32(key + fields.attributes.offset, true);
    // The Linux driver ntfs3 writes the attribute of files in place of the mark.
    const isDirectory = (flags & (FileNameAttribute.DIRECTORY | FileAttribute.DIRECTORY)) !== 0;
    const attributes =
      (flags & ~(FileNameAttribute.DIRECTORY | FileNameAttribute.VIEW_INDEX)) |
      (isDirectory ? FileAttribute.DIRECTORY : 0);
    yield {
      name: textAt(view, key + FileName.size, units),
      record: file,
      attributes,
      size:
        view.getUint32(key + fields.dataSize.offset, true) +
        4294967296 * view.getUint32(key + fields.dataSize.offset + 4, true),
      lastWriteTime: view.getBigUint64(key + fields.lastWriteTime.offset, true),
      isDirectory,
    };
  }
}
