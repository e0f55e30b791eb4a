// Nodes of the parser's graph: one for each position from the start of a run, with the cheapest known way to it.

import { lengthKeys, KEY_SHIFT } from './encodeBack';
import { input } from './matchCache';
import { writeLiteral, writeMatch } from './itemWriter';
import { slab } from './memory';
import { setStateAfter, STATE_SIZE } from './queues';

/** A run ends after this many positions at the latest, so that costs do not grow stale. */
export const RUN: u32 = 2048;
/** How far beyond a run's end a way may lead, with room for whole vectors. */
const BEYOND: u32 = 2 * 256 + 16;
const NOWHERE: i8 = 0x7f;
const LENGTH: u32 = (1 << KEY_SHIFT) - 1;

/**
 * Per node: cost of the cheapest way << 8 | length of its last item. Length 0: the last items are a match or nothing, a
 * literal, and a match at the first repeat, see {@link gaps}.
 */
export let keys: usize = 0;
/** Per node: source of the last item, unless it is a literal. */
export let sources: usize = 0;
/** Per node: the state there. */
export let states: usize = 0;
/** Per node with a key of length 0: length of the first match or 0, its source, length of the last match (u32 each). */
let gaps: usize = 0;
/** The items of a path (length, source), from its end. */
let items: usize = 0;

export function setUpPath(): void {
  const nodes = <usize>(RUN + BEYOND);
  keys = slab(nodes << 2);
  sources = slab(nodes << 2);
  gaps = slab(nodes << 4);
  states = slab(nodes * STATE_SIZE);
  items = slab(nodes << 3);
  memory.fill(keys, NOWHERE, nodes << 2);
}

/** Starts a run; the one before went no further than `reached`. */
@inline
export function startRun(reached: u32): void {
  const end = keys + ((<usize>reached) << 2);
  for (let at = keys; at <= end; at += 16) v128.store(at, i8x16.splat(NOWHERE));
  store<u32>(keys, 0);
}

/** Tries a match from `node` of every length from `first` to `last`; `key` is the cost so far without the length's. */
@inline
export function tryLengths(node: u32, key: u32, source: u32, first: u32, last: u32): void {
  const base = i32x4.splat(<i32>key);
  const ourSource = i32x4.splat(<i32>source);
  const lastLane = i32x4.splat(<i32>last);
  const nodeKeys = keys + ((<usize>node) << 2);
  const nodeSources = sources + ((<usize>node) << 2);
  let lanes = i32x4.add(i32x4.splat(<i32>first), i32x4(0, 1, 2, 3));
  for (let length = first; length <= last; length += 4) {
    const at = (<usize>length) << 2;
    const ours = i32x4.add(base, v128.load(lengthKeys + at));
    const theirs = v128.load(nodeKeys + at);
    const better = v128.andnot(i32x4.gt_s(theirs, ours), i32x4.gt_s(lanes, lastLane));
    v128.store(nodeKeys + at, v128.bitselect(ours, theirs, better));
    v128.store(nodeSources + at, v128.bitselect(ourSource, v128.load(nodeSources + at), better));
    lanes = i32x4.add(lanes, i32x4.splat(4));
  }
}

/** Tries to come to `node` by a match (or none, with length 0), a literal, and a match at the first repeat. */
@inline
export function tryGap(node: u32, key: u32, length: u32, source: u32, lastLength: u32): bool {
  const at = (<usize>node) << 2;
  if (key >= load<u32>(keys + at)) return false;
  store<u32>(keys + at, key);
  const gap = gaps + ((<usize>node) << 4);
  store<u32>(gap, length);
  store<u32>(gap, source, 4);
  store<u32>(gap, lastLength, 8);
  return true;
}

/** Sets the state of a node whose cheapest way is final and ends with several items. */
export function followGap(node: u32): void {
  const gap = gaps + ((<usize>node) << 4);
  const length = load<u32>(gap);
  const lastLength = load<u32>(gap, 8);
  let from = states + <usize>(node - length - 1 - lastLength) * STATE_SIZE;
  const to = states + <usize>node * STATE_SIZE;
  if (length != 0) {
    setStateAfter(from, to, length, load<u32>(gap, 4));
    from = to;
  }
  setStateAfter(from, to, 1, 0);
  setStateAfter(to, to, lastLength, 0);
}

/** Writes the items of the cheapest way to `node`, which is position `at` of the chunk. */
export function writePath(node: u32, at: u32): void {
  let item = items;
  let here = node;
  while (here > 0) {
    const length = load<u32>(keys + ((<usize>here) << 2)) & LENGTH;
    if (length != 0) {
      store<u32>(item, length);
      store<u32>(item, load<u32>(sources + ((<usize>here) << 2)), 4);
      item += 8;
      here -= length;
      continue;
    }
    const gap = gaps + ((<usize>here) << 4);
    const firstLength = load<u32>(gap);
    const lastLength = load<u32>(gap, 8);
    store<u32>(item, lastLength);
    store<u32>(item, 0, 4);
    store<u32>(item, 1, 8);
    item += 16;
    if (firstLength != 0) {
      store<u32>(item, firstLength);
      store<u32>(item, load<u32>(gap, 4), 4);
      item += 8;
    }
    here -= firstLength + 1 + lastLength;
  }
  let from = input + (at - node);
  while (item > items) {
    item -= 8;
    const length = load<u32>(item);
    if (length == 1) writeLiteral(<u32>load<u8>(from));
    else writeMatch(length, load<u32>(item, 4));
    from += length;
  }
}
