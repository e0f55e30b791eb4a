// Writes blocks: picks the block type, writes the codes and then the sequences.

import {
  ALIGNED_SYMBOLS,
  BLOCK_ALIGNED,
  BLOCK_UNCOMPRESSED,
  BLOCK_VERBATIM,
  DEFAULT_BLOCK,
  FIRST_ALIGNED_SLOT,
  LENGTH_SYMBOLS,
  LITERALS,
  MAX_ALIGNED_BITS,
  MAX_LENGTH_BITS,
  MAX_MAIN_BITS,
  MAX_MAIN_SYMBOLS,
  MIN_WINDOW_ORDER,
  PRECODE_SYMBOLS,
  slotBits,
} from './format';
import { buildCodewords, buildLengths } from './huffman';
import { slab } from './memory';
import { repeat0, repeat1, repeat2 } from './repeats';
import {
  ALIGNED_AT,
  increment,
  LENGTH_AT,
  LENGTH_MASK,
  plainBitsOf,
  SEQUENCE_SIZE,
  slotOfValue,
  VALUE_SHIFT,
} from './statistics';

/** Room after the longest output that counts, for a block's header and a store that overshoots. */
const OUTPUT_SLACK: usize = 8192;

/** Lengths of the block being written: literals, matches, then the length code. */
const mainLengths: usize = memory.data(672, 16);
const lengthLengths: usize = memory.data(256, 16);
const alignedLengths: usize = memory.data(16, 16);
const precodeLengths: usize = memory.data(32, 16);
/** Lengths of the block before. */
const lastMainLengths: usize = memory.data(672, 16);
const lastLengthLengths: usize = memory.data(256, 16);
const mainCodes: usize = memory.data(656 * 4, 16);
const lengthCodes: usize = memory.data(252 * 4, 16);
const alignedCodes: usize = memory.data(8 * 4, 16);
const precodeCodes: usize = memory.data(20 * 4, 16);
const precodeFrequencies: usize = memory.data(20 * 4, 16);
/** Run-length coded lengths: precode symbol | extra value << 8 | count of extra bits << 16. */
const lengthItems: usize = memory.data(1024 * 4, 16);

export let output: usize = 0;
/** Whether a block may have to state the recent offsets. */
export let tellsRepeats: bool = false;
let symbols: u32 = 0;
let order: u32 = 0;
let limit: usize = 0;
/** Next word to write, and the bits that do not fill one yet. */
let cursor: usize = 0;
let pending: u64 = 0;
let pendingBits: u32 = 0;

export function setUpWriter(maxChunkSize: usize, windowOrder: u32, mainSymbols: u32): void {
  output = slab(maxChunkSize + OUTPUT_SLACK);
  order = windowOrder;
  tellsRepeats = order > MIN_WINDOW_ORDER;
  symbols = mainSymbols;
}

/** Starts a chunk that may take up to `size` bytes. */
export function startWriting(size: usize): void {
  limit = output + size;
  cursor = output;
  pending = 0;
  pendingBits = 0;
  memory.fill(lastMainLengths, 0, MAX_MAIN_SYMBOLS);
  memory.fill(lastLengthLengths, 0, LENGTH_SYMBOLS);
}

/** Pads to a word and returns the bytes written, 0 when they exceed the limit. */
export function finishWriting(): usize {
  if (pendingBits > 0) put(0, 16 - pendingBits);
  return cursor > limit ? 0 : cursor - output;
}

/** Writes up to 32 bits. */
@inline
function put(value: u32, count: u32): void {
  pending = (pending << count) | value;
  pendingBits += count;
  while (pendingBits >= 16) {
    pendingBits -= 16;
    store<u16>(cursor, <u16>(pending >> pendingBits));
    cursor += 2;
  }
}

/** Appends one item of the length coding. */
@inline
function lengthItem(at: usize, symbol: u32, extra: u32, extraBits: u32): usize {
  increment(precodeFrequencies + (symbol << 2));
  store<u32>(at, symbol | (extra << 8) | (extraBits << 16));
  return at + 4;
}

@inline
function difference(last: u32, length: u32): u32 {
  return last >= length ? last - length : last - length + 17;
}

/** Writes the precode and then `count` lengths, as differences from the last block's. */
function putLengths(lengths: usize, last: usize, count: u32): void {
  memory.fill(precodeFrequencies, 0, PRECODE_SYMBOLS * 4);
  let end = lengthItems;
  let i: u32 = 0;
  while (i < count) {
    const length = <u32>load<u8>(lengths + i);
    let run: u32 = 1;
    while (i + run < count && <u32>load<u8>(lengths + i + run) == length) run++;
    if (length == 0) {
      while (run >= 20) {
        const part = run < 51 ? run : 51;
        end = lengthItem(end, 18, part - 20, 5);
        run -= part;
        i += part;
      }
      if (run >= 4) {
        end = lengthItem(end, 17, run - 4, 4);
        i += run;
        run = 0;
      }
    } else {
      while (run >= 4) {
        const part: u32 = run > 4 ? 5 : 4;
        const symbol = difference(load<u8>(last + i), length);
        end = lengthItem(end, 19, part - 4, 1);
        end = lengthItem(end, symbol, 0, 0);
        run -= part;
        i += part;
      }
    }
    for (; run > 0; run--, i++) end = lengthItem(end, difference(load<u8>(last + i), length), 0, 0);
  }
  buildLengths(precodeFrequencies, PRECODE_SYMBOLS, 15, precodeLengths);
  buildCodewords(precodeLengths, PRECODE_SYMBOLS, precodeCodes);
  for (let symbol: u32 = 0; symbol < PRECODE_SYMBOLS; symbol++) put(load<u8>(precodeLengths + symbol), 4);
  for (let at = lengthItems; at < end; at += 4) {
    const item = load<u32>(at);
    const code = load<u32>(precodeCodes + ((item & 0xff) << 2));
    put(code >> 8, code & 0xff);
    put((item >> 8) & 0xff, item >> 16);
  }
  memory.copy(last, lengths, count);
}

/** Bits that a code spends on a histogram. */
function codedBits(frequencies: usize, lengths: usize, count: u32): u32 {
  let bits: u32 = 0;
  for (let i: u32 = 0; i < count; i++) bits += load<u32>(frequencies + (i << 2)) * load<u8>(lengths + i);
  return bits;
}

function putBlockHeader(type: u32, size: u32): void {
  put(type, 3);
  if (size == DEFAULT_BLOCK) {
    put(1, 1);
    return;
  }
  put(0, 1);
  put(size, order >= 16 ? 24 : 16);
}

/** Writes a block's bytes as they are; false when the limit is passed. */
function putUncompressed(input: usize, size: u32): bool {
  if (cursor + size + 24 > limit) return false;
  putBlockHeader(BLOCK_UNCOMPRESSED, size);
  // A stream on a word boundary still gives a whole word up.
  put(0, 16 - pendingBits);
  store<u32>(cursor, repeat0);
  store<u32>(cursor, repeat1, 4);
  store<u32>(cursor, repeat2, 8);
  cursor += 12;
  memory.copy(cursor, input, size);
  store<u8>(cursor + size, 0);
  cursor += (size + 1) & ~1;
  return true;
}

/** The lowest `count` bits, up to 64, as words of the stream. */
@inline
function words(bits: u64, count: u32): u64 {
  const turned = rotr<u64>(bits << (64 - count), 32);
  return ((turned & 0xffff0000ffff0000) >> 16) | ((turned & 0x0000ffff0000ffff) << 16);
}

/** Bytes of whole words in `count` bits. */
@inline
function wholeWords(count: u32): u32 {
  return (count >> 4) << 1;
}

@inline
function mainCode(symbol: u32): u32 {
  return load<u32>(mainCodes + ((<usize>symbol) << 2));
}

/**
 * Writes the sequences with the codes set. Up to four words are stored at a time, and where fewer are whole, the next
 * store goes over the rest; at most 15 bits stay pending.
 */
@inline
function putSequences(sequences: usize, end: usize, input: usize, aligned: bool): void {
  let to = cursor;
  let bits = pending;
  let count = pendingBits;
  for (let at = sequences; at < end; at += SEQUENCE_SIZE) {
    let literals = load<u32>(at);
    const item = load<u32>(at, 4);
    for (;;) {
      // Nobody can foresee how many literals there are: three at a time are put without asking.
      const code0 = select<u32>(mainCode(load<u8>(input)), 0, literals > 0);
      const code1 = select<u32>(mainCode(load<u8>(input, 1)), 0, literals > 1);
      const code2 = select<u32>(mainCode(load<u8>(input, 2)), 0, literals > 2);
      bits = (bits << (code0 & 0xff)) | (code0 >> 8);
      bits = (bits << (code1 & 0xff)) | (code1 >> 8);
      bits = (bits << (code2 & 0xff)) | (code2 >> 8);
      count += (code0 & 0xff) + (code1 & 0xff) + (code2 & 0xff);
      store<u64>(to, words(bits, count));
      to += wholeWords(count);
      count &= 15;
      if (literals <= 3) break;
      literals -= 3;
      input += 3;
    }
    input += literals;
    if (item == 0) break;
    const value = item >> VALUE_SHIFT;
    const length = item & LENGTH_MASK;
    const slot = slotOfValue(value);
    const header = length - 2;
    let code = mainCode(LITERALS + (slot << 3) + min(header, 7));
    bits = (bits << (code & 0xff)) | (code >> 8);
    count += code & 0xff;
    code = select<u32>(
      load<u32>(lengthCodes + ((<usize>select<u32>(length - 9, 0, header >= 7)) << 2)),
      0,
      header >= 7,
    );
    bits = (bits << (code & 0xff)) | (code >> 8);
    count += code & 0xff;
    input += length;
    let plain = plainBitsOf(value);
    const extra = value & ((1 << plain) - 1);
    if (aligned) {
      store<u64>(to, words(bits, count));
      to += wholeWords(count);
      count &= 15;
      const split = slot >= FIRST_ALIGNED_SLOT;
      code = select<u32>(load<u32>(alignedCodes + ((extra & 7) << 2)), 0, split);
      plain -= select<u32>(3, 0, split);
      bits = (bits << plain) | (extra >> select<u32>(3, 0, split));
      bits = (bits << (code & 0xff)) | (code >> 8);
      count += plain + (code & 0xff);
    } else {
      bits = (bits << plain) | extra;
      count += plain;
    }
    store<u64>(to, words(bits, count));
    to += wholeWords(count);
    count &= 15;
  }
  cursor = to;
  pending = bits;
  pendingBits = count;
}

/**
 * Writes a block of `size` bytes of `input` as the given sequences, which the histogram has counted.
 * The recent offsets must stand after the sequences where tellsRepeats: an uncompressed block has to state them.
 * @returns false when the output's limit is passed
 */
export function putBlock(histogram: usize, sequences: usize, end: usize, input: usize, size: u32): bool {
  buildLengths(histogram, symbols, MAX_MAIN_BITS, mainLengths);
  buildLengths(histogram + LENGTH_AT, LENGTH_SYMBOLS, MAX_LENGTH_BITS, lengthLengths);
  buildLengths(histogram + ALIGNED_AT, ALIGNED_SYMBOLS, MAX_ALIGNED_BITS, alignedLengths);

  let plainBits: u32 = 0;
  let alignable: u32 = 0;
  for (let slot: u32 = 3; slot < (symbols - LITERALS) >> 3; slot++) {
    let matches: u32 = 0;
    const at = histogram + ((LITERALS + (slot << 3)) << 2);
    for (let header: usize = 0; header < 8; header++) matches += load<u32>(at + (header << 2));
    plainBits += matches * slotBits(slot);
    if (slot >= FIRST_ALIGNED_SLOT) alignable += matches;
  }
  const alignedBits = codedBits(histogram + ALIGNED_AT, alignedLengths, ALIGNED_SYMBOLS);
  const aligned = alignedBits + 3 * ALIGNED_SYMBOLS < 3 * alignable;
  let bits = codedBits(histogram, mainLengths, symbols);
  bits += codedBits(histogram + LENGTH_AT, lengthLengths, LENGTH_SYMBOLS) + plainBits;
  if (aligned) bits -= 3 * alignable - alignedBits;

  // The code lengths take more than 40 bytes, an uncompressed block's head up to 18. A 32 KiB window is what Microsoft's
  // own programs read, and uncompressed blocks are not seen there: the chunk is soon stored instead.
  if (tellsRepeats && bits + 8 * 22 > size << 3) return putUncompressed(input, size);
  putBlockHeader(aligned ? BLOCK_ALIGNED : BLOCK_VERBATIM, size);
  if (aligned) {
    for (let i: u32 = 0; i < ALIGNED_SYMBOLS; i++) put(load<u8>(alignedLengths + i), 3);
    buildCodewords(alignedLengths, ALIGNED_SYMBOLS, alignedCodes);
  }
  putLengths(mainLengths, lastMainLengths, LITERALS);
  putLengths(mainLengths + LITERALS, lastMainLengths + LITERALS, symbols - LITERALS);
  putLengths(lengthLengths, lastLengthLengths, LENGTH_SYMBOLS);
  if (cursor + ((bits + 7) >> 3) > limit) return false;
  buildCodewords(mainLengths, symbols, mainCodes);
  buildCodewords(lengthLengths, LENGTH_SYMBOLS, lengthCodes);
  if (aligned) putSequences(sequences, end, input, true);
  else putSequences(sequences, end, input, false);
  return true;
}
