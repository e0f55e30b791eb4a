import type { DriverPackage, DriverRemark } from '../../../../src-shared/model/drivers';
import type { PackedDriverIndex } from '../../inf/match/driverIndex';

/** Where a container is opened from: a folder, or an archive. */
export interface ContainerPlace {
  readonly kind: 'folder' | 'zip' | 'cab';
  /** Absolute path. */
  readonly path: string;
}

/** INFs of one container. */
export interface InfGroup {
  readonly container: ContainerPlace;
  /** Paths in the container, '/' between names. */
  readonly infs: readonly string[];
}

/** What a thread is asked to read. */
export interface ReadDriversOrder {
  readonly groups: readonly InfGroup[];
  /** Hash every file, and check it against the catalogs. */
  readonly check: boolean;
  /** Make an index of what they bind to. */
  readonly index: boolean;
  /** Identifiers in upper case that the index is asked for later; all where absent. */
  readonly identifiers?: readonly string[] | undefined;
  /** FILETIME: what a signature without a time stamp is judged by. */
  readonly now: bigint;
}

/** A file of a package. */
export interface PackageFile {
  /** Relative to the INF's folder, '/' between names. */
  readonly path: string;
  /** Path in the container. */
  readonly at: string;
  readonly size: number;
}

export interface ReadPackage {
  readonly package: DriverPackage;
  readonly container: ContainerPlace;
  /** Path of the INF in the container. */
  readonly inf: string;
  /** The INF, its catalogs and what they name, as far as it is there. */
  readonly files: readonly PackageFile[];
}

export interface ReadDriversResult {
  readonly packages: readonly ReadPackage[];
  readonly index?: PackedDriverIndex;
  /** What is about no package: an INF that cannot be read. */
  readonly remarks: readonly DriverRemark[];
}
