// Lookup tables of the decoder's codes. A codeword is read from its most significant bit, so in the order of the code the
// entries of a table are simply consecutive: each symbol fills a run, and runs are written with vector stores that may
// overshoot, because the next run overwrites the excess.
//
// An entry (u16) is symbol << 4 | codeword length. A codeword longer than the root has an entry
// SUBTABLE | index of its subtable after the root << 4 | bits of its subtable, whose entries count the remaining bits.

import { lengthCounts } from './codeLengths';
import { orderSymbols } from './huffmanCode';
import { MAX_CODEWORD } from './format';

export const SUBTABLE: u32 = 0x8000;

const ordered: usize = memory.data(832 * 2, 64);

/**
 * Bytes of a table: its root and all that subtables can need, with room for a vector that overshoots. Codewords are in the
 * order of their lengths, so a subtable holds one length, and then as many symbols as entries, unless
 * a longer length starts in it, which happens once for each length but the first.
 */
@inline
export function tableSize(rootBits: u32, symbols: u32): usize {
  const mixed = (MAX_CODEWORD - 1 - rootBits) << (MAX_CODEWORD - rootBits);
  return ((<usize>((1 << rootBits) + symbols + mixed)) << 1) + 16;
}

/** Fills `count` entries; overshoots by up to 14 bytes. */
@inline
function fill(at: usize, entry: u32, count: usize): void {
  const end = at + (count << 1);
  const entries = i16x8.splat(<i16>entry);
  do {
    v128.store(at, entries);
    at += 16;
  } while (at < end);
}

/** Builds the table of the code that the frequencies make. */
export function buildTable(table: usize, rootBits: u32, frequencies: usize, symbols: u32): void {
  if (symbols == 0) {
    // Nothing may use this code: slot 0 stands for an offset that no chunk of one byte can reach.
    memory.fill(table, 0, (<usize>2) << rootBits);
    return;
  }
  orderSymbols(frequencies, symbols, ordered);
  let at = table;
  let source = ordered;
  for (let length: u32 = 1; length <= rootBits; length++) {
    const width: usize = 1 << (rootBits - length);
    for (let left = load<u32>(lengthCounts + ((<usize>length) << 2)); left > 0; left--) {
      fill(at, ((<u32>load<u16>(source)) << 4) | length, width);
      at += width << 1;
      source += 2;
    }
  }
  const rootEnd = table + ((<usize>2) << rootBits);
  if (at < rootEnd) buildSubtables(at, rootEnd, source, rootBits);
}

/** Fills the root entries from `root` on with subtables for the longer codewords, whose symbols start at `source`. */
function buildSubtables(root: usize, rootEnd: usize, source: usize, rootBits: u32): void {
  let at = rootEnd;
  let tableEnd = at;
  let subBits: u32 = 0;
  for (let length = rootBits + 1; length <= MAX_CODEWORD; length++) {
    for (let left = load<u32>(lengthCounts + ((<usize>length) << 2)); left > 0; left--) {
      if (at == tableEnd) {
        // A new prefix: its subtable is as deep as its last codeword, found by filling the space with what is left.
        let space = <i32>((<u32>1) << (length - rootBits));
        let depth = length;
        let here = <i32>left;
        while (space > here) {
          space = (space - here) << 1;
          depth++;
          here = load<i32>(lengthCounts + ((<usize>depth) << 2));
        }
        subBits = depth - rootBits;
        store<u16>(root, <u16>(SUBTABLE | ((<u32>((at - rootEnd) >> 1)) << 4) | subBits));
        root += 2;
        tableEnd = at + ((<usize>2) << subBits);
      }
      const width: usize = 1 << (subBits - (length - rootBits));
      fill(at, ((<u32>load<u16>(source)) << 4) | (length - rootBits), width);
      at += width << 1;
      source += 2;
    }
  }
}

/** Entry of the symbol at the top of `from`, with the whole length of its codeword. */
@inline
export function lookUp(table: usize, rootBits: u32, from: u64): u32 {
  const entry = <u32>load<u16>(table + ((<usize>(from >> (64 - rootBits))) << 1));
  if (entry < SUBTABLE) return entry;
  const index = ((entry >> 4) & 0x7ff) + <u32>((from << rootBits) >> (64 - (entry & 15)));
  return <u32>load<u16>(table + ((<usize>2) << rootBits) + ((<usize>index) << 1)) + rootBits;
}
