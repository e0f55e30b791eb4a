import { FormatError } from '../../../../src-shared/errors/appError';
import { bytesEqual } from '../../binary/bytesEqual';
import type { EngineHost } from '../../os';
import { assertSizes } from '../../pipeline/resourceDecoder';
import { blobDecoder } from '../readBlobData';
import type { Wim } from '../wim';

/** The beginning of a blob's data. */
export interface BlobStart {
  readonly bytes: Uint8Array;
  /** All of it: its SHA-1 was checked. */
  readonly whole: boolean;
}

/**
 * Reads the first bytes of a blob; only the chunks that hold them are read and expanded. Where that is the whole blob
 * its SHA-1 is checked.
 * @throws FormatError `wim/blob-corrupt` and others, AppError `wim/missing-blob`, `wim/unsupported`
 */
export function readBlob(host: EngineHost, wim: Wim, blob: number, limit: number): BlobStart {
  const resource = wim.resourceOf(blob);
  assertSizes(resource);
  const bytes = new Uint8Array(Math.min(limit, resource.size));
  const { file } = wim.parts[wim.blobs.part[blob]];
  let done = 0;
  blobDecoder(host, wim).readRange(file, resource, 0, bytes.length, (piece) => {
    bytes.set(piece, done);
    done += piece.length;
  });
  const whole = bytes.length === resource.size;
  if (whole && !bytesEqual(host.sha1.digest(bytes), wim.blobs.sha1(blob))) {
    const problem = 'its data does not have the SHA-1 it should have';
    throw new FormatError({ structure: 'resource', offset: resource.offset, problem }, 'wim/blob-corrupt');
  }
  return { bytes, whole };
}
