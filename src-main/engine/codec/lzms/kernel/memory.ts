// Memory of an instance: slabs cut once from the heap base when the instance is set up, never freed.

let top: usize = __heap_base;

/** Cuts a slab, aligned to 64 bytes and zero. */
export function slab(bytes: usize): usize {
  const start = (top + 63) & ~63;
  top = start + bytes;
  const pages = <i32>((top + 0xffff) >>> 16);
  const missing = pages - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
  return start;
}
