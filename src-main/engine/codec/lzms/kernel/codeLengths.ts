// From frequencies to code lengths, exactly those that the format means.
//
// The lengths depend on the frequencies alone, not on which symbol has which: so symbols are never sorted by frequency.
// They are counted per frequency; the counts, written out, are the sorted leaves, and the tree is built over those by
// merging two queues (leaves first when weights are equal). Inner nodes of one depth are neighbours in the order in which
// they were made, so a node's depth needs no walk: the nodes of the next depth start at the number of nodes that had
// been used up when the first node of this depth was made, which is noted for each node.
//
// The leaves get the lengths from the longest to the shortest. All symbols of one frequency have the same length, or two
// neighbouring ones, of which the longer goes to the lower symbols; the few symbols of high frequencies are sorted.

import { MAX_CODEWORD } from './format';

/** Frequencies from here on are not counted but sorted. They sum up to less than 4096, so they are few. */
const HIGH: u32 = 64;

/**
 * Symbols per frequency (u16): four times, for every fourth symbol, because neighbours often have the same frequency and
 * one counter would have to wait for itself. Their sums end up in the first.
 */
const counts: usize = memory.data(4 * 64 * 2, 64);
/** Symbols of high frequencies: frequency << 16 | symbol. */
const highs: usize = memory.data(72 * 4, 64);
/** Weights of the leaves, lightest first (u16), with room for a vector that overshoots. */
const leaves: usize = memory.data(832 * 2, 64);
/** Weights of the inner nodes in the order in which they are made (u16). */
const nodes: usize = memory.data(832 * 2, 64);
/** Per inner node: how many had become children before its own children did (u16). */
const usedBefore: usize = memory.data(832 * 2, 64);
/** Per frequency below HIGH: the length of its symbols, of two the shorter one (u8). */
const lengthOf: usize = memory.data(64, 64);
/** Frequencies that have two lengths: frequency << 16 | how many of its symbols get the longer one. */
const splits: usize = memory.data(16 * 4, 64);
/** Per symbol: its frequency, or 255 if that is too large (u8). */
const small: usize = memory.data(832, 64);
/** Per symbol of the code that was built last: its length; then zeros up to the next multiple of 16 (u8). */
export const lengths: usize = memory.data(832, 64);
/** How many codewords have each length, of the code that was built last (u32 for 0 to 15). */
export const lengthCounts: usize = memory.data(16 * 4, 64);

/** Counts the frequency of a symbol, or puts the symbol among those of high frequencies. @returns how many these are */
@inline
function countSymbol(frequency: u32, symbol: u32, high: u32): u32 {
  if (frequency < HIGH) {
    const count = counts + ((<usize>(symbol & 3)) << 7) + ((<usize>frequency) << 1);
    store<u16>(count, load<u16>(count) + 1);
    return high;
  }
  return addHigh((frequency << 16) | symbol, high);
}

/** Puts a symbol into its place among those of high frequencies, in the order of symbols when equal. */
function addHigh(value: u32, high: u32): u32 {
  let at = highs + ((<usize>high) << 2);
  while (at > highs && load<u32>(at - 4) > value) {
    store<u32>(at, load<u32>(at - 4));
    at -= 4;
  }
  store<u32>(at, value);
  return high + 1;
}

/** Which of the frequencies below HIGH there are, a bit for each. */
let present: u64 = 0;

/** Adds up the four counts of each frequency. */
@inline
function sumCounts(): void {
  let mask: u64 = 0;
  const zero = i64x2.splat(0);
  for (let at: usize = 0; at < HIGH << 1; at += 32) {
    const low = counts + at;
    const a = i16x8.add(
      i16x8.add(v128.load(low), v128.load(low, 128)),
      i16x8.add(v128.load(low, 256), v128.load(low, 384)),
    );
    const b = i16x8.add(
      i16x8.add(v128.load(low, 16), v128.load(low, 144)),
      i16x8.add(v128.load(low, 272), v128.load(low, 400)),
    );
    v128.store(low, a);
    v128.store(low, b, 16);
    const none = i8x16.narrow_i16x8_s(i16x8.eq(a, zero), i16x8.eq(b, zero));
    mask |= (<u64>((<u32>~i8x16.bitmask(none)) & 0xffff)) << (at >> 1);
  }
  present = mask;
}

/** Writes out the leaves in order, and returns how many of the symbols have a high frequency. */
@inline
function sortLeaves(frequencies: usize, symbols: u32): u32 {
  memory.fill(counts, 0, 4 * 64 * 2);
  let high: u32 = 0;
  let symbol: u32 = 0;
  for (; symbol + 4 <= symbols; symbol += 4) {
    const four = load<u64>(frequencies + ((<usize>symbol) << 1));
    high = countSymbol((<u32>four) & 0xffff, symbol, high);
    high = countSymbol((<u32>four) >> 16, symbol + 1, high);
    high = countSymbol((<u32>(four >> 32)) & 0xffff, symbol + 2, high);
    high = countSymbol(<u32>(four >> 48), symbol + 3, high);
  }
  for (; symbol < symbols; symbol++) {
    high = countSymbol(<u32>load<u16>(frequencies + ((<usize>symbol) << 1)), symbol, high);
  }
  sumCounts();
  let leaf = leaves;
  for (let rest = present; rest != 0; rest &= rest - 1) {
    const frequency = <usize>ctz(rest);
    const end = leaf + ((<usize>load<u16>(counts + (frequency << 1))) << 1);
    const weights = i16x8.splat(<i16>frequency);
    for (let at = leaf; at < end; at += 16) v128.store(at, weights);
    leaf = end;
  }
  for (let i: u32 = 0; i < high; i++) {
    store<u16>(leaf, load<u16>(highs + ((<usize>i) << 2), 2));
    leaf += 2;
  }
  store<u32>(leaf, u32.MAX_VALUE);
  return high;
}

/** Makes the inner nodes of a tree of at least two leaves. */
@inline
function buildTree(symbols: u32): void {
  let leaf = leaves;
  let node = nodes;
  let made = nodes;
  const end = nodes + ((<usize>symbols - 1) << 1);
  // What is not there yet weighs more than anything.
  memory.fill(nodes, 0xff, (<usize>symbols + 1) << 1);
  while (made < end) {
    const leaf0 = <u32>load<u16>(leaf);
    const leaf1 = <u32>load<u16>(leaf, 2);
    const node0 = <u32>load<u16>(node);
    const node1 = <u32>load<u16>(node, 2);
    store<u16>(made + (usedBefore - nodes), <u16>((node - nodes) >> 1));
    let weight: u32;
    if (leaf1 <= node0) {
      weight = leaf0 + leaf1;
      leaf += 4;
    } else if (node1 < leaf0) {
      weight = node0 + node1;
      node += 4;
    } else {
      weight = leaf0 + node0;
      leaf += 2;
      node += 2;
    }
    store<u16>(made, <u16>weight);
    made += 2;
  }
}

/** Counts the codewords of each length. */
@inline
function countLengths(symbols: u32): void {
  let first = symbols - 2;
  let inner: u32 = 1;
  for (let length: u32 = 1; length <= MAX_CODEWORD; length++) {
    const before = <u32>load<u16>(usedBefore + ((<usize>first) << 1));
    const deeper = inner == 0 ? 0 : first - before;
    store<u32>(lengthCounts + ((<usize>length) << 2), (inner << 1) - deeper);
    inner = deeper;
    first = before;
  }
}

/** The length that comes next, and how many codewords there still are of it. */
let lastLength: u32 = 0;
let lengthLeft: u32 = 0;

/** Deals the lengths out to the frequencies below HIGH. @returns the number of splits */
@inline
function dealLengths(): u32 {
  let length = MAX_CODEWORD;
  let left = load<u32>(lengthCounts + ((<usize>length) << 2));
  let split: u32 = 0;
  for (let rest = present; rest != 0; rest &= rest - 1) {
    const frequency = <usize>ctz(rest);
    let count = <u32>load<u16>(counts + (frequency << 1));
    while (left == 0) {
      length--;
      left = load<u32>(lengthCounts + ((<usize>length) << 2));
    }
    if (count > left) {
      store<u32>(splits + ((<usize>split) << 2), ((<u32>frequency) << 16) | left);
      split++;
      count -= left;
      length--;
      left = load<u32>(lengthCounts + ((<usize>length) << 2));
    }
    left -= count;
    store<u8>(lengthOf + frequency, <u8>length);
  }
  lengthLeft = left;
  lastLength = length;
  return split;
}

/** Gives each symbol the length of its frequency. */
@inline
function spreadLengths(frequencies: usize, symbols: u32): void {
  const of0 = v128.load(lengthOf);
  const of1 = v128.load(lengthOf, 16);
  const of2 = v128.load(lengthOf, 32);
  const of3 = v128.load(lengthOf, 48);
  const sixteen = i8x16.splat(16);
  for (let at: usize = 0; at < <usize>symbols; at += 16) {
    const from = frequencies + (at << 1);
    const frequency = i8x16.narrow_i16x8_u(v128.load(from), v128.load(from, 16));
    v128.store(small + at, frequency);
    // A swizzle gives zero for whatever is not in its table.
    const second = i8x16.sub(frequency, sixteen);
    const third = i8x16.sub(second, sixteen);
    const fourth = i8x16.sub(third, sixteen);
    v128.store(
      lengths + at,
      v128.or(
        v128.or(i8x16.swizzle(of0, frequency), i8x16.swizzle(of1, second)),
        v128.or(i8x16.swizzle(of2, third), i8x16.swizzle(of3, fourth)),
      ),
    );
  }
  v128.store(lengths + <usize>symbols, i64x2.splat(0));
}

/** Lengthens the first `longer` symbols of a frequency. */
@inline
function lengthen(frequency: u32, longer: u32): void {
  const wanted = i8x16.splat(<i8>frequency);
  let at: usize = 0;
  while (longer > 0) {
    const hits = i8x16.eq(v128.load(small + at), wanted);
    let mask = (<u32>i8x16.bitmask(hits)) & 0xffff;
    const found = popcnt(mask);
    if (found <= longer) {
      longer -= found;
      v128.store(lengths + at, i8x16.sub(v128.load(lengths + at), hits));
    } else {
      for (; longer > 0; longer--) {
        const symbol = lengths + at + <usize>ctz(mask);
        store<u8>(symbol, load<u8>(symbol) + 1);
        mask &= mask - 1;
      }
    }
    at += 16;
  }
}

/** Deals the rest of the lengths out to the symbols of high frequencies. */
@inline
function dealHighs(high: u32): void {
  let length = lastLength;
  let left = lengthLeft;
  for (let i: u32 = 0; i < high; i++) {
    while (left == 0) {
      length--;
      left = load<u32>(lengthCounts + ((<usize>length) << 2));
    }
    left--;
    store<u8>(lengths + <usize>load<u16>(highs + ((<usize>i) << 2)), <u8>length);
  }
}

/**
 * Finds the code lengths of 2 symbols or more. Reads up to 16 frequencies beyond the last.
 */
export function buildLengths(frequencies: usize, symbols: u32): void {
  const high = sortLeaves(frequencies, symbols);
  buildTree(symbols);
  countLengths(symbols);
  const split = dealLengths();
  spreadLengths(frequencies, symbols);
  for (let i: u32 = 0; i < split; i++) {
    const entry = load<u32>(splits + ((<usize>i) << 2));
    lengthen(entry >> 16, entry & 0xffff);
  }
  dealHighs(high);
}
