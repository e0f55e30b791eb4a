import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../../src-main/engine/binary/byteSource';
import { readCabinetSet, type CabFile } from '../../../../src-main/engine/cab/cabinetSet';
import { CabReader, type ReaderMemory } from '../../../../src-main/engine/cab/folderReader';
import {
  makeCabinet,
  mszipFolder,
  storedFolder,
  type MadeFile,
  type MadeFolder,
} from '../../../support/cabinets';
import { lzxFolder } from '../../../support/lzxEncoder';
import { chooser, sampleData } from '../../../support/sampleData';

const BLOCK = 0x8000;
const SIZE = 3 << 20;
/** Number of the damaged block, of 96. */
const DAMAGED = 60;
/** Seeds are printed by fast-check when a property fails. */
const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const once = { numRuns: 1, endOnFailure: true };

const data = sampleData(SIZE, chooser(20_201));
/** Blocks of LZX of up to 20,000 symbols go on over many frames, and so over checkpoints. */
const lzx = lzxFolder(data, { windowBits: 16, translated: 12_000_000, choose: chooser(77) });

/** Files that fill the folder, of 1 byte to 100 KB. */
function filesOf(choose: (below: number) => number): MadeFile[] {
  const files: MadeFile[] = [];
  for (let offset = 0; offset < SIZE;) {
    const size = Math.min(SIZE - offset, 1 + choose(100_000));
    files.push({ name: `${files.length}.sys`, size, offset, folder: 0 });
    offset += size;
  }
  return files;
}

function filesIn(folder: MadeFolder, files: readonly MadeFile[]): readonly CabFile[] {
  return readCabinetSet(bytesSource(makeCabinet([folder], files)), () => undefined).files;
}

function shuffled<T>(values: readonly T[], choose: (below: number) => number): T[] {
  const order = [...values];
  for (let i = order.length - 1; i > 0; i--) {
    const j = choose(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

function hashOf(pieces: Iterable<Uint8Array>): string {
  const hash = createHash('sha1');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

const expected = ({ offset, size }: CabFile): string => hashOf([data.subarray(offset, offset + size)]);

/** The state of a decoder is 32 KiB in MSZIP, and the window and 128 KiB for input in LZX. */
const cases: readonly { name: string; folder: MadeFolder; memory: ReaderMemory; gap: number }[] = [
  {
    name: 'MSZIP with room for all checkpoints',
    folder: mszipFolder(data),
    memory: { blocks: 3, checkpoints: 48 << 20, nearest: 256 << 10 },
    gap: 256 << 10,
  },
  {
    name: 'MSZIP with room for 8 checkpoints',
    folder: mszipFolder(data),
    memory: { blocks: 3, checkpoints: 8 * (33 << 10), nearest: 256 << 10 },
    gap: (2 * SIZE) / 8,
  },
  {
    name: 'LZX with room for all checkpoints',
    folder: lzx,
    memory: { blocks: 3, checkpoints: 48 << 20, nearest: 1 },
    gap: 4 * (193 << 10),
  },
  {
    name: 'LZX with room for 4 checkpoints',
    folder: lzx,
    memory: { blocks: 3, checkpoints: 4 * (193 << 10), nearest: 1 },
    gap: (2 * SIZE) / 4,
  },
  {
    name: 'stored',
    folder: storedFolder(data),
    memory: { blocks: 3, checkpoints: 48 << 20, nearest: 64 << 10 },
    gap: 64 << 10,
  },
];

describe.each(cases)('files of a folder in any order: $name', ({ folder, memory, gap }) => {
  it('have the bytes that they have in order, and cost a stretch each at most', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const choose = chooser(seed);
        const files = filesIn(folder, filesOf(choose));
        const reader = new CabReader(memory);
        for (const file of files) expect(hashOf(reader.pieces(file)), file.name).toBe(expected(file));
        // In order, everything is expanded once.
        expect(reader.expanded).toBe(folder.blocks.length);
        for (const file of shuffled(files, choose)) {
          const before = reader.expanded;
          expect(hashOf(reader.pieces(file)), file.name).toBe(expected(file));
          // The stretch from a checkpoint, and the blocks that the file touches.
          const most = Math.ceil(gap / BLOCK) + 1 + Math.ceil(file.size / BLOCK) + 1;
          expect(reader.expanded - before, file.name).toBeLessThanOrEqual(most);
        }
      }),
      once,
    );
  });

  it('cost a fraction of what they cost from the start of the folder', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const choose = chooser(seed);
        const order = shuffled(filesIn(folder, filesOf(choose)), choose).slice(0, 30);
        const expandedBy = (limits: ReaderMemory): number => {
          const reader = new CabReader(limits);
          for (const file of order) expect(hashOf(reader.pieces(file)), file.name).toBe(expected(file));
          return reader.expanded;
        };
        const without = expandedBy({ ...memory, checkpoints: 0 });
        expect(expandedBy(memory)).toBeLessThan(without * 0.7);
      }),
      once,
    );
  });
});

describe('files that lie near each other', () => {
  it('are expanded once where the blocks are kept', () => {
    const files = filesIn(lzx, filesOf(chooser(3)));
    const reader = new CabReader({ blocks: SIZE / BLOCK, checkpoints: 48 << 20, nearest: 1 });
    for (const file of [...files].reverse()) expect(hashOf(reader.pieces(file))).toBe(expected(file));
    expect(reader.expanded).toBe(lzx.blocks.length);
  });

  it('are read in turns, also from several folders', () => {
    const made = [storedFolder(data), mszipFolder(data), lzx];
    const all = made.flatMap((_, folder) => filesOf(chooser(9)).map((file) => ({ ...file, folder })));
    const cabinet = makeCabinet(
      made,
      all.map((file) => ({ ...file, name: `${file.folder}-${file.name}` })),
    );
    const { files } = readCabinetSet(bytesSource(cabinet), () => undefined);
    const reader = new CabReader({ blocks: 2, checkpoints: 1 << 20, nearest: 64 << 10 });
    const chosen = shuffled(files, chooser(5)).slice(0, 40);
    for (const file of chosen) expect(hashOf(reader.pieces(file)), file.name).toBe(expected(file));
  });
});

describe('a damaged folder', () => {
  it.each([
    ['MSZIP', mszipFolder(data)],
    ['LZX', lzx],
  ])('is read up to the damage, which is met once: %s', (_, { compression, blocks }) => {
    const damagedBlocks = blocks.map((block, i) =>
      i === DAMAGED ? { ...block, data: block.data.slice(0, 5) } : block,
    );
    const files = filesIn({ compression, blocks: damagedBlocks }, filesOf(chooser(11)));
    const reader = new CabReader({ blocks: 3, checkpoints: 48 << 20, nearest: 1 });
    for (const file of files) {
      if (file.offset + file.size <= DAMAGED * BLOCK) {
        expect(hashOf(reader.pieces(file))).toBe(expected(file));
      } else expect(() => hashOf(reader.pieces(file))).toThrow(/CFDATA/);
    }
    expect(reader.expanded).toBe(DAMAGED);
    expect(hashOf(reader.pieces(files[0]))).toBe(expected(files[0]));
  });
});
