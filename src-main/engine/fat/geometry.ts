import type { FatBoot } from './records';

export type FatType = 'fat12' | 'fat16' | 'fat32';

/** Clusters from which on a volume is FAT16, and FAT32. The number alone decides (fatgen103). */
const MIN_FAT16_CLUSTERS = 4085;
const MIN_FAT32_CLUSTERS = 65_525;
/** Clusters that 28 bits can name, without those that mean something. */
const MAX_FAT32_CLUSTERS = 0x0fff_fff5;

/** Places on a FAT volume. */
export interface FatGeometry {
  readonly type: FatType;
  readonly clusterSize: number;
  readonly clusters: number;
  /** Byte offset of the first FAT, and bytes of one. */
  readonly fatOffset: number;
  readonly fatSize: number;
  /** Of FAT12 and FAT16; its size is 0 on FAT32. */
  readonly rootOffset: number;
  readonly rootSize: number;
  /** Byte offset of cluster 2. */
  readonly dataOffset: number;
}

export function fatGeometry(boot: FatBoot): FatGeometry {
  const { bytesPerSector } = boot;
  const rootSectors = Math.ceil((boot.rootEntries * 32) / bytesPerSector);
  const fatEnd = boot.reservedSectors + boot.fatCount * boot.fatSectors;
  const dataSector = fatEnd + rootSectors;
  const clusters = Math.max(0, Math.floor((boot.sectors - dataSector) / boot.sectorsPerCluster));
  return {
    type: typeOfClusters(clusters),
    clusterSize: boot.sectorsPerCluster * bytesPerSector,
    clusters,
    fatOffset: boot.reservedSectors * bytesPerSector,
    fatSize: boot.fatSectors * bytesPerSector,
    rootOffset: fatEnd * bytesPerSector,
    rootSize: boot.rootEntries * 32,
    dataOffset: dataSector * bytesPerSector,
  };
}

export function fatTypeOf(boot: FatBoot): FatType {
  return fatGeometry(boot).type;
}

function typeOfClusters(clusters: number): FatType {
  if (clusters < MIN_FAT16_CLUSTERS) return 'fat12';
  return clusters < MIN_FAT32_CLUSTERS ? 'fat16' : 'fat32';
}

/** How a new FAT32 volume is laid out. */
export interface Fat32Plan {
  readonly sectorSize: number;
  readonly sectors: number;
  readonly clusterSize: number;
  readonly clusters: number;
  readonly reservedSectors: number;
  readonly fatSectors: number;
}

const MIB = 1 << 20;
const MIN_RESERVED_SECTORS = 32;
const MAX_CLUSTER = 65536;
/** Windows formats a volume up to that size (MiB) with clusters of that size: Microsoft's KB 140365. */
const defaultClusters: readonly (readonly [megabytes: number, clusterSize: number])[] = [
  [64, 512],
  [128, 1024],
  [256, 2048],
  [8 * 1024, 4096],
  [16 * 1024, 8192],
  [32 * 1024, 16384],
  [Infinity, 32768],
];

/**
 * Lays out a FAT32 volume: clusters of Windows's default size, or of `clusterSize`, aligned to their own size.
 * @returns undefined for a volume that is too small, or has too many clusters of the wanted size
 */
export function planFat32(size: number, sectorSize: number, clusterSize?: number): Fat32Plan | undefined {
  const sectors = Math.floor(size / sectorSize);
  if (sectors > 0xffff_ffff) return undefined;
  if (clusterSize !== undefined) return layOut(sectors, sectorSize, clusterSize);
  const usual = defaultClusters.find(([megabytes]) => size <= megabytes * MIB)?.[1] ?? MAX_CLUSTER;
  // A volume just above a step of the table has too few of its clusters: smaller ones then.
  for (let wanted = Math.max(usual, sectorSize); wanted >= sectorSize; wanted /= 2) {
    const plan = layOut(sectors, sectorSize, wanted);
    if (plan) return plan;
  }
  return undefined;
}

function layOut(sectors: number, sectorSize: number, clusterSize: number): Fat32Plan | undefined {
  const perCluster = clusterSize / sectorSize;
  if (!Number.isInteger(Math.log2(perCluster)) || perCluster < 1 || perCluster > 128) return undefined;
  if (clusterSize > MAX_CLUSTER) return undefined;
  // Room for more clusters than there will be, by the few that the FATs themselves take.
  const most = Math.floor((sectors - MIN_RESERVED_SECTORS) / perCluster);
  const fatSectors = Math.ceil(((most + 2) * 4) / sectorSize);
  const dataSector = Math.ceil((MIN_RESERVED_SECTORS + 2 * fatSectors) / perCluster) * perCluster;
  const clusters = Math.floor((sectors - dataSector) / perCluster);
  if (clusters < MIN_FAT32_CLUSTERS || clusters > MAX_FAT32_CLUSTERS) return undefined;
  return {
    sectorSize,
    sectors,
    clusterSize,
    clusters,
    reservedSectors: dataSector - 2 * fatSectors,
    fatSectors,
  };
}

/** Bytes of the smallest FAT32 volume, rounded up to whole MiB. */
export function smallestFat32(sectorSize: number): number {
  for (let megabytes = Math.floor((MIN_FAT32_CLUSTERS * sectorSize) / MIB); ; megabytes++) {
    if (layOut((megabytes * MIB) / sectorSize, sectorSize, sectorSize)) return megabytes * MIB;
  }
}
