import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type {
  DriversAddReport,
  DriversListReport,
  DriversMatchReport,
} from '../../../src-shared/model/drivers';
import { run, succeed, wimlib, wimsmith, wimsmithOutcome, wimsmithResult } from '../../support/cli';
import { snapshotTree } from '../../support/compareTrees';
import { fixtureHive } from '../../support/hives';
import { peFile, windowsFiles } from '../../support/offlineTrees';
import { describeWithTools, fixtures, requireTool, temporaryDirectory } from '../../support/tools';

let scratch: string;
let windows: string;
let wim: string;

beforeEach(() => {
  scratch = temporaryDirectory();
  windows = path.join(scratch, 'windows');
  wim = path.join(scratch, 'lab.wim');
  for (const [name, bytes] of Object.entries(windowsFiles({ build: 26_100 }))) {
    const file = path.join(windows, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
});

function inf(name: string, id: string, more = ''): string {
  return `[Version]
Signature="$WINDOWS NT$"
Class=Net
ClassGuid={4D36E972-E325-11CE-BFC1-08002BE10318}
Provider=Test
DriverVer=01/02/2024,1.0.0.0
[Manufacturer]
Test=M,NTamd64
[M.NTamd64]
"Adapter ${name}"=I,${id}
[I]
CopyFiles=F
${more}[F]
${name}.sys
[I.Services]
AddService=${name},2,S
[S]
ServiceType=1
StartType=3
ErrorControl=1
ServiceBinary=%12%\\${name}.sys
[SourceDisksNames]
1=disk
[SourceDisksFiles]
${name}.sys=1
`;
}

/** A folder of packages: two that are whole, and one that lacks its file. */
function makeDrivers(): string {
  const folder = path.join(scratch, 'drivers');
  for (const [name, id] of [
    ['one', 'PCI\\VEN_1234&DEV_0001'],
    ['two', 'PCI\\VEN_1234&DEV_0002'],
    ['bad', 'PCI\\VEN_1234&DEV_0003'],
  ]) {
    mkdirSync(path.join(folder, name), { recursive: true });
    writeFileSync(path.join(folder, name, `${name}.inf`), inf(name, id));
    if (name !== 'bad') writeFileSync(path.join(folder, name, `${name}.sys`), peFile(0x8664, 4096));
  }
  return folder;
}

function devicePath(tree: string): string {
  const script = 'cd \\Microsoft\\Windows\\CurrentVersion\nlsval DevicePath\n';
  const { stdout } = run('hivexsh', [path.join(tree, 'Windows/System32/config/SOFTWARE')], script);
  return stdout.trim();
}

/** Every file below a folder, without the folder's own name. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

function apply(name: string): string {
  const target = path.join(scratch, name);
  mkdirSync(target);
  wimlib('apply', wim, '1', target);
  return target;
}

describeWithTools(['wimlib-imagex', 'hivexsh', 'xmllint'], 'drivers added to an image', () => {
  it("puts the fixtures' packages beside a real SYSTEM hive, byte for byte, and takes them out again", () => {
    requireTool('xz');
    const drivers = fixtures('drivers', 'arduino');
    writeFileSync(path.join(windows, 'Windows/System32/config/SYSTEM'), fixtureHive('regipy/SYSTEM_2.xz'));
    const answer = readFileSync(fixtures('unattend', 'packer-windows', '10', 'Autounattend.xml'));
    mkdirSync(path.join(windows, 'Windows/Panther'));
    writeFileSync(path.join(windows, 'Windows/Panther/unattend.xml'), answer);
    wimlib('capture', windows, wim, 'lab', '--compress=LZX', '--check');
    const before = snapshotTree(apply('before'));
    const line = ['drivers', 'add', wim, '1', '--driver', drivers, '--skip-faulty', '--setup-complete'];
    const report = wimsmithResult<DriversAddReport>(...line);
    const staged = report.packages.filter(({ outcome }) => outcome === 'staged');
    expect(staged.map(({ package: { name } }) => name).sort()).toEqual([
      'AdafruitCircuitPlayground.inf',
      'arduino.inf',
      'genuino.inf',
    ]);
    succeed('wimlib-imagex', 'verify', wim);
    const after = apply('after');
    for (const { place = '', package: one } of staged) {
      const folder = path.join(after, place);
      expect(filesOf(folder)).toHaveLength(one.files);
      for (const file of filesOf(folder)) {
        expect(readFileSync(path.join(folder, file))).toEqual(readFileSync(path.join(drivers, file)));
      }
    }
    expect(devicePath(after)).toBe('%SystemRoot%\\inf;%SystemRoot%\\Drivers\\Wimsmith');
    const merged = path.join(after, 'Windows/Panther/unattend.xml');
    const xpath = "count(//*[local-name()='DriverPaths']//*[local-name()='Path'])";
    expect(Number(succeed('xmllint', '--xpath', xpath, merged))).toBe(2);
    expect(readFileSync(path.join(after, 'Windows/Setup/Scripts/SetupComplete.cmd'), 'latin1')).toContain(
      'pnputil.exe" /add-driver',
    );
    const system = readFileSync(path.join(after, 'Windows/System32/config/SYSTEM'));
    expect(system.equals(fixtureHive('regipy/SYSTEM_2.xz'))).toBe(true);
    const list = wimsmithResult<DriversListReport>('drivers', 'list', wim, '1');
    expect(list.drivers.filter(({ origin }) => origin === 'third-party').map((one) => one.original)).toEqual([
      'VBoxGuest.inf',
    ]);
    expect(list.drivers.filter(({ origin }) => origin === 'staged')).toHaveLength(3);
    expectBroughtBack(before);
  });

  /** All but the hive, which holds the same in another file, is as it was. */
  function expectBroughtBack(before: ReturnType<typeof snapshotTree>): void {
    wimsmithResult('drivers', 'remove', wim, '1', '--all-staged');
    const undone = apply('undone');
    const hive = 'Windows/System32/config/SOFTWARE';
    const left = snapshotTree(undone);
    const paths = Object.keys(left).filter((name) => !name.startsWith(hive));
    expect(Object.keys(left).sort()).toEqual(Object.keys(before).sort());
    for (const name of paths) {
      expect({ name, sha1: left[name] }).toMatchObject({ name, sha1: contentOf(before[name]) });
    }
    expect(devicePath(undone)).toBe('%SystemRoot%\\inf');
  }

  function contentOf(entry: object): object {
    return Object.fromEntries(Object.entries(entry).filter(([key]) => key !== 'modified'));
  }

  it('takes only what serves the devices of a list, from a folder, a zip and a cabinet', () => {
    requireTool('python3', 'gcab');
    const folder = makeDrivers();
    execFileSync('python3', ['-m', 'zipfile', '-c', path.join(scratch, 'one.zip'), 'one/'], { cwd: folder });
    execFileSync('gcab', ['-c', '-z', path.join(scratch, 'two.cab'), 'two/two.inf', 'two/two.sys'], {
      cwd: folder,
    });
    const list = path.join(scratch, 'devices.txt');
    writeFileSync(list, 'PCI\\VEN_1234&DEV_0002&SUBSYS_00000000&REV_01\r\nPCI\\VEN_1234&DEV_0002\r\n');
    wimlib('capture', windows, wim, 'lab');
    const sources = [path.join(scratch, 'one.zip'), path.join(scratch, 'two.cab')];
    const match = wimsmithResult<DriversMatchReport>(
      ...['drivers', 'match', ...sources, `--devices=${list}`, '--windows=11-24H2', '--arch=amd64'],
    );
    expect(match.devices.map(({ candidates }) => candidates.length)).toContain(1);
    const report = wimsmithResult<DriversAddReport>(
      ...['drivers', 'add', wim, '--driver', ...sources, `--match=${list}`, '--force-faulty'],
    );
    const outcomes = Object.fromEntries(
      report.packages.map(({ package: { name }, outcome }) => [name, outcome]),
    );
    expect(outcomes).toEqual({ 'one.inf': 'left out', 'two.inf': 'staged' });
    const place = report.packages.find(({ outcome }) => outcome === 'staged')?.place ?? '';
    const after = apply('after');
    for (const name of ['two.inf', 'two.sys']) {
      expect(readFileSync(path.join(after, place, name))).toEqual(
        readFileSync(path.join(folder, 'two', name)),
      );
    }
    expect(readdirSync(scratch).filter((name) => name.startsWith('.wimsmith'))).toEqual([]);
  });

  it('changes nothing where a package has a fault, until the person says what to do', () => {
    const folder = makeDrivers();
    wimlib('capture', windows, wim, 'lab');
    const whole = readFileSync(wim);
    const refused = wimsmithOutcome('drivers', 'add', wim, '--driver', folder);
    expect(refused.status).toBe(4);
    expect(refused.stderr).toMatch(/(bad|one|two)\.inf/);
    expect(refused.stderr).toContain('nothing was changed');
    const planned = wimsmithOutcome('drivers', 'add', wim, '--driver', folder, '--force-faulty', '--dry-run');
    expect(planned.status).toBe(0);
    expect(readFileSync(wim).equals(whole)).toBe(true);
    const none = wimsmithOutcome('drivers', 'add', wim, '--driver', windows);
    expect([none.status, none.stderr]).toEqual([4, expect.stringContaining('no driver package')]);
    expect(readFileSync(wim).equals(whole)).toBe(true);
  });

  it('says what is no Windows, and what cannot be written to', () => {
    const folder = makeDrivers();
    const other = path.join(scratch, 'other');
    cpSync(folder, other, { recursive: true });
    wimlib('capture', other, wim, 'lab');
    const refused = wimsmithOutcome('drivers', 'add', wim, '--driver', folder, '--force-faulty');
    expect([refused.status, refused.stderr]).toEqual([4, expect.stringContaining('no Windows')]);
    const disk = path.join(scratch, 'pc.vhdx');
    wimlib('capture', windows, path.join(scratch, 'pc.wim'), 'pc');
    wimsmith('apply', path.join(scratch, 'pc.wim'), '1', disk, '--prepare=data', '--size=128M');
    const volume = wimsmithOutcome('drivers', 'add', disk, '--driver', folder, '--force-faulty');
    expect([volume.status, volume.stderr]).toEqual([8, expect.stringContaining('is a volume')]);
    const list = wimsmithResult<DriversListReport>('drivers', 'list', disk);
    expect(list.windows.target.build).toBe(26_100);
  });
});

describe('drivers added to a folder', () => {
  it('are staged in place, listed, exported and removed', () => {
    const folder = makeDrivers();
    const before = snapshotTree(windows);
    const add = ['drivers', 'add', windows, '--driver', path.join(folder, 'one'), '--force-faulty'];
    const report = wimsmithResult<DriversAddReport>(...add);
    expect(report.packages.map(({ outcome }) => outcome)).toEqual(['staged']);
    const again = wimsmithResult<DriversAddReport>(
      ...['drivers', 'add', windows, '--driver', path.join(folder, 'two'), '--force-faulty'],
    );
    expect(again.packages.map(({ outcome }) => outcome)).toEqual(['staged']);
    const out = path.join(scratch, 'out');
    wimsmithResult('drivers', 'export', windows, out);
    expect(
      filesOf(out)
        .map((name) => path.basename(name))
        .sort(),
    ).toEqual(['one.inf', 'one.sys', 'two.inf', 'two.sys']);
    wimsmithResult('drivers', 'remove', windows, 'one.inf');
    const list = wimsmithResult<DriversListReport>('drivers', 'list', windows);
    expect(list.drivers.map(({ original }) => original)).toEqual(['two.inf']);
    wimsmithResult('drivers', 'remove', windows, 'two.inf');
    expect(Object.keys(snapshotTree(windows)).sort()).toEqual(Object.keys(before).sort());
    expect(devicePath(windows)).toBe('%SystemRoot%\\inf');
  });

  it('never lie outside of the folder, whatever an INF or an archive names', () => {
    requireTool('python3');
    const folder = path.join(scratch, 'evil');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'evil.inf'), inf('..\\..\\..\\evil', 'PCI\\VEN_1234&DEV_0009'));
    const zip = path.join(scratch, 'evil.zip');
    const script = `import zipfile
z = zipfile.ZipFile('${zip}', 'w')
z.write('${path.join(folder, 'evil.inf')}', '../../out.inf')
z.write('${path.join(folder, 'evil.inf')}', 'in/in.inf')
z.close()`;
    execFileSync('python3', ['-c', script]);
    const paths = Object.keys(snapshotTree(scratch));
    const outcome = wimsmithOutcome(
      ...['drivers', 'add', windows, '--driver', folder, zip, '--force-faulty', '--json'],
    );
    expect(outcome.stdout + outcome.stderr).toMatch(/unsafe|outside|no file in the INF's folder/);
    const made = Object.keys(snapshotTree(scratch)).filter((name) => !paths.includes(name));
    expect(made.every((name) => name.startsWith('windows/'))).toBe(true);
  });
});
