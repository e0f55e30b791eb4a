// Writes blocks: picks the block type, writes the codes and then the items.

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
  REPEATS,
  slotBase,
  slotBits,
} from './format';
import { buildCodewords, buildLengths } from './huffman';
import { slab } from './memory';
import { repeat0, repeat1, repeat2 } from './repeats';
import { ALIGNED_AT, increment, LENGTH_AT, LENGTH_MASK, slotOfValue, VALUE_SHIFT } from './statistics';

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

/** Writes the items with the codes set. At most 31 bits are pending between writes, so that a match's parts fit. */
@inline
function putItems(items: usize, end: usize, input: usize, aligned: bool): void {
  let to = cursor;
  let bits = pending;
  let count = pendingBits;
  for (let at = items; at < end; at += 4) {
    const item = load<u32>(at);
    const length = item & LENGTH_MASK;
    if (length == 1) {
      const code = load<u32>(mainCodes + ((<usize>load<u8>(input)) << 2));
      bits = (bits << (code & 0xff)) | (code >> 8);
      count += code & 0xff;
      input++;
      if (count >= 32) {
        count -= 32;
        store<u32>(to, rotl(<u32>(bits >> count), 16));
        to += 4;
      }
      continue;
    }
    const value = item >> VALUE_SHIFT;
    const slot = slotOfValue(value);
    const header = length < 9 ? length - 2 : 7;
    let code = load<u32>(mainCodes + ((LITERALS + (slot << 3) + header) << 2));
    bits = (bits << (code & 0xff)) | (code >> 8);
    count += code & 0xff;
    if (header == 7) {
      code = load<u32>(lengthCodes + ((length - 9) << 2));
      bits = (bits << (code & 0xff)) | (code >> 8);
      count += code & 0xff;
    }
    if (count >= 32) {
      count -= 32;
      store<u32>(to, rotl(<u32>(bits >> count), 16));
      to += 4;
    }
    input += length;
    if (slot < REPEATS) continue;
    let plain = slotBits(slot);
    const extra = value - 2 - slotBase(slot);
    if (aligned && slot >= FIRST_ALIGNED_SLOT) {
      plain -= 3;
      code = load<u32>(alignedCodes + ((extra & 7) << 2));
      bits = (bits << plain) | (extra >> 3);
      bits = (bits << (code & 0xff)) | (code >> 8);
      count += plain + (code & 0xff);
    } else {
      bits = (bits << plain) | extra;
      count += plain;
    }
    if (count >= 32) {
      count -= 32;
      store<u32>(to, rotl(<u32>(bits >> count), 16));
      to += 4;
    }
  }
  while (count >= 16) {
    count -= 16;
    store<u16>(to, <u16>(bits >> count));
    to += 2;
  }
  cursor = to;
  pending = bits;
  pendingBits = count;
}

/**
 * Writes a block of `size` bytes of `input` as the given items, which the histogram has counted.
 * The recent offsets must stand after the items: an uncompressed block has to state them.
 * @returns false when the output's limit is passed
 */
export function putBlock(histogram: usize, items: usize, end: usize, input: usize, size: u32): bool {
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
  if (order > MIN_WINDOW_ORDER && bits + 8 * 22 > size << 3) return putUncompressed(input, size);
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
  if (aligned) putItems(items, end, input, true);
  else putItems(items, end, input, false);
  return true;
}
