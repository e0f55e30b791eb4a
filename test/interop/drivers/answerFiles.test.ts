import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mergeDriverPaths } from '../../../src-main/engine/answer/mergeDriverPaths';
import { removeDriverPaths } from '../../../src-main/engine/answer/removeDriverPaths';
import { fixtures, requireTool } from '../../support/tools';

const FOLDER = 'C:\\Windows\\Drivers\\Wimsmith';
const sets = [
  { pass: 'windowsPE', paths: ['X:\\Windows\\Drivers\\Wimsmith'] },
  { pass: 'offlineServicing', paths: [FOLDER] },
  { pass: 'auditSystem', paths: [FOLDER] },
] as const;

const files = [
  'mosd/autounattend_EN.xml',
  'mosd/sysprep-unattend.xml',
  'packer-windows/10/Autounattend.xml',
  'packer-windows/2008_r2/Autounattend.xml',
  'packer-windows/2012_r2/Autounattend.xml',
  'packer-windows/2016/Autounattend.xml',
  'packer-windows/7/Autounattend.xml',
];

const encodings = {
  'as it is': (bytes: Buffer) => bytes,
  'with CRLF': (bytes: Buffer) => Buffer.from(bytes.toString().replaceAll(/\r?\n/g, '\r\n')),
  'with LF': (bytes: Buffer) => Buffer.from(bytes.toString().replaceAll('\r\n', '\n')),
  'with a mark': (bytes: Buffer) => Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), bytes]),
  'as UTF-16': (bytes: Buffer) =>
    Buffer.from(`\ufeff${bytes.toString().replace(/encoding="utf-8"/i, 'encoding="utf-16"')}`, 'utf16le'),
};

describe.each(files)('%s', (name) => {
  it.each(Object.entries(encodings))('takes driver folders %s, and is the same without them', (_, encode) => {
    requireTool('xmllint');
    const bytes = encode(readFileSync(fixtures('unattend', ...name.split('/'))));
    const merged = mergeDriverPaths(bytes, name, 'amd64', sets);
    expect(merged.added.length).toBeGreaterThan(0);
    for (const { pass, paths } of sets) {
      const component = pass === 'windowsPE' ? 'WinPE' : 'NonWinPE';
      const found = xpath(
        merged.bytes,
        `count(//*[local-name()="settings"][@pass="${pass}"]` +
          `/*[local-name()="component"][@name="Microsoft-Windows-PnpCustomizations${component}"]` +
          `[@processorArchitecture="amd64"][@publicKeyToken="31bf3856ad364e35"][@versionScope="nonSxS"]` +
          `/*[local-name()="DriverPaths"]/*[local-name()="PathAndCredentials"]` +
          `[@*[namespace-uri()="http://schemas.microsoft.com/WMIConfig/2002/State"][local-name()="keyValue"]]` +
          `/*[local-name()="Path"][namespace-uri()="urn:schemas-microsoft-com:unattend"][.="${paths[0]}"])`,
      );
      expect(found).toBe('1');
    }
    const count = 'count(//*)';
    const more = Number(xpath(merged.bytes, count)) - Number(xpath(bytes, count));
    expect(more).toBeGreaterThanOrEqual(merged.added.length * 2);
    const cleaned = removeDriverPaths(merged.bytes, name, merged.added);
    expect(cleaned.warnings).toEqual([]);
    expect(Buffer.from(cleaned.bytes)).toEqual(bytes);
  });
});

it('an item among others gets a key that none has', () => {
  requireTool('xmllint');
  const bytes = readFileSync(fixtures('unattend', 'mosd', 'autounattend_EN.xml'));
  const merged = mergeDriverPaths(bytes, 'autounattend_EN.xml', 'amd64', sets.slice(1, 2));
  const item = '//*[local-name()="PathAndCredentials"]';
  const keys = Number(xpath(bytes, `count(${item})`)) + 1;
  expect(xpath(merged.bytes, `count(${item})`)).toBe(String(keys));
  const key = xpath(merged.bytes, `string(${item}[*="${FOLDER}"]/@*[local-name()="keyValue"])`);
  expect(xpath(merged.bytes, `count(${item}[@*[local-name()="keyValue"]="${key}"])`)).toBe('1');
});

/** What an expression gives for a document; a document that is not well-formed fails. */
function xpath(bytes: Uint8Array, expression: string): string {
  const run = spawnSync('xmllint', ['--noent', '--nonet', '--xpath', expression, '-'], { input: bytes });
  expect(run.stderr.toString()).toBe('');
  expect(run.status).toBe(0);
  return run.stdout.toString().trim();
}
