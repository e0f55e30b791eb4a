import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src-main/cli/grammar/commandLine';
import { commandLinesOf } from '../../../src-shared/commandLines/commandLines';
import { dismLine } from '../../../src-shared/commandLines/dism';
import { wimsmithLine } from '../../../src-shared/commandLines/wimsmith';
import type { DriverWork } from '../../../src-shared/contract/work';
import { splitByCmd, splitBySh } from './shells';
import { name, posixPath, windowsPath, withoutUsual } from './works';

const flag = fc.boolean();
const hash = fc.constantFrom('ab'.repeat(32), '01'.repeat(32));

/** Work on drivers over paths of one system. */
function driverWorks(path: fc.Arbitrary<string>): fc.Arbitrary<DriverWork> {
  const image = fc.oneof(fc.integer({ min: 1, max: 40 }), name);
  const write = {
    integrity: flag,
    verifyIntegrity: flag,
    rebuild: flag,
    threads: fc.integer({ min: 0, max: 9 }),
    memory: fc.integer({ min: 1, max: 9_000_000 }).map((kibibytes) => kibibytes * 1024),
  };
  const place = fc.oneof(
    fc.record({ path: path.map((text) => `${text}.wim`), image }),
    fc.record({
      path: path.map((text) => `${text}.vhdx`),
      volume: fc.constantFrom('auto', '3', 'Windows 11'),
    }),
    fc.record({ path: path.map((text) => `${text}.d`) }),
  );
  const infName = name.map((text) => `${text}.inf`);
  const some = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(fields, { requiredKeys: [] });
  const add = fc
    .tuple(
      place,
      fc.record({ drivers: fc.array(path, { minLength: 1, maxLength: 3 }) }),
      some({
        ...write,
        devices: fc.oneof(
          fc.constant({ kind: 'this-pc' as const }),
          path.map((file) => ({ kind: 'file' as const, path: file })),
        ),
        only: fc.array(hash, { minLength: 1, maxLength: 2 }),
        method: fc.constant('stage' as const),
        registerForBoot: flag,
        setupComplete: flag,
        noAnswerFile: flag,
        answerFile: path,
        skipFaulty: flag,
      }),
    )
    .map((parts) => ({ verb: 'driversAdd', request: Object.assign({}, ...parts) }));
  const exported = fc
    .tuple(
      place,
      fc.record({ destination: path }),
      some({ drivers: fc.array(infName, { minLength: 1, maxLength: 3 }) }),
    )
    .map((parts) => ({ verb: 'driversExport', request: Object.assign({}, ...parts) }));
  const removed = fc
    .tuple(
      place,
      fc.record({
        drivers: fc.oneof(fc.constant('all' as const), fc.array(infName, { minLength: 1, maxLength: 3 })),
      }),
      some(write),
    )
    .map((parts) => ({ verb: 'driversRemove', request: Object.assign({}, ...parts) }));
  return fc.oneof(add, exported, removed) as fc.Arbitrary<unknown> as fc.Arbitrary<DriverWork>;
}

const tasks = { driversAdd: 'add', driversExport: 'export', driversRemove: 'remove' } as const;

/** The action that a line of this work has to become. */
function expected({ verb, request }: DriverWork): Record<string, unknown> {
  const wanted = withoutUsual(request);
  if (wanted['integrity'] === false) {
    // There is no --nocheck, and --check would write a table.
    delete wanted['integrity'];
    delete wanted['verifyIntegrity'];
  } else if (wanted['verifyIntegrity'] === true) {
    wanted['integrity'] = true;
  }
  return { verb: 'drivers', task: tasks[verb], request: wanted };
}

describe.each([
  ['posix', posixPath, 150],
  ['windows', windowsPath, 800],
] as const)('the wimsmith line for a %s shell', (style, path, numRuns) => {
  it('is read by the command line as the same work', () => {
    let lines = 0;
    fc.assert(
      fc.property(driverWorks(path), (work) => {
        const result = wimsmithLine(work, style);
        if (result.line === null) {
          expect(['imageName', 'lineBreak']).toContain(result.reason);
          return;
        }
        lines += 1;
        const args = style === 'posix' ? splitBySh(result.line) : splitByCmd(result.line);
        const { action, refusals } = parseCommandLine(args, style === 'posix' ? 'linux' : 'win32');
        expect(refusals).toEqual([]);
        expect({ ...action, request: withoutUsual('request' in action ? action.request : {}) }).toEqual(
          expected(work),
        );
      }),
      { numRuns },
    );
    expect(lines).toBeGreaterThan(numRuns / 2);
  });
});

const wim = 'D:\\my images\\lab.wim';
const add = { path: wim, image: 2, drivers: ['E:\\packs', 'E:\\e1d.inf', 'E:\\dell 7450.cab'] };

describe('the lines of DISM', () => {
  it('mount an image, add each path, and commit', () => {
    const devices = { kind: 'this-pc' } as const;
    const result = dismLine({
      verb: 'driversAdd',
      request: { ...add, devices, verifyIntegrity: true, setupComplete: true },
    });
    expect(result).toEqual({
      line: [
        'Dism /Mount-Image /ImageFile:"D:\\my images\\lab.wim" /Index:2 /MountDir:C:\\mount /CheckIntegrity',
        'Dism /Image:C:\\mount /Add-Driver /Driver:E:\\packs /Recurse',
        'Dism /Image:C:\\mount /Add-Driver /Driver:E:\\e1d.inf',
        'Dism /Image:C:\\mount /Add-Driver /Driver:"E:\\dell 7450" /Recurse',
        'Dism /Unmount-Image /MountDir:C:\\mount /Commit /CheckIntegrity',
      ].join('\n'),
      notes: [
        { key: 'mountFolder' },
        { key: 'addsAll' },
        { key: 'unpackFirst' },
        { key: 'leftOut', settings: ['devices', 'setupComplete'] },
      ],
    });
  });

  it('change a folder and an attached volume where they are', () => {
    const drivers = ['E:\\e1d.inf'];
    const lineOf = (work: DriverWork): string | null => dismLine(work).line;
    expect(lineOf({ verb: 'driversAdd', request: { path: 'D:\\', drivers, forceFaulty: true } })).toBe(
      'Dism /Image:D:\\ /Add-Driver /Driver:E:\\e1d.inf /ForceUnsigned',
    );
    expect(lineOf({ verb: 'driversAdd', request: { path: 'pc.vhdx', volume: 'auto', drivers } })).toBe(
      'Dism /Image:V:\\ /Add-Driver /Driver:E:\\e1d.inf',
    );
    expect(
      lineOf({ verb: 'driversRemove', request: { path: 'D:\\', drivers: ['oem3.inf', 'oem4.inf'] } }),
    ).toBe('Dism /Image:D:\\ /Remove-Driver /Driver:oem3.inf /Driver:oem4.inf');
  });

  it('export from an image that is mounted to be read only', () => {
    expect(
      dismLine({ verb: 'driversExport', request: { path: wim, image: 'Base', destination: 'E:\\out' } }).line,
    ).toBe(
      [
        'Dism /Mount-Image /ImageFile:"D:\\my images\\lab.wim" /Name:Base /MountDir:C:\\mount /ReadOnly',
        'Dism /Image:C:\\mount /Export-Driver /Destination:E:\\out',
        'Dism /Unmount-Image /MountDir:C:\\mount /Discard',
      ].join('\n'),
    );
  });

  it.each<[string, DriverWork, string]>([
    [
      'what is staged, which DISM does not know',
      { verb: 'driversRemove', request: { path: 'D:\\', drivers: 'all' } },
      'noVerb',
    ],
    [
      'a package by its own name',
      { verb: 'driversRemove', request: { path: 'D:\\', drivers: ['e1d.inf'] } },
      'noVerb',
    ],
    ['a solid image', { verb: 'driversAdd', request: { ...add, path: 'install.esd' } }, 'solid'],
    ['a part of a set', { verb: 'driversAdd', request: { ...add, path: 'install.swm' } }, 'references'],
    ['all images', { verb: 'driversAdd', request: { ...add, image: 'all' } }, 'allImages'],
  ])('are none for %s', (_, work, reason) => {
    expect(dismLine(work)).toEqual({ line: null, reason });
  });

  it('stand beside those of wimsmith; ImageX has none', () => {
    const lines = commandLinesOf({ verb: 'driversAdd', request: add }, 'posix');
    expect(Object.keys(lines)).toEqual(['wimsmith', 'dism']);
    expect(lines.wimsmith?.line).toBe(
      "wimsmith drivers add '--driver=E:\\packs' '--driver=E:\\e1d.inf' '--driver=E:\\dell 7450.cab' 'D:\\my images\\lab.wim' 2",
    );
  });
});

it('a list of devices that is in no file stands for one', () => {
  const list = { label: 'Latitude 7450', devices: [], warnings: [] };
  const work: DriverWork = { verb: 'driversAdd', request: { ...add, devices: { kind: 'devices', list } } };
  expect(wimsmithLine(work, 'posix')).toMatchObject({ notes: [{ key: 'deviceList' }] });
});
