import { formatGuid } from '../../binary/guid';
import { toNumber } from '../bigNumber';
import type { ContainerFile } from '../containerFile';
import { malformed, unsupported } from '../diskFaults';
import {
  DISK_ID_ITEM,
  DISK_SIZE_ITEM,
  FILE_PARAMETERS_ITEM,
  FileParameters,
  HAS_PARENT,
  LEAVE_ALLOCATED,
  LOGICAL_SECTOR_ITEM,
  MAX_DISK_SIZE,
  MAX_TABLE_ENTRIES,
  METADATA_REQUIRED,
  METADATA_SIGNATURE,
  METADATA_TABLE_SIZE,
  METADATA_USER,
  MetadataEntry,
  MetadataTableHeader,
  MIB,
  PARENT_LOCATOR_ITEM,
  PHYSICAL_SECTOR_ITEM,
} from './records';
import { parseParentLocator } from './parentLocator';
import type { Region } from './regions';

const STRUCTURE = 'VHDX metadata table';

/** What the metadata of a VHDX say of its disk. Sizes in bytes. */
export interface VhdxMetadata {
  readonly blockSize: number;
  /** Blocks stay allocated: a fixed disk. */
  readonly leaveAllocated: boolean;
  readonly hasParent: boolean;
  readonly diskSize: number;
  readonly sectorSize: number;
  readonly physicalSectorSize: number;
  /** Of a differencing disk: its parent locator's entries. */
  readonly parent: ReadonlyMap<string, string> | undefined;
}

interface Item {
  readonly bytes: Uint8Array;
  /** Offset in the file. */
  readonly offset: number;
}

/** @throws FormatError for metadata that are damaged, missing or required and not known here */
export function readMetadata(file: ContainerFile, region: Region): VhdxMetadata {
  const items = readItems(file, region);
  const u32Item = (id: string, name: string): number => {
    const { bytes } = wanted(items, id, 4, name, region);
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  };
  const parameters = wanted(items, FILE_PARAMETERS_ITEM, FileParameters.size, 'file parameters', region);
  const { blockSize, flags } = FileParameters.parse(parameters.bytes, parameters.offset);
  if (blockSize < MIB || blockSize > 256 * MIB || !isPowerOfTwo(blockSize)) {
    throw malformed(
      'VHDX file parameters',
      parameters.offset,
      `a block cannot have ${blockSize} bytes`,
      'BlockSize',
    );
  }
  const sectorSize = sectorOf(u32Item(LOGICAL_SECTOR_ITEM, 'logical sector size'), 'logical', region);
  const physical = sectorOf(u32Item(PHYSICAL_SECTOR_ITEM, 'physical sector size'), 'physical', region);
  const size = wanted(items, DISK_SIZE_ITEM, 8, 'virtual disk size', region);
  const diskSize = toNumber(new DataView(size.bytes.buffer, size.bytes.byteOffset).getBigUint64(0, true));
  if (diskSize === 0 || diskSize > MAX_DISK_SIZE || diskSize % sectorSize !== 0) {
    throw malformed(
      'VHDX virtual disk size',
      size.offset,
      `a disk with sectors of ${sectorSize} bytes cannot have ${diskSize} bytes`,
    );
  }
  const hasParent = (flags & HAS_PARENT) !== 0;
  const locator = items.get(PARENT_LOCATOR_ITEM);
  if (hasParent && locator === undefined) {
    throw malformed(STRUCTURE, region.offset, 'a differencing disk without a parent locator');
  }
  return {
    blockSize,
    leaveAllocated: (flags & LEAVE_ALLOCATED) !== 0,
    hasParent,
    diskSize,
    sectorSize,
    physicalSectorSize: Math.max(physical, sectorSize),
    parent:
      hasParent && locator !== undefined ? parseParentLocator(locator.bytes, locator.offset) : undefined,
  };
}

function readItems(file: ContainerFile, region: Region): ReadonlyMap<string, Item> {
  const table = file.take(region.offset, METADATA_TABLE_SIZE, STRUCTURE);
  const { signature, entryCount } = MetadataTableHeader.parse(table, region.offset);
  if (signature !== METADATA_SIGNATURE) {
    throw malformed(STRUCTURE, region.offset, 'its signature is missing', 'Signature');
  }
  if (entryCount > MAX_TABLE_ENTRIES) {
    throw malformed(STRUCTURE, region.offset + 10, `it cannot have ${entryCount} entries`, 'EntryCount');
  }
  const items = new Map<string, Item>();
  for (let index = 0; index < entryCount; index++) {
    const at = MetadataTableHeader.size + index * MetadataEntry.size;
    const base = region.offset + at;
    const { itemId, offset, length, flags } = MetadataEntry.parse(table.subarray(at), base);
    const id = formatGuid(itemId);
    const isOurs = (flags & METADATA_USER) === 0 && knownItems.has(id);
    if (!isOurs) {
      if ((flags & METADATA_REQUIRED) === 0) continue;
      throw unsupported(STRUCTURE, base, `item ${id} is required and not known here`, 'ItemId');
    }
    if (items.has(id)) throw malformed(STRUCTURE, base, `item ${id} is listed twice`, 'ItemId');
    if (length === 0 || length > MIB) {
      throw malformed(STRUCTURE, base + 20, `item ${id} cannot have ${length} bytes`, 'Length');
    }
    if (offset < METADATA_TABLE_SIZE || offset + length > region.length) {
      throw malformed(STRUCTURE, base + 16, `item ${id} cannot lie at ${offset}`, 'Offset');
    }
    items.set(id, {
      bytes: file.take(region.offset + offset, length, 'VHDX metadata item'),
      offset: region.offset + offset,
    });
  }
  return items;
}

const knownItems: ReadonlySet<string> = new Set([
  FILE_PARAMETERS_ITEM,
  DISK_SIZE_ITEM,
  DISK_ID_ITEM,
  LOGICAL_SECTOR_ITEM,
  PHYSICAL_SECTOR_ITEM,
  PARENT_LOCATOR_ITEM,
]);

function wanted(
  items: ReadonlyMap<string, Item>,
  id: string,
  length: number,
  name: string,
  region: Region,
): Item {
  const item = items.get(id);
  if (item === undefined) throw malformed(STRUCTURE, region.offset, `the item ${name} is missing`);
  if (item.bytes.length < length) {
    throw malformed(`VHDX ${name}`, item.offset, `${item.bytes.length} bytes, it has ${length}`);
  }
  return item;
}

function sectorOf(value: number, which: string, region: Region): number {
  if (value === 512 || value === 4096) return value;
  throw malformed(`VHDX ${which} sector size`, region.offset, `a sector cannot have ${value} bytes`);
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}
