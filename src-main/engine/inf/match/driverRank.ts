import type { IdentifierMatch, SignatureState } from '../../../../src-shared/model/drivers';
import { compareVersions } from './versions';

/**
 * Windows' rank of a driver for a device: 0xSSGGTHHH, signature, feature and identifier score; the lowest is the best.
 * MicrosoftDocs/windows-driver-docs install/how-windows-ranks-driver-packages.md, and of each score
 * signature-score--, feature-score-- and identifier-score--windows-vista-and-later-.md; the table in
 * driver-rank-example--windows-vista-and-later-.md is a test.
 */
export interface RankScores {
  readonly signature: number;
  readonly feature: number;
  readonly identifier: number;
}

/** `DRIVER_UNTRUSTED_RANK` of setupapi.h: the package has no valid signature. */
const untrusted = 0x80000000;

/** `DRIVER_W9X_SUSPECT_RANK` of setupapi.h: neither a signature nor an install section with an .nt extension. */
const suspect = 0xc0000000;

/** Of a package whose INF has no `FeatureScore`: feature-score--windows-vista-and-later-.md. */
export const usualFeatureScore = 0xff;

/**
 * Signature score. All trusted signatures are equal: the AllSignersEqual policy is on since Windows 7
 * (overview-of-the-driver-selection-process.md); the log excerpts of driver-rank-information-in-the-setupapi-log.md show
 * 0x00 for them. The page on signature scores gives no numbers for packages without a valid signature, only their order;
 * the numbers are those of setupapi.h. A signature that nobody checked counts as valid: the scores would otherwise put
 * every signed package that was only listed behind one that is known to have no catalog.
 *
 * @param section install section, decorated
 */
export function signatureScore(state: SignatureState, section: string): number {
  switch (state) {
    case 'whcp':
    case 'inbox':
    case 'signed':
    case 'unchecked':
      return 0;
    case 'doubtful':
    case 'unsigned':
    case 'tampered':
      return /\.nt/i.test(section) ? untrusted : suspect;
  }
}

const matchTypes: Readonly<Record<IdentifierMatch, number>> = {
  'hardware-hardware': 0x0000,
  'hardware-compatible': 0x1000,
  'compatible-hardware': 0x2000,
  'compatible-compatible': 0x3000,
};

const worstPosition = 0xfff;

/**
 * Identifier score: identifier-score--windows-vista-and-later-.md. Only a match of two compatible identifiers counts the
 * place in the INF's line, too. Places beyond what the field holds get its worst value.
 *
 * @param devicePosition 0-based, in the device's hardware or compatible identifiers
 * @param modelPosition 0-based, in the line of models; 0 is the hardware identifier
 */
export function identifierScore(
  match: IdentifierMatch,
  devicePosition: number,
  modelPosition: number,
): number {
  const compatible = match === 'compatible-compatible' ? Math.max(0, modelPosition - 1) * 0x100 : 0;
  return matchTypes[match] + Math.min(worstPosition, devicePosition + compatible);
}

/** The rank of a driver, 0 to 0xFFFFFFFF. */
export function driverRank(scores: RankScores): number {
  return scores.signature + scores.feature * 0x10000 + scores.identifier;
}

/** '00FF2001' */
export function rankText(rank: number): string {
  return rank.toString(16).toUpperCase().padStart(8, '0');
}

/**
 * Which of two packages of equal rank Windows takes: the one with the later date, then the one with the higher version
 * (overview-of-the-driver-selection-process.md, "How Windows Selects Driver Packages").
 *
 * @returns negative when `one` comes first, 0 when Windows may take either
 */
export function compareAge(
  one: { readonly date: string; readonly version: string },
  other: { readonly date: string; readonly version: string },
): number {
  if (one.date !== other.date) return one.date > other.date ? -1 : 1;
  return compareVersions(other.version, one.version);
}
