import type { TaggedItem } from '../../tree/tree';
import { align8 } from '../records/dentry';

/** Tags of the items after a dentry's names: u32 tag, u32 size, data, padding to 8 bytes. */
export const ItemTag = { OBJECT_ID: 0x1, EXTENDED_ATTRIBUTES: 0x2, UNIX_DATA: 0x337dd873 } as const;

/** Marks bytes after the names that are no item list; they are kept as they are. */
export const RAW_ITEM = -1;

/** Splits the bytes after a dentry's names into items. What does not parse is kept as one {@link RAW_ITEM}. */
export function parseTaggedItems(bytes: Uint8Array): TaggedItem[] {
  const items: TaggedItem[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;
  while (position + 8 <= bytes.length) {
    const tag = view.getUint32(position, true);
    const size = view.getUint32(position + 4, true);
    if (size > bytes.length - position - 8) break;
    if (tag === 0 && size === 0) break;
    items.push({ tag, data: bytes.slice(position + 8, position + 8 + size) });
    position += align8(8 + size);
  }
  const rest = bytes.subarray(Math.min(position, bytes.length));
  if (rest.some((byte) => byte !== 0)) items.push({ tag: RAW_ITEM, data: rest.slice() });
  return items;
}

/** Bytes that the items take, padding included. */
export function taggedItemsSize(items: readonly TaggedItem[]): number {
  return items.reduce((sum, item) => sum + align8((item.tag === RAW_ITEM ? 0 : 8) + item.data.length), 0);
}

/** Writes the items into `target` at `position`; returns the end. */
export function writeTaggedItems(items: readonly TaggedItem[], target: Uint8Array, position: number): number {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  for (const { tag, data } of items) {
    if (tag === RAW_ITEM) {
      target.set(data, position);
      position += align8(data.length);
      continue;
    }
    view.setUint32(position, tag, true);
    view.setUint32(position + 4, data.length, true);
    target.set(data, position + 8);
    position += align8(8 + data.length);
  }
  return position;
}
