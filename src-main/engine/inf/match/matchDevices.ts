import type { Device, DeviceMatch, PackageUse, WindowsTarget } from '../../../../src-shared/model/drivers';
import type { DriverIndex } from './driverIndex';
import { candidateOf, findDrivers, type Found, type Hit } from './findDrivers';
import { packageText, rankReason } from './matchWords';
import type { MatchOptions } from './matchTypes';
import { misfitReason, standing, UseTally } from './packageUses';
import { viewFor, type TargetView } from './targetView';

/** Which package serves which device, and what becomes of each package. */
export interface MatchedDrivers {
  /** In the order of the devices. */
  readonly devices: readonly DeviceMatch[];
  /** In the order of the index. */
  readonly uses: readonly PackageUse[];
}

const mostCandidates = 20;

/**
 * Which package Windows would take for each device if it had these packages and no others, and what becomes of each
 * package. Drivers that Windows brings itself are not in it. Packages that cannot be installed as they are (files
 * missing, INF malformed) are no candidates unless `keepFaulty` is set; a missing or bad signature makes the rank worse.
 * The same list and packages give the same result, in whatever order the packages were added.
 */
export function matchDevices(
  index: DriverIndex,
  devices: readonly Device[],
  target: WindowsTarget,
  options: MatchOptions = {},
): MatchedDrivers {
  const view = viewFor(index, target, options);
  const tally = new UseTally(view);
  const matches = devices.map((device, number) => {
    const found = findDrivers(view, device);
    tally.count(number, found);
    return matchOf(view, device, found);
  });
  return { devices: matches, uses: tally.uses(devices) };
}

function matchOf(view: TargetView, device: Device, found: Found): DeviceMatch {
  const [winner] = found.drivers;
  const candidates = found.drivers
    .slice(0, mostCandidates)
    .map((hit) => candidateOf(view, hit, whyOf(view, hit, winner)));
  const extensions = found.extensions
    .slice(0, mostCandidates)
    .map((hit) => candidateOf(view, hit, whyOf(view, hit, undefined)));
  if (candidates.length > 0) return { device, candidates, extensions };
  return { device, candidates, extensions, why: whyNone(view, device, found) };
}

function whyOf(view: TargetView, hit: Hit, winner: Hit | undefined): string {
  const state = view.index.packages[hit.package]?.signature.state ?? 'unchecked';
  const reason = rankReason(hit, state, hit.part.models.feature[hit.model] ?? 0);
  if (winner === undefined || winner === hit) return reason;
  return `${reason}; ${standing(view, hit, winner)}`;
}

/** Why no package serves a device. */
function whyNone(view: TargetView, device: Device, found: Found): string {
  const count = device.hardwareIds.length + device.compatibleIds.length;
  if (count === 0) return 'the list gives no identifiers for it';
  const { packages } = view.index;
  const [faulty] = found.faulty;
  if (faulty !== undefined) {
    return `${nameOf(view, faulty)}${andMore(found.faulty.size)} would serve it, but cannot be installed: ${view.faults.get(faulty) ?? ''}`;
  }
  const [other] = [...found.otherWindows.keys()].sort(
    (one, two) => (view.precedence[one] ?? 0) - (view.precedence[two] ?? 0),
  );
  if (other !== undefined) {
    return `${nameOf(view, other)}${andMore(found.otherWindows.size)} names it, but ${misfitText(view, other)}`;
  }
  if (found.extensions.length > 0) return 'only extensions name it: they need a driver to extend';
  if (packages.length === 0) return 'there are no packages';
  return count === 1 ? 'no package names its identifier' : `no package names one of its ${count} identifiers`;
}

function nameOf({ index }: TargetView, number: number): string {
  const summary = index.packages[number];
  return summary === undefined ? '' : packageText(summary);
}

function andMore(count: number): string {
  return count > 1 ? ` (as ${count - 1} more)` : '';
}

function misfitText(view: TargetView, number: number): string {
  for (const part of view.index.parts) {
    const own = number - part.firstPackage;
    if (own < 0 || own >= part.packageCount) continue;
    const [from, to] = part.sectionsOf(own);
    const decorations = [];
    for (let section = from; section < to; section++) decorations.push(part.section(section)?.decoration);
    const reason = misfitReason(decorations, view.target);
    return reason === undefined ? 'not for this Windows' : `is ${reason.text}`.replace(/^is needs/, 'needs');
  }
  return 'not for this Windows';
}
