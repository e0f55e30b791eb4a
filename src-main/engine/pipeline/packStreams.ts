import type { ChunkCompressor } from '../codec/codec';
import { compressorFor } from '../codec/codecs';
import { ExtentReader } from './readExtents';
import { partState, readFailure, sharedBytes } from './readStreams';
import { chunkEntrySize } from './resourceChunks';
import { OpenSources, type TaskContext } from './taskEnvironment';
import type { Compression, ReadOutcome, StreamLocation, Tasks } from './tasks';

/**
 * Lays one chunk at the start of `room`: compressed, or as it is when that does not make it smaller.
 * @returns its stored size, or 0 when `room` is too small for it
 */
function packChunk(compressor: ChunkCompressor, chunk: Uint8Array, room: Uint8Array): number {
  const limit = Math.min(chunk.length - 1, room.length);
  const packed = limit > 0 ? compressor.compress(chunk, room.subarray(0, limit)) : 0;
  if (packed > 0) return packed;
  if (chunk.length > room.length) return 0;
  room.set(chunk);
  return chunk.length;
}

/**
 * Lays chunk table and chunks into `room`, whose length is that of `data`.
 * @returns bytes written, or 0 when the resource would not be smaller than the data
 */
function packResource(
  compressor: ChunkCompressor,
  chunkSize: number,
  data: Uint8Array,
  room: Uint8Array,
): number {
  const entrySize = chunkEntrySize(data.length);
  const chunkCount = Math.ceil(data.length / chunkSize);
  const tableSize = (chunkCount - 1) * entrySize;
  if (tableSize >= data.length) return 0;
  const table = new DataView(room.buffer, room.byteOffset, tableSize);
  let end = tableSize;
  for (let i = 0; i < chunkCount; i++) {
    if (i > 0) {
      const entry = end - tableSize;
      table.setUint32((i - 1) * entrySize, entry % 2 ** 32, true);
      if (entrySize === 8) table.setUint32((i - 1) * entrySize + 4, Math.floor(entry / 2 ** 32), true);
    }
    const chunk = data.subarray(i * chunkSize, Math.min(data.length, (i + 1) * chunkSize));
    // The last byte of the room stays out of reach: a resource as large as its data is stored plainly.
    const stored = packChunk(compressor, chunk, room.subarray(end, data.length - 1));
    if (stored === 0) return 0;
    end += stored;
  }
  return end;
}

/** Task `packBatch`. */
export function packBatch(context: TaskContext, task: Tasks['packBatch']['in']): Tasks['packBatch']['out'] {
  const { compression, items } = task;
  const compressor = compressorFor(context.kernels, compression);
  const input = new Uint8Array(task.input);
  const output = new Uint8Array(task.output);
  const outcomes: { storedSize: number; compressed: boolean }[] = [];
  let at = 0;
  for (const { offset, size, store } of items) {
    const data = input.subarray(offset, offset + size);
    const room = output.subarray(at, at + size);
    const wanted = !store && compression.format !== 'none' && size > 0;
    const packed = wanted ? packResource(compressor, compression.chunkSize, data, room) : 0;
    if (packed === 0) room.set(data);
    const storedSize = packed === 0 ? size : packed;
    outcomes.push({ storedSize, compressed: packed > 0 });
    at += storedSize;
  }
  return { items: outcomes };
}

/** Task `packRange`. */
export function packRange(context: TaskContext, task: Tasks['packRange']['in']): Tasks['packRange']['out'] {
  const input = new Uint8Array(task.input, 0, task.length);
  let outcome: ReadOutcome;
  try {
    outcome = readPart(context, task.location, task.offset, input);
  } catch (error) {
    return { ...readFailure(error), chunkSizes: new Uint32Array(0) };
  } finally {
    context.decoder.trim();
  }
  const data = input.subarray(0, outcome.size);
  return { ...outcome, chunkSizes: packChunks(context, task.compression, data, new Uint8Array(task.output)) };
}

/** Compresses chunk by chunk, back to back. @returns the stored size of each; none for format 'none' */
export function packChunks(
  context: TaskContext,
  compression: Compression,
  data: Uint8Array,
  output: Uint8Array,
): Uint32Array {
  const { format, chunkSize } = compression;
  if (format === 'none') return new Uint32Array(0);
  const compressor = compressorFor(context.kernels, compression);
  const sizes = new Uint32Array(Math.ceil(data.length / chunkSize));
  let at = 0;
  for (let i = 0; i < sizes.length; i++) {
    const chunk = data.subarray(i * chunkSize, Math.min(data.length, (i + 1) * chunkSize));
    const stored = packChunk(compressor, chunk, output.subarray(at));
    if (stored === 0) throw new RangeError('packRange: the output is smaller than the input');
    sizes[i] = stored;
    at += stored;
  }
  return sizes;
}

export function readPart(
  context: TaskContext,
  location: StreamLocation,
  offset: number,
  target: Uint8Array,
): ReadOutcome {
  if (location.kind === 'bytes' || location.kind === 'shared') {
    const bytes = location.kind === 'bytes' ? location.bytes : sharedBytes(location);
    const part = bytes.subarray(offset, offset + target.length);
    target.set(part);
    return { state: 'same', size: part.length, modifiedMs: 0 };
  }
  if (location.kind === 'extents') {
    const sources = new OpenSources(context.files);
    try {
      const reader = new ExtentReader(location, (path) => sources.get(path), context.kernels);
      return { state: 'same', size: reader.read(offset, target), modifiedMs: 0 };
    } finally {
      sources.close();
    }
  }
  const file = context.files.openRead(location.kind === 'file' ? location.path : location.resource.file);
  try {
    if (location.kind === 'file') {
      const before = file.status();
      const size = file.read(offset, target);
      const after = file.status();
      return { state: partState(location, before, after), size, modifiedMs: after.modifiedMs };
    }
    const { resource } = location;
    const size = Math.max(0, Math.min(target.length, resource.size - offset));
    let done = 0;
    context.decoder.readRange(file, resource, offset, size, (bytes) => {
      target.set(bytes, done);
      done += bytes.length;
    });
    return { state: 'same', size, modifiedMs: 0 };
  } finally {
    file.close();
  }
}
