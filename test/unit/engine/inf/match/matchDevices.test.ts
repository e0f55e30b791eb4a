import { describe, expect, it } from 'vitest';
import { createDriverIndex } from '../../../../../src-main/engine/inf/match/driverIndex';
import { matchDevices } from '../../../../../src-main/engine/inf/match/matchDevices';
import { windowsTarget } from '../../../../../src-main/engine/inf/match/windowsTargets';
import { addMade, madeDevice, madeIndex, type MadePackage } from '../../../../support/driverIndexes';

const target = windowsTarget('11-24H2', 'amd64');
const nic = madeDevice(['PCI\\VEN_8086&DEV_15B7&SUBSYS_1', 'PCI\\VEN_8086&DEV_15B7'], ['PCI\\CC_0200']);

function match(packages: readonly MadePackage[], devices = [nic], windows = target) {
  const result = matchDevices(madeIndex(packages), devices, windows);
  return {
    ...result,
    winners: result.devices.map(({ candidates }) => candidates.map((one) => one.package)),
    why: Object.fromEntries(result.uses.map((use) => [use.package, use.whyNot])),
    code: Object.fromEntries(result.uses.map((use) => [use.package, use.whyNotCode])),
  };
}

const full = 'pci\\ven_8086&dev_15b7&subsys_1';
const short = 'PCI\\VEN_8086&DEV_15B7';

describe('matchDevices', () => {
  it('orders by identifier, feature score, date and version, whatever the order of adding', () => {
    const packages: MadePackage[] = [
      { id: 'short', date: '2026-01-01', models: { NTamd64: [[short]] } },
      { id: 'feature', models: { NTamd64: [[short]] }, featureScore: 0x10 },
      { id: 'old', date: '2020-01-01', models: { NTamd64: [[full]] } },
      { id: 'new', date: '2024-01-01', version: '1.9.0.0', models: { NTamd64: [[full]] } },
      { id: 'newer', date: '2024-01-01', version: '1.10.0.0', models: { NTamd64: [[full]] } },
      { id: 'compatible', models: { NTamd64: [['x', full]] } },
      { id: 'unsigned', date: '2026-01-01', signature: { state: 'unsigned' }, models: { NTamd64: [[full]] } },
    ];
    const order = ['feature', 'newer', 'new', 'old', 'short', 'compatible', 'unsigned'];
    expect(match(packages).winners).toEqual([order]);
    expect(match([...packages].reverse()).winners).toEqual([order]);
  });

  it('says what matched', () => {
    const { devices } = match([{ id: 'a', models: { NTamd64: [['other'], ['none', short]] } }]);
    expect(devices[0].candidates[0]).toEqual({
      package: 'a',
      description: 'Device 1',
      section: 'Install1.NT',
      line: 21,
      identifier: short,
      match: 'hardware-compatible',
      rank: 0x00ff1001,
      signatureScore: 0,
      featureScore: 0xff,
      identifierScore: 0x1001,
      why: "hardware ID 2 of the device, a compatible ID in the INF's line; signed by Microsoft for hardware",
    });
  });

  it('takes the closest section, and what it leaves out is left out', () => {
    const models = {
      NTamd64: [[full]],
      'NTamd64.10.0...22000': [['other']],
      'NTamd64.10.0...99999': [[full]],
    };
    const eleven = match([{ id: 'a', models }]);
    expect(eleven.winners).toEqual([[]]);
    expect(eleven.why.a).toBe('no device in the list has its identifier');
    expect(match([{ id: 'a', models }], [nic], windowsTarget('10-22H2', 'amd64')).winners).toEqual([['a']]);
  });

  it('says why a package is not used', () => {
    const { why, code } = match([
      { id: 'arm', models: { NTarm64: [[full]], NTx86: [[full]] } },
      { id: 'plain', models: { '': [[full]] } },
      { id: 'future', models: { 'NTamd64.10.0...99999': [[full]], 'NTamd64.11.0': [[full]] } },
      { id: 'server', models: { 'NTamd64.6.1.3': [[full]] } },
      { id: 'elsewhere', models: { NTamd64: [['a'], ['A', 'b', 'c']] } },
      { id: 'empty', models: {} },
      { id: 'best', version: '1.2', models: { NTamd64: [[full]] } },
      { id: 'worse', models: { NTamd64: [[short]] } },
      { id: 'same', infSha256: 'sha of best', version: '1.2', models: { NTamd64: [[full]] } },
      { id: 'before', name: 'Best.inf', date: '2019-01-01', models: { NTamd64: [[full]] } },
      {
        id: 'broken',
        models: { NTamd64: [[full]] },
        remarks: [
          { severity: 'error', code: 'file-missing', file: 'b.inf', line: 7, problem: 'b.sys is missing' },
        ],
      },
    ]);
    expect(why).toEqual({
      arm: 'for arm64 and x86 only',
      plain: 'for x86 only',
      future: 'needs Windows 10 build 99999 or later',
      server: 'for servers only',
      elsewhere: 'no device in the list has one of its 3 identifiers',
      empty: 'its INF names no devices',
      best: undefined,
      worse: 'outranked by best.inf 1.2 (2024-05-01) for its device',
      same: 'the same as /drivers/best/best.inf',
      before: 'older than best.inf 1.2 (2024-05-01), which serves its device',
      broken: 'b.sys is missing (b.inf, line 7)',
    });
    expect(code).toEqual({
      arm: 'wrong-architecture',
      plain: 'wrong-architecture',
      future: 'wrong-windows',
      server: 'wrong-windows',
      elsewhere: 'no-device',
      empty: 'no-devices-in-inf',
      best: undefined,
      worse: 'outranked',
      same: 'duplicate',
      before: 'older',
      broken: 'faulty',
    });
  });

  it('says why a device has no driver', () => {
    expect(match([{ id: 'arm', models: { NTarm64: [[full]] } }]).devices[0].why).toBe(
      'arm.inf 1.2.0.0 (2024-05-01) names it, but is for arm64 only',
    );
    expect(match([{ id: 'x', models: { NTamd64: [['x']] } }]).devices[0].why).toBe(
      'no package names one of its 3 identifiers',
    );
    expect(match([], [madeDevice([])]).devices[0].why).toBe('the list gives no identifiers for it');
  });

  it('takes one extension of each ExtensionId, by date and version, not by rank', () => {
    const extension = { kind: 'extension', extensionId: '{B}' } as const;
    const { devices, uses } = match([
      { id: 'base', models: { NTamd64: [[full]] } },
      { ...extension, id: 'b1', version: '1.0', models: { NTamd64: [[full]] } },
      { ...extension, id: 'b2', extensionId: '{b}', version: '2.0', models: { NTamd64: [[short]] } },
      { ...extension, id: 'a1', extensionId: '{A}', models: { NTamd64: [[short]] } },
    ]);
    expect(devices[0].candidates.map((one) => one.package)).toEqual(['base']);
    expect(devices[0].extensions.map((one) => one.package).sort()).toEqual(['a1', 'b2']);
    expect(uses.map(({ usedFor }) => usedFor)).toEqual([[0], [], [0], [0]]);
    expect(uses[1].whyNotCode).toBe('older');
  });

  it('gives the same from parts that workers made, and under their new ids', () => {
    const packages: MadePackage[] = [
      { id: 'one', models: { NTamd64: [[short]], NTx86: [[full]] } },
      { id: 'two', models: { NTamd64: [[full, 'PCI\\CC_0200']] } },
      { id: 'three', models: { NTamd64: [['PCI\\CC_0200']] } },
    ];
    const whole = matchDevices(madeIndex(packages), [nic], target);
    const joined = createDriverIndex();
    joined.absorb(structuredClone(madeIndex(packages.slice(0, 2)).pack()));
    addMade(joined, packages[2]);
    expect(joined.entries).toBe(5);
    expect(matchDevices(joined, [nic], target)).toEqual(whole);
    const renamed = createDriverIndex();
    const part = madeIndex(packages.slice(0, 1));
    renamed.absorb(part.pack(), [{ ...part.packages[0], id: 'one-2' }]);
    expect(matchDevices(renamed, [nic], target).uses[0].package).toBe('one-2');
  });

  it('lists at most 20 candidates', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({
      id: `p${index}`,
      models: { NTamd64: [[full]] },
    }));
    expect(match(many).winners[0]).toHaveLength(20);
  });
});
