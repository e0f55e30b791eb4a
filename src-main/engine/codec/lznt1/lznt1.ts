/*
 * LZNT1, [MS-XCA] 2.5: what NTFS compresses files with.
 *
 * Data is a run of chunks that each expand to 4096 bytes, the last one to less. A chunk opens with a 16-bit word: the low
 * twelve bits are its size less one, without the word; bits 12 to 14 are 3; bit 15 says that it is compressed and not just
 * stored. A word of 0 ends the data. A compressed chunk is groups of a flag byte, lowest bit first, and eight items: a 0
 * is a literal byte, a 1 a match of 16 bits. How these are divided depends on how far the chunk has come: the offset
 * takes as many of the high bits as are needed to reach back to its start, at least four, and the rest is the length
 * less three.
 */
import { FormatError } from '../../../../src-shared/errors/appError';

/** Bytes that a chunk expands to. */
export const LZNT1_CHUNK_SIZE = 4096;

function malformed(offset: number, problem: string): FormatError {
  return new FormatError({ structure: 'LZNT1 chunk', offset, problem }, 'volume/malformed');
}

/**
 * Expands `input` to at most `output.length` bytes; what the data does not fill is set to zero. Chunks that are short, as
 * only the last one should be, are followed by zeroes up to the next 4096 bytes.
 * @returns bytes that the data holds
 * @throws FormatError `volume/malformed`; offsets count from the start of `input`
 */
export function decompressLznt1(input: Uint8Array, output: Uint8Array): number {
  let at = 0;
  let end = 0;
  for (let start = 0; start < output.length; start += LZNT1_CHUNK_SIZE) {
    const header = at + 2 <= input.length ? input[at] | (input[at + 1] << 8) : 0;
    if (header === 0) {
      output.fill(0, start);
      return end;
    }
    const size = (header & 0xfff) + 1;
    const data = at + 2;
    if (data + size > input.length)
      throw malformed(at, `${size} bytes, where ${input.length - data} are left`);
    const room = Math.min(start + LZNT1_CHUNK_SIZE, output.length);
    if ((header & 0x8000) === 0) {
      const count = Math.min(size, room - start);
      output.set(input.subarray(data, data + count), start);
      end = start + count;
    } else {
      end = expandChunk(input, data, data + size, output, start, room);
    }
    if (end < room) output.fill(0, end, room);
    at = data + size;
  }
  return end;
}

/** @returns end of what was written to `output`, which is `room` at most */
function expandChunk(
  input: Uint8Array,
  from: number,
  inputEnd: number,
  output: Uint8Array,
  start: number,
  room: number,
): number {
  let at = from;
  let to = start;
  // Bits of the length in a match, and the position from which on they are one fewer.
  let lengthBits = 12;
  let nextSplit = start + 16;
  while (at < inputEnd && to < room) {
    let flags = input[at++];
    if (flags === 0 && at + 8 <= inputEnd && to + 8 <= room) {
      for (let i = 0; i < 8; i++) output[to + i] = input[at + i];
      at += 8;
      to += 8;
      continue;
    }
    for (let item = 0; item < 8 && at < inputEnd && to < room; item++, flags >>= 1) {
      if ((flags & 1) === 0) {
        output[to++] = input[at++];
        continue;
      }
      if (at + 2 > inputEnd) throw malformed(at, 'it ends in the middle of a match');
      const match = input[at] | (input[at + 1] << 8);
      at += 2;
      while (to > nextSplit) {
        lengthBits--;
        nextSplit = start + 2 * (nextSplit - start);
      }
      const source = to - (match >> lengthBits) - 1;
      if (source < start) throw malformed(at - 2, 'a match reaches back before the start of the chunk');
      const length = (match & ((1 << lengthBits) - 1)) + 3;
      if (to + length > room) {
        // Of a chunk that is cut, such as the last one of a unit, no more is wanted.
        if (room - start === LZNT1_CHUNK_SIZE)
          throw malformed(at - 2, 'a match goes past the end of the chunk');
        for (let i = source; to < room; i++) output[to++] = output[i];
        break;
      }
      if (length > 24 && to - source >= length) {
        output.copyWithin(to, source, source + length);
        to += length;
      } else {
        for (const stop = to + length, distance = to - source; to < stop; to++)
          output[to] = output[to - distance];
      }
    }
  }
  return to;
}
