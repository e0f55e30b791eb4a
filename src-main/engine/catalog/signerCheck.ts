import { bytesEqual } from '../binary/bytesEqual';
import type { HashName } from '../os';
import type { Certificate } from './certificate';
import { contentOf, encodingOf, objectIdOf, Tag, type DerElement } from './der';
import { hashOfAlgorithm, Oid } from './objectIds';
import type { SignerInfo } from './signedData';
import { verifySignature, type Trust } from './trust';
import { hexOf } from './values';

/** Whether a signature is that of its signer over this content. */
export type SignerCheck =
  | { readonly valid: true; readonly signer: Certificate; readonly hash: HashName }
  | {
      readonly valid: false;
      /** 'content': what was signed has changed. 'signature': the signature does not fit. 'unknown': it cannot be checked. */
      readonly fault: 'content' | 'signature' | 'unknown';
      readonly problem: string;
      readonly signer?: Certificate;
    };

/**
 * Checks a SignerInfo (RFC 5652, 5.4 and 5.6): the hash of the content against the signed attributes, and the signature
 * over them.
 * @param content bytes that were hashed: the content's own, without tag and length
 */
export function checkSigner(
  trust: Trust,
  info: SignerInfo,
  pool: readonly Certificate[],
  contentType: string,
  content: Uint8Array,
): SignerCheck {
  const signer = pool.find((certificate) => isSigner(certificate, info));
  const about = signer === undefined ? {} : { signer };
  const hash = hashOfAlgorithm(info.digestAlgorithm);
  if (hash === undefined)
    return { valid: false, fault: 'unknown', problem: `it uses the hash ${info.digestAlgorithm}`, ...about };
  if (info.signed !== undefined) {
    const fault = faultOfAttributes(trust, info, contentType, content, hash);
    if (fault !== undefined) return { valid: false, fault: 'content', problem: fault, ...about };
  } else if (contentType !== Oid.data) {
    // RFC 5652, 5.3: without signed attributes only plain data can be told from other content.
    return { valid: false, fault: 'unknown', problem: 'it signs no attributes', ...about };
  }
  if (signer === undefined)
    return { valid: false, fault: 'unknown', problem: 'the certificate of who signed is not in it' };
  // RSA signatures name the key's algorithm here as often as the signature's: the hash is the one of the attributes.
  const signatureHash = hashOfAlgorithm(info.signatureAlgorithm);
  if (
    signatureHash === undefined &&
    info.signatureAlgorithm !== Oid.rsaKey &&
    info.signatureAlgorithm !== Oid.ecKey
  )
    return {
      valid: false,
      fault: 'unknown',
      problem: `it uses the signature ${info.signatureAlgorithm}`,
      signer,
    };
  const algorithm = signatureHash === undefined ? info.digestAlgorithm : info.signatureAlgorithm;
  const data = info.signedBytes ?? content;
  if (!verifySignature(trust.crypto, signer, algorithm, data, info.signature))
    return { valid: false, fault: 'signature', problem: `it is not by the key of ${signer.name}`, signer };
  return { valid: true, signer, hash };
}

function isSigner(certificate: Certificate, info: SignerInfo): boolean {
  const { identifier } = info;
  if ('keyIdentifier' in identifier) return certificate.keyIdentifier === hexOf(identifier.keyIdentifier);
  return certificate.serial === hexOf(identifier.serial) && certificate.issuer === hexOf(identifier.issuer);
}

function faultOfAttributes(
  trust: Trust,
  info: SignerInfo,
  contentType: string,
  content: Uint8Array,
  hash: HashName,
): string | undefined {
  const type = only(info, Oid.contentType);
  if (type?.tag !== Tag.objectId || objectIdOf(type) !== contentType)
    return 'the signed kind of content is another one';
  const digest = only(info, Oid.messageDigest);
  if (digest?.tag !== Tag.octetString) return 'it holds no hash of what was signed';
  if (!bytesEqual(contentOf(digest), trust.crypto.digest(hash, content)))
    return 'what was signed has been changed since';
  return undefined;
}

/** The value of a signed attribute that must have exactly one. */
export function only(info: SignerInfo, objectId: string): DerElement | undefined {
  const values = info.signed?.get(objectId);
  return values?.length === 1 ? values[0] : undefined;
}

/** Bytes that a signature over `content` covers: its content octets, whatever its tag (PKCS #7, 9.3). */
export function coveredBytes(content: DerElement): Uint8Array {
  return contentOf(content);
}

/** The whole element, for comparing the contents of two messages. */
export function sameContent(a: DerElement | undefined, b: DerElement | undefined): boolean {
  return a !== undefined && b !== undefined && bytesEqual(encodingOf(a), encodingOf(b));
}
