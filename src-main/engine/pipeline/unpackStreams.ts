import { FormatError } from '../../../src-shared/errors/appError';
import { assertRange } from '../binary/byteSource';
import { Placer } from './placeFiles';
import { readChunkOffsets } from './resourceChunks';
import { assertSizes, readFull } from './resourceDecoder';
import { expectedError, MISMATCH, OpenSources, sameDigest, type TaskContext } from './taskEnvironment';
import type { InputFile } from './taskFiles';
import { resourceAt, sha1At, type ResourceColumns } from './resourceColumns';
import type { Placement, PlacementFailure, ResourceLocation, Tasks, UnpackOutcome } from './tasks';

/** A resource of a batch and where its data goes. */
interface Item {
  readonly resource: ResourceLocation;
  readonly sha1: Uint8Array;
  readonly placements: readonly Placement[];
}

/** Resources with less than this between them are read in one call. */
const GAP = 64 * 1024;
/** Largest such reading, unless a single resource is larger: what was read is still in the cache when it is used. */
const RUN = 512 * 1024;

/** Damaged data beyond this is not recovered here: nothing is allocated by sizes that nothing bears out. */
const LARGEST_SALVAGE = 8 * 1024 * 1024;

/** Rows [first, end) that one call reads: the bytes [start, stop) of their file. */
interface Run {
  readonly end: number;
  readonly start: number;
  readonly stop: number;
}

/** The longest run of rows from `first` on whose resources lie close together in one file. */
function runFrom({ length, file, offset, storedSize }: ResourceColumns, first: number): Run {
  const start = offset[first];
  let stop = start + storedSize[first];
  let end = first + 1;
  for (; end < length; end++) {
    const nextStop = offset[end] + storedSize[end];
    if (file[end] !== file[first] || offset[end] < start || offset[end] > stop + GAP) break;
    if (nextStop - start > RUN) break;
    stop = Math.max(stop, nextStop);
  }
  return { end, start, stop };
}

/** Task `unpackBatch`. */
export function unpackBatch(
  context: TaskContext,
  { resources, placements, keepCorrupt }: Tasks['unpackBatch']['in'],
): Tasks['unpackBatch']['out'] {
  const outcomes: UnpackOutcome[] = [];
  const sources = new OpenSources(context.files);
  const placer = new Placer(context.files);
  try {
    let row = 0;
    while (row < resources.length) {
      const run = runFrom(resources, row);
      const bytes = readRun(context, sources, resources.files[resources.file[row]].file, run);
      for (; row < run.end; row++) {
        const resource = resourceAt(resources, row);
        const item = { resource, sha1: sha1At(resources, row), placements: placements?.[row] ?? [] };
        const stored = (): Uint8Array =>
          bytes === undefined
            ? readAlone(context, sources.get(resource.file), resource)
            : bytes.subarray(resource.offset - run.start, resource.offset - run.start + resource.storedSize);
        outcomes.push(unpackOne(context, sources, placer, item, stored, keepCorrupt));
      }
    }
  } finally {
    sources.close();
    context.decoder.trim();
    context.scratch.trim();
    placer.close();
  }
  return { items: outcomes };
}

/**
 * The bytes of a run, or undefined when its items have to be read one by one, so that each has its own fault. One that
 * is larger than a run is a single item, whose sizes are checked before its bytes are given room.
 */
function readRun(
  context: TaskContext,
  sources: OpenSources,
  path: string,
  { start, stop }: Run,
): Uint8Array | undefined {
  try {
    const file = sources.get(path);
    if (stop > file.size || stop - start > RUN) return undefined;
    const bytes = context.scratch.take(stop - start);
    return file.read(start, bytes) === bytes.length ? bytes : undefined;
  } catch (error) {
    expectedError(error);
    return undefined;
  }
}

function readAlone(context: TaskContext, file: InputFile, resource: ResourceLocation): Uint8Array {
  assertRange(file, resource.offset, resource.storedSize, 'resource');
  assertSizes(resource);
  const bytes = context.scratch.take(resource.storedSize);
  readFull(file, resource.offset, bytes);
  return bytes;
}

function unpackOne(
  context: TaskContext,
  sources: OpenSources,
  placer: Placer,
  item: Item,
  stored: () => Uint8Array,
  keepCorrupt: boolean,
): UnpackOutcome {
  let data: Uint8Array | undefined;
  let outcome: UnpackOutcome = { state: 'ok' };
  try {
    data = context.decoder.decodeStored(item.resource, stored());
    if (!sameDigest(context.sha1.digest(data), item.sha1)) outcome = { state: 'mismatch', problem: MISMATCH };
  } catch (error) {
    outcome = { state: 'damaged', problem: expectedError(error).message };
    data = keepCorrupt ? salvaged(context, sources, item) : undefined;
  }
  const failures: PlacementFailure[] = [];
  if (data !== undefined && (outcome.state === 'ok' || keepCorrupt)) {
    for (const placement of item.placements) {
      const failure = placer.place(placement, data);
      if (failure !== undefined) failures.push(failure);
    }
  }
  return failures.length === 0 ? outcome : { ...outcome, failures };
}

/** The data of a damaged resource as far as it can be had; undefined when not even its sizes can be true. */
function salvaged(context: TaskContext, sources: OpenSources, { resource }: Item): Uint8Array | undefined {
  if (resource.size > LARGEST_SALVAGE) return undefined;
  try {
    // Not in the scratch memory: the stored bytes of the resources behind this one lie there.
    const data = new Uint8Array(resource.size);
    context.decoder.salvage(sources.get(resource.file), resource, 0, data);
    return data;
  } catch (error) {
    expectedError(error);
    return undefined;
  }
}

/** Task `unpackRange`. */
export function unpackRange(
  context: TaskContext,
  { resource, offset, length, chunkOffsets, output, placements, keepCorrupt }: Tasks['unpackRange']['in'],
): Tasks['unpackRange']['out'] {
  const data = new Uint8Array(output, 0, length);
  let fault: { readonly problem?: string } = {};
  try {
    const file = context.files.openRead(resource.file);
    try {
      readUnpacked(context, file, resource, offset, chunkOffsets, data);
    } catch (error) {
      fault = { problem: expectedError(error).message };
      if (keepCorrupt !== true) return fault;
      context.decoder.salvage(file, resource, offset, data);
    } finally {
      file.close();
    }
  } catch (error) {
    fault = { problem: expectedError(error).message };
    if (keepCorrupt !== true) return fault;
    data.fill(0);
  } finally {
    context.decoder.trim();
  }
  const placer = new Placer(context.files);
  const isEnd = offset + length >= resource.size;
  const failures: PlacementFailure[] = [];
  try {
    for (const placement of placements) {
      const failure = placer.writePart(placement, offset, data, isEnd);
      if (failure !== undefined) failures.push(failure);
    }
  } finally {
    placer.close();
  }
  return failures.length === 0 ? fault : { ...fault, failures };
}

function readUnpacked(
  context: TaskContext,
  file: InputFile,
  resource: ResourceLocation,
  offset: number,
  chunkOffsets: Float64Array,
  data: Uint8Array,
): void {
  if (resource.format === 'none') {
    assertRange(file, resource.offset + offset, data.length, 'resource');
    readFull(file, resource.offset + offset, data);
    return;
  }
  const first = offset / resource.chunkSize;
  const count = Math.ceil(data.length / resource.chunkSize);
  // None are given where the caller could not make sense of the table: the reason is found here once more.
  const bounds = chunkOffsets.length > 0 ? chunkOffsets : readChunkOffsets(file, resource, first, count);
  if (!Number.isInteger(first) || bounds.length !== count + 1) {
    throw new RangeError('unpackRange: the range is not that of the chunks');
  }
  if (offset + data.length !== Math.min(resource.size, (first + count) * resource.chunkSize)) {
    throw new RangeError('unpackRange: the range ends within a chunk');
  }
  checkOrder(bounds, resource.chunkSize);
  context.decoder.readChunks(file, resource, first, count, data, bounds);
}

/** The offsets come from a chunk table: whatever checked them before, no read here goes beyond what chunks can take. */
function checkOrder(chunkOffsets: Float64Array, chunkSize: number): void {
  for (let i = 1; i < chunkOffsets.length; i++) {
    const stored = chunkOffsets[i] - chunkOffsets[i - 1];
    // 4 for the header of a chunk in a pipable resource.
    if (!(stored > 0 && stored <= chunkSize + 4)) {
      throw new FormatError({
        structure: 'chunk table',
        offset: chunkOffsets[i - 1],
        problem: `a chunk of ${stored} stored bytes`,
      });
    }
  }
}
