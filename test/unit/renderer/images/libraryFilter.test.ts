import { describe, expect, test } from 'vitest';
import type { LibraryRow } from '../../../../src-shared/contract/library';
import { filterRows, noFilter, rowState } from '../../../../src-renderer/views/images/libraryFilter';
import { libraryRow } from './rows';

const lab = libraryRow();
const fast = libraryRow({
  path: '/servers/Print Server.wim',
  name: 'Print Server.wim',
  imageNames: ['Server 2025 Core'],
  compression: 'xpress',
  verified: { at: '2026-11-09T08:00:00.000Z', ok: true },
});
const bad = libraryRow({
  path: '/images/old.wim',
  name: 'old.wim',
  imageNames: ['XP'],
  verified: { at: '2026-11-09T08:00:00.000Z', ok: false },
});
const gone = libraryRow({ path: '/usb/gone.wim', name: 'gone.wim', state: 'missing' });
const never = libraryRow({
  path: '/usb/broken.wim',
  name: 'broken.wim',
  state: 'unreadable',
  imageCount: 0,
  imageNames: [],
  compression: 'none',
});
const all = [lab, fast, bad, gone, never];
const names = (rows: readonly LibraryRow[]): string[] => rows.map(({ name }) => name);

describe('the search', () => {
  test.each([
    ['', all],
    ['  ', all],
    ['PRINT', [fast]],
    ['core server', [fast]],
    ['/usb', [gone, never]],
    ['office lab', [lab]],
    ['office xp', []],
  ])('"%s"', (text, expected) => {
    expect(names(filterRows(all, { ...noFilter, text }))).toEqual(names(expected));
  });

  test('takes no word over the border of two names', () => {
    const row = libraryRow({ path: '/a.wim', imageNames: ['one', 'two'] });
    expect(filterRows([row], { ...noFilter, text: 'onetwo' })).toEqual([]);
  });
});

describe('the filters', () => {
  test('each row has one state', () => {
    expect(all.map(rowState)).toEqual(['unverified', 'verified', 'failed', 'trouble', 'trouble']);
  });
  test('a verification of a file that is missing now does not count', () => {
    const row = libraryRow({ state: 'missing', verified: { at: '2026-11-09T08:00:00.000Z', ok: true } });
    expect(filterRows([row], { ...noFilter, state: 'verified' })).toEqual([]);
  });
  test('a file that was never read has no compression, a missing one keeps it', () => {
    expect(names(filterRows(all, { ...noFilter, compression: 'none' }))).toEqual([]);
    expect(names(filterRows(all, { ...noFilter, compression: 'lzx' }))).toEqual(names([lab, bad, gone]));
  });
  test('all hold together', () => {
    expect(filterRows(all, { text: 'images', compression: 'lzx', state: 'failed' })).toEqual([bad]);
  });
});
