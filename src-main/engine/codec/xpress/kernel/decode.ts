// Decoder of one chunk. See xpress.ts for the format, and decodeEntries.ts for what entries and records say.
//
// It is bound by how long each symbol makes the next one wait and by branches that are guessed wrongly, hence:
// - whether a symbol is a literal or a match decides no branch;
// - the entry of the next symbol is looked up in bits that are at hand, while those after it are being loaded;
// - no test for the end of the input is made on the way: the slab is as long as any chunk can reach, and what was read past
//   the end can only lead to a fault or a final position past the end, both of which are then reported as truncation.
import { EVEN_POSITION, isOdd, layOutEven, layOutOdd, peek, skipBytes, usedUpTo } from './decodeBits';
import { copyLong, copyShortPattern, setUpCopies } from './decodeCopy';
import { ENTRY_BITS, EXTENDED, LENGTH_SHIFT, LONG, recordOf, setUpEntries } from './decodeEntries';
import { buildTables, LINK, longBase } from './decodeTable';
import {
  DECODER_END,
  DECODER_INPUT,
  DECODER_LONG_TABLE,
  DECODER_OUTPUT,
  DECODER_RECORDS,
  DECODER_TABLE,
  DECODER_TABLE_BITS,
  HEADER,
  MAX_CODE_LENGTH,
  reserve,
} from './layout';

// Faults, as the wrapper knows them; the result is fault | offset << 4.
const TRUNCATED: u32 = 1;
const OVERSUBSCRIBED: u32 = 2;
const INCOMPLETE: u32 = 3;
const BEFORE_START: u32 = 4;
const PAST_END: u32 = 5;
const BAD_LENGTH: u32 = 6;

/** Sets an instance up for decoding. */
export function prepareDecoder(): void {
  reserve(DECODER_END);
  setUpEntries();
  setUpCopies();
}

@inline
function mainEntry(from: u64): u32 {
  const index = (<u32>(from >> (62 - DECODER_TABLE_BITS))) & (((1 << DECODER_TABLE_BITS) - 1) << 2);
  return load<u32>(index, DECODER_TABLE);
}

/** Decodes `inputSize` bytes of the input slab to `outputSize` bytes of the output slab; 0 is success. */
export function decode(inputSize: u32, outputSize: u32): u32 {
  const inputEnd = DECODER_INPUT + inputSize;
  if (inputSize < HEADER) return TRUNCATED | (inputSize << 4);
  const space = buildTables();
  if (space != 1 << MAX_CODE_LENGTH) return space < 1 << MAX_CODE_LENGTH ? INCOMPLETE : OVERSUBSCRIBED;
  layOutEven(inputEnd);
  let odd = false;
  let hasOdd = false;
  const longStart = longBase;
  const end = DECODER_OUTPUT + outputSize;
  let out = DECODER_OUTPUT;
  let fault: u32 = 0;
  let position = EVEN_POSITION;
  let from = peek(position);
  let entry = mainEntry(from);
  while (out < end) {
    if (entry & (LINK | LONG)) {
      if (entry & LINK) {
        entry = load<u32>((<u32>(from >> (64 - MAX_CODE_LENGTH)) - longStart) << 2, DECODER_LONG_TABLE);
      }
      if (entry & LONG) {
        from = rotl(from, <u64>entry);
        position -= entry & ENTRY_BITS;
        const record = recordOf(entry);
        const offset =
          ((<u32>from) & load<u32>(record, DECODER_RECORDS + 4)) + load<u32>(record, DECODER_RECORDS);
        let length = entry >> LENGTH_SHIFT;
        if (length < EXTENDED) {
          entry = mainEntry(from);
        } else {
          // The writer reserved another word beyond those it had begun; the bytes come after it.
          const at = usedUpTo(position + load<u32>(record, DECODER_RECORDS + 12), odd) + 2;
          let behind = at + 1;
          let more: u32 = load<u8>(at);
          if (more == 255) {
            more = load<u16>(at, 1);
            behind = at + 3;
            if (more == 0) {
              more = load<u32>(at, 3);
              behind = at + 7;
            }
            if (more < 15 && behind <= inputEnd) {
              fault = BAD_LENGTH;
              break;
            }
            more -= 15;
          }
          // Words given back may hide from the final test that these bytes were past the end.
          if (behind > inputEnd) return TRUNCATED | (inputSize << 4);
          if (isOdd(behind) && !hasOdd) {
            layOutOdd(inputEnd);
            hasOdd = true;
          }
          position = skipBytes(position, odd, at, behind);
          odd = isOdd(behind);
          entry = mainEntry(peek(position));
          // A length near 2^32 must not wrap round to a small one.
          length = more > 0xffffff ? 0xffffff : length + more;
        }
        from = peek(position);
        if (length > end - out) {
          fault = PAST_END;
          break;
        }
        if (offset > out - DECODER_OUTPUT) {
          fault = BEFORE_START;
          break;
        }
        copyLong(out, offset, length);
        out += length;
        continue;
      }
    }
    from = rotl(from, <u64>entry);
    const record = recordOf(entry);
    const distance =
      ((<u32>from) & load<u32>(record, DECODER_RECORDS + 4)) + load<u32>(record, DECODER_RECORDS);
    const nextEntry = mainEntry(from);
    const source = (out & load<u32>(record, DECODER_RECORDS + 8)) - distance;
    position -= entry & ENTRY_BITS;
    from = peek(position);
    if (source < DECODER_OUTPUT) {
      fault = BEFORE_START;
      break;
    }
    const length = entry >> LENGTH_SHIFT;
    if (distance < length) copyShortPattern(out, distance);
    else v128.store(out, v128.load(source));
    out += length;
    entry = nextEntry;
  }
  if (fault == 0 && out > end) fault = PAST_END;
  const read = usedUpTo(position, odd);
  if (read > inputEnd) return TRUNCATED | (inputSize << 4);
  return fault == 0 ? 0 : fault | ((read - DECODER_INPUT) << 4);
}
