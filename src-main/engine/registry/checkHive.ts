import { FormatError } from '../../../src-shared/errors/appError';
import type { CellStore } from './cellStore';
import { keyAt, keyName } from './keyNodes';
import { CellMagic, KeyFlag, NK, NOWHERE, PAGE, SK } from './records';
import { securityAt } from './securityCells';
import { leavesOf, listedKey, LIST_HEAD } from './subkeyLists';
import { dataCells, valueAt } from './valueData';

/** What the check knows while it walks. */
interface Walk {
  readonly cells: CellStore;
  /** A bit for each 8 bytes: whether a cell in use begins there. */
  readonly used: Uint8Array;
  /** How many keys have each security descriptor. */
  readonly references: Map<number, number>;
  readonly repairs: string[];
}

/**
 * Checks everything that is reachable from the root, before the first change of a hive: each cell has one owner, each
 * list holds as many as it says. Parents and counts of references, from which nothing is read, are put right.
 * @param cells the cells fill their bins
 * @returns what was put right, in sentences
 * @throws FormatError for the first fault: a change could make it worse
 */
export function checkHive(cells: CellStore, root: number): string[] {
  const starts = markCells(cells);
  const walk: Walk = { cells, used: starts, references: new Map(), repairs: [] };
  keyAt(cells, root);
  take(walk, root, 'key node');
  const pending = [root];
  let parentsFixed = 0;
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    const node = key + 4;
    for (const child of checkSubkeys(walk, node)) {
      const parent = child + 4 + NK.parent;
      if (cells.view.getUint32(parent, true) !== key) {
        parentsFixed++;
        cells.view.setUint32(parent, key, true);
      }
      pending.push(child);
    }
    checkValues(walk, node);
    const className = cells.view.getUint32(node + NK.className, true);
    if (className !== NOWHERE && cells.view.getUint16(node + NK.classNameLength, true) > 0) {
      cells.contentSize(className, 'class name', cells.view.getUint16(node + NK.classNameLength, true));
      take(walk, className, 'class name');
    }
    const security = cells.view.getUint32(node + NK.security, true);
    walk.references.set(security, (walk.references.get(security) ?? 0) + 1);
  }
  if (parentsFixed > 0) walk.repairs.push(`${parentsFixed} keys named another parent; corrected`);
  checkSecurity(walk);
  return walk.repairs;
}

/** Marks where cells begin, so that an offset into the middle of one is found. */
function markCells(cells: CellStore): Uint8Array {
  const starts = new Uint8Array(cells.size / 8);
  for (let bin = 0; bin < cells.size; bin = cells.binEnd(bin)) {
    const end = cells.binEnd(bin);
    for (let at = bin + 32; at < end; at += Math.abs(cells.view.getInt32(at, true))) starts[at / 8] = 1;
  }
  return starts;
}

/** Notes that something has a cell. A cell is taken once. */
function take({ used }: Walk, offset: number, structure: string): void {
  if (used[offset / 8] !== 1) {
    const problem =
      used[offset / 8] === 2 ? 'its cell belongs to something else, too' : 'no cell begins there';
    throw new FormatError({ structure, offset: PAGE + offset, problem }, 'registry/malformed');
  }
  used[offset / 8] = 2;
}

function checkSubkeys(walk: Walk, node: number): number[] {
  const { cells } = walk;
  const list = cells.view.getUint32(node + NK.subkeyList, true);
  const declared = cells.view.getUint32(node + NK.subkeyCount, true);
  const leaves = leavesOf(cells, node);
  if (declared === 0) {
    // What an empty key still points to is nobody's: it is let go, so that it is never freed.
    if (list !== NOWHERE) cells.view.setUint32(node + NK.subkeyList, NOWHERE, true);
    return [];
  }
  const children: number[] = [];
  for (const leaf of leaves) {
    take(walk, leaf.cell, 'subkey list');
    for (let i = 0; i < leaf.count; i++) {
      const child = listedKey(cells, leaf, i);
      keyAt(cells, child);
      take(walk, child, 'key node');
      children.push(child);
    }
  }
  if (list !== NOWHERE && cells.view.getUint16(list + 4, true) === CellMagic.RI) {
    take(walk, list, 'index root');
    cells.contentSize(list, 'index root', LIST_HEAD + leaves.length * 4);
  }
  if (children.length !== declared) {
    throw new FormatError(
      {
        structure: 'key node',
        field: 'subkeyCount',
        offset: PAGE + node,
        problem: `${JSON.stringify(keyName(cells, node))} lists ${children.length} subkeys and claims ${declared}`,
      },
      'registry/malformed',
    );
  }
  return children;
}

function checkValues(walk: Walk, node: number): void {
  const { cells } = walk;
  if ((cells.view.getUint16(node + NK.flags, true) & KeyFlag.PREDEFINED_HANDLE) !== 0) return;
  const count = cells.view.getUint32(node + NK.valueCount, true);
  const list = cells.view.getUint32(node + NK.valueList, true);
  if (count === 0) {
    if (list !== NOWHERE) cells.view.setUint32(node + NK.valueList, NOWHERE, true);
    return;
  }
  cells.contentSize(list, 'value list', count * 4);
  take(walk, list, 'value list');
  for (let i = 0; i < count; i++) {
    const value = cells.view.getUint32(list + 4 + i * 4, true);
    const at = valueAt(cells, value);
    take(walk, value, 'key value');
    for (const cell of dataCells(cells, at)) take(walk, cell, "value's data");
  }
}

/** Puts right how many keys have each descriptor, and the ring that joins the descriptors. */
function checkSecurity(walk: Walk): void {
  const { cells, references, repairs } = walk;
  const { view } = cells;
  let countsFixed = 0;
  const ring = new Set<number>();
  for (const [offset, count] of references) {
    const at = securityAt(cells, offset);
    take(walk, offset, 'key security');
    if (view.getUint32(at + SK.references, true) !== count) {
      countsFixed++;
      view.setUint32(at + SK.references, count, true);
    }
  }
  if (countsFixed > 0)
    repairs.push(`${countsFixed} security descriptors had a wrong count of keys; corrected`);

  // The ring, as far as it is one: from the first descriptor on.
  const [first] = references.keys();
  let isRing: boolean;
  let at = first;
  do {
    ring.add(at);
    const next = view.getUint32(at + 4 + SK.next, true);
    isRing = next === first || (!ring.has(next) && isSecurity(cells, next));
    if (isRing && view.getUint32(next + 4 + SK.previous, true) !== at) isRing = false;
    at = next;
  } while (isRing && at !== first);
  if (isRing && [...references.keys()].every((offset) => ring.has(offset))) return;
  const all = [...references.keys()];
  all.forEach((offset, i) => {
    view.setUint32(offset + 4 + SK.next, all[(i + 1) % all.length], true);
    view.setUint32(offset + 4 + SK.previous, all[(i + all.length - 1) % all.length], true);
  });
  repairs.push('the ring of security descriptors was broken; joined again');
}

function isSecurity(cells: CellStore, offset: number): boolean {
  try {
    securityAt(cells, offset);
    return true;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}
