import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { CompressionFormat } from '../../src-main/engine/codec/codec';
import type { Kernels } from '../../src-main/engine/codec/kernel';
import type { ResourceLocation } from '../../src-main/engine/pipeline/tasks';
import { resourceColumns } from '../../src-main/engine/pipeline/resourceColumns';
import { builtKernels, handlers, noise, text } from '../support/pipeline';
import { describeWithTools, temporaryDirectory } from '../support/tools';

interface Blob {
  readonly resource: ResourceLocation;
  readonly sha1: Uint8Array;
}

/** All blobs of a WIM, read from its blob table with as little as that takes. */
function blobsOf(file: string, format: CompressionFormat): Blob[] {
  const bytes = readFileSync(file);
  const pipable = bytes.toString('latin1', 0, 5) === 'WLPWM';
  const header = pipable ? bytes.subarray(bytes.length - 208) : bytes;
  const chunkSize = header.readUInt32LE(0x14);
  const at = Number(header.readBigUInt64LE(0x38));
  const blobs: Blob[] = [];
  for (let entry = at; entry < at + Number(header.readBigUInt64LE(0x40)); entry += 50) {
    const compressed = (bytes[entry + 7] & 0x04) !== 0;
    blobs.push({
      resource: {
        file,
        storedSize: bytes.readUIntLE(entry, 6),
        offset: Number(bytes.readBigUInt64LE(entry + 8)),
        size: Number(bytes.readBigUInt64LE(entry + 16)),
        format: compressed ? format : 'none',
        chunkSize,
        pipable,
      },
      sha1: Uint8Array.from(bytes.subarray(entry + 30, entry + 50)),
    });
  }
  return blobs;
}

describeWithTools(['wimlib-imagex'], 'resources that wimlib wrote', () => {
  let kernels: Kernels;
  let source: string;
  beforeAll(async () => {
    kernels = await builtKernels();
    source = path.join(temporaryDirectory(), 'source');
    mkdirSync(source);
    const files = [
      text(1),
      text(100),
      text(32_768),
      text(32_769),
      text(700_000),
      noise(100_000),
      noise(40_000),
    ];
    files.push(Buffer.concat([noise(70_000), text(300_000, 7), new Uint8Array(200_000)]));
    files.forEach((bytes, i) => {
      writeFileSync(path.join(source, `f${i}`), bytes);
    });
  });

  it.each<[CompressionFormat, ...string[]]>([
    ['none'],
    ['xpress'],
    ['xpress', '--chunk-size=4096'],
    ['lzx'],
    ['lzx', '--chunk-size=65536'],
    ['none', '--pipable'],
    ['xpress', '--pipable'],
    ['lzx', '--pipable'],
  ])('%s %s have the SHA-1 they are stored under', (format, ...options) => {
    const wim = path.join(temporaryDirectory(), 'a.wim');
    execFileSync('wimlib-imagex', ['capture', source, wim, `--compress=${format}`, ...options], {
      stdio: 'pipe',
    });
    const blobs = blobsOf(wim, format);
    // Eight files and the metadata.
    expect(blobs).toHaveLength(9);
    const worker = handlers(kernels);
    const { items } = worker.unpackBatch({ resources: resourceColumns(blobs), keepCorrupt: false });
    expect(items).toEqual(blobs.map(() => ({ state: 'ok' })));
    for (const { resource, sha1 } of blobs) {
      const location = { kind: 'resource', resource, sha1 } as const;
      expect(worker.hashStream({ location })).toMatchObject({ state: 'same', size: resource.size });
    }
    const slab = new SharedArrayBuffer(1 << 20);
    const streams = blobs.map(({ resource, sha1 }) => ({
      location: { kind: 'resource', resource, sha1 } as const,
      offset: 0,
      room: slab.byteLength,
    }));
    expect(worker.readBatch({ slab, items: streams }).items.map((item) => item.state)).toEqual(
      blobs.map(() => 'same'),
    );
  });
});
