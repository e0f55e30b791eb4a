// Sorts strings of a text by their first bytes, eight bytes at a time: each step sorts 64-bit keys that were loaded once, beside the
// positions they come from, and then goes on with every run of equal keys.

/** Ranges of at most this many strings are sorted by insertion. */
const FEW: usize = 12;

/** Where pivots are taken from; the same for each text, so that the order depends on the text alone. */
let scatter: u32 = 0;

/** Starts with a text. */
export function startSorting(): void {
  scatter = 1;
}

/** The eight bytes at `at` as a number that compares like the string. */
@inline
function key(at: usize): u64 {
  return i64x2.extract_lane(
    i8x16.shuffle(v128.load64_zero(at), v128.load64_zero(at), 7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0),
    0,
  );
}

/** A key from a scattered place of a range. */
@inline
function anyKey(keys: usize, count: usize): u64 {
  scatter = scatter * 1664525 + 1013904223;
  return load<u64>(keys + ((<usize>((<u64>scatter * <u64>count) >> 32)) << 3));
}

/** Lets the entry at `at` of a heap of `count` sink to its place. */
function sink(positions: usize, keys: usize, at: usize, count: usize): void {
  const k = load<u64>(keys + (at << 3));
  const position = load<u32>(positions + (at << 2));
  for (;;) {
    let child: usize = 2 * at + 1;
    if (child >= count) break;
    if (child + 1 < count && load<u64>(keys + (child << 3)) < load<u64>(keys + (child << 3), 8)) child++;
    const childKey = load<u64>(keys + (child << 3));
    if (childKey <= k) break;
    store<u64>(keys + (at << 3), childKey);
    store<u32>(positions + (at << 2), load<u32>(positions + (child << 2)));
    at = child;
  }
  store<u64>(keys + (at << 3), k);
  store<u32>(positions + (at << 2), position);
}

@inline
function exchange(positions: usize, keys: usize, a: usize, b: usize): void {
  const k = load<u64>(keys + (a << 3));
  store<u64>(keys + (a << 3), load<u64>(keys + (b << 3)));
  store<u64>(keys + (b << 3), k);
  const position = load<u32>(positions + (a << 2));
  store<u32>(positions + (a << 2), load<u32>(positions + (b << 2)));
  store<u32>(positions + (b << 2), position);
}

/** The slow but sure way, for a range that does not divide well. */
function sortByHeap(positions: usize, keys: usize, count: usize): void {
  for (let at = <isize>(count >> 1) - 1; at >= 0; at--) sink(positions, keys, at, count);
  for (let last = count - 1; last > 0; last--) {
    exchange(positions, keys, 0, last);
    sink(positions, keys, 0, last);
  }
}

/**
 * Sorts the positions and keys of `count` strings by key: a few by insertion, more by partition.
 * @param divisions how often a range may be divided before it counts as one that does not divide well
 */
function sortByKey(positions: usize, keys: usize, count: usize, divisions: u32): void {
  while (count > FEW) {
    if (divisions == 0) {
      sortByHeap(positions, keys, count);
      return;
    }
    divisions--;
    const a = anyKey(keys, count);
    const b = anyKey(keys, count);
    const c = anyKey(keys, count);
    // The middle one; keys equal to it may go to either side.
    const pivot = a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
    let low: isize = 0;
    let high: isize = count - 1;
    if (a == c && b == c) {
      // Probably most are equal: those are done when the others are out of their way.
      high = count;
      for (let at: isize = 0; at < high;) {
        const k = load<u64>(keys + (at << 3));
        if (k < pivot) exchange(positions, keys, low++, at++);
        else if (k > pivot) exchange(positions, keys, at, --high);
        else at++;
      }
      sortByKey(positions, keys, low, divisions);
      positions += (<usize>high) << 2;
      keys += (<usize>high) << 3;
      count -= high;
      continue;
    }
    while (low <= high) {
      while (load<u64>(keys + (low << 3)) < pivot) low++;
      while (load<u64>(keys + (high << 3)) > pivot) high--;
      if (low > high) break;
      exchange(positions, keys, low, high);
      low++;
      high--;
    }
    // The smaller side by recursion, so that its depth stays logarithmic; the larger one in this loop.
    const left = <usize>(high + 1);
    const right = count - <usize>low;
    if (left < right) {
      sortByKey(positions, keys, left, divisions);
      positions += (<usize>low) << 2;
      keys += (<usize>low) << 3;
      count = right;
    } else {
      sortByKey(positions + ((<usize>low) << 2), keys + ((<usize>low) << 3), right, divisions);
      count = left;
    }
  }
  for (let next: usize = 1; next < count; next++) {
    const k = load<u64>(keys + (next << 3));
    const position = load<u32>(positions + (next << 2));
    let to = next;
    while (to > 0) {
      const other = load<u64>(keys + ((to - 1) << 3));
      if (other <= k) break;
      store<u64>(keys + (to << 3), other);
      store<u32>(positions + (to << 2), load<u32>(positions + ((to - 1) << 2)));
      to--;
    }
    store<u64>(keys + (to << 3), k);
    store<u32>(positions + (to << 2), position);
  }
}

/**
 * Sorts the strings of `text` at `count` positions, which agree in their first `agreed` bytes, by their first `depth`.
 * @param keys room for as many keys (u64)
 */
export function sortStrings(
  text: usize,
  positions: usize,
  keys: usize,
  count: usize,
  agreed: usize,
  depth: usize,
): void {
  if (count == 2) {
    const first = load<u32>(positions);
    const second = load<u32>(positions, 4);
    while (agreed < depth) {
      const a = key(text + first + agreed);
      const b = key(text + second + agreed);
      if (a != b) {
        if (a > b) {
          store<u32>(positions, second);
          store<u32>(positions, first, 4);
        }
        return;
      }
      agreed += 8;
    }
    return;
  }
  const firstKey = key(text + load<u32>(positions) + agreed);
  let different: u64 = 0;
  for (let at: usize = 0; at < count; at++) {
    const k = key(text + load<u32>(positions + (at << 2)) + agreed);
    store<u64>(keys + (at << 3), k);
    different |= k ^ firstKey;
  }
  // In repetitive texts many strings go on alike for long.
  if (different != 0) sortByKey(positions, keys, count, 2 * (32 - clz(<u32>count)));
  agreed += 8;
  if (agreed >= depth) return;
  let from: usize = 0;
  while (from < count) {
    const k = load<u64>(keys + (from << 3));
    let to = from + 1;
    while (to < count && load<u64>(keys + (to << 3)) == k) to++;
    if (to - from > 1) {
      sortStrings(text, positions + (from << 2), keys + (from << 3), to - from, agreed, depth);
    }
    from = to;
  }
}
