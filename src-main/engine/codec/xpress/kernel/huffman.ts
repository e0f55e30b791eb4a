// Canonical Huffman code of at most 15 bits for the frequencies of one chunk.
import {
  CODES,
  CODE_LENGTHS,
  DEPTH_COUNTS,
  FREQUENCIES,
  MAX_CODE_LENGTH,
  SORT_COUNTS,
  SORT_KEYS,
  SORT_SPARE,
  SYMBOLS,
  TREE_PARENTS,
  TREE_WEIGHTS,
} from './layout';

const SYMBOL_BITS: u32 = 9;

/** Sorts by frequency, rarest first, in rounds of eight bits. @returns where the sorted keys are */
function sort(count: u32, highest: u32): u32 {
  let from = SORT_KEYS;
  let to = SORT_SPARE;
  for (let shift = SYMBOL_BITS; highest > 0; shift += 8, highest >>= 8) {
    memory.fill(SORT_COUNTS, 0, 4 * 256);
    const end = from + (count << 2);
    for (let at = from; at < end; at += 4) {
      const slot = SORT_COUNTS + (((load<u32>(at) >> shift) & 255) << 2);
      store<u32>(slot, load<u32>(slot) + 4);
    }
    let place = to;
    for (let slot = SORT_COUNTS; slot < SORT_COUNTS + 4 * 256; slot += 4) {
      const bytes = load<u32>(slot);
      store<u32>(slot, place);
      place += bytes;
    }
    for (let at = from; at < end; at += 4) {
      const key = load<u32>(at);
      const slot = SORT_COUNTS + (((key >> shift) & 255) << 2);
      place = load<u32>(slot);
      store<u32>(place, key);
      store<u32>(slot, place + 4);
    }
    const swap = from;
    from = to;
    to = swap;
  }
  return from;
}

/** Counts the leaves at each depth of the Huffman tree over sorted keys, with none deeper than 15. */
function countDepths(sorted: u32, count: u32): void {
  // Inner nodes come into being in the order of their weight, so they and the leaves are two sorted queues.
  let leaf: u32 = 0;
  let inner: u32 = 0;
  const inners = count - 1;
  for (let made: u32 = 0; made < inners; made++) {
    let weight: u32 = 0;
    for (let i = 0; i < 2; i++) {
      const innerWeight: u32 = inner < made ? load<u32>(TREE_WEIGHTS + (inner << 2)) : <u32>-1;
      const leafWeight: u32 = leaf < count ? load<u32>(sorted + (leaf << 2)) >> SYMBOL_BITS : <u32>-1;
      if (leafWeight <= innerWeight) {
        weight += leafWeight;
        leaf++;
      } else {
        weight += innerWeight;
        store<u32>(TREE_PARENTS + (inner << 2), made);
        inner++;
      }
    }
    store<u32>(TREE_WEIGHTS + (made << 2), weight);
  }

  // A depth takes the place of the parent. Weights of 65,537 in all cannot go deeper than 24.
  memory.fill(DEPTH_COUNTS, 0, 4 * 64);
  let node = inners - 1;
  store<u32>(TREE_PARENTS + (node << 2), 0);
  store<u32>(DEPTH_COUNTS, 1);
  while (node-- > 0) {
    const at = TREE_PARENTS + (node << 2);
    const depth = load<u32>(TREE_PARENTS + (load<u32>(at) << 2)) + 1;
    store<u32>(at, depth);
    const slot = DEPTH_COUNTS + (depth << 2);
    store<u32>(slot, load<u32>(slot) + 1);
  }
  // Each inner node has two children; those that are not inner nodes are leaves.
  let above: u32 = load<u32>(DEPTH_COUNTS);
  store<u32>(DEPTH_COUNTS, 0);
  let space: u32 = 0;
  let deepest: u32 = 0;
  for (let depth: u32 = 1; depth < 64; depth++) {
    const slot = DEPTH_COUNTS + (depth << 2);
    const here = load<u32>(slot);
    const leaves = 2 * above - here;
    above = here;
    if (depth <= MAX_CODE_LENGTH) {
      store<u32>(slot, leaves);
      space += leaves << (MAX_CODE_LENGTH - depth);
    } else {
      deepest += leaves;
    }
  }
  const last = DEPTH_COUNTS + (MAX_CODE_LENGTH << 2);
  store<u32>(last, load<u32>(last) + deepest);
  space += deepest;
  // Too deep leaves moved up take too much space. Each step hangs one of them under a shallower leaf, which saves one.
  for (; space > 1 << MAX_CODE_LENGTH; space--) {
    let slot = last - 4;
    while (load<u32>(slot) == 0) slot -= 4;
    store<u32>(slot, load<u32>(slot) - 1);
    store<u32>(slot, load<u32>(slot, 4) + 2, 4);
    store<u32>(last, load<u32>(last) - 1);
  }
}

/**
 * Makes the code: CODE_LENGTHS and, as code | length << 16, CODES.
 * At least two symbols must have a frequency, which the end symbol and any data see to.
 * @returns bits that all symbols take
 */
export function makeCode(): u32 {
  let count: u32 = 0;
  let highest: u32 = 0;
  for (let symbol: u32 = 0; symbol < SYMBOLS; symbol++) {
    const frequency = load<u32>(FREQUENCIES + (symbol << 2));
    store<u32>(SORT_KEYS + (count << 2), (frequency << SYMBOL_BITS) | symbol);
    count += <u32>(frequency != 0);
    highest = max(highest, frequency);
  }
  const sorted = sort(count, highest);
  countDepths(sorted, count);

  // The rarest symbols take the longest codes.
  memory.fill(CODE_LENGTHS, 0, SYMBOLS);
  let bits: u32 = 0;
  let at = sorted;
  for (let length: u32 = MAX_CODE_LENGTH; length > 0; length--) {
    const end = at + (load<u32>(DEPTH_COUNTS + (length << 2)) << 2);
    for (; at < end; at += 4) {
      const key = load<u32>(at);
      store<u8>(CODE_LENGTHS + (key & (SYMBOLS - 1)), length);
      bits += length * (key >> SYMBOL_BITS);
    }
  }
  // Counts become the next code of each length; length 0 counts in a place of its own.
  let code: u32 = 0;
  for (let length: u32 = 1; length <= MAX_CODE_LENGTH; length++) {
    const slot = DEPTH_COUNTS + (length << 2);
    code <<= 1;
    const here = load<u32>(slot);
    store<u32>(slot, code | (length << 16));
    code += here;
  }
  for (let symbol: u32 = 0; symbol < SYMBOLS; symbol++) {
    const slot = DEPTH_COUNTS + ((<u32>load<u8>(CODE_LENGTHS + symbol)) << 2);
    const next = load<u32>(slot);
    store<u32>(slot, next + 1);
    store<u32>(CODES + (symbol << 2), next);
  }
  return bits;
}
