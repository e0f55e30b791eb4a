// Near-optimal parsing: the cheapest way through the chunk for given costs of the symbols, which come from the previous
// way. The first costs come from a quick lazy parse. Matches are searched once and kept for all passes.
import {
  ENCODER_INPUT,
  END_SYMBOL,
  FREQUENCIES,
  MATCHES_PER_POSITION,
  MIN_MATCH,
  POSITIONS,
  POSITION_SIZE,
  SYMBOLS,
  SYMBOL_COSTS,
} from './layout';
import { findAll } from './matchFinder';
import { parseLazy } from './parseLazy';
import { addSequence, countLiterals, offsetWidth, startSequences } from './sequences';

/** Costs are in 64ths of a bit. */
const BIT: u32 = 64;
/** First length that takes a further byte, and first that takes three. */
const ONE_BYTE: u32 = MIN_MATCH + 15;
const THREE_BYTES: u32 = ONE_BYTE + 255;

/** Binary logarithm in 64ths: a float's exponent and mantissa, read as one number, are nearly that. */
@inline
function logarithm(value: f32): u32 {
  return reinterpret<u32>(value) >> 17;
}

/** Sets the cost of each symbol from the frequencies of the last parse. */
function updateCosts(): void {
  let total: u32 = 0;
  for (let i: u32 = 0; i < SYMBOLS; i++) total += load<u32>(FREQUENCIES + (i << 2));
  const whole = logarithm(<f32>total);
  for (let i: u32 = 0; i < SYMBOLS; i++) {
    const frequency = load<u32>(FREQUENCIES + (i << 2));
    // A symbol not used so far may be used at last, if that pays for a long code.
    const cost = whole - logarithm(frequency == 0 ? 0.4 : <f32>frequency);
    store<u32>(SYMBOL_COSTS + (i << 2), min(max(cost, BIT), 15 * BIT));
  }
}

/** Finds the matches of all positions: those of each position, then their number. @returns end of the cache */
function fillCache(size: u32, depth: u32, nice: u32, cache: u32): u32 {
  const full = cache + 4 * MATCHES_PER_POSITION * size;
  let position: u32 = 0;
  while (position < size) {
    let end = cache;
    // Every later position needs room for its number.
    if (cache + 4 * (size - position) < full) {
      end = findAll(position, size - position, depth, nice, cache);
    }
    store<u32>(end, (end - cache) >> 2);
    const longest = end > cache ? load<u32>(end - 4) >> 16 : 0;
    cache = end + 4;
    position++;
    if (longest >= nice) {
      // A match this long is taken as it is, so nothing is searched inside it.
      const stop = position + longest - 1;
      for (; position < stop; position++) {
        store<u32>(cache, 0);
        cache += 4;
      }
    }
  }
  return cache;
}

/** Chooses for each position, last to first, the cheapest step to the end. */
function choose(size: u32, cacheEnd: u32, nice: u32): void {
  let at = POSITIONS + size * POSITION_SIZE;
  let end = cacheEnd;
  store<u64>(at, 0);
  for (let position = size; position-- > 0;) {
    const literal = load<u32>(SYMBOL_COSTS + ((<u32>load<u8>(ENCODER_INPUT + position)) << 2));
    // Cost above choice in one number: the smaller wins without a branch, which would be hard to predict.
    let best = (<u64>(literal + load<u32>(at, 4))) << 32;
    at -= POSITION_SIZE;
    end -= 4;
    const first = end - (load<u32>(end) << 2);
    let length: u32 = MIN_MATCH;
    for (let match = first; match < end; match += 4) {
      const found = load<u32>(match);
      const offset = found & 0xffff;
      const longest = found >> 16;
      const width = offsetWidth(offset);
      const costs = SYMBOL_COSTS + ((END_SYMBOL + (width << 4)) << 2);
      const offsetCost = width * BIT;
      // A long match is not worth shortening.
      if (longest >= nice) length = max(length, longest);
      const short = min(longest, ONE_BYTE - 1);
      for (; length <= short; length++) {
        const cost =
          offsetCost +
          load<u32>(costs + ((length - MIN_MATCH) << 2)) +
          load<u32>(at + length * POSITION_SIZE, 4);
        const step = ((<u64>cost) << 32) | (offset | (length << 16));
        best = select(step, best, step < best);
      }
      const base = offsetCost + load<u32>(costs + (15 << 2)) + 8 * BIT;
      for (; length <= longest; length++) {
        const cost =
          base + (length >= THREE_BYTES ? 16 * BIT : 0) + load<u32>(at + length * POSITION_SIZE, 4);
        const step = ((<u64>cost) << 32) | (offset | (length << 16));
        best = select(step, best, step < best);
      }
    }
    store<u64>(at, best);
    end = first;
  }
}

/** Parses near-optimally; `cache` is where the matches may be kept. */
export function parseOptimal(size: u32, depth: u32, nice: u32, passes: u32, cache: u32): void {
  parseLazy(size, 16, 32);
  updateCosts();
  const cacheEnd = fillCache(size, depth, nice, cache);
  for (;;) {
    choose(size, cacheEnd, nice);
    startSequences();
    let anchor: u32 = 0;
    let position: u32 = 0;
    while (position < size) {
      const choice = load<u32>(POSITIONS + position * POSITION_SIZE);
      if (choice == 0) {
        position++;
        continue;
      }
      const length = choice >> 16;
      addSequence(anchor, position, length, choice & 0xffff);
      position += length;
      anchor = position;
    }
    countLiterals(anchor, size);
    if (--passes == 0) return;
    updateCosts();
  }
}
