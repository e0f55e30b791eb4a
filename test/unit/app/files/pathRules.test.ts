import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPathRules } from '../../../../src-main/app/files/pathRules';

const onPosix = createPathRules(false, '/home/lena');
const onWindows = createPathRules(true, 'D:\\Users\\Lena');

describe('what a person types, on POSIX systems', () => {
  it.each([
    ['~', '/home/lena'],
    ['~/Images/', '/home/lena/Images'],
    ['Images/lab.wim', '/home/lena/Images/lab.wim'],
    ['~lena', '/home/lena/~lena'],
    ['/srv//images/../wim/', '/srv/wim'],
    ['/', '/'],
    ['../..', '/'],
    ['back\\slash', '/home/lena/back\\slash'],
  ])('%s means %s', (typed, meant) => expect(onPosix.absolute(typed)).toBe(meant));

  it('is absolute, the same when it is said again, and independent of where the program was started', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('/', '.', '~', 'a', ' ', 'ü', '\\') }), (typed) => {
        const meant = onPosix.absolute(typed);
        expect(posix.isAbsolute(meant)).toBe(true);
        expect(onPosix.absolute(meant)).toBe(meant);
        expect(meant === '/' || !meant.endsWith('/')).toBe(true);
        expect(meant.split('/').filter((part) => part === '.' || part === '..')).toEqual([]);
      }),
    );
  });
});

describe('what a person types, on Windows', () => {
  it.each([
    ['~', 'D:\\Users\\Lena'],
    ['~\\Images\\', 'D:\\Users\\Lena\\Images'],
    ['~/Images/lab.wim', 'D:\\Users\\Lena\\Images\\lab.wim'],
    ['Images', 'D:\\Users\\Lena\\Images'],
    ['C:', 'C:\\'],
    ['c:', 'c:\\'],
    ['C:lab.wim', 'C:\\lab.wim'],
    ['C:/Images/', 'C:\\Images'],
    ['\\Images', 'D:\\Images'],
    ['\\\\server\\share\\a\\', '\\\\server\\share\\a'],
    ['\\\\?\\C:\\x', 'C:\\x'],
    ['\\\\?\\UNC\\server\\share\\x', '\\\\server\\share\\x'],
    ['"C:\\My images\\lab.wim"', 'C:\\My images\\lab.wim'],
    ['C:\\a\\..\\..\\b', 'C:\\b'],
  ])('%s means %s', (typed, meant) => expect(onWindows.absolute(typed)).toBe(meant));

  it('is absolute, and the same when it is said again', () => {
    const letters = fc.constantFrom('\\', '/', '.', '~', 'a', 'C:', 'x', ' y');
    fc.assert(
      fc.property(fc.array(letters), (parts) => {
        const meant = onWindows.absolute(parts.join(''));
        expect(win32.isAbsolute(meant)).toBe(true);
        expect(onWindows.absolute(meant)).toBe(meant);
      }),
    );
  });
});

describe('parents', () => {
  it('end at the root', () => {
    expect(onPosix.parent('/a/b')).toBe('/a');
    expect(onPosix.parent('/a')).toBe('/');
    expect(onPosix.parent('/')).toBeNull();
    expect(onWindows.parent('C:\\a')).toBe('C:\\');
    expect(onWindows.parent('C:\\')).toBeNull();
    expect(onWindows.parent('\\\\server\\share\\')).toBeNull();
    expect(onWindows.name('C:\\')).toBe('C:\\');
  });
});

describe('names of new folders', () => {
  const bad = ['', '.', '..', 'a/b', 'a\\b', 'a\0b', 'x'.repeat(256), 'ü'.repeat(128)];
  const badOnWindows = [
    'con',
    'NUL.txt',
    'com1',
    'LPT9.a.b',
    'COM¹',
    'a:b',
    'a?',
    'a"',
    'a|b',
    'a.',
    'a ',
    'a\tb',
  ];

  it.each(bad)('%j is refused everywhere', (name) => {
    expect(onPosix.nameFault(name)).toBeDefined();
    expect(onWindows.nameFault(name)).toBeDefined();
  });

  it.each(badOnWindows)('%j is refused on Windows', (name) =>
    expect(onWindows.nameFault(name)).toBeDefined(),
  );

  it.each(['Images', 'Größe 2', 'console', 'com10', '.hidden', '𝄞', 'a.b c'])('%j is taken', (name) => {
    expect(onPosix.nameFault(name)).toBeUndefined();
    expect(onWindows.nameFault(name)).toBeUndefined();
  });

  it('that are taken make a direct child of their parent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (name) => {
        for (const [rules, parent] of [
          [onPosix, '/srv'],
          [onWindows, 'C:\\srv'],
        ] as const) {
          if (rules.nameFault(name) !== undefined) continue;
          const made = rules.join(parent, name);
          expect(rules.parent(made)).toBe(parent);
          expect(rules.name(made)).toBe(name);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
