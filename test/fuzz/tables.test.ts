import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource, type ByteSource } from '../../src-main/engine/binary/byteSource';
import type { OpenFile } from '../../src-main/engine/os';
import { boundsOfStored, chunkLayout, readChunkOffsets } from '../../src-main/engine/pipeline/resourceChunks';
import type { ResourceLocation } from '../../src-main/engine/pipeline/tasks';
import { readResourceChunks, readWholeResource } from '../../src-main/engine/pipeline/wholeResource';
import { BlobTable } from '../../src-main/engine/wim/blobTable';
import { readIntegrityTable } from '../../src-main/engine/wim/integrity';
import { readHeader } from '../../src-main/engine/wim/openWim';
import { readBlobTable } from '../../src-main/engine/wim/readBlobTable';
import { WimHeader } from '../../src-main/engine/wim/records/wimHeader';
import type { WimPart } from '../../src-main/engine/wim/wim';
import { createSha1 } from '../../src-main/platform/sha1';
import { AppError, FormatError } from '../../src-shared/errors/appError';
import { fuzzMilliseconds } from '../support/fuzz';
import { buildWim, damaged, flatMetadata, mutations, sha1Of } from '../support/hostileWim';
import { builtKernels, noise } from '../support/pipeline';

const endless = { numRuns: Number.MAX_SAFE_INTEGER };
const data = Buffer.from('some data');
const whole = buildWim({
  images: [{ data: flatMetadata([{ name: 'file', sha1: sha1Of(data) }]) }],
  blobs: Array.from({ length: 20 }, (_, i) => ({ data: noise(50 + i, i) })),
  bootIndex: 1,
});

/** Bytes as an opened file that nobody may change. */
function openFile(bytes: Uint8Array): OpenFile {
  const refuse = (): never => {
    throw new Error('a reader wrote');
  };
  const source = bytesSource(bytes, 'damaged.wim');
  return {
    ...source,
    size: bytes.length,
    write: refuse,
    truncate: refuse,
    flush: refuse,
    lock: refuse,
    close: () => undefined,
  };
}

/** Runs a parser; the only error it may end with is that of the file. */
function parse<T>(parser: () => T, named = true): T | undefined {
  try {
    return parser();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).code).toMatch(/^wim\//);
    if (named && error instanceof FormatError) expect(error.message).toMatch(/at offset \d+/);
    return undefined;
  }
}

it('header: every field at its extremes and random damage', () => {
  fc.assert(
    fc.property(mutations, fc.constantFrom(1, 2, 4, 8), (changes, align) => {
      const header = damaged(whole.subarray(0, 208), changes, align);
      const bytes = new Uint8Array(Buffer.concat([header, whole.subarray(208)]));
      const read = parse(() => readHeader(openFile(bytes)));
      if (read === undefined) return;
      expect(read.partNumber).toBeLessThanOrEqual(read.totalParts);
      expect(read.bootIndex).toBeLessThanOrEqual(read.imageCount);
      expect(Number.isSafeInteger(read.blobTable.offset)).toBe(true);
      if (header.length === 208) expect(WimHeader.serialize(read)).toEqual(header);
    }),
    { ...endless, interruptAfterTimeLimit: fuzzMilliseconds(2) },
  );
});

it('blob table: no blob lies outside the file', () => {
  const header = WimHeader.parse(whole.subarray(0, 208));
  const { offset, size } = header.blobTable;
  const table = whole.subarray(offset, offset + size);
  fc.assert(
    fc.property(
      mutations,
      fc.constantFrom(1, 2, 50),
      fc.constantFrom(0x10d00, 0xe00),
      (changes, align, version) => {
        const blobs = new BlobTable();
        const read = parse(() =>
          readBlobTable(
            damaged(table, changes, align),
            { ...header, version },
            0,
            bytesSource(whole),
            blobs,
            [],
          ),
        );
        if (read === undefined) return;
        for (let row = 0; row < blobs.length; row++) {
          if (blobs.place[row] === 1)
            expect(blobs.offset[row] + blobs.storedSize[row]).toBeLessThanOrEqual(whole.length);
        }
        expect(read.resourcesEnd).toBeLessThanOrEqual(whole.length);
      },
    ),
    { ...endless, interruptAfterTimeLimit: fuzzMilliseconds(2) },
  );
});

it('integrity table: sizes, counts and ranges', () => {
  const table = Buffer.alloc(12 + 20 * 3);
  table.writeUInt32LE(table.length, 0);
  table.writeUInt32LE(3, 4);
  const covered =
    new DataView(whole.buffer).getUint32(0x38, true) + new DataView(whole.buffer).getUint32(0x30, true) - 208;
  table.writeUInt32LE(Math.ceil(covered / 3), 8);
  fc.assert(
    fc.property(mutations, mutations, fc.constantFrom(1, 4), (changes, headerChanges, align) => {
      const plain = Buffer.from(whole);
      const offset = plain.length;
      plain.writeBigUInt64LE(BigInt(table.length), 0x7c);
      plain.writeBigUInt64LE(BigInt(offset), 0x84);
      plain.writeBigUInt64LE(BigInt(table.length), 0x8c);
      const fields = damaged(plain.subarray(0x7c, 0x94), headerChanges, align);
      if (fields.length === 24 && headerChanges.length > 2) plain.set(fields, 0x7c);
      const bytes = new Uint8Array(Buffer.concat([plain, damaged(table, changes, align)]));
      parse(() => {
        const file = openFile(bytes);
        const part: WimPart = {
          path: '/x',
          file,
          header: readHeader(file),
          format: 'none',
          chunkSize: 0,
          pipable: false,
        };
        const read = readIntegrityTable(part);
        if (read !== undefined) expect(read.digests.length % 20).toBe(0);
      });
    }),
    { ...endless, interruptAfterTimeLimit: fuzzMilliseconds(2) },
  );
});

describe('chunk tables', () => {
  const entries = fc.array(fc.oneof(fc.nat(2000), fc.constantFrom(0xffff_ffff, 0x8000_0000, 0)), {
    maxLength: 12,
  });

  it('bounds lie in the resource and in order, or the table is refused', () => {
    fc.assert(
      fc.property(
        entries,
        fc.oneof(fc.nat(60_000), fc.constantFrom(2 ** 32, 2 ** 32 - 1, 2 ** 53 - 1)),
        fc.nat(8000),
        fc.boolean(),
        fc.constantFrom(4096, 32_768, 3000, 0),
        (table, size, storedSize, pipable, chunkSize) => {
          const bytes = new Uint8Array(8000);
          new Uint32Array(bytes.buffer, 0, table.length).set(table);
          const resource: ResourceLocation = {
            file: '/x',
            offset: 0,
            storedSize,
            size,
            format: 'xpress',
            chunkSize,
            pipable,
          };
          const source: ByteSource = bytesSource(bytes);
          const layout = parse(() => chunkLayout(resource));
          if (layout === undefined) return;
          expect(layout.chunkCount).toBeLessThanOrEqual(storedSize);
          const bounds = parse(() => readChunkOffsets(source, resource, 0, layout.chunkCount));
          if (bounds !== undefined) {
            for (let i = 1; i < bounds.length; i++) expect(bounds[i]).toBeGreaterThan(bounds[i - 1]);
            expect(bounds.at(-1)).toBeLessThanOrEqual(storedSize);
          }
          const all = new Float64Array(layout.chunkCount + 1);
          const stored = bytes.subarray(0, storedSize);
          const same = parse(() => {
            boundsOfStored(resource, layout, stored, all);
            return all;
          });
          if (bounds !== undefined) expect(same).toEqual(bounds);
        },
      ),
      { ...endless, interruptAfterTimeLimit: fuzzMilliseconds(2) },
    );
  });

  it.each(['xpress', 'lzx'] as const)('%s data that is noise decompresses or is refused', async (format) => {
    const host = { kernels: await builtKernels(), sha1: createSha1() };
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 5000 }),
        fc.nat(70_000),
        fc.boolean(),
        (bytes, size, pipable) => {
          const resource: ResourceLocation = {
            file: '/x',
            offset: 0,
            storedSize: bytes.length,
            size,
            format,
            chunkSize: 32_768,
            pipable,
          };
          let produced = 0;
          parse(
            () =>
              readResourceChunks(host, resource, bytesSource(bytes), (piece) => (produced += piece.length)),
            false,
          );
          expect(produced).toBeLessThanOrEqual(size);
          parse(() => readWholeResource(host, resource, bytesSource(bytes), new Uint8Array(20)), false);
        },
      ),
      { ...endless, interruptAfterTimeLimit: fuzzMilliseconds(2) },
    );
  });
});
