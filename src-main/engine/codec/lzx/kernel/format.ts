// LZX as WIM stores it: constants and tables that the decoder and the encoder share.
//
// A chunk is one window. Nothing before its first byte exists, and the window never slides. The data is a bit stream in
// little-endian 16-bit words, each read from its most significant bit down. It is a row of blocks; a block is
// 3 bits of type, 1 bit "holds 32768 bytes" or else an explicit size (16 bits, or 24 when the window is 64 KiB or more),
// then by type:
//
//   verbatim      code lengths, then symbols
//   aligned       eight 3-bit lengths of the aligned offset code, code lengths, then symbols
//   uncompressed  padding to a word, three offsets as u32, the bytes, one byte more when their count is odd
//
// A symbol of the main code is a literal byte, or 256 + 8 * offset slot + length header. Header 7 means that a symbol of
// the length code follows (249 of them), so lengths run from 2 to 257. Slots 0 to 2 repeat one of the three last
// offsets; a higher slot has a base and a number of plain bits, of which an aligned block codes the lowest three.
// Code lengths are written as differences from those of the previous block (zero before the first one), modulo 17,
// under a code of 20 symbols that is written first: 17 and 18 are runs of zeros, 19 a run of one value. The main code's
// literals and matches, and the length code, each come with such a code.
//
// Surprises:
// - The number of slots is counted for a largest offset of window - 3, so a 32 KiB window has 30 slots, not 31.
// - The offsets start at 1, 1, 1 in every chunk. Using the third one swaps it with the first: not a real queue.
// - Padding before an uncompressed block is 1 to 16 bits: a stream that is already on a word loses a whole word.
// - A code may be empty when nothing uses it, but it may not be incomplete; so no code can have just one symbol.
// - WIM has no bit that says whether x86 calls are translated: they always are, with a file size of 12,000,000.

export const MIN_MATCH: u32 = 2;
export const MAX_MATCH: u32 = 257;
export const LITERALS: u32 = 256;
export const MAX_SLOTS: u32 = 50;
export const MAX_MAIN_SYMBOLS: u32 = LITERALS + 8 * MAX_SLOTS;
export const LENGTH_SYMBOLS: u32 = 249;
export const ALIGNED_SYMBOLS: u32 = 8;
export const PRECODE_SYMBOLS: u32 = 20;

export const MAX_MAIN_BITS: u32 = 16;
export const MAX_LENGTH_BITS: u32 = 16;
export const MAX_ALIGNED_BITS: u32 = 7;
export const MAX_PRECODE_BITS: u32 = 15;

/** First slot whose lowest three offset bits an aligned block codes. */
export const FIRST_ALIGNED_SLOT: u32 = 8;
export const REPEATS: u32 = 3;
export const DEFAULT_BLOCK: u32 = 32768;
export const MIN_WINDOW_ORDER: u32 = 15;
export const MAX_WINDOW_ORDER: u32 = 21;

export const BLOCK_VERBATIM: u32 = 1;
export const BLOCK_ALIGNED: u32 = 2;
export const BLOCK_UNCOMPRESSED: u32 = 3;

/** Plain bits that follow a slot. */
@inline
export function slotBits(slot: u32): u32 {
  return slot < 4 ? 0 : slot < 36 ? (slot >> 1) - 1 : 17;
}

/** Smallest offset of a slot; meaningless below slot 3. */
@inline
export function slotBase(slot: u32): u32 {
  if (slot < 4) return slot - 2;
  if (slot < 36) return ((2 | (slot & 1)) << ((slot >> 1) - 1)) - 2;
  return ((slot - 34) << 17) - 2;
}

/** Slot of an explicit offset, and of -2 to 0 too, which stand for the recent ones. */
@inline
export function slotOf(offset: u32): u32 {
  const adjusted = offset + 2;
  if (adjusted >= 1 << 18) return (adjusted >> 17) + 34;
  const top = 31 - clz(adjusted);
  return select(adjusted, (top << 1) | ((adjusted >> (top - 1)) & 1), adjusted < 4);
}

/** Order of the window that holds chunks of up to `size` bytes. */
export function windowOrder(size: u32): u32 {
  let order = MIN_WINDOW_ORDER;
  while (order < MAX_WINDOW_ORDER && (<u32>1) << order < size) order++;
  return order;
}

/** Symbols of the main code for a window. */
export function mainSymbols(order: u32): u32 {
  return LITERALS + 8 * (slotOf(((<u32>1) << order) - 3) + 1);
}
