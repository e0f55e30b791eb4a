import { AppError } from '../../../../src-shared/errors/appError';
import type { DiskFormat, DiskPlan, PlannedPartition } from '../../../../src-shared/model/disks';
import type { EngineHost } from '../../os';
import type { VirtualDisk } from '../virtualDisk';
import { EDGE } from '../writePartitions';

const MIB = 1 << 20;
/** Bytes of a log file, of tables and of directories that an empty NTFS volume has at most, beside its bitmap. */
const NTFS_METADATA = 80 * MIB;
/** Places at which the metadata of a volume lies: beginning, middle, end. */
const PLACES = 4;
/** What a file of a dynamic disk has beside its blocks, at least: headers, log, tables of blocks. */
const CONTAINER = 16 * MIB;
/** By what a file grows at a time where nothing else is asked for. */
const usualBlocks = { raw: 64 * 1024, vhd: 2 * MIB, vhdx: 32 * MIB } as const;

/** Space on the volume of a disk file. Bytes. */
export interface DiskSpace {
  readonly needed: number;
  readonly free: number;
}

/** What is written to a disk: volumes, and what fills one of them. */
export interface Contents {
  readonly partitions: readonly PlannedPartition[];
  readonly fill?: { readonly needed: number };
}

/**
 * Bytes that formatting volumes writes at most. Much of it reads as zero and takes no space; a plan promises the most.
 * @param blockSize what the file grows by at a time
 */
export function bytesOfFormat(partitions: readonly PlannedPartition[], blockSize: number): number {
  let needed = 2 * (EDGE + blockSize);
  for (const { fileSystem, bytes, clusterSize } of partitions) {
    if (fileSystem === 'none') continue;
    const metadata =
      fileSystem === 'ntfs'
        ? NTFS_METADATA + Math.ceil(bytes / (clusterSize ?? 4096) / 8)
        : 2 * 4 * Math.ceil(bytes / (clusterSize ?? 4096)) + MIB;
    needed += Math.min(bytes, metadata + PLACES * blockSize);
  }
  return needed;
}

function bytesOf({ partitions, fill }: Contents, blockSize: number): number {
  return bytesOfFormat(partitions, blockSize) + (fill?.needed ?? 0);
}

/** Space that a new disk file takes, with the volumes on it. */
export function spaceOfNewDisk(
  host: EngineHost,
  path: string,
  request: {
    readonly size: number;
    readonly kind: 'fixed' | 'dynamic' | 'differencing';
    readonly format: DiskFormat;
    readonly blockSize: number | undefined;
  },
  contents: Contents | undefined,
): DiskSpace {
  const { size, kind, format, blockSize = usualBlocks[format] } = request;
  const written = contents === undefined ? 0 : bytesOf(contents, blockSize);
  const tables = CONTAINER + Math.ceil(size / MIB) * 8;
  const needed = kind === 'fixed' ? size + tables : Math.min(written, size) + tables;
  return { needed, free: host.files.freeSpace(path) };
}

/** Space by which a disk file may grow when it is prepared; undefined for one that is as large as it gets. */
export function spaceToGrow(
  host: EngineHost,
  disk: VirtualDisk,
  path: string,
  contents: Contents,
): DiskSpace | undefined {
  const block = disk.blockSize ?? usualBlocks[disk.format];
  const needed = Math.min(bytesOf(contents, block), bytesNowhere(host, disk, path));
  return needed === 0 ? undefined : { needed, free: host.files.freeSpace(path) };
}

/** Bytes of a disk that its file does not hold yet. */
function bytesNowhere(host: EngineHost, disk: VirtualDisk, path: string): number {
  // A raw file does not know its holes, its volume does.
  if (disk.format === 'raw') {
    const allocated = host.files.status(path)?.allocated ?? disk.size;
    return Math.max(0, disk.size - allocated);
  }
  let bytes = 0;
  for (const extent of disk.extents(0, disk.size)) {
    if (extent.kind === 'zero' || extent.kind === 'hole') bytes += extent.length;
  }
  return bytes;
}

/** @throws AppError `io/no-space` */
export function assertSpace({ disk, spaceNeeded, spaceFree }: DiskPlan): void {
  if (spaceNeeded === null || spaceFree === null || spaceNeeded <= spaceFree) return;
  throw new AppError(
    'io/no-space',
    `${disk} may need ${spaceNeeded} bytes, ${spaceFree} are free on its volume`,
    { path: disk, needed: spaceNeeded, free: spaceFree },
  );
}
