import type { Device, DriverCandidate, IdentifierMatch } from '../../../../src-shared/model/drivers';
import type { IndexPart } from './driverIndex';
import { driverRank, identifierScore, signatureScore } from './driverRank';
import type { TargetView } from './targetView';

/** A package's best match for a device. */
export interface Hit {
  /** Index of the package. */
  readonly package: number;
  readonly part: IndexPart;
  /** Rows of the part's columns. */
  readonly entry: number;
  readonly model: number;
  readonly match: IdentifierMatch;
  /** 0-based, in the device's hardware or compatible identifiers. */
  readonly devicePosition: number;
  readonly signatureScore: number;
  readonly identifierScore: number;
  readonly rank: number;
}

/** What the index has for a device. */
export interface Found {
  /** Base drivers, best first. */
  readonly drivers: readonly Hit[];
  /** Extensions, the best of each ExtensionId. */
  readonly extensions: readonly Hit[];
  /** Extensions of which another one with the same ExtensionId is better, with that one. */
  readonly lesserExtensions: readonly (readonly [Hit, Hit])[];
  /** Packages that name the device, but only in sections that this Windows does not take, with one such section. */
  readonly otherWindows: ReadonlyMap<number, number>;
  /** Faulty packages that name it. */
  readonly faulty: ReadonlySet<number>;
}

/** Looks a device up. Every package counts once, with its best match. */
export function findDrivers(view: TargetView, device: Device): Found {
  const best = new Map<number, Hit>();
  const otherWindows = new Map<number, number>();
  const faulty = new Set<number>();
  for (const part of view.index.parts) {
    lookUp(view, part, device.hardwareIds, true, { best, otherWindows, faulty });
    lookUp(view, part, device.compatibleIds, false, { best, otherWindows, faulty });
  }
  for (const index of best.keys()) otherWindows.delete(index);
  const hits = [...best.values()];
  const isExtension = ({ package: index }: Hit): boolean => view.index.packages[index]?.kind === 'extension';
  const drivers = hits.filter((hit) => !isExtension(hit));
  drivers.sort((one, other) => compareHits(view, one, other));
  return { drivers, ...chooseExtensions(view, hits.filter(isExtension)), otherWindows, faulty };
}

/** The better one first; 0 only for a hit and itself. */
export function compareHits(view: TargetView, one: Hit, other: Hit): number {
  return one.rank - other.rank || compareOld(view, one, other);
}

function compareOld({ precedence }: TargetView, one: Hit, other: Hit): number {
  return (precedence[one.package] ?? 0) - (precedence[other.package] ?? 0);
}

interface Gathered {
  readonly best: Map<number, Hit>;
  readonly otherWindows: Map<number, number>;
  readonly faulty: Set<number>;
}

function lookUp(
  view: TargetView,
  part: IndexPart,
  identifiers: readonly string[],
  hardware: boolean,
  gathered: Gathered,
): void {
  const seen = new Set<number>();
  const { entries, models } = part;
  const taken = view.taken.get(part);
  for (const [devicePosition, identifier] of identifiers.entries()) {
    const number = part.find(identifier);
    // The first place of an identifier that is listed twice is the better one.
    if (number === undefined || seen.has(number)) continue;
    seen.add(number);
    for (let next = part.heads[number] ?? 0; next !== 0; next = entries.next[next - 1] ?? 0) {
      const entry = next - 1;
      const model = entries.model[entry] ?? 0;
      const section = models.section[model] ?? 0;
      const index = part.firstPackage + (part.section(section)?.package ?? 0);
      if (view.faults.has(index)) gathered.faulty.add(index);
      else if (taken?.[section] !== 1) gathered.otherWindows.set(index, section);
      else keepBetter(view, gathered.best, { part, index, entry, model, hardware, devicePosition });
    }
  }
}

interface Meeting {
  readonly part: IndexPart;
  readonly index: number;
  readonly entry: number;
  readonly model: number;
  readonly hardware: boolean;
  readonly devicePosition: number;
}

function keepBetter(view: TargetView, best: Map<number, Hit>, meeting: Meeting): void {
  const { part, index, entry, model, hardware, devicePosition } = meeting;
  const modelPosition = part.entries.position[entry] ?? 0;
  const match = matchOf(hardware, modelPosition === 0);
  const state = view.index.packages[index]?.signature.state ?? 'unchecked';
  const signature = signatureScore(state, part.text(part.models.install[model] ?? 0));
  const identifier = identifierScore(match, devicePosition, modelPosition);
  const rank = driverRank({ signature, feature: part.models.feature[model] ?? 0, identifier });
  const other = best.get(index);
  // Of two lines with the same rank the one that stands first.
  if (other !== undefined && (other.rank < rank || (other.rank === rank && other.entry < entry))) return;
  best.set(index, {
    package: index,
    part,
    entry,
    model,
    match,
    devicePosition,
    signatureScore: signature,
    identifierScore: identifier,
    rank,
  });
}

function matchOf(hardwareOfDevice: boolean, hardwareOfModel: boolean): IdentifierMatch {
  if (hardwareOfDevice) return hardwareOfModel ? 'hardware-hardware' : 'hardware-compatible';
  return hardwareOfModel ? 'compatible-hardware' : 'compatible-compatible';
}

/**
 * Of each ExtensionId one: date, then version decide, not the rank (using-an-extension-inf-file.md, "Specifying
 * ExtensionId"). One without ExtensionId stands for itself.
 */
function chooseExtensions(
  view: TargetView,
  hits: readonly Hit[],
): Pick<Found, 'extensions' | 'lesserExtensions'> {
  const chosen = new Map<string, Hit>();
  const lesser: (readonly [Hit, Hit])[] = [];
  const order = [...hits].sort((one, other) => compareOld(view, one, other));
  for (const hit of order) {
    const id = view.index.packages[hit.package]?.extensionId?.toLowerCase() ?? `#${hit.package}`;
    const winner = chosen.get(id);
    if (winner === undefined) chosen.set(id, hit);
    else lesser.push([hit, winner]);
  }
  return { extensions: [...chosen.values()], lesserExtensions: lesser };
}

/** A hit as reports give it. */
export function candidateOf(view: TargetView, hit: Hit, why: string): DriverCandidate {
  const { part, entry, model } = hit;
  return {
    package: view.index.packages[hit.package]?.id ?? '',
    description: part.text(part.models.description[model] ?? 0),
    section: part.text(part.models.install[model] ?? 0),
    line: part.models.line[model] ?? 0,
    identifier: part.identifier(part.entries.identifier[entry] ?? 0),
    match: hit.match,
    rank: hit.rank,
    signatureScore: hit.signatureScore,
    featureScore: part.models.feature[model] ?? 0,
    identifierScore: hit.identifierScore,
    why,
  };
}
