// Order of all suffixes of a text by their first bytes.
//
// The match finder looks at no more than the first hundred bytes or so of any string, so suffixes need to be in order by
// that many bytes only, and ties may stand as they please. That makes a simple construction quick even where full
// suffix sorting has its bad cases: a repetitive text just has many ties.
//
// Only some suffixes are compared: those at a "valley", where a byte (or run of equal bytes) is smaller than what goes
// before and what comes next. They are at most half, on usual data a third. Every other suffix gets its place by induction:
// a suffix that is larger than the one which follows it in the text goes to the front of its first byte's bucket, in the
// order of those that follow; one that is smaller goes to the bucket's end.
//
// Nothing later depends on the order being right: neighbours are compared again, so a wrong place costs a match at most.

import { slab } from './memory';
import { sortStrings, startSorting } from './stringSort';

const BYTES: usize = 256;
const MAX_RADIX_BITS: u32 = 16;
/** Texts from this size on do not fit in the processor's cache: what will be read soon is touched ahead. */
const FAR: usize = 1 << 20;
const AHEAD: usize = 32;
/**
 * What is taken in one call: a WebAssembly engine exchanges a function for a better compiled one only when it is called.
 * For the same reason such calls stand in two places, which keeps the compiler from inlining them.
 */
const STEP: u32 = 1 << 14;

/** Per byte: where its bucket starts, how far the front is filled, from where on the end is filled. */
const starts: usize = memory.data(257 * 4, 16);
const fronts: usize = memory.data(256 * 4, 16);
const ends: usize = memory.data(256 * 4, 16);
/** Per radix: count, then end of the valleys that begin so. */
let radixes: usize = 0;

/** What touching reads goes here, so that the reads stay. */
let touched: u32 = 0;

export function setUpSuffixOrder(): void {
  radixes = slab(4 << MAX_RADIX_BITS);
}

/** Touches what the scan of `order` will read next. */
@inline
function touch(text: usize, order: usize, rank: usize, size: u32): void {
  if ((rank & (AHEAD - 1)) != 0) return;
  let sum: u32 = 0;
  for (let next: usize = AHEAD; next < 2 * AHEAD; next++) {
    const position = load<u32>(order + ((rank + next) << 2));
    sum += <u32>load<u8>(text + select<u32>(position, 0, position < size));
  }
  touched = sum;
}

/** What the search for valleys goes on with: how many there are, and whether the last suffix looked at was rising. */
let valleys: usize = 0;
let rising: bool = false;

/** Looks for valleys at `from` and before, down to `to`; counts bytes in `starts` and valleys in `radixes`. */
function findValleys(text: usize, from: isize, to: isize, shift: u32, unordered: usize): void {
  let count = valleys;
  let wasRising = rising;
  let next = <u32>load<u8>(text + from + 1);
  for (let at = from; at >= to; at--) {
    const here = <u32>load<u8>(text + at);
    store<u32>(starts + ((<usize>here) << 2), load<u32>(starts + ((<usize>here) << 2)) + 1);
    if (here > next) {
      if (wasRising) {
        store<u32>(unordered + (count << 2), <u32>(at + 1));
        count++;
        const radix = radixes + ((<usize>(((next << 8) | (<u32>load<u8>(text + at + 2))) >> shift)) << 2);
        store<u32>(radix, load<u32>(radix) + 1);
      }
      wasRising = false;
    } else if (here < next) {
      wasRising = true;
    }
    next = here;
  }
  valleys = count;
  rising = wasRising;
}

/** Deals the valleys from `from` down to `to` of the first list out to their radixes. */
function dealValleys(text: usize, from: isize, to: isize, shift: u32, unordered: usize, list: usize): void {
  for (let at = from; at >= to; at--) {
    const position = load<u32>(unordered + (at << 2));
    const first = text + position;
    const radix =
      radixes + ((<usize>((((<u32>load<u8>(first)) << 8) | (<u32>load<u8>(first, 1))) >> shift)) << 2);
    const place = load<u32>(radix);
    store<u32>(radix, place + 1);
    store<u32>(list + ((<usize>place) << 2), position);
  }
}

/**
 * Finds the valleys of the text and lists them by their first `radixBits` bits in `list`, with their counts per radix left
 * as ends in `radixes`.
 * @returns how many there are
 */
function listValleys(text: usize, size: usize, radixBits: u32, unordered: usize, list: usize): usize {
  const shift = 16 - radixBits;
  memory.fill(radixes, 0, (<usize>1) << (radixBits + 2));
  memory.fill(starts, 0, 257 * 4);
  valleys = 0;
  // From the end: the last suffix is larger than the empty one that follows it.
  rising = false;
  store<u32>(starts + ((<usize>load<u8>(text + size - 1)) << 2), 1);
  let at = <isize>size - 2;
  for (; at >= <isize>STEP; at -= STEP) findValleys(text, at, at - <isize>STEP + 1, shift, unordered);
  findValleys(text, at, 0, shift, unordered);
  let sum: u32 = 0;
  const radixEnd = radixes + ((<usize>1) << (radixBits + 2));
  for (let radix = radixes; radix < radixEnd; radix += 4) {
    const here = load<u32>(radix);
    store<u32>(radix, sum);
    sum += here;
  }
  // From the last one listed to the first, which is the order of the text.
  at = <isize>valleys - 1;
  for (; at >= <isize>STEP; at -= STEP) dealValleys(text, at, at - <isize>STEP + 1, shift, unordered, list);
  dealValleys(text, at, 0, shift, unordered, list);
  return valleys;
}

/** Turns the counts per byte in `starts` into starts of buckets. */
function startBuckets(size: usize): void {
  let sum: u32 = 0;
  for (let byte: usize = 0; byte < BYTES; byte++) {
    const count = load<u32>(starts + (byte << 2));
    store<u32>(starts + (byte << 2), sum);
    store<u32>(fronts + (byte << 2), sum);
    sum += count;
    store<u32>(ends + (byte << 2), sum);
  }
  store<u32>(starts + (BYTES << 2), <u32>size);
}

/** Enters `position` at the front of its bucket. */
@inline
function enterFront(order: usize, byte: u32, position: u32): void {
  const place = load<u32>(fronts + ((<usize>byte) << 2));
  store<u32>(fronts + ((<usize>byte) << 2), place + 1);
  store<u32>(order + ((<usize>place) << 2), position);
}

/** Enters `position` at the end of its bucket. */
@inline
function enterEnd(order: usize, byte: u32, position: u32): void {
  const place = load<u32>(ends + ((<usize>byte) << 2)) - 1;
  store<u32>(ends + ((<usize>byte) << 2), place);
  store<u32>(order + ((<usize>place) << 2), position);
}

/** Induces from the ranks of a bucket's front, at most to `to`; returns where it stopped. */
function induceFromFront(text: usize, order: usize, byte: u32, from: u32, far: bool, n: u32): u32 {
  const front = fronts + ((<usize>byte) << 2);
  const limit = from + STEP;
  let rank = from;
  // The front grows while it is read.
  for (; rank < load<u32>(front) && rank < limit; rank++) {
    if (far) touch(text, order, rank, n);
    const position = load<u32>(order + ((<usize>rank) << 2));
    if (position == 0) continue;
    const preceding = <u32>load<u8>(text + position - 1);
    if (preceding >= byte) enterFront(order, preceding, position - 1);
  }
  return rank;
}

/** Induces from valleys. */
function induceFromValleys(text: usize, order: usize, from: u32, to: u32, far: bool, n: u32): void {
  for (let rank = from; rank < to; rank++) {
    if (far) touch(text, order, rank, n);
    const position = load<u32>(order + ((<usize>rank) << 2));
    if (position != 0) enterFront(order, <u32>load<u8>(text + position - 1), position - 1);
  }
}

/** Induces the falling suffixes (larger than the next) from the sorted valleys at the buckets' ends. */
function induceFalling(text: usize, size: usize, order: usize, far: bool): void {
  const n = <u32>size;
  enterFront(order, <u32>load<u8>(text + size - 1), n - 1);
  for (let byte: u32 = 0; byte < 256; byte++) {
    const slot = (<usize>byte) << 2;
    let rank = induceFromFront(text, order, byte, load<u32>(starts + slot), far, n);
    while (rank < load<u32>(fronts + slot)) rank = induceFromFront(text, order, byte, rank, far, n);
    const end = load<u32>(starts + slot, 4);
    for (rank = load<u32>(ends + slot); rank < end; rank += STEP) {
      induceFromValleys(text, order, rank, end - rank < STEP ? end : rank + STEP, far, n);
    }
  }
}

/**
 * Induces from some ranks downwards, as long as they are not below what `bottom` says at the time: rising suffixes from those
 * whose preceding byte is at most `most`; returns where it stopped.
 */
function induceDown(text: usize, order: usize, most: i32, from: i32, bottom: usize, far: bool, n: u32): i32 {
  const limit = from - <i32>STEP;
  let rank = from;
  for (; rank >= <i32>load<u32>(bottom) && rank > limit; rank--) {
    if (far) touchBack(text, order, rank, n);
    const position = load<u32>(order + ((<usize>rank) << 2));
    if (position == 0) continue;
    const preceding = <i32>load<u8>(text + position - 1);
    if (preceding <= most) enterEnd(order, <u32>preceding, position - 1);
  }
  return rank;
}

/** Induces the rising suffixes (smaller than the next), valleys included, from the falling ones. */
function induceRising(text: usize, size: usize, order: usize, far: bool): void {
  const n = <u32>size;
  for (let byte: usize = 0; byte < BYTES; byte++) {
    store<u32>(ends + (byte << 2), load<u32>(starts + (byte << 2), 4));
  }
  for (let byte: i32 = 255; byte >= 0; byte--) {
    const slot = (<usize>byte) << 2;
    let rank = <i32>load<u32>(starts + slot, 4) - 1;
    // Rising suffixes of this bucket first: its end grows downwards while it is read.
    while (rank >= <i32>load<u32>(ends + slot))
      rank = induceDown(text, order, byte, rank, ends + slot, far, n);
    rank = <i32>load<u32>(fronts + slot) - 1;
    while (rank >= <i32>load<u32>(starts + slot)) {
      rank = induceDown(text, order, byte - 1, rank, starts + slot, far, n);
    }
  }
}

/** Touches what a scan downwards will read next. */
@inline
function touchBack(text: usize, order: usize, rank: i32, size: u32): void {
  if (((<usize>rank) & (AHEAD - 1)) != 0 || rank < 2 * <i32>AHEAD) return;
  let sum: u32 = 0;
  for (let next: usize = AHEAD; next < 2 * AHEAD; next++) {
    const position = load<u32>(order + ((<usize>rank - next) << 2));
    sum += <u32>load<u8>(text + select<u32>(position, 0, position < size));
  }
  touched = sum;
}

/**
 * Orders the suffixes of the `size` bytes at `text`, at least 2, by their first `depth` bytes or so. After the text, `depth`
 * + 16 bytes must be readable.
 * @param order 8 bytes for each byte of the text, and 256 more; the order comes into its first half as u32 positions
 */
export function orderSuffixes(text: usize, size: usize, order: usize, depth: usize): void {
  const half = order + ((size + 1) << 2);
  let radixBits: u32 = 8;
  while (radixBits < MAX_RADIX_BITS && (<usize>4) << radixBits < size) radixBits++;
  const list = half;
  const count = listValleys(text, size, radixBits, half + ((size >> 1) << 2), list);
  // The keys may take the first half: nothing is there yet.
  startSorting();
  const agreed: usize = radixBits == MAX_RADIX_BITS ? 2 : 1;
  let from: usize = 0;
  for (let radix = radixes; radix < radixes + ((<usize>4) << radixBits); radix += 4) {
    const to = <usize>load<u32>(radix);
    if (to - from > 1) sortStrings(text, list + (from << 2), order + (from << 3), to - from, agreed, depth);
    from = to;
  }
  startBuckets(size);
  for (let at = <isize>count - 1; at >= 0; at--) {
    const position = load<u32>(list + (at << 2));
    enterEnd(order, <u32>load<u8>(text + position), position);
  }
  const far = size >= FAR;
  induceFalling(text, size, order, far);
  induceRising(text, size, order, far);
}
