/**
 * Sector bitmaps of a differencing disk that were read or changed last. Changed ones are written by `writeChanged`, or
 * when there are too many.
 */
export class BitmapCache {
  private readonly kept = new Map<number, Uint8Array>();
  private readonly changed = new Set<number>();
  private readonly limit: number;
  private readonly load: (key: number) => Uint8Array;
  private readonly makeRoom: () => void;

  /**
   * @param limit bitmaps that are kept at most
   * @param makeRoom called when all that are kept are changed: must end in `writeChanged`
   */
  constructor(limit: number, load: (key: number) => Uint8Array, makeRoom: () => void) {
    this.limit = limit;
    this.load = load;
    this.makeRoom = makeRoom;
  }

  get hasChanges(): boolean {
    return this.changed.size > 0;
  }

  get(key: number): Uint8Array {
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const bitmap = this.load(key);
    this.keep(key, bitmap);
    return bitmap;
  }

  /** Enters a new bitmap, or one that is changed. */
  put(key: number, bitmap: Uint8Array): void {
    if (!this.kept.has(key)) this.keep(key, bitmap);
    this.changed.add(key);
  }

  writeChanged(write: (key: number, bitmap: Uint8Array) => void): void {
    for (const key of [...this.changed].sort((a, b) => a - b)) {
      const bitmap = this.kept.get(key);
      if (bitmap !== undefined) write(key, bitmap);
    }
    this.changed.clear();
  }

  private keep(key: number, bitmap: Uint8Array): void {
    if (this.kept.size >= this.limit) {
      if (this.changed.size >= this.limit / 2) this.makeRoom();
      for (const old of this.kept.keys()) {
        if (this.changed.has(old)) continue;
        this.kept.delete(old);
        break;
      }
    }
    this.kept.set(key, bitmap);
  }
}

/** Order of a bitmap's bits in a byte. */
export type BitOrder = 'lowFirst' | 'highFirst';

/** Bits from `first` on that are alike, at most `limit`: their number where they are set, minus it where they are not. */
export function bitRun(bitmap: Uint8Array, first: number, limit: number, order: BitOrder): number {
  const isSet = hasBit(bitmap, first, order);
  const whole = isSet ? 0xff : 0;
  let count = 1;
  while (count < limit) {
    const bit = first + count;
    if ((bit & 7) === 0 && limit - count >= 8 && bitmap[bit >>> 3] === whole) count += 8;
    else if (hasBit(bitmap, bit, order) === isSet) count++;
    else break;
  }
  return isSet ? count : -count;
}

export function setBits(bitmap: Uint8Array, first: number, count: number, order: BitOrder): void {
  const end = first + count;
  for (let bit = first; bit < end;) {
    if ((bit & 7) === 0 && end - bit >= 8) {
      const last = end - (end & 7);
      bitmap.fill(0xff, bit >>> 3, last >>> 3);
      bit = last;
    } else {
      bitmap[bit >>> 3] |= maskOf(bit, order);
      bit++;
    }
  }
}

function hasBit(bitmap: Uint8Array, bit: number, order: BitOrder): boolean {
  return (bitmap[bit >>> 3] & maskOf(bit, order)) !== 0;
}

function maskOf(bit: number, order: BitOrder): number {
  return order === 'lowFirst' ? 1 << (bit & 7) : 0x80 >>> (bit & 7);
}
