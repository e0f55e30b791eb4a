import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { collectScript } from '../../../../src-main/engine/devices/collectScript';
import { readDeviceList } from '../../../../src-main/engine/devices/readDeviceList';
import { refusal } from '../../../support/refusal';
import * as recorded from './recordedLists';

const { nic, keyboard } = recorded.expected;
const bytes = (text: string, encoding = 'utf-8'): Uint8Array => iconv.encode(text, encoding);
const utf16 = (text: string): Uint8Array => iconv.encode(text, 'utf-16le', { addBOM: true });
const read = (text: string) => readDeviceList(bytes(text), 'list');

describe('lists with identifiers', () => {
  it.each([
    ['pnputil, English', bytes(recorded.pnputilEnglish)],
    ['pnputil, English, CRLF in UTF-16', utf16(recorded.pnputilEnglish.replaceAll('\n', '\r\n'))],
    ['pnputil, German in code page 850', bytes(recorded.pnputilGerman, 'cp850')],
    ['pnputil, German in windows-1252', bytes(recorded.pnputilGerman, 'windows-1252')],
    ['pnputil, a language that is not known', bytes(recorded.pnputilOther)],
    ['Get-PnpDevice, JSON in UTF-16', utf16(recorded.pnpDeviceJson)],
    ['Get-PnpDevice, odd JSON', bytes(recorded.pnpDeviceJsonOdd)],
    ['the script, CSV in UTF-8 with a mark', iconv.encode(recorded.collectedCsv, 'utf-8', { addBOM: true })],
    ['CSV with semicolons', bytes(recorded.collectedCsv.replaceAll('","', '";"'))],
  ])('%s', (_, list) => {
    const { devices, warnings } = readDeviceList(list, 'list');
    expect(devices).toHaveLength(2);
    expect(devices[0]).toMatchObject({
      instanceId: nic.instance,
      name: 'Intel(R) Ethernet Connection (2) I219-LM',
      className: 'Net',
      hardwareIds: nic.hardware,
      compatibleIds: nic.compatible,
      problem: 'no driver (28)',
    });
    expect(devices[1]).toMatchObject({
      instanceId: keyboard.instance,
      name: 'Standard PS/2 Keyboard',
      hardwareIds: keyboard.hardware,
      compatibleIds: [],
    });
    expect(devices[1].problem).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  it('have the INF in use, and the model, where they tell', () => {
    expect(read(recorded.pnputilEnglish).devices.map(({ currentInf }) => currentInf)).toEqual([
      'oem12.inf',
      'keyboard.inf',
    ]);
    expect(read(recorded.pnputilOther).devices[0].currentInf).toBe('oem12.inf');
    expect(read(recorded.collectedCsv).model).toBe('Dell Inc. Latitude 7480');
  });

  it.each([
    ['properties', recorded.pnputilProperties],
    ['XML', recorded.pnputilXml],
  ])('pnputil, %s', (_, text) => {
    const { devices } = read(text);
    expect(devices).toHaveLength(1);
    expect(devices[0]).toMatchObject({ hardwareIds: nic.hardware, compatibleIds: nic.compatible });
  });

  it('are read again from what this program writes', () => {
    const list = read(recorded.pnputilEnglish);
    const again = read(JSON.stringify({ list: { ...list, label: 'other' } }));
    expect(again).toEqual(list);
  });
});

describe('lists without identifiers', () => {
  it.each([
    ['Export-Csv', recorded.pnpDeviceCsv, 'Intel(R) Ethernet Connection (2) I219-LM, "new"'],
    ['msinfo32', recorded.msinfo, 'Intel(R) Ethernet Connection (2) I219-LM'],
    [
      'pnputil of Windows 10 1903',
      recorded.pnputilEnglish.replace(/^(Hardware|Compatible) IDs:.*\n( {28}.*\n)*/gm, ''),
      'Intel(R) Ethernet Connection (2) I219-LM',
    ],
  ])('%s: those that the instance ID tells, and a warning', (_, text, name) => {
    const { devices, warnings } = read(text);
    expect(devices[0]).toMatchObject({
      name,
      hardwareIds: nic.hardware.slice(0, 2),
      compatibleIds: nic.compatible.slice(0, 2),
    });
    expect(devices[1]).toMatchObject({ hardwareIds: keyboard.hardware });
    expect(warnings.join()).toContain('gives no identifiers of');
  });

  it('msinfo32: problem devices and the model', () => {
    const { devices, model } = read(recorded.msinfo);
    expect(model).toBe('Dell Inc. Latitude 7480');
    expect(devices[2]).toMatchObject({ name: 'SM Bus Controller', problem: 'no driver (28)' });
  });
});

describe('plain identifiers', () => {
  it('are of one device as long as vendor and device stay', () => {
    const text = `# a list\n${[...nic.hardware, ...nic.compatible.slice(0, 2)].join('\n')}\nUSB\\VID_046D&PID_C52B&MI_00\nUSB\\VID_046D&PID_C52B&MI_01\n\n*PNP0303\n${nic.instance}\n`;
    const { devices } = read(text);
    expect(devices.map(({ hardwareIds }) => hardwareIds.length)).toEqual([3, 1, 1, 1, 2]);
    expect(devices[0].compatibleIds).toEqual(nic.compatible.slice(0, 2));
  });
});

describe('what cannot be read', () => {
  it.each([
    ['', 'list: it is empty'],
    ['PCI\\VEN_1\nthis is no list\n', 'list, line 2: "this is no list" is no identifier of a device'],
    ['{"a": 1}', 'list: the JSON holds no devices with an instance ID or hardware IDs'],
    ['[{"InstanceId": "A\\\\B\\\\C"},\n{', 'list, line 2: it is no JSON from here'],
    ['<a><b></a>', 'list, line 1: it is no XML'],
    ['"Name","Class"\n"a","b"\n', 'list, line 2: no row has an instance ID or hardware IDs'],
    ['"Name","Class"\n"a","b\n', 'list, line 2: a quotation mark is not closed'],
    ['"Name","Class"\n', 'list: it holds no devices'],
  ])('%j', (text, message) => {
    const error = refusal(() => read(text));
    expect(error.code).toBe('devices/unreadable');
    expect(error.message).toContain(message);
  });

  it('or has no bounds', () => {
    expect(refusal(() => read('PCI\\A\n\n'.repeat(20_001))).message).toContain('more than 20000 devices');
    expect(refusal(() => read(`PCI\\${'A'.repeat(500)}`)).code).toBe('devices/unreadable');
    const many = Array.from({ length: 501 }, (_, index) => `PCI\\VEN_1&DEV_2&REV_${index}`);
    expect(refusal(() => read(many.join('\n'))).message).toContain('more than 500 identifiers');
  });
});

describe('the script for collecting', () => {
  it('is short, in ASCII with CRLF, and cmd would change none of its quotes', () => {
    const script = collectScript();
    expect(script).toMatch(/^[\r\n\x20-\x7e]+$/);
    expect(script.split('\r\n').join('')).not.toMatch(/[\r\n]/);
    for (const line of script.split('\r\n')) {
      expect(line.length).toBeLessThan(1000);
      expect(line.split('"').length % 2).toBe(1);
    }
    // Nothing but redirection to its own file and to nowhere.
    expect([...script.matchAll(/>\s*("[^"]*"|\S+)/g)].map(([, to]) => to)).toEqual(
      expect.arrayContaining(['"%LIST%"', 'nul']),
    );
    expect(script).not.toMatch(/\b(del|erase|reg|format|rd|move|copy)\b/i);
  });
});
