import type { UseRow } from '../../../src-shared/contract/drivers';
import type {
  DeviceMatch,
  DriverCandidate,
  DriverPackage,
  PackageUse,
  WindowsTarget,
} from '../../../src-shared/model/drivers';
import { deviceRow, isFaulty } from './driverRows';

/** A device with the packages that go in; the first serves it. */
export interface ChosenForDevice extends DeviceMatch {
  /** Packages that could serve it and stay out, best first. */
  readonly out: readonly DriverCandidate[];
  /** The package that would win it if it did not stay out. */
  readonly keptOut?: string;
}

/** What goes into an image, and for what. */
export interface ChosenDrivers {
  readonly devices: readonly ChosenForDevice[];
  /** One for each package, in their order. */
  readonly uses: readonly UseRow[];
}

export interface Choices {
  /** SHA-256 of INFs that stay out. */
  readonly leaveOut: readonly string[];
  /** SHA-256 of INFs that go in although they have faults. */
  readonly takeIn: readonly string[];
}

/** Devices that a row names. */
const NAMED_DEVICES = 5;

/**
 * Takes the packages that a person keeps out of a match: the next best takes their place.
 * @param matched a match of all packages, faulty ones among them
 */
export function chooseMatched(
  packages: readonly DriverPackage[],
  matched: { readonly devices: readonly DeviceMatch[]; readonly uses: readonly PackageUse[] },
  choices: Choices,
): ChosenDrivers {
  const keptOut = keepingOut(choices);
  const out = new Set(packages.filter((one) => keptOut(one) !== undefined).map(({ id }) => id));
  const stays = ({ package: id }: DriverCandidate): boolean => !out.has(id);
  const devices = matched.devices.map((match): ChosenForDevice => {
    const candidates = match.candidates.filter(stays);
    const extensions = match.extensions.filter(stays);
    const why = candidates.length > 0 ? {} : { why: whyNone(match) };
    const best = match.candidates.at(0);
    const keptOut = best === undefined || stays(best) ? {} : { keptOut: best.package };
    const kept = match.candidates.filter((candidate) => !stays(candidate));
    return { device: match.device, candidates, extensions, out: kept, ...why, ...keptOut };
  });
  const now = servedBy(devices);
  const before = servedBy(matched.devices);
  const told = new Map(matched.uses.map((use) => [use.package, use]));
  const uses = packages.map((one) => {
    const usedFor = now.get(one.id) ?? [];
    const wouldServe = before.get(one.id) ?? [];
    const use = told.get(one.id);
    const kept = keptOut(one);
    // A fault says less than that it would serve nobody without it.
    const idle = kept?.whyNotCode === 'faulty' && wouldServe.length === 0 && use?.whyNot !== undefined;
    const reason = idle ? reasonOf(use) : (kept ?? (usedFor.length > 0 ? undefined : reasonOf(use)));
    return row(one, reason, usedFor.length > 0 ? usedFor : wouldServe, matched.devices, {
      usedFor: usedFor.length,
      wouldServe: wouldServe.length,
    });
  });
  return { devices, uses };
}

/** All packages that a Windows can take. Copies count once. */
export function chooseAll(
  packages: readonly DriverPackage[],
  target: WindowsTarget,
  choices: Choices,
): ChosenDrivers {
  const keptOut = keepingOut(choices);
  const seen = new Map<string, string>();
  const uses = packages.map((one) => {
    const reason = unfitness(one, target) ?? keptOut(one) ?? copyOf(one, seen);
    if (reason === undefined) seen.set(one.infSha256, one.inf);
    return row(one, reason, [], [], { usedFor: 0, wouldServe: 0 });
  });
  return { devices: [], uses };
}

interface Reason {
  readonly whyNot: string;
  readonly whyNotCode: NonNullable<UseRow['whyNotCode']>;
}

function keepingOut({ leaveOut, takeIn }: Choices): (one: DriverPackage) => Reason | undefined {
  const [out, onPurpose] = [new Set(leaveOut), new Set(takeIn)];
  return (one) => {
    if (out.has(one.infSha256)) return { whyNot: 'you left it out', whyNotCode: 'kept-out' };
    if (!isFaulty(one) || onPurpose.has(one.infSha256)) return undefined;
    const fault = one.remarks.find(({ severity }) => severity === 'error');
    return { whyNot: fault?.problem ?? 'it has a fault', whyNotCode: 'faulty' };
  };
}

function unfitness({ architectures }: DriverPackage, target: WindowsTarget): Reason | undefined {
  if (architectures.length === 0 || architectures.includes(target.architecture)) return undefined;
  const whyNot = `it is for ${architectures.join(' and ')}, and this Windows is ${target.architecture}`;
  return { whyNot, whyNotCode: 'wrong-architecture' };
}

function copyOf({ infSha256 }: DriverPackage, seen: ReadonlyMap<string, string>): Reason | undefined {
  const first = seen.get(infSha256);
  return first === undefined ? undefined : { whyNot: `it is a copy of ${first}`, whyNotCode: 'duplicate' };
}

function reasonOf(use: PackageUse | undefined): Reason {
  return {
    whyNot: use?.whyNot ?? 'no device of the list is served by it',
    whyNotCode: use?.whyNotCode ?? 'no-device',
  };
}

/** What is said of a device that none serves any more, or never did. */
function whyNone({ candidates, why }: DeviceMatch): string {
  return candidates.length === 0 ? (why ?? '') : 'the packages for it are left out';
}

/** Devices that each package wins or extends, by its id. */
function servedBy(devices: readonly DeviceMatch[]): Map<string, number[]> {
  const served = new Map<string, number[]>();
  for (const [index, { candidates, extensions }] of devices.entries()) {
    for (const { package: id } of [...candidates.slice(0, 1), ...extensions]) {
      const known = served.get(id);
      if (known === undefined) served.set(id, [index]);
      else if (known.at(-1) !== index) known.push(index);
    }
  }
  return served;
}

function row(
  { id }: DriverPackage,
  reason: Reason | undefined,
  indexes: readonly number[],
  matches: readonly DeviceMatch[],
  counts: Pick<UseRow, 'usedFor' | 'wouldServe'>,
): UseRow {
  const devices = indexes.slice(0, NAMED_DEVICES).map((index) => deviceRow(matches[index], index).name);
  return { package: id, goesIn: reason === undefined, ...counts, devices, ...reason };
}
