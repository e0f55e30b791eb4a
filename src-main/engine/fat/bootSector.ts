import type { BlockDevice } from '../disk/blockDevice';
import { messageProgram } from '../disk/bootMessage';
import type { Fat32Plan } from './geometry';
import {
  BOOT_MAGIC,
  BOOT_SECTOR_SIZE,
  Fat32BootSector,
  FS_INFO_LEAD,
  FS_INFO_SIGNATURE,
  FS_INFO_TRAIL,
  FsInfo,
} from './records';

const FS_INFO_SECTOR = 1;
const BACKUP_SECTOR = 6;
/** Boot sector, FSInfo, and a third sector that has nothing but its signature. */
const BOOT_SECTORS = 3;
export const ROOT_CLUSTER = 2;

const ascii = (text: string) => new TextEncoder().encode(text);

/**
 * Writes what makes a FAT32 volume valid: the backups first, the boot sector last, flushed in between.
 * @param state `label` is 11 characters of ASCII, padded
 */
export function writeBootSectors(
  device: BlockDevice,
  plan: Fat32Plan,
  state: {
    readonly label: string;
    readonly serial: number;
    readonly hiddenSectors: number;
    readonly freeClusters: number;
    readonly nextFree: number;
  },
): void {
  const { sectorSize } = plan;
  const bootCode = new Uint8Array(420);
  bootCode.set(messageProgram('Nothing starts from this volume. Remove it and press a key.'));
  const boot = Fat32BootSector.serialize({
    jump: Uint8Array.of(0xeb, 0x58, 0x90),
    oemName: ascii('MSWIN4.1'),
    bytesPerSector: sectorSize,
    sectorsPerCluster: plan.clusterSize / sectorSize,
    reservedSectors: plan.reservedSectors,
    fatCount: 2,
    rootEntries: 0,
    sectors16: 0,
    media: 0xf8,
    fatSectors16: 0,
    sectorsPerTrack: 63,
    heads: 255,
    hiddenSectors: state.hiddenSectors,
    sectors32: plan.sectors,
    fatSectors32: plan.fatSectors,
    extendedFlags: 0,
    version: 0,
    rootCluster: ROOT_CLUSTER,
    fsInfoSector: FS_INFO_SECTOR,
    backupBootSector: BACKUP_SECTOR,
    reserved: new Uint8Array(12),
    driveNumber: 0x80,
    state: 0,
    bootSignature: 0x29,
    serial: state.serial,
    label: ascii(state.label),
    typeName: ascii('FAT32   '),
    bootCode,
    magic: BOOT_MAGIC,
  });
  const info = FsInfo.serialize({
    lead: FS_INFO_LEAD,
    reserved1: new Uint8Array(480),
    signature: FS_INFO_SIGNATURE,
    freeClusters: state.freeClusters,
    nextFree: state.nextFree,
    reserved2: new Uint8Array(12),
    trail: FS_INFO_TRAIL,
  });
  const sectors = new Uint8Array(BOOT_SECTORS * sectorSize);
  sectors.set(boot);
  sectors.set(info, FS_INFO_SECTOR * sectorSize);
  new DataView(sectors.buffer).setUint16(2 * sectorSize + BOOT_SECTOR_SIZE - 2, BOOT_MAGIC, true);
  device.write(BACKUP_SECTOR * sectorSize, sectors);
  device.write(sectorSize, sectors.subarray(sectorSize));
  device.flush();
  device.write(0, sectors.subarray(0, sectorSize));
  device.flush();
}
