import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLayout } from '../../../../src-main/engine/disk/layouts/parseLayout';
import { planLayout } from '../../../../src-main/engine/disk/layouts/planLayout';
import {
  addPartition,
  boundaryRange,
  bytesOfWord,
  canAdd,
  changePartition,
  keyStep,
  MB,
  minimumBytes,
  moveBoundary,
  normalWord,
  removePartition,
  sizeWord,
  type DiskSpace,
  type Placed,
} from '../../../../src-renderer/views/disks/editor/layoutEdit';
import type { DiskLayout, PartitionSpec } from '../../../../src-shared/model/disks';

const GB = 2 ** 30;
const uefi: DiskLayout = {
  table: 'gpt',
  partitions: [
    { role: 'efi', size: '260MB', fileSystem: 'fat32', label: 'System' },
    { role: 'msr', size: '16MB', fileSystem: 'none' },
    { role: 'windows', size: 'rest', fileSystem: 'ntfs', label: 'Windows' },
    { role: 'recovery', size: '1GB', fileSystem: 'ntfs', label: 'Recovery' },
  ],
};
const space: DiskSpace = { size: 64 * GB, sectorSize: 512 };
const small: DiskSpace = { size: 24 * MB, sectorSize: 512 };
/** A layout as the engine places it: what the editor draws must be what comes out. */
const place = (layout: DiskLayout, on = space): Placed => ({
  layout,
  planned: planLayout(parseLayout(JSON.parse(JSON.stringify(layout))), on.size, on.sectorSize),
});

/** Layouts of two to six partitions on a disk that has room for them. */
const anyPlaced = fc
  .record({
    disk: fc.integer({ min: 40, max: 4096 }).map((gigabytes) => gigabytes * GB),
    sectorSize: fc.constantFrom(512, 4096),
    specs: fc.array(
      fc.record({
        megabytes: fc.integer({ min: 300, max: 4000 }),
        fileSystem: fc.constantFrom('ntfs' as const, 'fat32' as const, 'none' as const),
      }),
      { minLength: 2, maxLength: 6 },
    ),
    rest: fc.integer({ min: -1, max: 5 }),
  })
  .map(({ disk, sectorSize, specs, rest }) => {
    const partitions = specs.map(({ megabytes, fileSystem }, i): PartitionSpec => ({
      role: 'data',
      fileSystem: i === rest ? 'ntfs' : fileSystem,
      size: i === rest ? 'rest' : `${megabytes}MB`,
    }));
    const on = { size: disk, sectorSize };
    return { on, placed: place({ table: 'gpt', partitions }, on) };
  });

describe('a boundary', () => {
  it('moves to what the engine makes of the sizes, and nothing else moves', () => {
    fc.assert(
      fc.property(
        anyPlaced,
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: -(2 ** 38), max: 2 ** 38 }),
        ({ on, placed }, index, delta) => {
          const moved = moveBoundary(placed, index, delta, on);
          // The engine places the changed layout exactly as the editor drew it meanwhile.
          expect(moved.planned.map(({ offset, bytes }) => [offset, bytes])).toEqual(
            place(moved.layout, on).planned.map(({ offset, bytes }) => [offset, bytes]),
          );
          for (const [i, partition] of moved.planned.entries()) {
            const before = placed.planned[i];
            if (i !== index && i !== index + 1) expect(partition).toEqual(before);
            expect(partition.bytes).toBeGreaterThanOrEqual(
              Math.min(before.bytes, minimumBytes(partition, on.sectorSize)),
            );
            expect(Math.abs(partition.bytes - before.bytes) % MB).toBe(0);
          }
          const end = moved.planned.at(-1)!;
          expect(end.offset + end.bytes).toBeLessThanOrEqual(on.size);
          const rests = ({ partitions }: DiskLayout): boolean[] =>
            partitions.map(({ size }) => size === 'rest');
          expect(rests(moved.layout)).toEqual(rests(placed.layout));
        },
      ),
    );
  });

  it('comes back when it is moved back, unless it met its end', () => {
    fc.assert(
      fc.property(
        anyPlaced,
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: -500, max: 500 }).map((megabytes) => megabytes * MB),
        ({ on, placed }, index, delta) => {
          const range = boundaryRange(placed, index, on);
          fc.pre(range !== undefined);
          fc.pre(range.now + delta >= range.minimum && range.now + delta <= range.maximum);
          const there = moveBoundary(placed, index, delta, on);
          expect(there.planned[index].bytes).toBe(range.now + delta);
          expect(moveBoundary(there, index, -delta, on).planned).toEqual(placed.planned);
        },
      ),
    );
  });

  it('says the new sizes in the words of a layout', () => {
    const placed = place(uefi);
    const { layout } = moveBoundary(placed, 2, -GB, space);
    expect(layout.partitions.map(({ size }) => size)).toEqual(['260MB', '16MB', 'rest', '2GB']);
    expect(moveBoundary(placed, 0, -500 * GB, space).layout.partitions[0].size).toBe('36MB');
    // A whole step of the alignment or nothing.
    expect(moveBoundary(placed, 0, 1000, space)).toBe(placed);
  });

  it('is not there behind the last partition when one takes the rest', () => {
    expect(boundaryRange(place(uefi), 3, space)).toBeUndefined();
    const placed = place({ ...uefi, partitions: uefi.partitions.slice(0, 3) });
    expect(boundaryRange(placed, 2, space)).toBeUndefined();
    expect(boundaryRange(placed, 1, space)).toBeDefined();
    // While the host has not answered to another number of partitions, nothing can be moved.
    expect(boundaryRange({ layout: uefi, planned: placed.planned }, 0, space)).toBeUndefined();
  });
});

describe('partitions', () => {
  it('come and go, and the engine takes what is left', () => {
    fc.assert(
      fc.property(anyPlaced, fc.integer({ min: 0, max: 5 }), ({ on, placed }, at) => {
        const [added, index] = addPartition(placed, at, on);
        expect(added.partitions).toHaveLength(placed.layout.partitions.length + 1);
        expect(added.partitions[index]).toMatchObject({ role: 'data', fileSystem: 'ntfs' });
        const again = place(added, on);
        const left = removePartition(again, index);
        expect(left.partitions.map(({ role, fileSystem }) => [role, fileSystem])).toEqual(
          placed.layout.partitions.map(({ role, fileSystem }) => [role, fileSystem]),
        );
        expect(() => place(left, on)).not.toThrow();
      }),
    );
  });

  it('leave the rest to the largest that holds data', () => {
    const left = removePartition(place(uefi), 2);
    expect(left.partitions.map(({ role, size }) => [role, size])).toEqual([
      ['efi', '260MB'],
      ['msr', '16MB'],
      ['recovery', '1GB'],
    ]);
    const [two] = addPartition(place(uefi), 2, space);
    expect(removePartition(place(two), 2).partitions[2]).toMatchObject({ role: 'data', size: 'rest' });
  });

  it('take the rest one at a time', () => {
    const changed = changePartition(place(uefi), 3, { size: 'rest' });
    expect(changed.partitions[2].size).toBe('64234MB');
    expect(changed.partitions[3].size).toBe('rest');
    expect(() => place(changed)).not.toThrow();
  });

  it('are four at most in an MBR', () => {
    const partitions = Array.from({ length: 4 }, (): PartitionSpec => ({
      role: 'data',
      size: '1GB',
      fileSystem: 'ntfs',
    }));
    expect(canAdd(place({ table: 'mbr', partitions }), space)).toBe(false);
    expect(canAdd(place({ table: 'mbr', partitions: partitions.slice(1) }), space)).toBe(true);
    const full = place(
      { table: 'gpt', partitions: [{ role: 'data', size: 'rest', fileSystem: 'ntfs' }] },
      small,
    );
    expect(canAdd(full, small)).toBe(false);
  });
});

describe('sizes', () => {
  it.each([
    ['64GB', '64GB', 64 * GB],
    ['64 gb', '64GB', 64 * GB],
    ['1,5G', '1.5GB', 1.5 * GB],
    ['260MiB', '260MB', 260 * MB],
    ['50 %', '50%', 32 * GB],
    ['Rest', 'rest', null],
  ])('%s', (typed, kept, bytes) => {
    expect(normalWord(typed)).toBe(kept);
    expect(bytesOfWord(typed, 64 * GB)).toBe(bytes);
  });
  it.each(['', '64', '-1GB', '0MB', 'GB', '1e9MB', '1GB x', '99999999999GB'])('"%s" is none', (typed) => {
    expect(normalWord(typed)).toBeUndefined();
  });
  it('are said in whole units', () => {
    expect([sizeWord(GB), sizeWord(1.5 * GB), sizeWord(36 * MB), sizeWord(1)]).toEqual([
      '1GB',
      '1536MB',
      '36MB',
      '1MB',
    ]);
  });
  it('step by about a hundredth of the disk', () => {
    expect([keyStep(64 * GB), keyStep(4 * GB), keyStep(50 * MB)]).toEqual([512 * MB, 32 * MB, MB]);
  });
});
