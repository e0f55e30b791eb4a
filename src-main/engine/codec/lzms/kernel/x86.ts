// The x86 filter. Before compression, the 32-bit displacements of some instructions are turned from relative to their
// position into absolute (the position of the opcode is added), so that all references to one place look alike; after
// decompression they are turned back. There is no sign in the data whether a chunk holds code: the filter guesses, and
// both sides must guess alike.
//
// Seen as an instruction with a displacement: E8 (call), FF 15 (call indirect), F0 83 05 (lock add), and after the
// prefixes 48 and 4C, 8D (lea), for 48 alone 8B (mov) - both only when the low three bits of the byte that follows are
// 5, for mov only with its high four bits zero. E9 (jump) hides the four bytes after it and is not touched itself. The
// first byte of a chunk counts for nothing, nor does an opcode in the last 16, so a chunk of 17 bytes has none.
//
// Guess: the lowest 16 bits of an instruction's absolute target are remembered with the position of the instruction's last
// byte. When the same 16 bits were a target no more than 65535 bytes earlier, that position is "code". Displacements are
// translated when their opcode is at most 1023 bytes (E8: 511) after the last such position, and the guess of an
// instruction counts from the next one on.

const TAIL: usize = 16;
const WINDOW: u32 = 65535;
const REACH: i32 = 1023;

/** Per low half of a target: the position it was last seen at, plus base. */
const lastSeen: usize = memory.data(65536 * 4, 64);

/**
 * What is added to positions in lastSeen. It grows by more than a window with each chunk, so that what earlier chunks left
 * there is too far away to count, and the 256 KiB need no clearing for chunks that may be much smaller.
 */
let base: u32 = 0;

/** Bytes to compare with and to mask by. Loaded, because constants of vectors would be made anew in every turn of the loop. */
const patterns: usize = memory.data<u8>([
  0xfb, 0x48, 0xfe, 0xe8, 0xff, 0xf0, 0x07, 0x05, 0xf7, 0x8d, 0x8b, 0x83, 0x15,
]);

/** Pattern `index`, 16 times. */
@inline
function pattern(index: usize): v128 {
  return v128.load8_splat(patterns + index);
}

/**
 * Bytes filtered by one call. A chunk can be large, and the engine compiles a function well only after it was called a
 * few times.
 */
const PIECE: usize = 65536;

/** The chunk, and the end of what may hold opcodes. */
let data: usize = 0;
let end: usize = 0;
/** Position after which opcodes are near enough to be translated, and address of the first byte that may be an opcode. */
let code: i32 = 0;
let next: usize = 0;

/** Filters the opcodes in [from, to), a multiple of 16 bytes unless it ends with the chunk. */
@inline
function filterPiece(from: usize, to: usize, undo: bool): void {
  const prefixMask = pattern(0);
  const x48 = pattern(1);
  const callMask = pattern(2);
  const xe8 = pattern(3);
  const xff = pattern(4);
  const xf0 = pattern(5);
  for (let block = from; block < to; block += 16) {
    const first = v128.load(block);
    const prefix = i8x16.eq(v128.and(first, prefixMask), x48);
    const call = i8x16.eq(v128.and(first, callMask), xe8);
    const indirect = i8x16.eq(first, xff);
    const lock = i8x16.eq(first, xf0);
    if (!v128.any_true(v128.or(v128.or(prefix, call), v128.or(indirect, lock)))) continue;

    const second = v128.load(block, 1);
    const third = v128.load(block, 2);
    const relative = i8x16.eq(v128.and(third, pattern(6)), pattern(7));
    const lea = v128.and(v128.and(prefix, i8x16.eq(second, pattern(9))), relative);
    const lowRelative = i8x16.eq(v128.and(third, pattern(8)), pattern(7));
    const mov = v128.and(v128.and(i8x16.eq(first, x48), i8x16.eq(second, pattern(10))), lowRelative);
    const add = v128.and(v128.and(lock, i8x16.eq(second, pattern(11))), i8x16.eq(third, pattern(7)));
    const group = v128.and(indirect, i8x16.eq(second, pattern(12)));
    let mask = <u32>i8x16.bitmask(v128.or(v128.or(call, lea), v128.or(mov, v128.or(add, group))));
    while (mask != 0) {
      const at = block + <usize>ctz(mask);
      mask &= mask - 1;
      if (at < next) continue;
      if (at >= end) break;
      const opcode = <u32>load<u8>(at);
      let opcodeSize: u32 = 1;
      let reach = REACH >> 1;
      if (opcode != 0xe8) {
        if (opcode == 0xe9) {
          next = at + 5;
          continue;
        }
        opcodeSize = opcode == 0xff ? 2 : 3;
        reach = REACH;
      }
      const position = <u32>(at - data);
      const operand = at + opcodeSize;
      const near = <i32>position - code <= reach;
      const value = load<u32>(operand);
      if (near) store<u32>(operand, undo ? value - position : value + position);
      // A displacement that was turned back was the absolute target; any other is relative.
      const target = undo && near ? value : value + position;
      const last = position + opcodeSize + 3;
      const seen = lastSeen + ((<usize>(target & 0xffff)) << 2);
      if (last + base - load<u32>(seen) <= WINDOW) code = <i32>last;
      store<u32>(seen, last + base);
      next = operand + 4;
    }
  }
}

function translatePiece(from: usize, to: usize): void {
  filterPiece(from, to, false);
}

function restorePiece(from: usize, to: usize): void {
  filterPiece(from, to, true);
}

@inline
function filter(start: usize, size: usize, undo: bool): void {
  if (size <= TAIL + 1) return;
  if (base > 0x3fffffff) {
    memory.fill(lastSeen, 0, 65536 * 4);
    base = 0;
  }
  base += WINDOW + 1;
  data = start;
  end = start + size - TAIL;
  code = -REACH - 1;
  next = start + 1;
  let from = start;
  while (from < end) {
    const to = end - from < PIECE ? end : from + PIECE;
    if (undo) restorePiece(from, to);
    else translatePiece(from, to);
    from = to;
  }
  base += <u32>size;
}

/** Before compression. Reads up to a byte past the data. */
export function translate(start: usize, size: usize): void {
  filter(start, size, false);
}

/** After decompression. Reads up to a byte past the data. */
export function restore(start: usize, size: usize): void {
  filter(start, size, true);
}
