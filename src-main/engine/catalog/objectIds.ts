import type { HashName } from '../os';

/**
 * Object identifiers of catalogs and of what signs them. Names and numbers are public: RFC 2315 and 5652 (PKCS #7, CMS),
 * RFC 3161 (time stamps), RFC 5280 (certificates), wincrypt.h, wintrust.h and mscat.h of the Windows SDK.
 */
export const Oid = {
  signedData: '1.2.840.113549.1.7.2',
  data: '1.2.840.113549.1.7.1',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  counterSignature: '1.2.840.113549.1.9.6',
  /** szOID_RFC3161_counterSign */
  timeStampToken: '1.3.6.1.4.1.311.3.3.1',
  /** szOID_NESTED_SIGNATURE: a further signature over the same content. */
  nestedSignature: '1.3.6.1.4.1.311.2.4.1',
  timeStampInfo: '1.2.840.113549.1.9.16.1.4',
  /** szOID_CTL */
  trustList: '1.3.6.1.4.1.311.10.1',
  catalogNameValue: '1.3.6.1.4.1.311.12.2.1',
  catalogMemberInfo: '1.3.6.1.4.1.311.12.2.2',
  indirectData: '1.3.6.1.4.1.311.2.1.4',
  peImageData: '1.3.6.1.4.1.311.2.1.15',
  rsaKey: '1.2.840.113549.1.1.1',
  ecKey: '1.2.840.10045.2.1',
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  organizationalUnit: '2.5.4.11',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  subjectKeyIdentifier: '2.5.29.14',
  authorityKeyIdentifier: '2.5.29.35',
} as const;

/** What a certificate may be used for. */
export const Purpose = {
  any: '2.5.29.37.0',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  /** szOID_WHQL_CRYPTO: Windows Hardware Driver Verification. */
  hardwareDriver: '1.3.6.1.4.1.311.10.3.5',
  /** szOID_ATTEST_WHQL_CRYPTO: Windows Hardware Driver Attested Verification. */
  attestedDriver: '1.3.6.1.4.1.311.10.3.5.1',
  /** szOID_NT5_CRYPTO: Windows System Component Verification. */
  windowsComponent: '1.3.6.1.4.1.311.10.3.6',
  /** szOID_OEM_WHQL_CRYPTO: OEM Windows System Component Verification. */
  oemDriver: '1.3.6.1.4.1.311.10.3.7',
  /** szOID_EMBEDDED_NT_CRYPTO: Embedded Windows System Component Verification. */
  embeddedComponent: '1.3.6.1.4.1.311.10.3.8',
  /** Windows Hardware Driver Extended Verification. */
  extendedDriver: '1.3.6.1.4.1.311.10.3.39',
} as const;

/** Purposes that Microsoft's hardware program gives to who signs its catalogs. */
export const hardwareProgramPurposes: ReadonlySet<string> = new Set([
  Purpose.hardwareDriver,
  Purpose.attestedDriver,
  Purpose.oemDriver,
  Purpose.extendedDriver,
]);

/** Purposes of who signs the files of Windows itself. */
export const windowsPurposes: ReadonlySet<string> = new Set([
  Purpose.windowsComponent,
  Purpose.embeddedComponent,
]);

/** Hashes by the identifier of the hash, or of a signature that uses it. MD5 is left out: it proves nothing any more. */
const hashes: ReadonlyMap<string, HashName> = new Map<string, HashName>([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
  ['1.2.840.113549.1.1.5', 'sha1'],
  ['1.3.14.3.2.29', 'sha1'],
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
  ['1.2.840.10045.4.1', 'sha1'],
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
]);

/** The hash of a hash or signature algorithm; undefined for one that is not known, or not trusted. */
export function hashOfAlgorithm(objectId: string): HashName | undefined {
  return hashes.get(objectId);
}
