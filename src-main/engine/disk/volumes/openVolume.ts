import { AppError } from '../../../../src-shared/errors/appError';
import type { FileSystemName } from '../../../../src-shared/model/disks';
import type { VolumeChoice } from '../../../../src-shared/model/requests';
import { openNtfs, type NtfsVolume } from '../../ntfs/read/openNtfs';
import { createVolumeSource } from '../../ntfs/read/volumeSource';
import type { EngineHost } from '../../os';
import type { TreeSource } from '../../tree/source';
import { chooseVolume } from '../chooseVolume';
import { openDisk } from '../openDisk';

export type VolumeHost = Pick<EngineHost, 'files' | 'devices' | 'randomBytes' | 'now'>;

/** A volume of a disk, open for reading. */
export interface OpenedVolume {
  readonly volume: NtfsVolume;
  readonly source: TreeSource;
  /** What was noticed of the disk and of the volume, one sentence each. */
  readonly warnings: readonly string[];
  /** Closes the disk, too. */
  close(): void;
}

/**
 * Opens an NTFS volume of a disk: of a raw, VHD or VHDX file, or of a physical disk. Nothing is ever written.
 * @param choice absent: as 'auto'
 * @throws AppError `disk/` codes for the disk, `disk/no-such-volume`, `disk/ambiguous-volume`, `volume/` codes
 */
export function openVolume(host: VolumeHost, disk: string, choice: VolumeChoice | undefined): OpenedVolume {
  const device = openDisk(host, disk, 'read');
  try {
    const { volume: place, partition } = chooseVolume(device, choice);
    const label = partition.number === 0 ? disk : `${disk}, volume ${partition.number}`;
    assertNtfs(label, partition.fileSystem);
    const volume = openNtfs(place);
    return {
      volume,
      source: createVolumeSource(volume, label),
      warnings: [...device.warnings, ...volume.warnings],
      close: () => device.close(),
    };
  } catch (error) {
    device.close();
    throw error;
  }
}

/** File systems that are known, and are not NTFS. What is not known may be a damaged NTFS volume. */
const others: Readonly<Partial<Record<FileSystemName, string>>> = {
  fat12: 'FAT12',
  fat16: 'FAT16',
  fat32: 'FAT32',
  exfat: 'exFAT',
  refs: 'ReFS',
  none: 'not formatted',
};

/** @throws AppError `volume/unsupported` */
function assertNtfs(label: string, fileSystem: FileSystemName): void {
  const other = others[fileSystem];
  if (other === undefined) return;
  throw new AppError('volume/unsupported', `${label} is ${other}: only NTFS volumes can be read`, {
    path: label,
  });
}

/** Whether a path is that of a disk, physical or a file, rather than of a directory. */
export function isDisk(host: VolumeHost, path: string): boolean {
  if (host.devices?.isDevice(path) === true) return true;
  return host.files.status(host.files.absolute(path))?.kind === 'file';
}
