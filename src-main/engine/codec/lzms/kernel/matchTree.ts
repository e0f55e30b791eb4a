// Match finder: for each position, in the order of the text, the nearest earlier place for every length of match.
//
// The suffixes of the text in order are the leaves of a tree, whose inner nodes are the strings that occur more than once
// (at least as long as the shortest match and, since a long match is long enough, of a limited length). Going up from a
// position's leaf, each node is a length of match; what is wanted there is the latest position that passed the node. When
// a position goes up it leaves itself in all nodes on its way. Most of those nodes were last passed by the same position:
// so a position keeps a link to the node where it was overtaken, and what it passed above that is not visited one by one.
// Links may be out of date, which shows when one leads down; then it goes on from whoever is found there.
// (LZ factorization by the suffix tree: Chen, Puglisi, Smyth 2008; the tree from suffix order: Abouelhoda, Kurtz, Ohlebusch
// 2004; the lazy links: wimlib.)
//
// A node is an index; a reference to it carries its length in the high bits, as a class of lengths: 6 bits over positions
// of 26, or 5 bits over 27. Where the classes are coarse, a match is longer than its class says: it is compared again.
//
// Chunks larger than positions can say are taken in segments, with no matches between them.

import { slab } from './memory';
import { orderSuffixes, setUpSuffixOrder } from './suffixOrder';

/** Beyond this length matches are all alike: as many classes as 6 bits can say. */
const LARGEST_NICE: u32 = 63;
/** Segments from this size on do not fit in the processor's cache: what will be read soon is touched ahead. */
const FAR: u32 = 1 << 20;
const AHEAD: u32 = 16;
/**
 * Ranks that are taken in one call: a WebAssembly engine exchanges a function for a better compiled one only when it is
 * called.
 */
const STEP: u32 = 1 << 14;
/** Bytes that may be read after the text. */
export const TEXT_SLACK: usize = 256;

let classShift: u32 = 26;
/** The bits of an index or of a position and one. */
let low: u32 = 0;
/** Per length: its class; per class: its smallest length. */
const classOf: usize = memory.data(64 * 4, 16);
const lengthOf: usize = memory.data(64 * 4, 16);
/** References to the open nodes while the tree is built. */
const open: usize = memory.data(80 * 4, 16);

/** Per node, until a position passes: a reference to the node above. Afterwards: that position and one. */
let nodes: usize = 0;
/** Per position: a reference to its lowest node, then to the node where it was overtaken. Zero is the root. */
let links: usize = 0;
/** A match of this length is taken as it is. */
export let nice: u32 = 0;
/** Matches may be longer than their class says. */
export let coarse: bool = false;

/** The segment. */
let text: usize = 0;
let far: bool = false;
let touched: u32 = 0;
/** References that are to be touched. */
const soon: usize = memory.data(16 * 4, 16);

/** Largest segment of an instance, in bytes. */
export function largestSegment(maxChunkSize: u32): u32 {
  // More than 128 MiB would leave too little room in an address space of 4 GiB.
  return maxChunkSize <= 1 << 27 ? maxChunkSize : 1 << 26;
}

/**
 * Sets up for segments of up to `size` bytes.
 * @param shortest length of match from which on they are found, 2 or more
 * @param niceLength length from which on they are all alike, at most 63
 */
export function setUpTree(size: u32, shortest: u32, niceLength: u32): void {
  nice = niceLength < LARGEST_NICE ? niceLength : LARGEST_NICE;
  coarse = size > 1 << 26;
  classShift = coarse ? 27 : 26;
  low = (1 << classShift) - 1;
  // As many single lengths as possible, then wider steps.
  const classes = (<u32>1) << (32 - classShift);
  let length = shortest;
  let step: u32 = 1;
  for (let index: u32 = 1; index < classes; index++) {
    store<u32>(lengthOf + ((<usize>index) << 2), length < nice ? length : nice);
    // The rest must reach the nice length with the classes left.
    const left = classes - 1 - index;
    while (length < nice && left > 0 && length + step * left < nice && index >= classes >> 1) step++;
    length += step;
  }
  store<u32>(lengthOf + ((<usize>(classes - 1)) << 2), nice);
  let index: u32 = 0;
  for (let value: u32 = 0; value <= nice; value++) {
    while (index + 1 < classes && load<u32>(lengthOf + ((<usize>(index + 1)) << 2)) <= value) index++;
    store<u32>(classOf + ((<usize>value) << 2), index);
  }
  setUpSuffixOrder();
  nodes = slab(((<usize>size + 1) << 3) + 256);
  links = nodes + ((<usize>size + 1) << 2);
}

/** Class of what the strings at two positions have in common. */
@inline
function commonClass(a: u32, b: u32, size: u32): u32 {
  const left = size - (a > b ? a : b);
  const limit = left < nice ? left : nice;
  let length: u32 = 0;
  while (length < limit) {
    const different = load<u64>(text + a + length) ^ load<u64>(text + b + length);
    if (different != 0) {
      length += <u32>(ctz(different) >> 3);
      break;
    }
    length += 8;
  }
  if (length > limit) length = limit;
  return load<u32>(classOf + ((<usize>length) << 2));
}

/** While the tree is built: top of the open nodes, the last reference there, nodes so far, position of the last rank. */
let top: usize = 0;
let topReference: u32 = 0;
let count: u32 = 0;
let before: u32 = 0;

/** Prepares for the `size` bytes at `start`, at least 2, after which {@link TEXT_SLACK} bytes must be readable. */
export function plantTree(start: usize, size: u32): void {
  text = start;
  far = size >= FAR;
  links = nodes + ((<usize>size + 1) << 2);
  orderSuffixes(text, size, nodes, nice);
  top = open;
  topReference = 0;
  count = 1;
  before = load<u32>(nodes);
  store<u32>(top, 0);
  store<u32>(nodes, 0);
  for (let rank: u32 = 1; rank < size; rank += STEP)
    plantRanks(rank, size - rank < STEP ? size : rank + STEP, size);
  store<u32>(links + ((<usize>before) << 2), topReference);
  while (top > open) {
    top -= 4;
    store<u32>(nodes + ((<usize>(topReference & low)) << 2), load<u32>(top));
    topReference = load<u32>(top);
  }
}

/** Goes through some ranks of the order, which becomes the nodes as it is read: there are no more of them. */
function plantRanks(from: u32, to: u32, size: u32): void {
  let openTop = top;
  let reference = topReference;
  let next = count;
  let last = before;
  for (let rank = from; rank < to; rank++) {
    const here = load<u32>(nodes + ((<usize>rank) << 2));
    if (far && (rank & (AHEAD - 1)) == 0) touchText(rank + AHEAD, size);
    const common = commonClass(last, here, size) << classShift;
    if (common > (reference & ~low)) {
      reference = common | next;
      next++;
      openTop += 4;
      store<u32>(openTop, reference);
      store<u32>(links + ((<usize>last) << 2), reference);
    } else {
      store<u32>(links + ((<usize>last) << 2), reference);
      while (common < (reference & ~low)) {
        const closed = nodes + ((<usize>(reference & low)) << 2);
        openTop -= 4;
        reference = load<u32>(openTop);
        if (common > (reference & ~low)) {
          reference = common | next;
          next++;
          openTop += 4;
          store<u32>(openTop, reference);
        }
        store<u32>(closed, reference);
      }
    }
    last = here;
  }
  top = openTop;
  topReference = reference;
  count = next;
  before = last;
}

/** Touches the strings that the next ranks will compare. */
@inline
function touchText(rank: u32, size: u32): void {
  let sum: u32 = 0;
  for (let next: u32 = 0; next < AHEAD; next++) {
    const position = load<u32>(nodes + ((<usize>(rank + next)) << 2));
    sum += <u32>load<u8>(text + select<u32>(position, 0, position < size));
  }
  touched = sum;
}

/** Touches what the next positions will visit first. */
@inline
export function touchPositions(at: u32, end: u32): void {
  if (!far || at >= end) return;
  const count = end - at < AHEAD ? end - at : AHEAD;
  for (let next: u32 = 0; next < count; next++) {
    const link = load<u32>(links + ((<usize>(at + next)) << 2));
    store<u32>(soon + ((<usize>next) << 2), load<u32>(nodes + ((<usize>(link & low)) << 2)));
  }
  let sum: u32 = 0;
  for (let next: u32 = 0; next < count; next++) {
    const passed = load<u32>(soon + ((<usize>next) << 2));
    const link = load<u32>(links + ((<usize>(passed & low)) << 2));
    store<u32>(soon + ((<usize>next) << 2), link);
  }
  for (let next: u32 = 0; next < count; next++) {
    sum += load<u32>(nodes + ((<usize>(load<u32>(soon + ((<usize>next) << 2)) & low)) << 2));
  }
  touched = sum;
}

/**
 * Enters position `at` of the segment, which may not be its last one, and, when `find`, stores its matches (length, offset
 * as two u32 each) at `matches`, longest first.
 * @returns the end of the stored matches
 */
@inline
export function enter(at: u32, matches: usize, find: bool): usize {
  const position = at + 1;
  let node = load<u32>(links + ((<usize>at) << 2));
  store<u32>(links + ((<usize>at) << 2), 0);
  if (node == 0) return matches;
  let slot = nodes + ((<usize>(node & low)) << 2);
  let above = load<u32>(slot);
  while (above > low) {
    store<u32>(slot, position);
    node = above;
    slot = nodes + ((<usize>(node & low)) << 2);
    above = load<u32>(slot);
  }
  while (above != 0) {
    // Someone passed here: is it still the latest one at this node, or was it overtaken further down?
    let other = above;
    let link = links + ((<usize>other) << 2) - 4;
    above = load<u32>(link);
    while (above > node) {
      other = load<u32>(nodes + ((<usize>(above & low)) << 2));
      link = links + ((<usize>other) << 2) - 4;
      above = load<u32>(link);
    }
    store<u32>(slot, position);
    store<u32>(link, node);
    if (find) {
      store<u32>(matches, load<u32>(lengthOf + ((<usize>(node >> classShift)) << 2)));
      store<u32>(matches, position - other, 4);
      matches += 8;
    }
    if (above == 0) return matches;
    node = above;
    slot = nodes + ((<usize>(node & low)) << 2);
    above = load<u32>(slot);
  }
  store<u32>(slot, position);
  return matches;
}
