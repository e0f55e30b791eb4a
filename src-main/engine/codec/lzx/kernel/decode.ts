// Decoder. The inner loop tests only what memory safety needs; whether the input was long enough is checked per block,
// from the number of bits used. The output slab has slack for a copy that overshoots.

import { refilled, refilledBits, refilledCursor, reversedFloor, reversedSize, reverseWords } from './bits';
import { buildTable, TableResult } from './decodeTable';
import { decodeCalls } from './e8';
import {
  ALIGNED_SYMBOLS,
  BLOCK_ALIGNED,
  BLOCK_UNCOMPRESSED,
  BLOCK_VERBATIM,
  DEFAULT_BLOCK,
  FIRST_ALIGNED_SLOT,
  LENGTH_SYMBOLS,
  LITERALS,
  mainSymbols,
  MAX_MAIN_SYMBOLS,
  MAX_SLOTS,
  PRECODE_SYMBOLS,
  slotBase,
  slotBits,
  windowOrder,
} from './format';
import { slab } from './memory';

/** Result of a decoding step; the wrapper gives each its words, in this order. */
export enum Status {
  Done,
  Truncated,
  BadBlockType,
  BadBlockSize,
  BadPrecode,
  BadLengths,
  BadMainCode,
  BadLengthCode,
  BadAlignedCode,
  BadOffset,
  BadLength,
  ZeroOffset,
}

const MAIN_ROOT: u32 = 11;
const LENGTH_ROOT: u32 = 9;
const ALIGNED_ROOT: u32 = 7;
const PRECODE_ROOT: u32 = 7;
/** Slack after the output: the longest match, and one vector that overshoots. */
const OUTPUT_SLACK: usize = 320;

const mainLengths: usize = memory.data(720, 16);
const lengthLengths: usize = memory.data(320, 16);
const alignedLengths: usize = memory.data(16, 16);
const precodeLengths: usize = memory.data(32, 16);
/** Sizes bounded by symbols times the worst share of a subtable; see buildTable for the three spare entries. */
const mainTable: usize = memory.data(8192 * 4, 64);
const lengthTable: usize = memory.data(8192 * 4, 64);
const alignedTable: usize = memory.data(132 * 4, 64);
const precodeTable: usize = memory.data(1024 * 4, 64);
/** Per slot: base as u32, then plain bits as u32. */
const slots: usize = memory.data(64 * 8, 64);
/** Per offset below 16: 16 indexes that repeat a pattern of that many bytes, for one swizzle. */
const patterns: usize = memory.data(16 * 16, 64);
/** Per offset below 16: the largest multiple of it that fits 16. */
const strides: usize = memory.data(16, 16);

let order: u32 = 0;
let symbols: u32 = 0;
let input: usize = 0;
let reversed: usize = 0;
let output: usize = 0;

let buffer: u64 = 0;
let bits: u32 = 0;
let cursor: usize = 0;
let floor: usize = 0;
let top: usize = 0;

let repeat0: u32 = 1;
let repeat1: u32 = 1;
let repeat2: u32 = 1;

/** Sets up for chunks of up to `maxChunkSize` bytes, in a window of that size. */
export function setUpDecoder(maxChunkSize: usize, maxInput: usize): void {
  order = windowOrder(<u32>maxChunkSize);
  symbols = mainSymbols(order);
  input = slab(maxInput + 32);
  reversed = slab(reversedSize(maxInput));
  output = slab(maxChunkSize + OUTPUT_SLACK);
  for (let slot: u32 = 0; slot < MAX_SLOTS; slot++) {
    store<u32>(slots + (slot << 3), slotBase(slot));
    store<u32>(slots + (slot << 3), slotBits(slot), 4);
  }
  for (let offset: u32 = 1; offset < 16; offset++) {
    for (let i: u32 = 0; i < 16; i++) store<u8>(patterns + (offset << 4) + i, <u8>(i % offset));
    store<u8>(strides + offset, <u8>(16 - (16 % offset)));
  }
}

export function decoderInput(): usize {
  return input;
}

export function decoderOutput(): usize {
  return output;
}

/** Bytes of input used so far: where a fault was found. */
export function decoderOffset(): usize {
  const used = (((top - cursor) << 3) - bits + 7) >> 3;
  return used > top - floor ? top - floor : used;
}

/** Takes up to 17 bits. */
@inline
function take(count: u32): u32 {
  buffer = refilled(buffer, bits, cursor);
  cursor = refilledCursor(bits, cursor);
  bits = refilledBits(bits);
  const value = <u32>((buffer >> 1) >> (63 - count));
  buffer <<= count;
  bits -= count;
  return value;
}

/** Whether more bits were used than there are. */
@inline
function overrun(): bool {
  return cursor + (bits >> 3) < floor;
}

@inline
function lookUp(table: usize, root: u32, from: u64): u32 {
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
  buffer = from;
  bits = left;
  cursor = next;
  if (overrun()) return Status.Truncated;
  return status;
}

/** Reads the code lengths of a compressed block and builds its tables. */
function readCodes(aligned: bool): Status {
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

/** Copies a match; overshoots by up to 15 bytes. The offset is known to lie within the output. */
@inline
function copyMatch(out: usize, offset: usize, length: usize): void {
  const end = out + length;
  let from = out - offset;
  if (offset >= 16) {
    do {
      v128.store(out, v128.load(from));
      out += 16;
      from += 16;
    } while (out < end);
    return;
  }
  const pattern = i8x16.swizzle(v128.load(from), v128.load(patterns + (offset << 4)));
  const stride = <usize>load<u8>(strides + offset);
  do {
    v128.store(out, pattern);
    out += stride;
  } while (out < end);
}

/** Decodes the symbols of a block of `size` bytes at `out`. */
@inline
function readSymbols(aligned: bool, start: usize, size: usize): Status {
  let from = buffer;
  let left = bits;
  let next = cursor;
  let r0 = repeat0;
  let r1 = repeat1;
  let r2 = repeat2;
  const first = output;
  const low = floor - 16;
  const end = start + size;
  let out = start;
  let status = Status.Done;
  while (out < end) {
    from = refilled(from, left, next);
    next = refilledCursor(left, next);
    left = refilledBits(left);
    if (next < low) break;
    let entry = lookUp(mainTable, MAIN_ROOT, from);
    let used = entry & 0x1f;
    from <<= used;
    left -= used;
    if (entry < 0x10000) {
      store<u8>(out, <u8>(entry >> 8));
      out++;
      if (out == end) break;
      entry = lookUp(mainTable, MAIN_ROOT, from);
      used = entry & 0x1f;
      from <<= used;
      left -= used;
      if (entry < 0x10000) {
        store<u8>(out, <u8>(entry >> 8));
        out++;
        continue;
      }
    }
    from = refilled(from, left, next);
    next = refilledCursor(left, next);
    left = refilledBits(left);
    let length = (entry >> 8) & 7;
    const slot = (entry >> 11) - (LITERALS >> 3);
    if (length == 7) {
      const lengthEntry = lookUp(lengthTable, LENGTH_ROOT, from);
      used = lengthEntry & 0x1f;
      from <<= used;
      left -= used;
      length += lengthEntry >> 8;
      if (length > 255) {
        status = Status.BadLengthCode;
        break;
      }
    }
    length += 2;
    let offset: u32;
    if (slot < 3) {
      if (slot == 0) {
        offset = r0;
      } else if (slot == 1) {
        offset = r1;
        r1 = r0;
      } else {
        offset = r2;
        r2 = r0;
      }
      r0 = offset;
    } else {
      const about = slots + ((<usize>slot) << 3);
      let plain = load<u32>(about, 4);
      offset = load<u32>(about);
      if (aligned && slot >= FIRST_ALIGNED_SLOT) {
        plain -= 3;
        offset += (<u32>((from >> 1) >> (63 - plain))) << 3;
        from <<= plain;
        left -= plain;
        const alignedEntry = load<u32>(alignedTable + ((<usize>(from >> (64 - ALIGNED_ROOT))) << 2));
        used = alignedEntry & 0x1f;
        from <<= used;
        left -= used;
        offset += alignedEntry >> 8;
      } else {
        offset += <u32>((from >> 1) >> (63 - plain));
        from <<= plain;
        left -= plain;
      }
      r2 = r1;
      r1 = r0;
      r0 = offset;
    }
    if (offset > <u32>(out - first)) {
      status = Status.BadOffset;
      break;
    }
    if (length > <u32>(end - out)) {
      status = Status.BadLength;
      break;
    }
    copyMatch(out, offset, length);
    out += length;
  }
  buffer = from;
  bits = left;
  cursor = next;
  repeat0 = r0;
  repeat1 = r1;
  repeat2 = r2;
  return overrun() ? Status.Truncated : status;
}

function readVerbatim(start: usize, size: usize): Status {
  return readSymbols(false, start, size);
}

function readAligned(start: usize, size: usize): Status {
  return readSymbols(true, start, size);
}

/** Reads the offsets and the bytes of an uncompressed block. */
function readUncompressed(inputSize: usize, start: usize, size: usize): Status {
  const usedBits = ((top - cursor) << 3) - bits;
  let at = ((usedBits >> 4) + 1) << 1;
  if (at > inputSize || inputSize - at < 12 + size) return Status.Truncated;
  repeat0 = load<u32>(input + at);
  repeat1 = load<u32>(input + at, 4);
  repeat2 = load<u32>(input + at, 8);
  if (repeat0 == 0 || repeat1 == 0 || repeat2 == 0) return Status.ZeroOffset;
  at += 12;
  memory.copy(start, input + at, size);
  at += (size + 1) & ~1;
  buffer = 0;
  bits = 0;
  cursor = top - at;
  return Status.Done;
}

/** Decodes `inputSize` bytes of the input slab into `outputSize` bytes of the output slab. */
export function decode(inputSize: usize, outputSize: usize): Status {
  top = reverseWords(input, inputSize, reversed);
  floor = reversedFloor(reversed);
  cursor = top;
  buffer = 0;
  bits = 0;
  repeat0 = 1;
  repeat1 = 1;
  repeat2 = 1;
  memory.fill(mainLengths, 0, MAX_MAIN_SYMBOLS);
  memory.fill(lengthLengths, 0, LENGTH_SYMBOLS);
  let calls: u32 = 0;
  let out = output;
  const end = output + outputSize;
  while (out < end) {
    const type = take(3);
    let size: u32 = DEFAULT_BLOCK;
    if (take(1) == 0) {
      size = take(16);
      if (order >= 16) size = (size << 8) | take(8);
    }
    if (overrun()) return Status.Truncated;
    if (type < BLOCK_VERBATIM || type > BLOCK_UNCOMPRESSED) return Status.BadBlockType;
    if (size == 0 || size > <u32>(end - out)) return Status.BadBlockSize;
    let status: Status;
    if (type == BLOCK_UNCOMPRESSED) {
      status = readUncompressed(inputSize, out, size);
      calls = 1;
    } else {
      status = readCodes(type == BLOCK_ALIGNED);
      if (status == Status.Done) {
        status = type == BLOCK_ALIGNED ? readAligned(out, size) : readVerbatim(out, size);
      }
      // The first E8 of the data can only come from a literal.
      calls |= <u32>load<u8>(mainLengths + 0xe8);
    }
    if (status != Status.Done) return status;
    out += size;
  }
  if (calls != 0) decodeCalls(output, outputSize);
  return Status.Done;
}
