import { AppError } from '../../../src-shared/errors/appError';
import type { DriverArchitecture, OfflineWindows, WindowsTarget } from '../../../src-shared/model/drivers';
import type { HiveKey } from '../registry/hive';
import { dwordOf, textOf } from '../registry/registryValues';
import { currentControlSet, openOfflineHive } from './offlineHives';
import type { OfflineTree } from './offlineTree';
import { peFacts, type PeFacts } from './peFacts';

/** Larger than any kernel. Bytes. */
const MOST_KERNEL_BYTES = 64 * 1024 * 1024;
/** First build of Windows 11, whose registry still calls it Windows 10. */
const WINDOWS_11 = 22_000;
/** First build of the kernel that Windows 10 began with. */
const WINDOWS_10 = 10_240;

/**
 * What Windows a tree holds.
 * @throws AppError `offline/not-windows` where there is none, FormatError for hives of it that are damaged
 */
export function inspectWindows(tree: OfflineTree): OfflineWindows {
  const systemRoot = findSystemRoot(tree);
  if (systemRoot === undefined) {
    throw new AppError('offline/not-windows', `${tree.label} holds no Windows`, { path: tree.label });
  }
  const facts = registryFacts(tree, systemRoot);
  const kernel = kernelFacts(tree, systemRoot);
  const version = facts.version ?? kernel?.version;
  const architecture = kernel?.architecture ?? facts.architecture;
  if (version === undefined || architecture === undefined) {
    const what = version === undefined ? 'version' : 'architecture';
    throw new AppError(
      'offline/not-windows',
      `${tree.label}: ${systemRoot} holds no hive and no kernel that tells the ${what} of Windows`,
      { path: systemRoot },
    );
  }
  const [major, minor, build] = version;
  return {
    target: {
      label: labelOf(facts, version),
      major,
      minor,
      build,
      architecture,
      productType: facts.productType,
    },
    ...(facts.edition === undefined ? {} : { edition: facts.edition }),
    installation: installationOf(tree, systemRoot, facts),
    systemRoot,
  };
}

/** \Windows, or another directory of the root that holds what only Windows' does. */
function findSystemRoot(tree: OfflineTree): string | undefined {
  const directories = tree.list('/').filter((entry) => entry.kind === 'directory');
  const usual = directories.filter((entry) => entry.name.toLowerCase() === 'windows');
  return [...usual, ...directories.filter((entry) => !usual.includes(entry))]
    .map((entry) => entry.path)
    .find((path) =>
      [
        'System32/config/SOFTWARE',
        'System32/config/SYSTEM',
        'System32/ntoskrnl.exe',
        'System32/ntdll.dll',
      ].some((file) => tree.find(`${path}/${file}`)?.kind === 'file'),
    );
}

interface RegistryFacts {
  readonly version?: readonly [number, number, number];
  readonly architecture?: DriverArchitecture;
  readonly productType: WindowsTarget['productType'];
  readonly name?: string;
  readonly edition?: string;
  readonly release?: string;
  readonly windowsPe: boolean;
}

const architectures: Readonly<Record<string, DriverArchitecture>> = {
  amd64: 'amd64',
  x86: 'x86',
  arm64: 'arm64',
  arm: 'arm',
  ia64: 'ia64',
};

function registryFacts(tree: OfflineTree, systemRoot: string): RegistryFacts {
  const software = openOfflineHive(tree, systemRoot, 'SOFTWARE')?.hive;
  const system = openOfflineHive(tree, systemRoot, 'SYSTEM')?.hive;
  const current = software?.key('Microsoft\\Windows NT\\CurrentVersion');
  const control = system?.key(`${currentControlSet(system)}\\Control`);
  const environment = control?.subkey('Session Manager')?.subkey('Environment');
  const type = textOf(control?.subkey('ProductOptions')?.value('ProductType'));
  const installationType = textOf(current?.value('InstallationType')) ?? '';
  const edition = textOf(current?.value('EditionID'));
  const name = textOf(current?.value('ProductName'));
  const release = textOf(current?.value('DisplayVersion')) ?? textOf(current?.value('ReleaseId'));
  const version = registryVersion(current);
  const architecture =
    architectures[(textOf(environment?.value('PROCESSOR_ARCHITECTURE')) ?? '').toLowerCase()];
  return {
    ...(version === undefined ? {} : { version }),
    ...(architecture === undefined ? {} : { architecture }),
    ...(name === undefined ? {} : { name }),
    ...(edition === undefined ? {} : { edition }),
    ...(release === undefined ? {} : { release }),
    productType: productTypeOf(type, installationType),
    windowsPe:
      edition?.toLowerCase() === 'windowspe' ||
      installationType.toLowerCase() === 'windowspe' ||
      control?.subkey('MiniNT') !== undefined,
  };
}

/** 'WinNT', 'LanmanNT' and 'ServerNT' are what ProductOptions has said since Windows NT. */
function productTypeOf(type: string | undefined, installationType: string): WindowsTarget['productType'] {
  if (type?.toLowerCase() === 'lanmannt') return 'domain-controller';
  if (type?.toLowerCase() === 'servernt') return 'server';
  if (type === undefined && installationType.toLowerCase().startsWith('server')) return 'server';
  return 'workstation';
}

/** CurrentVersion stopped at 6.3; since Windows 10 two numbers of their own tell the version. */
function registryVersion(current: HiveKey | undefined): readonly [number, number, number] | undefined {
  const build = Number(
    textOf(current?.value('CurrentBuildNumber')) ?? textOf(current?.value('CurrentBuild')) ?? '',
  );
  if (current === undefined || !Number.isSafeInteger(build) || build <= 0) return undefined;
  const major = dwordOf(current.value('CurrentMajorVersionNumber'));
  const minor = dwordOf(current.value('CurrentMinorVersionNumber'));
  if (major !== undefined && minor !== undefined) return [major, minor, build];
  const old = /^(\d{1,3})\.(\d{1,3})$/.exec(textOf(current.value('CurrentVersion')) ?? '');
  if (old !== null) return [Number(old[1]), Number(old[2]), build];
  return build >= WINDOWS_10 ? [10, 0, build] : undefined;
}

function kernelFacts(tree: OfflineTree, systemRoot: string): PeFacts | undefined {
  for (const name of ['ntoskrnl.exe', 'ntdll.dll']) {
    const entry = tree.find(`${systemRoot}/System32/${name}`);
    if (entry?.kind !== 'file' || entry.size > MOST_KERNEL_BYTES) continue;
    const facts = peFacts(tree.read(entry.path, MOST_KERNEL_BYTES));
    if (facts !== undefined) return facts;
  }
  return undefined;
}

function labelOf(facts: RegistryFacts, version: readonly number[]): string {
  const [major, minor, build] = version;
  const numbers = `${major}.${minor}.${build}`;
  const name = facts.name ?? 'Windows';
  const told =
    build >= WINDOWS_11 && facts.productType === 'workstation'
      ? name.replace('Windows 10', 'Windows 11')
      : name;
  return facts.release === undefined ? `${told} (${numbers})` : `${told} ${facts.release} (${numbers})`;
}

/** Setup's own image is a Windows PE that starts \setup.exe or \sources\setup.exe. */
function installationOf(
  tree: OfflineTree,
  systemRoot: string,
  facts: RegistryFacts,
): OfflineWindows['installation'] {
  const shell = tree.find(`${systemRoot}/System32/winpeshl.exe`);
  if (!facts.windowsPe && shell?.kind !== 'file') return 'windows';
  const setup = ['/setup.exe', '/sources/setup.exe'].some((path) => tree.find(path)?.kind === 'file');
  return setup ? 'windows-setup' : 'windows-pe';
}
