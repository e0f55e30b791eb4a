// Writes the sequences of a chunk. The reader has always taken two words ahead of what it decoded, and the bytes of a long
// length stand after them, so two words of output are reserved at any time; a word is written once bits beyond it exist.
import {
  CODES,
  CODE_LENGTHS,
  END_SYMBOL,
  ENCODER_INPUT,
  ENCODER_OUTPUT,
  HEADER,
  MIN_MATCH,
  SEQUENCES,
  SEQUENCE_SIZE,
} from './layout';
import { lengthBytes, offsetBits, offsetWidth, sequenceEnd } from './sequences';

// While bytes of a length stand between the words reserved and those after: the words reserved, and the place after all.
let first: u32 = 0;
let second: u32 = 0;
let next: u32 = 0;

/** Size of the chunk whose symbols take `symbolBits`. */
export function compressedSize(symbolBits: u32): u32 {
  return HEADER + 2 * (((symbolBits + offsetBits - 1) >> 4) + 2) + lengthBytes;
}

/** Code of a symbol, and its length above it. */
@inline
function codeOf(symbol: u32): u32 {
  return load<u32>(CODES + (symbol << 2));
}

/** The last `count` bits, as words of the stream. */
@inline
function words(pending: u64, count: u32): u64 {
  const turned = rotr<u64>(pending << (64 - count), 32);
  return ((turned & 0xffff0000ffff0000) >> 16) | ((turned & 0x0000ffff0000ffff) << 16);
}

/** Bytes of the whole words that are written, of `count` bits: all but one of bits that nothing follows. */
@inline
function wholeWords(count: u32): u32 {
  return ((count - 1) >> 4) << 1;
}

/** Bits that are left then, 1 to 16. */
@inline
function leftOver(count: u32): u32 {
  return ((count - 1) & 15) + 1;
}

/** Writes whole words to the places reserved. */
function putApart(pending: u64, count: u32): void {
  while (count > 16) {
    count -= 16;
    store<u16>(first, <u16>(pending >> count));
    first = second;
    second = next;
    next += 2;
  }
}

/** Places the bytes of a long length. */
function putLength(length: u32): void {
  if (length < MIN_MATCH + 15 + 255) {
    store<u8>(next, length - MIN_MATCH - 15);
    next += 1;
  } else {
    store<u8>(next, 255);
    store<u16>(next, length - MIN_MATCH, 1);
    next += 3;
  }
}

/** Writes the chunk to the output slab, whose room the caller has checked. @returns its size */
export function emit(inputSize: u32): u32 {
  for (let i: u32 = 0; i < HEADER; i += 16) {
    const low = v128.load(CODE_LENGTHS + (i << 1));
    const high = v128.load(CODE_LENGTHS + (i << 1), 16);
    const pairs = v128.or(low, i16x8.shr_u(low, 4));
    const morePairs = v128.or(high, i16x8.shr_u(high, 4));
    const bytes = i16x8.splat(0xff);
    v128.store(ENCODER_OUTPUT + i, i8x16.narrow_i16x8_u(v128.and(pairs, bytes), v128.and(morePairs, bytes)));
  }
  // Bits not yet written: 1 to 16 of them after each flush. Where they go, and whether bytes of a length are in the way.
  let pending: u64 = 0;
  let count: u32 = 0;
  let at = ENCODER_OUTPUT + HEADER;
  let apart = false;

  let from = ENCODER_INPUT;
  let sequence = SEQUENCES;
  for (;;) {
    const isLast = sequence >= sequenceEnd;
    let literals: u32 = isLast ? ENCODER_INPUT + inputSize - from : <u32>load<u16>(sequence);
    for (;;) {
      // Nobody can foresee how many literals there are: three at a time are put without asking.
      const code0 = select<u32>(codeOf(load<u8>(from)), 0, literals > 0);
      const code1 = select<u32>(codeOf(load<u8>(from, 1)), 0, literals > 1);
      const code2 = select<u32>(codeOf(load<u8>(from, 2)), 0, literals > 2);
      pending = (pending << (code0 >> 16)) | (code0 & 0xffff);
      pending = (pending << (code1 >> 16)) | (code1 & 0xffff);
      pending = (pending << (code2 >> 16)) | (code2 & 0xffff);
      count += (code0 >> 16) + (code1 >> 16) + (code2 >> 16);
      if (literals <= 3) break;
      literals -= 3;
      from += 3;
      if (apart) {
        putApart(pending, count);
        count = leftOver(count);
        at = first;
        apart = next - first != 4;
        continue;
      }
      store<u64>(at, words(pending, count));
      at += wholeWords(count);
      count = leftOver(count);
    }
    from += literals;
    // Up to 61 bits, so that the next symbol may not fit.
    if (apart) {
      putApart(pending, count);
      at = first;
      apart = next - first != 4;
    } else {
      store<u64>(at, words(pending, count));
      at += wholeWords(count);
    }
    count = leftOver(count);
    if (isLast) break;
    const offset: u32 = load<u16>(sequence, 2);
    const length: u32 = load<u16>(sequence, 4);
    const code = codeOf(load<u16>(sequence, 6));
    sequence += SEQUENCE_SIZE;
    pending = (pending << (code >> 16)) | (code & 0xffff);
    count += code >> 16;
    if (length >= MIN_MATCH + 15) {
      if (!apart) {
        first = at;
        second = at + 2;
        next = at + 4;
      }
      putApart(pending, count);
      count = leftOver(count);
      putLength(length);
      at = first;
      apart = true;
    }
    const width = offsetWidth(offset);
    pending = (pending << width) | (offset ^ (1 << width));
    count += width;
    if (apart) {
      putApart(pending, count);
      at = first;
      apart = next - first != 4;
    } else {
      store<u64>(at, words(pending, count));
      at += wholeWords(count);
    }
    count = leftOver(count);
    from += length;
  }
  if (!apart) {
    first = at;
    second = at + 2;
    next = at + 4;
  }
  const last = codeOf(END_SYMBOL);
  pending = (pending << (last >> 16)) | (last & 0xffff);
  count += last >> 16;
  putApart(pending, count);
  count = leftOver(count);
  store<u16>(first, <u16>(pending << (16 - count)));
  store<u16>(second, 0);
  return next - ENCODER_OUTPUT;
}
