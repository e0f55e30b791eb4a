import { AppError, CancelledError } from '../../../src-shared/errors/appError';
import type { EngineHost } from '../os';
import type { Cancel } from '../steps';
import type { BlockDevice } from './blockDevice';

export interface CopyDiskOptions {
  readonly signal?: Cancel;
  /** Told after each piece: bytes of the disk that are done, of `total`, and bytes written. */
  readonly onProgress?: (progress: { done: number; total: number; written: number }) => void;
}

/** What is read and written at a time. */
const PIECE = 8 * 1024 * 1024;
/** Zeroes are left out in runs of this size: what file systems keep together at most as a rule. */
const GRAIN = 64 * 1024;

/**
 * Copies a disk onto a new one, which reads as zeroes everywhere: what the source does not hold is not read, and runs
 * of zeroes are not written. Ends with a flush.
 * @param target as large as the source, or larger
 * @returns bytes written
 * @throws AppError `disk/too-small`; CancelledError, with the target incomplete
 */
export async function copyDisk(
  host: Pick<EngineHost, 'breathe'>,
  source: BlockDevice,
  target: BlockDevice,
  options: CopyDiskOptions = {},
): Promise<number> {
  const { size } = source;
  if (target.size < size) {
    throw new AppError(
      'disk/too-small',
      `${target.name} has ${target.size} bytes, fewer than ${source.name} with ${size}`,
      { path: target.name, size: target.size, needed: size },
    );
  }
  const buffer = new Uint8Array(Math.min(PIECE, size));
  let written = 0;
  const report = async (done: number): Promise<void> => {
    options.onProgress?.({ done, total: size, written });
    await host.breathe();
    if (options.signal?.aborted === true) throw new CancelledError();
  };
  let at = 0;
  for (const extent of source.extents(0, size)) {
    const length = extent.kind === 'bytes' ? extent.bytes.length : extent.length;
    const isEmpty = extent.kind === 'zero' || extent.kind === 'hole';
    const end = at + length;
    while (!isEmpty && at < end) {
      const piece = buffer.subarray(0, Math.min(PIECE - (at % PIECE), end - at));
      const count = source.read(at, piece);
      if (count !== piece.length) {
        throw new AppError('disk/truncated', `${source.name} ends at ${at + count}, not at ${size}`, {
          path: source.name,
        });
      }
      written += writeData(target, at, piece);
      at += piece.length;
      await report(at);
    }
    at = end;
  }
  target.flush();
  await report(size);
  return written;
}

/** Writes a piece without its grains of zeroes. @returns bytes written */
function writeData(target: BlockDevice, offset: number, data: Uint8Array): number {
  let written = 0;
  let start = -1;
  const writeUntil = (end: number): void => {
    if (start < 0) return;
    target.write(offset + start, data.subarray(start, end));
    written += end - start;
    start = -1;
  };
  for (let at = 0; at < data.length;) {
    const end = Math.min(data.length, at + GRAIN - ((offset + at) % GRAIN));
    if (isZero(data, at, end)) writeUntil(at);
    else if (start < 0) start = at;
    at = end;
  }
  writeUntil(data.length);
  return written;
}

/** Whether a part of `data` is zeroes; data seldom begins with many, so most parts are told at once. */
function isZero(data: Uint8Array, from: number, to: number): boolean {
  let at = from;
  for (; at < to && ((data.byteOffset + at) & 3) !== 0; at++) if (data[at] !== 0) return false;
  const words = new Int32Array(data.buffer, data.byteOffset + at, (to - at) >>> 2);
  const rounds = words.length - (words.length % 8);
  let i = 0;
  for (; i < rounds; i += 8) {
    const some = words[i] | words[i + 1] | words[i + 2] | words[i + 3];
    const more = words[i + 4] | words[i + 5] | words[i + 6] | words[i + 7];
    if ((some | more) !== 0) return false;
  }
  for (; i < words.length; i++) if (words[i] !== 0) return false;
  for (at += words.length * 4; at < to; at++) if (data[at] !== 0) return false;
  return true;
}
