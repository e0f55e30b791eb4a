import { describe, expect, it } from 'vitest';
import {
  compareAge,
  driverRank,
  identifierScore,
  rankText,
  signatureScore,
} from '../../../../../src-main/engine/inf/match/driverRank';
import { matchDevices } from '../../../../../src-main/engine/inf/match/matchDevices';
import { windowsTarget } from '../../../../../src-main/engine/inf/match/windowsTargets';
import { madeDevice, madeIndex } from '../../../../support/driverIndexes';

const target = windowsTarget('11-24H2', 'amd64');

describe("the documentation's example: driver-rank-example--windows-vista-and-later-", () => {
  const device = madeDevice(['HwID_1', 'HwID_2'], ['CID_1', 'CID_2']);
  const rows: [device: string, ranks: [string, string, string]][] = [
    ['HwID_1', ['00330000', '00331000', '00331000']],
    ['HwID_2', ['00330001', '00331001', '00331001']],
    ['CID_1', ['00332000', '00333000', '00333100']],
    ['CID_2', ['00332001', '00333001', '00333101']],
  ];
  it.each(rows)('%s', (identifier, ranks) => {
    const lines = [
      [identifier, 'x', 'y'],
      ['x', identifier, 'y'],
      ['x', 'y', identifier],
    ];
    const found = lines.map((line) => {
      const index = madeIndex([{ id: 'a', models: { NTamd64: [line] }, featureScore: 0x33 }]);
      return rankText(matchDevices(index, [device], target).devices[0].candidates[0].rank);
    });
    expect(found).toEqual(ranks);
  });

  it('is that of the log: driver-rank-information-in-the-setupapi-log', () => {
    // USB\Class_03&SubClass_01 is the second compatible ID of a keyboard and of its line in input.inf.
    const identifier = identifierScore('compatible-compatible', 1, 2);
    expect(
      rankText(driverRank({ signature: signatureScore('inbox', 'HID_Inst.NT'), feature: 0xff, identifier })),
    ).toBe('00FF3101');
  });
});

describe('scores', () => {
  it('of signatures: trusted ones are equal, then unsigned ones, last those without an .nt section', () => {
    expect(['whcp', 'inbox', 'signed'].map((state) => signatureScore(state as 'whcp', 'Install'))).toEqual([
      0, 0, 0,
    ]);
    expect(signatureScore('unsigned', 'Install.NTamd64')).toBe(0x80000000);
    expect(signatureScore('tampered', 'Install.nt')).toBe(0x80000000);
    expect(signatureScore('unsigned', 'Install')).toBe(0xc0000000);
  });

  it('of places stay within their field', () => {
    expect(identifierScore('hardware-hardware', 5000, 0)).toBe(0xfff);
    expect(identifierScore('compatible-compatible', 3, 200)).toBe(0x3fff);
    expect(driverRank({ signature: 0xc0000000, feature: 0xff, identifier: 0x3fff })).toBe(0xc0ff3fff);
  });

  it('of age: date before version, numbers as numbers, none last', () => {
    const old = { date: '2019-12-31', version: '9.9' };
    const next = { date: '2020-01-01', version: '1.9' };
    expect(compareAge(next, old)).toBeLessThan(0);
    expect(compareAge({ ...next, version: '1.10' }, next)).toBeLessThan(0);
    expect(compareAge({ date: '', version: '99' }, old)).toBeGreaterThan(0);
    expect(compareAge({ ...next, version: '1.9.0.0' }, next)).toBe(0);
  });
});
