import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naturalKey, sortInSlices } from '../../../../src-main/app/files/naturalOrder';

describe('names', () => {
  it('are in the order that people expect', () => {
    const names = ['part10', 'Part9', 'part 2', 'Zebra', 'ähre', 'ahorn', 'äpfel', 'part009a', 'PART1'];
    const sorted = names.sort((a, b) => (naturalKey(a) < naturalKey(b) ? -1 : 1));
    expect(sorted).toEqual([
      'ahorn',
      'ähre',
      'äpfel',
      'part 2',
      'PART1',
      'Part9',
      'part009a',
      'part10',
      'Zebra',
    ]);
  });
});

describe('sorting in slices', () => {
  it('gives what sorting at once gives, equal items in their order', async () => {
    const items = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 20_000, size: 'max' });
    await fc.assert(
      fc.asyncProperty(items, async (values) => {
        const given = values.map((value, at) => ({ value, at }));
        const compare = (a: { value: number }, b: { value: number }): number => a.value - b.value;
        expect(await sortInSlices(given, compare)).toEqual([...given].sort(compare));
      }),
      { numRuns: 20 },
    );
  });
});
