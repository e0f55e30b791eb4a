// Lazy parser, for the fast levels: takes a match unless the next position has a better one.

import { putBlock } from './blockWriter';
import { enterChain, findLongest, foundOffset, setUpChain } from './chain';
import { slotBits } from './format';
import { extend, input, lengthLimit } from './matching';
import { slab } from './memory';
import { follow, followItems, repeat0, repeat1, repeat2, setRepeats } from './repeats';
import { blockHistogram, blockInputEnd, blockItemEnd, setUpSplitter, split } from './split';
import { slotOfValue, VALUE_SHIFT } from './statistics';

const LARGEST_STRETCH: u32 = 131072;
/** Bits that a match saves per byte, about, and what it costs on top of its plain offset bits, by kind. */
const SAVED: i32 = 5;
const EXPLICIT_COST: i32 = 5;
const REPEAT_COST: i32 = 2;
/** How much more the match one position on must save, in bits. */
const BETTER: i32 = 3;

let stretch: u32 = 0;
let nice: u32 = 0;
let depth: u32 = 0;
let items: usize = 0;

/** The match of the position searched last: length (1 for none), offset value, and worth in bits. */
let length: u32 = 0;
let value: u32 = 0;
let worth: i32 = 0;

export function setUpLazy(maxChunkSize: u32, level: u32): void {
  stretch = maxChunkSize < LARGEST_STRETCH ? maxChunkSize : LARGEST_STRETCH;
  nice = level < 3 ? 12 : 4 * level;
  depth = 2 + (level >> 1);
  setUpChain(maxChunkSize);
  setUpSplitter(stretch);
  items = slab((<usize>(stretch + 16)) << 2);
}

@inline
function tryRepeat(here: usize, offset: u32, limit: u32, index: u32): void {
  const repeated = extend(here, here - offset, 2, limit);
  if (<i32>repeated * SAVED - REPEAT_COST <= worth) return;
  length = repeated;
  value = index;
  worth = <i32>repeated * SAVED - REPEAT_COST;
}

/** Searches a position, of which `limit` bytes may be matched. */
function search(at: u32, left: u32, limit: u32, places: u32): void {
  length = 1;
  worth = 0;
  if (limit < 2) {
    if (left >= 4) enterChain(at);
    return;
  }
  const here = input + at;
  const two = <u32>load<u16>(here);
  const repeats0 = <u32>load<u16>(here - repeat0) == two;
  const repeats1 = <u32>load<u16>(here - repeat1) == two;
  const repeats2 = <u32>load<u16>(here - repeat2) == two;
  // Only at the first position could an initial offset reach before the chunk.
  if (((<u32>repeats0) | (<u32>repeats1) | (<u32>repeats2)) != 0 && at != 0) {
    if (repeats0) tryRepeat(here, repeat0, limit, 0);
    if (repeats1) tryRepeat(here, repeat1, limit, 1);
    if (repeats2) tryRepeat(here, repeat2, limit, 2);
  }
  if (left < 4) return;
  if (limit < 4 || length >= nice) {
    enterChain(at);
    return;
  }
  const found = findLongest(at, length, limit, nice, places);
  if (foundOffset == 0) return;
  const explicit = foundOffset + 2;
  const foundWorth = <i32>found * SAVED - EXPLICIT_COST - <i32>slotBits(slotOfValue(explicit));
  if (foundWorth <= worth) return;
  length = found;
  value = explicit;
  worth = foundWorth;
}

/** Parses from `start` to `end`; returns the end of the items. */
function parse(start: u32, end: u32, size: u32): usize {
  let to = items;
  let at = start;
  while (at < end) {
    search(at, size - at, lengthLimit(end - at), depth);
    let entered = at + 1;
    while (length > 1 && length < nice && at + 1 < end) {
      const lengthHere = length;
      const valueHere = value;
      const worthHere = worth;
      search(at + 1, size - at - 1, lengthLimit(end - at - 1), depth >> 1);
      entered = at + 2;
      if (worth <= worthHere + BETTER) {
        length = lengthHere;
        value = valueHere;
        worth = worthHere;
        break;
      }
      store<u32>(to, 1);
      to += 4;
      at++;
    }
    if (length == 1) {
      store<u32>(to, 1);
      to += 4;
      at++;
      continue;
    }
    store<u32>(to, length | (value << VALUE_SHIFT));
    to += 4;
    follow(value);
    at += length;
    const stop = at + 3 < size ? at : size > 3 ? size - 3 : 0;
    for (; entered < stop; entered++) enterChain(entered);
  }
  return to;
}

/** Parses and writes a chunk; false when the output's limit is passed. */
export function compressLazy(size: u32): bool {
  setRepeats(1, 1, 1);
  let start: u32 = 0;
  while (start < size) {
    const end = size - start < stretch ? size : start + stretch;
    // The blocks' own walk over the items needs the offsets of the stretch's start.
    const before0 = repeat0;
    const before1 = repeat1;
    const before2 = repeat2;
    const itemsEnd = parse(start, end, size);
    const blocks = split(items, itemsEnd, input + start);
    setRepeats(before0, before1, before2);
    let from = items;
    for (let block: usize = 0; block < blocks; block++) {
      const blockSize = <u32>(blockInputEnd(block) - input) - start;
      const to = blockItemEnd(block);
      followItems(from, to);
      if (!putBlock(blockHistogram(block), from, to, input + start, blockSize)) return false;
      from = to;
      start += blockSize;
    }
  }
  return true;
}
