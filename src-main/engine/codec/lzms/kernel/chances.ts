// Adaptive chances of the binary decisions. A class of decisions has one entry for each history of its own last
// decisions. An entry keeps the last 64 decisions made under that history, the latest in bit 0 (u64), and beside them the
// chance of a zero in 64ths, already within 1 to 63 (u32), so that a decision waits for one load only.

/** Bytes of an entry, as a shift. */
export const ENTRY_SHIFT: usize = 4;

/** Histories of each class; a history is the class's last decisions, masked with one less than these. */
export const MAIN_HISTORIES: u32 = 16;
export const MATCH_HISTORIES: u32 = 32;
export const LZ_HISTORIES: u32 = 64;
export const DELTA_HISTORIES: u32 = 64;
export const REPEAT_HISTORIES: u32 = 64;

/** First entries of the classes, as byte offsets from the start of the table. */
export const MAIN: usize = 0;
export const MATCH: usize = MAIN + (16 << 4);
export const LZ: usize = MATCH + (32 << 4);
export const DELTA: usize = LZ + (64 << 4);
export const LZ_REPEAT_0: usize = DELTA + (64 << 4);
export const LZ_REPEAT_1: usize = LZ_REPEAT_0 + (64 << 4);
export const DELTA_REPEAT_0: usize = LZ_REPEAT_1 + (64 << 4);
export const DELTA_REPEAT_1: usize = DELTA_REPEAT_0 + (64 << 4);
/** Bytes of the whole table. */
export const CHANCES_SIZE: usize = DELTA_REPEAT_1 + (64 << 4);

/** Chance of a zero by the number of ones among 64 decisions. */
const chanceOf: usize = memory.data<u8>([
  63, 63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39, 38,
  37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11,
  10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1,
]);

/** Puts every entry of a table into the state that a chunk starts with. */
export function startChances(table: usize): void {
  const start = i64x2(0x55555555, 48);
  for (let at = table; at < table + CHANCES_SIZE; at += 16) v128.store(at, start);
}

/** Chance of a zero, in 64ths. */
@inline
export function chance(entry: usize): u32 {
  return load<u32>(entry, 8);
}

/** Records a decision, 0 or 1. */
@inline
export function record(entry: usize, decision: u32): void {
  const recent = (load<u64>(entry) << 1) | (<u64>decision);
  store<u64>(entry, recent);
  store<u32>(entry, <u32>load<u8>(chanceOf + <usize>popcnt(recent)), 8);
}
