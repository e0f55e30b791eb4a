import { formatGuid } from '../../binary/guid';
import { toNumber } from '../bigNumber';
import type { ContainerFile } from '../containerFile';
import { malformed, truncated, unsupported } from '../diskFaults';
import { crc32c } from './crc32c';
import {
  BAT_REGION,
  MAX_TABLE_ENTRIES,
  METADATA_REGION,
  MIB,
  REGION_TABLE_OFFSETS,
  REGION_TABLE_SIGNATURE,
  REGION_TABLE_SIZE,
  RegionEntry,
  RegionTableHeader,
} from './records';
import type { SpaceMap } from './spaceMap';

const STRUCTURE = 'VHDX region table';

/** A region of the file; bytes. */
export interface Region {
  readonly offset: number;
  readonly length: number;
}

export interface Regions {
  readonly bat: Region;
  readonly metadata: Region;
}

/**
 * Reads the region table, or its copy where it is damaged.
 * @param space takes the regions' places
 * @throws FormatError when both copies are damaged, a region lies outside the file or on another, or a required one is
 *   not known here
 */
export function readRegions(file: ContainerFile, space: SpaceMap, warnings: string[]): Regions {
  const problems: string[] = [];
  for (const offset of REGION_TABLE_OFFSETS) {
    const table = readTable(file, offset);
    if (typeof table === 'string') {
      problems.push(table);
      continue;
    }
    if (problems.length > 0) {
      warnings.push(`The region table of ${file.path} is damaged (${problems[0]}); its copy is used.`);
    } else if (typeof readTable(file, REGION_TABLE_OFFSETS[1]) === 'string') {
      warnings.push(`The copy of the region table of ${file.path} is damaged; the table itself is used.`);
    }
    return parseTable(table, offset, file, space);
  }
  throw malformed(STRUCTURE, REGION_TABLE_OFFSETS[0], `${problems[0]}; and its copy: ${problems[1]}`);
}

/** @returns the 64 KiB, or why they are not valid */
function readTable(file: ContainerFile, offset: number): Uint8Array | string {
  if (offset + REGION_TABLE_SIZE > file.size) return 'it lies outside the file';
  const bytes = file.take(offset, REGION_TABLE_SIZE, STRUCTURE);
  const { signature, checksum, entryCount } = RegionTableHeader.parse(bytes, offset);
  if (signature !== REGION_TABLE_SIGNATURE) return 'its signature is missing';
  if (checksum !== crc32c(bytes, 4)) return 'its checksum is wrong';
  if (entryCount > MAX_TABLE_ENTRIES) return `it cannot have ${entryCount} entries`;
  return bytes;
}

function parseTable(bytes: Uint8Array, base: number, file: ContainerFile, space: SpaceMap): Regions {
  const { entryCount } = RegionTableHeader.parse(bytes, base);
  const found = new Map<string, Region>();
  for (let index = 0; index < entryCount; index++) {
    const at = RegionTableHeader.size + index * RegionEntry.size;
    const entry = RegionEntry.parse(bytes.subarray(at), base + at);
    const guid = formatGuid(entry.guid);
    const offset = toNumber(entry.offset);
    if (found.has(guid)) throw malformed(STRUCTURE, base + at, `region ${guid} is listed twice`, 'Guid');
    if (offset < MIB || offset % MIB !== 0) {
      throw malformed(STRUCTURE, base + at + 16, `a region cannot lie at ${entry.offset}`, 'FileOffset');
    }
    if (entry.length === 0 || entry.length % MIB !== 0) {
      throw malformed(STRUCTURE, base + at + 24, `a region cannot have ${entry.length} bytes`, 'Length');
    }
    const isKnown = guid === BAT_REGION || guid === METADATA_REGION;
    if (!isKnown && (entry.required & 1) !== 0) {
      throw unsupported(STRUCTURE, base + at, `region ${guid} is required and not known here`, 'Guid');
    }
    if (offset + entry.length > file.size) {
      throw truncated(
        STRUCTURE,
        base + at + 16,
        `region ${guid} ends at ${offset + entry.length}, the file at ${file.size}`,
        'FileOffset',
      );
    }
    space.claim(offset / MIB, entry.length / MIB, STRUCTURE, base + at + 16);
    found.set(guid, { offset, length: entry.length });
  }
  const bat = found.get(BAT_REGION);
  const metadata = found.get(METADATA_REGION);
  if (bat === undefined) throw malformed(STRUCTURE, base, 'it does not list the block allocation table');
  if (metadata === undefined) throw malformed(STRUCTURE, base, 'it does not list the metadata');
  return { bat, metadata };
}
