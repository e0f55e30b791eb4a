import type {
  Device,
  DeviceList,
  DeviceMatch,
  DriverCandidate,
  DriverPackage,
  DriversMatchReport,
  PackageUse,
} from '../../../src-shared/model/drivers';
import {
  type DriverTextOptions,
  fewLines,
  packageName,
  renderLooseRemarks,
  signatureProse,
} from './driverPackages';
import { countedText } from './figures';
import { renderTable, wrapText } from './table';

type WhyNotCode = NonNullable<PackageUse['whyNotCode']>;

const whyNotTitles: Readonly<Record<WhyNotCode, string>> = {
  'no-device': 'for no device of the list',
  outranked: 'another package fits better',
  older: 'there is a newer one',
  duplicate: 'the same package is there twice',
  'wrong-architecture': 'for another architecture',
  'wrong-windows': 'for another Windows',
  faulty: 'faulty',
  'no-devices-in-inf': 'the INF names no devices',
};

/** `drivers match`. */
export function renderDriversMatch(report: DriversMatchReport, options: DriverTextOptions): string {
  const packages = new Map(report.packages.map((one) => [one.id, one]));
  const served = report.devices.filter(({ candidates }) => candidates.length > 0);
  const others = report.devices.filter(({ candidates }) => candidates.length === 0);
  const { windows, list } = report;
  const model = list.model === undefined ? '' : ` (${list.model})`;
  return [
    `${countedText(report.devices.length, 'device')} of ${list.label}${model}; ${windows.label}, ${windows.architecture}\n\n`,
    ...served.map((match) => `${renderServed(match, packages, options)}\n`),
    others.length === 0
      ? ''
      : `No package here for ${countedText(others.length, 'device')}:\n${others.map((match) => renderUnserved(match, options)).join('')}\n`,
    renderUses(report, packages, options),
    renderLooseRemarks(report.remarks),
    matchSummary(report, served),
  ].join('');
}

function renderServed(
  { device, candidates, extensions }: DeviceMatch,
  packages: ReadonlyMap<string, DriverPackage>,
  options: DriverTextOptions,
): string {
  const { verbose, width } = options;
  const [winner, ...alternatives] = candidates;
  const lines = [
    `${deviceName(device)}\n`,
    candidateText(winner, packages, '  ', options),
    ...extensions.map((extension) => candidateText(extension, packages, '  + ', options)),
  ];
  if (alternatives.length > 0) {
    lines.push(
      verbose
        ? alternatives.map((other) => candidateText(other, packages, '  - ', options)).join('')
        : wrapText(countedText(alternatives.length, 'alternative'), '    ', '    ', width),
    );
  }
  return lines.join('');
}

function candidateText(
  candidate: DriverCandidate,
  packages: ReadonlyMap<string, DriverPackage>,
  mark: string,
  { verbose, width }: DriverTextOptions,
): string {
  const found = packages.get(candidate.package);
  const name =
    found === undefined
      ? candidate.package
      : `${packageName(found)}, ${signatureProse[found.signature.state]}`;
  const text = wrapText(name, mark, '    ', width) + wrapText(candidate.why, '    ', '    ', width);
  if (!verbose) return text;
  const rank = (candidate.rank >>> 0).toString(16).padStart(8, '0');
  const place = `${found?.inf ?? candidate.package}:${candidate.line}: [${candidate.section}] ${candidate.identifier}; rank 0x${rank}`;
  return `${text}    ${place}\n`;
}

function deviceName({ name, className, hardwareIds, instanceId }: Device): string {
  const called = name === '' ? (hardwareIds[0] ?? instanceId) : name;
  return className === '' ? called : `${called} [${className}]`;
}

function renderUnserved({ device, why }: DeviceMatch, { width }: DriverTextOptions): string {
  const id = device.hardwareIds[0] ?? device.instanceId;
  const problem = device.problem === undefined ? '' : `; ${device.problem}`;
  return (
    `  ${deviceName(device)}${device.name === '' || id === '' ? '' : `  ${id}`}\n` +
    (why === undefined && problem === ''
      ? ''
      : wrapText(`${why ?? ''}${problem}`.replace(/^; /, ''), '    ', '    ', width))
  );
}

/** What each package is used for, and why the others are not. */
function renderUses(
  { uses, devices }: DriversMatchReport,
  packages: ReadonlyMap<string, DriverPackage>,
  options: DriverTextOptions,
): string {
  const named = (id: string): string => {
    const found = packages.get(id);
    return found === undefined ? id : packageName(found);
  };
  const used = uses.filter(({ usedFor }) => usedFor.length > 0);
  const text = [
    used.length === 0 ? '' : `Packages that are used (${used.length}):\n`,
    fewLines(
      used.map((use) => `${named(use.package)}: for ${devicesText(use, devices, options.verbose)}`),
      options,
    ),
  ];
  const unused = uses.filter(({ usedFor }) => usedFor.length === 0);
  for (const code of Object.keys(whyNotTitles) as WhyNotCode[]) {
    const group = unused.filter((use) => (use.whyNotCode ?? 'no-device') === code);
    if (group.length === 0) continue;
    text.push(`Not used, ${whyNotTitles[code]} (${group.length}):\n`);
    // What has no device is the heap that the right ones were picked from.
    if (code === 'no-device' && !options.verbose) continue;
    text.push(
      fewLines(
        group.map((use) => `${named(use.package)}${use.whyNot === undefined ? '' : `: ${use.whyNot}`}`),
        options,
      ),
    );
  }
  const shown = text.join('').replace(/\):\n(?=Not used|$)/g, ').\n');
  return shown === '' ? '' : `${shown}\n`;
}

function devicesText({ usedFor }: PackageUse, devices: readonly DeviceMatch[], verbose: boolean): string {
  const names = [...new Set(usedFor.map((i) => deviceName(devices[i].device)))];
  const shown = verbose ? names : names.slice(0, 2);
  const rest = names.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` and ${countedText(rest, 'more', 'more')}` : '');
}

function matchSummary(
  { devices, packages, uses }: DriversMatchReport,
  served: readonly DeviceMatch[],
): string {
  const used = uses.filter(({ usedFor }) => usedFor.length > 0).length;
  return (
    `${served.length} of ${countedText(devices.length, 'device')} served by ${used} of ` +
    `${countedText(packages.length, 'package')}.\n`
  );
}

/** `drivers devices`. */
export function renderDevices(list: DeviceList, { verbose, width }: DriverTextOptions): string {
  const { devices, label, model } = list;
  const title = `${countedText(devices.length, 'device')} of ${label}${model === undefined ? '' : ` (${model})`}\n`;
  if (devices.length === 0) return title;
  if (verbose) return title + devices.map(renderDevice).join('');
  return (
    title +
    renderTable(
      [
        { title: 'Device', shrinksTo: 20, cut: 'end' },
        { title: 'Class', shrinksTo: 8, cut: 'end' },
        { title: 'Identifier', shrinksTo: 21, cut: 'end' },
        { title: 'Problem', shrinksTo: 10, cut: 'end' },
      ],
      devices.map(({ name, className, hardwareIds, compatibleIds, instanceId, problem }) => [
        name === '' ? '-' : name,
        className,
        hardwareIds[0] ?? compatibleIds[0] ?? instanceId,
        problem ?? '',
      ]),
      { indent: '  ', width },
    )
  );
}

function renderDevice(device: Device): string {
  const { instanceId, hardwareIds, compatibleIds, problem, currentInf } = device;
  return [
    `\n${deviceName(device)}`,
    ...(problem === undefined ? [] : [`  Problem: ${problem}`]),
    ...(currentInf === undefined ? [] : [`  Driver: ${currentInf}`]),
    ...(instanceId === '' ? [] : [`  Instance: ${instanceId}`]),
    ...hardwareIds.map((id) => `  ${id}`),
    ...compatibleIds.map((id) => `  ${id} (compatible)`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
