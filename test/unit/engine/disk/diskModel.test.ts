// Virtual disks of every kind against a model: an array that the same random writes go to.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDisk } from '../../../../src-main/engine/disk/createDisk';
import { openDisk } from '../../../../src-main/engine/disk/openDisk';
import type { VirtualDisk } from '../../../../src-main/engine/disk/virtualDisk';
import { temporaryDirectory } from '../../../support/tools';
import {
  diskHost,
  type DiskVariant,
  numbers,
  pattern,
  readByExtents,
  variants,
  writeByExtents,
} from '../../../support/virtualDisks';

const seed = Number(process.env.WIMSMITH_SEED ?? Date.now() % 0x7fff_ffff);
const STEPS = 40;
/** More than any block but the largest, and no multiple of one. */
const SIZE = 6 * 1024 * 1024 + 7 * 4096;

const host = diskHost();

/** A range: of any alignment, of whole sectors, or of whole blocks. */
function range(next: (limit: number) => number): [offset: number, length: number] {
  const unit = [1, 512, 4096, 512 * 1024, 1024 * 1024][next(5)];
  const offset = Math.floor(next(SIZE) / unit) * unit;
  const length = Math.ceil((1 + next([600, 5000, 300_000, 3_000_000][next(4)])) / unit) * unit;
  return [offset, Math.min(length, SIZE - offset)];
}

function change(disk: VirtualDisk, model: Uint8Array, next: (limit: number) => number, mark: number): void {
  const [offset, length] = range(next);
  const bytes = next(6) === 0 ? new Uint8Array(length) : pattern(length, mark);
  if (next(2) === 0) disk.write(offset, bytes);
  else writeByExtents(disk, offset, bytes);
  model.set(bytes, offset);
}

function compare(disk: VirtualDisk, model: Uint8Array, offset: number, length: number): void {
  const wanted = Buffer.from(model.buffer, offset, length);
  const read = new Uint8Array(length);
  expect(disk.read(offset, read)).toBe(length);
  expect(wanted.equals(read)).toBe(true);
  expect(wanted.equals(readByExtents(disk, offset, length))).toBe(true);
}

/** Makes the disk with those below it, each with writes of its own. */
function build(
  folder: string,
  variant: DiskVariant,
  next: (limit: number) => number,
): [VirtualDisk, Uint8Array] {
  const model = new Uint8Array(SIZE);
  const { below = [] } = variant;
  let parent: string | undefined;
  for (const [level, shape] of [...below, variant].entries()) {
    const file = path.join(folder, `${level}.${shape.format}`);
    const disk = createDisk(host, {
      ...shape,
      path: file,
      size: SIZE,
      ...(parent === undefined ? {} : { parent: path.relative('.', parent) }),
    });
    expect(disk.size).toBe(SIZE);
    if (level === below.length) return [disk, model];
    for (let i = 0; i < 5; i++) change(disk, model, next, next(256));
    disk.flush();
    disk.close();
    parent = file;
  }
  throw new Error('unreachable');
}

describe(`virtual disks hold what was written (WIMSMITH_SEED=${seed})`, () => {
  it.each(variants)('$title', (variant) => {
    const next = numbers(seed + variants.indexOf(variant));
    const folder = temporaryDirectory();
    const [made, model] = build(folder, variant, next);
    let disk = made;
    const { sectorSize, kind, parents } = disk;
    expect(parents).toHaveLength(variant.below?.length ?? 0);
    compare(disk, model, 0, SIZE);
    for (let step = 0; step < STEPS; step++) {
      const action = next(8);
      if (action < 4) change(disk, model, next, step);
      else if (action < 6) compare(disk, model, ...range(next));
      else if (action === 6) disk.flush();
      else {
        disk.flush();
        disk.close();
        disk = openDisk(host, disk.name, 'write', { sectorSize });
      }
    }
    compare(disk, model, 0, SIZE);
    disk.flush();
    disk.close();
    disk = openDisk(host, disk.name, 'read', { sectorSize });
    expect(disk).toMatchObject({ kind, sectorSize, size: SIZE, warnings: [], writable: false });
    compare(disk, model, 0, SIZE);
    const past = new Uint8Array(100).fill(7);
    expect(disk.read(SIZE - 10, past)).toBe(10);
    expect(
      disk.extents(SIZE - 10, 100).reduce((sum, one) => sum + ('length' in one ? one.length : 0), 0),
    ).toBe(10);
    expect(() => disk.write(0, past)).toThrow(expect.objectContaining({ code: 'io/read-only' }));
    disk.close();
  });
});

describe('a large differencing disk', () => {
  const GIB = 1024 ** 3;
  // More sector bitmaps than are kept in memory: one for 4 GiB.
  it('keeps what was written through all its sector bitmaps', () => {
    const [format, size, step, blockSize] = ['vhdx', 200 * GIB, 3 * GIB, 2 ** 20] as const;
    const folder = temporaryDirectory();
    const parent = path.join(folder, 'parent');
    const base = createDisk(host, { path: parent, size, format, blockSize });
    base.write(0, pattern(5000, 1));
    base.write(size - 5000, pattern(5000, 1));
    base.flush();
    base.close();
    const file = path.join(folder, 'child');
    let disk = createDisk(host, { path: file, size, format, kind: 'differencing', parent, blockSize });
    const places: number[] = [];
    for (let at = 1000; at + 3000 < size; at += step) places.push(at);
    const read = new Uint8Array(1000);
    places.forEach((at, i) => {
      disk.write(at, pattern(700, i));
      const other = Math.floor(i / 3);
      disk.read(places[other], read);
      expect(Buffer.from(read).subarray(0, 700).equals(pattern(700, other))).toBe(true);
    });
    disk.flush();
    disk.close();
    disk = openDisk(host, file, 'read');
    places.forEach((at, i) => {
      disk.read(at, read);
      expect(Buffer.from(read).subarray(0, 700).equals(pattern(700, i))).toBe(true);
    });
    // Around the first write, and at the end, is what the parent holds.
    const wanted = Buffer.from(pattern(5000, 1));
    wanted.set(pattern(700, 0), 1000);
    expect(wanted.equals(readByExtents(disk, 0, 5000))).toBe(true);
    expect(Buffer.from(pattern(5000, 1)).equals(readByExtents(disk, size - 5000, 5000))).toBe(true);
    disk.close();
  });
});

describe('a disk that is open for writing', () => {
  it('is not opened for writing by another', () => {
    const file = path.join(temporaryDirectory(), 'disk.vhdx');
    const disk = createDisk(host, { path: file, size: SIZE, format: 'vhdx' });
    expect(() => openDisk(host, file, 'write')).toThrow(expect.objectContaining({ code: 'disk/in-use' }));
    openDisk(host, file, 'read').close();
    disk.close();
    openDisk(host, file, 'write').close();
  });
});

describe('the parent of a differencing VHDX', () => {
  it('is another disk once it was written', () => {
    const folder = temporaryDirectory();
    const parent = path.join(folder, 'parent.vhdx');
    const child = path.join(folder, 'child.vhdx');
    createDisk(host, { path: parent, size: SIZE, format: 'vhdx' }).close();
    createDisk(host, { path: child, size: 0, format: 'vhdx', kind: 'differencing', parent }).close();
    // Opening it for writing changes nothing, nor does a flush.
    const disk = openDisk(host, parent, 'write');
    disk.flush();
    const opened = openDisk(host, child, 'read');
    expect(opened).toMatchObject({ size: SIZE, parents: [parent] });
    opened.close();
    disk.write(0, pattern(10, 1));
    disk.flush();
    disk.close();
    expect(() => openDisk(host, child, 'read')).toThrow(
      expect.objectContaining({ code: 'disk/no-parent', message: expect.stringContaining('changed since') }),
    );
  });
});
