import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** Tags that the tagged items of a patched image get in turn: object ID, extended attributes, two that nobody knows. */
const tags = [0x1, 0x2, 0x1111_1111, 0xfedc_ba98];

/**
 * Fills what writers leave zero: both unused fields and the field at 0x54 of every dentry of an uncompressed WIM, and
 * gives the tagged items (of --unix-data, 24 bytes each) other tags. No program at hand writes such a file.
 */
export function fillUnusedFields(file: string): void {
  const bytes = readFileSync(file);
  const table = { at: Number(bytes.readBigUInt64LE(0x38)), size: Number(bytes.readBigUInt64LE(0x40)) };
  for (let entry = table.at; entry < table.at + table.size; entry += 50) {
    if ((bytes[entry + 7] & 0x06) !== 0x02) continue;
    const start = Number(bytes.readBigUInt64LE(entry + 8));
    const metadata = bytes.subarray(start, start + Number(bytes.readBigUInt64LE(entry + 16)));
    fillDentries(metadata);
    createHash('sha1')
      .update(metadata)
      .digest()
      .copy(bytes, entry + 30);
  }
  writeFileSync(file, bytes);
}

function fillDentries(metadata: Buffer): void {
  let dentries = 0;
  const groups = new Map<bigint, number>();
  for (let at = (metadata.readUInt32LE(0) + 7) & ~7; at + 8 <= metadata.length;) {
    const length = (Number(metadata.readBigUInt64LE(at)) + 7) & ~7;
    if (length <= 8) {
      at += 8;
      continue;
    }
    dentries += 1;
    // All names of a file say the same of it.
    const group = metadata.readBigUInt64LE(at + 0x58);
    const linked = group !== 0n && (metadata.readUInt32LE(at + 8) & 0x400) === 0;
    const number = (linked ? groups.get(group) : undefined) ?? dentries;
    if (linked) groups.set(group, number);
    metadata.writeBigUInt64LE(0x1122_3344_5566_7700n + BigInt(number), at + 0x18);
    metadata.writeBigUInt64LE(0xffee_ddcc_bbaa_9900n + BigInt(number), at + 0x20);
    metadata.writeUInt32LE(0x5454_0000 + number, at + 0x54);
    const names = metadata.readUInt16LE(at + 0x64);
    const items = at + ((0x66 + (names === 0 ? 0 : names + 2) + 7) & ~7);
    if (items < at + length) metadata.writeUInt32LE(tags[number % tags.length], items);
    const streams = metadata.readUInt16LE(at + 0x60);
    at += length;
    for (let i = 0; i < streams; i++) at += (Number(metadata.readBigUInt64LE(at)) + 7) & ~7;
  }
}
