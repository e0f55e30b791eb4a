import { at, bytes, type FieldType, struct, u8, type Infer } from '../../binary/struct';

/*
 * Records of the Virtual Hard Disk Image Format Specification 1.0. Integers are big-endian. What a record must hold is
 * checked where it is read, so that a damaged copy can give way to the other.
 */

const beU16: FieldType<number> = {
  size: 2,
  read: (view, offset) => view.getUint16(offset),
  write: (view, offset, value) => view.setUint16(offset, value),
};
const beU32: FieldType<number> = {
  size: 4,
  read: (view, offset) => view.getUint32(offset),
  write: (view, offset, value) => view.setUint32(offset, value),
};
const beU64: FieldType<bigint> = {
  size: 8,
  read: (view, offset) => view.getBigUint64(offset),
  write: (view, offset, value) => view.setBigUint64(offset, value),
};

export const SECTOR = 512;
/** "conectix" */
export const FOOTER_COOKIE = 0x636f_6e65_6374_6978n;
export const FOOTER_SIZE = 512;
/** Versions of Virtual PC before 2004 wrote a footer that is one byte shorter. */
export const SHORT_FOOTER_SIZE = 511;
/** Offsets that point nowhere. */
export const NOWHERE = 0xffff_ffff_ffff_ffffn;
export const VERSION_1 = 0x0001_0000;
export const DiskType = { FIXED: 2, DYNAMIC: 3, DIFFERENCING: 4 } as const;

export const VhdFooter = struct('VHD footer', FOOTER_SIZE, {
  cookie: at(0, beU64, '"conectix"'),
  features: at(8, beU32, 'bit 1 is always set, bit 0: a temporary disk'),
  version: at(12, beU32, '0x00010000'),
  dataOffset: at(16, beU64, 'of the dynamic disk header; all ones in a fixed disk'),
  timestamp: at(24, beU32, 'seconds since 2000-01-01 UTC: creation'),
  creator: at(28, bytes(4), 'program that made the file: it decides what the size of the disk is'),
  creatorVersion: at(32, beU32, ''),
  creatorSystem: at(36, bytes(4), '"Wi2k" or "Mac "'),
  originalSize: at(40, beU64, 'bytes of the disk when it was made'),
  currentSize: at(48, beU64, 'bytes of the disk'),
  cylinders: at(56, beU16, ''),
  heads: at(58, u8, ''),
  sectorsPerTrack: at(59, u8, ''),
  diskType: at(60, beU32, '2 fixed, 3 dynamic, 4 differencing'),
  checksum: at(64, beU32, "one's complement of the sum of all bytes, with this field zero"),
  uniqueId: at(68, bytes(16), 'what children know a parent by'),
  savedState: at(84, u8, ''),
  reserved: at(85, bytes(427), ''),
});
export type VhdFooter = Infer<typeof VhdFooter>;

/** "cxsparse" */
export const HEADER_COOKIE = 0x6378_7370_6172_7365n;
export const HEADER_SIZE = 1024;
export const LOCATORS_OFFSET = 576;
export const LOCATOR_COUNT = 8;

export const DynamicHeader = struct('VHD dynamic disk header', HEADER_SIZE, {
  cookie: at(0, beU64, '"cxsparse"'),
  dataOffset: at(8, beU64, 'all ones'),
  tableOffset: at(16, beU64, 'of the block allocation table'),
  version: at(24, beU32, '0x00010000'),
  maxTableEntries: at(28, beU32, 'entries of the table'),
  blockSize: at(32, beU32, 'bytes of data in a block, a power of two'),
  checksum: at(36, beU32, "one's complement of the sum of all bytes, with this field zero"),
  parentUniqueId: at(40, bytes(16), "the parent footer's"),
  parentTimestamp: at(56, beU32, 'last change of the parent file, seconds since 2000-01-01 UTC'),
  reserved: at(60, beU32, ''),
  parentName: at(64, bytes(512), 'file name of the parent, UTF-16BE'),
  locators: at(LOCATORS_OFFSET, bytes(192), 'eight parent locators'),
  reserved2: at(768, bytes(256), ''),
});
export type DynamicHeader = Infer<typeof DynamicHeader>;

export const LOCATOR_SIZE = 24;
export const ParentLocator = struct('VHD parent locator', LOCATOR_SIZE, {
  platform: at(0, beU32, 'what the text is; 0: none'),
  dataSpace: at(
    4,
    beU32,
    'room for the text; in bytes as Windows writes it, in sectors in the specification',
  ),
  dataLength: at(8, beU32, 'bytes of the text'),
  reserved: at(12, beU32, ''),
  dataOffset: at(16, beU64, 'of the text in the file'),
});
/** Platform codes of locators: UTF-16LE paths of Windows. */
export const WINDOWS_RELATIVE = 0x5732_7275;
export const WINDOWS_ABSOLUTE = 0x5732_6b75;

/** BAT entry of a block that is not there. */
export const UNUSED = 0xffff_ffff;

/** 2040 GiB: what BAT entries of 32 bits reach, as Windows has it. */
export const MAX_DISK_SIZE = 2040 * 1024 ** 3;

/** One's complement of the sum of all bytes but the four of the checksum itself. */
export function checksum(record: Uint8Array, hole: number): number {
  let sum = 0;
  for (const byte of record) sum += byte;
  for (let at = hole; at < hole + 4; at++) sum -= record[at];
  return ~sum >>> 0;
}
export const FOOTER_CHECKSUM = 64;
export const HEADER_CHECKSUM = 36;
