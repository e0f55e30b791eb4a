// The encoder's three recent offsets, as they are before the next item to be written.

import { LENGTH_MASK, VALUE_SHIFT } from './statistics';

export let repeat0: u32 = 1;
export let repeat1: u32 = 1;
export let repeat2: u32 = 1;

@inline
export function setRepeats(r0: u32, r1: u32, r2: u32): void {
  repeat0 = r0;
  repeat1 = r1;
  repeat2 = r2;
}

/** Brings them past a match with the given offset value. */
@inline
export function follow(value: u32): void {
  if (value >= 3) setRepeats(value - 2, repeat0, repeat1);
  else if (value == 1) setRepeats(repeat1, repeat0, repeat2);
  else if (value == 2) setRepeats(repeat2, repeat1, repeat0);
}

/** Brings them past a row of items. */
export function followItems(from: usize, end: usize): void {
  for (let at = from; at < end; at += 4) {
    const item = load<u32>(at);
    if ((item & LENGTH_MASK) > 1) follow(item >> VALUE_SHIFT);
  }
}
