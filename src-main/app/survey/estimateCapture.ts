import type { Estimate } from '../../../src-shared/contract/survey';
import { AppError } from '../../../src-shared/errors/appError';
import type { Progress } from '../../../src-shared/model/progress';
import { compressorFor } from '../../engine/codec/codecs';
import { OpenExtentFiles } from '../../engine/disk/volumes/extentFiles';
import { encodingNeed, threadsWithin, type ThreadNeed } from '../../engine/memoryBudget';
import type { EngineHost } from '../../engine/os';
import { ExtentReader } from '../../engine/pipeline/readExtents';
import type { ExtentLocation, StreamLocation } from '../../engine/pipeline/tasks';
import { Slices, type Cancel } from '../../engine/steps';
import { samplePieces, sizeClasses, type SamplePiece, type SizeClass } from '../../engine/tree/sampleFiles';
import type { Tree } from '../../engine/tree/tree';
import { defaultChunkSize, defaultSolidChunkSize } from '../../engine/wim/compression';
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
  /** Bytes that threads may use; undefined: half of the machine's memory. */
  readonly memory: number | undefined;
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
const MAX_TIME = 3000;
const LEVEL = 50;

const formats = ['none', 'xpress', 'lzx', 'lzms'] as const;
type Format = (typeof formats)[number];
/** Tried on every piece. */
const always = ['none', 'xpress', 'lzx'] as const;
/** LZMS takes longest: it is tried on as many pieces as fit into this part of the time, and compared with LZX. */
const LZMS_PART = 0.3;

/** What the pieces of one size class came to. Times in ms. */
interface ClassSums {
  bytes: number;
  pieces: number;
  readTime: number;
  hashTime: number;
  readonly stored: Record<Format, number>;
  readonly time: Record<Format, number>;
  /** What the pieces have that LZMS was tried on, too: their size, and what LZX made of them. */
  readonly lzmsTried: { bytes: number; lzx: number };
}

/**
 * Compresses pieces of files each way with the codecs that a capture uses, and reckons from them what the whole comes
 * to: for each size class by its bytes, with the room of the tables, and with the time to read and to hash, shared
 * among the threads. Files with the same data are not looked for: where there are many, the result is smaller.
 * Writing is not reckoned. Of solid data only limits can be told: what files have in common a sample does not show.
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
  const estimates = formats.map((format): Estimate => {
    const whole = extrapolate(classes, sums, format);
    const need = encodingNeed({ format, chunkSize: defaultChunkSize(format), level: LEVEL });
    const threads = threadsFor(host, input, need);
    return {
      compression: format,
      bytes: Math.round(whole.bytes + tables[format]),
      seconds: (whole.reading + whole.compressing) / 1000 / threads,
      memory: threads * need.bytes,
      limits: false,
    };
  });
  estimates.push(solidEstimate(host, input, bytes, extrapolate(classes, sums, 'lzms'), tables.lzms));
  return { sampledBytes, sampledFiles: files.size, bytes, estimates };
}

/**
 * Solid data is at most as large as when each file is compressed by itself. It is read twice, once to find what is there
 * twice, and compressing in large chunks takes longer than in the small ones that were tried.
 */
function solidEstimate(
  host: EngineHost,
  input: EstimateInput,
  bytes: number,
  apart: Whole,
  tables: number,
): Estimate {
  const chunkSize = defaultSolidChunkSize('lzms');
  const allowed = threadsFor(host, input, encodingNeed({ format: 'lzms', chunkSize, level: LEVEL }));
  const threads = Math.min(allowed, Math.max(1, Math.ceil(bytes / chunkSize)));
  // A chunk that is not full takes less.
  const used = Math.max(1, Math.min(chunkSize, bytes));
  return {
    compression: 'solid',
    bytes: Math.round(apart.bytes + tables),
    seconds: (2 * apart.reading) / 1000 / allowed + apart.compressing / 1000 / threads,
    memory: threads * encodingNeed({ format: 'lzms', chunkSize: used, level: LEVEL }).bytes,
    limits: true,
  };
}

/** Threads that a capture would have; where a single one takes too much it is one: the plan says so. */
function threadsFor(host: EngineHost, { threads, memory }: EstimateInput, need: ThreadNeed): number {
  try {
    return host.taskRunner(threadsWithin(host, { threads, memory }, [need])).width;
  } catch (error) {
    if (error instanceof AppError && error.code === 'job/no-memory') return 1;
    throw error;
  }
}

function emptySums(): ClassSums {
  return {
    bytes: 0,
    pieces: 0,
    readTime: 0,
    hashTime: 0,
    stored: { none: 0, xpress: 0, lzx: 0, lzms: 0 },
    time: { none: 0, xpress: 0, lzx: 0, lzms: 0 },
    lzmsTried: { bytes: 0, lzx: 0 },
  };
}

/** What the whole source comes to. Times in ms. */
interface Whole {
  bytes: number;
  /** Reading and hashing. */
  reading: number;
  compressing: number;
}

/** A class of which nothing could be read is reckoned like all others together. */
function extrapolate(classes: readonly SizeClass[], sums: readonly ClassSums[], format: Format): Whole {
  const all = sums.reduce(added, emptySums());
  const whole: Whole = { bytes: 0, reading: 0, compressing: 0 };
  classes.forEach((one, i) => {
    const sampled = sums[i].bytes > 0 ? sums[i] : all;
    if (sampled.bytes === 0) {
      whole.bytes += one.bytes;
      return;
    }
    const scale = one.bytes / sampled.bytes;
    const tried =
      format === 'lzms'
        ? lzmsOf(sampled, all)
        : { stored: sampled.stored[format], time: sampled.time[format] };
    whole.bytes += Math.min(one.bytes, tried.stored * scale);
    whole.reading += (sampled.readTime + sampled.hashTime) * scale;
    whole.compressing += tried.time * scale;
  });
  return whole;
}

/** What LZMS would have made of all pieces of a class. @param all of all classes, for one in which it was not tried */
function lzmsOf(sampled: ClassSums, all: ClassSums): { readonly stored: number; readonly time: number } {
  const { lzmsTried, stored, time } = sampled.lzmsTried.bytes > 0 ? sampled : all;
  if (lzmsTried.bytes === 0) return { stored: sampled.stored.lzx, time: sampled.time.lzx };
  return {
    stored: sampled.stored.lzx * (stored.lzms / Math.max(1, lzmsTried.lzx)),
    time: sampled.bytes * (time.lzms / lzmsTried.bytes),
  };
}

function added(a: ClassSums, b: ClassSums): ClassSums {
  const both = (of: (sums: ClassSums) => Record<Format, number>): Record<Format, number> => ({
    none: of(a).none + of(b).none,
    xpress: of(a).xpress + of(b).xpress,
    lzx: of(a).lzx + of(b).lzx,
    lzms: of(a).lzms + of(b).lzms,
  });
  return {
    bytes: a.bytes + b.bytes,
    pieces: a.pieces + b.pieces,
    readTime: a.readTime + b.readTime,
    hashTime: a.hashTime + b.hashTime,
    stored: both((sums) => sums.stored),
    time: both((sums) => sums.time),
    lzmsTried: {
      bytes: a.lzmsTried.bytes + b.lzmsTried.bytes,
      lzx: a.lzmsTried.lzx + b.lzmsTried.lzx,
    },
  };
}

/** Reads and compresses pieces, and keeps the time of each part. */
class Sampler {
  private readonly slices: Slices;
  private readonly output = new Uint8Array(Math.max(...formats.map(defaultChunkSize)));
  /** Milliseconds that compressing took so far. */
  private readonly spent: Record<Format, number> = { none: 0, xpress: 0, lzx: 0, lzms: 0 };

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
    const lap = this.stopwatch();
    const data = this.read(piece);
    if (data === undefined) return 0;
    sums.readTime += lap();
    this.host.sha1.digest(data);
    sums.hashTime += lap();
    sums.bytes += data.length;
    sums.pieces += 1;
    const isStored = this.input.isStored(piece.entry);
    let lzx = 0;
    for (const format of always) lzx = await this.tryOut(format, data, isStored, sums);
    const { xpress, lzx: byLzx, lzms } = this.spent;
    if (lzms <= LZMS_PART * (xpress + byLzx + lzms)) {
      await this.tryOut('lzms', data, isStored, sums);
      sums.lzmsTried.bytes += data.length;
      sums.lzmsTried.lzx += lzx;
    }
    return data.length;
  }

  /** Compresses data chunk by chunk. @returns bytes that it takes */
  private async tryOut(
    format: Format,
    data: Uint8Array,
    isStored: boolean,
    sums: ClassSums,
  ): Promise<number> {
    const step = format === 'none' ? data.length : defaultChunkSize(format);
    const lap = this.stopwatch();
    let stored = 0;
    for (let at = 0; at < data.length; at += step) {
      const chunk = data.subarray(at, at + step);
      lap();
      stored += isStored ? chunk.length : this.compress(format, chunk);
      const passed = lap();
      sums.time[format] += passed;
      this.spent[format] += passed;
      if (this.slices.isOver) await this.slices.pause();
    }
    // The table has an entry for each chunk but the first; what does not shrink is stored without.
    const table = format === 'none' ? 0 : 4 * Math.max(0, Math.ceil(data.length / step) - 1);
    const taken = Math.min(data.length, stored + table);
    sums.stored[format] += taken;
    return taken;
  }

  /** @returns milliseconds since it was asked last */
  private stopwatch(): () => number {
    let time = performance.now();
    return () => {
      const now = performance.now();
      const passed = now - time;
      time = now;
      return passed;
    };
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
    try {
      switch (location.kind) {
        case 'file':
          return this.readFile(location.path, piece);
        case 'extents':
          return this.readExtents(location, piece);
        case 'bytes':
          return location.bytes.subarray(piece.offset, piece.offset + piece.length);
        case 'resource':
        case 'shared':
          throw new AppError('internal/bug', 'a source whose data is in a WIM');
      }
    } catch (error) {
      if (error instanceof AppError && error.code.startsWith('io/')) return undefined;
      throw error;
    }
  }

  private readFile(path: string, piece: SamplePiece): Uint8Array {
    const file = this.host.files.openRead(path);
    try {
      const data = new Uint8Array(piece.length);
      return data.subarray(0, file.read(piece.offset, data));
    } finally {
      file.close();
    }
  }

  private readExtents(location: ExtentLocation, piece: SamplePiece): Uint8Array {
    const files = new OpenExtentFiles(this.host);
    try {
      const reader = new ExtentReader(location, files.open, this.host.kernels);
      const data = new Uint8Array(piece.length);
      return data.subarray(0, reader.read(piece.offset, data));
    } finally {
      files.close();
    }
  }
}
