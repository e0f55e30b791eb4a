import { describe, expect, it } from 'vitest';
import { readDriverVersion } from '../../../../../src-main/engine/drivers/store/driverVersion';
import { listStore, storedFiles } from '../../../../../src-main/engine/drivers/store/listStore';
import { inspectWindows } from '../../../../../src-main/engine/offline/windows';
import { createHive } from '../../../../../src-main/engine/registry/createHive';
import type { Hive } from '../../../../../src-main/engine/registry/hive';
import { setText } from '../../../../../src-main/engine/registry/registryValues';
import { memoryTree, windowsFiles } from '../../../../support/offlineTrees';

const store = '/Windows/System32/DriverStore/FileRepository';
const inf =
  '[Version]\r\nSignature="$WINDOWS NT$"\r\nClass=Net\r\nProvider=Maker\r\nDriverVer=03/04/2020,5.6.7.8\r\n';

/** As heci.inf of Intel has it in a hive of Windows 10. */
const version = Buffer.from(
  '00ff0900000000007de9364d25e3ce11bfc108002be10318008070c58488d101a50405000000' + '0b000000000000000000',
  'hex',
);

function register(hive: Hive, name: string, published: string): void {
  const key = hive.root.ensure(`DriverDatabase\\DriverPackages\\${name}`);
  setText(key, '', published);
  setText(key, 'Provider', 'Intel');
  key.setValue('Version', 3, new Uint8Array(version));
}

describe('the drivers of an offline Windows', () => {
  it('come from the registry of both hives, each once', () => {
    const drivers = createHive();
    register(drivers, 'heci.inf_amd64_0123456789abcdef', 'oem7.inf');
    register(drivers, 'disk.inf_amd64_0123456789abcdef', 'disk.inf');
    const files = windowsFiles({
      systemMore: (hive) => register(hive, 'HECI.inf_amd64_0123456789abcdef', 'oem7.inf'),
    });
    const tree = memoryTree({
      ...files,
      '/Windows/System32/config/DRIVERS': drivers.serialize(),
      [`${store}/heci.inf_amd64_0123456789abcdef/heci.inf`]: inf,
      [`${store}/heci.inf_amd64_0123456789abcdef/x64/heci.sys`]: 'sys',
      '/Windows/INF/oem7.inf': inf,
    });
    const { drivers: found } = listStore(tree, inspectWindows(tree), { inbox: true });
    expect(found.map(({ published, origin }) => [published, origin])).toEqual([
      ['oem7.inf', 'third-party'],
      ['disk.inf', 'inbox'],
    ]);
    expect(found[0]).toMatchObject({
      version: '11.0.5.1189',
      date: '2016-03-28',
      architecture: 'amd64',
      provider: 'Intel',
      remarks: [],
    });
    expect(
      storedFiles(tree, found[0])
        .map((file) => file.path)
        .sort(),
    ).toEqual(['heci.inf', 'x64/heci.sys']);
    expect(storedFiles(tree, found[1])).toEqual([]);
  });

  it('come from the INF folder where no registry tells of them, as in Windows 7', () => {
    const tree = memoryTree({
      ...windowsFiles({ build: 7601 }),
      '/Windows/INF/oem0.inf': inf,
      '/Windows/INF/oem1.inf': Buffer.alloc(100, 0),
      '/Windows/INF/disk.inf': 'inbox',
      [`${store}/net.inf_amd64_neutral_01/net.inf`]: inf,
      [`${store}/other.inf_amd64_neutral_02/other.inf`]: inf.replace('5.6', '5.7'),
    });
    const { drivers } = listStore(tree, inspectWindows(tree));
    expect(drivers[0]).toEqual({
      published: 'oem0.inf',
      original: 'net.inf',
      origin: 'third-party',
      provider: 'Maker',
      className: 'Net',
      classGuid: '',
      date: '2020-03-04',
      version: '5.6.7.8',
      folder: `${store}/net.inf_amd64_neutral_01`,
      remarks: [],
    });
    expect(drivers[1].remarks.map(({ code }) => code)).toContain('file-missing');
    expect(drivers).toHaveLength(2);
  });
});

it('a version of another length is none', () => {
  expect(readDriverVersion(new Uint8Array(47))).toBeUndefined();
  expect(readDriverVersion(new Uint8Array(48))).toMatchObject({ date: '', version: '', architecture: 'x86' });
});
