import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layouts } from '../../../../src-main/engine/disk/layouts/layouts';
import { parseLayout } from '../../../../src-main/engine/disk/layouts/parseLayout';
import { parsePartitionSize } from '../../../../src-main/engine/disk/layouts/partitionSize';
import { planLayout } from '../../../../src-main/engine/disk/layouts/planLayout';
import { AppError } from '../../../../src-shared/errors/appError';
import type { DiskLayout } from '../../../../src-shared/model/disks';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

function failureOf(action: () => unknown): AppError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    return error as AppError;
  }
  throw new Error('no error');
}

const places = (layout: 'uefi' | 'bios' | 'data' | DiskLayout, size: number, sectorSize = 512) =>
  planLayout(layout, size, sectorSize).map(({ role, offset, bytes }) => [role, offset / MIB, bytes / MIB]);

describe('layouts', () => {
  it.each([512, 4096])(
    'uefi: ESP, MSR, Windows, and recovery right behind it (sectors of %i)',
    (sectorSize) => {
      expect(places('uefi', 64 * GIB, sectorSize)).toEqual([
        ['efi', 1, 260],
        ['msr', 261, 16],
        ['windows', 277, 65536 - 277 - 1024 - 1],
        ['recovery', 65536 - 1025, 1024],
      ]);
    },
  );

  it('bios: the last MiB stays free', () => {
    expect(places('bios', 64 * GIB)).toEqual([
      ['system', 1, 100],
      ['windows', 101, 65536 - 101 - 1024 - 1],
      ['recovery', 65536 - 1025, 1024],
    ]);
  });

  it('data: MSR and one volume', () => {
    expect(places('data', 10 * GIB)).toEqual([
      ['msr', 1, 16],
      ['data', 17, 10240 - 18],
    ]);
  });

  it('an MBR ends where its addresses do', () => {
    const windows = planLayout('bios', 4 * 2 ** 40, 512)[1];
    const recovery = planLayout('bios', 4 * 2 ** 40, 512)[2];
    expect(windows.offset + windows.bytes).toBe(recovery.offset);
    expect(recovery.offset + recovery.bytes).toBe(2 ** 41);
  });

  it('takes percent of the disk, fractions, and an alignment of its own', () => {
    const layout = parseLayout({
      table: 'gpt',
      alignment: 8 * MIB,
      partitions: [
        { role: 'data', size: '25%', fileSystem: 'ntfs' },
        { role: 'data', size: '1.5GB', fileSystem: 'ntfs' },
        { role: 'data', size: 'rest', fileSystem: 'none' },
      ],
    });
    expect(places(layout, 8 * GIB)).toEqual([
      ['data', 8, 2048],
      ['data', 2056, 1536],
      ['data', 3592, 8192 - 3592 - 8],
    ]);
  });

  it.each([
    ['uefi', 1 * GIB, 3, 'windows "Windows"'],
    ['uefi', 100 * MIB, 1, 'efi "System"'],
    ['bios', 600 * MIB, 2, 'windows "Windows"'],
    ['data', 16 * MIB, 1, 'msr'],
  ] as const)('%s on %i bytes: partition %i does not fit', (layout, size, number, name) => {
    const error = failureOf(() => planLayout(layout, size, 512));
    expect(error.code).toBe('disk/too-small');
    expect(error.message).toContain(`partition ${number} (${name}) does not fit on a disk of`);
    // A disk larger by what is missing is large enough; one that is a MiB smaller is not.
    const missing = Number(error.facts.missing);
    planLayout(layout, size + missing, 512);
    expect(failureOf(() => planLayout(layout, size + missing - MIB, 512)).code).toBe('disk/too-small');
  });

  it('an ESP too small for FAT32 on 4Kn is refused with the size that it needs', () => {
    const layout: DiskLayout = {
      table: 'gpt',
      partitions: [{ role: 'efi', size: '100MB', fileSystem: 'fat32', label: 'System' }],
    };
    planLayout(layout, GIB, 512);
    const error = failureOf(() => planLayout(layout, GIB, 4096));
    expect(error.code).toBe('layout/invalid');
    expect(error.message).toMatch(/FAT32 with sectors of 4096 bytes needs 25\d MB, 15\d MB more/);
  });

  it('partitions of any layout are aligned, in order, apart, and on the disk', () => {
    const spec = fc.record({
      role: fc.constant('data' as const),
      size: fc.oneof(
        fc.integer({ min: 8, max: 3000 }).map((size) => `${size}MB`),
        fc.integer({ min: 1, max: 60 }).map((percent) => `${percent}%`),
      ),
      fileSystem: fc.constantFrom('ntfs' as const, 'none' as const),
    });
    let planned = 0;
    fc.assert(
      fc.property(
        fc.constantFrom('gpt' as const, 'mbr' as const),
        fc.constantFrom(512, 4096),
        fc.integer({ min: 64, max: 20000 }),
        fc.constantFrom(undefined, 65536, 4 * MIB),
        fc.array(spec, { minLength: 1, maxLength: 4 }),
        fc.nat({ max: 4 }),
        (table, sectorSize, megabytes, alignment, specs, rest) => {
          const partitions = specs.map((one, i) => (i === rest ? { ...one, size: 'rest' } : one));
          const layout = parseLayout({
            table,
            partitions,
            ...(alignment === undefined ? {} : { alignment }),
          });
          try {
            let end = table === 'gpt' ? 2 * sectorSize + 16384 : sectorSize;
            for (const { offset, bytes, role } of planLayout(layout, megabytes * MIB, sectorSize)) {
              expect(role).toBe('data');
              expect(offset % (alignment ?? MIB)).toBe(0);
              expect(bytes % (alignment ?? MIB)).toBe(0);
              expect(offset).toBeGreaterThanOrEqual(end);
              end = offset + bytes;
            }
            expect(end).toBeLessThanOrEqual(megabytes * MIB - (table === 'gpt' ? 16384 + sectorSize : 0));
            planned++;
          } catch (error) {
            if (!(error instanceof AppError)) throw error;
            expect(['disk/too-small', 'layout/invalid']).toContain(error.code);
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(planned).toBeGreaterThan(50);
  });

  it.each([
    ['260MB', 260 * MIB],
    ['260 mb', 260 * MIB],
    ['1.5GB', 1.5 * GIB],
    ['2TB', 2 * 2 ** 40],
    ['512KB', 512 * 1024],
  ])('%s is %i bytes', (text, bytes) => {
    expect(parsePartitionSize(text)).toEqual({ kind: 'bytes', bytes });
  });

  it.each(['', '5', 'MB', '-1MB', '0MB', '0%', '101%', '1e3MB', '1,5GB', 'all', '9999999999MB', '1.5.5GB'])(
    '"%s" is no size',
    (text) => {
      expect(parsePartitionSize(text)).toBeUndefined();
    },
  );

  it('our own layouts are as strict as those of others', () => {
    for (const layout of Object.values(layouts)) expect(parseLayout(structuredClone(layout))).toEqual(layout);
  });

  const windows = { role: 'windows', size: 'rest', fileSystem: 'ntfs' };
  const gpt = (...partitions: readonly unknown[]) => ({ table: 'gpt', partitions });
  it.each<[unknown, RegExp]>([
    [null, /the layout is an object/],
    [[], /the layout is an object/],
    [{ table: 'apm', partitions: [windows] }, /table is "gpt" or "mbr", not "apm"/],
    [{ table: 'gpt' }, /partitions is a list, not missing/],
    [gpt(), /1 to 128 partitions, not 0/],
    [{ ...gpt(windows), size: 5 }, /size is not known here; there are table, alignment, partitions/],
    [{ ...gpt(windows), alignment: 1000 }, /alignment is a power of two/],
    [{ table: 'mbr', partitions: Array(5).fill({ ...windows, size: '1GB' }) }, /1 to 4 partitions, not 5/],
    [gpt(windows, windows), /only one partition has the size "rest"/],
    [gpt({ ...windows, sise: '1GB' }), /partitions\[0\]\.sise is not known here/],
    [gpt({ ...windows, size: 5 }), /partitions\[0\]\.size is a text, not 5/],
    [gpt({ ...windows, size: 'big' }), /partitions\[0\]\.size "big" is no size/],
    [gpt({ ...windows, role: 'boot' }), /role is one of efi, msr/],
    [gpt({ ...windows, role: 'system' }), /"system" belongs to an MBR/],
    [
      { table: 'mbr', partitions: [{ ...windows, role: 'efi', fileSystem: 'fat32' }] },
      /"efi" belongs to a GPT/,
    ],
    [gpt({ ...windows, role: 'efi' }), /of an EFI partition is "fat32"/],
    [gpt({ ...windows, role: 'msr' }), /of the MSR is "none"/],
    [gpt({ ...windows, fileSystem: 'ext4' }), /fileSystem is one of ntfs, fat32, none, not "ext4"/],
    [gpt({ ...windows, fileSystem: 'fat32', label: 'A label too long' }), /at most 11 characters on FAT32/],
    [gpt({ ...windows, fileSystem: 'fat32', label: 'a/b' }), /character that a label cannot have/],
    [gpt({ ...windows, label: 'x'.repeat(33) }), /at most 32 characters on NTFS/],
    [gpt({ ...windows, fileSystem: 'none', label: 'x' }), /without a file system has no label/],
    [gpt({ ...windows, name: 'x'.repeat(37) }), /at most 36 characters/],
    [{ table: 'mbr', partitions: [{ ...windows, name: 'x' }] }, /partitions of an MBR have no names/],
    [gpt({ ...windows, type: '0x07' }), /no GUID of a partition type/],
    [gpt({ ...windows, type: '00000000-0000-0000-0000-000000000000' }), /no GUID of a partition type/],
    [{ table: 'mbr', partitions: [{ ...windows, type: '0x05' }] }, /no type of a primary partition/],
    [gpt({ ...windows, clusterSize: 3000 }), /clusterSize is a power of two/],
    [gpt({ ...windows, fileSystem: 'fat32', clusterSize: 4096 }), /is for NTFS only/],
    [
      gpt(
        { ...windows, role: 'msr', fileSystem: 'none', size: '1MB' },
        { role: 'msr', size: '1MB', fileSystem: 'none' },
      ),
      /only one partition has the role "msr"/,
    ],
  ])('%j is refused', (json, message) => {
    const error = failureOf(() => parseLayout(json));
    expect(error.code).toBe('layout/invalid');
    expect(error.message).toMatch(message);
  });
});
