import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePathGlob } from '../../../../src-main/engine/tree/glob';
import { canonicalImagePath } from '../../../../src-main/engine/tree/imagePath';
import { compileNamePattern } from '../../../../src-main/engine/tree/namePattern';

describe('path glob', () => {
  it.each([
    ['/Windows/System32/*.dll', '/Windows/System32/a.dll', true],
    ['Windows\\System32\\*.dll', '/Windows/System32/a.dll', true],
    ['/Windows/*.dll', '/Windows/System32/a.dll', false],
    ['/Windows/*', '/Windows', false],
    ['/Windows/', '/Windows', true],
    ['*', '/Windows', true],
    ['*', '/', false],
    ['', '/', true],
    ['/', '/', true],
    ['/te?t', '/text', true],
    ['/te?t', '/tet', false],
    ['/te?t', '/te😀t', true],
    ['/[ab]', '/a', false],
    ['/[ab]', '/[ab]', true],
    ['/WINDOWS', '/windows', false],
  ])('%s on %s: %s', (pattern, path, expected) => {
    expect(compilePathGlob(pattern).matches(path)).toBe(expected);
  });

  it('can ignore case', () => {
    const glob = compilePathGlob('/windows/*.EXE', { caseInsensitive: true });
    expect(glob.matches('/Windows/Notepad.exe')).toBe(true);
  });

  it('can take everything literally', () => {
    const glob = compilePathGlob('/a*', { wildcards: false });
    expect(glob.matches('/a*')).toBe(true);
    expect(glob.matches('/ab')).toBe(false);
    expect(glob.hasWildcards).toBe(false);
    expect(glob.literalPrefix).toBe('/a*');
  });

  it('says where its matches lie', () => {
    const glob = compilePathGlob('\\Windows\\*\\en-US');
    expect(glob).toMatchObject({ hasWildcards: true, depth: 3, literalPrefix: '/Windows' });
    expect(glob.matchesName(0, 'Windows')).toBe(true);
    expect(glob.matchesName(1, 'anything')).toBe(true);
    expect(glob.matchesName(2, 'de-DE')).toBe(false);
    expect(glob.matchesName(3, 'deeper')).toBe(false);
    expect(compilePathGlob('*').literalPrefix).toBe('/');
  });

  it('matches names as the obvious regular expression does', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 8 });
    const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(letters, patterns, (name, pattern) => {
        const source = pattern.replaceAll('.', '\\.').replace(/\*+/g, '.*').replaceAll('?', '.');
        expect(compileNamePattern(pattern)(name)).toBe(new RegExp(`^${source}$`, 's').test(name));
      }),
      { numRuns: 3000 },
    );
  });
});

it.each([
  ['', '/'],
  ['\\', '/'],
  ['hello', '/hello'],
  ['\\\\hello\\1\\\\', '/hello/1'],
  ['/hello//1/', '/hello/1'],
])('brings %s into the form %s', (path, expected) => {
  expect(canonicalImagePath(path)).toBe(expected);
});
