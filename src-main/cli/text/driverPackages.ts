import type {
  DriverPackage,
  DriverRemark,
  DriversScanReport,
  SignatureState,
} from '../../../src-shared/model/drivers';
import { countedText, sizeText } from './figures';
import { renderTable, withLinesBelow, wrapText } from './table';

/** How driver texts are laid out. */
export interface DriverTextOptions {
  /** Paths, and every line of what is only counted otherwise. */
  readonly verbose: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** How many lines of one kind are printed before the rest is only counted. */
export const FEW = 10;

export const signatureWords: Readonly<Record<SignatureState, string>> = {
  whcp: 'WHCP',
  inbox: 'Microsoft',
  signed: 'vendor',
  doubtful: 'doubtful',
  unsigned: 'unsigned',
  tampered: 'TAMPERED',
  unchecked: 'not checked',
};

/** Behind the name of one package. */
export const signatureProse: Readonly<Record<SignatureState, string>> = {
  ...signatureWords,
  inbox: 'signed by Microsoft as part of Windows',
  signed: 'signed by its vendor',
  doubtful: 'its signature is doubtful',
};

/** For sentences: "12 signed by ...". */
const signatureSentences: Readonly<Record<SignatureState, string>> = {
  whcp: 'signed by Microsoft (WHCP)',
  inbox: 'of Windows itself',
  signed: 'signed by their vendor',
  doubtful: 'with a doubtful signature',
  unsigned: 'unsigned',
  tampered: 'tampered with',
  unchecked: 'whose signature was not checked',
};
const severities = ['error', 'warning', 'note'] as const;

/** `drivers scan`. */
export function renderDriversScan(report: DriversScanReport, options: DriverTextOptions): string {
  const classes = new Map<string, DriverPackage[]>();
  for (const one of report.packages) {
    const key = one.className === '' ? 'No class' : one.className;
    classes.set(key, [...(classes.get(key) ?? []), one]);
  }
  const tables = Array.from(classes)
    .sort(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([name, packages]) => `${name} (${packages.length})\n${packageTable(packages, options)}\n`)
    .join('');
  return tables + renderLooseRemarks(report.remarks) + scanSummary(report, options);
}

function packageTable(packages: readonly DriverPackage[], { verbose, width }: DriverTextOptions): string {
  const sorted = [...packages].sort(
    (a, b) => a.name.localeCompare(b.name, 'en') || b.date.localeCompare(a.date),
  );
  const table = renderTable(
    [
      { title: 'INF', shrinksTo: 12 },
      { title: 'Version' },
      { title: 'Date' },
      { title: 'Provider', shrinksTo: 10, cut: 'end' },
      { title: 'For', shrinksTo: 5, cut: 'end' },
      { title: 'Signature' },
      { title: 'Remarks', shrinksTo: 9, cut: 'end' },
    ],
    sorted.map((one) => [
      one.name,
      one.version === '' ? '-' : one.version,
      one.date === '' ? '-' : one.date,
      one.provider === '' ? '-' : one.provider,
      one.architectures.join(' '),
      signatureWords[one.signature.state],
      remarksCount(one.remarks),
    ]),
    { indent: '  ', width },
  );
  return verbose
    ? withLinesBelow(
        table,
        sorted.map(({ inf }) => inf),
      )
    : table;
}

/** "2 errors, 1 warning"; notes are no reason to look. */
function remarksCount(remarks: readonly DriverRemark[]): string {
  return severities
    .slice(0, 2)
    .map((severity) => [severity, remarks.filter((remark) => remark.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => countedText(count, severity))
    .join(', ');
}

function scanSummary({ packages, infs, bytes }: DriversScanReport, { width }: DriverTextOptions): string {
  if (packages.length === 0) return `No driver packages in ${countedText(infs, 'INF')}.\n`;
  const states = new Map<SignatureState, number>();
  for (const { signature } of packages) states.set(signature.state, (states.get(signature.state) ?? 0) + 1);
  const parts = Array.from(states)
    .sort(([, a], [, b]) => b - a)
    .map(([state, count]) => `${count} ${signatureSentences[state]}`);
  const faulty = packages.filter(isFaulty).length;
  const critical = packages.filter(({ bootCritical }) => bootCritical).length;
  return [
    wrapText(
      `${countedText(packages.length, 'package')}, ${sizeText(bytes)}: ${parts.join(', ')}.`,
      '',
      '  ',
      width,
    ),
    critical === 0 ? '' : `${countedText(critical, 'package')} for devices that Windows starts from.\n`,
    faulty === 0
      ? ''
      : `${countedText(faulty, 'package')} with errors: "wimsmith drivers check" tells each with its line.\n`,
  ].join('');
}

export function isFaulty({ remarks }: { readonly remarks: readonly DriverRemark[] }): boolean {
  return remarks.some(({ severity }) => severity === 'error');
}

/** `drivers check`: what is wrong with each package, each with its file and line. */
export function renderDriversCheck(report: DriversScanReport, options: DriverTextOptions): string {
  const { verbose } = options;
  const told = (remark: DriverRemark): boolean => verbose || remark.severity !== 'note';
  const shown = report.packages.filter((one) => verbose || one.remarks.some(told));
  const blocks = shown
    .map(
      (one) =>
        `${packageTitle(one)}\n${one.remarks
          .filter(told)
          .map((r) => remarkLine(r, one))
          .join('')}\n`,
    )
    .join('');
  const faulty = report.packages.filter(isFaulty).length;
  const warned = shown.filter(
    (one) => !isFaulty(one) && one.remarks.some((r) => r.severity === 'warning'),
  ).length;
  const sound = report.packages.length - faulty - warned;
  const parts = [
    ...(faulty > 0 ? [`${faulty} faulty`] : []),
    ...(warned > 0 ? [`${warned} with warnings`] : []),
    ...(sound > 0 ? [`${sound} sound`] : []),
  ];
  const summary =
    report.packages.length === 0
      ? `No driver packages in ${countedText(report.infs, 'INF')}.\n`
      : `${countedText(report.packages.length, 'package')} checked: ${parts.join(', ')}.\n`;
  return blocks + renderLooseRemarks(report.remarks) + summary;
}

function packageTitle({ inf, version, provider, signature }: DriverPackage): string {
  const signer = signature.signer === undefined ? '' : ` by ${signature.signer}`;
  const facts = [
    version,
    provider,
    signature.state === 'signed' && signer !== '' ? `signed${signer}` : signatureProse[signature.state],
  ].filter((text) => text !== '');
  return `${inf} (${facts.join(', ')})`;
}

/** As compilers write it, so that editors and people find the place. */
function remarkLine({ severity, file, line, problem }: DriverRemark, one: DriverPackage): string {
  const place = `${shortPath(file, one)}${line === undefined ? '' : `:${line}`}`;
  return `  ${place}: ${severity}: ${problem}\n`;
}

/** A file beside the INF by its name within the package. */
function shortPath(file: string, { inf, name }: DriverPackage): string {
  const folder = inf.endsWith(name) ? inf.slice(0, inf.length - name.length) : '';
  return folder !== '' && file.startsWith(folder) ? file.slice(folder.length) : file;
}

/** What is about no package: an archive that cannot be read. */
export function renderLooseRemarks(remarks: readonly DriverRemark[]): string {
  if (remarks.length === 0) return '';
  return `${remarks.map(({ severity, file, problem }) => `${file}: ${severity}: ${problem}\n`).join('')}\n`;
}

/** "e1d68x64.inf 12.19.2.45 (Intel, 2021-08-03)" */
export function packageName({ name, version, provider, date }: DriverPackage): string {
  const facts = [provider, date].filter((text) => text !== '').join(', ');
  return `${name}${version === '' ? '' : ` ${version}`}${facts === '' ? '' : ` (${facts})`}`;
}

/** Lines of a list, cut after a few. */
export function fewLines(
  lines: readonly string[],
  { verbose, width }: DriverTextOptions,
  indent = '  ',
): string {
  const shown = verbose ? lines : lines.slice(0, FEW);
  const rest = lines.length - shown.length;
  const more = rest > 0 ? `${indent}and ${countedText(rest, 'more', 'more')}; --verbose lists all\n` : '';
  return shown.map((line) => wrapText(line, indent, `${indent}  `, width)).join('') + more;
}
