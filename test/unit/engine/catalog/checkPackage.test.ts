import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPackageChecker, type PackageCheck } from '../../../../src-main/engine/catalog/checkPackage';
import type { KnownRoot } from '../../../../src-main/engine/catalog/microsoftRoots';
import { Purpose } from '../../../../src-main/engine/catalog/objectIds';
import { createTrust } from '../../../../src-main/engine/catalog/trust';
import { createCrypto } from '../../../../src-main/platform/crypto';
import { AppError } from '../../../../src-shared/errors/appError';
import {
  asRoot,
  makeCatalog,
  makeHierarchy,
  makeIdentity,
  type CatalogToMake,
  type Identity,
} from '../../../support/catalogs';

const crypto = createCrypto();
const inf = new Uint8Array(Buffer.from('[Version]\r\nSignature="$Windows NT$"\r\n'));
const sys = new Uint8Array(Buffer.from('not a PE image, but a file of a driver all the same'));
const hashOf = (bytes: Uint8Array, algorithm = 'sha256') => createHash(algorithm).update(bytes).digest();
const members = [
  { hash: hashOf(inf), file: 'net.inf' },
  { hash: hashOf(sys), file: 'net.sys' },
];
/** 2026-01-01 as FILETIME. */
const now = BigInt(Date.parse('2026-01-01')) * 10_000n + 116_444_736_000_000_000n;

let hierarchy: ReturnType<typeof makeHierarchy>;
let stamper: Identity;
let roots: readonly KnownRoot[];
beforeAll(() => {
  hierarchy = makeHierarchy();
  stamper = makeIdentity('Test Stamper', { issuer: hierarchy.root, purposes: [Purpose.timeStamping] });
  roots = [asRoot('Test Root', hierarchy.root)];
});

function check(
  catalog: Uint8Array | undefined,
  files: Readonly<Record<string, Uint8Array>> = { 'net.inf': inf, 'net.sys': sys },
  known = roots,
): PackageCheck {
  return createPackageChecker(
    crypto,
    createTrust(crypto, known),
  )({
    inf: 'net.inf',
    files: new Map(Object.entries(files).map(([name, bytes]) => [name, () => bytes])),
    catalogs: new Map([['net.cat', catalog === undefined ? undefined : () => catalog]]),
    now,
  });
}

const codes = ({ remarks }: PackageCheck) => remarks.map(({ code, file }) => `${code} ${file}`);

function signed(more: Partial<CatalogToMake> = {}, publisher = hierarchy.publisher): Uint8Array {
  return makeCatalog({
    members,
    signer: publisher,
    certificates: [publisher, hierarchy.authority, stamper],
    ...more,
  });
}

describe('a package that is as signed', () => {
  it('is of the hardware program when the root is known and the purpose says so', () => {
    const found = check(signed());
    expect(found.remarks).toEqual([]);
    expect(found.signature).toEqual({
      state: 'whcp',
      catalog: 'net.cat',
      signer: 'Test Hardware Publisher',
      chain: ['Test Driver CA', 'Test Root'],
      validFrom: '2020-01-01T00:00:00.000Z',
      validUntil: '2040-01-01T00:00:00.000Z',
      hash: 'sha256',
    });
  });

  it.each([
    [[Purpose.codeSigning, Purpose.attestedDriver], 'whcp'],
    [[Purpose.extendedDriver], 'whcp'],
    [[Purpose.codeSigning, Purpose.windowsComponent], 'inbox'],
    [[Purpose.codeSigning], 'signed'],
  ] as const)('with the purposes %j is %s', (purposes, state) => {
    const publisher = makeIdentity('Publisher', { issuer: hierarchy.authority, purposes });
    expect(check(signed({}, publisher)).signature.state).toBe(state);
  });

  it('is only signed under a root that vouches for publishers', () => {
    const known = [asRoot('Test Root', hierarchy.root, 'publishers')];
    const found = check(signed(), undefined, known);
    expect([found.signature.state, found.remarks]).toEqual(['signed', []]);
  });

  it.each(['rsa', 'ec'] as const)('is verified with %s and SHA-1', (kind) => {
    const publisher = makeIdentity('Publisher', {
      issuer: hierarchy.authority,
      purposes: [Purpose.hardwareDriver],
      kind,
      hash: 'sha1',
    });
    const sha1 = members.map(({ file }, index) => ({ file, hash: hashOf(index === 0 ? inf : sys, 'sha1') }));
    const found = check(signed({ members: sha1, hash: 'sha1' }, publisher));
    expect([found.signature.state, found.signature.hash, found.remarks]).toEqual(['whcp', 'sha1', []]);
  });

  it('is of the hardware program by a nested signature, unless that is over another list', () => {
    const vendor = makeIdentity('Vendor', { purposes: [Purpose.codeSigning] });
    const beside = { signer: vendor, certificates: [vendor] };
    const found = check(signed({ ...beside, nested: signed() }));
    expect([found.signature.state, found.signature.signer, found.remarks]).toEqual([
      'whcp',
      'Test Hardware Publisher',
      [],
    ]);
    const other = signed({ members: [members[0]] });
    expect(check(signed({ ...beside, nested: other })).signature).toMatchObject({
      state: 'signed',
      signer: 'Vendor',
    });
  });

  it('is found by tags that are the bytes of hashes', () => {
    const raw = members.map(({ hash }) => ({ hash, raw: true }));
    expect(check(signed({ members: raw })).remarks).toEqual([]);
  });
});

describe('an unknown root', () => {
  it('gives a warning', () => {
    const found = check(signed({ certificates: [hierarchy.publisher, hierarchy.authority] }), undefined, []);
    expect([found.signature.state, codes(found)]).toEqual(['signed', ['signature-untrusted net.cat']]);
    expect(found.remarks[0]).toMatchObject({ severity: 'warning' });
    expect(found.remarks[0].problem).toContain('Test Root');
  });

  it('is said of who vouches for itself', () => {
    const alone = makeIdentity('Self', { purposes: [Purpose.codeSigning, Purpose.hardwareDriver] });
    const found = check(signed({ certificates: [alone] }, alone));
    expect([found.signature.state, codes(found)]).toEqual(['signed', ['signature-untrusted net.cat']]);
  });

  it('leaves doubt where the chain stops at once', () => {
    const found = check(signed({ certificates: [hierarchy.publisher] }));
    expect([found.signature.state, codes(found)]).toEqual(['doubtful', ['signature-untrusted net.cat']]);
  });

  it('is not known by its name', () => {
    const impostor = makeHierarchy();
    const found = check(
      signed({ certificates: [impostor.publisher, impostor.authority, impostor.root] }, impostor.publisher),
    );
    expect([found.signature.state, codes(found)]).toEqual(['signed', ['signature-untrusted net.cat']]);
  });

  it('is looked for in bounded time among certificates that all vouch for each other', () => {
    const one = makeIdentity('One', { authority: true });
    const other = makeIdentity('Other', { authority: true });
    const circle = Array.from({ length: 40 }, () => [
      makeIdentity('One', { authority: true, issuer: other, keyOf: one }),
      makeIdentity('Other', { authority: true, issuer: one, keyOf: other }),
    ]).flat();
    const publisher = makeIdentity('Publisher', { issuer: one, purposes: [Purpose.hardwareDriver] });
    const found = check(signed({ certificates: [publisher, ...circle] }, publisher));
    expect(found.signature.state).toBe('signed');
    expect(found.signature.chain?.slice(0, 2)).toEqual(['One', 'Other']);
  });

  it('is not reached through a certificate that may not issue any', () => {
    const under = makeIdentity('Under', {
      issuer: hierarchy.publisher,
      purposes: [Purpose.hardwareDriver],
    });
    const found = check(signed({ certificates: [under, hierarchy.publisher, hierarchy.authority] }, under));
    expect(found.signature.state).toBe('doubtful');
  });
});

describe('an expired certificate', () => {
  const old = () =>
    makeIdentity('Old Publisher', {
      issuer: hierarchy.authority,
      purposes: [Purpose.hardwareDriver],
      from: '2020-01-01',
      until: '2022-01-01',
    });

  it('leaves doubt without a time stamp', () => {
    const found = check(signed({}, old()));
    expect([found.signature.state, codes(found)]).toEqual(['doubtful', ['certificate-expired net.cat']]);
    expect(found.remarks[0].problem).toContain('expired on 2022-01-01');
  });

  it.each(['countersignature', 'rfc3161'] as const)('is covered by a time stamp (%s)', (kind) => {
    const found = check(signed({ stamp: { by: stamper, at: '2021-06-01', kind } }, old()));
    expect([found.signature.state, found.signature.signedAt, found.remarks]).toEqual([
      'whcp',
      '2021-06-01T00:00:00.000Z',
      [],
    ]);
  });

  it.each(['countersignature', 'rfc3161'] as const)('is not covered by one of a later day (%s)', (kind) => {
    const found = check(signed({ stamp: { by: stamper, at: '2023-06-01', kind } }, old()));
    expect([found.signature.state, codes(found)]).toEqual(['doubtful', ['certificate-expired net.cat']]);
  });

  it.each(['countersignature', 'rfc3161'] as const)(
    'is not covered by one of another signature (%s)',
    (kind) => {
      const found = check(signed({ stamp: { by: stamper, at: '2021-06-01', kind, wrong: true } }, old()));
      expect([found.signature.state, found.signature.signedAt]).toEqual(['doubtful', undefined]);
    },
  );

  it('is not covered by a stamper that nobody known vouches for', () => {
    const stranger = makeIdentity('Stranger', { purposes: [Purpose.timeStamping] });
    const found = check(signed({ stamp: { by: stranger, at: '2021-06-01', kind: 'rfc3161' } }, old()));
    expect([found.signature.state, codes(found)]).toEqual(['doubtful', ['certificate-expired net.cat']]);
  });

  it('is not covered by somebody without the purpose', () => {
    const found = check(
      signed({ stamp: { by: hierarchy.publisher, at: '2021-06-01', kind: 'rfc3161' } }, old()),
    );
    expect(found.signature.state).toBe('doubtful');
  });
});

describe('what is not signed', () => {
  it('is a list without a signature', () => {
    const found = check(makeCatalog({ members }));
    expect([found.signature.state, codes(found)]).toEqual(['unsigned', ['signature-missing net.cat']]);
  });

  it('is a package without its catalog, or with an empty one', () => {
    const missing = check(undefined);
    expect([missing.signature.state, codes(missing)]).toEqual(['unsigned', ['catalog-missing net.cat']]);
    const empty = check(new Uint8Array(0));
    expect([empty.signature.state, codes(empty)]).toEqual(['unsigned', ['signature-missing net.cat']]);
  });

  it('is an INF that names no catalog', () => {
    const checker = createPackageChecker(crypto, createTrust(crypto, roots));
    const found = checker({
      inf: 'net.inf',
      files: new Map([['net.inf', () => inf]]),
      catalogs: new Map(),
      now,
    });
    expect([found.signature.state, codes(found)]).toEqual(['unsigned', ['signature-missing net.inf']]);
  });
});

describe('a change', () => {
  const changed = (bytes: Uint8Array, at: number): Uint8Array => {
    const copy = bytes.slice();
    copy[at < 0 ? copy.length + at : at] ^= 1;
    return copy;
  };

  it('of a file is told by its name', () => {
    const found = check(signed(), { 'net.inf': inf, 'amd64/NET.SYS': changed(sys, 3) });
    expect([found.signature.state, codes(found)]).toEqual(['tampered', ['file-tampered amd64/NET.SYS']]);
    expect(found.remarks[0].problem).toContain('net.cat');
  });

  it('of the INF is told', () => {
    const found = check(signed(), { 'net.inf': changed(inf, 3), 'net.sys': sys });
    expect([found.signature.state, codes(found)]).toEqual(['tampered', ['file-tampered net.inf']]);
  });

  it('of an INF that the catalog does not name means another catalog', () => {
    const found = check(signed({ members: [members[1]] }));
    expect([found.signature.state, codes(found)]).toEqual(['tampered', ['catalog-mismatch net.inf']]);
  });

  it('by a file that was not there', () => {
    const found = check(signed(), { 'net.inf': inf, 'net.sys': sys, 'more.dll': sys.subarray(1) });
    expect([found.signature.state, codes(found)]).toEqual(['tampered', ['file-unlisted more.dll']]);
  });

  it('of the list breaks the signature', () => {
    const bytes = signed();
    const at = Buffer.from(bytes).indexOf(Buffer.from('HWID1', 'utf16le').swap16());
    const found = check(changed(bytes, at + 1));
    expect([found.signature.state, codes(found)]).toEqual(['tampered', ['signature-broken net.cat']]);
    expect(found.remarks[0].problem).toContain('has been changed since Test Hardware Publisher signed it');
  });

  it('of the signature breaks it', () => {
    const found = check(changed(signed(), -1));
    expect([found.signature.state, codes(found)]).toEqual(['tampered', ['signature-broken net.cat']]);
  });

  it('that cuts the catalog off is damage', () => {
    const found = check(signed().subarray(0, 300));
    expect([found.signature.state, codes(found)]).toEqual(['tampered', ['catalog-malformed net.cat']]);
  });
});

it('says of a file that cannot be read why, and checks the others', () => {
  const checker = createPackageChecker(crypto, createTrust(crypto, roots));
  const catalog = signed();
  const found = checker({
    inf: 'net.inf',
    files: new Map([
      [
        'net.sys',
        () => {
          throw new AppError('io/failed', 'net.sys cannot be read');
        },
      ],
      ['net.inf', () => inf.subarray(1)],
    ]),
    catalogs: new Map([['net.cat', () => catalog]]),
    now,
  });
  expect(codes(found)).toEqual(['unreadable net.sys', 'file-tampered net.inf']);
});
