import { at, u16, u32, u64, type Infer } from '../../binary/struct';
import { volumeStruct } from './volumeStruct';

/** 'FILE' */
export const FILE_MAGIC = 0x454c4946;
/** 'BAAD': a record that a check of the disk found torn. */
export const BAD_MAGIC = 0x44414142;

/** Bytes that one update sequence number protects, whatever the size of a sector. */
export const SEQUENCE_STRIDE = 512;

/**
 * Start of a record of $MFT, NTFS 3.1. The update sequence array follows at 0x30, the attributes, 8-byte aligned, at
 * `attributesOffset`, ended by the type 0xffffffff.
 */
export const FileRecordHeader = volumeStruct('file record', 0x30, {
  magic: at(0x00, u32, '"FILE"'),
  sequenceOffset: at(0x04, u16, 'of the update sequence array: 0x30'),
  sequenceCount: at(0x06, u16, 'its 16-bit words: one, and one for every 512 bytes of the record'),
  logSequence: at(0x08, u64, '$LogFile sequence number of the last change'),
  sequence: at(0x10, u16, 'times the record was used; part of references to it'),
  linkCount: at(0x12, u16, '$FILE_NAME attributes, not counting DOS names that belong to a Win32 name'),
  attributesOffset: at(0x14, u16, '8-byte aligned: 0x38 with 1 KiB records'),
  flags: at(0x16, u16, 'FileRecordFlag bits'),
  bytesInUse: at(0x18, u32, 'with the 8 bytes of the end mark'),
  bytesAllocated: at(0x1c, u32, 'size of a record'),
  baseRecord: at(0x20, u64, 'reference; 0 in a base record'),
  nextAttributeId: at(0x28, u16, ''),
  reserved: at(0x2a, u16, ''),
  recordNumber: at(0x2c, u32, 'low 32 bits of the own number'),
});
export type FileRecordHeader = Infer<typeof FileRecordHeader>;

export const FileRecordFlag = {
  IN_USE: 0x1,
  /** It has a $I30 index. */
  DIRECTORY: 0x2,
  /** In $Extend. */
  EXTENSION: 0x4,
  /** It has an index that is not $I30. */
  VIEW_INDEX: 0x8,
} as const;

/** Records of $MFT that the system uses itself. */
export const SystemFile = {
  MFT: 0,
  MFT_MIRROR: 1,
  LOG_FILE: 2,
  VOLUME: 3,
  ATTRIBUTE_DEFINITIONS: 4,
  ROOT: 5,
  BITMAP: 6,
  BOOT: 7,
  BAD_CLUSTERS: 8,
  SECURE: 9,
  UPCASE: 10,
  EXTEND: 11,
} as const;
/** First record that an ordinary file may have; 12 to 15 are marked in use, 16 to 23 reserved. */
export const FIRST_FREE_RECORD = 16;
/** First record that Windows gives to files of persons. */
export const FIRST_USER_RECORD = 24;
/** Records that $MFTMirr repeats, unless a cluster holds more. */
export const MIRRORED_RECORDS = 4;

/** Record number of a reference: 48 bits. */
export function recordOf(reference: bigint): number {
  return Number(reference & 0xffffffffffffn);
}
/** Sequence number of a reference: 16 bits. */
export function sequenceOf(reference: bigint): number {
  return Number(reference >> 48n);
}
export function makeReference(record: number, sequence: number): bigint {
  return (BigInt(sequence) << 48n) | BigInt(record);
}
