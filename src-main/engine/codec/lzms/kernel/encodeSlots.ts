// Slots of offsets, looked up. Slots have sizes that are powers of two but start anywhere, so a table over all offsets would
// be huge; from some offsets on, though, all slots are at least as large as a step of 128 bytes, then of 2 KiB and of 64 KiB,
// and start at whole steps from there.

import { MAX_OFFSET_SLOTS, offsetSlots, slotBase, slotBits } from './format';
import { slab } from './memory';

const BITS_1: u32 = 7;
const BITS_2: u32 = 11;
const BITS_3: u32 = 16;

/** First offsets of the steps: the bases of the first slots that have so many bits. */
let from1: u32 = 0;
let from2: u32 = 0;
let from3: u32 = 0;
/** Slots per offset, and per step (u16). */
let table0: usize = 0;
let table1: usize = 0;
let table2: usize = 0;
let table3: usize = 0;

function firstWith(bits: u32): u32 {
  let slot: u32 = 0;
  while (slotBits(offsetSlots, slot) < bits) slot++;
  return slotBase(offsetSlots, slot);
}

/** A table of the slots of offsets from `from` to before `to`, in steps. */
function makeTable(from: u32, to: u32, shift: u32): usize {
  const steps = (to - from + (1 << shift) - 1) >> shift;
  const table = slab((<usize>steps) << 1);
  let slot: u32 = 0;
  for (let step: u32 = 0; step < steps; step++) {
    while (slot + 1 < MAX_OFFSET_SLOTS && slotBase(offsetSlots, slot + 1) <= from + (step << shift)) slot++;
    store<u16>(table + ((<usize>step) << 1), <u16>slot);
  }
  return table;
}

/** Sets up for offsets below `limit`. */
export function setUpEncodeSlots(limit: u32): void {
  from1 = firstWith(BITS_1);
  from2 = firstWith(BITS_2);
  from3 = firstWith(BITS_3);
  table0 = makeTable(0, from1, 0);
  table1 = makeTable(from1, from2, BITS_1);
  table2 = makeTable(from2, from3, BITS_2);
  if (limit > from3) table3 = makeTable(from3, limit, BITS_3);
}

/** Slot of an offset. */
@inline
export function slotOfOffset(offset: u32): u32 {
  if (offset < from1) return <u32>load<u16>(table0 + ((<usize>offset) << 1));
  if (offset < from2) return <u32>load<u16>(table1 + ((<usize>((offset - from1) >> BITS_1)) << 1));
  if (offset < from3) return <u32>load<u16>(table2 + ((<usize>((offset - from2) >> BITS_2)) << 1));
  return <u32>load<u16>(table3 + ((<usize>((offset - from3) >> BITS_3)) << 1));
}
