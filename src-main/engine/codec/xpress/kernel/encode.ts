// Encoder of one chunk.
import { compressedSize, emit } from './emit';
import { makeCode } from './huffman';
import { ENCODER_END, ENCODER_INPUT, matchCache, optimalEnd, reserve } from './layout';
import { linkPositions } from './matchFinder';
import { parseGreedy, parseLazy } from './parseLazy';
import { parseOptimal } from './parseOptimal';

let mode: u32 = 0;
let searchDepth: u32 = 1;
let niceLength: u32 = 0;
let optimalPasses: u32 = 0;
let largestChunk: u32 = 0;

/** Sets an instance up for encoding: mode 0 is greedy, 1 lazy, 2 near-optimal with so many passes. */
export function prepareEncoder(parseMode: u32, depth: u32, nice: u32, passes: u32, maxChunk: u32): void {
  mode = parseMode;
  searchDepth = depth;
  niceLength = nice;
  optimalPasses = passes;
  largestChunk = maxChunk;
  reserve(mode == 2 ? optimalEnd(maxChunk) : ENCODER_END);
}

/** Encodes `size` bytes, 1 or more, of the input slab; 0 when they do not fit in `capacity` bytes of the output slab. */
export function encode(size: u32, capacity: u32): u32 {
  // Comparisons read up to a vector past the end.
  memory.fill(ENCODER_INPUT + size, 0, 16);
  linkPositions(size);
  if (mode == 0) parseGreedy(size, searchDepth, niceLength);
  else if (mode == 1) parseLazy(size, searchDepth, niceLength);
  else parseOptimal(size, searchDepth, niceLength, optimalPasses, matchCache(largestChunk));
  const symbolBits = makeCode();
  if (compressedSize(symbolBits) > capacity) return 0;
  return emit(size);
}
