import { at, bytes, u16, u32, u64, u8, type Infer } from '../../binary/struct';
import { volumeStruct } from './volumeStruct';

/** How the keys of an index are ordered. */
export const Collation = {
  BINARY: 0x00,
  /** By $UpCase, unit by unit. */
  FILE_NAME: 0x01,
  UNICODE_STRING: 0x02,
  /** 32-bit number: $SII, $Quota:$Q. */
  NTOFS_ULONG: 0x10,
  /** $Quota:$O. */
  NTOFS_SID: 0x11,
  /** Hash, then security ID: $SDH. */
  NTOFS_SECURITY_HASH: 0x12,
  /** A sequence of 32-bit numbers: $ObjId:$O, $Reparse:$R. */
  NTOFS_ULONGS: 0x13,
} as const;

/** In $INDEX_ROOT and in every index block. Offsets are from its own start. */
export const IndexHeader = volumeStruct('index header', 0x10, {
  entriesOffset: at(0x00, u32, 'of the first entry'),
  indexLength: at(0x04, u32, 'end of the last entry'),
  allocatedSize: at(0x08, u32, 'end of the room for entries'),
  flags: at(0x0c, u8, '1: entries have children, in $INDEX_ALLOCATION'),
  reserved: at(0x0d, bytes(3), ''),
});
export type IndexHeader = Infer<typeof IndexHeader>;
/** Header flag: the node is not a leaf. In $INDEX_ROOT: there is an $INDEX_ALLOCATION. */
export const INDEX_HAS_CHILDREN = 1;

/** $INDEX_ROOT up to its index header, which follows at 0x10. */
export const IndexRoot = volumeStruct('$INDEX_ROOT', 0x10, {
  attributeType: at(0x00, u32, 'AttributeType of the keys: 0x30 for $I30, 0 for a view index'),
  collation: at(0x04, u32, 'Collation'),
  blockSize: at(0x08, u32, 'bytes of an index block'),
  clustersPerBlock: at(0x0c, u8, 'clusters, or units of 512 bytes where a block is smaller than a cluster'),
  reserved: at(0x0d, bytes(3), ''),
});
export type IndexRoot = Infer<typeof IndexRoot>;

/** 'INDX' */
export const INDEX_MAGIC = 0x58444e49;

/** An index block up to its index header, which follows at 0x18. The update sequence array follows that, at 0x28. */
export const IndexBlock = volumeStruct('index block', 0x18, {
  magic: at(0x00, u32, '"INDX"'),
  sequenceOffset: at(0x04, u16, 'of the update sequence array: 0x28'),
  sequenceCount: at(0x06, u16, 'one, and one for every 512 bytes'),
  logSequence: at(0x08, u64, '$LogFile sequence number of the last change'),
  vcn: at(
    0x10,
    u64,
    'own place in $INDEX_ALLOCATION: clusters, or units of 512 bytes where a block is smaller',
  ),
});
export type IndexBlock = Infer<typeof IndexBlock>;
/** Offset of the index header in a block and in $INDEX_ROOT: what its offsets count from. */
export const BLOCK_HEADER_OFFSET = 0x18;
export const ROOT_HEADER_OFFSET = 0x10;

/** An entry of a directory's index; its key, a $FILE_NAME, follows at 0x10. */
export const IndexEntry = volumeStruct('index entry', 0x10, {
  file: at(0x00, u64, 'reference of the file'),
  length: at(0x08, u16, 'bytes of the entry, a multiple of 8'),
  keyLength: at(0x0a, u16, 'bytes of the key'),
  flags: at(0x0c, u16, 'IndexEntryFlag bits'),
  reserved: at(0x0e, u16, ''),
});
export type IndexEntry = Infer<typeof IndexEntry>;

/** An entry of a view index ($SII, $SDH, $O, $Q, $R); its key follows at 0x10. */
export const ViewIndexEntry = volumeStruct('view index entry', 0x10, {
  dataOffset: at(0x00, u16, 'from the start of the entry'),
  dataLength: at(0x02, u16, 'bytes'),
  reserved4: at(0x04, u32, ''),
  length: at(0x08, u16, 'bytes of the entry, a multiple of 8'),
  keyLength: at(0x0a, u16, 'bytes of the key'),
  flags: at(0x0c, u16, 'IndexEntryFlag bits'),
  reserved: at(0x0e, u16, ''),
});
export type ViewIndexEntry = Infer<typeof ViewIndexEntry>;

export const IndexEntryFlag = {
  /** The last 8 bytes of the entry are the VCN of the child that holds what comes before it. */
  HAS_CHILD: 0x1,
  /** Ends a node; has no key. */
  LAST: 0x2,
} as const;
