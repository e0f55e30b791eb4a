import { AppError } from '../../../src-shared/errors/appError';
import { sameNameIgnoringCase } from '../tree/nameOrder';
import { createSubkey, deleteTree } from './keyEdits';
import type { HiveCore } from './hiveCore';
import type { HiveKey, HiveValue } from './hive';
import { keyAt, keyName, upperUnits } from './keyNodes';
import { readName } from './names';
import { KeyFlag, KeyValue, NK, NOWHERE, PAGE, VALUE_COMPRESSED_NAME, VK } from './records';
import { descriptorAt } from './securityCells';
import { findInLeaves, leavesOf, listedKey } from './subkeyLists';
import { putInOrder, removeSubkey } from './subkeyEdits';
import { readData, valueAt } from './valueData';
import { deleteValueAt, setValueAt } from './valueEdits';

/** Most levels of keys that Windows allows. */
const MOST_LEVELS = 512;

/** A key of an open hive: a place in its cells. */
export class Key implements HiveKey {
  private readonly born: number;

  constructor(
    private readonly core: HiveCore,
    private readonly offset: number,
    private readonly parent: Key | undefined,
    private readonly level: number,
  ) {
    this.born = core.moment;
  }

  /** Where the key's record begins, if the key is still there. */
  private node(): number {
    this.core.requireKey(this.offset, this.born);
    return this.offset + 4;
  }

  private u32(field: number): number {
    return this.core.cells.view.getUint32(this.node() + field, true);
  }

  get name(): string {
    return keyName(this.core.cells, this.node());
  }

  get path(): string {
    if (this.parent === undefined) return '';
    const above = this.parent.path;
    return above === '' ? this.name : `${above}\\${this.name}`;
  }

  get lastWritten(): bigint {
    return this.core.cells.view.getBigUint64(this.node() + NK.lastWritten, true);
  }

  get className(): string | undefined {
    const { cells } = this.core;
    const length = cells.view.getUint16(this.node() + NK.classNameLength, true);
    const cell = this.u32(NK.className);
    if (length === 0 || cell === NOWHERE) return undefined;
    return this.core.attempt(() => {
      cells.contentSize(cell, 'class name', length);
      return readName(cells.bytes, cell + 4, length, false);
    });
  }

  get security(): Uint8Array<ArrayBuffer> {
    const cell = this.u32(NK.security);
    return this.core.attempt(() => descriptorAt(this.core.cells, cell)) ?? new Uint8Array(0);
  }

  subkeys(): HiveKey[] {
    const { core } = this;
    const { cells } = core;
    const leaves = leavesOf(cells, this.node(), (read) => core.attempt(read));
    if (leaves.length > 0 && this.level >= MOST_LEVELS) {
      core.warn(
        `the key at offset ${PAGE + this.offset} is deeper than ${MOST_LEVELS} levels; its subkeys are left out`,
      );
      return [];
    }
    const keys: HiveKey[] = [];
    const seen = new Set<number>();
    let listed = 0;
    for (const leaf of leaves) {
      listed += leaf.count;
      for (let i = 0; i < leaf.count; i++) {
        const child = listedKey(cells, leaf, i);
        if (seen.has(child)) {
          core.warn(`the key at offset ${PAGE + this.offset} lists a subkey twice`);
          continue;
        }
        seen.add(child);
        const key = this.child(child);
        if (key !== undefined) keys.push(key);
      }
    }
    const claimed = this.u32(NK.subkeyCount);
    if (listed !== claimed) {
      core.warn(`the key at offset ${PAGE + this.offset} lists ${listed} subkeys and claims ${claimed}`);
    }
    return keys;
  }

  /** A key that this one lists, unless it is damaged or another's. */
  private child(offset: number): Key | undefined {
    const { core } = this;
    if (core.attempt(() => keyAt(core.cells, offset)) === undefined) return undefined;
    if (!core.claim(offset, this.offset)) {
      core.warn(`the key at offset ${PAGE + offset} is listed by two keys; it is shown once`);
      return undefined;
    }
    return new Key(core, offset, this, this.level + 1);
  }

  subkey(name: string): HiveKey | undefined {
    return this.find(name);
  }

  private find(name: string): Key | undefined {
    const { core } = this;
    if (this.level >= MOST_LEVELS) return undefined;
    const leaves = leavesOf(core.cells, this.node(), (read) => core.attempt(read));
    const place = findInLeaves(core.cells, leaves, name, upperUnits(name));
    return place === undefined
      ? undefined
      : this.child(listedKey(core.cells, leaves[place.leaf], place.index));
  }

  /** The key at a path below this one. */
  descend(path: string): Key | undefined {
    return namesOf(path).reduce<Key | undefined>((key, name) => key?.find(name), this);
  }

  values(): HiveValue[] {
    const values: HiveValue[] = [];
    // A hive holds each value's data once: together they cannot be larger than all bins.
    let left = this.core.cells.size;
    for (const offset of this.valueCells()) {
      const value = this.core.attempt(() => this.readValue(offset, left));
      if (value === undefined) continue;
      left -= value.data.length;
      values.push(value);
    }
    return values;
  }

  value(name: string): HiveValue | undefined {
    const offset = this.findValue(name);
    return offset === undefined
      ? undefined
      : this.core.attempt(() => this.readValue(offset, this.core.cells.size));
  }

  private findValue(name: string): number | undefined {
    return this.valueCells().find((offset) => {
      const found = this.core.attempt(() => this.valueName(offset));
      return found !== undefined && sameNameIgnoringCase(found, name);
    });
  }

  /** Cells that the list of values names, each once. */
  private valueCells(): number[] {
    const { core } = this;
    const { view } = core.cells;
    const node = this.node();
    const count = view.getUint32(node + NK.valueCount, true);
    // The number of values of a predefined key is something else.
    if (count === 0 || (view.getUint16(node + NK.flags, true) & KeyFlag.PREDEFINED_HANDLE) !== 0) return [];
    const list = view.getUint32(node + NK.valueList, true);
    const size = core.attempt(() => core.cells.contentSize(list, 'value list', 4));
    if (size === undefined) return [];
    const fitting = Math.min(count, size >> 2);
    if (fitting < count) {
      core.warn(
        `the key at offset ${PAGE + this.offset} claims ${count} values, its list has place for ${fitting}`,
      );
    }
    const offsets = new Set<number>();
    for (let i = 0; i < fitting; i++) offsets.add(view.getUint32(list + 4 + i * 4, true));
    return [...offsets];
  }

  private valueName(offset: number): string {
    const { bytes, view } = this.core.cells;
    const at = valueAt(this.core.cells, offset);
    const compressed = (view.getUint16(at + VK.flags, true) & VALUE_COMPRESSED_NAME) !== 0;
    return readName(bytes, at + KeyValue.size, view.getUint16(at + VK.nameLength, true), compressed);
  }

  private readValue(offset: number, most: number): HiveValue {
    const { cells } = this.core;
    const name = this.valueName(offset);
    return {
      name,
      type: cells.view.getUint32(offset + 4 + VK.type, true),
      data: readData(cells, offset + 4, most),
    };
  }

  ensure(path: string): HiveKey {
    return namesOf(path).reduce<Key>((key, name) => key.find(name) ?? key.create(name), this);
  }

  private create(name: string): Key {
    const { core } = this;
    const fail = (problem: string): never => {
      throw new AppError('registry/bad-edit', `${core.label}: a key cannot be made: ${problem}`);
    };
    if (name.length > 255) return fail(`a name has at most 255 characters, this one has ${name.length}`);
    if (name.includes('\0')) return fail('a name cannot hold a NUL');
    if (this.level + 1 > MOST_LEVELS) return fail(`keys have at most ${MOST_LEVELS} levels`);
    this.node();
    const allocator = core.change();
    this.order();
    const offset = createSubkey(core, allocator, this.offset, name);
    core.claim(offset, this.offset);
    core.ordered.add(offset);
    return new Key(core, offset, this, this.level + 1);
  }

  /** Puts the list of subkeys in order before its first change. */
  private order(): void {
    const { core, offset } = this;
    if (core.ordered.has(offset)) return;
    putInOrder({ cells: core.cells, allocator: core.change(), key: offset, minor: core.block.minor });
    core.ordered.add(offset);
  }

  deleteSubkey(name: string): boolean {
    const { core } = this;
    if (this.find(name) === undefined) return false;
    const allocator = core.change();
    this.order();
    const { cells } = core;
    const leaves = leavesOf(cells, this.node());
    const place = findInLeaves(cells, leaves, name, upperUnits(name));
    if (place === undefined) return false;
    const child = listedKey(cells, leaves[place.leaf], place.index);
    removeSubkey({ cells, allocator, key: this.offset, minor: core.block.minor }, leaves, place);
    deleteTree(core, allocator, child);
    this.touch();
    return true;
  }

  setValue(name: string, type: number, data: Uint8Array): void {
    const { core } = this;
    const fail = (problem: string): never => {
      throw new AppError(
        'registry/bad-edit',
        `${core.label}: ${this.path}: a value cannot be set: ${problem}`,
      );
    };
    if (name.length > 16383) return fail(`a name has at most 16383 characters, this one has ${name.length}`);
    if (!Number.isInteger(type) || type < 0 || type > 0xffffffff) return fail(`${type} is no type`);
    this.refusePredefined(fail);
    const allocator = core.change();
    setValueAt(core, allocator, this.offset, this.findValue(name), { name, type, data });
    this.touch();
  }

  deleteValue(name: string): boolean {
    if (this.findValue(name) === undefined) return false;
    const allocator = this.core.change();
    const value = this.findValue(name);
    if (value === undefined) return false;
    deleteValueAt(this.core, allocator, this.offset, value);
    this.touch();
    return true;
  }

  private refusePredefined(fail: (problem: string) => never): void {
    const flags = this.core.cells.view.getUint16(this.node() + NK.flags, true);
    if ((flags & KeyFlag.PREDEFINED_HANDLE) !== 0) fail('the key stands for another one');
  }

  private touch(): void {
    this.core.cells.view.setBigUint64(this.node() + NK.lastWritten, this.core.now(), true);
  }
}

/** Names of a path; empty ones, as before a leading '\', count for nothing. */
function namesOf(path: string): string[] {
  return path.split('\\').filter((name) => name !== '');
}
