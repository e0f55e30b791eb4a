// Copies of matches within the output.

/** Bytes past the output that a copy may write. */
export const OUTPUT_SLACK: usize = 48;

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

/** Copies an LZ match of at least one byte; overshoots by up to 31. The offset is known to lie within the output. */
@inline
export function copyMatch(out: usize, offset: usize, length: usize): void {
  const end = out + length;
  let from = out - offset;
  if (offset >= 16) {
    // Most matches are done with this, whatever their length.
    v128.store(out, v128.load(from));
    v128.store(out, v128.load(from, 16), 16);
    for (out += 32; out < end; out += 16) {
      from += 16;
      v128.store(out, v128.load(from, 16));
    }
    return;
  }
  const pattern = i8x16.swizzle(v128.load(from), v128.load(patterns + (offset << 4)));
  const stride = <usize>load<u8>(strides + offset);
  do {
    v128.store(out, pattern);
    out += stride;
  } while (out < end);
}

/**
 * Copies a delta match of at least one byte; overshoots by up to 15. `span` is a power of two and `offset` a multiple of it;
 * both together are known to lie within the output.
 */
export function copyDelta(out: usize, offset: usize, span: usize, length: usize): void {
  const end = out + length;
  let from = out - offset;
  // The offset is no smaller than the span, so a step reads nothing that it is about to write; what a vector has beyond
  // the step is excess.
  if (span >= 16) {
    do {
      const step = i8x16.sub(v128.load(from), v128.load(from - span));
      v128.store(out, i8x16.add(v128.load(out - span), step));
      out += 16;
      from += 16;
    } while (out < end);
    return;
  }
  let last = v128.load64_zero(out - span);
  do {
    last = i8x16.add(last, i8x16.sub(v128.load64_zero(from), v128.load64_zero(from - span)));
    v128.store64_lane(out, last, 0);
    out += span;
    from += span;
  } while (out < end);
}
