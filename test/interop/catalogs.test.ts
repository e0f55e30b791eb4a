import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { authenticodeHash } from '../../src-main/engine/catalog/authenticodeHash';
import { cabinetHash } from '../../src-main/engine/catalog/cabinetHash';
import { parseCatalog } from '../../src-main/engine/catalog/catalog';
import { createPackageChecker, type PackageCheck } from '../../src-main/engine/catalog/checkPackage';
import { createTrust } from '../../src-main/engine/catalog/trust';
import { createCrypto } from '../../src-main/platform/crypto';
import { asRoot, makeCatalog, makeHierarchy } from '../support/catalogs';
import { smallImage } from '../support/portableExecutable';
import {
  describeWithFixtures,
  describeWithTools,
  fixtures,
  requireTool,
  temporaryDirectory,
} from '../support/tools';

const crypto = createCrypto();
const checker = createPackageChecker(crypto);
/** 2026-01-01 as FILETIME. */
const now = BigInt(Date.parse('2026-01-01')) * 10_000n + 116_444_736_000_000_000n;

const read = (...parts: string[]): Uint8Array => new Uint8Array(readFileSync(path.join(...parts)));
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

/** What a tool says, whether it is content or not: chains whose roots are not here are none of these tests' business. */
function said(tool: string, ...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(tool, args, { encoding: 'utf8', timeout: 30_000 });
  return `${stdout}\n${stderr}`;
}

/** Hashes that a verifying osslsigncode prints, lower case. */
function calculated(output: string): string[] {
  return [...output.matchAll(/Calculated message digest *: *([0-9A-F]+)/g)].map((match) =>
    match[1].toLowerCase(),
  );
}

/** Packages of the fixtures, with the files whose hashes their README finds in the catalogs. */
const packages: Readonly<Record<string, { files: readonly string[]; signer: string; signedAt: string }>> = {
  arduino: { files: ['arduino.inf'], signer: 'Arduino LLC', signedAt: '2015-11-24T20:29:27.000Z' },
  arduino_gemma: {
    files: ['arduino_gemma.inf', 'amd64/libusb0.dll', 'amd64/libusb0.sys', 'x86/libusb0.sys'],
    signer: 'Arduino LLC',
    signedAt: '2015-04-21T14:26:41.000Z',
  },
  genuino: { files: ['genuino.inf'], signer: 'Arduino LLC', signedAt: '2016-01-07T12:05:23.000Z' },
  AdafruitCircuitPlayground: {
    files: ['AdafruitCircuitPlayground.inf'],
    signer: 'Adafruit Industries',
    signedAt: '2017-01-04T20:13:59.000Z',
  },
};

describeWithFixtures('driver packages of makers', () => {
  const place = (): string => fixtures('drivers', 'arduino');

  function checked(name: string, change: (file: string, bytes: Uint8Array) => Uint8Array): PackageCheck {
    const catalog = `${name}.cat`;
    const get = (file: string) => (): Uint8Array => change(file, read(place(), file));
    return checker({
      inf: `${name}.inf`,
      files: new Map(packages[name].files.map((file) => [file, get(file)])),
      catalogs: new Map([[catalog, get(catalog)]]),
      now,
    });
  }

  it.each(Object.keys(packages))('%s is as it was signed', (name) => {
    const { signature, remarks } = checked(name, (_, bytes) => bytes);
    expect(signature).toMatchObject({
      state: 'signed',
      signer: packages[name].signer,
      signedAt: packages[name].signedAt,
      hash: 'sha1',
    });
    expect(remarks.map(({ severity, code }) => [severity, code])).toEqual([
      ['warning', 'signature-untrusted'],
    ]);
  });

  it.each(Object.keys(packages))('%s has the members that openssl shows', (name) => {
    requireTool('openssl');
    const file = path.join(place(), `${name}.cat`);
    const text = execFileSync('openssl', ['asn1parse', '-inform', 'DER', '-in', file], { encoding: 'utf8' });
    // A member's hash follows the name of its algorithm and a NULL, at the depth of SpcIndirectData's last field.
    const shown = [...text.matchAll(/d=13.*OCTET STRING +\[HEX DUMP\]:([0-9A-F]{40})\n/g)].map((match) =>
      match[1].toLowerCase(),
    );
    const { members } = parseCatalog(read(file), name);
    const own = members.map(({ hash }) => hash);
    expect(own.length).toBeGreaterThan(0);
    expect(own).toEqual(shown.slice(0, own.length));
    expect(members.map(({ tag }) => tag)).toEqual(own.map((hash) => hash.toUpperCase()));
    for (const { file: listed, kind } of members)
      expect(kind).toBe((listed ?? '').endsWith('.inf') ? 'flat' : 'pe');
  });

  it('the hashes of the signed images are those that osslsigncode computes, and so is the member found', () => {
    requireTool('osslsigncode');
    for (const file of packages.arduino_gemma.files.slice(1)) {
      const image = path.join(place(), file);
      const own = hex(authenticodeHash(read(image), 'sha1', crypto));
      expect(calculated(said('osslsigncode', 'verify', '-in', image))).toContain(own);
      const catalog = path.join(place(), 'arduino_gemma.cat');
      const verified = said('osslsigncode', 'verify', '-catalog', catalog, '-in', image);
      expect(calculated(verified)).toContain(own);
      expect(verified).toContain('File is signed in catalog');
    }
  });

  const flip = (at: number) => (bytes: Uint8Array) => {
    const copy = bytes.slice();
    copy[at < 0 ? copy.length + at : at] ^= 1;
    return copy;
  };

  it.each([
    ['arduino_gemma.inf', 100, 'file-tampered'],
    ['amd64/libusb0.sys', 5000, 'file-tampered'],
    ['x86/libusb0.sys', 0x400, 'file-tampered'],
    // The list of members, then the last byte of the signature in front of the countersignature.
    ['arduino_gemma.cat', 2060, 'signature-broken'],
    ['arduino_gemma.cat', 9972, 'signature-broken'],
    ['arduino_gemma.cat', 39, 'catalog-malformed'],
  ])('one byte of %s changed at %i is told as %s', (changed, at, code) => {
    const { signature, remarks } = checked('arduino_gemma', (file, bytes) =>
      file === changed ? flip(at)(bytes) : bytes,
    );
    expect(signature.state).toBe('tampered');
    expect(remarks.filter(({ severity }) => severity === 'error')[0]).toMatchObject({ code, file: changed });
  });

  it('a changed checksum or certificate of an image changes nothing that was signed', () => {
    const { signature } = checked('arduino_gemma', (file, bytes) =>
      file.endsWith('.sys') ? flip(-1)(bytes) : bytes,
    );
    expect(signature.state).toBe('signed');
  });
});

describeWithTools(['osslsigncode', 'openssl'], 'osslsigncode', () => {
  function certificate(directory: string): readonly string[] {
    const [key, own] = [path.join(directory, 'key.pem'), path.join(directory, 'own.pem')];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', own].concat([
        '-subj',
        '/CN=Own',
        '-days',
        '30',
        '-addext',
        'extendedKeyUsage=codeSigning',
      ]),
      { stdio: 'ignore' },
    );
    return ['-certs', own, '-key', key, '-h', 'sha256'];
  }

  function signedBy(signer: readonly string[], file: string): { file: string; digest: string } {
    const signed = `${file}.signed`;
    execFileSync('osslsigncode', ['sign', ...signer, '-in', file, '-out', signed], { stdio: 'ignore' });
    return { file: signed, digest: calculated(said('osslsigncode', 'verify', '-in', signed))[0] };
  }

  it('hashes images as we do, signed and before, of any length', () => {
    const directory = temporaryDirectory();
    const signer = certificate(directory);
    for (const kind of ['pe32', 'pe32+'] as const) {
      for (const overlay of [0, 3]) {
        const file = path.join(directory, `${kind}-${overlay}.exe`);
        writeFileSync(file, smallImage(kind, { certificates: 0, overlay }));
        const { file: signed, digest } = signedBy(signer, file);
        expect(digest).toHaveLength(64);
        expect(hex(authenticodeHash(read(file), 'sha256', crypto)), file).toBe(digest);
        expect(hex(authenticodeHash(read(signed), 'sha256', crypto)), signed).toBe(digest);
      }
    }
  });

  it('hashes a signed cabinet as we do', () => {
    requireTool('gcab');
    const directory = temporaryDirectory();
    writeFileSync(path.join(directory, 'a.txt'), 'a cabinet holds this');
    const file = path.join(directory, 'a.cab');
    execFileSync('gcab', ['-c', file, path.join(directory, 'a.txt')], { stdio: 'ignore' });
    const { file: signed, digest } = signedBy(certificate(directory), file);
    expect(digest).toHaveLength(64);
    expect(hex(cabinetHash(read(signed), 'sha256', crypto))).toBe(digest);
  });

  it('accepts a catalog as these tests make them, and finds the file in it', () => {
    const directory = temporaryDirectory();
    const { root, authority, publisher } = makeHierarchy({ kind: 'rsa' });
    const image = smallImage('pe32+');
    const hash = authenticodeHash(image, 'sha256', crypto) ?? new Uint8Array(0);
    const catalog = makeCatalog({
      members: [{ hash, kind: 'pe', file: 'a.sys' }],
      signer: publisher,
      certificates: [publisher, authority],
    });
    const [file, cat, ca] = ['a.sys', 'a.cat', 'root.pem'].map((name) => path.join(directory, name));
    writeFileSync(file, smallImage('pe32+', { certificates: 0 }));
    writeFileSync(cat, catalog);
    const pem = root.certificate.toString('base64').replace(/(.{64})/g, '$1\n');
    writeFileSync(ca, `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`);
    const verified = said('osslsigncode', 'verify', '-CAfile', ca, '-catalog', cat, '-in', file);
    expect(verified).toContain('File is signed in catalog');
    expect(verified).toContain('Signature verification: ok');
    const found = createPackageChecker(
      crypto,
      createTrust(crypto, [asRoot('Test Root', root)]),
    )({
      inf: 'a.inf',
      files: new Map([['a.sys', () => image]]),
      catalogs: new Map([['a.cat', () => catalog]]),
      now,
    });
    expect([found.signature.state, found.remarks]).toEqual(['whcp', []]);
  });

  it('signs a catalog that we verify', () => {
    const directory = temporaryDirectory();
    const inf = Buffer.from('[Version]');
    const list = path.join(directory, 'list.cat');
    const { publisher } = makeHierarchy();
    const hash = createHash('sha256').update(inf).digest();
    writeFileSync(list, makeCatalog({ members: [{ hash, file: 'a.inf' }], signer: publisher }));
    const signed = path.join(directory, 'signed.cat');
    const [, own, , key] = certificate(directory);
    const options = ['-certs', own, '-key', key, '-h', 'sha256', '-in', list, '-out', signed];
    execFileSync('osslsigncode', ['sign', ...options], { stdio: 'ignore' });
    const found = checker({
      inf: 'a.inf',
      files: new Map([['a.inf', () => new Uint8Array(inf)]]),
      catalogs: new Map([['signed.cat', () => read(signed)]]),
      now: BigInt(Date.now()) * 10_000n + 116_444_736_000_000_000n,
    });
    expect(found.signature).toMatchObject({ state: 'signed', signer: 'Own', chain: [], hash: 'sha256' });
    expect(found.remarks.map(({ code }) => code)).toEqual(['signature-untrusted']);
  });
});
