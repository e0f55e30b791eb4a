// Near-optimal parser.
//
// The input is taken in stretches. For each, all matches are found once and cached; a quick lazy parse over the cache
// gives statistics, by which the stretch is split into blocks and each block gets its first costs. Then every block is
// parsed for the least cost, once or more, with costs from the parse before.
//
// The parse goes forward: when it comes to a position, the cheapest way there is final, and with it the three recent
// offsets on that way. From there it tries a literal, matches at the recent offsets, and the cached matches, where every
// length takes the nearest offset that reaches it. Lengths are tried four at a time with vectors: costs of a run of
// lengths are a row of one table, so a whole group is compared and stored without a branch.

import { alignedCosts, lengthCosts, literalCosts, setCosts, slotCosts } from './costs';
import { putBlock } from './blockWriter';
import { FIRST_ALIGNED_SLOT } from './format';
import { extend, input, lengthLimit } from './matching';
import { enterChain, findAll, setUpChain } from './chain';
import { slab } from './memory';
import { blockHistogram, blockInputEnd, setUpSplitter, split } from './split';
import { countItems, HISTOGRAM_SIZE, LENGTH_MASK, slotOfValue, VALUE_SHIFT } from './statistics';
import { enterTree, findInTree, setUpTree } from './tree';

/** Largest chunk whose matches come from chains, and the level from which the tree is used all the same. */
const LARGEST_CHAINED: u32 = 65536;
const FIRST_TREE_LEVEL: u32 = 60;
const LARGEST_STRETCH: u32 = 131072;
/** Cache entries per position, on average, before a stretch ends early; and the most that one position can add. */
const CACHE_AVERAGE: usize = 8;
const CACHE_RESERVE: usize = 512;
/** Offset values as large as this are not worth a match of two bytes, respectively three. */
const FAR2: u32 = 256;
const FAR3: u32 = 8192;

/**
 * Marks a node's item that stands for three: an explicit match, one literal, and a match of the item's length at the
 * same offset. A changed byte inside a repeat makes these common, and a search that keeps one way to each node often
 * loses the offset on the way.
 */
const GAP: u32 = 0x80000000;

const histogram: usize = memory.data(3664, 16);

let symbols: u32 = 0;
let stretch: u32 = 0;
let nice: u32 = 0;
let depth: u32 = 0;
let useTree: bool = false;
let passes: u32 = 0;
/** Per position: count of matches, then the matches. */
let cache: usize = 0;
let cacheLimit: usize = 0;
let items: usize = 0;
/** Per position of a block: cost of the cheapest way there, its last item, and the recent offsets on it. */
let nodeCosts: usize = 0;
let nodeItems: usize = 0;
let nodeRepeats: usize = 0;
/** For a node whose last item has GAP set: the explicit match before the gap. */
let nodeGaps: usize = 0;

let repeat0: u32 = 1;
let repeat1: u32 = 1;
let repeat2: u32 = 1;
let skipUntil: u32 = 0;

export function setUpOptimal(maxChunkSize: u32, level: u32, mainSymbols: u32): void {
  symbols = mainSymbols;
  stretch = maxChunkSize < LARGEST_STRETCH ? maxChunkSize : LARGEST_STRETCH;
  nice = (48 * level) / 50;
  passes = 1 + <u32>(level >= 60) + <u32>(level >= 75) + <u32>(level >= 100);
  depth = (24 * level) / 50;
  useTree = maxChunkSize > LARGEST_CHAINED || level >= FIRST_TREE_LEVEL;
  if (useTree) setUpTree(maxChunkSize);
  else setUpChain(maxChunkSize);
  setUpSplitter(stretch);
  const cacheBytes = (<usize>stretch * CACHE_AVERAGE + CACHE_RESERVE) << 2;
  cache = slab(cacheBytes);
  cacheLimit = cache + cacheBytes - (CACHE_RESERVE << 2);
  items = slab((<usize>(stretch + 16)) << 2);
  nodeCosts = slab((<usize>(stretch + 288)) << 2);
  nodeItems = slab((<usize>(stretch + 288)) << 2);
  nodeGaps = slab((<usize>(stretch + 288)) << 2);
  nodeRepeats = slab((<usize>(stretch + 8)) << 4);
}

/** Finds the matches of a stretch from `start` on; returns where it ends. */
function fillCache(start: u32, size: u32): u32 {
  const end = size - start < stretch ? size : start + stretch;
  let to = cache;
  let at = start;
  for (; at < end && to < cacheLimit; at++) {
    const limit = lengthLimit(size - at);
    if (at < skipUntil || limit < 4) {
      if (limit >= 4) {
        if (useTree) enterTree(at, limit, nice, depth);
        else enterChain(at);
      }
      store<u32>(to, 0);
      to += 4;
      continue;
    }
    const found = useTree
      ? findInTree(at, limit, nice, to + 4, depth)
      : findAll(at, limit, nice, to + 4, depth);
    store<u32>(to, <u32>((found - to - 4) >> 2));
    if (found > to + 4) {
      const longest = load<u32>(found - 4) & LENGTH_MASK;
      if (longest >= nice) skipUntil = at + longest;
    }
    to = found;
  }
  return at;
}

/** Length of the match of position `at` at a recent offset, 0 or at least 2. */
@inline
function repeatLength(at: u32, offset: u32, limit: u32): u32 {
  if (offset > at) return 0;
  const here = input + at;
  if (load<u16>(here) != load<u16>(here - offset)) return 0;
  return extend(here, here - offset, 2, limit);
}

/** Parses a stretch over the cache with a simple rule; returns the end of the items. */
function sketch(start: u32, end: u32): usize {
  let r0 = repeat0;
  let r1 = repeat1;
  let r2 = repeat2;
  let from = cache;
  let to = items;
  let at = start;
  while (at < end) {
    const count = load<u32>(from);
    const next = from + ((count + 1) << 2);
    let length: u32 = 1;
    let value: u32 = 0;
    if (count > 0 && end - at >= 2) {
      const limit = lengthLimit(end - at);
      const longest = load<u32>(next - 4);
      length = longest & LENGTH_MASK;
      if (length > limit) length = limit;
      value = longest >> VALUE_SHIFT;
      if ((length == 2 && value >= FAR2) || (length == 3 && value >= FAR3)) length = 1;
      let repeat: u32 = 0;
      let repeated = repeatLength(at, r0, limit);
      const second = repeatLength(at, r1, limit);
      if (second > repeated) {
        repeated = second;
        repeat = 1;
      }
      const third = repeatLength(at, r2, limit);
      if (third > repeated) {
        repeated = third;
        repeat = 2;
      }
      if (repeated >= 2 && repeated + 1 >= length) {
        length = repeated;
        value = repeat;
      } else if (length > 1 && length < nice && at + 1 < end) {
        const nextCount = load<u32>(next);
        if (nextCount > 0 && (load<u32>(next + (nextCount << 2)) & LENGTH_MASK) > length) length = 1;
      }
    }
    from = next;
    if (length == 1) {
      store<u32>(to, 1);
      to += 4;
      at++;
      continue;
    }
    store<u32>(to, length | (value << VALUE_SHIFT));
    to += 4;
    if (value >= 3) {
      r2 = r1;
      r1 = r0;
      r0 = value - 2;
    } else if (value == 1) {
      const offset = r1;
      r1 = r0;
      r0 = offset;
    } else if (value == 2) {
      const offset = r2;
      r2 = r0;
      r0 = offset;
    }
    at += length;
    for (let skip = length - 1; skip > 0; skip--) from += (load<u32>(from) + 1) << 2;
  }
  return to;
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
function findPath(start: u32, size: u32, from: usize): usize {
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
      // A literal has value 0, which like a repeat of the first offset changes nothing. Selects, because a branch
      // here would be anyone's guess.
      const value = (gap != 0 ? gap : item) >> VALUE_SHIFT;
      const o0 = r0;
      const o1 = r1;
      r0 = select(value - 2, select(o0, select(o1, r2, value == 1), value == 0), value >= 3);
      r1 = select(o1, o0, (value & ~2) == 0);
      r2 = select(o1, select(o0, r2, value == 2), value >= 3);
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

/** Collects the items of the path found; returns where they start, the end being that of the item slab. */
function collect(size: u32): usize {
  let to = items + ((<usize>(stretch + 16)) << 2);
  let index = size;
  while (index > 0) {
    const item = load<u32>(nodeItems + ((<usize>index) << 2));
    to -= 4;
    store<u32>(to, item & ~GAP);
    if ((item & GAP) != 0) {
      const match = load<u32>(nodeGaps + ((<usize>index) << 2));
      store<u32>(to - 4, 1);
      store<u32>(to - 8, match);
      to -= 8;
      index -= 1 + (match & LENGTH_MASK);
    }
    index -= item & LENGTH_MASK;
  }
  return to;
}

/** Brings the recent offsets to the end of the items. */
function followRepeats(from: usize, end: usize): void {
  for (let at = from; at < end; at += 4) {
    const item = load<u32>(at);
    if ((item & LENGTH_MASK) == 1) continue;
    const value = item >> VALUE_SHIFT;
    if (value >= 3) {
      repeat2 = repeat1;
      repeat1 = repeat0;
      repeat0 = value - 2;
    } else if (value == 1) {
      const offset = repeat1;
      repeat1 = repeat0;
      repeat0 = offset;
    } else if (value == 2) {
      const offset = repeat2;
      repeat2 = repeat0;
      repeat0 = offset;
    }
  }
}

/** Parses and writes a chunk; false when the output's limit is passed. */
export function compressOptimal(size: u32): bool {
  repeat0 = 1;
  repeat1 = 1;
  repeat2 = 1;
  skipUntil = 0;
  const itemsEnd = items + ((<usize>(stretch + 16)) << 2);
  let start: u32 = 0;
  while (start < size) {
    const end = fillCache(start, size);
    const blocks = split(items, sketch(start, end), input + start);
    let from = cache;
    for (let block: usize = 0; block < blocks; block++) {
      const blockSize = <u32>(blockInputEnd(block) - input) - start;
      setCosts(blockHistogram(block), symbols);
      let next = from;
      let path: usize = 0;
      for (let pass: u32 = 0; pass < passes; pass++) {
        if (pass > 0) setCosts(histogram, symbols);
        next = findPath(start, blockSize, from);
        path = collect(blockSize);
        memory.fill(histogram, 0, HISTOGRAM_SIZE);
        countItems(histogram, path, itemsEnd, input + start);
      }
      from = next;
      followRepeats(path, itemsEnd);
      const written = putBlock(
        histogram,
        path,
        itemsEnd,
        input + start,
        blockSize,
        repeat0,
        repeat1,
        repeat2,
      );
      if (!written) return false;
      start += blockSize;
    }
  }
  return true;
}
