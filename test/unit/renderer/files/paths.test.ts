import { describe, expect, test } from 'vitest';
import {
  commonStart,
  isAbsolute,
  joinPath,
  replacesUntold,
  withExtension,
} from '../../../../src-renderer/views/files/paths';

describe('whole paths', () => {
  test.each(['/', '/home/ana', 'C:\\', 'c:/Images', '\\\\server\\share\\lab.wim'])('%s is one', (path) => {
    expect(isAbsolute(path)).toBe(true);
  });
  test.each(['', '~', '~/Images', 'lab.wim', 'C:', 'C:lab.wim', './lab.wim', '\\Images'])(
    '%s is not',
    (path) => {
      expect(isAbsolute(path)).toBe(false);
    },
  );
});

test('a name in a folder has one separator before it, in a root too', () => {
  expect(joinPath('/home/ana', 'lab.wim', '/')).toBe('/home/ana/lab.wim');
  expect(joinPath('/', 'lab.wim', '/')).toBe('/lab.wim');
  expect(joinPath('C:\\', 'lab.wim', '\\')).toBe('C:\\lab.wim');
});

test('a file is replaced only after the person was told of it', () => {
  const there = { kind: 'file', path: '/home/ana/report.csv' } as const;
  expect(replacesUntold(there, '')).toBe(true);
  expect(replacesUntold(there, '/home/ana/other.csv')).toBe(true);
  expect(replacesUntold(there, there.path)).toBe(false);
  expect(replacesUntold({ kind: 'missing', path: there.path }, '')).toBe(false);
});

describe('the extension of a file to write', () => {
  test('is added where the name has none of the wanted ones', () => {
    expect(withExtension('lab', ['wim', 'esd'])).toBe('lab.wim');
    expect(withExtension('lab.2026', ['wim'])).toBe('lab.2026.wim');
  });
  test('stays as it was typed, in any case of letters', () => {
    expect(withExtension('lab.WIM', ['wim'])).toBe('lab.WIM');
    expect(withExtension('lab.esd', ['wim', 'esd'])).toBe('lab.esd');
  });
  test('is not touched where every file is wanted, or a folder is named', () => {
    expect(withExtension('lab', [])).toBe('lab');
    expect(withExtension('lab', ['*'])).toBe('lab');
    expect(withExtension('new/', ['wim'])).toBe('new/');
  });
});

describe('what Tab adds', () => {
  test('is all of the only path', () => {
    expect(commonStart('/ho', ['/home/'])).toBe('/home/');
    // What was typed in other letters becomes what is there.
    expect(commonStart('/HOME/', ['/home/'])).toBe('/home/');
  });
  test('is what several paths have in common', () => {
    expect(commonStart('/i', ['/images/lab-1.wim', '/images/lab-2.wim'])).toBe('/images/lab-');
    expect(commonStart('/i', ['/Images/a', '/images/ab'])).toBe('/Images/a');
  });
  test('is nothing where that says no more than what was typed', () => {
    expect(commonStart('/images/', ['/images/a', '/images/b'])).toBeUndefined();
    expect(commonStart('/images/', [])).toBeUndefined();
  });
});
