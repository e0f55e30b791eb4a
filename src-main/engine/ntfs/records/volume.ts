import { at, bytes, u16, u32, u64, u8, type Infer } from '../../binary/struct';
import { volumeStruct } from './volumeStruct';

/** $VOLUME_INFORMATION of $Volume. */
export const VolumeInformation = volumeStruct('$VOLUME_INFORMATION', 0x0c, {
  reserved: at(0x00, u64, '0'),
  majorVersion: at(0x08, u8, '3; 1 before Windows 2000'),
  minorVersion: at(0x09, u8, '1'),
  flags: at(0x0a, u16, 'VolumeFlag bits'),
});
export type VolumeInformation = Infer<typeof VolumeInformation>;

export const VolumeFlag = {
  DIRTY: 0x0001,
  RESIZE_LOG_FILE: 0x0002,
  UPGRADE_ON_MOUNT: 0x0004,
  MOUNTED_ON_NT4: 0x0008,
  DELETE_USN_UNDERWAY: 0x0010,
  REPAIR_OBJECT_IDS: 0x0020,
  CHKDSK_UNDERWAY: 0x4000,
  MODIFIED_BY_CHKDSK: 0x8000,
} as const;

/** 'RSTR' */
export const RESTART_MAGIC = 0x52545352;
/** 'CHKD': a restart page that a check of the disk wrote. */
export const CHECKED_MAGIC = 0x444b4843;

/** Start of a restart page of $LogFile: its first two pages. The update sequence array follows. */
export const RestartPage = volumeStruct('restart page', 0x1e, {
  magic: at(0x00, u32, '"RSTR"'),
  sequenceOffset: at(0x04, u16, '0x1e'),
  sequenceCount: at(0x06, u16, ''),
  checkedLsn: at(0x08, u64, ''),
  systemPageSize: at(0x10, u32, '4096'),
  logPageSize: at(0x14, u32, '4096'),
  restartAreaOffset: at(0x18, u16, 'a multiple of 8'),
  minorVersion: at(0x1a, u16, '1'),
  majorVersion: at(0x1c, u16, '1, or 2 since Windows 10'),
});
export type RestartPage = Infer<typeof RestartPage>;

/** In a restart page, at `restartAreaOffset`; clients follow at `clientArrayOffset`. */
export const RestartArea = volumeStruct('restart area', 0x30, {
  currentLsn: at(0x00, u64, ''),
  clientCount: at(0x08, u16, '1'),
  firstFreeClient: at(0x0a, u16, '0xffff: none'),
  firstClientInUse: at(0x0c, u16, '0xffff: none, the log was closed'),
  flags: at(0x0e, u16, '0x2: the volume is clean'),
  sequenceNumberBits: at(0x10, u32, ''),
  restartAreaLength: at(0x14, u16, ''),
  clientArrayOffset: at(0x16, u16, ''),
  fileSize: at(0x18, u64, 'of $LogFile'),
  lastDataLength: at(0x20, u32, ''),
  recordHeaderLength: at(0x24, u16, '0x30'),
  pageDataOffset: at(0x26, u16, '0x40'),
  openCount: at(0x28, u32, ''),
  reserved: at(0x2c, u32, ''),
});
export type RestartArea = Infer<typeof RestartArea>;
export const RESTART_CLEAN = 0x2;
export const NO_LOG_CLIENT = 0xffff;

export const LogClient = volumeStruct('log client', 0xa0, {
  oldestLsn: at(0x00, u64, ''),
  restartLsn: at(0x08, u64, ''),
  previousClient: at(0x10, u16, ''),
  nextClient: at(0x12, u16, ''),
  sequence: at(0x14, u16, ''),
  reserved: at(0x16, bytes(6), ''),
  nameLength: at(0x1c, u32, 'bytes'),
  name: at(0x20, bytes(128), 'UTF-16: "NTFS"'),
});
export type LogClient = Infer<typeof LogClient>;

/** Value of a $Quota:$Q entry up to the SID. */
export const QuotaEntry = volumeStruct('quota entry', 0x30, {
  version: at(0x00, u32, '2'),
  flags: at(0x04, u32, ''),
  bytesUsed: at(0x08, u64, ''),
  changeTime: at(0x10, u64, 'FILETIME'),
  threshold: at(0x18, u64, '-1: none'),
  limit: at(0x20, u64, '-1: none'),
  exceededTime: at(0x28, u64, 'FILETIME'),
});
export type QuotaEntry = Infer<typeof QuotaEntry>;
