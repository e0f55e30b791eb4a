// The near-optimal parser.
//
// It goes forward through the chunk and keeps for each position ahead the cheapest known way to it. When it comes to a
// position that way is final, and with it the state there; so repeats and costs of decisions are known exactly, but for the
// chances themselves and the Huffman codes, which stay as they were at the start of the run. A run ends where no item on any
// way leads beyond the position, where a match is so long that nothing can compete, or when it gets too long: then the
// way is written, and everything adapts.

import {
  DELTA as DELTA_CLASS,
  DELTA_REPEAT_0,
  DELTA_REPEAT_1,
  LZ,
  LZ_REPEAT_0,
  LZ_REPEAT_1,
  MAIN,
  MATCH,
} from './chances';
import { deltaHolds, extendDelta } from './deltaMatches';
import { deltaKey, KEY_SHIFT, lengthKeys, literalKeys, offsetKey } from './encodeBack';
import {
  DELTA_BYTE,
  DELTA_EXPLICIT,
  DELTA_REPEAT_BYTE,
  follow,
  historyOf,
  LZ_BYTE,
  LZ_EXPLICIT,
  LZ_REPEAT,
  LZ_REPEAT_BYTE,
  MATCH_BYTE,
  oneCost,
  zeroCost,
} from './encodeFront';
import { tryAfter } from './gaps';
import { DELTA, EXPLICIT, full, writeLiteral, writeMatch } from './itemWriter';
import { extend, input, makeReady, moveOn, record, skip } from './matchCache';
import { nice } from './matchTree';
import { followGap, keys, RUN, sources, startRun, states, tryLengths, writePath } from './path';
import {
  stateAfter,
  setStateAfter,
  HISTORIES,
  PAIRS,
  startState,
  copyState,
  STATE_SIZE,
  upcomingOffset,
} from './queues';

/** Repeats are looked for from here on, so that those that a chunk starts with do not reach before it. */
const FIRST_REPEAT: u32 = 8;
const POWER_SHIFT: u32 = 28;
const RAW: u32 = (1 << POWER_SHIFT) - 1;

let useDeltas: bool = false;
let useGap: bool = false;
let useMoreGaps: bool = false;

export function setUpParser(withDeltas: bool, withGap: bool, withMoreGaps: bool): void {
  useDeltas = withDeltas;
  useGap = withGap;
  useMoreGaps = withMoreGaps;
}

/** Cost of saying which repeat, after the decision that it is one. */
@inline
function placeCost(class0: usize, class1: usize, histories: u64, byte: u64, place: u32): u32 {
  const history = historyOf(histories, byte);
  if (place == 0) return zeroCost(class0, history);
  const next = historyOf(histories, byte + 8);
  return oneCost(class0, history) + (place == 1 ? zeroCost(class1, next) : oneCost(class1, next));
}

/** Position of the parser in its chunk, and how far the ways of the last run went. */
let position: u32 = 0;
let reached: u32 = 0;

/**
 * Parses and writes one run of a chunk of `size` bytes. A function of its own so that the loop which calls it leaves it often:
 * a WebAssembly engine exchanges a function for a better compiled one only when it is called.
 */
function parseRun(size: u32): void {
  let node: u32 = 0;
  let longLength: u32 = 0;
  let longSource: u32 = 0;
  let reachedHere: u32 = 0;
  let at = position;
  for (;;) {
    makeReady();
    const here = input + at;
    const left = size - at;
    const state = states + <usize>node * STATE_SIZE;
    const histories = load<u64>(state, HISTORIES);
    const main = historyOf(histories, 0);
    const sum = load<u32>(keys + ((<usize>node) << 2)) & ~255;
    const matchSum = sum + (oneCost(MAIN, main) << KEY_SHIFT);
    const lzSum = matchSum + (zeroCost(MATCH, historyOf(histories, MATCH_BYTE)) << KEY_SHIFT);

    if (at >= FIRST_REPEAT && left >= 2) {
      const two = load<u16>(here);
      for (let place: u32 = 0; place < 3; place++) {
        const offset = load<u32>(state + ((<usize>place) << 2));
        if (load<u16>(here - offset) != two) continue;
        const length = extend(here, here - offset, 2, left);
        if (length >= nice) {
          longLength = length;
          longSource = place;
          break;
        }
        const key =
          lzSum +
          ((oneCost(LZ, historyOf(histories, LZ_BYTE)) +
            placeCost(LZ_REPEAT_0, LZ_REPEAT_1, histories, LZ_REPEAT_BYTE, place)) <<
            KEY_SHIFT);
        tryLengths(node, key, place, 2, length);
        if (node + length > reachedHere) reachedHere = node + length;
        if (useMoreGaps) {
          const lastKey = key + (load<u32>(lengthKeys + ((<usize>length) << 2)) & ~255);
          const then = follow(histories, LZ_REPEAT + place);
          const to = tryAfter(node, at, size, lastKey, then, length, place, offset);
          if (to > reachedHere) reachedHere = to;
        }
      }
      if (longLength != 0) break;
      if (useDeltas) {
        for (let place: u32 = 0; place < 3; place++) {
          const pair = load<u32>(state + ((<usize>place) << 2), PAIRS);
          const power = pair >> POWER_SHIFT;
          const span = (<usize>1) << power;
          const offset = (<usize>(pair & RAW)) << power;
          if (!deltaHolds(here, span, offset)) continue;
          const length = extendDelta(here, here - offset, span, 2, left);
          if (length >= nice) {
            longLength = length;
            longSource = DELTA | place;
            break;
          }
          const key =
            matchSum +
            ((oneCost(MATCH, historyOf(histories, MATCH_BYTE)) +
              oneCost(DELTA_CLASS, historyOf(histories, DELTA_BYTE)) +
              placeCost(DELTA_REPEAT_0, DELTA_REPEAT_1, histories, DELTA_REPEAT_BYTE, place)) <<
              KEY_SHIFT);
          tryLengths(node, key, DELTA | place, 2, length);
          if (node + length > reachedHere) reachedHere = node + length;
        }
        if (longLength != 0) break;
      }
    }

    const counts = load<u32>(record);
    let next = record + 4;
    if (counts != 0) {
      const found = counts & 0xffff;
      if (found != 0) {
        const longest = load<u32>(next);
        if (longest >= nice) {
          const offset = load<u32>(next, 4);
          longLength = extend(here, here - offset, longest, left);
          longSource = offset + EXPLICIT;
          break;
        }
        const key = lzSum + (zeroCost(LZ, historyOf(histories, LZ_BYTE)) << KEY_SHIFT);
        const end = next + ((<usize>found) << 3);
        let first: u32 = 2;
        let match = end;
        do {
          match -= 8;
          const length = load<u32>(match);
          const offset = load<u32>(match, 4);
          const whole = key + offsetKey(offset);
          tryLengths(node, whole, offset + EXPLICIT, first, length);
          first = length + 1;
          if (useGap) {
            const lastKey = whole + (load<u32>(lengthKeys + ((<usize>length) << 2)) & ~255);
            const then = follow(histories, LZ_EXPLICIT);
            const to = tryAfter(node, at, size, lastKey, then, length, offset + EXPLICIT, offset);
            if (to > reachedHere) reachedHere = to;
          }
        } while (match > next);
        if (node + longest > reachedHere) reachedHere = node + longest;
        next = end;
      }
      const foundDeltas = counts >> 16;
      if (foundDeltas != 0) {
        const key =
          matchSum +
          ((oneCost(MATCH, historyOf(histories, MATCH_BYTE)) +
            zeroCost(DELTA_CLASS, historyOf(histories, DELTA_BYTE))) <<
            KEY_SHIFT);
        const end = next + ((<usize>foundDeltas) << 3);
        for (; next < end; next += 8) {
          const length = load<u32>(next);
          const pair = load<u32>(next, 4);
          const source = DELTA | (pair + EXPLICIT);
          if (length >= nice) {
            longLength = length;
            longSource = source;
            break;
          }
          tryLengths(node, key + deltaKey(pair >> POWER_SHIFT, pair & RAW), source, 3, length);
          if (node + length > reachedHere) reachedHere = node + length;
        }
        if (longLength != 0) break;
      }
    }

    const byte = <u32>load<u8>(here);
    if (reachedHere == 0) {
      // Nothing but a literal at the start of a run.
      writeLiteral(byte);
      stateAfter(states, states, 1, 0);
      moveOn(next);
      at++;
      if (at == size || full || (at & 4095) == 0) break;
      continue;
    }
    const literal = sum + (zeroCost(MAIN, main) << KEY_SHIFT) + load<u32>(literalKeys + ((<usize>byte) << 2));
    const nextKey = keys + ((<usize>(node + 1)) << 2);
    if (literal < load<u32>(nextKey)) {
      store<u32>(nextKey, literal);
    } else if (useMoreGaps) {
      const to = tryAfter(node, at, size, sum, histories, 0, 0, upcomingOffset(state));
      if (to > reachedHere) reachedHere = to;
    }
    if (node + 1 > reachedHere) reachedHere = node + 1;

    moveOn(next);
    at++;
    node++;
    const length = load<u32>(keys + ((<usize>node) << 2)) & 255;
    if (length != 0) {
      const from = states + <usize>(node - length) * STATE_SIZE;
      stateAfter(from, states + <usize>node * STATE_SIZE, length, load<u32>(sources + ((<usize>node) << 2)));
    } else {
      followGap(node);
    }
    if (node == reachedHere || node >= RUN) break;
  }
  if (node > 0) writePath(node, at);
  const state = states + <usize>node * STATE_SIZE;
  if (longLength != 0) {
    writeMatch(longLength, longSource);
    setStateAfter(state, states, longLength, longSource);
    skip(longLength);
    at += longLength;
  } else if (node > 0) {
    copyState(state, states);
  }
  reached = reachedHere;
  position = at;
}

/** Parses and writes the chunk of `size` bytes, at least 2; false when the output is full. */
export function parse(size: u32): bool {
  position = 0;
  startState(states);
  while (position < size) {
    startRun(reached);
    parseRun(size);
    if (full) return false;
  }
  return true;
}
