import { AppError } from '../../../src-shared/errors/appError';
import type { ImageChoice } from '../../../src-shared/model/requests';
import type { EngineHost } from '../os';
import { NONE, type Tree } from '../tree/tree';
import { readBlob } from '../wim/browse/readBlob';
import { loadImage, openWim } from '../wim/openWim';
import { chooseImage, type VerbContext } from '../wim/ops/common';
import type { OfflineTree } from './offlineTree';
import { dataStream, lookUp, offlineEntry, offlineList } from './treeLookup';

/** An image of a WIM, open for reading; {@link tree} is what its changes are laid into. */
export interface ImageTree extends OfflineTree {
  readonly kind: 'image';
  readonly wim: string;
  readonly index: number;
  readonly tree: Tree;
}

/**
 * Opens an image of a WIM as an offline Windows.
 * @throws AppError as opening a WIM does, `wim/no-such-image`
 */
export async function openImageTree(
  host: EngineHost,
  path: string,
  choice: ImageChoice | undefined,
  options: { readonly verifyIntegrity?: boolean | undefined } = {},
  context: VerbContext = {},
): Promise<ImageTree> {
  const wim = await openWim(host, host.files.absolute(path), {
    verifyIntegrity: options.verifyIntegrity,
    signal: context.signal,
    onProgress: context.onProgress,
  });
  try {
    const index = chooseImage(wim, choice);
    const tree = loadImage(host, wim, index);
    const label = `image ${index} of ${wim.path}`;
    return {
      kind: 'image',
      label,
      wim: wim.path,
      index,
      tree,
      readOnly: undefined,
      find(at) {
        const entry = lookUp(tree, at);
        return entry === NONE ? undefined : offlineEntry(tree, entry);
      },
      list: (at) => offlineList(tree, at),
      read(at, limit) {
        const stream = dataStream(tree, at, label, limit);
        if (stream === NONE || tree.streamSize[stream] === 0) return new Uint8Array();
        const blob = tree.streamBlob[stream];
        if (blob === NONE) {
          throw new AppError('wim/missing-blob', `${label}: the data of ${at} is not in the file`, {
            path: at,
          });
        }
        return readBlob(host, wim, blob, limit).bytes;
      },
      close: () => wim.close(),
    };
  } catch (error) {
    wim.close();
    throw error;
  }
}
