import { FormatError } from '../../../src-shared/errors/appError';
import { bytesEqual } from '../binary/bytesEqual';
import type { EngineHost } from '../os';
import { ResourceDecoder } from '../pipeline/resourceDecoder';
import { readWholeResource } from '../pipeline/wholeResource';
import type { Wim } from './wim';

/** One for each WIM: the chunk of a solid resource that was expanded last holds the next blob, too, most often. */
const decoders = new WeakMap<Wim, ResourceDecoder>();

/** What reads blobs of a WIM in this thread. */
export function blobDecoder(host: EngineHost, wim: Wim): ResourceDecoder {
  let decoder = decoders.get(wim);
  if (decoder === undefined) {
    decoder = new ResourceDecoder(host.kernels);
    decoders.set(wim, decoder);
  }
  return decoder;
}

/** Gives back what reading from solid resources keeps. */
export function releaseBlobDecoder(wim: Wim): void {
  decoders.delete(wim);
}

/**
 * All data of a small blob.
 * @throws FormatError `wim/blob-corrupt` and others; AppError `wim/missing-blob`
 */
export function readBlobData(host: EngineHost, wim: Wim, blob: number): Uint8Array {
  const resource = wim.resourceOf(blob);
  const { file } = wim.parts[wim.blobs.part[blob]];
  const sha1 = wim.blobs.sha1(blob);
  if (resource.solid === undefined) return readWholeResource(host, resource, file, sha1);
  const bytes = blobDecoder(host, wim).readWhole(file, resource).slice();
  if (bytesEqual(host.sha1.digest(bytes), sha1)) return bytes;
  const problem = 'its data does not have the SHA-1 it should have';
  throw new FormatError({ structure: 'resource', offset: resource.offset, problem }, 'wim/blob-corrupt');
}
