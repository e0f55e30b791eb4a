import type { EngineHost } from '../../os';
import { shortestNames } from '../../tree/shortestNames';
import { NONE, StreamKind } from '../../tree/tree';
import { BlobPlace } from '../blobTable';
import { loadImage, unloadImage } from '../openWim';
import type { Wim } from '../wim';
import type { WimWriter } from '../write/wimWriter';

/**
 * The name of a file for each blob that has a resource of its own: what solid resources are sorted by. Where a blob is
 * the data of several files the first one names it.
 * @param images 1-based indices
 * @returns undefined where nothing is sorted
 */
export function blobNames(
  host: EngineHost,
  wim: Wim,
  images: Iterable<number>,
  { options: { solid } }: WimWriter,
): ((row: number) => string | undefined) | undefined {
  if (solid?.sort !== true) return undefined;
  const names = new Map<number, string>();
  for (const index of images) {
    const tree = loadImage(host, wim, index);
    const shortest = shortestNames(tree);
    for (const entry of tree.preorder()) {
      const stream = tree.findStream(tree.inode[entry], StreamKind.DATA);
      const blob = stream === NONE ? NONE : tree.streamBlob[stream];
      if (blob === NONE || wim.blobs.place[blob] !== BlobPlace.RESOURCE || names.has(blob)) continue;
      names.set(blob, tree.name(shortest[tree.inode[entry]]));
    }
    unloadImage(wim, index);
  }
  return (row) => names.get(row);
}
