// Writes items: their decisions to the front of the output, their values to its back.

import {
  finishBack,
  putLength,
  putLiteral,
  putOffset,
  putPowerAndOffset,
  back,
  startBack,
} from './encodeBack';
import {
  DELTA_EXPLICIT,
  finishFront,
  follow,
  front,
  LITERAL,
  LZ_EXPLICIT,
  putKind,
  startFront,
  waitingBytes,
} from './encodeFront';
import { offsetSlotCount } from './format';
import { slab } from './memory';

/** Marks the source of a delta match. */
export const DELTA: u32 = 0x80000000;
/**
 * What is added to an explicit offset (or to power << 28 | raw offset) to make a source; smaller ones are places of repeats.
 */
export const EXPLICIT: u32 = 2;
const POWER_SHIFT: u32 = 28;
const RAW: u32 = (1 << POWER_SHIFT) - 1;

/** Room between the streams that an item can need, and that is there beyond the output's limit. */
const ROOM: usize = 64;

let output: usize = 0;
let end: usize = 0;
let histories: u64 = 0;
/** The output is full: nothing more is written. */
export let full: bool = false;
/** Delta matches written so far: they tell the match finder whether looking for them pays. */
export let deltasWritten: u32 = 0;

export function setUpWriter(maxChunkSize: u32): usize {
  output = slab(ROOM + <usize>maxChunkSize + 4 * ROOM) + ROOM;
  return output;
}

export function startWriting(inputSize: u32, outputSize: u32): void {
  end = output + ((<usize>outputSize) & ~1) + 2 * ROOM;
  histories = 0;
  full = false;
  deltasWritten = 0;
  startFront(output);
  startBack(end, offsetSlotCount(inputSize));
}

/** Kind of an item of `length` bytes from `source`. */
@inline
export function kindOf(length: u32, source: u32): u32 {
  if (length == 1) return LITERAL;
  const value = source & ~DELTA;
  const explicit = source >= DELTA ? DELTA_EXPLICIT : LZ_EXPLICIT;
  return explicit + (value > EXPLICIT ? 0 : value + 1);
}

/** Writes a literal byte. */
export function writeLiteral(byte: u32): void {
  if (full) return;
  putKind(histories, LITERAL);
  histories = follow(histories, LITERAL);
  putLiteral(byte);
  full = front + ROOM + waitingBytes() > back;
}

/** Writes a match of `length` bytes, at least 2, from `source`. */
export function writeMatch(length: u32, source: u32): void {
  if (full) return;
  const kind = kindOf(length, source);
  putKind(histories, kind);
  histories = follow(histories, kind);
  deltasWritten += <u32>(kind >= DELTA_EXPLICIT);
  if (kind == LZ_EXPLICIT) putOffset(source - EXPLICIT);
  else if (kind == DELTA_EXPLICIT) {
    const value = (source & ~DELTA) - EXPLICIT;
    putPowerAndOffset(value >> POWER_SHIFT, value & RAW);
  }
  putLength(length);
  full = front + ROOM + waitingBytes() > back;
}

/** Ends both streams and joins them; returns their size in bytes, 0 when they exceed the limit. */
export function finishWriting(): u32 {
  if (full) return 0;
  finishFront();
  finishBack();
  const size = end - back;
  if (front > back || front - output + size > end - 2 * ROOM - output) return 0;
  memory.copy(front, back, size);
  return <u32>(front - output + size);
}
