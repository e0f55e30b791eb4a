import { Placer } from './placeFiles';
import { solidChunkLength } from './solidChunks';
import { solidPlaceOf } from './solidDecoder';
import { expectedError, MISMATCH, sameDigest, type TaskContext } from './taskEnvironment';
import { TaskGate } from './taskGate';
import type { InputFile } from './taskFiles';
import type { PlacementFailure, SolidBlob, SolidPart, Tasks, UnpackOutcome } from './tasks';

type Input = Tasks['unpackSolid']['in'];

/** Expanded chunks of a task: the data from `start` on, and what is wrong with which chunk. */
interface Expanded {
  readonly start: number;
  readonly data: Uint8Array;
  readonly problems: readonly (string | undefined)[];
}

/** Task `unpackSolid`. */
export function unpackSolid(context: TaskContext, input: Input): Tasks['unpackSolid']['out'] {
  const gate = new TaskGate(input.gate);
  const expanded = expand(context, input);
  if (!gate.enter()) return { outcomes: [] };
  const placer = new Placer(context.files);
  try {
    return place(context, placer, gate, input, expanded);
  } finally {
    placer.close();
  }
}

/** Checks and writes what lies in the expanded chunks, as long as the job wants it. */
function place(
  context: TaskContext,
  placer: Placer,
  gate: TaskGate,
  input: Input,
  expanded: Expanded,
): Tasks['unpackSolid']['out'] {
  const { blobs, parts } = input;
  const outcomes: UnpackOutcome[] = [];
  const slab = input.slab === undefined ? undefined : new Uint8Array(input.slab);
  let filled = 0;
  for (const blob of blobs) {
    if (gate.isClosing) return { outcomes: [] };
    outcomes.push(unpackBlob(context, placer, input, expanded, blob));
  }
  for (const part of parts) {
    if (gate.isClosing) return { outcomes: [] };
    const data = dataOf(expanded, part);
    slab?.set(data, filled);
    filled += part.size;
    outcomes.push(unpackPart(placer, input, expanded, part, data));
  }
  return { outcomes };
}

/** Expands the chunks that are wanted; the others hold whatever the memory held. */
function expand(context: TaskContext, input: Input): Expanded {
  const { resource, first, bounds } = input;
  const place = solidPlaceOf(resource);
  const count = bounds.length - 1;
  const start = first * place.chunkSize;
  const problems = new Array<string | undefined>(count).fill(undefined);
  const size = Math.min(place.size, (first + count) * place.chunkSize) - start;
  const { solid } = context.decoder;
  let file: InputFile | undefined;
  try {
    const source = (file = context.files.openRead(resource.file));
    const chunk = (k: number): Uint8Array => solid.chunk(source, place, first + k, bounds[k], bounds[k + 1]);
    if (count === 1) return { start, data: chunk(0), problems };
    const data = context.scratch.take(size);
    for (let k = 0; k < count; k++) {
      const target = data.subarray(k * place.chunkSize);
      try {
        target.set(chunk(k));
      } catch (error) {
        problems[k] = expectedError(error).message;
        target.fill(0, 0, solidChunkLength(place, first + k));
      }
    }
    return { start, data, problems };
  } catch (error) {
    problems.fill(expectedError(error).message);
    // Nothing is allocated for data that is not there, unless zeroes are wanted in its place.
    return { start, data: new Uint8Array(input.keepCorrupt ? size : 0), problems };
  } finally {
    file?.close();
  }
}

function dataOf(
  { start, data }: Expanded,
  { start: from, size }: { start: number; size: number },
): Uint8Array {
  return data.subarray(from - start, from - start + size);
}

/** What is wrong with the first damaged chunk that a blob or a part of one touches. */
function problemOf(
  { problems, start }: Expanded,
  chunkSize: number,
  range: { readonly start: number; readonly size: number },
): string | undefined {
  const last = Math.floor((range.start + range.size - 1 - start) / chunkSize);
  for (let k = Math.floor((range.start - start) / chunkSize); k <= last; k++)
    if (problems[k] !== undefined) return problems[k];
  return undefined;
}

function unpackBlob(
  context: TaskContext,
  placer: Placer,
  { resource, keepCorrupt }: Input,
  expanded: Expanded,
  blob: SolidBlob,
): UnpackOutcome {
  const data = dataOf(expanded, blob);
  const problem = problemOf(expanded, resource.chunkSize, blob);
  let outcome: UnpackOutcome = { state: 'ok' };
  if (problem !== undefined) outcome = { state: 'damaged', problem };
  else if (!sameDigest(context.sha1.digest(data), blob.sha1))
    outcome = { state: 'mismatch', problem: MISMATCH };
  if (outcome.state !== 'ok' && !keepCorrupt) return outcome;
  const failures: PlacementFailure[] = [];
  for (const placement of blob.placements) {
    const failure = placer.place(placement, data);
    if (failure !== undefined) failures.push(failure);
  }
  return failures.length === 0 ? outcome : { ...outcome, failures };
}

function unpackPart(
  placer: Placer,
  { resource, keepCorrupt }: Input,
  expanded: Expanded,
  part: SolidPart,
  data: Uint8Array,
): UnpackOutcome {
  const problem = problemOf(expanded, resource.chunkSize, part);
  const outcome: UnpackOutcome = problem === undefined ? { state: 'ok' } : { state: 'damaged', problem };
  if (problem !== undefined && !keepCorrupt) return outcome;
  const failures: PlacementFailure[] = [];
  for (const placement of part.placements) {
    const failure = placer.writePart(placement, part.offset, data, part.isEnd);
    if (failure !== undefined) failures.push(failure);
  }
  return failures.length === 0 ? outcome : { ...outcome, failures };
}
