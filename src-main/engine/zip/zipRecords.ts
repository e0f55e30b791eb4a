// Records of a zip: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory) and 4.3.14 to
// 4.3.16 (its ends).
import { at, struct, u16, u32, u64, type Infer } from '../binary/struct';

const MALFORMED = 'archive/malformed';

export const LocalHeader = struct(
  'zip local file header',
  30,
  {
    signature: at(0, u32, '"PK", 3, 4', 0x04034b50),
    versionNeeded: at(4, u16, 'ten times the version of the format'),
    flags: at(6, u16, 'ZipFlag'),
    method: at(8, u16, 'compression'),
    time: at(10, u16, 'MS-DOS'),
    date: at(12, u16, 'MS-DOS'),
    crc: at(14, u32, 'CRC-32 of the data; 0 where a descriptor follows the data'),
    compressedSize: at(18, u32, '0 where a descriptor follows'),
    size: at(22, u32, '0 where a descriptor follows'),
    nameLength: at(26, u16, 'bytes of the name behind the record'),
    extraLength: at(28, u16, 'bytes of extra fields behind the name'),
  },
  MALFORMED,
);

export const CentralHeader = struct(
  'zip central directory entry',
  46,
  {
    signature: at(0, u32, '"PK", 1, 2', 0x02014b50),
    versionMadeBy: at(4, u16, 'upper byte: system of the attributes'),
    versionNeeded: at(6, u16, 'as in the local header'),
    flags: at(8, u16, 'ZipFlag'),
    method: at(10, u16, 'compression'),
    time: at(12, u16, 'MS-DOS'),
    date: at(14, u16, 'MS-DOS'),
    crc: at(16, u32, 'CRC-32 of the data'),
    compressedSize: at(20, u32, 'all ones: in the zip64 field'),
    size: at(24, u32, 'all ones: in the zip64 field'),
    nameLength: at(28, u16, 'bytes'),
    extraLength: at(30, u16, 'bytes'),
    commentLength: at(32, u16, 'bytes'),
    disk: at(34, u16, 'where the file begins'),
    internalAttributes: at(36, u16, 'text or not'),
    externalAttributes: at(38, u32, 'of the system; UNIX: mode in the upper half'),
    localOffset: at(42, u32, 'of the local header; all ones: in the zip64 field'),
  },
  MALFORMED,
);
export type CentralHeader = Infer<typeof CentralHeader>;

export const EndRecord = struct(
  'zip end of central directory',
  22,
  {
    signature: at(0, u32, '"PK", 5, 6', 0x06054b50),
    disk: at(4, u16, 'number of this disk'),
    directoryDisk: at(6, u16, 'disk on which the directory begins'),
    entriesHere: at(8, u16, 'on this disk'),
    entries: at(10, u16, 'in all'),
    directorySize: at(12, u32, 'bytes'),
    directoryOffset: at(16, u32, 'from the first disk'),
    commentLength: at(20, u16, 'bytes behind the record'),
  },
  MALFORMED,
);

export const Zip64Locator = struct(
  'zip64 end locator',
  20,
  {
    signature: at(0, u32, '"PK", 6, 7', 0x07064b50),
    disk: at(4, u32, 'that holds the zip64 end record'),
    offset: at(8, u64, 'of the zip64 end record'),
    disks: at(16, u32, 'in all'),
  },
  MALFORMED,
);

export const Zip64End = struct(
  'zip64 end of central directory',
  56,
  {
    signature: at(0, u32, '"PK", 6, 6', 0x06064b50),
    recordSize: at(4, u64, 'bytes that follow this field'),
    versionMadeBy: at(12, u16, ''),
    versionNeeded: at(14, u16, ''),
    disk: at(16, u32, 'number of this disk'),
    directoryDisk: at(20, u32, 'disk on which the directory begins'),
    entriesHere: at(24, u64, 'on this disk'),
    entries: at(32, u64, 'in all'),
    directorySize: at(40, u64, 'bytes'),
    directoryOffset: at(48, u64, ''),
  },
  MALFORMED,
);

export const ZipFlag = { ENCRYPTED: 0x1, STRONG_ENCRYPTION: 0x40, UTF8: 0x800, MASKED: 0x2000 } as const;

export const ZipMethod = { STORED: 0, DEFLATE: 8 } as const;
