import { parseCatalogList, type CatalogList } from './catalogMembers';
import { checkedElement, contentOf, malformed, Tag, type DerElement } from './der';
import { Oid } from './objectIds';
import { parseSignedMessage, type SignedData } from './signedData';

/** Largest catalog that is read, bytes. Windows' own largest have a few MB. */
export const MAX_CATALOG_BYTES = 64 << 20;

/** A security catalog: a list of hashes, and who signed it. Nothing is verified by reading it: see judgeSignature. */
export interface Catalog extends CatalogList {
  /** Name of its file, for messages. */
  readonly label: string;
  readonly message: SignedData;
  /** Bytes that its signatures cover. */
  readonly signedContent: Uint8Array;
}

/**
 * Reads a catalog file (.cat): PKCS #7 signed data (RFC 2315) around a certificate trust list.
 * @param bytes the whole file; views into it are kept
 * @throws FormatError `catalog/malformed`
 */
export function parseCatalog(bytes: Uint8Array, label: string): Catalog {
  if (bytes.length === 0) throw malformed(0, 'the file is empty');
  if (bytes.length > MAX_CATALOG_BYTES)
    throw malformed(0, `${bytes.length} bytes are more than a catalog can have (${MAX_CATALOG_BYTES})`);
  const message = parseSignedMessage(bytes);
  if (message.contentType !== Oid.trustList || message.content === undefined)
    throw malformed(0, `it is signed data, but no catalog: its content is ${message.contentType}`);
  return {
    label,
    message,
    signedContent: contentOf(message.content),
    ...parseCatalogList(listIn(message.content)),
  };
}

/** PKCS #7 holds the list itself, CMS in an OCTET STRING. */
function listIn(content: DerElement): DerElement {
  return content.tag === Tag.octetString ? checkedElement(contentOf(content)) : content;
}
