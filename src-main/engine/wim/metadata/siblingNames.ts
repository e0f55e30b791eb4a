import type { Tree } from '../../tree/tree';

/** Odd numbers, new in each process: names cannot be crafted so that they collide. */
const seed = Math.floor(Math.random() * 0x1_0000_0000) | 1;
const factor = (Math.floor(Math.random() * 0x1_0000_0000) & ~7) | 5;

/** The names in one directory, told apart without making a string of each. */
export class SiblingNames {
  /** Entry and hash, by slot. A slot belongs to the directory whose number it bears. */
  private entries = new Int32Array(64);
  private hashes = new Int32Array(64);
  private owners = new Int32Array(64);
  private directory = 0;
  private count = 0;

  constructor(
    private readonly tree: Tree,
    private readonly view: DataView,
  ) {}

  /** Begins the next directory, in which no name is known. */
  clear(): void {
    this.directory += 1;
    this.count = 0;
  }

  /** The hash of the UTF-16 text of `units` units at `start`. */
  hash(start: number, units: number): number {
    let hash = seed;
    for (let at = start; at < start + 2 * units; at += 2) {
      hash = Math.imul(hash ^ this.view.getUint16(at, true), factor);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  /** Whether an entry of that name was added. @param hash what {@link hash} says of it */
  has(hash: number, start: number, units: number): boolean {
    const mask = this.entries.length - 1;
    for (let slot = hash & mask; this.owners[slot] === this.directory; slot = (slot + 1) & mask) {
      if (this.hashes[slot] === hash && this.tree.isNamed(this.entries[slot], this.view, start, units))
        return true;
    }
    return false;
  }

  add(hash: number, entry: number): void {
    this.count += 1;
    if (this.count * 2 > this.entries.length) this.grow();
    this.insert(hash, entry);
  }

  private insert(hash: number, entry: number): void {
    const mask = this.entries.length - 1;
    let slot = hash & mask;
    while (this.owners[slot] === this.directory) slot = (slot + 1) & mask;
    this.owners[slot] = this.directory;
    this.hashes[slot] = hash;
    this.entries[slot] = entry;
  }

  private grow(): void {
    const { entries, hashes, owners } = this;
    this.entries = new Int32Array(2 * entries.length);
    this.hashes = new Int32Array(2 * entries.length);
    this.owners = new Int32Array(2 * entries.length);
    for (let slot = 0; slot < entries.length; slot++)
      if (owners[slot] === this.directory) this.insert(hashes[slot], entries[slot]);
  }
}
