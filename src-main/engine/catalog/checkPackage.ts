import { AppError, FormatError } from '../../../src-shared/errors/appError';
import type { DriverRemark, SignatureSummary } from '../../../src-shared/model/drivers';
import type { Crypto } from '../os';
import { parseCatalog, type Catalog } from './catalog';
import { FileHashes, MemberIndex } from './fileHashes';
import { judgeSignature, type SignatureJudgement } from './signatureJudgement';
import { createTrust, type Trust } from './trust';

/** Gives a file's bytes; may throw an AppError where it cannot be read. */
export type ReadFile = () => Uint8Array;

/** A driver package to be checked against its catalogs. */
export interface PackageToCheck {
  /** Name of the INF among `files`; what remarks about the package are about. */
  readonly inf: string;
  /** The INF and the files that it names, by their names relative to the INF's folder. Each is read once, in turn. */
  readonly files: ReadonlyMap<string, ReadFile>;
  /** Catalogs that the INF names, by name; undefined for one that is not there. */
  readonly catalogs: ReadonlyMap<string, ReadFile | undefined>;
  /** FILETIME: what a signature without a time stamp is judged by. */
  readonly now: bigint;
}

/** What a package's signature is worth, and what is wrong with it. */
export interface PackageCheck {
  readonly signature: SignatureSummary;
  readonly remarks: readonly DriverRemark[];
}

/** Keeps what is known of certificates from package to package; for one thread. */
export type PackageChecker = (packageToCheck: PackageToCheck) => PackageCheck;

/** @param trust known roots; Microsoft's when absent */
export function createPackageChecker(crypto: Crypto, trust: Trust = createTrust(crypto)): PackageChecker {
  return (packageToCheck) => check(packageToCheck, trust);
}

/**
 * Checks one package: every file against the catalogs, and who signed them. For many packages use
 * {@link createPackageChecker}.
 */
export function checkPackage(packageToCheck: PackageToCheck, crypto: Crypto): PackageCheck {
  return createPackageChecker(crypto)(packageToCheck);
}

interface JudgedCatalog {
  readonly catalog: Catalog;
  readonly index: MemberIndex;
  readonly judgement: SignatureJudgement;
}

/** Best first; the worst of a package's catalogs is what it is. */
const order: readonly SignatureSummary['state'][] = [
  'whcp',
  'inbox',
  'signed',
  'doubtful',
  'unsigned',
  'tampered',
];

function check(packageToCheck: PackageToCheck, trust: Trust): PackageCheck {
  const { inf, files, catalogs } = packageToCheck;
  const remarks: DriverRemark[] = [];
  const summaries: SignatureSummary[] = [];
  const judged: JudgedCatalog[] = [];
  const now = Number((packageToCheck.now - UNIX_EPOCH) / 10_000n);
  for (const [name, read] of catalogs) {
    const found = judgeCatalog(name, read, trust, now, remarks);
    if (found === undefined) summaries.push({ state: 'tampered', catalog: name });
    else if (found !== 'none') {
      judged.push(found);
      summaries.push(summaryOf(name, found.judgement));
    }
  }
  if (catalogs.size === 0)
    remarks.push({
      severity: 'error',
      code: 'signature-missing',
      file: inf,
      problem: 'the package is not signed: its INF names no catalog',
    });
  let changed = false;
  if (judged.length > 0) {
    const named = new Set([...catalogs.keys()].map((name) => name.toLowerCase()));
    for (const [name, read] of files) {
      if (named.has(name.toLowerCase())) continue;
      const remark = checkFile(name, name === inf, read, judged, trust.crypto);
      if (remark === undefined) continue;
      remarks.push(remark);
      changed ||= remark.code !== 'unreadable';
    }
  }
  const worst = summaries.reduce<SignatureSummary>(
    (one, other) => (order.indexOf(other.state) > order.indexOf(one.state) ? other : one),
    summaries[0] ?? { state: 'unsigned' },
  );
  return {
    signature: changed && worst.state !== 'unsigned' ? { ...worst, state: 'tampered' } : worst,
    remarks,
  };
}

/** FILETIME of 1970-01-01. */
const UNIX_EPOCH = 116_444_736_000_000_000n;

/** @returns undefined for a damaged catalog, 'none' for one that is not there or empty */
function judgeCatalog(
  name: string,
  read: ReadFile | undefined,
  trust: Trust,
  now: number,
  remarks: DriverRemark[],
): JudgedCatalog | 'none' | undefined {
  const remark = (severity: DriverRemark['severity'], code: DriverRemark['code'], problem: string): void => {
    remarks.push({ severity, code, file: name, problem });
  };
  if (read === undefined) {
    remark('error', 'catalog-missing', `the INF names the catalog ${name}, which is not in the package`);
    return 'none';
  }
  try {
    const bytes = read();
    if (bytes.length === 0) {
      remark('error', 'signature-missing', 'the package is not signed: its catalog is an empty file');
      return 'none';
    }
    const catalog = parseCatalog(bytes, name);
    const judgement = judgeSignature(catalog, trust, now);
    for (const { severity, code, problem } of judgement.remarks) remark(severity, code, problem);
    return { catalog, index: new MemberIndex(catalog.members), judgement };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const damaged = error instanceof FormatError;
    remark(
      'error',
      damaged ? 'catalog-malformed' : 'unreadable',
      damaged ? `the catalog is damaged: ${error.message}` : error.message,
    );
    return damaged ? undefined : 'none';
  }
}

/** A file is as signed when one of the catalogs lists its hash. */
function checkFile(
  name: string,
  isInf: boolean,
  read: ReadFile,
  judged: readonly JudgedCatalog[],
  crypto: Crypto,
): DriverRemark | undefined {
  let hashes: FileHashes;
  try {
    hashes = new FileHashes(read(), crypto);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { severity: 'error', code: 'unreadable', file: name, problem: error.message };
  }
  if (judged.some(({ index }) => hashes.memberIn(index) !== undefined)) return undefined;
  const catalogs = judged.map(({ catalog }) => catalog.label).join(' and ');
  const naming = judged.find(({ index }) => index.isNamed(name));
  if (naming !== undefined)
    return {
      severity: 'error',
      code: 'file-tampered',
      file: name,
      problem: `the file has been changed since it was signed: ${naming.catalog.label} lists it with another hash`,
    };
  if (isInf)
    return {
      severity: 'error',
      code: 'catalog-mismatch',
      file: name,
      problem: `the catalog ${catalogs} does not list this INF: it is another package's, or the INF has been changed`,
    };
  return {
    severity: 'error',
    code: 'file-unlisted',
    file: name,
    problem: `the catalog ${catalogs} does not list this file: it has been changed or added since the package was signed`,
  };
}

function summaryOf(catalog: string, judgement: SignatureJudgement): SignatureSummary {
  const { signer, chain, timeStamp, hash } = judgement;
  return {
    state: judgement.state,
    catalog,
    ...(signer === undefined
      ? {}
      : {
          signer: signer.name,
          chain: chain.map(({ name }) => name),
          validFrom: isoOf(signer.validFrom),
          validUntil: isoOf(signer.validUntil),
        }),
    ...(timeStamp === undefined ? {} : { signedAt: isoOf(timeStamp.at) }),
    ...(hash === 'sha1' || hash === 'sha256' ? { hash } : {}),
  };
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
