// Bit input. The stream's 16-bit words are first laid out in reverse order, so that the whole of it is one huge
// little-endian number that is read from its top: a plain 8-byte load yields the next bits in order, at any byte. Where
// the reader stands is a single number, and the bits are loaded anew from there.
//
// Bytes that stand amid the words, an odd number of them, put the words after them at odd places. So there is a second
// layout for these, made when it is first needed.
import { DECODER_EVEN_TOP, DECODER_INPUT, DECODER_ODD_TOP, HEADER } from './layout';

/** A load of 64 bits goes this many bits below the byte that holds the next bit. */
const BELOW: u32 = 56;

/** Where the layouts' first words are in the input. */
const EVEN_START: u32 = DECODER_INPUT + HEADER;
const ODD_START: u32 = EVEN_START + 1;

/** A position is the address of the next bit, in bits from address 0 (bits are used downwards), less BELOW. */
export const EVEN_POSITION: u32 = (DECODER_EVEN_TOP << 3) - 1 - BELOW;
const ODD_POSITION: u32 = (DECODER_ODD_TOP << 3) - 1 - BELOW;

function layOut(from: u32, end: u32, top: u32): void {
  for (; from < end; from += 16) {
    top -= 16;
    const words = v128.load(from);
    v128.store(top, i16x8.shuffle(words, words, 7, 6, 5, 4, 3, 2, 1, 0));
  }
}

/** Lays out the words at even places, up to `end` in the input. */
@inline
export function layOutEven(end: u32): void {
  layOut(EVEN_START, end, DECODER_EVEN_TOP);
}

/** Lays out those at odd places. */
@inline
export function layOutOdd(end: u32): void {
  layOut(ODD_START, end, DECODER_ODD_TOP);
}

/** The bits from a position on, most significant first: 57 at least, zeros below. */
@inline
export function peek(position: u32): u64 {
  return load<u64>(position >> 3) << (~position & 7);
}

/** Place in the input behind the words of which bits have been used. */
@inline
export function usedUpTo(position: u32, odd: bool): u32 {
  const used = (odd ? ODD_POSITION : EVEN_POSITION) - position;
  return (odd ? ODD_START : EVEN_START) + (((used + 15) >> 4) << 1);
}

/**
 * Takes the bytes [at, behind) of the input out of the stream: the two words before them, of which `position` has still
 * some bits to read, are put before what follows the bytes.
 * @returns the new position, in the odd layout when `behind` is at an odd place
 */
@inline
export function skipBytes(position: u32, odd: bool, at: u32, behind: u32): u32 {
  const from = odd ? DECODER_ODD_TOP + ODD_START - at : DECODER_EVEN_TOP + EVEN_START - at;
  const to = isOdd(behind) ? DECODER_ODD_TOP + ODD_START - behind : DECODER_EVEN_TOP + EVEN_START - behind;
  store<u32>(to, load<u32>(from));
  return position + ((to - from) << 3);
}

/** Whether the words at a place in the input are in the odd layout. */
@inline
export function isOdd(place: u32): bool {
  return ((place - EVEN_START) & 1) != 0;
}
