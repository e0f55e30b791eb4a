import { AppError, CancelledError } from '../../../../src-shared/errors/appError';
import { awaitedLater } from '../../pipeline/awaitedLater';
import type { Remark } from '../../../../src-shared/model/reports';
import type { ReadOutcome } from '../../pipeline/tasks';
import type { Exclusions } from '../../tree/exclusions/exclusionMatcher';
import { shortestNames } from '../../tree/shortestNames';
import type { TreeSource } from '../../tree/source';
import { NONE, StreamKind, type Tree } from '../../tree/tree';
import type { StreamToStore } from '../write/streamToStore';
import type { WimWriter } from '../write/wimWriter';

/** FILETIME of 1970-01-01 in 100 ns. */
const UNIX_EPOCH = 116_444_736_000_000_000n;

/** The streams of a scanned tree on their way into a file, and what happened to them. */
export class StreamCollector {
  readonly changed: Remark[] = [];
  readonly vanished: Remark[] = [];
  private readonly vanishedInodes = new Set<number>();
  /** Streams that {@link hashAll} has hashed. */
  private hashed: Set<number> | undefined;
  private readonly reused: number[] = [];
  /** Entry with the shortest name of each inode, once it was asked for. */
  private shortest: Int32Array | undefined;

  constructor(
    private readonly tree: Tree,
    private readonly source: TreeSource,
    private readonly matcher: Pick<Exclusions, 'excludesFromCompression'> | undefined,
    private readonly wim: string,
    /** Inodes whose data is wanted; all when absent. */
    private readonly isWanted?: (inode: number) => boolean,
  ) {}

  /** Number and bytes of all streams; those of hard links once. */
  totals(): { files: number; bytes: number } {
    let bytes = 0;
    for (let stream = 0; stream < this.tree.streamCount; stream++) bytes += this.tree.streamSize[stream];
    return { files: this.tree.streamCount, bytes };
  }

  /** Streams to be read, in order of the tree; those whose data was taken from an earlier image are left out. */
  *streams(): Generator<StreamToStore> {
    for (const [entry, stream] of this.pairs()) {
      const hashed = this.hashed?.has(stream) === true;
      if (hashed) yield this.hashedItem(entry, stream);
      else if (this.tree.streamBlob[stream] === NONE && this.tree.streamSize[stream] > 0)
        yield this.item(entry, stream);
    }
  }

  /** Blobs that streams took from an earlier image. */
  *reusedBlobs(): Generator<number> {
    for (const stream of this.reused)
      if (this.tree.streamBlob[stream] !== NONE) yield this.tree.streamBlob[stream];
  }

  /** Remembers which streams have the data of an earlier image, before anything is read. */
  noteReused(): void {
    for (let stream = 0; stream < this.tree.streamCount; stream++) {
      if (this.tree.streamBlob[stream] !== NONE) this.reused.push(stream);
    }
  }

  /**
   * Hashes every stream and gives it its row in the blob table, without storing any data: a pipable WIM has the
   * metadata before the data. When it is read again to be stored, a file that changed in between is an error.
   */
  async hashAll(writer: WimWriter): Promise<void> {
    const { tree } = this;
    const { blobs } = writer.settled;
    const hashed = new Set<number>();
    const running = new Set<Promise<void>>();
    for (const [entry, stream] of this.pairs()) {
      if (tree.streamBlob[stream] !== NONE || tree.streamSize[stream] === 0) continue;
      if (writer.options.signal?.aborted === true) throw new CancelledError();
      const item = this.item(entry, stream);
      const task: Promise<void> = writer.runner
        .run('hashStream', { location: item.location })
        .then((outcome) => {
          this.note(item, outcome);
          if (outcome.state === 'vanished') this.vanishedInodes.add(tree.inode[entry]);
          tree.streamSize[stream] = outcome.size;
          if (outcome.size === 0 || outcome.state === 'vanished') return;
          const row = blobs.findOrAdd(outcome.sha1, 0, outcome.size);
          blobs.size[row] = outcome.size;
          tree.streamBlob[stream] = row;
          hashed.add(stream);
        })
        .finally(() => running.delete(task));
      awaitedLater(task);
      running.add(task);
      if (running.size >= writer.runner.width * 4) await Promise.race(running);
    }
    await Promise.all(running);
    this.hashed = hashed;
    this.dropVanished();
  }

  /** Takes files that were gone when they were to be read out of the tree. */
  dropVanished(): void {
    if (this.vanishedInodes.size === 0) return;
    const { tree } = this;
    const gone = [...tree.preorder()].filter((entry) => this.vanishedInodes.has(tree.inode[entry]));
    for (const entry of gone) {
      tree.dropLinks(entry);
      tree.detach(entry);
    }
    this.vanishedInodes.clear();
  }

  /** Every stream once with an entry that has it, in order of the tree. */
  private *pairs(): Generator<readonly [entry: number, stream: number]> {
    const { tree } = this;
    const seen = new Uint8Array(tree.inodeCount);
    for (const entry of tree.preorder()) {
      const inode = tree.inode[entry];
      if (seen[inode] === 1) continue;
      seen[inode] = 1;
      if (this.isWanted?.(inode) === false) continue;
      for (let stream = tree.firstStream[inode]; stream !== NONE; stream = tree.streamNext[stream])
        yield [entry, stream];
    }
  }

  private item(entry: number, stream: number): StreamToStore {
    const { tree, matcher } = this;
    const path = (): string => this.describe(entry, stream);
    const item: StreamToStore = {
      location: this.source.locate(tree, stream),
      size: tree.streamSize[stream],
      // Asked for only when data is about to be compressed: not for what is there already.
      get store() {
        return matcher?.excludesFromCompression(tree.path(entry)) ?? false;
      },
      name: () =>
        tree.streamKind[stream] === StreamKind.DATA ? this.shortestName(tree.inode[entry]) : undefined,
      path,
      settle: (blob, outcome) => {
        this.note(item, outcome);
        if (outcome.state === 'vanished') this.vanishedInodes.add(tree.inode[entry]);
        tree.streamBlob[stream] = blob;
        tree.streamSize[stream] = outcome.size;
        if (
          outcome.state === 'changed' &&
          outcome.modifiedMs > 0 &&
          tree.streamKind[stream] === StreamKind.DATA
        ) {
          tree.lastWriteTime[tree.inode[entry]] = fileTime(outcome.modifiedMs);
        }
      },
    };
    return item;
  }

  /** Of the names of a file with several hard links, as wimlib takes it for the order of solid data. */
  private shortestName(inode: number): string {
    this.shortest ??= shortestNames(this.tree);
    return this.tree.name(this.shortest[inode]);
  }

  private hashedItem(entry: number, stream: number): StreamToStore {
    const { tree } = this;
    const item = this.item(entry, stream);
    const wanted = tree.streamBlob[stream];
    return {
      ...item,
      settle: (blob, outcome) => {
        if (blob !== wanted) {
          throw new AppError(
            'source/changed',
            `${item.path()} changed while it was captured to ${this.wim}`,
            {
              path: item.path(),
              state: outcome.state,
            },
          );
        }
      },
    };
  }

  /** Records what is to be told of a stream; what cannot be read ends the capture. */
  private note(item: StreamToStore, outcome: ReadOutcome): void {
    switch (outcome.state) {
      case 'same':
        return;
      case 'changed':
        this.changed.push({
          path: item.path(),
          problem: 'changed since the scan; stored as it was when it was read',
        });
        return;
      case 'torn':
        this.changed.push({
          path: item.path(),
          problem: 'kept changing while it was read; the stored data may mix two states',
        });
        return;
      case 'vanished':
        this.vanished.push({ path: item.path(), problem: 'was removed while the capture ran' });
        return;
      case 'unreadable':
        throw new AppError(
          'source/unreadable',
          `${item.path()} cannot be read: ${outcome.problem ?? 'unknown cause'}`,
          {
            path: item.path(),
          },
        );
      case 'outgrown':
        throw new AppError('source/changed', `${item.path()} grew while it was read`, { path: item.path() });
    }
  }

  private describe(entry: number, stream: number): string {
    const { tree } = this;
    const path = tree.path(entry);
    return tree.streamKind[stream] === StreamKind.NAMED ? `${path}:${tree.streamName(stream)}` : path;
  }
}

/** FILETIME of a time in milliseconds since 1970. */
function fileTime(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds * 10_000)) + UNIX_EPOCH;
}
