import { createHash, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { KnownRoot } from '../../src-main/engine/catalog/microsoftRoots';
import { Oid, Purpose } from '../../src-main/engine/catalog/objectIds';

/** Certificates and catalogs made here, so that every state of a signature can be had. */

type Hash = 'sha1' | 'sha256';

export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest & 0xff);
  const header = length < 0x80 ? [tag, length] : [tag, 0x80 | size.length, ...size];
  return Buffer.concat([Buffer.from(header), content]);
}

export function objectId(text: string): Buffer {
  const [first, second, ...rest] = text.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const digits = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift((left & 0x7f) | 0x80);
    bytes.push(...digits);
  }
  return der(0x06, Buffer.from(bytes));
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const set = (...parts: readonly Uint8Array[]): Buffer => der(0x31, ...parts);
const octets = (bytes: Uint8Array): Buffer => der(0x04, bytes);
const integer = (value: number): Buffer =>
  der(0x02, Buffer.from([value >> 24, value >> 16, value >> 8, value]));
const small = (value: number): Buffer => der(0x02, Buffer.from([value]));
const time = (iso: string): Buffer =>
  der(0x18, Buffer.from(`${new Date(iso).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`));
const nothing = der(0x05);
const hashId: Readonly<Record<Hash, string>> = { sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1' };
const algorithm = (hash: Hash): Buffer => sequence(objectId(hashId[hash]), nothing);

function signatureAlgorithm(key: KeyObject, hash: Hash): Buffer {
  if (key.asymmetricKeyType === 'ec')
    return sequence(objectId(hash === 'sha1' ? '1.2.840.10045.4.1' : '1.2.840.10045.4.3.2'));
  return sequence(objectId(hash === 'sha1' ? '1.2.840.113549.1.1.5' : '1.2.840.113549.1.1.11'), nothing);
}

export interface Identity {
  readonly name: Buffer;
  readonly issuer: Buffer;
  readonly serial: Buffer;
  readonly certificate: Buffer;
  readonly key: KeyObject;
}

export interface CertificateOptions {
  readonly issuer?: Identity;
  readonly from?: string;
  readonly until?: string;
  readonly purposes?: readonly string[];
  readonly authority?: boolean;
  readonly kind?: 'rsa' | 'ec';
  readonly hash?: Hash;
  /** Another certificate for the key of this one. */
  readonly keyOf?: Identity;
}

let serials = 0x1000_0000;

export function makeIdentity(common: string, options: CertificateOptions = {}): Identity {
  const { publicKey, privateKey } =
    options.keyOf !== undefined
      ? { privateKey: options.keyOf.key, publicKey: createPublicKey(options.keyOf.key) }
      : options.kind === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(objectId(Oid.commonName), der(0x0c, Buffer.from(common)))));
  const serial = integer(serials++);
  const signer = options.issuer?.key ?? privateKey;
  const hash = options.hash ?? 'sha256';
  const extensions: Buffer[] = [];
  if (options.authority === true)
    extensions.push(
      sequence(
        objectId(Oid.basicConstraints),
        der(0x01, Buffer.from([0xff])),
        octets(sequence(der(0x01, Buffer.from([0xff])))),
      ),
    );
  if (options.purposes !== undefined)
    extensions.push(
      sequence(objectId(Oid.extendedKeyUsage), octets(sequence(...options.purposes.map(objectId)))),
    );
  const body = sequence(
    der(0xa0, small(2)),
    serial,
    signatureAlgorithm(signer, hash),
    options.issuer?.name ?? name,
    sequence(time(options.from ?? '2020-01-01'), time(options.until ?? '2040-01-01')),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    ...(extensions.length === 0 ? [] : [der(0xa3, sequence(...extensions))]),
  );
  const signature = der(0x03, Buffer.from([0]), sign(hash, body, signer));
  return {
    name,
    issuer: options.issuer?.name ?? name,
    serial,
    certificate: sequence(body, signatureAlgorithm(signer, hash), signature),
    key: privateKey,
  };
}

/** A root of Microsoft's, as far as a test is concerned. */
export function asRoot(
  name: string,
  { certificate }: Identity,
  use: KnownRoot['use'] = 'windows',
): KnownRoot {
  return {
    name,
    use,
    thumbprint: createHash('sha1').update(certificate).digest('hex'),
    certificate: certificate.toString('base64'),
  };
}

export interface MemberToMake {
  readonly hash: Uint8Array;
  readonly kind?: 'flat' | 'pe' | 'cab';
  readonly file?: string;
  /** The tag as bytes, and nothing else: as catalogs of version 2 may be. */
  readonly raw?: boolean;
}

const utf16 = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf16le');
const bmp = (text: string): Buffer => der(0x1e, Buffer.from(text, 'utf16le').swap16());
const nameValue = (name: string, value: string): Buffer =>
  sequence(bmp(name), integer(0x1001_0001), octets(utf16(value)));
const attribute = (type: string, ...values: readonly Uint8Array[]): Buffer =>
  sequence(objectId(type), set(...values));
const guids = {
  flat: '{DE351A42-8E59-11D0-8C47-00C04FC295EE}',
  pe: '{C689AAB8-8E78-11D0-8C47-00C04FC295EE}',
  cab: '{C689AABA-8E78-11D0-8C47-00C04FC295EE}',
};
/** SPC_CAB_DATA_OBJID, which flat files have, too. */
const linkData = '1.3.6.1.4.1.311.2.1.25';

function makeMember({ hash, kind = 'flat', file, raw }: MemberToMake): Buffer {
  if (raw === true) return sequence(octets(hash), set());
  const data =
    kind === 'pe'
      ? sequence(
          objectId(Oid.peImageData),
          sequence(der(0x03, Buffer.from([0])), der(0xa0, der(0xa2, der(0x80)))),
        )
      : sequence(objectId(linkData), der(0xa2, der(0x80, Buffer.from('<<<Obsolete>>>', 'utf16le').swap16())));
  const digest = sequence(algorithm(hash.length === 20 ? 'sha1' : 'sha256'), octets(hash));
  return sequence(
    octets(utf16(Buffer.from(hash).toString('hex').toUpperCase())),
    set(
      ...(file === undefined ? [] : [attribute(Oid.catalogNameValue, nameValue('File', file))]),
      attribute(Oid.indirectData, sequence(data, digest)),
      attribute(Oid.catalogMemberInfo, sequence(bmp(guids[kind]), integer(0x200))),
    ),
  );
}

export interface StampToMake {
  readonly by: Identity;
  readonly at: string;
  readonly kind: 'countersignature' | 'rfc3161';
  /** Over other bytes than the signature. */
  readonly wrong?: boolean;
}

export interface CatalogToMake {
  readonly members: readonly MemberToMake[];
  /** Nobody signs it when absent. */
  readonly signer?: Identity;
  readonly hash?: Hash;
  /** Certificates in the message: the signer's alone when absent. */
  readonly certificates?: readonly Identity[];
  readonly stamp?: StampToMake;
  /** A catalog whose signature this one carries besides, as a nested one. */
  readonly nested?: Uint8Array;
}

function makeList(members: readonly MemberToMake[]): Buffer {
  return sequence(
    sequence(objectId('1.3.6.1.4.1.311.12.1.1')),
    octets(Buffer.alloc(16, 7)),
    der(0x17, Buffer.from('240203040506Z')),
    sequence(objectId('1.3.6.1.4.1.311.12.1.2'), nothing),
    sequence(...members.map(makeMember)),
    der(
      0xa0,
      sequence(
        sequence(objectId(Oid.catalogNameValue), octets(nameValue('HWID1', 'pci\\ven_8086&dev_15b7'))),
      ),
    ),
  );
}

function makeSigner(
  signer: Identity,
  hash: Hash,
  contentType: string,
  covered: Uint8Array,
  more: readonly Buffer[] = [],
  unsigned: (signature: Buffer) => readonly Buffer[] = () => [],
): Buffer {
  const attributes = [
    attribute(Oid.contentType, objectId(contentType)),
    attribute(Oid.messageDigest, octets(createHash(hash).update(covered).digest())),
    ...more,
  ].sort((a, b) => a.compare(b));
  const signature = sign(hash, set(...attributes), signer.key);
  const others = unsigned(signature);
  return sequence(
    small(1),
    sequence(signer.issuer, signer.serial),
    algorithm(hash),
    der(0xa0, ...attributes),
    signer.key.asymmetricKeyType === 'ec'
      ? signatureAlgorithm(signer.key, hash)
      : sequence(objectId(Oid.rsaKey), nothing),
    octets(signature),
    ...(others.length === 0 ? [] : [der(0xa1, ...others)]),
  );
}

function makeMessage(
  contentType: string,
  content: Buffer,
  certificates: readonly Identity[],
  signers: readonly Buffer[],
  hash: Hash,
): Buffer {
  return sequence(
    objectId(Oid.signedData),
    der(
      0xa0,
      sequence(
        small(1),
        set(algorithm(hash)),
        sequence(objectId(contentType), der(0xa0, content)),
        ...(certificates.length === 0 ? [] : [der(0xa0, ...certificates.map((one) => one.certificate))]),
        set(...signers),
      ),
    ),
  );
}

function makeStamp({ by, at, kind, wrong }: StampToMake, signature: Buffer): Buffer {
  const covered = wrong === true ? Buffer.from('another signature') : signature;
  if (kind === 'countersignature')
    return attribute(
      Oid.counterSignature,
      makeSigner(by, 'sha256', Oid.data, covered, [attribute(Oid.signingTime, time(at))]),
    );
  const info = sequence(
    small(1),
    objectId('1.2.3.4.1'),
    sequence(algorithm('sha256'), octets(createHash('sha256').update(covered).digest())),
    small(9),
    time(at),
  );
  const signer = makeSigner(by, 'sha256', Oid.timeStampInfo, info);
  return attribute(
    Oid.timeStampToken,
    makeMessage(Oid.timeStampInfo, octets(info), [by], [signer], 'sha256'),
  );
}

export function makeCatalog({
  members,
  signer,
  hash = 'sha256',
  certificates,
  stamp,
  nested,
}: CatalogToMake): Uint8Array {
  const list = makeList(members);
  // What is covered is the content of the list's element.
  const header = list[1] < 0x80 ? 2 : 2 + (list[1] & 0x7f);
  const signers =
    signer === undefined
      ? []
      : [
          makeSigner(signer, hash, Oid.trustList, list.subarray(header), [], (signature) => [
            ...(stamp === undefined ? [] : [makeStamp(stamp, signature)]),
            ...(nested === undefined ? [] : [attribute(Oid.nestedSignature, nested)]),
          ]),
        ];
  const held = certificates ?? (signer === undefined ? [] : [signer]);
  return new Uint8Array(makeMessage(Oid.trustList, list, held, signers, hash));
}

/** A root, an authority below it, and who signs, as Microsoft's hardware program has them. */
export function makeHierarchy(options: CertificateOptions = {}) {
  const root = makeIdentity('Test Root', { authority: true, from: '2000-01-01' });
  const authority = makeIdentity('Test Driver CA', { issuer: root, authority: true, from: '2000-01-01' });
  const publisher = makeIdentity('Test Hardware Publisher', {
    issuer: authority,
    purposes: [Purpose.codeSigning, Purpose.hardwareDriver],
    ...options,
  });
  return { root, authority, publisher };
}
