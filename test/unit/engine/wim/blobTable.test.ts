import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { NONE } from '../../../../src-main/engine/tree/tree';
import { BlobTable, hex, isZeroHash } from '../../../../src-main/engine/wim/blobTable';

const sha1 = (text: string): Uint8Array => new Uint8Array(createHash('sha1').update(text).digest());

describe('BlobTable', () => {
  it('finds each of ten thousand blobs by its hash, and none that is not there', () => {
    const table = new BlobTable();
    for (let i = 0; i < 10_000; i++) expect(table.add(sha1(`blob ${i}`), 0, i)).toBe(i);
    const found = Array.from({ length: 10_000 }, (_, i) => table.find(sha1(`blob ${i}`)));
    expect(found).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
    expect(table.find(sha1('another'))).toBe(NONE);
  });

  it('reads a hash from the middle of other bytes', () => {
    const table = new BlobTable();
    const bytes = new Uint8Array(64);
    bytes.set(sha1('x'), 31);
    const row = table.findOrAdd(bytes, 31, 5);
    expect([table.find(sha1('x')), table.findOrAdd(bytes, 31, 5), hex(table.sha1(row))]).toEqual([
      row,
      row,
      '11f6ad8ec52a2984abaafd7c3b516503785c2072',
    ]);
  });

  it('tells hashes that share their first 16 bytes apart', () => {
    const table = new BlobTable();
    for (let i = 0; i < 256; i++) table.add(new Uint8Array(20).fill(i, 19), 0, 0);
    expect(table.find(new Uint8Array(20).fill(77, 19))).toBe(77);
  });

  it('knows the hash that stands for no data', () => {
    expect([isZeroHash(new Uint8Array(20)), isZeroHash(new Uint8Array(20).fill(1, 19))]).toEqual([
      true,
      false,
    ]);
  });
});
