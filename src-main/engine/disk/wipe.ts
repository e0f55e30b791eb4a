import { CancelledError, FormatError } from '../../../src-shared/errors/appError';
import type { EngineHost } from '../os';
import { Slices } from '../steps';
import type { BlockDevice } from './blockDevice';
import { readPartitions } from './partitions';
import { clearEdges } from './writePartitions';
import { writeZeroes } from './writeZeroes';

export interface WipeOptions {
  /**
   * 'quick': partition tables, and the first and last MiB of the disk and of each partition, so that nothing finds a
   * file system there. 'all': every byte; what a disk file does not hold reads as zeroes already and stays so.
   */
  readonly extent: 'quick' | 'all';
  readonly signal?: AbortSignal;
  readonly onProgress?: (bytesDone: number, bytesTotal: number) => void;
}

const PIECE = 4 << 20;

/**
 * Erases a disk. The tables go first, so that a disk whose wipe was cancelled is an empty disk. Flushed.
 * @returns what could not be read of the old tables, in words: 'quick' cannot reach partitions that it does not know
 * @throws CancelledError with the tables gone
 */
export async function wipeDisk(
  device: BlockDevice,
  host: Pick<EngineHost, 'breathe' | 'now'>,
  options: WipeOptions,
): Promise<string[]> {
  const { signal } = options;
  if (signal?.aborted === true) throw new CancelledError();
  const { partitions, warnings } = knownPartitions(device);
  clearEdges(device, 0, device.size);
  device.flush();
  if (options.extent === 'quick') {
    for (const { offset, size } of partitions) {
      const length = Math.min(size, device.size - offset);
      if (length > 0) clearEdges(device, offset, length);
    }
  } else {
    const slices = new Slices(host, signal);
    for (let at = 0; at < device.size; at += PIECE) {
      writeZeroes(device, at, Math.min(PIECE, device.size - at));
      options.onProgress?.(Math.min(at + PIECE, device.size), device.size);
      if (slices.isOver) await slices.pause();
    }
  }
  device.flush();
  options.onProgress?.(device.size, device.size);
  return options.extent === 'quick' ? warnings : [];
}

function knownPartitions(device: BlockDevice): {
  readonly partitions: readonly { readonly offset: number; readonly size: number }[];
  readonly warnings: string[];
} {
  try {
    return { partitions: readPartitions(device).partitions, warnings: [] };
  } catch (error) {
    // A damaged table is what a wipe is for.
    if (!(error instanceof FormatError)) throw error;
    return { partitions: [], warnings: [`the partition table cannot be read (${error.message})`] };
  }
}
