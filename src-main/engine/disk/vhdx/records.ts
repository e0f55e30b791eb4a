import { at, bytes, struct, u16, u32, u64, type Infer } from '../../binary/struct';

/*
 * Records of [MS-VHDX]. Integers are little-endian. What a record must hold is checked where it is read, so that a
 * damaged copy can give way to the other.
 */

export const KIB = 1024;
export const MIB = 1024 * 1024;
/** Smallest unit of the log, of headers and of what it replays. */
export const LOG_SECTOR = 4096;

/** "vhdxfile", at the beginning of the file. */
export const FILE_SIGNATURE = 0x656c_6966_7864_6876n;
/** Of the header section: 1 MiB that nothing else may lie in. */
export const HEADER_OFFSETS = [64 * KIB, 128 * KIB] as const;
export const HEADER_SIZE = 4096;
export const REGION_TABLE_OFFSETS = [192 * KIB, 256 * KIB] as const;
export const REGION_TABLE_SIZE = 64 * KIB;
export const METADATA_TABLE_SIZE = 64 * KIB;
/** Of the region table and of the metadata table. */
export const MAX_TABLE_ENTRIES = 2047;
/** [MS-VHDX] 2.6.2.2. */
export const MAX_DISK_SIZE = 64 * 1024 ** 4;

/** "head" */
export const HEADER_SIGNATURE = 0x6461_6568;
export const VhdxHeader = struct('VHDX header', 80, {
  signature: at(0, u32, '"head"'),
  checksum: at(4, u32, 'CRC-32C of the 4 KiB of the header, with this field zero'),
  sequenceNumber: at(8, u64, 'of two valid headers the one with the higher number is current'),
  fileWriteGuid: at(16, bytes(16), 'changes before the first write to the file after it was opened'),
  dataWriteGuid: at(
    32,
    bytes(16),
    'changes before the first write to the disk; what children know a parent by',
  ),
  logGuid: at(48, bytes(16), 'of valid log entries; zero: the log is empty'),
  logVersion: at(64, u16, '0'),
  version: at(66, u16, '1'),
  logLength: at(68, u32, 'bytes of the log, a multiple of 1 MiB'),
  logOffset: at(72, u64, 'of the log in the file, a multiple of 1 MiB'),
});
export type VhdxHeader = Infer<typeof VhdxHeader>;

/** "regi" */
export const REGION_TABLE_SIGNATURE = 0x6967_6572;
export const RegionTableHeader = struct('VHDX region table', 16, {
  signature: at(0, u32, '"regi"'),
  checksum: at(4, u32, 'CRC-32C of the 64 KiB of the table, with this field zero'),
  entryCount: at(8, u32, 'at most 2047'),
  reserved: at(12, u32, ''),
});
export const RegionEntry = struct('VHDX region table entry', 32, {
  guid: at(0, bytes(16), 'what the region is'),
  offset: at(16, u64, 'in the file, a multiple of 1 MiB'),
  length: at(24, u32, 'a multiple of 1 MiB'),
  required: at(28, u32, 'bit 0: a reader that does not know the region must not open the file'),
});
export const BAT_REGION = '2dc27766-f623-4200-9d64-115e9bfd4a08';
export const METADATA_REGION = '8b7ca206-4790-4b9a-b8fe-575f050f886e';

/** "metadata" */
export const METADATA_SIGNATURE = 0x6174_6164_6174_656dn;
export const MetadataTableHeader = struct('VHDX metadata table', 32, {
  signature: at(0, u64, '"metadata"'),
  reserved: at(8, u16, ''),
  entryCount: at(10, u16, 'at most 2047'),
  reserved2: at(12, bytes(20), ''),
});
export const MetadataEntry = struct('VHDX metadata table entry', 32, {
  itemId: at(0, bytes(16), 'what the item is'),
  offset: at(16, u32, 'in the region, at least 64 KiB'),
  length: at(20, u32, 'at most 1 MiB'),
  flags: at(24, u32, 'bit 0: user item, bit 1: of the virtual disk, bit 2: required'),
  reserved: at(28, u32, ''),
});
export const METADATA_USER = 1;
export const METADATA_OF_DISK = 2;
export const METADATA_REQUIRED = 4;

export const FILE_PARAMETERS_ITEM = 'caa16737-fa36-4d43-b3b6-33f0aa44e76b';
export const DISK_SIZE_ITEM = '2fa54224-cd1b-4876-b211-5dbed83bf4b8';
export const DISK_ID_ITEM = 'beca12ab-b2e6-4523-93ef-c309e000c746';
export const LOGICAL_SECTOR_ITEM = '8141bf1d-a96f-4709-ba47-f233a8faab5f';
export const PHYSICAL_SECTOR_ITEM = 'cda348c7-445d-4471-9cc9-e9885251c556';
export const PARENT_LOCATOR_ITEM = 'a8d35f2d-b30b-454d-abf7-d3d84834ab0c';

export const FileParameters = struct('VHDX file parameters', 8, {
  blockSize: at(0, u32, 'a power of two, 1 MiB to 256 MiB'),
  flags: at(4, u32, 'bit 0: blocks stay allocated (fixed), bit 1: has a parent'),
});
export const LEAVE_ALLOCATED = 1;
export const HAS_PARENT = 2;

/** The only type of parent locator there is. */
export const PARENT_LOCATOR_TYPE = 'b04aefb7-d19e-4a81-b789-25b8e9445913';
export const ParentLocatorHeader = struct('VHDX parent locator', 20, {
  type: at(0, bytes(16), 'b04aefb7-d19e-4a81-b789-25b8e9445913: of a VHDX'),
  reserved: at(16, u16, ''),
  count: at(18, u16, 'entries'),
});
export const ParentLocatorEntry = struct('VHDX parent locator entry', 12, {
  keyOffset: at(0, u32, 'in the item'),
  valueOffset: at(4, u32, 'in the item'),
  keyLength: at(8, u16, 'bytes of UTF-16LE'),
  valueLength: at(10, u16, 'bytes of UTF-16LE'),
});

/** "loge" */
export const LOG_ENTRY_SIGNATURE = 0x6567_6f6c;
export const LogEntryHeader = struct('VHDX log entry', 64, {
  signature: at(0, u32, '"loge"'),
  checksum: at(4, u32, 'CRC-32C of the whole entry, with this field zero'),
  entryLength: at(8, u32, 'bytes, a multiple of 4 KiB'),
  tail: at(12, u32, 'offset in the log of the first entry that must be replayed with this one'),
  sequenceNumber: at(16, u64, 'one more than that of the entry before'),
  descriptorCount: at(24, u32, ''),
  reserved: at(28, u32, ''),
  logGuid: at(32, bytes(16), 'that of the header, or the entry is an old one'),
  flushedFileOffset: at(48, u64, 'the file had at least this length when the entry was written'),
  lastFileOffset: at(56, u64, 'the file must have this length when it is replayed'),
});
export type LogEntryHeader = Infer<typeof LogEntryHeader>;
export const LOG_DESCRIPTOR_SIZE = 32;
/** "zero" */
export const ZERO_SIGNATURE = 0x6f72_657a;
export const ZeroDescriptor = struct('VHDX zero descriptor', LOG_DESCRIPTOR_SIZE, {
  signature: at(0, u32, '"zero"'),
  reserved: at(4, u32, ''),
  length: at(8, u64, 'bytes of zeroes, a multiple of 4 KiB'),
  fileOffset: at(16, u64, 'a multiple of 4 KiB'),
  sequenceNumber: at(24, u64, "the entry's"),
});
/** "desc" */
export const DATA_SIGNATURE = 0x6373_6564;
export const DataDescriptor = struct('VHDX data descriptor', LOG_DESCRIPTOR_SIZE, {
  signature: at(0, u32, '"desc"'),
  trailingBytes: at(4, bytes(4), 'last 4 bytes of the sector'),
  leadingBytes: at(8, bytes(8), 'first 8 bytes of the sector'),
  fileOffset: at(16, u64, 'a multiple of 4 KiB'),
  sequenceNumber: at(24, u64, "the entry's"),
});
/** "data" */
export const DATA_SECTOR_SIGNATURE = 0x6174_6164;

/** States of a payload block in the BAT, [MS-VHDX] 2.5.1.1. */
export const BlockState = {
  NOT_PRESENT: 0,
  UNDEFINED: 1,
  ZERO: 2,
  UNMAPPED: 3,
  /** What the drafts of the format, and files of their time, have for unmapped. */
  UNMAPPED_DRAFT: 5,
  FULLY_PRESENT: 6,
  PARTIALLY_PRESENT: 7,
} as const;
/** State of a sector bitmap block that is there. */
export const BITMAP_PRESENT = 6;
