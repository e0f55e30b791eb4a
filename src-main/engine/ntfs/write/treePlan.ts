import { AppError } from '../../../../src-shared/errors/appError';
import { growColumn, nextCapacity } from '../../binary/columns';
import { FileAttribute } from '../../tree/attributes';
import type { RemarkTally } from '../../tree/remarkTally';
import type { ApplyOptions } from '../../tree/target';
import { NONE, StreamKind, type Tree } from '../../tree/tree';
import { NameSpace } from '../records/fileName';
import { entryOfKey, isShortKey, longKey, NameKeys, shortKey, type NameKey } from './nameKeys';
import {
  isShortName,
  isSystemName,
  nameProblem,
  opensOnWindows,
  repairedName,
  sameIgnoringCase,
} from './nameRules';

/** Names that Windows allows a file to have. */
const LINK_LIMIT = 1024;

/** Bits of an entry's state; the name space of its long name is above them. */
const APPLIED = 1;
/** Its short name is written, too. */
const SHORT = 2;
/** Another name of the directory differs only in case. */
const COLLIDES = 4;
/** Its long name is its short name, too. */
const SAME = 8;
const SPACE_SHIFT = 4;

/** A directory of the volume. */
export interface DirectoryRow {
  readonly inode: number;
  /** Its names in {@link TreePlan.order}, sorted. */
  readonly start: number;
  readonly end: number;
  /** Names differ only in case. */
  readonly caseSensitive: boolean;
}

/**
 * Which entries of a tree a volume gets, under which names, and in which order its directories have them. Pure
 * decisions; what is left out is said.
 */
export class TreePlan {
  readonly keys: NameKeys;
  /** Sorted names of all directories, one after the other. */
  order = new Uint32Array(64);
  private orderLength = 0;
  readonly directories: DirectoryRow[] = [];
  /** Row in {@link directories}, by inode; NONE for what is not a directory. */
  readonly directoryOf: Int32Array;
  /** Inodes in the order of their first names; the first is the root. */
  readonly inodes: Int32Array;
  inodeCount = 0;
  /** First applied entry of an inode, and the next one of the same inode. */
  readonly firstEntry: Int32Array;
  readonly nextLink: Int32Array;
  private readonly lastLink: Int32Array;
  private readonly links: Uint16Array;
  /** Inodes that have a short name, or a name that counts as one: there is one for each file. */
  private readonly hasShort: Uint8Array;
  private readonly state: Uint8Array;
  private scratch = new Uint32Array(64);
  private repaired = 0;

  constructor(
    readonly tree: Tree,
    readonly root: number,
    private readonly options: ApplyOptions,
    private readonly tally: RemarkTally,
  ) {
    const rootInode = tree.inode[root];
    if (!this.isDirectory(rootInode))
      throw new AppError(
        'target/cannot-keep',
        `${tree.path(root)} is not a directory: a volume has one at its root`,
      );
    this.keys = new NameKeys(tree.nameColumns());
    this.directoryOf = new Int32Array(tree.inodeCount).fill(NONE);
    this.inodes = new Int32Array(tree.inodeCount);
    this.firstEntry = new Int32Array(tree.inodeCount).fill(NONE);
    this.lastLink = new Int32Array(tree.inodeCount);
    this.nextLink = new Int32Array(tree.entryCount).fill(NONE);
    this.links = new Uint16Array(tree.inodeCount);
    this.hasShort = new Uint8Array(tree.inodeCount);
    this.state = new Uint8Array(tree.entryCount);
    this.link(root, rootInode);
    for (const entry of tree.preorder(root)) {
      const parent = tree.parent[entry];
      if (entry !== root && !(this.isApplied(parent) && this.isDirectory(tree.inode[parent]))) continue;
      if (this.isApplied(entry) && this.isDirectory(tree.inode[entry])) this.orderDirectory(entry);
    }
    this.nameSingles();
  }

  isApplied(entry: number): boolean {
    return (this.state[entry] & APPLIED) !== 0;
  }
  hasShortName(entry: number): boolean {
    return (this.state[entry] & SHORT) !== 0;
  }
  /** Of an entry's long name. */
  nameSpace(entry: number): number {
    return this.state[entry] >> SPACE_SHIFT;
  }
  isDirectory(inode: number): boolean {
    return (this.tree.attributes[inode] & FileAttribute.DIRECTORY) !== 0;
  }
  /** Names of an inode, short ones included. */
  linkCount(inode: number): number {
    return this.links[inode] + (this.hasShort[inode] === 2 ? 1 : 0);
  }

  private link(entry: number, inode: number): void {
    this.state[entry] |= APPLIED;
    if (this.firstEntry[inode] === NONE) {
      this.firstEntry[inode] = entry;
      this.inodes[this.inodeCount++] = inode;
    } else {
      this.nextLink[this.lastLink[inode]] = entry;
    }
    this.lastLink[inode] = entry;
    this.links[inode] += 1;
  }

  /** Sorts the names in a directory and decides which of them are. */
  private orderDirectory(directory: number): void {
    const { tree } = this;
    const inode = tree.inode[directory];
    const count = this.gather(directory);
    const names = this.sort(count);
    const start = this.orderLength;
    let caseSensitive = false;
    for (let i = 0; i < names.length;) {
      let end = i + 1;
      while (end < names.length && this.keys.compareIgnoringCase(names[i], names[end]) === 0) end++;
      if (end === i + 1) this.take(names[i]);
      else if (this.takeGroup(names.subarray(i, end))) caseSensitive = true;
      i = end;
    }
    this.dropLonelyShortNames(start);
    this.directoryOf[inode] = this.directories.length;
    this.directories.push({ inode, start, end: this.orderLength, caseSensitive });
  }

  /** Collects the names that can be. @returns how many */
  private gather(directory: number): number {
    const { tree, keys } = this;
    let count = 0;
    for (let entry = tree.firstChild[directory]; entry !== NONE; entry = tree.nextSibling[entry]) {
      if (!this.canBe(entry)) continue;
      if (count + 2 > this.scratch.length)
        this.scratch = growColumn(this.scratch, nextCapacity(this.scratch.length, count + 2));
      this.scratch[count++] = longKey(entry);
      if (keys.length(shortKey(entry)) > 0 && this.wantsShortName(entry))
        this.scratch[count++] = shortKey(entry);
    }
    return count;
  }

  private canBe(entry: number): boolean {
    const { tree, tally, keys } = this;
    const inode = tree.inode[entry];
    const path = (): string => tree.path(entry);
    if (this.isDirectory(inode)) {
      if (this.firstEntry[inode] !== NONE) {
        tally.add('a directory has one name only: its further one is left out', path);
        return false;
      }
    } else if (tree.findStream(inode, StreamKind.ENCRYPTED_RAW) !== NONE) {
      tally.add('encrypted data cannot be written here: left out', path);
      return false;
    }
    const name = keys.range(longKey(entry));
    const isAtRoot = tree.parent[entry] === this.root;
    const isTaken = isAtRoot && isSystemName(name);
    const problem =
      nameProblem(name) ?? (isTaken ? 'the volume has a file of its own by this name' : undefined);
    if (problem === undefined) {
      if (!opensOnWindows(name)) tally.add('the name is kept, but programs of Windows cannot open it', path);
      return true;
    }
    if (this.options.includeInvalidNames !== true) {
      tally.add(`${problem}: left out`, path);
      return false;
    }
    const given = repairedName(name, ` (invalid filename #${++this.repaired})`);
    tally.add(`${problem}: made under another name`, () => `${path()} as ${given}`);
    keys.rename(entry, given);
    return true;
  }

  private wantsShortName(entry: number): boolean {
    const { tree, tally, keys } = this;
    const inode = tree.inode[entry];
    const short = keys.range(shortKey(entry));
    const refuse = (problem: string): boolean => {
      if (this.options.strictShortNames === true)
        throw new AppError('target/cannot-keep', `${tree.path(entry)}: ${problem}`, {
          path: tree.path(entry),
        });
      tally.add(problem, () => tree.path(entry));
      return false;
    };
    // A long name that is its own short one is written once.
    if (sameIgnoringCase(short, keys.range(longKey(entry))) && isShortName(short)) {
      this.state[entry] |= SAME;
      return false;
    }
    if (!isShortName(short)) return refuse('its short name is none: not kept');
    if (this.hasShort[inode] !== 0) return refuse('only one name of a file has a short one: not kept');
    this.hasShort[inode] = 2;
    return true;
  }

  private sort(count: number): Uint32Array {
    const { keys } = this;
    const names = this.scratch.subarray(0, count);
    for (let i = 1; i < count; i++)
      if (keys.compare(names[i - 1], names[i]) > 0) return names.sort((a, b) => keys.compare(a, b));
    return names;
  }

  /** @returns false for a name that its file cannot have */
  private take(key: NameKey): boolean {
    const entry = entryOfKey(key);
    if (isShortKey(key)) this.state[entry] |= SHORT;
    else if (this.canLink(entry)) this.link(entry, this.tree.inode[entry]);
    else return false;
    if (this.orderLength === this.order.length)
      this.order = growColumn(this.order, nextCapacity(this.order.length, this.orderLength + 1));
    this.order[this.orderLength++] = key;
    return true;
  }

  /** Whether a file may have one more name; what is in one directory is only known here. */
  private canLink(entry: number): boolean {
    const inode = this.tree.inode[entry];
    const path = (): string => this.tree.path(entry);
    if (this.isDirectory(inode)) {
      if (this.firstEntry[inode] === NONE) return true;
      this.tally.add('a directory has one name only: its further one is left out', path);
      return false;
    }
    if (this.links[inode] < LINK_LIMIT) return true;
    this.tally.add('a file has at most 1024 names: left out', path);
    return false;
  }

  /** Names that differ in case at most: long ones are all kept when they differ at all. @returns whether some do */
  private takeGroup(group: Uint32Array): boolean {
    const { tree, tally, keys } = this;
    let last: NameKey | undefined;
    let taken = 0;
    for (const key of group) {
      const entry = entryOfKey(key);
      if (isShortKey(key)) {
        tally.add('its short name is the name of another file: not kept', () => tree.path(entry));
        this.hasShort[tree.inode[entry]] = 0;
      } else if (last !== undefined && keys.compare(last, key) === 0) {
        tally.add('another entry has this name: left out', () => tree.path(entry));
      } else if (this.take(key)) {
        this.state[entry] |= COLLIDES;
        last = key;
        taken++;
      }
    }
    if (taken > 1) return true;
    if (last !== undefined) this.state[entryOfKey(last)] &= ~COLLIDES;
    return false;
  }

  /** Takes out the short names of entries that were left out themselves. */
  private dropLonelyShortNames(start: number): void {
    let kept = start;
    for (let i = start; i < this.orderLength; i++) {
      const key = this.order[i];
      const entry = entryOfKey(key);
      if (isShortKey(key) && !this.isApplied(entry)) {
        this.hasShort[this.tree.inode[entry]] = 0;
        continue;
      }
      this.order[kept++] = key;
    }
    this.orderLength = kept;
  }

  /** Name spaces: a long name beside its short one, one that is a short name itself, and all others. */
  private nameSingles(): void {
    for (let row = 1; row < this.inodeCount; row++) {
      const inode = this.inodes[row];
      for (let entry = this.firstEntry[inode]; entry !== NONE; entry = this.nextLink[entry]) {
        let space: number = NameSpace.POSIX;
        if ((this.state[entry] & SHORT) !== 0) {
          space = NameSpace.WIN32;
        } else if (this.hasShort[inode] === 0 && (this.state[entry] & (SAME | COLLIDES)) === SAME) {
          space = NameSpace.WIN32_AND_DOS;
          this.hasShort[inode] = 1;
        }
        this.state[entry] |= space << SPACE_SHIFT;
      }
    }
  }
}
