// Delta matches: rare, so they are decoded by plain calls.

import { DELTA, DELTA_HISTORIES, DELTA_REPEAT_0, DELTA_REPEAT_1, REPEAT_HISTORIES } from './chances';
import { copyDelta } from './copy';
import {
  chances,
  countDelta,
  countPower,
  deltaTable,
  OFFSET_ROOT,
  POWER_ROOT,
  powerTable,
} from './decodeCodes';
import { offsetSlots, slotBase, slotBits } from './format';
import { takeBits, takeDecision, takeSymbol } from './streams';

let history: u32 = 0;
let repeat0History: u32 = 0;
let repeat1History: u32 = 0;

/** The queue of recent pairs, power << 32 | raw offset, with the place that slides in. */
let pair0: u64 = 1;
let pair1: u64 = 2;
let pair2: u64 = 3;
let pair3: u64 = 4;

/** Starts a chunk. */
export function startDeltas(): void {
  history = 0;
  repeat0History = 0;
  repeat1History = 0;
  pair0 = 1;
  pair1 = 2;
  pair2 = 3;
  pair3 = 4;
}

/** Takes what is before the length, and puts it into the front of the queue. `waiting`: the front is not there yet. */
export function takePair(waiting: bool): void {
  let pair: u64;
  if (takeDecision(chances + DELTA, history) == 0) {
    history = (history << 1) & (DELTA_HISTORIES - 1);
    const power = takeSymbol(powerTable, POWER_ROOT);
    countPower(power);
    const slot = takeSymbol(deltaTable, OFFSET_ROOT);
    countDelta(slot);
    pair =
      ((<u64>power) << 32) | (<u64>(slotBase(offsetSlots, slot) + takeBits(slotBits(offsetSlots, slot))));
    pair3 = pair2;
    pair2 = pair1;
    pair1 = pair0;
  } else {
    history = ((history << 1) & (DELTA_HISTORIES - 1)) | 1;
    const repeat0 = takeDecision(chances + DELTA_REPEAT_0, repeat0History);
    repeat0History = ((repeat0History << 1) & (REPEAT_HISTORIES - 1)) | repeat0;
    if (repeat0 == 0) {
      pair = waiting ? pair1 : pair0;
      if (waiting) pair1 = pair0;
    } else {
      const repeat1 = takeDecision(chances + DELTA_REPEAT_1, repeat1History);
      repeat1History = ((repeat1History << 1) & (REPEAT_HISTORIES - 1)) | repeat1;
      if (repeat1 == 0) {
        pair = waiting ? pair2 : pair1;
        if (waiting) pair2 = pair1;
      } else {
        pair = waiting ? pair3 : pair2;
        if (waiting) pair3 = pair2;
        pair2 = pair1;
      }
      pair1 = pair0;
    }
  }
  pair0 = pair;
}

/** Copies the match of the pair just taken to `out`, in a chunk that starts at `start`; false when it reaches too far back. */
export function copyPair(start: usize, out: usize, length: usize): bool {
  const power = pair0 >> 32;
  const span = (<u64>1) << power;
  const offset = (pair0 & 0xffffffff) << power;
  if (offset + span > <u64>(out - start)) return false;
  copyDelta(out, <usize>offset, <usize>span, length);
  return true;
}
