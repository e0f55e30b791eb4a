// Longest match of a position, or all that are longer than nearer ones, over the links of the chunk.
//
// A match of one byte more than the longest so far ends with the four bytes that end there, so it is looked for among the
// places that these are linked to. They are few, and more often than not there are none, which ends the search; the chain
// of the first four bytes would be walked to its end.

import { linkOf, linkOfPlace, nearLinkOf, originOf } from './links';
import { extend } from './matching';
import { VALUE_SHIFT } from './statistics';

/** A match is length | offset << 9. */
export const FOUND_SHIFT: u32 = 9;
export const FOUND_MASK: u32 = 511;

/**
 * Looks for a match longer than `longest`, which is 3 or more and below `limit`, in up to `depth` places.
 * @returns the match, or `found` when there is none
 */
@inline
export function findLonger(
  position: u32,
  limit: u32,
  longest: u32,
  depth: u32,
  nice: u32,
  found: u32,
  wide: bool,
): u32 {
  const origin = originOf(wide);
  const here = origin + 1 + position;
  const bytes = load<u32>(here);
  let shift = longest - 3;
  let place = linkOf(position + shift, wide);
  while (place > shift) {
    const there = origin + place - shift;
    if (load<u32>(there) == bytes) {
      const length = extend(there, here, 4, limit);
      // One byte more does not pay for four bits more of offset.
      const offset = <u32>(here - there);
      if (length > longest + 1 || (length > longest && offset >> 4 < found >> FOUND_SHIFT)) {
        longest = length;
        found = length | (offset << FOUND_SHIFT);
        if (length >= nice || length >= limit) break;
        shift = length - 3;
        place = linkOf(position + shift, wide);
        if (--depth == 0) break;
        continue;
      }
    }
    if (--depth == 0) break;
    place = linkOfPlace(place, wide);
  }
  return found;
}

/** Longest match at a position that has a link of four bytes, with `limit` 4 or more. */
@inline
export function findLongest(position: u32, limit: u32, depth: u32, nice: u32, wide: bool): u32 {
  const origin = originOf(wide);
  const here = origin + 1 + position;
  const there = origin + linkOf(position, wide);
  const length = extend(there, here, 4, limit);
  const found = length | ((<u32>(here - there)) << FOUND_SHIFT);
  if (length >= nice || length >= limit) return found;
  return findLonger(position, limit, length, depth, nice, found, wide);
}

/** Last place of each hash of two bytes. */
const pairs: usize = memory.data(8192, 64);

/** Starts a chunk for {@link findAll}. */
export function startFindingAll(): void {
  memory.fill(pairs, 0, 8192);
}

/**
 * Stores the matches of a position (length | offset value << VALUE_SHIFT), in order of growing length and offset, from up
 * to `depth` places. At least four bytes must be left. Narrow chunks only.
 * @returns the end of the stored matches
 */
@inline
export function findAll(position: u32, limit: u32, nice: u32, matches: usize, depth: u32): usize {
  const origin = originOf(false);
  const here = origin + 1 + position;
  const bytes = load<u32>(here);
  const distance3 = nearLinkOf(position, false);
  const pair = pairs + ((((bytes & 0xffff) * 0x9e3779b1) >> 20) << 1);
  const place2: u32 = load<u16>(pair);
  store<u16>(pair, position + 1);
  const distance2 = position + 1 - place2;
  // Stored in any case, and counted where it is true and not the same as that of three bytes.
  store<u32>(matches, 2 | ((distance2 + 2) << VALUE_SHIFT));
  const true2 = (<u32>(place2 != 0)) & (<u32>(load<u16>(origin + place2) == <u16>bytes));
  const place4 = linkOf(position, false);
  const distance4 = position + 1 - place4;
  const true3 = <u32>(distance3 - 1 < position);
  matches += (true2 & ~(true3 & (<u32>(distance3 == distance2))) & ~(<u32>(distance4 == distance2))) << 2;
  store<u32>(matches, 3 | ((distance3 + 2) << VALUE_SHIFT));
  if (place4 == 0) return matches + (true3 << 2);
  matches += (true3 & (<u32>(distance3 != distance4))) << 2;
  let there = origin + place4;
  let length = extend(there, here, 4, limit);
  store<u32>(matches, length | ((<u32>(here - there) + 2) << VALUE_SHIFT));
  matches += 4;
  const stop = min(nice, limit);
  if (length >= stop) return matches;
  let longest = length;
  let place = place4;
  do {
    // A longer match agrees in its first four bytes and in the four that end it: of the two chains the one is walked
    // whose next place is further away.
    const end = longest - 3;
    const head = linkOfPlace(place, false);
    const tail = linkOf(position + end, false);
    const useTail = tail < head + end;
    const shift = select<u32>(end, 0, useTail);
    place = select(tail, head, useTail);
    const endBytes = load<u32>(here + end);
    for (;;) {
      if (place <= shift) return matches;
      if (depth-- == 0) return matches;
      there = origin + place - shift;
      if (((load<u32>(there) ^ bytes) | (load<u32>(there + end) ^ endBytes)) == 0) {
        length = extend(there, here, 4, limit);
        if (length > longest) break;
      }
      place = linkOfPlace(place, false);
    }
    store<u32>(matches, length | ((<u32>(here - there) + 2) << VALUE_SHIFT));
    matches += 4;
    longest = length;
    place -= shift;
  } while (length < stop);
  return matches;
}
