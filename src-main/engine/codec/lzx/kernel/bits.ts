// Bit input. The stream's 16-bit words are first laid out in reverse order, last word at the lowest address. The whole
// stream then is one huge little-endian number that is read from its top: a plain 8-byte load yields the next bits in
// order, at any byte, so a refill needs no swapping. Where the reader stands is a single number, which a loop can keep in
// a register, and the bits are loaded anew from there: no count of buffered bits has to be kept.

const REVERSE_PAD: usize = 64;

/** Bytes that a slab for `size` bytes of reversed input needs. */
export function reversedSize(size: usize): usize {
  return REVERSE_PAD + size + 32;
}

/** A load of 64 bits goes this many bits below the byte that holds the next bit. */
const BELOW: usize = 56;

/** Address of the next bit, in bits from address 0 (bits are used downwards), less BELOW. */
export let position: usize = 0;
/** The position when all input has been used: one below it has run out. */
export let floor: usize = 0;
let top: usize = 0;

/** Starts to read `input`, whose words are reversed into `slab`. Clears 18 bytes after the input. */
export function startBits(input: usize, size: usize, slab: usize): void {
  v128.store(input + size, i64x2.splat(0));
  store<u16>(input + size, 0, 16);
  const words = (size + 1) >> 1;
  const end = slab + REVERSE_PAD + (words << 1);
  let to = end;
  const stop = input + (words << 1);
  for (let from = input; from < stop; from += 16) {
    to -= 16;
    const block = v128.load(from);
    v128.store(to, i16x8.shuffle(block, block, 7, 6, 5, 4, 3, 2, 1, 0));
  }
  top = (end << 3) - 1 - BELOW;
  floor = ((slab + REVERSE_PAD) << 3) - 1 - BELOW;
  position = top;
}

/** The bits from a position on, most significant first: 57 at least, zeros below. */
@inline
export function peek(at: usize): u64 {
  return load<u64>(at >> 3) << (~at & 7);
}

/** Puts back what a loop kept in a local. */
@inline
export function setPosition(at: usize): void {
  position = at;
}

/** Bits used so far. */
@inline
export function usedBits(): usize {
  return top - position;
}

/** Goes to the bit that follows the first `bits`. */
@inline
export function moveTo(bits: usize): void {
  position = top - bits;
}

/** Takes up to 17 bits. */
@inline
export function take(count: u32): u32 {
  const value = <u32>((peek(position) >> 1) >> (63 - count));
  position -= count;
  return value;
}

/** Whether more bits were used than there are. */
@inline
export function overrun(): bool {
  return position < floor;
}
