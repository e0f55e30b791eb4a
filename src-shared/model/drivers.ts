import type { ImageChoice, VolumeChoice, WriteChoices } from './requests';
import type { PlanReport, WriteReport } from './reports';

/** Drivers: packages, devices, which serves which, and what is in an offline Windows. Plain values, as in requests.ts. */

export type DriverArchitecture = 'x86' | 'amd64' | 'arm64' | 'arm' | 'ia64';

/** A Windows that drivers are chosen for. */
export interface WindowsTarget {
  /** '11-24H2', or what an image says of itself: 'Windows 10 Pro 22H2 (10.0.19045)'. */
  readonly label: string;
  readonly major: number;
  readonly minor: number;
  readonly build: number;
  readonly architecture: DriverArchitecture;
  readonly productType: 'workstation' | 'domain-controller' | 'server';
}

export type DriverRemarkCode =
  | 'inf-malformed'
  | 'inf-incomplete'
  | 'file-missing'
  | 'file-tampered'
  | 'file-unlisted'
  | 'catalog-missing'
  | 'catalog-malformed'
  | 'catalog-mismatch'
  | 'signature-missing'
  | 'signature-broken'
  | 'signature-untrusted'
  | 'certificate-expired'
  | 'wrong-architecture'
  | 'wrong-windows'
  | 'duplicate'
  | 'superseded'
  | 'unsafe-name'
  | 'unreadable';

/** Something to know of a package. An error keeps it out of an image unless the person says so. */
export interface DriverRemark {
  readonly severity: 'error' | 'warning' | 'note';
  readonly code: DriverRemarkCode;
  /** The file that it is about: the INF, or a file beside it; in an archive 'pack.cab > e1d.inf'. */
  readonly file: string;
  /** 1-based, of the INF. */
  readonly line?: number;
  /** It is a fault only for a Windows of these architectures. */
  readonly architectures?: readonly DriverArchitecture[];
  /** One sentence without a full stop. */
  readonly problem: string;
}

/** What a catalog and its signature are worth. 'unchecked': it was not looked at. */
export type SignatureState =
  /** Signed by Microsoft through its hardware program, all files as signed. */
  | 'whcp'
  /** Signed by Microsoft as part of Windows. */
  | 'inbox'
  /** Signed by somebody else. */
  | 'signed'
  /** The signature stands, but its certificate had expired and no time stamp covers it, or the chain is not complete. */
  | 'doubtful'
  | 'unsigned'
  | 'tampered'
  | 'unchecked';

export interface SignatureSummary {
  readonly state: SignatureState;
  /** Name of the catalog's file. */
  readonly catalog?: string;
  /** Common name of who signed. */
  readonly signer?: string;
  /** Common names from the signer's issuer to the last that is at hand. */
  readonly chain?: readonly string[];
  /** ISO 8601; when it was signed, by its time stamp. */
  readonly signedAt?: string;
  readonly validFrom?: string;
  readonly validUntil?: string;
  readonly hash?: 'sha1' | 'sha256';
}

/** What kind of INF it is. 'setup': no devices, only DefaultInstall. */
export type DriverKind = 'device' | 'extension' | 'component' | 'class' | 'setup';

/** One driver package: an INF with the files that it names. */
export interface DriverPackage {
  /** Stable name of this copy: 16 hex digits, made of the INF's SHA-256 and of where it lies. */
  readonly id: string;
  /** INF's own name: 'e1d68x64.inf'. */
  readonly name: string;
  /** Where it lies: absolute path of the INF; in an archive 'C:\\pack.cab > net/e1d68x64.inf'. */
  readonly inf: string;
  readonly infSha256: string;
  readonly provider: string;
  readonly manufacturers: readonly string[];
  readonly className: string;
  /** Lower case with braces; '' where it has none. */
  readonly classGuid: string;
  readonly kind: DriverKind;
  /** 'YYYY-MM-DD'; '' where it has none. */
  readonly date: string;
  /** '1.2.3.4'; '' where it has none. */
  readonly version: string;
  readonly architectures: readonly DriverArchitecture[];
  /** Lines of models, and distinct identifiers. */
  readonly models: number;
  readonly identifiers: number;
  /** It installs a service that starts with the boot loader (StartType 0). */
  readonly bootCritical: boolean;
  readonly services: readonly string[];
  /** Of the INF, its catalogs and the files that it names, as far as they are there. */
  readonly files: number;
  readonly bytes: number;
  readonly signature: SignatureSummary;
  readonly remarks: readonly DriverRemark[];
}

/** A device as its machine names it. Identifiers as written, best first. */
export interface Device {
  /** 'PCI\\VEN_8086&DEV_15B7&...\\3&11583659&0&FE', or a path in /sys; '' where the list has none. */
  readonly instanceId: string;
  readonly name: string;
  readonly className: string;
  readonly hardwareIds: readonly string[];
  readonly compatibleIds: readonly string[];
  /** What the machine says is wrong: 'no driver (28)'. */
  readonly problem?: string;
  /** Published name of the driver it has: 'oem12.inf'. */
  readonly currentInf?: string;
}

/** A list of devices with where it is from. */
export interface DeviceList {
  /** 'this PC', or the name of the file or the model. */
  readonly label: string;
  /** Maker and model of the PC, where the list tells. */
  readonly model?: string;
  readonly devices: readonly Device[];
  readonly warnings: readonly string[];
}

export type DeviceListChoice =
  | { readonly kind: 'this-pc' }
  /** pnputil text, CSV or JSON of Get-PnpDevice, msinfo32 .nfo, identifiers a line. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'devices'; readonly list: DeviceList };

/** How a device's identifier meets an INF's, best first. */
export type IdentifierMatch =
  'hardware-hardware' | 'hardware-compatible' | 'compatible-hardware' | 'compatible-compatible';

/** A package that could serve a device. */
export interface DriverCandidate {
  /** {@link DriverPackage.id} */
  readonly package: string;
  /** Device's name as the INF gives it. */
  readonly description: string;
  /** Install section that Windows would take, decorated. */
  readonly section: string;
  readonly line: number;
  /** Identifier that matched, as the INF writes it. */
  readonly identifier: string;
  readonly match: IdentifierMatch;
  /** Windows' rank: lower is better. */
  readonly rank: number;
  readonly signatureScore: number;
  readonly featureScore: number;
  readonly identifierScore: number;
  /** Why it is where it is, in words. */
  readonly why: string;
}

export interface DeviceMatch {
  readonly device: Device;
  /** Best first; the first one wins. At most 20. */
  readonly candidates: readonly DriverCandidate[];
  /** Extension packages that are installed besides, each the best of its ExtensionId. */
  readonly extensions: readonly DriverCandidate[];
  /** Why no package serves it, where none does. */
  readonly why?: string;
}

/** What becomes of a package. */
export interface PackageUse {
  /** {@link DriverPackage.id} */
  readonly package: string;
  /** Indexes into the devices of the match that it wins, or extends. */
  readonly usedFor: readonly number[];
  /** Why it is not used; absent where it is. */
  readonly whyNot?: string;
  readonly whyNotCode?:
    | 'no-device'
    | 'outranked'
    | 'older'
    | 'duplicate'
    | 'wrong-architecture'
    | 'wrong-windows'
    | 'faulty'
    | 'no-devices-in-inf';
}

export interface DriversScanRequest {
  /** Folders, INFs, .zip and .cab files. */
  readonly paths: readonly string[];
  /** Check every file against its catalog. */
  readonly check?: boolean;
  readonly threads?: number;
}

export interface DriversScanReport {
  readonly packages: readonly DriverPackage[];
  /** What is about no package: an archive that cannot be read. */
  readonly remarks: readonly DriverRemark[];
  /** Files looked at, and bytes of all packages. */
  readonly infs: number;
  readonly bytes: number;
}

export interface DriversMatchRequest extends DriversScanRequest {
  readonly devices: DeviceListChoice;
  /** '11-24H2', '10-22H2', 'server-2025', '10.0.26100'. */
  readonly windows: string;
  readonly architecture: DriverArchitecture;
}

export interface DriversMatchReport extends DriversScanReport {
  readonly windows: WindowsTarget;
  readonly list: Omit<DeviceList, 'devices'>;
  readonly devices: readonly DeviceMatch[];
  readonly uses: readonly PackageUse[];
}

/** Where an offline Windows is: an image of a WIM, a folder, or a volume of a disk (which is only read). */
export interface OfflinePlace {
  readonly path: string;
  readonly image?: ImageChoice;
  readonly volume?: VolumeChoice;
}

/** How packages come into an image; see docs/decisions/0016. */
export type InjectionMethod = 'dism' | 'stage';

export interface DriversAddRequest extends OfflinePlace, WriteChoices {
  /** Folders, INFs, .zip and .cab files. */
  readonly drivers: readonly string[];
  /** Only packages that serve one of these devices. */
  readonly devices?: DeviceListChoice;
  /** Only these packages, by the SHA-256 of their INF. */
  readonly only?: readonly string[];
  /** Absent: DISM where this machine has it and may use it, else staging. */
  readonly method?: InjectionMethod;
  /** Also in the registry for boot, as far as that is proven: docs/decisions/0017. */
  readonly registerForBoot?: boolean;
  /** Also by pnputil from \\Windows\\Setup\\Scripts\\SetupComplete.cmd. */
  readonly setupComplete?: boolean;
  /** No answer file in the image. */
  readonly noAnswerFile?: boolean;
  /** An answer file outside the image that gets the paths, too. */
  readonly answerFile?: string;
  /** Leave faulty packages out, and add the others. */
  readonly skipFaulty?: boolean;
  /** Add packages that have faults, too (unsigned ones, for a test). */
  readonly forceFaulty?: boolean;
  /** Of the plan that the person saw. */
  readonly fingerprint?: string;
  readonly verifyIntegrity?: boolean;
  readonly dryRun?: boolean;
}

export type InjectionOutcome = 'installed' | 'staged' | 'registered for boot' | 'left out' | 'failed';

export interface InjectedPackage {
  readonly package: DriverPackage;
  readonly outcome: InjectionOutcome;
  /** Folder in the image, or the published name that DISM gave. */
  readonly place?: string;
  /** Why it was left out, or failed. */
  readonly why?: string;
  /** Devices that it serves, where a list was given. */
  readonly devices?: readonly string[];
}

/** What kind of Windows an image holds. */
export interface OfflineWindows {
  readonly target: WindowsTarget;
  readonly edition?: string;
  readonly installation: 'windows' | 'windows-pe' | 'windows-setup';
  /** \\Windows, as the image spells it. */
  readonly systemRoot: string;
}

export interface DriversAddReport {
  readonly place: string;
  readonly method: InjectionMethod;
  readonly windows: OfflineWindows;
  readonly packages: readonly InjectedPackage[];
  /** Files of the image that are new or changed, by path. */
  readonly changed: readonly string[];
  readonly plan?: PlanReport & { readonly fingerprint: string };
  /** Of an image in a WIM. */
  readonly write?: WriteReport;
  readonly warnings: readonly string[];
}

/** A package of an offline Windows. */
export interface StoredDriver {
  /** 'oem3.inf'; of an inbox driver its own name. */
  readonly published: string;
  readonly original: string;
  readonly origin: 'inbox' | 'third-party' | 'staged';
  readonly provider: string;
  readonly className: string;
  readonly classGuid: string;
  readonly date: string;
  readonly version: string;
  readonly architecture?: DriverArchitecture;
  /** Folder in the image that holds it; '' where it is only in the registry. */
  readonly folder: string;
  readonly bootCritical?: boolean;
  readonly remarks: readonly DriverRemark[];
}

export interface DriversListRequest extends OfflinePlace {
  /** Inbox drivers, too. */
  readonly all?: boolean;
}

export interface DriversListReport {
  readonly place: string;
  readonly windows: OfflineWindows;
  readonly drivers: readonly StoredDriver[];
  readonly warnings: readonly string[];
}

export interface DriversExportRequest extends OfflinePlace {
  readonly destination: string;
  /** Published or original names; all third-party and staged ones when absent. */
  readonly drivers?: readonly string[];
  readonly dryRun?: boolean;
}

export interface DriversExportReport {
  readonly place: string;
  readonly destination: string;
  readonly exported: readonly {
    readonly driver: StoredDriver;
    readonly folder: string;
    readonly bytes: number;
  }[];
  readonly plan?: PlanReport;
  readonly warnings: readonly string[];
}

export interface DriversRemoveRequest extends OfflinePlace, WriteChoices {
  /** Published or original names; 'all' for everything that was staged. */
  readonly drivers: readonly string[] | 'all';
  readonly fingerprint?: string;
  readonly verifyIntegrity?: boolean;
  readonly dryRun?: boolean;
}

export interface DriversRemoveReport {
  readonly place: string;
  readonly removed: readonly StoredDriver[];
  readonly changed: readonly string[];
  readonly plan?: PlanReport & { readonly fingerprint: string };
  readonly write?: WriteReport;
  readonly warnings: readonly string[];
}
