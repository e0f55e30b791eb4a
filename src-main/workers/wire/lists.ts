import type { TaskName, Tasks, UnpackOutcome } from '../../engine/pipeline/tasks';
import type { ParcelReader, ParcelWriter } from './parcel';

/** How the order and the result of a task travel. */
export interface TaskWire<N extends TaskName> {
  packIn(input: Tasks[N]['in'], to: ParcelWriter): void;
  unpackIn(from: ParcelReader): Tasks[N]['in'];
  packOut(output: Tasks[N]['out'], to: ParcelWriter): void;
  unpackOut(from: ParcelReader): Tasks[N]['out'];
}

/** A list with its length in front. */
export function writeList<T>(to: ParcelWriter, items: readonly T[], write: (item: T) => void): void {
  to.number(items.length);
  for (const item of items) write(item);
}

export function readList<T>(from: ParcelReader, read: () => T): T[] {
  const items: T[] = [];
  for (let left = from.number(); left > 0; left--) items.push(read());
  return items;
}

/** What nearly every blob comes to. */
const FINE: UnpackOutcome = { state: 'ok' };

/** Outcomes of blobs: only those that have something to tell. */
export function writeOutcomes(to: ParcelWriter, items: readonly UnpackOutcome[]): void {
  to.number(items.length);
  items.forEach((item, i) => {
    if (item.state === 'ok' && item.problem === undefined && item.failures === undefined) return;
    to.number(i);
    to.other(item);
  });
  to.number(-1);
}

export function readOutcomes(from: ParcelReader): UnpackOutcome[] {
  const items = new Array<UnpackOutcome>(from.number()).fill(FINE);
  for (let i = from.number(); i >= 0; i = from.number()) items[i] = from.other<UnpackOutcome>();
  return items;
}
