import { FormatError } from '../../../src-shared/errors/appError';
import type { CellAllocator } from './cellAllocator';
import type { CellStore } from './cellStore';
import {
  BigData,
  CellMagic,
  DATA_INLINE,
  KeyValue,
  PAGE,
  SEGMENT,
  VALUE_COMPRESSED_NAME,
  VK,
} from './records';

/** Where the offset of the list of segments lies in the content of big data. */
const LIST = BigData.fields.list.offset;

/**
 * Where the record of a value begins, its name being whole.
 * @throws FormatError when there is no value
 */
export function valueAt(cells: CellStore, offset: number): number {
  const at = cells.record(offset, KeyValue.structure, CellMagic.VK, KeyValue.size);
  const length = cells.view.getUint16(at + VK.nameLength, true);
  if (KeyValue.size + length > -cells.view.getInt32(offset, true) - 4) {
    throw new FormatError(
      {
        structure: KeyValue.structure,
        field: 'nameLength',
        offset: PAGE + at,
        problem: 'the name is cut off',
      },
      'registry/malformed',
    );
  }
  return at;
}

/** Bytes of a value's data. */
export function dataSizeOf(cells: CellStore, at: number): number {
  return cells.view.getUint32(at + VK.dataSize, true) % DATA_INLINE;
}

function isInline(cells: CellStore, at: number): boolean {
  return cells.view.getUint32(at + VK.dataSize, true) >= DATA_INLINE;
}

/**
 * A value's data, copied.
 * @param at where the value's record begins
 * @param most bytes that there can be
 * @throws FormatError when it is not there in full
 */
export function readData(cells: CellStore, at: number, most: number): Uint8Array<ArrayBuffer> {
  const size = dataSizeOf(cells, at);
  const fail = (problem: string): never => {
    throw new FormatError(
      { structure: KeyValue.structure, offset: PAGE + at, problem },
      'registry/malformed',
    );
  };
  if (isInline(cells, at)) {
    if (size > 4) return fail(`${size} bytes of data are said to be in a field of 4`);
    return cells.bytes.slice(at + VK.data, at + VK.data + size);
  }
  if (size === 0) return new Uint8Array(0);
  if (size > most) return fail(`its ${size} bytes of data are more than the hive has`);
  const cell = cells.view.getUint32(at + VK.data, true);
  const held = cells.contentSize(cell, "value's data", 1);
  if (size <= held) return cells.bytes.slice(cell + 4, cell + 4 + size);

  const data = new Uint8Array(size);
  let filled = 0;
  for (const segment of segmentsOf(cells, cell, size)) {
    const part = Math.min(SEGMENT, size - filled);
    cells.contentSize(segment, 'data segment', part);
    data.set(cells.bytes.subarray(segment + 4, segment + 4 + part), filled);
    filled += part;
  }
  return data;
}

/** Segments of big data, as many as a size needs. */
function segmentsOf(cells: CellStore, cell: number, size: number): number[] {
  const at = cells.record(cell, BigData.structure, CellMagic.DB, BigData.size);
  const count = cells.view.getUint16(at + BigData.fields.count.offset, true);
  if (count !== Math.ceil(size / SEGMENT)) {
    throw new FormatError(
      { structure: BigData.structure, offset: PAGE + at, problem: `${count} segments for ${size} bytes` },
      'registry/malformed',
    );
  }
  const list = cells.view.getUint32(at + LIST, true);
  cells.contentSize(list, BigData.structure, count * 4);
  return Array.from({ length: count }, (_, i) => cells.view.getUint32(list + 4 + i * 4, true));
}

/**
 * The cells that a value's data takes.
 * @throws FormatError when they are not as they must be
 */
export function dataCells(cells: CellStore, at: number): number[] {
  const size = dataSizeOf(cells, at);
  if (isInline(cells, at) || size === 0) return [];
  const cell = cells.view.getUint32(at + VK.data, true);
  if (size <= cells.contentSize(cell, "value's data", 1)) return [cell];
  const segments = segmentsOf(cells, cell, size);
  segments.forEach((segment, i) => {
    cells.contentSize(segment, 'data segment', Math.min(SEGMENT, size - i * SEGMENT));
  });
  return [cell, cells.view.getUint32(cell + 4 + LIST, true), ...segments];
}

/** Frees a value's data. */
export function freeData(cells: CellStore, allocator: CellAllocator, at: number): void {
  for (const cell of dataCells(cells, at)) allocator.release(cell);
  cells.view.setUint32(at + VK.dataSize, DATA_INLINE, true);
  cells.view.setUint32(at + VK.data, 0, true);
}

/**
 * Replaces a value's data. A cell that already holds about as much is used again.
 * @param value the value's cell
 * @param minor of the hive's format: big data came with 4
 */
export function writeData(
  cells: CellStore,
  allocator: CellAllocator,
  value: number,
  data: Uint8Array,
  minor: number,
): void {
  const at = value + 4;
  const size = data.length;
  const isBig = size > SEGMENT && minor > 3;
  const old = dataCells(cells, at);
  const held = old.length === 1 ? -cells.view.getInt32(old[0], true) - 4 : 0;
  if (size > 4 && !isBig && held >= size && held < size + 64) {
    cells.bytes.fill(0, old[0] + 4, old[0] + 4 + held);
    cells.bytes.set(data, old[0] + 4);
    cells.view.setUint32(at + VK.dataSize, size, true);
    return;
  }
  freeData(cells, allocator, at);
  if (size <= 4) {
    cells.bytes.set(data, at + VK.data);
    cells.view.setUint32(at + VK.dataSize, (DATA_INLINE + size) >>> 0, true);
    return;
  }
  const cell = isBig ? writeBigData(cells, allocator, data) : allocator.allocate(size);
  if (!isBig) cells.bytes.set(data, cell + 4);
  cells.view.setUint32(at + VK.data, cell, true);
  cells.view.setUint32(at + VK.dataSize, size, true);
}

function writeBigData(cells: CellStore, allocator: CellAllocator, data: Uint8Array): number {
  const count = Math.ceil(data.length / SEGMENT);
  const cell = allocator.allocate(BigData.size);
  const list = allocator.allocate(count * 4);
  cells.bytes.set(BigData.serialize({ magic: CellMagic.DB, count, list }), cell + 4);
  for (let i = 0; i < count; i++) {
    const part = data.subarray(i * SEGMENT, (i + 1) * SEGMENT);
    // hivex takes the last 4 bytes of a segment's cell for no data.
    const segment = allocator.allocate(part.length + 4);
    cells.bytes.set(part, segment + 4);
    cells.view.setUint32(list + 4 + i * 4, segment, true);
  }
  return cell;
}

/** A record of a value without data. @returns its cell */
export function allocateValue(
  cells: CellStore,
  allocator: CellAllocator,
  name: { readonly bytes: Uint8Array; readonly compressed: boolean },
): number {
  const cell = allocator.allocate(KeyValue.size + name.bytes.length);
  cells.bytes.set(
    KeyValue.serialize({
      magic: CellMagic.VK,
      nameLength: name.bytes.length,
      dataSize: DATA_INLINE,
      data: 0,
      type: 0,
      flags: name.compressed ? VALUE_COMPRESSED_NAME : 0,
      spare: 0,
    }),
    cell + 4,
  );
  cells.bytes.set(name.bytes, cell + 4 + KeyValue.size);
  return cell;
}
