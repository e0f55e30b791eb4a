// Fixed-point logarithms for costs and entropies. One bit is BIT units.

export const BIT_SHIFT: u32 = 6;
export const BIT: u32 = 1 << BIT_SHIFT;

const FRACTION_BITS: u32 = 9;
const fractions: usize = memory.data(512 * 4, 16);
const PRODUCTS: u32 = 1024;
const products: usize = memory.data(1024 * 4, 16);

/** Fills the tables: log2 by repeated squaring, so that nothing depends on a mathematical library. */
export function setUpLogarithms(): void {
  for (let i: u32 = 0; i < (<u32>1) << FRACTION_BITS; i++) {
    let mantissa: f64 = 1.0 + <f64>i / <f64>((<u32>1) << FRACTION_BITS);
    let value: f64 = 0;
    let digit: f64 = 0.5;
    for (let k = 0; k < 20; k++) {
      mantissa *= mantissa;
      if (mantissa >= 2) {
        mantissa /= 2;
        value += digit;
      }
      digit /= 2;
    }
    store<u32>(fractions + (i << 2), <u32>(value * <f64>BIT + 0.5));
  }
  for (let i: u32 = 1; i < PRODUCTS; i++) store<u32>(products + (i << 2), i * log2(i));
}

/** log2 of a value above zero. */
@inline
export function log2(value: u32): u32 {
  const top = 31 - clz(value);
  const mantissa = (value << (31 - top)) << 1;
  return (top << BIT_SHIFT) + load<u32>(fractions + ((<usize>(mantissa >> (32 - FRACTION_BITS))) << 2));
}

/** value * log2(value), 0 for 0; fits up to 2^21. */
@inline
export function valueLog2(value: u32): u32 {
  return value < PRODUCTS ? load<u32>(products + (value << 2)) : value * log2(value);
}
