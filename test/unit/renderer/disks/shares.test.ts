import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesPerShare, sharesOf } from '../../../../src-renderer/views/disks/bar/shares';

const sizes = fc.array(fc.integer({ min: 0, max: 2 ** 46 }), { minLength: 1, maxLength: 40 });
const minimum = fc.double({ min: 0, max: 0.4, noNaN: true });

it('fills the bar, gives each its least part, and a larger one never less', () => {
  fc.assert(
    fc.property(sizes, minimum, (bytes, least) => {
      const shares = sharesOf(bytes, least);
      expect(shares).toHaveLength(bytes.length);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
      const smallest = Math.min(least, 1 / bytes.length);
      for (const share of shares) expect(share).toBeGreaterThanOrEqual(smallest - 1e-9);
      for (const [i, a] of bytes.entries())
        for (const [j, b] of bytes.entries())
          if (a >= b) expect(shares[i]).toBeGreaterThanOrEqual(shares[j] - 1e-9);
    }),
  );
});

it('is to scale where every part can be seen', () => {
  expect(sharesOf([1, 1, 2], 0.1)).toEqual([0.25, 0.25, 0.5]);
  expect(sharesOf([], 0.1)).toEqual([]);
});

it('draws small parts wider and the others to scale', () => {
  const shares = sharesOf([260, 16, 64_000, 1024], 0.1);
  expect(shares.slice(0, 2)).toEqual([0.1, 0.1]);
  expect(shares[3]).toBe(0.1);
  expect(shares[2]).toBeCloseTo(0.7);
  // What a pixel means follows from those that are to scale.
  expect(bytesPerShare([260, 16, 64_000, 1024], shares, 0.1)).toBeCloseTo(64_000 / 0.7);
});
