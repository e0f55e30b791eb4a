import type { BlockDevice } from '../blockDevice';
import { protectiveBootCode } from './bootCode';
import {
  BOOT_CODE_SIZE,
  BootRecord,
  MBR_MAGIC,
  MBR_SIZE,
  MbrEntry,
  mbrEntries,
  PROTECTIVE_TYPE,
} from './records';

/**
 * First sector of a GPT disk: one partition of type 0xEE over everything, so that programs that know no GPT see a disk
 * in use. UEFI specification, section 5.2.3.
 */
export function protectiveMbr(diskSize: number, sectorSize: number): Uint8Array<ArrayBuffer> {
  const sectors = Math.floor(diskSize / sectorSize) - 1;
  const bootCode = new Uint8Array(BOOT_CODE_SIZE);
  bootCode.set(protectiveBootCode);
  const none = MbrEntry.parse(new Uint8Array(MbrEntry.size));
  const record = BootRecord.serialize({
    bootCode,
    signature: 0,
    reserved: 0,
    entry1: {
      status: 0,
      firstChs: Uint8Array.of(0x00, 0x02, 0x00),
      type: PROTECTIVE_TYPE,
      lastChs: Uint8Array.of(0xff, 0xff, 0xff),
      firstLba: 1,
      sectors: Math.min(sectors, 0xffff_ffff),
    },
    entry2: none,
    entry3: none,
    entry4: none,
    magic: MBR_MAGIC,
  });
  const sector = new Uint8Array(sectorSize);
  sector.set(record);
  return sector;
}

/** Whether the first sector says that the disk has a GUID partition table. */
export function hasProtectiveEntry(device: BlockDevice): boolean {
  const bytes = new Uint8Array(MBR_SIZE);
  if (device.read(0, bytes) < MBR_SIZE) return false;
  const record = BootRecord.parse(bytes);
  return record.magic === MBR_MAGIC && mbrEntries(record).some(({ type }) => type === PROTECTIVE_TYPE);
}
