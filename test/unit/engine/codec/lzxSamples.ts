// Data to compress: kinds that real chunks are made of, and kinds that are hard on a codec.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { buildKernels } from '../../../../build/kernels.mjs';

/** The LZX kernel, compiled from its present sources. */
export async function lzxKernel(): Promise<WebAssembly.Module> {
  await buildKernels({ names: ['lzx'] });
  return new WebAssembly.Module(readFileSync(path.resolve(__dirname, '../../../../dist/kernels/lzx.wasm')));
}

/** A small repeatable generator (xorshift), so that a large sample shrinks to its seed. */
export function randomBytes(seed: number): () => number {
  let state = (seed | 0) === 0 ? 0x12345678 : seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  };
}

type Filler = (data: Uint8Array, next: () => number) => void;

const words = 'the image chunk of a resource is stored when it does not shrink, and so on, forever '.split(
  ' ',
);

/** Kinds of content by name. */
export const fillers = {
  zeros: (data) => data.fill(0),
  calls: (data) => data.fill(0xe8),
  noise: (data, next) => {
    for (let i = 0; i < data.length; i++) data[i] = next();
  },
  fewSymbols: (data, next) => {
    const mask = next() & 7;
    for (let i = 0; i < data.length; i++) data[i] = next() & mask;
  },
  text: (data, next) => {
    for (let i = 0; i < data.length;) {
      for (const letter of Buffer.from(`${words[next() % words.length]} `))
        if (i < data.length) data[i++] = letter;
    }
  },
  code: (data, next) => {
    // Instructions-like: short patterns with calls to few targets, near and far, of both signs.
    for (let i = 0; i < data.length;) {
      const pick = next();
      if (pick < 60 && i + 5 <= data.length) {
        data[i] = 0xe8;
        const target = ((pick % 7) * 4321 - i - (pick > 50 ? 0 : 5)) | 0;
        for (let k = 0; k < 4; k++) data[i + 1 + k] = target >> (8 * k);
        i += 5;
      } else {
        data[i++] = [0x8b, 0x45, 0x89, 0xff, 0x00, 0xc3, 0x55, pick][pick & 7];
      }
    }
  },
  copies: (data, next) => {
    // Repeats of earlier parts at all distances and lengths, with a changed byte here and there.
    for (let i = 0; i < data.length;) {
      const run = 1 + (next() % 40) * (next() > 240 ? 20 : 1);
      const from = i === 0 ? -1 : Math.floor(((next() * 65536 + next() * 256 + next()) / 2 ** 24) * i);
      for (let k = 0; k < run && i < data.length; k++) {
        data[i] = from < 0 || next() > 250 ? next() : data[from + k];
        i++;
      }
    }
  },
  records: (data, next) => {
    const size = 4 + (next() & 31);
    for (let i = 0; i < data.length; i++) data[i] = i % size < 3 ? next() : i % size === 3 ? i / size : 7;
  },
  mixed: (data, next) => {
    const kinds = [fillers.noise, fillers.text, fillers.code, fillers.copies, fillers.zeros];
    for (let at = 0; at < data.length;) {
      const size = 500 + next() * 100;
      kinds[next() % kinds.length](data.subarray(at, at + size), next);
      at += size;
    }
  },
} satisfies Record<string, Filler>;

/** Content of a kind. */
export function sample(kind: keyof typeof fillers, size: number, seed = 1): Uint8Array {
  const data = new Uint8Array(size);
  fillers[kind](data, randomBytes(seed));
  return data;
}

const kinds = Object.keys(fillers) as (keyof typeof fillers)[];

/** Any kind of content of 1 to `maxSize` bytes, often small. */
export function anySample(maxSize: number): fc.Arbitrary<Uint8Array> {
  return fc
    .record({
      kind: fc.constantFrom(...kinds),
      size: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: maxSize })),
      seed: fc.integer(),
    })
    .map(({ kind, size, seed }) => sample(kind, size, seed));
}
