// Decoder: walks the blocks of a chunk.

import { moveTo, overrun, reversedSize, startBits, take, usedBits } from './bits';
import { mainLengths, readCodes, startCodes } from './decodeCodes';
import { OUTPUT_SLACK, setUpCopies } from './decodeCopy';
import { BYTE_LIST, setUpEntries } from './decodeEntries';
import { readAligned, readVerbatim, setOffsets } from './decodeSymbols';
import { decodeCalls } from './e8';
import {
  BLOCK_ALIGNED,
  BLOCK_UNCOMPRESSED,
  BLOCK_VERBATIM,
  DEFAULT_BLOCK,
  mainSymbols,
  windowOrder,
} from './format';
import { slab } from './memory';
import { Status } from './status';

let order: u32 = 0;
let symbols: u32 = 0;
let input: usize = 0;
let reversed: usize = 0;
let output: usize = 0;
let size: usize = 0;

/** Sets up for chunks of up to `maxChunkSize` bytes, in a window of that size. */
export function setUpDecoder(maxChunkSize: usize, maxInput: usize): void {
  order = windowOrder(<u32>maxChunkSize);
  symbols = mainSymbols(order);
  input = slab(maxInput + 32);
  reversed = slab(reversedSize(maxInput));
  output = slab(maxChunkSize + OUTPUT_SLACK);
  setUpEntries(1 << order, slab(BYTE_LIST));
  setUpCopies();
}

export function decoderInput(): usize {
  return input;
}

export function decoderOutput(): usize {
  return output;
}

/** Bytes of input used so far: where a fault was found. */
export function decoderOffset(): usize {
  const used = (usedBits() + 7) >> 3;
  return min(used, size);
}

/** Reads the offsets and the bytes of an uncompressed block. */
function readUncompressed(inputSize: usize, start: usize, size: usize): Status {
  let at = ((usedBits() >> 4) + 1) << 1;
  if (at > inputSize || inputSize - at < 12 + size) return Status.Truncated;
  const r0 = load<u32>(input + at);
  const r1 = load<u32>(input + at, 4);
  const r2 = load<u32>(input + at, 8);
  if (r0 == 0 || r1 == 0 || r2 == 0) return Status.ZeroOffset;
  const none: u32 = 1 << order;
  setOffsets(min(r0, none), min(r1, none), min(r2, none));
  at += 12;
  memory.copy(start, input + at, size);
  at += (size + 1) & ~1;
  moveTo(at << 3);
  return Status.Done;
}

/** Decodes `inputSize` bytes of the input slab into `outputSize` bytes of the output slab. */
export function decode(inputSize: usize, outputSize: usize): Status {
  size = inputSize;
  startBits(input, inputSize, reversed);
  setOffsets(1, 1, 1);
  startCodes();
  let calls: u32 = 0;
  let out = output;
  const end = output + outputSize;
  while (out < end) {
    const type = take(3);
    let size: u32 = DEFAULT_BLOCK;
    if (take(1) == 0) {
      size = take(16);
      if (order >= 16) size = (size << 8) | take(8);
    }
    if (overrun()) return Status.Truncated;
    if (type < BLOCK_VERBATIM || type > BLOCK_UNCOMPRESSED) return Status.BadBlockType;
    if (size == 0 || size > <u32>(end - out)) return Status.BadBlockSize;
    let status: Status;
    if (type == BLOCK_UNCOMPRESSED) {
      status = readUncompressed(inputSize, out, size);
      calls = 1;
    } else {
      status = readCodes(type == BLOCK_ALIGNED, symbols);
      if (status == Status.Done) {
        status = type == BLOCK_ALIGNED ? readAligned(output, out, size) : readVerbatim(output, out, size);
      }
      // The first E8 of the data can only come from a literal.
      calls |= <u32>load<u8>(mainLengths + 0xe8);
    }
    if (status != Status.Done) return status;
    out += size;
  }
  if (calls != 0) decodeCalls(output, outputSize);
  return Status.Done;
}
