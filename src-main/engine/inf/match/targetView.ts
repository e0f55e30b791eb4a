import type { DriverRemarkCode, WindowsTarget } from '../../../../src-shared/model/drivers';
import type { DriverIndex, IndexPart } from './driverIndex';
import { compareAge } from './driverRank';
import type { IndexedPackage, MatchOptions } from './matchTypes';
import { compareCloseness, misfitOf } from './modelsChoice';

/** An index as one Windows sees it: which models sections it takes, and which packages it could install. */
export interface TargetView {
  readonly index: DriverIndex;
  readonly target: WindowsTarget;
  /** Of each part: 1 for a section that this Windows takes. */
  readonly taken: ReadonlyMap<IndexPart, Uint8Array>;
  /** Place of each package when rank does not decide: later date first, then higher version, then by path. */
  readonly precedence: Uint32Array;
  /** What is wrong with packages that cannot be installed as they are, by their index. */
  readonly faults: ReadonlyMap<number, string>;
}

/** Faults with which no Windows could install a package. A bad signature is none: it only ranks worse. */
const fatal: ReadonlySet<DriverRemarkCode> = new Set([
  'inf-malformed',
  'inf-incomplete',
  'file-missing',
  'unsafe-name',
  'unreadable',
]);

export function viewFor(index: DriverIndex, target: WindowsTarget, options: MatchOptions): TargetView {
  const taken = new Map<IndexPart, Uint8Array>();
  for (const part of index.parts) taken.set(part, takenSections(part, target));
  return {
    index,
    target,
    taken,
    precedence: precedenceOf(index.packages),
    faults: options.keepFaulty === true ? new Map<number, string>() : faultsOf(index.packages),
  };
}

/**
 * The closest section of each line of [Manufacturer] (inf-manufacturer-section.md: Windows chooses the one that most
 * closely matches the operating system version).
 */
function takenSections(part: IndexPart, target: WindowsTarget): Uint8Array {
  const taken = new Uint8Array(part.sectionCount);
  const best = new Map<number, number>();
  for (let index = 0; index < part.packageCount; index++) {
    best.clear();
    const [from, to] = part.sectionsOf(index);
    for (let number = from; number < to; number++) {
      const section = part.section(number);
      if (section === undefined || misfitOf(section.decoration, target) !== undefined) continue;
      const other = best.get(section.group);
      const closer =
        other === undefined || compareCloseness(section.decoration, part.section(other)?.decoration) > 0;
      if (closer) best.set(section.group, number);
    }
    for (const number of best.values()) taken[number] = 1;
  }
  return taken;
}

function precedenceOf(packages: readonly IndexedPackage[]): Uint32Array {
  const order = packages.map((summary, index) => ({ summary, index }));
  order.sort(
    (one, other) =>
      compareAge(one.summary, other.summary) ||
      compareTexts(one.summary.inf, other.summary.inf) ||
      one.index - other.index,
  );
  const precedence = new Uint32Array(packages.length);
  for (const [place, { index }] of order.entries()) precedence[index] = place;
  return precedence;
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function faultsOf(packages: readonly IndexedPackage[]): Map<number, string> {
  const faults = new Map<number, string>();
  for (const [index, { remarks }] of packages.entries()) {
    const worst = remarks.find(({ severity, code }) => severity === 'error' && fatal.has(code));
    if (worst === undefined) continue;
    const place = worst.line === undefined ? worst.file : `${worst.file}, line ${worst.line}`;
    faults.set(index, `${worst.problem} (${place})`);
  }
  return faults;
}
