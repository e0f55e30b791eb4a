// What a parser found: a list of sequences, each a run of literals and a match, with what they cost the code.
import {
  END_SYMBOL,
  ENCODER_INPUT,
  FREQUENCIES,
  MIN_MATCH,
  SEQUENCES,
  SEQUENCE_SIZE,
  SYMBOLS,
} from './layout';

/** End of the list. */
export let sequenceEnd: u32 = 0;
/** Bits that offsets take beside their symbols, and bytes that lengths of 18 and more take. */
export let offsetBits: u32 = 0;
export let lengthBytes: u32 = 0;

/** Starts an empty list. The end symbol is counted once, for the end. */
export function startSequences(): void {
  memory.fill(FREQUENCIES, 0, 4 * SYMBOLS);
  store<u32>(FREQUENCIES + 4 * END_SYMBOL, 1);
  sequenceEnd = SEQUENCES;
  offsetBits = 0;
  lengthBytes = 0;
}

@inline
function count(symbol: u32): void {
  const at = FREQUENCIES + (symbol << 2);
  store<u32>(at, load<u32>(at) + 1);
}

@inline
function countIf(position: u32, one: u32): void {
  const at = FREQUENCIES + ((<u32>load<u8>(ENCODER_INPUT + position)) << 2);
  store<u32>(at, load<u32>(at) + one);
}

/** Counts literals `from` up to `to`. */
@inline
export function countLiterals(from: u32, to: u32): void {
  for (; from < to; from++) count(load<u8>(ENCODER_INPUT + from));
}

/** Number of bits of the offset below its leading one. */
@inline
export function offsetWidth(offset: u32): u32 {
  return 31 - clz<u32>(offset);
}

/** Adds the literals from `anchor` up to `position` and the match there. */
export function addSequence(anchor: u32, position: u32, length: u32, offset: u32): void {
  // Nobody can foresee how many literals there are: the first few are counted without asking.
  const literals = position - anchor;
  countIf(anchor, <u32>(literals > 0));
  countIf(anchor + 1, <u32>(literals > 1));
  countIf(anchor + 2, <u32>(literals > 2));
  if (literals > 3) countLiterals(anchor + 3, position);
  const width = offsetWidth(offset);
  const symbol = END_SYMBOL + (width << 4) + min(length - MIN_MATCH, 15);
  count(symbol);
  offsetBits += width;
  if (length >= MIN_MATCH + 15) lengthBytes += length >= MIN_MATCH + 15 + 255 ? 3 : 1;
  store<u64>(
    sequenceEnd,
    (<u64>literals) | ((<u64>offset) << 16) | ((<u64>length) << 32) | ((<u64>symbol) << 48),
  );
  sequenceEnd += SEQUENCE_SIZE;
}
