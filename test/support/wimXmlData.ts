/** The XML data of a whole WIM file: the resource header at 0x48 has its size (7 bytes) and offset; it is not compressed. */
export function xmlDataOf(wim: Buffer): Buffer {
  const size = wim.readUIntLE(0x48, 6);
  const offset = Number(wim.readBigUInt64LE(0x50));
  return wim.subarray(offset, offset + size);
}
