import { AppError } from '../../src-shared/errors/appError';
import { compressorMemory, decompressorMemory } from './codec/codecMemory';
import type { CompressionFormat } from './codec/codec';
import type { EngineHost } from './os';
import type { Compression } from './pipeline/tasks';

/** What a person says of threads and memory. */
export interface ThreadChoices {
  /** 0 or absent: one for each processor. */
  readonly threads?: number | undefined;
  /** Bytes; half of the machine's memory when absent. */
  readonly memory?: number | undefined;
}

/** Memory that each thread of a job takes, and for what. */
export interface ThreadNeed {
  readonly bytes: number;
  /** "a chunk of 64 MiB" */
  readonly what: string;
}

/** Batches of small files on their way through a thread, in and out, and one that waits. */
const BATCHES = 16 << 20;
const MIB = 1 << 20;

/** What a thread needs that decompresses chunks of that size. */
export function decodingNeed(format: CompressionFormat, chunkSize: number): ThreadNeed {
  // Besides the codec's memory the stored chunk, and the chunk once more on its way between threads.
  const bytes = BATCHES + decompressorMemory(format, chunkSize) + 2 * chunkSize;
  return { bytes, what: `to decompress a chunk of ${sizeText(chunkSize)}` };
}

/** What a thread needs that compresses chunks of that size. */
export function encodingNeed(compression: Compression): ThreadNeed {
  const { chunkSize, format } = compression;
  // Two slabs for each thread, and the share of a pair that waits to be written.
  const bytes = BATCHES + compressorMemory(compression) + 4 * chunkSize;
  return { bytes, what: `to compress a chunk of ${sizeText(chunkSize)} with ${format.toUpperCase()}` };
}

/**
 * The number of threads of a job that stay within the memory it may use: fewer than a person asks for where each takes
 * much. 0: as many as there are processors.
 * @param needs of the different kinds of work; one at a time is done, so that the largest counts
 * @throws AppError `job/no-memory` when a single thread would take more
 */
export function threadsWithin(
  host: Pick<EngineHost, 'memory' | 'taskRunner'>,
  { threads = 0, memory }: ThreadChoices,
  needs: readonly ThreadNeed[],
): number {
  const limit = memory ?? host.memory / 2;
  const width = threads > 0 ? threads : host.taskRunner(0).width;
  const largest = needs.reduce<ThreadNeed | undefined>(
    (most, need) => (most === undefined || need.bytes > most.bytes ? need : most),
    undefined,
  );
  if (largest === undefined || largest.bytes * width <= limit) return threads;
  const possible = Math.floor(limit / largest.bytes);
  if (possible >= 1) return possible;
  throw new AppError(
    'job/no-memory',
    `${largest.what} takes ${sizeText(largest.bytes)}, and only ${sizeText(limit)} may be used`,
    { needed: largest.bytes, memory: limit },
  );
}

function sizeText(bytes: number): string {
  return bytes >= MIB ? `${Math.ceil(bytes / MIB)} MiB` : `${Math.ceil(bytes / 1024)} KiB`;
}
