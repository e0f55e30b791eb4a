import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  defaultCaptureConfig,
  parseCaptureConfig,
} from '../../../../../src-main/engine/tree/exclusions/captureConfig';
import { ExclusionMatcher } from '../../../../../src-main/engine/tree/exclusions/exclusionMatcher';
import {
  ownExclusionCases,
  parseExclusionCase,
  type ExclusionCase,
} from '../../../../support/exclusionCases';
import { describeWithFixtures, fixtures } from '../../../../support/tools';

/** Excluded as a walk sees it: itself, or with a directory above it. */
function excludedByWalk(matcher: ExclusionMatcher, path: string): boolean {
  const names = path.slice(1).split('/');
  return names.some((_, level) => matcher.excludes('/' + names.slice(0, level + 1).join('/')) !== undefined);
}

function check({ config, caseInsensitive, entries }: ExclusionCase): void {
  const matcher = new ExclusionMatcher(parseCaptureConfig(config), { caseInsensitive });
  const found = entries.map(({ path }) => `${excludedByWalk(matcher, path) ? '-' : ' '} ${path}`);
  expect(found).toEqual(entries.map(({ path, excluded }) => `${excluded ? '-' : ' '} ${path}`));
}

describeWithFixtures("wimlib's own cases", () => {
  const folder = fixtures('wimscript', 'wimlib-exclusionlists');
  it.each(readdirSync(folder))('%s', (name) => {
    check(parseExclusionCase(name, readFileSync(`${folder}/${name}`, 'utf8')));
  });
});

describe('exclusion matcher', () => {
  it.each(ownExclusionCases)('$name', check);

  it('names the pattern', () => {
    const matcher = new ExclusionMatcher(defaultCaptureConfig, { caseInsensitive: true });
    expect(matcher.excludes('/windows/csc')).toBe('/Windows/CSC');
    expect(matcher.excludes('/Windows/CSC/v2.0.6')).toBe('/Windows/CSC');
    expect(matcher.excludes('/$recycle.bin/x')).toBe('/$RECYCLE.BIN');
    expect(matcher.excludes('/Windows/pagefile.sys')).toBeUndefined();
    expect(matcher.excludes('/Windows/CSCx')).toBeUndefined();
    expect(matcher.excludes('/')).toBeUndefined();
  });

  it('compares letters outside ASCII without case too, but never across to ASCII', () => {
    const matcher = new ExclusionMatcher(parseCaptureConfig('[ExclusionList]\nÄRGER\nstraße\nI\n'), {
      caseInsensitive: true,
    });
    expect(matcher.excludes('/ärger')).toBe('ÄRGER');
    expect(matcher.excludes('/STRAßE')).toBe('straße');
    expect(matcher.excludes('/STRASSE')).toBeUndefined();
    expect(matcher.excludes('/ı')).toBeUndefined();
  });

  it('tells what is stored without compression', () => {
    const matcher = new ExclusionMatcher(defaultCaptureConfig, { caseInsensitive: true });
    expect(matcher.excludesFromCompression('/music/Song.MP3')).toBe(true);
    expect(matcher.excludesFromCompression('/Windows/INF/oem1.PNF')).toBe(true);
    expect(matcher.excludesFromCompression('/Windows/INF/oem1.inf')).toBe(false);
    expect(matcher.excludesFromCompression('/Windows/oem1.pnf')).toBe(false);
  });

  it('takes bounded time for patterns made to be slow', () => {
    const matcher = new ExclusionMatcher(parseCaptureConfig(`[ExclusionList]\n${'*a'.repeat(60)}*b\n`), {
      caseInsensitive: false,
    });
    expect(matcher.excludes('/' + 'a'.repeat(255))).toBeUndefined();
  });
});
