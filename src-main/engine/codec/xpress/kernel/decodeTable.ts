// The decoder's lookup tables, made anew for every chunk.
//
// Codes are canonical: shorter first, within a length by symbol, so in that order they cover the 15-bit code space from
// front to back without a gap. The main table is that space seen through its top 11 bits. Codes above 11 bits all lie at
// its end, so the long table is simply the tail of the full 15-bit table, at most 8 entries a symbol.
import { templateOf } from './decodeEntries';
import {
  DECODER_COUNTS,
  DECODER_INPUT,
  DECODER_LENGTHS,
  DECODER_LONG_TABLE,
  DECODER_SORTED,
  DECODER_TABLE,
  DECODER_TABLE_BITS,
  DECODER_TOTALS,
  HEADER,
  MAX_CODE_LENGTH,
  SYMBOLS,
} from './layout';

/** A main table entry that sends the reader to the long table. */
export const LINK: u32 = 0x02000000;

/** First slot of the full 15-bit table that the long table holds. */
export let longBase: u32 = 0;

// The alphabet is worked on in four quarters at once, each with counters of its own: neighbours of equal length would
// wait for each other's stores.
const QUARTER: u32 = SYMBOLS / 4;

/** Code lengths, one to a byte. */
function unpackLengths(): void {
  const nibbles = i8x16.splat(15);
  for (let i: u32 = 0; i < HEADER; i += 16) {
    const pair = v128.load(DECODER_INPUT + i);
    const even = v128.and(pair, nibbles);
    const odd = i8x16.shr_u(pair, 4);
    const target = DECODER_LENGTHS + (i << 1);
    v128.store(target, v128.shuffle<i8>(even, odd, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    v128.store(
      target,
      v128.shuffle<i8>(even, odd, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31),
      16,
    );
  }
}

@inline
function count(symbol: u32, quarter: u32): void {
  const at = ((<u32>load<u8>(symbol, DECODER_LENGTHS)) << 4) + (quarter << 2);
  store<u32>(at, load<u32>(at, DECODER_COUNTS) + 1, DECODER_COUNTS);
}

@inline
function sort(symbol: u32, quarter: u32): void {
  const length = <u32>load<u8>(symbol, DECODER_LENGTHS);
  const at = (length << 4) + (quarter << 2);
  const place = load<u32>(at, DECODER_COUNTS);
  store<u32>(at, place + 4, DECODER_COUNTS);
  store<u32>(place, templateOf(symbol) + length);
}

/**
 * Builds both tables from the code lengths at the head of the chunk.
 * @returns code space used, of 32768: a valid code uses all of it. Tables are only built when it does.
 */
export function buildTables(): u32 {
  unpackLengths();
  const zero = i64x2.splat(0);
  for (let at: u32 = 0; at <= MAX_CODE_LENGTH << 4; at += 16) v128.store(DECODER_COUNTS + at, zero);
  for (let i: u32 = 0; i < QUARTER; i++) {
    count(i, 0);
    count(i + QUARTER, 1);
    count(i + 2 * QUARTER, 2);
    count(i + 3 * QUARTER, 3);
  }
  // Counters become places in the sorted list. Unused symbols (length 0) sort to its front.
  let space: u32 = 0;
  let place: u32 = DECODER_SORTED;
  let first: u32 = DECODER_SORTED;
  for (let length: u32 = 0; length <= MAX_CODE_LENGTH; length++) {
    const at = DECODER_COUNTS + (length << 4);
    const second = place + (load<u32>(at) << 2);
    const third = second + (load<u32>(at, 4) << 2);
    const fourth = third + (load<u32>(at, 8) << 2);
    const end = fourth + (load<u32>(at, 12) << 2);
    store<u32>(at, place);
    store<u32>(at, second, 4);
    store<u32>(at, third, 8);
    store<u32>(at, fourth, 12);
    store<u32>(DECODER_TOTALS + (length << 2), end - place);
    if (length == 0) first = end;
    else space += ((end - place) >> 2) << (MAX_CODE_LENGTH - length);
    place = end;
  }
  if (space != 1 << MAX_CODE_LENGTH) return space;
  for (let i: u32 = 0; i < QUARTER; i++) {
    sort(i, 0);
    sort(i + QUARTER, 1);
    sort(i + 2 * QUARTER, 2);
    sort(i + 3 * QUARTER, 3);
  }
  fillTables(first);
  return space;
}

@inline
function sortedEnd(from: u32, length: u32): u32 {
  return from + load<u32>(DECODER_TOTALS + (length << 2));
}

/** Fills the tables with the sorted entries from `from` on. A short run overwrites what its successor will hold. */
function fillTables(from: u32): void {
  let slot = DECODER_TABLE;
  for (let length: u32 = 1; length < DECODER_TABLE_BITS - 1; length++) {
    const end = sortedEnd(from, length);
    const bytes: u32 = 4 << (DECODER_TABLE_BITS - length);
    for (; from < end; from += 4) {
      const entries = v128.load_splat<u32>(from);
      const stop = slot + bytes;
      do {
        v128.store(slot, entries);
        slot += 16;
      } while (slot < stop);
    }
  }
  // Runs of two, and of one.
  let end = sortedEnd(from, DECODER_TABLE_BITS - 1);
  const twos = slot + ((end - from) << 1);
  for (; from < end; from += 16, slot += 32) {
    const entries = v128.load(from);
    v128.store(slot, i32x4.shuffle(entries, entries, 0, 0, 1, 1));
    v128.store(slot, i32x4.shuffle(entries, entries, 2, 2, 3, 3), 16);
  }
  from = end;
  slot = twos;
  end = sortedEnd(from, DECODER_TABLE_BITS);
  const ones = slot + (end - from);
  for (; from < end; from += 16, slot += 16) v128.store(slot, v128.load(from));
  from = end;
  slot = ones;

  longBase = ((slot - DECODER_TABLE) >> 2) << (MAX_CODE_LENGTH - DECODER_TABLE_BITS);
  const detour = i32x4.splat(LINK);
  for (; slot < DECODER_TABLE + (4 << DECODER_TABLE_BITS); slot += 16) v128.store(slot, detour);

  slot = DECODER_LONG_TABLE;
  for (let length: u32 = DECODER_TABLE_BITS + 1; length <= MAX_CODE_LENGTH; length++) {
    end = sortedEnd(from, length);
    const bytes: u32 = 4 << (MAX_CODE_LENGTH - length);
    for (; from < end; from += 4) {
      const entries = v128.load_splat<u32>(from);
      v128.store(slot, entries);
      v128.store(slot, entries, 16);
      slot += bytes;
    }
  }
}
