// The codes of a block: reads their lengths and builds their tables.

import { floor, overrun, peek, position, setPosition, take } from './bits';
import {
  alignedTemplates,
  mainTemplates,
  noAlignedTemplates,
  plainTemplates,
  VALUE_SHIFT,
} from './decodeEntries';
import { buildTable, ENTRY_BITS, lookUp, TableResult } from './decodeTable';
import { ALIGNED_SYMBOLS, LENGTH_SYMBOLS, LITERALS, PRECODE_SYMBOLS } from './format';
import { Status } from './status';

export const MAIN_ROOT: u32 = 11;
export const LENGTH_ROOT: u32 = 9;
export const ALIGNED_ROOT: u32 = 7;
const PRECODE_ROOT: u32 = 7;

const MAIN_SPACE: usize = 720;
const LENGTH_SPACE: usize = 272;
export const mainLengths: usize = memory.data(MAIN_SPACE, 16);
const lengthLengths: usize = memory.data(LENGTH_SPACE, 16);
const alignedLengths: usize = memory.data(16, 16);
const precodeLengths: usize = memory.data(32, 16);
/** Sizes bounded by symbols times the worst share of a subtable; see buildTable for the three spare entries. */
export const mainTable: usize = memory.data(8192 * 4, 64);
export const lengthTable: usize = memory.data(8192 * 4, 64);
export const alignedTable: usize = memory.data(136 * 4, 64);
const precodeTable: usize = memory.data(1024 * 4, 64);

/** Starts a chunk: the lengths before its first block are zero. */
export function startCodes(): void {
  const zero = i64x2.splat(0);
  for (let at: usize = 0; at < MAIN_SPACE; at += 16) v128.store(mainLengths + at, zero);
  for (let at: usize = 0; at < LENGTH_SPACE; at += 16) v128.store(lengthLengths + at, zero);
}

/** Writes 4 to 51 equal bytes, and not one more: what follows is still needed. */
@inline
function fillRun(at: usize, value: u32, run: usize): void {
  const bytes = i8x16.splat(<i8>value);
  const last = at + run;
  if (run >= 16) {
    for (; at < last - 16; at += 16) v128.store(at, bytes);
    v128.store(last - 16, bytes);
  } else if (run >= 8) {
    v128.store64_lane(at, bytes, 0);
    v128.store64_lane(last - 8, bytes, 0);
  } else {
    v128.store32_lane(at, bytes, 0);
    v128.store32_lane(last - 4, bytes, 0);
  }
}

/** A code length from the one before and their difference. */
@inline
function lengthFrom(before: usize, difference: u32): u32 {
  const value = <i32>load<u8>(before) - <i32>difference;
  return value + ((value >> 31) & 17);
}

/** Reads `count` code lengths as differences from those in place. */
function readLengths(lengths: usize, count: usize): Status {
  for (let i: usize = 0; i < PRECODE_SYMBOLS; i += 10) {
    const few = peek(position);
    for (let k: usize = 0; k < 10; k++) store<u8>(precodeLengths + i + k, (few >> (60 - (k << 2))) & 15);
    setPosition(position - 40);
  }
  const result = buildTable(precodeTable, PRECODE_ROOT, precodeLengths, PRECODE_SYMBOLS, plainTemplates);
  if (result != TableResult.Complete) return Status.BadPrecode;
  let at = lengths;
  const end = lengths + count;
  const low = floor - 64;
  let place = position;
  let status = Status.Done;
  while (at < end) {
    if (place < low) break;
    let from = peek(place);
    let entry = lookUp(precodeTable, PRECODE_ROOT, from);
    let used: usize = entry & ENTRY_BITS;
    place -= used;
    let symbol = entry >> VALUE_SHIFT;
    if (symbol < 17) {
      store<u8>(at, <u8>lengthFrom(at, symbol));
      at++;
      if (at == end) break;
      // Another one from the same load: a run takes at most 31 bits.
      from <<= <u64>used;
      entry = lookUp(precodeTable, PRECODE_ROOT, from);
      used = entry & ENTRY_BITS;
      place -= used;
      symbol = entry >> VALUE_SHIFT;
      if (symbol < 17) {
        store<u8>(at, <u8>lengthFrom(at, symbol));
        at++;
        continue;
      }
    }
    from <<= <u64>used;
    let run: usize;
    let value: u32 = 0;
    if (symbol == 17) {
      run = 4 + <usize>(from >> 60);
      place -= 4;
    } else if (symbol == 18) {
      run = 20 + <usize>(from >> 59);
      place -= 5;
    } else {
      run = 4 + <usize>(from >> 63);
      entry = lookUp(precodeTable, PRECODE_ROOT, from << 1);
      place -= 1 + (entry & ENTRY_BITS);
      symbol = entry >> VALUE_SHIFT;
      if (symbol > 16) {
        status = Status.BadLengths;
        break;
      }
      value = lengthFrom(at, symbol);
    }
    if (run > end - at) {
      status = Status.BadLengths;
      break;
    }
    fillRun(at, value, run);
    at += run;
  }
  setPosition(place);
  if (overrun()) return Status.Truncated;
  return status;
}

/** Reads the code lengths of a compressed block and builds its tables. */
export function readCodes(aligned: bool, symbols: usize): Status {
  let templates = mainTemplates;
  if (aligned) {
    for (let i: usize = 0; i < ALIGNED_SYMBOLS; i++) store<u8>(alignedLengths + i, <u8>take(3));
    const result = buildTable(alignedTable, ALIGNED_ROOT, alignedLengths, ALIGNED_SYMBOLS, plainTemplates);
    if (result == TableResult.Invalid) return Status.BadAlignedCode;
    templates = result == TableResult.Empty ? noAlignedTemplates : alignedTemplates;
  }
  let status = readLengths(mainLengths, LITERALS);
  if (status != Status.Done) return status;
  status = readLengths(mainLengths + LITERALS, symbols - LITERALS);
  if (status != Status.Done) return status;
  status = readLengths(lengthLengths, LENGTH_SYMBOLS);
  if (status != Status.Done) return status;
  if (buildTable(mainTable, MAIN_ROOT, mainLengths, symbols, templates) != TableResult.Complete) {
    return Status.BadMainCode;
  }
  const result = buildTable(lengthTable, LENGTH_ROOT, lengthLengths, LENGTH_SYMBOLS, plainTemplates);
  return result == TableResult.Invalid ? Status.BadLengthCode : Status.Done;
}
