// Ways over a single changed byte: a match, a literal, and a match at the same offset. A search that keeps one way to each position
// often loses the offset at the literal, so the three are tried as one.

import { LZ, LZ_REPEAT_0, MAIN, MATCH } from './chances';
import { KEY_SHIFT, lengthKeys, literalKeys } from './encodeBack';
import {
  follow,
  historyOf,
  LITERAL,
  LZ_BYTE,
  LZ_REPEAT_BYTE,
  MATCH_BYTE,
  oneCost,
  zeroCost,
} from './encodeFront';
import { extend, input } from './matchCache';
import { nice } from './matchTree';
import { tryGap } from './path';

/** Key of a first repeat of `length` bytes under these histories. */
@inline
function firstRepeatKey(histories: u64, length: u32): u32 {
  return (
    ((oneCost(MAIN, historyOf(histories, 0)) +
      zeroCost(MATCH, historyOf(histories, MATCH_BYTE)) +
      oneCost(LZ, historyOf(histories, LZ_BYTE)) +
      zeroCost(LZ_REPEAT_0, historyOf(histories, LZ_REPEAT_BYTE))) <<
      KEY_SHIFT) +
    (load<u32>(lengthKeys + ((<usize>length) << 2)) & ~255)
  );
}

/**
 * Tries a literal and a first repeat after a match of `length` bytes (or none, with 0) at `node`, which is position `at` of
 * the chunk.
 * @param key cost with the match
 * @param histories after the match
 * @param offset what the first repeat will mean
 * @returns the node reached, or 0
 */
@inline
export function tryAfter(
  node: u32,
  at: u32,
  size: u32,
  key: u32,
  histories: u64,
  length: u32,
  source: u32,
  offset: u32,
): u32 {
  const after = input + at + length + 1;
  if (at + length + 3 > size || load<u16>(after) != load<u16>(after - offset)) return 0;
  const left = size - at - length - 1;
  const repeated = extend(after, after - offset, 2, left < nice ? left : nice);
  const literal =
    (zeroCost(MAIN, historyOf(histories, 0)) << KEY_SHIFT) +
    (load<u32>(literalKeys + ((<usize>load<u8>(after - 1)) << 2)) & ~255);
  const whole = key + literal + firstRepeatKey(follow(histories, LITERAL), repeated);
  const to = node + length + 1 + repeated;
  return tryGap(to, whole, length, source, repeated) ? to : 0;
}
