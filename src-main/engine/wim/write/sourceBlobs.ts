import { AppError } from '../../../../src-shared/errors/appError';
import type { StreamLocation } from '../../pipeline/tasks';
import { NONE } from '../../tree/tree';
import { hex } from '../blobTable';
import type { Wim, WimPart } from '../wim';
import type { ResourceOutput } from './resourceOutput';
import type { StreamToStore } from './streamToStore';

/** Copies the bytes [start, end) of an opened WIM file. @param path of the WIM, for messages */
export function copyRange(
  part: WimPart,
  start: number,
  end: number,
  output: ResourceOutput,
  buffer: Uint8Array,
  path: string,
): void {
  for (let at = start; at < end;) {
    const piece = buffer.subarray(0, Math.min(buffer.length, end - at));
    const count = part.file.read(at, piece);
    if (count === 0)
      throw new AppError('wim/truncated', `${part.path} ends before its data does (reading for ${path})`);
    output.write(piece.subarray(0, count));
    at += count;
  }
}

/** A blob as a stream to be stored again. */
export function streamOfBlob(wim: Wim, row: number, location: StreamLocation): StreamToStore {
  const name = (): string => `blob ${hex(wim.blobs.sha1(row))}`;
  return {
    location,
    size: wim.blobs.size[row],
    store: false,
    path: name,
    settle: (stored, outcome) => {
      if (stored !== NONE) return;
      const problem = outcome.problem ?? 'it cannot be read';
      throw new AppError('wim/blob-corrupt', `${name()} of ${wim.path}: ${problem}`);
    },
  };
}
