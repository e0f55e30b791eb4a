// Match finder of the near-optimal parser for large windows and high levels: one binary search tree of earlier positions per hash of four bytes, which
// every search rebuilds around the new position, plus the last position per hash of two and of three bytes. Matches are
// found in order of growing length and offset, which is the order the parser wants them in.

import { base, extend, hash2, hash3, hash4, input, setUpMatching, tableOrder } from './matching';
import { slab } from './memory';
import { VALUE_SHIFT } from './statistics';

let order2: u32 = 0;
let order3: u32 = 0;
let order4: u32 = 0;
let heads2: usize = 0;
let heads3: usize = 0;
let heads4: usize = 0;
/** Per position of the chunk: the subtrees of smaller and of larger strings, as two positions. */
let children: usize = 0;

export function setUpTree(maxChunkSize: u32): void {
  order2 = 12;
  order3 = tableOrder(maxChunkSize, 12, 15);
  order4 = tableOrder(maxChunkSize, 12, 16);
  const size2: usize = 4 << order2;
  const size3: usize = 4 << order3;
  heads2 = setUpMatching(maxChunkSize, size2 + size3 + (4 << order4));
  heads3 = heads2 + size2;
  heads4 = heads3 + size3;
  children = slab((<usize>maxChunkSize) << 3);
}

/**
 * Enters position `at` of the chunk and, when `find`, stores its matches (length | offset value << VALUE_SHIFT) at
 * `matches`.
 * @returns the end of the stored matches
 */
@inline
function visit(at: u32, limit: u32, nice: u32, matches: usize, depth: u32, find: bool): usize {
  const here = input + at;
  const position = base + at;
  let best: u32 = 1;
  let value3: u32 = 0;
  const head2 = heads2 + (hash2(here, order2) << 2);
  const head3 = heads3 + (hash3(here, order3) << 2);
  const head4 = heads4 + (hash4(here, order4) << 2);
  if (find) {
    const last2 = load<u32>(head2);
    if (last2 >= base && load<u16>(input + (last2 - base)) == load<u16>(here)) {
      best = 2;
      store<u32>(matches, 2 | ((position - last2 + 2) << VALUE_SHIFT));
      matches += 4;
    }
    const last3 = load<u32>(head3);
    if (last3 >= base && ((load<u32>(input + (last3 - base)) ^ load<u32>(here)) & 0xffffff) == 0) {
      // The same place as for two bytes: keep the longer match only.
      if (last3 == last2) matches -= 4;
      best = 3;
      value3 = position - last3 + 2;
      store<u32>(matches, 3 | (value3 << VALUE_SHIFT));
      matches += 4;
    }
  }
  store<u32>(head2, position);
  store<u32>(head3, position);
  let node = load<u32>(head4);
  store<u32>(head4, position);

  let smaller = children + ((<usize>at) << 3);
  let larger = smaller + 4;
  let smallerLength: u32 = 0;
  let largerLength: u32 = 0;
  let length: u32 = 0;
  const stop = nice < limit ? nice : limit;
  while (node >= base && depth > 0) {
    depth--;
    const index = node - base;
    const other = input + index;
    const pair = children + ((<usize>index) << 3);
    if (load<u8>(other + length) == load<u8>(here + length)) {
      length = extend(here, other, length + 1, stop);
      if (find && length > best) {
        best = length;
        if (length >= stop) length = extend(here, other, length, limit);
        const match = length | ((at - index + 2) << VALUE_SHIFT);
        // The three-byte match was the start of this one: one entry does for both.
        if (value3 == match >> VALUE_SHIFT) matches -= 4;
        value3 = 0;
        store<u32>(matches, match);
        matches += 4;
      }
      if (length >= stop) {
        store<u32>(smaller, load<u32>(pair));
        store<u32>(larger, load<u32>(pair, 4));
        return matches;
      }
    }
    if (load<u8>(other + length) < load<u8>(here + length)) {
      store<u32>(smaller, node);
      smaller = pair + 4;
      node = load<u32>(smaller);
      smallerLength = length;
      if (largerLength < length) length = largerLength;
    } else {
      store<u32>(larger, node);
      larger = pair;
      node = load<u32>(larger);
      largerLength = length;
      if (smallerLength < length) length = smallerLength;
    }
  }
  store<u32>(smaller, 0);
  store<u32>(larger, 0);
  return matches;
}

/** Finds the matches of a position with at least four bytes left, and enters it. */
export function findInTree(at: u32, limit: u32, nice: u32, matches: usize, depth: u32): usize {
  return visit(at, limit, nice, matches, depth, true);
}

/** Enters a position with at least four bytes left. */
export function enterTree(at: u32, limit: u32, nice: u32, depth: u32): void {
  visit(at, limit, nice, 0, depth, false);
}
