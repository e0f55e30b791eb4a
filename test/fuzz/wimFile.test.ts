import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  linkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { EngineHost } from '../../src-main/engine/os';
import { apply } from '../../src-main/engine/wim/ops/apply';
import { append, capture } from '../../src-main/engine/wim/ops/capture';
import { dir } from '../../src-main/engine/wim/ops/dir';
import { exportImages } from '../../src-main/engine/wim/ops/exportImage';
import { info } from '../../src-main/engine/wim/ops/info';
import { optimize } from '../../src-main/engine/wim/ops/optimize';
import { verify } from '../../src-main/engine/wim/ops/verify';
import { createPosixSource } from '../../src-main/platform/posix/posixSource';
import { createPosixTarget } from '../../src-main/platform/posix/posixTarget';
import { AppError } from '../../src-shared/errors/appError';
import { fuzzMilliseconds } from '../support/fuzz';
import { damaged, mutations, type Mutation } from '../support/hostileWim';
import { contents, inlineHost, makeTree } from '../support/kill';
import { temporaryDirectory } from '../support/tools';

/** Longest a single damaged file may take, in milliseconds: far above what any takes, far below a hang. */
const CASE_LIMIT = 30_000;

let host: EngineHost;
let place: string;
let wholes: Uint8Array[];

beforeAll(async () => {
  host = await inlineHost();
  place = temporaryDirectory();
  const tree = makeTree(path.join(place, 'tree'), 1, 100_000);
  linkSync(path.join(tree, 'text1.txt'), path.join(tree, 'hard-link'));
  symlinkSync('text1.txt', path.join(tree, 'symbolic-link'));
  const input = { source: createPosixSource(tree), matcher: undefined };
  wholes = [];
  for (const format of ['none', 'xpress', 'lzx'] as const) {
    for (const pipable of [false, true]) {
      const wim = path.join(place, `${format}-${pipable}.wim`);
      const chunkSize = format === 'none' ? {} : { chunkSize: format === 'lzx' ? 32_768 : 4096 };
      await capture(
        host,
        {
          wim,
          source: tree,
          name: 'first',
          compression: { format },
          ...chunkSize,
          integrity: !pipable,
          pipable,
          unixData: true,
        },
        input,
      );
      wholes.push(new Uint8Array(readFileSync(wim)));
    }
  }
}, 60_000);

let boxes = 0;

/** Does all that reads a WIM and some that changes it; faults must be those of the file, told as such. */
async function examine(bytes: Uint8Array): Promise<void> {
  // A place of its own: a run that the time limit cut off may still be at work in the last one.
  const box = path.join(place, `box${++boxes}`);
  mkdirSync(path.join(box, 'work'), { recursive: true });
  const wim = path.join(box, 'work', 'bad.wim');
  writeFileSync(wim, bytes);
  const quiet = {};
  const target = path.join(box, 'target');
  const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
    info: () => info(host, { wim }, quiet),
    dir: async () => {
      const listing = dir(host, { wim, image: 1 }, { ignoreCase: false }, quiet);
      for await (const entry of listing) expect(entry.path.startsWith('/')).toBe(true);
    },
    verify: () => verify(host, { wim }, quiet),
    apply: () => apply(host, { wim, image: 1, target, unixData: true }, createPosixTarget, quiet),
    export: () =>
      exportImages(host, { wim, image: 1, destination: path.join(box, 'work', 'export.wim') }, quiet),
    append: () =>
      append(
        host,
        { wim, source: path.join(place, 'tree'), name: 'second' },
        { source: createPosixSource(path.join(place, 'tree')), matcher: undefined },
        quiet,
      ),
    optimize: () => optimize(host, { wim, recompress: true }, quiet),
  };
  for (const [name, attempt] of Object.entries(attempts)) {
    const began = performance.now();
    let failed: unknown;
    try {
      await attempt();
    } catch (error) {
      failed = error;
    }
    expect(performance.now() - began, name).toBeLessThan(CASE_LIMIT);
    if (failed !== undefined) {
      expect(failed, name).toBeInstanceOf(AppError);
      const { code, message } = failed as AppError;
      expect(code, `${name}: ${message}`).toMatch(
        /^wim\/|^io\/(no-space|failed|exists)$|^source\/unreadable$/,
      );
      if (name === 'apply') expect(existsSync(target) ? readdirSync(target) : []).toEqual([]);
    }
    expect(readdirSync(box).filter((entry) => entry !== 'work' && entry !== 'target')).toEqual([]);
    expect(readdirSync(path.join(box, 'work')).filter((entry) => entry.includes('part'))).toEqual([]);
  }
  rmSync(box, { recursive: true, force: true });
}

it('reads the undamaged files', async () => {
  const target = path.join(place, 'sound');
  for (const bytes of wholes) {
    const wim = path.join(place, 'sound.wim');
    writeFileSync(wim, bytes);
    await apply(host, { wim, target }, createPosixTarget);
    expect(contents(target)).toEqual(contents(path.join(place, 'tree')));
    rmSync(target, { recursive: true });
  }
});

/** Damages a part of the file only: [from, to) of its length, so that headers and tables get their share. */
function damagedPart(
  bytes: Uint8Array,
  from: number,
  to: number,
  changes: readonly Mutation[],
  align: number,
): Uint8Array {
  const part = damaged(bytes.subarray(from, to), changes, align);
  return new Uint8Array(Buffer.concat([bytes.subarray(0, from), part, bytes.subarray(to)]));
}

it('survives random damage to header, tables and data', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(wholes.length - 1),
      fc.constantFrom('header', 'end', 'whole'),
      mutations,
      fc.constantFrom(1, 2, 4, 8),
      async (which, where, changes, align) => {
        const bytes = wholes[which];
        const [from, to] =
          where === 'header'
            ? [0, 208]
            : where === 'end'
              ? [Math.max(0, bytes.length - 8192), bytes.length]
              : [0, bytes.length];
        await examine(damagedPart(bytes, from, to, changes, align));
      },
    ),
    { interruptAfterTimeLimit: fuzzMilliseconds(12), numRuns: Number.MAX_SAFE_INTEGER },
  );
});

it('survives a cut at every structure', async () => {
  for (const bytes of wholes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const cuts = [0, 4, 8, 100, 207, 208, 209, bytes.length - 1, bytes.length - 208];
    for (const at of [0x30, 0x48, 0x7c]) {
      const offset = view.getUint32(at + 8, true);
      const size = view.getUint32(at, true);
      cuts.push(offset - 1, offset, offset + 1, offset + Math.floor(size / 2), offset + size - 1);
    }
    for (const cut of new Set(cuts)) if (cut >= 0 && cut < bytes.length) await examine(bytes.slice(0, cut));
  }
});
