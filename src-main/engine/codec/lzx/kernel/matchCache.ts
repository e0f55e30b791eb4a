// The matches of a stretch of input, found once: every pass of the near-optimal parser reads them again, in order.

import { LARGEST_NARROW, linkPositions, setUpLinks } from './links';
import { findAll, startFindingAll } from './longest';
import { lengthLimit } from './matching';
import { slab } from './memory';
import { LENGTH_MASK } from './statistics';
import { enterTree, findInTree, setUpTree } from './tree';

/** Level from which the tree is used for small chunks too. */
const FIRST_TREE_LEVEL: u32 = 75;
/** Cache entries per position, on average, before a stretch ends early; and the most that one position can add. */
const CACHE_AVERAGE: usize = 8;
const CACHE_RESERVE: usize = 512;

/** Per position: count of matches, then the matches. */
export let cache: usize = 0;
let cacheLimit: usize = 0;
/** A match of this length is taken as good enough: nothing is searched inside it. */
export let nice: u32 = 0;
let depth: u32 = 0;
let useTree: bool = false;
let stretch: u32 = 0;
let skipUntil: u32 = 0;

/** Sets up for stretches of up to `longest` bytes. */
export function setUpCache(maxChunkSize: u32, level: u32, longest: u32): void {
  stretch = longest;
  nice = (48 * level) / 50;
  useTree = maxChunkSize > LARGEST_NARROW || level >= FIRST_TREE_LEVEL;
  depth = useTree ? (24 * level) / 50 : (level * level) / 250;
  if (useTree) setUpTree(maxChunkSize);
  else setUpLinks(maxChunkSize, 16, 15);
  const cacheBytes = (<usize>stretch * CACHE_AVERAGE + CACHE_RESERVE) << 2;
  cache = slab(cacheBytes);
  cacheLimit = cache + cacheBytes - (CACHE_RESERVE << 2);
}

/** Starts a chunk. */
export function startCache(size: u32): void {
  skipUntil = 0;
  if (useTree) return;
  linkPositions(size);
  startFindingAll();
}

/** Finds the matches of a stretch from `start` on; returns where it ends. */
export function fillCache(start: u32, size: u32): u32 {
  return useTree ? fill(start, size, true) : fill(start, size, false);
}

@inline
function fill(start: u32, size: u32, tree: bool): u32 {
  const end = size - start < stretch ? size : start + stretch;
  let to = cache;
  let at = start;
  for (; at < end && to < cacheLimit; at++) {
    const limit = lengthLimit(size - at);
    if (at < skipUntil || limit < 4) {
      if (tree && limit >= 4) enterTree(at, limit, nice, depth);
      store<u32>(to, 0);
      to += 4;
      continue;
    }
    const found = tree ? findInTree(at, limit, nice, to + 4, depth) : findAll(at, limit, nice, to + 4, depth);
    store<u32>(to, <u32>((found - to - 4) >> 2));
    if (found > to + 4) {
      const longest = load<u32>(found - 4) & LENGTH_MASK;
      if (longest >= nice) skipUntil = at + longest;
    }
    to = found;
  }
  return at;
}
