import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-shared/errors/appError';
import type { DriversAddReport, DriversScanReport } from '../../../../src-shared/model/drivers';
import { FakeWorld } from '../fakeEnvironment';
import { added, deviceList, driverPackage, e1d, listed, matched, scanned, stored } from './samples';

const plan = {
  steps: ['Copy 4 files into \\Windows\\Wimsmith\\Drivers'],
  warnings: [],
  spaceNeeded: 600_000,
  spaceFree: null,
  fingerprint: 'f00d',
};

describe('documents', () => {
  it.each([
    ['scan /packs', { driversScan: () => Promise.resolve(scanned) }, scanned],
    ['list lab.wim 1', { driversList: () => Promise.resolve(listed) }, listed],
    ['devices pc42.txt', { driversDevices: () => Promise.resolve(deviceList) }, deviceList],
    ['add lab.wim 1 --driver=a', { driversAdd: () => Promise.resolve(added) }, added],
    [
      'match /packs --devices=pc42.txt --windows=11-24H2',
      { driversMatch: () => Promise.resolve(matched) },
      matched,
    ],
  ])('drivers %s --json', async (line, verbs, result) => {
    const world = new FakeWorld(verbs);
    expect(await world.run(`drivers ${line} --json`)).toBe(0);
    expect(world.json()).toMatchObject({
      verb: 'drivers',
      result: JSON.parse(JSON.stringify(result)),
      ok: true,
    });
  });

  it('carry the warnings of a device list', async () => {
    const world = new FakeWorld({ driversMatch: () => Promise.resolve(matched) });
    await world.run('drivers match /packs --devices=pc42.txt --windows=11-24H2 --json');
    expect(world.json()).toMatchObject({ warnings: deviceList.warnings });
  });
});

describe('exit codes', () => {
  it('4 when a check finds a faulty package, with the first place', async () => {
    const world = new FakeWorld({ driversCheck: () => Promise.resolve(scanned) });
    expect(await world.run('drivers check /packs')).toBe(4);
    expect(world.calls[0].request).toEqual({ paths: ['/packs'], check: true });
    expect(world.error).toContain(
      '2 faulty driver packages, first /packs/net/old.inf:120: it copies old.sys, which is not in the package',
    );
    const json = new FakeWorld({ driversCheck: () => Promise.resolve(scanned) });
    expect(await json.run('drivers check /packs --json')).toBe(4);
    expect(json.json()).toMatchObject({ ok: false, result: { infs: 3 }, error: { code: 'drivers/faulty' } });
  });

  it('4 also when an archive alone cannot be read; 0 when all is sound or only warned of', async () => {
    const loose: DriversScanReport = { ...scanned, packages: [e1d] };
    expect(await new FakeWorld({ driversCheck: () => Promise.resolve(loose) }).run('drivers check a')).toBe(
      4,
    );
    const warned = driverPackage('w.inf', {
      remarks: [{ severity: 'warning', code: 'duplicate', file: 'w.inf', problem: 'twice' }],
    });
    const sound: DriversScanReport = { ...scanned, packages: [e1d, warned], remarks: [] };
    const world = new FakeWorld({ driversCheck: () => Promise.resolve(sound) });
    expect(await world.run('drivers check a')).toBe(0);
    expect(world.out).toContain('2 packages checked: 1 with warnings, 1 sound.\n');
  });

  it('0 when a device has no package: that is an answer', async () => {
    const world = new FakeWorld({ driversMatch: () => Promise.resolve(matched) });
    expect(await world.run('drivers match /packs --devices=pc42.txt --windows=11-24H2')).toBe(0);
    expect(world.error).toBe('Warning: the list gives no identifiers for 2 devices\n');
  });

  it('1 when DISM refused a package, 0 when one was left out by wish', async () => {
    const failed: DriversAddReport = {
      ...added,
      method: 'dism',
      packages: [
        { package: e1d, outcome: 'installed', place: 'oem3.inf' },
        { package: driverPackage('old.inf'), outcome: 'failed', why: 'error 0xE0000100' },
      ],
    };
    const world = new FakeWorld({ driversAdd: () => Promise.resolve(failed) });
    expect(await world.run('drivers add D:\\ --driver=a')).toBe(1);
    expect(world.out).toContain(
      'installed (1): DISM put them into the driver store of this Windows\n  e1d68x64.inf 12.19.2.45 (Intel, 2021-08-03); oem3.inf\n',
    );
    expect(world.out).toContain(
      'failed (1): they are not in the image\n  old.inf 12.19.2.45 (Intel, 2021-08-03): error 0xE0000100\n',
    );
    expect(world.error).toContain('1 package is not in the image, first old.inf: error 0xE0000100');
    const dry: DriversAddReport = { ...failed, plan };
    const planned = new FakeWorld({ driversAdd: () => Promise.resolve(dry) });
    expect(await planned.run('drivers add D:\\ --driver=a --dry-run')).toBe(0);
    expect(planned.out).toContain('would be installed (1)');
    expect(planned.out).toContain('would be refused (1)');
    expect(
      await new FakeWorld({ driversAdd: () => Promise.resolve(added) }).run('drivers add x --driver=a'),
    ).toBe(0);
  });

  it('those of errors', async () => {
    const world = new FakeWorld({
      driversAdd: () => Promise.reject(new AppError('offline/not-windows', 'x holds no Windows')),
    });
    expect(await world.run('drivers add x --driver=a')).toBe(4);
    expect(world.error).toContain('Choose an image, a folder or a volume that holds \\Windows.');
  });
});

describe('--only', () => {
  it('turns names into hashes by a look at the packages', async () => {
    const other = driverPackage('other.inf', { infSha256: 'cd'.repeat(32) });
    const verbs = {
      driversScan: () => Promise.resolve({ ...scanned, packages: [e1d, other] }),
      driversAdd: () => Promise.resolve(added),
    };
    const world = new FakeWorld(verbs);
    expect(await world.run('drivers add lab.wim 1 --driver=/packs --only=OTHER.inf')).toBe(0);
    expect(world.calls.map(({ verb }) => verb)).toEqual(['driversScan', 'driversAdd']);
    expect(world.calls[0].request).toEqual({ paths: ['/packs'] });
    expect(world.calls[1].request).toMatchObject({ only: ['cd'.repeat(32)] });
    const wrong = new FakeWorld(verbs);
    expect(await wrong.run('drivers add lab.wim 1 --driver=/packs --only=nope.inf')).toBe(4);
    expect(wrong.error).toContain('none of the driver packages is called "nope.inf"');
    expect(wrong.calls).toHaveLength(1);
  });
});

it('collect writes the script, and says what comes next', async () => {
  const world = new FakeWorld();
  expect(await world.run('drivers collect list.cmd')).toBe(0);
  expect(Buffer.from(world.written.get('list.cmd') ?? '', 'utf16le').toString('latin1')).toContain(
    '@echo off',
  );
  expect(world.out).toContain('"list.cmd" is written.');
  const json = new FakeWorld();
  await json.run('drivers collect list.cmd --json');
  expect(json.json()).toEqual({ verb: 'drivers', result: { path: 'list.cmd', warnings: [] }, ok: true });
});

it('export and remove say what is true then, and with --dry-run what would be', async () => {
  const driver = stored('oem3.inf', 'e1d68x64.inf');
  const exported = {
    place: 'lab.wim',
    destination: 'out',
    exported: [{ driver, folder: 'out/e1d', bytes: 600_000 }],
    warnings: [],
  };
  const removed = {
    place: 'lab.wim',
    removed: [driver],
    changed: ['/Windows/Panther/unattend.xml'],
    warnings: [],
  };
  const world = new FakeWorld({
    driversExport: (request) => Promise.resolve(request.dryRun === true ? { ...exported, plan } : exported),
    driversRemove: (request) => Promise.resolve(request.dryRun === true ? { ...removed, plan } : removed),
  });
  await world.run('drivers export lab.wim 1 out');
  expect(world.out).toBe(
    '1 driver exported to "out", 600 KB.\n  e1d68x64.inf 12.19.2.45: out/e1d (600 KB)\n',
  );
  world.out = '';
  await world.run('drivers remove lab.wim 1 oem3.inf');
  expect(world.out).toBe('1 driver removed from "lab.wim":\n  oem3.inf (e1d68x64.inf) 12.19.2.45 Intel\n');
  for (const line of ['export lab.wim 1 out', 'remove lab.wim 1 oem3.inf']) {
    world.out = '';
    expect(await world.run(`drivers ${line} --dry-run`)).toBe(0);
    expect(world.out).toContain('Nothing was written. This would be done:\n');
  }
});
