import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { createDism } from '../../../../src-main/platform/dism/dismTool';
import { findDism } from '../../../../src-main/platform/dism/findDism';
import { type ProgramResult, runProgram } from '../../../../src-main/platform/dism/runProgram';
import { AppError } from '../../../../src-shared/errors/appError';
import {
  drivers,
  localised,
  needsAdministrator,
  noDrivers,
  nothingFound,
  notServiceable,
  oneOfThree,
  twoInstalled,
} from './recorded';

const PROGRAM = 'C:\\Windows\\System32\\Dism.exe';
const IMAGE = 'C:\\mount';

/** A DISM that says what was recorded, one answer for each run. */
function replaying(...answers: readonly (readonly [exitCode: number, output: string])[]) {
  const runs: (readonly string[])[] = [];
  const dism = createDism(PROGRAM, (program, args, onOutput): Promise<ProgramResult> => {
    expect(program).toBe(PROGRAM);
    const [exitCode, output] = answers[runs.length];
    runs.push(args);
    // In parts that end within lines.
    for (let at = 0; at < output.length; at += 37) onOutput?.(output.slice(at, at + 37));
    return Promise.resolve({ exitCode, output });
  });
  return { dism, runs };
}

const { signal } = new AbortController();

function stored(...names: string[]): string {
  const blocks = names.map(
    (name, i) =>
      `Published Name : oem${i}.inf\r\nOriginal File Name : ${name}\r\nInbox : No\r\nClass Name : Net\r\n` +
      'Provider Name : X\r\nDate : 1/2/2024\r\nVersion : 1.0.0.0\r\n\r\n',
  );
  return drivers.slice(0, drivers.indexOf('Published')) + blocks.join('');
}

describe('adding', () => {
  it('claims what the list of the image shows afterwards, and gives the published name', async () => {
    const { dism, runs } = replaying(
      [0, stored('old.inf')],
      [0, twoInstalled],
      [0, stored('old.inf', '3wmanage.inf', 'oemsetup.inf')],
    );
    const told: unknown[] = [];
    const paths = ['C:\\drivers\\3wManage.inf', 'C:\\drivers\\amdgpio3.inf_amd64_fec0\\oemsetup.inf'];
    const report = await dism.addDrivers(
      { image: IMAGE, drivers: paths, forceUnsigned: true, scratch: 'D:\\tmp' },
      { signal, onDriver: (...args) => told.push(args) },
    );
    expect(report.additions).toEqual([
      { inf: paths[0], outcome: 'installed', published: 'oem1.inf' },
      { inf: paths[1], outcome: 'installed', published: 'oem2.inf' },
    ]);
    expect(runs).toEqual([
      ['/English', '/Image:C:\\mount', '/Get-Drivers'],
      [
        '/English',
        '/Image:C:\\mount',
        '/Add-Driver',
        `/Driver:${paths[0]}`,
        `/Driver:${paths[1]}`,
        '/ForceUnsigned',
        '/ScratchDir:D:\\tmp',
      ],
      ['/English', '/Image:C:\\mount', '/Get-Drivers'],
    ]);
    expect(told).toEqual([
      [1, 2, paths[0]],
      [2, 2, paths[1]],
    ]);
  });

  it('does not believe what the list does not show', async () => {
    const { dism, runs } = replaying(
      [0, noDrivers],
      [0, twoInstalled],
      [0, stored('oemsetup.inf')],
      [0, stored('oemsetup.inf')],
    );
    const { additions } = await dism.addDrivers({ image: IMAGE, drivers: ['C:\\drivers'] }, { signal });
    expect(additions.map(({ outcome }) => outcome)).toEqual(['failed', 'installed']);
    expect(additions[0].problem).toContain('does not show it');
    // The long list was asked before it was denied.
    expect(runs[3]).toContain('/All');
    expect(runs[1]).toContain('/Recurse');
  });

  it('tells which one was refused, and keeps the others', async () => {
    const paths = ['e1d68x64', 'old', 'invalid'].map((name) => `C:\\drivers\\${name}.inf`);
    const { dism } = replaying([0, noDrivers], [2, oneOfThree], [0, stored('e1d68x64.inf')]);
    const report = await dism.addDrivers({ image: IMAGE, drivers: paths }, { signal });
    expect(report.exitCode).toBe(2);
    const byName = new Map(report.additions.map((one) => [one.inf, one]));
    expect(byName.get(paths[0])).toEqual({ inf: paths[0], outcome: 'installed', published: 'oem0.inf' });
    expect(byName.get(paths[1])?.problem).toContain('could not be installed');
    expect(byName.get(paths[2])).toMatchObject({ outcome: 'failed', errorCode: 0xe0000100 });
    expect(report.additions).toHaveLength(3);
  });

  it('knows INFs by their order: their names come in another code page', async () => {
    const paths = ['C:\\Pilotes réseau\\e1d.inf', 'C:\\Pilotes réseau\\b.inf'];
    const garbled = localised('Bien.', 'Mal 0x800F024B.').replaceAll('é', '\u0082');
    const { dism } = replaying([0, noDrivers], [2, garbled]);
    const { additions } = await dism.addDrivers({ image: IMAGE, drivers: paths }, { signal });
    expect(additions.map(({ inf }) => inf)).toEqual(paths);
    // What nobody can read is not called installed.
    expect(additions.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
  });

  it('has every path of which DISM says nothing as failed', async () => {
    const { dism } = replaying([0, noDrivers], [2, nothingFound]);
    const { additions } = await dism.addDrivers({ image: IMAGE, drivers: ['C:\\a.inf'] }, { signal });
    expect(additions.map(({ inf, outcome }) => [inf, outcome])).toEqual([
      ['Y:\\mouse\\vmmouse.inf', 'failed'],
      ['C:\\a.inf', 'failed'],
    ]);
    expect(additions[1].problem).toMatch(/^No driver packages were found/);
  });

  it('divides many INFs into runs, and stops between them', async () => {
    const infs = Array.from({ length: 40 }, (_, i) => `C:\\d\\${i}.inf`);
    const stop = new AbortController();
    let adds = 0;
    const dism = createDism(PROGRAM, (_, args) => {
      if (args.includes('/Add-Driver') && (adds += 1) === 2) stop.abort(new Error('stopped'));
      return Promise.resolve({ exitCode: 0, output: noDrivers });
    });
    const added = dism.addDrivers({ image: IMAGE, drivers: infs }, { signal: stop.signal });
    await expect(added).rejects.toThrow('stopped');
    expect(adds).toBe(2);
  });

  it.each([
    [740, needsAdministrator, 'io/no-permission', 'DISM needs administrator rights'],
    [50, notServiceable, 'drivers/dism-failed', 'older than the Windows in the image'],
    [87, '', 'drivers/dism-failed', 'error 87'],
    [0xc1420127 | 0, '', 'drivers/dism-failed', 'error 0xC1420127'],
  ])('throws what is about the whole image: %i', async (code, output, errorCode, words) => {
    const { dism } = replaying([code, output]);
    const failed = dism.addDrivers({ image: IMAGE, drivers: ['C:\\a.inf'] }, { signal });
    await expect(failed).rejects.toThrow(words);
    const { dism: again } = replaying([0, noDrivers], [code, output]);
    const error = await again
      .addDrivers({ image: IMAGE, drivers: ['C:\\a.inf'] }, { signal })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).code).toBe(errorCode);
  });
});

it('lists and removes', async () => {
  const { dism, runs } = replaying([0, drivers], [0, '']);
  expect(await dism.listDrivers('D:\\', true, signal)).toHaveLength(2);
  await dism.removeDrivers('D:\\', ['oem0.inf', 'oem1.inf'], signal);
  expect(runs[1]).toEqual([
    '/English',
    '/Image:D:\\',
    '/Remove-Driver',
    '/Driver:oem0.inf',
    '/Driver:oem1.inf',
  ]);
});

it('says whether it can be used', async () => {
  expect(await replaying([740, needsAdministrator]).dism.readiness(signal)).toMatchObject({ usable: false });
  expect(await replaying([0, drivers]).dism.readiness(signal)).toEqual({
    usable: true,
    version: '10.0.26100.1150',
  });
});

describe('the program', () => {
  it('is looked for under Windows alone', () => {
    expect(findDism('linux', { SystemRoot: 'C:\\Windows' })).toBeUndefined();
    expect(findDism('win32', {})).toBeUndefined();
    expect(findDism('win32', { SystemRoot: '/nowhere' })).toBeUndefined();
  });

  it('runs to its end without a shell, with what it said', async () => {
    const script = 'process.stdout.write(process.argv[1]); process.stderr.write("e"); process.exitCode = 50';
    const parts: string[] = [];
    const result = await runProgram(process.execPath, ['-e', script, 'a "b" $c'], (text) => parts.push(text));
    expect(result).toEqual({ exitCode: 50, output: 'a "b" $c\ne' });
    expect(parts.join('')).toBe('a "b" $c');
    await expect(runProgram('/nowhere/dism', [])).rejects.toMatchObject({ code: 'io/not-found' });
  });
});
