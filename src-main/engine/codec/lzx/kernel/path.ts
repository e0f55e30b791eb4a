// The cheapest parse of a block.
//
// The search goes forward: when it comes to a position, the cheapest way there is final, and with it the three recent
// offsets on that way. From there it tries a literal, matches at the recent offsets, and the cached matches, where every
// length takes the nearest offset that reaches it. Lengths are tried four at a time with vectors: costs of a run of
// lengths are a row of one table, so a whole group is compared and stored without a branch.

import { alignedCosts, lengthCosts, literalCosts, slotCosts } from './costs';
import { FIRST_ALIGNED_SLOT } from './format';
import { extend, input, lengthLimit } from './matching';
import { slab } from './memory';
import { nextRepeat0, nextRepeat1, nextRepeat2, repeat0, repeat1, repeat2 } from './repeats';
import { LENGTH_MASK, SEQUENCE_SIZE, slotOfValue, VALUE_SHIFT } from './statistics';

/**
 * Marks a node's item that stands for three: an explicit match, one literal, and a match of the item's length at the
 * same offset. A changed byte inside a repeat makes these common, and a search that keeps one way to each node often
 * loses the offset on the way.
 */
const GAP: u32 = 0x80000000;

/** Per position of a block: cost of the cheapest way there, its last item, and the recent offsets on it. */
let nodeCosts: usize = 0;
let nodeItems: usize = 0;
let nodeRepeats: usize = 0;
/** For a node whose last item has GAP set: the explicit match before the gap. */
let nodeGaps: usize = 0;

/** Sets up for blocks of up to `longest` bytes. */
export function setUpPath(longest: u32): void {
  nodeCosts = slab((<usize>(longest + 288)) << 2);
  nodeItems = slab((<usize>(longest + 288)) << 2);
  nodeGaps = slab((<usize>(longest + 288)) << 2);
  nodeRepeats = slab((<usize>(longest + 8)) << 4);
}

/** Cost of a match but for its aligned symbol. */
@inline
function matchCost(slot: u32, length: u32): u32 {
  const row = slotCosts + ((<usize>slot) << 5);
  return length < 9
    ? load<u32>(row + ((length - 2) << 2))
    : load<u32>(row, 28) + load<u32>(lengthCosts + (length << 2));
}

/** Tries a match of every length from `first` to `last` from the node at `index`, which costs `sum` to get to. */
@inline
function tryLengths(index: u32, sum: u32, slot: u32, value: u32, first: u32, last: u32): void {
  const row = slotCosts + ((<usize>slot) << 5);
  const lanes = i32x4(0, 1, 2, 3);
  const item = i32x4.splat(<i32>(value << VALUE_SHIFT));
  let length = first;
  const nodes = (<usize>index) << 2;
  if (length < 9) {
    const stop = last < 8 ? last : 8;
    const start = i32x4.splat(<i32>sum);
    const lastLane = i32x4.splat(<i32>stop);
    do {
      const at = nodes + (length << 2);
      const lengths = i32x4.add(lanes, i32x4.splat(<i32>length));
      const ours = i32x4.add(start, v128.load(row + ((length - 2) << 2)));
      const theirs = v128.load(nodeCosts + at);
      const better = v128.and(i32x4.lt_u(ours, theirs), i32x4.le_s(lengths, lastLane));
      v128.store(nodeCosts + at, v128.bitselect(ours, theirs, better));
      v128.store(nodeItems + at, v128.bitselect(v128.or(item, lengths), v128.load(nodeItems + at), better));
      length += 4;
    } while (length <= stop);
    if (last < 9) return;
    length = 9;
  }
  const start = i32x4.splat(<i32>(sum + load<u32>(row, 28)));
  const lastLane = i32x4.splat(<i32>last);
  do {
    const at = nodes + (length << 2);
    const lengths = i32x4.add(lanes, i32x4.splat(<i32>length));
    const ours = i32x4.add(start, v128.load(lengthCosts + (length << 2)));
    const theirs = v128.load(nodeCosts + at);
    const better = v128.and(i32x4.lt_u(ours, theirs), i32x4.le_s(lengths, lastLane));
    v128.store(nodeCosts + at, v128.bitselect(ours, theirs, better));
    v128.store(nodeItems + at, v128.bitselect(v128.or(item, lengths), v128.load(nodeItems + at), better));
    length += 4;
  } while (length <= last);
}

/** Tries the match, then a literal, then a match of up to `limit` at the same offset. */
@inline
function tryGap(index: u32, at: u32, sum: u32, slot: u32, match: u32, limit: u32): void {
  const length = match & LENGTH_MASK;
  const after = input + at + length + 1;
  const other = after - ((match >> VALUE_SHIFT) - 2);
  if (load<u16>(after) != load<u16>(other)) return;
  const repeated = extend(after, other, 2, limit);
  const cost =
    sum +
    matchCost(slot, length) +
    load<u32>(literalCosts + ((<usize>load<u8>(after - 1)) << 2)) +
    matchCost(0, repeated);
  const to = (<usize>(index + length + 1 + repeated)) << 2;
  if (cost >= load<u32>(nodeCosts + to)) return;
  store<u32>(nodeCosts + to, cost);
  store<u32>(nodeItems + to, GAP | repeated);
  store<u32>(nodeGaps + to, match);
}

/** Finds the cheapest parse of a block over the cache entries at `from`; returns the end of those entries. */
export function findPath(start: u32, size: u32, from: usize): usize {
  memory.fill(nodeCosts, 0xff, (<usize>(size + 272)) << 2);
  store<u32>(nodeCosts, 0);
  let r0 = repeat0;
  let r1 = repeat1;
  let r2 = repeat2;
  for (let index: u32 = 0; index < size; index++) {
    const at = start + index;
    const sum = load<u32>(nodeCosts + ((<usize>index) << 2));
    const repeats = nodeRepeats + ((<usize>index) << 4);
    if (index > 0) {
      const item = load<u32>(nodeItems + ((<usize>index) << 2));
      let length = item & LENGTH_MASK;
      let gap: u32 = 0;
      if ((item & GAP) != 0) {
        gap = load<u32>(nodeGaps + ((<usize>index) << 2));
        length += 1 + (gap & LENGTH_MASK);
      }
      const before = repeats - ((<usize>length) << 4);
      r0 = load<u32>(before);
      r1 = load<u32>(before, 4);
      r2 = load<u32>(before, 8);
      // A literal has value 0, which like a repeat of the first offset changes nothing.
      const value = (gap != 0 ? gap : item) >> VALUE_SHIFT;
      const o0 = r0;
      const o1 = r1;
      r0 = nextRepeat0(value, o0, o1, r2);
      r1 = nextRepeat1(value, o0, o1);
      r2 = nextRepeat2(value, o0, o1, r2);
    }
    store<u32>(repeats, r0);
    store<u32>(repeats, r1, 4);
    store<u32>(repeats, r2, 8);

    const next = nodeCosts + ((<usize>index + 1) << 2);
    const literal = sum + load<u32>(literalCosts + ((<usize>load<u8>(input + at)) << 2));
    const reached = load<u32>(next);
    const nextItem = nodeItems + ((<usize>index + 1) << 2);
    store<u32>(nextItem, select<u32>(1, load<u32>(nextItem), literal <= reached));
    store<u32>(next, select<u32>(literal, reached, literal <= reached));

    let count = load<u32>(from);
    from += 4;
    if (count == 0) continue;
    const limit = lengthLimit(size - index);
    if (limit < 2) {
      from += count << 2;
      continue;
    }
    const here = input + at;
    const two = <u32>load<u16>(here);
    const repeats0 = <u32>load<u16>(here - r0) == two;
    const repeats1 = <u32>load<u16>(here - r1) == two;
    const repeats2 = <u32>load<u16>(here - r2) == two;
    // Only at the first position could an initial offset reach before the chunk.
    if (((<u32>repeats0) | (<u32>repeats1) | (<u32>repeats2)) != 0 && at != 0) {
      if (repeats0) tryLengths(index, sum, 0, 0, 2, extend(here, here - r0, 2, limit));
      if (repeats1) tryLengths(index, sum, 1, 1, 2, extend(here, here - r1, 2, limit));
      if (repeats2) tryLengths(index, sum, 2, 2, 2, extend(here, here - r2, 2, limit));
    }
    let length: u32 = 2;
    do {
      const match = load<u32>(from);
      from += 4;
      count--;
      let last = match & LENGTH_MASK;
      if (last > limit) last = limit;
      if (length > last) continue;
      const value = match >> VALUE_SHIFT;
      const slot = slotOfValue(value);
      let sumHere = sum;
      if (slot >= FIRST_ALIGNED_SLOT) sumHere += load<u32>(alignedCosts + ((value & 7) << 2));
      tryLengths(index, sumHere, slot, value, length, last);
      length = last + 1;
      if (count == 0 && last + 3 <= limit) tryGap(index, at, sumHere, slot, match, limit - last - 1);
    } while (count > 0);
  }
  return from;
}

/** Collects the sequences of the path found, backwards from `end`; returns where they start. */
export function collect(size: u32, end: usize): usize {
  let to = end;
  let index = size;
  let match: u32 = 0;
  // The literals between an item and the next are what the path goes on by without a match.
  let stop = size;
  while (index > 0) {
    const item = load<u32>(nodeItems + ((<usize>index) << 2));
    const length = item & LENGTH_MASK;
    if (length == 1) {
      index--;
      continue;
    }
    to = putSequence(to, stop - index, match, index == size);
    index -= length;
    match = item & ~GAP;
    if ((item & GAP) != 0) {
      to = putSequence(to, 1, match, false);
      match = load<u32>(nodeGaps + ((<usize>index) << 2) + (length << 2));
      index -= 1 + (match & LENGTH_MASK);
    }
    stop = index;
  }
  return putSequence(to, stop, match, false);
}

/** Puts a sequence below `to`, but for an empty one. */
@inline
function putSequence(to: usize, literals: u32, match: u32, empty: bool): usize {
  if (empty) return to;
  store<u32>(to - SEQUENCE_SIZE, literals);
  store<u32>(to - SEQUENCE_SIZE, match, 4);
  return to - SEQUENCE_SIZE;
}
