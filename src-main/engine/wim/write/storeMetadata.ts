import { CancelledError } from '../../../../src-shared/errors/appError';
import { awaitedLater } from '../../pipeline/awaitedLater';
import { chunkEntrySize } from '../../pipeline/resourceChunks';
import type { Tasks } from '../../pipeline/tasks';
import type { SerializedMetadata } from '../metadata/serializeMetadata';
import { ResourceFlag } from '../records/resourceHeader';
import { serializeChunkTable, writeChunkHeader } from './resourceOutput';
import type { EngineHost } from '../../os';
import type { Compression, TaskRunner } from '../../pipeline/tasks';
import type { ResourceHeader } from '../records/resourceHeader';
import type { ResourceOutput } from './resourceOutput';

/** A metadata resource that is in the new file. */
export interface WrittenMetadata {
  readonly header: ResourceHeader;
  readonly sha1: Uint8Array;
}

/** What metadata is written through; a WimWriter is one. */
export interface MetadataOutput {
  readonly host: EngineHost;
  readonly output: ResourceOutput;
  readonly runner: TaskRunner;
  readonly options: { readonly compression: Compression; readonly signal?: AbortSignal | undefined };
}

/** Slabs of metadata in the threads' hands at a time. */
const IN_FLIGHT = 4;
const SLAB_SIZE = 1 << 20;

/**
 * Compresses and writes an image's metadata. It is laid out, hashed and compressed piece by piece, the pieces by
 * several threads: the metadata of a million files takes a few megabytes of memory here.
 */
export async function storeMetadata(
  writer: MetadataOutput,
  metadata: SerializedMetadata,
): Promise<WrittenMetadata> {
  const { output, options, host } = writer;
  const { compression } = options;
  // Laid out twice only where the hash stands before the data.
  const sha1 = output.pipable ? digestOf(writer, metadata) : undefined;
  const digest = host.sha1.start();
  if (compression.format === 'none') {
    if (sha1 !== undefined) output.beginPipable(sha1, metadata.size, ResourceFlag.METADATA);
    const offset = output.position;
    for (const piece of metadata.pieces()) {
      if (sha1 === undefined) digest.update(piece);
      output.write(piece);
    }
    const header = { offset, storedSize: metadata.size, size: metadata.size, flags: ResourceFlag.METADATA };
    return { header, sha1: sha1 ?? digest.digest() };
  }
  const flags = ResourceFlag.METADATA | ResourceFlag.COMPRESSED;
  const chunkCount = Math.ceil(metadata.size / compression.chunkSize);
  const tableSize = (chunkCount - 1) * chunkEntrySize(metadata.size);
  if (sha1 !== undefined) output.beginPipable(sha1, metadata.size, flags);
  const offset = output.position;
  if (!output.pipable) output.skip(tableSize);
  const chunkSizes = new Uint32Array(chunkCount);
  let chunk = 0;
  const slabSize = Math.max(SLAB_SIZE, compression.chunkSize);
  const queue: { readonly slab: Slab; readonly done: Promise<Tasks['packBatch']['out']> }[] = [];
  const free: Slab[] = Array.from({ length: IN_FLIGHT }, () => ({
    input: new SharedArrayBuffer(slabSize),
    output: new SharedArrayBuffer(slabSize + 4096),
  }));

  const writeOldest = async (): Promise<void> => {
    const { slab, done } = queue[0];
    const { items } = await done;
    if (options.signal?.aborted === true) throw new CancelledError();
    queue.shift();
    let at = 0;
    for (const { storedSize } of items) {
      if (output.pipable) {
        writeChunkHeader(output, storedSize);
        output.write(new Uint8Array(slab.output, at, storedSize));
      }
      chunkSizes[chunk++] = storedSize;
      at += storedSize;
    }
    if (!output.pipable) output.write(new Uint8Array(slab.output, 0, at));
    free.push(slab);
  };
  for (const piece of slabPieces(metadata, slabSize)) {
    if (free.length === 0) await writeOldest();
    const slab = free.pop() as Slab;
    if (sha1 === undefined) digest.update(piece);
    new Uint8Array(slab.input).set(piece);
    const items = chunksOf(piece, compression.chunkSize);
    const done = writer.runner.run('packBatch', { ...slab, compression, items });
    awaitedLater(done);
    queue.push({ slab, done });
    await host.breathe();
  }
  while (queue.length > 0) await writeOldest();
  const table = serializeChunkTable(chunkSizes, metadata.size);
  if (output.pipable) output.write(table);
  else output.patch(offset, table);
  const header = { offset, storedSize: output.position - offset, size: metadata.size, flags };
  return { header, sha1: sha1 ?? digest.digest() };
}

interface Slab {
  readonly input: SharedArrayBuffer;
  readonly output: SharedArrayBuffer;
}

function digestOf({ host }: MetadataOutput, metadata: SerializedMetadata): Uint8Array {
  const digest = host.sha1.start();
  for (const piece of metadata.pieces()) digest.update(piece);
  return digest.digest();
}

/** The items of a task that compresses a slab chunk by chunk. */
function chunksOf(piece: Uint8Array, chunkSize: number): { offset: number; size: number; store: boolean }[] {
  const items = [];
  for (let offset = 0; offset < piece.length; offset += chunkSize) {
    items.push({ offset, size: Math.min(chunkSize, piece.length - offset), store: false });
  }
  return items;
}

/** Regroups the metadata's pieces to the size of a slab; one is valid until the next is asked for. */
function* slabPieces(metadata: SerializedMetadata, slabSize: number): Generator<Uint8Array> {
  const slab = new Uint8Array(Math.min(slabSize, metadata.size));
  let used = 0;
  for (const piece of metadata.pieces()) {
    for (let at = 0; at < piece.length;) {
      const count = Math.min(piece.length - at, slab.length - used);
      slab.set(piece.subarray(at, at + count), used);
      used += count;
      at += count;
      if (used === slab.length) {
        yield slab;
        used = 0;
      }
    }
  }
  if (used > 0) yield slab.subarray(0, used);
}
