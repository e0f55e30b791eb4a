import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32 } from '../../src-main/engine/binary/crc32';
import { repairGpt } from '../../src-main/engine/disk/gpt/repairGpt';
import { parseLayout } from '../../src-main/engine/disk/layouts/parseLayout';
import { planLayout } from '../../src-main/engine/disk/layouts/planLayout';
import { BootRecord, MBR_MAGIC, MbrEntry } from '../../src-main/engine/disk/mbr/records';
import { readPartitions } from '../../src-main/engine/disk/partitions';
import { writePartitions } from '../../src-main/engine/disk/writePartitions';
import { AppError, FormatError } from '../../src-shared/errors/appError';
import { fuzzMilliseconds } from '../support/fuzz';
import { damaged, mutations } from '../support/hostileWim';
import { memoryDevice, type MemoryDevice } from '../support/memoryDevice';

const MIB = 2 ** 20;
const SIZE = 64 * MIB;
const endless = { numRuns: Number.MAX_SAFE_INTEGER };

/** Reads a disk; the only error it may end with is that of the disk. */
function readable(device: MemoryDevice): void {
  try {
    const { table, partitions } = readPartitions(device);
    for (const { offset, size, number } of partitions) {
      expect(Number.isSafeInteger(offset) && Number.isSafeInteger(size) && offset >= 0).toBe(true);
      expect(size).toBeGreaterThan(0);
      expect(table === 'none' ? number === 0 : number > 0 && offset > 0).toBe(true);
      if (table === 'gpt') expect(offset + size).toBeLessThanOrEqual(device.size);
    }
    const sorted = [...partitions].sort((a, b) => a.offset - b.offset);
    for (let i = 1; i < sorted.length; i++) {
      if (table !== 'none')
        expect(sorted[i - 1].offset + sorted[i - 1].size).toBeLessThanOrEqual(sorted[i].offset);
    }
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    expect((error as AppError).code).toMatch(/^disk\/(malformed|truncated)$/);
    expect((error as AppError).message).toMatch(/at offset \d+/);
  }
}

it('GPT: both copies damaged, with CRCs made right again', () => {
  const good = memoryDevice({ size: SIZE });
  const spec = { role: 'data' as const, size: '8MB', fileSystem: 'none' as const };
  const plan = planLayout({ table: 'gpt', partitions: [spec, spec, spec] }, SIZE, 512);
  writePartitions(good, plan, { table: 'gpt', randomBytes });
  const tables = good.bytes(0, 34 * 512);
  const backup = good.bytes(SIZE - 33 * 512);
  fc.assert(
    fc.property(
      mutations,
      mutations,
      fc.constantFrom(1, 4, 8),
      fc.boolean(),
      (first, second, align, mend) => {
        const device = memoryDevice({ size: SIZE });
        const header = damaged(tables.subarray(512, 604), first, align);
        const entries = damaged(tables.subarray(1024, 1024 + 512), second, align);
        for (const [at, array, source] of [
          [512, 1024, tables.subarray(512, 1024)],
          [SIZE - 512, SIZE - 33 * 512, backup.subarray(32 * 512)],
        ] as const) {
          const sector = Uint8Array.from(source);
          const isPrimary = at === 512;
          sector.set(isPrimary ? header.subarray(0, 92) : sector.subarray(0, 92));
          const all = new Uint8Array(16384);
          all.set(entries.subarray(0, 512));
          device.write(array, all);
          if (mend) {
            const view = new DataView(sector.buffer);
            view.setUint32(88, crc32(all), true);
            view.setUint32(16, 0, true);
            view.setUint32(16, crc32(sector.subarray(0, 92)), true);
          }
          device.write(at, sector);
        }
        device.write(0, tables.subarray(0, 512));
        readable(device);
        try {
          repairGpt(device);
          readable(device);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect((error as AppError).code).toMatch(/^disk\//);
        }
      },
    ),
    { ...endless, interruptAfterTimeLimit: fuzzMilliseconds(2) },
  );
});

it('MBR: any entries, and any chain of extended ones', () => {
  const small = fc.nat({ max: 40 });
  const number = fc.oneof(
    small,
    small,
    fc.constantFrom(0xffffffff, 0x80000000, 131072),
    fc.nat({ max: 131072 }),
  );
  const entry = fc.record({
    status: fc.constantFrom(0, 0, 0, 0x80, 0x7f),
    type: fc.constantFrom(0, 5, 5, 0x0f, 7, 0x83, 0x85, 0xee, 0x27),
    firstLba: number,
    sectors: number,
  });
  const record = fc.tuple(entry, entry, entry, entry);
  fc.assert(
    fc.property(
      fc.array(record, { minLength: 1, maxLength: 12 }),
      fc.array(small, { minLength: 12 }),
      (records, places) => {
        const device = memoryDevice({ size: SIZE });
        for (const [i, entries] of records.entries()) {
          const [entry1, entry2, entry3, entry4] = entries.map((one) => ({
            ...MbrEntry.parse(new Uint8Array(16)),
            ...one,
          }));
          const bytes = BootRecord.serialize({
            ...{ bootCode: new Uint8Array(440), signature: 1, reserved: 0, magic: MBR_MAGIC },
            ...{ entry1, entry2, entry3, entry4 },
          });
          device.write(i === 0 ? 0 : places[i] * 512, bytes);
        }
        readable(device);
      },
    ),
    { ...endless, interruptAfterTimeLimit: fuzzMilliseconds(2) },
  );
});

it('layouts: any JSON is a layout or an error that says where', () => {
  const scalar = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.constant(null),
    fc.constantFrom(
      'gpt',
      'mbr',
      'efi',
      'data',
      'msr',
      'windows',
      'ntfs',
      'fat32',
      'none',
      'rest',
      '50%',
      '1GB',
      '0x07',
    ),
  );
  const key = fc.constantFrom(
    'role',
    'size',
    'fileSystem',
    'label',
    'name',
    'type',
    'clusterSize',
    'other',
    '__proto__',
  );
  const partition = fc.oneof(
    fc.dictionary(key, scalar),
    fc.record({
      role: fc.constantFrom('data', 'windows', 'recovery', 'other'),
      size: fc.constantFrom('rest', '50%', '100MB', '0.3GB', '99999TB', '100%'),
      fileSystem: fc.constantFrom('ntfs', 'fat32', 'none'),
    }),
    scalar,
  );
  const layout = fc.record({
    table: fc.oneof(fc.constantFrom('gpt', 'mbr'), scalar),
    partitions: fc.oneof(fc.array(partition, { maxLength: 5 }), scalar),
  });
  let planned = 0;
  fc.assert(
    fc.property(layout, fc.constantFrom(512, 4096), fc.nat({ max: 2 ** 44 }), (json, sectorSize, size) => {
      try {
        planLayout(parseLayout(json), Math.floor(size / sectorSize) * sectorSize, sectorSize);
        planned++;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        expect(['layout/invalid', 'disk/too-small']).toContain(error.code);
      }
    }),
    { ...endless, interruptAfterTimeLimit: fuzzMilliseconds(2) },
  );
  expect(planned).toBeGreaterThan(0);
});
