import { FileAttribute, isPlainDirectory } from '../../tree/attributes';
import { compareNames } from '../../tree/nameOrder';
import { NONE, StreamKind, type Tree } from '../../tree/tree';
import type { BlobTable } from '../blobTable';
import { align8, Dentry, END_OF_DIRECTORY_SIZE, StreamEntry } from '../records/dentry';
import { serializeSecurityData } from './securityData';
import { taggedItemsSize, writeTaggedItems } from './taggedItems';

const field = Dentry.fields;
const streamField = StreamEntry.fields;
const STREAM_ENTRY_UNNAMED = align8(StreamEntry.size);
const BUFFER_SIZE = 1 << 18;

/** Metadata ready to be written piece by piece: a million entries never lie in memory as one block. */
export interface SerializedMetadata {
  /** Bytes of all {@link pieces}. */
  readonly size: number;
  /** The bytes in order. A piece is valid until the next one is asked for. */
  pieces(): Iterable<Uint8Array>;
}

/** What a metadata resource says of a tree, counted while it is laid out. */
export interface TreeCounts {
  directories: number;
  files: number;
  /** Bytes of all streams of all entries, hard links counted each time. */
  totalBytes: number;
  /** Bytes that hard links save: data of all names of an inode but the first. */
  hardLinkBytes: number;
}

/**
 * Lays out an image's metadata: security data, the root dentry, then each directory's children in order of their
 * names, directories in preorder. An empty directory has a child list of its own with only the end mark.
 */
export function serializeMetadata(
  tree: Tree,
  blobs: BlobTable,
): SerializedMetadata & { readonly counts: TreeCounts } {
  const layout = new MetadataLayout(tree, blobs);
  return { size: layout.size, counts: layout.counts, pieces: () => layout.pieces() };
}

class MetadataLayout {
  readonly size: number;
  readonly counts: TreeCounts = { directories: 0, files: 0, totalBytes: 0, hardLinkBytes: 0 };
  private readonly security: Uint8Array;
  /** Entries of all child lists in written order; -1 ends a list. */
  private readonly order: Int32Array;
  /** Offset of an entry's child list; 0 for none. */
  private readonly childrenOffset: Float64Array;
  private readonly linkGroup: Uint32Array;
  private buffer = new Uint8Array(BUFFER_SIZE);
  private view = new DataView(this.buffer.buffer);
  private used = 0;

  constructor(
    private readonly tree: Tree,
    private readonly blobs: BlobTable,
  ) {
    this.security = serializeSecurityData(tree.securityDescriptors);
    this.childrenOffset = new Float64Array(tree.entryCount);
    this.linkGroup = new Uint32Array(tree.inodeCount);
    this.order = new Int32Array(tree.entryCount * 2 + 1);
    let position = this.security.length + this.entrySize(0) + END_OF_DIRECTORY_SIZE;
    let next = 0;
    let groups = 0;
    const seen = new Uint8Array(tree.inodeCount);
    // Preorder over sorted children with an explicit stack: children are pushed in reverse.
    const stack: number[] = [0];
    while (stack.length > 0) {
      const entry = stack.pop() as number;
      const inode = tree.inode[entry];
      if (tree.linkCount[inode] > 1 && this.linkGroup[inode] === 0) this.linkGroup[inode] = ++groups;
      this.count(entry, inode, seen);
      const children = this.sortedChildren(entry);
      if (children.length === 0 && !isPlainDirectory(tree.attributes[inode])) continue;
      this.childrenOffset[entry] = position;
      for (const child of children) {
        this.order[next++] = child;
        position += this.entrySize(child);
      }
      this.order[next++] = NONE;
      position += END_OF_DIRECTORY_SIZE;
      for (let i = children.length - 1; i >= 0; i--) stack.push(children[i]);
    }
    this.order[next] = NONE - 1;
    this.size = position;
  }

  *pieces(): Generator<Uint8Array> {
    yield this.security;
    this.used = 0;
    this.buffer.fill(0);
    yield* this.room(this.entrySize(0) + END_OF_DIRECTORY_SIZE);
    this.writeEntry(0);
    this.reserve(END_OF_DIRECTORY_SIZE);
    for (let i = 0; this.order[i] >= NONE; i++) {
      const entry = this.order[i];
      const size = entry === NONE ? END_OF_DIRECTORY_SIZE : this.entrySize(entry);
      if (this.used + size > this.buffer.length) yield* this.room(size);
      if (entry === NONE) this.reserve(size);
      else this.writeEntry(entry);
    }
    yield this.buffer.subarray(0, this.used);
  }

  /** Hands out what the buffer holds and makes it ready for an entry of `size` bytes. */
  private *room(size: number): Generator<Uint8Array> {
    if (this.used > 0) yield this.buffer.subarray(0, this.used);
    if (size > this.buffer.length) {
      this.buffer = new Uint8Array(size);
      this.view = new DataView(this.buffer.buffer);
    }
    this.buffer.fill(0, 0, Math.min(this.used, this.buffer.length));
    this.used = 0;
  }

  private sortedChildren(entry: number): number[] {
    const rows: number[] = [];
    for (let row = this.tree.firstChild[entry]; row !== NONE; row = this.tree.nextSibling[row])
      rows.push(row);
    if (rows.length < 2) return rows;
    const names = new Map(rows.map((row) => [row, this.tree.name(row)]));
    return rows.sort((a, b) => compareNames(names.get(a) as string, names.get(b) as string));
  }

  private count(entry: number, inode: number, seen: Uint8Array): void {
    const { tree, counts } = this;
    const directory = isPlainDirectory(tree.attributes[inode]);
    // The root is not counted, as in the tools of Microsoft.
    if (directory && entry !== 0) counts.directories += 1;
    if (!directory) counts.files += 1;
    let bytes = 0;
    for (let stream = tree.firstStream[inode]; stream !== NONE; stream = tree.streamNext[stream]) {
      bytes += this.streamSize(stream);
    }
    counts.totalBytes += bytes;
    if (seen[inode] === 1) counts.hardLinkBytes += bytes;
    seen[inode] = 1;
  }

  private streamSize(stream: number): number {
    const blob = this.tree.streamBlob[stream];
    return blob === NONE ? 0 : this.blobs.size[blob];
  }

  /** Which stream entries follow the dentry; see {@link writeStreams}. */
  private streamPlan(inode: number): { unnamed: number; named: number } {
    const { tree } = this;
    const attributes = tree.attributes[inode];
    if ((attributes & FileAttribute.ENCRYPTED) !== 0) return { unnamed: 1, named: 0 };
    let named = 0;
    for (let stream = tree.firstStream[inode]; stream !== NONE; stream = tree.streamNext[stream]) {
      if (tree.streamKind[stream] === StreamKind.NAMED) named += 1;
    }
    const unnamed =
      ((attributes & FileAttribute.REPARSE_POINT) !== 0 ? 1 : 0) +
      ((attributes & FileAttribute.DIRECTORY) !== 0 ? 0 : 1);
    return { unnamed, named };
  }

  private dentrySize(entry: number): number {
    const { tree } = this;
    const name = tree.nameUnits(entry) * 2;
    const short = tree.shortNameUnits(entry) * 2;
    const tagged = tree.extras.get(tree.inode[entry])?.tagged;
    return (
      align8(Dentry.size + (name === 0 ? 0 : name + 2) + (short === 0 ? 0 : short + 2)) +
      (tagged === undefined ? 0 : taggedItemsSize(tagged))
    );
  }

  private entrySize(entry: number): number {
    const { tree } = this;
    const inode = tree.inode[entry];
    let size = this.dentrySize(entry);
    const { unnamed, named } = this.streamPlan(inode);
    if (unnamed <= 1 && named === 0) return size;
    size += unnamed * STREAM_ENTRY_UNNAMED;
    for (
      let stream = tree.firstStream[inode];
      stream !== NONE && named > 0;
      stream = tree.streamNext[stream]
    ) {
      if (tree.streamKind[stream] === StreamKind.NAMED) {
        size += align8(StreamEntry.size + tree.streamNameUnits(stream) * 2 + 2);
      }
    }
    return size;
  }

  private writeEntry(entry: number): void {
    const { tree } = this;
    const inode = tree.inode[entry];
    const start = this.reserve(this.entrySize(entry));
    const { view, buffer } = this;
    const attributes = tree.attributes[inode];
    const extras = tree.extras.get(inode);
    const name = tree.name(entry);
    const short = tree.shortName(entry);
    const length = this.dentrySize(entry);
    view.setUint32(start, length, true);
    view.setUint32(start + field.attributes.offset, attributes, true);
    view.setInt32(start + field.securityId.offset, tree.securityId[inode], true);
    view.setBigUint64(start + field.childrenOffset.offset, BigInt(this.childrenOffset[entry]), true);
    view.setBigUint64(start + field.creationTime.offset, tree.creationTime[inode], true);
    view.setBigUint64(start + field.lastAccessTime.offset, tree.lastAccessTime[inode], true);
    view.setBigUint64(start + field.lastWriteTime.offset, tree.lastWriteTime[inode], true);
    if ((attributes & FileAttribute.REPARSE_POINT) !== 0) {
      view.setUint32(start + field.linkOrReparse.offset, extras?.reparseTag ?? 0, true);
      view.setUint16(start + field.linkOrReparse.offset + 4, extras?.reparseReserved ?? 0, true);
      view.setUint16(start + field.linkOrReparse.offset + 6, extras?.reparseFlags ?? 0, true);
    } else {
      view.setUint32(start + field.linkOrReparse.offset, this.linkGroup[inode], true);
    }
    if (extras?.unused1 !== undefined) view.setBigUint64(start + field.unused1.offset, extras.unused1, true);
    if (extras?.unused2 !== undefined) view.setBigUint64(start + field.unused2.offset, extras.unused2, true);
    if (extras?.unknown54 !== undefined)
      view.setUint32(start + field.unknown54.offset, extras.unknown54, true);
    view.setUint16(start + field.shortNameSize.offset, short.length * 2, true);
    view.setUint16(start + field.nameSize.offset, name.length * 2, true);
    let position = start + Dentry.size;
    if (name !== '') position = this.writeText(name, position);
    if (short !== '') position = this.writeText(short, position);
    position = start + align8(position - start);
    if (extras?.tagged !== undefined) writeTaggedItems(extras.tagged, buffer, position);
    this.writeStreams(inode, start, start + length);
  }

  /**
   * Rules that Microsoft's readers insist on: with a single unnamed stream and no named one, its hash stands in the
   * dentry; otherwise the dentry's hash is zero and every stream has an entry: reparse data, then the file's data
   * (of a file even when empty, of a directory never), then the named ones.
   */
  private writeStreams(inode: number, dentry: number, position: number): void {
    const { tree, view } = this;
    const attributes = tree.attributes[inode];
    const { unnamed, named } = this.streamPlan(inode);
    const encrypted = (attributes & FileAttribute.ENCRYPTED) !== 0;
    const kinds: StreamKind[] = encrypted ? [StreamKind.ENCRYPTED_RAW] : [];
    if (!encrypted && (attributes & FileAttribute.REPARSE_POINT) !== 0) kinds.push(StreamKind.REPARSE);
    if (!encrypted && (attributes & FileAttribute.DIRECTORY) === 0) kinds.push(StreamKind.DATA);
    if (unnamed <= 1 && named === 0) {
      if (kinds.length > 0) this.writeHash(tree.findStream(inode, kinds[0]), dentry + field.sha1.offset);
      return;
    }
    view.setUint16(dentry + field.extraStreamCount.offset, unnamed + named, true);
    for (const kind of kinds) {
      view.setUint32(position, STREAM_ENTRY_UNNAMED, true);
      this.writeHash(tree.findStream(inode, kind), position + streamField.sha1.offset);
      position += STREAM_ENTRY_UNNAMED;
    }
    for (
      let stream = tree.firstStream[inode];
      stream !== NONE && named > 0;
      stream = tree.streamNext[stream]
    ) {
      if (tree.streamKind[stream] !== StreamKind.NAMED) continue;
      const name = tree.streamName(stream);
      const length = align8(StreamEntry.size + name.length * 2 + 2);
      view.setUint32(position, length, true);
      this.writeHash(stream, position + streamField.sha1.offset);
      view.setUint16(position + streamField.nameSize.offset, name.length * 2, true);
      this.writeText(name, position + StreamEntry.size);
      position += length;
    }
  }

  private writeHash(stream: number, position: number): void {
    if (stream === NONE) return;
    const blob = this.tree.streamBlob[stream];
    if (blob !== NONE) this.buffer.set(this.blobs.sha1(blob), position);
  }

  private writeText(text: string, position: number): number {
    for (let i = 0; i < text.length; i++) this.view.setUint16(position + i * 2, text.charCodeAt(i), true);
    return position + text.length * 2 + 2;
  }

  /** Takes the next `size` bytes of the buffer, which are zero. */
  private reserve(size: number): number {
    const start = this.used;
    this.used += size;
    return start;
  }
}
