// A minimal WIM reader and patcher for testing the codec against wimlib-imagex, independent of the product's own code.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryDirectory } from '../../../support/tools';

const BLOB_ENTRY_SIZE = 50;
const FLAG_COMPRESSED = 0x4;
const FLAG_METADATA = 0x2;

/** A resource of a WIM: where it is and where its blob entry is. */
export interface CarvedResource {
  readonly entryOffset: number;
  readonly offset: number;
  readonly storedSize: number;
  readonly size: number;
  readonly compressed: boolean;
  readonly metadata: boolean;
}

/** A chunk of a compressed resource; `stored` when it did not shrink. */
export interface CarvedChunk {
  readonly data: Uint8Array;
  readonly size: number;
  readonly stored: boolean;
}

/** A resource's stored size: 56 bits, of which JavaScript's safe 53 do. */
const u56 = (bytes: DataView, at: number): number =>
  bytes.getUint32(at, true) + (bytes.getUint32(at + 4, true) & 0xffffff) * 2 ** 32;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Chunk size from the header of a WIM. */
export function carveChunkSize(wim: Uint8Array): number {
  return view(wim).getUint32(0x14, true);
}

/** Resources of an unsplit WIM whose blob table is stored uncompressed. */
export function carveResources(wim: Uint8Array): CarvedResource[] {
  const bytes = view(wim);
  const tableSize = u56(bytes, 0x30);
  const tableOffset = Number(bytes.getBigUint64(0x38, true));
  const resources: CarvedResource[] = [];
  for (let at = tableOffset; at + BLOB_ENTRY_SIZE <= tableOffset + tableSize; at += BLOB_ENTRY_SIZE) {
    const flags = bytes.getUint8(at + 7);
    resources.push({
      entryOffset: at,
      offset: Number(bytes.getBigUint64(at + 8, true)),
      storedSize: u56(bytes, at),
      size: Number(bytes.getBigUint64(at + 16, true)),
      compressed: (flags & FLAG_COMPRESSED) !== 0,
      metadata: (flags & FLAG_METADATA) !== 0,
    });
  }
  return resources;
}

/** The chunks of a compressed resource below 4 GiB. */
export function carveChunks(wim: Uint8Array, resource: CarvedResource): CarvedChunk[] {
  const chunkSize = carveChunkSize(wim);
  const bytes = view(wim);
  const count = Math.ceil(resource.size / chunkSize);
  const base = resource.offset + 4 * (count - 1);
  const end = resource.offset + resource.storedSize;
  const starts = [base];
  for (let i = 0; i < count - 1; i++) starts.push(base + bytes.getUint32(resource.offset + 4 * i, true));
  return starts.map((start, i) => {
    const data = wim.subarray(start, i + 1 < count ? starts[i + 1] : end);
    const size = Math.min(chunkSize, resource.size - i * chunkSize);
    return { data, size, stored: data.length === size };
  });
}

/** A copy of a WIM in which a resource's chunks are replaced; the new resource is appended. */
export function replaceChunks(wim: Uint8Array, resource: CarvedResource, chunks: Uint8Array[]): Uint8Array {
  const table = new Uint8Array(4 * (chunks.length - 1));
  let at = 0;
  chunks.forEach((chunk, i) => {
    if (i > 0) view(table).setUint32(4 * (i - 1), at, true);
    at += chunk.length;
  });
  const resourceBytes = Buffer.concat([table, ...chunks]);
  const copy = Buffer.concat([wim, resourceBytes]);
  copy.writeUIntLE(resourceBytes.length, resource.entryOffset, 6);
  copy[resource.entryOffset + 6] = 0;
  copy[resource.entryOffset + 7] |= FLAG_COMPRESSED;
  copy.writeBigUInt64LE(BigInt(wim.length), resource.entryOffset + 8);
  return copy;
}

/** Captures one file with wimlib's LZX, or another of its formats, and returns the WIM. */
export function captureWithWimlib(
  content: Uint8Array,
  chunkSize: number,
  level = 50,
  format: 'lzx' | 'lzms' = 'lzx',
): Uint8Array {
  const folder = temporaryDirectory();
  const source = path.join(folder, 'source');
  mkdirSync(source);
  writeFileSync(path.join(source, 'file'), content);
  const wim = path.join(folder, 'test.wim');
  const options = [`--compress=${format}:${level}`, `--chunk-size=${chunkSize}`, '--threads=1', '--quiet'];
  execFileSync('wimlib-imagex', ['capture', source, wim, ...options], { stdio: 'pipe' });
  return readFileSync(wim);
}

/** The file of a WIM made by {@link captureWithWimlib}, extracted by wimlib; throws when wimlib finds it damaged. */
export function extractWithWimlib(wim: Uint8Array): Uint8Array {
  const file = path.join(temporaryDirectory(), 'test.wim');
  writeFileSync(file, wim);
  return execFileSync('wimlib-imagex', ['extract', file, '1', '/file', '--to-stdout', '--quiet'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
}
