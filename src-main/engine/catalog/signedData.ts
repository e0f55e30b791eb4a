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

/** Most certificates in one message; real ones hold fewer than ten. */
const MAX_CERTIFICATES = 100;
const MAX_SIGNERS = 16;

/** Values of a signer's attributes by their type. */
export type SignerAttributes = ReadonlyMap<string, readonly DerElement[]>;

/** SignerInfo of PKCS #7 and CMS (RFC 5652, 5.3). */
export interface SignerInfo {
  /** Who signed: issuer and serial number as encoded, or the key identifier. */
  readonly identifier:
    { readonly issuer: Uint8Array; readonly serial: Uint8Array } | { readonly keyIdentifier: Uint8Array };
  readonly digestAlgorithm: string;
  readonly signed: SignerAttributes | undefined;
  /** Signed attributes as they were signed: under the tag of a SET. */
  readonly signedBytes: Uint8Array | undefined;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  readonly unsigned: SignerAttributes;
}

/** SignedData of PKCS #7 and CMS. */
export interface SignedData {
  readonly contentType: string;
  /** The signed element; undefined where the content is not in the message. */
  readonly content: DerElement | undefined;
  /** Encoded certificates. */
  readonly certificates: readonly Uint8Array[];
  readonly signers: readonly SignerInfo[];
}

/**
 * Reads a ContentInfo that holds SignedData.
 * @throws FormatError `catalog/malformed`
 */
export function parseSignedMessage(bytes: Uint8Array): SignedData {
  return readMessage(checkedElement(bytes));
}

/** Like {@link parseSignedMessage}, of an element whose nesting is checked. */
export function readMessage(message: DerElement): SignedData {
  const [type, holder] = childrenOf(expectTag(message, Tag.sequence, 'message', message));
  const objectId = objectIdOf(expectTag(type, Tag.objectId, 'type of the message', message));
  if (objectId !== Oid.signedData)
    throw malformed(message.start, `is ${objectId}, which is not signed data`, 'type of the message');
  const [signedData] = childrenOf(expectTag(holder, Tag.context(0), 'signed data', message));
  const fields = childrenOf(expectTag(signedData, Tag.sequence, 'signed data', message));
  expectTag(fields[0], Tag.integer, 'version', message);
  expectTag(fields[1], Tag.set, 'hash algorithms', message);
  const contentInfo = expectTag(fields[2], Tag.sequence, 'content', message);
  const [contentType, contentHolder] = childrenOf(contentInfo);
  const content =
    contentHolder === undefined
      ? undefined
      : childrenOf(expectTag(contentHolder, Tag.context(0), 'content', contentInfo))[0];
  let index = 3;
  const certificates: Uint8Array[] = [];
  if (fields[index]?.tag === Tag.context(0)) {
    const choices = childrenOf(fields[index++]).filter(({ tag }) => tag === Tag.sequence);
    if (choices.length > MAX_CERTIFICATES)
      throw malformed(message.start, `${choices.length} certificates`, 'certificates');
    certificates.push(...choices.map(encodingOf));
  }
  if (fields[index]?.tag === Tag.context(1)) index++;
  const signers = childrenOf(expectTag(fields[index], Tag.set, 'signers', message));
  if (signers.length > MAX_SIGNERS) throw malformed(message.start, `${signers.length} signers`, 'signers');
  return {
    contentType: objectIdOf(expectTag(contentType, Tag.objectId, 'type of the content', contentInfo)),
    content,
    certificates,
    signers: signers.map(readSigner),
  };
}

/**
 * Reads a SignerInfo.
 * @throws FormatError `catalog/malformed`
 */
export function readSigner(signer: DerElement): SignerInfo {
  const fields = childrenOf(expectTag(signer, Tag.sequence, 'signer', signer));
  expectTag(fields[0], Tag.integer, 'version', signer);
  const identifier = readIdentifier(fields[1], signer);
  const digestAlgorithm = algorithmOf(expectTag(fields[2], Tag.sequence, 'hash algorithm', signer));
  let index = 3;
  let signedField: DerElement | undefined;
  if (fields[index]?.tag === Tag.context(0)) signedField = fields[index++];
  const signatureAlgorithm = algorithmOf(
    expectTag(fields[index++], Tag.sequence, 'signature algorithm', signer),
  );
  const signature = contentOf(expectTag(fields[index++], Tag.octetString, 'signature', signer));
  const unsignedField = fields[index]?.tag === Tag.context(1) ? fields[index] : undefined;
  return {
    identifier,
    digestAlgorithm,
    signed: signedField === undefined ? undefined : readAttributes(signedField),
    signedBytes: signedField === undefined ? undefined : asSet(signedField),
    signatureAlgorithm,
    signature,
    unsigned: unsignedField === undefined ? new Map<string, DerElement[]>() : readAttributes(unsignedField),
  };
}

function readIdentifier(field: DerElement | undefined, signer: DerElement): SignerInfo['identifier'] {
  // [0] IMPLICIT OCTET STRING: the key identifier, in CMS of version 3.
  if (field?.tag === 0x80) return { keyIdentifier: contentOf(field) };
  const [issuer, serial] = childrenOf(expectTag(field, Tag.sequence, 'name of the signer', signer));
  return {
    issuer: encodingOf(expectTag(issuer, Tag.sequence, 'issuer', signer)),
    serial: contentOf(expectTag(serial, Tag.integer, 'serial number', signer)),
  };
}

function readAttributes(field: DerElement): SignerAttributes {
  const attributes = new Map<string, DerElement[]>();
  for (const attribute of childrenOf(field)) {
    const [type, values] = childrenOf(expectTag(attribute, Tag.sequence, 'attribute', field));
    const objectId = objectIdOf(expectTag(type, Tag.objectId, 'attribute type', attribute));
    const found = childrenOf(expectTag(values, Tag.set, 'attribute values', attribute));
    attributes.set(objectId, [...(attributes.get(objectId) ?? []), ...found]);
  }
  return attributes;
}

/** Signed attributes are hashed as a SET, though the message has them under [0] (RFC 5652, 5.4). */
function asSet(field: DerElement): Uint8Array {
  const bytes = encodingOf(field).slice();
  bytes[0] = Tag.set;
  return bytes;
}
