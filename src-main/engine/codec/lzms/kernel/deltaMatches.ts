// Finder of delta matches: one hash table of the differences over all spans, with the latest place of each.
//
// A delta match is dear, so it pays only where no LZ match of some length is found; looking, and entering, only there makes the
// table's memory reach further back as well.

import { slab } from './memory';

/** Spans of 1 << 0 to 1 << 5 bytes are looked for. */
const SPANS: u32 = 6;
const HASH_BITS: u32 = 17;
/** An entry: the power, and the position counted over chunks, so that the table need not be cleared for each. */
const POWER_SHIFT: u32 = 28;
const POSITION: u32 = (1 << POWER_SHIFT) - 1;
/** Shortest match that is looked for. */
export const MIN_DELTA: u32 = 3;
/** Largest raw offset that a source can say. */
const MAX_RAW: u32 = POSITION - 3;

let table: usize = 0;
let base: u32 = 0;
let nextBase: u32 = 1;
let text: usize = 0;

export function setUpDeltas(): void {
  table = slab(4 << HASH_BITS);
}

export function startDeltas(start: usize, size: u32): void {
  text = start;
  if (size > POSITION - nextBase) {
    memory.fill(table, 0, 4 << HASH_BITS);
    nextBase = 1;
  }
  base = nextBase;
  nextBase += size;
}

/** Differences of four bytes at `at` to those a span before. */
@inline
function differences(at: usize, span: usize): u32 {
  return i32x4.extract_lane(i8x16.sub(v128.load32_zero(at), v128.load32_zero(at - span)), 0);
}

/** How many bytes, at most `limit`, at `here` differ from those a span before as those at `there` do; `length` do. */
export function extendDelta(here: usize, there: usize, span: usize, length: u32, limit: u32): u32 {
  while (length < limit) {
    const ours = i8x16.sub(v128.load(here + length), v128.load(here + length - span));
    const theirs = i8x16.sub(v128.load(there + length), v128.load(there + length - span));
    const equal = <u32>i8x16.bitmask(i8x16.eq(ours, theirs));
    if (equal != 0xffff) {
      length += ctz(~equal);
      return length < limit ? length : limit;
    }
    length += 16;
  }
  return limit;
}

/** Hashes of a position for the powers 0 to 3 and 4 to 7 (u32 each), and the differences they stand for. */
const hashes: usize = memory.data(32, 16);
const valuesAt: usize = memory.data(32, 16);

/** The four bytes that are 1 << power bytes before `here`, for four powers. */
@inline
function bytesBefore(here: usize, power: usize): v128 {
  let bytes = v128.load32_zero(here - ((<usize>1) << power));
  bytes = v128.load_lane<u32>(here - ((<usize>2) << power), bytes, 1);
  bytes = v128.load_lane<u32>(here - ((<usize>4) << power), bytes, 2);
  return v128.load_lane<u32>(here - ((<usize>8) << power), bytes, 3);
}

/** Hashes for four powers, whose spans are the lanes of `spans`. */
@inline
function hashFour(here: usize, bytes: v128, power: usize, at: v128, spans: v128, to: usize): void {
  const different = v128.and(i8x16.sub(bytes, bytesBefore(here, power)), i32x4.splat(0xffffff));
  // The span and the place within it, so that only offsets that are whole spans meet.
  const place = v128.or(spans, v128.and(at, i32x4.sub(spans, i32x4.splat(1))));
  const value = v128.or(different, i32x4.shl(place, 24));
  v128.store(valuesAt + to, value);
  v128.store(hashes + to, i32x4.shr_u(i32x4.mul(value, i32x4.splat(0x9e3779b1)), 32 - HASH_BITS));
}

/**
 * Stores the delta matches of position `at` (length, power << 28 | raw offset, two u32 each) and enters it.
 * @param limit bytes left, at least 4
 * @returns the end of the stored matches
 */
export function findDeltas(at: u32, limit: u32, matches: usize): usize {
  const here = text + at;
  const position = base + at;
  if (position > POSITION) return matches;
  const bytes = i32x4.splat(load<i32>(here));
  const ats = i32x4.splat(<i32>at);
  hashFour(here, bytes, 0, ats, i32x4(1, 2, 4, 8), 0);
  hashFour(here, bytes, 4, ats, i32x4(16, 32, 64, 128), 16);
  // Before the chunk there are zeros: to read them does no harm, but no match may.
  for (let power: u32 = 0; power < SPANS && at >= (<u32>1) << power; power++) {
    const entry = table + ((<usize>load<u32>(hashes + ((<usize>power) << 2))) << 2);
    const latest = load<u32>(entry);
    store<u32>(entry, (power << POWER_SHIFT) | position);
    if (latest >> POWER_SHIFT != power) continue;
    const then = latest & POSITION;
    if (then < base) continue;
    const span = (<u32>1) << power;
    const offset = position - then;
    if ((offset & (span - 1)) != 0) continue;
    const there = here - offset;
    const different = load<u32>(valuesAt + ((<usize>power) << 2)) & 0xffffff;
    if ((differences(there, span) & 0xffffff) != different) continue;
    const raw = offset >> power;
    if (raw > MAX_RAW) continue;
    store<u32>(matches, extendDelta(here, there, span, MIN_DELTA, limit));
    store<u32>(matches, (power << POWER_SHIFT) | raw, 4);
    matches += 8;
  }
  return matches;
}

/** Whether the delta match of a pair holds for two bytes. */
@inline
export function deltaHolds(here: usize, span: usize, offset: usize): bool {
  const there = here - offset;
  if (<u8>(load<u8>(here) - load<u8>(here - span)) != <u8>(load<u8>(there) - load<u8>(there - span)))
    return false;
  return (
    <u8>(load<u8>(here, 1) - load<u8>(here - span, 1)) == <u8>(load<u8>(there, 1) - load<u8>(there - span, 1))
  );
}
