import { isPlainDirectory } from '../../tree/attributes';
import { runSteps, type Steps } from '../../steps';
import { NONE, type Tree } from '../../tree/tree';
import { orderFolder, type FolderOrder } from './folderOrder';
import { pathOrderSteps } from './pathOrder';

/** Directories whose order is kept. */
const KEPT_ORDERS = 8;

/** A tree with what is reckoned from it when it is first asked for. */
export class ImageContents {
  private readonly orders = new Map<string, Int32Array>();
  private counts: { readonly children: Uint32Array; readonly directories: Uint32Array } | undefined;
  private names: { readonly first: Int32Array; readonly next: Int32Array } | undefined;
  private inPathOrder: Int32Array | undefined;

  constructor(readonly tree: Tree) {}

  /** Entries of a directory in an order; the orders of the last few directories are kept. */
  folder(directory: number, order: FolderOrder): Int32Array {
    const key = `${directory} ${order.sort} ${order.descending} ${order.directoriesOnly}`;
    const rows = this.orders.get(key) ?? orderFolder(this.tree, directory, order);
    this.orders.delete(key);
    this.orders.set(key, rows);
    if (this.orders.size > KEPT_ORDERS) this.orders.delete(this.orders.keys().next().value as string);
    return rows;
  }

  /** What a directory holds directly. */
  readonly countChildren = (entry: number): { readonly children: number; readonly directories: number } => {
    this.counts ??= countAll(this.tree);
    return { children: this.counts.children[entry], directories: this.counts.directories[entry] };
  };

  /** All entries with the same file as `entry`, itself included, as far as `limit`. */
  namesOf(entry: number, limit: number): number[] {
    const { tree } = this;
    const inode = tree.inode[entry];
    if (tree.linkCount[inode] < 2) return [entry];
    this.names ??= indexNames(tree);
    const found: number[] = [];
    for (let row = this.names.first[inode]; row !== NONE && found.length < limit; row = this.names.next[row])
      found.push(row);
    return found;
  }

  /** All entries in path order: see {@link pathOrderSteps}. */
  get pathOrder(): Int32Array {
    return (this.inPathOrder ??= runSteps(pathOrderSteps(this.tree)));
  }

  /** Reckons, with pauses, what most people ask for. */
  *prepare(): Steps<void> {
    this.counts ??= countAll(this.tree);
    yield;
    this.inPathOrder ??= yield* pathOrderSteps(this.tree);
  }
}

function countAll(tree: Tree): { readonly children: Uint32Array; readonly directories: Uint32Array } {
  const children = new Uint32Array(tree.entryCount);
  const directories = new Uint32Array(tree.entryCount);
  for (let entry = 1; entry < tree.entryCount; entry++) {
    const parent = tree.parent[entry];
    if (parent === NONE) continue;
    children[parent] += 1;
    if (isPlainDirectory(tree.attributes[tree.inode[entry]])) directories[parent] += 1;
  }
  return { children, directories };
}

function indexNames(tree: Tree): { readonly first: Int32Array; readonly next: Int32Array } {
  const first = new Int32Array(tree.inodeCount).fill(NONE);
  const next = new Int32Array(tree.entryCount).fill(NONE);
  for (let entry = tree.entryCount - 1; entry >= 0; entry--) {
    const inode = tree.inode[entry];
    next[entry] = first[inode];
    first[inode] = entry;
  }
  return { first, next };
}
