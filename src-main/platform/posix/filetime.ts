/** 100 ns ticks from 1601-01-01, where FILETIME starts, to 1970-01-01: 369 years of which 89 are leap years. */
const UNIX_EPOCH = 116_444_736_000_000_000n;
const TICKS_PER_SECOND = 10_000_000n;
const EPOCH_SECONDS = UNIX_EPOCH / TICKS_PER_SECOND;

/** Largest FILETIME, and what a time after it becomes. */
const LAST_FILETIME = 0xffff_ffff_ffff_ffffn;

/** FILETIME of a time in ns since 1970, rounded down to 100 ns; times before 1601 become 0. */
export function filetimeOfNanoseconds(nanoseconds: bigint): bigint {
  const floor = nanoseconds >= 0n ? nanoseconds / 100n : -((99n - nanoseconds) / 100n);
  const time = floor + UNIX_EPOCH;
  if (time < 0n) return 0n;
  return time > LAST_FILETIME ? LAST_FILETIME : time;
}

/** struct timespec of a FILETIME. `nanoseconds` is never negative, also before 1970. */
export function timespecOf(filetime: bigint): { readonly seconds: bigint; readonly nanoseconds: bigint } {
  const seconds = filetime / TICKS_PER_SECOND;
  return { seconds: seconds - EPOCH_SECONDS, nanoseconds: (filetime - seconds * TICKS_PER_SECOND) * 100n };
}

/** Milliseconds since 1970 (with fraction, as far as a double holds it) of a FILETIME. */
export function millisecondsOf(filetime: bigint): number {
  return Number(filetime - UNIX_EPOCH) / 10_000;
}

/** FILETIME of a time in whole ms since 1970. */
export function filetimeOfMilliseconds(milliseconds: number): bigint {
  return filetimeOfNanoseconds(BigInt(milliseconds) * 1_000_000n);
}

/** The `mtimeMs` that Node's stat gives for a time in ns since 1970, to the last bit: files are compared by it. */
export function statMilliseconds(nanoseconds: bigint): number {
  const fraction = ((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return Number((nanoseconds - fraction) / 1_000_000_000n) * 1000 + Number(fraction) / 1_000_000;
}
