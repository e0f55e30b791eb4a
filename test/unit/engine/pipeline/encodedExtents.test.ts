import { describe, expect, it } from 'vitest';
import type { Extent } from '../../../../src-main/engine/disk/blockDevice';
import { expandStream, type ReadStored } from '../../../../src-main/engine/pipeline/encodedExtents';
import type { StreamEncoding } from '../../../../src-main/engine/pipeline/tasks';
import { noKernels } from '../../../support/pipeline';

const UNIT = 16 * 512;
/** A chunk of 4096 times the letter a. */
const REPEATED = Uint8Array.of(0x03, 0xb0, 0x02, 0x61, 0xfc, 0x0f);

/** The stored form of extents whose data is `data`, one piece for each that is no hole. */
function stored(extents: readonly Extent[], data: readonly Uint8Array[]): ReadStored {
  let place = 0;
  let next = 0;
  const pieces = extents.map((extent) => {
    const start = place;
    place += extent.kind === 'bytes' ? extent.bytes.length : extent.length;
    return {
      start,
      bytes: extent.kind === 'hole' || extent.kind === 'zero' ? new Uint8Array() : data[next++],
    };
  });
  return (offset, target) => {
    target.fill(0);
    for (const { start, bytes } of pieces)
      for (let i = 0; i < bytes.length; i++) {
        const at = start + i - offset;
        if (at >= 0 && at < target.length) target[at] = bytes[i];
      }
  };
}

const file = (length: number): Extent => ({ kind: 'file', path: 'disk', offset: 0, length });
const hole = (length: number): Extent => ({ kind: 'hole', length });

function read(
  extents: readonly Extent[],
  data: readonly Uint8Array[],
  offset: number,
  length: number,
): Uint8Array {
  const encoding: StreamEncoding = { kind: 'lznt1', unit: UNIT };
  const stream = expandStream(encoding, extents, 4 * UNIT, stored(extents, data), noKernels);
  const target = new Uint8Array(length).fill(0xee);
  stream.read(offset, target);
  return target;
}

describe('compression units', () => {
  const whole = Uint8Array.from({ length: UNIT }, (_, i) => i & 0xff);
  const extents = [file(UNIT), file(512), hole(UNIT - 512), hole(UNIT)];

  it('are stored whole, as LZNT1 before a hole, or not at all', () => {
    const all = read(extents, [whole, REPEATED], 0, 3 * UNIT);
    expect(all.subarray(0, UNIT)).toEqual(whole);
    expect(all.subarray(UNIT, UNIT + 4096).every((byte) => byte === 0x61)).toBe(true);
    expect(all.subarray(UNIT + 4096).every((byte) => byte === 0)).toBe(true);
  });

  it('are read from anywhere', () => {
    const all = read(extents, [whole, REPEATED], 0, 3 * UNIT);
    for (const [offset, length] of [
      [1, 5],
      [UNIT - 3, 6],
      [UNIT + 4090, 10],
      [UNIT + 100, UNIT],
      [5, 3 * UNIT - 9],
    ]) {
      expect(read(extents, [whole, REPEATED], offset, length)).toEqual(all.subarray(offset, offset + length));
    }
  });

  it('tell zeroes that a disk does not hold from holes', () => {
    // Clusters that were never written on a dynamic disk are clusters all the same: this unit is whole.
    const dynamic: Extent[] = [file(512), { kind: 'zero', length: UNIT - 512 }];
    const start = Uint8Array.from({ length: 512 }, () => 9);
    const bytes = read(dynamic, [start], 0, UNIT);
    expect(bytes.subarray(0, 512)).toEqual(start);
    expect(bytes.subarray(512).every((byte) => byte === 0)).toBe(true);
  });

  it.each([
    ['before its data', [hole(512), file(UNIT - 512)]],
    ['between its data', [file(512), hole(512), file(UNIT - 1024)]],
  ])('with a hole %s are refused', (_title, damaged) => {
    expect(() => read(damaged, [new Uint8Array(512), new Uint8Array(512)], 0, 10)).toThrow(
      /compression unit at offset 0: it has a hole before its data/,
    );
  });
});

describe('chunks of WOF', () => {
  const chunkSize = 32768;

  /** A stream whose chunks are all stored as they are, with the byte `chunk number & 255`. */
  function plainChunks(size: number): { stream: ReturnType<typeof expandStream>; storedSize: number } {
    const entry = size > 0xffffffff ? 8 : 4;
    const chunks = Math.ceil(size / chunkSize);
    const table = (chunks - 1) * entry;
    const readStored: ReadStored = (offset, target) => {
      for (let i = 0; i < target.length; i++) {
        const at = offset + i;
        if (at >= table) {
          target[i] = Math.floor((at - table) / chunkSize) & 0xff;
          continue;
        }
        const end = (Math.floor(at / entry) + 1) * chunkSize;
        target[i] = Math.floor(end / 256 ** (at % entry)) & 0xff;
      }
    };
    const storedSize = table + size;
    const encoding: StreamEncoding = { kind: 'wof', format: 'lzx', chunkSize, storedSize };
    return { stream: expandStream(encoding, [], size, readStored, noKernels), storedSize };
  }

  it.each([
    ['32 bits up to 4 GiB - 1', 0xffffffff],
    ['64 bits from 4 GiB on', 2 ** 32],
    ['64 bits for more', 3 * 2 ** 32 + 77],
  ])('have a table of %s', (_title, size) => {
    const { stream } = plainChunks(size);
    for (const offset of [0, chunkSize - 1, 5 * chunkSize + 3, size - 50]) {
      const target = new Uint8Array(50);
      stream.read(offset, target);
      const wanted = Uint8Array.from(target, (_, i) => Math.floor((offset + i) / chunkSize) & 0xff);
      expect(target).toEqual(wanted);
    }
  });

  it.each([
    ['a table that is larger than the stream', 10, 20 * chunkSize, /its table of 20 chunks does not fit/],
    ['chunks that lie outside', 100, 2 * chunkSize, /chunk 0 has \d+ bytes, and expands to 32768/],
  ])('with %s are refused', (_title, storedSize, size, message) => {
    const encoding: StreamEncoding = { kind: 'wof', format: 'lzx', chunkSize, storedSize };
    expect(() => {
      const stream = expandStream(encoding, [], size, (_offset, target) => target.fill(0x7f), noKernels);
      stream.read(0, new Uint8Array(5));
    }).toThrow(message);
  });
});
