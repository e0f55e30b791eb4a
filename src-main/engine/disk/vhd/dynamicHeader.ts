import { toNumber } from '../bigNumber';
import type { ContainerFile } from '../containerFile';
import { malformed, unsupported } from '../diskFaults';
import { swapped, utf16leText } from '../utf16';
import {
  checksum,
  DynamicHeader,
  HEADER_CHECKSUM,
  HEADER_COOKIE,
  HEADER_SIZE,
  LOCATOR_COUNT,
  LOCATOR_SIZE,
  ParentLocator,
  SECTOR,
  VERSION_1,
  WINDOWS_ABSOLUTE,
  WINDOWS_RELATIVE,
} from './records';

const STRUCTURE = 'VHD dynamic disk header';
const MIN_BLOCK = 4096;
const MAX_BLOCK = 256 * 1024 * 1024;
/** Blocks of a disk at most: its table takes 64 MiB. */
const MAX_BLOCKS = 2 ** 24;
const MAX_LOCATOR = 64 * 1024;

/** What the header of a dynamic or differencing disk says, checked. Bytes. */
export interface DynamicFacts {
  readonly header: DynamicHeader;
  readonly headerOffset: number;
  readonly tableOffset: number;
  readonly blockSize: number;
  readonly blockCount: number;
  /** Why its checksum does not agree; the rest of it was found to be in order. */
  readonly problem?: string;
}

/** @throws FormatError for a header that cannot be */
export function readDynamicHeader(file: ContainerFile, dataOffset: bigint, diskSize: number): DynamicFacts {
  const headerOffset = toNumber(dataOffset);
  const bytes = file.take(headerOffset, HEADER_SIZE, STRUCTURE);
  const header = DynamicHeader.parse(bytes, headerOffset);
  if (header.cookie !== HEADER_COOKIE)
    throw malformed(STRUCTURE, headerOffset, 'its cookie is missing', 'Cookie');
  if (header.version >>> 16 !== VERSION_1 >>> 16) {
    throw unsupported(
      STRUCTURE,
      headerOffset + 24,
      `version ${header.version >>> 16} is not known`,
      'Header Version',
    );
  }
  const { blockSize, maxTableEntries } = header;
  if ((blockSize & (blockSize - 1)) !== 0 || blockSize < MIN_BLOCK || blockSize > MAX_BLOCK) {
    throw malformed(STRUCTURE, headerOffset + 32, `a block cannot have ${blockSize} bytes`, 'Block Size');
  }
  const blockCount = Math.ceil(diskSize / blockSize);
  if (blockCount > MAX_BLOCKS) {
    throw unsupported(STRUCTURE, headerOffset + 32, `${blockCount} blocks are too many`, 'Block Size');
  }
  if (maxTableEntries < blockCount) {
    throw malformed(
      STRUCTURE,
      headerOffset + 28,
      `${maxTableEntries} table entries, the disk has ${blockCount} blocks`,
      'Max Table Entries',
    );
  }
  const tableOffset = toNumber(header.tableOffset);
  if (tableOffset % SECTOR !== 0 || tableOffset < SECTOR || tableOffset + blockCount * 4 > file.size) {
    throw malformed(
      STRUCTURE,
      headerOffset + 16,
      `a table cannot lie at ${header.tableOffset}`,
      'Table Offset',
    );
  }
  if (headerOffset < SECTOR || headerOffset % SECTOR !== 0) {
    throw malformed('VHD footer', 16, `a header cannot lie at ${headerOffset}`, 'Data Offset');
  }
  if (tableOffset < headerOffset + HEADER_SIZE && headerOffset < tableOffset + blockCount * 4) {
    throw malformed(STRUCTURE, headerOffset + 16, 'the table lies on the header', 'Table Offset');
  }
  const facts = { header, headerOffset, tableOffset, blockSize, blockCount };
  if (header.checksum === checksum(bytes, HEADER_CHECKSUM)) return facts;
  return { ...facts, problem: 'its checksum is wrong' };
}

/** Where the parent of a differencing disk may be. */
export interface ParentPlaces {
  /** Relative to the disk's own folder. */
  readonly relative: readonly string[];
  readonly absolute: readonly string[];
  /** File name, or path, as the header has it. */
  readonly name: string;
}

export function readParentPlaces(file: ContainerFile, { header, headerOffset }: DynamicFacts): ParentPlaces {
  const relative: string[] = [];
  const absolute: string[] = [];
  for (let index = 0; index < LOCATOR_COUNT; index++) {
    const at = index * LOCATOR_SIZE;
    const locator = ParentLocator.parse(header.locators.subarray(at), headerOffset + 576 + at);
    const { platform, dataLength } = locator;
    if (platform !== WINDOWS_RELATIVE && platform !== WINDOWS_ABSOLUTE) continue;
    if (dataLength > MAX_LOCATOR || dataLength % 2 !== 0) {
      throw malformed(
        'VHD parent locator',
        headerOffset + 576 + at,
        `a path of ${dataLength} bytes`,
        'Data Length',
      );
    }
    const text = untilZero(
      utf16leText(file.take(toNumber(locator.dataOffset), dataLength, 'VHD parent locator')),
    );
    (platform === WINDOWS_RELATIVE ? relative : absolute).push(text);
  }
  return { relative, absolute, name: untilZero(utf16leText(swapped(header.parentName))) };
}

function untilZero(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
