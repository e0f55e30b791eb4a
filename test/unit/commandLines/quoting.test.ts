import fc from 'fast-check';
import { expect, it } from 'vitest';
import { posixWord, windowsWord } from '../../../src-shared/commandLines/quoting';
import { NoLine } from '../../../src-shared/commandLines/shapes';
import { splitByCmd, splitBySh } from './shells';
import { name } from './works';

it('keeps plain words plain', () => {
  expect(posixWord('--compress=maximum')).toBe('--compress=maximum');
  expect(posixWord('/mnt/lab.wim')).toBe('/mnt/lab.wim');
  expect(windowsWord('C:\\Images\\lab.wim')).toBe('C:\\Images\\lab.wim');
  expect(windowsWord('/compress')).toBe('/compress');
});

it('quotes what a person would quote, as a person would', () => {
  expect(posixWord('Win 11')).toBe("'Win 11'");
  expect(windowsWord('Win 11')).toBe('"Win 11"');
  expect(windowsWord('D:\\my images\\')).toBe('"D:\\my images\\\\"');
  expect(posixWord('')).toBe("''");
  expect(windowsWord('')).toBe('""');
});

it('gives a POSIX shell words that it hands on unchanged', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(name, fc.constantFrom('', 'a\nb', '-', '$(x)', '`x`')), { maxLength: 5 }),
      (words) => {
        expect(splitBySh(['wimsmith', ...words.map(posixWord)].join(' ') + ' ')).toEqual(words);
      },
    ),
    { numRuns: 150 },
  );
});

it('gives cmd.exe words that it and the C runtime hand on unchanged', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(name, fc.constantFrom('', '\\', 'a\\', '\\\\"', '%a%')), { maxLength: 5 }),
      (words) => {
        expect(splitByCmd(['imagex', ...words.map(windowsWord)].join(' '))).toEqual(words);
      },
    ),
    { numRuns: 2000 },
  );
});

it('refuses line ends where cmd.exe would end the line', () => {
  expect(() => windowsWord('a\nb')).toThrow(NoLine);
});
