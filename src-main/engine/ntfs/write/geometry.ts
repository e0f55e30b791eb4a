import { AppError } from '../../../../src-shared/errors/appError';
import type { BlockDevice } from '../../disk/blockDevice';

/** Bytes of $Boot: sixteen sectors of 512, whatever the size of a sector. */
const BOOT_SIZE = 8192;
/** Index blocks of every volume that Windows formats. */
export const INDEX_BLOCK_SIZE = 4096;
const MIRRORED_RECORDS = 4;
const LARGEST_CLUSTER = 2 * 1024 * 1024;
/** Windows counts clusters in 32 bits. */
const CLUSTER_LIMIT = 2 ** 32 - 1;

/** Default cluster sizes of Microsoft: 4 KiB up to 16 TiB, then doubled with the size. */
function defaultClusterSize(size: number): number {
  let clusterSize = 4096;
  while (size > clusterSize * 2 ** 32 && clusterSize < LARGEST_CLUSTER) clusterSize *= 2;
  return clusterSize;
}

/** Sizes that follow from a volume's own size. Bytes, unless it says clusters or sectors. */
export interface Geometry {
  readonly sectorSize: number;
  readonly clusterSize: number;
  readonly recordSize: number;
  /** Sectors of the file system: all but the last, which holds the copy of the boot sector. */
  readonly sectors: number;
  readonly clusters: number;
  readonly bootClusters: number;
  readonly mirrorClusters: number;
  /** Of $MFTMirr: four records, or those of a cluster. */
  readonly mirrorSize: number;
  readonly logSize: number;
  /** Units that the VCNs of index blocks count in: clusters, or 512 bytes where these are larger than a block. */
  readonly indexUnit: number;
}

/** Size of $LogFile: a hundredth of the volume, 256 KiB to 64 MiB. */
function logFileSize(size: number): number {
  const wanted = Math.floor(size / 100 / 4096) * 4096;
  const least = size < 16 * 1024 * 1024 ? 256 * 1024 : 2 * 1024 * 1024;
  return Math.min(Math.max(wanted, least), 64 * 1024 * 1024);
}

/**
 * @param clusterSize a power of two from a sector to 2 MiB; Microsoft's default where it is absent
 * @throws AppError `layout/invalid` for a cluster size that cannot be, `disk/too-small`, `disk/unsupported`
 */
export function planGeometry(
  device: Pick<BlockDevice, 'name' | 'size' | 'sectorSize'>,
  clusterSize = Math.max(defaultClusterSize(device.size), device.sectorSize),
): Geometry {
  const { sectorSize } = device;
  const isPower = Number.isInteger(Math.log2(clusterSize));
  if (!isPower || clusterSize < sectorSize || clusterSize > LARGEST_CLUSTER) {
    throw new AppError(
      'layout/invalid',
      `${device.name}: clusters of ${clusterSize} bytes: the size must be a power of two from ${sectorSize} to ${LARGEST_CLUSTER}`,
    );
  }
  const sectors = Math.floor(device.size / sectorSize) - 1;
  const clusters = Math.floor((sectors * sectorSize) / clusterSize);
  if (clusters > CLUSTER_LIMIT) {
    throw new AppError(
      'disk/unsupported',
      `${device.name}: ${clusters} clusters of ${clusterSize} bytes are more than Windows can count; choose larger clusters`,
    );
  }
  if (clusters < 16 || sectors * sectorSize < 1024 * 1024) {
    throw new AppError('disk/too-small', `${device.name}: ${device.size} bytes are too few for NTFS`);
  }
  const recordSize = Math.max(1024, sectorSize);
  const mirrorSize = Math.max(MIRRORED_RECORDS * recordSize, clusterSize);
  return {
    sectorSize,
    clusterSize,
    recordSize,
    sectors,
    clusters,
    bootClusters: Math.ceil(BOOT_SIZE / clusterSize),
    mirrorClusters: Math.ceil(mirrorSize / clusterSize),
    mirrorSize,
    logSize: logFileSize(device.size),
    indexUnit: Math.min(clusterSize, INDEX_BLOCK_SIZE) === clusterSize ? clusterSize : 512,
  };
}

/** Clusters that hold so many bytes. */
export function clustersFor(geometry: Geometry, bytes: number): number {
  return Math.ceil(bytes / geometry.clusterSize);
}

/** A size in a byte of the boot sector: in clusters, or as a negative power of two where it is below one. */
export function sizeInClusters(geometry: Geometry, bytes: number): number {
  return bytes >= geometry.clusterSize ? bytes / geometry.clusterSize : 256 - Math.log2(bytes);
}
