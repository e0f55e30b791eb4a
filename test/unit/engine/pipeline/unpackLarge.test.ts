import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Kernels } from '../../../../src-main/engine/codec/kernel';
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

/** More than two windows, with a run of zeroes and an end within a block. */
function sample(): Uint8Array {
  const data = new Uint8Array(700_001);
  data.set(text(300_000), 0);
  data.set(noise(200_001), 500_000);
  return data;
}

function pack(data: Uint8Array): Uint8Array {
  const output = new SharedArrayBuffer(data.length);
  const [{ storedSize }] = handlers(kernels).packBatch({
    input: shared(data),
    output,
    compression: { format: 'xpress', chunkSize: 4096, level: 30 },
    items: [{ offset: 0, size: data.length, store: false }],
  }).items;
  return part(output, 0, storedSize);
}

describe('unpackLarge', () => {
  it.each(['none', 'xpress'] as const)('writes %s data to every file, sparse or not', (format) => {
    const directory = temporaryDirectory();
    const data = sample();
    const stored = format === 'none' ? data : pack(data);
    const wim = path.join(directory, 'wim');
    writeFileSync(wim, stored);
    const files = ['a', 'b'].map((name) => path.join(directory, name));
    const outcome = handlers(kernels).unpackLarge({
      resource: resource(wim, { storedSize: stored.length, size: data.length, format }),
      sha1: sha1(data),
      placements: [placement(files[0]), placement(files[1], { sparse: true })],
      keepCorrupt: false,
    });
    expect(outcome).toEqual({ state: 'ok' });
    const { mtimeMs, blocks } = statSync(files[1]);
    for (const file of files) expect(readFileSync(file).equals(data)).toBe(true);
    expect(Math.round(mtimeMs)).toBe(1_655_526_400_000);
    expect(blocks).toBeLessThan(statSync(files[0]).blocks);
  });

  it('takes back what it wrote when the SHA-1 differs, and keeps it when that is wanted', () => {
    const directory = temporaryDirectory();
    const data = sample();
    const wim = path.join(directory, 'wim');
    writeFileSync(wim, data);
    const old = path.join(directory, 'old');
    writeFileSync(old, 'what was there');
    const task = {
      resource: resource(wim, { storedSize: data.length, size: data.length, format: 'none' }),
      sha1: sha1(noise(3)),
      placements: [placement(path.join(directory, 'new')), placement(old, { temporary: `${old}.part` })],
    };
    const worker = handlers(kernels);
    expect(worker.unpackLarge({ ...task, keepCorrupt: false })).toMatchObject({ state: 'mismatch' });
    expect(readdirSync(directory).sort()).toEqual(['old', 'wim']);
    expect(readFileSync(old, 'utf8')).toBe('what was there');
    expect(worker.unpackLarge({ ...task, keepCorrupt: true })).toMatchObject({ state: 'mismatch' });
    expect(readFileSync(old).equals(data)).toBe(true);
  });

  it('puts zeroes in place of a chunk that does not decompress, and goes on behind it', () => {
    const directory = temporaryDirectory();
    const data = sample();
    const stored = pack(data);
    // The first chunk lies behind the table; its Huffman code becomes one that is over-subscribed.
    const table = (Math.ceil(data.length / 4096) - 1) * 4;
    stored.fill(0x11, table, table + 256);
    const wim = path.join(directory, 'wim');
    writeFileSync(wim, stored);
    const file = path.join(directory, 'file');
    const task = {
      resource: resource(wim, { storedSize: stored.length, size: data.length }),
      sha1: sha1(data),
      placements: [placement(file)],
    };
    const worker = handlers(kernels);
    expect(worker.unpackLarge({ ...task, keepCorrupt: false })).toMatchObject({ state: 'damaged' });
    expect(existsSync(file)).toBe(false);
    expect(worker.unpackLarge({ ...task, keepCorrupt: true })).toMatchObject({ state: 'damaged' });
    const expected = Uint8Array.from(data).fill(0, 0, 4096);
    expect(readFileSync(file).equals(expected)).toBe(true);
  });

  it('says what stands in the way of a file, and writes the others', () => {
    const directory = temporaryDirectory();
    const data = sample();
    const wim = path.join(directory, 'wim');
    writeFileSync(wim, data);
    const good = path.join(directory, 'good');
    const lost = path.join(directory, 'missing', 'file');
    const outcome = handlers().unpackLarge({
      resource: resource(wim, { storedSize: data.length, size: data.length, format: 'none' }),
      sha1: sha1(data),
      placements: [placement(lost), placement(good)],
      keepCorrupt: false,
    });
    expect(outcome).toMatchObject({ state: 'ok', failures: [{ path: lost, code: 'io/not-found' }] });
    expect(readFileSync(good).equals(data)).toBe(true);
  });

  it('opens no file when the sizes cannot be true', () => {
    const directory = temporaryDirectory();
    const wim = path.join(directory, 'wim');
    writeFileSync(wim, noise(100));
    const file = path.join(directory, 'file');
    const task = { sha1: sha1(noise(100)), placements: [placement(file)], keepCorrupt: true };
    const worker = handlers();
    const states = [
      worker.unpackLarge({ ...task, resource: resource(wim, { storedSize: 100, size: 2 ** 40 }) }),
      worker.unpackLarge({
        ...task,
        resource: resource(wim, { storedSize: 2 ** 40, size: 2 ** 40, format: 'none' }),
      }),
      worker.unpackLarge({
        ...task,
        resource: resource(`${wim}.gone`, { storedSize: 100, size: 100, format: 'none' }),
      }),
    ].map(({ state }) => state);
    expect(states).toEqual(['damaged', 'damaged', 'damaged']);
    expect(existsSync(file)).toBe(false);
  });
});
