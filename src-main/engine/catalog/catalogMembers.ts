import type { HashName } from '../os';
import {
  algorithmOf,
  childrenOf,
  contentOf,
  expectTag,
  malformed,
  objectIdOf,
  Tag,
  type DerElement,
} from './der';
import { hashOfAlgorithm, Oid } from './objectIds';
import { hexOf, timeOf, utf16Text } from './values';

/** How a member's file was hashed. 'flat': all its bytes; 'pe' and 'cab': without its own signature (Authenticode). */
export type MemberKind = 'flat' | 'pe' | 'cab';

/** A file that a catalog vouches for. */
export interface CatalogMember {
  /** What the catalog calls it: nearly always its hash in hexadecimal digits, capital. */
  readonly tag: string;
  readonly kind: MemberKind;
  readonly algorithm: HashName;
  /** Lower-case hexadecimal digits. */
  readonly hash: string;
  /** Name of the file, from the attribute "File". */
  readonly file?: string;
  /** Which Windows it is for, from the attribute "OSAttr": '2:5.1,2:6.0'. */
  readonly osAttributes?: string;
  /** All name/value attributes. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** A catalog's list: what was signed. */
export interface CatalogList {
  readonly members: readonly CatalogMember[];
  /** Name/value attributes of the whole catalog: 'HWID1', 'OS'. */
  readonly attributes: ReadonlyMap<string, string>;
  /** When the list was made, by itself; milliseconds since 1970. */
  readonly madeAt: number;
}

/** Subject types of CAT_MEMBERINFO (mscat.h, wintrust.h) whose hash is not that of all bytes. */
const subjectKinds: ReadonlyMap<string, MemberKind> = new Map<string, MemberKind>([
  ['{c689aab8-8e78-11d0-8c47-00c04fc295ee}', 'pe'],
  ['{c689aaba-8e78-11d0-8c47-00c04fc295ee}', 'cab'],
]);

/**
 * Reads a CertificateTrustList as catalogs have it (CTL_INFO of wincrypt.h): usage,
 * list identifier, sequence number, times, algorithm, members, extensions.
 * @param content element that was signed, nesting checked
 * @throws FormatError `catalog/malformed`
 */
export function parseCatalogList(content: DerElement): CatalogList {
  const fields = childrenOf(expectTag(content, Tag.sequence, 'trust list', content));
  let index = 0;
  expectTag(fields[index++], Tag.sequence, 'usage', content);
  if (fields[index]?.tag === Tag.octetString) index++;
  if (fields[index]?.tag === Tag.integer) index++;
  const madeAt = timeOf(fields[index++], 'time of the list', content);
  if (fields[index]?.tag === Tag.utcTime || fields[index]?.tag === Tag.generalizedTime) index++;
  expectTag(fields[index++], Tag.sequence, 'algorithm of the list', content);
  const members: CatalogMember[] = [];
  if (fields[index]?.tag === Tag.sequence) {
    for (const subject of childrenOf(fields[index++])) {
      const member = parseMember(subject);
      if (member !== undefined) members.push(member);
    }
  }
  const attributes = new Map<string, string>();
  const extensions = fields[index];
  if (extensions?.tag === Tag.context(0)) {
    const [list] = childrenOf(extensions);
    for (const extension of childrenOf(expectTag(list, Tag.sequence, 'extensions', extensions)))
      readExtension(extension, attributes);
  }
  return { members, attributes, madeAt };
}

/** A member; undefined for one whose hash nobody can check here (an unknown algorithm, or a name without a hash). */
function parseMember(subject: DerElement): CatalogMember | undefined {
  const [identifier, attributeSet] = childrenOf(expectTag(subject, Tag.sequence, 'member', subject));
  const tagBytes = contentOf(expectTag(identifier, Tag.octetString, 'member tag', subject));
  const attributes = new Map<string, string>();
  let hash: MemberHash | undefined;
  let subjectKind: MemberKind | undefined;
  if (attributeSet !== undefined) {
    for (const attribute of childrenOf(expectTag(attributeSet, Tag.set, 'member attributes', subject))) {
      const [type, values] = childrenOf(expectTag(attribute, Tag.sequence, 'member attribute', subject));
      const objectId = objectIdOf(expectTag(type, Tag.objectId, 'attribute type', attribute));
      const [value] = childrenOf(expectTag(values, Tag.set, 'attribute values', attribute));
      if (value === undefined) continue;
      if (objectId === Oid.catalogNameValue) readNameValue(value, attributes);
      else if (objectId === Oid.catalogMemberInfo) subjectKind = subjectKindOf(value);
      else if (objectId === Oid.indirectData) hash = readIndirectData(value);
    }
  }
  const found = hash ?? hashInTag(tagBytes);
  if (found === undefined) return undefined;
  const file = valueNamed(attributes, 'file');
  const osAttributes = valueNamed(attributes, 'osattr');
  return {
    tag: tagText(tagBytes),
    kind: found.pe ? 'pe' : (subjectKind ?? 'flat'),
    algorithm: found.algorithm,
    hash: hexOf(found.hash),
    ...(file === undefined ? {} : { file }),
    ...(osAttributes === undefined ? {} : { osAttributes }),
    attributes,
  };
}

interface MemberHash {
  readonly algorithm: HashName;
  readonly hash: Uint8Array;
  readonly pe: boolean;
}

/** SpcIndirectDataContent: what the hash is of, then the hash. */
function readIndirectData(value: DerElement): MemberHash | undefined {
  const [data, digestInfo] = childrenOf(expectTag(value, Tag.sequence, 'indirect data', value));
  const type = algorithmOf(expectTag(data, Tag.sequence, 'kind of hash', value));
  const [algorithmField, digest] = childrenOf(expectTag(digestInfo, Tag.sequence, 'hash', value));
  const algorithm = hashOfAlgorithm(
    algorithmOf(expectTag(algorithmField, Tag.sequence, 'hash algorithm', value)),
  );
  const hash = contentOf(expectTag(digest, Tag.octetString, 'hash', value));
  if (algorithm === undefined) return undefined;
  if (hash.length !== hashLength[algorithm])
    throw malformed(value.start, `a ${algorithm} hash of ${hash.length} bytes`, 'hash');
  return { algorithm, hash, pe: type === Oid.peImageData };
}

const hashLength: Readonly<Record<HashName, number>> = {
  md5: 16,
  sha1: 20,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

/** Members without SpcIndirectData are known by their tag alone: a hash as text, or as bytes (catalogs of version 2). */
function hashInTag(tag: Uint8Array): MemberHash | undefined {
  const text = utf16Text(tag);
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text)) {
    const hash = new Uint8Array(text.length / 2);
    for (let index = 0; index < hash.length; index++)
      hash[index] = Number.parseInt(text.slice(2 * index, 2 * index + 2), 16);
    return { algorithm: hash.length === 20 ? 'sha1' : 'sha256', hash, pe: false };
  }
  if (tag.length === 20) return { algorithm: 'sha1', hash: tag, pe: false };
  if (tag.length === 32) return { algorithm: 'sha256', hash: tag, pe: false };
  return undefined;
}

/** UTF-16 text as it is, raw bytes as hexadecimal digits. */
function tagText(tag: Uint8Array): string {
  const text = utf16Text(tag);
  return /^[\x20-\x7e]+$/.test(text) && tag.length >= 2 * text.length && text.length > tag.length / 2 - 2
    ? text
    : hexOf(tag).toUpperCase();
}

function subjectKindOf(value: DerElement): MemberKind | undefined {
  const [identifier] = childrenOf(expectTag(value, Tag.sequence, 'member information', value));
  if (identifier?.tag !== Tag.bmpString) return undefined;
  return subjectKinds.get(bigEndianText(contentOf(identifier)).toLowerCase());
}

/** NameValue: name as BMPString, flags, value as UTF-16LE in an OCTET STRING. */
function readNameValue(value: DerElement, into: Map<string, string>): void {
  const [name, , text] = childrenOf(expectTag(value, Tag.sequence, 'attribute', value));
  const key = bigEndianText(contentOf(expectTag(name, Tag.bmpString, 'attribute name', value)));
  into.set(key, utf16Text(contentOf(expectTag(text, Tag.octetString, 'attribute value', value))));
}

function readExtension(extension: DerElement, into: Map<string, string>): void {
  const fields = childrenOf(expectTag(extension, Tag.sequence, 'extension', extension));
  const type = objectIdOf(expectTag(fields[0], Tag.objectId, 'extension type', extension));
  if (type !== Oid.catalogNameValue) return;
  const holder = expectTag(fields.at(-1), Tag.octetString, 'extension value', extension);
  const [value] = childrenOf(holder);
  if (value !== undefined) readNameValue(value, into);
}

/** The library's BMPString takes 5 µs; catalogs have four a member. */
function bigEndianText(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index + 1 < bytes.length; index += 2)
    text += String.fromCharCode((bytes[index] << 8) | bytes[index + 1]);
  return text;
}

function valueNamed(attributes: ReadonlyMap<string, string>, name: string): string | undefined {
  for (const [key, value] of attributes) if (key.toLowerCase() === name) return value;
  return undefined;
}
