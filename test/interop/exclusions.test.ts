import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCaptureConfig } from '../../src-main/engine/tree/exclusions/captureConfig';
import { ExclusionMatcher } from '../../src-main/engine/tree/exclusions/exclusionMatcher';
import { ownExclusionCases, parseExclusionCase } from '../support/exclusionCases';
import { describeWithTools, fixtures, temporaryDirectory } from '../support/tools';

interface Entry {
  readonly path: string;
  readonly directory: boolean;
}

/** Paths that wimlib-imagex captures of a tree made of these entries. */
function capturedByWimlib(entries: readonly Entry[], config: string, caseInsensitive: boolean): string[] {
  const work = temporaryDirectory();
  const tree = path.join(work, 'tree');
  mkdirSync(tree);
  for (const entry of entries) {
    if (entry.directory) mkdirSync(tree + entry.path, { recursive: true });
    else writeFileSync(tree + entry.path, '');
  }
  writeFileSync(path.join(work, 'config.ini'), config);
  const wim = path.join(work, 'out.wim');
  const env = { ...process.env, LC_ALL: 'C.UTF-8', WIMLIB_IMAGEX_IGNORE_CASE: caseInsensitive ? '1' : '0' };
  const run = (...args: string[]): string =>
    execFileSync('wimlib-imagex', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  run('capture', tree, wim, `--config=${path.join(work, 'config.ini')}`, '--compress=none');
  return run('dir', wim, '1')
    .split('\n')
    .filter((line) => line !== '' && line !== '/')
    .sort();
}

function keptByUs(entries: readonly Entry[], config: string, caseInsensitive: boolean): string[] {
  const matcher = new ExclusionMatcher(parseCaptureConfig(config), { caseInsensitive });
  const gone = new Set<string>();
  for (const { path: entry } of entries) {
    if (gone.has(path.posix.dirname(entry)) || matcher.excludes(entry) !== undefined) gone.add(entry);
  }
  return entries
    .map((entry) => entry.path)
    .filter((entry) => !gone.has(entry))
    .sort();
}

describeWithTools(['wimlib-imagex'], 'exclusions against wimlib-imagex', () => {
  it("agrees on wimlib's own cases", () => {
    const folder = fixtures('wimscript', 'wimlib-exclusionlists');
    for (const name of readdirSync(folder)) {
      const { config, entries, caseInsensitive } = parseExclusionCase(
        name,
        readFileSync(path.join(folder, name), 'utf8'),
      );
      const expected = capturedByWimlib(entries, config, caseInsensitive);
      expect({ name, kept: keptByUs(entries, config, caseInsensitive) }).toEqual({ name, kept: expected });
    }
  });

  it.each(ownExclusionCases)('agrees: $name', ({ config, entries, caseInsensitive }) => {
    const expected = capturedByWimlib(entries, config, caseInsensitive);
    expect(keptByUs(entries, config, caseInsensitive)).toEqual(expected);
    expect(
      entries
        .filter((entry) => !entry.excluded)
        .map((entry) => entry.path)
        .sort(),
    ).toEqual(expected);
  });

  it('agrees on random trees and patterns', () => {
    const name = fc
      .string({ unit: fc.constantFrom('a', 'b', 'A', '.'), minLength: 1, maxLength: 3 })
      .filter((text) => !/^\.+$/.test(text));
    const wild = fc.string({
      unit: fc.constantFrom('a', 'b', 'A', '*', '?', '.'),
      minLength: 1,
      maxLength: 3,
    });
    const pattern = fc.oneof(
      wild,
      fc.array(wild, { minLength: 1, maxLength: 3 }).map((names) => '/' + names.join('/')),
    );
    const tree = fc.uniqueArray(fc.array(name, { minLength: 1, maxLength: 3 }), {
      maxLength: 10,
      selector: (names) => names.join('/'),
    });
    const sometimes = fc.array(pattern, { maxLength: 2 });
    fc.assert(
      fc.property(
        tree,
        fc.array(pattern, { minLength: 1, maxLength: 3 }),
        sometimes,
        fc.boolean(),
        (paths, out, back, caseInsensitive) => {
          const entries = entriesOf(paths);
          const config = ['[ExclusionList]', ...out, '[ExclusionException]', ...back].join('\n');
          expect(keptByUs(entries, config, caseInsensitive)).toEqual(
            capturedByWimlib(entries, config, caseInsensitive),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** The paths with their parents; what has something below it is a directory. */
function entriesOf(paths: readonly (readonly string[])[]): Entry[] {
  const all = new Map<string, boolean>();
  for (const names of paths) {
    for (let length = 1; length <= names.length; length++) {
      const at = '/' + names.slice(0, length).join('/');
      all.set(at, (all.get(at) ?? false) || length < names.length);
    }
  }
  return [...all]
    .map(([at, directory]) => ({ path: at, directory }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
