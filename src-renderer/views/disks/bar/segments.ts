import type {
  DiskSummary,
  FileSystemName,
  PartitionRole,
  PartitionSummary,
  PlannedPartition,
} from '../../../../src-shared/model/disks';

/** A stretch of a disk as a bar draws it. */
export interface Segment {
  readonly key: string;
  readonly kind: 'partition' | 'free' | 'whole';
  readonly bytes: number;
  /** Of a partition. */
  readonly number?: number;
  readonly role?: PartitionRole;
  readonly fileSystem?: FileSystemName;
  readonly label?: string;
  /** Bytes in use, where they are known. */
  readonly used?: number;
}

/** Gaps that alignment and the tables make; larger ones are room. */
const GAP = 8 * 2 ** 20;

/** The stretches of a disk as it is. */
export function segmentsOfDisk({ size, partitions }: Pick<DiskSummary, 'size' | 'partitions'>): Segment[] {
  const whole = partitions.find(({ number }) => number === 0);
  if (whole !== undefined) return [{ ...described(whole), key: 'whole', kind: 'partition', bytes: size }];
  if (partitions.length === 0) return [{ key: 'whole', kind: 'whole', bytes: size }];
  return withGaps(
    partitions.map((partition) => ({
      segment: {
        ...described(partition),
        key: `p${partition.number}`,
        kind: 'partition' as const,
        bytes: partition.size,
      },
      offset: partition.offset,
    })),
    size,
  );
}

/** The stretches of a disk as it will be. */
export function segmentsOfPlan(planned: readonly PlannedPartition[], size: number): Segment[] {
  return withGaps(
    planned.map(({ number, role, fileSystem, label, bytes, offset }) => ({
      segment: {
        key: `p${number}`,
        kind: 'partition' as const,
        bytes,
        number,
        role,
        fileSystem,
        ...(label === undefined ? {} : { label }),
      },
      offset,
    })),
    size,
  );
}

function described({
  number,
  role,
  fileSystem,
  label,
  name,
  used,
}: PartitionSummary): Omit<Segment, 'key' | 'kind' | 'bytes'> {
  // What a table calls a partition says no more than its role, where that is known.
  const shown = label ?? (role === 'other' ? name : undefined);
  return {
    number,
    role,
    fileSystem,
    ...(shown === undefined || shown === '' ? {} : { label: shown }),
    ...(used === undefined ? {} : { used }),
  };
}

function withGaps(
  parts: readonly { readonly segment: Segment; readonly offset: number }[],
  size: number,
): Segment[] {
  const sorted = [...parts].sort((a, b) => a.offset - b.offset);
  const segments: Segment[] = [];
  let at = 0;
  for (const { segment, offset } of sorted) {
    if (offset - at >= GAP) segments.push({ key: `free${at}`, kind: 'free', bytes: offset - at });
    segments.push(segment);
    at = Math.max(at, offset + segment.bytes);
  }
  if (size - at >= GAP) segments.push({ key: `free${at}`, kind: 'free', bytes: size - at });
  return segments;
}
