import { upcase } from '../../tree/nameOrder';
import type { NameColumns } from '../../tree/tree';

/**
 * A name of an entry as a number: twice the row, and one more for its short name. What directories are ordered by.
 */
export type NameKey = number;

export const longKey = (entry: number): NameKey => entry * 2;
export const shortKey = (entry: number): NameKey => entry * 2 + 1;
export const entryOfKey = (key: NameKey): number => key >>> 1;
export const isShortKey = (key: NameKey): boolean => (key & 1) === 1;

/** The names of a tree, with those that were given in place of others. */
export class NameKeys {
  private names: NameColumns;
  private own: { units: Uint16Array; used: number } | undefined;
  private readonly table = upcase();

  constructor(columns: NameColumns) {
    this.names = columns;
  }

  get units(): Uint16Array {
    return this.names.units;
  }
  start(key: NameKey): number {
    return isShortKey(key) ? this.names.shortStart[entryOfKey(key)] : this.names.start[entryOfKey(key)];
  }
  length(key: NameKey): number {
    return isShortKey(key) ? this.names.shortLength[entryOfKey(key)] : this.names.length[entryOfKey(key)];
  }
  range(key: NameKey): { units: Uint16Array; start: number; length: number } {
    return { units: this.units, start: this.start(key), length: this.length(key) };
  }

  /** Gives an entry another name; the tree keeps its own. */
  rename(entry: number, name: string): void {
    const { names } = this;
    if (this.own === undefined) {
      this.own = { units: names.units.slice(), used: names.units.length };
      this.names = {
        ...names,
        units: this.own.units,
        start: names.start.slice(),
        length: names.length.slice(),
      };
    }
    const { own } = this;
    if (own.used + name.length > own.units.length) {
      const grown = new Uint16Array(own.units.length * 2 + name.length);
      grown.set(own.units);
      own.units = grown;
      this.names = { ...this.names, units: grown };
    }
    for (let i = 0; i < name.length; i++) own.units[own.used + i] = name.charCodeAt(i);
    this.names.start[entry] = own.used;
    this.names.length[entry] = name.length;
    own.used += name.length;
  }

  /** Orders names as an index of $I30 does: by upper case, then by length; those that are alike there, unit by unit. */
  compare(a: NameKey, b: NameKey): number {
    return this.compareIgnoringCase(a, b) || this.compareUnits(a, b);
  }

  compareIgnoringCase(a: NameKey, b: NameKey): number {
    const { table, units } = this;
    const startA = this.start(a);
    const startB = this.start(b);
    const lengthA = this.length(a);
    const lengthB = this.length(b);
    const length = Math.min(lengthA, lengthB);
    for (let i = 0; i < length; i++) {
      const difference = table[units[startA + i]] - table[units[startB + i]];
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB;
  }

  private compareUnits(a: NameKey, b: NameKey): number {
    const { units } = this;
    const startA = this.start(a);
    const startB = this.start(b);
    const length = Math.min(this.length(a), this.length(b));
    for (let i = 0; i < length; i++) {
      const difference = units[startA + i] - units[startB + i];
      if (difference !== 0) return difference;
    }
    return 0;
  }
}
