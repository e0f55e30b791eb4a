import { describe, expect, it } from 'vitest';
import { readMbr } from '../../../../src-main/engine/disk/mbr/readMbr';
import { BootRecord, chsOf, MBR_MAGIC, MbrEntry } from '../../../../src-main/engine/disk/mbr/records';
import { writeMbr } from '../../../../src-main/engine/disk/mbr/writeMbr';
import { readPartitions } from '../../../../src-main/engine/disk/partitions';
import { FormatError } from '../../../../src-shared/errors/appError';
import { memoryDevice, type MemoryDevice } from '../../../support/memoryDevice';

const MIB = 2 ** 20;
const primaries = [
  { number: 1, type: 0x07, active: true, firstLba: 2048, sectors: 2048 },
  { number: 2, type: 0x27, active: false, firstLba: 8192, sectors: 4096 },
];

type Entry = readonly [type: number, firstLba: number, sectors: number];

/** Writes a boot record with entries of our choice. */
function record(device: MemoryDevice, lba: number, ...entries: readonly Entry[]): void {
  const [entry1, entry2, entry3, entry4] = Array.from({ length: 4 }, (_, i) => {
    const entry = MbrEntry.parse(new Uint8Array(16));
    const [type, firstLba, sectors] = entries.at(i) ?? [0, 0, 0];
    return { ...entry, type, firstLba, sectors };
  });
  const bytes = BootRecord.serialize({
    bootCode: new Uint8Array(440),
    signature: 0x12345678,
    reserved: 0,
    entry1,
    entry2,
    entry3,
    entry4,
    magic: MBR_MAGIC,
  });
  device.write(lba * device.sectorSize, bytes);
}

function failureOf(device: MemoryDevice): FormatError {
  try {
    readMbr(device);
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    return error as FormatError;
  }
  throw new Error('no error');
}

describe('MBR', () => {
  it.each([512, 4096] as const)('reads what it writes, sectors of %i bytes', (sectorSize) => {
    const device = memoryDevice({ size: 64 * MIB, sectorSize });
    writeMbr(device, { signature: 0xcafe0001, partitions: primaries });
    const mbr = readMbr(device);
    expect(mbr).toEqual({
      signature: 0xcafe0001,
      partitions: primaries.map((partition) => ({ ...partition, kind: 'primary' })),
      warnings: [],
    });
    expect(readPartitions(device)).toMatchObject({
      table: 'mbr',
      diskId: 'cafe0001',
      partitions: [
        { number: 1, offset: 2048 * sectorSize, type: '07', role: 'system', active: true },
        { number: 2, size: 4096 * sectorSize, type: '27', role: 'recovery', active: false },
      ],
    });
  });

  it.each([
    ['overlap', [primaries[0], { ...primaries[1], firstLba: 4095 }], /lies over/],
    ['lie over the table', [{ ...primaries[0], firstLba: 0 }], /lies over the table/],
    ['end beyond the disk', [{ ...primaries[0], sectors: 2 ** 20 }], /does not lie on the disk/],
    ['are both active', primaries.map((partition) => ({ ...partition, active: true })), /more than one/],
    ['have the number 5', [{ ...primaries[0], number: 5 }], /number that is not free/],
  ])('refuses partitions that %s and writes nothing', (_, partitions, message) => {
    const device = memoryDevice({ size: 64 * MIB });
    expect(() => writeMbr(device, { signature: 1, partitions })).toThrow(message);
    expect(device.events).toEqual([]);
  });

  it('gives addresses as cylinder, head and sector, and the largest ones where they do not fit', () => {
    expect([...chsOf(0)]).toEqual([0, 1, 0]);
    expect([...chsOf(2048)]).toEqual([32, 33, 0]);
    expect([...chsOf(1023 * 255 * 63 + 254 * 63 + 62)]).toEqual([254, 0xff, 0xff]);
    expect([...chsOf(1024 * 255 * 63)]).toEqual([254, 0xff, 0xff]);
  });

  it('reads logical partitions from 5 on, with the extended one left out of the list', () => {
    const device = memoryDevice({ size: 64 * MIB });
    record(device, 0, [0x0f, 4096, 50000], [0x07, 2048, 100]);
    record(device, 4096, [0x06, 63, 1000], [0x05, 9000, 2000]);
    record(device, 4096 + 9000, [0x83, 1, 500], [0x05, 20000, 2000]);
    record(device, 4096 + 20000, [0x0b, 63, 70]);
    const { partitions } = readPartitions(device);
    expect(partitions.map(({ number, offset, type }) => [number, offset / 512, type])).toEqual([
      [2, 2048, '07'],
      [5, 4096 + 63, '06'],
      [6, 4096 + 9001, '83'],
      [7, 4096 + 20063, '0b'],
    ]);
  });

  it.each<[string, Entry, RegExp]>([
    ['itself', [0x05, 0, 2000], /comes back/],
    ['a place outside', [0x05, 50000, 2000], /not within the extended partition/],
    ['something else', [0x07, 9000, 2000], /type 0x7 where the next record must be/],
    ['a sector without signature', [0x05, 9000, 2000], /no signature 55 AA/],
  ])('a chain that leads to %s is an error', (_, next, message) => {
    const device = memoryDevice({ size: 64 * MIB });
    record(device, 0, [0x0f, 4096, 50000]);
    record(device, 4096, [0x06, 63, 1000], next);
    const error = failureOf(device);
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/extended boot record at offset \d+/);
  });

  it('a chain of two that lead to each other ends', () => {
    const device = memoryDevice({ size: 64 * MIB });
    record(device, 0, [0x0f, 4096, 50000]);
    record(device, 4096, [0x06, 63, 10], [0x05, 9000, 2000]);
    record(device, 4096 + 9000, [0x06, 63, 10], [0x05, 0, 2000]);
    expect(failureOf(device).message).toMatch(/comes back/);
  });

  it('a chain that never ends is left after 256 records', () => {
    const device = memoryDevice({ size: 64 * MIB });
    record(device, 0, [0x0f, 4096, 100000]);
    for (let i = 0; i < 300; i++) record(device, 4096 + i * 10, [0x06, 1, 5], [0x05, (i + 1) * 10, 10]);
    expect(failureOf(device).message).toMatch(/more than 256/);
  });

  it.each<[string, readonly Entry[], RegExp]>([
    ['overlap', [[0x07, 2048, 100], [0x07, 2100, 100]], /partitions 1 and 2 overlap/], // prettier-ignore
    ['lie over the table', [[0x07, 0, 100]], /over the table/],
  ])('partitions that %s are an error', (_, entries, message) => {
    const device = memoryDevice({ size: 64 * MIB });
    record(device, 0, ...entries);
    expect(failureOf(device).message).toMatch(message);
  });

  it('a partition that ends beyond the disk is told', () => {
    const device = memoryDevice({ size: 2 * MIB });
    record(device, 0, [0x07, 2048, 4096]);
    expect(readPartitions(device)).toMatchObject({
      partitions: [{ number: 1 }],
      warnings: ['partition 1 ends at sector 6144, the disk has 4096'],
    });
  });

  it('a record cut short is truncated', () => {
    const device = memoryDevice({ size: 4096 * 512 });
    record(device, 0, [0x0f, 5000, 100]);
    expect(failureOf(device).code).toBe('disk/truncated');
  });
});
