import type { Placement } from '../pipeline/tasks';
import type { TreeTarget } from './target';
import { NONE, StreamKind, type Tree } from './tree';

/** The streams of a tree that a target takes, by the blob that holds their data. */
export class WantedStreams {
  /** Blobs that are wanted, each once. */
  readonly rows: number[] = [];
  /** Files without data. */
  readonly empty: number[] = [];
  /** First stream of a blob, and the next stream of the same blob. */
  private readonly first: Int32Array;
  private readonly next: Int32Array;
  private readonly inodeOf: Int32Array;

  /**
   * @param entryOf first entry of each inode that is applied, or NONE; the target has begun
   * @param blobCount rows of the blob table
   */
  constructor(
    private readonly tree: Tree,
    private readonly target: TreeTarget,
    private readonly entryOf: Int32Array,
    blobCount: number,
  ) {
    this.first = new Int32Array(blobCount).fill(NONE);
    this.next = new Int32Array(tree.streamCount).fill(NONE);
    this.inodeOf = new Int32Array(tree.streamCount).fill(NONE);
    for (let inode = 0; inode < tree.inodeCount; inode++) if (entryOf[inode] !== NONE) this.take(inode);
  }

  /** Where the data of a blob goes. */
  placements(blob: number): Placement[] {
    const placements: Placement[] = [];
    for (let stream = this.first[blob]; stream !== NONE; stream = this.next[stream]) {
      const placement =
        this.tree.streamKind[stream] === StreamKind.DATA
          ? this.target.placement(this.inodeOf[stream])
          : this.target.streamPlacement?.(stream);
      if (placement !== undefined) placements.push(placement);
    }
    return placements;
  }

  /** Path of an entry that has the blob; of a named stream, with its name. */
  path(blob: number): string {
    const { tree } = this;
    const stream = this.first[blob];
    const path = tree.path(this.entryOf[this.inodeOf[stream]]);
    return tree.streamKind[stream] === StreamKind.NAMED ? `${path}:${tree.streamName(stream)}` : path;
  }

  private take(inode: number): void {
    const { tree, target } = this;
    const realization = target.realization(inode);
    if (realization === 'file') {
      const data = tree.findStream(inode, StreamKind.DATA);
      if (data === NONE || tree.streamBlob[data] === NONE) this.empty.push(inode);
      else this.want(inode, data);
    }
    if (target.streamPlacement === undefined || realization === 'skipped') return;
    for (let stream = tree.firstStream[inode]; stream !== NONE; stream = tree.streamNext[stream]) {
      const kind = tree.streamKind[stream];
      if (kind !== StreamKind.NAMED && kind !== StreamKind.ENCRYPTED_RAW) continue;
      if (tree.streamBlob[stream] !== NONE && target.streamPlacement(stream) !== undefined)
        this.want(inode, stream);
    }
  }

  private want(inode: number, stream: number): void {
    const blob = this.tree.streamBlob[stream];
    this.inodeOf[stream] = inode;
    if (this.first[blob] === NONE) this.rows.push(blob);
    this.next[stream] = this.first[blob];
    this.first[blob] = stream;
  }
}
