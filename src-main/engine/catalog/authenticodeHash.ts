import type { Crypto, HashName } from '../os';

/** Bytes of a PE image that its Authenticode hash covers, in order. */
export interface HashedRanges {
  readonly ranges: readonly (readonly [start: number, end: number])[];
  /** Zeros that signing tools add at the end of an unsigned image, so that its certificates start at a multiple of 8. */
  readonly padding: number;
}

const PE_SIGNATURE = 0x0000_4550;
const PE32 = 0x10b;
const PE32_PLUS = 0x20b;
const CHECKSUM_OFFSET = 64;
const SECURITY_ENTRY = 4;

/**
 * Finds what Authenticode hashes of a PE32 or PE32+ image: everything but the checksum, the entry of the certificate
 * table, and the table itself ("Windows Authenticode Portable Executable Signature Format", Microsoft 2008). What follows
 * the table is hashed, too.
 * @returns undefined for what is no PE image, or one whose headers lead out of the file: Windows takes such a file flat
 */
export function authenticodeRanges(bytes: Uint8Array): HashedRanges | undefined {
  const size = bytes.length;
  if (size < 0x40 || bytes[0] !== 0x4d || bytes[1] !== 0x5a) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  const header = view.getUint32(0x3c, true);
  const optional = header + 24;
  if (optional + CHECKSUM_OFFSET + 4 > size || view.getUint32(header, true) !== PE_SIGNATURE)
    return undefined;
  const magic = view.getUint16(optional, true);
  if (magic !== PE32 && magic !== PE32_PLUS) return undefined;
  const optionalSize = view.getUint16(header + 20, true);
  const directories = optional + (magic === PE32 ? 96 : 112);
  const checksum = optional + CHECKSUM_OFFSET;
  const entry = directories + SECURITY_ENTRY * 8;
  const hasEntry =
    entry + 8 <= size &&
    entry + 8 <= optional + optionalSize &&
    view.getUint32(directories - 4, true) > SECURITY_ENTRY;
  const padding = (8 - (size % 8)) % 8;
  if (!hasEntry)
    return {
      ranges: [
        [0, checksum],
        [checksum + 4, size],
      ],
      padding,
    };
  const table = view.getUint32(entry, true);
  const tableSize = view.getUint32(entry + 4, true);
  const head: [number, number][] = [
    [0, checksum],
    [checksum + 4, entry],
  ];
  if (table === 0 || tableSize === 0) return { ranges: [...head, [entry + 8, size]], padding };
  if (table < entry + 8 || table + tableSize > size) return undefined;
  return { ranges: [...head, [entry + 8, table], [table + tableSize, size]], padding: 0 };
}

/**
 * Authenticode hash of a PE image.
 * @param padded with the zeros that signing tools add; images whose length is a multiple of 8 have none
 * @returns undefined where the file is no PE image
 */
export function authenticodeHash(
  bytes: Uint8Array,
  algorithm: HashName,
  crypto: Crypto,
  padded = true,
): Uint8Array | undefined {
  const found = authenticodeRanges(bytes);
  if (found === undefined) return undefined;
  const hash = crypto.start(algorithm);
  for (const [start, end] of found.ranges) if (end > start) hash.update(bytes.subarray(start, end));
  if (padded && found.padding > 0) hash.update(new Uint8Array(found.padding));
  return hash.digest();
}
