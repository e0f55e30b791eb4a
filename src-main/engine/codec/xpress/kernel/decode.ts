// Decoder of one chunk. See xpress.ts for the format.
//
// The bit buffer holds up to 63 bits, left-justified; `bits` counts them, and only its low six bits mean anything, so
// that a whole table entry can be subtracted from it. Bits of the buffer past the count are either zero or the true next
// bits of the stream: or-ing the same words in again does no harm.
//
// No test for the end of the input is made on the way: the slab is as long as any chunk can reach, and what was read past
// the end can only lead to a fault or a final position past the end, both of which are then reported as truncation.
import { buildTables, LONG_CODE, longBase, prepareEntries } from './decodeTable';
import {
  DECODER_END,
  DECODER_INPUT,
  DECODER_LENGTHS,
  DECODER_LONG_TABLE,
  DECODER_OUTPUT,
  DECODER_PATTERNS,
  DECODER_STEPS,
  DECODER_TABLE,
  DECODER_TABLE_BITS,
  HEADER,
  MAX_CODE_LENGTH,
  MIN_MATCH,
  reserve,
} from './layout';

// Faults, as the wrapper knows them; the result is fault | offset << 4.
const TRUNCATED: u32 = 1;
const OVERSUBSCRIBED: u32 = 2;
const INCOMPLETE: u32 = 3;
const BEFORE_START: u32 = 4;
const PAST_END: u32 = 5;
const BAD_LENGTH: u32 = 6;

/** Base length of a match whose length goes on in further bytes. */
const EXTENDED: u32 = MIN_MATCH + 15;

/** Sets an instance up for decoding. */
export function prepareDecoder(): void {
  reserve(DECODER_END);
  prepareEntries();
  // Bytes that spread a period of 1 to 15 over a vector, and how far whole periods go in it.
  for (let period: u32 = 1; period < 16; period++) {
    for (let i: u32 = 0; i < 16; i++) store<u8>(DECODER_PATTERNS + (period << 4) + i, i % period);
    store<u8>(DECODER_STEPS + period, 16 - (16 % period));
  }
}

/** Four 16-bit words of the stream, the first on top. */
@inline
function words(at: u32): u64 {
  const turned = rotr<u64>(load<u64>(at), 32);
  return ((turned & 0xffff0000ffff0000) >> 16) | ((turned & 0x0000ffff0000ffff) << 16);
}

@inline
function lookUp(buffer: u64): i32 {
  return load<i32>(DECODER_TABLE + ((<u32>(buffer >> (64 - DECODER_TABLE_BITS))) << 2));
}

/** Decodes `inputSize` bytes of the input slab to `outputSize` bytes of the output slab; 0 is success. */
export function decode(inputSize: u32, outputSize: u32): u32 {
  const inputEnd = DECODER_INPUT + inputSize;
  if (inputSize < HEADER) return TRUNCATED | (inputSize << 4);
  const space = buildTables();
  if (space != 1 << MAX_CODE_LENGTH) return space < 1 << MAX_CODE_LENGTH ? INCOMPLETE : OVERSUBSCRIBED;
  const longStart = longBase;

  const end = DECODER_OUTPUT + outputSize;
  let next = DECODER_INPUT + HEADER;
  let out = DECODER_OUTPUT;
  let buffer: u64 = 0;
  let bits: u32 = 0;
  let fault: u32 = 0;
  let undone: u32 = 0;

  while (out < end) {
    // At most 63 bits: a shift by 64 would be a shift by nothing. This leaves 48 or more, enough for three symbols.
    buffer |= words(next) >> bits;
    next += (~bits & 48) >> 3;
    bits |= 48;

    let entry = lookUp(buffer);
    if (entry >= 0) {
      buffer <<= entry;
      bits -= entry;
      store<u8>(out, entry >> 8);
      out++;
      entry = lookUp(buffer);
      if (entry >= 0) {
        buffer <<= entry;
        bits -= entry;
        store<u8>(out, entry >> 8);
        out++;
        entry = lookUp(buffer);
        if (entry >= 0) {
          buffer <<= entry;
          bits -= entry;
          store<u8>(out, entry >> 8);
          out++;
          continue;
        }
      }
    }
    if (entry & LONG_CODE) {
      entry = load<i32>(DECODER_LONG_TABLE + ((<u32>(buffer >> (64 - MAX_CODE_LENGTH)) - longStart) << 2));
      if (entry >= 0) {
        buffer <<= entry;
        bits -= entry;
        store<u8>(out, entry >> 8);
        out++;
        continue;
      }
    }
    // Literals may have run past the end, into the slack: then this match, usually the end symbol, is not ours.
    if (out >= end) break;
    buffer <<= entry;
    bits -= entry;
    if ((bits & 48) == 0) {
      buffer |= words(next) >> bits;
      next += (~bits & 48) >> 3;
      bits |= 48;
    }

    let length = ((<u32>entry) >> 8) & 255;
    const width = ((<u32>entry) >> 16) & 15;
    if (length == EXTENDED) {
      // The writer had reserved words until 16 to 31 bits were ahead of it; words beyond that are not yet due.
      const ahead = bits & 63;
      next -= ((ahead >> 4) - 1) << 1;
      bits = 16 | (ahead & 15);
      buffer &= ~((<u64>-1) >> bits);
      let more: u32 = load<u8>(next);
      next++;
      if (more == 255) {
        more = load<u16>(next);
        next += 2;
        if (more == 0) {
          more = load<u32>(next);
          next += 4;
        }
        if (more < 15 && next <= inputEnd) {
          fault = BAD_LENGTH;
          break;
        }
        more -= 15;
      }
      // Words given back may hide from the final test that these bytes were past the end.
      if (next > inputEnd) return TRUNCATED | (inputSize << 4);
      // A length near 2^32 must not wrap round to a small one.
      length = more > 0xffffff ? 0xffffff : length + more;
    }
    const offset: u32 = (1 << width) + <u32>((buffer >> 1) >> (63 ^ width));
    buffer <<= width;
    bits -= width;
    if (length > end - out) {
      fault = PAST_END;
      break;
    }
    if (offset > out - DECODER_OUTPUT) {
      fault = BEFORE_START;
      break;
    }

    const stop = out + length;
    let from = out - offset;
    if (offset >= 16) {
      v128.store(out, v128.load(from));
      if (length > 16) {
        do {
          out += 16;
          from += 16;
          v128.store(out, v128.load(from));
        } while (out + 16 < stop);
      }
    } else {
      const pattern = v128.swizzle(v128.load(from), v128.load(DECODER_PATTERNS + (offset << 4)));
      const step: u32 = load<u8>(DECODER_STEPS + offset);
      v128.store(out, pattern);
      for (out += step; out < stop; out += step) v128.store(out, pattern);
    }
    out = stop;
  }

  // Symbols decoded past the end of the output do not count as read.
  for (; out > end; out--) undone += load<u8>(DECODER_LENGTHS + load<u8>(out - 1));
  const read = next - ((((bits & 63) + undone) >> 4) << 1);
  if (read > inputEnd) return TRUNCATED | (inputSize << 4);
  return fault == 0 ? 0 : fault | ((read - DECODER_INPUT) << 4);
}
