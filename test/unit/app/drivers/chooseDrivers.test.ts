import { describe, expect, it } from 'vitest';
import { chooseAll, chooseMatched } from '../../../../src-main/app/drivers/chooseDrivers';
import type {
  DeviceMatch,
  DriverCandidate,
  DriverPackage,
  WindowsTarget,
} from '../../../../src-shared/model/drivers';

const target: WindowsTarget = {
  label: 'Windows 11',
  major: 10,
  minor: 0,
  build: 26100,
  architecture: 'amd64',
  productType: 'workstation',
};

function driver(id: string, changes: Partial<DriverPackage> = {}): DriverPackage {
  return {
    id,
    name: `${id}.inf`,
    inf: `/drivers/${id}/${id}.inf`,
    infSha256: `hash of ${id}`,
    provider: 'Vendor',
    manufacturers: ['Vendor'],
    className: 'Net',
    classGuid: '',
    kind: 'device',
    date: '2025-01-01',
    version: '1.0.0.0',
    architectures: ['amd64'],
    models: 1,
    identifiers: 1,
    bootCritical: false,
    services: [],
    files: 2,
    bytes: 100,
    signature: { state: 'whcp' },
    remarks: [],
    ...changes,
  };
}

function faulty(id: string): DriverPackage {
  const problem = 'a file is missing';
  return driver(id, { remarks: [{ severity: 'error', code: 'file-missing', file: 'a.sys', problem }] });
}

function candidate(id: string): DriverCandidate {
  return {
    package: id,
    description: `Device of ${id}`,
    section: 'Install',
    line: 1,
    identifier: 'PCI\\VEN_1',
    match: 'hardware-hardware',
    rank: 1,
    signatureScore: 0,
    featureScore: 0,
    identifierScore: 1,
    why: `${id} is best`,
  };
}

function device(
  name: string,
  candidates: readonly string[],
  extensions: readonly string[] = [],
): DeviceMatch {
  return {
    device: { instanceId: name, name, className: 'Net', hardwareIds: [name], compatibleIds: [] },
    candidates: candidates.map(candidate),
    extensions: extensions.map(candidate),
    ...(candidates.length === 0 ? { why: 'no INF names it' } : {}),
  };
}

const nothing = { leaveOut: [], takeIn: [] };

describe('what goes in for devices', () => {
  const packages = [faulty('bad'), driver('good'), driver('extra'), driver('other')];
  const matched = {
    devices: [device('one', ['bad', 'good'], ['extra']), device('two', [])],
    uses: [
      { package: 'other', usedFor: [], whyNot: 'it names no such device', whyNotCode: 'no-device' as const },
    ],
  };

  it('is the best that has no faults, and its extensions', () => {
    const { devices, uses } = chooseMatched(packages, matched, nothing);
    expect(uses.map(({ package: id, goesIn }) => [id, goesIn])).toEqual([
      ['bad', false],
      ['good', true],
      ['extra', true],
      ['other', false],
    ]);
    expect(devices[0]).toMatchObject({ keptOut: 'bad', candidates: [{ package: 'good' }] });
    expect(devices[0].out.map(({ package: id }) => id)).toEqual(['bad']);
    expect(devices[1]).toMatchObject({ candidates: [], why: 'no INF names it' });
    expect(uses[0]).toMatchObject({
      usedFor: 0,
      wouldServe: 1,
      whyNotCode: 'faulty',
      whyNot: 'a file is missing',
      devices: ['one'],
    });
    expect(uses[3]).toMatchObject({ whyNotCode: 'no-device', whyNot: 'it names no such device' });
  });

  it('is what a person takes in on purpose, and not what a person leaves out', () => {
    const taken = chooseMatched(packages, matched, { leaveOut: [], takeIn: ['hash of bad'] });
    expect(taken.devices[0]).not.toHaveProperty('keptOut');
    expect(taken.uses.filter(({ goesIn }) => goesIn).map(({ package: id }) => id)).toEqual(['bad', 'extra']);
    const left = chooseMatched(packages, matched, { leaveOut: ['hash of good'], takeIn: [] });
    expect(left.devices[0]).toMatchObject({ candidates: [], why: 'the packages for it are left out' });
    expect(left.uses[1]).toMatchObject({ goesIn: false, whyNotCode: 'kept-out' });
  });
});

describe('a package with faults that serves nobody', () => {
  it('stays out for what it lacks a device for, not for its faults', () => {
    const use = {
      package: 'arm',
      usedFor: [],
      whyNot: 'it is for arm64',
      whyNotCode: 'wrong-architecture' as const,
    };
    const { uses } = chooseMatched([faulty('arm')], { devices: [device('one', [])], uses: [use] }, nothing);
    expect(uses).toMatchObject([
      { goesIn: false, whyNotCode: 'wrong-architecture', whyNot: 'it is for arm64' },
    ]);
  });
});

describe('what goes in for any PC', () => {
  it('is all that the Windows can take, each once', () => {
    const packages = [
      driver('first'),
      driver('copy', { infSha256: 'hash of first' }),
      driver('arm', { architectures: ['arm64'] }),
      faulty('bad'),
      driver('setup', { architectures: [] }),
    ];
    const codes = (choices: { leaveOut: string[]; takeIn: string[] }): unknown[] =>
      chooseAll(packages, target, choices).uses.map(({ goesIn, whyNotCode }) => (goesIn ? 'in' : whyNotCode));
    expect(codes({ ...nothing })).toEqual(['in', 'duplicate', 'wrong-architecture', 'faulty', 'in']);
    expect(codes({ leaveOut: ['hash of setup'], takeIn: ['hash of bad'] })).toEqual([
      'in',
      'duplicate',
      'wrong-architecture',
      'in',
      'kept-out',
    ]);
  });
});
