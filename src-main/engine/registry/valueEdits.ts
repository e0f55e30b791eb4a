import { AppError } from '../../../src-shared/errors/appError';
import type { CellAllocator } from './cellAllocator';
import type { HiveCore } from './hiveCore';
import { nameBytes } from './names';
import { NK, NOWHERE, SEGMENT, VK } from './records';
import { allocateValue, freeData, writeData } from './valueData';

/** Most data of a value in a hive without big data. */
const MOST_SMALL = 2 ** 20;
/** What a list of values is made larger by at a time. */
const SPARE = 4;

/** What a value becomes. */
export interface NewValue {
  readonly name: string;
  readonly type: number;
  readonly data: Uint8Array;
}

/**
 * Sets type and data of a key's value.
 * @param existing cell of the value, undefined to make it
 */
export function setValueAt(
  core: HiveCore,
  allocator: CellAllocator,
  key: number,
  existing: number | undefined,
  { name, type, data }: NewValue,
): void {
  const { cells } = core;
  const { minor } = core.block;
  const most = minor > 3 ? SEGMENT * 0xffff : MOST_SMALL;
  if (data.length > most) {
    throw new AppError(
      'registry/bad-edit',
      `${core.label}: a value of ${data.length} bytes is too large for a hive of format 1.${minor}`,
    );
  }
  const value = existing ?? allocateValue(cells, allocator, nameBytes(name));
  writeData(cells, allocator, value, data, minor);
  cells.view.setUint32(value + 4 + VK.type, type, true);
  if (existing === undefined) addToList(core, allocator, key, value);
  const node = key + 4;
  raise(core, node + NK.largestValueData, data.length);
  raise(core, node + NK.largestValueName, name.length * 2);
}

function raise({ cells }: HiveCore, field: number, to: number): void {
  if (cells.view.getUint32(field, true) < to) cells.view.setUint32(field, to, true);
}

function addToList({ cells }: HiveCore, allocator: CellAllocator, key: number, value: number): void {
  const node = key + 4;
  const count = cells.view.getUint32(node + NK.valueCount, true);
  let list = cells.view.getUint32(node + NK.valueList, true);
  if (list === NOWHERE) list = allocator.allocate(4);
  const held = -cells.view.getInt32(list, true) - 4;
  if ((count + 1) * 4 > held) list = allocator.enlarge(list, (count + SPARE) * 4);
  cells.view.setUint32(list + 4 + count * 4, value, true);
  cells.view.setUint32(node + NK.valueList, list, true);
  cells.view.setUint32(node + NK.valueCount, count + 1, true);
}

/** Frees a value and takes it out of its key's list. */
export function deleteValueAt(
  { cells }: HiveCore,
  allocator: CellAllocator,
  key: number,
  value: number,
): void {
  const { view, bytes } = cells;
  const node = key + 4;
  const count = view.getUint32(node + NK.valueCount, true);
  const list = view.getUint32(node + NK.valueList, true);
  let index = 0;
  while (index < count && view.getUint32(list + 4 + index * 4, true) !== value) index++;
  if (index === count) return;
  freeData(cells, allocator, value + 4);
  allocator.release(value);
  bytes.copyWithin(list + 4 + index * 4, list + 8 + index * 4, list + 4 + count * 4);
  view.setUint32(list + count * 4, 0, true);
  view.setUint32(node + NK.valueCount, count - 1, true);
  if (count > 1) return;
  allocator.release(list);
  view.setUint32(node + NK.valueList, NOWHERE, true);
  view.setUint32(node + NK.largestValueName, 0, true);
  view.setUint32(node + NK.largestValueData, 0, true);
}
