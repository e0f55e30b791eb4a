import { AppError, CancelledError } from '../../../src-shared/errors/appError';
import type { EngineHost } from '../os';
import type { StreamLocation } from '../pipeline/tasks';
import { FileAttribute } from '../tree/attributes';
import { TreeGraft } from '../tree/graftTree';
import type { ScanOptions, ScanResult, TreeSource } from '../tree/source';
import { NONE, Tree } from '../tree/tree';
import { loadImage } from './openWim';
import type { Wim } from './wim';

/** Entries between looks at the signal. */
const ENTRIES_PER_LOOK = 4096;

/**
 * An image in an opened WIM as a source: it can be captured, compared or laid onto a volume like any directory tree,
 * with all of its Windows metadata. The WIM stays open as long as the source is used.
 */
export function createImageSource(host: EngineHost, wim: Wim, index: number): TreeSource {
  /** Blob of each stream of a scanned tree. */
  const blobsOf = new WeakMap<Tree, Int32Array>();
  return {
    label: `${wim.path}:${index}`,

    async scan(options: ScanOptions): Promise<ScanResult> {
      const image = loadImage(host, wim, index);
      const excluded: { path: string; pattern: string }[] = [];
      const tree = new Tree();
      tree.addEntry(NONE, '', tree.addInode(FileAttribute.DIRECTORY, 0n, 0n, 0n));
      const graft = new TreeGraft(image, tree, { ignoreCase: false, replace: false });
      graft.takeMetadata(0, 0);
      const pending: [from: number, into: number][] = [[0, 0]];
      let count = 0;
      for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
        for (const child of image.children(pair[0])) {
          if (++count % ENTRIES_PER_LOOK === 0) await host.breathe();
          if (options.signal?.aborted === true) throw new CancelledError();
          const pattern = options.excludes?.(image.path(child));
          if (pattern === undefined) pending.push([child, graft.placeAlone(child, pair[1])]);
          else excluded.push({ path: image.path(child), pattern });
        }
      }
      options.onProgress?.({
        phase: 'Scanning',
        filesDone: count,
        filesTotal: count,
        bytesDone: 0,
        bytesTotal: 0,
      });
      blobsOf.set(tree, tree.streamBlob.slice(0, tree.streamCount));
      tree.streamBlob.fill(NONE, 0, tree.streamCount);
      return { tree, excluded, notKept: [] };
    },

    locate(tree: Tree, stream: number): StreamLocation {
      const blob = blobsOf.get(tree)?.[stream] ?? NONE;
      if (blob === NONE) throw new AppError('internal/bug', 'a stream that this source did not scan');
      return { kind: 'resource', resource: wim.resourceOf(blob), sha1: wim.blobs.sha1(blob).slice() };
    },
  };
}
