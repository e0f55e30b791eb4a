import { AppError } from '../../../../src-shared/errors/appError';
import type { DriverArchitecture, WindowsTarget } from '../../../../src-shared/model/drivers';

/** A Windows that can be chosen by name. */
export interface KnownWindows {
  /** '11-24H2': what `--windows` takes. */
  readonly name: string;
  /** 'Windows 11 24H2' */
  readonly title: string;
  readonly major: number;
  readonly minor: number;
  readonly build: number;
  readonly productType: WindowsTarget['productType'];
  readonly architectures: readonly DriverArchitecture[];
}

const pc64: readonly DriverArchitecture[] = ['amd64', 'arm64'];
const pcAll: readonly DriverArchitecture[] = ['amd64', 'x86', 'arm64'];
const pcOld: readonly DriverArchitecture[] = ['amd64', 'x86'];

/**
 * Newest first, workstations before servers. Builds of Windows 10 and later: MicrosoftDocs/windows-driver-docs
 * install/inf-manufacturer-section.md, "BuildNumber"; of 25H2, 1511 and 1507 and of Windows 8.1 and earlier, Microsoft's
 * release information.
 */
export const knownWindows: readonly KnownWindows[] = [
  workstation('11-25H2', 10, 0, 26200, pc64),
  workstation('11-24H2', 10, 0, 26100, pc64),
  workstation('11-23H2', 10, 0, 22631, pc64),
  workstation('11-22H2', 10, 0, 22621, pc64),
  workstation('11-21H2', 10, 0, 22000, pc64),
  workstation('10-22H2', 10, 0, 19045, pcAll),
  workstation('10-21H2', 10, 0, 19044, pcAll),
  workstation('10-21H1', 10, 0, 19043, pcAll),
  workstation('10-20H2', 10, 0, 19042, pcAll),
  workstation('10-2004', 10, 0, 19041, pcAll),
  workstation('10-1909', 10, 0, 18363, pcAll),
  workstation('10-1903', 10, 0, 18362, pcAll),
  workstation('10-1809', 10, 0, 17763, pcAll),
  workstation('10-1803', 10, 0, 17134, pcAll),
  workstation('10-1709', 10, 0, 16299, pcAll),
  workstation('10-1703', 10, 0, 15063, pcOld),
  workstation('10-1607', 10, 0, 14393, pcOld),
  workstation('10-1511', 10, 0, 10586, pcOld),
  workstation('10-1507', 10, 0, 10240, pcOld),
  workstation('8.1', 6, 3, 9600, pcOld),
  workstation('8', 6, 2, 9200, pcOld),
  workstation('7', 6, 1, 7601, pcOld),
  server('server-2025', 10, 0, 26100, pc64),
  server('server-2022', 10, 0, 20348, ['amd64']),
  server('server-2019', 10, 0, 17763, ['amd64']),
  server('server-2016', 10, 0, 14393, ['amd64']),
  server('server-2012R2', 6, 3, 9600, ['amd64']),
  server('server-2012', 6, 2, 9200, ['amd64']),
  server('server-2008R2', 6, 1, 7601, ['amd64']),
];

function workstation(
  name: string,
  major: number,
  minor: number,
  build: number,
  architectures: readonly DriverArchitecture[],
): KnownWindows {
  const title = `Windows ${name.replace('-', ' ')}`;
  return { name, title, major, minor, build, productType: 'workstation', architectures };
}

function server(
  name: string,
  major: number,
  minor: number,
  build: number,
  architectures: readonly DriverArchitecture[],
): KnownWindows {
  const title = `Windows ${name.replace('server-', 'Server ').replace('R2', ' R2')}`;
  return { name, title, major, minor, build, productType: 'server', architectures };
}

/**
 * The Windows that a name ('11-24H2', '10-22H2', 'server-2025') or a version ('10.0.26100') names. '11', '10' and
 * 'server' alone are the newest of them; case, 'windows' before it and blanks for the hyphen do not matter. A version is
 * taken for a workstation; 'server' before it makes it a server.
 *
 * @throws AppError `drivers/windows-unknown`, also where that Windows is not made for the architecture
 */
export function windowsTarget(text: string, architecture: DriverArchitecture): WindowsTarget {
  const wanted = text
    .trim()
    .toLowerCase()
    .replace(/^(microsoft )?windows[ -]*/, '')
    .replace(/[ -]+/g, '-')
    .replace(/-r2$/, 'r2');
  const known =
    knownWindows.find(({ name }) => name.toLowerCase() === wanted) ??
    (wanted === '11' || wanted === '10' || wanted === 'server'
      ? knownWindows.find(({ name }) => name.startsWith(`${wanted}-`))
      : undefined);
  if (known !== undefined) return knownTarget(known, architecture);
  return versionTarget(text, wanted, architecture);
}

function knownTarget(known: KnownWindows, architecture: DriverArchitecture): WindowsTarget {
  if (!known.architectures.includes(architecture)) {
    throw new AppError('drivers/windows-unknown', `there is no ${known.title} for ${architecture}`, {
      windows: known.name,
      architecture,
    });
  }
  const { title: label, major, minor, build, productType } = known;
  return { label, major, minor, build, architecture, productType };
}

function versionTarget(text: string, wanted: string, architecture: DriverArchitecture): WindowsTarget {
  const [, server, major, minor, build] =
    /^(server-)?(\d{1,3})\.(\d{1,3})\.(\d{1,6})(?:\.\d{1,9})?$/.exec(wanted) ?? [];
  if (major === undefined || minor === undefined || build === undefined) {
    throw new AppError('drivers/windows-unknown', `"${text.slice(0, 60)}" is no Windows that is known`, {
      windows: text.slice(0, 60),
    });
  }
  const productType = server === undefined ? 'workstation' : 'server';
  const version = { major: Number(major), minor: Number(minor), build: Number(build), productType } as const;
  const known = knownWindows.find(
    (one) =>
      one.major === version.major &&
      one.minor === version.minor &&
      one.build === version.build &&
      one.productType === productType,
  );
  const number = `${version.major}.${version.minor}.${version.build}`;
  const label = known === undefined ? `Windows ${number}` : `${known.title} (${number})`;
  return { label, ...version, architecture };
}
