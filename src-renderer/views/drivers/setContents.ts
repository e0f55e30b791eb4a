import type { DriverSet } from '../../../src-shared/contract/driverLibrary';
import type { PackageRow, UseRow } from '../../../src-shared/contract/drivers';

/** Why a package of a set goes in. */
export type Belonging = 'devices' | 'chosen';
/** Why a package that was chosen for a set does not go in. */
export type Hindrance = 'faulty' | 'wrong-architecture';

export interface SetPackage {
  readonly found: PackageRow;
  readonly by: Belonging;
  /** What the match says of it, where devices are matched. */
  readonly use: UseRow | undefined;
  /** Absent where it goes in. */
  readonly hindrance?: Hindrance;
}

/** What a set comes to with the library as it is. */
export interface SetContents {
  /** Those that go in first, then those that were chosen and stay out. */
  readonly packages: readonly SetPackage[];
  /** Packages that go in, each INF once, and their bytes. */
  readonly count: number;
  readonly bytes: number;
  /** SHA-256 of chosen INFs that the library does not hold now. */
  readonly gone: readonly string[];
}

/**
 * What goes into an image for a set: packages that serve its devices best, and those that were chosen for it.
 * @param matched SHA-256 of the INFs that a match chose; empty without devices
 * @param uses what becomes of each package, by its id
 */
export function contentsOfSet(
  set: Pick<DriverSet, 'packages' | 'architecture'>,
  library: readonly PackageRow[],
  matched: readonly string[],
  uses: ReadonlyMap<string, UseRow> = new Map(),
): SetContents {
  // A copy is the same package: the first of them stands for it, or the one that the match took.
  const byHash = new Map<string, PackageRow>();
  for (const found of library) {
    const known = byHash.get(found.infSha256);
    if (known === undefined || (uses.get(known.id)?.goesIn !== true && uses.get(found.id)?.goesIn === true))
      byHash.set(found.infSha256, found);
  }
  const goIn: SetPackage[] = [];
  const stayOut: SetPackage[] = [];
  const served = new Set(matched);
  for (const sha256 of served) {
    const found = byHash.get(sha256);
    if (found !== undefined) goIn.push({ found, by: 'devices', use: uses.get(found.id) });
  }
  const gone: string[] = [];
  for (const sha256 of new Set(set.packages)) {
    const found = byHash.get(sha256);
    if (found === undefined) gone.push(sha256);
    if (found === undefined || served.has(sha256)) continue;
    const chosen = { found, by: 'chosen', use: uses.get(found.id) } as const;
    const hindrance = hindranceOf(found, set);
    if (hindrance === undefined) goIn.push(chosen);
    else stayOut.push({ ...chosen, hindrance });
  }
  const bytes = goIn.reduce((sum, { found }) => sum + found.bytes, 0);
  return { packages: [...goIn, ...stayOut], count: goIn.length, bytes, gone };
}

function hindranceOf(
  { errors, architectures }: PackageRow,
  { architecture }: Pick<DriverSet, 'architecture'>,
): Hindrance | undefined {
  if (architectures.length > 0 && !architectures.includes(architecture)) return 'wrong-architecture';
  return errors > 0 ? 'faulty' : undefined;
}

/** Where a package lies, as a place that can be looked through: its INF, or the archive that holds it. */
export function placeOfPackage({ inf }: Pick<PackageRow, 'inf'>): string {
  return /^(.*?\.(?:zip|cab)) > /i.exec(inf)?.[1] ?? inf;
}

/** How a set is named in a request: places to look through, and what of it goes in. */
export interface SetPlaces {
  readonly paths: readonly string[];
  /** SHA-256 of what goes in; undefined where the devices say it. */
  readonly only?: readonly string[];
  /** SHA-256 of what else lies in these places. */
  readonly others: readonly string[];
}

/** Places that a request names at most. */
const PLACES = 1000;

/**
 * Devices alone choose from the whole library, so that a newer package is taken as soon as it is there. What was chosen
 * by hand is named one by one.
 */
export function placesOfSet(
  set: Pick<DriverSet, 'model' | 'packages'>,
  { packages }: Pick<SetContents, 'packages'>,
  library: readonly PackageRow[],
  sources: readonly string[],
): SetPlaces {
  if (set.model !== '' && set.packages.length === 0) return { paths: sources, others: [] };
  const goIn = packages.filter(({ hindrance }) => hindrance === undefined);
  const only = goIn.map(({ found }) => found.infSha256);
  const narrow = [...new Set(goIn.map(({ found }) => placeOfPackage(found)))];
  const paths = narrow.length > PLACES ? sources : narrow;
  const inside = new Set(only);
  const places = new Set(paths);
  const others = library
    .filter((found) => paths === sources || places.has(placeOfPackage(found)))
    .map(({ infSha256 }) => infSha256)
    .filter((sha256) => !inside.has(sha256));
  return { paths, only, others: [...new Set(others)] };
}
