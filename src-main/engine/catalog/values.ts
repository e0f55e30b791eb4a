import {
  BmpString,
  fromBER,
  GeneralizedTime,
  UniversalString,
  UTCTime,
  Utf8String,
  type AsnType,
} from 'asn1js';
import {
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

/** Values of elements, as the ASN.1 library reads them. They are small: what is larger is not read as one value. */

const MAX_VALUE = 65_536;

function decoded(element: DerElement, field: string): AsnType {
  if (element.end - element.start > MAX_VALUE) throw malformed(element.start, 'is far too long', field);
  // The library tells most faults by its result, and throws at some.
  try {
    const { offset, result } = fromBER(encodingOf(element), {
      maxDepth: 8,
      maxNodes: 1000,
      parseEmbedded: false,
    });
    if (offset !== -1) return result;
    throw malformed(element.start, result.error, field);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw malformed(element.start, error.message, field);
  }
}

/**
 * A UTCTime or GeneralizedTime in milliseconds since 1970.
 * @throws FormatError `catalog/malformed`
 */
export function timeOf(element: DerElement | undefined, field: string, within: DerElement): number {
  if (element === undefined) throw malformed(within.start, 'is missing', field);
  const value = decoded(element, field);
  if (!(value instanceof UTCTime || value instanceof GeneralizedTime))
    throw malformed(element.start, 'is not a time', field);
  const time = value.toDate().getTime();
  if (!Number.isFinite(time)) throw malformed(element.start, 'is not a time', field);
  return time;
}

/**
 * Text of any of ASN.1's kinds of string.
 * @throws FormatError `catalog/malformed`
 */
export function textOf(element: DerElement, field: string): string {
  const value = decoded(element, field);
  if (value instanceof Utf8String || value instanceof BmpString || value instanceof UniversalString)
    return value.valueBlock.value;
  // PrintableString, IA5String, TeletexString as Latin-1, which is what all of them hold in certificates.
  return latin1(contentOf(element));
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** UTF-16LE up to its first NUL, as catalogs keep their names and values. */
export function utf16Text(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index + 1 < bytes.length; index += 2) {
    const unit = bytes[index] | (bytes[index + 1] << 8);
    if (unit === 0) break;
    text += String.fromCharCode(unit);
  }
  return text;
}

/** The name of a person or body in a certificate: its common name, else its organisational unit or organisation. */
export function commonNameOf(name: DerElement): string {
  const found = new Map<string, string>();
  for (const relative of childrenOf(name)) {
    for (const pair of childrenOf(relative)) {
      const [type, value] = childrenOf(pair);
      const objectId = objectIdOf(expectTag(type, Tag.objectId, 'type', pair));
      if (value !== undefined && namePreference.includes(objectId) && !found.has(objectId))
        found.set(objectId, textOf(value, 'name'));
    }
  }
  for (const objectId of namePreference) {
    const text = found.get(objectId);
    if (text !== undefined && text !== '') return text;
  }
  return '(no name)';
}

const namePreference: readonly string[] = [Oid.commonName, Oid.organizationalUnit, Oid.organization];

/** Small non-negative INTEGER; undefined for one that is negative or beyond 2^31. */
export function smallInteger(element: DerElement): number | undefined {
  const bytes = contentOf(element);
  if (element.tag !== Tag.integer || bytes.length === 0 || bytes.length > 4 || bytes[0] >= 0x80)
    return undefined;
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  return value;
}

export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
