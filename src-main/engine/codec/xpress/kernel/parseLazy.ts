// Greedy and lazy parsing: take the longest match, but look one or two positions on before settling for it.
import { enter, find, HASHED } from './matchFinder';
import { addSequence, countLiterals, offsetWidth, startSequences } from './sequences';

/** Literals in a row, as a power of two, after which searches become sparser. */
const PATIENCE: u32 = 8;

/** What a match is worth, in quarters of a byte: its length, less what its offset takes. */
@inline
function worth(match: u32): i32 {
  return <i32>((match >> 16) << 2) - <i32>offsetWidth(match & 0xffff);
}

/**
 * Where to search next when nothing was found before `position`. After a long run of literals, which only data that is
 * compressed already has, not every position is worth a search; but all are entered, so that a repetition is found.
 */
@inline
function missed(anchor: u32, position: u32, last: i32): u32 {
  const skip = min((position - anchor) >> PATIENCE, 7);
  if (skip > 0) enter(position, skip, last);
  return position + skip;
}

/** Parses greedily: the first match found is taken. */
export function parseGreedy(size: u32, depth: u32, nice: u32): void {
  startSequences();
  const last = <i32>size - <i32>HASHED;
  let anchor: u32 = 0;
  let position: u32 = 0;
  while (<i32>position <= last) {
    const match = find(position, size - position, 2, depth, nice);
    if (match == 0) {
      position = missed(anchor, position + 1, last);
      continue;
    }
    const length = match >> 16;
    addSequence(anchor, position, length, match & 0xffff);
    enter(position + 1, length - 1, last);
    position += length;
    anchor = position;
  }
  countLiterals(anchor, size);
}

/** Parses lazily. */
export function parseLazy(size: u32, depth: u32, nice: u32): void {
  startSequences();
  const last = <i32>size - <i32>HASHED;
  let anchor: u32 = 0;
  let position: u32 = 0;
  while (<i32>position <= last) {
    let match = find(position, size - position, 2, depth, nice);
    position++;
    if (match == 0) {
      position = missed(anchor, position, last);
      continue;
    }
    // From here on `position` is one past the start of `match`, and entered up to there.
    while (match >> 16 < nice && <i32>position <= last) {
      const better = find(position, size - position, (match >> 16) - 1, depth >> 1, nice);
      position++;
      if (better == 0 || worth(better) <= worth(match) + 2) {
        addSequence(anchor, position - 2, match >> 16, match & 0xffff);
        enter(position, (match >> 16) - 2, last);
        anchor = position + (match >> 16) - 2;
        match = 0;
        break;
      }
      match = better;
    }
    if (match != 0) {
      addSequence(anchor, position - 1, match >> 16, match & 0xffff);
      enter(position, (match >> 16) - 1, last);
      anchor = position + (match >> 16) - 1;
    }
    position = anchor;
  }
  countLiterals(anchor, size);
}
