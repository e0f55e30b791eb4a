import { assertRange } from '../binary/byteSource';
import { Placer } from './placeFiles';
import { assertSizes, WINDOW } from './resourceDecoder';
import { expectedError, MISMATCH, sameDigest, type TaskContext } from './taskEnvironment';
import type { InputFile } from './taskFiles';
import type { PlacementFailure, Tasks, UnpackOutcome } from './tasks';

/** Task `unpackLarge`. */
export function unpackLarge(
  context: TaskContext,
  { resource, sha1, placements, keepCorrupt }: Tasks['unpackLarge']['in'],
): Tasks['unpackLarge']['out'] {
  let source: InputFile;
  try {
    source = context.files.openRead(resource.file);
  } catch (error) {
    return { state: 'damaged', problem: expectedError(error).message };
  }
  const placer = new Placer(context.files);
  try {
    // A size that cannot be true is not written out, however much is to be recovered.
    assertSizes(resource);
    assertRange(source, resource.offset, resource.storedSize, 'resource');
  } catch (error) {
    source.close();
    return { state: 'damaged', problem: expectedError(error).message };
  }
  const files = placements.map((placement) => placer.begin(placement));
  const hash = context.sha1.start();
  let done = 0;
  const take = (bytes: Uint8Array): void => {
    hash.update(bytes);
    for (const file of files) file.append(bytes);
    done += bytes.length;
  };
  let outcome: UnpackOutcome = { state: 'ok' };
  try {
    try {
      context.decoder.readRange(source, resource, 0, resource.size, take);
      if (!sameDigest(hash.digest(), sha1)) outcome = { state: 'mismatch', problem: MISMATCH };
    } catch (error) {
      outcome = { state: 'damaged', problem: expectedError(error).message };
      if (keepCorrupt) {
        const window = new Uint8Array(Math.max(WINDOW, resource.chunkSize));
        while (done < resource.size) {
          const piece = window.subarray(0, Math.min(window.length, resource.size - done));
          context.decoder.salvage(source, resource, done, piece);
          take(piece);
        }
      }
    }
  } finally {
    source.close();
    context.decoder.trim();
  }
  const kept = outcome.state === 'ok' || keepCorrupt;
  const failures: PlacementFailure[] = [];
  for (const file of files) {
    const failure = kept ? file.complete() : file.discard();
    if (failure !== undefined) failures.push(failure);
  }
  placer.close();
  return failures.length === 0 ? outcome : { ...outcome, failures };
}
