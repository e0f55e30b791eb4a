import fc from 'fast-check';
import { expect, it } from 'vitest';
import { installFor } from '../../src-main/engine/inf/installSections';
import { modelsFor } from '../../src-main/engine/inf/models';
import { namedFiles } from '../../src-main/engine/inf/namedFiles';
import { parseInf } from '../../src-main/engine/inf/parseInf';
import { summarizeInf } from '../../src-main/engine/inf/summarizeInf';
import { FormatError } from '../../src-shared/errors/appError';
import type { WindowsTarget } from '../../src-shared/model/drivers';
import { fuzzMilliseconds } from '../support/fuzz';

const names = ['A', 'A.NTamd64', 'A.NT', 'A.NTamd64.Services', 'B', 'S', 'Strings', 'Strings.0411'];
const sections = [
  ...names,
  'Version',
  'Manufacturer',
  'M',
  'M.NTamd64',
  'SourceDisksFiles',
  'SourceDisksNames.x86',
];
const keys = [
  'Signature',
  'Class',
  'ClassGuid',
  'Provider',
  'DriverVer',
  'CatalogFile',
  'Needs',
  'Include',
  'AddService',
];
const values = [
  '$Windows NT$',
  '{4d36e972-e325-11ce-bfc1-08002be10318}',
  '01/02/2024',
  '1.2.3.4',
  '%a%',
  '0x0',
  'NTamd64.10.0...17763',
];

/** Pieces that INFs are made of, so that damage reaches beyond the first line. */
const piece = fc.oneof(
  fc.constantFrom(...sections).map((name) => `\n[${name}]\n`),
  fc
    .constantFrom(...keys, 'CopyFiles', 'AddComponent', 'FeatureScore', 'StartType', 'a', 'm')
    .map((key) => `\n${key}=`),
  fc
    .constantFrom(...names, ...values, 'x.sys', '..\\x.sys', '@x.sys', 'con', 'HW\\1', 'NTx86', 'M')
    .map((value) => `${value},`),
  fc.constantFrom(
    '[',
    ']',
    '\n',
    '\r',
    '\r\n',
    '"',
    ';',
    '%',
    '%%',
    '\\',
    '\\\n',
    '=',
    ',',
    ' ',
    '\t',
    '\0',
    '\x1a',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const text = fc.array(piece, { maxLength: 120 }).map((pieces) => `[Version]${pieces.join('')}`);
const bytes = fc.oneof(
  text.map((value) => new Uint8Array(Buffer.from(value, 'utf8'))),
  text.map((value) => new Uint8Array(Buffer.from(value, 'latin1'))),
  text.map((value) => new Uint8Array(Buffer.from(`\ufeff${value}`, 'utf16le'))),
  text.map((value) => new Uint8Array(Buffer.from(value, 'utf16le').swap16())),
  fc.uint8Array({ maxLength: 400 }),
);
const target: WindowsTarget = {
  label: 'fuzz',
  major: 10,
  minor: 0,
  build: 26100,
  architecture: 'amd64',
  productType: 'workstation',
};
const crypto = { digest: () => new Uint8Array(32) };

it('an INF is read or refused, and names nothing outside of its folder', () => {
  fc.assert(
    fc.property(bytes, (content) => {
      let inf;
      try {
        inf = parseInf(content, 'fuzz.inf');
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        expect((error as FormatError).code).toBe('inf/malformed');
        return;
      }
      for (const { path } of namedFiles(inf)) {
        for (const name of path.split('/')) {
          expect(name).not.toMatch(/^$|[. ]$|[\\:\p{Cc}]/u);
          expect(name.toLowerCase()).not.toBe('con');
        }
      }
      const summary = summarizeInf(inf, content, 'fuzz.inf', crypto);
      const lines = content.filter((byte) => byte === 0x0a || byte === 0x0d).length + 1;
      for (const { line } of summary.remarks) expect(line ?? 1).toBeLessThanOrEqual(lines);
      for (const { models } of modelsFor(inf, target))
        for (const { install } of models) installFor(inf, install, target);
      for (const name of inf.sections.names) expect(inf.sections.get(name)).toBeDefined();
    }),
    { interruptAfterTimeLimit: fuzzMilliseconds(3), numRuns: Number.MAX_SAFE_INTEGER },
  );
});
