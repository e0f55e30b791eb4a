/** Typed arrays that hold one field of many rows. */
export type Column =
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>;

/**
 * Returns a column with room for `capacity` rows of `width` elements, holding what `column` held. Memory beyond the
 * rows in use is zero and, until touched, costs no pages.
 */
export function growColumn<C extends Column>(column: C, capacity: number): C {
  const Constructor = column.constructor as new (length: number) => C;
  const grown = new Constructor(capacity);
  (grown as { set(source: C): void }).set(column);
  return grown;
}

/** Capacity to grow to from `current` so that at least `needed` rows fit: doubling, so that pushes are cheap. */
export function nextCapacity(current: number, needed: number): number {
  return Math.max(needed, current * 2, 64);
}
