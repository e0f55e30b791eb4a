import { AppError } from '../../../src-shared/errors/appError';
import { isPlainDirectory } from './attributes';
import { upcaseName } from './nameOrder';
import { NONE, type StreamKind, type Tree } from './tree';

/** What happens where both trees have an entry of a name. */
export interface GraftRules {
  /** Names that differ only in case are one. */
  readonly ignoreCase: boolean;
  /** A file may take the place of a file. */
  readonly replace: boolean;
  /** Told of each entry of the target tree that is now another file. */
  readonly onReplaced?: (entry: number) => void;
}

/**
 * Copies parts of one tree into another: entries, inodes, streams, security descriptors, extras. Directories are
 * merged with those that are there (whose metadata stays), files take the place of files. What several copied entries
 * share stays shared. The rows that it made are told by {@link inodes} and {@link streams}.
 */
export class TreeGraft {
  /** Inode of the target tree for an inode of the source tree; NONE where it was not copied. */
  readonly inodes: Int32Array;
  /** Stream of the target tree for a stream of the source tree; NONE where it was not copied. */
  readonly streams: Int32Array;
  private readonly securityIds: Int32Array;
  private descriptors: Map<string, number> | undefined;

  constructor(
    private readonly from: Tree,
    private readonly into: Tree,
    private readonly rules: GraftRules,
  ) {
    this.inodes = new Int32Array(from.inodeCount).fill(NONE);
    this.streams = new Int32Array(from.streamCount).fill(NONE);
    this.securityIds = new Int32Array(from.securityDescriptors.length).fill(NONE);
  }

  /**
   * Copies an entry and everything below it into a directory under a name.
   * @param existing the entry of that name that is there, or NONE
   * @returns the entry in the target tree
   * @throws AppError `wim/bad-edit` for a directory over a file, the reverse, or a file that must not be replaced
   */
  place(entry: number, directory: number, name: string, existing: number): number {
    const pending: [from: number, into: number][] = [];
    const row = this.placeOne(entry, directory, name, existing, pending);
    this.copyPending(pending);
    return row;
  }

  /** Copies an entry, without what is below it, into a directory where its name is free. Returns the copy. */
  placeAlone(entry: number, directory: number): number {
    const name = this.from.name(entry);
    return this.into.addEntry(
      directory,
      name,
      this.copyInode(this.from.inode[entry]),
      this.shortName(entry, name),
    );
  }

  /** Lays what is in a directory over what is in another. @throws as {@link place} */
  overlay(directory: number, target: number): void {
    this.copyPending([[directory, target]]);
  }

  /** Makes a directory of the target tree be what `entry` is, apart from what is in it. */
  takeMetadata(entry: number, target: number): void {
    this.exchangeInode(target, this.copyInode(this.from.inode[entry]));
  }

  private copyPending(pending: [from: number, into: number][]): void {
    for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
      const [directory, target] = pair;
      const existing = existingChildren(this.into, target, this.rules.ignoreCase);
      for (const child of this.from.children(directory)) {
        const name = this.from.name(child);
        this.placeOne(child, target, name, existing(name), pending);
      }
    }
  }

  private placeOne(
    entry: number,
    directory: number,
    name: string,
    existing: number,
    pending: [from: number, into: number][],
  ): number {
    const { from, into } = this;
    let row = existing;
    if (existing === NONE) {
      row = into.addEntry(directory, name, this.copyInode(from.inode[entry]), this.shortName(entry, name));
    } else if (!this.mayMerge(entry, existing)) {
      const inode = this.copyInode(from.inode[entry]);
      if (into.inode[existing] !== inode) this.rules.onReplaced?.(existing);
      this.exchangeInode(existing, inode);
      if (into.name(existing) !== name) into.rename(existing, name);
      into.clearShortName(existing);
    }
    if (from.firstChild[entry] !== NONE) pending.push([entry, row]);
    return row;
  }

  /** Whether both are directories, to be merged; otherwise the file that is there is to be replaced. */
  private mayMerge(entry: number, existing: number): boolean {
    const { from, into } = this;
    const isDirectory = isPlainDirectory(from.attributes[from.inode[entry]]);
    const path = into.path(existing);
    if (isPlainDirectory(into.attributes[into.inode[existing]]) !== isDirectory) {
      const what = isDirectory
        ? 'is a file, where a directory must go'
        : 'is a directory, where a file must go';
      throw new AppError('wim/bad-edit', `${path} ${what}`, { path });
    }
    if (!isDirectory && !this.rules.replace) {
      throw new AppError('wim/bad-edit', `${path} is there already and must not be replaced`, { path });
    }
    return isDirectory;
  }

  /** The name keeps its row: replacing all files of a large directory stays linear. */
  private exchangeInode(entry: number, inode: number): void {
    const { into } = this;
    into.linkCount[into.inode[entry]] -= 1;
    into.inode[entry] = inode;
    into.linkCount[inode] += 1;
  }

  /** A short name belongs to a name. */
  private shortName(entry: number, name: string): string {
    return this.from.shortNameUnits(entry) > 0 && this.from.name(entry) === name
      ? this.from.shortName(entry)
      : '';
  }

  private copyInode(inode: number): number {
    if (this.inodes[inode] !== NONE) return this.inodes[inode];
    const { from, into } = this;
    const copy = into.addInode(
      from.attributes[inode],
      from.creationTime[inode],
      from.lastAccessTime[inode],
      from.lastWriteTime[inode],
      this.copyDescriptor(from.securityId[inode]),
    );
    this.inodes[inode] = copy;
    for (const stream of from.streams(inode)) {
      const kind = from.streamKind[stream] as StreamKind;
      const name = from.streamName(stream);
      this.streams[stream] = into.addStream(
        copy,
        kind,
        name,
        from.streamBlob[stream],
        from.streamSize[stream],
      );
    }
    const extras = from.extras.get(inode);
    if (extras !== undefined) into.extras.set(copy, { ...extras });
    return copy;
  }

  /** Equal descriptors stay one. */
  private copyDescriptor(id: number): number {
    if (id === NONE) return NONE;
    if (this.securityIds[id] !== NONE) return this.securityIds[id];
    const { securityDescriptors } = this.into;
    this.descriptors ??= new Map(securityDescriptors.map((bytes, index) => [keyOf(bytes), index]));
    const descriptor = this.from.securityDescriptors[id];
    const key = keyOf(descriptor);
    let copy = this.descriptors.get(key);
    if (copy === undefined) {
      copy = securityDescriptors.push(descriptor) - 1;
      this.descriptors.set(key, copy);
    }
    this.securityIds[id] = copy;
    return copy;
  }
}

/** Finds what a directory holds now by name: the exact name first, then one that differs in case where that counts. */
function existingChildren(tree: Tree, directory: number, ignoreCase: boolean): (name: string) => number {
  if (tree.firstChild[directory] === NONE) return () => NONE;
  const exact = new Map<string, number>();
  const similar = new Map<string, number>();
  for (const entry of tree.children(directory)) {
    const name = tree.name(entry);
    exact.set(name, entry);
    const key = ignoreCase ? upcaseName(name) : undefined;
    if (key !== undefined && !similar.has(key)) similar.set(key, entry);
  }
  return (name) => exact.get(name) ?? (ignoreCase ? similar.get(upcaseName(name)) : undefined) ?? NONE;
}

function keyOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
