import { FormatError } from '../../../src-shared/errors/appError';
import type { CellStore } from './cellStore';
import { compareToKey, keyAt } from './keyNodes';
import { nameHash } from './names';
import { CellMagic, NK, NOWHERE, PAGE } from './records';

/** A list of subkeys, or a part of one that an index root divides. */
export interface Leaf {
  readonly cell: number;
  /** Letters that its content begins with. */
  readonly magic: number;
  readonly count: number;
  /** Bytes from one element to the next. */
  readonly stride: number;
}

/** Where a subkey is listed. */
export interface Place {
  /** Index of the leaf among those of its list. */
  readonly leaf: number;
  /** Index in the leaf. */
  readonly index: number;
}

/** Bytes of a list before its elements. */
export const LIST_HEAD = 4;
/** Up to here a list is searched name by name, so that a list out of order is searched, too. */
const SHORT = 512;

/** A leaf at a cell. @throws FormatError where there is none */
function leafAt(cells: CellStore, cell: number): Leaf {
  const size = cells.contentSize(cell, 'subkey list', LIST_HEAD);
  const magic = cells.view.getUint16(cell + 4, true);
  const fault = (problem: string): FormatError =>
    new FormatError({ structure: 'subkey list', offset: PAGE + cell + 4, problem }, 'registry/malformed');
  if (magic !== CellMagic.LI && magic !== CellMagic.LF && magic !== CellMagic.LH) {
    throw fault(`0x${magic.toString(16)} found where "li", "lf" or "lh" must be`);
  }
  const stride = magic === CellMagic.LI ? 4 : 8;
  const count = cells.view.getUint16(cell + 6, true);
  if (LIST_HEAD + count * stride > size) throw fault(`${count} subkeys do not fit into ${size} bytes`);
  return { cell, magic, count, stride };
}

/**
 * The leaves of a key's list of subkeys, in order.
 * @param node where the key's record begins
 * @param attempt runs what reads one leaf; it may catch, to go on with the others
 */
export function leavesOf(
  cells: CellStore,
  node: number,
  attempt: <T>(read: () => T) => T | undefined = (read) => read(),
): Leaf[] {
  const list = cells.view.getUint32(node + NK.subkeyList, true);
  if (list === NOWHERE || cells.view.getUint32(node + NK.subkeyCount, true) === 0) return [];
  const size = attempt(() => cells.contentSize(list, 'subkey list', LIST_HEAD));
  if (size === undefined) return [];
  if (cells.view.getUint16(list + 4, true) !== CellMagic.RI) {
    const leaf = attempt(() => leafAt(cells, list));
    return leaf === undefined ? [] : [leaf];
  }
  const count = cells.view.getUint16(list + 6, true);
  const fitting = Math.min(count, (size - LIST_HEAD) >> 2);
  const leaves: Leaf[] = [];
  const seen = new Set<number>();
  for (let i = 0; i < fitting; i++) {
    const cell = cells.view.getUint32(list + 4 + LIST_HEAD + i * 4, true);
    if (seen.has(cell)) continue;
    seen.add(cell);
    const leaf = attempt(() => leafAt(cells, cell));
    if (leaf !== undefined) leaves.push(leaf);
  }
  if (leaves.length < count) {
    const problem = `${leaves.length} of its ${count} parts can be read`;
    attempt(() => {
      throw new FormatError(
        { structure: 'index root', offset: PAGE + list + 4, problem },
        'registry/malformed',
      );
    });
  }
  return leaves;
}

/** Cell of a key that a leaf lists. */
export function listedKey(cells: CellStore, leaf: Leaf, index: number): number {
  return cells.view.getUint32(leaf.cell + 4 + LIST_HEAD + index * leaf.stride, true);
}

/**
 * Looks for a subkey by its upper-case units.
 * @returns undefined where there is none
 */
export function findInLeaves(
  cells: CellStore,
  leaves: readonly Leaf[],
  name: string,
  units: Uint16Array,
): Place | undefined {
  const total = leaves.reduce((sum, leaf) => sum + leaf.count, 0);
  if (total > SHORT) {
    const found = lowerBound(cells, leaves, units);
    if (found.isThere) return found;
  }
  const hash = nameHash(name);
  for (const [leafIndex, leaf] of leaves.entries()) {
    const hashed = total > SHORT && leaf.magic === CellMagic.LH;
    if (total > SHORT && !hashed) continue;
    for (let index = 0; index < leaf.count; index++) {
      const at = leaf.cell + 4 + LIST_HEAD + index * leaf.stride;
      if (hashed && cells.view.getUint32(at + 4, true) !== hash) continue;
      if (isKey(cells, cells.view.getUint32(at, true), units)) return { leaf: leafIndex, index };
    }
  }
  return undefined;
}

/** Whether a key has a name; one that is damaged has none. */
function isKey(cells: CellStore, offset: number, units: Uint16Array): boolean {
  const order = orderOf(cells, offset, units);
  return order === 0;
}

function orderOf(cells: CellStore, offset: number, units: Uint16Array): number | undefined {
  try {
    return compareToKey(cells, units, keyAt(cells, offset));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** The first place at which a subkey is not below a name, by halving: right for lists in order. */
export function lowerBound(
  cells: CellStore,
  leaves: readonly Leaf[],
  units: Uint16Array,
): Place & { readonly isThere: boolean } {
  const filled = leaves.map((leaf, index) => ({ leaf, index })).filter(({ leaf }) => leaf.count > 0);
  if (filled.length === 0) return { leaf: 0, index: 0, isThere: false };
  // The last leaf whose first name is not above the name that is looked for.
  let low = 0;
  let high = filled.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const order = orderOf(cells, listedKey(cells, filled[middle].leaf, 0), units) ?? -1;
    if (order >= 0) low = middle;
    else high = middle;
  }
  const { leaf, index: leafIndex } = filled[low];
  let from = 0;
  let to = leaf.count;
  while (from < to) {
    const middle = (from + to) >> 1;
    const order = orderOf(cells, listedKey(cells, leaf, middle), units) ?? -1;
    if (order > 0) from = middle + 1;
    else to = middle;
  }
  const isThere = from < leaf.count && isKey(cells, listedKey(cells, leaf, from), units);
  return { leaf: leafIndex, index: from, isThere };
}
