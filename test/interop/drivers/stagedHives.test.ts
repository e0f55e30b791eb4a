import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { planRemoval } from '../../../src-main/engine/drivers/staging/planRemoval';
import { planStaging } from '../../../src-main/engine/drivers/staging/planStaging';
import type { StagingInput } from '../../../src-main/engine/drivers/staging/stagingModel';
import { inspectWindows } from '../../../src-main/engine/offline/windows';
import { openHive } from '../../../src-main/engine/registry/openHive';
import { diskHost } from '../../support/disks';
import { fixtureHive, flatten } from '../../support/hives';
import { memoryTree, peFile, windowsFiles } from '../../support/offlineTrees';
import { requireTool, temporaryDirectory } from '../../support/tools';

const SYSTEM = '/Windows/System32/config/SYSTEM';
const host = diskHost();

const inf = `[Version]
Signature="$WINDOWS NT$"
Class=SCSIAdapter
ClassGuid={4D36E97B-E325-11CE-BFC1-08002BE10318}
Provider=Test
DriverVer=01/02/2024,1.0.0.0
[Manufacturer]
Test=M,NTamd64
[M.NTamd64]
Test=I,PCI\\VEN_1AF4&DEV_1001&REV_00
Test=I,PCI\\VEN_1AF4&DEV_1042&REV_01
[I]
CopyFiles=F
[F]
teststor.sys
[I.Services]
AddService=teststor,2,S
[S]
ServiceType=1
StartType=0
ErrorControl=1
ServiceBinary=%12%\\teststor.sys
`;

function storage(): StagingInput {
  const infSha256 = createHash('sha256').update(inf).digest('hex');
  const files = { 'teststor.inf': Buffer.from(inf), 'teststor.sys': peFile() };
  return {
    package: {
      id: infSha256.slice(0, 16),
      name: 'teststor.inf',
      inf: '/teststor.inf',
      infSha256,
      provider: 'Test',
      manufacturers: [],
      className: 'SCSIAdapter',
      classGuid: '{4d36e97b-e325-11ce-bfc1-08002be10318}',
      kind: 'device',
      date: '2024-01-02',
      version: '1.0.0.0',
      architectures: ['amd64'],
      models: 2,
      identifiers: 2,
      bootCritical: true,
      services: ['teststor'],
      files: 2,
      bytes: 1,
      signature: { state: 'unchecked' },
      remarks: [],
    },
    files: Object.entries(files).map(([file, bytes]) => ({
      path: file,
      size: bytes.length,
      bytes: new Uint8Array(bytes),
    })),
  };
}

/** What keys hold, without times: an edit changes those of the keys that it touches. */
function content(hive: Uint8Array): Map<string, string> {
  return new Map(
    flatten(openHive(hive)).map(({ path: key, security, subkeys, values }) => [
      key,
      JSON.stringify([
        security,
        subkeys,
        values.map(({ name, type, data }) => [name, type, Buffer.from(data).toString('hex')]),
      ]),
    ]),
  );
}

it.each(['regipy/SYSTEM_2.xz', 'regipy/SYSTEM_B.xz'])(
  'a storage driver is registered in %s as other programs read it, and every other key stays',
  (name) => {
    requireTool('hivexsh', 'reglookup', 'xz');
    const original = asClean(fixtureHive(name));
    const tree = memoryTree({ ...windowsFiles({ build: 17_134 }), [SYSTEM]: original });
    const windows = inspectWindows(memoryTree(windowsFiles({ build: 17_134 })));
    const options = { host, windows, registerForBoot: true };
    const plan = planStaging(tree, [storage()], options);
    tree.apply(plan.edits);
    expect(plan.outcomes.map(({ outcome, why }) => [outcome, why])).toEqual([
      ['registered for boot', undefined],
    ]);

    const edited = tree.read(SYSTEM, 2 ** 28);
    const before = content(original);
    const after = content(edited);
    const fresh = [...after.keys()].filter((key) => !before.has(key));
    expect(fresh.filter((key) => !/teststor|wimsmith|VEN_1AF4/.test(key))).toEqual([]);
    const changed = [...before].filter(([key, value]) => after.get(key) !== value).map(([key]) => key);
    expect(changed).toEqual([
      'ControlSet001\\Services',
      'DriverDatabase\\DeviceIds\\PCI',
      'DriverDatabase\\DriverInfFiles',
      'DriverDatabase\\DriverPackages',
    ]);

    const file = path.join(temporaryDirectory(), 'SYSTEM');
    writeFileSync(file, edited);
    const label = `wimsmith-${storage().package.infSha256.slice(0, 8)}.inf`;
    const shell = (key: string): string =>
      execFileSync('hivexsh', [file], { input: `cd ${key}\nlsval\n` }).toString();
    expect(shell('\\ControlSet001\\Services\\teststor')).toBe(
      '"Type"=dword:00000001\n"Start"=dword:00000000\n"Group"="SCSI miniport"\n"ErrorControl"=dword:00000001\n' +
        `"ImagePath"=${shown('system32\\drivers\\teststor.sys')}\n`,
    );
    expect(shell(`\\DriverDatabase\\DeviceIds\\PCI\\VEN_1AF4&DEV_1042&REV_01`)).toBe(
      `"${label}"=hex(3):01,ff,00,00\n`,
    );
    expect(shell(`\\DriverDatabase\\DriverPackages\\${label}_amd64_0000000000000000`)).toBe(
      `"Version"=hex(3):00,ff,09,00,00,00,00,00,7b,e9,36,4d,25,e3,ce,11,bf,c1,08,00,2b,e1,03,18${',00'.repeat(24)}\n`,
    );
    const listed = execFileSync('reglookup', ['-H', '-p', `/DriverDatabase/DriverInfFiles/${label}`, file], {
      stdio: ['ignore', 'pipe', 'ignore'],
    }).toString();
    expect(listed).toContain(`/Active,SZ,${label}_amd64_0000000000000000,`);
    expect(listed).toContain('/Configurations,MULTI_SZ,wimsmith_boot,');

    tree.apply(planRemoval(tree, 'all', options).edits);
    expect(content(tree.read(SYSTEM, 2 ** 28))).toEqual(before);
  },
);

/** The hive as if its last write had been finished: equal sequence numbers, and the checksum of that. */
function asClean(hive: Uint8Array): Uint8Array {
  const bytes = Buffer.from(hive);
  bytes.writeUInt32LE(bytes.readUInt32LE(4), 8);
  let checksum = 0;
  for (let at = 0; at < 508; at += 4) checksum ^= bytes.readUInt32LE(at);
  bytes.writeUInt32LE(checksum >>> 0, 508);
  return new Uint8Array(bytes);
}

it('a dirty hive without logs is read, and nothing is changed', () => {
  requireTool('xz');
  const tree = memoryTree({
    ...windowsFiles({ build: 17_134 }),
    [SYSTEM]: fixtureHive('regipy/SYSTEM_B.xz'),
  });
  const windows = inspectWindows(tree);
  expect(() => planStaging(tree, [storage()], { host, windows, registerForBoot: true })).toThrow(
    'never finished',
  );
  const plan = planStaging(tree, [storage()], { host, windows });
  expect(plan.warnings.join()).toContain('the hive is dirty');
});

/** REG_EXPAND_SZ as hivexsh prints it. */
function shown(text: string): string {
  return `str(2):"${text.replaceAll('\\', '\\\\')}"`;
}

it('a hive that was not written whole is recovered first, which is told, and its logs are emptied', () => {
  requireTool('hivexsh', 'xz');
  const logs = {
    [`${SYSTEM}.LOG1`]: fixtureHive('regipy/SYSTEM_B.LOG1.xz'),
    [`${SYSTEM}.LOG2`]: fixtureHive('regipy/SYSTEM_B.LOG2.xz'),
  };
  const hive = fixtureHive('regipy/SYSTEM_B.xz');
  const { recovered } = openHive(hive, { logs: Object.values(logs) });
  const tree = memoryTree({ ...windowsFiles({ build: 17_134 }), [SYSTEM]: hive, ...logs });
  const windows = inspectWindows(tree);
  const plan = planStaging(tree, [storage()], { host, windows, registerForBoot: true });
  expect(recovered).toBe(true);
  expect(plan.warnings.join()).toContain('were recovered from its logs');
  tree.apply(plan.edits);
  expect([`${SYSTEM}.LOG1`, `${SYSTEM}.LOG2`].map((log) => tree.find(log)?.size)).toEqual([0, 0]);
  const again = openHive(tree.read(SYSTEM, 2 ** 28));
  expect([again.recovered, again.dirty]).toEqual([false, false]);
  expect(again.key('ControlSet001\\Services\\teststor')).toBeDefined();
});
