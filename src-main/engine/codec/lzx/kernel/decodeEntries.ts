// What the symbols of the main code mean, worked out once, so that the decoder can treat literals, repeated offsets and
// new offsets all alike, without a branch. To the inner loop every symbol is a match: a literal is a match of one byte
// whose source is a list of all bytes.
//
// A table entry holds, from the low end: bits that the symbol takes in all, codeword and plain offset bits together (5);
// a zero, so that the six make a count to rotate by; its record (9); from bit 25 on three flags, one of them LINK; its
// length (4). A record says what else there is to know:
// base        u32  what the plain bits are added to: the smallest offset of a slot; for a literal, minus the address of
//                  its byte in the list
// mask        u32  of the plain bits
// out mask    u32  all ones, or zero for a literal: the source is (output position & out mask) - distance
// queue move  u32  address of the indexes that swizzle the recent offsets
//
// The recent offsets are a vector of four: the distance of the symbol in hand, then the three of the format. A symbol
// first puts base + plain bits into the first place, then moves: a new offset pushes the others on, a repeated one goes
// to the first place, a literal leaves its own in the first place and the rest alone.

import { EMPTY } from './decodeTable';
import { FIRST_ALIGNED_SLOT, LENGTH_SYMBOLS, LITERALS, MAX_SLOTS, slotBase, slotBits } from './format';

/** The length goes on in the length code. Its plain bits come after that, so the entry does not count them. */
export const LONG: u32 = 0x04000000;
/** Three more bits of the offset come from the aligned code. */
export const ALIGNED: u32 = 0x02000000;
export const LENGTH_SHIFT: u32 = 28;
const RECORD_SHIFT: u32 = 6;
/** Lowest length that a symbol can have; in an entry of the main table it is 1 to 9. */
const SHORTEST: u32 = 2;
const LONG_HEADER: u32 = 7;

/** Value of an entry of the other tables. */
export const VALUE_SHIFT: u32 = 16;
/** Values from here on belong to a table without a code. */
export const NO_VALUE: u32 = EMPTY >> VALUE_SHIFT;

/** A slot's records: one with all of its plain bits, one without those that the aligned code holds. */
const SPLIT_RECORDS: u32 = LITERALS + MAX_SLOTS;
/** Stands for all that the aligned code would tell when it is empty: an offset beyond the window. */
const NO_OFFSET_RECORD: u32 = SPLIT_RECORDS + MAX_SLOTS;
const RECORDS: usize = NO_OFFSET_RECORD + 1;
export const records: usize = memory.data(RECORDS * 16, 64);
/** For symbols with LONG, as records: number of plain bits u32, mask of the aligned code's entry u32. */
export const longRecords: usize = memory.data(RECORDS * 16, 64);

/** Four symbols more than there are: see buildTable. */
const TEMPLATE_BYTES: usize = (LITERALS + 8 * MAX_SLOTS + 4) * 4;
export const mainTemplates: usize = memory.data(TEMPLATE_BYTES, 16);
export const alignedTemplates: usize = memory.data(TEMPLATE_BYTES, 16);
export const noAlignedTemplates: usize = memory.data(TEMPLATE_BYTES, 16);
/** Templates of the other codes, whose symbols are just values. */
export const plainTemplates: usize = memory.data((LENGTH_SYMBOLS + 4) * 4, 16);

/** Bytes of the list of all bytes, with what a load may go beyond. */
export const BYTE_LIST: usize = 256 + 8;

const moves: usize = memory.data(5 * 16, 16);

/** Ways in which the recent offsets move: lane by lane where each comes from, the first one in the lowest digit. */
const NO_MOVE: u32 = 0;
const NEW_MOVE: u32 = 4;

@inline
function moveOrder(move: u32): u32 {
  return move == 0 ? 0x3210 : move == 1 ? 0x3211 : move == 2 ? 0x3122 : move == 3 ? 0x1233 : 0x2100;
}

function setUpMoves(): void {
  for (let move: u32 = 0; move < 5; move++) {
    for (let byte: u32 = 0; byte < 16; byte++) {
      const lane = (moveOrder(move) >> (byte & 12)) & 3;
      store<u8>(moves + (move << 4) + byte, <u8>((lane << 2) | (byte & 3)));
    }
  }
}

function setUpRecord(index: u32, base: u32, bits: u32, outMask: u32, move: u32, alignedMask: u32): void {
  const at = (<usize>index) << 4;
  store<u32>(records + at, base);
  store<u32>(records + at, (1 << bits) - 1, 4);
  store<u32>(records + at, outMask, 8);
  store<u32>(records + at, moves + (move << 4), 12);
  store<u32>(longRecords + at, bits);
  store<u32>(longRecords + at, alignedMask, 4);
}

function setUpTemplate(symbol: u32, main: u32, aligned: u32, noAligned: u32): void {
  const at = (<usize>symbol) << 2;
  store<u32>(mainTemplates + at, main);
  store<u32>(alignedTemplates + at, aligned);
  store<u32>(noAlignedTemplates + at, noAligned);
}

function setUpSlot(slot: u32): void {
  const bits = slotBits(slot);
  const base = slot < 3 ? 0 : slotBase(slot);
  const move = slot < 3 ? slot + 1 : NEW_MOVE;
  const split = slot >= FIRST_ALIGNED_SLOT;
  setUpRecord(LITERALS + slot, base, bits, ~0, move, 0);
  if (split) setUpRecord(SPLIT_RECORDS + slot, base, bits - 3, ~0, move, ~0);
  for (let header: u32 = 0; header <= LONG_HEADER; header++) {
    const isLong = header == LONG_HEADER;
    const common = ((header + SHORTEST) << LENGTH_SHIFT) | (isLong ? LONG : 0);
    const main = common | ((LITERALS + slot) << RECORD_SHIFT) | (isLong ? 0 : bits);
    let aligned = main;
    let noAligned = main;
    if (split) {
      aligned = common | ((SPLIT_RECORDS + slot) << RECORD_SHIFT) | (isLong ? 0 : ALIGNED | (bits - 3));
      noAligned = common | (NO_OFFSET_RECORD << RECORD_SHIFT);
    }
    setUpTemplate(LITERALS + (slot << 3) + header, main, aligned, noAligned);
  }
}

/** Sets up for a window of `window` bytes, with the list of all bytes at `byteList`, above the output. */
export function setUpEntries(window: u32, byteList: usize): void {
  setUpMoves();
  for (let value: u32 = 0; value < LITERALS; value++) {
    store<u8>(byteList + value, <u8>value);
    setUpRecord(value, 0 - <u32>(byteList + value), 0, 0, NO_MOVE, 0);
    const entry = (1 << LENGTH_SHIFT) | (value << RECORD_SHIFT);
    setUpTemplate(value, entry, entry, entry);
  }
  for (let slot: u32 = 0; slot < MAX_SLOTS; slot++) setUpSlot(slot);
  setUpRecord(NO_OFFSET_RECORD, window, 0, ~0, NEW_MOVE, 0);
  for (let value: u32 = 0; value < LENGTH_SYMBOLS; value++) {
    store<u32>(plainTemplates + (value << 2), value << VALUE_SHIFT);
  }
}

/** Offset in the records of an entry's record. */
@inline
export function recordOf(entry: u32): usize {
  return (entry >> (RECORD_SHIFT - 4)) & 0x1ff0;
}
