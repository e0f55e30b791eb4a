import { readPart } from './packStreams';
import { Placer } from './placeFiles';
import { PIECE, readFailure } from './readStreams';
import type { TaskContext } from './taskEnvironment';
import type { Placement, PlacementFailure, ReadOutcome, StreamLocation, Tasks } from './tasks';

/** Bytes of a stream, expanded. */
export function sizeOfLocation(location: StreamLocation): number {
  switch (location.kind) {
    case 'file':
    case 'shared':
    case 'extents':
      return location.size;
    case 'bytes':
      return location.bytes.length;
    case 'resource':
      return location.resource.size;
  }
}

/** Task `copyStreams`. */
export function copyStreams(
  context: TaskContext,
  { items }: Tasks['copyStreams']['in'],
): Tasks['copyStreams']['out'] {
  const placer = new Placer(context.files);
  try {
    return {
      items: items.map(({ location, placements }) => {
        const failures: PlacementFailure[] = [];
        const outcome = copyOne(context, placer, location, placements, failures);
        return failures.length === 0 ? { outcome } : { outcome, failures };
      }),
    };
  } finally {
    placer.close();
    context.decoder.trim();
  }
}

function copyOne(
  context: TaskContext,
  placer: Placer,
  location: StreamLocation,
  placements: readonly Placement[],
  failures: PlacementFailure[],
): ReadOutcome {
  const note = (failure: PlacementFailure | undefined): void => {
    if (failure !== undefined) failures.push(failure);
  };
  const size = sizeOfLocation(location);
  const piece = new Uint8Array(Math.min(size, PIECE));
  if (size <= PIECE) {
    const outcome = read(context, location, 0, piece);
    if (outcome.state === 'same' || outcome.state === 'changed')
      for (const placement of placements) note(placer.place(placement, piece.subarray(0, outcome.size)));
    return outcome;
  }
  const streams = placements.map((placement) => placer.begin(placement));
  let result: ReadOutcome = { state: 'same', size: 0, modifiedMs: 0 };
  for (let done = 0; done < size;) {
    const outcome = read(context, location, done, piece.subarray(0, Math.min(PIECE, size - done)));
    result = { ...outcome, size: done + outcome.size };
    if ((outcome.state !== 'same' && outcome.state !== 'changed') || outcome.size === 0) break;
    for (const stream of streams) stream.append(piece.subarray(0, outcome.size));
    done += outcome.size;
  }
  const isWhole = result.size === size;
  for (const stream of streams) note(isWhole ? stream.complete() : stream.discard());
  return isWhole || result.problem !== undefined ? result : { ...result, state: 'torn' };
}

function read(
  context: TaskContext,
  location: StreamLocation,
  offset: number,
  target: Uint8Array,
): ReadOutcome {
  try {
    return readPart(context, location, offset, target);
  } catch (error) {
    return readFailure(error);
  }
}
