import { AppError } from '../../../../src-shared/errors/appError';
import type {
  DiskLayout,
  LayoutChoice,
  PartitionSpec,
  PlannedPartition,
} from '../../../../src-shared/model/disks';
import { planFat32, smallestFat32 } from '../../fat/geometry';
import { gptGeometry } from '../gpt/writeGpt';
import { resolveLayout } from './layouts';
import { diskSizeText } from '../sizeWords';
import { parsePartitionSize } from './partitionSize';

const DEFAULT_ALIGNMENT = 1 << 20;
/** NTFS needs less; a volume smaller than that is a mistake. */
const SMALLEST_NTFS = 8 << 20;
/** Left free at the end of an MBR disk, as Windows does: it is where a dynamic disk keeps its database. */
const MBR_TAIL = 1 << 20;
/** Sectors that the 32-bit addresses of an MBR reach. */
const MBR_SECTORS = 2 ** 32;

/**
 * Gives each partition of a layout its place: in order, each at a multiple of the alignment, the one with 'rest' as
 * large as the others leave it.
 * @param diskSize bytes
 * @param sectorSize 512 or 4096
 * @throws AppError `disk/too-small`, which says which partition does not fit and how much is missing;
 *   `layout/invalid` for a partition that its file system cannot fill
 */
export function planLayout(choice: LayoutChoice, diskSize: number, sectorSize: number): PlannedPartition[] {
  const layout = resolveLayout(choice);
  const alignment = layout.alignment ?? DEFAULT_ALIGNMENT;
  const space = usableSpace(layout, diskSize, sectorSize, alignment);
  const sizes = layout.partitions.map((spec) => wantedSize(spec, diskSize, alignment));
  const given = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);

  let offset = space.start;
  return layout.partitions.map((spec, index) => {
    const number = index + 1;
    const bytes = sizes[index] ?? space.end - space.start - given;
    const least = smallestSize(spec, sectorSize);
    const end = offset + bytes;
    const missing = sizes[index] === undefined ? leastRest(spec, sectorSize, alignment) - bytes : 0;
    if (missing > 0) throw tooSmall(spec, number, diskSize, missing);
    if (end > space.end) {
      // What the partitions after it want is missing, too.
      const wanted = layout.partitions
        .slice(index)
        .reduce((sum, other, i) => sum + (sizes[index + i] ?? leastRest(other, sectorSize, alignment)), 0);
      throw tooSmall(spec, number, diskSize, offset + wanted - space.end);
    }
    checkFileSystem(spec, number, bytes, sectorSize, least);
    const planned: PlannedPartition = { ...spec, number, offset, bytes };
    offset = end;
    return planned;
  });
}

/** Bytes from the first to behind the last place of a partition, both aligned. */
function usableSpace(
  layout: DiskLayout,
  diskSize: number,
  sectorSize: number,
  alignment: number,
): { readonly start: number; readonly end: number } {
  const first =
    layout.table === 'gpt' ? gptGeometry(diskSize, sectorSize).firstUsableLba * sectorSize : sectorSize;
  const behind =
    layout.table === 'gpt'
      ? (gptGeometry(diskSize, sectorSize).lastUsableLba + 1) * sectorSize
      : Math.min(diskSize - MBR_TAIL, MBR_SECTORS * sectorSize);
  return { start: Math.ceil(first / alignment) * alignment, end: Math.floor(behind / alignment) * alignment };
}

/** Whole multiples of the alignment; undefined for what is left. */
function wantedSize(spec: PartitionSpec, diskSize: number, alignment: number): number | undefined {
  const size = parsePartitionSize(spec.size);
  if (!size) throw new AppError('layout/invalid', `"${spec.size}" is no size of a partition`);
  if (size.kind === 'rest') return undefined;
  if (size.kind === 'bytes') return Math.ceil(size.bytes / alignment) * alignment;
  return Math.max(1, Math.floor((diskSize * size.percent) / 100 / alignment)) * alignment;
}

function smallestSize(spec: PartitionSpec, sectorSize: number): number {
  if (spec.fileSystem === 'fat32') return smallestFat32(sectorSize);
  return spec.fileSystem === 'ntfs' ? SMALLEST_NTFS : 0;
}

/** Bytes that a partition of the size 'rest' has at least. */
function leastRest(spec: PartitionSpec, sectorSize: number, alignment: number): number {
  return Math.max(1, Math.ceil(smallestSize(spec, sectorSize) / alignment)) * alignment;
}

function checkFileSystem(
  spec: PartitionSpec,
  number: number,
  bytes: number,
  sectorSize: number,
  least: number,
): void {
  const problem = (text: string): AppError =>
    new AppError('layout/invalid', `partition ${number} (${describeSpec(spec)}): ${text}`);
  const name = spec.fileSystem.toUpperCase();
  if (bytes < least) {
    throw problem(
      `${name} with sectors of ${sectorSize} bytes needs ${diskSizeText(least)}, ${diskSizeText(least - bytes)} more`,
    );
  }
  if (spec.fileSystem === 'fat32' && !planFat32(bytes, sectorSize)) {
    throw problem(`${diskSizeText(bytes)} is too much for FAT32`);
  }
  if (spec.clusterSize !== undefined && spec.clusterSize < sectorSize) {
    throw problem(`clusters of ${spec.clusterSize} bytes are smaller than the sectors of ${sectorSize}`);
  }
}

function describeSpec(spec: PartitionSpec): string {
  return spec.label === undefined ? spec.role : `${spec.role} "${spec.label}"`;
}

function tooSmall(spec: PartitionSpec, number: number, diskSize: number, missing: number): AppError {
  return new AppError(
    'disk/too-small',
    `partition ${number} (${describeSpec(spec)}) does not fit on a disk of ${diskSizeText(diskSize)}: ${diskSizeText(missing)} missing`,
    { partition: number, missing },
  );
}
