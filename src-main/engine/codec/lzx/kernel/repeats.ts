// The encoder's three recent offsets, as they are before the next item to be written.

import { SEQUENCE_SIZE, VALUE_SHIFT } from './statistics';

export let repeat0: u32 = 1;
export let repeat1: u32 = 1;
export let repeat2: u32 = 1;

@inline
export function setRepeats(r0: u32, r1: u32, r2: u32): void {
  repeat0 = r0;
  repeat1 = r1;
  repeat2 = r2;
}

// The offsets after a match with the given offset value. Selects, because a branch here would be anyone's guess.

@inline
export function nextRepeat0(value: u32, r0: u32, r1: u32, r2: u32): u32 {
  return select(value - 2, select(r0, select(r1, r2, value == 1), value == 0), value >= 3);
}

@inline
export function nextRepeat1(value: u32, r0: u32, r1: u32): u32 {
  return select(r1, r0, (value & ~2) == 0);
}

@inline
export function nextRepeat2(value: u32, r0: u32, r1: u32, r2: u32): u32 {
  return select(r1, select(r0, r2, value == 2), value >= 3);
}

/** Brings them past a match with the given offset value. */
@inline
export function follow(value: u32): void {
  if (value >= 3) setRepeats(value - 2, repeat0, repeat1);
  else if (value == 1) setRepeats(repeat1, repeat0, repeat2);
  else if (value == 2) setRepeats(repeat2, repeat1, repeat0);
}

/** Brings them past a row of sequences. */
export function followSequences(from: usize, end: usize): void {
  let r0 = repeat0;
  let r1 = repeat1;
  let r2 = repeat2;
  for (let at = from; at < end; at += SEQUENCE_SIZE) {
    // A sequence without a match has value 0, which like a repeat of the first offset changes nothing.
    const value = load<u32>(at, 4) >> VALUE_SHIFT;
    const o0 = r0;
    const o1 = r1;
    r0 = nextRepeat0(value, o0, o1, r2);
    r1 = nextRepeat1(value, o0, o1);
    r2 = nextRepeat2(value, o0, o1, r2);
  }
  setRepeats(r0, r1, r2);
}
