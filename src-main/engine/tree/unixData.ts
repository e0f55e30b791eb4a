import type { TaggedItem } from './tree';

/** Tags of the metadata items that hold UNIX metadata; the first and the last are wimlib's own. */
export const ItemTag = { UNIX_DATA: 0x337dd873, XATTRS: 0x2, XATTRS_OLD: 0x337dd874 } as const;

/** Owner, group, file type with permission bits, device number (0 for all but device nodes). */
export interface UnixData {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  readonly rdev: number;
}

/** An extended attribute; each character of the name is one byte. */
export type Xattr = readonly [name: string, value: Uint8Array];

/** File types in a mode. */
export const FileType = {
  MASK: 0o170000,
  REGULAR: 0o100000,
  SYMLINK: 0o120000,
  DIRECTORY: 0o040000,
} as const;

/** Longest name and value that an item can hold. */
const NAME_LIMIT = 255;
const VALUE_LIMIT = 65_535;

/** Builds the UNIX data item: four 32-bit words. Device numbers beyond 32 bits lose their upper half, as in wimlib. */
export function makeUnixDataItem({ uid, gid, mode, rdev }: UnixData): TaggedItem {
  const data = new Uint8Array(16);
  const view = new DataView(data.buffer);
  [uid, gid, mode, rdev].forEach((value, index) => view.setUint32(index * 4, value % 2 ** 32, true));
  return { tag: ItemTag.UNIX_DATA, data };
}

/** Whether an extended attribute fits into an item. */
export function fitsXattrItem([name, value]: Xattr): boolean {
  return name.length > 0 && name.length <= NAME_LIMIT && value.length <= VALUE_LIMIT;
}

/** Builds the item of extended attributes: length words, name with NUL, value, without padding between entries. */
export function makeXattrItem(xattrs: readonly Xattr[]): TaggedItem {
  const size = xattrs.reduce((sum, [name, value]) => sum + 5 + name.length + value.length, 0);
  const data = new Uint8Array(size);
  const view = new DataView(data.buffer);
  let at = 0;
  for (const [name, value] of xattrs) {
    view.setUint16(at, value.length, true);
    view.setUint8(at + 2, name.length);
    for (let i = 0; i < name.length; i++) data[at + 4 + i] = name.charCodeAt(i);
    data.set(value, at + 5 + name.length);
    at += 5 + name.length + value.length;
  }
  return { tag: ItemTag.XATTRS, data };
}

/** UNIX data of an inode, or undefined. */
export function readUnixData(items: readonly TaggedItem[] | undefined): UnixData | undefined {
  const item = items?.find(({ tag, data }) => tag === ItemTag.UNIX_DATA && data.length >= 16);
  if (item === undefined) return undefined;
  const view = viewOf(item.data);
  const [uid, gid, mode, rdev] = [0, 4, 8, 12].map((at) => view.getUint32(at, true));
  return { uid, gid, mode, rdev };
}

/** Extended attributes of an inode and whether the item that holds them is whole. */
export function readXattrs(items: readonly TaggedItem[] | undefined): {
  xattrs: Xattr[];
  malformed: boolean;
} {
  const item = items?.find(({ tag }) => tag === ItemTag.XATTRS);
  if (item !== undefined) return readEntries(item.data, newEntry);
  const old = items?.find(({ tag }) => tag === ItemTag.XATTRS_OLD);
  return old === undefined ? { xattrs: [], malformed: false } : readEntries(old.data, oldEntry);
}

/** Places of an entry's parts in its item. */
interface EntryLayout {
  readonly name: number;
  readonly nameLength: number;
  readonly value: number;
  readonly valueLength: number;
  readonly end: number;
}

function readEntries(
  data: Uint8Array,
  layoutAt: (view: DataView, at: number) => EntryLayout | undefined,
): { xattrs: Xattr[]; malformed: boolean } {
  const view = viewOf(data);
  const xattrs: Xattr[] = [];
  for (let at = 0; at < data.length;) {
    const entry = layoutAt(view, at);
    if (entry === undefined || entry.nameLength === 0 || entry.end > data.length)
      return { xattrs, malformed: true };
    const name = latin1(data.subarray(entry.name, entry.name + entry.nameLength));
    if (name.includes('\0')) return { xattrs, malformed: true };
    xattrs.push([name, data.slice(entry.value, entry.value + entry.valueLength)]);
    at = entry.end;
  }
  return { xattrs, malformed: false };
}

function newEntry(view: DataView, at: number): EntryLayout | undefined {
  if (at + 4 > view.byteLength) return undefined;
  const valueLength = view.getUint16(at, true);
  const nameLength = view.getUint8(at + 2);
  const value = at + 4 + nameLength + 1;
  return { name: at + 4, nameLength, value, valueLength, end: value + valueLength };
}

/** The form of wimlib 1.11 and 1.12: a longer header, no NUL, entries aligned to 4 bytes. */
function oldEntry(view: DataView, at: number): EntryLayout | undefined {
  if (at + 8 > view.byteLength) return undefined;
  const nameLength = view.getUint16(at, true);
  const valueLength = view.getUint32(at + 4, true);
  const value = at + 8 + nameLength;
  return { name: at + 8, nameLength, value, valueLength, end: Math.ceil((value + valueLength) / 4) * 4 };
}

/** One character a byte. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function viewOf(data: Uint8Array): DataView {
  return new DataView(data.buffer, data.byteOffset, data.byteLength);
}
