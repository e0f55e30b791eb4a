import { FormatError } from '../../../../src-shared/errors/appError';
import { runSteps, type Steps } from '../../steps';
import { FileAttribute, isPlainDirectory } from '../../tree/attributes';
import { NONE, StreamKind, Tree } from '../../tree/tree';
import { isZeroHash, type BlobTable } from '../blobTable';
import { align8, Dentry, MAX_DEPTH, StreamEntry } from '../records/dentry';
import { HardLinkGroups } from './hardLinkGroups';
import { parseSecurityData } from './securityData';
import { SiblingNames } from './siblingNames';
import { parseTaggedItems } from './taggedItems';

const field = Dentry.fields;
const streamField = StreamEntry.fields;

/** A parsed metadata resource. */
export interface ParsedMetadata {
  readonly tree: Tree;
  /** Oddities that were read past, in words. */
  readonly warnings: string[];
}

/**
 * Parses an image's metadata resource: security data, then the dentries.
 *
 * Everything in it is untrusted. Each list of children may be reached once only, so cycles and lists shared by two
 * directories are errors; depth is bounded; entries with names that no file system holds ('..', separators, NUL) are
 * left out with a warning, as are later entries of the same name.
 *
 * @param blobs table in which the streams' SHA-1s are looked up; those it lacks are added as missing
 * @throws FormatError structure 'dentry', 'stream entry' or 'security data'; offsets are within the metadata
 */
export function parseMetadata(metadata: Uint8Array, blobs: BlobTable): ParsedMetadata {
  return runSteps(parseMetadataSteps(metadata, blobs));
}

/** The same as {@link parseMetadata}, with pauses. */
export function parseMetadataSteps(metadata: Uint8Array, blobs: BlobTable): Steps<ParsedMetadata> {
  return new MetadataParser(metadata, blobs).parse();
}

/** One directory of an image, read by itself. */
export interface DirectoryGlimpse {
  /** The directory, those above it and what is directly in any of them: nothing else of the image. */
  readonly tree: Tree;
  /** The directory; NONE when the image has no directory of that path. */
  readonly directory: number;
  /** What a directory in it holds, as far as it is worth looking. */
  readonly countChildren: (entry: number) => { readonly children: number; readonly directories: number };
}

/**
 * Reads a single directory of an image whose tree is not parsed yet.
 * @param path names from the root on
 * @param find the entry of that name in a directory, or NONE
 * @throws as {@link parseMetadata}, for what it reads
 */
export function glimpseDirectory(
  metadata: Uint8Array,
  blobs: BlobTable,
  path: readonly string[],
  find: (tree: Tree, directory: number, name: string) => number,
): DirectoryGlimpse {
  return new MetadataParser(metadata, blobs).glimpse(path, find);
}

/** Oddities of single entries that are told one by one. */
const MAX_WARNINGS = 100;
/** Longest path in a message, in UTF-16 units. */
const MAX_SHOWN_PATH = 1024;

/** Entries between pauses: a few milliseconds. */
const ENTRIES_PER_STEP = 4096;
/** Entries that are counted for the rows of one glimpse: each directory names its list, and may name any. */
const MAX_COUNTED = 2_000_000;

interface PendingDirectory {
  readonly entry: number;
  readonly childrenOffset: number;
  readonly depth: number;
}

class MetadataParser {
  private readonly tree = new Tree();
  private readonly warnings: string[] = [];
  private readonly view: DataView;
  private readonly utf16: Uint16Array;
  private readonly siblings: SiblingNames;
  private readonly links = new HardLinkGroups(this.tree);
  /** One bit for every 8 bytes of metadata: a child list begins here and has been read. */
  private readonly visited: Uint8Array;
  private readonly pending: PendingDirectory[] = [];
  private securityCount = 0;
  private invalidSecurityIds = 0;
  /** Where the dentry that was read last, with its streams, ends. */
  private end = 0;
  /** Bytes of all dentries read, with their streams: as they lie apart, never more than there are. */
  private consumed = 0;
  private unsaidWarnings = 0;
  private entriesRead = 0;

  constructor(
    private readonly metadata: Uint8Array,
    private readonly blobs: BlobTable,
  ) {
    this.view = new DataView(metadata.buffer, metadata.byteOffset, metadata.byteLength);
    this.siblings = new SiblingNames(this.tree, this.view);
    this.utf16 = new Uint16Array(0xffff);
    this.visited = new Uint8Array(Math.ceil(metadata.length / 64) + 1);
  }

  *parse(): Steps<ParsedMetadata> {
    if (this.readRoot()) {
      while (this.pending.length > 0) yield* this.readChildren(this.pending.pop() as PendingDirectory);
    }
    if (this.invalidSecurityIds > 0) {
      this.warnings.push(`${this.invalidSecurityIds} entries name a security descriptor that is not there`);
    }
    if (this.links.inconsistent > 0) {
      this.warnings.push(
        `${this.links.inconsistent} entries share a hard-link group but not their data; kept apart`,
      );
    }
    if (this.unsaidWarnings > 0)
      this.warnings.push(`${this.unsaidWarnings} further oddities of single entries`);
    return { tree: this.tree, warnings: this.warnings };
  }

  glimpse(
    path: readonly string[],
    find: (tree: Tree, directory: number, name: string) => number,
  ): DirectoryGlimpse {
    const { tree } = this;
    const offsets = new Map<number, number>();
    let directory = 0;
    const readBelow = (): void => {
      const pending = this.pending.find(({ entry }) => entry === directory);
      this.pending.length = 0;
      if (pending !== undefined) runSteps(this.readChildren(pending));
      for (const { entry, childrenOffset } of this.pending) offsets.set(entry, childrenOffset);
    };
    if (this.readRoot()) readBelow();
    for (const name of path) {
      directory = find(tree, directory, name);
      if (directory === NONE) break;
      readBelow();
    }
    let left = MAX_COUNTED;
    const countChildren = (entry: number): { children: number; directories: number } => {
      const offset = offsets.get(entry);
      const found = offset === undefined ? { children: 0, directories: 0 } : this.countList(offset, left);
      left -= found.children;
      return found;
    };
    return { tree, directory, countChildren };
  }

  /** Counts what a list of children holds, up to a limit. */
  private countList(childrenOffset: number, limit: number): { children: number; directories: number } {
    let children = 0;
    let directories = 0;
    let position = childrenOffset;
    while (children < limit && this.dentryLength(position) > 8) {
      const length = this.dentryLength(position);
      if (length < Dentry.size || length > this.metadata.length - position) break;
      const attributes = this.view.getUint32(position + field.attributes.offset, true);
      children += 1;
      if (isPlainDirectory(attributes)) directories += 1;
      const streams = this.view.getUint16(position + field.extraStreamCount.offset, true);
      position = this.streamsEnd(position + length, streams);
    }
    return { children, directories };
  }

  /** @returns whether there is a root directory */
  private readRoot(): boolean {
    const security = parseSecurityData(this.metadata);
    for (const descriptor of security.descriptors) this.tree.securityDescriptors.push(descriptor);
    this.securityCount = security.descriptors.length;
    // A metadata resource may hold nothing but security data: an image without files.
    if (security.end + 8 > this.metadata.length || this.dentryLength(security.end) <= 8) {
      this.addEmptyRoot();
      return false;
    }
    this.readDentry(security.end, NONE, 0);
    return true;
  }

  /** Notes an oddity of one entry. There may be as many as entries, and each names a path: only the first are said. */
  private warn(entry: number, text: (path: string) => string): void {
    if (this.warnings.length >= MAX_WARNINGS) this.unsaidWarnings += 1;
    else this.warnings.push(text(shortened(this.tree.path(entry))));
  }

  private addEmptyRoot(): void {
    this.tree.addEntry(NONE, '', this.tree.addInode(FileAttribute.DIRECTORY, 0n, 0n, 0n));
    this.warnings.push('the image has no root directory; an empty one is assumed');
  }

  private *readChildren({ entry, childrenOffset, depth }: PendingDirectory): Steps<void> {
    if (depth > MAX_DEPTH) this.fail(childrenOffset, `more than ${MAX_DEPTH} directories deep`);
    const bit = childrenOffset / 8;
    if (!Number.isInteger(bit)) this.fail(childrenOffset, 'a child list that is not aligned to 8 bytes');
    let position = childrenOffset;
    if (this.dentryLength(position) <= 8) return;
    if (this.visited[bit >> 3] & (1 << (bit & 7))) {
      this.fail(childrenOffset, 'a child list that two directories share, or a cycle of directories');
    }
    this.visited[bit >> 3] |= 1 << (bit & 7);
    this.siblings.clear();
    while (this.dentryLength(position) > 8) {
      this.readDentry(position, entry, depth);
      position = this.end;
      if (++this.entriesRead % ENTRIES_PER_STEP === 0) yield;
    }
  }

  /** Length field of the dentry at `position`, rounded to 8; 0 or 8 ends a directory. */
  private dentryLength(position: number): number {
    if (position < 0 || position + 8 > this.metadata.length) {
      this.fail(position, `outside the metadata resource, which has ${this.metadata.length} bytes`);
    }
    return align8(this.u64(position));
  }

  private readDentry(position: number, parent: number, depth: number): void {
    const { view, metadata } = this;
    const length = this.dentryLength(position);
    if (length < Dentry.size)
      this.fail(position, `length ${length} is below the minimum of ${Dentry.size}`, 'length');
    if (length > metadata.length - position) {
      this.fail(
        position,
        `length ${length} reaches past the metadata resource's ${metadata.length} bytes`,
        'length',
      );
    }
    const shortNameSize = view.getUint16(position + field.shortNameSize.offset, true);
    const nameSize = view.getUint16(position + field.nameSize.offset, true);
    const nameStart = position + Dentry.size;
    const shortStart = nameStart + (nameSize === 0 ? 0 : nameSize + 2);
    const namesEnd = shortStart + (shortNameSize === 0 ? 0 : shortNameSize + 2);
    if (((nameSize | shortNameSize) & 1) !== 0)
      this.fail(position, 'a name of half a character', 'name size');
    if (namesEnd > position + length)
      this.fail(position, `names do not fit in length ${length}`, 'name size');
    const extraStreams = view.getUint16(position + field.extraStreamCount.offset, true);
    this.end = this.streamsEnd(position + length, extraStreams);
    this.consumed += this.end - position;
    // Lists that begin within others would multiply their entries.
    if (this.consumed > metadata.length) this.fail(position, 'dentries that overlap others');

    const isRoot = parent === NONE;
    const nameUnits = isRoot ? 0 : nameSize / 2;
    if (isRoot && nameSize !== 0) this.warnings.push('the root directory has a name; ignored');
    const hash = isRoot ? 0 : this.siblings.hash(nameStart, nameUnits);
    if (!isRoot && !this.acceptName(nameStart, nameUnits, hash, parent)) return;

    const inode = this.readInode(position, length, extraStreams, align8(namesEnd - position));
    const entry = this.tree.addEntryNamed(
      parent,
      inode,
      view,
      nameStart,
      nameUnits,
      shortStart,
      shortNameSize / 2,
    );
    if (!isRoot) this.siblings.add(hash, entry);
    const childrenOffset = this.u64(position + field.childrenOffset.offset);
    if (childrenOffset === 0) return;
    if ((this.tree.attributes[inode] & FileAttribute.DIRECTORY) === 0) {
      this.warn(entry, (path) => `${path} is no directory but has children; they are left out`);
      return;
    }
    this.pending.push({ entry, childrenOffset, depth: depth + 1 });
  }

  private acceptName(start: number, units: number, hash: number, parent: number): boolean {
    const isPlain = isPlainName(this.view, start, units);
    const problem = isPlain ? undefined : nameProblem(this.text(start, 2 * units));
    if (problem !== undefined) {
      this.warn(parent, (path) => `an entry in ${path} ${problem}; it is left out`);
      return false;
    }
    if (this.siblings.has(hash, start, units)) {
      const name = shortened(this.text(start, 2 * units));
      this.warn(parent, (path) => `${path} holds "${name}" twice; the first one is kept`);
      return false;
    }
    return true;
  }

  private readInode(position: number, length: number, extraStreams: number, itemsStart: number): number {
    const { view, tree } = this;
    const attributes = view.getUint32(position + field.attributes.offset, true);
    const securityId = view.getInt32(position + field.securityId.offset, true);
    const linkLow = view.getUint32(position + field.linkOrReparse.offset, true);
    const linkHigh = view.getUint32(position + field.linkOrReparse.offset + 4, true);
    const isReparse = (attributes & FileAttribute.REPARSE_POINT) !== 0;
    const isDirectory = (attributes & FileAttribute.DIRECTORY) !== 0;
    const knownSecurity = securityId >= 0 && securityId < this.securityCount;
    if (!knownSecurity && securityId !== NONE) this.invalidSecurityIds += 1;
    const inode = tree.addInode(
      attributes,
      view.getBigUint64(position + field.creationTime.offset, true),
      view.getBigUint64(position + field.lastAccessTime.offset, true),
      view.getBigUint64(position + field.lastWriteTime.offset, true),
      knownSecurity ? securityId : NONE,
    );
    this.readStreams(inode, attributes, position, position + length, extraStreams);
    this.readExtras(inode, position, length, itemsStart, isReparse ? [linkLow, linkHigh] : undefined);
    if (isReparse || isDirectory || (linkLow === 0 && linkHigh === 0)) return inode;
    return this.links.merge(linkLow, linkHigh, inode);
  }

  /** What only few dentries have: reparse words, unknown fields, tagged items. */
  private readExtras(
    inode: number,
    position: number,
    length: number,
    itemsStart: number,
    reparse: readonly [number, number] | undefined,
  ): void {
    const { view, tree } = this;
    if (reparse !== undefined) {
      const extras = tree.extrasOf(inode);
      extras.reparseTag = reparse[0];
      extras.reparseReserved = reparse[1] & 0xffff;
      extras.reparseFlags = reparse[1] >>> 16;
    }
    const unknown54 = view.getUint32(position + field.unknown54.offset, true);
    if (!this.isZero(position + field.unused1.offset))
      tree.extrasOf(inode).unused1 = view.getBigUint64(position + field.unused1.offset, true);
    if (!this.isZero(position + field.unused2.offset))
      tree.extrasOf(inode).unused2 = view.getBigUint64(position + field.unused2.offset, true);
    if (unknown54 !== 0) tree.extrasOf(inode).unknown54 = unknown54;
    if (itemsStart < length) {
      const items = parseTaggedItems(this.metadata.subarray(position + itemsStart, position + length));
      if (items.length > 0) tree.extrasOf(inode).tagged = items;
    }
  }

  /** End of the `count` stream entries that begin at `position`. */
  private streamsEnd(position: number, count: number): number {
    let at = position;
    for (let i = 0; i < count; i++) {
      if (at + StreamEntry.size > this.metadata.length) this.failStream(at, 'outside the metadata resource');
      const length = align8(this.u64(at));
      const nameSize = this.view.getUint16(at + streamField.nameSize.offset, true);
      if (length < StreamEntry.size + nameSize || length > this.metadata.length - at) {
        this.failStream(at, `length ${length} with a name of ${nameSize} bytes`);
      }
      if ((nameSize & 1) !== 0) this.failStream(at, 'a name of half a character');
      at += length;
    }
    return at;
  }

  /**
   * Gives each stream its kind. The format does not store it: with stream entries the dentry's own hash is normally
   * zero; the first unnamed stream of a reparse point is its reparse data, the next (or, elsewhere, the first) the
   * file's data; of an encrypted file the unnamed stream is its raw encrypted form.
   */
  private readStreams(
    inode: number,
    attributes: number,
    position: number,
    start: number,
    count: number,
  ): void {
    const encrypted = (attributes & FileAttribute.ENCRYPTED) !== 0;
    const isReparse = (attributes & FileAttribute.REPARSE_POINT) !== 0;
    const mainHash = position + field.sha1.offset;
    if (count === 0 && !encrypted && !isReparse) {
      // Nearly every dentry.
      this.addStream(inode, StreamKind.DATA, '', mainHash);
      return;
    }
    let reparseFound = !isReparse || encrypted;
    let dataFound = false;
    const unnamed = (hashAt: number): void => {
      if (!reparseFound) {
        reparseFound = true;
        this.addStream(inode, StreamKind.REPARSE, '', hashAt);
      } else if (!dataFound) {
        dataFound = true;
        this.addStream(inode, encrypted ? StreamKind.ENCRYPTED_RAW : StreamKind.DATA, '', hashAt);
      }
    };
    if (!isZeroHash(this.metadata, mainHash)) unnamed(mainHash);
    let at = start;
    for (let i = 0; i < count; i++) {
      const nameSize = this.view.getUint16(at + streamField.nameSize.offset, true);
      const hashAt = at + streamField.sha1.offset;
      if (nameSize === 0) unnamed(hashAt);
      else this.addStream(inode, StreamKind.NAMED, this.text(at + StreamEntry.size, nameSize), hashAt);
      at += align8(this.u64(at));
    }
  }

  private addStream(inode: number, kind: StreamKind, name: string, hashAt: number): void {
    if (isZeroHash(this.metadata, hashAt)) {
      // An empty unnamed data stream is what every file has; only empty named streams and reparse data say something.
      if (kind === StreamKind.NAMED || kind === StreamKind.REPARSE)
        this.tree.addStream(inode, kind, name, NONE, 0);
      return;
    }
    const blob = this.blobs.findOrAdd(this.metadata, hashAt, 0);
    this.tree.addStream(inode, kind, name, blob, this.blobs.size[blob]);
  }

  private text(start: number, size: number): string {
    const units = size / 2;
    for (let i = 0; i < units; i++) this.utf16[i] = this.view.getUint16(start + i * 2, true);
    return String.fromCharCode.apply(null, this.utf16.subarray(0, units) as unknown as number[]);
  }

  /** A 64-bit offset or length; values no resource can have are caught by the caller's range check. */
  private u64(position: number): number {
    return this.view.getUint32(position, true) + this.view.getUint32(position + 4, true) * 0x1_0000_0000;
  }

  /** Whether the eight bytes are zero: rare fields are read as such only where they are not. */
  private isZero(position: number): boolean {
    return (this.view.getUint32(position, true) | this.view.getUint32(position + 4, true)) === 0;
  }

  private fail(offset: number, problem: string, fieldName?: string): never {
    throw new FormatError(
      fieldName === undefined
        ? { structure: 'dentry', offset, problem }
        : { structure: 'dentry', field: fieldName, offset, problem },
    );
  }

  private failStream(offset: number, problem: string): never {
    throw new FormatError({ structure: 'stream entry', offset, problem });
  }
}

function shortened(path: string): string {
  return path.length <= MAX_SHOWN_PATH ? path : `${path.slice(0, MAX_SHOWN_PATH)}...`;
}

/** Whether a name, UTF-16 in memory, has none of the characters that {@link nameProblem} looks at. */
function isPlainName(view: DataView, start: number, units: number): boolean {
  if (units === 0 || view.getUint16(start, true) === 0x2e) return false;
  for (let at = start; at < start + 2 * units; at += 2) {
    const unit = view.getUint16(at, true);
    if (unit === 0 || unit === 0x2f) return false;
  }
  return true;
}

/** Why no file system holds a file of that name, or undefined. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'has no name';
  if (name === '.' || name === '..') return `is named "${name}"`;
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    // A backslash is an ordinary character to POSIX systems; whether a target takes it is the target's to say.
    if (unit === 0x2f) return `has a slash in its name "${shortened(name)}"`;
    if (unit === 0) return 'has a NUL in its name';
  }
  return undefined;
}
