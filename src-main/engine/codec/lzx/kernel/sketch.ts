// A quick lazy parse over cached matches: not good enough to write, but good statistics for splitting blocks and for the
// near-optimal parser's first costs.

import { cache, nice } from './matchCache';
import { extend, input, lengthLimit } from './matching';
import { follow, repeat0, repeat1, repeat2, setRepeats } from './repeats';
import { LENGTH_MASK, SEQUENCE_SIZE, VALUE_SHIFT } from './statistics';

/** Offset values as large as this are not worth a match of two bytes, respectively three. */
const FAR2: u32 = 256;
const FAR3: u32 = 8192;

/** Length of the match of position `at` at a recent offset, 0 or at least 2. */
@inline
function repeatLength(at: u32, offset: u32, limit: u32): u32 {
  if (offset > at) return 0;
  const here = input + at;
  if (load<u16>(here) != load<u16>(here - offset)) return 0;
  return extend(here, here - offset, 2, limit);
}

/** Parses a stretch over the cache with a simple rule into `sequences`; returns their end. Leaves the recent offsets. */
export function sketch(start: u32, end: u32, sequences: usize): usize {
  const start0 = repeat0;
  const start1 = repeat1;
  const start2 = repeat2;
  let from = cache;
  let to = sequences;
  let at = start;
  let anchor = start;
  while (at < end) {
    const count = load<u32>(from);
    const next = from + ((count + 1) << 2);
    let length: u32 = 1;
    let value: u32 = 0;
    if (count > 0 && end - at >= 2) {
      const limit = lengthLimit(end - at);
      const longest = load<u32>(next - 4);
      length = longest & LENGTH_MASK;
      if (length > limit) length = limit;
      value = longest >> VALUE_SHIFT;
      if ((length == 2 && value >= FAR2) || (length == 3 && value >= FAR3)) length = 1;
      let repeat: u32 = 0;
      let repeated = repeatLength(at, repeat0, limit);
      const second = repeatLength(at, repeat1, limit);
      if (second > repeated) {
        repeated = second;
        repeat = 1;
      }
      const third = repeatLength(at, repeat2, limit);
      if (third > repeated) {
        repeated = third;
        repeat = 2;
      }
      if (repeated >= 2 && repeated + 1 >= length) {
        length = repeated;
        value = repeat;
      } else if (length > 1 && length < nice && at + 1 < end) {
        const nextCount = load<u32>(next);
        if (nextCount > 0 && (load<u32>(next + (nextCount << 2)) & LENGTH_MASK) > length) length = 1;
      }
    }
    from = next;
    if (length == 1) {
      at++;
      continue;
    }
    store<u32>(to, at - anchor);
    store<u32>(to, length | (value << VALUE_SHIFT), 4);
    to += SEQUENCE_SIZE;
    follow(value);
    at += length;
    anchor = at;
    for (let skip = length - 1; skip > 0; skip--) from += (load<u32>(from) + 1) << 2;
  }
  setRepeats(start0, start1, start2);
  if (anchor == end) return to;
  store<u64>(to, end - anchor);
  return to + SEQUENCE_SIZE;
}
