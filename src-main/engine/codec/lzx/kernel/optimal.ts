// Near-optimal parser.
//
// The input is taken in stretches. For each, all matches are found once and cached; a quick lazy parse over the cache
// gives statistics, by which the stretch is split into blocks and each block gets its first costs. Then every block is
// parsed for the least cost, once or more, with costs from the parse before.

import { putBlock } from './blockWriter';
import { setCosts } from './costs';
import { cache, fillCache, setUpCache, startCache } from './matchCache';
import { input } from './matching';
import { slab } from './memory';
import { collect, findPath, setUpPath } from './path';
import { followSequences, setRepeats } from './repeats';
import { sketch } from './sketch';
import { blockHistogram, blockInputEnd, setUpSplitter, split } from './split';
import { countSequences, HISTOGRAM_SIZE } from './statistics';

const LARGEST_STRETCH: u32 = 131072;
/** Bytes of a segment for block splitting. */
const SEGMENT: u32 = 2048;

const histogram: usize = memory.data(3680, 16);

let symbols: u32 = 0;
let passes: u32 = 0;
let sequences: usize = 0;
let sequencesEnd: usize = 0;

export function setUpOptimal(maxChunkSize: u32, level: u32, mainSymbols: u32): void {
  const stretch = maxChunkSize < LARGEST_STRETCH ? maxChunkSize : LARGEST_STRETCH;
  symbols = mainSymbols;
  passes = 1 + <u32>(level >= 60) + <u32>(level >= 75) + <u32>(level >= 100);
  setUpCache(maxChunkSize, level, stretch);
  setUpSplitter(stretch, SEGMENT, mainSymbols);
  setUpPath(stretch);
  sequences = slab((<usize>(stretch + 2)) << 2);
  sequencesEnd = sequences + ((<usize>(stretch + 2)) << 2);
}

/** Parses and writes a chunk; false when the output's limit is passed. */
export function compressOptimal(size: u32): bool {
  setRepeats(1, 1, 1);
  startCache(size);
  let start: u32 = 0;
  while (start < size) {
    const end = fillCache(start, size);
    const blocks = split(sequences, sketch(start, end, sequences), input + start);
    let from = cache;
    for (let block: usize = 0; block < blocks; block++) {
      const blockSize = <u32>(blockInputEnd(block) - input) - start;
      setCosts(blockHistogram(block), symbols);
      let next = from;
      let path: usize = 0;
      for (let pass: u32 = 0; pass < passes; pass++) {
        if (pass > 0) setCosts(histogram, symbols);
        next = findPath(start, blockSize, from);
        path = collect(blockSize, sequencesEnd);
        memory.fill(histogram, 0, HISTOGRAM_SIZE);
        countSequences(histogram, path, sequencesEnd, input + start);
      }
      from = next;
      followSequences(path, sequencesEnd);
      if (!putBlock(histogram, path, sequencesEnd, input + start, blockSize)) return false;
      start += blockSize;
    }
  }
  return true;
}
