import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { FormatError } from '../../../../src-shared/errors/appError';
import { bytesSource } from '../../../../src-main/engine/binary/byteSource';
import type { Kernels } from '../../../../src-main/engine/codec/kernel';
import { chunkLayout, readChunkOffsets } from '../../../../src-main/engine/pipeline/resourceChunks';
import { resourceColumns } from '../../../../src-main/engine/pipeline/resourceColumns';
import type {
  Compression,
  ResourceLocation,
  UnpackOutcome,
} from '../../../../src-main/engine/pipeline/tasks';
import {
  builtKernels,
  handlers,
  noise,
  part,
  placement,
  resource,
  sha1,
  shared,
  text,
} from '../../../support/pipeline';
import { temporaryDirectory } from '../../../support/tools';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await builtKernels();
});

const xpress: Compression = { format: 'xpress', chunkSize: 4096, level: 50 };

function pack(data: Uint8Array, compression = xpress, store = false) {
  const output = new SharedArrayBuffer(data.length);
  const [{ storedSize, compressed }] = handlers(kernels).packBatch({
    input: shared(data),
    output,
    compression,
    items: [{ offset: 0, size: data.length, store }],
  }).items;
  return { stored: part(output, 0, storedSize), compressed };
}

/** Unpacks without writing files: damage and mismatch are told by the outcome. */
function check(stored: Uint8Array, location: Partial<ResourceLocation>, data: Uint8Array): UnpackOutcome {
  const file = path.join(temporaryDirectory(), 'wim');
  writeFileSync(file, stored);
  const where = resource(file, { storedSize: stored.length, size: data.length, ...location });
  const resources = resourceColumns([{ resource: where, sha1: sha1(data) }]);
  return handlers(kernels).unpackBatch({ resources, keepCorrupt: false }).items[0];
}

describe('packBatch', () => {
  it('makes resources that unpack to the same', () => {
    const formats = fc.constantFrom('xpress', 'lzx' as const);
    const data = fc.tuple(fc.nat(40_000), fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(formats, data, fc.constantFrom(32_768, 4096), (format, [size, seed, mix], chunk) => {
        const noisy = Math.floor(size * mix);
        const bytes = new Uint8Array(size);
        bytes.set(noise(noisy, seed));
        bytes.set(text(size - noisy, seed), noisy);
        const chunkSize = format === 'lzx' ? 32_768 : chunk;
        const { stored, compressed } = pack(bytes, { format, chunkSize, level: 20 });
        expect(stored.length).toBeLessThanOrEqual(size);
        expect(compressed).toBe(stored.length < size);
        const outcome = check(stored, { format: compressed ? format : 'none', chunkSize }, bytes);
        expect(outcome).toEqual({ state: 'ok' });
      }),
      { numRuns: 60 },
    );
  });

  it('has no table for one chunk, and 4 bytes for each further one', () => {
    const one = pack(text(4096));
    const two = pack(text(4097));
    expect(one.compressed && two.compressed).toBe(true);
    const second = new DataView(two.stored.buffer).getUint32(0, true);
    // The first chunk is the same in both.
    expect(Buffer.from(two.stored.subarray(4, 4 + second))).toEqual(Buffer.from(one.stored));
    expect(two.stored.length).toBe(4 + second + 1);
  });

  it('stores what does not shrink, even when only the table makes it longer', () => {
    const data = noise(100_000);
    expect(pack(data)).toEqual({ stored: data, compressed: false });
    expect(pack(text(5000), xpress, true)).toMatchObject({ compressed: false });
    expect(pack(new Uint8Array(0))).toMatchObject({ compressed: false });
    // Twenty chunks of noise and one byte less in the last: 80 bytes of table are more than that.
    expect(pack(new Uint8Array([7])).compressed).toBe(false);
  });

  it('lays results back to back', () => {
    const first = text(10_000, 1);
    const second = noise(5000, 2);
    const third = text(9000, 3);
    const all = Buffer.concat([first, second, third]);
    const output = new SharedArrayBuffer(all.length);
    const { items } = handlers(kernels).packBatch({
      input: shared(all),
      output,
      compression: xpress,
      items: [
        { offset: 0, size: 10_000, store: false },
        { offset: 10_000, size: 5000, store: false },
        { offset: 15_000, size: 9000, store: false },
      ],
    });
    expect(items.map((item) => item.compressed)).toEqual([true, false, true]);
    expect(Array.from(part(output, items[0].storedSize, 5000))).toEqual(Array.from(second));
    const lastAt = items[0].storedSize + 5000;
    expect(check(part(output, lastAt, items[2].storedSize), {}, third)).toEqual({ state: 'ok' });
  });
});

describe('packRange and unpackRange', () => {
  it.each([false, true])('make and read a resource range by range (sparse: %s)', (sparse) => {
    const directory = temporaryDirectory();
    const source = path.join(directory, 'source');
    const wim = path.join(directory, 'wim');
    const out = path.join(directory, 'out');
    const data = Buffer.concat([text(70_000), noise(9000), new Uint8Array(50_000), text(1234)]);
    writeFileSync(source, data);
    const worker = handlers(kernels);
    const range = 32_768;
    const parts: Uint8Array[] = [];
    const sizes: number[] = [];
    for (let offset = 0; offset < data.length; offset += range) {
      const length = Math.min(range, data.length - offset);
      const input = new SharedArrayBuffer(range);
      const output = new SharedArrayBuffer(range);
      const location = { kind: 'bytes', bytes: data } as const;
      const result = worker.packRange({ location, offset, length, input, output, compression: xpress });
      expect(result).toMatchObject({ state: 'same', size: length });
      sizes.push(...result.chunkSizes);
      parts.push(
        part(
          output,
          0,
          result.chunkSizes.reduce((a, b) => a + b, 0),
        ),
      );
    }
    const table = new Uint32Array(sizes.length - 1);
    let sum = 0;
    for (let i = 0; i < table.length; i++) table[i] = sum += sizes[i];
    const stored = Buffer.concat([new Uint8Array(table.buffer), ...parts]);
    expect(check(stored, {}, data)).toEqual({ state: 'ok' });

    writeFileSync(wim, Buffer.concat([Buffer.from('header'), stored]));
    writeFileSync(out, '');
    const where = resource(wim, { offset: 6, storedSize: stored.length, size: data.length });
    const location = { kind: 'resource', resource: where, sha1: sha1(data) } as const;
    expect(worker.hashStream({ location })).toMatchObject({ state: 'same', size: data.length });
    const again = new SharedArrayBuffer(50_000);
    const compression = { format: 'none', chunkSize: 4096, level: 50 } as const;
    const output = new SharedArrayBuffer(0);
    worker.packRange({ location, offset: 30_001, length: 50_000, input: again, output, compression });
    expect(Buffer.from(part(again, 0, 50_000)).equals(data.subarray(30_001, 80_001))).toBe(true);

    const holder = bytesSource(Buffer.concat([Buffer.from('header'), stored]), wim);
    for (const offset of [98_304, 0, 65_536, 32_768]) {
      const length = Math.min(range, data.length - offset);
      const chunkOffsets = readChunkOffsets(holder, where, offset / 4096, Math.ceil(length / 4096));
      const slab = new SharedArrayBuffer(range);
      const task = {
        resource: where,
        offset,
        length,
        chunkOffsets,
        output: slab,
        placements: [placement(out, { sparse })],
      };
      expect(worker.unpackRange(task)).toEqual({});
    }
    const unpacked = {
      resource: resource(out, { size: data.length, storedSize: data.length, format: 'none' as const }),
      sha1: sha1(data),
    };
    const resources = resourceColumns([unpacked]);
    expect(worker.unpackBatch({ resources, keepCorrupt: false }).items).toEqual([{ state: 'ok' }]);
  });
});

describe('chunk tables that lie', () => {
  const data = text(20_000);
  const lie = (change: (table: Uint32Array) => void): UnpackOutcome => {
    const { stored } = pack(data);
    change(new Uint32Array(stored.buffer, 0, 4));
    return check(stored, {}, data);
  };

  it('is a test with a true table first', () => {
    expect(lie(() => undefined)).toEqual({ state: 'ok' });
  });

  it.each<[string, (table: Uint32Array) => void]>([
    ['runs backwards', (table) => table.set([table[2], table[1]], 1)],
    ['stands still', (table) => (table[1] = table[0])],
    ['leads out of the resource', (table) => (table[3] = 1_000_000)],
    ['leads out of everything', (table) => (table[0] = 0xffff_ffff)],
    ['has a chunk larger than its data', (table) => (table[0] = 4097)],
    ['begins with nothing', (table) => (table[0] = 0)],
  ])('%s', (_name, change) => {
    const outcome = lie(change);
    expect(outcome.state).toBe('damaged');
    expect(outcome.problem).toMatch(/^chunk table at offset \d+: /);
  });

  it('cannot make anyone allocate what a size claims', () => {
    for (const size of [2 ** 40, 2 ** 52, Number.MAX_SAFE_INTEGER]) {
      const outcome = check(pack(data).stored, { size }, data);
      expect(outcome.state).toBe('damaged');
      expect(outcome.problem).toContain('chunk table at offset 0');
    }
    // As many chunks as could be true: it fails at the first that is none.
    const many = new Uint8Array(1 << 20);
    for (let i = 0; i < 200_000; i++) new DataView(many.buffer).setUint32(i * 4, i + 1, true);
    const outcome = check(many, { size: 200_001 * 4096 }, data);
    expect(outcome.state).toBe('damaged');
  });

  it('with any byte changed gives an outcome, never a crash', () => {
    const { stored } = pack(data);
    fc.assert(
      fc.property(fc.nat(stored.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = stored.slice();
        bytes[at] ^= change;
        // A changed bit in what pads the end of a chunk changes nothing.
        expect(['ok', 'damaged', 'mismatch']).toContain(check(bytes, {}, data).state);
      }),
      { numRuns: 200 },
    );
  });

  it('with impossible chunk sizes are refused', () => {
    for (const chunkSize of [0, -4096, 3000, 2 ** 17, Number.NaN]) {
      expect(() => chunkLayout(resource('x', { storedSize: 10, size: 10, chunkSize }))).toThrow(FormatError);
    }
  });

  it('and resources beyond the end of the file are damaged', () => {
    const { stored } = pack(data);
    for (const where of [{ storedSize: stored.length + 1 }, { offset: 1 }, { offset: 2 ** 50 }]) {
      expect(check(stored, where, data).state).toBe('damaged');
    }
    expect(check(data, { format: 'none', size: data.length - 1 }, data).state).toBe('damaged');
    // Nearly anything is an LZMS stream; what comes out of it is something else.
    expect(['damaged', 'mismatch']).toContain(check(stored, { format: 'lzms' }, data).state);
  });
});

describe('chunk offsets', () => {
  it('come in 8 bytes for 4 GiB and more', () => {
    const size = 2 ** 32;
    const chunkSize = 2 ** 21;
    const table = new Uint8Array(2047 * 8);
    const view = new DataView(table.buffer);
    for (let i = 1; i < 2048; i++) {
      const offset = i * 2_000_000;
      view.setUint32((i - 1) * 8, offset % 2 ** 32, true);
      view.setUint32((i - 1) * 8 + 4, Math.floor(offset / 2 ** 32), true);
    }
    const storedSize = table.length + 2048 * 2_000_000;
    const where = resource('big', { size, storedSize, chunkSize, format: 'lzx', offset: 100 });
    const source = {
      name: 'big',
      size: 2 ** 40,
      read(offset: number, target: Uint8Array) {
        target.set(table.subarray(offset - 100, offset - 100 + target.length));
        return target.length;
      },
    };
    const data = 100 + table.length;
    expect(Array.from(readChunkOffsets(source, where, 0, 2))).toEqual([data, data + 2e6, data + 4e6]);
    expect(Array.from(readChunkOffsets(source, where, 2047, 1))).toEqual([
      data + 2047 * 2e6,
      data + 2048 * 2e6,
    ]);
    expect(Array.from(readChunkOffsets(source, where, 7, 1))).toEqual([data + 7 * 2e6, data + 8 * 2e6]);
    expect(chunkLayout({ ...where, size: size - 1 }).entrySize).toBe(4);
  });
});
