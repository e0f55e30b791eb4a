import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseCatalog } from '../../../../src-main/engine/catalog/catalog';
import { parseCertificate } from '../../../../src-main/engine/catalog/certificate';
import { microsoftRoots } from '../../../../src-main/engine/catalog/microsoftRoots';
import { createTrust } from '../../../../src-main/engine/catalog/trust';
import { createCrypto } from '../../../../src-main/platform/crypto';
import { FormatError } from '../../../../src-shared/errors/appError';
import { der, makeCatalog, makeHierarchy } from '../../../support/catalogs';

const { publisher } = makeHierarchy();
const sha1 = createHash('sha1').update('a').digest();
const sha256 = createHash('sha256').update('b').digest();
const catalog = makeCatalog({
  members: [
    { hash: sha1, file: 'a.inf' },
    { hash: sha256, kind: 'pe', file: 'b.sys' },
    { hash: sha256, kind: 'cab' },
    { hash: sha256, raw: true },
  ],
  signer: publisher,
});

function faultOf(bytes: Uint8Array): FormatError {
  try {
    parseCatalog(bytes, 'a.cat');
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('a catalog', () => {
  it('tells its members, their kinds and names, and what is said of all of them', () => {
    const { members, attributes, madeAt } = parseCatalog(catalog, 'a.cat');
    expect(members.map(({ kind, algorithm, hash, file }) => [kind, algorithm, hash, file])).toEqual([
      ['flat', 'sha1', sha1.toString('hex'), 'a.inf'],
      ['pe', 'sha256', sha256.toString('hex'), 'b.sys'],
      ['cab', 'sha256', sha256.toString('hex'), undefined],
      ['flat', 'sha256', sha256.toString('hex'), undefined],
    ]);
    expect(members.map(({ tag }) => tag)).toEqual(
      [sha1, sha256, sha256, sha256].map((hash) => hash.toString('hex').toUpperCase()),
    );
    expect([...attributes]).toEqual([['HWID1', 'pci\\ven_8086&dev_15b7']]);
    expect(new Date(madeAt).toISOString()).toBe('2024-02-03T04:05:06.000Z');
  });

  it('may have bytes behind it', () => {
    const padded = new Uint8Array(catalog.length + 7);
    padded.set(catalog);
    expect(parseCatalog(padded, 'a.cat').members).toHaveLength(4);
  });
});

describe('a hostile catalog is malformed', () => {
  it.each([
    ['empty', new Uint8Array(0)],
    ['text', new Uint8Array(Buffer.from('; Catalog of a test'))],
    ['of indefinite length', new Uint8Array([0x30, 0x80, 0x06, 0x01, 0x2a, 0, 0])],
    ['of a length beyond the file', new Uint8Array([0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 0x06, 0x01])],
    ['of a length of nine bytes', new Uint8Array([0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1])],
    ['a child larger than what holds it', new Uint8Array([0x30, 0x04, 0x30, 0x10, 0, 0])],
    ['a tag of many bytes', new Uint8Array([0x3f, 0xff, 0xff, 0xff, 0x7f, 0])],
    ['other signed data', new Uint8Array(makeData())],
  ])('%s', (_, bytes) => {
    expect(faultOf(bytes).code).toBe('catalog/malformed');
  });

  it('nested a hundred thousand deep', () => {
    const depth = 100_000;
    const bytes = new Uint8Array(depth * 5);
    for (let level = 0; level < depth; level++) {
      const length = bytes.length - (level + 1) * 5;
      bytes.set([0x30, 0x83, length >> 16, length >> 8, length], level * 5);
    }
    expect(faultOf(bytes).message).toContain('deeper than 64');
  });

  it('cut off at any byte', () => {
    for (let length = 0; length < catalog.length; length++)
      expect(faultOf(catalog.subarray(0, length)).code).toBe('catalog/malformed');
  });

  /** Signed data without signers around plain data. */
  function makeData(): Buffer {
    const id = (last: number) => der(0x06, Buffer.from([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, last]));
    const content = der(0x30, id(1), der(0xa0, der(0x04, Buffer.from('text'))));
    const data = der(0x30, der(0x02, Buffer.from([1])), der(0x31), content, der(0x31));
    return der(0x30, id(2), der(0xa0, data));
  }
});

describe('the roots of Microsoft', () => {
  it('have the thumbprints that Microsoft publishes', () => {
    for (const { certificate, thumbprint, name } of microsoftRoots) {
      const bytes = Buffer.from(certificate, 'base64');
      expect(createHash('sha1').update(bytes).digest('hex')).toBe(thumbprint);
      const parsed = parseCertificate(new Uint8Array(bytes));
      expect([parsed.name, parsed.subject]).toEqual([name, parsed.issuer]);
    }
  });

  it('are refused when a thumbprint is another certificate’s', () => {
    const [first, second] = microsoftRoots;
    const mixed = [{ ...first, thumbprint: second.thumbprint }];
    expect(() => createTrust(createCrypto(), mixed)).toThrow(/thumbprint/);
  });
});
