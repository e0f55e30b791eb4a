import type { DriverArchitecture } from '../../../src-shared/model/drivers';

/** A `TargetOSVersion` decoration: `nt[Architecture][.[Major][.[Minor][.[ProductType][.[SuiteMask][.[Build]]]]]]`. */
export interface Decoration {
  /** As written, without the leading dot: 'NTamd64.10.0...17763'. */
  readonly text: string;
  /** Absent: any ('nt' alone), though Windows x64 and later want one. */
  readonly architecture?: DriverArchitecture;
  readonly major?: number;
  readonly minor?: number;
  /** 1 workstation, 2 domain controller, 3 server. */
  readonly productType?: number;
  readonly suiteMask?: number;
  readonly build?: number;
}

/** One line of a models section. */
export interface InfModel {
  readonly description: string;
  /** Install section, undecorated. */
  readonly install: string;
  /** Hardware identifier first, then compatible ones; as written. */
  readonly identifiers: readonly string[];
  readonly line: number;
}

/** A models section that the [Manufacturer] section names. */
export interface InfModels {
  readonly manufacturer: string;
  /** Its name, decorated. */
  readonly section: string;
  /** Absent: undecorated. */
  readonly decoration?: Decoration;
  readonly models: readonly InfModel[];
  readonly line: number;
}
