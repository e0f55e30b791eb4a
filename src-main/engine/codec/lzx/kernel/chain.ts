// Match finder of the lazy parser, and of the near-optimal one where the window is small: a chain of earlier positions
// per hash of four bytes, newest first, and the last position per hash of two and of three bytes. In a window of up to
// 64 KiB, where chains are short, it finds nearly what the tree finds and is much faster.

import { base, extend, hash2, hash3, hash4, input, setUpMatching, tableOrder } from './matching';
import { slab } from './memory';
import { VALUE_SHIFT } from './statistics';

const ORDER2: u32 = 12;

let order3: u32 = 0;
let order4: u32 = 0;
/** For {@link findAll} only. */
let heads2: usize = 0;
let heads3: usize = 0;
let heads4: usize = 0;
/** Per position of the chunk: the position before it on its chain. */
let previous: usize = 0;

/** Offset of the match that {@link findLongest} found, 0 for none. */
export let foundOffset: u32 = 0;

export function setUpChain(maxChunkSize: u32): void {
  order3 = tableOrder(maxChunkSize, 12, 14);
  order4 = tableOrder(maxChunkSize, 12, 16);
  const size3: usize = 4 << order3;
  heads3 = setUpMatching(maxChunkSize, size3 + (4 << order4) + (4 << ORDER2));
  heads4 = heads3 + size3;
  heads2 = heads4 + (4 << order4);
  previous = slab((<usize>maxChunkSize) << 2);
}

/** Enters a position with at least four bytes left. */
@inline
export function enterChain(at: u32): void {
  const here = input + at;
  const head4 = heads4 + (hash4(here, order4) << 2);
  store<u32>(heads3 + (hash3(here, order3) << 2), base + at);
  store<u32>(previous + ((<usize>at) << 2), load<u32>(head4));
  store<u32>(head4, base + at);
}

/**
 * Enters a position with at least four bytes left and finds its longest match that is longer than `best`, in up to
 * `depth` places of its chain.
 * @returns its length; meaningless when there is none, which foundOffset tells
 */
export function findLongest(at: u32, best: u32, limit: u32, nice: u32, depth: u32): u32 {
  const here = input + at;
  const position = base + at;
  const head3 = heads3 + (hash3(here, order3) << 2);
  const head4 = heads4 + (hash4(here, order4) << 2);
  const last3 = load<u32>(head3);
  let node = load<u32>(head4);
  store<u32>(head3, position);
  store<u32>(head4, position);
  store<u32>(previous + ((<usize>at) << 2), node);
  foundOffset = 0;
  const four = load<u32>(here);
  if (best < 3 && last3 >= base && ((load<u32>(input + (last3 - base)) ^ four) & 0xffffff) == 0) {
    best = 3;
    foundOffset = position - last3;
  }
  if (best < 3) best = 3;
  const stop = nice < limit ? nice : limit;
  if (best >= stop) return best;
  while (node >= base && depth > 0) {
    depth--;
    const index = node - base;
    const other = input + index;
    if (load<u32>(other + best - 3) == load<u32>(here + best - 3) && load<u32>(other) == four) {
      const length = extend(here, other, 4, limit);
      if (length > best) {
        best = length;
        foundOffset = at - index;
        if (best >= stop) break;
      }
    }
    node = load<u32>(previous + ((<usize>index) << 2));
  }
  return best;
}

/**
 * Enters a position with at least four bytes left and stores its matches (length | offset value << VALUE_SHIFT), in
 * order of growing length and offset, from up to `depth` places of its chain.
 * @returns the end of the stored matches
 */
export function findAll(at: u32, limit: u32, nice: u32, matches: usize, depth: u32): usize {
  const here = input + at;
  const position = base + at;
  const head2 = heads2 + (hash2(here, ORDER2) << 2);
  const head3 = heads3 + (hash3(here, order3) << 2);
  const head4 = heads4 + (hash4(here, order4) << 2);
  const last2 = load<u32>(head2);
  const last3 = load<u32>(head3);
  let node = load<u32>(head4);
  store<u32>(head2, position);
  store<u32>(head3, position);
  store<u32>(head4, position);
  store<u32>(previous + ((<usize>at) << 2), node);
  const four = load<u32>(here);
  let best: u32 = 3;
  let value3: u32 = 0;
  if (last2 >= base && load<u16>(input + (last2 - base)) == <u16>four) {
    store<u32>(matches, 2 | ((position - last2 + 2) << VALUE_SHIFT));
    matches += 4;
  }
  if (last3 >= base && ((load<u32>(input + (last3 - base)) ^ four) & 0xffffff) == 0) {
    // The same place as for two bytes: keep the longer match only.
    if (last2 == last3) matches -= 4;
    value3 = position - last3 + 2;
    store<u32>(matches, 3 | (value3 << VALUE_SHIFT));
    matches += 4;
  }
  const stop = nice < limit ? nice : limit;
  if (best >= stop) return matches;
  while (node >= base && depth > 0) {
    depth--;
    const index = node - base;
    const other = input + index;
    if (load<u32>(other + best - 3) == load<u32>(here + best - 3) && load<u32>(other) == four) {
      const length = extend(here, other, 4, limit);
      if (length > best) {
        best = length;
        const value = at - index + 2;
        // The three-byte match was the start of this one: one entry does for both.
        if (value == value3) matches -= 4;
        value3 = 0;
        store<u32>(matches, length | (value << VALUE_SHIFT));
        matches += 4;
        if (best >= stop) break;
      }
    }
    node = load<u32>(previous + ((<usize>index) << 2));
  }
  return matches;
}
