import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Extent } from '../../../../src-main/engine/disk/blockDevice';
import { resourceColumns } from '../../../../src-main/engine/pipeline/resourceColumns';
import type { ExtentLocation, ExtentPlacement } from '../../../../src-main/engine/pipeline/tasks';
import { handlers, noise, noKernels, part, resource, sha1 } from '../../../support/pipeline';
import { temporaryDirectory } from '../../../support/tools';

const DISK = 300_000;

/** Slots of a disk in any order, without overlap: where the pieces of a stream lie. */
const layout = fc
  .tuple(
    fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
    fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 8, maxLength: 8 }),
    fc.array(fc.constantFrom('file', 'zero', 'hole', 'bytes'), { minLength: 8, maxLength: 8 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([slots, lengths, kinds, fill]) => ({
    pieces: slots.map((slot, i) => ({ offset: slot * 30_000 + 100, length: lengths[i], kind: kinds[i] })),
    fill,
  }));

function diskFile(bytes: Uint8Array): string {
  const file = path.join(temporaryDirectory(), 'disk');
  writeFileSync(file, bytes);
  return file;
}

describe('streams in extents', () => {
  it('are read, hashed and read in parts as their pieces lie', () => {
    const disk = noise(DISK);
    const file = diskFile(disk);
    fc.assert(
      fc.property(layout, fc.nat(1000), ({ pieces, fill }, tail) => {
        const literal = noise(30_000);
        const extents = pieces.map(({ kind, offset, length }): Extent => {
          if (kind === 'file') return { kind, path: file, offset, length };
          if (kind === 'bytes') return { kind, bytes: literal.subarray(0, length) };
          return { kind: kind === 'zero' ? 'zero' : 'hole', length };
        });
        const stored = Buffer.concat(
          pieces.map(({ kind, offset, length }) => {
            if (kind === 'file') return disk.subarray(offset, offset + length);
            return kind === 'bytes' ? literal.subarray(0, length) : new Uint8Array(length);
          }),
        );
        const validSize = Math.floor(stored.length * fill);
        const size = validSize + tail;
        const expected = Buffer.concat([stored.subarray(0, validSize), Buffer.alloc(tail)]);
        const location: ExtentLocation = {
          kind: 'extents',
          size,
          validSize,
          extents,
          encoding: { kind: 'plain' },
        };
        const slab = new SharedArrayBuffer(size + 1);
        const { items, sha1: digests } = handlers(noKernels).readBatch({
          slab,
          items: [{ location, offset: 0, room: size }],
        });
        expect(items[0]).toEqual({ state: 'same', size, modifiedMs: 0 });
        expect(Buffer.from(part(slab, 0, size)).equals(expected)).toBe(true);
        expect(Buffer.from(digests).equals(sha1(expected))).toBe(true);
        const hashed = handlers(noKernels).hashStream({ location });
        expect(Buffer.from(hashed.sha1).equals(sha1(expected))).toBe(true);
        const offset = Math.floor(size / 3);
        const length = Math.floor(size / 2);
        const input = new SharedArrayBuffer(length + 1);
        const read = handlers(noKernels).packRange({
          location,
          offset,
          length,
          input,
          output: new SharedArrayBuffer(1),
          compression: { format: 'none', chunkSize: 0, level: 50 },
        });
        expect(read.size).toBe(length);
        expect(Buffer.from(part(input, 0, length)).equals(expected.subarray(offset, offset + length))).toBe(
          true,
        );
      }),
    );
  });

  it('that end before the data, or whose disk is cut, are unreadable and say where', () => {
    const file = diskFile(noise(10_000));
    const read = (location: ExtentLocation) =>
      handlers(noKernels).readBatch({
        slab: new SharedArrayBuffer(20_000),
        items: [{ location, offset: 0, room: 20_000 }],
      }).items[0];
    const extents: Extent[] = [{ kind: 'file', path: file, offset: 4000, length: 6000 }];
    const whole = {
      kind: 'extents',
      validSize: 6000,
      size: 6000,
      extents,
      encoding: { kind: 'plain' },
    } as const;
    expect(read(whole).state).toBe('same');
    const longer = read({ ...whole, validSize: 7000, size: 7000 });
    expect(longer).toMatchObject({ state: 'unreadable' });
    expect(longer.problem).toMatch(/run list .*1000 bytes are missing/);
    truncateSync(file, 9000);
    expect(read(whole).problem).toMatch(/9000.*ends here, 1000 bytes before/);
  });
});

describe('placements in extents', () => {
  it('take the data as their pieces lie, with zeroes behind its end, and nothing else', () => {
    fc.assert(
      fc.property(layout, ({ pieces, fill }) => {
        const before = noise(DISK);
        const disk = diskFile(before);
        const room = pieces.reduce((sum, { length }) => sum + length, 0);
        const data = noise(Math.floor(room * fill));
        const wim = path.join(path.dirname(disk), 'wim');
        writeFileSync(wim, data);
        const extents = Float64Array.from(pieces.flatMap(({ offset, length }) => [offset, length]));
        const placement: ExtentPlacement = { kind: 'extents', path: '/file', file: disk, extents };
        const where = resource(wim, { storedSize: data.length, size: data.length, format: 'none' });
        const { items } = handlers(noKernels).unpackBatch({
          resources: resourceColumns([{ resource: where, sha1: sha1(data) }]),
          placements: [[placement]],
          keepCorrupt: false,
        });
        expect(items[0]).toEqual({ state: 'ok' });
        const expected = Buffer.from(before);
        let done = 0;
        for (const { offset, length } of pieces) {
          if (done === data.length) break;
          const piece = data.subarray(done, done + length);
          expected.fill(0, offset, offset + length);
          expected.set(piece, offset);
          done += piece.length;
        }
        expect(readFileSync(disk).equals(expected)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
