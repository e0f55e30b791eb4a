// The stream that is read from the back: codewords and plain bits. Its words are little-endian and come in falling order, so
// the stream is one huge little-endian number that is read from its top: a plain 8-byte load below the cursor
// yields the next 64 bits in order, at any byte.
//
// buffer holds the next bits, most significant first; below the `bits` that count, it may hold more of the stream, which
// a refill ORs over with the same bits. cursor is the address just above the first byte that is not counted.

@inline
export function refilled(buffer: u64, bits: u32, cursor: usize): u64 {
  return buffer | (load<u64>(cursor - 8) >> bits);
}

@inline
export function refilledCursor(bits: u32, cursor: usize): usize {
  return cursor - ((63 - bits) >> 3);
}

/** Bits after a refill: at least 56. */
@inline
export function refilledBits(bits: u32): u32 {
  return bits | 56;
}

/** The top `count` bits, which may be none. */
@inline
export function topBits(buffer: u64, count: u32): u32 {
  return <u32>((buffer >> 1) >> (63 - count));
}
