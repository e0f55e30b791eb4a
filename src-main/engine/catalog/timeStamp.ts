import { bytesEqual } from '../binary/bytesEqual';
import { FormatError } from '../../../src-shared/errors/appError';
import type { Certificate } from './certificate';
import { algorithmOf, checkedElement, childrenOf, contentOf, expectTag, Tag, type DerElement } from './der';
import { hashOfAlgorithm, Oid, Purpose } from './objectIds';
import { readMessage, readSigner, type SignerInfo } from './signedData';
import { checkSigner, only } from './signerCheck';
import { isValidAt, type Trust } from './trust';
import { timeOf } from './values';

/** When a signature was there already, by a third party that signed the time. */
export interface TimeStamp {
  readonly kind: 'countersignature' | 'rfc3161';
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Name of who stamped. */
  readonly by: string;
  /** Who stamped is vouched for by a known root, with certificates that were valid at the time. */
  readonly trusted: boolean;
}

/** What the time stamps of a signature are worth: the best one, or why none counts. */
export interface TimeStampFindings {
  readonly stamp?: TimeStamp;
  readonly problems: readonly string[];
}

/**
 * Looks for time stamps among a signer's unsigned attributes: a countersignature (PKCS #9) and an RFC 3161 token, both
 * over the signature's value.
 * @param pool certificates of the message
 */
export function findTimeStamp(
  trust: Trust,
  info: SignerInfo,
  pool: readonly Certificate[],
): TimeStampFindings {
  const problems: string[] = [];
  let best: TimeStamp | undefined;
  const attempts: readonly [readonly DerElement[], (value: DerElement) => TimeStamp | string][] = [
    [info.unsigned.get(Oid.timeStampToken) ?? [], (value) => readToken(trust, value, info.signature, pool)],
    [
      info.unsigned.get(Oid.counterSignature) ?? [],
      (value) => readCounterSignature(trust, value, info.signature, pool),
    ],
  ];
  for (const [values, read] of attempts) {
    for (const value of values.slice(0, MAX_STAMPS)) {
      const found = readOrProblem(value, read);
      if (typeof found === 'string') problems.push(found);
      else if (best === undefined || (found.trusted && !best.trusted)) best = found;
    }
  }
  return best === undefined ? { problems } : { stamp: best, problems };
}

/** Time stamps of each kind that are looked at; signatures have one. */
const MAX_STAMPS = 2;

function readOrProblem(
  value: DerElement,
  read: (value: DerElement) => TimeStamp | string,
): TimeStamp | string {
  try {
    return read(value);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return error.message;
  }
}

/** PKCS #9 countersignature: a SignerInfo whose content is the signature's value. */
function readCounterSignature(
  trust: Trust,
  value: DerElement,
  signature: Uint8Array,
  pool: readonly Certificate[],
): TimeStamp | string {
  const info = readSigner(value);
  const check = checkSigner(trust, info, pool, Oid.data, signature);
  if (!check.valid) return check.problem;
  const time = only(info, Oid.signingTime);
  if (time === undefined) return 'it tells no time';
  return judged(trust, 'countersignature', timeOf(time, 'time of signing', value), check.signer, pool);
}

/** RFC 3161: a signed message whose content, TSTInfo, holds the hash of the signature's value. */
function readToken(
  trust: Trust,
  value: DerElement,
  signature: Uint8Array,
  outer: readonly Certificate[],
): TimeStamp | string {
  const message = readMessage(value);
  if (message.contentType !== Oid.timeStampInfo || message.content?.tag !== Tag.octetString)
    return 'it is no RFC 3161 token';
  const content = contentOf(message.content);
  const fields = childrenOf(expectTag(checkedElement(content), Tag.sequence, 'time stamp', value));
  const [algorithm, imprint] = childrenOf(expectTag(fields[2], Tag.sequence, 'hash', value));
  const hash = hashOfAlgorithm(algorithmOf(expectTag(algorithm, Tag.sequence, 'hash algorithm', value)));
  if (hash === undefined) return 'it uses a hash that is not known';
  const stamped = contentOf(expectTag(imprint, Tag.octetString, 'hash', value));
  if (!bytesEqual(stamped, trust.crypto.digest(hash, signature))) return 'it is for another signature';
  const at = timeOf(fields[4], 'time', value);
  const own = message.certificates
    .map((encoded) => trust.certificate(encoded))
    .filter((found) => found !== undefined);
  const pool = [...own, ...outer];
  if (message.signers.length !== 1) return `it has ${message.signers.length} signers`;
  const check = checkSigner(trust, message.signers[0], pool, Oid.timeStampInfo, content);
  if (!check.valid) return check.problem;
  return judged(trust, 'rfc3161', at, check.signer, pool);
}

function judged(
  trust: Trust,
  kind: TimeStamp['kind'],
  at: number,
  by: Certificate,
  pool: readonly Certificate[],
): TimeStamp | string {
  if (by.purposes?.has(Purpose.timeStamping) !== true)
    return `the certificate of ${by.name} is not for time stamps`;
  if (!isValidAt(by, at)) return `the certificate of ${by.name} was not valid at the time that it stamps`;
  const chain = trust.chainOf(by, pool, at);
  // Who stamped may have expired by now: that is what time stamps are for.
  const trusted = chain.root !== undefined && chain.issuers.every((issuer) => isValidAt(issuer, at));
  return { kind, at, by: by.name, trusted };
}
