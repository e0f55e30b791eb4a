import { AppError, CancelledError } from '../../../../src-shared/errors/appError';
import type { LayoutChoice, PlannedPartition } from '../../../../src-shared/model/disks';
import type { EngineHost } from '../../os';
import { ProgressCounter, type VerbContext } from '../../wim/ops/common';
import type { BlockDevice } from '../blockDevice';
import { resolveLayout } from '../layouts/layouts';
import { planLayout } from '../layouts/planLayout';
import { diskSizeText } from '../sizeWords';
import { clearEdges, clearForPartitions, EDGE, writePartitionTable } from '../writePartitions';
import { type PlanFill, type VolumeFill, windowsPartition } from './fillVolume';
import { formatVolume, partitionDevice } from './formatVolume';
import { bytesOfFormat } from './space';

/** How a disk will be divided. */
export interface PlannedLayout {
  readonly table: 'gpt' | 'mbr';
  readonly partitions: readonly PlannedPartition[];
  /** What the Windows volume gets; absent: it is empty. */
  readonly fill?: PlannedFill;
}

interface PlannedFill extends VolumeFill {
  /** Number of the partition. */
  readonly partition: number;
}

/** @throws AppError `layout/invalid`, `disk/too-small` */
export function planned(layout: LayoutChoice, size: number, sectorSize: number): PlannedLayout {
  return { table: resolveLayout(layout).table, partitions: planLayout(layout, size, sectorSize) };
}

/**
 * The layout with what fills its Windows volume.
 * @throws AppError `layout/invalid` where no volume is for Windows, and what `planFill` throws
 */
export async function withFill(
  layout: PlannedLayout,
  disk: Pick<BlockDevice, 'sectorSize' | 'wholeSectors'>,
  planFill: PlanFill | undefined,
): Promise<PlannedLayout> {
  if (planFill === undefined) return layout;
  const partition = windowsPartition(layout.partitions);
  if (partition === undefined)
    throw new AppError('layout/invalid', 'the layout has no NTFS volume that an image could go to');
  return { ...layout, fill: { ...(await planFill(partition, disk)), partition: partition.number } };
}

/** What has to be said of a layout on a disk of that size. */
export function layoutWarnings({ table }: PlannedLayout, size: number, sectorSize: number): string[] {
  const reach = 2 ** 32 * sectorSize;
  if (table !== 'mbr' || size <= reach) return [];
  return [
    `an MBR reaches ${diskSizeText(reach)}: ${diskSizeText(size - reach)} of the disk stay unused; a GPT uses all of it`,
  ];
}

const volumeNames = { ntfs: 'NTFS', fat32: 'FAT32', none: '' } as const;

/** The steps of {@link layOut} in words. */
export function layoutSteps({ table, partitions, fill }: PlannedLayout): string[] {
  const formats = partitions
    .filter(({ fileSystem }) => fileSystem !== 'none')
    .map(({ number, fileSystem, label, bytes }) => {
      const name = label === undefined || label === '' ? '' : ` "${label}"`;
      return `Format partition ${number} as ${volumeNames[fileSystem]}${name}, ${diskSizeText(bytes)}`;
    });
  const count = partitions.length === 1 ? '1 partition' : `${partitions.length} partitions`;
  return [
    ...formats,
    ...(fill?.steps ?? []),
    `Write the partition table: ${table.toUpperCase()} with ${count}`,
    'Read it all back and check it',
  ];
}

/**
 * Divides and formats a disk. First the old tables go, then the volumes are written, and the table last of all, so that
 * a disk on which this was broken off has no table, rather than one that names volumes that are not there.
 * @throws AppError, and CancelledError when the signal is given before the table is written
 */
export async function layOut(
  host: EngineHost,
  device: BlockDevice,
  { table, partitions, fill }: PlannedLayout,
  context: VerbContext,
): Promise<void> {
  // What an empty volume takes is a good measure of the time that it takes.
  const edges = 2 * EDGE * (1 + partitions.length);
  const weights = partitions.map((partition) => bytesOfFormat([partition], 0));
  const total = weights.reduce((sum, weight) => sum + weight, 2 * edges);
  const progress = new ProgressCounter(context, host, 'Writing metadata', 0, total);
  const step = async (name: string, weight: number, work: () => void): Promise<void> => {
    // Signals arrive between the steps only; each takes moments.
    await host.breathe();
    if (context.signal?.aborted === true) throw new CancelledError();
    progress.report(name);
    work();
    progress.add(0, weight);
  };
  progress.report();
  await step('partition table', edges, () => clearForPartitions(device, partitions));
  for (const [i, partition] of partitions.entries()) {
    if (partition.number === fill?.partition) {
      await fill.run(partitionDevice(device, partition));
      progress.add(0, weights[i]);
      continue;
    }
    await step(`partition ${partition.number}`, weights[i], () => formatVolume(host, device, partition));
  }
  device.flush();
  await step('partition table', edges, () => {
    try {
      writePartitionTable(device, partitions, {
        table,
        randomBytes: (length) => host.randomBytes(length),
      });
    } catch (error) {
      takeBack(device);
      throw error;
    }
  });
  progress.report();
}

/** A table that was not written to its end goes again. What failed first is what is told. */
function takeBack(device: BlockDevice): void {
  try {
    clearEdges(device, 0, device.size);
    device.flush();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}
