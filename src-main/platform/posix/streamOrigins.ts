import { growColumn, nextCapacity } from '../../engine/binary/columns';
import type { StreamLocation } from '../../engine/pipeline/tasks';
import { NONE, StreamKind, type Tree } from '../../engine/tree/tree';
import { joinPath } from './paths';

/** A place on disk that is laid into the tree at a path: its own path, and '' or '/a/b' for where. */
export interface SourceRoot {
  readonly diskPath: string;
  readonly treePath: string;
}

/**
 * Where the streams of a scanned tree are, in columns: a file's path is made from its names when it is asked for,
 * so that a million of them cost no strings. Holds as long as the tree's names and directories are not changed.
 */
export class StreamOrigins {
  private readonly roots: SourceRoot[] = [];
  private entry = new Int32Array(64);
  private root = new Uint32Array(64);
  /** For a file its last write (ms since 1970 as stat gives it), for reparse data its offset in {@link bytes}. */
  private detail = new Float64Array(64);
  private bytes = new Uint8Array(1024);
  private byteCount = 0;
  /** Paths of streams whose entry was taken out of the tree while another hard link stayed. */
  private readonly pinned = new Map<number, string>();
  /** The directory of the file that was asked for last: streams are asked for in order of the tree. */
  private lastDirectory = { root: NONE, entry: NONE, path: '' };

  /** Adds a source; the files that follow name it by the number returned. */
  addRoot(root: SourceRoot): number {
    return this.roots.push(root) - 1;
  }

  addFile(stream: number, entry: number, root: number, modifiedMs: number): void {
    this.set(stream, entry, root, modifiedMs);
  }

  addBytes(stream: number, data: Uint8Array): void {
    const end = this.byteCount + data.length;
    if (end > this.bytes.length) this.bytes = growColumn(this.bytes, nextCapacity(this.bytes.length, end));
    this.bytes.set(data, this.byteCount);
    this.set(stream, 0, 0, this.byteCount);
    this.byteCount = end;
  }

  /** Keeps the paths of the streams that were found through `entry`, which is about to leave the tree. */
  pin(tree: Tree, entry: number): void {
    for (const stream of tree.streams(tree.inode[entry])) {
      if (
        tree.streamKind[stream] === StreamKind.DATA &&
        this.entry[stream] === entry &&
        !this.pinned.has(stream)
      ) {
        this.pinned.set(stream, this.filePath(tree, stream));
      }
    }
  }

  locate(tree: Tree, stream: number): StreamLocation {
    if (tree.streamKind[stream] === StreamKind.REPARSE) {
      const start = this.detail[stream];
      return { kind: 'bytes', bytes: this.bytes.slice(start, start + tree.streamSize[stream]) };
    }
    return {
      kind: 'file',
      path: this.filePath(tree, stream),
      size: tree.streamSize[stream],
      modifiedMs: this.detail[stream],
    };
  }

  private filePath(tree: Tree, stream: number): string {
    const pinned = this.pinned.get(stream);
    if (pinned !== undefined) return pinned;
    const entry = this.entry[stream];
    const root = this.root[stream];
    const { diskPath: top, treePath } = this.roots[root];
    const parent = tree.parent[entry];
    // A file that is a source itself has a name of its own on disk.
    if (parent === NONE || treePath !== '') return diskPath(this.roots[root], tree, entry);
    if (this.lastDirectory.entry !== parent || this.lastDirectory.root !== root) {
      const path = parent === 0 ? top : diskPath(this.roots[root], tree, parent);
      this.lastDirectory = { root, entry: parent, path };
    }
    return joinPath(this.lastDirectory.path, tree.name(entry));
  }

  private set(stream: number, entry: number, root: number, detail: number): void {
    if (stream >= this.entry.length) {
      const capacity = nextCapacity(this.entry.length, stream + 1);
      this.entry = growColumn(this.entry, capacity);
      this.root = growColumn(this.root, capacity);
      this.detail = growColumn(this.detail, capacity);
    }
    this.entry[stream] = entry;
    this.root[stream] = root;
    this.detail[stream] = detail;
  }
}

/** Path on disk of an entry that was scanned from `root`. */
export function diskPath(root: SourceRoot, tree: Tree, entry: number): string {
  const below = entry === 0 ? '' : tree.path(entry).slice(root.treePath.length);
  return below === '' ? root.diskPath : joinPath(root.diskPath, below.slice(1));
}
