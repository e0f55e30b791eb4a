// Encoder's back stream: codewords and plain bits, in words that go from the end of the data to its start; and the five
// adaptive codes, with what their codewords cost.

import {
  LENGTH_PERIOD,
  LENGTH_SLOTS,
  lengthSlots,
  LITERAL_PERIOD,
  LITERAL_SYMBOLS,
  MAX_OFFSET_SLOTS,
  OFFSET_PERIOD,
  offsetSlots,
  POWER_PERIOD,
  POWERS,
  slotBase,
  slotBits,
  slotOf,
} from './format';
import { ageFrequencies, buildCodewords, startFrequencies } from './huffmanCode';
import { slotOfOffset } from './encodeSlots';

/** A code in 16 + 3200 + 1664 bytes: symbols until it is built again, period, count of symbols (u32 each); codewords; frequencies. */
const CODEWORDS: usize = 16;
const FREQUENCIES: usize = CODEWORDS + 800 * 4;
const literalCode: usize = memory.data(4880, 64);
const offsetCode: usize = memory.data(4880, 64);
const lengthCode: usize = memory.data(4880, 64);
const deltaOffsetCode: usize = memory.data(4880, 64);
const powerCode: usize = memory.data(4880, 64);

/** Bits by which costs are shifted beside lengths in keys; a bit costs 64. */
export const KEY_SHIFT: u32 = 8;
const BIT_SHIFT: u32 = 6 + KEY_SHIFT;
/** Lengths that the tables know. */
const LONGEST_KNOWN: u32 = 255;
/** Key of a literal byte: its cost, and 1 for its length. */
export const literalKeys: usize = memory.data(256 * 4, 64);
/** Per length: key of its cost and itself. With room for whole vectors. */
export const lengthKeys: usize = memory.data(264 * 4, 64);
/** Per slot: key of an LZ offset, or of a delta match's. */
const offsetKeys: usize = memory.data(800 * 4, 64);
const deltaOffsetKeys: usize = memory.data(800 * 4, 64);

let buffer: u64 = 0;
let bits: u64 = 0;
/** Where the last word went. */
export let back: usize = 0;

/** Puts up to 30 bits. */
@inline
function putBits(value: u32, count: u32): void {
  buffer = (buffer << (<u64>count)) | (<u64>value);
  bits += <u64>count;
  if (bits >= 32) {
    // Two words: the first one, higher in the buffer, belongs at the higher address.
    bits -= 32;
    back -= 4;
    store<u32>(back, <u32>(buffer >> bits));
  }
}

function startCode(code: usize, symbols: u32, period: u32): void {
  store<u32>(code, period);
  store<u32>(code, period, 4);
  store<u32>(code, symbols, 8);
  startFrequencies(code + FREQUENCIES, symbols);
  buildCodewords(code + FREQUENCIES, symbols, code + CODEWORDS);
}

function rebuild(code: usize): void {
  store<u32>(code, load<u32>(code, 4));
  const symbols = load<u32>(code, 8);
  buildCodewords(code + FREQUENCIES, symbols, code + CODEWORDS);
  ageFrequencies(code + FREQUENCIES, symbols);
}

/** Length of a symbol's codeword. */
@inline
function lengthIn(code: usize, symbol: u32): u32 {
  return load<u32>(code + CODEWORDS + ((<usize>symbol) << 2)) & 255;
}

/** Puts a symbol; true when the code has changed. */
@inline
function putSymbol(code: usize, symbol: u32): bool {
  const codeword = load<u32>(code + CODEWORDS + ((<usize>symbol) << 2));
  putBits(codeword >> 8, codeword & 255);
  const frequency = code + FREQUENCIES + ((<usize>symbol) << 1);
  store<u16>(frequency, load<u16>(frequency) + 1);
  const left = load<u32>(code) - 1;
  store<u32>(code, left);
  if (left != 0) return false;
  rebuild(code);
  return true;
}

function literalCosts(): void {
  for (let byte: u32 = 0; byte < LITERAL_SYMBOLS; byte++) {
    store<u32>(literalKeys + ((<usize>byte) << 2), (lengthIn(literalCode, byte) << BIT_SHIFT) | 1);
  }
}

function lengthCosts(): void {
  let slot: u32 = 0;
  for (let length: u32 = 1; length <= LONGEST_KNOWN; length++) {
    if (length >= slotBase(lengthSlots, slot + 1)) slot++;
    const cost = (lengthIn(lengthCode, slot) + slotBits(lengthSlots, slot)) << BIT_SHIFT;
    store<u32>(lengthKeys + ((<usize>length) << 2), cost | length);
  }
}

function offsetCosts(code: usize, keys: usize): void {
  const symbols = load<u32>(code, 8);
  for (let slot: u32 = 0; slot < symbols; slot++) {
    store<u32>(
      keys + ((<usize>slot) << 2),
      (lengthIn(code, slot) + slotBits(offsetSlots, slot)) << BIT_SHIFT,
    );
  }
}

/** Starts a chunk whose offsets have `offsetSlotCount` slots; its data goes to before `end`. */
export function startBack(end: usize, offsetSlotCount: u32): void {
  buffer = 0;
  bits = 0;
  back = end;
  startCode(literalCode, LITERAL_SYMBOLS, LITERAL_PERIOD);
  startCode(lengthCode, LENGTH_SLOTS, LENGTH_PERIOD);
  startCode(powerCode, POWERS, POWER_PERIOD);
  startCode(offsetCode, offsetSlotCount, OFFSET_PERIOD);
  startCode(deltaOffsetCode, offsetSlotCount, OFFSET_PERIOD);
  literalCosts();
  lengthCosts();
  offsetCosts(offsetCode, offsetKeys);
  offsetCosts(deltaOffsetCode, deltaOffsetKeys);
}

/** Ends the stream. */
export function finishBack(): void {
  if (bits > 16) {
    back -= 2;
    bits -= 16;
    store<u16>(back, <u16>(buffer >> bits));
  }
  if (bits > 0) {
    back -= 2;
    store<u16>(back, <u16>(buffer << (16 - bits)));
  }
}

export function putLiteral(byte: u32): void {
  if (putSymbol(literalCode, byte)) literalCosts();
}

export function putLength(length: u32): void {
  const slot = slotOf(lengthSlots, LENGTH_SLOTS, length);
  const changed = putSymbol(lengthCode, slot);
  putBits(length - slotBase(lengthSlots, slot), slotBits(lengthSlots, slot));
  if (changed) lengthCosts();
}

export function putOffset(offset: u32): void {
  const slot = slotOfOffset(offset);
  const changed = putSymbol(offsetCode, slot);
  putBits(offset - slotBase(offsetSlots, slot), slotBits(offsetSlots, slot));
  if (changed) offsetCosts(offsetCode, offsetKeys);
}

export function putPowerAndOffset(power: u32, rawOffset: u32): void {
  putSymbol(powerCode, power);
  const slot = slotOfOffset(rawOffset);
  const changed = putSymbol(deltaOffsetCode, slot);
  putBits(rawOffset - slotBase(offsetSlots, slot), slotBits(offsetSlots, slot));
  if (changed) offsetCosts(deltaOffsetCode, deltaOffsetKeys);
}

/** Key of an offset of an LZ match. */
@inline
export function offsetKey(offset: u32): u32 {
  return load<u32>(offsetKeys + ((<usize>slotOfOffset(offset)) << 2));
}

/** Key of a power and raw offset of a delta match. */
@inline
export function deltaKey(power: u32, rawOffset: u32): u32 {
  return (
    load<u32>(deltaOffsetKeys + ((<usize>slotOfOffset(rawOffset)) << 2)) +
    (lengthIn(powerCode, power) << BIT_SHIFT)
  );
}
