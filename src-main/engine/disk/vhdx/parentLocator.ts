import { formatGuid } from '../../binary/guid';
import { malformed, unsupported } from '../diskFaults';
import { PARENT_LOCATOR_TYPE, ParentLocatorEntry, ParentLocatorHeader } from './records';
import { utf16leBytes, utf16leText } from '../utf16';

const STRUCTURE = 'VHDX parent locator';
const MAX_ENTRIES = 64;

/** Keys of a parent locator, [MS-VHDX] 2.6.2.6.3. */
export const ParentKey = {
  /** GUID in braces: the parent's DataWriteGuid. */
  LINKAGE: 'parent_linkage',
  LINKAGE_2: 'parent_linkage2',
  RELATIVE: 'relative_path',
  VOLUME: 'volume_path',
  ABSOLUTE: 'absolute_win32_path',
} as const;

/** @param offset of the item in the file @returns values by key */
export function parseParentLocator(bytes: Uint8Array, offset: number): ReadonlyMap<string, string> {
  if (bytes.length < ParentLocatorHeader.size) {
    throw malformed(STRUCTURE, offset, `${bytes.length} bytes, its header has ${ParentLocatorHeader.size}`);
  }
  const { type, count } = ParentLocatorHeader.parse(bytes, offset);
  const kind = formatGuid(type);
  if (kind !== PARENT_LOCATOR_TYPE) {
    throw unsupported(STRUCTURE, offset, `type ${kind} is not known`, 'LocatorType');
  }
  if (count > MAX_ENTRIES || ParentLocatorHeader.size + count * ParentLocatorEntry.size > bytes.length) {
    throw malformed(STRUCTURE, offset + 18, `it cannot have ${count} entries`, 'KeyValueCount');
  }
  const values = new Map<string, string>();
  for (let index = 0; index < count; index++) {
    const at = ParentLocatorHeader.size + index * ParentLocatorEntry.size;
    const entry = ParentLocatorEntry.parse(bytes.subarray(at), offset + at);
    const text = (start: number, length: number): string => {
      if (start < ParentLocatorHeader.size || start + length > bytes.length || length % 2 !== 0) {
        throw malformed(STRUCTURE, offset + at, `${length} bytes at ${start} are no text of it`);
      }
      return utf16leText(bytes.subarray(start, start + length));
    };
    const key = text(entry.keyOffset, entry.keyLength);
    if (values.has(key)) throw malformed(STRUCTURE, offset + at, `the key ${key} is there twice`);
    values.set(key, text(entry.valueOffset, entry.valueLength));
  }
  return values;
}

export function serializeParentLocator(type: Uint8Array, values: ReadonlyMap<string, string>): Uint8Array {
  const texts = [...values].map(([key, value]) => [utf16leBytes(key), utf16leBytes(value)] as const);
  let end = ParentLocatorHeader.size + texts.length * ParentLocatorEntry.size;
  const bytes = new Uint8Array(texts.reduce((sum, [key, value]) => sum + key.length + value.length, end));
  bytes.set(ParentLocatorHeader.serialize({ type, reserved: 0, count: texts.length }));
  texts.forEach(([key, value], index) => {
    bytes.set(
      ParentLocatorEntry.serialize({
        keyOffset: end,
        valueOffset: end + key.length,
        keyLength: key.length,
        valueLength: value.length,
      }),
      ParentLocatorHeader.size + index * ParentLocatorEntry.size,
    );
    bytes.set(key, end);
    bytes.set(value, end + key.length);
    end += key.length + value.length;
  });
  return bytes;
}
