// The LZMS kernel, and streams to decode.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildKernels } from '../../../../../build/kernels.mjs';
import { LzmsStream } from './lzmsStream';

/** The LZMS kernel, compiled from its present sources. */
export async function lzmsKernel(): Promise<WebAssembly.Module> {
  await buildKernels({ names: ['lzms'] });
  return new WebAssembly.Module(
    readFileSync(path.resolve(__dirname, '../../../../../dist/kernels/lzms.wasm')),
  );
}

/** A chunk and the size of its data. */
export interface LzmsSample {
  readonly packed: Uint8Array;
  readonly size: number;
}

/**
 * A valid chunk of random items of every kind.
 * @param next random bytes
 */
export function randomChunk(size: number, next: () => number): LzmsSample {
  const stream = new LzmsStream(size);
  const number = (below: number): number => (next() * 65536 + next() * 256 + next()) % below;
  const skew = next() & 7;
  const matchShare = 40 + next();
  for (let at = 0; at < size;) {
    const kind = number(matchShare);
    const length = Math.min(size - at, 1 + (number(20) === 0 ? number(700) : number(12)));
    if (at < 600 || kind < 30) {
      stream.literal(next() >> skew);
      at++;
      continue;
    }
    if (kind < 100) stream.match(1 + number(number(3) === 0 ? at : Math.min(at, 50)), length);
    else if (kind < 130) stream.repeatMatch(number(3), length);
    else if (kind < 160) stream.repeatDelta(number(3), length);
    else {
      const power = number(8);
      stream.delta(power, 1 + number(Math.floor(at / 2 ** power) - 1), length);
    }
    at += length;
  }
  return { packed: stream.bytes(), size };
}
