import type { DriverArchitecture, SignatureState } from '../../../../src-shared/model/drivers';
import type { Decoration } from '../infModel';
import { usualFeatureScore } from './driverRank';
import type { Hit } from './findDrivers';
import type { IndexedPackage } from './matchTypes';

/** 'e1d.inf 12.18.9.23 (2020-05-01)' */
export function packageText({ name, version, date }: IndexedPackage): string {
  const age = [version, date === '' ? '' : `(${date})`].filter((part) => part !== '').join(' ');
  return age === '' ? name : `${name} ${age}`;
}

const signatures: Readonly<Record<SignatureState, string>> = {
  whcp: 'signed by Microsoft for hardware',
  inbox: 'part of Windows',
  signed: 'signed by its maker',
  doubtful: 'signature in doubt',
  unsigned: 'not signed',
  tampered: 'changed after it was signed',
  unchecked: 'signature not checked',
};

/** What makes the rank of a driver, in words. */
export function rankReason(hit: Hit, state: SignatureState, featureScore: number): string {
  const place = hit.devicePosition + 1;
  const own = hit.match.startsWith('hardware') ? 'hardware ID' : 'compatible ID';
  const inf = hit.match.endsWith('hardware') ? '' : ", a compatible ID in the INF's line";
  const feature = featureScore === usualFeatureScore ? '' : `, feature score ${featureScore}`;
  return `${own} ${place} of the device${inf}; ${signatures[state]}${feature}`;
}

/** 'Windows 10 build 17763', 'Windows 8.1', 'Windows 12.3' */
export function windowsText({ major = 0, minor = 0, build }: Decoration): string {
  const name = windowsNames.get(`${major}.${minor}`) ?? `Windows ${major}.${minor}`;
  return build === undefined || build === 0 ? name : `${name} build ${build}`;
}

/** inf-manufacturer-section.md, "OSMajorVersion" and "OSMinorVersion"; the workstation's name of each. */
const windowsNames: ReadonlyMap<string, string> = new Map([
  ['10.0', 'Windows 10'],
  ['6.3', 'Windows 8.1'],
  ['6.2', 'Windows 8'],
  ['6.1', 'Windows 7'],
  ['6.0', 'Windows Vista'],
  ['5.2', 'Windows Server 2003'],
  ['5.1', 'Windows XP'],
  ['5.0', 'Windows 2000'],
]);

const productNames: Readonly<Record<number, string>> = {
  1: 'workstations',
  2: 'domain controllers',
  3: 'servers',
};

/** 'for arm64 only', 'for x86 and arm64 only' */
export function architecturesText(architectures: Iterable<DriverArchitecture>): string {
  return `for ${[...new Set(architectures)].sort().join(' and ')} only`;
}

/** 'for servers only' */
export function productsText(decorations: readonly Decoration[]): string {
  const names = decorations.map(({ productType }) => productNames[productType ?? 0] ?? 'other editions');
  return `for ${[...new Set(names)].sort().join(' and ')} only`;
}
