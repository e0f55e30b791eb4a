import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { installFor } from '../../src-main/engine/inf/installSections';
import { modelsFor } from '../../src-main/engine/inf/models';
import { namedFiles } from '../../src-main/engine/inf/namedFiles';
import { parseInf } from '../../src-main/engine/inf/parseInf';
import { summarizeInf } from '../../src-main/engine/inf/summarizeInf';
import type { DriverArchitecture, WindowsTarget } from '../../src-shared/model/drivers';
import { createNodeHost } from '../../src-main/workers/nodeHost';
import { describeWithFixtures, fixtures } from '../support/tools';

/** Every INF of the fixtures, with those in the archive. */
function infs(): [string, Uint8Array][] {
  const found: [string, Uint8Array][] = [];
  for (const folder of ['arduino', 'distrobuilder-inf', 'osd-winpe-inf'])
    for (const name of readdirSync(fixtures('drivers', folder)).sort()) {
      if (!/\.(?:inf|txt|zip)$/.test(name)) continue;
      const bytes = readFileSync(fixtures('drivers', folder, name));
      if (!name.endsWith('.zip')) found.push([name, bytes]);
      else
        for (const [member, content] of Object.entries(unzipSync(bytes)))
          if (member.endsWith('.inf')) found.push([member, content]);
    }
  return found;
}

type Lines = readonly { readonly key: string; readonly value: string }[];

/** A second reader, made of other means: enough for INFs without continued lines and semicolons in quotes. */
function readPlainly(bytes: Uint8Array): (section: string) => Lines {
  const text = new TextDecoder(bytes[0] === 0xff ? 'utf-16le' : 'utf-8').decode(bytes);
  const all = new Map<string, { key: string; value: string }[]>();
  let lines: { key: string; value: string }[] = [];
  for (const line of text.split(/\r?\n/).map((one) => one.replace(/;.*/, '').trim())) {
    const header = /^\[(.*)\]$/.exec(line)?.[1].toLowerCase();
    if (header !== undefined) all.set(header, (lines = all.get(header) ?? []));
    else if (line !== '') {
      const [key, ...value] = line.split('=');
      lines.push({ key: key.trim(), value: value.join('=').trim() });
    }
  }
  const strings = (all.get('strings') ?? []).map(
    ({ key, value }) => [`%${key}%`.toLowerCase(), value.replace(/^"|"$/g, '')] as const,
  );
  const fill = (value: string): string =>
    strings
      .reduce(
        (filled, [token, by]) => filled.replace(new RegExp(token.replace(/[.$]/g, '\\$&'), 'gi'), by),
        value,
      )
      .replaceAll('"', '');
  return (section) =>
    (all.get(section.toLowerCase()) ?? []).map(({ key, value }) => ({ key: fill(key), value: fill(value) }));
}

function windows(architecture: DriverArchitecture): WindowsTarget {
  return { label: 'test', major: 10, minor: 0, build: 19045, architecture, productType: 'workstation' };
}

describeWithFixtures('the INFs of driver packages', () => {
  it('say what a plain reader finds in them', () => {
    const all = infs();
    expect(all.map(([name]) => name)).toHaveLength(24);
    for (const [name, bytes] of all) {
      const inf = parseInf(bytes, name);
      const section = readPlainly(bytes);
      const version = (key: string): string =>
        section('version').find((one) => one.key.toLowerCase() === key)?.value ?? '';
      const [date, number] = version('driverver')
        .split(',')
        .map((part) => part.trim());
      const [month, day, year] = date.split('/').map(Number);
      const models = section('manufacturer').flatMap(({ key, value }) => {
        const [base, ...decorations] = value.split(',').map((part) => part.trim());
        return [base, ...decorations.map((one) => `${base}.${one}`)].map((listed) => ({
          manufacturer: key,
          section: listed.toLowerCase(),
          models: section(listed).map((line) => ({
            description: line.key,
            install: line.value.split(',')[0].trim(),
            identifiers: line.value
              .split(',')
              .slice(1)
              .map((part) => part.trim()),
          })),
        }));
      });
      expect(
        {
          provider: inf.provider,
          className: inf.className,
          classGuid: inf.classGuid,
          date: inf.date.split('-').map(Number),
          version: inf.version.split('.').map(Number),
          catalogs: inf.catalogs.map((catalog) => catalog.name),
          pnpLockdown: inf.pnpLockdown,
          models: inf.models.map((listed) => ({
            manufacturer: listed.manufacturer,
            section: listed.section.toLowerCase(),
            models: listed.models.map(({ description, install, identifiers }) => ({
              description,
              install,
              identifiers,
            })),
          })),
        },
        name,
      ).toEqual({
        provider: version('provider'),
        className: version('class'),
        classGuid: version('classguid').toLowerCase(),
        date: [year, month, day],
        version: [...number.split('.').map(Number), 0, 0, 0].slice(0, 4),
        catalogs: version('catalogfile') === '' ? [] : [version('catalogfile')],
        pnpLockdown: version('pnplockdown') === '1',
        models,
      });
      for (const listed of inf.models)
        for (const { install } of listed.models) {
          const found = installFor(inf, install, windows(listed.decoration?.architecture ?? 'x86'));
          expect(
            found?.services.map((one) => [one.name.toLowerCase(), one.startType]),
            name,
          ).toEqual([[name === 'arduino_gemma.inf' ? 'libusb0' : 'usbser', 3]]);
        }
      expect(
        inf.remarks.filter(({ severity }) => severity === 'error'),
        name,
      ).toEqual([]);
    }
  });

  it('have the lines, the encoding and the files that they show', async () => {
    const host = createNodeHost({ appDirectory: path.resolve('dist') });
    const bytes = readFileSync(fixtures('drivers/arduino/arduino_gemma.inf'));
    const inf = parseInf(bytes, 'arduino_gemma.inf');
    expect(namedFiles(inf).map(({ path: file, architectures }) => [file, architectures])).toEqual([
      ['x86/libusb0.sys', ['x86']],
      ['x86/libusb0_x86.dll', ['x86', 'amd64', 'ia64']],
      ['amd64/libusb0.sys', ['amd64']],
      ['amd64/libusb0.dll', ['amd64']],
      ['ia64/libusb0.sys', ['ia64']],
      ['ia64/libusb0.dll', ['ia64']],
    ]);
    expect(inf.encoding).toBe('utf-16le');
    const [models] = modelsFor(inf, windows('amd64'));
    const lines = bytes.toString('utf16le').split('\n');
    expect(lines[models.line - 1].trim()).toBe('[Devices.NTAMD64]');
    expect(lines[models.models[0].line - 1]).toMatch(/^%DeviceName% = LIBUSB_WIN32_DEV\.NTAMD64/);
    expect(models.models[0]).toMatchObject({
      description: 'Arduino Gemma',
      install: 'LIBUSB_WIN32_DEV.NTAMD64',
      identifiers: ['USB\\VID_2341&PID_0C9F'],
    });
    expect(installFor(inf, models.models[0].install, windows('amd64'))).toMatchObject({
      section: 'LIBUSB_WIN32_DEV.NTAMD64',
      featureScore: 255,
      services: [{ name: 'libusb0', binary: '%SystemRoot%\\System32\\drivers\\libusb0.sys', startType: 3 }],
    });
    const summary = summarizeInf(inf, bytes, '/drivers/arduino_gemma.inf', host.crypto);
    expect(summary).toMatchObject({
      name: 'arduino_gemma.inf',
      infSha256: '9d85c43b41b9029a45f2aa8569811a8e320fab36616a6e3888adb34a66698af5',
      kind: 'device',
      architectures: ['x86', 'amd64', 'ia64'],
      models: 4,
      identifiers: 1,
      bootCritical: false,
      services: ['libusb0'],
      remarks: [],
    });
    await host.close();
  });

  it('for WinPE are of the kind that only sets up', () => {
    for (const name of readdirSync(fixtures('drivers/osd-winpe-inf'))) {
      const inf = parseInf(readFileSync(fixtures('drivers/osd-winpe-inf', name)), name);
      expect([inf.kind, inf.models, inf.date, inf.remarks], name).toEqual(['setup', [], '2021-02-01', []]);
      expect(installFor(inf, 'DefaultInstall', windows('amd64'))?.addReg, name).toEqual(['AddReg']);
    }
  });
});
