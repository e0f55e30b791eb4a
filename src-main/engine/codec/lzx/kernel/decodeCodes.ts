// The codes of a block: reads their lengths and builds their tables.

import {
  bits,
  buffer,
  cursor,
  floor,
  overrun,
  refilled,
  refilledBits,
  refilledCursor,
  setBits,
  take,
} from './bits';
import { buildTable, TableResult } from './decodeTable';
import { ALIGNED_SYMBOLS, LENGTH_SYMBOLS, LITERALS, MAX_MAIN_SYMBOLS, PRECODE_SYMBOLS } from './format';
import { Status } from './status';

export const MAIN_ROOT: u32 = 11;
export const LENGTH_ROOT: u32 = 9;
export const ALIGNED_ROOT: u32 = 7;
const PRECODE_ROOT: u32 = 7;

export const mainLengths: usize = memory.data(720, 16);
const lengthLengths: usize = memory.data(320, 16);
const alignedLengths: usize = memory.data(16, 16);
const precodeLengths: usize = memory.data(32, 16);
/** Sizes bounded by symbols times the worst share of a subtable; see buildTable for the three spare entries. */
export const mainTable: usize = memory.data(8192 * 4, 64);
export const lengthTable: usize = memory.data(8192 * 4, 64);
export const alignedTable: usize = memory.data(132 * 4, 64);
const precodeTable: usize = memory.data(1024 * 4, 64);

/** Starts a chunk: the lengths before its first block are zero. */
export function startCodes(): void {
  memory.fill(mainLengths, 0, MAX_MAIN_SYMBOLS);
  memory.fill(lengthLengths, 0, LENGTH_SYMBOLS);
}

/** Entry of the symbol at the top of `from`, with the whole length of its codeword. */
@inline
export function lookUp(table: usize, root: u32, from: u64): u32 {
  const entry = load<u32>(table + ((<usize>(from >> (64 - root))) << 2));
  if (<i32>entry >= 0) return entry;
  const index = ((entry >> 8) & 0xffff) + <u32>((from << root) >> (64 - (entry & 0xff)));
  return load<u32>(table + ((<usize>index) << 2)) + root;
}

/** Reads `count` code lengths as differences from those in place. */
function readLengths(lengths: usize, count: u32): Status {
  for (let i: u32 = 0; i < PRECODE_SYMBOLS; i++) store<u8>(precodeLengths + i, <u8>take(4));
  if (buildTable(precodeTable, PRECODE_ROOT, precodeLengths, PRECODE_SYMBOLS) != TableResult.Complete) {
    return Status.BadPrecode;
  }
  let at = lengths;
  const end = lengths + count;
  let from = buffer;
  let left = bits;
  let next = cursor;
  let status = Status.Done;
  while (at < end) {
    if (next < floor - 16) break;
    from = refilled(from, left, next);
    next = refilledCursor(left, next);
    left = refilledBits(left);
    let entry = lookUp(precodeTable, PRECODE_ROOT, from);
    let used = entry & 0xff;
    from <<= used;
    left -= used;
    let symbol = entry >> 8;
    if (symbol < 17) {
      const value = <i32>load<u8>(at) - <i32>symbol;
      store<u8>(at, <u8>(value + ((value >> 31) & 17)));
      at++;
      continue;
    }
    let run: u32;
    let value: i32 = 0;
    if (symbol == 17) {
      run = 4 + <u32>(from >> 60);
      from <<= 4;
      left -= 4;
    } else if (symbol == 18) {
      run = 20 + <u32>(from >> 59);
      from <<= 5;
      left -= 5;
    } else {
      run = 4 + <u32>(from >> 63);
      from <<= 1;
      left -= 1;
      entry = lookUp(precodeTable, PRECODE_ROOT, from);
      used = entry & 0xff;
      from <<= used;
      left -= used;
      symbol = entry >> 8;
      if (symbol > 16) {
        status = Status.BadLengths;
        break;
      }
      value = <i32>load<u8>(at) - <i32>symbol;
      value += (value >> 31) & 17;
    }
    if (run > <u32>(end - at)) {
      status = Status.BadLengths;
      break;
    }
    memory.fill(at, <u8>value, run);
    at += run;
  }
  setBits(from, left, next);
  if (overrun()) return Status.Truncated;
  return status;
}

/** Reads the code lengths of a compressed block and builds its tables. */
export function readCodes(aligned: bool, symbols: u32): Status {
  if (aligned) {
    for (let i: u32 = 0; i < ALIGNED_SYMBOLS; i++) store<u8>(alignedLengths + i, <u8>take(3));
    if (buildTable(alignedTable, ALIGNED_ROOT, alignedLengths, ALIGNED_SYMBOLS) == TableResult.Invalid) {
      return Status.BadAlignedCode;
    }
  }
  let status = readLengths(mainLengths, LITERALS);
  if (status != Status.Done) return status;
  status = readLengths(mainLengths + LITERALS, symbols - LITERALS);
  if (status != Status.Done) return status;
  status = readLengths(lengthLengths, LENGTH_SYMBOLS);
  if (status != Status.Done) return status;
  if (buildTable(mainTable, MAIN_ROOT, mainLengths, symbols) != TableResult.Complete)
    return Status.BadMainCode;
  if (buildTable(lengthTable, LENGTH_ROOT, lengthLengths, LENGTH_SYMBOLS) == TableResult.Invalid) {
    return Status.BadLengthCode;
  }
  return Status.Done;
}
