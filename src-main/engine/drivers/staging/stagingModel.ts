import type { DriverPackage, InjectionOutcome, OfflineWindows } from '../../../../src-shared/model/drivers';
import type { DriverPathSet } from '../../answer/mergeDriverPaths';
import type { OfflineEdit } from '../../offline/offlineTree';
import type { EngineHost } from '../../os';

/** A file of a package: its bytes, or where it lies on this machine. */
export type StagingFile = {
  /** Relative to the INF's folder, '/' between names. */
  readonly path: string;
  readonly size: number;
} & ({ readonly source: string } | { readonly bytes: Uint8Array });

export interface StagingInput {
  readonly package: DriverPackage;
  /** The INF, its catalogs and all that they name. */
  readonly files: readonly StagingFile[];
}

export interface StagingOptions {
  /** For reading what is copied (its hash goes into the manifest), and for hashes. */
  readonly host: Pick<EngineHost, 'files' | 'crypto' | 'now'>;
  readonly windows: OfflineWindows;
  /** Also register for boot, where that is proven; docs/decisions/0017. */
  readonly registerForBoot?: boolean;
  /** Also by pnputil from SetupComplete.cmd. */
  readonly setupComplete?: boolean;
  /** No answer file in the image. */
  readonly noAnswerFile?: boolean;
}

export interface StagedOutcome {
  /** {@link DriverPackage.id} */
  readonly package: string;
  readonly outcome: InjectionOutcome;
  /** Folder in the image: '/Windows/Drivers/Wimsmith/e1d68x64_1a2b3c4d'. */
  readonly place?: string;
  readonly why?: string;
}

/** What is to be changed. Nothing was written. */
export interface StagingPlan {
  readonly edits: readonly OfflineEdit[];
  /** Folders that an answer file outside of the image is to name, as that Windows will see them. */
  readonly driverPaths: readonly DriverPathSet[];
  readonly outcomes: readonly StagedOutcome[];
  /** What will be done, in words, each a sentence without a full stop. */
  readonly steps: readonly string[];
  readonly warnings: readonly string[];
}

/** A package in the manifest. */
export interface StagedPackage {
  /** INF's name. */
  readonly name: string;
  readonly infSha256: string;
  /** Folder in the image. */
  readonly folder: string;
  readonly provider: string;
  readonly className: string;
  readonly classGuid: string;
  readonly date: string;
  readonly version: string;
  readonly architectures: DriverPackage['architectures'];
  readonly bootCritical: boolean;
  readonly files: readonly { readonly path: string; readonly size: number; readonly sha256: string }[];
}

export interface RemovalPlan {
  readonly edits: readonly OfflineEdit[];
  readonly removed: readonly StagedPackage[];
  readonly steps: readonly string[];
  readonly warnings: readonly string[];
}
