import type { CellAllocator } from './cellAllocator';
import type { CellStore } from './cellStore';
import { compareToKey, keyAt, keyName, upperUnits } from './keyNodes';
import { compareKeyNames, nameHash, nameHint } from './names';
import { CellMagic, NK, NOWHERE } from './records';
import { LIST_HEAD, leavesOf, listedKey, lowerBound, type Leaf, type Place } from './subkeyLists';

/** Most elements of a leaf that we fill: with these it fits into the smallest bin. */
const MOST_IN_LEAF = 507;
/** What a leaf is made larger by at a time, in elements. */
const SPARE = 8;

/** What a change of a list of subkeys works on. */
export interface ListEdit {
  readonly cells: CellStore;
  readonly allocator: CellAllocator;
  /** Cell of the key that has the list. */
  readonly key: number;
  /** Minor number of the hive's format: hash leaves came with 5. */
  readonly minor: number;
}

/** Puts a key into the list of its parent, which must be in order, and counts it there. */
export function insertSubkey(edit: ListEdit, child: number, name: string): void {
  const { cells, key } = edit;
  const node = key + 4;
  const leaves = leavesOf(cells, node);
  if (leaves.length === 0) {
    writeLists(edit, [child]);
    return;
  }
  let { leaf: leafIndex, index } = lowerBound(cells, leaves, upperUnits(name));
  let leaf = leaves[leafIndex];
  if (leaf.count >= MOST_IN_LEAF) {
    const upper = splitLeaf(edit, leaf, leafIndex, leaves.length);
    leaf = { ...leaf, count: leaf.count - upper.count };
    if (index > leaf.count) {
      index -= leaf.count;
      leaf = upper;
      leafIndex++;
    }
  }
  const cell = growLeaf(edit, leaf, leafIndex);
  const { view, bytes } = cells;
  const at = cell + 4 + LIST_HEAD + index * leaf.stride;
  bytes.copyWithin(at + leaf.stride, at, cell + 4 + LIST_HEAD + leaf.count * leaf.stride);
  view.setUint16(cell + 6, leaf.count + 1, true);
  writeElement(cells, at, leaf.magic, child, name);
  view.setUint32(node + NK.subkeyCount, view.getUint32(node + NK.subkeyCount, true) + 1, true);
}

/** Takes an element out of a list and counts it out; lists that become empty are freed. */
export function removeSubkey(edit: ListEdit, leaves: readonly Leaf[], place: Place): void {
  const { cells, allocator, key } = edit;
  const { view, bytes } = cells;
  const node = key + 4;
  const leaf = leaves[place.leaf];
  const left = view.getUint32(node + NK.subkeyCount, true) - 1;
  view.setUint32(node + NK.subkeyCount, left, true);
  const end = leaf.cell + 4 + LIST_HEAD + leaf.count * leaf.stride;
  const at = leaf.cell + 4 + LIST_HEAD + place.index * leaf.stride;
  bytes.copyWithin(at, at + leaf.stride, end);
  bytes.fill(0, end - leaf.stride, end);
  view.setUint16(leaf.cell + 6, leaf.count - 1, true);
  if (left === 0) {
    freeLists(edit);
    view.setUint16(node + NK.largestSubkeyName, 0, true);
    view.setUint32(node + NK.largestClassName, 0, true);
  } else if (leaf.count === 1) {
    allocator.release(leaf.cell);
    const root = view.getUint32(node + NK.subkeyList, true);
    const slot = root + 4 + LIST_HEAD + place.leaf * 4;
    const rootEnd = root + 4 + LIST_HEAD + leaves.length * 4;
    bytes.copyWithin(slot, slot + 4, rootEnd);
    bytes.fill(0, rootEnd - 4, rootEnd);
    view.setUint16(root + 6, leaves.length - 1, true);
  }
}

/** Frees all lists of a key, not the keys in them. */
export function freeLists({ cells, allocator, key }: ListEdit): void {
  const node = key + 4;
  const list = cells.view.getUint32(node + NK.subkeyList, true);
  if (list === NOWHERE) return;
  if (cells.view.getUint16(list + 4, true) === CellMagic.RI) {
    const count = cells.view.getUint16(list + 6, true);
    for (let i = 0; i < count; i++) {
      allocator.release(cells.view.getUint32(list + 4 + LIST_HEAD + i * 4, true));
    }
  }
  allocator.release(list);
  cells.view.setUint32(node + NK.subkeyList, NOWHERE, true);
}

/** Brings a list into order, with right hashes, if it is not: other programs have left some that Windows does not find. */
export function putInOrder(edit: ListEdit): void {
  const { cells, key } = edit;
  const leaves = leavesOf(cells, key + 4);
  const children: number[] = [];
  let isRight = true;
  for (const leaf of leaves) {
    if (leaf.count === 0) isRight = false;
    for (let i = 0; i < leaf.count; i++) {
      const child = listedKey(cells, leaf, i);
      const name = keyName(cells, keyAt(cells, child));
      const before = children.at(-1);
      if (before !== undefined && compareToKey(cells, upperUnits(name), keyAt(cells, before)) < 0)
        isRight = false;
      if (leaf.magic === CellMagic.LH) {
        const hash = cells.view.getUint32(leaf.cell + 4 + LIST_HEAD + i * leaf.stride + 4, true);
        if (hash !== nameHash(name)) isRight = false;
      }
      children.push(child);
    }
  }
  if (isRight) return;
  const named = children.map((child) => ({ child, name: keyName(cells, child + 4) }));
  named.sort((a, b) => compareKeyNames(a.name, b.name));
  freeLists(edit);
  writeLists(
    edit,
    named.map(({ child }) => child),
  );
}

/** Writes new lists of keys that are in order. */
function writeLists(edit: ListEdit, children: readonly number[]): void {
  const { cells, allocator, key } = edit;
  const magic = edit.minor > 4 ? CellMagic.LH : CellMagic.LF;
  const leaves: number[] = [];
  for (let from = 0; from < children.length; from += MOST_IN_LEAF) {
    const part = children.slice(from, from + MOST_IN_LEAF);
    const cell = allocator.allocate(LIST_HEAD + part.length * 8);
    cells.view.setUint16(cell + 4, magic, true);
    cells.view.setUint16(cell + 6, part.length, true);
    part.forEach((child, i) =>
      writeElement(cells, cell + 4 + LIST_HEAD + i * 8, magic, child, keyName(cells, child + 4)),
    );
    leaves.push(cell);
  }
  let list = leaves.length === 0 ? NOWHERE : leaves[0];
  if (leaves.length > 1) {
    list = allocator.allocate(LIST_HEAD + leaves.length * 4);
    cells.view.setUint16(list + 4, CellMagic.RI, true);
    cells.view.setUint16(list + 6, leaves.length, true);
    leaves.forEach((leaf, i) => cells.view.setUint32(list + 4 + LIST_HEAD + i * 4, leaf, true));
  }
  cells.view.setUint32(key + 4 + NK.subkeyList, list, true);
  cells.view.setUint32(key + 4 + NK.subkeyCount, children.length, true);
}

/** Moves the upper half of a leaf into a new one behind it. @returns the new one */
function splitLeaf(edit: ListEdit, leaf: Leaf, leafIndex: number, leafCount: number): Leaf {
  const { cells, allocator } = edit;
  const keep = leaf.count >> 1;
  const moved = leaf.count - keep;
  const cell = allocator.allocate(LIST_HEAD + (moved + SPARE) * leaf.stride);
  const { view, bytes } = cells;
  const from = leaf.cell + 4 + LIST_HEAD + keep * leaf.stride;
  const end = from + moved * leaf.stride;
  bytes.copyWithin(cell + 4 + LIST_HEAD, from, end);
  bytes.fill(0, from, end);
  view.setUint16(leaf.cell + 6, keep, true);
  view.setUint16(cell + 4, leaf.magic, true);
  view.setUint16(cell + 6, moved, true);
  addToRoot(edit, leaf.cell, cell, leafIndex, leafCount);
  return { ...leaf, cell, count: moved };
}

/** Lists a leaf behind another one in the index root, which is made where there was none. */
function addToRoot(edit: ListEdit, leaf: number, added: number, leafIndex: number, leafCount: number): void {
  const { cells, allocator, key } = edit;
  const field = key + 4 + NK.subkeyList;
  let root = cells.view.getUint32(field, true);
  if (root === leaf) {
    root = allocator.allocate(LIST_HEAD + 2 * 4);
    cells.view.setUint16(root + 4, CellMagic.RI, true);
    cells.view.setUint32(root + 4 + LIST_HEAD, leaf, true);
  } else {
    root = allocator.enlarge(root, LIST_HEAD + (leafCount + 1) * 4);
  }
  const { view, bytes } = cells;
  const slot = root + 4 + LIST_HEAD + (leafIndex + 1) * 4;
  bytes.copyWithin(slot + 4, slot, root + 4 + LIST_HEAD + leafCount * 4);
  view.setUint32(slot, added, true);
  view.setUint16(root + 6, leafCount + 1, true);
  view.setUint32(field, root, true);
}

/** Makes room for one more element. @returns the leaf's cell, which may be another one */
function growLeaf(edit: ListEdit, leaf: Leaf, leafIndex: number): number {
  const { cells, allocator, key } = edit;
  const held = -cells.view.getInt32(leaf.cell, true) - 4;
  if (LIST_HEAD + (leaf.count + 1) * leaf.stride <= held) return leaf.cell;
  const capacity = Math.max(leaf.count + 1, Math.min(leaf.count + SPARE, MOST_IN_LEAF));
  const cell = allocator.enlarge(leaf.cell, LIST_HEAD + capacity * leaf.stride);
  if (cell !== leaf.cell) {
    const field = key + 4 + NK.subkeyList;
    const list = cells.view.getUint32(field, true);
    if (list === leaf.cell) cells.view.setUint32(field, cell, true);
    else cells.view.setUint32(list + 4 + LIST_HEAD + leafIndex * 4, cell, true);
  }
  return cell;
}

function writeElement(cells: CellStore, at: number, magic: number, child: number, name: string): void {
  cells.view.setUint32(at, child, true);
  if (magic === CellMagic.LH) cells.view.setUint32(at + 4, nameHash(name), true);
  else if (magic === CellMagic.LF) cells.view.setUint32(at + 4, nameHint(name), true);
}
