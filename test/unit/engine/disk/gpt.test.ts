import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../../../src-main/engine/binary/crc32';
import { randomGuid } from '../../../../src-main/engine/binary/guid';
import type { GptPartition } from '../../../../src-main/engine/disk/gpt/gpt';
import { readGpt } from '../../../../src-main/engine/disk/gpt/readGpt';
import { GptEntry, GptHeader } from '../../../../src-main/engine/disk/gpt/records';
import { repairGpt } from '../../../../src-main/engine/disk/gpt/repairGpt';
import { gptGeometry, serializeGptHeader, writeGpt } from '../../../../src-main/engine/disk/gpt/writeGpt';
import { readPartitions } from '../../../../src-main/engine/disk/partitions';
import { FormatError } from '../../../../src-shared/errors/appError';
import { memoryDevice, type MemoryDevice } from '../../../support/memoryDevice';

const MIB = 2 ** 20;
const sectorSizes = [512, 4096] as const;
const guid = (): string => randomGuid(randomBytes);

function partition(
  number: number,
  firstLba: number,
  lastLba: number,
  name = `partition ${number}`,
): GptPartition {
  return { number, type: guid(), id: guid(), firstLba, lastLba, attributes: 0x8000_0000_0000_0001n, name };
}

function disk(sectorSize: 512 | 4096 = 512): MemoryDevice {
  const device = memoryDevice({ size: 64 * MIB, sectorSize });
  const first = MIB / sectorSize;
  writeGpt(device, {
    diskId: guid(),
    partitions: [partition(1, first, first * 2 - 1, 'Größe'), partition(4, first * 8, first * 9 - 1)],
  });
  return device;
}

/** Byte offsets of both headers. */
const headersOf = (device: MemoryDevice) => ({
  primary: device.sectorSize,
  backup: device.size - device.sectorSize,
});

/** Compares a MiB. */
function sameBytes(a: MemoryDevice, b: MemoryDevice, offset: number): boolean {
  return Buffer.compare(a.bytes(offset, MIB), b.bytes(offset, MIB)) === 0;
}

function flip(device: MemoryDevice, offset: number): void {
  device.write(offset, Uint8Array.of(device.bytes(offset, 1)[0] ^ 0x11));
}

/** Changes a header and makes its CRC right again. */
function changeHeader(device: MemoryDevice, offset: number, change: (header: DataView) => void): void {
  const bytes = device.bytes(offset, GptHeader.size);
  const view = new DataView(bytes.buffer);
  change(view);
  view.setUint32(GptHeader.fields.headerCrc.offset, 0, true);
  view.setUint32(GptHeader.fields.headerCrc.offset, crc32(bytes), true);
  device.write(offset, bytes);
}

function errorOf(action: () => unknown): FormatError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    return error as FormatError;
  }
  throw new Error('no error');
}

describe('GPT', () => {
  it('CRC-32 is that of ISO 3309', () => {
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  });

  it('reads back any table that it writes, on both sector sizes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...sectorSizes),
        fc.uniqueArray(fc.integer({ min: 1, max: 128 }), { minLength: 0, maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 20, maxLength: 20 }),
        fc
          .string({ maxLength: 18, unit: 'grapheme' })
          .filter((text) => text.length <= 36 && !text.includes('\0')),
        (sectorSize, numbers, lengths, name) => {
          const device = memoryDevice({ size: 64 * MIB, sectorSize });
          let lba = gptGeometry(device.size, sectorSize).firstUsableLba;
          const partitions = numbers.map((number, i) => {
            const first = lba + (i % 3);
            lba = first + lengths[i];
            return partition(number, first, lba - 1, name);
          });
          const diskId = guid();
          writeGpt(device, { diskId, partitions });
          const gpt = readGpt(device);
          expect(gpt.warnings).toEqual([]);
          expect(gpt.diskId).toBe(diskId);
          expect(gpt.partitions).toEqual([...partitions].sort((a, b) => a.number - b.number));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('writes the backup first, the primary copy next and the protective MBR last, with flushes between', () => {
    const device = disk();
    const backup = device.size - 33 * 512;
    expect(device.events).toEqual([
      { kind: 'write', offset: backup, length: 128 * 128 },
      { kind: 'write', offset: device.size - 512, length: 512 },
      { kind: 'flush' },
      { kind: 'write', offset: 1024, length: 128 * 128 },
      { kind: 'write', offset: 512, length: 512 },
      { kind: 'flush' },
      { kind: 'write', offset: 0, length: 512 },
      { kind: 'flush' },
    ]);
  });

  it.each([
    ['overlap', [partition(1, 2048, 4095), partition(2, 4095, 5000)], /lies over/],
    ['the same number', [partition(1, 2048, 4095), partition(1, 8192, 9000)], /number that is not free/],
    ['the table', [partition(1, 33, 4095)], /lies over the table/],
    ['behind the end', [partition(1, 34, 131039)], /does not lie on the disk/],
  ])('refuses partitions that lie over %s and writes nothing', (_, partitions, message) => {
    const device = memoryDevice({ size: 64 * MIB });
    expect(() => writeGpt(device, { diskId: guid(), partitions })).toThrow(message);
    expect(device.events).toEqual([]);
  });

  it.each(sectorSizes)('survives damage to any byte of one copy, and repairs it (%i)', (sectorSize) => {
    const good = disk(sectorSize);
    const expected = readGpt(good);
    const arrays = { primary: 2 * sectorSize, backup: good.size - sectorSize - 128 * 128 };
    for (const which of ['primary', 'backup'] as const) {
      const places = Object.values(GptHeader.fields).map(({ offset }) => headersOf(good)[which] + offset);
      for (const place of [...places, arrays[which], arrays[which] + 127 * 128]) {
        const device = good.copy();
        flip(device, place);
        const gpt = readGpt(device);
        expect(gpt.used, `byte ${place}`).toBe(which === 'primary' ? 'backup' : 'primary');
        expect(gpt.partitions).toEqual(expected.partitions);
        expect(gpt.warnings.join()).toMatch(
          which === 'primary' ? /primary GPT is damaged/ : /backup GPT is damaged/,
        );
        expect(repairGpt(device)).toHaveLength(1);
        expect(sameBytes(device, good, 0)).toBe(true);
        expect(sameBytes(device, good, good.size - MIB)).toBe(true);
        expect(repairGpt(device)).toEqual([]);
      }
    }
  });

  it('reading changes nothing, whatever is wrong', () => {
    const device = disk();
    flip(device, 512);
    const events = device.events.length;
    readGpt(device);
    readPartitions(device);
    expect(device.events).toHaveLength(events);
  });

  it('tells what is wrong when both copies are damaged', () => {
    const device = disk();
    flip(device, headersOf(device).primary + GptHeader.fields.entriesCrc.offset);
    flip(device, headersOf(device).backup + GptHeader.fields.entriesCrc.offset);
    const error = errorOf(() => readPartitions(device));
    expect(error.code).toBe('disk/malformed');
    expect(error.message).toContain('GPT header (headerCrc) at offset 528');
    const before = device.copy();
    errorOf(() => repairGpt(device));
    expect(sameBytes(device, before, 0)).toBe(true);
  });

  it.each([
    ['headerSize', 80, 4, /not from 92 to 512/],
    ['headerSize', 513, 4, /not from 92 to 512/],
    ['currentLba', 2, 8, /says that it lies in sector 2/],
    ['entrySize', 127, 4, /128 times a power of two/],
    ['entrySize', 384, 4, /128 times a power of two/],
    ['entryCount', 0xffffffff, 4, /too many/],
    ['entriesLba', 1, 8, /is not on the disk/],
    ['entriesLba', 131070, 8, /is not on the disk/],
    ['entriesLba', 3000, 8, /where partitions may be/],
    ['lastUsableLba', 131072, 8, /beyond the disk/],
    ['firstUsableLba', 131072, 8, /after the last usable/],
    ['firstUsableLba', 1, 8, /over the protective MBR/],
    ['otherLba', 3000, 8, /where partitions may be/],
    ['otherLba', 2 ** 62, 8, /is on no disk/],
  ] as const)('does not believe %s %d even with a right CRC', (field, value, size, message) => {
    const device = disk();
    changeHeader(device, 512, (view) => {
      const { offset } = GptHeader.fields[field];
      if (size === 4) view.setUint32(offset, value, true);
      else view.setBigUint64(offset, BigInt(value), true);
    });
    const gpt = readGpt(device);
    expect(gpt.used).toBe('backup');
    expect(gpt.warnings[0]).toMatch(message);
    expect(gpt.warnings[0]).toContain(`(${field}) at offset`);
  });

  it('uses the primary copy of two good ones that differ, says so, and repairs from the one that is asked for', () => {
    const device = disk();
    const other = disk();
    device.write(device.size - MIB, other.bytes(other.size - MIB));
    const gpt = readGpt(device);
    expect(gpt.used).toBe('primary');
    expect(gpt.warnings).toEqual(['the copies of the GPT differ (the disk GUID); the primary one is used']);
    expect(repairGpt(device, 'backup')).toEqual(['primary GPT written from the backup']);
    expect(readGpt(device)).toMatchObject({ diskId: readGpt(other).diskId, warnings: [] });
  });

  it('names the partition in which two copies differ', () => {
    const device = disk();
    const backup = device.size - 33 * 512;
    flip(device, backup + 3 * 128 + GptEntry.fields.name.offset);
    changeHeader(device, device.size - 512, (view) => {
      view.setUint32(GptHeader.fields.entriesCrc.offset, crc32(device.bytes(backup, 128 * 128)), true);
    });
    expect(readGpt(device).warnings.join()).toContain('differ (partition 4)');
  });

  it('reads entries larger than 128 bytes', () => {
    const device = disk();
    const small = device.bytes(1024, 128 * 128);
    const entries = new Uint8Array(64 * 256);
    for (let i = 0; i < 64; i++) entries.set(small.subarray(i * 128, i * 128 + 128), i * 256);
    device.write(1024, entries);
    changeHeader(device, 512, (view) => {
      view.setUint32(GptHeader.fields.entrySize.offset, 256, true);
      view.setUint32(GptHeader.fields.entryCount.offset, 64, true);
      view.setUint32(GptHeader.fields.entriesCrc.offset, crc32(entries), true);
    });
    const gpt = readGpt(device);
    expect(gpt.used).toBe('primary');
    expect(gpt.partitions.map(({ number, name }) => [number, name])).toEqual([
      [1, 'Größe'],
      [4, 'partition 4'],
    ]);
  });

  it.each([
    ['overlap', 4, 2048, 4095, /partitions 1 and 4 overlap/],
    ['lie outside of the usable sectors', 4, 33, 100, /is not within 34 to/],
    ['end before they begin', 4, 9000, 8999, /is not within/],
    ['end beyond the disk', 4, 9000, 2 ** 40, /is not within/],
  ])('a copy whose partitions %s is damaged', (_, number, first, last, message) => {
    const device = disk();
    const at = 1024 + (number - 1) * 128;
    const place = new DataView(new ArrayBuffer(16));
    place.setBigUint64(0, BigInt(first), true);
    place.setBigUint64(8, BigInt(last), true);
    device.write(at + GptEntry.fields.firstLba.offset, new Uint8Array(place.buffer));
    changeHeader(device, 512, (view) => {
      view.setUint32(GptHeader.fields.entriesCrc.offset, crc32(device.bytes(1024, 128 * 128)), true);
    });
    const gpt = readGpt(device);
    expect(gpt.used).toBe('backup');
    expect(gpt.warnings[0]).toMatch(message);
    expect(gpt.warnings[0]).toMatch(/GPT entry \(firstLba\) at offset \d+/);
  });

  it('warns of a disk that has grown, and refuses one that lost its end', () => {
    const device = disk();
    const grown = memoryDevice({ size: 128 * MIB, contents: device.bytes() });
    expect(readGpt(grown).warnings).toEqual([
      'the backup GPT is not at the end of the disk: the size of the disk has changed',
    ]);
    const cut = memoryDevice({ size: 32 * MIB, contents: device.bytes(0, 32 * MIB) });
    expect(errorOf(() => readPartitions(cut)).message).toMatch(/lastUsableLba.*beyond the disk/);
  });

  it('writes a lost protective MBR anew when asked to', () => {
    const device = disk();
    const before = device.bytes(0, 512);
    device.write(0, new Uint8Array(512));
    expect(readPartitions(device)).toMatchObject({
      table: 'gpt',
      warnings: ['the protective MBR of the GPT is missing'],
    });
    expect(repairGpt(device)).toEqual(['protective MBR written']);
    expect(device.bytes(0, 512)).toEqual(before);
  });

  it('a backup alone, without MBR, is no table', () => {
    const device = disk();
    device.write(0, new Uint8Array(MIB));
    expect(readPartitions(device)).toEqual({
      table: 'none',
      partitions: [],
      warnings: ['the backup of a GPT is left at the end of this disk'],
    });
  });

  it('a header as it is written has nothing behind its 92 bytes', () => {
    const sector = serializeGptHeader(4096, {
      currentLba: 1,
      otherLba: 9,
      entriesLba: 2,
      firstUsableLba: 6,
      lastUsableLba: 7,
      diskId: guid(),
      entryCount: 128,
      entrySize: 128,
      entries: new Uint8Array(16384),
    });
    expect(sector).toHaveLength(4096);
    expect(sector.subarray(92).every((byte) => byte === 0)).toBe(true);
  });
});
