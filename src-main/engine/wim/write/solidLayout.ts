import type { SolidPiece } from '../../pipeline/tasks';
import type { StreamToStore } from './streamToStore';

/** A blob's place in a solid resource that is being made. */
export interface SolidItem {
  readonly stream: StreamToStore;
  /** Row in the blob table. */
  readonly row: number;
  /** Bytes: what the stream had when it was hashed. */
  readonly size: number;
  /** Offset in the expanded data. */
  readonly start: number;
}

/** A run of neighbouring chunks that one task makes. */
export interface SolidRange {
  readonly length: number;
  readonly pieces: readonly SolidPiece[];
  /** The items of the pieces. */
  readonly items: readonly SolidItem[];
}

/**
 * Divides the data of a solid resource among tasks.
 * @param items laid one behind the other
 * @param rangeSize bytes of a task, a multiple of the chunk size
 */
export function* solidRanges(items: readonly SolidItem[], rangeSize: number): Generator<SolidRange> {
  let pieces: SolidPiece[] = [];
  let owners: SolidItem[] = [];
  let filled = 0;
  for (const item of items) {
    for (let done = 0; done < item.size;) {
      const size = Math.min(item.size - done, rangeSize - filled);
      const isWhole = size === item.size;
      pieces.push({ location: item.stream.location, offset: done, size, at: filled, isWhole });
      owners.push(item);
      done += size;
      filled += size;
      if (filled < rangeSize) continue;
      yield { length: filled, pieces, items: owners };
      pieces = [];
      owners = [];
      filled = 0;
    }
  }
  if (filled > 0) yield { length: filled, pieces, items: owners };
}
