import type {
  DriverArchitecture,
  DriversAddRequest,
  InjectedPackage,
  OfflineWindows,
  PackageUse,
} from '../../../../src-shared/model/drivers';
import type { ReadPackage } from '../packages/readDriversTask';

/** What goes into an image, and what stays out and why. */
export interface PackageChoice {
  readonly chosen: readonly ReadPackage[];
  readonly leftOut: readonly InjectedPackage[];
  /** Chosen, and keep everything from being done unless the person says so. */
  readonly faulty: readonly ReadPackage[];
  /** Devices that each serves, by {@link ReadPackage.package}'s id. */
  readonly serves: ReadonlyMap<string, readonly string[]>;
}

/** How a match bears on the choice. */
export interface MatchedUses {
  readonly uses: readonly PackageUse[];
  /** Names of the devices, by their index; absent where no list was given, so that none is asked for. */
  readonly devices?: readonly string[];
}

/**
 * Decides about each package: what the person did not ask for, what serves no device, copies of another and what this
 * Windows cannot take stay out; the rest goes in, faulty ones only where the person says so.
 */
export function choosePackages(
  packages: readonly ReadPackage[],
  windows: OfflineWindows,
  request: Pick<DriversAddRequest, 'only' | 'skipFaulty' | 'forceFaulty'>,
  matched: MatchedUses | undefined,
): PackageChoice {
  const chosen: ReadPackage[] = [];
  const leftOut: InjectedPackage[] = [];
  const faulty: ReadPackage[] = [];
  const serves = new Map<string, readonly string[]>();
  const uses = new Map(matched?.uses.map((use) => [use.package, use]));
  const wanted = request.only === undefined ? undefined : new Set(request.only);
  const seen = new Map<string, string>();
  for (const one of packages) {
    const { package: driver } = one;
    const leave = (why: string): void => {
      leftOut.push({ package: driver, outcome: 'left out', why });
    };
    const use = uses.get(driver.id);
    const copy = seen.get(driver.infSha256);
    const fault = firstFault(one, windows.target.architecture);
    const reason =
      matched?.devices === undefined
        ? (windowsMisfit(use) ?? (copy === undefined ? unfitness(one, windows) : `it is a copy of ${copy}`))
        : use === undefined || use.usedFor.length === 0
          ? (use?.whyNot ?? 'no device of the list is served by it')
          : copy !== undefined
            ? `it is a copy of ${copy}`
            : unfitness(one, windows);
    const isWanted = wanted?.has(driver.infSha256) ?? true;
    // What keeps it out anyway is said rather than that nobody wanted it.
    if (reason !== undefined || !isWanted) {
      leave(reason ?? fault ?? 'it was not chosen');
      continue;
    }
    const names = matched?.devices;
    if (use !== undefined && names !== undefined) {
      serves.set(
        driver.id,
        use.usedFor.map((index) => names[index] ?? ''),
      );
    }
    if (fault !== undefined && request.forceFaulty !== true) {
      if (request.skipFaulty === true) {
        leave(fault);
        continue;
      }
      faulty.push(one);
    }
    seen.set(driver.infSha256, driver.inf);
    chosen.push(one);
  }
  return { chosen, leftOut, faulty, serves };
}

/** Why no line of the INF is for this Windows, of its architecture or not. */
function windowsMisfit(use: PackageUse | undefined): string | undefined {
  const codes: readonly (PackageUse['whyNotCode'] | undefined)[] = ['wrong-windows', 'wrong-architecture'];
  return use !== undefined && codes.includes(use.whyNotCode) ? use.whyNot : undefined;
}

/** Why this Windows can never use it. */
function unfitness({ package: driver }: ReadPackage, { target }: OfflineWindows): string | undefined {
  const { architectures } = driver;
  if (architectures.length === 0 || architectures.includes(target.architecture)) return undefined;
  return `it is for ${architectures.join(' and ')}, and this Windows is ${target.architecture}`;
}

/** The first error of a package that concerns a Windows of that architecture, with its file and line. */
export function firstFault(
  { package: { remarks } }: Pick<ReadPackage, 'package'>,
  target: DriverArchitecture,
): string | undefined {
  const fault = remarks.find(
    ({ severity, architectures }) => severity === 'error' && (architectures?.includes(target) ?? true),
  );
  if (fault === undefined) return undefined;
  const place = fault.line === undefined ? fault.file : `${fault.file}:${fault.line}`;
  return `${fault.problem} (${place})`;
}
