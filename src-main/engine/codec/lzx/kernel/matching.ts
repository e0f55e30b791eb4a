// What both match finders share: the input slab, hashing, and comparing.
//
// Tables hold positions counted over the life of the instance, not per chunk: whatever is below the chunk's base is
// stale. So nothing is cleared between chunks, and a small chunk costs only what its own bytes cost.

import { MAX_MATCH } from './format';
import { slab } from './memory';

/** Bytes before the input, so that the initial offset of 1 can be tried at the first position. */
const FRONT: usize = 64;
/** Zero bytes after the input: comparisons may read them, never count them. */
const BACK: usize = 64;
const LAST_BASE: u32 = 0xf0000000;

/** Where a chunk of up to 64 KiB lies, at a fixed place. */
export const narrowInput: usize = memory.data(65536 + 128, 64) + 64;
/** The chunk, with calls translated. */
export let input: usize = 0;
/** Position of the chunk's first byte. */
export let base: u32 = 1;
let nextBase: u32 = 1;
let heads: usize = 0;
let headBytes: usize = 0;

/** Cuts the slabs; `tableBytes` is the size of the match finder's head tables, whose address is returned. */
export function setUpMatching(maxChunkSize: usize, tableBytes: usize): usize {
  input = maxChunkSize > 65536 ? slab(FRONT + maxChunkSize + BACK) + FRONT : narrowInput;
  heads = slab(tableBytes);
  headBytes = tableBytes;
  return heads;
}

/** Starts a chunk: everything in the tables becomes stale. */
export function startMatching(size: u32): void {
  memory.fill(input + size, 0, BACK);
  if (nextBase > LAST_BASE) {
    memory.fill(heads, 0, headBytes);
    nextBase = 1;
  }
  base = nextBase;
  nextBase += size;
}

@inline
export function hash2(at: usize, order: u32): usize {
  return <usize>((<u32>load<u16>(at) * 0x9e3779b1) >> (32 - order));
}

@inline
export function hash3(at: usize, order: u32): usize {
  return <usize>(((load<u32>(at) << 8) * 0x9e3779b1) >> (32 - order));
}

@inline
export function hash4(at: usize, order: u32): usize {
  return <usize>((load<u32>(at) * 0x9e3779b1) >> (32 - order));
}

/** Length of what `a` and `b` have in common, knowing that `length` bytes are; at most `limit`. */
@inline
export function extend(a: usize, b: usize, length: u32, limit: u32): u32 {
  while (length < limit) {
    const different = load<u64>(a + length) ^ load<u64>(b + length);
    if (different != 0) {
      length += <u32>(ctz(different) >> 3);
      return length < limit ? length : limit;
    }
    length += 8;
  }
  return limit;
}

/** Longest match that a position allows. */
@inline
export function lengthLimit(left: u32): u32 {
  return left < MAX_MATCH ? left : MAX_MATCH;
}

/** Order of a hash table for a chunk size. */
export function tableOrder(maxChunkSize: u32, smallest: u32, largest: u32): u32 {
  let order = smallest;
  while (order < largest && (<u32>1) << order < maxChunkSize) order++;
  return order;
}
