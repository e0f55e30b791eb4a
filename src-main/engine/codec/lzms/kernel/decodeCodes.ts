// The decoder's five codes: frequencies and lookup tables. The codes that a chunk starts with depend at most on its number
// of offset slots, so their tables are built once and copied.

import { CHANCES_SIZE } from './chances';
import { buildTable, tableSize } from './decodeTable';
import {
  LENGTH_SLOTS,
  LITERAL_SYMBOLS,
  MAX_OFFSET_SLOTS,
  POWERS,
  OFFSET_PERIOD,
  POWER_PERIOD,
} from './format';
import { ageFrequencies, setUpOrder, startFrequencies } from './huffmanCode';

export const LITERAL_ROOT: u32 = 10;
export const OFFSET_ROOT: u32 = 11;
export const LENGTH_ROOT: u32 = 9;
export const POWER_ROOT: u32 = 7;

/** Sizes by tableSize, which is no constant expression to memory.data: checked in setUpCodes. */
const LITERAL_TABLE: usize = 2832;
const OFFSET_TABLE: usize = 5808;
const LENGTH_TABLE: usize = 1792;
const POWER_TABLE: usize = 3872;

export const literalFrequencies: usize = memory.data(256 * 2, 64);
export const offsetFrequencies: usize = memory.data(800 * 2, 64);
export const lengthFrequencies: usize = memory.data(56 * 2, 64);
export const deltaFrequencies: usize = memory.data(800 * 2, 64);
export const powerFrequencies: usize = memory.data(8 * 2, 64);

export const literalTable: usize = memory.data(2832, 64);
export const offsetTable: usize = memory.data(5808, 64);
export const lengthTable: usize = memory.data(1792, 64);
export const deltaTable: usize = memory.data(5808, 64);
export const powerTable: usize = memory.data(3872, 64);

const firstLiteralTable: usize = memory.data(2832, 64);
const firstOffsetTable: usize = memory.data(5808, 64);
const firstLengthTable: usize = memory.data(1792, 64);
const firstPowerTable: usize = memory.data(3872, 64);

/** Chances of the decisions. */
export const chances: usize = memory.data(6912, 64);

/** Offset slots of the chunk, and those that firstOffsetTable is for. */
let slots: u32 = 0;
let firstSlots: u32 = u32.MAX_VALUE;

/** Symbols that the rare codes still have before they are rebuilt. */
let deltasLeft: u32 = 0;
let powersLeft: u32 = 0;

export function setUpCodes(): void {
  if (
    CHANCES_SIZE > 6912 ||
    tableSize(LITERAL_ROOT, LITERAL_SYMBOLS) > LITERAL_TABLE ||
    tableSize(OFFSET_ROOT, MAX_OFFSET_SLOTS) > OFFSET_TABLE ||
    tableSize(LENGTH_ROOT, LENGTH_SLOTS) > LENGTH_TABLE ||
    tableSize(POWER_ROOT, POWERS) > POWER_TABLE
  ) {
    unreachable();
  }
  setUpOrder();
  startFrequencies(literalFrequencies, LITERAL_SYMBOLS);
  startFrequencies(lengthFrequencies, LENGTH_SLOTS);
  startFrequencies(powerFrequencies, POWERS);
  buildTable(firstLiteralTable, LITERAL_ROOT, literalFrequencies, LITERAL_SYMBOLS);
  buildTable(firstLengthTable, LENGTH_ROOT, lengthFrequencies, LENGTH_SLOTS);
  buildTable(firstPowerTable, POWER_ROOT, powerFrequencies, POWERS);
}

/** Starts a chunk whose offsets have `slotCount` slots. */
export function startCodes(slotCount: u32): void {
  slots = slotCount;
  startFrequencies(literalFrequencies, LITERAL_SYMBOLS);
  startFrequencies(offsetFrequencies, slots);
  startFrequencies(lengthFrequencies, LENGTH_SLOTS);
  startFrequencies(deltaFrequencies, slots);
  startFrequencies(powerFrequencies, POWERS);
  if (firstSlots != slots) {
    buildTable(firstOffsetTable, OFFSET_ROOT, offsetFrequencies, slots);
    firstSlots = slots;
  }
  memory.copy(literalTable, firstLiteralTable, LITERAL_TABLE);
  memory.copy(offsetTable, firstOffsetTable, OFFSET_TABLE);
  memory.copy(lengthTable, firstLengthTable, LENGTH_TABLE);
  memory.copy(deltaTable, firstOffsetTable, OFFSET_TABLE);
  memory.copy(powerTable, firstPowerTable, POWER_TABLE);
  deltasLeft = OFFSET_PERIOD;
  powersLeft = POWER_PERIOD;
}

export function rebuildLiterals(): void {
  buildTable(literalTable, LITERAL_ROOT, literalFrequencies, LITERAL_SYMBOLS);
  ageFrequencies(literalFrequencies, LITERAL_SYMBOLS);
}

export function rebuildOffsets(): void {
  buildTable(offsetTable, OFFSET_ROOT, offsetFrequencies, slots);
  ageFrequencies(offsetFrequencies, slots);
}

export function rebuildLengths(): void {
  buildTable(lengthTable, LENGTH_ROOT, lengthFrequencies, LENGTH_SLOTS);
  ageFrequencies(lengthFrequencies, LENGTH_SLOTS);
}

/** Counts a symbol of a code: its frequency. */
@inline
export function count(frequencies: usize, symbol: u32): void {
  const at = frequencies + ((<usize>symbol) << 1);
  store<u16>(at, load<u16>(at) + 1);
}

/** Counts a raw offset's slot, and rebuilds its code when it is time. */
export function countDelta(slot: u32): void {
  count(deltaFrequencies, slot);
  if (--deltasLeft > 0) return;
  buildTable(deltaTable, OFFSET_ROOT, deltaFrequencies, slots);
  ageFrequencies(deltaFrequencies, slots);
  deltasLeft = OFFSET_PERIOD;
}

/** Counts a power, and rebuilds its code when it is time. */
export function countPower(power: u32): void {
  count(powerFrequencies, power);
  if (--powersLeft > 0) return;
  buildTable(powerTable, POWER_ROOT, powerFrequencies, POWERS);
  ageFrequencies(powerFrequencies, POWERS);
  powersLeft = POWER_PERIOD;
}
