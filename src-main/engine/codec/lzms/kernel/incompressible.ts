// A quick look at a chunk: data that is compressed already, or encrypted, looks like noise, and is told without parsing it.
//
// Noise has three signs: all bytes are equally frequent, so are the differences of bytes to those a span before (a ramp would give
// itself away there), and no four bytes occur twice more often than by chance. Up to a few thousandths may be lost where
// a chunk is not noise quite.

import { slab } from './memory';

/** Smaller chunks cost little anyway, and in larger ones some part may well compress. */
const SMALLEST: u32 = 8192;
const LARGEST: u32 = 1 << 20;
const SAMPLES: u32 = 4096;
/**
 * Limit of the sum of squared counts of the samples: 69,616 is expected of noise, with a deviation of 362; noise of 7.97 bits a
 * byte comes to about this.
 */
const MOST_SQUARES: u32 = 71900;
const LONGEST_SPAN: u32 = 16;
/** One string of four bytes in 1 << 3 is looked at: which ones, the string itself decides. */
const PICK: u32 = 7;
const TABLE_BITS: u32 = 14;

/** Counts per byte (u16). */
const counts: usize = memory.data(512, 16);
/** Last position of a string and one, per hash. */
let table: usize = 0;

export function setUpIncompressible(): void {
  table = slab(4 << TABLE_BITS);
}

/** Whether sampled bytes (span 0) or differences to bytes a span before are all equally frequent. */
function isEven(data: usize, size: u32, span: u32): bool {
  memory.fill(counts, 0, 512);
  const stride = (size - LONGEST_SPAN) / SAMPLES;
  let from = data + LONGEST_SPAN;
  let scatter: u32 = 0;
  for (let sample: u32 = 0; sample < SAMPLES; sample++) {
    // Scattered within each stride, lest they fall in step with the data.
    scatter = scatter * 1664525 + 1013904223;
    const at = from + <usize>(((scatter >> 16) * stride) >> 16);
    const value = <u32>load<u8>(at) - (span != 0 ? <u32>load<u8>(at - span) : 0);
    const count = counts + ((<usize>(value & 255)) << 1);
    store<u16>(count, load<u16>(count) + 1);
    from += stride;
  }
  let squares: u32 = 0;
  for (let value: usize = 0; value < 512; value += 2) {
    const count = <u32>load<u16>(counts + value);
    squares += count * count;
  }
  return squares <= MOST_SQUARES;
}

/** Whether the chunk cannot be compressed, as far as a quick look can tell. */
export function looksIncompressible(data: usize, size: u32): bool {
  if (size < SMALLEST || size > LARGEST) return false;
  if (!isEven(data, size, 0)) return false;
  for (let span: u32 = 1; span <= LONGEST_SPAN; span <<= 1) {
    if (!isEven(data, size, span)) return false;
  }
  if (!isEven(data, size, 3)) return false;
  memory.fill(table, 0, 4 << TABLE_BITS);
  let repeats: u32 = 8 + (size >> 11);
  for (let at: u32 = 0; at < size - 4; at++) {
    const hash = load<u32>(data + at) * 0x9e3779b1;
    if (((hash >> 8) & PICK) != 0) continue;
    const entry = table + ((<usize>(hash >> (32 - TABLE_BITS))) << 2);
    const last = load<u32>(entry);
    store<u32>(entry, at + 1);
    if (last != 0 && load<u32>(data + last - 1) == load<u32>(data + at)) {
      repeats--;
      if (repeats == 0) return false;
    }
  }
  return true;
}
