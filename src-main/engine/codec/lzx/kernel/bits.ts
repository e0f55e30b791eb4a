// Bit input. The stream's 16-bit words are first laid out in reverse order, last word at the lowest address. The whole
// stream then is one huge little-endian number that is read from its top: a plain 8-byte load below the cursor yields
// the next 64 bits in order, at any byte, so a refill needs no swapping and leaves at least 56 bits.
//
// buffer holds the next bits, most significant first; below the `bits` that count, it may hold more of the stream, which
// a refill ORs over with the same bits. cursor is the address just above the first byte that is not counted.

const REVERSE_PAD: usize = 64;

/** Bytes that a slab for `size` bytes of reversed input needs. */
export function reversedSize(size: usize): usize {
  return REVERSE_PAD + size + 32;
}

/**
 * Reverses the words of `input` into `slab` and returns the address above its first word.
 * Clears 18 bytes after the input; everything below {@link reversedFloor} is padding.
 */
export function reverseWords(input: usize, size: usize, slab: usize): usize {
  memory.fill(input + size, 0, 18);
  const words = (size + 1) >> 1;
  const end = slab + REVERSE_PAD + (words << 1);
  let to = end;
  const stop = input + (words << 1);
  for (let from = input; from < stop; from += 16) {
    to -= 16;
    const block = v128.load(from);
    v128.store(to, i16x8.shuffle(block, block, 7, 6, 5, 4, 3, 2, 1, 0));
  }
  return end;
}

/** Lowest address that holds input; a cursor below it has run out. */
@inline
export function reversedFloor(slab: usize): usize {
  return slab + REVERSE_PAD;
}

@inline
export function refilled(buffer: u64, bits: u32, cursor: usize): u64 {
  return buffer | (load<u64>(cursor - 8) >> bits);
}

@inline
export function refilledCursor(bits: u32, cursor: usize): usize {
  return cursor - ((63 - bits) >> 3);
}

@inline
export function refilledBits(bits: u32): u32 {
  return bits | 56;
}
