import type { FileSystemName } from '../../../src-shared/model/disks';
import type { ByteSource } from '../binary/byteSource';
import { formatGuid } from '../binary/guid';
import { fatTypeOf } from '../fat/geometry';
import { parseBootSector } from '../fat/records';

const SECTOR = 512;
/** At offset 0x1A8 of a removable volume that BitLocker encrypts behind a FAT boot sector ("To Go"). */
const BITLOCKER_TO_GO = '4967d63b-2e29-4ad8-8399-f6a339e3d001';

const byName: Readonly<Record<string, FileSystemName>> = {
  'NTFS    ': 'ntfs',
  '-FVE-FS-': 'bitlocker',
  'EXFAT   ': 'exfat',
  'ReFS\0\0\0\0': 'refs',
};

/**
 * Tells a file system by its boot sector. 'none' where all of it is zero, 'unknown' for anything else. That a file
 * system is recognised does not mean that it is sound.
 */
export function recogniseFileSystem(device: ByteSource): FileSystemName {
  const sector = new Uint8Array(SECTOR);
  if (device.read(0, sector) < SECTOR) return 'unknown';
  if (sector.every((byte) => byte === 0)) return 'none';
  const name = String.fromCharCode(...sector.subarray(3, 11));
  const known = byName[name] as FileSystemName | undefined;
  if (known) return known;
  const boot = parseBootSector(sector);
  if (boot === undefined) return 'unknown';
  if (formatGuid(sector.subarray(0x1a8, 0x1b8)) === BITLOCKER_TO_GO) return 'bitlocker';
  return fatTypeOf(boot);
}
