import { expect, test } from 'vitest';
import { whenText, type SayWhen } from '../../../../src-renderer/views/images/when';

const say: SayWhen = (key, { time }) => `${key.slice('images.when.'.length)} ${time}`;
const now = new Date(2026, 2, 1, 0, 30);
const at = (...parts: [number, number, number, number, number]): string => new Date(...parts).toISOString();

test('says the time of today and of yesterday, also over the end of a month', () => {
  expect(whenText(at(2026, 2, 1, 0, 5), say, now)).toBe('today 00:05');
  expect(whenText(at(2026, 1, 28, 23, 50), say, now)).toBe('yesterday 23:50');
});

test('says the day of what is longer ago, and of what a wrong clock made later', () => {
  expect(whenText(at(2026, 1, 27, 23, 59), say, now)).toBe('2026-02-27');
  expect(whenText(at(2026, 2, 2, 0, 0), say, now)).toBe('2026-03-02');
});

test('shows as it is what is no time', () => {
  expect(whenText('some day', say, now)).toBe('some day');
});
