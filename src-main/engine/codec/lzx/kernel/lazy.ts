// Lazy parser: takes the match worth most at a position, unless the next position has one that is worth clearly more.
// Between matches it jumps to the next position that has a link or two bytes at a recent offset, sixteen bytes compared
// at a time.

import { putBlock, tellsRepeats } from './blockWriter';
import {
  linkAddress,
  linkOf,
  linkPositions,
  nearLinkAddress,
  nearLinkOf,
  originOf,
  setUpLinks,
  wide,
} from './links';
import { findLonger, findLongest, FOUND_MASK, FOUND_SHIFT } from './longest';
import { extend, input, lengthLimit } from './matching';
import { slab } from './memory';
import {
  followSequences,
  nextRepeat0,
  nextRepeat1,
  nextRepeat2,
  repeat0,
  repeat1,
  repeat2,
  setRepeats,
} from './repeats';
import { blockHistogram, blockInputEnd, blockSequenceEnd, setUpSplitter, split } from './split';
import { plainBitsOf, SEQUENCE_SIZE, VALUE_SHIFT } from './statistics';

const LARGEST_STRETCH: u32 = 131072;
/** Bytes of a segment for block splitting: the least that it may take to write a block. */
const SEGMENT: u32 = 4096;
/** Bits that a match saves per byte, about, and what it costs on top of its plain offset bits, by kind. */
const SAVED: i32 = 4;
const EXPLICIT_COST: i32 = 4;
const REPEAT_COST: i32 = 0;
/** How much more the match one position on must save, in bits. */
const BETTER: u32 = 4;
/** Matches of three bytes from further away, as a power of two, save nothing. */
const NEAR_BITS: u32 = 11;
/** No match that counts, at an offset that any other is preferred to. */
const NONE: u32 = 0xffffff << FOUND_SHIFT;

let stretch: u32 = 0;
let nice: u32 = 0;
let depth: u32 = 0;
let sequences: usize = 0;

export function setUpLazy(maxChunkSize: u32, level: u32, mainSymbols: u32): void {
  stretch = maxChunkSize < LARGEST_STRETCH ? maxChunkSize : LARGEST_STRETCH;
  nice = 8 + 2 * level;
  depth = 2 + level / 8;
  setUpLinks(maxChunkSize, NEAR_BITS, 13);
  setUpSplitter(stretch, SEGMENT, mainSymbols);
  sequences = slab((<usize>(stretch + 2)) << 2);
}

/** Marks the positions of a vector, but for the last, that agree in two bytes with those `offset` before. */
@inline
function agreeing(here: usize, bytes: v128, offset: u32): i32 {
  const mask = i8x16.bitmask(i8x16.eq(bytes, v128.load(here - offset)));
  return mask & (mask >> 1);
}

/** Marks the positions of eight that have links. */
@inline
function linked(at: usize, nearAt: usize, wide: bool): i32 {
  const near = v128.load(nearAt);
  const zero = i16x8.splat(0);
  if (wide) {
    const all = i16x8.narrow_i32x4_s(i32x4.ne(v128.load(at), zero), i32x4.ne(v128.load(at, 16), zero));
    return i16x8.bitmask(i16x8.ne(v128.or(near, all), zero));
  }
  return i16x8.bitmask(i16x8.ne(v128.or(near, v128.load(at)), zero));
}

/** First position from `at` on that may have a match; `end` or more when there is none. */
@inline
function nextStart(at: u32, end: u32, r0: u32, r1: u32, r2: u32, wide: bool): u32 {
  const base = originOf(wide) + 1;
  while (at < end) {
    const here = base + at;
    const bytes = v128.load(here);
    const marks =
      ((agreeing(here, bytes, r0) | agreeing(here, bytes, r1) | agreeing(here, bytes, r2)) & 255) |
      linked(linkAddress(at, wide), nearLinkAddress(at, wide), wide);
    if (marks != 0) return at + <u32>ctz(marks);
    at += 8;
  }
  return at;
}

/** Length of the match at a recent offset, but 8 when it is longer. */
@inline
function shortRepeat(bytes: u64, here: usize, offset: u32): u32 {
  return <u32>(ctz(bytes ^ load<u64>(here - offset)) >> 3);
}

/**
 * Searches a position for a match longer than `longest`, of which there are `limit` bytes at most, 2 or more.
 * `first`: the first found counts, if it is longer or not.
 * @returns its item, and above it what it is worth in bits; 0 when there is none
 */
@inline
function search(
  at: u32,
  limit: u32,
  longest: u32,
  depth: u32,
  nice: u32,
  r0: u32,
  r1: u32,
  r2: u32,
  first: bool,
  wide: bool,
): u64 {
  const here = originOf(wide) + 1 + at;
  const bytes = load<u64>(here);
  const length0 = shortRepeat(bytes, here, r0);
  const length1 = shortRepeat(bytes, here, r1);
  const length2 = shortRepeat(bytes, here, r2);
  let repeated = max(max((length0 << 2) | 2, (length1 << 2) | 1), length2 << 2);
  const index = 2 - (repeated & 3);
  repeated >>= 2;
  if (repeated == 8)
    repeated = extend(here, here - select(r0, select(r1, r2, index == 1), index == 0), 8, limit);
  if (repeated > limit) repeated = limit;
  let best: i32 = 0;
  let bestItem: u32 = 0;
  if (repeated >= 2) {
    best = <i32>repeated * SAVED - REPEAT_COST;
    bestItem = repeated | (index << VALUE_SHIFT);
    if (repeated >= nice || repeated >= limit) {
      return ((<u64>best) << 32) | bestItem;
    }
  }
  let found: u32 = NONE;
  if (linkOf(at, wide) != 0) {
    if (limit >= 4) {
      longest = max(longest, repeated);
      if (first && longest < 4) found = findLongest(at, limit, depth, nice, wide);
      else if (longest < limit) {
        found = findLonger(at, limit, max(longest, 3), depth, nice, NONE, wide);
      }
    }
  } else if (repeated < 3 && limit >= 3) {
    const distance = nearLinkOf(at, wide);
    // Not none, and not the byte before the chunk.
    if (distance - 1 < at) found = 3 | (distance << FOUND_SHIFT);
  }
  const value = (found >> FOUND_SHIFT) + 2;
  const foundWorth = <i32>(found & FOUND_MASK) * SAVED - EXPLICIT_COST - <i32>plainBitsOf(value);
  return foundWorth > best
    ? ((<u64>foundWorth) << 32) | ((found & FOUND_MASK) | (value << VALUE_SHIFT))
    : ((<u64>best) << 32) | bestItem;
}

/** Parses from `start` to `end`; returns the end of the sequences. */
@inline
function parse(start: u32, end: u32, wide: bool): usize {
  const niceLength = nice;
  const places = depth;
  let r0 = repeat0;
  let r1 = repeat1;
  let r2 = repeat2;
  let to = sequences;
  let anchor = start;
  // Only at the first position could an initial offset reach before the chunk.
  let at: u32 = start == 0 ? 1 : start;
  for (;;) {
    at = nextStart(at, end, r0, r1, r2, wide);
    if (at + 2 > end) break;
    let best = search(at, lengthLimit(end - at), 2, places, niceLength, r0, r1, r2, true, wide);
    if (best == 0) {
      at++;
      continue;
    }
    while (((<u32>best) & FOUND_MASK) < niceLength && at + 3 <= end) {
      const longest = ((<u32>best) & FOUND_MASK) - 1;
      const limit = lengthLimit(end - at - 1);
      const next = search(at + 1, limit, longest, places >> 1, niceLength, r0, r1, r2, false, wide);
      if (<u32>(next >> 32) <= <u32>(best >> 32) + BETTER) break;
      best = next;
      at++;
    }
    const taken = <u32>best;
    store<u32>(to, at - anchor);
    store<u32>(to, taken, 4);
    to += SEQUENCE_SIZE;
    const value = taken >> VALUE_SHIFT;
    const o0 = r0;
    const o1 = r1;
    r0 = nextRepeat0(value, o0, o1, r2);
    r1 = nextRepeat1(value, o0, o1);
    r2 = nextRepeat2(value, o0, o1, r2);
    at += taken & FOUND_MASK;
    anchor = at;
  }
  setRepeats(r0, r1, r2);
  if (anchor == end) return to;
  store<u64>(to, end - anchor);
  return to + SEQUENCE_SIZE;
}

function parseNarrow(start: u32, end: u32): usize {
  return parse(start, end, false);
}

function parseWide(start: u32, end: u32): usize {
  return parse(start, end, true);
}

/** Parses and writes a chunk; false when the output's limit is passed. */
export function compressLazy(size: u32): bool {
  linkPositions(size);
  setRepeats(1, 1, 1);
  let start: u32 = 0;
  while (start < size) {
    const end = size - start < stretch ? size : start + stretch;
    const before0 = repeat0;
    const before1 = repeat1;
    const before2 = repeat2;
    const sequencesEnd = wide ? parseWide(start, end) : parseNarrow(start, end);
    const blocks = split(sequences, sequencesEnd, input + start);
    // The blocks' own walk over the sequences begins with the offsets of the stretch's start.
    setRepeats(before0, before1, before2);
    let from = sequences;
    for (let block: usize = 0; block < blocks; block++) {
      const blockSize = <u32>(blockInputEnd(block) - input) - start;
      const to = blockSequenceEnd(block);
      if (tellsRepeats) followSequences(from, to);
      if (!putBlock(blockHistogram(block), from, to, input + start, blockSize)) return false;
      from = to;
      start += blockSize;
    }
  }
  return true;
}
