import type { TaggedItem } from '../../tree/tree';
import { ItemTag } from '../../tree/unixData';
import { EA_LIMIT, EaInformation, NEED_EA } from '../records/extendedAttributes';

const ENTRY_HEADER = 8;

/** $EA and what $EA_INFORMATION says of it. */
export interface ExtendedAttributes {
  readonly value: Uint8Array;
  readonly information: Uint8Array;
  /** Bytes that $FILE_NAME repeats. */
  readonly packedSize: number;
}

const align4 = (size: number): number => (size + 3) & ~3;

/**
 * Turns the item of a WIM (value length, name length, flags, name with NUL, value, without padding) into $EA.
 * @returns undefined when there is none; 'malformed' when it cannot be one of a file
 */
export function makeExtendedAttributes(
  items: readonly TaggedItem[] | undefined,
): ExtendedAttributes | 'malformed' | undefined {
  const item = items?.find(({ tag, data }) => tag === ItemTag.XATTRS && data.length > 0);
  if (item === undefined) return undefined;
  const { data } = item;
  const source = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length > EA_LIMIT) return 'malformed';
  // An entry grows by the offset of the next one and at most three bytes.
  const value = new Uint8Array(data.length * 2 + ENTRY_HEADER);
  const view = new DataView(value.buffer);
  let end = 0;
  let packedSize = 0;
  let needed = 0;
  for (let at = 0; at < data.length;) {
    if (at + 4 > data.length) return 'malformed';
    const valueLength = source.getUint16(at, true);
    const nameLength = source.getUint8(at + 2);
    const flags = source.getUint8(at + 3);
    const size = 5 + nameLength + valueLength;
    if (nameLength === 0 || at + size > data.length) return 'malformed';
    const length = align4(ENTRY_HEADER + nameLength + 1 + valueLength);
    view.setUint32(end, length, true);
    view.setUint8(end + 0x04, flags);
    view.setUint8(end + 0x05, nameLength);
    view.setUint16(end + 0x06, valueLength, true);
    value.set(data.subarray(at + 4, at + size), end + ENTRY_HEADER);
    end += length;
    packedSize += size;
    if ((flags & NEED_EA) !== 0) needed++;
    at += size;
  }
  if (packedSize > 0xffff || end > EA_LIMIT) return 'malformed';
  const information = EaInformation.serialize({ packedSize, neededCount: needed, querySize: end });
  return { value: value.slice(0, end), information, packedSize };
}
