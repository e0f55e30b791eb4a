// Encoder's front stream: binary decisions through the range coder, and what they cost.
//
// The low end of the range is a number of 33 bits whose highest one is a carry into what was written before. So the last
// word waits, and with it any words of 0xffff that follow it, until it is known whether a carry comes.

import {
  CHANCES_SIZE,
  DELTA,
  DELTA_REPEAT_0,
  DELTA_REPEAT_1,
  ENTRY_SHIFT,
  LZ,
  LZ_REPEAT_0,
  LZ_REPEAT_1,
  MAIN,
  MATCH,
  record,
  chance,
  startChances,
} from './chances';

/** Entries of chances.ts, whose free last word holds the costs of a zero and of a one (two u16, in 64ths of a bit). */
export const chances: usize = memory.data(432 * 16, 64);
/** Per chance of a zero in 64ths: these costs. */
const costs: usize = memory.data(65 * 4, 16);

let lowEnd: u64 = 0;
let range: u32 = 0;
let waiting: u32 = 0;
let waitingCount: u32 = 0;
let first: usize = 0;
/** Where the next word goes. */
export let front: usize = 0;

export function setUpFront(): void {
  for (let zeros: u32 = 1; zeros < 64; zeros++) {
    const zero = <u32>Math.round(-64 * Math.log2(<f64>zeros / 64));
    const one = <u32>Math.round(-64 * Math.log2(1 - <f64>zeros / 64));
    store<u32>(costs + ((<usize>zeros) << 2), zero | (one << 16));
  }
}

/** Starts a chunk whose data goes to `to`; the two bytes before it are spoilt. */
export function startFront(to: usize): void {
  startChances(chances);
  for (let entry = chances; entry < chances + CHANCES_SIZE; entry += 16) {
    store<u32>(entry, load<u32>(costs + (48 << 2)), 12);
  }
  lowEnd = 0;
  range = u32.MAX_VALUE;
  waiting = 0;
  waitingCount = 1;
  first = to;
  // The first word that waits stands before the data and is always zero.
  front = to - 2;
}

function shift(): void {
  if (<u32>lowEnd < 0xffff0000 || lowEnd >> 32 != 0) {
    const carry = <u32>(lowEnd >> 32);
    do {
      store<u16>(front, <u16>(waiting + carry));
      front += 2;
      waiting = 0xffff;
      waitingCount--;
    } while (waitingCount != 0);
    waiting = (<u32>lowEnd) >> 16;
  }
  waitingCount++;
  lowEnd = <u64>((<u32>lowEnd) << 16);
}

/** Writes a decision of a class under a history. */
export function putDecision(classOffset: usize, history: u32, decision: u32): void {
  if (range < 0x10000) {
    range <<= 16;
    shift();
  }
  const entry = chances + classOffset + ((<usize>history) << ENTRY_SHIFT);
  const bound = (range >> 6) * chance(entry);
  lowEnd += <u64>(decision != 0 ? bound : 0);
  range = decision != 0 ? range - bound : bound;
  record(entry, decision);
  store<u32>(entry, load<u32>(costs + ((<usize>chance(entry)) << 2)), 12);
}

/** Bytes that wait to be written. */
@inline
export function waitingBytes(): usize {
  return (<usize>waitingCount) << 1;
}

/**
 * Ends the stream with the low end of the range and a zero word. 7-Zip refuses a chunk whose range decoder does not end at
 * zero, and shifts once more at the end when the range is small: then it takes that last word. It wants 8 bytes at least,
 * too, and that the streams do not overlap.
 */
export function finishFront(): void {
  shift();
  shift();
  shift();
  shift();
}

/** Cost of a zero under a history, in 64ths of a bit. */
@inline
export function zeroCost(classOffset: usize, history: u32): u32 {
  return <u32>load<u16>(chances + classOffset + ((<usize>history) << ENTRY_SHIFT), 12);
}

/** Cost of a one. */
@inline
export function oneCost(classOffset: usize, history: u32): u32 {
  return <u32>load<u16>(chances + classOffset + ((<usize>history) << ENTRY_SHIFT), 14);
}

// Histories of all classes are kept together in a u64, a byte for each class.

export const MATCH_BYTE: u64 = 8;
export const LZ_BYTE: u64 = 16;
export const LZ_REPEAT_BYTE: u64 = 24;
export const DELTA_BYTE: u64 = 40;
export const DELTA_REPEAT_BYTE: u64 = 48;

/** Kinds of items. A repeat's place is added to the kind of the first. */
export const LITERAL: u32 = 0;
export const LZ_EXPLICIT: u32 = 1;
export const LZ_REPEAT: u32 = 2;
export const DELTA_EXPLICIT: u32 = 5;
export const DELTA_REPEAT: u32 = 6;

/** Per kind: the bits of the histories that it changes, and the ones that it enters. */
const kinds: usize = memory.data<u64>(
  [
    0x0f, 0, 0x3f1f0f, 0x000001, 0x3f3f1f0f, 0x00010001, 0x3f3f3f1f0f, 0x01010001, 0x3f3f3f1f0f, 0x0101010001,
    0x3f0000001f0f, 0x0101, 0x3f3f0000001f0f, 0x010000000101, 0x3f3f3f0000001f0f, 0x01010000000101,
    0x3f3f3f0000001f0f, 0x0101010000000101,
  ],
  16,
);

/** Histories after an item. */
@inline
export function follow(histories: u64, kind: u32): u64 {
  const entry = kinds + ((<usize>kind) << 4);
  const changed = load<u64>(entry);
  return (histories & ~changed) | (((histories << 1) | load<u64>(entry, 8)) & changed);
}

/** The history of a class. */
@inline
export function historyOf(histories: u64, byte: u64): u32 {
  return (<u32>(histories >> byte)) & 0xff;
}

/** Writes the decisions of an item. */
export function putKind(histories: u64, kind: u32): void {
  putDecision(MAIN, historyOf(histories, 0), <u32>(kind != LITERAL));
  if (kind == LITERAL) return;
  const isDelta = <u32>(kind >= DELTA_EXPLICIT);
  putDecision(MATCH, historyOf(histories, MATCH_BYTE), isDelta);
  if (isDelta == 0) {
    putDecision(LZ, historyOf(histories, LZ_BYTE), <u32>(kind != LZ_EXPLICIT));
    if (kind == LZ_EXPLICIT) return;
    putDecision(LZ_REPEAT_0, historyOf(histories, LZ_REPEAT_BYTE), <u32>(kind != LZ_REPEAT));
    if (kind == LZ_REPEAT) return;
    putDecision(LZ_REPEAT_1, historyOf(histories, LZ_REPEAT_BYTE + 8), kind - LZ_REPEAT - 1);
  } else {
    putDecision(DELTA, historyOf(histories, DELTA_BYTE), <u32>(kind != DELTA_EXPLICIT));
    if (kind == DELTA_EXPLICIT) return;
    putDecision(DELTA_REPEAT_0, historyOf(histories, DELTA_REPEAT_BYTE), <u32>(kind != DELTA_REPEAT));
    if (kind == DELTA_REPEAT) return;
    putDecision(DELTA_REPEAT_1, historyOf(histories, DELTA_REPEAT_BYTE + 8), kind - DELTA_REPEAT - 1);
  }
}
