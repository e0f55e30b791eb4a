/**
 * Parts of a bar's width for sizes, in their order: to scale, but none smaller than can be seen and pointed at. They come
 * to 1 together, and a larger size never gets less than a smaller one.
 * @param minimum least part, 0 to 1; where not all can have it, all get the same
 */
export function sharesOf(sizes: readonly number[], minimum: number): number[] {
  const count = sizes.length;
  if (count === 0) return [];
  if (count * minimum >= 1) return sizes.map(() => 1 / count);
  const total = sizes.reduce((sum, size) => sum + Math.max(0, size), 0);
  if (total <= 0) return sizes.map(() => 1 / count);
  let small = new Set<number>();
  for (;;) {
    // What is left of the bar for those that are drawn to scale.
    const width = 1 - small.size * minimum;
    const bytes = sizes.reduce((sum, size, i) => sum + (small.has(i) ? 0 : size), 0);
    const scale = bytes <= 0 ? 0 : width / bytes;
    const more = new Set(sizes.flatMap((size, i) => (small.has(i) || size * scale < minimum ? [i] : [])));
    if (more.size === small.size) {
      return sizes.map((size, i) => (small.has(i) ? minimum : size * scale));
    }
    small = more;
  }
}

/** Bytes that a part of the bar's width stands for, where it is drawn to scale. */
export function bytesPerShare(sizes: readonly number[], shares: readonly number[], minimum: number): number {
  let bytes = 0;
  let width = 0;
  for (const [i, share] of shares.entries()) {
    if (share <= minimum * 1.000_001) continue;
    bytes += sizes[i];
    width += share;
  }
  return width > 0 ? bytes / width : sizes.reduce((sum, size) => sum + size, 0);
}
