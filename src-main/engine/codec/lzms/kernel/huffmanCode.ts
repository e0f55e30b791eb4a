// The adaptive Huffman codes: their frequencies, and the codes that are built from them.

import { MAX_CODEWORD } from './format';
import { buildLengths, lengthCounts, lengths } from './codeLengths';

/** Bytes that the frequencies of `symbols` symbols need: u16 each, and room for whole vectors. */
@inline
export function frequenciesSize(symbols: u32): usize {
  return ((<usize>symbols + 7) & ~7) << 1;
}

/** Frequencies that a chunk starts with. */
export function startFrequencies(frequencies: usize, symbols: u32): void {
  const end = frequencies + frequenciesSize(symbols);
  for (let at = frequencies; at < end; at += 16) v128.store(at, i16x8.splat(1));
}

/** Halves the frequencies, after a code was built from them. */
export function ageFrequencies(frequencies: usize, symbols: u32): void {
  const end = frequencies + frequenciesSize(symbols);
  for (let at = frequencies; at < end; at += 16) {
    v128.store(at, i16x8.add(i16x8.shr_u(v128.load(at), 1), i16x8.splat(1)));
  }
}

/** Per set of eight neighbours, as a mask: the numbers of those that are in it, in order (u8, eight of them). */
const picks: usize = memory.data(256 * 8, 64);

/** Fills the table that {@link orderSymbols} uses. */
export function setUpOrder(): void {
  for (let mask: usize = 0; mask < 256; mask++) {
    let at = picks + (mask << 3);
    for (let i: u32 = 0; i < 8; i++) {
      if (((mask >> i) & 1) != 0) {
        store<u8>(at, <u8>i);
        at++;
      }
    }
  }
}

/** Per length: its next codeword (u32). */
const nexts: usize = memory.data(16 * 4, 64);

/** Codes of fewer than two symbols: no codeword at all, or two of one bit. */
@inline
function countFew(symbols: u32): void {
  memory.fill(lengthCounts, 0, 16 * 4);
  store<u32>(lengthCounts, symbols << 1, 4);
}

/**
 * Builds the code of the frequencies (u16, each at least 1, see {@link frequenciesSize}) and writes its symbols in the order of
 * their codewords (u16). How many have which length is then in lengthCounts (codeLengths.ts). A single symbol is
 * joined by symbol 1.
 * @returns how many symbols were written
 */
export function orderSymbols(frequencies: usize, symbols: u32, ordered: usize): u32 {
  if (symbols < 2) {
    countFew(symbols);
    store<u32>(ordered, 1 << 16);
    return symbols << 1;
  }
  buildLengths(frequencies, symbols);
  // For one length after the other; what a vector has too much is overwritten by the next.
  let to = ordered;
  for (let length: u32 = 1; length <= MAX_CODEWORD; length++) {
    if (load<u32>(lengthCounts + ((<usize>length) << 2)) == 0) continue;
    const wanted = i8x16.splat(<i8>length);
    for (let at: usize = 0; at < <usize>symbols; at += 16) {
      const mask = (<u32>i8x16.bitmask(i8x16.eq(v128.load(lengths + at), wanted))) & 0xffff;
      const low = <usize>(mask & 0xff);
      const high = <usize>(mask >> 8);
      const base = i16x8.splat(<i16>at);
      v128.store(to, i16x8.add(i16x8.extend_low_i8x16_u(v128.load64_zero(picks + (low << 3))), base));
      to += (<usize>popcnt(<u32>low)) << 1;
      const base8 = i16x8.splat(<i16>(at + 8));
      v128.store(to, i16x8.add(i16x8.extend_low_i8x16_u(v128.load64_zero(picks + (high << 3))), base8));
      to += (<usize>popcnt(<u32>high)) << 1;
    }
  }
  return symbols;
}

/**
 * Builds the code of the frequencies (u16, each at least 1, see {@link frequenciesSize}) and writes its codewords, as
 * codeword << 8 | length (u32). A single symbol is joined by symbol 1: there must be room for two.
 */
export function buildCodewords(frequencies: usize, symbols: u32, codewords: usize): void {
  if (symbols < 2) {
    countFew(symbols);
    store<u32>(codewords, 1);
    store<u32>(codewords, (1 << 8) | 1, 4);
    return;
  }
  buildLengths(frequencies, symbols);
  let codeword: u32 = 0;
  for (let length: u32 = 1; length <= MAX_CODEWORD; length++) {
    store<u32>(nexts + ((<usize>length) << 2), codeword);
    codeword = (codeword + load<u32>(lengthCounts + ((<usize>length) << 2))) << 1;
  }
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length = <u32>load<u8>(lengths + <usize>symbol);
    const next = nexts + ((<usize>length) << 2);
    const here = load<u32>(next);
    store<u32>(next, here + 1);
    store<u32>(codewords + ((<usize>symbol) << 2), (here << 8) | length);
  }
}
