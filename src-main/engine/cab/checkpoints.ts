import type { BlockDecoder } from './blockDecoder';
import type { BlockPlace } from './blockReader';
import type { CabFolder } from './cabinetSet';

/** A place between two blocks of a folder from which it can be expanded. */
export interface Checkpoint {
  /** In the expanded folder. */
  readonly at: number;
  readonly place: BlockPlace;
  readonly decoder: () => BlockDecoder;
  /** Memory that it takes, about. */
  readonly bytes: number;
}

/** What a checkpoint takes besides the decoder's state, bytes. */
const OWN_BYTES = 1024;
/** Bytes of the folder that there are between two checkpoints at least, for each byte of them: saving costs no time. */
const SPACING = 4;

/**
 * Checkpoints of all folders of a reader, in bounded memory. When they become too many, those go that are missed least:
 * so they stay spread over what was expanded.
 */
export class Checkpoints {
  private readonly byFolder = new Map<CabFolder, Checkpoint[]>();
  private bytes = 0;

  /**
   * @param most bytes that all of them may take
   * @param nearest bytes of a folder that there are between two of them at least
   */
  constructor(
    private readonly most: number,
    private readonly nearest: number,
  ) {}

  /** The last one at or before an offset of a folder. */
  before(folder: CabFolder, offset: number): Checkpoint | undefined {
    const points = this.byFolder.get(folder) ?? [];
    const index = indexAfter(points, offset);
    return index === 0 ? undefined : points[index - 1];
  }

  /** Makes one, unless another is near. @param at in the expanded folder, where the decoder is */
  offer(folder: CabFolder, at: number, place: BlockPlace, decoder: BlockDecoder): void {
    const bytes = decoder.stateSize + OWN_BYTES;
    const distance = Math.max(this.nearest, SPACING * bytes);
    const points = this.byFolder.get(folder) ?? [];
    const index = indexAfter(points, at);
    const previous = index === 0 ? 0 : points[index - 1].at;
    const next = points.at(index)?.at ?? Infinity;
    if (at - previous < distance || next - at < distance || bytes > this.most) return;
    const point = { at, place, decoder: decoder.save(), bytes };
    points.splice(index, 0, point);
    this.byFolder.set(folder, points);
    this.bytes += bytes;
    while (this.bytes > this.most) this.thin(point);
  }

  /**
   * Takes away the one without which the least has to be expanded again, for the memory that it takes.
   * @param spared the newest: without it the next block would make one again
   */
  private thin(spared: Checkpoint): void {
    let least: { points: Checkpoint[]; index: number; folder: CabFolder } | undefined;
    let leastLoss = Infinity;
    for (const [folder, points] of this.byFolder) {
      for (const [index, point] of points.entries()) {
        if (point === spared) continue;
        const { at, bytes } = point;
        const previous = index === 0 ? 0 : points[index - 1].at;
        // Behind the last one there is about as much as before it.
        const next = points.at(index + 1)?.at ?? 2 * at - previous;
        const loss = (next - previous) / bytes;
        if (loss >= leastLoss) continue;
        leastLoss = loss;
        least = { points, index, folder };
      }
    }
    if (least === undefined) return;
    const [gone] = least.points.splice(least.index, 1);
    this.bytes -= gone.bytes;
    if (least.points.length === 0) this.byFolder.delete(least.folder);
  }
}

/** Index of the first one behind an offset; they are in order. */
function indexAfter(points: readonly Checkpoint[], offset: number): number {
  let low = 0;
  for (let high = points.length; low < high;) {
    const middle = (low + high) >>> 1;
    if (points[middle].at <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
