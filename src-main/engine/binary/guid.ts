const groups = [4, 2, 2, 2, 6] as const;
const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A GUID as Windows stores it, 16 bytes with the first three groups little-endian, as text in lower case. */
export function formatGuid(bytes: Uint8Array): string {
  let at = 0;
  return groups
    .map((size, group) => {
      const part = [...bytes.subarray(at, at + size)];
      at += size;
      if (group < 3) part.reverse();
      return part.map((byte) => byte.toString(16).padStart(2, '0')).join('');
    })
    .join('-');
}

/** Whether a text is a GUID in lower case, without braces. */
export function isGuid(text: string): boolean {
  return pattern.test(text);
}

/** The stored form of a GUID's text, which must satisfy {@link isGuid}. */
export function parseGuid(text: string): Uint8Array<ArrayBuffer> {
  if (!isGuid(text)) throw new RangeError(`${text} is no GUID`);
  const bytes = new Uint8Array(16);
  let at = 0;
  for (const [group, part] of text.split('-').entries()) {
    const values = part.match(/../g)?.map((byte) => Number.parseInt(byte, 16)) ?? [];
    if (group < 3) values.reverse();
    bytes.set(values, at);
    at += values.length;
  }
  return bytes;
}

/** Makes a version 4 GUID of 16 random bytes. */
export function randomGuid(randomBytes: (length: number) => Uint8Array): string {
  const bytes = Uint8Array.from(randomBytes(16));
  bytes[7] = (bytes[7] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return formatGuid(bytes);
}
