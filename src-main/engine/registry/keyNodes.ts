import { FormatError } from '../../../src-shared/errors/appError';
import { upcase } from '../tree/nameOrder';
import type { CellStore } from './cellStore';
import { readName } from './names';
import { CellMagic, KeyFlag, KeyNode, NK, PAGE } from './records';

/**
 * Where the record of a key begins, its name being whole.
 * @throws FormatError when there is no key
 */
export function keyAt(cells: CellStore, offset: number): number {
  const at = cells.record(offset, KeyNode.structure, CellMagic.NK, KeyNode.size);
  const length = cells.view.getUint16(at + NK.nameLength, true);
  if (KeyNode.size + length > -cells.view.getInt32(offset, true) - 4) {
    throw new FormatError(
      {
        structure: KeyNode.structure,
        field: 'nameLength',
        offset: PAGE + at,
        problem: 'the name is cut off',
      },
      'registry/malformed',
    );
  }
  return at;
}

function isCompressed(cells: CellStore, at: number): boolean {
  return (cells.view.getUint16(at + NK.flags, true) & KeyFlag.COMPRESSED_NAME) !== 0;
}

/** @param at where the record begins */
export function keyName(cells: CellStore, at: number): string {
  const length = cells.view.getUint16(at + NK.nameLength, true);
  return readName(cells.bytes, at + KeyNode.size, length, isCompressed(cells, at));
}

/** Upper-case units of a name that is looked for. */
export function upperUnits(name: string): Uint16Array {
  const table = upcase();
  const units = new Uint16Array(name.length);
  for (let i = 0; i < units.length; i++) units[i] = table[name.charCodeAt(i)];
  return units;
}

/** Compares a name that is looked for with a key's, in the order of subkeys. */
export function compareToKey(cells: CellStore, units: Uint16Array, at: number): number {
  const table = upcase();
  const { bytes } = cells;
  const name = at + KeyNode.size;
  const compressed = isCompressed(cells, at);
  const length = cells.view.getUint16(at + NK.nameLength, true) >> (compressed ? 0 : 1);
  const common = Math.min(units.length, length);
  for (let i = 0; i < common; i++) {
    const unit = compressed ? bytes[name + i] : bytes[name + 2 * i] | (bytes[name + 2 * i + 1] << 8);
    const difference = units[i] - table[unit];
    if (difference !== 0) return difference;
  }
  return units.length - length;
}
