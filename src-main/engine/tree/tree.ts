import { growColumn, nextCapacity } from '../binary/columns';
import { upcase } from './nameOrder';

/** No row: the end of a chain, no parent, no blob. */
export const NONE = -1;

/** What a stream of an inode is. The numbers are those of [MS-FSCC] attribute kinds as a WIM groups them. */
export const StreamKind = { DATA: 0, NAMED: 1, REPARSE: 2, ENCRYPTED_RAW: 3 } as const;
export type StreamKind = (typeof StreamKind)[keyof typeof StreamKind];

/** A metadata item that follows a dentry: object ID, extended attributes, UNIX data, or one that nobody here knows. */
export interface TaggedItem {
  readonly tag: number;
  readonly data: Uint8Array;
}

/** Names of entries as {@link Tree.nameColumns} gives them. */
export interface NameColumns {
  readonly units: Uint16Array;
  readonly start: Uint32Array;
  readonly length: Uint16Array;
  readonly shortStart: Uint32Array;
  readonly shortLength: Uint16Array;
}

/** What few inodes have. Kept aside so that the common file costs no object. */
export interface InodeExtras {
  reparseTag?: number;
  /** The dentry's two 16-bit words after the reparse tag; bit 0 of the second says "not fixed up". */
  reparseReserved?: number;
  reparseFlags?: number;
  /** Fields of the dentry that nothing reads, kept through rewrites when they are not zero. */
  unused1?: bigint;
  unused2?: bigint;
  unknown54?: number;
  tagged?: TaggedItem[];
}

/**
 * A directory tree with full Windows metadata, in columns: a million files are typed arrays, not objects.
 *
 * Three kinds of rows: an *entry* is a name in a directory; an *inode* is what one or several hard-linked entries
 * name: attributes, times, security, streams; a *stream* is a piece of data of an inode: unnamed data, a named
 * stream, reparse data. Rows are numbered from 0; entry 0 is the root. {@link NONE} ends a chain.
 */
export class Tree {
  entryCount = 0;
  parent = new Int32Array(64);
  firstChild = new Int32Array(64);
  lastChild = new Int32Array(64);
  nextSibling = new Int32Array(64);
  inode = new Int32Array(64);
  private nameStart = new Uint32Array(64);
  private nameLength = new Uint16Array(64);
  private shortStart = new Uint32Array(64);
  private shortLength = new Uint16Array(64);

  inodeCount = 0;
  attributes = new Uint32Array(64);
  /** FILETIME: 100 ns since 1601-01-01 UTC. */
  creationTime = new BigUint64Array(64);
  lastAccessTime = new BigUint64Array(64);
  lastWriteTime = new BigUint64Array(64);
  /** Index into {@link securityDescriptors}, or NONE. */
  securityId = new Int32Array(64);
  linkCount = new Uint32Array(64);
  firstStream = new Int32Array(64);
  /** Hard-link group of the WIM this came from, or 0; a writer numbers groups anew. */
  readonly extras = new Map<number, InodeExtras>();

  streamCount = 0;
  streamKind = new Uint8Array(64);
  private streamNameStart = new Uint32Array(64);
  private streamNameLength = new Uint16Array(64);
  /** Row in the WIM's blob table; NONE for an empty stream and for one not hashed yet. */
  streamBlob = new Int32Array(64);
  /** Uncompressed size in bytes. */
  streamSize = new Float64Array(64);
  streamNext = new Int32Array(64);
  /** The stream added last, and its inode: where the next one of that inode is put. */
  private latestStream = NONE;
  private latestInode = NONE;

  /** Distinct self-relative security descriptors, [MS-DTYP] 2.4.6. */
  readonly securityDescriptors: Uint8Array[] = [];

  private names = new Uint16Array(1024);
  private namesLength = 0;
  private scratch = new Uint16Array(64);

  /** Adds an inode without streams. `linkCount` counts the entries that {@link addEntry} links to it. */
  addInode(attributes: number, creation: bigint, access: bigint, write: bigint, securityId = NONE): number {
    const row = this.inodeCount++;
    if (row >= this.attributes.length) this.growInodes(nextCapacity(row, row + 1));
    this.attributes[row] = attributes;
    this.creationTime[row] = creation;
    this.lastAccessTime[row] = access;
    this.lastWriteTime[row] = write;
    this.securityId[row] = securityId;
    this.linkCount[row] = 0;
    this.firstStream[row] = NONE;
    return row;
  }

  /** Adds a name for `inode` as the last child of `parent` (NONE for the root, which must be first). */
  addEntry(parent: number, name: string, inode: number, shortName = ''): number {
    const row = this.entryCount++;
    if (row >= this.parent.length) this.growEntries(nextCapacity(row, row + 1));
    this.inode[row] = inode;
    this.linkCount[inode] += 1;
    this.firstChild[row] = NONE;
    this.lastChild[row] = NONE;
    this.nextSibling[row] = NONE;
    this.nameStart[row] = this.addName(name);
    this.nameLength[row] = name.length;
    this.shortStart[row] = shortName === '' ? 0 : this.addName(shortName);
    this.shortLength[row] = shortName.length;
    this.linkChild(parent, row);
    return row;
  }

  /**
   * The same with names that lie in memory as UTF-16, little-endian; makes no strings.
   * @param nameStart offset in `view`; lengths are in units
   */
  addEntryNamed(
    parent: number,
    inode: number,
    view: DataView,
    nameStart: number,
    nameUnits: number,
    shortStart: number,
    shortUnits: number,
  ): number {
    const row = this.addEntry(parent, '', inode);
    this.nameStart[row] = this.copyName(view, nameStart, nameUnits);
    this.nameLength[row] = nameUnits;
    if (shortUnits > 0) this.shortStart[row] = this.copyName(view, shortStart, shortUnits);
    this.shortLength[row] = shortUnits;
    return row;
  }

  /**
   * Keeps a name that lies in memory as UTF-16, little-endian, for an entry that is added later.
   * @param start offset in `view`; `units` are UTF-16 units
   * @returns where it is in {@link storedNames}
   */
  storeName(view: DataView, start: number, units: number): number {
    return this.copyName(view, start, units);
  }

  /** Units of all names so far. Another array after the next name. */
  get storedNames(): Uint16Array {
    return this.names;
  }

  /** Adds an entry whose names {@link storeName} has kept. Lengths are in units. */
  addEntryStored(
    parent: number,
    inode: number,
    nameStart: number,
    nameUnits: number,
    shortStart: number,
    shortUnits: number,
  ): number {
    const row = this.addEntry(parent, '', inode);
    this.nameStart[row] = nameStart;
    this.nameLength[row] = nameUnits;
    this.shortStart[row] = shortStart;
    this.shortLength[row] = shortUnits;
    return row;
  }

  /** Makes room for so many rows in all: none is copied again while they are added. */
  reserve(entries: number, inodes: number, streams: number): void {
    if (entries > this.parent.length) this.growEntries(entries);
    if (inodes > this.attributes.length) this.growInodes(inodes);
    if (streams > this.streamKind.length) this.growStreams(streams);
  }

  /** Adds a stream to `inode`, after those it has. */
  addStream(inode: number, kind: StreamKind, name: string, blob: number, size: number): number {
    const row = this.streamCount++;
    if (row >= this.streamKind.length) this.growStreams(nextCapacity(row, row + 1));
    this.streamKind[row] = kind;
    this.streamNameStart[row] = name === '' ? 0 : this.addName(name);
    this.streamNameLength[row] = name.length;
    this.streamBlob[row] = blob;
    this.streamSize[row] = size;
    this.streamNext[row] = NONE;
    let last = this.firstStream[inode];
    if (last === NONE) {
      this.firstStream[inode] = row;
    } else {
      // Streams come inode by inode, up to 65,535 of them.
      if (this.latestInode === inode) last = this.latestStream;
      while (this.streamNext[last] !== NONE) last = this.streamNext[last];
      this.streamNext[last] = row;
    }
    this.latestInode = inode;
    this.latestStream = row;
    return row;
  }

  name(entry: number): string {
    return this.nameAt(this.nameStart[entry], this.nameLength[entry]);
  }

  /**
   * Where the names of entries lie, for loops that must not make strings: units `start[entry]` to `start[entry] +
   * length[entry]` of `units`. Good until an entry is added or renamed.
   */
  nameColumns(): NameColumns {
    const { names, nameStart, nameLength, shortStart, shortLength } = this;
    return { units: names, start: nameStart, length: nameLength, shortStart, shortLength };
  }

  /** Whether an entry has exactly that name; makes no string. */
  hasName(entry: number, name: string): boolean {
    if (this.nameLength[entry] !== name.length) return false;
    const start = this.nameStart[entry];
    for (let i = 0; i < name.length; i++) if (this.names[start + i] !== name.charCodeAt(i)) return false;
    return true;
  }

  /** The same for a name that lies in memory as UTF-16, little-endian. */
  isNamed(entry: number, view: DataView, start: number, units: number): boolean {
    if (this.nameLength[entry] !== units) return false;
    const own = this.nameStart[entry];
    for (let i = 0; i < units; i++)
      if (this.names[own + i] !== view.getUint16(start + 2 * i, true)) return false;
    return true;
  }

  /** The DOS short name, '' when there is none. */
  shortName(entry: number): string {
    return this.nameAt(this.shortStart[entry], this.shortLength[entry]);
  }

  streamName(stream: number): string {
    return this.nameAt(this.streamNameStart[stream], this.streamNameLength[stream]);
  }

  /** Length of the name in UTF-16 code units, without making a string. */
  nameUnits(entry: number): number {
    return this.nameLength[entry];
  }

  shortNameUnits(entry: number): number {
    return this.shortLength[entry];
  }

  streamNameUnits(stream: number): number {
    return this.streamNameLength[stream];
  }

  /** The name as {@link upcaseName} makes it, without the string in between. */
  upcasedName(entry: number): string {
    const table = upcase();
    const start = this.nameStart[entry];
    const length = this.nameLength[entry];
    if (this.scratch.length < length) this.scratch = new Uint16Array(length);
    for (let i = 0; i < length; i++) this.scratch[i] = table[this.names[start + i]];
    return length === 0
      ? ''
      : String.fromCharCode.apply(null, this.scratch.subarray(0, length) as unknown as number[]);
  }

  /** Whether the name contains a text, whatever the case. @param upcased the text's units in upper case */
  nameContains(entry: number, upcased: Uint16Array): boolean {
    const table = upcase();
    const { names } = this;
    const start = this.nameStart[entry];
    const last = start + this.nameLength[entry] - upcased.length;
    for (let at = start; at <= last; at++) {
      let i = 0;
      while (i < upcased.length && table[names[at + i]] === upcased[i]) i++;
      if (i === upcased.length) return true;
    }
    return false;
  }

  /** Orders two entries by their names as {@link compareNames} does; makes no strings. */
  compareNamesOf(a: number, b: number): number {
    const table = upcase();
    const { names } = this;
    const startA = this.nameStart[a];
    const startB = this.nameStart[b];
    const length = Math.min(this.nameLength[a], this.nameLength[b]);
    for (let i = 0; i < length; i++) {
      const difference = table[names[startA + i]] - table[names[startB + i]];
      if (difference !== 0) return difference;
    }
    if (this.nameLength[a] !== this.nameLength[b]) return this.nameLength[a] - this.nameLength[b];
    for (let i = 0; i < length; i++) {
      const difference = names[startA + i] - names[startB + i];
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** Path from the root with `/` between names; the root is '/'. */
  path(entry: number): string {
    if (this.parent[entry] === NONE) return '/';
    const names: string[] = [];
    for (let row = entry; this.parent[row] !== NONE; row = this.parent[row]) names.push(this.name(row));
    return '/' + names.reverse().join('/');
  }

  /** Entries of `directory` in the order they were added. */
  *children(directory: number): Generator<number> {
    for (let row = this.firstChild[directory]; row !== NONE; row = this.nextSibling[row]) yield row;
  }

  /** Streams of `inode`. */
  *streams(inode: number): Generator<number> {
    for (let row = this.firstStream[inode]; row !== NONE; row = this.streamNext[row]) yield row;
  }

  /** First stream of that kind (and name), or NONE. */
  findStream(inode: number, kind: StreamKind, name = ''): number {
    for (let row = this.firstStream[inode]; row !== NONE; row = this.streamNext[row]) {
      if (this.streamKind[row] === kind && (kind !== StreamKind.NAMED || this.streamName(row) === name))
        return row;
    }
    return NONE;
  }

  /** The extras of an inode, made when missing. */
  extrasOf(inode: number): InodeExtras {
    let extras = this.extras.get(inode);
    if (extras === undefined) {
      extras = {};
      this.extras.set(inode, extras);
    }
    return extras;
  }

  /** Renames an entry; its short name is dropped because it belonged to the old name. */
  rename(entry: number, name: string): void {
    this.nameStart[entry] = this.addName(name);
    this.nameLength[entry] = name.length;
    this.shortLength[entry] = 0;
  }

  /** Drops the short name of an entry. */
  clearShortName(entry: number): void {
    this.shortLength[entry] = 0;
  }

  /** Links a detached row as the last child of `parent`. */
  linkChild(parent: number, row: number): void {
    this.parent[row] = parent;
    this.nextSibling[row] = NONE;
    if (parent === NONE) return;
    const last = this.lastChild[parent];
    if (last === NONE) this.firstChild[parent] = row;
    else this.nextSibling[last] = row;
    this.lastChild[parent] = row;
  }

  /**
   * Takes an entry out of its directory. The row stays and can be linked elsewhere; rows that stay detached are left
   * out when the tree is written. Link counts are the caller's (see {@link dropLinks}).
   */
  detach(entry: number): void {
    const parent = this.parent[entry];
    let previous = NONE;
    for (let row = this.firstChild[parent]; row !== NONE && row !== entry; row = this.nextSibling[row])
      previous = row;
    if (previous === NONE) this.firstChild[parent] = this.nextSibling[entry];
    else this.nextSibling[previous] = this.nextSibling[entry];
    if (this.lastChild[parent] === entry) this.lastChild[parent] = previous;
    this.nextSibling[entry] = NONE;
    this.parent[entry] = NONE;
  }

  /** Takes one link from the inode of `entry` and of every entry below it. */
  dropLinks(entry: number): void {
    for (const row of this.preorder(entry)) this.linkCount[this.inode[row]] -= 1;
  }

  /** `start` and everything below it, parents before children, without recursion. */
  *preorder(start = 0): Generator<number> {
    let row = start;
    for (;;) {
      yield row;
      if (this.firstChild[row] !== NONE) {
        row = this.firstChild[row];
        continue;
      }
      while (row !== start && this.nextSibling[row] === NONE) row = this.parent[row];
      if (row === start) return;
      row = this.nextSibling[row];
    }
  }

  private nameAt(start: number, length: number): string {
    // Names are short; apply on a small subarray beats a TextDecoder call.
    return length === 0
      ? ''
      : String.fromCharCode.apply(null, this.names.subarray(start, start + length) as unknown as number[]);
  }

  private addName(name: string): number {
    const start = this.namesLength;
    const end = start + name.length;
    if (end > this.names.length) this.names = growColumn(this.names, nextCapacity(this.names.length, end));
    for (let i = 0; i < name.length; i++) this.names[start + i] = name.charCodeAt(i);
    this.namesLength = end;
    return start;
  }

  private copyName(view: DataView, from: number, units: number): number {
    const start = this.namesLength;
    const end = start + units;
    if (end > this.names.length) this.names = growColumn(this.names, nextCapacity(this.names.length, end));
    const { names } = this;
    for (let i = 0; i < units; i++) names[start + i] = view.getUint16(from + 2 * i, true);
    this.namesLength = end;
    return start;
  }

  private growEntries(capacity: number): void {
    this.parent = growColumn(this.parent, capacity);
    this.firstChild = growColumn(this.firstChild, capacity);
    this.lastChild = growColumn(this.lastChild, capacity);
    this.nextSibling = growColumn(this.nextSibling, capacity);
    this.inode = growColumn(this.inode, capacity);
    this.nameStart = growColumn(this.nameStart, capacity);
    this.nameLength = growColumn(this.nameLength, capacity);
    this.shortStart = growColumn(this.shortStart, capacity);
    this.shortLength = growColumn(this.shortLength, capacity);
  }

  private growInodes(capacity: number): void {
    this.attributes = growColumn(this.attributes, capacity);
    this.creationTime = growColumn(this.creationTime, capacity);
    this.lastAccessTime = growColumn(this.lastAccessTime, capacity);
    this.lastWriteTime = growColumn(this.lastWriteTime, capacity);
    this.securityId = growColumn(this.securityId, capacity);
    this.linkCount = growColumn(this.linkCount, capacity);
    this.firstStream = growColumn(this.firstStream, capacity);
  }

  private growStreams(capacity: number): void {
    this.streamKind = growColumn(this.streamKind, capacity);
    this.streamNameStart = growColumn(this.streamNameStart, capacity);
    this.streamNameLength = growColumn(this.streamNameLength, capacity);
    this.streamBlob = growColumn(this.streamBlob, capacity);
    this.streamSize = growColumn(this.streamSize, capacity);
    this.streamNext = growColumn(this.streamNext, capacity);
  }
}
