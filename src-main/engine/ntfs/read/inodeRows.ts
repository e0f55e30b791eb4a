import { FormatError } from '../../../../src-shared/errors/appError';
import { FileAttribute, ReparseTag } from '../../tree/attributes';
import { NONE, StreamKind, type Tree } from '../../tree/tree';
import { ItemTag } from '../../wim/metadata/taggedItems';
import { REPARSE_NOT_FIXED } from '../../wim/records/dentry';
import { WOF_STREAM_NAME } from '../records/reparsePoint';
import type { Remarks } from './remarks';
import { Place, type ScanColumns } from './scanColumns';
import type { SecurityRows } from './securityRows';
import { wimExtendedAttributes } from './taggedValues';

/** Where the streams of a tree are: the file's record, and the first cluster where nothing else is needed. */
export interface StreamPlaces {
  readonly records: Uint32Array;
  /** See {@link Place}. */
  readonly clusters: Uint32Array;
}

const OBJECT_ID_SIZE = 16;
/** With what the object was born with. */
const WHOLE_OBJECT_ID_SIZE = 64;

/** The inodes of a tree that is built from a scanned volume, with their streams. */
export class InodeRows {
  readonly places: StreamPlaces;

  /**
   * @param told `damage`: what is missing because the volume is damaged
   * @param objectIdRest birth volume, birth object and domain of an object ID; undefined where the index has none
   */
  constructor(
    private readonly tree: Tree,
    private readonly columns: ScanColumns,
    private readonly security: SecurityRows,
    private readonly told: { readonly remarks: Remarks; readonly damage: Remarks },
    private readonly objectIdRest: (objectId: Uint8Array) => Uint8Array | undefined,
  ) {
    this.places = {
      records: new Uint32Array(columns.streamCount),
      clusters: new Uint32Array(columns.streamCount),
    };
  }

  /** Adds the inode of a record; returns its row. */
  add(record: number, pathOf: () => string): number {
    const { columns, tree } = this;
    const { extras, times } = columns;
    const reparse = extras.reparse.get(record);
    const isWof = extras.wof.has(record) && this.hasWofStream(record);
    let attributes = columns.attributes[record];
    // A file that WOF compressed looks like any other to programs: its reparse point and its holes are not shown.
    if (isWof) attributes &= ~(FileAttribute.REPARSE_POINT | FileAttribute.SPARSE_FILE);
    else if (reparse !== undefined) attributes |= FileAttribute.REPARSE_POINT;
    else attributes &= ~FileAttribute.REPARSE_POINT;
    columns.attributes[record] = attributes === 0 ? FileAttribute.NORMAL : attributes;
    const inode = tree.addInode(columns.attributes[record], 0n, 0n, 0n, this.security.of(record, pathOf));
    const at = record * 6;
    tree.creationTime[inode] = fileTime(times, at);
    tree.lastAccessTime[inode] = fileTime(times, at + 2);
    tree.lastWriteTime[inode] = fileTime(times, at + 4);
    this.addStreams(record, inode, isWof, pathOf);
    if (reparse !== undefined && !isWof) {
      const kept = tree.extrasOf(inode);
      kept.reparseTag = reparse.tag;
      kept.reparseReserved = reparse.reserved;
      // Which drive letter the volume has nobody knows here: absolute links stay as they are.
      kept.reparseFlags = REPARSE_NOT_FIXED;
      this.tellDataElsewhere(reparse.tag, pathOf);
    }
    this.addTagged(record, inode, pathOf);
    return inode;
  }

  private tellDataElsewhere(tag: number, pathOf: () => string): void {
    if (tag !== ReparseTag.WOF && tag !== ReparseTag.DEDUP) return;
    const where = tag === ReparseTag.WOF ? 'in a WIM file' : 'in the chunk store of Data Deduplication';
    this.told.remarks.add(
      'files have their data elsewhere',
      pathOf,
      `kept as a reparse point only: its data is ${where}, which is not read here`,
    );
  }

  private hasWofStream(record: number): boolean {
    const { columns } = this;
    const name = columns.streamNameOf(WOF_STREAM_NAME);
    for (let row = columns.firstStream[record]; row !== NONE && row < columns.streamCount; row++) {
      if (columns.streamRecord[row] !== record) break;
      if (name > 0 && columns.streamName[row] === name) return true;
    }
    return false;
  }

  private addStreams(record: number, inode: number, isWof: boolean, pathOf: () => string): void {
    const { columns, tree } = this;
    const isDirectory = columns.isDirectory[record] === 1;
    let hasData = false;
    for (let row = columns.firstStream[record]; row !== NONE && row < columns.streamCount; row++) {
      if (columns.streamRecord[row] !== record) break;
      const kind = columns.streamKind[row] as StreamKind;
      const name = columns.streamNames[columns.streamName[row]];
      if (isWof && (kind === StreamKind.REPARSE || name === WOF_STREAM_NAME)) continue;
      if (kind === StreamKind.DATA) {
        if (hasData || isDirectory) {
          const problem = isDirectory ? 'a directory has no unnamed data' : 'it has several unnamed streams';
          const { remarks, damage } = this.told;
          (isDirectory ? remarks : damage).add(
            'streams are left out',
            pathOf,
            `a stream is left out: ${problem}`,
          );
          continue;
        }
        hasData = true;
      }
      const stream = tree.addStream(inode, kind, name, NONE, columns.streamSize[row]);
      this.places.records[stream] = record;
      this.places.clusters[stream] =
        isWof && kind === StreamKind.DATA ? Place.RECORD : columns.streamPlace[row];
    }
  }

  private addTagged(record: number, inode: number, pathOf: () => string): void {
    const { objectIds, extendedAttributes } = this.columns.extras;
    const add = (tag: number, data: Uint8Array) => {
      (this.tree.extrasOf(inode).tagged ??= []).push({ tag, data });
    };
    const objectId = objectIds.get(record);
    if (objectId !== undefined && objectId.length >= OBJECT_ID_SIZE) {
      const rest = objectId.length === OBJECT_ID_SIZE ? this.objectIdRest(objectId) : undefined;
      add(
        ItemTag.OBJECT_ID,
        rest === undefined ? objectId.slice(0, WHOLE_OBJECT_ID_SIZE) : new Uint8Array([...objectId, ...rest]),
      );
    }
    const extended = extendedAttributes.get(record);
    if (extended === undefined) return;
    try {
      const data = wimExtendedAttributes(extended);
      if (data.length > 0) add(ItemTag.EXTENDED_ATTRIBUTES, data);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.told.damage.add('files have damaged extended attributes', pathOf, error.message);
    }
  }
}

function fileTime(times: Uint32Array, at: number): bigint {
  return (BigInt(times[at + 1]) << 32n) | BigInt(times[at]);
}
