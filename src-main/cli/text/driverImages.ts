import type {
  DriversAddReport,
  DriversExportReport,
  DriversListReport,
  DriversRemoveReport,
  InjectedPackage,
  InjectionOutcome,
  OfflineWindows,
  StoredDriver,
} from '../../../src-shared/model/drivers';
import { type DriverTextOptions, fewLines, packageName } from './driverPackages';
import { countedText, sizeText } from './figures';
import { renderPlan } from './reports';
import { renderTable, withLinesBelow, wrapText } from './table';

const installations = {
  windows: '',
  'windows-pe': ', Windows PE',
  'windows-setup': ', Windows Setup',
} as const;

/** What is true of a package that has come so far; for a plan, what would be. */
const meanings: Readonly<Record<InjectionOutcome, string>> = {
  installed: 'DISM put them into the driver store of this Windows',
  staged: 'they lie in the image; Windows Setup installs them on first start',
  'registered for boot': 'staged, and their services start with Windows already',
  'left out': 'they are not in the image',
  failed: 'they are not in the image',
};
/** Windows PE has no setup that would install anything. */
const stagedInPe = 'they lie in the image; Windows PE loads them when it starts';
const outcomes = Object.keys(meanings) as InjectionOutcome[];

function windowsText({ target, edition, installation }: OfflineWindows): string {
  const named = edition === undefined || target.label.includes(edition) ? '' : ` ${edition}`;
  return `${target.label}${named}, ${target.architecture}${installations[installation]}`;
}

/** `drivers add`: the plan, or what has become of each package. */
export function renderDriversAdd(report: DriversAddReport, options: DriverTextOptions): string {
  const { place, windows, packages, plan, changed, write } = report;
  const dry = plan !== undefined;
  const head = `"${place}": ${windowsText(windows)}\n`;
  const groups = outcomes
    .map((outcome) => ({ outcome, group: packages.filter((one) => one.outcome === outcome) }))
    .filter(({ group }) => group.length > 0)
    .map(({ outcome, group }) => renderOutcome(outcome, group, report, options))
    .join('');
  const nothing = packages.length === 0 ? 'No package was added.\n' : '';
  const files =
    dry || changed.length === 0
      ? ''
      : `${countedText(changed.length, 'file')} of it ${changed.length === 1 ? 'is' : 'are'} new or changed.\n`;
  const listed = options.verbose && changed.length > 0 ? fewLines(changed, options) : '';
  const size =
    write === undefined || dry
      ? ''
      : `${sizeText(write.size)} in the file; ${sizeText(write.bytesStored)} stored.\n`;
  return (dry ? `${renderPlan(plan)}\n` : '') + head + groups + nothing + files + listed + size;
}

function renderOutcome(
  outcome: InjectionOutcome,
  group: readonly InjectedPackage[],
  { windows, plan }: DriversAddReport,
  options: DriverTextOptions,
): string {
  const meaning = outcome === 'staged' && windows.installation !== 'windows' ? stagedInPe : meanings[outcome];
  const title = plan === undefined ? outcome : `would be ${outcome === 'failed' ? 'refused' : outcome}`;
  const lines = group.map(({ package: one, why, place, devices }) => {
    const serves = devices === undefined || devices.length === 0 ? '' : `; for ${devices.join(', ')}`;
    // Under its published name a driver is found again; a folder is for those who want to look.
    const at = place === undefined || (outcome !== 'installed' && !options.verbose) ? '' : `; ${place}`;
    return `${packageName(one)}${why === undefined ? '' : `: ${why}`}${serves}${at}`;
  });
  // Reasons are never cut: they are what the person came for.
  const told = outcome === 'failed' || outcome === 'left out' ? { ...options, verbose: true } : options;
  return wrapText(`${title} (${group.length}): ${meaning}`, '', '  ', options.width) + fewLines(lines, told);
}

/** `drivers list`. */
export function renderDriversList(
  { place, windows, drivers }: DriversListReport,
  options: DriverTextOptions,
): string {
  const head = `"${place}": ${windowsText(windows)}\n`;
  if (drivers.length === 0)
    return `${head}It has no drivers of others than Microsoft; --all lists those, too.\n`;
  const third = drivers.filter(({ origin }) => origin === 'third-party').length;
  const staged = drivers.filter(({ origin }) => origin === 'staged').length;
  const inbox = drivers.length - third - staged;
  const counts = [
    ...(third > 0 ? [`${third} installed`] : []),
    ...(staged > 0 ? [`${staged} staged for the first start`] : []),
    ...(inbox > 0 ? [`${inbox} of Windows itself`] : []),
  ];
  return (
    `${head}\n${storedTable(drivers, options)}\n` +
    remarksOf(drivers) +
    (drivers.some(({ bootCritical }) => bootCritical === true)
      ? '* Windows starts from its devices.\n'
      : '') +
    `${countedText(drivers.length, 'driver')}: ${counts.join(', ')}.\n`
  );
}

function storedTable(drivers: readonly StoredDriver[], { verbose, width }: DriverTextOptions): string {
  const table = renderTable(
    [
      { title: 'Name' },
      { title: 'INF', shrinksTo: 16 },
      { title: 'Class', shrinksTo: 5, cut: 'end' },
      { title: 'Provider', shrinksTo: 6, cut: 'end' },
      { title: 'Version' },
      { title: 'Date' },
      { title: 'Is' },
    ],
    drivers.map((one) => [
      one.published === one.original ? '-' : one.published,
      one.original,
      one.className,
      one.provider,
      one.version,
      one.date,
      `${one.origin === 'third-party' ? 'installed' : one.origin}${one.bootCritical === true ? '*' : ''}`,
    ]),
    { indent: '  ', width },
  );
  return verbose
    ? withLinesBelow(
        table,
        drivers.map(({ folder }) => folder),
      )
    : table;
}

function remarksOf(drivers: readonly StoredDriver[]): string {
  const lines = drivers.flatMap(({ remarks }) =>
    remarks.map(
      ({ file, line, severity, problem }) =>
        `${file}${line === undefined ? '' : `:${line}`}: ${severity}: ${problem}\n`,
    ),
  );
  return lines.length === 0 ? '' : `${lines.join('')}\n`;
}

/** `drivers export`. */
export function renderDriversExport(report: DriversExportReport, options: DriverTextOptions): string {
  const { exported, destination, plan } = report;
  const bytes = exported.reduce((sum, one) => sum + one.bytes, 0);
  const lines = exported.map(
    ({ driver, folder, bytes: size }) =>
      `${driver.original} ${driver.version}: ${folder} (${sizeText(size)})`,
  );
  if (plan !== undefined) return renderPlan(plan) + fewLines(lines, options);
  return `${countedText(exported.length, 'driver')} exported to "${destination}", ${sizeText(bytes)}.\n${fewLines(lines, options)}`;
}

/** `drivers remove`. */
export function renderDriversRemove(report: DriversRemoveReport, options: DriverTextOptions): string {
  const { removed, place, plan, changed } = report;
  const lines = removed.map(({ published, original, version, provider }) => {
    const name = published === original ? original : `${published} (${original})`;
    return [name, version, provider].filter((text) => text !== '').join(' ');
  });
  if (plan !== undefined)
    return `${renderPlan(plan)}Drivers that would be removed:\n${fewLines(lines, options)}`;
  return (
    `${countedText(removed.length, 'driver')} removed from "${place}":\n${fewLines(lines, options)}` +
    (options.verbose ? `Files that are gone or changed:\n${fewLines(changed, options)}` : '')
  );
}
