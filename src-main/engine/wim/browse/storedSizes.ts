import { BlobPlace } from '../blobTable';
import type { Wim } from '../wim';

/**
 * Bytes that each blob takes in the WIM, by row of the blob table. Blobs in solid resources are compressed together:
 * what those take is shared among them by size. Missing blobs take none.
 */
export function storedSizes(wim: Wim): Float64Array {
  const { blobs, solidBytes } = wim;
  const sizes = new Float64Array(blobs.length);
  let inSolid = 0;
  for (let row = 0; row < blobs.length; row++)
    if (blobs.place[row] === BlobPlace.SOLID) inSolid += blobs.size[row];
  for (let row = 0; row < blobs.length; row++) {
    if (blobs.place[row] === BlobPlace.RESOURCE) sizes[row] = blobs.storedSize[row];
    else if (blobs.place[row] === BlobPlace.SOLID && inSolid > 0)
      sizes[row] = (blobs.size[row] / inSolid) * solidBytes;
  }
  return sizes;
}
