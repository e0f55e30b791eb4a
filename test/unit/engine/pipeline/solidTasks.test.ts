import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Kernels } from '../../../../src-main/engine/codec/kernel';
import { solidBounds } from '../../../../src-main/engine/pipeline/solidChunks';
import { TaskGate } from '../../../../src-main/engine/pipeline/taskGate';
import type {
  Compression,
  FilePlacement,
  ResourceLocation,
  SolidPart,
  StreamLocation,
} from '../../../../src-main/engine/pipeline/tasks';
import { createNodeFileSystem } from '../../../../src-main/platform/nodeFileSystem';
import { builtKernels, handlers, noise, part, placement, sha1, text } from '../../../support/pipeline';
import { temporaryDirectory } from '../../../support/tools';

const CHUNK = 32_768;
const compression: Compression = { format: 'lzx', chunkSize: CHUNK, level: 20 };

let kernels: Kernels;
beforeAll(async () => {
  kernels = await builtKernels();
});

/** Three blobs: a small one, one over two borders of chunks, and what is left of the last chunk. */
const blobs = [text(20_000, 1), Buffer.concat([text(60_000, 2), noise(20_000, 2)]), text(5000, 3)];
const data = Buffer.concat(blobs);
const starts = [0, 20_000, 100_000];

/** A file with a solid resource of the blobs, packed by the task. */
function solidFile(): { file: string; resource: ResourceLocation; bounds: Float64Array } {
  const input = new SharedArrayBuffer(data.length);
  const output = new SharedArrayBuffer(data.length);
  const {
    chunkSizes,
    pieces,
    sha1: digests,
  } = handlers(kernels).packSolid({
    input,
    output,
    length: data.length,
    compression,
    pieces: blobs.map((bytes, i) => ({
      location: { kind: 'bytes', bytes },
      offset: 0,
      size: bytes.length,
      at: starts[i],
      isWhole: true,
    })),
  });
  expect(pieces.map(({ state }) => state)).toEqual(['same', 'same', 'same']);
  blobs.forEach((blob, i) => expect([...digests.subarray(20 * i, 20 * i + 20)]).toEqual([...sha1(blob)]));
  const stored = chunkSizes.reduce((sum, size) => sum + size, 0);
  const head = Buffer.alloc(16 + 4 * chunkSizes.length);
  head.writeBigUInt64LE(BigInt(data.length), 0);
  head.writeUInt32LE(CHUNK, 8);
  head.writeUInt32LE(2, 12);
  chunkSizes.forEach((size, i) => head.writeUInt32LE(size, 16 + 4 * i));
  const file = path.join(temporaryDirectory(), 'solid');
  writeFileSync(file, Buffer.concat([Buffer.alloc(100), head, part(output, 0, stored)]));
  const place = {
    offset: 100,
    storedSize: head.length + stored,
    size: data.length,
    format: 'lzx',
    chunkSize: CHUNK,
  } as const;
  const source = createNodeFileSystem().openRead(file);
  const bounds = solidBounds(source, place);
  source.close();
  const resource = { file, ...place, pipable: false, solid: { start: 0, size: data.length } };
  return { file, resource, bounds };
}

function blobOf(i: number, ...placements: FilePlacement[]) {
  return { start: starts[i], size: blobs[i].length, sha1: sha1(blobs[i]), placements };
}

function partOf(i: number, from: number, to: number, paths: string[] = []): SolidPart {
  return {
    start: starts[i] + from,
    size: to - from,
    offset: from,
    placements: paths.map((path) => placement(path)),
    isEnd: to === blobs[i].length,
  };
}

const usual = () => ({ parts: [], keepCorrupt: false, gate: new TaskGate().memory });

describe('unpackSolid', () => {
  it('checks and writes what lies wholly in its chunks, and hands out the parts of the rest', () => {
    const { resource, bounds } = solidFile();
    const directory = temporaryDirectory();
    const first = path.join(directory, 'first');
    const second = path.join(directory, 'second');
    writeFileSync(second, '');
    const slab = new SharedArrayBuffer(2 * CHUNK - 20_000);
    const { outcomes } = handlers(kernels).unpackSolid({
      ...usual(),
      resource,
      first: 0,
      bounds: bounds.slice(0, 3),
      blobs: [blobOf(0, placement(first))],
      parts: [partOf(1, 0, 2 * CHUNK - 20_000, [second])],
      slab,
    });
    expect(outcomes).toEqual([{ state: 'ok' }, { state: 'ok' }]);
    expect(readFileSync(first).equals(blobs[0])).toBe(true);
    const begun = blobs[1].subarray(0, 2 * CHUNK - 20_000);
    expect(readFileSync(second).equals(begun)).toBe(true);
    expect(Buffer.from(part(slab, 0, slab.byteLength)).equals(begun)).toBe(true);
  });

  it('tells a wrong SHA-1 from a damaged chunk, and which blobs the chunk takes along', () => {
    const { file, resource, bounds } = solidFile();
    const bytes = readFileSync(file);
    bytes.fill(0xff, bounds[1] + 10, bounds[1] + 200);
    writeFileSync(file, bytes);
    const directory = temporaryDirectory();
    const [first, third] = ['first', 'third'].map((name) => path.join(directory, name));
    const input = {
      ...usual(),
      resource,
      first: 0,
      bounds,
      blobs: [
        { ...blobOf(0, placement(first)), sha1: new Uint8Array(20) },
        blobOf(1, placement(path.join(directory, 'second'))),
        blobOf(2, placement(third)),
      ],
    };
    const { outcomes } = handlers(kernels).unpackSolid(input);
    expect(outcomes.map(({ state }) => state)).toEqual(['mismatch', 'damaged', 'ok']);
    expect(outcomes[1].problem).toContain('chunk 1');
    expect([existsSync(first), readFileSync(third).equals(blobs[2])]).toEqual([false, true]);
    const kept = handlers(kernels).unpackSolid({ ...input, keepCorrupt: true, gate: new TaskGate().memory });
    expect(kept.outcomes.map(({ state }) => state)).toEqual(['mismatch', 'damaged', 'ok']);
    expect(readFileSync(first).equals(blobs[0])).toBe(true);
    const salvaged = readFileSync(path.join(directory, 'second'));
    const wanted = Buffer.from(blobs[1]);
    wanted.fill(0, CHUNK - 20_000, 2 * CHUNK - 20_000);
    expect(salvaged.equals(wanted)).toBe(true);
  });

  it('writes nothing once its gate is closed', () => {
    const { resource, bounds } = solidFile();
    const file = path.join(temporaryDirectory(), 'file');
    const gate = new TaskGate();
    expect(gate.close()).toBe(false);
    const input = { ...usual(), resource, first: 0, bounds, blobs: [blobOf(0, placement(file))] };
    expect(handlers(kernels).unpackSolid({ ...input, gate: gate.memory })).toEqual({ outcomes: [] });
    expect(existsSync(file)).toBe(false);
  });

  it('goes on after its memory was given back', () => {
    const { resource, bounds } = solidFile();
    const tasks = handlers(kernels);
    const input = { ...usual(), resource, first: 0, bounds, blobs: [blobOf(0), blobOf(1), blobOf(2)] };
    const sound = { outcomes: [{ state: 'ok' }, { state: 'ok' }, { state: 'ok' }] };
    expect(tasks.unpackSolid(input)).toEqual(sound);
    expect(tasks.release({})).toEqual({});
    expect(tasks.unpackSolid({ ...input, gate: new TaskGate().memory })).toEqual(sound);
  });

  it('tells whoever closes the gate that files are being written', () => {
    const gate = new TaskGate();
    expect(gate.enter()).toBe(true);
    expect(gate.isClosing).toBe(false);
    expect(gate.close()).toBe(true);
    expect(gate.isClosing).toBe(true);
    expect(gate.close()).toBe(false);
    expect(gate.enter()).toBe(false);
  });

  it('is read like any resource by the tasks that know nothing of solid ones', () => {
    const { resource } = solidFile();
    const { readBatch, hashStream, packRange } = handlers(kernels);
    const location = (i: number): StreamLocation => ({
      kind: 'resource',
      resource: { ...resource, size: blobs[i].length, solid: { start: starts[i], size: data.length } },
      sha1: sha1(blobs[i]),
    });
    const slab = new SharedArrayBuffer(data.length);
    const read = readBatch({
      slab,
      items: [2, 0, 1].map((i) => ({ location: location(i), offset: starts[i], room: blobs[i].length })),
    });
    expect(read.items.map(({ state }) => state)).toEqual(['same', 'same', 'same']);
    expect(Buffer.from(part(slab, 0, data.length)).equals(data)).toBe(true);
    expect(hashStream({ location: location(1) })).toMatchObject({ state: 'same', sha1: sha1(blobs[1]) });
    const range = packRange({
      location: location(1),
      offset: 30_000,
      length: 40_000,
      input: slab,
      output: new SharedArrayBuffer(0),
      compression: { format: 'none', chunkSize: 0, level: 1 },
    });
    expect(range).toMatchObject({ state: 'same', size: 40_000 });
    expect(Buffer.from(part(slab, 0, 40_000)).equals(blobs[1].subarray(30_000, 70_000))).toBe(true);
  });
});

describe('packSolid', () => {
  it('leaves zeroes where a stream is gone, so that the result does not depend on what was there', () => {
    const pack = (fill: number): Uint8Array => {
      const input = new SharedArrayBuffer(40_000);
      const output = new SharedArrayBuffer(40_000);
      new Uint8Array(input).fill(fill);
      const gone = { kind: 'file', path: '/nowhere/at/all', size: 15_000, modifiedMs: 0 } as const;
      const { pieces, chunkSizes } = handlers(kernels).packSolid({
        input,
        output,
        length: 40_000,
        compression,
        pieces: [
          { location: { kind: 'bytes', bytes: text(25_000) }, offset: 0, size: 25_000, at: 0, isWhole: true },
          { location: gone, offset: 0, size: 15_000, at: 25_000, isWhole: true },
        ],
      });
      expect(pieces.map(({ state }) => state)).toEqual(['same', 'vanished']);
      return part(
        output,
        0,
        chunkSizes.reduce((sum, size) => sum + size, 0),
      );
    };
    expect(pack(1)).toEqual(pack(2));
  });
});
