// Copies of matches. All of them overshoot: the output has slack, and what follows overwrites the excess.
import { DECODER_PATTERNS, DECODER_STEPS } from './layout';

/** Bytes that spread a period of 1 to 15 over a vector, and how far whole periods go in it. Once for an instance. */
export function setUpCopies(): void {
  for (let period: u32 = 1; period < 16; period++) {
    for (let i: u32 = 0; i < 16; i++) store<u8>(DECODER_PATTERNS + (period << 4) + i, i % period);
    store<u8>(DECODER_STEPS + period, 16 - (16 % period));
  }
}

@inline
function pattern(out: u32, offset: u32): v128 {
  return v128.swizzle(v128.load(out - offset), v128.load(offset << 4, DECODER_PATTERNS));
}

/** Copies a match of up to 16 bytes that is longer than its offset. */
@inline
export function copyShortPattern(out: u32, offset: u32): void {
  v128.store(out, pattern(out, offset));
}

/** Copies a match. The offset is known to lie within the output. */
@inline
export function copyLong(out: u32, offset: u32, length: u32): void {
  const stop = out + length;
  if (offset >= 16) {
    let from = out - offset;
    v128.store(out, v128.load(from));
    v128.store(out, v128.load(from, 16), 16);
    // Most matches end here: a loop would have to guess how often it runs.
    for (out += 32; out < stop; out += 16) {
      from += 16;
      v128.store(out, v128.load(from, 16));
    }
    return;
  }
  const bytes = pattern(out, offset);
  const step: u32 = load<u8>(offset, DECODER_STEPS);
  do {
    v128.store(out, bytes);
    out += step;
  } while (out < stop);
}
