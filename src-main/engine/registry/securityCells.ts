import type { CellAllocator } from './cellAllocator';
import type { CellStore } from './cellStore';
import { CellMagic, KeySecurity, SK } from './records';

/**
 * Where the record of a security descriptor begins, the descriptor being whole.
 * @throws FormatError where there is none
 */
export function securityAt(cells: CellStore, offset: number): number {
  const at = cells.record(offset, KeySecurity.structure, CellMagic.SK, KeySecurity.size);
  cells.contentSize(
    offset,
    KeySecurity.structure,
    KeySecurity.size + cells.view.getUint32(at + SK.size, true),
  );
  return at;
}

export function descriptorAt(cells: CellStore, offset: number): Uint8Array<ArrayBuffer> {
  const at = securityAt(cells, offset);
  const size = cells.view.getUint32(at + SK.size, true);
  return cells.bytes.slice(at + KeySecurity.size, at + KeySecurity.size + size);
}

/** Counts one more key that has a descriptor. */
export function addReference(cells: CellStore, offset: number): void {
  const at = securityAt(cells, offset) + SK.references;
  cells.view.setUint32(at, cells.view.getUint32(at, true) + 1, true);
}

/** Counts one key less; a descriptor that no key has is taken out of the ring and freed. */
export function dropReference(cells: CellStore, allocator: CellAllocator, offset: number): void {
  const at = securityAt(cells, offset);
  const { view } = cells;
  const left = view.getUint32(at + SK.references, true) - 1;
  view.setUint32(at + SK.references, Math.max(left, 0), true);
  if (left > 0) return;
  const next = view.getUint32(at + SK.next, true);
  const previous = view.getUint32(at + SK.previous, true);
  view.setUint32(previous + 4 + SK.next, next, true);
  view.setUint32(next + 4 + SK.previous, previous, true);
  allocator.release(offset);
}
