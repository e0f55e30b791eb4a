// What a parser found, and its statistics.
//
// An item is a match in 32 bits: length in the low 9 bits, and above it the offset value: 0 to 2 repeat a recent offset,
// v >= 3 is the explicit offset v - 2. The slot of a value is the same for both kinds. Parsers also use an item of length 1
// for a literal. A sequence is 64 bits: in the low half the number of literals, above them the item of the match that
// follows, or 0 where the last sequence of a list ends with literals. So no writer or counter has to ask at every
// literal what comes next.

import { FIRST_ALIGNED_SLOT, LENGTH_SYMBOLS, LITERALS, slotOf } from './format';
import { valueLog2 } from './logarithm';

export const LENGTH_MASK: u32 = 511;
export const VALUE_SHIFT: u32 = 9;

/** A histogram: main symbols, length symbols, aligned symbols, each u32; lengths are padded to a multiple of four. */
export const MAIN_AT: usize = 0;
export const LENGTH_AT: usize = 656 * 4;
export const ALIGNED_AT: usize = LENGTH_AT + 252 * 4;
/** Counts of nothing: where what does not apply is counted, instead of asking whether it does. */
const NOWHERE_AT: usize = ALIGNED_AT + 8 * 4;
export const HISTOGRAM_SIZE: usize = NOWHERE_AT + 4 * 4;

export const SEQUENCE_SIZE: usize = 8;

@inline
export function increment(at: usize): void {
  store<u32>(at, load<u32>(at) + 1);
}

/** Slot of an offset value. */
@inline
export function slotOfValue(value: u32): u32 {
  return slotOf(value - 2);
}

/** Plain bits of an offset value: its lowest bits; none for a recent offset. */
@inline
export function plainBitsOf(value: u32): u32 {
  return select<u32>(0, min(30 - <u32>clz(value), 17), value < 4);
}

@inline
function countIf(histogram: usize, input: usize, one: bool): void {
  const at = histogram + ((<usize>load<u8>(input)) << 2);
  store<u32>(at, load<u32>(at) + <u32>one);
}

/** Adds sequences to a histogram; `input` is where the first of them starts. Returns where the input then stands. */
export function countSequences(histogram: usize, sequences: usize, end: usize, input: usize): usize {
  for (let at = sequences; at < end; at += SEQUENCE_SIZE) {
    const literals = load<u32>(at);
    const item = load<u32>(at, 4);
    // Nobody can foresee how many literals there are: the first few are counted without asking.
    countIf(histogram, input, literals > 0);
    countIf(histogram, input + 1, literals > 1);
    countIf(histogram, input + 2, literals > 2);
    const stop = input + literals;
    for (let literal = input + 3; literal < stop; literal++) {
      increment(histogram + ((<usize>load<u8>(literal)) << 2));
    }
    if (item == 0) return stop;
    const length = item & LENGTH_MASK;
    input = stop + length;
    const value = item >> VALUE_SHIFT;
    const slot = slotOfValue(value);
    const header = length - 2;
    increment(histogram + select(LENGTH_AT + ((header - 7) << 2), NOWHERE_AT, header >= 7));
    increment(histogram + ((LITERALS + (slot << 3) + min(header, 7)) << 2));
    increment(histogram + select(ALIGNED_AT + ((value & 7) << 2), NOWHERE_AT, slot >= FIRST_ALIGNED_SLOT));
  }
  return input;
}

/** Adds one histogram to another. */
export function addHistogram(to: usize, from: usize): void {
  for (let at: usize = 0; at < HISTOGRAM_SIZE; at += 16) {
    v128.store(to + at, i32x4.add(v128.load(to + at), v128.load(from + at)));
  }
}

let symbolsUsed: u32 = 0;

@inline
function term(count: i32): u32 {
  symbolsUsed += <u32>(count != 0);
  return valueLog2(<u32>count);
}

/** Entropy of the sum of two histograms, whose counts come in fours: most of them are zero. */
@inline
function partEntropy(a: usize, b: usize, symbols: u32): u32 {
  let totals = i32x4.splat(0);
  let sum: u32 = 0;
  for (let i: usize = 0; i < (<usize>symbols) << 2; i += 16) {
    const counts = i32x4.add(v128.load(a + i), v128.load(b + i));
    if (!v128.any_true(counts)) continue;
    totals = i32x4.add(totals, counts);
    sum += term(i32x4.extract_lane(counts, 0)) + term(i32x4.extract_lane(counts, 1));
    sum += term(i32x4.extract_lane(counts, 2)) + term(i32x4.extract_lane(counts, 3));
  }
  const total =
    i32x4.extract_lane(totals, 0) +
    i32x4.extract_lane(totals, 1) +
    i32x4.extract_lane(totals, 2) +
    i32x4.extract_lane(totals, 3);
  return valueLog2(<u32>total) - sum;
}

/**
 * Estimated cost of a block with the sum of two histograms, in units of the logarithm: entropy of its symbols and an
 * allowance for its code lengths.
 */
export function pairCost(a: usize, b: usize, mainSymbols: u32, blockOverhead: u32, symbolOverhead: u32): u32 {
  symbolsUsed = 0;
  const bits = partEntropy(a, b, mainSymbols) + partEntropy(a + LENGTH_AT, b + LENGTH_AT, LENGTH_SYMBOLS);
  return bits + blockOverhead + symbolsUsed * symbolOverhead;
}
