// LZMS as WIM stores it: constants and tables that the decoder and the encoder share.
//
// Microsoft never described the format; what is known comes from the study of its streams (wimlib is the reference that
// everybody compares with). A chunk is one buffer: nothing before its first byte exists, and an offset may reach back
// over all of it. The compressed chunk is a row of little-endian 16-bit words that is read from both ends at once, each
// word from its most significant bit down:
//
//   from the front   a range coder's binary decisions: what kind of item comes next
//   from the back    Huffman codewords and plain bits: what the items are
//
// An item starts with decisions, in this order (each line is a class of decisions with its own history):
//
//   main      0 literal                1 match
//   match     0 LZ match               1 delta match
//   lz        0 explicit offset        1 repeat     then lzRep 0: 0 first, 1 other; lzRep 1: 0 second, 1 third
//   delta     0 explicit power, offset 1 repeat     then deltaRep 0 and deltaRep 1, likewise
//
// and its values follow in the other stream: the literal byte; offset, length; power, offset, length. An offset or a
// length is the codeword of its slot, then the plain bits of the slot, added to the slot's base. A delta match has a span
// of 1 << power bytes and an offset of (raw offset) << power, and says that the data goes on as it did there:
// a[i] = a[i - span] + a[i - offset] - a[i - offset - span], bytewise.
//
// Range coder: 32-bit range and code, the code starts as the first two words. When the range is below 0x10000, both are
// shifted left by 16 and a word comes in. bound = (range >> 6) * chance of a zero in 64ths; a code below the bound is
// a zero and makes the bound the range, otherwise the bound is taken from both. The chance is the number of zeros among
// the last 64 decisions that were made under the same history: the last 4 (main), 5 (match) or 6 decisions of the class,
// the latest in bit 0. Every history starts as if it had seen 0x55555555 (so 48 zeros), and 0 and 64 count as 1 and 63.
//
// Huffman codes: all five are adaptive. Frequencies start at 1; after 1024 symbols (512 for lengths and powers) the code
// is rebuilt from them and then each is halved and one added. Codes are canonical.
//
// Surprises:
// - The code lengths are those of the plain two-queue construction where leaves go before inner nodes of the same
//   weight and symbols of the same frequency are in their own order; another optimal code is another format.
//   No codeword can be longer than 15 bits.
// - How many slots an offset has depends on the size of the chunk itself (the last one of a resource has fewer), and so
//   does their code. The same number of slots serves for raw offsets of delta matches.
// - A chunk of 2 bytes has one slot; its code still has two codewords of one bit. A chunk of 1 byte has no slot.
// - Recent offsets are a queue, but what an item used enters its front only after the next item; while it waits it is
//   nowhere in the queue. So the queue has a fourth place that slides in, and "repeat first" right after an LZ match
//   means the offset before. The queue of (power, raw offset) pairs of delta matches does the same for itself. They
//   start as 1, 2, 3, 4 and (0, 1), (0, 2), (0, 3), (0, 4). An item of the other kinds counts as the next item too.
// - Matches can have length 1, and slots are no powers of two: the tables of slots below are just facts.
// - Nothing marks the end, neither of the items nor of either stream: both streams read as zeros where the data is used
//   up, and each may run through the words of the other.
// - The x86 filter is always on (see x86.ts).

/** Longest codeword of any of the codes. */
export const MAX_CODEWORD: u32 = 15;

export const LITERAL_SYMBOLS: u32 = 256;
export const LENGTH_SLOTS: u32 = 54;
export const POWERS: u32 = 8;
export const MAX_OFFSET_SLOTS: u32 = 799;

/** Symbols after which a code is rebuilt. */
export const LITERAL_PERIOD: u32 = 1024;
export const OFFSET_PERIOD: u32 = 1024;
export const LENGTH_PERIOD: u32 = 512;
export const POWER_PERIOD: u32 = 512;

/** Places that a repeat can name, of each of the two queues. */
export const REPEATS: u32 = 3;

export const MIN_MATCH: u32 = 1;
export const MAX_MATCH: u32 = 1073809578;
export const MAX_OFFSET: u32 = 1180427428;
/** Chunk sizes of the format, in bytes. */
export const MIN_CHUNK: usize = 1 << 15;
export const MAX_CHUNK: usize = 1 << 30;

/** How many slots, one after the other, have 0, 1, 2... plain bits; each starts where the one before ends. */
const offsetRuns: usize = memory.data<u8>([
  8, 0, 9, 7, 10, 15, 15, 20, 20, 30, 33, 40, 42, 45, 60, 73, 80, 85, 95, 105, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  1,
]);
const lengthRuns: usize = memory.data<u8>([
  26, 4, 6, 4, 5, 2, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
]);
const RUNS: u32 = 31;

/** Per slot and one more: base as u32, then plain bits as u32. The bits of the last entry mean nothing. */
export const offsetSlots: usize = memory.data(800 * 8, 64);
export const lengthSlots: usize = memory.data(56 * 8, 64);

function fillSlots(slots: usize, runs: usize): void {
  let at = slots;
  let base: u32 = 1;
  for (let bits: u32 = 0; bits < RUNS; bits++) {
    for (let left = <u32>load<u8>(runs + bits); left > 0; left--) {
      store<u32>(at, base);
      store<u32>(at, bits, 4);
      base += (<u32>1) << bits;
      at += 8;
    }
  }
  store<u32>(at, base);
}

/** Fills the tables of slots. */
export function setUpSlots(): void {
  fillSlots(offsetSlots, offsetRuns);
  fillSlots(lengthSlots, lengthRuns);
}

@inline
export function slotBase(slots: usize, slot: u32): u32 {
  return load<u32>(slots + ((<usize>slot) << 3));
}

@inline
export function slotBits(slots: usize, slot: u32): u32 {
  return load<u32>(slots + ((<usize>slot) << 3), 4);
}

/** The slot among `count` that holds `value`. */
export function slotOf(slots: usize, count: u32, value: u32): u32 {
  let low: u32 = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (slotBase(slots, middle) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Slots of the offsets in a chunk of `size` bytes. */
export function offsetSlotCount(size: usize): u32 {
  return size < 2 ? 0 : slotOf(offsetSlots, MAX_OFFSET_SLOTS, <u32>(size - 1)) + 1;
}
