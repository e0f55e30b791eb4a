// The matches of the next positions, found ahead of the parser in batches: that keeps the finders' loops short and lets the
// processor wait for several of their reads at once.

import { findDeltas, setUpDeltas, startDeltas } from './deltaMatches';
import { deltasWritten } from './itemWriter';
import { slab } from './memory';
import { coarse, enter, largestSegment, nice, plantTree, setUpTree, touchPositions } from './matchTree';

const BATCH: u32 = 128;
/** Bytes of the record of a position with all matches that there can be. */
const LARGEST_RECORD: usize = 4 + (64 + 6) * 8;
/** Delta matches are not looked for where an LZ match is this long, except by thorough finders. */
const GOOD_ENOUGH: u32 = 4;
/** After one was written they are looked for at all of so many positions; otherwise in one of four blocks. */
const DELTA_STRETCH: u32 = 2048;
const DELTA_BLOCKS: u32 = 0x300;

/** The chunk, with zeros or at least something readable before and after. */
export let input: usize = 0;
let size: u32 = 0;
let useDeltas: bool = false;
let thorough: bool = false;
let segment: u32 = 0;

/** Records of the batch: counts of LZ and of delta matches (u16 each), then the matches, LZ ones longest first. */
let records: usize = 0;
/** Record of the parser's position. */
export let record: usize = 0;
/** That position, the end of the batch, and the start and end of the segment that the tree stands for. */
let at: u32 = 0;
let batchEnd: u32 = 0;
let segmentStart: u32 = 0;
let segmentEnd: u32 = 0;
/** A long match was found that goes up to here: the parser will hardly look at what is before. */
let coveredUntil: u32 = 0;

/** Delta matches are looked for at all positions up to here, beyond it in some blocks only. */
let allDeltasUntil: u32 = 0;
let deltasSeen: u32 = 0;

const FRONT: usize = 256;
const BACK: usize = 512;

export function setUpMatches(maxChunkSize: u32, niceLength: u32, withDeltas: bool, isThorough: bool): void {
  thorough = isThorough;
  useDeltas = withDeltas;
  segment = largestSegment(maxChunkSize);
  input = slab(FRONT + <usize>maxChunkSize + BACK) + FRONT;
  records = slab(<usize>BATCH * LARGEST_RECORD);
  setUpTree(segment, isThorough ? 2 : 3, niceLength);
  if (withDeltas) setUpDeltas();
}

/** Starts a chunk, which is in the input slab. */
export function startMatches(chunkSize: u32): void {
  size = chunkSize;
  memory.fill(input + size, 0, BACK);
  at = 0;
  batchEnd = 0;
  segmentStart = 0;
  segmentEnd = 0;
  coveredUntil = 0;
  record = records;
  allDeltasUntil = DELTA_STRETCH;
  deltasSeen = 0;
  if (useDeltas) startDeltas(input, size);
}

/** Length of what `a` and `b` have in common, knowing that `length` bytes are; at most `limit`. */
@inline
export function extend(a: usize, b: usize, length: u32, limit: u32): u32 {
  while (length < limit) {
    const different = load<u64>(a + length) ^ load<u64>(b + length);
    if (different != 0) {
      length += <u32>(ctz(different) >> 3);
      return length < limit ? length : limit;
    }
    length += 8;
  }
  return limit;
}

/** Gives matches their whole length, as far as it counts; returns the longest. */
function lengthen(position: u32, left: u32, matches: usize, end: usize): u32 {
  const here = input + position;
  const limit = left < nice ? left : nice;
  for (let match = matches; match < end; match += 8) {
    store<u32>(match, extend(here, here - load<u32>(match, 4), load<u32>(match), limit));
  }
  return load<u32>(matches);
}

function nextSegment(): void {
  segmentStart = segmentEnd;
  segmentEnd = size - segmentStart < segment ? size : segmentStart + segment;
  if (segmentEnd - segmentStart >= 2) plantTree(input + segmentStart, segmentEnd - segmentStart);
}

/** Fills the next batch of records. */
function fill(): void {
  if (batchEnd == segmentEnd) nextSegment();
  let to = records;
  if (deltasWritten != deltasSeen) {
    deltasSeen = deltasWritten;
    allDeltasUntil = batchEnd + DELTA_STRETCH;
  }
  const goodEnough = thorough ? nice : GOOD_ENOUGH;
  const findsDeltas = useDeltas && (thorough || batchEnd < allDeltasUntil || (batchEnd & DELTA_BLOCKS) == 0);
  const end = segmentEnd - batchEnd < BATCH ? segmentEnd : batchEnd + BATCH;
  for (let position = batchEnd; position < end; position++) {
    if ((position & 15) == 0) touchPositions(position + 16 - segmentStart, segmentEnd - segmentStart);
    const left = size - position;
    if (position < coveredUntil || position + 1 == segmentEnd) {
      if (position + 1 != segmentEnd) enter(position - segmentStart, 0, false);
      store<u32>(to, 0);
      to += 4;
      continue;
    }
    const found = enter(position - segmentStart, to + 4, true);
    let longest: u32 = 0;
    if (found != to + 4) {
      longest = coarse ? lengthen(position, left, to + 4, found) : load<u32>(to, 4);
      if (longest >= nice) {
        const here = input + position;
        coveredUntil = position + extend(here, here - load<u32>(to, 8), longest, left);
      }
    }
    let all = found;
    if (findsDeltas && longest < goodEnough && left >= 4) {
      all = findDeltas(position, left, found);
      for (let match = found; match < all; match += 8) {
        const length = load<u32>(match);
        if (length >= nice && position + length > coveredUntil) coveredUntil = position + length;
      }
    }
    store<u32>(to, (<u32>((found - to - 4) >> 3)) | ((<u32>((all - found) >> 3)) << 16));
    to = all;
  }
  batchEnd = end;
  record = records;
}

/** Makes the record of the parser's position ready. */
@inline
export function makeReady(): void {
  if (at == batchEnd) fill();
}

/** Moves on to the next position, whose record starts at `next`. */
@inline
export function moveOn(next: usize): void {
  at++;
  record = next;
}

/** Moves on by `count` positions. */
export function skip(count: u32): void {
  const to = at + count;
  while (batchEnd < to) {
    at = batchEnd;
    if (coveredUntil < to) coveredUntil = to;
    fill();
  }
  while (at < to) {
    const counts = load<u32>(record);
    record += 4 + ((<usize>((counts & 0xffff) + (counts >> 16))) << 3);
    at++;
  }
}
