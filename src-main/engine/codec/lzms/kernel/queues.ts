// What a path through the chunk has left behind at a position, apart from the codes: the recent offsets of LZ matches, the
// recent pairs (power << 28 | raw offset) of delta matches, and the histories of the decisions. 48 bytes for each position:
// four offsets, four pairs, the offset and the pair that wait to enter their queue (0: none), histories.

import { follow } from './encodeFront';
import { DELTA, EXPLICIT, kindOf } from './itemWriter';

export const STATE_SIZE: usize = 48;
export const PAIRS: usize = 16;
const WAITING_OFFSET: usize = 32;
const WAITING_PAIR: usize = 36;
export const HISTORIES: usize = 40;

/** Per place in a queue: where the entries come from when that one is taken out. */
const takeOut: usize = memory.data<u8>(
  [
    4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 12, 13, 14, 15, 0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 12,
    13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, 12, 13, 14, 15,
  ],
  16,
);

/** What a chunk starts with. */
export function startState(state: usize): void {
  v128.store(state, i32x4(1, 2, 3, 4));
  v128.store(state, i32x4(1, 2, 3, 4), 16);
  store<u64>(state, 0, 32);
  store<u64>(state, 0, 40);
}

@inline
export function copyState(from: usize, to: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  v128.store(to, v128.load(from, 32), 32);
}

/** A queue that `value` has entered at the front. */
@inline
function entered(queue: v128, value: u32): v128 {
  return i32x4.replace_lane(v128.shuffle<i32>(queue, queue, 0, 0, 1, 2), 0, value);
}

/** The state at `to` after an item that was taken in the state at `from`. */
@inline
export function stateAfter(from: usize, to: usize, length: u32, source: u32): void {
  let offsets = v128.load(from);
  let pairs = v128.load(from, 16);
  const waitingOffset = load<u32>(from, WAITING_OFFSET);
  const waitingPair = load<u32>(from, WAITING_PAIR);
  let offset: u32 = 0;
  let pair: u32 = 0;
  if (length != 1) {
    const value = source & ~DELTA;
    if (source < DELTA) {
      if (value > EXPLICIT) {
        offset = value - EXPLICIT;
      } else {
        offset = load<u32>(from + ((<usize>value) << 2));
        offsets = i8x16.swizzle(offsets, v128.load(takeOut + ((<usize>value) << 4)));
      }
    } else if (value > EXPLICIT) {
      pair = value - EXPLICIT;
    } else {
      pair = load<u32>(from + ((<usize>value) << 2), PAIRS);
      pairs = i8x16.swizzle(pairs, v128.load(takeOut + ((<usize>value) << 4)));
    }
  }
  if (waitingOffset != 0) offsets = entered(offsets, waitingOffset);
  if (waitingPair != 0) pairs = entered(pairs, waitingPair);
  v128.store(to, offsets);
  v128.store(to, pairs, 16);
  store<u32>(to, offset, WAITING_OFFSET);
  store<u32>(to, pair, WAITING_PAIR);
  store<u64>(to, follow(load<u64>(from, HISTORIES), kindOf(length, source)), HISTORIES);
}

/** The same as a call, for the rarer items. */
export function setStateAfter(from: usize, to: usize, length: u32, source: u32): void {
  stateAfter(from, to, length, source);
}

/** The offset that "repeat first" will mean after an item that is no LZ match. */
@inline
export function upcomingOffset(state: usize): u32 {
  const waiting = load<u32>(state, WAITING_OFFSET);
  return waiting != 0 ? waiting : load<u32>(state);
}
