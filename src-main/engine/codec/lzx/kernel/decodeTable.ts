// Lookup tables for canonical codes. Codewords are read from their most significant bit, so in the order of the code
// the entries of a table are simply consecutive: each symbol fills a run, and runs are written with vector stores that
// may overshoot because the next run overwrites the excess.
//
// What a symbol's entry says is up to the caller, who gives a template for each symbol: its low five bits are a number of
// bits to which the length of the codeword is added. A codeword longer than the root table has an entry
// LINK | index of its subtable << 5 | bits of its subtable, and the subtable's entries count the remaining bits.
// When a code is empty, every entry is EMPTY: no bits, and a value above any that is valid.

export const LINK: u32 = 0x08000000;
export const EMPTY: u32 = 0x20000000;
/** Bits that the codeword takes, and what the template adds. */
export const ENTRY_BITS: u32 = 31;
const INDEX: u32 = 0x1fff;
const MAX_LENGTH: u32 = 16;

/** Per length, four numbers: of the symbols in each quarter of the alphabet. */
const counts: usize = memory.data(17 * 16, 16);
/** Per length, the number of its symbols. */
const totals: usize = memory.data(17 * 4, 16);
/** Entries in the order of the code, symbols without a codeword first. */
const sorted: usize = memory.data((1024 + 16) * 4, 16);

export enum TableResult {
  Complete,
  Empty,
  Invalid,
}

/** Index in the table of what a link leads to, `rest` being the bits after those that the root table took. */
@inline
export function linked(entry: u32, rest: u64): usize {
  return ((entry >> 5) & INDEX) + <usize>(rest >> (64 - <u64>(entry & ENTRY_BITS)));
}

/** Entry of the symbol at the top of `from`, with the whole length of its codeword. */
@inline
export function lookUp(table: usize, root: u32, from: u64): u32 {
  const entry = load<u32>(table + ((<usize>(from >> (64 - root))) << 2));
  if ((entry & LINK) == 0) return entry;
  return load<u32>(table + (linked(entry, from << root) << 2)) + root;
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

@inline
function count(lengths: usize, quarter: usize): void {
  const at = counts + ((<usize>load<u8>(lengths)) << 4) + quarter;
  store<u32>(at, load<u32>(at) + 1);
}

@inline
function place(lengths: usize, templates: usize, quarter: usize): void {
  const length = <usize>load<u8>(lengths);
  const at = counts + (length << 4) + quarter;
  const to = load<u32>(at);
  store<u32>(at, to + 4);
  store<u32>(to, load<u32>(templates) + length);
}

/**
 * Builds the table of the code with the given lengths (each at most 16).
 * The table must have room for the root, all subtables and three entries more. Up to three lengths after the last must
 * be zero, and templates readable, so that the alphabet has four quarters: worked on in turns, they seldom wait for one
 * another's counters.
 */
export function buildTable(
  table: usize,
  rootBits: u32,
  lengths: usize,
  symbols: usize,
  templates: usize,
): TableResult {
  const quarter = (symbols + 3) >> 2;
  const last = lengths + quarter;
  const zero = i64x2.splat(0);
  for (let at = counts; at < counts + 17 * 16; at += 16) v128.store(at, zero);
  for (let at = lengths; at < last; at++) {
    count(at, 0);
    count(at + quarter, 4);
    count(at + 2 * quarter, 8);
    count(at + 3 * quarter, 12);
  }
  let space: u32 = 0;
  let start: usize = sorted;
  let first: usize = sorted;
  for (let length: u32 = 0; length <= MAX_LENGTH; length++) {
    const at = counts + ((<usize>length) << 4);
    const second = start + (load<u32>(at) << 2);
    const third = second + (load<u32>(at, 4) << 2);
    const fourth = third + (load<u32>(at, 8) << 2);
    const end = fourth + (load<u32>(at, 12) << 2);
    const total = (end - start) >> 2;
    store<u32>(totals + ((<usize>length) << 2), total);
    store<u32>(at, start);
    store<u32>(at, second, 4);
    store<u32>(at, third, 8);
    store<u32>(at, fourth, 12);
    if (length == 0) first = end;
    else space += total << (MAX_LENGTH - length);
    start = end;
  }
  if (space == 0) {
    fill(table, EMPTY, 1 << rootBits);
    return TableResult.Empty;
  }
  if (space != 1 << MAX_LENGTH) return TableResult.Invalid;
  for (let at = lengths; at < last; at++, templates += 4) {
    place(at, templates, 0);
    place(at + quarter, templates + (quarter << 2), 4);
    place(at + 2 * quarter, templates + (quarter << 3), 8);
    place(at + 3 * quarter, templates + 12 * quarter, 12);
  }
  fillTable(table, rootBits, first);
  return TableResult.Complete;
}

/** Fills the table with the sorted entries from `source` on. */
@inline
function fillTable(table: usize, rootBits: u32, source: usize): void {
  let at = table;
  for (let length: u32 = 1; length < rootBits - 1; length++) {
    const bytes: usize = 4 << (rootBits - length);
    const end = source + ((<usize>load<u32>(totals + ((<usize>length) << 2))) << 2);
    for (; source < end; source += 4) {
      const entries = v128.load_splat<u32>(source);
      const stop = at + bytes;
      do {
        v128.store(at, entries);
        at += 16;
      } while (at < stop);
    }
  }
  // Runs of two, and of one.
  let end = source + ((<usize>load<u32>(totals + ((<usize>rootBits - 1) << 2))) << 2);
  const twos = at + ((end - source) << 1);
  for (; source < end; source += 16, at += 32) {
    const entries = v128.load(source);
    v128.store(at, i32x4.shuffle(entries, entries, 0, 0, 1, 1));
    v128.store(at, i32x4.shuffle(entries, entries, 2, 2, 3, 3), 16);
  }
  source = end;
  at = twos;
  end = source + ((<usize>load<u32>(totals + ((<usize>rootBits) << 2))) << 2);
  const ones = at + (end - source);
  for (; source < end; source += 16, at += 16) v128.store(at, v128.load(source));
  if (ones < table + ((<usize>4) << rootBits)) buildSubtables(table, ones, end, rootBits);
}

/** Fills the root entries from `root` on with subtables for the longer codewords, whose entries start at `source`. */
function buildSubtables(table: usize, root: usize, source: usize, rootBits: u32): void {
  let at = table + ((<usize>4) << rootBits);
  let tableEnd = at;
  let subBits: u32 = 0;
  for (let length = rootBits + 1; length <= MAX_LENGTH; length++) {
    for (let left = load<u32>(totals + ((<usize>length) << 2)); left > 0; left--) {
      if (at == tableEnd) {
        // A new prefix: its subtable is as deep as its last codeword, found by filling the space with what is left.
        let space = <i32>((<u32>1) << (length - rootBits));
        let depth = length;
        let here = <i32>left;
        while (space > here) {
          space = (space - here) << 1;
          depth++;
          here = load<i32>(totals + ((<usize>depth) << 2));
        }
        subBits = depth - rootBits;
        store<u32>(root, LINK | ((<u32>((at - table) >> 2)) << 5) | subBits);
        root += 4;
        tableEnd = at + ((<usize>4) << subBits);
      }
      const width: usize = 1 << (subBits - (length - rootBits));
      fill(at, load<u32>(source) - rootBits, width);
      at += width << 2;
      source += 4;
    }
  }
}
