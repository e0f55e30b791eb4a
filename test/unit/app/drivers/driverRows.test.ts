import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../../../src-main/app/settings/settingsFile';
import { deviceListText } from '../../../../src-main/app/drivers/deviceListText';
import { packageRow } from '../../../../src-main/app/drivers/driverRows';
import { readDeviceList } from '../../../../src-main/engine/devices/readDeviceList';
import { SOURCES_MAXIMUM } from '../../../../src-shared/contract/driverLibrary';
import { defaultSettings } from '../../../../src-shared/contract/app';
import type { DeviceList, DriverPackage, DriverRemark } from '../../../../src-shared/model/drivers';

const found: DriverPackage = {
  id: '0011223344556677',
  name: 'pnet.inf',
  inf: '/drivers/pnet.inf',
  infSha256: '00'.repeat(32),
  provider: 'Northlight Devices',
  manufacturers: [],
  className: 'Net',
  classGuid: '',
  kind: 'device',
  date: '2025-03-14',
  version: '2.1.0.0',
  architectures: ['amd64'],
  models: 1,
  identifiers: 1,
  bootCritical: false,
  services: [],
  files: 1,
  bytes: 1,
  signature: { state: 'unchecked' },
  remarks: [],
};
const note = (code: DriverRemark['code']): DriverRemark => ({
  severity: 'note',
  code,
  file: found.inf,
  problem: 'it is so',
});

describe('the row of a package', () => {
  it.each([
    [[], false, false],
    [['duplicate'], true, false],
    [['superseded'], false, true],
    [['wrong-windows', 'superseded', 'duplicate'], true, true],
  ] as const)('with remarks %j', (codes, duplicate, superseded) => {
    const row = packageRow({ ...found, remarks: codes.map(note) });
    expect(row).toMatchObject({ duplicate, superseded, errors: 0, warnings: 0, fault: '' });
  });
});

describe('a list of devices that is written', () => {
  const device = {
    instanceId: 'PCI\\VEN_1234&DEV_0A01\\3&11583659&0&FE',
    name: 'Netzwerkadapter – „Übung“',
    className: 'Net',
    hardwareIds: ['PCI\\VEN_1234&DEV_0A01&SUBSYS_00000001', 'PCI\\VEN_1234&DEV_0A01'],
    compatibleIds: ['PCI\\VEN_1234&CC_0200'],
    currentInf: 'oem12.inf',
  };
  const list: DeviceList = {
    label: 'Lab PC',
    model: 'Northlight Bench 3',
    devices: [device, { ...device, instanceId: '', name: '', className: '', hardwareIds: ['USB\\VID_0001'] }],
    warnings: [],
  };
  it('is read back with its devices and its model', () => {
    const read = readDeviceList(new TextEncoder().encode(deviceListText(list)), 'lab.json');
    expect(read.model).toBe(list.model);
    expect(read.devices).toEqual(list.devices);
  });
});

describe('the library in the settings', () => {
  const set = {
    id: 'a-1',
    name: 'Lab PC',
    model: '',
    packages: ['ab'.repeat(32)],
    windows: '11-24H2',
    architecture: 'amd64',
  };
  it('is kept', () => {
    const text = JSON.stringify({ driverSources: ['/drivers', 'C:\\d.zip'], driverSets: [set] });
    expect(parseSettings(text)).toMatchObject({
      settings: { driverSources: ['/drivers', 'C:\\d.zip'], driverSets: [set] },
      faults: [],
    });
  });
  it('is bounded, and what is damaged leaves the other settings', () => {
    const many = Array.from({ length: SOURCES_MAXIMUM + 1 }, (_, i) => `/d${i}`);
    const text = JSON.stringify({
      driverSources: many,
      driverSets: [{ ...set, packages: ['no hash'] }],
      threads: 3,
    });
    const { settings, faults } = parseSettings(text);
    expect(settings).toEqual({ ...defaultSettings, threads: 3 });
    expect(faults).toHaveLength(2);
  });
});
