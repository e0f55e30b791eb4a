// The two streams of a chunk between pauses of the loop of items, which keeps all of this in locals, and as the rare items
// use them.
//
// A stream that has used up the data goes on as zeros. There are zeros on both sides of the data, more than the items
// between two pauses can use, and with each pause a stream that ran out is put back to where they start.

import { refilled, refilledBits, refilledCursor, topBits } from './bits';
import { chance, ENTRY_SHIFT, record } from './chances';
import { lookUp } from './decodeTable';
import { LENGTH_PERIOD, LITERAL_PERIOD, MAX_CODEWORD } from './format';

/**
 * Zeros on each side of the data. Up to a pause, there are at most a period of literals and one of matches: at the back a
 * codeword each, and for a match another one and the plain bits of both; at the front no more than a word for a decision.
 */
export const PAD: usize = 8192;

/** Front: the range coder, and the address of its next word. */
export let range: u32 = 0;
export let code: u32 = 0;
export let front: usize = 0;
/** Back: see bits.ts. */
export let buffer: u64 = 0;
export let bits: u32 = 0;
export let cursor: usize = 0;

/** The data. */
let first: usize = 0;
let end: usize = 0;

/** Whether the zeros are enough. */
export function padSuffices(): bool {
  const back = (LITERAL_PERIOD * MAX_CODEWORD + LENGTH_PERIOD * 2 * (MAX_CODEWORD + 30)) / 8;
  const decisions = LITERAL_PERIOD + LENGTH_PERIOD * 5;
  return <usize>back + 16 <= PAD && <usize>decisions * 2 + 2 <= PAD;
}

/** Starts to read `size` bytes at `data`: at least 4, with PAD writable bytes behind and PAD zeros before them. */
export function startStreams(data: usize, size: usize): void {
  first = data;
  end = data + size;
  memory.fill(end, 0, PAD);
  setFront(u32.MAX_VALUE, ((<u32>load<u16>(data)) << 16) | (<u32>load<u16>(data, 2)), data + 4);
  setBack(0, 0, end);
}

/** Puts the front, as it is at a pause. */
export function setFront(newRange: u32, newCode: u32, newFront: usize): void {
  range = newRange;
  code = newCode;
  front = newFront < end ? newFront : end;
}

/** Puts the back, as it is at a pause. */
export function setBack(newBuffer: u64, newBits: u32, newCursor: usize): void {
  buffer = newBuffer;
  bits = newBits;
  cursor = newCursor < first ? first - 8 : newCursor;
}

/** Bytes of the data that were read from the front. */
export function usedAtFront(): usize {
  return front - first;
}

/** Takes a decision of the class at `chances` under `history`. */
export function takeDecision(chances: usize, history: u32): u32 {
  if (range < 0x10000) {
    range <<= 16;
    code = (code << 16) | (<u32>load<u16>(front));
    front += 2;
  }
  const entry = chances + ((<usize>history) << ENTRY_SHIFT);
  const bound = (range >> 6) * chance(entry);
  if (code < bound) {
    range = bound;
    record(entry, 0);
    return 0;
  }
  range -= bound;
  code -= bound;
  record(entry, 1);
  return 1;
}

@inline
function refill(): void {
  buffer = refilled(buffer, bits, cursor);
  cursor = refilledCursor(bits, cursor);
  bits = refilledBits(bits);
}

/** Takes `count` plain bits, at most 32. */
@inline
export function takeBits(count: u32): u32 {
  refill();
  const value = topBits(buffer, count);
  buffer <<= count;
  bits -= count;
  return value;
}

/** Takes a symbol of a code. */
@inline
export function takeSymbol(table: usize, rootBits: u32): u32 {
  refill();
  const entry = lookUp(table, rootBits, buffer);
  buffer <<= entry & 15;
  bits -= entry & 15;
  return entry >> 4;
}
