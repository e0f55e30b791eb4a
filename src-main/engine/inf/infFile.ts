import type { DriverArchitecture, DriverKind } from '../../../src-shared/model/drivers';
import type { InfEncoding } from './decodeInf';
import type { InfModels } from './infModel';
import type { InfRemarks } from './remarks';
import type { InfSections } from './sections';
import type { InfStrings } from './strings';

/** A catalog that [Version] names. */
export interface InfCatalog {
  /** Absent: of every architecture that has none of its own. */
  readonly architecture?: DriverArchitecture;
  /** Name of a file beside the INF. */
  readonly name: string;
  readonly line: number;
}

export type InfRemarkCode = 'inf-malformed' | 'inf-incomplete' | 'unsafe-name';

/** Something to know of an INF. 'error': Windows would not accept the INF, or not this part of it. */
export interface InfRemark {
  readonly severity: 'error' | 'warning' | 'note';
  readonly code: InfRemarkCode;
  /** 1-based. */
  readonly line?: number;
  /** One sentence without a full stop. */
  readonly problem: string;
}

/** What an INF says. Texts are expanded: %tokens% replaced, quotes and comments gone. */
export interface InfFile {
  /** What messages call it. */
  readonly label: string;
  readonly encoding: InfEncoding;
  readonly sections: InfSections;
  readonly strings: InfStrings;
  readonly provider: string;
  readonly className: string;
  /** Lower case with braces; '' where it has none, or one that is no GUID. */
  readonly classGuid: string;
  /** 'YYYY-MM-DD'; '' where it has none, or a bad one. */
  readonly date: string;
  /** '1.2.3.4' without leading zeros; '' where it has none, or a bad one. */
  readonly version: string;
  readonly catalogs: readonly InfCatalog[];
  readonly pnpLockdown: boolean;
  readonly kind: DriverKind;
  /** Of an extension INF; lower case with braces. */
  readonly extensionId?: string;
  /** Every models section that [Manufacturer] names, in its order; empty and missing ones, too: they exclude. */
  readonly models: readonly InfModels[];
  /** That the models sections name; of an INF without devices, those of [DefaultInstall]. */
  readonly architectures: readonly DriverArchitecture[];
  /** Grows when further parts of the INF are read: namedFiles, sections that nothing asked for before. */
  readonly remarks: readonly InfRemark[];
  /** Where readers of further parts add remarks. */
  readonly collector: InfRemarks;
}
