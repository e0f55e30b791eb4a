import { FileAttribute, ReparseTag } from '../../tree/attributes';
import { upcaseName } from '../../tree/nameOrder';
import type { RemarkTally } from '../../tree/remarkTally';
import type { ApplyOptions } from '../../tree/target';
import { NONE, StreamKind, type TaggedItem, type Tree } from '../../tree/tree';
import { ItemTag } from '../../tree/unixData';
import { ATTRIBUTE_LIST_LIMIT } from '../records/attribute';
import { REPARSE_LIMIT, REPARSE_MICROSOFT, WofReparseData } from '../records/reparsePoint';
import { makeExtendedAttributes } from './extendedAttributes';
import { SecurityStore } from './securityStore';
import type { TreePlan } from './treePlan';

const OBJECT_ID_TAG = 1;
const OBJECT_ID_SIZE = 16;
const FULL_OBJECT_ID_SIZE = 64;
const REPARSE_HEADER = 8;
const GUID_SIZE = 16;
/** $REPARSE_POINT of a file that WOF expands. */
export const WOF_POINT_SIZE = REPARSE_HEADER + WofReparseData.size;
const STREAM_NAME_LIMIT = 255;

/** Attribute bits that are kept as they are. */
const KEPT =
  FileAttribute.READONLY |
  FileAttribute.HIDDEN |
  FileAttribute.SYSTEM |
  FileAttribute.ARCHIVE |
  FileAttribute.TEMPORARY |
  FileAttribute.OFFLINE |
  FileAttribute.NOT_CONTENT_INDEXED |
  // No scrub, recall on open, pinned, unpinned, recall on data access.
  0x00020000 |
  0x00040000 |
  0x00080000 |
  0x00100000 |
  0x00400000;
/** Bits that say what a volume shows in other ways. */
const IMPLIED =
  FileAttribute.DIRECTORY | FileAttribute.NORMAL | FileAttribute.REPARSE_POINT | FileAttribute.SPARSE_FILE;

/** What the inodes of a tree have beside their names and data, checked. */
export class FileFacts {
  readonly security = new SecurityStore();
  /** Row in {@link security} of each descriptor of the tree, NONE where it is not used. */
  private readonly securityRows: Int32Array;
  /** Streams that are not written. */
  private readonly dropped = new Set<number>();
  private readonly sparseInodes = new Set<number>();
  /** Unnamed data of files that are sparse, with the inode of each. */
  readonly sparseStreams = new Map<number, number>();
  private readonly objectIds = new Map<number, Uint8Array>();
  private readonly eaSizes = new Map<number, { readonly size: number; readonly packedSize: number }>();
  private readonly reparses = new Map<number, { readonly tag: number; readonly size: number }>();

  constructor(
    private readonly tree: Tree,
    private readonly plan: TreePlan,
    private readonly options: ApplyOptions,
    private readonly sizeOf: (stream: number) => number,
    private readonly isBare: (inode: number) => boolean,
    private readonly tally: RemarkTally,
  ) {
    this.securityRows = new Int32Array(tree.securityDescriptors.length).fill(NONE);
    const seen = new Set<string>();
    for (let row = 0; row < plan.inodeCount; row++) {
      const inode = plan.inodes[row];
      if (isBare(inode)) continue;
      this.addSecurity(inode);
      this.checkStreams(inode);
      this.checkAttributes(inode);
      const items = tree.extras.get(inode)?.tagged;
      if (items !== undefined) this.checkItems(inode, items, seen);
    }
    this.security.layOut();
  }

  isKept(stream: number): boolean {
    return !this.dropped.has(stream);
  }
  objectId(inode: number): Uint8Array | undefined {
    return this.objectIds.get(inode);
  }
  reparse(inode: number): { readonly tag: number; readonly size: number } | undefined {
    return this.reparses.get(inode);
  }
  eaSize(inode: number): { readonly size: number; readonly packedSize: number } | undefined {
    return this.eaSizes.get(inode);
  }
  get reparsePoints(): Iterable<[number, { readonly tag: number }]> {
    return this.reparses;
  }
  get objects(): Iterable<[number, Uint8Array]> {
    return this.objectIds;
  }

  /** Makes a file one that WOF expands. */
  setWof(inode: number): void {
    this.reparses.set(inode, { tag: ReparseTag.WOF, size: WOF_POINT_SIZE });
    this.sparseInodes.add(inode);
  }

  /** Row of the descriptor in {@link security}, or the default. */
  securityRow(inode: number, byDefault: number): number {
    const id = this.tree.securityId[inode];
    const row = id === NONE || this.isBare(inode) ? NONE : this.securityRows[id];
    return row === NONE ? byDefault : row;
  }

  /** Attribute bits as $STANDARD_INFORMATION has them. */
  attributes(inode: number): number {
    if (this.isBare(inode)) return 0;
    const wanted = this.tree.attributes[inode];
    let kept = wanted & KEPT;
    if (this.plan.isDirectory(inode)) kept |= wanted & FileAttribute.COMPRESSED;
    if (this.reparses.has(inode)) kept |= FileAttribute.REPARSE_POINT;
    if (this.sparseInodes.has(inode)) kept |= FileAttribute.SPARSE_FILE;
    return kept;
  }

  private remark(inode: number, problem: string): void {
    this.tally.add(problem, () => this.tree.path(this.plan.firstEntry[inode]));
  }

  private addSecurity(inode: number): void {
    const id = this.tree.securityId[inode];
    if (id === NONE || this.options.securityDescriptors === 'none' || this.securityRows[id] !== NONE) return;
    const row = this.security.add(this.tree.securityDescriptors[id]);
    if (row === undefined) this.remark(inode, 'its security descriptor is too long: not kept');
    else this.securityRows[id] = row;
  }

  private checkStreams(inode: number): void {
    const { tree, plan } = this;
    let first: string | undefined;
    let names: Set<string> | undefined;
    let listed = 0;
    let hasData = false;
    for (let stream = tree.firstStream[inode]; stream !== NONE; stream = tree.streamNext[stream]) {
      const kind = tree.streamKind[stream];
      if (kind === StreamKind.DATA) {
        if (plan.isDirectory(inode) || hasData) this.dropData(inode, stream);
        else if ((tree.attributes[inode] & FileAttribute.SPARSE_FILE) !== 0) {
          this.sparseStreams.set(stream, inode);
          this.sparseInodes.add(inode);
        }
        hasData = true;
      } else if (kind === StreamKind.REPARSE) {
        this.checkReparse(inode, stream);
      } else if (kind === StreamKind.NAMED) {
        const name = upcaseName(tree.streamName(stream));
        listed += 0x20 + 2 * name.length;
        const isDouble = first === name || names?.has(name) === true;
        const problem = streamProblem(name, isDouble, listed);
        if (problem !== undefined) {
          this.dropped.add(stream);
          this.remark(inode, problem);
        } else if (first === undefined) first = name;
        else names = (names ?? new Set()).add(name);
      }
    }
  }

  private dropData(inode: number, stream: number): void {
    this.dropped.add(stream);
    if (this.sizeOf(stream) > 0)
      this.remark(inode, 'its data is not kept: it is a directory, or has data already');
  }

  private checkReparse(inode: number, stream: number): void {
    const { tree } = this;
    const tag = tree.extras.get(inode)?.reparseTag ?? 0;
    const size = this.sizeOf(stream) + REPARSE_HEADER;
    const least = (tag & REPARSE_MICROSOFT) === 0 ? REPARSE_HEADER + GUID_SIZE : REPARSE_HEADER;
    const isMarked = (tree.attributes[inode] & FileAttribute.REPARSE_POINT) !== 0;
    // The first one is what is asked for when it is written.
    if (!isMarked || stream !== tree.findStream(inode, StreamKind.REPARSE)) return;
    if (size > REPARSE_LIMIT || size < least || tag >>> 0 <= 2) {
      this.remark(
        inode,
        `its reparse point (tag 0x${(tag >>> 0).toString(16).padStart(8, '0')}) is none: not kept`,
      );
      return;
    }
    this.reparses.set(inode, { tag: tag >>> 0, size });
  }

  private checkAttributes(inode: number): void {
    const wanted = this.tree.attributes[inode];
    const lost = wanted & ~(KEPT | IMPLIED);
    if (lost === 0) return;
    const isDirectory = this.plan.isDirectory(inode);
    if ((lost & FileAttribute.ENCRYPTED) !== 0) this.remark(inode, 'its attribute ENCRYPTED is not kept');
    if ((lost & FileAttribute.COMPRESSED) !== 0 && !isDirectory)
      this.remark(inode, 'its attribute COMPRESSED is not kept: the data is written plain');
    const others = lost & ~(FileAttribute.ENCRYPTED | FileAttribute.COMPRESSED);
    if (others !== 0) this.remark(inode, `its attribute bits 0x${(others >>> 0).toString(16)} are not kept`);
  }

  private checkItems(inode: number, items: readonly TaggedItem[], seen: Set<string>): void {
    const object = items.find(({ tag }) => tag === OBJECT_ID_TAG);
    if (object !== undefined) this.checkObjectId(inode, object.data, seen);
    const attributes = makeExtendedAttributes(items);
    if (attributes === 'malformed') this.remark(inode, 'its extended attributes are malformed: not kept');
    else if (attributes !== undefined)
      this.eaSizes.set(inode, { size: attributes.value.length, packedSize: attributes.packedSize });
    for (const { tag } of items) {
      if (tag === OBJECT_ID_TAG || tag === ItemTag.XATTRS) continue;
      if (tag !== ItemTag.UNIX_DATA && tag !== ItemTag.XATTRS_OLD)
        this.remark(
          inode,
          `a metadata item of unknown tag 0x${(tag >>> 0).toString(16).padStart(8, '0')} is not kept`,
        );
      else if (this.options.unixData === true) this.remark(inode, 'its UNIX data is not kept');
    }
  }

  private checkObjectId(inode: number, data: Uint8Array, seen: Set<string>): void {
    const key = data.subarray(0, OBJECT_ID_SIZE).join();
    if (data.length < OBJECT_ID_SIZE) this.remark(inode, 'its object ID is malformed: not kept');
    else if (seen.has(key)) this.remark(inode, 'another file has its object ID: not kept');
    else {
      seen.add(key);
      const id = new Uint8Array(FULL_OBJECT_ID_SIZE);
      id.set(data.subarray(0, FULL_OBJECT_ID_SIZE));
      this.objectIds.set(inode, id);
    }
  }
}

function streamProblem(name: string, isDouble: boolean, listed: number): string | undefined {
  if (isDouble) return 'a named stream has the name of another one: left out';
  if (name.length === 0 || name.length > STREAM_NAME_LIMIT || /[\0/\\:]/.test(name))
    return 'a named stream has a name that cannot be: left out';
  // What lists the attributes of a file has a limit of its own; names and runs of the file need room there, too.
  if (listed > ATTRIBUTE_LIST_LIMIT / 2) return 'it has too many named streams: some are left out';
  return undefined;
}
