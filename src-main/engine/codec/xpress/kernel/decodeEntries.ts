// What the symbols mean, worked out once, so that the decoder can treat literals and matches alike, without a branch. To
// the inner loop every symbol is a match: a literal is a match of one byte whose source is a list of all bytes.
//
// A table entry holds, from the low end: bits that the symbol takes in all, codeword and offset bits together (5);
// a zero, so that the six make a count to rotate by; its record (9); from bit 25 on two flags, one of them LINK; its
// length (5). A record says what else there is to know:
// base        u32  what the offset bits are added to; for a literal, minus the address of its byte in the list
// mask        u32  of the offset bits
// out mask    u32  all ones, or zero for a literal: the source is (output position & out mask) - distance
// width       u32  number of offset bits
import { DECODER_BYTES, DECODER_RECORDS, DECODER_TEMPLATES, END_SYMBOL, MIN_MATCH, SYMBOLS } from './layout';

/** The length is more than what one vector copies: LONGEST_SHORT + 1, or EXTENDED and in further bytes. */
export const LONG: u32 = 0x04000000;
const LONGEST_SHORT: u32 = 16;
/** Base length of a match whose length goes on in further bytes. */
export const EXTENDED: u32 = MIN_MATCH + 15;
export const LENGTH_SHIFT: u32 = 27;
export const ENTRY_BITS: u32 = 31;
const RECORD_SHIFT: u32 = 6;

function setUpRecord(index: u32, base: u32, width: u32, outMask: u32): void {
  const at = DECODER_RECORDS + (index << 4);
  store<u32>(at, base);
  store<u32>(at, (1 << width) - 1, 4);
  store<u32>(at, outMask, 8);
  store<u32>(at, width, 12);
}

/** Once for an instance. */
export function setUpEntries(): void {
  for (let byte: u32 = 0; byte < END_SYMBOL; byte++) {
    store<u8>(DECODER_BYTES + byte, <u8>byte);
    setUpRecord(byte, 0 - (DECODER_BYTES + byte), 0, 0);
    store<u32>(DECODER_TEMPLATES + (byte << 2), (1 << LENGTH_SHIFT) | (byte << RECORD_SHIFT));
  }
  for (let symbol = END_SYMBOL; symbol < SYMBOLS; symbol++) {
    const width = (symbol - END_SYMBOL) >> 4;
    const record = END_SYMBOL + width;
    const length = MIN_MATCH + (symbol & 15);
    setUpRecord(record, 1 << width, width, ~0);
    const entry = (length << LENGTH_SHIFT) | (record << RECORD_SHIFT) | width;
    store<u32>(DECODER_TEMPLATES + (symbol << 2), length > LONGEST_SHORT ? entry | LONG : entry);
  }
}

/** Entry of a symbol with a codeword of no bits. */
@inline
export function templateOf(symbol: u32): u32 {
  return load<u32>(symbol << 2, DECODER_TEMPLATES);
}

/** Offset in the records of an entry's record. */
@inline
export function recordOf(entry: u32): u32 {
  return (entry >> (RECORD_SHIFT - 4)) & 0x1ff0;
}
