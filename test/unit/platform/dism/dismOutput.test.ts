import { describe, expect, it } from 'vitest';
import {
  parseAddOutput,
  parseDriverList,
  parseError,
  parseToolVersion,
} from '../../../../src-main/platform/dism/dismOutput';
import {
  drivers,
  localised,
  localisedDrivers,
  needsAdministrator,
  noDrivers,
  nothingFound,
  notServiceable,
  oneOfThree,
  twoInstalled,
} from './recorded';

describe('what DISM says of each INF', () => {
  it('is installed, with the path whole', () => {
    const output = parseAddOutput(twoInstalled, 0);
    expect(output.lines).toEqual([
      { number: 1, total: 2, inf: 'C:\\drivers\\3wManage.inf', installed: true },
      { number: 2, total: 2, inf: 'C:\\drivers\\amdgpio3.inf_amd64_fec0\\oemsetup.inf', installed: true },
    ]);
    expect(output.imageVersion).toBe('10.0.26100.2033');
  });

  it('is told apart where one is refused and one cannot be opened', () => {
    const { lines, error } = parseAddOutput(oneOfThree, 2);
    expect(lines.map(({ inf, installed, errorCode }) => [inf, installed, errorCode])).toEqual([
      ['C:\\drivers\\invalid.inf', false, 0xe0000100],
      ['C:\\drivers\\e1d68x64.inf', true, undefined],
      ['C:\\drivers\\old.inf', false, undefined],
    ]);
    expect(lines[2].problem).toBe('Error - An error occurred. The driver package could not be installed.');
    expect(error).toMatch(/^The driver package could not be installed\. For more/);
    expect(error).not.toContain('dism.log');
  });

  it('goes on in the next line where a console folded it', () => {
    const folded = twoInstalled.replace('package was successfully', 'package was\r\nsuccessfully');
    expect(parseAddOutput(folded, 1).lines.map(({ installed }) => installed)).toEqual([true, true]);
  });

  it('is taken from the exit code where the language is not known', () => {
    expect(parseAddOutput(localised('Bien.', 'Bien.'), 0).lines).toMatchObject([
      { number: 1, total: 2, inf: 'C:\\Pilotes r\u00e9seau\\e1d.inf', installed: true },
      { number: 2, total: 2, inf: 'C:\\Pilotes r\u00e9seau\\b.inf', installed: true },
    ]);
    expect(parseAddOutput(localised('Bien.', 'Mal 0x800F024B.'), 2).lines).toMatchObject([
      { installed: null },
      { installed: false, errorCode: 0x800f024b },
    ]);
  });

  it('is nothing where DISM did not come so far', () => {
    for (const [output, code] of [
      [needsAdministrator, 740],
      [notServiceable, 50],
      ['', 1],
    ] as const)
      expect(parseAddOutput(output, code)).toMatchObject({ lines: [], imageVersion: undefined });
    expect(parseError(needsAdministrator, 740)).toBe(
      'Elevated permissions are required to run DISM. Use an elevated command prompt to complete these tasks',
    );
    expect(parseError(notServiceable, 50)).toMatch(/^To service this Windows image/);
    expect(parseAddOutput(nothingFound, 2)).toMatchObject({
      lines: [{ inf: 'Y:\\mouse\\vmmouse.inf', installed: false, errorCode: 0x800703f1 }],
      imageVersion: '10.0.17763.1697',
    });
  });

  it.each([
    ['a number that is another', 'Error: 3\r\n\r\nNo.\r\n', 2, ''],
    ['an HRESULT as exit code of a signed kind', 'Error: 0x800f0922\r\n\r\nNo.\r\n', -2146498270, 'No'],
    ['a no-break space', 'Erreur\u00a0: 2\r\n\r\nNon.\r\n', 2, 'Non'],
  ])('the error is found by its number: %s', (_, output, code, expected) => {
    expect(parseError(output, code)).toBe(expected);
  });
});

describe('the list of drivers', () => {
  it('is read in English', () => {
    expect(parseDriverList(drivers)).toEqual([
      {
        published: 'oem0.inf',
        original: 'e1d68x64.inf',
        inbox: false,
        className: 'Net',
        provider: 'Intel',
        date: '17/05/2024',
        version: '12.19.2.45',
      },
      {
        published: 'oem1.inf',
        original: 'nvhda.inf',
        inbox: false,
        className: 'MEDIA',
        provider: 'NVIDIA',
        date: '3/14/2024',
        version: '1.4.1.0',
        bootCritical: false,
      },
    ]);
    expect(parseDriverList(noDrivers)).toEqual([]);
    expect(parseToolVersion(drivers)).toBe('10.0.26100.1150');
  });

  it('is read by its order in any other language', () => {
    expect(parseDriverList(localisedDrivers)).toMatchObject([
      { published: 'oem12.inf', original: 'netwtw08.inf', inbox: false, version: '23.60.0.10' },
      { published: 'c_net.inf', inbox: true, provider: 'Microsoft' },
    ]);
  });
});
