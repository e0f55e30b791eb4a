// Damaged LZMS chunks, with wimlib-imagex as the judge: what it decodes, we decode to the same bytes, and what it refuses,
// we refuse. It prints a file's data before it finds that the hash does not agree.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { createLzmsDecompressor } from '../../src-main/engine/codec/lzms/lzms';
import { FormatError } from '../../src-shared/errors/appError';
import { fuzzMilliseconds } from '../support/fuzz';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { lzmsKernel, randomChunk } from '../unit/engine/codec/lzms/lzmsSamples';
import { randomBytes, sample } from '../unit/engine/codec/lzxSamples';
import {
  captureWithWimlib,
  carveChunks,
  carveResources,
  replaceChunks,
  type CarvedResource,
} from '../unit/engine/codec/lzxWim';

const CHUNK_SIZE = 32 * 1024;
const kinds = ['text', 'code', 'records', 'copies'] as const;
const sizes = [900, 5000, 20_000];

interface Base {
  readonly wim: Uint8Array;
  readonly resource: CarvedResource;
  /** The chunk that wimlib made. */
  readonly packed: Uint8Array;
  readonly size: number;
}

let bases: Base[];
let place: string;
let decompress: (packed: Uint8Array, size: number) => Uint8Array | undefined;

beforeAll(async () => {
  place = temporaryDirectory();
  const decompressor = createLzmsDecompressor(await lzmsKernel(), CHUNK_SIZE);
  decompress = (packed, size) => {
    const output = new Uint8Array(size);
    try {
      decompressor.decompress(packed, output);
    } catch (error) {
      if (error instanceof FormatError) return undefined;
      throw error;
    }
    return output;
  };
});

function makeBases(): Base[] {
  return kinds.flatMap((kind) =>
    sizes.map((size) => {
      const wim = captureWithWimlib(sample(kind, size, size), CHUNK_SIZE, 50, 'lzms');
      const resource = carveResources(wim).find((one) => !one.metadata && one.compressed);
      if (resource === undefined) throw new Error(`wimlib stored the file of kind ${kind}`);
      return { wim, resource, packed: carveChunks(wim, resource)[0].data, size };
    }),
  );
}

/** What wimlib makes of a chunk in the place of the base's. */
function askWimlib(base: Base, packed: Uint8Array): Uint8Array | undefined {
  const file = path.join(place, 'test.wim');
  writeFileSync(file, replaceChunks(base.wim, base.resource, [packed]));
  const { status, stdout, stderr } = spawnSync(
    'wimlib-imagex',
    ['extract', file, '1', '/file', '--to-stdout', '--quiet'],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  if (stderr.includes('Failed to decompress')) {
    expect(status).not.toBe(0);
    return undefined;
  }
  expect(stdout.length).toBe(base.size);
  return stdout;
}

const damage = fc.array(
  fc.record({
    place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    change: fc.integer({ min: 1, max: 255 }),
  }),
  { maxLength: 3 },
);
const chunkCase = fc.record({
  base: fc.nat(),
  /** Seed of a chunk of random items; none: the chunk that wimlib made. */
  seed: fc.option(fc.integer()),
  damage,
  cut: fc.option(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { freq: 4 }),
});

describeWithTools(['wimlib-imagex'], 'fuzz: LZMS chunks', () => {
  it('are decoded or refused as wimlib does', () => {
    bases = makeBases();
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(chunkCase, ({ base: index, seed, damage: changes, cut }) => {
        const base = bases[index % bases.length];
        const whole = seed === null ? base.packed : randomChunk(base.size, randomBytes(seed)).packed;
        const packed = Uint8Array.from(
          whole.subarray(0, 4 + 2 * Math.floor((whole.length / 2 - 2) * (cut ?? 1))),
        );
        for (const { place: at, change } of changes) packed[Math.floor(at * packed.length)] ^= change;
        // A chunk that did not shrink counts as stored.
        fc.pre(packed.length < base.size);
        const wanted = askWimlib(base, packed);
        const found = decompress(packed, base.size);
        expect(found === undefined).toBe(wanted === undefined);
        if (found === undefined || wanted === undefined) {
          refused++;
        } else {
          accepted++;
          expect(Buffer.compare(found, wanted)).toBe(0);
        }
      }),
      { numRuns: Infinity, interruptAfterTimeLimit: fuzzMilliseconds(4), markInterruptAsFailure: false },
    );
    // Both answers must occur, or the test shows nothing.
    expect(accepted).toBeGreaterThan(5);
    expect(refused).toBeGreaterThan(5);
  });
});
