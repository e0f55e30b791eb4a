import { AppError, FormatError } from '../../../../src-shared/errors/appError';
import type { BlockDevice } from '../../disk/blockDevice';
import {
  BITLOCKER_OEM_ID,
  BITLOCKER_TO_GO_OEM_ID,
  BOOT_SIGNATURE,
  EXFAT_OEM_ID,
  NTFS_OEM_ID,
  NtfsBootSector,
  REFS_OEM_ID,
} from '../records/bootSector';

/** Sizes and places of a volume, from its boot sector. Sizes in bytes, places in clusters. */
export interface VolumeGeometry {
  readonly sectorSize: number;
  readonly clusterSize: number;
  /** Clusters of the volume; the last one may be short. */
  readonly clusters: number;
  /** Bytes of a record of $MFT. */
  readonly recordSize: number;
  /** Bytes of an index block of a directory. */
  readonly indexBlockSize: number;
  readonly mftLcn: number;
  readonly mftMirrorLcn: number;
  readonly serial: bigint;
}

const BOOT_SIZE = 512;
const STRUCTURE = 'NTFS boot sector';
/** Largest cluster that Windows makes. */
const MAX_CLUSTER_SIZE = 2 * 1024 * 1024;

/**
 * Reads the boot sector, or its copy at the end of the volume where it is damaged.
 * @param warn told when the copy was taken
 * @throws AppError `volume/encrypted` for BitLocker, `volume/unsupported` for another file system that is recognised;
 * FormatError `volume/malformed` when neither sector is one
 */
export function readGeometry(device: BlockDevice, warn: (text: string) => void): VolumeGeometry {
  const first = readSector(device, 0);
  if (first !== undefined) refuseOthers(first, device.name);
  const faults: FormatError[] = [];
  const from = (sector: Uint8Array | undefined, offset: number) =>
    sector === undefined ? undefined : tryParse(sector, offset, device, faults);
  const geometry = from(first, 0);
  if (geometry !== undefined) return geometry;
  // The copy lies in the last sector of the partition; of one that was formatted and then enlarged, in its middle.
  for (const offset of [device.size - device.sectorSize, device.size - 512, device.size - 4096]) {
    const copy = from(readSector(device, offset), offset);
    if (copy === undefined) continue;
    warn(`The boot sector is damaged (${faults[0].message}); its copy at the end of the volume was read.`);
    return copy;
  }
  throw faults.at(0) ?? malformed(0, `${device.name} has ${device.size} bytes: too few for a volume`);
}

function readSector(device: BlockDevice, offset: number): Uint8Array | undefined {
  if (offset < 0 || offset + BOOT_SIZE > device.size) return undefined;
  const sector = new Uint8Array(BOOT_SIZE);
  return device.read(offset, sector) === BOOT_SIZE ? sector : undefined;
}

function tryParse(
  sector: Uint8Array,
  offset: number,
  device: BlockDevice,
  faults: FormatError[],
): VolumeGeometry | undefined {
  try {
    return parseGeometry(sector, offset, device.size);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    faults.push(error);
    return undefined;
  }
}

/** @throws AppError for a volume that is known and not NTFS */
function refuseOthers(sector: Uint8Array, name: string): void {
  const oem = new DataView(sector.buffer, sector.byteOffset).getBigUint64(3, true);
  if (oem === BITLOCKER_OEM_ID || (oem === BITLOCKER_TO_GO_OEM_ID && isBitLockerToGo(sector))) {
    throw new AppError('volume/encrypted', `${name} is encrypted with BitLocker`);
  }
  if (oem === REFS_OEM_ID) {
    throw new AppError('volume/unsupported', `${name} is a ReFS volume, which is not read here`);
  }
  if (oem === EXFAT_OEM_ID) {
    throw new AppError(
      'volume/unsupported',
      `${name} is an exFAT volume, which has no Windows metadata to read`,
    );
  }
}

/** GUID 4967d63b-2e29-4ad8-8399-f6a339e3d001 at 0x1a8. */
function isBitLockerToGo(sector: Uint8Array): boolean {
  const guid = [
    0x3b, 0xd6, 0x67, 0x49, 0x29, 0x2e, 0xd8, 0x4a, 0x83, 0x99, 0xf6, 0xa3, 0x39, 0xe3, 0xd0, 0x01,
  ];
  return guid.every((byte, i) => sector[0x1a8 + i] === byte);
}

function malformed(offset: number, problem: string, field?: string): FormatError {
  const fault = { structure: STRUCTURE, offset, problem };
  return new FormatError(field === undefined ? fault : { ...fault, field }, 'volume/malformed');
}

/**
 * @param offset of `sector` on the device, for errors
 * @param deviceSize bytes that the volume has at most
 * @throws FormatError `volume/malformed`
 */
export function parseGeometry(sector: Uint8Array, offset: number, deviceSize: number): VolumeGeometry {
  const boot = NtfsBootSector.parse(sector, offset);
  const fail = (field: keyof typeof boot, problem: string): never => {
    throw malformed(offset + NtfsBootSector.fields[field].offset, problem, field);
  };
  if (boot.oemId !== NTFS_OEM_ID) fail('oemId', 'it does not say NTFS');
  if (boot.signature !== BOOT_SIGNATURE) fail('signature', `${boot.signature} found where 43605 must be`);
  const { bytesPerSector } = boot;
  if (!isPowerOfTwo(bytesPerSector) || bytesPerSector < 256 || bytesPerSector > 4096) {
    fail('bytesPerSector', `${bytesPerSector} is no size of a sector`);
  }
  const sectorsPerCluster =
    boot.sectorsPerCluster > 0x80 ? 2 ** (0x100 - boot.sectorsPerCluster) : boot.sectorsPerCluster;
  const clusterSize = sectorsPerCluster * bytesPerSector;
  if (!isPowerOfTwo(sectorsPerCluster) || clusterSize > MAX_CLUSTER_SIZE) {
    fail('sectorsPerCluster', `${boot.sectorsPerCluster} gives no size of a cluster`);
  }
  const sectors = Number(boot.numberOfSectors);
  const size = sectors * bytesPerSector;
  if (size < clusterSize || size > deviceSize) {
    fail('numberOfSectors', `${size} bytes, where there are ${deviceSize}`);
  }
  const clusters = Math.floor(sectors / sectorsPerCluster);
  const recordSize = blockSize(boot.clustersPerFileRecord, clusterSize);
  if (!isPowerOfTwo(recordSize) || recordSize < 512 || recordSize > 65536) {
    fail('clustersPerFileRecord', `${boot.clustersPerFileRecord} gives no size of a record`);
  }
  const indexBlockSize = blockSize(boot.clustersPerIndexBlock, clusterSize);
  if (!isPowerOfTwo(indexBlockSize) || indexBlockSize < 512 || indexBlockSize > MAX_CLUSTER_SIZE) {
    fail('clustersPerIndexBlock', `${boot.clustersPerIndexBlock} gives no size of an index block`);
  }
  const mftLcn = Number(boot.mftLcn);
  const mftMirrorLcn = Number(boot.mftMirrorLcn);
  if (mftLcn >= clusters) fail('mftLcn', `${mftLcn} lies outside the volume of ${clusters} clusters`);
  const serial = boot.serialNumber;
  const sectorSize = bytesPerSector;
  return { sectorSize, clusterSize, clusters, recordSize, indexBlockSize, mftLcn, mftMirrorLcn, serial };
}

/** Clusters as they are, or 2 to the power of the negation of a signed byte. */
function blockSize(value: number, clusterSize: number): number {
  return value < 0x80 ? value * clusterSize : 2 ** (0x100 - value);
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && Number.isInteger(Math.log2(value));
}
