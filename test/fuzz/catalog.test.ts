import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { authenticodeHash } from '../../src-main/engine/catalog/authenticodeHash';
import { cabinetHash } from '../../src-main/engine/catalog/cabinetHash';
import { createPackageChecker } from '../../src-main/engine/catalog/checkPackage';
import { parseCatalog } from '../../src-main/engine/catalog/catalog';
import { createTrust } from '../../src-main/engine/catalog/trust';
import { Purpose } from '../../src-main/engine/catalog/objectIds';
import { createCrypto } from '../../src-main/platform/crypto';
import { FormatError } from '../../src-shared/errors/appError';
import { asRoot, makeCatalog, makeHierarchy, makeIdentity } from '../support/catalogs';
import { fuzzMilliseconds } from '../support/fuzz';
import { smallImage } from '../support/portableExecutable';

const crypto = createCrypto();
const inf = new Uint8Array(Buffer.from('[Version]'));
const hierarchy = makeHierarchy();
const stamper = makeIdentity('Stamper', { issuer: hierarchy.root, purposes: [Purpose.timeStamping] });
const catalogs = (['countersignature', 'rfc3161'] as const).map((kind) =>
  makeCatalog({
    members: [{ hash: createHash('sha256').update(inf).digest(), file: 'a.inf' }],
    signer: hierarchy.publisher,
    certificates: [hierarchy.publisher, hierarchy.authority, stamper],
    stamp: { by: stamper, at: '2024-05-06', kind },
  }),
);
const roots = [asRoot('Test Root', hierarchy.root)];

/** A few bytes changed, and perhaps an end cut off or added. */
const damage = fc.record({
  changes: fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(0x80, 0x84, 0xff, 0x30, 0))), {
    maxLength: 4,
  }),
  length: fc.option(fc.nat()),
});

function damaged(
  bytes: Uint8Array,
  { changes, length }: { changes: [number, number][]; length: number | null },
) {
  const copy = bytes.slice(0, length === null ? bytes.length : length % (bytes.length + 1));
  for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value;
  return copy;
}

it('a damaged catalog is refused as malformed, or judged, and never counts as the one that was signed', () => {
  const same = (bytes: Uint8Array): boolean =>
    catalogs.some((catalog) => Buffer.compare(bytes, catalog) === 0);
  fc.assert(
    fc.property(fc.constantFrom(...catalogs), damage, (catalog, change) => {
      const bytes = damaged(catalog, change);
      const check = createPackageChecker(crypto, createTrust(crypto, roots));
      const { signature } = check({
        inf: 'a.inf',
        files: new Map([['a.inf', () => inf]]),
        catalogs: new Map([['a.cat', () => bytes]]),
        now: 134_000_000_000_000_000n,
      });
      if (signature.state !== 'whcp') return;
      // What is not signed (unsigned attributes, bytes behind the message) may change; the signed list may not.
      const list = parseCatalog(bytes, 'a.cat').members;
      expect(list).toEqual(parseCatalog(catalog, 'a.cat').members);
      expect(same(bytes) || signature.signer === 'Test Hardware Publisher').toBe(true);
    }),
    { interruptAfterTimeLimit: fuzzMilliseconds(), numRuns: Infinity },
  );
});

it('any bytes are a catalog or malformed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      try {
        parseCatalog(bytes, 'a.cat');
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        expect((error as FormatError).code).toBe('catalog/malformed');
      }
    }),
    { interruptAfterTimeLimit: fuzzMilliseconds(1), numRuns: Infinity },
  );
});

it('any PE image or cabinet has a hash or none', () => {
  const cabinet = new Uint8Array(100);
  cabinet.set([0x4d, 0x53, 0x43, 0x46]);
  cabinet.set([4, 0], 30);
  cabinet.set([20, 0, 0, 0, 0, 0, 0x10, 0, 80, 0, 0, 0, 20, 0, 0, 0], 36);
  fc.assert(
    fc.property(
      fc.constantFrom(smallImage('pe32'), smallImage('pe32+'), cabinet),
      damage,
      (image, change) => {
        const bytes = damaged(image, change);
        for (const hash of [authenticodeHash(bytes, 'sha256', crypto), cabinetHash(bytes, 'sha256', crypto)])
          expect([undefined, 32]).toContain(hash?.length);
      },
    ),
    { interruptAfterTimeLimit: fuzzMilliseconds(1), numRuns: Infinity },
  );
});
