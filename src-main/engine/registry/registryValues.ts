import { utf16leBytes, utf16leText } from '../disk/utf16';
import type { HiveKey, HiveValue } from './hive';

/** Types of values. Any other number is legal, too: DriverDatabase has types of its own. */
export const RegistryType = {
  NONE: 0,
  SZ: 1,
  EXPAND_SZ: 2,
  BINARY: 3,
  DWORD: 4,
  DWORD_BIG_ENDIAN: 5,
  LINK: 6,
  MULTI_SZ: 7,
  RESOURCE_LIST: 8,
  FULL_RESOURCE_DESCRIPTOR: 9,
  RESOURCE_REQUIREMENTS_LIST: 10,
  QWORD: 11,
} as const;

/**
 * Text of a REG_SZ, REG_EXPAND_SZ or REG_LINK, up to its first NUL, if it has one.
 * @returns undefined for no value, or one of another type
 */
export function textOf(value: HiveValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  const { type } = value;
  if (type !== RegistryType.SZ && type !== RegistryType.EXPAND_SZ && type !== RegistryType.LINK) {
    return undefined;
  }
  const text = utf16leText(value.data);
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}

/**
 * Texts of a REG_MULTI_SZ, up to the empty one that ends it; a REG_SZ is a list of one.
 * @returns undefined for no value, or one of another type
 */
export function multiTextOf(value: HiveValue | undefined): string[] | undefined {
  if (value === undefined) return undefined;
  if (value.type !== RegistryType.MULTI_SZ) {
    const text = textOf(value);
    return text === undefined ? undefined : text === '' ? [] : [text];
  }
  const texts = utf16leText(value.data).split('\0');
  const end = texts.indexOf('');
  return end === -1 ? texts : texts.slice(0, end);
}

/** Number of a REG_DWORD of either byte order. @returns undefined for no value, another type or another length */
export function dwordOf(value: HiveValue | undefined): number | undefined {
  if (value?.data.length !== 4) return undefined;
  const view = new DataView(value.data.buffer, value.data.byteOffset, 4);
  if (value.type === RegistryType.DWORD) return view.getUint32(0, true);
  return value.type === RegistryType.DWORD_BIG_ENDIAN ? view.getUint32(0, false) : undefined;
}

/** Number of a REG_QWORD. @returns undefined for no value, another type or another length */
export function qwordOf(value: HiveValue | undefined): bigint | undefined {
  if (value?.type !== RegistryType.QWORD || value.data.length !== 8) return undefined;
  return new DataView(value.data.buffer, value.data.byteOffset, 8).getBigUint64(0, true);
}

/** @param type REG_SZ where absent */
export function setText(key: HiveKey, name: string, text: string, type: number = RegistryType.SZ): void {
  key.setValue(name, type, utf16leBytes(`${text}\0`));
}

/** @throws RangeError when one of the texts is empty or holds a NUL: such a list would be read as another */
export function setMultiText(key: HiveKey, name: string, texts: readonly string[]): void {
  for (const text of texts) {
    if (text === '' || text.includes('\0')) throw new RangeError('a REG_MULTI_SZ holds no such text');
  }
  key.setValue(name, RegistryType.MULTI_SZ, utf16leBytes(texts.map((text) => `${text}\0`).join('') + '\0'));
}

export function setDword(key: HiveKey, name: string, number: number): void {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setUint32(0, number, true);
  key.setValue(name, RegistryType.DWORD, data);
}

export function setQword(key: HiveKey, name: string, number: bigint): void {
  const data = new Uint8Array(8);
  new DataView(data.buffer).setBigUint64(0, number, true);
  key.setValue(name, RegistryType.QWORD, data);
}
