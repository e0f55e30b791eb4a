import { FormatError } from '../../../src-shared/errors/appError';
import { fileTimeOfFat } from './fatTime';
import { LongNameReader, shownShortName } from './names';
import { FatAttribute, FatEntry, LongNameEntry } from './records';

/** A file or directory of a FAT volume. */
export interface FatFile {
  readonly name: string;
  /** 8.3 name, as it is shown: upper case unless case flags say otherwise. */
  readonly shortName: string;
  /** FatAttribute bits. */
  readonly attributes: number;
  readonly isDirectory: boolean;
  readonly size: number;
  readonly firstCluster: number;
  /** FILETIMEs of the local time that is stored, taken as UTC; 0 for none. */
  readonly creationTime: bigint;
  readonly accessTime: bigint;
  readonly writeTime: bigint;
}

const FREE = 0xe5;
const DOT = 0x2e;

/** What a directory holds, and the volume label where one is in it. */
export interface FatDirectory {
  readonly files: readonly FatFile[];
  readonly label: string | undefined;
}

/**
 * @param bytes all entries of a directory
 * @param base their offset on the volume, for errors
 * @param highClusters whether entries have upper halves of cluster numbers (FAT32)
 */
export function parseDirectory(bytes: Uint8Array, base: number, highClusters: boolean): FatDirectory {
  const files: FatFile[] = [];
  const longName = new LongNameReader();
  let label: string | undefined;
  for (let at = 0; at + FatEntry.size <= bytes.length; at += FatEntry.size) {
    const first = bytes[at];
    if (first === 0) break;
    const attributes = bytes[at + FatEntry.fields.attributes.offset];
    const raw = bytes.subarray(at, at + FatEntry.size);
    if (first === FREE) {
      longName.reset();
    } else if ((attributes & 0x3f) === FatAttribute.LONG_NAME) {
      longName.add(LongNameEntry.parse(raw));
    } else if (attributes & FatAttribute.VOLUME_LABEL) {
      longName.reset();
      label ??= String.fromCharCode(...raw.subarray(0, 11)).trimEnd();
    } else if (first === DOT) {
      longName.reset();
    } else {
      files.push(fileOf(FatEntry.parse(raw), longName, base + at, highClusters));
    }
  }
  return { files, label };
}

function fileOf(entry: FatEntry, longName: LongNameReader, offset: number, highClusters: boolean): FatFile {
  const shortName = shownShortName(entry.name, entry.caseFlags);
  const name = longName.take(entry.name) ?? shortName;
  if (name === '' || /[/\\\0]/.test(name) || name === '.' || name === '..') {
    throw new FormatError(
      { structure: FatEntry.structure, field: 'name', offset, problem: 'a name that no file can have' },
      'volume/malformed',
    );
  }
  return {
    name,
    shortName,
    attributes: entry.attributes,
    isDirectory: (entry.attributes & FatAttribute.DIRECTORY) !== 0,
    size: entry.size,
    firstCluster: entry.clusterLow + (highClusters ? entry.clusterHigh * 65536 : 0),
    creationTime: fileTimeOfFat(entry.creationDate, entry.creationTime, entry.creationTenths),
    accessTime: fileTimeOfFat(entry.accessDate, 0),
    writeTime: fileTimeOfFat(entry.writeDate, entry.writeTime),
  };
}
