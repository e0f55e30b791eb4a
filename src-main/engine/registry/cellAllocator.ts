import { FormatError } from '../../../src-shared/errors/appError';
import type { CellStore } from './cellStore';
import { BIN_HEADER, PAGE } from './records';

/** Free cells below this size have a list for each size. */
const LARGE = 16384;

/**
 * Allocates and frees the cells of a hive. Neighbours that are free become one cell; a bin is added when no free cell
 * is large enough. Sizes that callers give are those of contents, without the 4 bytes before.
 */
export class CellAllocator {
  /** Free cells: size by offset. */
  private readonly free = new Map<number, number>();
  /** Free cells: offset by end. */
  private readonly freeEnds = new Map<number, number>();
  /**
   * Offsets of free cells by size divided by 8, the last for all that are larger. What is in here may be free no
   * more, or have grown: `free` decides.
   */
  private readonly bySize: number[][] = Array.from({ length: LARGE / 8 + 1 }, () => []);

  /** @throws FormatError when the cells of a bin do not fill it */
  constructor(private readonly cells: CellStore) {
    let at = 0;
    while (at < cells.size) {
      const end = cells.binEnd(at);
      at += BIN_HEADER;
      while (at < end) {
        const size = Math.abs(cells.view.getInt32(at, true));
        if (size < 8 || size % 8 !== 0 || size > end - at) {
          throw new FormatError(
            {
              structure: 'cell',
              offset: PAGE + at,
              problem: `its size is ${size}, the bin has ${end - at} bytes left`,
            },
            'registry/malformed',
          );
        }
        if (cells.view.getInt32(at, true) > 0) this.add(at, size);
        at += size;
      }
    }
  }

  /** @returns offset of a cell whose content is zero */
  allocate(contentSize: number): number {
    const size = cellSize(contentSize);
    const at = this.take(size) ?? this.takeNewBin(size);
    this.cells.view.setInt32(at, -size, true);
    this.cells.bytes.fill(0, at + 4, at + size);
    return at;
  }

  /** Frees a cell, together with free neighbours. Its content is overwritten: what was deleted is gone. */
  release(offset: number): void {
    const { view, bytes } = this.cells;
    const size = -view.getInt32(offset, true);
    bytes.fill(0, offset + 4, offset + size);
    let from = offset;
    let to = offset + size;
    const nextSize = to < this.cells.binEnd(offset) ? this.free.get(to) : undefined;
    if (nextSize !== undefined) {
      this.remove(to, nextSize);
      view.setInt32(to, 0, true);
      to += nextSize;
    }
    // A bin begins with its header, so that a free cell that ends here is always of this bin.
    const before = this.freeEnds.get(offset);
    if (before !== undefined) {
      this.remove(before, offset - before);
      view.setInt32(offset, 0, true);
      from = before;
    }
    this.putFree(from, to - from);
  }

  /**
   * Makes a cell at least as large as its content needs; its content stays.
   * @returns the cell's offset, which may be another one
   */
  enlarge(offset: number, contentSize: number): number {
    const { view, bytes } = this.cells;
    const old = -view.getInt32(offset, true);
    const size = cellSize(contentSize);
    if (size <= old) return offset;
    const next = offset + old;
    const nextSize = next < this.cells.binEnd(offset) ? this.free.get(next) : undefined;
    if (nextSize !== undefined && old + nextSize >= size) {
      this.remove(next, nextSize);
      if (old + nextSize > size) this.putFree(offset + size, old + nextSize - size);
      bytes.fill(0, next, offset + size);
      view.setInt32(offset, -size, true);
      return offset;
    }
    const moved = this.allocate(contentSize);
    // Allocating may have moved all bytes.
    this.cells.bytes.copyWithin(moved + 4, offset + 4, offset + old);
    this.release(offset);
    return moved;
  }

  /** Takes away the bins at the end in which nothing is allocated; the first bin stays. */
  dropFreeBins(from: number): void {
    for (;;) {
      const { size } = this.cells;
      const cell = this.freeEnds.get(size);
      if (cell === undefined || cell % PAGE !== BIN_HEADER || cell - BIN_HEADER < from) return;
      const bin = cell - BIN_HEADER;
      // A free cell behind the first 32 bytes of a page fills its bin only if the bin begins there.
      if (bin !== 0 && this.cells.binEnd(bin - 1) !== bin) return;
      this.remove(cell, size - cell);
      this.cells.dropBin(bin);
    }
  }

  private take(size: number): number | undefined {
    for (let index = Math.min(size, LARGE) / 8; index < this.bySize.length; index++) {
      const list = this.bySize[index];
      for (let i = list.length - 1; i >= 0; i--) {
        const at = list[i];
        const found = this.free.get(at);
        const isThere = found !== undefined && Math.min(found, LARGE) / 8 === index;
        // Only among the largest may one be free and yet too small.
        if (isThere && found < size) continue;
        list[i] = list[list.length - 1];
        list.pop();
        if (!isThere) continue;
        this.remove(at, found);
        if (found > size) this.putFree(at + size, found - size);
        return at;
      }
    }
    return undefined;
  }

  private takeNewBin(size: number): number {
    const binSize = Math.ceil((size + BIN_HEADER) / PAGE) * PAGE;
    const at = this.cells.addBin(binSize) + BIN_HEADER;
    if (binSize - BIN_HEADER > size) this.putFree(at + size, binSize - BIN_HEADER - size);
    return at;
  }

  private putFree(at: number, size: number): void {
    this.cells.view.setInt32(at, size, true);
    this.add(at, size);
  }

  private add(at: number, size: number): void {
    this.free.set(at, size);
    this.freeEnds.set(at + size, at);
    this.bySize[Math.min(size, LARGE) / 8].push(at);
  }

  private remove(at: number, size: number): void {
    this.free.delete(at);
    this.freeEnds.delete(at + size);
  }
}

/** Size of a cell for a content. */
function cellSize(contentSize: number): number {
  return Math.max(8, Math.ceil((contentSize + 4) / 8) * 8);
}
