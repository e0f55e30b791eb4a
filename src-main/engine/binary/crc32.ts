const table = new Uint32Array(256).map((_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/**
 * CRC-32 of ISO 3309 (polynomial 0x04C11DB7, reflected), as GPT and zip use it.
 * @param before of the bytes in front of these, where they are given piece by piece
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  let value = ~before;
  for (let i = 0; i < bytes.length; i++) value = (value >>> 8) ^ table[(value ^ bytes[i]) & 0xff];
  return ~value >>> 0;
}
