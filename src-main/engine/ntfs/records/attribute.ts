import { at, bytes, u16, u32, u64, u8, type Infer } from '../../binary/struct';
import { volumeStruct } from './volumeStruct';

/** Types of attributes; in a record they are in this order, then by name, then by first VCN. */
export const AttributeType = {
  STANDARD_INFORMATION: 0x10,
  ATTRIBUTE_LIST: 0x20,
  FILE_NAME: 0x30,
  OBJECT_ID: 0x40,
  SECURITY_DESCRIPTOR: 0x50,
  VOLUME_NAME: 0x60,
  VOLUME_INFORMATION: 0x70,
  DATA: 0x80,
  INDEX_ROOT: 0x90,
  INDEX_ALLOCATION: 0xa0,
  BITMAP: 0xb0,
  REPARSE_POINT: 0xc0,
  EA_INFORMATION: 0xd0,
  EA: 0xe0,
  PROPERTY_SET: 0xf0,
  /** $EFS of an encrypted file has this type. */
  LOGGED_UTILITY_STREAM: 0x100,
  END: 0xffffffff,
} as const;

export const AttributeFlag = {
  COMPRESSION_MASK: 0x00ff,
  /** LZNT1. */
  COMPRESSED: 0x0001,
  ENCRYPTED: 0x4000,
  SPARSE: 0x8000,
} as const;

/** Start of every attribute; the form's own fields follow. */
export const AttributeHeader = volumeStruct('attribute', 0x10, {
  type: at(0x00, u32, 'AttributeType'),
  length: at(0x04, u32, 'bytes to the next attribute, a multiple of 8'),
  nonResident: at(0x08, u8, '1: the value lies in clusters'),
  nameLength: at(0x09, u8, 'in UTF-16 units'),
  nameOffset: at(0x0a, u16, 'from the start of the attribute'),
  flags: at(0x0c, u16, 'AttributeFlag bits'),
  id: at(0x0e, u16, 'unique in the record'),
});
export type AttributeHeader = Infer<typeof AttributeHeader>;

/** Whole header of a resident attribute: the value lies in the record. */
export const ResidentAttribute = volumeStruct('resident attribute', 0x18, {
  type: at(0x00, u32, 'AttributeType'),
  length: at(0x04, u32, 'bytes to the next attribute, a multiple of 8'),
  nonResident: at(0x08, u8, '', 0),
  nameLength: at(0x09, u8, 'in UTF-16 units'),
  nameOffset: at(0x0a, u16, '0x18'),
  flags: at(0x0c, u16, 'AttributeFlag bits'),
  id: at(0x0e, u16, 'unique in the record'),
  valueLength: at(0x10, u32, 'bytes'),
  valueOffset: at(0x14, u16, 'from the start of the attribute, a multiple of 8'),
  indexed: at(0x16, u8, '1 for $FILE_NAME: an index holds it'),
  reserved: at(0x17, u8, '0'),
});
export type ResidentAttribute = Infer<typeof ResidentAttribute>;

/**
 * Whole header of a non-resident attribute. `compressedSize` (u64) follows at 0x40 where the attribute is compressed
 * or sparse and `lowestVcn` is 0: bytes of the clusters that it really takes. Then the name, then the run list.
 */
export const NonResidentAttribute = volumeStruct('non-resident attribute', 0x40, {
  type: at(0x00, u32, 'AttributeType'),
  length: at(0x04, u32, 'bytes to the next attribute, a multiple of 8'),
  nonResident: at(0x08, u8, '', 1),
  nameLength: at(0x09, u8, 'in UTF-16 units'),
  nameOffset: at(0x0a, u16, '0x40, or 0x48'),
  flags: at(0x0c, u16, 'AttributeFlag bits'),
  id: at(0x0e, u16, 'unique in the record'),
  lowestVcn: at(0x10, u64, 'first cluster of the attribute that this run list covers'),
  highestVcn: at(0x18, u64, 'last one; -1 for none'),
  runListOffset: at(0x20, u16, 'from the start of the attribute'),
  compressionUnit: at(0x22, u8, 'clusters of a unit as a power of two, 4; 0: not compressed'),
  reserved: at(0x23, bytes(5), ''),
  allocatedSize: at(
    0x28,
    u64,
    'bytes of all clusters, holes included. These sizes are valid where lowestVcn is 0',
  ),
  dataSize: at(0x30, u64, 'bytes'),
  initializedSize: at(0x38, u64, 'bytes written; the rest reads as zeroes'),
});
export type NonResidentAttribute = Infer<typeof NonResidentAttribute>;

/** Offset of `compressedSize`, and the size of the header that has it. */
export const COMPRESSED_SIZE_OFFSET = 0x40;
export const COMPRESSED_HEADER_SIZE = 0x48;

/** An entry of $ATTRIBUTE_LIST: where a part of an attribute is. The name (UTF-16) follows at `nameOffset`. */
export const AttributeListEntry = volumeStruct('attribute list entry', 0x1a, {
  type: at(0x00, u32, 'AttributeType'),
  length: at(0x04, u16, 'bytes to the next entry, a multiple of 8'),
  nameLength: at(0x06, u8, 'in UTF-16 units'),
  nameOffset: at(0x07, u8, '0x1a'),
  lowestVcn: at(0x08, u64, 'first cluster of that part'),
  record: at(0x10, u64, 'reference of the record that holds it'),
  id: at(0x18, u16, 'of the attribute in that record'),
});
export type AttributeListEntry = Infer<typeof AttributeListEntry>;
/** $ATTRIBUTE_LIST is never longer, [MS-FSCC] and Windows' own limit. */
export const ATTRIBUTE_LIST_LIMIT = 0x40000;

/** A row of $AttrDef. */
export const AttributeDefinition = volumeStruct('attribute definition', 0xa0, {
  name: at(0x00, bytes(128), 'UTF-16, padded with NULs'),
  type: at(0x80, u32, 'AttributeType'),
  displayRule: at(0x84, u32, '0'),
  collation: at(0x88, u32, 'Collation'),
  flags: at(0x8c, u32, '0x2 indexable, 0x40 always resident, 0x80 may be non-resident'),
  minimumSize: at(0x90, u64, 'bytes'),
  maximumSize: at(0x98, u64, 'bytes; -1 for no limit'),
});
export type AttributeDefinition = Infer<typeof AttributeDefinition>;
