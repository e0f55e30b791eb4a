// Copies of matches. All of them overshoot: the output has slack, and what follows overwrites the excess.

import { MAX_MATCH } from './format';

/** Bytes past the output that a copy may write: the longest match, and two vectors that overshoot. */
export const OUTPUT_SLACK: usize = <usize>MAX_MATCH + 63;

/** Per offset below 16: 16 indexes that repeat a pattern of that many bytes, for one swizzle. */
const patterns: usize = memory.data(16 * 16, 64);
/** Per offset below 16: the largest multiple of it that fits 16. */
const strides: usize = memory.data(16, 16);

export function setUpCopies(): void {
  for (let offset: u32 = 1; offset < 16; offset++) {
    for (let i: u32 = 0; i < 16; i++) store<u8>(patterns + (offset << 4) + i, <u8>(i % offset));
    store<u8>(strides + offset, <u8>(16 - (16 % offset)));
  }
}

/** The bytes before `out` from `offset` on, repeated. The offset is below 16. */
@inline
function pattern(out: usize, offset: usize): v128 {
  return i8x16.swizzle(v128.load(out - offset), v128.load(offset << 4, patterns));
}

/** Copies a match of up to 8 bytes that is longer than its offset. */
@inline
export function copyShortPattern(out: usize, offset: usize): void {
  v128.store(out, pattern(out, offset));
}

/** Copies a match. The offset is known to lie within the output. */
@inline
export function copyLong(out: usize, offset: usize, length: usize): void {
  const end = out + length;
  if (offset >= 16) {
    let from = out - offset;
    v128.store(out, v128.load(from));
    v128.store(out, v128.load(from, 16), 16);
    // Most matches end here: a loop would have to guess how often it runs.
    for (out += 32; out < end; out += 16) {
      from += 16;
      v128.store(out, v128.load(from, 16));
    }
    return;
  }
  const bytes = pattern(out, offset);
  const stride = <usize>load<u8>(offset, strides);
  do {
    v128.store(out, bytes);
    out += stride;
  } while (out < end);
}
