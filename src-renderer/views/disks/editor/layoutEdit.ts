import type { DiskLayout, PartitionSpec, PlannedPartition } from '../../../../src-shared/model/disks';

/** A layout with where its partitions lie. */
export interface Placed {
  readonly layout: DiskLayout;
  readonly planned: readonly PlannedPartition[];
}

/** The disk that a layout is for. */
export interface DiskSpace {
  readonly size: number;
  readonly sectorSize: number;
}

export const MB = 2 ** 20;
const GB = 2 ** 30;

/** Partitions that a table takes at most; primary ones of an MBR. */
const MOST = { gpt: 128, mbr: 4 } as const;
/** Room at the end of a GPT disk for the second table, rounded up to the alignment. */
const TAIL = MB;

/** A size as a layout says it: '260MB', '64GB'. Whole MiB. */
export function sizeWord(bytes: number): string {
  return bytes >= GB && bytes % GB === 0 ? `${bytes / GB}GB` : `${Math.max(1, Math.round(bytes / MB))}MB`;
}

/** Bytes that a size means, on a disk of that size; null for 'rest', undefined for what is no size. */
export function bytesOfWord(word: string, disk: number): number | null | undefined {
  const text = word.trim().toLowerCase();
  if (text === 'rest') return null;
  const found = /^(\d{1,9}(?:[.,]\d{1,6})?)\s*(%|[kmgt]i?b?)$/.exec(text);
  if (found === null) return undefined;
  const value = Number(found[1].replace(',', '.'));
  const unit = found[2].replace(/i?b$/, '');
  const factor = { '%': disk / 100, k: 1024, m: MB, g: GB, t: 2 ** 40 }[unit];
  if (factor === undefined || value <= 0) return undefined;
  const bytes = Math.round(value * factor);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** A size as the engine reads it; undefined for what is none. */
export function normalWord(word: string): string | undefined {
  const text = word.trim();
  if (bytesOfWord(text, GB) === undefined) return undefined;
  if (/^rest$/i.test(text)) return 'rest';
  const plain = text.replace(',', '.').replaceAll(/\s+/g, '');
  const unit = /[kmgt]i?b?$/i.exec(plain)?.[0];
  return unit === undefined ? plain : `${plain.slice(0, -unit.length)}${unit.charAt(0).toUpperCase()}B`;
}

/** The least that a partition can be made useful with. */
export function minimumBytes({ fileSystem }: Pick<PartitionSpec, 'fileSystem'>, sectorSize: number): number {
  switch (fileSystem) {
    case 'fat32':
      // 65,525 clusters of a sector at least, or it is no FAT32.
      return sectorSize >= 4096 ? 260 * MB : 36 * MB;
    case 'ntfs':
      return 16 * MB;
    case 'none':
      return MB;
  }
}

/** How far a boundary can go: bytes of the partition before it. */
export interface BoundaryRange {
  readonly minimum: number;
  readonly now: number;
  readonly maximum: number;
}

/**
 * The boundary behind a partition.
 * @returns undefined where none can be moved: behind the last one, when any takes the rest
 */
export function boundaryRange(
  { layout, planned }: Placed,
  index: number,
  space: DiskSpace,
): BoundaryRange | undefined {
  if (index < 0 || index >= planned.length || planned.length !== layout.partitions.length) return undefined;
  const before = planned[index];
  const behind = planned.at(index + 1);
  // Where one takes the rest, there is no room behind the last one, and none that it could leave.
  if (behind === undefined && layout.partitions.some(({ size }) => size === 'rest')) return undefined;
  const minimum = Math.min(before.bytes, minimumBytes(before, space.sectorSize));
  const room =
    behind === undefined
      ? Math.max(0, usableEnd(layout, space) - (before.offset + before.bytes))
      : Math.max(0, behind.bytes - minimumBytes(behind, space.sectorSize));
  return { minimum, now: before.bytes, maximum: before.bytes + whole(room, layout) };
}

/** Moves the boundary behind a partition by that many bytes, as far as it can go. Whole steps of the alignment. */
export function moveBoundary(placed: Placed, index: number, delta: number, space: DiskSpace): Placed {
  const range = boundaryRange(placed, index, space);
  if (range === undefined) return placed;
  const { layout, planned } = placed;
  const step = alignmentOf(layout);
  const wanted = Math.round(delta / step) * step;
  const least = -whole(range.now - range.minimum, layout);
  const moved = Math.min(range.maximum - range.now, Math.max(least, wanted));
  if (moved === 0) return placed;
  return {
    layout: {
      ...layout,
      partitions: layout.partitions.map((spec, i) => {
        if (spec.size === 'rest' || (i !== index && i !== index + 1)) return spec;
        return { ...spec, size: sizeWord(planned[i].bytes + (i === index ? moved : -moved)) };
      }),
    },
    planned: planned.map((partition, i) => {
      if (i === index) return { ...partition, bytes: partition.bytes + moved };
      if (i !== index + 1) return partition;
      return { ...partition, offset: partition.offset + moved, bytes: partition.bytes - moved };
    }),
  };
}

const added: PartitionSpec = { role: 'data', size: 'rest', fileSystem: 'ntfs', label: 'Data' };

/** Whether there is room for one more, in the table and on the disk. */
export function canAdd(placed: Placed, space: DiskSpace): boolean {
  const { layout } = placed;
  if (layout.partitions.length >= MOST[layout.table]) return false;
  return hasFreeEnd(placed, space) || partitionToHalve(placed, 0, space) !== undefined;
}

/**
 * Adds a data partition: in the room at the end, or with half of another one that is large enough, of the chosen one
 * where it is. Nothing changes where there is no room: {@link canAdd}.
 * @returns the layout, and the index of the new one
 */
export function addPartition(placed: Placed, chosen: number, space: DiskSpace): [DiskLayout, number] {
  const { layout, planned } = placed;
  const { partitions } = layout;
  if (hasFreeEnd(placed, space)) {
    return [{ ...layout, partitions: [...partitions, added] }, partitions.length];
  }
  const at = partitionToHalve(placed, chosen, space);
  if (at === undefined) return [layout, chosen];
  const size = sizeWord(whole(planned[at].bytes / 2, layout));
  const next = partitions.flatMap((partition, i) => {
    if (i !== at) return [partition];
    return [partition.size === 'rest' ? partition : { ...partition, size }, { ...added, size }];
  });
  return [{ ...layout, partitions: next }, at + 1];
}

function hasFreeEnd({ layout, planned }: Placed, space: DiskSpace): boolean {
  if (layout.partitions.some(({ size }) => size === 'rest')) return false;
  const last = planned.at(-1);
  const free = last === undefined ? space.size : usableEnd(layout, space) - (last.offset + last.bytes);
  return whole(free, layout) >= minimumBytes(added, space.sectorSize);
}

/**
 * The chosen partition where it is one for files, or else the largest, when half of it is enough for what it holds and
 * for a new one.
 */
function partitionToHalve(
  { layout, planned }: Placed,
  chosen: number,
  { sectorSize }: DiskSpace,
): number | undefined {
  const isLargeEnough = (index: number): boolean => {
    const partition = planned.at(index);
    if (partition === undefined) return false;
    const least = Math.max(minimumBytes(partition, sectorSize), minimumBytes(added, sectorSize));
    return whole(partition.bytes / 2, layout) >= least;
  };
  const bySize = planned.map((_, i) => i).sort((a, b) => planned[b].bytes - planned[a].bytes);
  const role = planned.at(chosen)?.role;
  const first = role === 'windows' || role === 'data' ? [chosen] : [];
  return [...first, ...bySize].find(isLargeEnough);
}

/** Takes a partition away. When it took the rest, the largest NTFS one for files takes it from then on. */
export function removePartition({ layout, planned }: Placed, index: number): DiskLayout {
  const left = layout.partitions.filter((_, i) => i !== index);
  if (layout.partitions.at(index)?.size !== 'rest') return { ...layout, partitions: left };
  const sizes = planned.filter((_, i) => i !== index).map(({ bytes }) => bytes);
  const holders = left.flatMap(({ role, fileSystem }, i) =>
    fileSystem === 'ntfs' && (role === 'windows' || role === 'data') ? [i] : [],
  );
  const heir = holders.sort((a, b) => (sizes.at(b) ?? 0) - (sizes.at(a) ?? 0)).at(0);
  return { ...layout, partitions: left.map((spec, i) => (i === heir ? { ...spec, size: 'rest' } : spec)) };
}

/** Changes a partition. 'rest' can be said of one: another that had it keeps the size that it has. */
export function changePartition(
  { layout, planned }: Placed,
  index: number,
  changes: Partial<PartitionSpec>,
): DiskLayout {
  const partitions = layout.partitions.map((spec, i) => {
    if (i === index) return { ...spec, ...changes };
    if (changes.size !== 'rest' || spec.size !== 'rest') return spec;
    return { ...spec, size: sizeWord(planned.at(i)?.bytes ?? MB) };
  });
  return { ...layout, partitions };
}

/** How far an arrow key moves a boundary: about a hundredth of the disk, a power of two of MiB. */
export function keyStep(size: number): number {
  return MB * 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, size / 100 / MB))));
}

function alignmentOf({ alignment }: DiskLayout): number {
  return Math.max(MB, alignment ?? MB);
}

function whole(bytes: number, layout: DiskLayout): number {
  const step = alignmentOf(layout);
  return Math.max(0, Math.floor(bytes / step) * step);
}

function usableEnd(layout: DiskLayout, { size }: DiskSpace): number {
  return layout.table === 'gpt' ? size - TAIL : size;
}
