import { at, bytes, struct, u16, u32, u64, u8, type Fields, type Struct } from '../binary/struct';

/**
 * Records of a registry hive, as described in "Windows registry file format specification" (github.com/msuhanov/regf).
 * Offsets inside a hive count from the first bin, which follows the base block.
 */

/** Bytes of the base block before the bins, and what bins' sizes are a multiple of. */
export const PAGE = 4096;
/** Bytes of a bin before its first cell. */
export const BIN_HEADER = 32;
/** An offset that points nowhere. */
export const NOWHERE = 0xffffffff;
/** Most bytes of a value in one cell where the format has big data, and of each segment of big data. */
export const SEGMENT = 16344;
/** Set in a value's size when its data lies in the field of the data's offset. */
export const DATA_INLINE = 0x80000000;

/** "regf", "hbin", "HvLE" and "DIRT" as 32-bit numbers. */
export const Magic = { REGF: 0x66676572, HBIN: 0x6e696268, HVLE: 0x454c7648, DIRT: 0x54524944 } as const;
/** The two letters that cells begin with, as 16-bit numbers. */
export const CellMagic = {
  LI: 0x696c,
  LF: 0x666c,
  LH: 0x686c,
  RI: 0x6972,
  NK: 0x6b6e,
  VK: 0x6b76,
  SK: 0x6b73,
  DB: 0x6264,
} as const;

/** What kind of file a base block is of: NT to Windows 2000 wrote 2 for a log, 6 is the format of Windows 8.1. */
export const FileType = { PRIMARY: 0, LOG: 1, OLDEST_LOG: 2, NEW_LOG: 6 } as const;

export const KeyFlag = {
  ROOT: 0x0004,
  NO_DELETE: 0x0008,
  SYMLINK: 0x0010,
  /** The name has one byte a character. */
  COMPRESSED_NAME: 0x0020,
  /** The field of the number of values holds a handle. */
  PREDEFINED_HANDLE: 0x0040,
} as const;

/** Of a value: the name has one byte a character. */
export const VALUE_COMPRESSED_NAME = 0x0001;
/** Virtualization flag that new subkeys take over with the others. */
export const VIRTUALIZATION_RECURSE = 0x8;

/** The part of the base block that its checksum covers, and the checksum. */
export const BaseBlock = struct(
  'base block',
  512,
  {
    magic: at(0, u32, '"regf"', Magic.REGF),
    primarySequence: at(4, u32, 'increased before a write of the file'),
    secondarySequence: at(8, u32, 'made equal after it'),
    lastWritten: at(12, u64, 'FILETIME; not kept up since Windows 8.1'),
    major: at(20, u32, 'format, major'),
    minor: at(24, u32, 'format, minor'),
    fileType: at(28, u32, 'see FileType'),
    fileFormat: at(32, u32, '1: loaded as it is'),
    root: at(36, u32, 'cell of the root key'),
    binsSize: at(40, u32, 'bytes of all bins'),
    clusteringFactor: at(44, u32, 'sector size divided by 512'),
    fileName: at(48, bytes(64), 'end of the path, UTF-16LE'),
    reserved: at(112, bytes(396), 'GUIDs of transactions, flags, time of the last reorganization'),
    checksum: at(508, u32, 'of the 508 bytes before'),
  },
  'registry/malformed',
);

export const BinHeader = struct(
  'hive bin',
  BIN_HEADER,
  {
    magic: at(0, u32, '"hbin"', Magic.HBIN),
    offset: at(4, u32, 'of this bin'),
    size: at(8, u32, 'multiple of 4096'),
    reserved: at(12, u64, ''),
    timestamp: at(20, u64, "FILETIME; of the first bin: copy of the base block's"),
    spare: at(28, u32, ''),
  },
  'registry/malformed',
);

/** What precedes the name in the cell of a key. */
export const KeyNode = struct(
  'key node',
  76,
  {
    magic: at(0, u16, '"nk"', CellMagic.NK),
    flags: at(2, u16, 'see KeyFlag'),
    lastWritten: at(4, u64, 'FILETIME'),
    accessBits: at(12, u32, 'access bits and layered keys'),
    parent: at(16, u32, 'key node above'),
    subkeyCount: at(20, u32, ''),
    volatileCount: at(24, u32, 'no meaning in a file'),
    subkeyList: at(28, u32, ''),
    volatileList: at(32, u32, 'no meaning in a file'),
    valueCount: at(36, u32, ''),
    valueList: at(40, u32, ''),
    security: at(44, u32, ''),
    className: at(48, u32, 'cell of the class name'),
    largestSubkeyName: at(52, u16, 'bytes as UTF-16'),
    virtualization: at(54, u8, 'virtualization flags in the low, user flags in the high half'),
    debug: at(55, u8, ''),
    largestClassName: at(56, u32, 'bytes, among the subkeys'),
    largestValueName: at(60, u32, 'bytes as UTF-16'),
    largestValueData: at(64, u32, 'bytes'),
    workVar: at(68, u32, ''),
    nameLength: at(72, u16, 'bytes'),
    classNameLength: at(74, u16, 'bytes'),
  },
  'registry/malformed',
);

/** What precedes the name in the cell of a value. */
export const KeyValue = struct(
  'key value',
  20,
  {
    magic: at(0, u16, '"vk"', CellMagic.VK),
    nameLength: at(2, u16, 'bytes'),
    dataSize: at(4, u32, 'bytes; the highest bit is DATA_INLINE'),
    data: at(8, u32, 'cell of the data, or up to 4 bytes of it'),
    type: at(12, u32, ''),
    flags: at(16, u16, ''),
    spare: at(18, u16, ''),
  },
  'registry/malformed',
);

/** What precedes the descriptor in the cell of a security descriptor. */
export const KeySecurity = struct(
  'key security',
  20,
  {
    magic: at(0, u16, '"sk"', CellMagic.SK),
    reserved: at(2, u16, ''),
    next: at(4, u32, 'ring of all of them'),
    previous: at(8, u32, ''),
    references: at(12, u32, 'keys that have it'),
    size: at(16, u32, 'bytes of the descriptor'),
  },
  'registry/malformed',
);

/** Head of big data. */
export const BigData = struct(
  'big data',
  8,
  {
    magic: at(0, u16, '"db"', CellMagic.DB),
    count: at(2, u16, 'segments'),
    list: at(4, u32, 'cell with the offsets of the segments'),
  },
  'registry/malformed',
);

/** Head of one write in a log of the format of Windows 8.1. */
export const LogEntry = struct(
  'log entry',
  40,
  {
    magic: at(0, u32, '"HvLE"', Magic.HVLE),
    size: at(4, u32, 'bytes, multiple of 512'),
    flags: at(8, u32, 'lowest bit of the flags of the base block'),
    sequence: at(12, u32, ''),
    binsSize: at(16, u32, 'bytes of all bins after this write'),
    pageCount: at(20, u32, ''),
    hash1: at(24, u64, 'Marvin32 of what follows this head'),
    hash2: at(32, u64, 'Marvin32 of the 32 bytes before'),
  },
  'registry/malformed',
);

/** Where a record's fields lie, for code that reads single fields of many records. */
export function offsetsOf<F extends Fields>(record: Struct<F>): { readonly [K in keyof F]: number } {
  return Object.fromEntries(
    Object.entries(record.fields).map(([name, field]) => [name, field.offset]),
  ) as unknown as { readonly [K in keyof F]: number };
}

export const NK = offsetsOf(KeyNode);
export const VK = offsetsOf(KeyValue);
export const SK = offsetsOf(KeySecurity);
