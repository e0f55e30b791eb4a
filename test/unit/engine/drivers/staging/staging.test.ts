import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { planRemoval } from '../../../../../src-main/engine/drivers/staging/planRemoval';
import { planStaging } from '../../../../../src-main/engine/drivers/staging/planStaging';
import type {
  StagingInput,
  StagingOptions,
} from '../../../../../src-main/engine/drivers/staging/stagingModel';
import { listStore, storedFiles } from '../../../../../src-main/engine/drivers/store/listStore';
import { inspectWindows } from '../../../../../src-main/engine/offline/windows';
import { openHive } from '../../../../../src-main/engine/registry/openHive';
import { setText, textOf } from '../../../../../src-main/engine/registry/registryValues';
import { AppError, FormatError } from '../../../../../src-shared/errors/appError';
import type { DriverPackage } from '../../../../../src-shared/model/drivers';
import { diskHost } from '../../../../support/disks';
import {
  memoryTree,
  peFile,
  windowsFiles,
  type MadeWindows,
  type MemoryTree,
} from '../../../../support/offlineTrees';
import { temporaryDirectory } from '../../../../support/tools';

const host = diskHost();
const TOP = '/Windows/Drivers/Wimsmith';
const DEVICE_PATH = '%SystemRoot%\\inf;%SystemRoot%\\Drivers\\Wimsmith';

function storageInf(version = '1.0'): string {
  return [
    '[Version]',
    'Signature="$WINDOWS NT$"',
    'Class=SCSIAdapter',
    'ClassGuid={4D36E97B-E325-11CE-BFC1-08002BE10318}',
    'Provider=%P%',
    `DriverVer=01/02/2024,${version}`,
    '[Manufacturer]',
    '%P%=M,NTamd64',
    '[M.NTamd64]',
    '%P%=I,PCI\\VEN_1AF4&DEV_1001&SUBSYS_00021AF4&REV_00',
    '%P%=I,PCI\\VEN_1AF4&DEV_1042&REV_01,PCI\\CC_0100',
    '[I]',
    'CopyFiles=F',
    '[I.Services]',
    'AddService=teststor,2,S',
    '[S]',
    'ServiceType=1',
    'StartType=0',
    'ErrorControl=1',
    'ServiceBinary=%12%\\teststor.sys',
    '[F]',
    'teststor.sys',
    '[DestinationDirs]',
    'F=12',
    '[Strings]',
    'P="Test maker"',
    '',
  ].join('\r\n');
}

function input(
  name: string,
  inf: string,
  more: Record<string, Buffer | string> = {},
  className = 'SCSIAdapter',
): StagingInput {
  const infSha256 = createHash('sha256').update(inf).digest('hex');
  const files = Object.entries({ [name]: inf, ...more }).map(([file, data]) => ({
    path: file,
    size: Buffer.from(data as string).length,
    bytes: new Uint8Array(Buffer.from(data as string)),
  }));
  const described: DriverPackage = {
    id: infSha256.slice(0, 16),
    name,
    inf: `/packages/${name}`,
    infSha256,
    provider: 'Test maker',
    manufacturers: [],
    className,
    classGuid: '{4d36e97b-e325-11ce-bfc1-08002be10318}',
    kind: 'device',
    date: '2024-01-02',
    version: '1.0.0.0',
    architectures: ['amd64'],
    models: 2,
    identifiers: 2,
    bootCritical: true,
    services: ['teststor'],
    files: files.length,
    bytes: 1,
    signature: { state: 'unchecked' },
    remarks: [],
  };
  return { package: described, files };
}

const storage = (version?: string): StagingInput =>
  input('teststor.inf', storageInf(version), { 'teststor.sys': peFile(), 'sub/teststor.cat': 'cat' });
const network = input('net.inf', '; another', { 'x64/net.sys': 'sys' }, 'Net');

function made(more: Record<string, Uint8Array | string> = {}, windows: MadeWindows = {}): MemoryTree {
  return memoryTree({ ...windowsFiles(windows), '/Windows/INF': undefined, ...more });
}

function stage(tree: MemoryTree, inputs: readonly StagingInput[], options: Partial<StagingOptions> = {}) {
  const plan = planStaging(tree, inputs, { host, windows: inspectWindows(tree), ...options });
  tree.apply(plan.edits);
  return plan;
}

function unstage(tree: MemoryTree, names: readonly string[] | 'all' = 'all') {
  const plan = planRemoval(tree, names, { host, windows: inspectWindows(tree) });
  tree.apply(plan.edits);
  return plan;
}

function devicePath(tree: MemoryTree) {
  const hive = openHive(tree.read('/Windows/System32/config/SOFTWARE', 1e8));
  return textOf(hive.key('Microsoft\\Windows\\CurrentVersion')?.value('DevicePath'));
}

/** All files but the hives, whose bytes differ after an undo though what they hold does not. */
function outside(tree: MemoryTree): Map<string, Buffer> {
  return new Map([...tree.files()].filter(([file]) => !file.includes('/config/')));
}

describe('staging in an installed Windows', () => {
  it('copies the package byte for byte and tells Windows of it by its registry and its answer file', () => {
    const tree = made();
    const plan = stage(tree, [storage()]);
    const folder = `${TOP}/teststor_${storage().package.infSha256.slice(0, 8)}`;
    expect(plan.outcomes).toEqual([{ package: storage().package.id, outcome: 'staged', place: folder }]);
    expect(plan.warnings).toEqual([]);
    for (const file of storage().files) {
      expect(Buffer.from(tree.read(`${folder}/${file.path}`, 1e6))).toEqual(
        Buffer.from('bytes' in file ? file.bytes : []),
      );
    }
    expect(devicePath(tree)).toBe(DEVICE_PATH);
    const answer = Buffer.from(tree.read('/Windows/Panther/unattend.xml', 1e6)).toString();
    expect(answer.match(/<Path>C:\\Windows\\Drivers\\Wimsmith<\/Path>/g)).toHaveLength(2);
    expect(tree.find('/Windows/Setup')).toBeUndefined();
    expect(plan.driverPaths.map(({ pass }) => pass)).toEqual(['offlineServicing', 'auditSystem']);
    expect(plan.steps.length).toBeGreaterThan(2);
  });

  it('empties the logs of the hive, which would else be laid over it', () => {
    const tree = made();
    stage(tree, [storage()]);
    expect(tree.find('/Windows/System32/config/SOFTWARE.LOG1')?.size).toBe(0);
    expect(tree.find('/Windows/System32/config/SOFTWARE.LOG2')?.size).toBe(0);
  });

  it('takes everything out again, after several additions, too', () => {
    const answer =
      '<?xml version="1.0"?>\n<unattend xmlns="urn:schemas-microsoft-com:unattend"><!-- mine -->\n</unattend>';
    const tree = made({
      '/Windows/System32/Sysprep/unattend.xml': answer,
      '/Windows/Setup/Scripts/SetupComplete.cmd': '@echo off\nrem mine\nexit /b 0\n',
    });
    const before = outside(tree);
    const directories = tree.directories();
    stage(tree, [storage()]);
    stage(tree, [network, storage('2.0')], { setupComplete: true });
    expect(tree.find('/Windows/Panther')).toBeUndefined();
    expect(listStore(tree, inspectWindows(tree)).drivers.map(({ original }) => original)).toHaveLength(3);
    const plan = unstage(tree);
    expect(plan.warnings).toEqual([]);
    expect(plan.removed).toHaveLength(3);
    expect(outside(tree)).toEqual(before);
    expect(tree.directories()).toEqual(directories);
    expect(devicePath(tree)).toBe('%SystemRoot%\\inf');
  });

  it('takes one package out and leaves the others working', () => {
    const tree = made();
    stage(tree, [storage(), network]);
    const plan = unstage(tree, ['NET.INF']);
    expect(plan.removed.map(({ name }) => name)).toEqual(['net.inf']);
    expect(devicePath(tree)).toBe(DEVICE_PATH);
    const { drivers } = listStore(tree, inspectWindows(tree));
    expect(drivers.map(({ original, origin }) => [original, origin])).toEqual([['teststor.inf', 'staged']]);
    expect(
      storedFiles(tree, drivers[0])
        .map((file) => file.path)
        .sort(),
    ).toEqual(['sub/teststor.cat', 'teststor.inf', 'teststor.sys']);
    unstage(tree, [drivers[0].published]);
    expect(tree.directories().filter((one) => one.includes('Drivers'))).toEqual([]);
  });

  it('does not stage a package twice, and says so', () => {
    const tree = made();
    stage(tree, [storage()]);
    const files = tree.files();
    const again = stage(tree, [storage(), storage()]);
    expect(again.outcomes.map(({ outcome, why }) => [outcome, why])).toEqual([
      ['staged', 'it was staged before'],
      ['left out', 'another copy of teststor.inf is staged'],
    ]);
    expect(again.edits).toEqual([]);
    expect(tree.files()).toEqual(files);
  });

  it('copies from this machine, and hashes what it copies', () => {
    const directory = temporaryDirectory();
    const tree = made();
    const inf = path.join(directory, 'a.inf');
    writeFileSync(inf, 'inf');
    const base = input('a.inf', 'inf');
    stage(tree, [{ ...base, files: [{ path: 'a.inf', size: 3, source: inf }] }]);
    const folder = listStore(tree, inspectWindows(tree)).drivers[0].folder;
    tree.put(`${folder}/a.inf`, 'iNf');
    const plan = unstage(tree);
    expect(plan.warnings.join()).toContain('changed since it was staged');
    expect(Buffer.from(tree.read(`${folder}/a.inf`, 10)).toString()).toBe('iNf');
  });

  it.each([
    ['../evil.sys', 'Windows does not take'],
    ['C:/evil.sys', 'Windows does not take'],
    ['sub/aux.sys', 'Windows does not take'],
    [`${'long/'.repeat(60)}a.sys`, 'more than 259 characters'],
  ])('refuses a package with a file %s', (file, why) => {
    const tree = made();
    const files = tree.files();
    const plan = stage(tree, [input('a.inf', 'inf', { [file]: 'x' })]);
    expect(plan.outcomes[0].outcome).toBe('failed');
    expect(plan.outcomes[0].why).toContain(why);
    expect(tree.files()).toEqual(files);
  });

  it('takes the answer file that Setup would take', () => {
    const empty = '<unattend xmlns="urn:schemas-microsoft-com:unattend"/>';
    const tree = made(
      { '/deploy/mine.xml': empty, '/Windows/Panther/unattend.xml': empty, '/unattend.xml': empty },
      { systemMore: (hive) => setText(hive.root.ensure('Setup'), 'UnattendFile', 'C:\\deploy\\mine.xml') },
    );
    stage(tree, [storage()]);
    expect(Buffer.from(tree.read('/Windows/Panther/unattend.xml', 1e6)).toString()).toBe(empty);
    expect(Buffer.from(tree.read('/unattend.xml', 1e6)).toString()).toBe(empty);
    expect(Buffer.from(tree.read('/deploy/mine.xml', 1e6)).toString()).toContain('Wimsmith');
  });

  it('leaves a broken answer file alone and stops', () => {
    const tree = made({ '/Windows/Panther/unattend.xml': '<unattend' });
    expect(() => stage(tree, [storage()])).toThrow(FormatError);
    expect(stage(tree, [storage()], { noAnswerFile: true }).outcomes[0].outcome).toBe('staged');
  });

  it('keeps what somebody added to DevicePath and to SetupComplete.cmd meanwhile', () => {
    const tree = made({}, { build: 7601 });
    stage(tree, [storage()], { setupComplete: true });
    const script = '/Windows/Setup/Scripts/SetupComplete.cmd';
    const text = Buffer.from(tree.read(script, 1e6)).toString();
    expect(text).toContain('for /r "%SystemRoot%\\Drivers\\Wimsmith" %%i in (*.inf)');
    tree.put(script, `${text}call mine.cmd\r\n`);
    const hive = openHive(tree.read('/Windows/System32/config/SOFTWARE', 1e8));
    setText(
      hive.root.ensure('Microsoft\\Windows\\CurrentVersion'),
      'DevicePath',
      `${DEVICE_PATH};D:\\more`,
      2,
    );
    tree.put('/Windows/System32/config/SOFTWARE', hive.serialize());
    expect(unstage(tree).warnings).toEqual([]);
    expect(devicePath(tree)).toBe('%SystemRoot%\\inf;D:\\more');
    expect(Buffer.from(tree.read(script, 1e6)).toString()).toBe('@echo off\r\ncall mine.cmd\r\n');
  });

  it('refuses names that are not staged, and a manifest that leads elsewhere', () => {
    const tree = made();
    stage(tree, [storage()]);
    expect(() => unstage(tree, ['other.inf'])).toThrow(AppError);
    const manifest = `${TOP}/wimsmith-drivers.json`;
    const text = Buffer.from(tree.read(manifest, 1e6)).toString();
    for (const evil of [
      text.replace('"sub/teststor.cat"', '"../../../x"'),
      text.replace(`"folder": "${TOP}`, '"folder": "/Users'),
      '{}',
      'x',
    ]) {
      expect(evil).not.toBe(text);
      tree.put(manifest, evil);
      expect(() => unstage(tree)).toThrow(FormatError);
    }
  });

  it('plans nothing for a tree that cannot be changed', () => {
    const tree = { ...made(), readOnly: 'it is a volume' };
    expect(() => planStaging(tree, [storage()], { host, windows: inspectWindows(tree) })).toThrow(
      'it is a volume',
    );
  });
});

describe('staging in Windows PE', () => {
  const pe = {
    '/Windows/System32/winpeshl.exe': 'x',
    '/Windows/System32/startnet.cmd': 'wpeinit\r\nmine.exe\r\n',
  };

  it('loads packages behind wpeinit, and the network after them', () => {
    const tree = made(pe);
    const before = outside(tree);
    const plan = stage(tree, [storage(), network]);
    expect(inspectWindows(tree).installation).toBe('windows-pe');
    expect(plan.warnings).toEqual([]);
    expect(Buffer.from(tree.read('/Windows/System32/startnet.cmd', 1e6)).toString()).toBe(
      [
        'wpeinit',
        'rem [wimsmith drivers: begin]',
        'for /r "%SystemRoot%\\Drivers\\Wimsmith" %%i in (*.inf) do drvload.exe "%%i"',
        'wpeutil.exe InitializeNetwork',
        'rem [wimsmith drivers: end]',
        'mine.exe',
        '',
      ].join('\r\n'),
    );
    expect(devicePath(tree)).toBe('%SystemRoot%\\inf');
    unstage(tree);
    expect(outside(tree)).toEqual(before);
  });

  it('leaves winpeshl.ini alone and says what that means', () => {
    const tree = made({ ...pe, '/Windows/System32/winpeshl.ini': '[LaunchApps]' });
    expect(stage(tree, [storage()]).warnings.join()).toContain('winpeshl.ini');
  });

  it("names the folder in an answer file at the root of Setup's image", () => {
    const tree = made({ ...pe, '/setup.exe': 'x' });
    const plan = stage(tree, [storage()]);
    expect(inspectWindows(tree).installation).toBe('windows-setup');
    const answer = Buffer.from(tree.read('/Autounattend.xml', 1e6)).toString();
    expect(answer).toContain('<settings pass="windowsPE">');
    expect(answer).toContain('<Path>X:\\Windows\\Drivers\\Wimsmith</Path>');
    expect(plan.warnings.join()).toContain('taken before');
    unstage(tree);
    expect(tree.find('/Autounattend.xml')).toBeUndefined();
  });
});

describe('registration for boot', () => {
  const system = (tree: MemoryTree) => openHive(tree.read('/Windows/System32/config/SYSTEM', 1e8));
  const database: MadeWindows = {
    systemMore: (hive) => void hive.root.ensure('DriverDatabase\\DeviceIds\\PCI'),
  };

  it('writes the public pattern to DriverDatabase, and takes it out again', () => {
    const tree = made({}, database);
    const before = outside(tree);
    const plan = stage(tree, [storage(), network], { registerForBoot: true });
    expect(plan.outcomes.map(({ outcome }) => outcome)).toEqual(['registered for boot', 'staged']);
    expect(plan.outcomes[1].why).toContain('not registered for boot');
    const hive = system(tree);
    const service = hive.key('ControlSet001\\Services\\teststor');
    expect(textOf(service?.value('ImagePath'))).toBe('system32\\drivers\\teststor.sys');
    const ids = hive
      .key('DriverDatabase\\DeviceIds\\PCI')
      ?.subkeys()
      .map(({ name }) => name);
    expect(ids).toEqual(['VEN_1AF4&DEV_1001&SUBSYS_00021AF4&REV_00', 'VEN_1AF4&DEV_1042&REV_01']);
    const [stored] = hive.key('DriverDatabase\\DriverPackages')?.subkeys() ?? [];
    expect(stored.name).toMatch(/^wimsmith-[0-9a-f]{8}\.inf_amd64_0000000000000000$/);
    expect(Buffer.from(tree.read('/Windows/System32/drivers/teststor.sys', 1e6))).toEqual(peFile());
    expect(stage(tree, [storage()], { registerForBoot: true }).edits).toEqual([]);
    expect(unstage(tree).warnings).toEqual([]);
    expect(outside(tree)).toEqual(before);
    const after = system(tree);
    expect(after.key('ControlSet001\\Services')?.subkeys()).toEqual([]);
    expect(after.key('DriverDatabase\\DeviceIds\\PCI')?.subkeys()).toEqual([]);
    expect(after.key('DriverDatabase\\DriverPackages')?.subkeys()).toEqual([]);
    expect(after.key('DriverDatabase\\DriverInfFiles')?.subkeys()).toEqual([]);
  });

  it('writes CriticalDeviceDatabase where there is no DriverDatabase', () => {
    const tree = made({}, { build: 7601 });
    stage(tree, [storage()], { registerForBoot: true });
    const key = system(tree).key(
      'ControlSet001\\Control\\CriticalDeviceDatabase\\PCI#VEN_1AF4&DEV_1042&REV_01',
    );
    expect(textOf(key?.value('Service'))).toBe('teststor');
    expect(textOf(key?.value('ClassGUID'))).toBe('{4D36E97B-E325-11CE-BFC1-08002BE10318}');
    unstage(tree);
    expect(system(tree).key('ControlSet001\\Control\\CriticalDeviceDatabase')?.subkeys()).toEqual([]);
  });

  it('leaves a service that Windows has installed meanwhile', () => {
    const tree = made({}, database);
    stage(tree, [storage()], { registerForBoot: true });
    const hive = system(tree);
    setText(hive.root.ensure('ControlSet001\\Services\\teststor'), 'Owners', 'oem3.inf', 7);
    tree.put('/Windows/System32/config/SYSTEM', hive.serialize());
    expect(unstage(tree).warnings.join()).toContain('teststor was changed meanwhile');
    expect(system(tree).key('ControlSet001\\Services\\teststor')).toBeDefined();
    expect(tree.find('/Windows/System32/drivers/teststor.sys')).toBeDefined();
  });

  it.each([
    ['another architecture', storage(), { architecture: 'ARM64' }, {}, 'x86 and amd64'],
    [
      'a file of that name',
      storage(),
      {},
      { '/Windows/System32/drivers/teststor.sys': 'other' },
      'another file',
    ],
    [
      'a class of another kind',
      input('a.inf', storageInf().replace('{4D36E97B', '{4D36E97D')),
      {},
      {},
      'SCSIAdapter',
    ],
    ['no program', input('teststor.inf', storageInf()), {}, {}, 'hold no teststor.sys'],
    [
      'no boot start',
      input('a.inf', storageInf().replace('StartType=0', 'StartType=3')),
      {},
      {},
      'StartType 0',
    ],
  ])('is refused for %s', (_, one, windows, files, why) => {
    const tree = made(files, { ...database, ...windows });
    const plan = stage(tree, [one], { registerForBoot: true });
    expect(plan.outcomes[0].outcome).toBe('staged');
    expect(plan.outcomes[0].why).toContain(why);
    expect(system(tree).key('ControlSet001\\Services')?.subkeys()).toEqual([]);
  });
});
