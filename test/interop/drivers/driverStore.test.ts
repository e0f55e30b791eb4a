import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { listStore } from '../../../src-main/engine/drivers/store/listStore';
import { inspectWindows } from '../../../src-main/engine/offline/windows';
import { fixtureHive } from '../../support/hives';
import { memoryTree, peFile } from '../../support/offlineTrees';
import { requireTool, temporaryDirectory } from '../../support/tools';

const store = '/Windows/System32/DriverStore/FileRepository';

/** Values of keys one level below a key, as reglookup prints them. */
function reglookup(hive: Uint8Array, key: string): Map<string, Map<string, Buffer>> {
  const file = path.join(temporaryDirectory(), 'hive');
  writeFileSync(file, hive);
  const lines = execFileSync('reglookup', ['-H', '-p', key, file], {
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const keys = new Map<string, Map<string, Buffer>>();
  for (const line of lines.toString('latin1').split('\n')) {
    const [place, type, data] = line.split(',');
    if (!place.startsWith(`${key}/`)) continue;
    const [name, value, ...deeper] = place
      .slice(key.length + 1)
      .split('/')
      .map(unquoted);
    if (deeper.length > 0) continue;
    if (!keys.has(name)) keys.set(name, new Map());
    if (type !== 'KEY') keys.get(name)?.set(value, Buffer.from(unquoted(data), 'latin1'));
  }
  return keys;
}

function unquoted(text: string): string {
  return text.replaceAll(/%([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function dateOf(version: Buffer): string {
  const fileTime = version.readBigUInt64LE(24);
  return fileTime === 0n
    ? ''
    : new Date(Number(fileTime / 10_000n - 11_644_473_600_000n)).toISOString().slice(0, 10);
}

function numbersOf(version: Buffer): string {
  return [38, 36, 34, 32].map((offset) => version.readUInt16LE(offset)).join('.');
}

describe.each([
  ['regipy/SYSTEM_2.xz', 159, ['oem1.inf']],
  ['regipy/SYSTEM_B.xz', 222, ['oem2.inf', 'oem3.inf', 'oem5.inf', 'oem7.inf', 'oem11.inf', 'oem12.inf']],
] as const)('the driver database of %s', (name, count, thirdParty) => {
  it('lists what reglookup shows, with dates, versions and classes', () => {
    requireTool('reglookup', 'xz');
    const system = fixtureHive(name);
    const packages = reglookup(system, '/DriverDatabase/DriverPackages');
    const classes = reglookup(system, '/ControlSet001/Control/Class');
    const classNames = new Map(
      [...classes].map(([guid, values]) => [guid.toLowerCase(), values.get('Class')?.toString() ?? '']),
    );
    const third = [...packages].filter(([, values]) => values.get('')?.toString().startsWith('oem'));
    const [withFolder] = third;
    const tree = memoryTree({
      '/Windows/System32/config/SYSTEM': system,
      '/Windows/System32/ntoskrnl.exe': kernel(),
      [`${store}/${withFolder[0]}/a.sys`]: 'x',
      [`/Windows/INF/${withFolder[1].get('')?.toString()}`]: 'inf',
    });
    const windows = inspectWindows(tree);
    const { drivers } = listStore(tree, windows, { inbox: true });
    expect(packages.size).toBe(count);
    expect(drivers).toHaveLength(count);
    expect(
      drivers.filter(({ origin }) => origin === 'third-party').map(({ published }) => published),
    ).toEqual(thirdParty);
    const expected = [...packages].map(([folder, values]) => {
      const version = values.get('Version') ?? Buffer.alloc(48);
      const published = values.get('')?.toString() ?? '';
      const guid = version.subarray(8, 24);
      const text = `{${[guid.readUInt32LE(0).toString(16).padStart(8, '0'), ...[4, 6].map((at) => guid.readUInt16LE(at).toString(16).padStart(4, '0')), guid.toString('hex', 8, 10), guid.toString('hex', 10)].join('-')}}`;
      return {
        published,
        original: values.get('InfName')?.toString() ?? folder.slice(0, folder.indexOf('.inf_') + 4),
        provider: values.get('Provider')?.toString() ?? '',
        architecture: version.readUInt16LE(2) === 9 ? 'amd64' : 'x86',
        classGuid: text,
        className: classNames.get(text) ?? '',
        date: dateOf(version),
        version: numbersOf(version),
      };
    });
    const sorted = <T extends { published: string; date: string; version: string }>(list: T[]): T[] =>
      list.sort((a, b) =>
        JSON.stringify([a.published, a.version, a.date]) < JSON.stringify([b.published, b.version, b.date])
          ? -1
          : 1,
      );
    const found = drivers.map(
      ({ published, original, provider, architecture, classGuid, className, date, version }) => ({
        published,
        original,
        provider,
        architecture,
        classGuid,
        className,
        date,
        version,
      }),
    );
    expect(sorted(found)).toEqual(sorted(expected));
    const there = drivers.find(({ folder }) => folder !== '');
    expect(there?.folder).toBe(`${store}/${withFolder[0]}`);
    expect(there?.remarks).toEqual([]);
    for (const driver of drivers) {
      if (driver !== there) expect(driver.remarks.map(({ code }) => code)).toContain('file-missing');
    }
  });

  it('leaves inbox drivers out unless they are asked for, and knows those that start Windows', () => {
    requireTool('xz');
    const tree = memoryTree({
      '/Windows/System32/config/SYSTEM': fixtureHive(name),
      '/Windows/System32/ntoskrnl.exe': kernel(),
    });
    const windows = inspectWindows(tree);
    expect(listStore(tree, windows).drivers.map(({ published }) => published)).toEqual(thirdParty);
    const all = listStore(tree, windows, { inbox: true }).drivers;
    expect(all.find(({ published }) => published === 'mshdc.inf')?.bootCritical).toBe(true);
    expect(all.find(({ published }) => published === 'msmouse.inf')?.bootCritical).toBe(false);
  });
});

/** A kernel of amd64 with a version resource of 6.3.9600.1. */
function kernel(): Buffer {
  const bytes = peFile(0x8664, 4096);
  [0xfeef04bd, 0x10000, 0x60003, (9600 << 16) | 1].forEach((word, i) =>
    bytes.writeUInt32LE(word >>> 0, 0x400 + i * 4),
  );
  return bytes;
}
