import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { authenticodeHash, authenticodeRanges } from '../../../../src-main/engine/catalog/authenticodeHash';
import { createCrypto } from '../../../../src-main/platform/crypto';
import { smallImage } from '../../../support/portableExecutable';

const crypto = createCrypto();
const OPTIONAL = 0x80 + 24;
const hashOf = (bytes: Uint8Array) => authenticodeHash(bytes, 'sha256', crypto);

describe.each([
  ['pe32', OPTIONAL + 96],
  ['pe32+', OPTIONAL + 112],
] as const)('a %s image', (kind, directories) => {
  const image = smallImage(kind, { overlay: 16 });
  const entry = directories + 32;

  it('is hashed without its checksum, the entry of its certificates, and them', () => {
    const covered = Buffer.concat([
      image.subarray(0, OPTIONAL + 64),
      image.subarray(OPTIONAL + 68, entry),
      image.subarray(entry + 8, 816),
      image.subarray(856),
    ]);
    expect(hashOf(image)).toEqual(new Uint8Array(createHash('sha256').update(covered).digest()));
  });

  it.each([
    ['checksum', OPTIONAL + 65, true],
    ['certificate', 830, true],
    ['header', OPTIONAL + 70, false],
    ['content', 700, false],
    ['overlay behind the certificates', 860, false],
  ])('changed in its %s', (_, at, same) => {
    const changed = image.slice();
    changed[at] ^= 1;
    expect(Buffer.compare(hashOf(changed) ?? image, hashOf(image) ?? image) === 0).toBe(same);
  });

  it('has the same hash before it is signed', () => {
    const plain = smallImage(kind, { certificates: 0 });
    expect(hashOf(plain)).toEqual(hashOf(smallImage(kind)));
  });

  it.each([
    ['the certificates reach beyond the file', entry + 4, 0xffff_ffff],
    ['the certificates lie in the headers', entry, 8],
    ['the header lies beyond the file', 0x3c, 0xffff_fff0],
    ['the magic number is unknown', OPTIONAL, 0],
  ])('is none when %s', (_, at, value) => {
    const hostile = image.slice();
    new DataView(hostile.buffer).setUint32(at, value, true);
    expect(hashOf(hostile)).toBeUndefined();
  });
});

it('what is cut off anywhere is no image, or hashed as far as it is there', () => {
  const image = smallImage('pe32+');
  for (let length = 0; length < image.length; length++) {
    const found = authenticodeRanges(image.subarray(0, length));
    for (const [start, end] of found?.ranges ?? []) expect(start <= end && end <= length).toBe(true);
  }
});
