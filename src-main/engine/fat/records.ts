import { at, bytes, struct, u16, u32, u8, type Infer } from '../binary/struct';

/** Bytes of a boot sector that are declared; larger sectors are zero behind them. */
export const BOOT_SECTOR_SIZE = 512;
export const BOOT_MAGIC = 0xaa55;
export const FS_INFO_LEAD = 0x4161_5252;
export const FS_INFO_SIGNATURE = 0x6141_7272;
export const FS_INFO_TRAIL = 0xaa55_0000;

/** Boot sector of a FAT32 volume. Microsoft's fatgen103, "Boot Sector and BPB". */
export const Fat32BootSector = struct(
  'FAT32 boot sector',
  BOOT_SECTOR_SIZE,
  {
    jump: at(0x000, bytes(3), 'EB xx 90 or E9 xx xx'),
    oemName: at(0x003, bytes(8), 'MSWIN4.1 is what old programs expect'),
    bytesPerSector: at(0x00b, u16, '512 to 4096'),
    sectorsPerCluster: at(0x00d, u8, 'a power of two'),
    reservedSectors: at(0x00e, u16, 'before the first FAT'),
    fatCount: at(0x010, u8, ''),
    rootEntries: at(0x011, u16, '0; FAT12/16: entries of the root directory'),
    sectors16: at(0x013, u16, '0; FAT12/16: sectors, where they fit'),
    media: at(0x015, u8, '0xF8: not removable'),
    fatSectors16: at(0x016, u16, '0; FAT12/16: sectors of one FAT'),
    sectorsPerTrack: at(0x018, u16, ''),
    heads: at(0x01a, u16, ''),
    hiddenSectors: at(0x01c, u32, 'sectors before the volume: where its partition begins'),
    sectors32: at(0x020, u32, ''),
    fatSectors32: at(0x024, u32, 'sectors of one FAT'),
    extendedFlags: at(0x028, u16, 'bit 7: only the FAT of bits 0 to 3 is used'),
    version: at(0x02a, u16, '0.0'),
    rootCluster: at(0x02c, u32, ''),
    fsInfoSector: at(0x030, u16, ''),
    backupBootSector: at(0x032, u16, '6'),
    reserved: at(0x034, bytes(12), ''),
    driveNumber: at(0x040, u8, '0x80'),
    state: at(0x041, u8, 'bit 0: dirty, bit 1: surface to be tested'),
    bootSignature: at(0x042, u8, '0x29: the three fields after it are there'),
    serial: at(0x043, u32, ''),
    label: at(0x047, bytes(11), 'as in the root directory; "NO NAME    "'),
    typeName: at(0x052, bytes(8), '"FAT32   "; says nothing'),
    bootCode: at(0x05a, bytes(420), ''),
    magic: at(0x1fe, u16, '0xAA55'),
  },
  'volume/malformed',
);
export type Fat32BootSector = Infer<typeof Fat32BootSector>;

/** What FAT12 and FAT16 have from 0x24 on. */
export const Fat16Extension = struct(
  'FAT16 boot sector',
  26,
  {
    driveNumber: at(0x00, u8, ''),
    state: at(0x01, u8, ''),
    bootSignature: at(0x02, u8, '0x29'),
    serial: at(0x03, u32, ''),
    label: at(0x07, bytes(11), ''),
    typeName: at(0x12, bytes(8), ''),
  },
  'volume/malformed',
);
export const FAT16_EXTENSION_OFFSET = 0x24;

/** What FAT32 keeps in a sector of its own to spare counting. */
export const FsInfo = struct(
  'FAT32 FSInfo',
  BOOT_SECTOR_SIZE,
  {
    lead: at(0x000, u32, 'RRaA'),
    reserved1: at(0x004, bytes(480), ''),
    signature: at(0x1e4, u32, 'rrAa'),
    freeClusters: at(0x1e8, u32, '0xFFFFFFFF: not known'),
    nextFree: at(0x1ec, u32, 'where to look for a free cluster'),
    reserved2: at(0x1f0, bytes(12), ''),
    trail: at(0x1fc, u32, '0xAA550000'),
  },
  'volume/malformed',
);
export type FsInfo = Infer<typeof FsInfo>;

/** Directory entry with an 8.3 name. */
export const FatEntry = struct(
  'FAT directory entry',
  32,
  {
    name: at(0x00, bytes(11), 'upper case, padded with spaces; first byte 0: the end, 0xE5: not in use'),
    attributes: at(0x0b, u8, ''),
    caseFlags: at(0x0c, u8, 'bit 3: the name is shown in lower case, bit 4: the extension is'),
    creationTenths: at(0x0d, u8, '10 ms, 0 to 199'),
    creationTime: at(0x0e, u16, ''),
    creationDate: at(0x10, u16, ''),
    accessDate: at(0x12, u16, ''),
    clusterHigh: at(0x14, u16, ''),
    writeTime: at(0x16, u16, ''),
    writeDate: at(0x18, u16, ''),
    clusterLow: at(0x1a, u16, '0: no data'),
    size: at(0x1c, u32, '0 for directories'),
  },
  'volume/malformed',
);
export type FatEntry = Infer<typeof FatEntry>;

/** Part of a long name, before the entry that it belongs to, last part first. */
export const LongNameEntry = struct(
  'FAT long name entry',
  32,
  {
    order: at(0x00, u8, 'number of the part from 1; bit 6: the last one'),
    name1: at(0x01, bytes(10), 'UTF-16LE; a NUL ends it, then 0xFFFF'),
    attributes: at(0x0b, u8, '0x0F'),
    type: at(0x0c, u8, '0'),
    checksum: at(0x0d, u8, 'of the 8.3 name'),
    name2: at(0x0e, bytes(12), ''),
    cluster: at(0x1a, u16, '0'),
    name3: at(0x1c, bytes(4), ''),
  },
  'volume/malformed',
);
export type LongNameEntry = Infer<typeof LongNameEntry>;

export const FatAttribute = {
  READ_ONLY: 0x01,
  HIDDEN: 0x02,
  SYSTEM: 0x04,
  VOLUME_LABEL: 0x08,
  DIRECTORY: 0x10,
  ARCHIVE: 0x20,
  LONG_NAME: 0x0f,
} as const;

/** Sizes and places that all FATs have in common, checked. */
export interface FatBoot {
  readonly bytesPerSector: number;
  readonly sectorsPerCluster: number;
  readonly reservedSectors: number;
  readonly fatCount: number;
  readonly fatSectors: number;
  readonly rootEntries: number;
  readonly sectors: number;
  readonly record: Fat32BootSector;
}

/** @returns undefined where the bytes are no boot sector of a FAT volume */
export function parseBootSector(sector: Uint8Array): FatBoot | undefined {
  const record = Fat32BootSector.parse(sector);
  const { bytesPerSector, sectorsPerCluster, reservedSectors, fatCount, rootEntries } = record;
  const jumps = (record.jump[0] === 0xeb && record.jump[2] === 0x90) || record.jump[0] === 0xe9;
  if (!jumps || record.magic !== BOOT_MAGIC) return undefined;
  if (![512, 1024, 2048, 4096].includes(bytesPerSector)) return undefined;
  if (sectorsPerCluster === 0 || (sectorsPerCluster & (sectorsPerCluster - 1)) !== 0) return undefined;
  if (reservedSectors === 0 || fatCount < 1 || fatCount > 4) return undefined;
  if (record.media !== 0xf0 && record.media < 0xf8) return undefined;
  const sectors = record.sectors16 !== 0 ? record.sectors16 : record.sectors32;
  const fatSectors = record.fatSectors16 !== 0 ? record.fatSectors16 : record.fatSectors32;
  if (sectors === 0 || fatSectors === 0) return undefined;
  return {
    bytesPerSector,
    sectorsPerCluster,
    reservedSectors,
    fatCount,
    fatSectors,
    rootEntries,
    sectors,
    record,
  };
}
