import { FormatError } from '../../../src-shared/errors/appError';
import type { SignatureState } from '../../../src-shared/model/drivers';
import type { HashName } from '../os';
import type { Catalog } from './catalog';
import type { Certificate } from './certificate';
import type { KnownRoot } from './microsoftRoots';
import { hardwareProgramPurposes, Oid, Purpose, windowsPurposes } from './objectIds';
import { readMessage, type SignedData, type SignerInfo } from './signedData';
import { checkSigner, sameContent, type SignerCheck } from './signerCheck';
import { findTimeStamp, type TimeStamp } from './timeStamp';
import { isValidAt, type Chain, type Trust } from './trust';

/** Something to know of a signature. */
export interface SignatureRemark {
  readonly severity: 'error' | 'warning' | 'note';
  readonly code: 'signature-missing' | 'signature-broken' | 'signature-untrusted' | 'certificate-expired';
  readonly problem: string;
}

/** What a catalog's signature is worth, whatever became of the files that it lists. */
export interface SignatureJudgement {
  readonly state: Exclude<SignatureState, 'unchecked'>;
  readonly signer?: Certificate;
  /** From the signer's issuer upwards, as far as the certificates are at hand. */
  readonly chain: readonly Certificate[];
  readonly root?: KnownRoot;
  readonly timeStamp?: TimeStamp;
  readonly hash?: HashName;
  readonly remarks: readonly SignatureRemark[];
}

/** Best first. */
const order: readonly SignatureJudgement['state'][] = [
  'whcp',
  'inbox',
  'signed',
  'doubtful',
  'tampered',
  'unsigned',
];

/** Nested messages, and signers of each message, that are looked at; catalogs have one or two. */
const MAX_NESTED = 2;
const MAX_SIGNERS = 4;

/**
 * Judges who signed a catalog: the best of its signatures counts (a catalog may carry its vendor's beside Microsoft's).
 * @param now milliseconds since 1970: when a signature without a time stamp must be valid
 */
export function judgeSignature(catalog: Catalog, trust: Trust, now: number): SignatureJudgement {
  const { message, signedContent } = catalog;
  const [first, ...others] = signaturesOf(message).map(([holder, info]) =>
    judgeSigner(holder, info, signedContent, trust, now),
  );
  if (first === undefined) {
    const problem = 'the catalog lists files, but nobody has signed it';
    return {
      state: 'unsigned',
      chain: [],
      remarks: [{ severity: 'error', code: 'signature-missing', problem }],
    };
  }
  return others.reduce(
    (best, next) => (order.indexOf(next.state) < order.indexOf(best.state) ? next : best),
    first,
  );
}

/** Every signature over the catalog's content with the message that holds its certificates. */
function signaturesOf(message: SignedData): readonly (readonly [SignedData, SignerInfo])[] {
  const direct = message.signers.slice(0, MAX_SIGNERS).map((info) => [message, info] as const);
  const nested = message.signers
    .flatMap(({ unsigned }) => unsigned.get(Oid.nestedSignature) ?? [])
    .slice(0, MAX_NESTED)
    .flatMap((value) => {
      // What cannot be read, or signs something else, adds nothing to the signatures that can.
      try {
        const inner = readMessage(value);
        const same = inner.contentType === message.contentType && sameContent(inner.content, message.content);
        return same ? inner.signers.slice(0, MAX_SIGNERS).map((info) => [inner, info] as const) : [];
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        return [];
      }
    });
  return [...direct, ...nested];
}

function judgeSigner(
  message: SignedData,
  info: SignerInfo,
  content: Uint8Array,
  trust: Trust,
  now: number,
): SignatureJudgement {
  const pool = message.certificates
    .map((encoded) => trust.certificate(encoded))
    .filter((certificate) => certificate !== undefined);
  const check = checkSigner(trust, info, pool, message.contentType, content);
  if (!check.valid) return brokenJudgement(check);
  const { signer, hash } = check;
  const { stamp, problems } = findTimeStamp(trust, info, pool);
  const at = stamp?.at ?? now;
  const chain = trust.chainOf(signer, pool, at);
  const remarks: SignatureRemark[] = problems.map((problem) => ({
    severity: 'note',
    code: 'signature-untrusted',
    problem: `a time stamp does not count: ${problem}`,
  }));
  const facts = {
    signer,
    chain: chain.issuers,
    hash,
    ...(chain.root === undefined ? {} : { root: chain.root }),
    ...(stamp === undefined ? {} : { timeStamp: stamp }),
  };
  const doubt = doubtOf(signer, chain, stamp, at, now);
  if (doubt !== undefined) return { state: 'doubtful', ...facts, remarks: [doubt, ...remarks] };
  const state = stateOf(signer, chain.root);
  if (chain.root === undefined) remarks.unshift(untrusted(signer, chain));
  return { state, ...facts, remarks };
}

function brokenJudgement(check: SignerCheck & { valid: false }): SignatureJudgement {
  const signer = check.signer === undefined ? {} : { signer: check.signer };
  const state = check.fault === 'unknown' ? 'doubtful' : 'tampered';
  const problem =
    check.fault === 'content'
      ? `the catalog has been changed since ${check.signer?.name ?? 'somebody'} signed it: ${check.problem}`
      : check.fault === 'signature'
        ? `the signature does not stand: ${check.problem}`
        : `the signature cannot be checked: ${check.problem}`;
  return {
    state,
    ...signer,
    chain: [],
    remarks: [{ severity: 'error', code: 'signature-broken', problem }],
  };
}

/** Why a signature that fits is not to be relied upon; undefined where it is. */
function doubtOf(
  signer: Certificate,
  chain: Chain,
  stamp: TimeStamp | undefined,
  at: number,
  now: number,
): SignatureRemark | undefined {
  // A time stamp that nobody known vouches for cannot carry a claim that Microsoft signed.
  const time = stamp !== undefined && chain.root !== undefined && !stamp.trusted ? now : at;
  for (const certificate of [signer, ...chain.issuers]) {
    if (isValidAt(certificate, time)) continue;
    const early = time < certificate.validFrom;
    const end = dayOf(early ? certificate.validFrom : certificate.validUntil);
    const what = early ? `is valid only from ${end}` : `expired on ${end}`;
    const why =
      stamp === undefined
        ? 'no time stamp shows that it was signed while the certificate was valid'
        : time === at
          ? `it was signed on ${dayOf(stamp.at)}`
          : `the time stamp is by ${stamp.by}, whom no known root vouches for`;
    return {
      severity: 'error',
      code: 'certificate-expired',
      problem: `the certificate of ${certificate.name} ${what}, and ${why}`,
    };
  }
  const purposes = signer.purposes;
  if (purposes !== undefined && !codePurposes.some((purpose) => purposes.has(purpose)))
    return {
      severity: 'warning',
      code: 'signature-untrusted',
      problem: `the certificate of ${signer.name} is not for signing code or drivers`,
    };
  if (chain.root === undefined && !chain.selfSigned && chain.issuers.length === 0)
    return {
      severity: 'warning',
      code: 'signature-untrusted',
      problem: `the chain is not complete: the certificate of ${signer.issuerName}, who vouches for ${signer.name}, is not in the catalog`,
    };
  return undefined;
}

const codePurposes: readonly string[] = [
  Purpose.any,
  Purpose.codeSigning,
  ...hardwareProgramPurposes,
  ...windowsPurposes,
];

function stateOf(signer: Certificate, root: KnownRoot | undefined): 'whcp' | 'inbox' | 'signed' {
  if (root?.use !== 'windows' || signer.purposes === undefined) return 'signed';
  const has = (purposes: ReadonlySet<string>): boolean =>
    [...purposes].some((purpose) => signer.purposes?.has(purpose));
  if (has(hardwareProgramPurposes)) return 'whcp';
  return has(windowsPurposes) ? 'inbox' : 'signed';
}

function untrusted(signer: Certificate, chain: Chain): SignatureRemark {
  const top = chain.issuers.at(-1) ?? signer;
  const problem =
    chain.selfSigned && chain.issuers.length === 0
      ? `${signer.name} vouches for itself: Windows accepts that only where the certificate was made trusted before`
      : `${signer.name} signed it, and the chain ends at ${chain.selfSigned ? top.name : top.issuerName}, ` +
        "which is none of Microsoft's roots for Windows and drivers: Windows may ask whether to trust it, or refuse it";
  return { severity: 'warning', code: 'signature-untrusted', problem };
}

/** 'YYYY-MM-DD' in UTC. */
function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
