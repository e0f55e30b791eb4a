/** Sets bits [from, to) of a bitmap that begins at `offset`; nothing where `to` is not above `from`. */
export function setBits(bytes: Uint8Array, offset: number, from: number, to: number): void {
  change(bytes, offset, from, to, true);
}

/** Clears them. */
export function clearBits(bytes: Uint8Array, offset: number, from: number, to: number): void {
  change(bytes, offset, from, to, false);
}

function change(bytes: Uint8Array, offset: number, from: number, to: number, value: boolean): void {
  if (to <= from) return;
  let bit = from;
  while (bit < to && bit % 8 !== 0) changeBit(bytes, offset, bit++, value);
  const whole = Math.floor((to - bit) / 8);
  bytes.fill(value ? 0xff : 0, offset + bit / 8, offset + bit / 8 + whole);
  bit += whole * 8;
  while (bit < to) changeBit(bytes, offset, bit++, value);
}

function changeBit(bytes: Uint8Array, offset: number, bit: number, value: boolean): void {
  const at = offset + Math.floor(bit / 8);
  if (value) bytes[at] |= 1 << (bit % 8);
  else bytes[at] &= ~(1 << (bit % 8));
}
