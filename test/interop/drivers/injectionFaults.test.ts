import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { lockFolder } from '../../../src-main/engine/offline/workFolder';
import { createNodeFileSystem } from '../../../src-main/platform/nodeFileSystem';
import type { DriversAddReport, DriversListReport } from '../../../src-shared/model/drivers';
import { wimsmithOutcome, wimsmithResult } from '../../support/cli';
import { snapshotTree } from '../../support/compareTrees';
import { peFile, windowsFiles } from '../../support/offlineTrees';
import { temporaryDirectory } from '../../support/tools';

let scratch: string;
let windows: string;

beforeEach(() => {
  scratch = temporaryDirectory();
  windows = path.join(scratch, 'windows');
  for (const [name, bytes] of Object.entries(windowsFiles({ build: 26_100 }))) {
    mkdirSync(path.dirname(path.join(windows, name)), { recursive: true });
    writeFileSync(path.join(windows, name), bytes);
  }
});

/** All but the folder's own time: a lock comes and goes in it. */
function contents(): Record<string, unknown> {
  return { ...snapshotTree(windows), '.': undefined };
}

/** A storage driver without a catalog. */
function makePackage(name: string, decoration = 'NTamd64'): string {
  const folder = path.join(scratch, name);
  mkdirSync(folder);
  writeFileSync(path.join(folder, `${name}.sys`), peFile(0x8664, 4096));
  writeFileSync(
    path.join(folder, `${name}.inf`),
    `[Version]
Signature="$WINDOWS NT$"
Class=SCSIAdapter
ClassGuid={4D36E97B-E325-11CE-BFC1-08002BE10318}
Provider=Test
DriverVer=01/02/2024,1.0.0.0
[Manufacturer]
Test=M,${decoration}
[M.${decoration}]
Test=I,PCI\\VEN_1234&DEV_1001
[I]
CopyFiles=F
[F]
${name}.sys
[I.Services]
AddService=${name},2,S
[S]
ServiceType=1
StartType=0
ErrorControl=1
ServiceBinary=%12%\\${name}.sys
`,
  );
  return folder;
}

const add = (...more: string[]): string[] => ['drivers', 'add', windows, ...more];

it('leaves a folder alone that another run is changing', () => {
  const drivers = makePackage('one');
  const before = contents();
  const unlock = lockFolder(createNodeFileSystem(), windows);
  try {
    const refused = wimsmithOutcome(...add(`--driver=${drivers}`, '--force-faulty'));
    expect([refused.status, refused.stderr]).toEqual([5, expect.stringContaining('being changed')]);
  } finally {
    unlock();
  }
  expect(contents()).toEqual(before);
  wimsmithResult(...add(`--driver=${drivers}`, '--force-faulty'));
});

it('registers no unsigned driver for boot, and repeats the fault of one that was forced', () => {
  const drivers = makePackage('stor');
  const { packages } = wimsmithResult<DriversAddReport>(
    ...add(`--driver=${drivers}`, '--boot', '--force-faulty'),
  );
  expect(packages.map(({ outcome }) => outcome)).toEqual(['staged']);
  expect(packages[0].why).toMatch(/sign/);
});

it('stages nothing that is for another Windows, and nothing beside a broken archive', () => {
  const later = makePackage('later', 'NTamd64.10.0...99999');
  const { packages } = wimsmithResult<DriversAddReport>(...add(`--driver=${later}`, '--force-faulty'));
  expect(packages).toMatchObject([{ outcome: 'left out', why: expect.stringContaining('99999') as string }]);
  const good = makePackage('good');
  const broken = path.join(scratch, 'broken.cab');
  writeFileSync(broken, 'MSCF and no more');
  const before = contents();
  const refused = wimsmithOutcome(...add(`--driver=${broken}`, `--driver=${good}`));
  expect([refused.status, refused.stderr]).toEqual([4, expect.stringContaining('broken.cab')]);
  expect(contents()).toEqual(before);
});

it('tells staged files that were changed since, and writes them anew', () => {
  const drivers = makePackage('one');
  const { packages } = wimsmithResult<DriversAddReport>(...add(`--driver=${drivers}`, '--force-faulty'));
  const file = path.join(windows, packages[0].place ?? '', 'one.sys');
  writeFileSync(file, 'cut');
  const list = wimsmithResult<DriversListReport>('drivers', 'list', windows);
  expect(list.drivers[0].remarks).toHaveLength(1);
  wimsmithResult(...add(`--driver=${drivers}`, '--force-faulty'));
  expect(readFileSync(file).equals(readFileSync(path.join(drivers, 'one.sys')))).toBe(true);
});

it('collect replaces no other file, and writes nothing in a dry run', () => {
  const script = path.join(scratch, 'collect.cmd');
  expect(wimsmithOutcome('drivers', 'collect', script, '--dry-run').status).toBe(0);
  expect(snapshotTree(scratch)['collect.cmd']).toBeUndefined();
  writeFileSync(script, '@echo mine\r\n');
  expect(wimsmithOutcome('drivers', 'collect', script).status).toBe(4);
  expect(readFileSync(script, 'latin1')).toBe('@echo mine\r\n');
});
