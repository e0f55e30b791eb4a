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

// Bits not yet written: 1 to 16 of them after each flush. The places reserved, and the first that is not.
let pending: u64 = 0;
let count: u32 = 0;
let first: u32 = 0;
let second: u32 = 0;
let next: u32 = 0;

/** Size of the chunk whose symbols take `symbolBits`. */
export function compressedSize(symbolBits: u32): u32 {
  return HEADER + 2 * (((symbolBits + offsetBits - 1) >> 4) + 2) + lengthBytes;
}

@inline
function put(symbol: u32): void {
  const code = load<u32>(CODES + (symbol << 2));
  const length = code >> 16;
  pending = (pending << length) | (code & 0xffff);
  count += length;
}

/** Writes all whole words except one of bits that nothing follows. At least one bit must be there. */
@inline
function flush(): void {
  if (next - first == 4) {
    // Slots in a row: up to four words at once; what is written too much is overwritten later.
    const turned = rotr<u64>(pending << (64 - count), 32);
    store<u64>(first, ((turned & 0xffff0000ffff0000) >> 16) | ((turned & 0x0000ffff0000ffff) << 16));
    const words = (count - 1) >> 4;
    first += words << 1;
    second = first + 2;
    next = first + 4;
    count -= words << 4;
  } else {
    while (count > 16) {
      count -= 16;
      store<u16>(first, <u16>(pending >> count));
      first = second;
      second = next;
      next += 2;
    }
  }
}

@inline
function putLiterals(from: u32, to: u32): void {
  for (; from + 3 <= to; from += 3) {
    put(load<u8>(from));
    put(load<u8>(from, 1));
    put(load<u8>(from, 2));
    flush();
  }
  if (from < to) {
    put(load<u8>(from));
    if (from + 1 < to) put(load<u8>(from, 1));
    flush();
  }
}

/** Writes the chunk to the output slab, whose room the caller has checked. @returns its size */
export function emit(inputSize: u32): u32 {
  for (let i: u32 = 0; i < HEADER; i++) {
    const pair: u32 = load<u16>(CODE_LENGTHS + (i << 1));
    store<u8>(ENCODER_OUTPUT + i, pair | (pair >> 4));
  }
  pending = 0;
  count = 0;
  first = ENCODER_OUTPUT + HEADER;
  second = first + 2;
  next = first + 4;

  let from = ENCODER_INPUT;
  for (let at = SEQUENCES; at < sequenceEnd; at += SEQUENCE_SIZE) {
    const to = from + load<u16>(at);
    putLiterals(from, to);
    const offset: u32 = load<u16>(at, 2);
    const length: u32 = load<u16>(at, 4);
    put(load<u16>(at, 6));
    if (length >= MIN_MATCH + 15) {
      flush();
      if (length < MIN_MATCH + 15 + 255) {
        store<u8>(next, length - MIN_MATCH - 15);
        next += 1;
      } else {
        store<u8>(next, 255);
        store<u16>(next, length - MIN_MATCH, 1);
        next += 3;
      }
    }
    const width = offsetWidth(offset);
    pending = (pending << width) | (offset ^ (1 << width));
    count += width;
    flush();
    from = to + length;
  }
  putLiterals(from, ENCODER_INPUT + inputSize);
  put(END_SYMBOL);
  flush();
  store<u16>(first, <u16>(pending << (16 - count)));
  store<u16>(second, 0);
  return next - ENCODER_OUTPUT;
}
