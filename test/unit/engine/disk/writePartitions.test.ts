import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { planLayout } from '../../../../src-main/engine/disk/layouts/planLayout';
import { readPartitions } from '../../../../src-main/engine/disk/partitions';
import { recogniseFileSystem } from '../../../../src-main/engine/disk/recognise';
import { sliceDevice } from '../../../../src-main/engine/disk/slice';
import { wipeDisk } from '../../../../src-main/engine/disk/wipe';
import { writePartitions } from '../../../../src-main/engine/disk/writePartitions';
import { formatFat32 } from '../../../../src-main/engine/fat/fatVolumeWriter';
import { AppError, CancelledError } from '../../../../src-shared/errors/appError';
import { memoryDevice, type MemoryDevice } from '../../../support/memoryDevice';

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const tables = [
  ['gpt', 'uefi'],
  ['mbr', 'bios'],
] as const;

/** A disk that has been in use: an MBR with file systems where the new partitions will begin, and noise. */
function usedDisk(size = 4 * GIB): MemoryDevice {
  const device = memoryDevice({ size });
  for (const offset of [MIB, 101 * MIB, 261 * MIB, 277 * MIB]) {
    formatFat32(sliceDevice(device, offset, 40 * MIB, 'old'), { randomBytes, now: 0n });
  }
  device.write(size - MIB, randomBytes(MIB));
  writePartitions(device, [], { table: 'mbr', randomBytes });
  for (const offset of [MIB, 101 * MIB, 261 * MIB, 277 * MIB]) {
    formatFat32(sliceDevice(device, offset, 40 * MIB, 'old'), { randomBytes, now: 0n });
  }
  return device;
}

/** A host whose clock runs, and that counts how often others were let run. */
function host() {
  let time = 0n;
  const counts = { breaths: 0 };
  return {
    counts,
    now: () => (time += 50_000n),
    breathe: () => {
      counts.breaths++;
      return Promise.resolve();
    },
  };
}

describe('partitions that are written', () => {
  it.each(tables)('%s: nothing old is found in a new partition', (table, layout) => {
    const device = usedDisk();
    const plan = planLayout(layout, device.size, 512);
    writePartitions(device, plan, { table, randomBytes });
    const read = readPartitions(device);
    expect(read.warnings).toEqual([]);
    expect(read.partitions.map(({ number, offset, size }) => ({ number, offset, bytes: size }))).toEqual(
      plan.map(({ number, offset, bytes }) => ({ number, offset, bytes })),
    );
    for (const { offset, size } of read.partitions) {
      expect(recogniseFileSystem(sliceDevice(device, offset, size, 'new'))).toBe('none');
    }
  });

  it.each(tables)('%s: a disk that goes away at any write has the whole table or none', (table, layout) => {
    const plan = planLayout(layout, 4 * GIB, 512);
    const whole = usedDisk();
    const before = whole.events.length;
    writePartitions(whole, plan, { table, randomBytes });
    const writes = whole.events.slice(before).filter(({ kind }) => kind === 'write').length;
    const outcomes = new Set<string>();
    for (let count = 1; count < writes; count++) {
      const device = usedDisk();
      device.failAfterWrites(count);
      expect(() => writePartitions(device, plan, { table, randomBytes })).toThrow(AppError);
      const read = readPartitions(device);
      outcomes.add(`${read.table} ${read.partitions.length}`);
    }
    const none = 'none 0';
    expect([...outcomes].filter((outcome) => outcome !== none)).toEqual(table === 'gpt' ? ['gpt 4'] : []);
    expect(outcomes).toContain(none);
  });

  it('refuses a plan for another disk and writes nothing', () => {
    const plan = planLayout('uefi', 8 * GIB, 512);
    const device = memoryDevice({ size: 4 * GIB });
    expect(() => writePartitions(device, plan, { table: 'gpt', randomBytes })).toThrow(
      /partition 3 does not lie/,
    );
    const twice = [plan[0], { ...plan[1], offset: plan[0].offset }];
    expect(() => writePartitions(device, twice, { table: 'gpt', randomBytes })).toThrow(/lies over another/);
    expect(device.events).toEqual([]);
  });

  it('leaves a new disk that holds nothing small', () => {
    const device = memoryDevice({ size: 127 * GIB });
    writePartitions(device, planLayout('uefi', device.size, 512), { table: 'gpt', randomBytes });
    expect(device.allocated).toBeLessThan(MIB);
  });
});

describe('wipe', () => {
  it('quick: no table and no file system is left, whatever lies between', async () => {
    const device = usedDisk();
    const plan = planLayout('bios', device.size, 512);
    writePartitions(device, plan, { table: 'mbr', randomBytes });
    for (const { offset } of plan) device.write(offset, randomBytes(4 * MIB));
    expect(await wipeDisk(device, host(), { extent: 'quick' })).toEqual([]);
    expect(readPartitions(device)).toEqual({ table: 'none', partitions: [], warnings: [] });
    for (const { offset, bytes } of plan) {
      for (const at of [offset, offset + bytes - MIB]) {
        expect(Buffer.compare(device.bytes(at, MIB), new Uint8Array(MIB))).toBe(0);
      }
      expect(Buffer.compare(device.bytes(offset + 2 * MIB, MIB), new Uint8Array(MIB))).not.toBe(0);
    }
  });

  it('all: every byte, with progress, and a dynamic disk does not grow', async () => {
    const device = usedDisk(GIB);
    device.write(500 * MIB, randomBytes(MIB));
    const before = device.allocated;
    const progress: number[] = [];
    const { counts, ...rest } = host();
    await wipeDisk(device, rest, { extent: 'all', onProgress: (done) => progress.push(done) });
    expect(device.allocated).toBe(before);
    for (let at = 0; at < GIB; at += 16 * MIB) {
      expect(Buffer.compare(device.bytes(at, 16 * MIB), new Uint8Array(16 * MIB))).toBe(0);
    }
    expect(progress.at(-1)).toBe(GIB);
    expect([...progress].sort((a, b) => a - b)).toEqual(progress);
    expect(counts.breaths).toBeGreaterThan(10);
  });

  it('a wipe that is cancelled leaves an empty disk', async () => {
    const device = usedDisk(GIB);
    writePartitions(device, planLayout('data', device.size, 512), { table: 'gpt', randomBytes });
    const controller = new AbortController();
    const wiping = wipeDisk(device, host(), {
      extent: 'all',
      signal: controller.signal,
      onProgress: (done) => {
        if (done > 100 * MIB) controller.abort();
      },
    });
    await expect(wiping).rejects.toBeInstanceOf(CancelledError);
    expect(readPartitions(device)).toEqual({ table: 'none', partitions: [], warnings: [] });
  });

  it('a wipe that is cancelled before it begins does nothing', async () => {
    const device = usedDisk(GIB);
    const events = device.events.length;
    const wiping = wipeDisk(device, host(), { extent: 'quick', signal: AbortSignal.abort() });
    await expect(wiping).rejects.toBeInstanceOf(CancelledError);
    expect(device.events).toHaveLength(events);
  });

  it('a damaged table does not save a disk', async () => {
    const device = usedDisk(GIB);
    writePartitions(device, planLayout('data', device.size, 512), { table: 'gpt', randomBytes });
    device.write(512, new Uint8Array(512));
    device.write(GIB - 512, new Uint8Array(512));
    expect(await wipeDisk(device, host(), { extent: 'quick' })).toHaveLength(1);
    expect(readPartitions(device).table).toBe('none');
  });
});
