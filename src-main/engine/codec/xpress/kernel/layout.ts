// Memory of one kernel instance. An instance serves either the decoder or the encoder, so their regions overlap.
// Every region that an inner loop may overrun by a vector is followed by slack; nothing here is ever freed.

/** Largest chunk the format knows. Offsets are 16 bits wide and a Huffman code is made for 64 KiB at most. */
export const MAX_CHUNK: u32 = 65536;
/** Literals 0 to 255, then matches: 16 offset classes times 16 lengths. */
export const SYMBOLS: u32 = 512;
/** Also the first match symbol: length 3, offset 1. Encoders write it once more as end of data. */
export const END_SYMBOL: u32 = 256;
/** Code lengths at the head of a chunk, two to a byte. */
export const HEADER: u32 = 256;
export const MAX_CODE_LENGTH: u32 = 15;
export const MIN_MATCH: u32 = 3;

const SLACK: u32 = 128;
const BASE: u32 = 1024;

// Decoder. A symbol takes at most 30 bits and brings 3 bytes, or 15 bits and brings one: never over 2 bytes a byte.
export const DECODER_INPUT: u32 = BASE;
export const DECODER_INPUT_SIZE: u32 = HEADER + 2 * MAX_CHUNK + SLACK;
/** The bit stream's words in reverse order, last to first: the end of each slab. See decodeBits.ts. */
export const DECODER_EVEN_TOP: u32 = DECODER_INPUT + 2 * (DECODER_INPUT_SIZE + SLACK);
export const DECODER_ODD_TOP: u32 = DECODER_EVEN_TOP + DECODER_INPUT_SIZE + SLACK;
export const DECODER_OUTPUT: u32 = DECODER_ODD_TOP + SLACK;
/** All bytes in order. It must lie above the output. */
export const DECODER_BYTES: u32 = DECODER_OUTPUT + MAX_CHUNK + SLACK;
export const DECODER_LENGTHS: u32 = DECODER_BYTES + 256 + SLACK;
export const DECODER_SORTED: u32 = DECODER_LENGTHS + SYMBOLS + SLACK;
export const DECODER_COUNTS: u32 = DECODER_SORTED + 4 * SYMBOLS + SLACK;
export const DECODER_TOTALS: u32 = DECODER_COUNTS + 16 * 16;
export const DECODER_TEMPLATES: u32 = DECODER_TOTALS + 4 * 16;
export const DECODER_RECORDS: u32 = DECODER_TEMPLATES + 4 * SYMBOLS;
export const DECODER_TABLE: u32 = DECODER_RECORDS + 16 * (256 + 16);
export const DECODER_TABLE_BITS: u32 = 11;
export const DECODER_LONG_TABLE: u32 = DECODER_TABLE + (4 << DECODER_TABLE_BITS) + SLACK;
export const DECODER_PATTERNS: u32 = DECODER_LONG_TABLE + 4 * 8 * SYMBOLS + SLACK;
export const DECODER_STEPS: u32 = DECODER_PATTERNS + 16 * 16;
export const DECODER_END: u32 = DECODER_STEPS + 64;

// Encoder.
/** Largest number of bits in a hash of four bytes, and of three. */
export const HASH4_BITS: u32 = 15;
export const HASH3_BITS: u32 = 13;
/** Places in the input are addresses, and none is 0: see matchFinder.ts. */
export const ENCODER_INPUT: u32 = 1;
export const HEAD4: u32 = BASE + MAX_CHUNK + SLACK;
export const HEAD3: u32 = HEAD4 + (4 << HASH4_BITS);
export const LINKS: u32 = HEAD3 + (2 << HASH3_BITS);
export const NEAR_LINKS: u32 = LINKS + 2 * MAX_CHUNK + SLACK;
export const SEQUENCES: u32 = NEAR_LINKS + 2 * MAX_CHUNK + SLACK;
export const SEQUENCE_SIZE: u32 = 8;
export const FREQUENCIES: u32 = SEQUENCES + SEQUENCE_SIZE * (MAX_CHUNK / MIN_MATCH + 2);
export const CODES: u32 = FREQUENCIES + 4 * SYMBOLS;
export const CODE_LENGTHS: u32 = CODES + 4 * SYMBOLS;
export const SORT_KEYS: u32 = CODE_LENGTHS + SYMBOLS;
export const SORT_SPARE: u32 = SORT_KEYS + 4 * SYMBOLS;
export const SORT_COUNTS: u32 = SORT_SPARE + 4 * SYMBOLS;
export const TREE_WEIGHTS: u32 = SORT_COUNTS + 4 * 256;
export const TREE_PARENTS: u32 = TREE_WEIGHTS + 4 * SYMBOLS;
export const DEPTH_COUNTS: u32 = TREE_PARENTS + 4 * SYMBOLS;
export const ENCODER_OUTPUT: u32 = DEPTH_COUNTS + 4 * 64;
export const ENCODER_END: u32 = ENCODER_OUTPUT + MAX_CHUNK + SLACK;

// Near-optimal parsing, by the largest chunk the instance takes: costs and choices of each position, and the matches found.
export const SYMBOL_COSTS: u32 = ENCODER_END;
export const POSITIONS: u32 = SYMBOL_COSTS + 4 * SYMBOLS;
/** The match to take at a position, and above it the cost from there to the end, each of 32 bits. */
export const POSITION_SIZE: u32 = 8;
/** Matches and counts kept, on average, for a position. */
export const MATCHES_PER_POSITION: u32 = 6;
/** Most matches kept for one position. */
export const MOST_MATCHES: u32 = 32;

/** Where the matches are kept in an instance for chunks of `maxChunk` bytes. */
@inline
export function matchCache(maxChunk: u32): u32 {
  return POSITIONS + POSITION_SIZE * (maxChunk + 1);
}

/** End of the memory of such an instance. */
export function optimalEnd(maxChunk: u32): u32 {
  return matchCache(maxChunk) + 4 * MATCHES_PER_POSITION * maxChunk + 4 * (MOST_MATCHES + 1);
}

/** Makes the memory at least `end` bytes long. */
export function reserve(end: u32): void {
  const pages = <i32>((end + 0xffff) >> 16);
  if (pages > memory.size()) {
    if (memory.grow(pages - memory.size()) < 0) unreachable();
  }
}
