import { describe, expect, it } from 'vitest';
import type { BlockDevice } from '../../src-main/engine/disk/blockDevice';
import { formatNtfs } from '../../src-main/engine/ntfs/write/ntfsFormat';
import { createNtfsTarget } from '../../src-main/engine/ntfs/write/ntfsTarget';
import { StreamKind } from '../../src-main/engine/tree/tree';
import { AppError } from '../../src-shared/errors/appError';
import { memoryDevice, type MemoryDevice } from '../support/memoryDevice';
import { DataTree, formatOptions } from '../support/ntfsTrees';
import { RandomNtfsTree } from '../support/randomNtfsTree';

const MIB = 1 << 20;
const SIZE = 32 * MIB;
const seed = Number(process.env.WIMSMITH_SEED ?? Date.now() % 0x7fff_ffff);

/** The name of the file system in both boot sectors. */
function signatures(device: MemoryDevice): string[] {
  return [0, device.size - 512].map((offset) => Buffer.from(device.bytes(offset + 3, 8)).toString('latin1'));
}

/** A disk in memory, of which nothing is written through extents here. */
function disk(size = SIZE): MemoryDevice {
  const device = memoryDevice({ size });
  device.allocate = () => undefined;
  return device;
}

/** Fills a volume as far as it goes, without the data. */
async function fill(device: BlockDevice, { tree, sizeOf, reparseData }: DataTree): Promise<void> {
  const target = createNtfsTarget(device, formatOptions());
  try {
    await target.begin({ tree, root: 0, options: {}, sizeOf, reparseData });
    await target.finish();
  } catch (error) {
    try {
      await target.abort();
    } catch (second) {
      // The device is gone: what it holds is all there is.
      if (!(second instanceof AppError)) throw second;
    }
    throw error;
  }
}

/** A device that holds another volume, whose boot sectors must not be found afterwards. */
function usedDevice(): MemoryDevice {
  const device = disk();
  formatNtfs(device, formatOptions({ label: 'Old', clusterSize: 512 }));
  return device;
}

describe(`a device that is gone in the middle (WIMSMITH_SEED=${seed})`, () => {
  it('never looks like a volume, whichever write was the last', async () => {
    const source = new RandomNtfsTree(seed, 120);
    const used = usedDevice();
    const first = used.events.length;
    await fill(used, source);
    const writes = used.events.slice(first).filter(({ kind }) => kind === 'write').length;
    expect(signatures(used)).toEqual(['NTFS    ', 'NTFS    ']);
    // The last write is that of the boot sector: before it, only the copy at the end may be there.
    const step = Math.max(1, Math.floor(writes / 40));
    for (let count = 1; count < writes; count += count < 5 || count > writes - 5 ? 1 : step) {
      const device = usedDevice();
      device.failAfterWrites(count);
      await expect(fill(device, source)).rejects.toThrow(AppError);
      expect([count, signatures(device)[0]]).toEqual([count, '\0'.repeat(8)]);
    }
  });

  it('is flushed before the copy of the boot sector, and before the boot sector', () => {
    const device = disk();
    formatNtfs(device, formatOptions());
    const events = device.events.slice(-5).map((event) => (event.kind === 'write' ? event.offset : 'flush'));
    expect(events).toEqual(['flush', SIZE - 512, 'flush', 0, 'flush']);
  });
});

describe('a volume that is too small', () => {
  it('is told before anything is written', async () => {
    const source = new DataTree();
    for (let i = 0; i < 100; i++) source.file(0, `file ${i}`);
    source.stream(source.tree.inode[1], StreamKind.DATA, '', new Uint8Array());
    const sizeOf = (): number => SIZE;
    const device = disk();
    const target = createNtfsTarget(device, formatOptions());
    const { tree, reparseData } = source;
    const { needed, free } = target.space?.({ tree, root: 0, sizeOf }) ?? { needed: 0, free: 0 };
    expect(needed).toBeGreaterThan(SIZE);
    expect(free).toBeLessThanOrEqual(SIZE);
    const failure = await target
      .begin({ tree, root: 0, options: {}, sizeOf, reparseData })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'io/no-space', facts: { needed, free } });
    expect(device.events).toEqual([]);
  });

  it('takes as much as it says, to the cluster', async () => {
    const fits = async (size: number): Promise<boolean> => {
      const source = new DataTree();
      source.file(0, 'large', new Uint8Array(1));
      const { tree, reparseData } = source;
      const target = createNtfsTarget(disk(), formatOptions());
      const request = { tree, root: 0, options: {}, sizeOf: () => size, reparseData };
      const { needed, free } = target.space?.(request) ?? { needed: 0, free: 0 };
      const outcome = await target.begin(request).then(
        () => true,
        (error: unknown) => {
          expect(error).toMatchObject({ code: 'io/no-space' });
          return false;
        },
      );
      expect(outcome).toBe(needed <= free);
      return outcome;
    };
    let low = 0;
    let high = SIZE / 4096;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (await fits(middle * 4096)) low = middle;
      else high = middle;
    }
    // What is not data: the log of 2 MiB, the table of 128 KiB, $MFT, $Secure with its copy and some clusters more.
    expect(SIZE - high * 4096).toBeLessThan(3 * MIB);
    expect(low).toBeGreaterThan(0);
  });

  it.each([
    [512 * 1024, {}, 'disk/too-small'],
    [SIZE, { clusterSize: 3000 }, 'layout/invalid'],
    [SIZE, { clusterSize: 4 * MIB }, 'layout/invalid'],
    [SIZE, { label: 'x'.repeat(33) }, 'layout/invalid'],
  ] as const)('of %i bytes with %j is refused', (size, options, code) => {
    const device = disk(size);
    expect(() => formatNtfs(device, formatOptions(options))).toThrow(expect.objectContaining({ code }));
    expect(device.events).toEqual([]);
  });
});

describe('an apply that is given up', () => {
  it('leaves no volume', async () => {
    const device = usedDevice();
    const { tree, sizeOf, reparseData } = new RandomNtfsTree(seed, 50);
    const target = createNtfsTarget(device, formatOptions());
    await target.begin({ tree, root: 0, options: {}, sizeOf, reparseData });
    expect(await target.abort()).toEqual({ replaced: [], left: [] });
    expect(signatures(device)).toEqual(['\0'.repeat(8), '\0'.repeat(8)]);
  });

  it('before it began leaves what was there', async () => {
    const device = usedDevice();
    await createNtfsTarget(device, formatOptions()).abort();
    expect(signatures(device)).toEqual(['NTFS    ', 'NTFS    ']);
  });

  it('ends at a signal', async () => {
    const device = usedDevice();
    const { tree, sizeOf, reparseData } = new RandomNtfsTree(seed, 50);
    const stop = new AbortController();
    const breathe = (): Promise<void> => {
      stop.abort();
      return Promise.resolve();
    };
    const target = createNtfsTarget(device, formatOptions({ breathe }));
    const begin = target.begin({ tree, root: 0, options: {}, sizeOf, reparseData, signal: stop.signal });
    await expect(begin).rejects.toMatchObject({ code: 'job/cancelled' });
  });
});
