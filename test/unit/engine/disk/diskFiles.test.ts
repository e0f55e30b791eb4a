// What devices, overlays, bitmaps and requests do at their edges.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BitmapCache, bitRun, setBits } from '../../../../src-main/engine/disk/bitmapCache';
import { copyDisk } from '../../../../src-main/engine/disk/copyDisk';
import { createDisk, type CreateDiskRequest } from '../../../../src-main/engine/disk/createDisk';
import { ExtentList } from '../../../../src-main/engine/disk/extentList';
import { openDisk } from '../../../../src-main/engine/disk/openDisk';
import { Overlay } from '../../../../src-main/engine/disk/overlay';
import { relativePath } from '../../../../src-main/engine/disk/relativePath';
import { sliceDevice } from '../../../../src-main/engine/disk/slice';
import { geometryOf, geometrySize } from '../../../../src-main/engine/disk/vhd/geometry';
import { VhdFooter } from '../../../../src-main/engine/disk/vhd/records';
import { crc32c } from '../../../../src-main/engine/disk/vhdx/crc32c';
import { CancelledError } from '../../../../src-shared/errors/appError';
import { MemoryFile, memoryFiles } from '../../../support/memoryFiles';
import { fixtures } from '../../../support/tools';
import { diskHost, numbers, pattern } from '../../../support/virtualDisks';

const MIB = 1024 * 1024;
const seed = Number(process.env.WIMSMITH_SEED ?? Date.now() % 0x7fff_ffff);
const breathe = (): Promise<void> => Promise.resolve();

function memoryHost(files = new Map<string, MemoryFile>()) {
  return { ...diskHost(memoryFiles(files)), breathe, kept: files };
}

describe('a slice', () => {
  it('is a part of its device, and no more', () => {
    const host = memoryHost();
    const disk = createDisk(host, { path: '/disk', size: 3 * MIB, format: 'raw' });
    const slice = sliceDevice(disk, MIB, MIB, 'partition 1');
    slice.write(100, pattern(50, 1));
    const read = new Uint8Array(50);
    expect(disk.read(MIB + 100, read)).toBe(50);
    expect(read).toEqual(pattern(50, 1));
    expect(slice.read(MIB - 10, read)).toBe(10);
    expect(slice.read(MIB + 10, read)).toBe(0);
    expect(slice.extents(MIB - 10, 100)).toEqual([
      { kind: 'file', path: '/disk', offset: 2 * MIB - 10, length: 10 },
    ]);
    for (const change of [
      () => slice.write(MIB - 10, read),
      () => slice.allocate(MIB - 10, 11),
      () => slice.write(-1, read),
    ]) {
      expect(change).toThrow(expect.objectContaining({ code: 'io/failed' }));
    }
    expect(() => sliceDevice(disk, 2 * MIB, 2 * MIB, 'too long')).toThrow(RangeError);
  });
});

describe('an overlay', () => {
  it(`gives what was laid last over each place (WIMSMITH_SEED=${seed})`, () => {
    const next = numbers(seed);
    const size = 5000;
    for (let round = 0; round < 50; round++) {
      const file = pattern(size, 1);
      const model = file.slice();
      const overlay = new Overlay();
      for (let i = 0; i < 30; i++) {
        const offset = next(size);
        const length = Math.min(next(400), size - offset);
        const bytes = pattern(length, i + 50);
        if (next(3) === 0) {
          overlay.putZeroes(offset, length);
          model.fill(0, offset, offset + length);
        } else {
          overlay.put(offset, bytes);
          model.set(bytes, offset);
        }
      }
      const from = next(size);
      const length = next(size - from);
      const patched = file.slice(from, from + length);
      overlay.patch(from, patched);
      expect(patched).toEqual(model.slice(from, from + length));
      const list = new ExtentList();
      overlay.addExtents('/file', size, from, length, list);
      const parts = list.extents().map((extent) => {
        if (extent.kind === 'bytes') return extent.bytes;
        if (extent.kind === 'file') return file.slice(extent.offset, extent.offset + extent.length);
        return new Uint8Array(extent.length);
      });
      expect(Buffer.concat(parts).equals(model.subarray(from, from + length))).toBe(true);
    }
  });
});

describe('sector bitmaps', () => {
  it.each(['lowFirst', 'highFirst'] as const)(`have runs of bits, %s (WIMSMITH_SEED=${seed})`, (order) => {
    const next = numbers(seed);
    const bits = new Uint8Array(4096);
    const bitmap = new Uint8Array(512);
    for (let i = 0; i < 60; i++) {
      const first = next(4096);
      const count = next(Math.min(300, 4096 - first));
      setBits(bitmap, first, count, order);
      bits.fill(1, first, first + count);
      const at = next(4096);
      const limit = 1 + next(4096 - at);
      let run = 1;
      while (run < limit && bits[at + run] === bits[at]) run++;
      expect(bitRun(bitmap, at, limit, order)).toBe(bits[at] === 1 ? run : -run);
    }
  });

  it(`are few in memory, and lose nothing (WIMSMITH_SEED=${seed})`, () => {
    const next = numbers(seed);
    const stored = new Map<number, Uint8Array>();
    const model = new Map<number, number>();
    let loads = 0;
    const cache = new BitmapCache(
      8,
      (key) => {
        loads++;
        return Uint8Array.from(stored.get(key) ?? [0]);
      },
      () => write(),
    );
    const write = (): void => cache.writeChanged((key, bitmap) => stored.set(key, bitmap.slice()));
    for (let i = 0; i < 2000; i++) {
      const key = next(next(2) === 0 ? 4 : 40);
      const bitmap = cache.get(key);
      expect(bitmap[0]).toBe(model.get(key) ?? 0);
      if (next(3) > 0) continue;
      bitmap[0] = i & 0xff;
      cache.put(key, bitmap);
      model.set(key, i & 0xff);
    }
    write();
    expect(cache.hasChanges).toBe(false);
    for (const [key, value] of model) expect(stored.get(key)).toEqual(Uint8Array.of(value));
    expect(loads).toBeGreaterThan(100);
    expect(loads).toBeLessThan(1800);
  });

  it('order their bits as the formats do', () => {
    const bitmaps = [new Uint8Array(2), new Uint8Array(2)];
    setBits(bitmaps[0], 3, 6, 'lowFirst');
    setBits(bitmaps[1], 3, 6, 'highFirst');
    expect(bitmaps).toEqual([Uint8Array.of(0xf8, 0x01), Uint8Array.of(0x1f, 0x80)]);
  });
});

describe('checksums and geometries', () => {
  it('CRC-32C is that of the published example', () => {
    // RFC 3720, B.4: 32 bytes of zeroes; here with the four of a checksum's place among them.
    expect(crc32c(new Uint8Array(32), 4)).toBe(0x8a91_36aa);
    expect(crc32c(new Uint8Array(32).fill(0xff, 0, 4), 0)).toBe(0x8a91_36aa);
  });

  it('a geometry is the one that Hyper-V and others wrote for such a size', () => {
    const bytes = readFileSync(fixtures('vhd', 'dfvfs', 'image.vhd'));
    const footer = VhdFooter.parse(bytes.subarray(0, 512));
    expect(geometryOf(Number(footer.currentSize))).toEqual({ cylinders: 3, heads: 4, sectorsPerTrack: 17 });
    expect(footer).toMatchObject(geometryOf(Number(footer.currentSize)));
  });

  it('a geometry is never larger than its disk', () => {
    const next = numbers(seed);
    for (let i = 0; i < 2000; i++) {
      const size = 512 * (68 + next(2 ** (1 + next(31))));
      const geometry = geometryOf(size);
      const cylinder = geometry.heads * geometry.sectorsPerTrack * 512;
      expect(geometrySize(geometry)).toBeLessThanOrEqual(size);
      expect(geometry.cylinders).toBeLessThanOrEqual(65_535);
      if (geometry.cylinders < 65_535) expect(size - geometrySize(geometry)).toBeLessThan(cylinder);
    }
  });
});

describe('paths to parents', () => {
  it.each([
    ['/a/b/child', '/a/b/base.vhd', '.\\base.vhd'],
    ['/a/b/child', '/a/c/d/base.vhd', '..\\c\\d\\base.vhd'],
    ['/child', '/a/base.vhd', '.\\a\\base.vhd'],
    ['C:\\disks\\child', 'C:\\base.vhd', '..\\base.vhd'],
    ['C:\\disks\\child', 'D:\\base.vhd', undefined],
  ])('from %s to %s', (from, target, wanted) => {
    const host = memoryHost();
    const cut = (file: string): number => Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\'));
    const files = {
      ...host.files,
      directoryName: (file: string) => file.slice(0, cut(file)),
      baseName: (file: string) => file.slice(cut(file) + 1),
    };
    expect(relativePath({ ...host, files }, from, target)).toBe(wanted);
  });
});

describe('raw disk files', () => {
  it('have sectors of 4096 bytes where their GPT says so', () => {
    const bytes = new Uint8Array(MIB + 100);
    bytes.set(Buffer.from('EFI PART'), 4096);
    const host = memoryHost(new Map([['/disk', new MemoryFile(bytes)]]));
    const disk = openDisk(host, '/disk', 'read');
    expect(disk).toMatchObject({ sectorSize: 4096, size: MIB, format: 'raw' });
    expect(disk.warnings.join()).toContain('last 100 bytes');
    expect(openDisk(host, '/disk', 'read', { sectorSize: 512 }).sectorSize).toBe(512);
  });

  it.each([
    ['MSWIM\0\0\0', 'WIM'],
    ['KDMV', 'VMDK'],
    ['QFI\xfb', 'QCOW'],
  ])('are told from other files: %s', (magic, name) => {
    const bytes = new Uint8Array(4096);
    bytes.set(Buffer.from(magic, 'latin1'));
    const host = memoryHost(new Map([['/disk', new MemoryFile(bytes)]]));
    expect(() => openDisk(host, '/disk', 'read')).toThrow(
      expect.objectContaining({ code: 'disk/not-a-disk', message: expect.stringContaining(name) }),
    );
  });

  it('are not empty', () => {
    const host = memoryHost(new Map([['/disk', new MemoryFile(new Uint8Array(100))]]));
    expect(() => openDisk(host, '/disk', 'read')).toThrow(
      expect.objectContaining({ code: 'disk/not-a-disk' }),
    );
  });
});

describe('a new disk', () => {
  const wrong: readonly (Omit<CreateDiskRequest, 'path'> & { readonly why: string })[] = [
    { why: 'no size', format: 'raw', size: 0 },
    { why: 'not a number', format: 'raw', size: Number.NaN },
    { why: 'too large', format: 'vhd', size: 2041 * 1024 ** 3 },
    { why: 'too large', format: 'vhdx', size: 65 * 1024 ** 4 },
    { why: 'its sectors', format: 'vhd', size: MIB, sectorSize: 4096 },
    { why: 'its sectors', format: 'vhdx', size: MIB, sectorSize: 1024 },
    { why: 'its blocks', format: 'vhd', size: MIB, blockSize: MIB },
    { why: 'its blocks', format: 'vhdx', size: MIB, blockSize: 3 * MIB },
    { why: 'its blocks', format: 'vhdx', size: MIB, blockSize: 512 * MIB },
    { why: 'no parent', format: 'vhdx', size: MIB, kind: 'differencing' },
    { why: 'a raw parent', format: 'vhdx', size: MIB, kind: 'differencing', parent: '/raw' },
    { why: 'a raw child', format: 'raw', size: MIB, kind: 'differencing', parent: '/raw' },
  ];
  it.each(wrong)('is refused for $why: $format', ({ why: _why, ...request }) => {
    const host = memoryHost(new Map([['/raw', new MemoryFile(new Uint8Array(MIB))]]));
    expect(() => createDisk(host, { ...request, path: '/disk' })).toThrow(
      expect.objectContaining({ code: 'usage/invalid' }),
    );
    expect([...host.kept.keys()]).toEqual(['/raw']);
  });

  it('takes nobody’s place unasked', () => {
    const host = memoryHost(new Map([['/disk', new MemoryFile(new Uint8Array(10))]]));
    const request = { path: '/disk', size: MIB, format: 'vhdx' } as const;
    expect(() => createDisk(host, request)).toThrow(expect.objectContaining({ code: 'io/exists' }));
    expect(host.kept.get('/disk')?.size).toBe(10);
    expect(createDisk(host, { ...request, overwrite: true }).size).toBe(MIB);
  });
});

describe('a copy', () => {
  it('needs a target that is large enough', async () => {
    const host = memoryHost();
    const source = createDisk(host, { path: '/a', size: 2 * MIB, format: 'raw' });
    const target = createDisk(host, { path: '/b', size: MIB, format: 'vhdx' });
    await expect(copyDisk(host, source, target)).rejects.toMatchObject({ code: 'disk/too-small' });
  });

  it('ends when it is cancelled', async () => {
    const host = memoryHost();
    const source = createDisk(host, { path: '/a', size: 40 * MIB, format: 'raw' });
    const target = createDisk(host, { path: '/b', size: 40 * MIB, format: 'vhdx' });
    const signal = { aborted: false };
    const seen: number[] = [];
    const copy = copyDisk(host, source, target, {
      signal,
      onProgress: ({ done }) => {
        seen.push(done);
        if (seen.length === 2) signal.aborted = true;
      },
    });
    await expect(copy).rejects.toBeInstanceOf(CancelledError);
    expect(seen).toHaveLength(2);
  });

  it('leaves out runs of zeroes', async () => {
    const host = memoryHost();
    const source = createDisk(host, { path: '/a', size: 40 * MIB, format: 'raw' });
    source.write(10 * MIB + 5, pattern(10, 1));
    source.write(30 * MIB, pattern(100_000, 1));
    const target = createDisk(host, { path: '/b', size: 40 * MIB, format: 'vhdx', blockSize: MIB });
    expect(await copyDisk(host, source, target)).toBe(3 * 65_536);
    expect(target.allocated).toBe(4 * MIB + 2 * MIB);
  });
});
