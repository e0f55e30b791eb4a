// Translation of x86 calls. The 32-bit target of every E8 byte is turned from relative into absolute before
// compression, so calls of one function look alike, and back after decompression. Position 0 is the chunk's start.
// Targets are taken modulo a "file size" that WIM fixes at 12,000,000: values in -position .. fileSize - 1 are mapped
// one to one onto that same kind of range, everything else is left alone. An E8 inside a target does not count, and
// the last ten bytes hold no call, so a chunk of ten bytes or less is never touched.

const FILE_SIZE: i32 = 12000000;
const TAIL: usize = 10;

@inline
function encodeTarget(at: usize, position: i32): void {
  const relative = load<i32>(at);
  if (relative < -position || relative >= FILE_SIZE) return;
  store<i32>(at, relative < FILE_SIZE - position ? relative + position : relative - FILE_SIZE);
}

@inline
function decodeTarget(at: usize, position: i32): void {
  const absolute = load<i32>(at);
  if (absolute >= FILE_SIZE || absolute < -position) return;
  store<i32>(at, absolute >= 0 ? absolute - position : absolute + FILE_SIZE);
}

/** Which of the 16 bytes at `at` are `bytes`. */
@inline
function hits(at: usize, bytes: v128): u64 {
  return <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(at), bytes)));
}

/** Finds calls; reads up to 63 bytes past the data. */
@inline
function translate(data: usize, size: usize, encode: bool): void {
  if (size <= TAIL) return;
  const end = data + size - TAIL;
  const call = i8x16.splat(<i8>0xe8);
  let next = data;
  for (let block = data; block < end; block += 64) {
    let mask =
      hits(block, call) |
      (hits(block + 16, call) << 16) |
      (hits(block + 32, call) << 32) |
      (hits(block + 48, call) << 48);
    while (mask != 0) {
      const at = block + <usize>ctz(mask);
      mask &= mask - 1;
      if (at < next) continue;
      if (at >= end) return;
      if (encode) encodeTarget(at + 1, <i32>(at - data));
      else decodeTarget(at + 1, <i32>(at - data));
      next = at + 5;
    }
  }
}

/** Before compression. */
export function encodeCalls(data: usize, size: usize): void {
  translate(data, size, true);
}

/** After decompression. */
export function decodeCalls(data: usize, size: usize): void {
  translate(data, size, false);
}
