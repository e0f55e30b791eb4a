// Lookup tables for canonical codes. Codewords are read from their most significant bit, so in the order of the code
// the entries of a table are simply consecutive: each symbol fills a run, and runs are written with vector stores that
// may overshoot because the next run overwrites the excess.
//
// An entry is symbol << 8 | codeword length. A codeword longer than the root table has an entry
// SUBTABLE | index of its subtable << 8 | bits of its subtable, and the subtable's entries count the remaining bits.
// When a code is empty, every entry is EMPTY: no bits, and a symbol above any that is valid, and above any offset.

export const SUBTABLE: u32 = 0x80000000;
export const EMPTY: u32 = 0x40000000;

const counts: usize = memory.data(17 * 4, 16);
const nexts: usize = memory.data(17 * 4, 16);
const sorted: usize = memory.data(1024 * 2, 16);

export enum TableResult {
  Complete,
  Empty,
  Invalid,
}

/** Overshoots the table by up to 12 bytes. */
@inline
function fill(at: usize, entry: u32, count: usize): void {
  const end = at + (count << 2);
  const entries = i32x4.splat(entry);
  do {
    v128.store(at, entries);
    at += 16;
  } while (at < end);
}

/**
 * Builds the table of the code with the given lengths (each at most 16).
 * The table must have room for the root, all subtables and three entries more.
 */
export function buildTable(table: usize, rootBits: u32, lengths: usize, symbols: u32): TableResult {
  memory.fill(counts, 0, 17 * 4);
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const count = counts + ((<usize>load<u8>(lengths + symbol)) << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
  if (load<u32>(counts) == symbols) {
    fill(table, EMPTY, 1 << rootBits);
    return TableResult.Empty;
  }
  let space: u32 = 0;
  let start: u32 = 0;
  for (let length: u32 = 1; length <= 16; length++) {
    const count = load<u32>(counts + (length << 2));
    store<u32>(nexts + (length << 2), start);
    start += count;
    space += count << (16 - length);
  }
  if (space != 0x10000) return TableResult.Invalid;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length = <u32>load<u8>(lengths + symbol);
    if (length == 0) continue;
    const next = load<u32>(nexts + (length << 2));
    store<u32>(nexts + (length << 2), next + 1);
    store<u16>(sorted + (next << 1), <u16>symbol);
  }

  let at = table;
  let source = sorted;
  for (let length: u32 = 1; length <= rootBits; length++) {
    const width: usize = 1 << (rootBits - length);
    for (let left = load<u32>(counts + (length << 2)); left > 0; left--) {
      fill(at, ((<u32>load<u16>(source)) << 8) | length, width);
      at += width << 2;
      source += 2;
    }
  }
  if (at < table + ((<usize>4) << rootBits)) buildSubtables(table, at, source, rootBits);
  return TableResult.Complete;
}

/** Fills the root entries from `root` on with subtables for the longer codewords, whose symbols start at `source`. */
function buildSubtables(table: usize, root: usize, source: usize, rootBits: u32): void {
  let at = table + ((<usize>4) << rootBits);
  let tableEnd = at;
  let subBits: u32 = 0;
  for (let length = rootBits + 1; length <= 16; length++) {
    for (let left = load<u32>(counts + (length << 2)); left > 0; left--) {
      if (at == tableEnd) {
        // A new prefix: its subtable is as deep as its last codeword, found by filling the space with what is left.
        let space = <i32>((<u32>1) << (length - rootBits));
        let depth = length;
        let here = <i32>left;
        while (space > here) {
          space = (space - here) << 1;
          depth++;
          here = load<i32>(counts + (depth << 2));
        }
        subBits = depth - rootBits;
        store<u32>(root, SUBTABLE | ((<u32>((at - table) >> 2)) << 8) | subBits);
        root += 4;
        tableEnd = at + ((<usize>4) << subBits);
      }
      const width: usize = 1 << (subBits - (length - rootBits));
      fill(at, ((<u32>load<u16>(source)) << 8) | (length - rootBits), width);
      at += width << 2;
      source += 2;
    }
  }
}
