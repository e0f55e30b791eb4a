import { z } from 'zod';
import type {
  Device,
  DeviceList,
  DeviceListChoice,
  DriverCandidate,
  DriverPackage,
  DriverRemark,
  DriversAddRequest,
  DriversExportRequest,
  DriversRemoveRequest,
  OfflinePlace,
  OfflineWindows,
  SignatureSummary,
  StoredDriver,
  WindowsTarget,
} from '../model/drivers';
import { volumeChoice } from './diskShapes';
import { count, path } from './shapes';
import { flag, image, writeChoices } from './writeChoices';

/** The types of model/drivers.ts as they travel. */

const line = z.string().max(4096);
const texts = z.array(line).max(1000).readonly();

/** Folders, INFs and archives that are looked through at once. */
const PLACES = 1000;
/** Packages that are named one by one, devices of a list, drivers that are named. */
const PACKAGES = 100_000;
export const DEVICES_MAXIMUM = 5000;

export const architecture = z.enum(['x86', 'amd64', 'arm64', 'arm', 'ia64']);
export const signatureState = z.enum([
  'whcp',
  'inbox',
  'signed',
  'doubtful',
  'unsigned',
  'tampered',
  'unchecked',
]);
export const driverKind = z.enum(['device', 'extension', 'component', 'class', 'setup']);
export const identifierMatch = z.enum([
  'hardware-hardware',
  'hardware-compatible',
  'compatible-hardware',
  'compatible-compatible',
]);
export const whyNotCode = z.enum([
  'no-device',
  'outranked',
  'older',
  'duplicate',
  'wrong-architecture',
  'wrong-windows',
  'faulty',
  'no-devices-in-inf',
]);
export const injectionMethod = z.enum(['dism', 'stage']);
/** Good ones first. */
export const injectionOutcomes = [
  'installed',
  'registered for boot',
  'staged',
  'left out',
  'failed',
] as const;
export const injectionOutcome = z.enum(injectionOutcomes);

export const WindowsTargetShape = z.object({
  label: line,
  major: count,
  minor: count,
  build: count,
  architecture,
  productType: z.enum(['workstation', 'domain-controller', 'server']),
}) satisfies z.ZodType<WindowsTarget>;

export const DriverRemarkShape = z.object({
  severity: z.enum(['error', 'warning', 'note']),
  code: z.enum([
    'inf-malformed',
    'inf-incomplete',
    'file-missing',
    'file-tampered',
    'file-unlisted',
    'catalog-missing',
    'catalog-malformed',
    'catalog-mismatch',
    'signature-missing',
    'signature-broken',
    'signature-untrusted',
    'certificate-expired',
    'wrong-architecture',
    'wrong-windows',
    'duplicate',
    'superseded',
    'unsafe-name',
    'unreadable',
  ]),
  file: z.string(),
  line: count.exactOptional(),
  problem: z.string(),
}) satisfies z.ZodType<DriverRemark>;

export const SignatureShape = z.object({
  state: signatureState,
  catalog: z.string().exactOptional(),
  signer: z.string().exactOptional(),
  chain: z.array(z.string()).readonly().exactOptional(),
  signedAt: z.string().exactOptional(),
  validFrom: z.string().exactOptional(),
  validUntil: z.string().exactOptional(),
  hash: z.enum(['sha1', 'sha256']).exactOptional(),
}) satisfies z.ZodType<SignatureSummary>;

export const DriverPackageShape = z.object({
  id: z.string(),
  name: z.string(),
  inf: z.string(),
  infSha256: z.string(),
  provider: z.string(),
  manufacturers: z.array(z.string()).readonly(),
  className: z.string(),
  classGuid: z.string(),
  kind: driverKind,
  date: z.string(),
  version: z.string(),
  architectures: z.array(architecture).readonly(),
  models: count,
  identifiers: count,
  bootCritical: z.boolean(),
  services: z.array(z.string()).readonly(),
  files: count,
  bytes: count,
  signature: SignatureShape,
  remarks: z.array(DriverRemarkShape).readonly(),
}) satisfies z.ZodType<DriverPackage>;

export const DeviceShape = z.object({
  instanceId: line,
  name: line,
  className: line,
  hardwareIds: texts,
  compatibleIds: texts,
  problem: line.exactOptional(),
  currentInf: line.exactOptional(),
}) satisfies z.ZodType<Device>;

export const DeviceListShape = z.object({
  label: line,
  model: line.exactOptional(),
  devices: z.array(DeviceShape).max(DEVICES_MAXIMUM).readonly(),
  warnings: texts,
}) satisfies z.ZodType<DeviceList>;

export const DeviceListChoiceShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('this-pc') }),
  z.object({ kind: z.literal('file'), path }),
  z.object({ kind: z.literal('devices'), list: DeviceListShape }),
]) satisfies z.ZodType<DeviceListChoice>;

export const DriverCandidateShape = z.object({
  package: z.string(),
  description: z.string(),
  section: z.string(),
  line: count,
  identifier: z.string(),
  match: identifierMatch,
  rank: count,
  signatureScore: count,
  featureScore: count,
  identifierScore: count,
  why: z.string(),
}) satisfies z.ZodType<DriverCandidate>;

export const OfflineWindowsShape = z.object({
  target: WindowsTargetShape,
  edition: z.string().exactOptional(),
  installation: z.enum(['windows', 'windows-pe', 'windows-setup']),
  systemRoot: z.string(),
}) satisfies z.ZodType<OfflineWindows>;

export const StoredDriverShape = z.object({
  published: z.string(),
  original: z.string(),
  origin: z.enum(['inbox', 'third-party', 'staged']),
  provider: z.string(),
  className: z.string(),
  classGuid: z.string(),
  date: z.string(),
  version: z.string(),
  architecture: architecture.exactOptional(),
  folder: z.string(),
  bootCritical: z.boolean().exactOptional(),
  remarks: z.array(DriverRemarkShape).readonly(),
}) satisfies z.ZodType<StoredDriver>;

const place = {
  path,
  image: image.exactOptional(),
  volume: volumeChoice.exactOptional(),
};
export const OfflinePlaceShape = z.object(place) satisfies z.ZodType<OfflinePlace>;

export const driverPlaces = z.array(path).min(1).max(PLACES).readonly();
const names = z.array(line.min(1)).max(PACKAGES).readonly();
const fingerprint = z.string().max(200).exactOptional();

export const DriversAddShape = z.object({
  ...writeChoices,
  ...place,
  drivers: driverPlaces,
  devices: DeviceListChoiceShape.exactOptional(),
  only: z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .max(PACKAGES)
    .readonly()
    .exactOptional(),
  method: injectionMethod.exactOptional(),
  registerForBoot: flag,
  setupComplete: flag,
  noAnswerFile: flag,
  answerFile: path.exactOptional(),
  skipFaulty: flag,
  forceFaulty: flag,
  fingerprint,
  verifyIntegrity: flag,
}) satisfies z.ZodType<DriversAddRequest>;

export const DriversExportShape = z.object({
  ...place,
  destination: path,
  drivers: names.exactOptional(),
}) satisfies z.ZodType<DriversExportRequest>;

export const DriversRemoveShape = z.object({
  ...writeChoices,
  ...place,
  drivers: z.union([names, z.literal('all')]),
  fingerprint,
  verifyIntegrity: flag,
}) satisfies z.ZodType<DriversRemoveRequest>;

/** A package of a finished job, short. */
export const InjectedShape = z.object({
  name: z.string(),
  inf: z.string(),
  provider: z.string(),
  className: z.string(),
  version: z.string(),
  signature: signatureState,
  outcome: injectionOutcome,
  /** Folder in the image, or the published name that DISM gave. */
  place: z.string().exactOptional(),
  why: z.string().exactOptional(),
  /** Devices that it serves. */
  devices: z.array(z.string()).exactOptional(),
});
export type InjectedRow = z.infer<typeof InjectedShape>;

/** What a job about drivers came to. */
export const DriversResultShape = z.object({
  /** The image, folder or volume, as the engine names it. */
  place: z.string(),
  method: injectionMethod.exactOptional(),
  windows: OfflineWindowsShape.exactOptional(),
  /** How many packages had each outcome. */
  outcomes: z
    .object({
      installed: count.exactOptional(),
      'registered for boot': count.exactOptional(),
      staged: count.exactOptional(),
      'left out': count.exactOptional(),
      failed: count.exactOptional(),
    })
    .exactOptional(),
  packages: z.object({ total: count, first: z.array(InjectedShape) }).exactOptional(),
  /** Files of the image that are new or changed. */
  changedFiles: z.object({ total: count, first: z.array(z.string()) }).exactOptional(),
  exported: z
    .object({
      total: count,
      first: z.array(
        z.object({
          published: z.string(),
          original: z.string(),
          version: z.string(),
          folder: z.string(),
          bytes: count,
        }),
      ),
    })
    .exactOptional(),
  removed: z
    .object({
      total: count,
      first: z.array(z.object({ published: z.string(), original: z.string(), version: z.string() })),
    })
    .exactOptional(),
});
export type DriversResult = z.infer<typeof DriversResultShape>;
