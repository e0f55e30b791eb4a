import { growColumn, nextCapacity } from '../binary/columns';
import { NONE } from '../tree/tree';

/** Bytes of a SHA-1. */
export const SHA1_SIZE = 20;

/** What the blob table says of where a blob's data is. */
export const BlobPlace = {
  /** No file that was opened holds it. */
  MISSING: 0,
  /** In a resource of its own, in part {@link BlobTable.part}. */
  RESOURCE: 1,
  /** In the solid resource {@link BlobTable.solid}, from {@link BlobTable.offset} of its expanded data on. */
  SOLID: 2,
} as const;

/**
 * File data by SHA-1, in columns: a million blobs are typed arrays. Rows are numbered from 0 and never move; a hash
 * index finds a row by its SHA-1.
 */
export class BlobTable {
  length = 0;
  size = new Float64Array(64);
  storedSize = new Float64Array(64);
  /** In the file; in a solid resource, in its expanded data. */
  offset = new Float64Array(64);
  /** Index into the list of the Wim's solid resources. */
  solid = new Int32Array(64);
  /** ResourceFlag bits as read. */
  flags = new Uint8Array(64);
  place = new Uint8Array(64);
  /** Index into the list of files that the WIM was opened from. */
  part = new Uint16Array(64);
  /** References from all images, every hard link counted. */
  referenceCount = new Uint32Array(64);
  private hashes = new Uint8Array(64 * SHA1_SIZE);
  private slots = new Int32Array(128).fill(NONE);

  /** The SHA-1 of a row: a view, not a copy. */
  sha1(row: number): Uint8Array {
    return this.hashes.subarray(row * SHA1_SIZE, (row + 1) * SHA1_SIZE);
  }

  /** Copies the SHA-1 of a row to `target` at `at`; makes no view. */
  copySha1(row: number, target: Uint8Array, at: number): void {
    const start = row * SHA1_SIZE;
    for (let i = 0; i < SHA1_SIZE; i++) target[at + i] = this.hashes[start + i];
  }

  /** Row of the blob whose SHA-1 begins at `hash[at]`, or NONE. */
  find(hash: Uint8Array, at = 0): number {
    const mask = this.slots.length - 1;
    for (let slot = slotOf(hash, at) & mask; ; slot = (slot + 1) & mask) {
      const row = this.slots[slot];
      if (row === NONE || this.equals(row, hash, at)) return row;
    }
  }

  /** Adds a blob that is not in the table yet; the caller fills in the place. */
  add(hash: Uint8Array, at: number, size: number): number {
    const row = this.length++;
    if (row >= this.size.length) this.grow(nextCapacity(row, row + 1));
    this.hashes.set(
      at === 0 && hash.length === SHA1_SIZE ? hash : hash.subarray(at, at + SHA1_SIZE),
      row * SHA1_SIZE,
    );
    this.size[row] = size;
    this.place[row] = BlobPlace.MISSING;
    if (this.length * 2 > this.slots.length) this.rehash(this.slots.length * 2);
    else this.insert(row);
    return row;
  }

  /** Row of the blob, added as missing when it is not there. */
  findOrAdd(hash: Uint8Array, at: number, size: number): number {
    const row = this.find(hash, at);
    return row === NONE ? this.add(hash, at, size) : row;
  }

  private equals(row: number, hash: Uint8Array, at: number): boolean {
    const start = row * SHA1_SIZE;
    for (let i = 0; i < SHA1_SIZE; i++) if (this.hashes[start + i] !== hash[at + i]) return false;
    return true;
  }

  private insert(row: number): void {
    const mask = this.slots.length - 1;
    let slot = slotOf(this.hashes, row * SHA1_SIZE) & mask;
    while (this.slots[slot] !== NONE) slot = (slot + 1) & mask;
    this.slots[slot] = row;
  }

  private rehash(capacity: number): void {
    this.slots = new Int32Array(capacity).fill(NONE);
    for (let row = 0; row < this.length; row++) this.insert(row);
  }

  private grow(capacity: number): void {
    this.size = growColumn(this.size, capacity);
    this.storedSize = growColumn(this.storedSize, capacity);
    this.offset = growColumn(this.offset, capacity);
    this.solid = growColumn(this.solid, capacity);
    this.flags = growColumn(this.flags, capacity);
    this.place = growColumn(this.place, capacity);
    this.part = growColumn(this.part, capacity);
    this.referenceCount = growColumn(this.referenceCount, capacity);
    this.hashes = growColumn(this.hashes, capacity * SHA1_SIZE);
  }
}

/** Seeds of {@link slotOf}, new in each process: a file cannot be crafted so that its hashes collide in the index. */
const seeds = Array.from({ length: 5 }, () => Math.floor(Math.random() * 0x1_0000_0000) | 1);

function slotOf(hash: Uint8Array, at: number): number {
  let mixed = 0;
  for (let word = 0; word < 5; word++) {
    const i = at + word * 4;
    const value = hash[i] | (hash[i + 1] << 8) | (hash[i + 2] << 16) | (hash[i + 3] << 24);
    mixed = Math.imul(mixed ^ value, seeds[word]);
    mixed ^= mixed >>> 15;
  }
  return mixed & 0x7fff_ffff;
}

/** Whether the 20 bytes at `at` are all zero: "no data". */
export function isZeroHash(hash: Uint8Array, at = 0): boolean {
  for (let i = 0; i < SHA1_SIZE; i++) if (hash[at + i] !== 0) return false;
  return true;
}

/** Lower-case hex. */
export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
