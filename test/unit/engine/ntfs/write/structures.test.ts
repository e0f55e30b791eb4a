import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NtfsBootSector } from '../../../../../src-main/engine/ntfs/records/bootSector';
import { securityHash } from '../../../../../src-main/engine/ntfs/records/secure';
import { makeAttributeDefinitions } from '../../../../../src-main/engine/ntfs/write/attributeDefinitions';
import { clearBits, setBits } from '../../../../../src-main/engine/ntfs/write/bits';
import { makeBootSector } from '../../../../../src-main/engine/ntfs/write/bootSector';
import { makeExtendedAttributes } from '../../../../../src-main/engine/ntfs/write/extendedAttributes';
import { planGeometry } from '../../../../../src-main/engine/ntfs/write/geometry';
import { sparseRuns } from '../../../../../src-main/engine/ntfs/write/holes';
import { IndexPlan } from '../../../../../src-main/engine/ntfs/write/indexPlan';
import {
  HOLE,
  runListSize,
  singleRunBound,
  writeRunList,
} from '../../../../../src-main/engine/ntfs/write/runList';
import { SecurityStore } from '../../../../../src-main/engine/ntfs/write/securityStore';
import { makeUpcase } from '../../../../../src-main/engine/ntfs/write/systemValues';
import { makeXattrItem } from '../../../../../src-main/engine/tree/unixData';
import { randomNumbers } from '../../../../support/ntfsTrees';
import { describeWithFixtures, fixtures } from '../../../../support/tools';

const GIB = 1024 ** 3;
const sha1 = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex');

describe('tables', () => {
  it('are those of Windows', () => {
    // As Windows 10 and mkntfs write them.
    expect(sha1(makeUpcase())).toBe('5161a18e27b9ca9f5d04f2154576bf1ffb1121e8');
    expect(sha1(makeAttributeDefinitions())).toBe('b49d7f48300701235231f6b6fc3d92a5630f9e70');
  });
});

describe('cluster sizes', () => {
  it.each([
    [GIB, 512, 4096],
    [16 * 1024 * GIB, 512, 4096],
    [16 * 1024 * GIB + 512, 512, 8192],
    [32 * 1024 * GIB, 512, 8192],
    [33 * 1024 * GIB, 512, 16_384],
    [256 * 1024 * GIB, 512, 65_536],
    [GIB, 4096, 4096],
  ])('of a volume of %i bytes in sectors of %i', (size, sectorSize, expected) => {
    expect(planGeometry({ name: 'x', size, sectorSize }).clusterSize).toBe(expected);
  });
});

describeWithFixtures('boot sectors', () => {
  it.each(['512.boot', '4k.boot', '4kn.boot', '64k.boot', '128k.boot'])(
    'say of sizes what Windows says: %s',
    (name) => {
      const theirs = NtfsBootSector.parse(readFileSync(fixtures('ntfs/dfir_ntfs', name)));
      const power = theirs.sectorsPerCluster;
      const sectorsPerCluster = power <= 0x80 ? power : 2 ** (256 - power);
      const { bytesPerSector: sectorSize } = theirs;
      const size = (Number(theirs.numberOfSectors) + 1) * sectorSize;
      const geometry = planGeometry({ name, size, sectorSize }, sectorSize * sectorsPerCluster);
      const ours = NtfsBootSector.parse(
        makeBootSector(geometry, {
          hiddenSectors: theirs.hiddenSectors,
          serial: theirs.serialNumber,
          mftLcn: Number(theirs.mftLcn),
          mirrorLcn: Number(theirs.mftMirrorLcn),
        }),
      );
      // The code is our own; Windows has the geometry of the disk at hand.
      const { bootstrap: ourCode, sectorsPerTrack: t, heads: h, ...fields } = ours;
      const { bootstrap, sectorsPerTrack, heads, ...expected } = theirs;
      expect(fields).toEqual(expected);
      expect([ourCode.length, t, h]).toEqual([bootstrap.length, 63, 255]);
      expect(sectorsPerTrack + heads).toBeGreaterThan(0);
    },
  );
});

/** Reads a run list by the book. */
function parseRuns(bytes: Uint8Array): number[] {
  const runs: number[] = [];
  let place = 0;
  const number = (at: number, size: number): number => {
    let value = 0;
    for (let i = size - 1; i >= 0; i--) value = value * 256 + bytes[at + i];
    return size > 0 && bytes[at + size - 1] >= 0x80 ? value - 256 ** size : value;
  };
  for (let at = 0; bytes[at] !== 0;) {
    const [countSize, placeSize] = [bytes[at] & 15, bytes[at] >> 4];
    place += number(at + 1 + countSize, placeSize);
    runs.push(placeSize === 0 ? HOLE : place, number(at + 1, countSize));
    at += 1 + countSize + placeSize;
  }
  return runs;
}

describe('run lists', () => {
  it('are read as they were meant', () => {
    const random = randomNumbers(5);
    for (let round = 0; round < 500; round++) {
      const runs: number[] = [];
      for (let i = 0; i <= random() * 8; i++)
        runs.push(
          random() < 0.3 ? HOLE : Math.floor(2 ** (random() * 32)),
          1 + Math.floor(2 ** (random() * 31)),
        );
      const bytes = new Uint8Array(200);
      const end = writeRunList(Float64Array.from(runs), bytes, 0);
      expect(parseRuns(bytes)).toEqual(runs);
      expect(end).toBe(runListSize(Float64Array.from(runs)));
    }
  });

  it('of one run are never longer than planned', () => {
    for (const clusters of [100, 127, 128, 32_767, 32_768, 2 ** 31, 2 ** 32 - 1])
      for (const place of [1, 127, 128, 255, clusters - 1].filter((place) => place < clusters))
        for (const count of [1, 127, 128, clusters])
          expect(runListSize(Float64Array.of(place, count))).toBeLessThanOrEqual(
            singleRunBound(count, clusters),
          );
  });

  it('of sparse streams fit their room and keep what is not zero', () => {
    const random = randomNumbers(6);
    for (let round = 0; round < 200; round++) {
      const isZero = Uint8Array.from({ length: 1 + Math.floor(random() * 300) }, () =>
        random() < 0.5 ? 1 : 0,
      );
      const clusters = isZero.length * 16 - Math.floor(random() * 16);
      const split = 1 + Math.floor(random() * clusters);
      const runs = split >= clusters ? [1000, clusters] : [1000, split, 90_000, clusters - split];
      const room = 16 + Math.floor(random() * 200);
      const sparse = sparseRuns(Float64Array.from(runs), 16, isZero, room);
      expect(runListSize(sparse)).toBeLessThanOrEqual(Math.max(room, runListSize(Float64Array.from(runs))));
      let vcn = 0;
      const wrong: number[] = [];
      for (let i = 0; i < sparse.length; i += 2) {
        for (let n = 0; n < sparse[i + 1]; n++, vcn++) {
          const place = vcn < split || split >= clusters ? 1000 + vcn : 90_000 + vcn - split;
          const isRight = sparse[i] === HOLE ? isZero[Math.floor(vcn / 16)] === 1 : sparse[i] + n === place;
          if (!isRight) wrong.push(vcn);
        }
      }
      expect(wrong).toEqual([]);
      expect(vcn).toBe(clusters);
    }
  });
});

describe('index trees', () => {
  it.each([1, 6, 7, 8, 60, 500, 5000, 60_000])('of %i entries hold all of them in order', (count) => {
    const random = randomNumbers(count);
    const sizes = Array.from({ length: count }, () => 88 + 8 * Math.floor(random() * random() * 63));
    const plan = new IndexPlan({
      count,
      size: (position) => sizes[position],
      write(position, view, at) {
        view.setUint16(at + 0x08, sizes[position], true);
        view.setUint32(at + 0x10, position, true);
      },
    });
    const geometry = planGeometry({ name: 'x', size: GIB, sectorSize: 512 });
    const bytes = new Uint8Array(plan.blocks * 4096);
    // In two pieces, as large ones are written.
    const half = Math.floor(plan.blocks / 2);
    plan.writeBlocks(0, half, new DataView(bytes.buffer), 0, geometry);
    plan.writeBlocks(half, plan.blocks - half, new DataView(bytes.buffer), half * 4096, geometry);
    const found: number[] = [];
    const depths = new Set<number>();
    let blocks = 0;
    const visit = (block: number, depth: number): void => {
      blocks++;
      const view = new DataView(bytes.buffer, block * 4096, 4096);
      expect([view.getUint32(0, true), view.getUint32(0x10, true)]).toEqual([0x58444e49, block]);
      // What the update sequence number stands for.
      for (let i = 1; i <= 8; i++) {
        expect(view.getUint16(i * 512 - 2, true)).toBe(view.getUint16(0x28, true));
        view.setUint16(i * 512 - 2, view.getUint16(0x28 + 2 * i, true), true);
      }
      const end = 0x18 + view.getUint32(0x1c, true);
      expect(end).toBeLessThanOrEqual(4096);
      let entries = 0;
      for (let at = 0x18 + view.getUint32(0x18, true); at < end; entries++) {
        const length = view.getUint16(at + 0x08, true);
        const flags = view.getUint16(at + 0x0c, true);
        if ((flags & 1) !== 0) visit(view.getUint32(at + length - 8, true), depth + 1);
        else depths.add(depth);
        if ((flags & 2) !== 0) expect(at + length).toBe(end);
        else found.push(view.getUint32(at + 0x10, true));
        at += length;
      }
      if (count > 0) expect(entries).toBeGreaterThan(1);
    };
    visit(plan.blocks - 1, 0);
    expect(found).toEqual(Array.from({ length: count }, (_, i) => i));
    expect(blocks).toBe(plan.blocks);
    // All leaves are equally deep.
    expect(depths.size).toBe(1);
  });
});

describe('security descriptors', () => {
  it('lie in blocks of 256 KiB, each followed by its copy', () => {
    const store = new SecurityStore();
    const random = randomNumbers(7);
    const descriptors: Uint8Array[] = [];
    for (let i = 0; i < 3000; i++)
      descriptors.push(
        Uint8Array.from({ length: 20 + Math.floor(random() * 500) }, () => Math.floor(random() * 256)),
      );
    descriptors.push(new Uint8Array(200_000).fill(3), new Uint8Array(200_000).fill(4));
    const rows = descriptors.map((bytes) => store.add(bytes));
    expect(store.add(descriptors[17].slice())).toBe(rows[17]);
    expect(store.add(new Uint8Array(300_000))).toBeUndefined();
    store.layOut();
    const bytes = new Uint8Array(Math.ceil(store.dataSize / 0x80000) * 0x80000);
    for (let at = 0; at < bytes.length; at += 0x80000) store.write(at, bytes.subarray(at, at + 0x80000));
    const view = new DataView(bytes.buffer);
    descriptors.forEach((descriptor, i) => {
      const row = rows[i] ?? 0;
      const at = store.offsets[row];
      const end = at + store.lengths[row];
      expect([at % 16, Math.floor(at / 0x40000) % 2]).toEqual([0, 0]);
      expect(Math.floor(at / 0x40000)).toBe(Math.floor((end - 1) / 0x40000));
      expect(view.getUint32(at, true)).toBe(securityHash(descriptor));
      expect(view.getUint32(at + 4, true)).toBe(0x100 + row);
      expect(Buffer.from(bytes.subarray(at + 20, end)).equals(descriptor)).toBe(true);
      expect(Buffer.from(bytes.subarray(at, end)).equals(bytes.subarray(at + 0x40000, end + 0x40000))).toBe(
        true,
      );
    });
  });
});

describe('extended attributes', () => {
  it('are refused where the item is cut off or too large', () => {
    const whole = makeXattrItem([['NAME', new Uint8Array(10)]]);
    expect(makeExtendedAttributes([whole])).toMatchObject({ packedSize: 19 });
    for (let length = 1; length < whole.data.length; length++)
      expect(makeExtendedAttributes([{ ...whole, data: whole.data.subarray(0, length) }])).toBe('malformed');
    const large = makeXattrItem([
      ['A', new Uint8Array(40_000)],
      ['B', new Uint8Array(40_000)],
    ]);
    expect(makeExtendedAttributes([large])).toBe('malformed');
    expect(makeExtendedAttributes([])).toBeUndefined();
  });
});

describe('bitmaps', () => {
  it('set and clear what is asked for, no more', () => {
    const random = randomNumbers(8);
    for (let round = 0; round < 300; round++) {
      const bytes = new Uint8Array(20);
      const [a, b, c, d] = Array.from({ length: 4 }, () => Math.floor(random() * 128));
      setBits(bytes, 2, a, b);
      clearBits(bytes, 2, c, d);
      const bits = Array.from({ length: 128 }, (_, bit) => ((bytes[2 + (bit >> 3)] >> (bit & 7)) & 1) === 1);
      expect(bits).toEqual(bits.map((_, bit) => bit >= a && bit < b && !(bit >= c && bit < d)));
    }
  });
});
