// The symbols of a block: the decoder's inner loop. See decodeEntries.ts for what entries and records say.
//
// It is bound by how long each symbol makes the next one wait and by branches that are guessed wrongly, hence:
// - whether a symbol is a literal, a repeated or a new offset decides no branch;
// - the entry of the next symbol is looked up in bits that are at hand, while those after it are being loaded;
// - only what memory safety needs is tested. That a match ends with its block shows in where the output stands
//   afterwards, and that there was input enough in where the input does.

import { floor, overrun, peek, position, setPosition } from './bits';
import { copyLong, copyShortPattern } from './decodeCopy';
import { ALIGNED_ROOT, alignedTable, LENGTH_ROOT, lengthTable, MAIN_ROOT, mainTable } from './decodeCodes';
import {
  ALIGNED,
  LENGTH_SHIFT,
  LONG,
  longRecords,
  NO_VALUE,
  recordOf,
  records,
  VALUE_SHIFT,
} from './decodeEntries';
import { ENTRY_BITS, LINK, linked, lookUp } from './decodeTable';
import { Status } from './status';

/** The recent offsets between blocks. */
let offset0: u32 = 1;
let offset1: u32 = 1;
let offset2: u32 = 1;

@inline
export function setOffsets(r0: u32, r1: u32, r2: u32): void {
  offset0 = r0;
  offset1 = r1;
  offset2 = r2;
}

@inline
function mainEntry(from: u64): u32 {
  return load<u32>((<usize>(from >> (62 - MAIN_ROOT))) & (((1 << MAIN_ROOT) - 1) << 2), mainTable);
}

@inline
function alignedEntry(from: u64): u32 {
  return load<u32>((<usize>(from >> (62 - ALIGNED_ROOT))) & (((1 << ALIGNED_ROOT) - 1) << 2), alignedTable);
}

/** The recent offsets after a symbol, whose own distance then is the first. */
@inline
function moved(recent: v128, record: usize, plainBits: u32): v128 {
  const distance = load<u32>(record, records) + plainBits;
  return i8x16.swizzle(i32x4.replace_lane(recent, 0, distance), v128.load(load<u32>(record, records + 12)));
}

/** Decodes the symbols of a block of `size` bytes at `start`, in a chunk that starts at `first`. */
@inline
function readSymbols(aligned: bool, first: usize, start: usize, size: usize): Status {
  const low = floor - 64;
  const end = start + size;
  let out = start;
  let status = Status.Done;
  let recent = i32x4(0, offset0, offset1, offset2);
  let place = position;
  let from = peek(place);
  let entry = mainEntry(from);
  while (out < end) {
    if (place < low) break;
    if (entry & (LINK | LONG)) {
      if (entry & LINK) {
        place -= MAIN_ROOT;
        from = peek(place);
        entry = load<u32>(linked(entry, from) << 2, mainTable);
      }
      if (entry & LONG) {
        let used: usize = entry & ENTRY_BITS;
        place -= used;
        const lengthEntry = lookUp(lengthTable, LENGTH_ROOT, from << (<u64>used));
        from = peek(place);
        used = lengthEntry & ENTRY_BITS;
        place -= used;
        from <<= <u64>used;
        const more = lengthEntry >> VALUE_SHIFT;
        if (more >= NO_VALUE) {
          status = Status.BadLengthCode;
          break;
        }
        const record = recordOf(entry);
        used = load<u32>(record, longRecords);
        place -= used;
        from = rotl(from, <u64>used);
        let bits = (<u32>from) & load<u32>(record, records + 4);
        if (aligned) {
          const mask = load<u32>(record, longRecords + 4);
          const low3 = alignedEntry(from) & mask;
          used = low3 & ENTRY_BITS;
          place -= used;
          from <<= <u64>used;
          bits = (bits << (mask & 3)) + (low3 >> VALUE_SHIFT);
        }
        const length = <usize>((entry >> LENGTH_SHIFT) + more);
        entry = mainEntry(from);
        from = peek(place);
        recent = moved(recent, record, bits);
        const distance = <usize>i32x4.extract_lane(recent, 0);
        if (distance > out - first) {
          status = Status.BadOffset;
          break;
        }
        copyLong(out, distance, length);
        out += length;
        continue;
      }
    }
    from = rotl(from, <u64>entry);
    const record = recordOf(entry);
    let bits = (<u32>from) & load<u32>(record, records + 4);
    if (aligned) {
      if (entry & ALIGNED) {
        const low3 = alignedEntry(from);
        const used: usize = low3 & ENTRY_BITS;
        place -= used;
        from <<= <u64>used;
        bits = (bits << 3) + (low3 >> VALUE_SHIFT);
      }
    }
    const nextEntry = mainEntry(from);
    place -= entry & ENTRY_BITS;
    from = peek(place);
    recent = moved(recent, record, bits);
    const distance = <usize>i32x4.extract_lane(recent, 0);
    const source = (out & load<u32>(record, records + 8)) - distance;
    if (source < first) {
      status = Status.BadOffset;
      break;
    }
    const length = <usize>(entry >> LENGTH_SHIFT);
    store<u64>(out, load<u64>(source));
    // What this has written behind the first period is wrong, but not yet of use.
    if (distance < length) copyShortPattern(out, distance);
    out += length;
    entry = nextEntry;
  }
  if (status == Status.Done && out > end) status = Status.BadLength;
  setPosition(place);
  setOffsets(i32x4.extract_lane(recent, 1), i32x4.extract_lane(recent, 2), i32x4.extract_lane(recent, 3));
  return overrun() ? Status.Truncated : status;
}

export function readVerbatim(first: usize, start: usize, size: usize): Status {
  return readSymbols(false, first, start, size);
}

export function readAligned(first: usize, start: usize, size: usize): Status {
  return readSymbols(true, first, start, size);
}
