// What symbols cost, from a histogram: -log2 of their share, in units of the logarithm. Fractions of a bit steer the
// parser better than the whole bits of the Huffman code that comes out in the end.

import { ALIGNED_SYMBOLS, FIRST_ALIGNED_SLOT, LENGTH_SYMBOLS, LITERALS, MAX_MATCH, slotBits } from './format';
import { BIT, log2 } from './logarithm';
import { ALIGNED_AT, LENGTH_AT } from './statistics';

/** Per byte. */
export const literalCosts: usize = memory.data(256 * 4, 64);
/** Per slot, eight length headers: main symbol and plain offset bits. One vector more, because reads overshoot. */
export const slotCosts: usize = memory.data((50 * 8 + 8) * 4, 64);
/** Per length from 0 on: length symbol; only those from 9 on count. */
export const lengthCosts: usize = memory.data(272 * 4, 64);
/** Per low three bits of the offset value. */
export const alignedCosts: usize = memory.data(8 * 4, 64);

/** Cost of a symbol that was not seen: a little more than one that was seen once. */
const UNSEEN: u32 = BIT;
const LEAST: u32 = BIT >> 1;

/** Cost of one of `total` symbols, of which `logTotal` is the logarithm. */
@inline
function cost(frequency: u32, logTotal: u32): u32 {
  if (frequency == 0) return logTotal + UNSEEN;
  const bits = logTotal - log2(frequency);
  return bits < LEAST ? LEAST : bits;
}

function sum(at: usize, count: u32): u32 {
  let total: u32 = 1;
  for (let i: u32 = 0; i < count; i++) total += load<u32>(at + (i << 2));
  return total;
}

/** Sets all costs from the histogram of a block with `symbols` main symbols. */
export function setCosts(histogram: usize, symbols: u32): void {
  const logMain = log2(sum(histogram, symbols));
  for (let i: u32 = 0; i < LITERALS; i++) {
    store<u32>(literalCosts + (i << 2), cost(load<u32>(histogram + (i << 2)), logMain));
  }
  const slots = (symbols - LITERALS) >> 3;
  for (let slot: u32 = 0; slot < slots; slot++) {
    const plain = (slotBits(slot) - (slot >= FIRST_ALIGNED_SLOT ? 3 : 0)) * BIT;
    for (let header: u32 = 0; header < 8; header++) {
      const index = (slot << 3) + header;
      const frequency = load<u32>(histogram + ((LITERALS + index) << 2));
      store<u32>(slotCosts + (index << 2), cost(frequency, logMain) + plain);
    }
  }
  const logLength = log2(sum(histogram + LENGTH_AT, LENGTH_SYMBOLS));
  for (let length: u32 = 9; length <= MAX_MATCH; length++) {
    const frequency = load<u32>(histogram + LENGTH_AT + ((length - 9) << 2));
    store<u32>(lengthCosts + (length << 2), cost(frequency, logLength));
  }
  const matches = sum(histogram + ALIGNED_AT, ALIGNED_SYMBOLS);
  const logAligned = log2(matches);
  let coded: u32 = 3 * ALIGNED_SYMBOLS * BIT;
  for (let i: u32 = 0; i < ALIGNED_SYMBOLS; i++) {
    const frequency = load<u32>(histogram + ALIGNED_AT + (i << 2));
    const bits = cost(frequency, logAligned);
    coded += bits * frequency;
    store<u32>(alignedCosts + (i << 2), bits);
  }
  if (coded < 3 * BIT * matches) return;
  for (let i: u32 = 0; i < ALIGNED_SYMBOLS; i++) store<u32>(alignedCosts + (i << 2), 3 * BIT);
}
