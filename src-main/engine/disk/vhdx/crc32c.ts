const table = new Uint32Array(256).map((_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/**
 * CRC-32C (Castagnoli: polynomial 0x1EDC6F41, reflected), as VHDX structures carry it.
 * @param hole offset of the four bytes of the checksum itself, which count as zeroes
 */
export function crc32c(bytes: Uint8Array, hole: number): number {
  let value = 0xffffffff;
  for (let at = 0; at < hole; at++) value = (value >>> 8) ^ table[(value ^ bytes[at]) & 0xff];
  for (let at = 0; at < 4; at++) value = (value >>> 8) ^ table[value & 0xff];
  for (let at = hole + 4; at < bytes.length; at++) value = (value >>> 8) ^ table[(value ^ bytes[at]) & 0xff];
  return ~value >>> 0;
}
