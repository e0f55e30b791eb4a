import type { InputFile } from './taskFiles';
import { ExtentReader } from './readExtents';
import { expectedError, MISMATCH, OpenSources, sameDigest, type TaskContext } from './taskEnvironment';
import type { InputStatus } from './taskFiles';
import type { ExtentLocation, ReadOutcome, StreamLocation, Tasks } from './tasks';

type FileLocation = Extract<StreamLocation, { kind: 'file' }>;
type SharedLocation = Extract<StreamLocation, { kind: 'shared' }>;
type ResourceStream = Extract<StreamLocation, { kind: 'resource' }>;

/** How often a file that changes is read before it is given up. */
const ATTEMPTS = 3;
/** Two readings of one time may differ by the rounding of a double, never by a whole clock tick. */
const SAME_TIME_MS = 0.001;
/** Bytes of a large file that are read at a time. */
export const PIECE = 1024 * 1024;

function sameTime(a: number, b: number): boolean {
  return Math.abs(a - b) < SAME_TIME_MS;
}

export function sameStatus(a: InputStatus, b: InputStatus): boolean {
  return a.size === b.size && sameTime(a.modifiedMs, b.modifiedMs);
}

/** The outcome of an error while a stream was read. @throws `error` itself when it is a fault of the program */
export function readFailure(error: unknown): ReadOutcome {
  const { code, message } = expectedError(error);
  const gone = code === 'io/not-found' || code === 'io/not-a-directory';
  return { state: gone ? 'vanished' : 'unreadable', size: 0, modifiedMs: 0, problem: message };
}

/** Reads an open file whole into `target`, again when it changes meanwhile. */
function readUnchanged(file: InputFile, location: FileLocation, target: Uint8Array): ReadOutcome {
  // A file that is after reading as it was when scanned was so in between: one status call is enough for most.
  if (location.size <= target.length) {
    const size = file.read(0, target.subarray(0, location.size));
    const after = file.status();
    if (size === location.size && sameStatus(after, location)) {
      return { state: 'same', size, modifiedMs: after.modifiedMs };
    }
  }
  let size = 0;
  let after = file.status();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = after;
    if (before.size > target.length) {
      return { state: 'outgrown', size: before.size, modifiedMs: before.modifiedMs };
    }
    size = file.read(0, target.subarray(0, before.size));
    after = file.status();
    if (size === before.size && sameStatus(after, before)) {
      return { state: sameStatus(after, location) ? 'same' : 'changed', size, modifiedMs: after.modifiedMs };
    }
  }
  return { state: 'torn', size, modifiedMs: after.modifiedMs };
}

function readFile(context: TaskContext, location: FileLocation, target: Uint8Array): ReadOutcome {
  try {
    const file = context.files.openRead(location.path);
    try {
      return readUnchanged(file, location, target);
    } finally {
      file.close();
    }
  } catch (error) {
    return readFailure(error);
  }
}

function readResource(
  context: TaskContext,
  sources: OpenSources,
  { resource }: ResourceStream,
  target: Uint8Array,
): ReadOutcome {
  if (resource.size > target.length) return { state: 'outgrown', size: resource.size, modifiedMs: 0 };
  try {
    context.decoder.readInto(sources.get(resource.file), resource, target.subarray(0, resource.size));
    return { state: 'same', size: resource.size, modifiedMs: 0 };
  } catch (error) {
    return readFailure(error);
  }
}

function readExtents(
  context: TaskContext,
  sources: OpenSources,
  location: ExtentLocation,
  target: Uint8Array,
): ReadOutcome {
  const { size } = location;
  if (size > target.length) return { state: 'outgrown', size, modifiedMs: 0 };
  try {
    new ExtentReader(location, (path) => sources.get(path), context.kernels).read(
      0,
      target.subarray(0, size),
    );
    return { state: 'same', size, modifiedMs: 0 };
  } catch (error) {
    return readFailure(error);
  }
}

/** Task `readBatch`. */
export function readBatch(
  context: TaskContext,
  { slab, items }: Tasks['readBatch']['in'],
): Tasks['readBatch']['out'] {
  const outcomes: ReadOutcome[] = [];
  const digests = new Uint8Array(20 * items.length);
  const memory = new Uint8Array(slab);
  const sources = new OpenSources(context.files);
  try {
    for (let i = 0; i < items.length; i++) {
      const { location, offset, room } = items[i];
      const target = memory.subarray(offset, offset + room);
      let outcome: ReadOutcome;
      switch (location.kind) {
        case 'file':
          outcome = readFile(context, location, target);
          break;
        case 'bytes':
          outcome = copyBytes(location.bytes, target);
          break;
        case 'resource':
          outcome = readResource(context, sources, location, target);
          break;
        case 'shared':
          outcome = copyBytes(sharedBytes(location), target);
          break;
        case 'extents':
          outcome = readExtents(context, sources, location, target);
          break;
      }
      if (outcome.state === 'same' || outcome.state === 'changed' || outcome.state === 'torn') {
        const digest = context.sha1.digest(target.subarray(0, outcome.size));
        digests.set(digest, 20 * i);
        const isKnown = location.kind === 'resource' || location.kind === 'shared';
        if (isKnown && !sameDigest(digest, location.sha1)) {
          outcome = { ...outcome, state: 'unreadable', problem: MISMATCH };
        }
      }
      outcomes.push(outcome);
    }
  } finally {
    sources.close();
    context.decoder.trim();
  }
  return { items: outcomes, sha1: digests };
}

export function sharedBytes({ memory, offset, size }: SharedLocation): Uint8Array {
  return new Uint8Array(memory, offset, size);
}

function copyBytes(bytes: Uint8Array, target: Uint8Array): ReadOutcome {
  if (bytes.length > target.length) return { state: 'outgrown', size: bytes.length, modifiedMs: 0 };
  target.set(bytes);
  return { state: 'same', size: bytes.length, modifiedMs: 0 };
}

/** The state of a file of which a part was read between two looks at it. */
export function partState(
  location: FileLocation,
  before: InputStatus,
  after: InputStatus,
): 'same' | 'changed' | 'torn' {
  if (sameStatus(before, location) && sameStatus(after, location)) return 'same';
  return sameStatus(before, after) ? 'changed' : 'torn';
}

/** Task `hashStream`. */
export function hashStream(
  context: TaskContext,
  { location }: Tasks['hashStream']['in'],
): Tasks['hashStream']['out'] {
  const nothing = new Uint8Array(20);
  try {
    switch (location.kind) {
      case 'file':
        return hashFile(context, location);
      case 'bytes':
        return {
          state: 'same',
          size: location.bytes.length,
          modifiedMs: 0,
          sha1: context.sha1.digest(location.bytes),
        };
      case 'resource':
        return hashResource(context, location);
      case 'shared': {
        const sha1 = context.sha1.digest(sharedBytes(location));
        const found = { size: location.size, modifiedMs: 0, sha1 };
        return sameDigest(sha1, location.sha1)
          ? { state: 'same', ...found }
          : { state: 'unreadable', problem: MISMATCH, ...found };
      }
      case 'extents':
        return hashExtents(context, location);
    }
  } catch (error) {
    return { ...readFailure(error), sha1: nothing };
  } finally {
    context.decoder.trim();
  }
}

function hashFile(context: TaskContext, location: FileLocation): Tasks['hashStream']['out'] {
  const file = context.files.openRead(location.path);
  try {
    const before = file.status();
    const hash = context.sha1.start();
    const piece = context.scratch.take(PIECE);
    let size = 0;
    // A file that grows faster than it is read would never end.
    while (size <= before.size) {
      const count = file.read(size, piece);
      hash.update(piece.subarray(0, count));
      size += count;
      if (count < piece.length) break;
    }
    const after = file.status();
    const state = size === before.size ? partState(location, before, after) : 'torn';
    return { state, size, modifiedMs: after.modifiedMs, sha1: hash.digest() };
  } finally {
    file.close();
  }
}

function hashResource(context: TaskContext, { resource, sha1 }: ResourceStream): Tasks['hashStream']['out'] {
  const file = context.files.openRead(resource.file);
  try {
    const hash = context.sha1.start();
    context.decoder.readRange(file, resource, 0, resource.size, (bytes) => hash.update(bytes));
    const digest = hash.digest();
    const found = { size: resource.size, modifiedMs: 0, sha1: digest };
    return sameDigest(digest, sha1)
      ? { state: 'same', ...found }
      : { state: 'unreadable', problem: MISMATCH, ...found };
  } finally {
    file.close();
  }
}

function hashExtents(context: TaskContext, location: ExtentLocation): Tasks['hashStream']['out'] {
  const sources = new OpenSources(context.files);
  try {
    const reader = new ExtentReader(location, (path) => sources.get(path), context.kernels);
    const hash = context.sha1.start();
    const piece = context.scratch.take(PIECE);
    for (let done = 0; done < location.size;) {
      const count = reader.read(done, piece);
      hash.update(piece.subarray(0, count));
      done += count;
    }
    return { state: 'same', size: location.size, modifiedMs: 0, sha1: hash.digest() };
  } finally {
    sources.close();
  }
}
