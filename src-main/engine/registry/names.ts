import { upcase } from '../tree/nameOrder';

/** Text of a name as keys and values store it. */
export function readName(bytes: Uint8Array, at: number, length: number, compressed: boolean): string {
  let name = '';
  if (compressed) {
    for (let i = at; i < at + length; i++) name += String.fromCharCode(bytes[i]);
  } else {
    for (let i = at; i + 1 < at + length; i += 2) name += String.fromCharCode(bytes[i] | (bytes[i + 1] << 8));
  }
  return name;
}

/** Whether a name can be stored with one byte a character. */
export function isCompressible(name: string): boolean {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) > 0xff) return false;
  return true;
}

/** Bytes of a name as keys and values store it. */
export function nameBytes(name: string): { readonly bytes: Uint8Array; readonly compressed: boolean } {
  const compressed = isCompressible(name);
  const bytes = new Uint8Array(compressed ? name.length : name.length * 2);
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    if (compressed) {
      bytes[i] = unit;
    } else {
      bytes[2 * i] = unit & 0xff;
      bytes[2 * i + 1] = unit >> 8;
    }
  }
  return { bytes, compressed };
}

/** Order of subkeys: by the codes of upper-case characters. */
export function compareKeyNames(a: string, b: string): number {
  const table = upcase();
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = table[a.charCodeAt(i)] - table[b.charCodeAt(i)];
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Hash of a name in a hash leaf. */
export function nameHash(name: string): number {
  const table = upcase();
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 37) + table[name.charCodeAt(i)]) >>> 0;
  return hash;
}

/** The first four characters of a name in a fast leaf; 0 from the first on that has no single byte. */
export function nameHint(name: string): number {
  let hint = 0;
  for (let i = 0; i < Math.min(name.length, 4); i++) {
    const unit = name.charCodeAt(i);
    if (unit > 0xff) return 0;
    hint |= unit << (8 * i);
  }
  return hint >>> 0;
}
