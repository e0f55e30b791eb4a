// Match finding over one chunk, in two steps.
//
// First one pass links every position to the latest earlier one with the same four bytes, and to the latest one near by
// with the same three. The pass has no branch that depends on the data, so it runs at the speed of the loads, where a
// parser that enters and searches by turns stands still at every second branch. Then the parsers only read links, and
// jump over positions that have none.
//
// Places are addresses: the input slab starts at address 1. So 0 is no place, needs no clearing beyond zeros, and can be
// loaded from like any other, which never leads to a link, because the link to it is none.
//
// A bucket of the table of four bytes holds the two latest places, told apart by their bytes, so that two
// strings of equal hash do not hide each other. The tables shrink with the chunk, because a tree has many files of a few
// hundred bytes and clearing is all they would cost.
import {
  ENCODER_INPUT,
  HASH3_BITS,
  HASH4_BITS,
  HEAD3,
  HEAD4,
  LINKS,
  MOST_MATCHES,
  NEAR_LINKS,
} from './layout';

/** Bytes that a position needs after it to have a link. */
const HASHED: u32 = 4;
/** A match of three bytes from further away than this power of two costs more than the literals. */
const NEAR_BITS: u32 = 11;

const MULTIPLIER: u32 = 0x9e3779b1;

/** Links the positions of a chunk of `size` bytes. */
export function linkPositions(size: u32): void {
  let bits: u32 = 32 - clz<u32>(size);
  if (bits < 7) bits = 7;
  const bits4 = min(bits, HASH4_BITS);
  const bits3 = min(bits, HASH3_BITS);
  memory.fill(HEAD4, 0, 4 << bits4);
  memory.fill(HEAD3, 0, 2 << bits3);
  const mask4: u32 = ((1 << bits4) - 1) << 2;
  const mask3: u32 = ((1 << bits3) - 1) << 1;
  const count = size < HASHED ? 0 : size - HASHED + 1;
  const end = ENCODER_INPUT + count;
  let at = ENCODER_INPUT;
  for (; at + 2 <= end; at += 2) {
    link(at, mask4, mask3);
    link(at + 1, mask4, mask3);
  }
  if (at < end) link(at, mask4, mask3);
  // No match starts at the last three bytes; a vector of links is read past them.
  memory.fill(LINKS + (count << 1), 0, 32);
  memory.fill(NEAR_LINKS + (count << 1), 0, 32);
}

/** Links one place. */
@inline
function link(place: u32, mask4: u32, mask3: u32): void {
  const bytes = load<u32>(place);
  const bucket = ((bytes * MULTIPLIER) >> (30 - HASH4_BITS)) & mask4;
  const pair = load<u32>(bucket, HEAD4);
  const latest = pair & 0xffff;
  const older = pair >> 16;
  const missesLatest = load<u32>(latest) ^ bytes;
  const missesOlder = load<u32>(older) ^ bytes;
  store<u32>(bucket, place | (pair << 16), HEAD4);
  store<u16>(
    place << 1,
    select(select<u32>(0, older, <bool>missesOlder), latest, <bool>missesLatest),
    LINKS - 2,
  );
  const slot = ((bytes * (MULTIPLIER << 8)) >> (31 - HASH3_BITS)) & mask3;
  const latest3: u32 = load<u16>(slot, HEAD3);
  store<u16>(slot, place, HEAD3);
  const misses = ((load<u32>(latest3) ^ bytes) << 8) | ((place - latest3) >> NEAR_BITS);
  store<u16>(place << 1, select<u32>(0, latest3, <bool>misses), NEAR_LINKS - 2);
}

/** The first position from `position` on that has a link; `size` or above when there is none. */
@inline
export function nextLinked(position: u32, size: u32): u32 {
  while (position < size) {
    const links = v128.or(v128.load(LINKS + (position << 1)), v128.load(NEAR_LINKS + (position << 1)));
    const unlinked = i16x8.bitmask(i16x8.eq(links, i16x8.splat(0)));
    if (unlinked != 0xff) return position + <u32>ctz(~unlinked);
    position += 8;
  }
  return position;
}

/** Length of the common start of two places in the input, of which `length` bytes are known to be equal. */
@inline
export function extend(left: u32, right: u32, length: u32, limit: u32): u32 {
  while (length < limit) {
    const difference = load<u64>(left + length) ^ load<u64>(right + length);
    if (difference != 0) {
      length += <u32>(ctz(difference) >> 3);
      break;
    }
    length += 8;
  }
  return min(length, limit);
}

/**
 * Longest match at a position that has a link, but for three bytes only when there is no longer one.
 * @returns offset | length << 16
 */
@inline
export function findFirst(position: u32, limit: u32, depth: u32, nice: u32): u32 {
  const place: u32 = load<u16>(LINKS + (position << 1));
  if (place == 0) {
    const near: u32 = load<u16>(NEAR_LINKS + (position << 1));
    return (position + 1 - near) | (3 << 16);
  }
  const here = ENCODER_INPUT + position;
  const there = place;
  const length = extend(there, here, 4, limit);
  const found = (here - there) | (length << 16);
  if (length >= nice) return found;
  return findLonger(position, limit, length, depth, nice, found);
}

/**
 * Looks for a match longer than `longest`, which is 3 or more and below `limit`.
 *
 * A match of one byte more than the longest so far ends with the four bytes that end there, so it is looked for among
 * the places that these are linked to: they are mostly few, and when there are none, which is so more often than not,
 * the search is over.
 * @returns offset | length << 16, or `found`
 */
@inline
export function findLonger(position: u32, limit: u32, longest: u32, depth: u32, nice: u32, found: u32): u32 {
  const here = ENCODER_INPUT + position;
  const bytes = load<u32>(here);
  let shift = longest - 3;
  let place: u32 = load<u16>(LINKS + ((position + shift) << 1));
  while (place > shift) {
    const there = place - shift;
    if (load<u32>(there) == bytes) {
      const length = extend(there, here, 4, limit);
      // One byte more does not pay for four bits more of offset.
      const offset = here - there;
      if (length > longest + 1 || (length > longest && offset >> 4 < (found & 0xffff))) {
        longest = length;
        found = offset | (length << 16);
        if (length >= nice || length >= limit) break;
        shift = length - 3;
        place = load<u16>(LINKS + ((position + shift) << 1));
        if (--depth == 0) break;
        continue;
      }
    }
    if (--depth == 0) break;
    place = load<u16>(LINKS - 2 + (place << 1));
  }
  return found;
}

/**
 * Writes the matches of `position` to `to`, each longer than the one before: offset | length << 16.
 * @returns end of what it wrote, at most MOST_MATCHES
 */
export function findAll(position: u32, limit: u32, depth: u32, nice: u32, to: u32): u32 {
  const here = ENCODER_INPUT + position;
  const near: u32 = load<u16>(NEAR_LINKS + (position << 1));
  let place: u32 = load<u16>(LINKS + (position << 1));
  const full = to + 4 * MOST_MATCHES;
  if (near != 0 && near != place) {
    store<u32>(to, (position + 1 - near) | (3 << 16));
    to += 4;
  }
  if (place == 0) return to;
  const bytes = load<u32>(here);
  let longest: u32 = 3;
  let shift: u32 = 0;
  while (place > shift) {
    const there = place - shift;
    if (load<u32>(there) == bytes) {
      const length = extend(there, here, 4, limit);
      if (length > longest) {
        longest = length;
        store<u32>(to, (here - there) | (length << 16));
        to += 4;
        if (length >= nice || length >= limit || to == full) break;
        shift = length - 3;
        place = load<u16>(LINKS + ((position + shift) << 1));
        if (--depth == 0) break;
        continue;
      }
    }
    if (--depth == 0) break;
    place = load<u16>(LINKS - 2 + (place << 1));
  }
  return to;
}
