// The symbols of a block: the decoder's inner loop. It tests only what memory safety needs; whether the input was long
// enough is checked at the end of the block, from the number of bits used. The output has slack for a copy that overshoots.

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
} from './bits';
import {
  ALIGNED_ROOT,
  alignedTable,
  LENGTH_ROOT,
  lengthTable,
  lookUp,
  MAIN_ROOT,
  mainTable,
} from './decodeCodes';
import { FIRST_ALIGNED_SLOT, LITERALS, MAX_SLOTS, slotBase, slotBits } from './format';
import { Status } from './status';

/** Bytes past the output that a copy may write: the longest match, and one vector that overshoots. */
export const OUTPUT_SLACK: usize = 320;

/** Per slot: base as u32, then plain bits as u32. */
const slots: usize = memory.data(64 * 8, 64);
/** Per offset below 16: 16 indexes that repeat a pattern of that many bytes, for one swizzle. */
const patterns: usize = memory.data(16 * 16, 64);
/** Per offset below 16: the largest multiple of it that fits 16. */
const strides: usize = memory.data(16, 16);

/** The recent offsets between blocks. */
let offset0: u32 = 1;
let offset1: u32 = 1;
let offset2: u32 = 1;

export function setUpSymbols(): void {
  for (let slot: u32 = 0; slot < MAX_SLOTS; slot++) {
    store<u32>(slots + (slot << 3), slotBase(slot));
    store<u32>(slots + (slot << 3), slotBits(slot), 4);
  }
  for (let offset: u32 = 1; offset < 16; offset++) {
    for (let i: u32 = 0; i < 16; i++) store<u8>(patterns + (offset << 4) + i, <u8>(i % offset));
    store<u8>(strides + offset, <u8>(16 - (16 % offset)));
  }
}

@inline
export function setOffsets(r0: u32, r1: u32, r2: u32): void {
  offset0 = r0;
  offset1 = r1;
  offset2 = r2;
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

/** Decodes the symbols of a block of `size` bytes at `start`, in a chunk that starts at `first`. */
@inline
function readSymbols(aligned: bool, first: usize, start: usize, size: usize): Status {
  let from = buffer;
  let left = bits;
  let next = cursor;
  let r0 = offset0;
  let r1 = offset1;
  let r2 = offset2;
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
  setBits(from, left, next);
  setOffsets(r0, r1, r2);
  return overrun() ? Status.Truncated : status;
}

export function readVerbatim(first: usize, start: usize, size: usize): Status {
  return readSymbols(false, first, start, size);
}

export function readAligned(first: usize, start: usize, size: usize): Status {
  return readSymbols(true, first, start, size);
}
