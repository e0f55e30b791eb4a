// Links of a chunk: every position to the latest earlier one with the same four bytes, and to the latest near by with the
// same three. They are all made before the parser begins, in one pass that has no branch which depends on the data, so that
// it runs at the speed of the loads; a finder that enters and searches by turns stands still at every second branch. And
// as the links of later positions are there too, a search can begin at the end of the match it wants: see longest.ts.
//
// A link is a place, a position counted from 1, so that a cleared table needs no other mark for none: place 0 is the byte
// before the chunk, which can be loaded like any other, and a link to it is none. Places of chunks up to 64 KiB take 16
// bits, of larger ones 32; every function here exists for both, made from one text.
//
// A bucket of the table of four bytes holds the two latest places, told apart by their bytes, so that strings
// of equal hash do not hide each other. The tables shrink with the chunk: small files are many.

import { input, narrowInput, setUpMatching, tableOrder } from './matching';
import { slab } from './memory';

/** Largest chunk with narrow links. */
export const LARGEST_NARROW: u32 = 65536;
/** Bytes that a position needs to have a link. */
const LINKED: u32 = 4;
const NARROW_ORDER4: u32 = 15;
const WIDE_ORDER4: u32 = 20;
const ORDER3: u32 = 15;
/** The middle of a product by it depends on every bit of what is hashed, so a table of any size takes its lowest bits. */
const MULTIPLIER: u64 = 0x9e3779b97f4a7c15;

/** Address of place 0 in a narrow chunk. The tables of narrow chunks have fixed places too: constants save registers. */
const NARROW_ORIGIN: usize = narrowInput - 1;
/** Vectors of links are read past their end. */
const narrowLinks: usize = memory.data(131072 + 64, 64);
const narrowNearLinks: usize = memory.data(131072 + 64, 64);
const narrowHeads4: usize = memory.data(131072, 64);
const narrowHeads3: usize = memory.data(65536, 64);
const SLACK: usize = 64;

/** Whether links take 32 bits. */
export let wide: bool = false;
let wideLinks: usize = 0;
let wideNearLinks: usize = 0;
let wideHeads4: usize = 0;
let wideHeads3: usize = 0;
let nearBits: u32 = 0;
let order3: u32 = 0;

/** Cuts input and tables; links of three bytes are limited to distances of `near` bits, their table to `order`. */
export function setUpLinks(maxChunkSize: u32, near: u32, order: u32): void {
  setUpMatching(maxChunkSize, 0);
  wide = maxChunkSize > LARGEST_NARROW;
  nearBits = near;
  order3 = order;
  if (!wide) return;
  wideLinks = slab(((<usize>maxChunkSize) << 2) + SLACK);
  wideNearLinks = slab(((<usize>maxChunkSize) << 1) + SLACK);
  wideHeads4 = slab(8 << tableOrder(maxChunkSize, 17, WIDE_ORDER4));
  wideHeads3 = slab(4 << ORDER3);
}

/** Address of place 0. */
@inline
export function originOf(wide: bool): usize {
  return wide ? input - 1 : NARROW_ORIGIN;
}

/** Address of the link of a position. */
@inline
export function linkAddress(position: u32, wide: bool): usize {
  return wide ? wideLinks + ((<usize>position) << 2) : narrowLinks + ((<usize>position) << 1);
}

/** Place of the same four bytes, 0 for none. */
@inline
export function linkOf(position: u32, wide: bool): u32 {
  return wide
    ? load<u32>(wideLinks + ((<usize>position) << 2))
    : <u32>load<u16>((<usize>position) << 1, narrowLinks);
}

/** Place of the same four bytes as at a place. */
@inline
export function linkOfPlace(place: u32, wide: bool): u32 {
  return wide
    ? load<u32>(wideLinks + ((<usize>(place - 1)) << 2))
    : <u32>load<u16>((<usize>place) << 1, narrowLinks - 2);
}

/** Address of the near link of a position. */
@inline
export function nearLinkAddress(position: u32, wide: bool): usize {
  return (wide ? wideNearLinks : narrowNearLinks) + ((<usize>position) << 1);
}

/** Distance of the same three bytes; for none 0, or one more than there are bytes before the position. */
@inline
export function nearLinkOf(position: u32, wide: bool): u32 {
  return load<u16>(nearLinkAddress(position, wide));
}

@inline
function linkNarrow(place: u32, mask4: u32, mask3: u32, nearBits: u32): void {
  const bytes = load<u32>(place, NARROW_ORIGIN);
  const bucket = (<u32>((<u64>bytes * MULTIPLIER) >> 32)) & mask4;
  const pair = load<u32>(bucket, narrowHeads4);
  const latest = pair & 0xffff;
  const older = pair >> 16;
  const missesLatest = load<u32>(latest, NARROW_ORIGIN) ^ bytes;
  const missesOlder = load<u32>(older, NARROW_ORIGIN) ^ bytes;
  store<u32>(bucket, place | (pair << 16), narrowHeads4);
  const found = select(select<u32>(0, older, <bool>missesOlder), latest, <bool>missesLatest);
  store<u16>((<usize>place) << 1, found, narrowLinks - 2);
  const slot = (<u32>((<u64>(bytes << 8) * MULTIPLIER) >> 32)) & mask3;
  const latest3: u32 = load<u16>(slot, narrowHeads3);
  store<u16>(slot, place, narrowHeads3);
  const distance = place - latest3;
  const misses = ((load<u32>(latest3, NARROW_ORIGIN) ^ bytes) << 8) | (distance >> nearBits);
  store<u16>((<usize>place) << 1, select<u32>(0, distance, <bool>misses), narrowNearLinks - 2);
}

@inline
function linkWide(place: u32, origin: usize, mask4: u32, mask3: u32, nearBits: u32): void {
  const bytes = load<u32>(origin + place);
  const bucket = wideHeads4 + ((<u32>((<u64>bytes * MULTIPLIER) >> 32)) & mask4);
  const latest = load<u32>(bucket);
  const older = load<u32>(bucket, 4);
  const missesLatest = load<u32>(origin + latest) ^ bytes;
  const missesOlder = load<u32>(origin + older) ^ bytes;
  store<u32>(bucket, place);
  store<u32>(bucket, select(latest, older, <bool>missesLatest), 4);
  const found = select(select<u32>(0, older, <bool>missesOlder), latest, <bool>missesLatest);
  store<u32>(wideLinks - 4 + ((<usize>place) << 2), found);
  const slot = wideHeads3 + ((<u32>((<u64>(bytes << 8) * MULTIPLIER) >> 32)) & mask3);
  const latest3 = load<u32>(slot);
  store<u32>(slot, place);
  const distance = place - latest3;
  const misses = ((load<u32>(origin + latest3) ^ bytes) << 8) | (distance >> nearBits);
  store<u16>(wideNearLinks - 2 + ((<usize>place) << 1), select<u32>(0, distance, <bool>misses));
}

/** Links all positions of a chunk. The byte before the input and four after it can be read, whatever they hold. */
export function linkPositions(size: u32): void {
  let bits: u32 = 32 - clz<u32>(size);
  if (bits < 7) bits = 7;
  const bits3 = min(bits, order3);
  const count: u32 = size < LINKED ? 0 : size - LINKED + 1;
  const near = nearBits;
  let place: u32 = 1;
  if (wide) {
    const bits4 = min(bits - 1, WIDE_ORDER4);
    const mask4: u32 = ((1 << bits4) - 1) << 3;
    const mask3: u32 = ((1 << bits3) - 1) << 2;
    memory.fill(wideHeads4, 0, 8 << bits4);
    memory.fill(wideHeads3, 0, 4 << bits3);
    const origin = input - 1;
    for (; place <= count; place++) linkWide(place, origin, mask4, mask3, near);
  } else {
    const bits4 = min(bits, NARROW_ORDER4);
    const mask4: u32 = ((1 << bits4) - 1) << 2;
    const mask3: u32 = ((1 << bits3) - 1) << 1;
    memory.fill(narrowHeads4, 0, 4 << bits4);
    memory.fill(narrowHeads3, 0, 2 << bits3);
    for (; place < count; place += 2) {
      linkNarrow(place, mask4, mask3, near);
      linkNarrow(place + 1, mask4, mask3, near);
    }
    if (place == count) linkNarrow(place, mask4, mask3, near);
  }
  memory.fill(linkAddress(count, wide), 0, SLACK);
  memory.fill(nearLinkAddress(count, wide), 0, SLACK);
}
