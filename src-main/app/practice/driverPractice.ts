import type { PlannedFile, PlannedTree } from '../../platform/plannedTree';
import { createHive } from '../../engine/registry/createHive';
import type { Hive } from '../../engine/registry/hive';
import { setDword, setText } from '../../engine/registry/registryValues';
import { contentOf } from './content';
import { INSTALLED } from './treeBuilder';

/**
 * The practice with drivers: a Windows that has none of them, packages made up for devices that nobody has, and the list
 * of a PC's devices. Nothing in it is a vendor's.
 */

const KB = 1024;

/** Packages of the practice, by what is the matter with them. Names of their INFs. */
export const practicePackages = {
  /** Serves the network adapter. Like all of them it is not signed. */
  right: 'pnet.inf',
  /** For another architecture. */
  otherArchitecture: 'pstor.inf',
  /** Names a file that is not there. */
  incomplete: 'pgfx.inf',
} as const;

/** The list of the practice PC's devices, beside the packages. */
export const deviceListName = 'Devices of the practice PC.txt';

interface Package {
  readonly folder: string;
  readonly stem: string;
  readonly className: string;
  readonly classGuid: string;
  readonly architecture: 'amd64' | 'arm64';
  readonly device: string;
  readonly title: string;
  readonly start: 0 | 3;
  /** Files that the INF names; those of `there` exist. */
  readonly named: readonly string[];
  readonly there: readonly string[];
}

const packages: readonly Package[] = [
  {
    folder: 'Network',
    stem: 'pnet',
    className: 'Net',
    classGuid: '{4d36e972-e325-11ce-bfc1-08002be10318}',
    architecture: 'amd64',
    device: 'PCI\\VEN_1234&DEV_0A01',
    title: 'Practice Network Adapter',
    start: 3,
    named: ['pnet.sys'],
    there: ['pnet.sys'],
  },
  {
    folder: 'Storage for ARM',
    stem: 'pstor',
    className: 'SCSIAdapter',
    classGuid: '{4d36e97b-e325-11ce-bfc1-08002be10318}',
    architecture: 'arm64',
    device: 'PCI\\VEN_1234&DEV_0A02',
    title: 'Practice Storage Controller',
    start: 0,
    named: ['pstor.sys'],
    there: ['pstor.sys'],
  },
  {
    folder: 'Graphics',
    stem: 'pgfx',
    className: 'Display',
    classGuid: '{4d36e968-e325-11ce-bfc1-08002be10318}',
    architecture: 'amd64',
    device: 'PCI\\VEN_1234&DEV_0A03',
    title: 'Practice Graphics Adapter',
    start: 3,
    named: ['pgfx.sys', 'pgfxui.dll'],
    there: ['pgfx.sys'],
  },
];

/** The packages, and the list of devices beside them. */
export function practiceDrivers(): PlannedTree {
  const files = packages.flatMap((one) => [
    fileOf(`${one.folder}/${one.stem}.inf`, Buffer.from(infOf(one), 'latin1')),
    ...one.there.map((name, i) => made(`${one.folder}/${name}`, (24 + 8 * i) * KB)),
  ]);
  return treeOf(
    packages.map(({ folder }) => folder),
    [...files, fileOf(deviceListName, Buffer.from(deviceList(), 'latin1'))],
  );
}

/** A Windows 11 as an image holds it, as far as drivers look at it: its hives, and a few files besides. */
export function driverlessWindows(): PlannedTree {
  const system32 = 'Windows/System32';
  return treeOf(
    [
      'Windows',
      'Windows/INF',
      system32,
      `${system32}/config`,
      `${system32}/drivers`,
      `${system32}/DriverStore`,
      `${system32}/DriverStore/FileRepository`,
    ],
    [
      fileOf(`${system32}/config/SOFTWARE`, softwareHive().serialize()),
      fileOf(`${system32}/config/SYSTEM`, systemHive().serialize()),
      made(`${system32}/drivers/pbus.sys`, 40 * KB),
      made('Windows/notepad.exe', 120 * KB),
    ],
  );
}

function softwareHive(): Hive {
  const hive = createHive({ label: 'SOFTWARE' });
  const current = hive.root.ensure('Microsoft\\Windows NT\\CurrentVersion');
  setText(current, 'ProductName', 'Windows 10 Pro');
  setText(current, 'EditionID', 'Professional');
  setText(current, 'DisplayVersion', '24H2');
  setText(current, 'InstallationType', 'Client');
  setText(current, 'CurrentBuild', '26100');
  setText(current, 'CurrentBuildNumber', '26100');
  setText(current, 'CurrentVersion', '6.3');
  setDword(current, 'CurrentMajorVersionNumber', 10);
  setDword(current, 'CurrentMinorVersionNumber', 0);
  const windows = hive.root.ensure('Microsoft\\Windows\\CurrentVersion');
  setText(windows, 'DevicePath', '%SystemRoot%\\inf', EXPAND_TEXT);
  return hive;
}

/** REG_EXPAND_SZ */
const EXPAND_TEXT = 2;

function systemHive(): Hive {
  const hive = createHive({ label: 'SYSTEM' });
  const select = hive.root.ensure('Select');
  for (const name of ['Current', 'Default', 'LastKnownGood']) setDword(select, name, 1);
  setDword(select, 'Failed', 0);
  const control = 'ControlSet001\\Control';
  const environment = hive.root.ensure(`${control}\\Session Manager\\Environment`);
  setText(environment, 'PROCESSOR_ARCHITECTURE', 'AMD64');
  setText(hive.root.ensure(`${control}\\ProductOptions`), 'ProductType', 'WinNT');
  hive.root.ensure('ControlSet001\\Services');
  hive.root.ensure('Setup');
  return hive;
}

function infOf(one: Package): string {
  const { stem, className, classGuid, architecture, device, start, named, title } = one;
  const lines = [
    `; ${title}: a package of the practice bench`,
    '[Version]',
    'Signature="$WINDOWS NT$"',
    `Class=${className}`,
    `ClassGuid=${classGuid}`,
    'Provider=%Provider%',
    'DriverVer=03/14/2025,2.1.0.0',
    'PnpLockdown=1',
    '',
    '[Manufacturer]',
    `%Provider%=Models,NT${architecture}`,
    '',
    `[Models.NT${architecture}]`,
    `%Device%=Install,${device}`,
    '',
    '[Install.NT]',
    'CopyFiles=Install.Files',
    '',
    '[Install.Files]',
    ...named,
    '',
    '[Install.NT.Services]',
    `AddService=${stem},2,Install.Service`,
    '',
    '[Install.Service]',
    'ServiceType=1',
    `StartType=${start}`,
    'ErrorControl=1',
    `ServiceBinary=%13%\\${named[0]}`,
    '',
    '[DestinationDirs]',
    'DefaultDestDir=13',
    '',
    '[SourceDisksNames]',
    '1=%Disk%',
    '',
    '[SourceDisksFiles]',
    ...named.map((name) => `${name}=1`),
    '',
    '[Strings]',
    'Provider="Northlight Devices"',
    `Device="${title}"`,
    'Disk="Practice drivers"',
    '',
  ];
  return lines.join('\r\n');
}

/** As `pnputil /enum-devices /ids` prints it. */
function deviceList(): string {
  const blocks = packages.map(({ device, title, className, classGuid }, i) =>
    [
      `Instance ID:                ${device}&SUBSYS_00011234&REV_01\\3&11583659&0&F${i}`,
      `Device Description:         ${title}`,
      `Class Name:                 ${className}`,
      `Class GUID:                 ${classGuid}`,
      'Manufacturer Name:          Northlight Devices',
      'Status:                     Problem',
      'Problem Code:               28 (0x1C) [CM_PROB_FAILED_INSTALL]',
      `Hardware IDs:               ${device}&SUBSYS_00011234&REV_01`,
      `                            ${device}&SUBSYS_00011234`,
      `                            ${device}`,
      'Compatible IDs:             PCI\\VEN_1234&CC_0200',
      '                            PCI\\VEN_1234',
    ].join('\r\n'),
  );
  return ['Microsoft PnP Utility', ...blocks, ''].join('\r\n\r\n');
}

function treeOf(directories: readonly string[], files: readonly PlannedFile[]): PlannedTree {
  return { directories, files, hardLinks: [], links: [], time: INSTALLED };
}

function made(path: string, size: number): PlannedFile {
  return { path, size, time: INSTALLED, content: () => contentOf('program', path, size) };
}

function fileOf(path: string, bytes: Uint8Array): PlannedFile {
  return { path, size: bytes.length, time: INSTALLED, content: () => [bytes] };
}
