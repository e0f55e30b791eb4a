import { safeCount } from '../../binary/safeCount';
import type { EngineHost } from '../../os';
import { Slices, type Cancel } from '../../steps';
import { NONE, type Tree } from '../../tree/tree';
import { loadInSlices } from '../loadInSlices';
import type { Wim } from '../wim';
import { storedSizes } from './storedSizes';

const NOBODY = 0;
const SEVERAL = 0xffff;
const STREAMS_PER_LOOK = 65_536;

export interface OwnersOptions {
  readonly signal?: Cancel | undefined;
  /** Told after each image. */
  readonly onImage?: (index: number) => void;
  /** A tree that is at hand already. */
  readonly loaded?: (index: number) => Tree | undefined;
}

/**
 * For each image the stored bytes of the blobs that no other image of the WIM names; index 0 is image 1. Images are
 * loaded one after another, none is kept; of the blobs only who names each is.
 * @throws as {@link loadInSlices}
 */
export async function bytesOnlyInImages(
  host: EngineHost,
  wim: Wim,
  options: OwnersOptions = {},
): Promise<number[]> {
  const count = wim.images.length;
  let owners = new Uint16Array(wim.blobs.length);
  const slices = new Slices(host, options.signal);
  for (let index = 1; index <= count; index++) {
    const tree =
      options.loaded?.(index) ?? (await loadInSlices(host, wim, index, { signal: options.signal }));
    if (owners.length < wim.blobs.length) {
      // Blobs that no table lists were found in this image.
      const grown = new Uint16Array(wim.blobs.length);
      grown.set(owners);
      owners = grown;
    }
    for (let stream = 0; stream < tree.streamCount; stream++) {
      const blob = tree.streamBlob[stream];
      // Other images may have been loaded meanwhile, and added blobs that are nowhere: those take no room.
      if (blob !== NONE && blob < owners.length && owners[blob] !== index) {
        owners[blob] = owners[blob] === NOBODY ? index : SEVERAL;
      }
      if (stream % STREAMS_PER_LOOK === 0 && slices.isOver) await slices.pause();
    }
    options.onImage?.(index);
    await slices.pause();
  }
  const sizes = storedSizes(wim);
  const totals = new Float64Array(count + 1);
  for (let row = 0; row < owners.length; row++)
    if (owners[row] !== NOBODY && owners[row] !== SEVERAL) totals[owners[row]] += sizes[row];
  return Array.from(totals.subarray(1), safeCount);
}
