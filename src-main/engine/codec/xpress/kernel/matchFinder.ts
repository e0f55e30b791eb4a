// Hash chains over one chunk: one chain of positions for each hash of four bytes, and the latest position only for each
// hash of three, which serves the shortest matches.
//
// Positions are 16 bits wide. NONE ends a chain: it is above every position, as the last three are never entered. The
// tables shrink with the chunk, because a tree has many files of a few hundred bytes and clearing is all they would cost.
// Chain links need no clearing: only links of positions entered for this chunk are followed.
import { CHAIN, ENCODER_INPUT, HASH3_BITS, HASH4_BITS, HEAD3, HEAD4, MOST_MATCHES } from './layout';

const NONE: u32 = 0xffff;
/** Bytes that a position needs after it to be entered. */
export const HASHED: u32 = 4;
/** A match of three bytes from further away costs more than the literals. */
const NEAR: u32 = 2048;

let shift4: u32 = 0;
let shift3: u32 = 0;

/** Clears the tables for a chunk of `size` bytes. */
export function startChunk(size: u32): void {
  let bits: u32 = 32 - clz<u32>(size);
  if (bits < 7) bits = 7;
  const bits4 = min(bits, HASH4_BITS);
  const bits3 = min(bits, HASH3_BITS);
  shift4 = 32 - bits4;
  shift3 = 32 - bits3;
  memory.fill(HEAD4, 0xff, 2 << bits4);
  memory.fill(HEAD3, 0xff, 2 << bits3);
}

@inline
function slot4(bytes: u32): u32 {
  return HEAD4 + (((bytes * 0x9e3779b1) >> shift4) << 1);
}

@inline
function slot3(bytes: u32): u32 {
  return HEAD3 + ((((bytes << 8) * 0x9e3779b1) >> shift3) << 1);
}

/** Enters the `count` positions from `position`; `last` is the last that can be entered. */
export function enter(position: u32, count: u32, last: i32): void {
  const stop = min<i32>(<i32>(position + count), last + 1);
  for (; <i32>position < stop; position++) {
    const bytes = load<u32>(ENCODER_INPUT + position);
    const head = slot4(bytes);
    store<u16>(CHAIN + (position << 1), load<u16>(head));
    store<u16>(head, position);
    store<u16>(slot3(bytes), position);
  }
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
 * Enters `position`, which must not be above the last that can be, and looks for a match longer than `longest` there.
 * @returns offset | length << 16, or 0
 */
export function find(position: u32, limit: u32, longest: u32, depth: u32, nice: u32): u32 {
  const here = ENCODER_INPUT + position;
  const bytes = load<u32>(here);
  const head4 = slot4(bytes);
  const head3 = slot3(bytes);
  let candidate: u32 = load<u16>(head4);
  const candidate3: u32 = load<u16>(head3);
  store<u16>(CHAIN + (position << 1), candidate);
  store<u16>(head4, position);
  store<u16>(head3, position);

  let found: u32 = 0;
  let nearest: u32 = 0xffff;
  const anyLength = longest < 3;
  if (anyLength) longest = 3;
  if (candidate != NONE && longest < limit) {
    // A longer match agrees in the last four bytes first.
    let tail = load<u32>(here + longest - 3);
    for (;;) {
      const there = ENCODER_INPUT + candidate;
      if (load<u32>(there + longest - 3) == tail && load<u32>(there) == bytes) {
        const length = extend(there, here, 4, limit);
        // One byte more does not pay for four bits more of offset.
        if (length > longest + 1 || (length > longest && (position - candidate) >> 4 < nearest)) {
          longest = length;
          nearest = position - candidate;
          found = nearest | (length << 16);
          if (length >= nice || length >= limit) return found;
          tail = load<u32>(here + longest - 3);
        }
      }
      if (--depth == 0) break;
      candidate = load<u16>(CHAIN + (candidate << 1));
      if (candidate == NONE) break;
    }
  }
  if (found == 0 && anyLength && candidate3 != NONE && position - candidate3 < NEAR) {
    if (((load<u32>(ENCODER_INPUT + candidate3) ^ bytes) & 0xffffff) == 0) {
      found = (position - candidate3) | (3 << 16);
    }
  }
  return found;
}

/**
 * Enters `position` and writes its matches to `to`, each longer than the one before: offset | length << 16.
 * @returns end of what it wrote, at most MOST_MATCHES
 */
export function findAll(position: u32, limit: u32, depth: u32, nice: u32, to: u32): u32 {
  const here = ENCODER_INPUT + position;
  const bytes = load<u32>(here);
  const head4 = slot4(bytes);
  const head3 = slot3(bytes);
  let candidate: u32 = load<u16>(head4);
  const candidate3: u32 = load<u16>(head3);
  store<u16>(CHAIN + (position << 1), candidate);
  store<u16>(head4, position);
  store<u16>(head3, position);

  const full = to + 4 * MOST_MATCHES;
  if (candidate3 != NONE && ((load<u32>(ENCODER_INPUT + candidate3) ^ bytes) & 0xffffff) == 0) {
    store<u32>(to, (position - candidate3) | (3 << 16));
    to += 4;
  }
  let longest: u32 = 3;
  if (candidate == NONE || longest >= limit) return to;
  let tail = bytes;
  for (;;) {
    const there = ENCODER_INPUT + candidate;
    if (load<u32>(there + longest - 3) == tail && load<u32>(there) == bytes) {
      const length = extend(there, here, 4, limit);
      if (length > longest) {
        longest = length;
        store<u32>(to, (position - candidate) | (length << 16));
        to += 4;
        if (length >= nice || length >= limit || to == full) break;
        tail = load<u32>(here + longest - 3);
      }
    }
    if (--depth == 0) break;
    candidate = load<u16>(CHAIN + (candidate << 1));
    if (candidate == NONE) break;
  }
  return to;
}
