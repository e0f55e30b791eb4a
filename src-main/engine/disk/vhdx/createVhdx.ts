import { parseGuid } from '../../binary/guid';
import type { OpenFile } from '../../os';
import { utf16leBytes } from '../utf16';
import { batCounts } from './bat';
import { crc32c } from './crc32c';
import { serializeHeader } from './headers';
import { serializeParentLocator } from './parentLocator';
import {
  BAT_REGION,
  BlockState,
  DISK_ID_ITEM,
  DISK_SIZE_ITEM,
  FILE_PARAMETERS_ITEM,
  FILE_SIGNATURE,
  FileParameters,
  HAS_PARENT,
  HEADER_OFFSETS,
  HEADER_SIGNATURE,
  LEAVE_ALLOCATED,
  LOGICAL_SECTOR_ITEM,
  METADATA_OF_DISK,
  METADATA_REGION,
  METADATA_REQUIRED,
  METADATA_SIGNATURE,
  METADATA_TABLE_SIZE,
  MetadataEntry,
  MetadataTableHeader,
  MIB,
  PARENT_LOCATOR_ITEM,
  PARENT_LOCATOR_TYPE,
  PHYSICAL_SECTOR_ITEM,
  REGION_TABLE_OFFSETS,
  REGION_TABLE_SIGNATURE,
  REGION_TABLE_SIZE,
  RegionEntry,
  RegionTableHeader,
} from './records';

export interface VhdxShape {
  readonly kind: 'fixed' | 'dynamic' | 'differencing';
  /** Bytes; a multiple of the sector. */
  readonly diskSize: number;
  readonly blockSize: number;
  readonly sectorSize: number;
  readonly physicalSectorSize: number;
  /** Of a differencing disk: entries of the parent locator. */
  readonly parent?: ReadonlyMap<string, string>;
  /** A new GUID, 16 bytes. */
  readonly newGuid: () => Uint8Array;
}

/** Where things lie in the files that are made here; the BAT is last, the blocks follow it. */
const LOG_OFFSET = MIB;
const LOG_LENGTH = MIB;
const METADATA_OFFSET = 2 * MIB;
const METADATA_LENGTH = MIB;
const BAT_OFFSET = 3 * MIB;
const CREATOR = 'Wimsmith';

/** Bytes of a new VHDX before its first block. */
export function vhdxOverhead(
  shape: Pick<VhdxShape, 'kind' | 'diskSize' | 'blockSize' | 'sectorSize'>,
): number {
  const { entries } = batCounts({ ...shape, hasParent: shape.kind === 'differencing' });
  return BAT_OFFSET + Math.ceil((entries * 8) / MIB) * MIB;
}

/**
 * Makes an empty file a VHDX without data. What makes it one, the file's signature, is written last, after a flush;
 * another flush follows.
 */
export function createVhdx(file: OpenFile, shape: VhdxShape): void {
  const blocksAt = vhdxOverhead(shape);
  const blocks = Math.ceil(shape.diskSize / shape.blockSize);
  file.truncate(shape.kind === 'fixed' ? blocksAt + blocks * shape.blockSize : blocksAt);
  const regions = regionTable(blocksAt - BAT_OFFSET);
  for (const offset of REGION_TABLE_OFFSETS) file.write(offset, regions);
  file.write(METADATA_OFFSET, metadata(shape));
  if (shape.kind === 'fixed') writeFixedBat(file, shape, blocksAt);
  const header = {
    signature: HEADER_SIGNATURE,
    checksum: 0,
    fileWriteGuid: shape.newGuid(),
    dataWriteGuid: shape.newGuid(),
    logGuid: new Uint8Array(16),
    logVersion: 0,
    version: 1,
    logLength: LOG_LENGTH,
    logOffset: BigInt(LOG_OFFSET),
  };
  HEADER_OFFSETS.forEach((offset, index) => {
    file.write(offset, serializeHeader({ ...header, sequenceNumber: BigInt(index) }));
  });
  file.flush();
  const identifier = new Uint8Array(8 + 512);
  new DataView(identifier.buffer).setBigUint64(0, FILE_SIGNATURE, true);
  identifier.set(utf16leBytes(CREATOR), 8);
  file.write(0, identifier);
  file.flush();
}

function regionTable(batLength: number): Uint8Array {
  const bytes = new Uint8Array(REGION_TABLE_SIZE);
  const regions = [
    { guid: BAT_REGION, offset: BAT_OFFSET, length: batLength },
    { guid: METADATA_REGION, offset: METADATA_OFFSET, length: METADATA_LENGTH },
  ];
  bytes.set(
    RegionTableHeader.serialize({
      signature: REGION_TABLE_SIGNATURE,
      checksum: 0,
      entryCount: regions.length,
      reserved: 0,
    }),
  );
  regions.forEach(({ guid, offset, length }, index) => {
    const entry = { guid: parseGuid(guid), offset: BigInt(offset), length, required: 1 };
    bytes.set(RegionEntry.serialize(entry), RegionTableHeader.size + index * RegionEntry.size);
  });
  new DataView(bytes.buffer).setUint32(4, crc32c(bytes, 4), true);
  return bytes;
}

/** The metadata table with its items behind it. */
function metadata(shape: VhdxShape): Uint8Array {
  const flags = { fixed: LEAVE_ALLOCATED, dynamic: 0, differencing: HAS_PARENT };
  const diskSize = new Uint8Array(8);
  new DataView(diskSize.buffer).setBigUint64(0, BigInt(shape.diskSize), true);
  const ofDisk = METADATA_OF_DISK | METADATA_REQUIRED;
  const items: (readonly [id: string, flags: number, bytes: Uint8Array])[] = [
    [
      FILE_PARAMETERS_ITEM,
      METADATA_REQUIRED,
      FileParameters.serialize({ blockSize: shape.blockSize, flags: flags[shape.kind] }),
    ],
    [DISK_SIZE_ITEM, ofDisk, diskSize],
    [LOGICAL_SECTOR_ITEM, ofDisk, u32Bytes(shape.sectorSize)],
    [PHYSICAL_SECTOR_ITEM, ofDisk, u32Bytes(shape.physicalSectorSize)],
    [DISK_ID_ITEM, ofDisk, shape.newGuid()],
  ];
  if (shape.parent !== undefined) {
    const locator = serializeParentLocator(parseGuid(PARENT_LOCATOR_TYPE), shape.parent);
    items.push([PARENT_LOCATOR_ITEM, METADATA_REQUIRED, locator]);
  }
  const bytes = new Uint8Array(METADATA_TABLE_SIZE * 2);
  bytes.set(
    MetadataTableHeader.serialize({
      signature: METADATA_SIGNATURE,
      reserved: 0,
      entryCount: items.length,
      reserved2: new Uint8Array(20),
    }),
  );
  let offset = METADATA_TABLE_SIZE;
  items.forEach(([id, itemFlags, item], index) => {
    const entry = { itemId: parseGuid(id), offset, length: item.length, flags: itemFlags, reserved: 0 };
    bytes.set(MetadataEntry.serialize(entry), MetadataTableHeader.size + index * MetadataEntry.size);
    bytes.set(item, offset);
    offset += item.length;
  });
  return bytes;
}

/** Of a fixed disk: every block is there, in order. */
function writeFixedBat(file: OpenFile, shape: VhdxShape, blocksAt: number): void {
  const { blocks, chunkRatio, entries } = batCounts({ ...shape, hasParent: false });
  const PIECE = MIB / 8;
  for (let first = 0; first < entries; first += PIECE) {
    const words = new Uint32Array(2 * Math.min(PIECE, entries - first));
    for (let i = 0; i < words.length / 2; i++) {
      const index = first + i;
      const block = index - Math.floor(index / (chunkRatio + 1));
      if (index % (chunkRatio + 1) === chunkRatio || block >= blocks) continue;
      const megabytes = (blocksAt + block * shape.blockSize) / MIB;
      words[2 * i] = ((megabytes << 20) | BlockState.FULLY_PRESENT) >>> 0;
      words[2 * i + 1] = megabytes >>> 12;
    }
    file.write(BAT_OFFSET + first * 8, new Uint8Array(words.buffer));
  }
}

function u32Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
