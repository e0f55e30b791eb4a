// Greedy and lazy parsing: take the longest match, but look one or two positions on before settling for it.
import { findFirst, findLonger, nextLinked } from './matchFinder';
import { addSequence, countLiterals, offsetWidth, startSequences } from './sequences';

/** A match of no length at an offset that any other is preferred to. */
const NONE: u32 = 0xffff;

/** What a match is worth: its length, less what its offset takes. */
@inline
function worth(match: u32): i32 {
  return <i32>((match >> 16) * 3) - <i32>offsetWidth(match & 0xffff);
}

/** Parses greedily: the first match found is taken. */
export function parseGreedy(size: u32, depth: u32, nice: u32): void {
  startSequences();
  let anchor: u32 = 0;
  let position = nextLinked(0, size);
  while (position < size) {
    const match = findFirst(position, size - position, depth, nice);
    const length = match >> 16;
    addSequence(anchor, position, length, match & 0xffff);
    anchor = position + length;
    position = nextLinked(anchor, size);
  }
  countLiterals(anchor, size);
}

/** Parses lazily. */
export function parseLazy(size: u32, depth: u32, nice: u32): void {
  startSequences();
  let anchor: u32 = 0;
  let position = nextLinked(0, size);
  while (position < size) {
    let match = findFirst(position, size - position, depth, nice);
    while (match >> 16 < nice && position + (match >> 16) < size) {
      const longest = max((match >> 16) - 1, 3);
      const better = findLonger(position + 1, size - position - 1, longest, depth >> 1, nice, NONE);
      if (worth(better) <= worth(match) + 2) break;
      match = better;
      position++;
    }
    addSequence(anchor, position, match >> 16, match & 0xffff);
    anchor = position + (match >> 16);
    position = nextLinked(anchor, size);
  }
  countLiterals(anchor, size);
}
