import type { Estimate } from '../../../src-shared/contract/survey';
import { AppError } from '../../../src-shared/errors/appError';
import type { Progress } from '../../../src-shared/model/progress';
import { compressorFor } from '../../engine/codec/codecs';
import type { EngineHost, OpenFile } from '../../engine/os';
import type { StreamLocation } from '../../engine/pipeline/tasks';
import { Slices, type Cancel } from '../../engine/steps';
import { samplePieces, sizeClasses, type SamplePiece, type SizeClass } from '../../engine/tree/sampleFiles';
import type { Tree } from '../../engine/tree/tree';
import { defaultChunkSize } from '../../engine/wim/compression';
import { tableSizes } from './tableSizes';

/** What is estimated. */
export interface EstimateInput {
  readonly tree: Tree;
  readonly locate: (stream: number) => StreamLocation;
  /** Entries that are captured. */
  readonly isWanted: (entry: number) => boolean;
  /** Files that are stored without compression. */
  readonly isStored: (entry: number) => boolean;
  readonly threads: number;
  readonly signal: Cancel;
  readonly onProgress: (progress: Progress) => void;
}

export interface CaptureEstimate {
  readonly sampledBytes: number;
  readonly sampledFiles: number;
  readonly bytes: number;
  readonly estimates: Estimate[];
}

/** Most that is read, and how long is spent, in bytes and ms. */
const MAX_BYTES = 24 << 20;
const MAX_TIME = 2000;
const LEVEL = 50;

const formats = ['none', 'xpress', 'lzx'] as const;
type Format = (typeof formats)[number];

/** What the pieces of one size class came to. Times in ms. */
interface ClassSums {
  bytes: number;
  pieces: number;
  readTime: number;
  hashTime: number;
  readonly stored: Record<Format, number>;
  readonly time: Record<Format, number>;
}

/**
 * Compresses pieces of files each way with the codecs that a capture uses, and reckons from them what the whole comes
 * to: for each size class by its bytes, with the room of the tables, and with the time to read and to hash, shared
 * among the threads. Files with the same data are not looked for: where there are many, the result is smaller.
 * Writing is not reckoned.
 */
export async function estimateCapture(host: EngineHost, input: EstimateInput): Promise<CaptureEstimate> {
  const { tree } = input;
  const classes = sizeClasses(tree, input.isWanted);
  const sums = classes.map(emptySums);
  const sampler = new Sampler(host, input);
  const bytes = classes.reduce((sum, one) => sum + one.bytes, 0);
  const bytesTotal = Math.min(bytes, MAX_BYTES);
  const start = performance.now();
  const files = new Set<number>();
  let sampledBytes = 0;
  sampler.warmUp();
  for (const piece of samplePieces(tree, classes)) {
    if (sampledBytes >= MAX_BYTES || performance.now() - start > MAX_TIME) break;
    sampledBytes += await sampler.take(piece, sums[piece.sizeClass]);
    files.add(piece.stream);
    input.onProgress({
      phase: 'Sampling',
      filesDone: files.size,
      filesTotal: 0,
      bytesDone: Math.min(sampledBytes, bytesTotal),
      bytesTotal,
    });
  }
  const tables = tableSizes(tree, input.isWanted);
  const threads = host.taskRunner(input.threads).width;
  const estimates = formats.map((compression) => {
    const whole = extrapolate(classes, sums, compression);
    return {
      compression,
      bytes: Math.round(whole.bytes + tables[compression]),
      seconds: whole.time / 1000 / threads,
    };
  });
  return { sampledBytes, sampledFiles: files.size, bytes, estimates };
}

function emptySums(): ClassSums {
  return {
    bytes: 0,
    pieces: 0,
    readTime: 0,
    hashTime: 0,
    stored: { none: 0, xpress: 0, lzx: 0 },
    time: { none: 0, xpress: 0, lzx: 0 },
  };
}

/** A class of which nothing could be read is reckoned like all others together. */
function extrapolate(
  classes: readonly SizeClass[],
  sums: readonly ClassSums[],
  format: Format,
): { bytes: number; time: number } {
  const all = sums.reduce(added, emptySums());
  const whole = { bytes: 0, time: 0 };
  classes.forEach((one, i) => {
    const sampled = sums[i].bytes > 0 ? sums[i] : all;
    if (sampled.bytes === 0) {
      whole.bytes += one.bytes;
      return;
    }
    const scale = one.bytes / sampled.bytes;
    whole.bytes += Math.min(one.bytes, sampled.stored[format] * scale);
    whole.time += (sampled.readTime + sampled.hashTime + sampled.time[format]) * scale;
  });
  return whole;
}

function added(a: ClassSums, b: ClassSums): ClassSums {
  const both = (of: (sums: ClassSums) => Record<Format, number>): Record<Format, number> => ({
    none: of(a).none + of(b).none,
    xpress: of(a).xpress + of(b).xpress,
    lzx: of(a).lzx + of(b).lzx,
  });
  return {
    bytes: a.bytes + b.bytes,
    pieces: a.pieces + b.pieces,
    readTime: a.readTime + b.readTime,
    hashTime: a.hashTime + b.hashTime,
    stored: both((sums) => sums.stored),
    time: both((sums) => sums.time),
  };
}

/** Reads and compresses pieces, and keeps the time of each part. */
class Sampler {
  private readonly slices: Slices;
  private readonly output = new Uint8Array(1 << 16);

  constructor(
    private readonly host: EngineHost,
    private readonly input: EstimateInput,
  ) {
    this.slices = new Slices(host, input.signal);
  }

  /** Makes the codecs ready, so that the first piece does not pay for it. */
  warmUp(): void {
    const chunk = Uint8Array.from({ length: 4096 }, (_, i) => (i * i) >> 8);
    for (const format of formats) this.compress(format, chunk);
    this.host.sha1.digest(chunk);
  }

  /** @returns bytes read: 0 when the file cannot be read any more */
  async take(piece: SamplePiece, sums: ClassSums): Promise<number> {
    let time = performance.now();
    const lap = (): number => {
      const now = performance.now();
      const passed = now - time;
      time = now;
      return passed;
    };
    const data = this.read(piece);
    if (data === undefined) return 0;
    sums.readTime += lap();
    this.host.sha1.digest(data);
    sums.hashTime += lap();
    sums.bytes += data.length;
    sums.pieces += 1;
    const isStored = this.input.isStored(piece.entry);
    for (const format of formats) {
      const step = format === 'none' ? data.length : defaultChunkSize(format);
      let stored = 0;
      for (let at = 0; at < data.length; at += step) {
        const chunk = data.subarray(at, at + step);
        lap();
        stored += isStored ? chunk.length : this.compress(format, chunk);
        sums.time[format] += lap();
        if (this.slices.isOver) await this.slices.pause();
      }
      // The table has an entry for each chunk but the first; what does not shrink is stored without.
      const table = format === 'none' ? 0 : 4 * Math.max(0, Math.ceil(data.length / step) - 1);
      sums.stored[format] += Math.min(data.length, stored + table);
    }
    return data.length;
  }

  private compress(format: Format, chunk: Uint8Array): number {
    if (format === 'none') return chunk.length;
    const compressor = compressorFor(this.host.kernels, {
      format,
      chunkSize: defaultChunkSize(format),
      level: LEVEL,
    });
    const size = compressor.compress(chunk, this.output.subarray(0, chunk.length - 1));
    return size === 0 ? chunk.length : size;
  }

  private read(piece: SamplePiece): Uint8Array | undefined {
    const location = this.input.locate(piece.stream);
    if (location.kind !== 'file') throw new AppError('internal/bug', 'a source whose data is in no file');
    let file: OpenFile;
    try {
      file = this.host.files.openRead(location.path);
    } catch (error) {
      if (error instanceof AppError && error.code.startsWith('io/')) return undefined;
      throw error;
    }
    try {
      const data = new Uint8Array(piece.length);
      return data.subarray(0, file.read(piece.offset, data));
    } catch (error) {
      if (error instanceof AppError && error.code.startsWith('io/')) return undefined;
      throw error;
    } finally {
      file.close();
    }
  }
}
