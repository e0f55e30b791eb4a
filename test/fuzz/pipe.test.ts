import { existsSync, linkSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { EngineHost } from '../../src-main/engine/os';
import { applyPipe } from '../../src-main/engine/wim/ops/applyPipe';
import { capture } from '../../src-main/engine/wim/ops/capture';
import { createNodeTaskFiles } from '../../src-main/platform/nodeTaskFiles';
import { createPosixSource } from '../../src-main/platform/posix/posixSource';
import { createPosixTarget } from '../../src-main/platform/posix/posixTarget';
import { AppError } from '../../src-shared/errors/appError';
import { fuzzMilliseconds } from '../support/fuzz';
import { damaged, mutations } from '../support/hostileWim';
import { contents, inlineHost, makeTree } from '../support/kill';
import { temporaryDirectory } from '../support/tools';

let host: EngineHost;
let place: string;
const wholes: Uint8Array[] = [];

beforeAll(async () => {
  host = await inlineHost();
  place = temporaryDirectory();
  const tree = makeTree(path.join(place, 'tree'), 1, 100_000);
  linkSync(path.join(tree, 'text1.txt'), path.join(tree, 'hard-link'));
  symlinkSync('text1.txt', path.join(tree, 'symbolic-link'));
  for (const format of ['none', 'xpress', 'lzx'] as const) {
    const wim = path.join(place, `${format}.wim`);
    const request = { wim, source: tree, name: 'one', compression: { format }, pipable: true };
    await capture(host, request, { source: createPosixSource(tree), matcher: undefined });
    wholes.push(new Uint8Array(readFileSync(wim)));
  }
}, 60_000);

/** Bytes as a pipe that hands out at most `step` at a time. */
function pipe(bytes: Uint8Array, step: number): { name: string; read: (target: Uint8Array) => number } {
  let at = 0;
  return {
    name: 'the pipe',
    read(target) {
      const part = bytes.subarray(at, at + Math.min(target.length, step));
      target.set(part);
      at += part.length;
      return part.length;
    },
  };
}

async function applyBytes(bytes: Uint8Array, step: number): Promise<unknown> {
  const target = path.join(place, 'target');
  rmSync(target, { recursive: true, force: true });
  try {
    const input = { source: pipe(bytes, step), targetAt: createPosixTarget, files: createNodeTaskFiles() };
    await applyPipe(host, { wim: '-', image: 1, target }, input);
    return undefined;
  } catch (error) {
    return error;
  }
}

it('applies the undamaged pipes, in pieces of any size', async () => {
  for (const [i, bytes] of wholes.entries()) {
    expect(await applyBytes(bytes, [1 << 20, 4093, 100][i])).toBeUndefined();
    expect(contents(path.join(place, 'target'))).toEqual(contents(path.join(place, 'tree')));
  }
});

it('refuses damage as a fault of the file and leaves nothing behind', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(wholes.length - 1),
      fc.double({ min: 0, max: 1, noNaN: true }),
      mutations,
      fc.integer({ min: 64, max: 1 << 16 }),
      async (which, from, changes, step) => {
        const whole = wholes[which];
        const start = Math.floor(from * whole.length);
        const bytes = new Uint8Array(
          Buffer.concat([whole.subarray(0, start), damaged(whole.subarray(start), changes)]),
        );
        const failed = await applyBytes(bytes, step);
        if (failed === undefined) return;
        expect(failed).toBeInstanceOf(AppError);
        expect((failed as AppError).code, (failed as AppError).message).toMatch(
          /^wim\/|^io\/(no-space|exists)$/,
        );
        const target = path.join(place, 'target');
        expect(existsSync(target) ? readdirSync(target) : []).toEqual([]);
      },
    ),
    { interruptAfterTimeLimit: fuzzMilliseconds(6), numRuns: Number.MAX_SAFE_INTEGER },
  );
});
