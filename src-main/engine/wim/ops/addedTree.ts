import { AppError } from '../../../../src-shared/errors/appError';
import type { Exclusions } from '../../tree/exclusions/exclusionMatcher';
import type { TreeGraft } from '../../tree/graftTree';
import type { ScanResult, TreeSource } from '../../tree/source';
import { NONE, type Tree } from '../../tree/tree';
import { StreamCollector } from './captureStreams';
import type { ImageEdits } from './imageEdits';

/** What was scanned at one place, and where in the image it went. */
export interface AddedScan {
  readonly scan: ScanResult;
  readonly source: TreeSource;
  readonly matcher: Exclusions | undefined;
  readonly graft: TreeGraft;
  /** Path in the image. */
  readonly target: string;
}

/** A source that was laid into the tree of an image and whose data is to be stored. */
export class AddedTree {
  readonly collector: StreamCollector;
  private readonly scanned: Tree;

  /** @param wim the WIM, for messages */
  constructor(
    private readonly added: AddedScan,
    private readonly image: Tree,
    wim: string,
  ) {
    const { scan, source, matcher, target } = added;
    this.scanned = scan.tree;
    // Patterns speak of paths in the source; the scanned tree has it at its place in the image.
    const above = target === '/' ? 0 : target.length;
    const compression =
      matcher === undefined
        ? undefined
        : { excludesFromCompression: (path: string) => matcher.excludesFromCompression(path.slice(above)) };
    this.collector = new StreamCollector(scan.tree, source, compression, wim, (inode) =>
      this.isWanted(inode),
    );
  }

  get scan(): ScanResult {
    return this.added.scan;
  }

  /** Streams that will be read, and their bytes. */
  totals(): { streams: number; bytes: number } {
    const { scanned } = this;
    const totals = { streams: 0, bytes: 0 };
    for (let inode = 0; inode < scanned.inodeCount; inode++) {
      if (!this.isWanted(inode)) continue;
      for (const stream of scanned.streams(inode)) {
        totals.streams += 1;
        totals.bytes += scanned.streamSize[stream];
      }
    }
    return totals;
  }

  /**
   * Takes what reading told (blobs, sizes, times) over to the image's tree. A file that vanished is taken out of it.
   * @throws AppError `source/changed` when a file vanished that had replaced one of the image
   */
  settle(edits: ImageEdits): void {
    const { scanned, image } = this;
    const { inodes, streams } = this.added.graft;
    for (let inode = 0; inode < scanned.inodeCount; inode++) {
      if (!this.isWanted(inode)) continue;
      image.lastWriteTime[inodes[inode]] = scanned.lastWriteTime[inode];
      for (const stream of scanned.streams(inode)) {
        image.streamBlob[streams[stream]] = scanned.streamBlob[stream];
        image.streamSize[streams[stream]] = scanned.streamSize[stream];
      }
    }
    this.collector.dropVanished();
    this.dropVanished(edits);
  }

  private dropVanished(edits: ImageEdits): void {
    if (this.collector.vanished.length === 0) return;
    const { scanned, image } = this;
    const gone = new Set<number>();
    for (let inode = 0; inode < scanned.inodeCount; inode++) {
      if (this.isWanted(inode) && scanned.linkCount[inode] === 0) gone.add(this.added.graft.inodes[inode]);
    }
    const entries = [...image.preorder()].filter((entry) => gone.has(image.inode[entry]));
    for (const entry of entries) {
      const path = image.path(entry);
      if (edits.hasReplaced(entry)) {
        throw new AppError(
          'source/changed',
          `${path} was removed before it was read, and was to replace a file`,
          { path },
        );
      }
      edits.remove(entry);
    }
  }

  /** Whether the image has what was scanned: later edits may have deleted or replaced it. */
  private isWanted(inode: number): boolean {
    const copy = this.added.graft.inodes[inode];
    return copy !== NONE && this.image.linkCount[copy] > 0;
  }
}
