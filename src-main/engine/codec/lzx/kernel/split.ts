// Block splitting. The sequences of a stretch of input are cut into segments of a few kilobytes with a histogram each;
// then the neighbours that gain most from sharing a block are merged, until no merge gains.

import {
  addHistogram,
  countSequences,
  HISTOGRAM_SIZE,
  LENGTH_MASK,
  pairCost,
  SEQUENCE_SIZE,
} from './statistics';
import { slab } from './memory';
import { BIT } from './logarithm';

/** Allowance for a block's head and precodes, and for each symbol that has a code. */
const BLOCK_OVERHEAD: u32 = 700 * BIT;
const SYMBOL_OVERHEAD: u32 = BIT * 4;

const zero: usize = memory.data(3680, 16);

/** Bytes of input in a segment, at least. */
let segmentSize: u32 = 0;
let segments: u32 = 0;
let symbols: u32 = 0;
let histograms: usize = 0;
/** Per segment: histogram index, input end, sequence end, and the costs of it alone and of it merged with the next. */
let histogramOf: usize = 0;
let inputEnds: usize = 0;
let sequenceEnds: usize = 0;
let costs: usize = 0;
let mergedCosts: usize = 0;

export function setUpSplitter(stretch: u32, segment: u32, mainSymbols: u32): void {
  segmentSize = segment;
  symbols = mainSymbols;
  segments = stretch / segment + 2;
  histograms = slab(<usize>segments * HISTOGRAM_SIZE);
  histogramOf = slab((<usize>segments) << 2);
  inputEnds = slab((<usize>segments) << 2);
  sequenceEnds = slab((<usize>segments) << 2);
  costs = slab((<usize>segments) << 2);
  mergedCosts = slab((<usize>segments) << 2);
}

@inline
function histogramAt(block: usize): usize {
  return histograms + load<usize>(histogramOf + (block << 2)) * HISTOGRAM_SIZE;
}

@inline
function mergeCost(block: usize): void {
  store<u32>(
    mergedCosts + (block << 2),
    pairCost(histogramAt(block), histogramAt(block + 1), symbols, BLOCK_OVERHEAD, SYMBOL_OVERHEAD),
  );
}

/** Cuts the sequences into segments; returns how many. */
function cut(sequences: usize, end: usize, input: usize): usize {
  let count: usize = 0;
  let at = sequences;
  while (at < end) {
    const start = at;
    const startInput = input;
    const stop = input + segmentSize;
    let to = input;
    while (at < end && to < stop) {
      to += load<u32>(at) + (load<u32>(at, 4) & LENGTH_MASK);
      at += SEQUENCE_SIZE;
    }
    const histogram = histograms + count * HISTOGRAM_SIZE;
    memory.fill(histogram, 0, HISTOGRAM_SIZE);
    countSequences(histogram, start, at, startInput);
    input = to;
    store<usize>(histogramOf + (count << 2), count);
    store<usize>(inputEnds + (count << 2), input);
    store<usize>(sequenceEnds + (count << 2), at);
    count++;
  }
  return count;
}

@inline
function drop(list: usize, index: usize, count: usize): void {
  memory.copy(list + (index << 2), list + ((index + 1) << 2), (count - index - 1) << 2);
}

/** Splits the sequences of a stretch, whose first byte is at `input`, into blocks; returns how many. */
export function split(sequences: usize, end: usize, input: usize): usize {
  let count = cut(sequences, end, input);
  for (let i: usize = 0; i < count; i++) {
    store<u32>(costs + (i << 2), pairCost(histogramAt(i), zero, symbols, BLOCK_OVERHEAD, SYMBOL_OVERHEAD));
  }
  for (let i: usize = 0; i + 1 < count; i++) mergeCost(i);
  while (count > 1) {
    let best: usize = 0;
    let bestGain: i32 = i32.MIN_VALUE;
    for (let i: usize = 0; i + 1 < count; i++) {
      const apart = load<u32>(costs + (i << 2)) + load<u32>(costs + (i << 2), 4);
      const gain = <i32>(apart - load<u32>(mergedCosts + (i << 2)));
      if (gain > bestGain) {
        bestGain = gain;
        best = i;
      }
    }
    if (bestGain <= 0) break;
    addHistogram(histogramAt(best), histogramAt(best + 1));
    store<u32>(costs + (best << 2), load<u32>(mergedCosts + (best << 2)));
    store<usize>(histogramOf + ((best + 1) << 2), load<usize>(histogramOf + (best << 2)));
    drop(histogramOf, best, count);
    drop(inputEnds, best, count);
    drop(sequenceEnds, best, count);
    drop(costs, best + 1, count);
    drop(mergedCosts, best, count);
    count--;
    if (best + 1 < count) mergeCost(best);
    if (best > 0) mergeCost(best - 1);
  }
  return count;
}

/** Histogram of a block. */
export function blockHistogram(block: usize): usize {
  return histogramAt(block);
}

/** Address after the last input byte of a block. */
export function blockInputEnd(block: usize): usize {
  return load<usize>(inputEnds + (block << 2));
}

/** Address after the last sequence of a block. */
export function blockSequenceEnd(block: usize): usize {
  return load<usize>(sequenceEnds + (block << 2));
}
