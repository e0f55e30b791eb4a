import { FormatError } from '../../../src-shared/errors/appError';
import type { Crypto } from '../os';
import { parseCertificate, type Certificate } from './certificate';
import { microsoftRoots, type KnownRoot } from './microsoftRoots';
import { hashOfAlgorithm, Oid } from './objectIds';
import { hexOf } from './values';

/** Longest chain that is followed. Windows' own have three or four. */
const MAX_CHAIN = 10;
/** Steps taken to find one chain: certificates that all name each other must not take for ever. */
const MAX_STEPS = 100;
/** A SubjectPublicKeyInfo of RSA with 8192 bits has 1,062 bytes; checking with larger keys would take too long. */
const MAX_KEY_BYTES = 1100;
const MAX_KEPT = 2000;

/** Certificates of a chain, from the signer's issuer upwards. */
export interface Chain {
  readonly issuers: readonly Certificate[];
  /** The root that it ends at, where that is one of the known ones; it is the last of {@link issuers}. */
  readonly root?: KnownRoot;
  /** Its last certificate is its own issuer. */
  readonly selfSigned: boolean;
}

/**
 * Verifies certificates against roots, and keeps what it has verified: the catalogs of a heap of drivers share few
 * certificates. Revocation is not looked at: that needs the network.
 */
export interface Trust {
  readonly crypto: Crypto;
  /** A certificate; undefined for one that cannot be read. */
  certificate(encoded: Uint8Array): Certificate | undefined;
  /**
   * The chain of a certificate, every link's signature checked: one that ends at a known root, else the longest.
   * @param at time at which its certificates should be valid: such a chain comes first; ms since 1970
   */
  chainOf(certificate: Certificate, pool: readonly Certificate[], at: number): Chain;
}

/** @param roots the roots that count; Microsoft's own unless a test brings others */
export function createTrust(crypto: Crypto, roots: readonly KnownRoot[] = microsoftRoots): Trust {
  const parsed = new Map<string, Certificate | undefined>();
  const links = new Map<string, boolean>();
  const known = roots.map((root) => ({ root, certificate: parseCertificate(base64Bytes(root.certificate)) }));
  const thumbprint = (certificate: Certificate): string => hexOf(crypto.digest('sha1', certificate.encoded));
  for (const { root, certificate } of known)
    if (thumbprint(certificate) !== root.thumbprint)
      throw new Error(`the thumbprint of ${root.name} is not that of its certificate`);
  const anchors = known.map(({ certificate }) => certificate);
  const keys = new WeakMap<Certificate, string>();

  /** Certificates by what they are, not by who they say to be. */
  const keyOf = (certificate: Certificate): string => {
    const kept = keys.get(certificate);
    if (kept !== undefined) return kept;
    const key = hexOf(crypto.digest('sha256', certificate.encoded));
    keys.set(certificate, key);
    return key;
  };

  const issued = (issuer: Certificate, certificate: Certificate): boolean => {
    const link = `${keyOf(issuer)}${keyOf(certificate)}`;
    const kept = links.get(link);
    if (kept !== undefined) return kept;
    const valid = verifySignature(
      crypto,
      issuer,
      certificate.signatureAlgorithm,
      certificate.signedBytes,
      certificate.signature,
    );
    if (links.size >= MAX_KEPT) links.clear();
    links.set(link, valid);
    return valid;
  };

  const follow = (
    certificate: Certificate,
    pool: readonly Certificate[],
    at: number,
    issuers: readonly Certificate[],
    budget: { left: number },
  ): Chain => {
    for (const { root, certificate: anchor } of known)
      if (keyOf(anchor) === keyOf(certificate)) return { issuers, root, selfSigned: true };
    const selfSigned = certificate.subject === certificate.issuer;
    let best: Chain = { issuers, selfSigned };
    if (selfSigned || issuers.length === MAX_CHAIN) return best;
    for (const candidate of issuersFirst(certificate, [...anchors, ...pool])) {
      if (issuers.includes(candidate)) continue;
      if (!anchors.includes(candidate) && !mayIssue(candidate, issuers.length)) continue;
      if (budget.left-- <= 0) break;
      if (!issued(candidate, certificate)) continue;
      const chain = follow(candidate, pool, at, [...issuers, candidate], budget);
      if (worth(chain, at) > worth(best, at)) best = chain;
      if (worth(best, at) >= KNOWN_AND_VALID) break;
    }
    return best;
  };

  return {
    crypto,
    certificate(encoded) {
      const key = hexOf(crypto.digest('sha256', encoded));
      if (parsed.has(key)) return parsed.get(key);
      if (parsed.size >= MAX_KEPT) parsed.clear();
      const certificate = readable(encoded);
      parsed.set(key, certificate);
      return certificate;
    },
    chainOf: (certificate, pool, at) => follow(certificate, pool, at, [], { left: MAX_STEPS }),
  };
}

const KNOWN = 100;
const KNOWN_AND_VALID = 200;

function worth(chain: Chain, at: number): number {
  if (chain.root === undefined) return chain.issuers.length;
  return chain.issuers.every((issuer) => isValidAt(issuer, at)) ? KNOWN_AND_VALID : KNOWN;
}

export function isValidAt(certificate: Certificate, at: number): boolean {
  return certificate.validFrom <= at && at <= certificate.validUntil;
}

/** Certificates with the issuer's name, those with the key that the certificate names first. */
function issuersFirst(certificate: Certificate, pool: readonly Certificate[]): readonly Certificate[] {
  const named = pool.filter(({ subject }) => subject === certificate.issuer);
  if (certificate.issuerKeyIdentifier === undefined || named.length < 2) return named;
  const hasKey = (candidate: Certificate): boolean =>
    candidate.keyIdentifier === certificate.issuerKeyIdentifier;
  return [...named.filter(hasKey), ...named.filter((candidate) => !hasKey(candidate))];
}

/** @param below certificates between it and the signer's */
function mayIssue(candidate: Certificate, below: number): boolean {
  return candidate.authority && (candidate.pathLength === undefined || candidate.pathLength >= below);
}

/**
 * Whether a signature is that of a certificate's key. Keys of other kinds than RSA and ECDSA, and MD5, prove nothing.
 * @param algorithm identifier of the signature's algorithm, or of its hash
 */
export function verifySignature(
  crypto: Crypto,
  signer: Certificate,
  algorithm: string,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  const hash = hashOfAlgorithm(algorithm);
  const usable = signer.keyAlgorithm === Oid.rsaKey || signer.keyAlgorithm === Oid.ecKey;
  if (signer.key.length > MAX_KEY_BYTES) return false;
  return hash !== undefined && usable && crypto.verify(hash, signer.key, data, signature);
}

/** A message may hold certificates that cannot be read; they are as good as none. */
function readable(encoded: Uint8Array): Certificate | undefined {
  try {
    return parseCertificate(encoded);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64Bytes(text: string): Uint8Array {
  const digits = text.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let length = 0;
  let index = 0;
  for (const digit of digits) {
    bits = ((bits << 6) | BASE64.indexOf(digit)) & 0xffff;
    length += 6;
    if (length < 8) continue;
    length -= 8;
    bytes[index++] = (bits >> length) & 0xff;
  }
  return bytes;
}
