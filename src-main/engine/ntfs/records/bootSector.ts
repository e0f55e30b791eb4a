import { at, bytes, u16, u32, u64, u8, type Infer } from '../../binary/struct';
import { volumeStruct } from './volumeStruct';

/** 'NTFS    ' */
export const NTFS_OEM_ID = 0x202020205346544en;
/** '-FVE-FS-': a volume that BitLocker encrypts. */
export const BITLOCKER_OEM_ID = 0x2d53462d4556462dn;
/** 'MSWIN4.1': with the GUID of BitLocker To Go at 0x1a8, an encrypted FAT volume. */
export const BITLOCKER_TO_GO_OEM_ID = 0x312e344e4957534dn;
/** 'ReFS' and four NULs. */
export const REFS_OEM_ID = 0x0000000053466552n;
/** 'EXFAT   ' */
export const EXFAT_OEM_ID = 0x2020205441465845n;

/** The first sector of a volume, and its copy in the last one. 512 bytes whatever the size of a sector. */
export const NtfsBootSector = volumeStruct('NTFS boot sector', 512, {
  jump: at(0x00, bytes(3), 'eb 52 90'),
  oemId: at(0x03, u64, '"NTFS    "'),
  bytesPerSector: at(0x0b, u16, '256 to 4096'),
  sectorsPerCluster: at(0x0d, u8, 'up to 0x80; above 0xf0: 2 to the power of its negation as a signed byte'),
  reservedSectors: at(0x0e, u16, '0'),
  fats: at(0x10, u8, '0'),
  rootEntries: at(0x11, u16, '0'),
  sectors: at(0x13, u16, '0'),
  mediaType: at(0x15, u8, '0xf8'),
  sectorsPerFat: at(0x16, u16, '0'),
  sectorsPerTrack: at(0x18, u16, 'geometry for the BIOS: 63'),
  heads: at(0x1a, u16, 'geometry for the BIOS: 255'),
  hiddenSectors: at(0x1c, u32, 'sectors before the partition'),
  largeSectors: at(0x20, u32, '0'),
  physicalDrive: at(0x24, u8, '0x80'),
  currentHead: at(0x25, u8, '0'),
  extendedBootSignature: at(0x26, u8, '0x80'),
  reserved: at(0x27, u8, '0'),
  numberOfSectors: at(0x28, u64, 'without the one of the copy'),
  mftLcn: at(0x30, u64, 'first cluster of $MFT'),
  mftMirrorLcn: at(0x38, u64, 'first cluster of $MFTMirr'),
  clustersPerFileRecord: at(0x40, u8, 'from 0x80 up: 2 to the power of its negation, in bytes'),
  reserved41: at(0x41, bytes(3), ''),
  clustersPerIndexBlock: at(0x44, u8, 'the same for index blocks'),
  reserved45: at(0x45, bytes(3), ''),
  serialNumber: at(0x48, u64, ''),
  checksum: at(0x50, u32, 'unused'),
  bootstrap: at(0x54, bytes(426), 'code'),
  signature: at(0x1fe, u16, '0xaa55'),
});
export type NtfsBootSector = Infer<typeof NtfsBootSector>;

export const BOOT_SIGNATURE = 0xaa55;
