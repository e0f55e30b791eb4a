import type { ExtentList } from './extentList';

/** A run that is laid over a file: bytes, or zeroes where there are none. */
interface Run {
  readonly offset: number;
  readonly length: number;
  readonly bytes?: Uint8Array;
}

/** What is to be read in place of parts of a file. The latest that was laid over a place counts. */
export class Overlay {
  /** The file has at least this length. */
  end = 0;
  /** Sorted, without overlaps. */
  private readonly runs: Run[] = [];

  get count(): number {
    return this.runs.length;
  }

  put(offset: number, bytes: Uint8Array): void {
    this.insert({ offset, length: bytes.length, bytes });
  }

  putZeroes(offset: number, length: number): void {
    this.insert({ offset, length });
  }

  /** Changes what was read of the file at `offset`. */
  patch(offset: number, target: Uint8Array): void {
    const end = offset + target.length;
    for (let index = this.firstAfter(offset); index < this.runs.length; index++) {
      const run = this.runs[index];
      if (run.offset >= end) return;
      const from = Math.max(run.offset, offset);
      const to = Math.min(run.offset + run.length, end);
      if (run.bytes === undefined) target.fill(0, from - offset, to - offset);
      else target.set(run.bytes.subarray(from - run.offset, to - run.offset), from - offset);
    }
  }

  /** Where bytes of the file `path`, which has `size`, lie. Between its end and the overlay's are zeroes. */
  addExtents(path: string, size: number, offset: number, length: number, list: ExtentList): void {
    const end = offset + length;
    let at = offset;
    const addFile = (to: number): void => {
      const there = Math.max(at, Math.min(to, size));
      list.addFile(path, at, there - at);
      list.addZero(to - there);
      at = to;
    };
    for (let index = this.firstAfter(offset); index < this.runs.length; index++) {
      const run = this.runs[index];
      if (run.offset >= end) break;
      if (run.offset > at) addFile(run.offset);
      const to = Math.min(run.offset + run.length, end);
      if (run.bytes === undefined) list.addZero(to - at);
      else list.addBytes(run.bytes.subarray(at - run.offset, to - run.offset));
      at = to;
    }
    if (at < end) addFile(end);
  }

  /** Every run, in order. */
  forEach(visit: (offset: number, length: number, bytes: Uint8Array | undefined) => void): void {
    for (const run of this.runs) visit(run.offset, run.length, run.bytes);
  }

  /** Index of the first run that ends after `offset`. */
  private firstAfter(offset: number): number {
    let low = 0;
    let high = this.runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.runs[middle].offset + this.runs[middle].length > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private insert(run: Run): void {
    if (run.length === 0) return;
    const end = run.offset + run.length;
    const first = this.firstAfter(run.offset);
    let last = first;
    while (last < this.runs.length && this.runs[last].offset < end) last++;
    const parts: Run[] = [run];
    if (last > first) {
      const before = part(this.runs[first], this.runs[first].offset, run.offset);
      const after = part(this.runs[last - 1], end, this.runs[last - 1].offset + this.runs[last - 1].length);
      if (before !== undefined) parts.unshift(before);
      if (after !== undefined) parts.push(after);
    }
    this.runs.splice(first, last - first, ...parts);
  }
}

function part(run: Run, from: number, to: number): Run | undefined {
  if (to <= from) return undefined;
  const place = { offset: from, length: to - from };
  if (run.bytes === undefined) return place;
  return { ...place, bytes: run.bytes.subarray(from - run.offset, to - run.offset) };
}
