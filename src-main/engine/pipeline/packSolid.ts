import { packChunks, readPart } from './packStreams';
import { readBatch, readFailure } from './readStreams';
import type { TaskContext } from './taskEnvironment';
import type { ReadOutcome, SolidPiece, Tasks } from './tasks';

type Input = Tasks['packSolid']['in'];

/** Task `packSolid`. */
export function packSolid(context: TaskContext, input: Input): Tasks['packSolid']['out'] {
  const { pieces, length } = input;
  const data = new Uint8Array(input.input, 0, length);
  const outcomes = new Array<ReadOutcome>(pieces.length);
  const sha1 = new Uint8Array(20 * pieces.length);
  readWhole(context, input, outcomes, sha1);
  pieces.forEach((piece, i) => {
    const target = data.subarray(piece.at, piece.at + piece.size);
    if (!piece.isWhole) outcomes[i] = readPiece(context, piece, target);
    // Memory that was used before would differ from one number of threads to the next.
    if (!isRead(outcomes[i])) target.fill(0);
    else target.fill(0, Math.min(outcomes[i].size, piece.size));
  });
  context.decoder.trim();
  const output = new Uint8Array(input.output);
  return { pieces: outcomes, sha1, chunkSizes: packChunks(context, input.compression, data, output) };
}

/** Reads and hashes the pieces that are whole streams. */
function readWhole(
  context: TaskContext,
  { pieces, input }: Input,
  outcomes: ReadOutcome[],
  sha1: Uint8Array,
): void {
  const whole = pieces.map((_, i) => i).filter((i) => pieces[i].isWhole);
  const read = readBatch(context, {
    slab: input,
    items: whole.map((i) => ({ location: pieces[i].location, offset: pieces[i].at, room: pieces[i].size })),
  });
  whole.forEach((i, k) => {
    outcomes[i] = read.items[k];
    sha1.set(read.sha1.subarray(20 * k, 20 * k + 20), 20 * i);
  });
}

function readPiece(context: TaskContext, { location, offset }: SolidPiece, target: Uint8Array): ReadOutcome {
  try {
    return readPart(context, location, offset, target);
  } catch (error) {
    return readFailure(error);
  }
}

/** Whether the bytes of a stream are there, changed or not. */
function isRead({ state }: ReadOutcome): boolean {
  return state === 'same' || state === 'changed' || state === 'torn';
}
