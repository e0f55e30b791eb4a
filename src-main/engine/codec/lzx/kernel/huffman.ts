// Length-limited Huffman codes for the encoder.
//
// Used symbols are sorted by frequency (radix sort), the tree is built by merging two queues, and only the number of
// codewords of each length is kept from it: where the limit cuts in, lengths are moved until the code is complete
// again, and the lengths are then dealt out, longest to rarest.

const MAX_SYMBOLS: usize = 1024;
const RADIX_BITS: u32 = 11;
const RADIX: usize = 1 << RADIX_BITS;

const sorted: usize = memory.data(1024 * 4, 16);
const scratch: usize = memory.data(1024 * 4, 16);
const buckets: usize = memory.data(2048 * 4, 16);
/** Inner nodes: weight, and then parent or depth. */
const weights: usize = memory.data(1024 * 4, 16);
const parents: usize = memory.data(1024 * 4, 16);
/** Parents of the leaves. */
const leafParents: usize = memory.data(1024 * 4, 16);
const lengthCounts: usize = memory.data(32 * 4, 16);
const nextCodes: usize = memory.data(32 * 4, 16);

/** One pass of the radix sort by `shift` bits of the frequency, which is above the 10 bits of the symbol. */
function radixPass(from: usize, to: usize, count: usize, shift: u32): void {
  memory.fill(buckets, 0, RADIX << 2);
  for (let i: usize = 0; i < count; i++) {
    const bucket = buckets + (((<usize>(load<u32>(from + (i << 2)) >> shift)) & (RADIX - 1)) << 2);
    store<u32>(bucket, load<u32>(bucket) + 1);
  }
  let sum: u32 = 0;
  for (let i: usize = 0; i < RADIX; i++) {
    const here = load<u32>(buckets + (i << 2));
    store<u32>(buckets + (i << 2), sum);
    sum += here;
  }
  for (let i: usize = 0; i < count; i++) {
    const value = load<u32>(from + (i << 2));
    const bucket = buckets + (((<usize>(value >> shift)) & (RADIX - 1)) << 2);
    const at = load<u32>(bucket);
    store<u32>(bucket, at + 1);
    store<u32>(to + ((<usize>at) << 2), value);
  }
}

/** Packs used symbols as frequency << 10 | symbol, sorts them, and returns where they are. */
function sortSymbols(frequencies: usize, symbols: u32): usize {
  let count: usize = 0;
  let largest: u32 = 0;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const frequency = load<u32>(frequencies + (symbol << 2));
    if (frequency == 0) continue;
    if (frequency > largest) largest = frequency;
    store<u32>(sorted + (count << 2), (frequency << 10) | symbol);
    count++;
  }
  used = count;
  if (count <= 24) {
    for (let i: usize = 1; i < count; i++) {
      const value = load<u32>(sorted + (i << 2));
      let at = sorted + (i << 2);
      while (at > sorted && load<u32>(at - 4) > value) {
        store<u32>(at, load<u32>(at - 4));
        at -= 4;
      }
      store<u32>(at, value);
    }
    return sorted;
  }
  radixPass(sorted, scratch, count, 10);
  if (largest < RADIX) return scratch;
  radixPass(scratch, sorted, count, 10 + RADIX_BITS);
  return sorted;
}

let used: usize = 0;

/**
 * Writes the code lengths (u8, 0 when unused) for frequencies (u32, below 2^22). A code of one symbol gets a second one,
 * because an incomplete code is invalid.
 */
export function buildLengths(frequencies: usize, symbols: u32, limit: u32, lengths: usize): void {
  memory.fill(lengths, 0, symbols);
  const order = sortSymbols(frequencies, symbols);
  if (used == 0) return;
  if (used == 1) {
    const symbol = load<u32>(order) & (MAX_SYMBOLS - 1);
    store<u8>(lengths + symbol, 1);
    store<u8>(lengths + (symbol == 0 ? 1 : 0), 1);
    return;
  }
  countLengths(order, limit);
  let at = order;
  for (let length = limit; length > 0; length--) {
    for (let left = load<u32>(lengthCounts + (length << 2)); left > 0; left--) {
      store<u8>(lengths + (load<u32>(at) & (MAX_SYMBOLS - 1)), <u8>length);
      at += 4;
    }
  }
}

/** Builds the tree and leaves the number of codewords of each length, at most `limit`, in lengthCounts. */
function countLengths(order: usize, limit: u32): void {
  const inner = used - 1;
  let leaf: usize = 0;
  let node: usize = 0;
  for (let made: usize = 0; made < inner; made++) {
    let weight: u32 = 0;
    for (let child = 0; child < 2; child++) {
      const leafWeight = leaf < used ? load<u32>(order + (leaf << 2)) >> 10 : u32.MAX_VALUE;
      if (node < made && load<u32>(weights + (node << 2)) < leafWeight) {
        weight += load<u32>(weights + (node << 2));
        store<u32>(parents + (node << 2), <u32>made);
        node++;
      } else {
        weight += leafWeight;
        store<u32>(leafParents + (leaf << 2), <u32>made);
        leaf++;
      }
    }
    store<u32>(weights + (made << 2), weight);
  }
  // Parents come after their children, so one walk down from the root turns parents into depths.
  store<u32>(parents + ((inner - 1) << 2), 0);
  for (let i = <isize>inner - 2; i >= 0; i--) {
    const at = parents + ((<usize>i) << 2);
    store<u32>(at, load<u32>(parents + ((<usize>load<u32>(at)) << 2)) + 1);
  }
  memory.fill(lengthCounts, 0, 32 * 4);
  // Space taken, in units of 2^-limit.
  let space: u32 = 0;
  for (let i: usize = 0; i < used; i++) {
    let length = load<u32>(parents + ((<usize>load<u32>(leafParents + (i << 2))) << 2)) + 1;
    if (length > limit) length = limit;
    const at = lengthCounts + (length << 2);
    store<u32>(at, load<u32>(at) + 1);
    space += (<u32>1) << (limit - length);
  }
  const full = (<u32>1) << limit;
  while (space > full) {
    // Lengthen the deepest codeword that can be: costs the least.
    let length = limit - 1;
    while (load<u32>(lengthCounts + (length << 2)) == 0) length--;
    store<u32>(lengthCounts + (length << 2), load<u32>(lengthCounts + (length << 2)) - 1);
    store<u32>(lengthCounts + ((length + 1) << 2), load<u32>(lengthCounts + ((length + 1) << 2)) + 1);
    space -= (<u32>1) << (limit - length - 1);
  }
  // The last step may have freed too much; shorten codewords that fit into the gap.
  let length = limit;
  while (space < full) {
    const gain = (<u32>1) << (limit - length);
    if (length > 1 && load<u32>(lengthCounts + (length << 2)) > 0 && space + gain <= full) {
      store<u32>(lengthCounts + (length << 2), load<u32>(lengthCounts + (length << 2)) - 1);
      store<u32>(lengthCounts + ((length - 1) << 2), load<u32>(lengthCounts + ((length - 1) << 2)) + 1);
      space += gain;
    } else {
      length = length > 1 ? length - 1 : limit;
    }
  }
}

/** Writes the canonical codewords, as codeword << 8 | length (u32), of a code. */
export function buildCodewords(lengths: usize, symbols: u32, codewords: usize): void {
  memory.fill(lengthCounts, 0, 32 * 4);
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const at = lengthCounts + ((<usize>load<u8>(lengths + symbol)) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  store<u32>(lengthCounts, 0);
  let code: u32 = 0;
  for (let length: u32 = 1; length <= 16; length++) {
    code = (code + load<u32>(lengthCounts + ((length - 1) << 2))) << 1;
    store<u32>(nextCodes + (length << 2), code);
  }
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length = <u32>load<u8>(lengths + symbol);
    if (length == 0) continue;
    const next = nextCodes + (length << 2);
    const codeword = load<u32>(next);
    store<u32>(next, codeword + 1);
    store<u32>(codewords + (symbol << 2), (codeword << 8) | length);
  }
}
