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

export let buffer: u64 = 0;
export let bits: u32 = 0;
export let cursor: usize = 0;
/** Lowest address that holds input; a cursor below it has run out. */
export let floor: usize = 0;
/** Address above the first word. */
export let top: usize = 0;

/** Starts to read `input`, whose words are reversed into `slab`. Clears 18 bytes after the input. */
export function startBits(input: usize, size: usize, slab: usize): void {
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
  top = end;
  floor = slab + REVERSE_PAD;
  setBits(0, 0, end);
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

/** Puts back what a loop kept in locals, or moves. */
@inline
export function setBits(newBuffer: u64, newBits: u32, newCursor: usize): void {
  buffer = newBuffer;
  bits = newBits;
  cursor = newCursor;
}

/** Bits used so far. */
@inline
export function usedBits(): usize {
  return ((top - cursor) << 3) - bits;
}

/** Takes up to 17 bits. */
@inline
export function take(count: u32): u32 {
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
export function overrun(): bool {
  return cursor + (bits >> 3) < floor;
}
