// Literals and LZ matches: the decoder's inner loop. It tests only what memory safety needs. It calls nothing, so that
// the compiler can keep its state in registers: what is rarer makes it pause, and the caller lets it go on.
// The output has slack for a copy that overshoots.

import { refilled, refilledBits, refilledCursor, topBits } from './bits';
import {
  chance,
  ENTRY_SHIFT,
  LZ,
  LZ_HISTORIES,
  LZ_REPEAT_0,
  LZ_REPEAT_1,
  MAIN,
  MAIN_HISTORIES,
  MATCH,
  MATCH_HISTORIES,
  record,
  REPEAT_HISTORIES,
} from './chances';
import { copyMatch } from './copy';
import {
  chances,
  count,
  LENGTH_ROOT,
  lengthFrequencies,
  lengthTable,
  LITERAL_ROOT,
  literalFrequencies,
  literalTable,
  OFFSET_ROOT,
  offsetFrequencies,
  offsetTable,
} from './decodeCodes';
import { lookUp } from './decodeTable';
import {
  LENGTH_PERIOD,
  lengthSlots,
  LITERAL_PERIOD,
  OFFSET_PERIOD,
  offsetSlots,
  slotBase,
  slotBits,
} from './format';
import {
  bits,
  buffer,
  code as streamCode,
  cursor,
  front as streamFront,
  range as streamRange,
  setBack,
  setFront,
} from './streams';

/** Plain bits after which there is still a whole codeword at hand: of 56 bits that a refill gives, less two codewords. */
const MAX_PLAIN: u32 = 26;

/** Why the loop paused. */
export enum Pause {
  /** The output is full. */
  Full,
  /** A code has counted down: literalsLeft, offsetsLeft or lengthsLeft is zero. */
  Rebuild,
  /** A delta match is next: its decisions "match" and "delta match" are taken. */
  Delta,
  /** The match just taken cannot be. */
  BadOffset,
  BadLength,
}

let output: usize = 0;
let end: usize = 0;
/** Where the next item goes. */
export let position: usize = 0;
/** Symbols that the codes still have before they are rebuilt. */
export let literalsLeft: u32 = 0;
export let offsetsLeft: u32 = 0;
export let lengthsLeft: u32 = 0;

let mainHistory: u32 = 0;
let matchHistory: u32 = 0;
let lzHistory: u32 = 0;
let repeat0History: u32 = 0;
let repeat1History: u32 = 0;
/** The queue of recent offsets, with the place that slides in. */
let recent0: u32 = 0;
let recent1: u32 = 0;
let recent2: u32 = 0;
let recent3: u32 = 0;
/** Whether the item before was an LZ match, so that its offset is not in the queue yet: recent0 is not for use. */
let waiting: bool = false;

/** Starts a chunk of `size` bytes at `start`. */
export function startItems(start: usize, size: usize): void {
  output = start;
  position = start;
  end = start + size;
  literalsLeft = LITERAL_PERIOD;
  offsetsLeft = OFFSET_PERIOD;
  lengthsLeft = LENGTH_PERIOD;
  mainHistory = 0;
  matchHistory = 0;
  lzHistory = 0;
  repeat0History = 0;
  repeat1History = 0;
  recent0 = 1;
  recent1 = 2;
  recent2 = 3;
  recent3 = 4;
  waiting = false;
}

/** After a pause: restarts the countdowns that are through. */
export function restartCountdowns(): void {
  if (literalsLeft == 0) literalsLeft = LITERAL_PERIOD;
  if (offsetsLeft == 0) offsetsLeft = OFFSET_PERIOD;
  if (lengthsLeft == 0) lengthsLeft = LENGTH_PERIOD;
}

/** After a delta match of `length` bytes. */
export function passDelta(length: usize): void {
  position += length;
  waiting = false;
}

/** Counts a length that was taken elsewhere. */
export function countLength(slot: u32): void {
  count(lengthFrequencies, slot);
  lengthsLeft--;
}

/** Bytes of output that are still missing. */
export function missing(): usize {
  return end - position;
}

/** Decodes items up to the next pause. */
export function decodeItems(): Pause {
  let range = streamRange;
  let code = streamCode;
  let front = streamFront;
  // The loop looks up a codeword and refills side by side: there is always a codeword's worth of bits at hand.
  let from = refilled(buffer, bits, cursor);
  let left = refilledBits(bits);
  let next = refilledCursor(bits, cursor);
  let out = position;
  let main = mainHistory;
  let wait = waiting;
  let offset0 = recent0;
  let offset1 = recent1;
  let offset2 = recent2;
  let offset3 = recent3;
  let literals = literalsLeft;
  let pause = Pause.Full;

  while (out < end) {
    if (range < 0x10000) {
      range <<= 16;
      code = (code << 16) | (<u32>load<u16>(front));
      front += 2;
    }
    let entry = chances + MAIN + ((<usize>main) << ENTRY_SHIFT);
    let bound = (range >> 6) * chance(entry);
    main = (main << 1) & (MAIN_HISTORIES - 1);
    if (code < bound) {
      range = bound;
      record(entry, 0);
      const literal = lookUp(literalTable, LITERAL_ROOT, from);
      from = refilled(from, left, next) << (literal & 15);
      next = refilledCursor(left, next);
      left = refilledBits(left) - (literal & 15);
      store<u8>(out, <u8>(literal >> 4));
      count(literalFrequencies, literal >> 4);
      out++;
      wait = false;
      if (--literals == 0) {
        pause = Pause.Rebuild;
        break;
      }
      continue;
    }
    range -= bound;
    code -= bound;
    record(entry, 1);
    main |= 1;

    if (range < 0x10000) {
      range <<= 16;
      code = (code << 16) | (<u32>load<u16>(front));
      front += 2;
    }
    entry = chances + MATCH + ((<usize>matchHistory) << ENTRY_SHIFT);
    bound = (range >> 6) * chance(entry);
    matchHistory = (matchHistory << 1) & (MATCH_HISTORIES - 1);
    if (code >= bound) {
      range -= bound;
      code -= bound;
      record(entry, 1);
      matchHistory |= 1;
      pause = Pause.Delta;
      break;
    }
    range = bound;
    record(entry, 0);

    if (range < 0x10000) {
      range <<= 16;
      code = (code << 16) | (<u32>load<u16>(front));
      front += 2;
    }
    entry = chances + LZ + ((<usize>lzHistory) << ENTRY_SHIFT);
    bound = (range >> 6) * chance(entry);
    lzHistory = (lzHistory << 1) & (LZ_HISTORIES - 1);
    if (code < bound) {
      range = bound;
      record(entry, 0);
      const symbol = lookUp(offsetTable, OFFSET_ROOT, from);
      from = refilled(from, left, next) << (symbol & 15);
      next = refilledCursor(left, next);
      left = refilledBits(left) - (symbol & 15);
      const slot = symbol >> 4;
      count(offsetFrequencies, slot);
      offsetsLeft--;
      const plain = slotBits(offsetSlots, slot);
      offset3 = offset2;
      offset2 = offset1;
      offset1 = offset0;
      offset0 = slotBase(offsetSlots, slot) + topBits(from, plain);
      from <<= plain;
      left -= plain;
      if (plain > MAX_PLAIN) {
        from = refilled(from, left, next);
        next = refilledCursor(left, next);
        left = refilledBits(left);
      }
    } else {
      range -= bound;
      code -= bound;
      record(entry, 1);
      lzHistory |= 1;

      if (range < 0x10000) {
        range <<= 16;
        code = (code << 16) | (<u32>load<u16>(front));
        front += 2;
      }
      entry = chances + LZ_REPEAT_0 + ((<usize>repeat0History) << ENTRY_SHIFT);
      bound = (range >> 6) * chance(entry);
      repeat0History = (repeat0History << 1) & (REPEAT_HISTORIES - 1);
      if (code < bound) {
        range = bound;
        record(entry, 0);
        const offset = wait ? offset1 : offset0;
        offset1 = wait ? offset0 : offset1;
        offset0 = offset;
      } else {
        range -= bound;
        code -= bound;
        record(entry, 1);
        repeat0History |= 1;

        if (range < 0x10000) {
          range <<= 16;
          code = (code << 16) | (<u32>load<u16>(front));
          front += 2;
        }
        entry = chances + LZ_REPEAT_1 + ((<usize>repeat1History) << ENTRY_SHIFT);
        bound = (range >> 6) * chance(entry);
        repeat1History = (repeat1History << 1) & (REPEAT_HISTORIES - 1);
        let offset: u32;
        if (code < bound) {
          range = bound;
          record(entry, 0);
          offset = wait ? offset2 : offset1;
          offset2 = wait ? offset1 : offset2;
        } else {
          range -= bound;
          code -= bound;
          record(entry, 1);
          repeat1History |= 1;
          offset = wait ? offset3 : offset2;
          offset3 = wait ? offset2 : offset3;
          offset2 = offset1;
        }
        offset1 = offset0;
        offset0 = offset;
      }
    }
    wait = true;

    const symbol = lookUp(lengthTable, LENGTH_ROOT, from);
    from = refilled(from, left, next) << (symbol & 15);
    next = refilledCursor(left, next);
    left = refilledBits(left) - (symbol & 15);
    const slot = symbol >> 4;
    count(lengthFrequencies, slot);
    lengthsLeft--;
    const plain = slotBits(lengthSlots, slot);
    const length = slotBase(lengthSlots, slot) + topBits(from, plain);
    from <<= plain;
    left -= plain;
    if (plain > MAX_PLAIN) {
      from = refilled(from, left, next);
      next = refilledCursor(left, next);
      left = refilledBits(left);
    }
    if (offset0 > <u32>(out - output)) {
      pause = Pause.BadOffset;
      break;
    }
    if (length > <u32>(end - out)) {
      pause = Pause.BadLength;
      break;
    }
    copyMatch(out, offset0, length);
    out += length;
    if (lengthsLeft == 0 || offsetsLeft == 0) {
      pause = Pause.Rebuild;
      break;
    }
  }

  setFront(range, code, front);
  setBack(from, left, next);
  position = out;
  mainHistory = main;
  waiting = wait;
  recent0 = offset0;
  recent1 = offset1;
  recent2 = offset2;
  recent3 = offset3;
  literalsLeft = literals;
  return pause;
}
