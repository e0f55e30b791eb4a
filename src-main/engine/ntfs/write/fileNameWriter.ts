import { FileAttribute } from '../../tree/attributes';
import { NONE, StreamKind } from '../../tree/tree';
import { FileNameAttribute, NameSpace } from '../records/fileName';
import { SystemFile } from '../records/fileRecord';
import { FILE_NAME_HEADER, type NameWriter } from './directoryEntries';
import { entryOfKey, isShortKey, type NameKey } from './nameKeys';
import { sequenceOfRecord, writeReference, writeSize } from './recordWriter';
import type { VolumePlan } from './volumePlan';

/** What $FILE_NAME says of a file of the system. */
export interface SystemFileFacts {
  readonly record: number;
  readonly allocated: number;
  readonly size: number;
  /** FileNameAttribute bits. */
  readonly index: number;
}

const HIDDEN_SYSTEM = FileAttribute.HIDDEN | FileAttribute.SYSTEM;

/** Times of all inodes as pairs of 32-bit words: makes no numbers of 64 bits. */
function words(times: BigUint64Array): Uint32Array {
  return new Uint32Array(times.buffer, times.byteOffset, times.length * 2);
}

/** Writes $FILE_NAME and the times: the same in a file's record and in its directory's index. */
export class FileNameWriter implements NameWriter {
  private readonly creation: Uint32Array;
  private readonly access: Uint32Array;
  private readonly write: Uint32Array;
  private readonly nowLow: number;
  private readonly nowHigh: number;

  constructor(
    private readonly plan: VolumePlan,
    private readonly system: ReadonlyMap<string, SystemFileFacts>,
    now: bigint,
  ) {
    this.creation = words(plan.tree.creationTime);
    this.access = words(plan.tree.lastAccessTime);
    this.write = words(plan.tree.lastWriteTime);
    this.nowLow = Number(now & 0xffffffffn);
    this.nowHigh = Number(now >> 32n);
  }

  writeFileName(key: NameKey, view: DataView, at: number): void {
    const { plan } = this;
    const { tree, names } = plan;
    const entry = entryOfKey(key);
    const inode = tree.inode[entry];
    const parent = plan.recordOf[tree.inode[tree.parent[entry]]];
    writeReference(view, at, parent, sequenceOfRecord(parent));
    this.writeTimes(inode, view, at + 0x08);
    this.writeFacts(inode, view, at);
    const space = isShortKey(key) ? NameSpace.DOS : names.nameSpace(entry);
    const { units, start, length } = names.keys.range(key);
    view.setUint8(at + 0x40, length);
    view.setUint8(at + 0x41, space);
    for (let i = 0; i < length; i++) view.setUint16(at + FILE_NAME_HEADER + 2 * i, units[start + i], true);
  }

  writeSystemName(name: string, view: DataView, at: number, parent: number = SystemFile.ROOT): void {
    writeReference(view, at, parent, sequenceOfRecord(parent));
    if (name === '.') {
      const root = this.plan.names.inodes[0];
      this.writeTimes(root, view, at + 0x08);
      this.writeFacts(root, view, at);
    } else {
      this.writeNow(view, at + 0x08);
      const facts = this.system.get(name);
      writeSize(view, at + 0x28, facts?.allocated ?? 0);
      writeSize(view, at + 0x30, facts?.size ?? 0);
      view.setUint32(at + 0x38, HIDDEN_SYSTEM | (facts?.index ?? 0), true);
    }
    view.setUint8(at + 0x40, name.length);
    view.setUint8(at + 0x41, parent === SystemFile.ROOT ? NameSpace.WIN32_AND_DOS : NameSpace.POSIX);
    for (let i = 0; i < name.length; i++)
      view.setUint16(at + FILE_NAME_HEADER + 2 * i, name.charCodeAt(i), true);
  }

  writeFileReference(key: NameKey, view: DataView, at: number): void {
    const { plan } = this;
    const record = plan.recordOf[plan.tree.inode[entryOfKey(key)]];
    writeReference(view, at, record, sequenceOfRecord(record));
  }

  systemRecord(name: string): number {
    return this.system.get(name)?.record ?? 0;
  }

  /** Creation, last write, change and last access, as $STANDARD_INFORMATION and $FILE_NAME have them. */
  writeTimes(inode: number, view: DataView, at: number): void {
    if (this.plan.isBare(inode)) {
      this.writeNow(view, at);
      return;
    }
    const low = inode * 2;
    view.setUint32(at, this.creation[low], true);
    view.setUint32(at + 0x04, this.creation[low + 1], true);
    for (let word = 0; word < 2; word++) {
      view.setUint32(at + 0x08 + 4 * word, this.write[low + word], true);
      view.setUint32(at + 0x10 + 4 * word, this.write[low + word], true);
    }
    view.setUint32(at + 0x18, this.access[low], true);
    view.setUint32(at + 0x1c, this.access[low + 1], true);
  }

  writeNow(view: DataView, at: number): void {
    for (let time = at; time < at + 0x20; time += 8) {
      view.setUint32(time, this.nowLow, true);
      view.setUint32(time + 4, this.nowHigh, true);
    }
  }

  /** Sizes of the unnamed data, attributes, and what else $FILE_NAME repeats. */
  private writeFacts(inode: number, view: DataView, at: number): void {
    const { plan } = this;
    const { facts } = plan;
    const stream = this.dataStream(inode);
    if (stream !== NONE) {
      const size = plan.sizeOf(stream);
      writeSize(view, at + 0x28, plan.allocatedSize(stream));
      writeSize(view, at + 0x30, size);
    }
    const index = plan.names.isDirectory(inode) ? FileNameAttribute.DIRECTORY : 0;
    view.setUint32(at + 0x38, facts.attributes(inode) | index, true);
    const extra = facts.reparse(inode)?.tag ?? facts.eaSize(inode)?.packedSize ?? 0;
    if (extra !== 0) view.setUint32(at + 0x3c, extra, true);
  }

  private dataStream(inode: number): number {
    const { tree, facts } = this.plan;
    for (let stream = tree.firstStream[inode]; stream !== NONE; stream = tree.streamNext[stream])
      if (tree.streamKind[stream] === StreamKind.DATA && facts.isKept(stream)) return stream;
    return NONE;
  }
}
