import type { DriverArchitecture, DriverPackage } from '../../../../src-shared/model/drivers';
import type { InfModels } from '../infModel';

/** What the index keeps of a package's summary: as much as ranking and its words need. */
export type IndexedPackage = Pick<
  DriverPackage,
  'id' | 'name' | 'inf' | 'provider' | 'infSha256' | 'kind' | 'date' | 'version' | 'remarks'
> & {
  readonly signature: Pick<DriverPackage['signature'], 'state'>;
  /** `ExtensionId` of an extension INF. */
  readonly extensionId?: string;
};

/** The install section that Windows takes for a line of models, as `installFor` of an INF tells it. */
export interface InstallChoice {
  /** Its name, decorated. */
  readonly section: string;
  /** `FeatureScore`, 0 to 255. */
  readonly featureScore: number;
}

/** What the index takes of an INF beside its summary. */
export interface IndexedContent {
  /** Every models section of the INF, of all architectures and versions. */
  readonly models: readonly InfModels[];
  /**
   * The install section for an undecorated name, asked once for each name and architecture. Undefined where the INF has
   * none: the name itself and the usual feature score stand for it then.
   */
  install?(name: string, architecture: DriverArchitecture): InstallChoice | undefined;
}

export interface MatchOptions {
  /** Rank packages that cannot be installed as they are (files missing, INF malformed), too. */
  readonly keepFaulty?: boolean;
}
