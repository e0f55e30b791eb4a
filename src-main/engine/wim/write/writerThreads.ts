import { decodingNeed, encodingNeed, threadsWithin, type ThreadNeed } from '../../memoryBudget';
import type { EngineHost } from '../../os';
import type { Wim } from '../wim';
import type { WriterOptions } from './wimWriter';

/**
 * Threads that compress what goes into a new file.
 * @throws AppError `job/no-memory` when a single one would take more memory than may be used
 */
export function writerThreads(host: EngineHost, options: WriterOptions): number {
  const { threads, memory, compression, solid } = options;
  const encoding = [encodingNeed(compression)];
  if (solid !== undefined) encoding.push(encodingNeed(solid.compression));
  const most = encoding.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  // What a thread reads from another WIM it decompresses beside its compressor.
  const reading = Math.max(0, ...(options.readingNeeds ?? []).map(({ bytes }) => bytes));
  return threadsWithin(host, { threads, memory }, [{ ...most, bytes: most.bytes + reading }]);
}

/** What threads need that read the data of a WIM: its largest chunks, and those of its solid resources. */
export function readingNeeds({ parts, solids }: Wim): ThreadNeed[] {
  const largest = new Map<string, ThreadNeed>();
  for (const { format, chunkSize } of [...parts, ...solids]) {
    const need = decodingNeed(format, chunkSize);
    if ((largest.get(format)?.bytes ?? 0) < need.bytes) largest.set(format, need);
  }
  return [...largest.values()];
}
