import {
  algorithmOf,
  checkedElement,
  childrenOf,
  contentOf,
  encodingOf,
  expectTag,
  malformed,
  objectIdOf,
  Tag,
  type DerElement,
} from './der';
import { Oid } from './objectIds';
import { commonNameOf, hexOf, smallInteger, timeOf } from './values';

/** What is needed of an X.509 certificate (RFC 5280). Names are kept as encoded, which is how they are compared. */
export interface Certificate {
  readonly encoded: Uint8Array;
  /** What the issuer signed. */
  readonly signedBytes: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  readonly serial: string;
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly issuerName: string;
  /** Milliseconds since 1970. */
  readonly validFrom: number;
  readonly validUntil: number;
  /** SubjectPublicKeyInfo. */
  readonly key: Uint8Array;
  readonly keyAlgorithm: string;
  readonly keyIdentifier?: string;
  readonly issuerKeyIdentifier?: string;
  /** It may issue certificates, at most so many below it. */
  readonly authority: boolean;
  readonly pathLength?: number;
  /** What it may be used for; absent where it says nothing. */
  readonly purposes?: ReadonlySet<string>;
}

/**
 * @param bytes DER of one certificate
 * @throws FormatError `catalog/malformed`
 */
export function parseCertificate(bytes: Uint8Array): Certificate {
  const certificate = checkedElement(bytes);
  const [body, algorithm, signature] = childrenOf(
    expectTag(certificate, Tag.sequence, 'certificate', certificate),
  );
  const fields = childrenOf(expectTag(body, Tag.sequence, 'certificate', certificate));
  let index = fields[0]?.tag === Tag.context(0) ? 1 : 0;
  const serial = expectTag(fields[index++], Tag.integer, 'serial number', certificate);
  index++;
  const issuer = expectTag(fields[index++], Tag.sequence, 'issuer', certificate);
  const [from, until] = childrenOf(expectTag(fields[index++], Tag.sequence, 'validity', certificate));
  const subject = expectTag(fields[index++], Tag.sequence, 'subject', certificate);
  const key = expectTag(fields[index++], Tag.sequence, 'public key', certificate);
  const [keyAlgorithm] = childrenOf(key);
  const extensions = fields.slice(index).find(({ tag }) => tag === Tag.context(3));
  return {
    encoded: encodingOf(certificate),
    signedBytes: encodingOf(body),
    signatureAlgorithm: algorithmOf(expectTag(algorithm, Tag.sequence, 'signature algorithm', certificate)),
    signature: bitsOf(expectTag(signature, Tag.bitString, 'signature', certificate)),
    serial: hexOf(contentOf(serial)),
    issuer: hexOf(encodingOf(issuer)),
    subject: hexOf(encodingOf(subject)),
    name: commonNameOf(subject),
    issuerName: commonNameOf(issuer),
    validFrom: timeOf(from, 'valid from', certificate),
    validUntil: timeOf(until, 'valid until', certificate),
    key: encodingOf(key),
    keyAlgorithm: algorithmOf(expectTag(keyAlgorithm, Tag.sequence, 'kind of key', certificate)),
    ...readExtensions(extensions),
  };
}

function bitsOf(element: DerElement): Uint8Array {
  const content = contentOf(element);
  if (content.length === 0 || content[0] !== 0)
    throw malformed(element.start, 'is no whole number of bytes', 'signature');
  return content.subarray(1);
}

type ExtensionFacts = Pick<
  Certificate,
  'keyIdentifier' | 'issuerKeyIdentifier' | 'authority' | 'pathLength' | 'purposes'
>;

function readExtensions(holder: DerElement | undefined): ExtensionFacts {
  const values = new Map<string, DerElement>();
  const [list] = holder === undefined ? [] : childrenOf(holder);
  for (const extension of list === undefined ? [] : childrenOf(list)) {
    const fields = childrenOf(expectTag(extension, Tag.sequence, 'extension', extension));
    const type = objectIdOf(expectTag(fields[0], Tag.objectId, 'extension type', extension));
    const value = expectTag(fields.at(-1), Tag.octetString, 'extension value', extension);
    if (values.has(type)) throw malformed(extension.start, 'is there twice', `extension ${type}`);
    if (read.has(type)) values.set(type, checkedElement(contentOf(value)));
  }
  const constraints = values.get(Oid.basicConstraints);
  const [isAuthority, length] = constraints === undefined ? [] : childrenOf(constraints);
  // Bit 5 of the key usage, keyCertSign: the sixth from the left.
  const usage = values.get(Oid.keyUsage);
  const usageBits = usage === undefined ? undefined : contentOf(usage);
  const signsCertificates = usageBits === undefined || ((usageBits[1] ?? 0) & 0x04) !== 0;
  const isTrue = isAuthority?.tag === Tag.boolean && contentOf(isAuthority)[0] !== 0;
  const pathLength = length === undefined ? undefined : smallInteger(length);
  const purposes = values.get(Oid.extendedKeyUsage);
  const own = values.get(Oid.subjectKeyIdentifier);
  const authority = values.get(Oid.authorityKeyIdentifier);
  const issuerKey =
    authority === undefined ? undefined : childrenOf(authority).find(({ tag }) => tag === 0x80);
  return {
    authority: isTrue && signsCertificates,
    ...(pathLength === undefined ? {} : { pathLength }),
    ...(purposes === undefined ? {} : { purposes: new Set(childrenOf(purposes).map(objectIdOf)) }),
    ...(own === undefined ? {} : { keyIdentifier: hexOf(contentOf(own)) }),
    ...(issuerKey === undefined ? {} : { issuerKeyIdentifier: hexOf(contentOf(issuerKey)) }),
  };
}

const read: ReadonlySet<string> = new Set([
  Oid.basicConstraints,
  Oid.keyUsage,
  Oid.extendedKeyUsage,
  Oid.subjectKeyIdentifier,
  Oid.authorityKeyIdentifier,
]);
