// The decoder's lookup tables, made anew for every chunk.
//
// Codes are canonical: shorter first, within a length by symbol, so in that order they cover the 15-bit code space from
// front to back without a gap. The main table is that space seen through its top 11 bits. Codes above 11 bits all lie at
// its end, so the long table is simply the tail of the full 15-bit table, at most 8 entries a symbol.
import {
  DECODER_COUNTS,
  DECODER_ENTRIES,
  DECODER_INPUT,
  DECODER_LENGTHS,
  DECODER_LONG_TABLE,
  DECODER_SORTED,
  DECODER_TABLE,
  DECODER_TABLE_BITS,
  HEADER,
  MAX_CODE_LENGTH,
  MIN_MATCH,
  SYMBOLS,
} from './layout';

// An entry's low byte is the code length. Literal: the byte above it. Match: sign bit, base length in bits 8 to 15,
// width of the offset in bits 16 to 19. A main table entry with LONG_CODE sends the reader to the long table.
export const MATCH_FLAG: i32 = <i32>0x80000000;
export const LONG_CODE: i32 = 0x40000000;

/** Entries without code length, once for an instance. */
export function prepareEntries(): void {
  for (let symbol: u32 = 0; symbol < SYMBOLS; symbol++) {
    let entry = <i32>(symbol << 8);
    if (symbol >= 256) {
      const match = symbol - 256;
      entry = MATCH_FLAG | (<i32>((match >> 4) << 16)) | (<i32>(((match & 15) + MIN_MATCH) << 8));
    }
    store<i32>(DECODER_ENTRIES + (symbol << 2), entry);
  }
}

// First slot of the full 15-bit table that the long table holds.
export let longBase: u32 = 0;

/**
 * Builds both tables from the code lengths at the head of the chunk.
 * @returns code space used, of 32768: a valid code uses all of it. Tables are only built when it does.
 */
export function buildTables(): u32 {
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

  // Two sets of counters: neighbours of equal length would wait for each other's store.
  memory.fill(DECODER_COUNTS, 0, 128);
  for (let i: u32 = 0; i < SYMBOLS; i += 2) {
    const even = DECODER_COUNTS + ((<u32>load<u8>(DECODER_LENGTHS + i)) << 2);
    store<u32>(even, load<u32>(even) + 1);
    const odd = DECODER_COUNTS + ((<u32>load<u8>(DECODER_LENGTHS + i, 1)) << 2);
    store<u32>(odd, load<u32>(odd, 64) + 1, 64);
  }
  let space: u32 = 0;
  let place: u32 = load<u32>(DECODER_COUNTS) + load<u32>(DECODER_COUNTS, 64);
  const used = place;
  // Counters become places in the sorted list. Unused symbols (length 0) sort to its front.
  store<u32>(DECODER_COUNTS, 0);
  for (let length: u32 = 1; length <= MAX_CODE_LENGTH; length++) {
    const at = DECODER_COUNTS + (length << 2);
    const count = load<u32>(at) + load<u32>(at, 64);
    space += count << (MAX_CODE_LENGTH - length);
    store<u32>(at, place);
    place += count;
  }
  if (space != 1 << MAX_CODE_LENGTH) return space;
  for (let symbol: u32 = 0; symbol < SYMBOLS; symbol++) {
    const at = DECODER_COUNTS + ((<u32>load<u8>(DECODER_LENGTHS + symbol)) << 2);
    const position = load<u32>(at);
    store<u32>(at, position + 1);
    store<u16>(DECODER_SORTED + (position << 1), symbol);
  }
  // Now counters hold the end of each length's run.
  fillTables(used);
  return space;
}

function fillTables(first: u32): void {
  let from = DECODER_SORTED + (first << 1);
  let slot = DECODER_TABLE;
  for (let length: u32 = 1; length <= DECODER_TABLE_BITS; length++) {
    const end = DECODER_SORTED + (load<u32>(DECODER_COUNTS + (length << 2)) << 1);
    const bytes: u32 = 4 << (DECODER_TABLE_BITS - length);
    // A short run overwrites what its successor, or the slack, will hold.
    if (bytes <= 16) {
      for (; from < end; from += 2) {
        v128.store(slot, i32x4.splat(entryOf(from, length)));
        slot += bytes;
      }
    } else {
      for (; from < end; from += 2) {
        const entries = i32x4.splat(entryOf(from, length));
        const stop = slot + bytes;
        do {
          v128.store(slot, entries);
          v128.store(slot, entries, 16);
          slot += 32;
        } while (slot < stop);
      }
    }
  }
  longBase = ((slot - DECODER_TABLE) >> 2) << (MAX_CODE_LENGTH - DECODER_TABLE_BITS);
  const detour = i32x4.splat(MATCH_FLAG | LONG_CODE);
  for (; slot < DECODER_TABLE + (4 << DECODER_TABLE_BITS); slot += 16) v128.store(slot, detour);

  slot = DECODER_LONG_TABLE;
  for (let length: u32 = DECODER_TABLE_BITS + 1; length <= MAX_CODE_LENGTH; length++) {
    const end = DECODER_SORTED + (load<u32>(DECODER_COUNTS + (length << 2)) << 1);
    const bytes: u32 = 4 << (MAX_CODE_LENGTH - length);
    for (; from < end; from += 2) {
      const entries = i32x4.splat(entryOf(from, length));
      v128.store(slot, entries);
      v128.store(slot, entries, 16);
      slot += bytes;
    }
  }
}

@inline
function entryOf(from: u32, length: u32): i32 {
  return load<i32>(DECODER_ENTRIES + ((<u32>load<u16>(from)) << 2)) | (<i32>length);
}
