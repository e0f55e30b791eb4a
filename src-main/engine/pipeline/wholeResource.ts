import { AppError, FormatError } from '../../../src-shared/errors/appError';
import { bytesEqual } from '../binary/bytesEqual';
import { assertRange, readExactly, type ByteSource } from '../binary/byteSource';
import { decompressorFor } from '../codec/codecs';
import type { EngineHost } from '../os';
import { runSteps, type Steps } from '../steps';
import { chunkLayout, chunkLength, readChunkOffsets } from './resourceChunks';
import type { ResourceLocation } from './tasks';

/** Largest resource that is held in memory: metadata of some ten million files. */
const LARGEST = 2 ** 31 - 1;
/**
 * Metadata and tables never compress better than this: every dentry and every entry of a table is told from its
 * neighbours by a name or a digest. The first few megabytes may, being mostly zeroes.
 */
const BEST_RATIO = 32;
const ALWAYS_ALLOWED = 64 * 1024 * 1024;

/** Chunks whose bounds are read at once. */
const CHUNKS_AT_ONCE = 4096;

/**
 * Reads a resource chunk by chunk and hands each expanded piece on, in order. A piece is valid only until the next.
 * What the sizes claim is allocated only as far as the stored data bears it out: one chunk at a time.
 * @throws FormatError
 */
export function readResourceChunks(
  host: Pick<EngineHost, 'kernels'>,
  resource: ResourceLocation,
  source: ByteSource,
  take: (piece: Uint8Array) => void,
): void {
  for (const piece of resourceChunks(host, resource, source)) take(piece);
}

function* resourceChunks(
  host: Pick<EngineHost, 'kernels'>,
  resource: ResourceLocation,
  source: ByteSource,
): Generator<Uint8Array> {
  assertRange(source, resource.offset, resource.storedSize, 'resource');
  if (resource.format === 'none') {
    for (let done = 0; done < resource.size;) {
      const piece = readExactly(
        source,
        resource.offset + done,
        Math.min(resource.size - done, 1 << 20),
        'resource',
      );
      yield piece;
      done += piece.length;
    }
    return;
  }
  const layout = chunkLayout(resource);
  const decompressor = decompressorFor(host.kernels, resource.format, resource.chunkSize);
  const expanded = new Uint8Array(Math.min(resource.chunkSize, resource.size));
  for (let first = 0; first < layout.chunkCount; first += CHUNKS_AT_ONCE) {
    const count = Math.min(CHUNKS_AT_ONCE, layout.chunkCount - first);
    const offsets = readChunkOffsets(source, resource, first, count);
    for (let i = 0; i < count; i++) {
      const start = offsets[i] + layout.headerSize;
      const stored = readExactly(source, start, offsets[i + 1] - start, 'chunk');
      const target = expanded.subarray(0, chunkLength(resource, first + i));
      if (stored.length === target.length) {
        yield stored;
        continue;
      }
      try {
        decompressor.decompress(stored, target);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        throw new FormatError(
          { structure: error.structure, offset: start, problem: error.message },
          error.code,
          error,
        );
      }
      yield target;
    }
  }
}

/** @throws FormatError when a size cannot be true; AppError `wim/unsupported` when it is more than memory is for */
function assertHoldable(resource: ResourceLocation, source: ByteSource): void {
  const { offset, size, storedSize, format } = resource;
  if (format === 'none') {
    assertRange(source, offset, size, 'resource');
  } else if (size > ALWAYS_ALLOWED + BEST_RATIO * storedSize) {
    const problem = `${storedSize} stored bytes cannot hold metadata or a table of ${size} bytes`;
    throw new FormatError({ structure: 'resource', offset, problem });
  }
  if (size > LARGEST) {
    throw new AppError(
      'wim/unsupported',
      `${source.name}: its tables take ${size} bytes, ${LARGEST} can be read`,
    );
  }
}

/**
 * Reads a whole resource into memory. Memory grows with what has been expanded, never with what a header claims.
 * @param sha1 the digest the data must have, when it is known
 * @throws FormatError `wim/blob-corrupt` when the digest differs
 */
export function readWholeResource(
  host: Pick<EngineHost, 'kernels' | 'sha1'>,
  resource: ResourceLocation,
  source: ByteSource,
  sha1?: Uint8Array,
): Uint8Array {
  return runSteps(wholeResourceSteps(host, resource, source, sha1));
}

/** Expanded bytes between pauses: a millisecond or two. */
const STEP = 1 << 19;

/** The same as {@link readWholeResource}, with pauses. */
export function* wholeResourceSteps(
  host: Pick<EngineHost, 'kernels' | 'sha1'>,
  resource: ResourceLocation,
  source: ByteSource,
  sha1?: Uint8Array,
): Steps<Uint8Array> {
  assertHoldable(resource, source);
  let bytes = new Uint8Array(Math.min(resource.size, Math.max(resource.storedSize * 4, 1 << 21)));
  let used = 0;
  let paused = 0;
  for (const piece of resourceChunks(host, resource, source)) {
    if (used + piece.length > bytes.length) {
      const grown = new Uint8Array(Math.min(resource.size, bytes.length * 2 + piece.length));
      grown.set(bytes.subarray(0, used));
      bytes = grown;
    }
    bytes.set(piece, used);
    used += piece.length;
    if (used - paused < STEP) continue;
    paused = used;
    yield;
  }
  if (sha1 !== undefined && !bytesEqual(yield* digestSteps(host, bytes), sha1)) {
    throw new FormatError(
      {
        structure: 'resource',
        offset: resource.offset,
        problem: 'its data does not have the SHA-1 it should have',
      },
      'wim/blob-corrupt',
    );
  }
  return bytes;
}

function* digestSteps(host: Pick<EngineHost, 'sha1'>, bytes: Uint8Array): Steps<Uint8Array> {
  if (bytes.length <= STEP) return host.sha1.digest(bytes);
  const hash = host.sha1.start();
  for (let at = 0; at < bytes.length; at += STEP) {
    hash.update(bytes.subarray(at, at + STEP));
    yield;
  }
  return hash.digest();
}
