import type { CellAllocator } from './cellAllocator';
import type { HiveCore } from './hiveCore';
import { nameBytes } from './names';
import { CellMagic, KeyFlag, KeyNode, NK, NOWHERE, VIRTUALIZATION_RECURSE } from './records';
import { addReference, dropReference } from './securityCells';
import { freeLists, insertSubkey } from './subkeyEdits';
import { leavesOf, listedKey } from './subkeyLists';
import { freeData } from './valueData';

/**
 * Makes an empty subkey; the parent's list must be in order and hold none of that name.
 * @returns the subkey's cell
 */
export function createSubkey(core: HiveCore, allocator: CellAllocator, parent: number, name: string): number {
  const { cells } = core;
  const above = KeyNode.parse(cells.bytes.subarray(parent + 4, parent + 4 + KeyNode.size));
  const stored = nameBytes(name);
  const now = core.now();
  const flags = above.virtualization & 0xf;
  const cell = allocator.allocate(KeyNode.size + stored.bytes.length);
  cells.bytes.set(
    KeyNode.serialize({
      magic: CellMagic.NK,
      flags: stored.compressed ? KeyFlag.COMPRESSED_NAME : 0,
      lastWritten: now,
      accessBits: 0,
      parent,
      subkeyCount: 0,
      volatileCount: 0,
      subkeyList: NOWHERE,
      volatileList: NOWHERE,
      valueCount: 0,
      valueList: NOWHERE,
      security: above.security,
      className: NOWHERE,
      largestSubkeyName: 0,
      virtualization: (flags & VIRTUALIZATION_RECURSE) === 0 ? 0 : flags,
      debug: 0,
      largestClassName: 0,
      largestValueName: 0,
      largestValueData: 0,
      workVar: 0,
      nameLength: stored.bytes.length,
      classNameLength: 0,
    }),
    cell + 4,
  );
  cells.bytes.set(stored.bytes, cell + 4 + KeyNode.size);
  addReference(cells, above.security);
  insertSubkey({ cells, allocator, key: parent, minor: core.block.minor }, cell, name);
  const node = parent + 4;
  const largest = Math.max(cells.view.getUint16(node + NK.largestSubkeyName, true), name.length * 2);
  cells.view.setUint16(node + NK.largestSubkeyName, largest, true);
  cells.view.setBigUint64(node + NK.lastWritten, now, true);
  return cell;
}

/** Frees a key that is in no list any more, and everything below it. */
export function deleteTree(core: HiveCore, allocator: CellAllocator, key: number): void {
  const { cells } = core;
  const pending = [key];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const node = at + 4;
    for (const leaf of leavesOf(cells, node)) {
      for (let i = 0; i < leaf.count; i++) pending.push(listedKey(cells, leaf, i));
    }
    freeLists({ cells, allocator, key: at, minor: core.block.minor });
    freeValues(core, allocator, node);
    const className = cells.view.getUint32(node + NK.className, true);
    if (className !== NOWHERE && cells.view.getUint16(node + NK.classNameLength, true) > 0) {
      allocator.release(className);
    }
    dropReference(cells, allocator, cells.view.getUint32(node + NK.security, true));
    allocator.release(at);
    core.noteDeleted(at);
  }
}

function freeValues({ cells }: HiveCore, allocator: CellAllocator, node: number): void {
  if ((cells.view.getUint16(node + NK.flags, true) & KeyFlag.PREDEFINED_HANDLE) !== 0) return;
  const count = cells.view.getUint32(node + NK.valueCount, true);
  if (count === 0) return;
  const list = cells.view.getUint32(node + NK.valueList, true);
  for (let i = 0; i < count; i++) {
    const value = cells.view.getUint32(list + 4 + i * 4, true);
    freeData(cells, allocator, value + 4);
    allocator.release(value);
  }
  allocator.release(list);
}
