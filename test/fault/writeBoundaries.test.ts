import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { createImagingService } from '../../src-main/app/imagingService';
import type { EngineHost } from '../../src-main/engine/os';
import { append, capture } from '../../src-main/engine/wim/ops/capture';
import { deleteImages } from '../../src-main/engine/wim/ops/deleteImage';
import { exportImages } from '../../src-main/engine/wim/ops/exportImage';
import { info } from '../../src-main/engine/wim/ops/info';
import { optimize } from '../../src-main/engine/wim/ops/optimize';
import { createPosixSource } from '../../src-main/platform/posix/posixSource';
import { expectImages, inlineHost, makeTree, temporaries, wimlib, wimlibImages } from '../support/kill';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { FaultyFiles, Killed, type Fault } from './faultyFiles';

let host: EngineHost;
let base: string;
/** Source trees; the WIM at hand holds the first two. */
let trees: string[];
const wimFiles: Partial<Record<'plain' | 'integrity', string>> = {};

function request(wim: string, tree: number) {
  return { wim, source: trees[tree], name: `tree ${tree + 1}`, compression: { format: 'xpress' as const } };
}

async function addImage(on: EngineHost, wim: string, tree: number, integrity = false): Promise<void> {
  const verb = on.files.status(wim) === undefined ? capture : append;
  const input = { source: createPosixSource(trees[tree]), matcher: undefined };
  await verb(on, { ...request(wim, tree), ...(integrity ? { integrity } : {}) }, input);
}

beforeAll(async () => {
  host = await inlineHost();
  base = temporaryDirectory();
  trees = [1, 2, 3].map((seed) => makeTree(path.join(base, `tree${seed}`), seed));
  for (const kind of ['plain', 'integrity'] as const) {
    const wim = path.join(base, `${kind}.wim`);
    await addImage(host, wim, 0, kind === 'integrity');
    await addImage(host, wim, 1);
    wimFiles[kind] = wim;
  }
});

const solid = {
  solid: true,
  solidCompression: { format: 'xpress', level: 20 },
  solidChunkSize: 65_536,
} as const;

interface Change {
  readonly title: string;
  readonly start: 'plain' | 'integrity';
  readonly run: (on: EngineHost, wim: string) => Promise<unknown>;
  /** Trees that the file holds when it is done, as indices. */
  readonly after: readonly number[];
  /** The last image is another one when it is done. */
  readonly changesLast?: boolean;
}

const changes: readonly Change[] = [
  { title: 'append', start: 'plain', run: (on, wim) => addImage(on, wim, 2), after: [0, 1, 2] },
  {
    title: 'append with integrity',
    start: 'integrity',
    run: (on, wim) => addImage(on, wim, 2),
    after: [0, 1, 2],
  },
  {
    title: 'append --rebuild',
    start: 'plain',
    run: (on, wim) =>
      append(
        on,
        { ...request(wim, 2), rebuild: true },
        { source: createPosixSource(trees[2]), matcher: undefined },
      ),
    after: [0, 1, 2],
  },
  {
    title: 'capture over it',
    start: 'plain',
    run: (on, wim) =>
      capture(
        on,
        { ...request(wim, 2), overwrite: true },
        { source: createPosixSource(trees[2]), matcher: undefined },
      ),
    after: [2],
  },
  {
    title: 'append --solid',
    start: 'integrity',
    run: (on, wim) =>
      append(
        on,
        { ...request(wim, 2), ...solid },
        { source: createPosixSource(trees[2]), matcher: undefined },
      ),
    after: [0, 1, 2],
  },
  {
    title: 'optimize --solid',
    start: 'plain',
    run: (on, wim) => optimize(on, { wim, compression: { format: 'xpress' }, recompress: true, ...solid }),
    after: [0, 1],
  },
  { title: 'delete', start: 'integrity', run: (on, wim) => deleteImages(on, { wim, image: 1 }), after: [1] },
  {
    title: 'delete --soft',
    start: 'integrity',
    run: (on, wim) => deleteImages(on, { wim, image: 1, soft: true }),
    after: [1],
  },
  { title: 'optimize', start: 'integrity', run: (on, wim) => optimize(on, { wim }), after: [0, 1] },
  {
    title: 'export into it',
    start: 'plain',
    run: (on, wim) => exportImages(on, { wim: path.join(base, 'third.wim'), image: 1, destination: wim }),
    after: [0, 1, 2],
  },
  {
    title: 'update',
    start: 'integrity',
    changesLast: true,
    run: (on, wim) =>
      createImagingService(on).update(
        {
          wim,
          image: 2,
          edits: [{ kind: 'add', source: path.join(trees[2], 'large.bin'), target: '/large.bin' }],
        },
        {},
      ),
    after: [0, 1],
  },
  {
    title: 'info: new name',
    start: 'integrity',
    run: (on, wim) => info(on, { wim, image: 1, newName: 'renamed', boot: true }),
    after: [0, 1],
  },
];

describeWithTools(['wimlib-imagex'], 'at every write', () => {
  beforeAll(async () => {
    await addImage(host, path.join(base, 'third.wim'), 2);
  });

  function fresh(change: Change): { directory: string; wim: string } {
    const directory = path.join(base, `run${readdirSync(base).length}`);
    mkdirSync(directory);
    const wim = path.join(directory, 'file.wim');
    copyFileSync(wimFiles[change.start] as string, wim);
    return { directory, wim };
  }

  /** Runs a change that fails at its n-th changing call. @returns whether it came to that call */
  async function withFault(change: Change, wim: string, at: number, fault: Fault): Promise<unknown> {
    const faulty = new FaultyFiles(host.files, at, fault);
    try {
      await change.run({ ...host, files: faulty.files }, wim);
    } catch (error) {
      return error;
    }
    expect(faulty.calls, 'the change was done before the fault came').toBeLessThan(at);
    return undefined;
  }

  it.each(changes)('$title survives being killed there', async (change) => {
    const before = [0, 1];
    for (const fault of ['killed before', 'killed within'] as const) {
      for (let at = 1; ; at++) {
        const { directory, wim } = fresh(change);
        const error = await withFault(change, wim, at, fault);
        if (error === undefined) break;
        expect(error, `call ${at}`).toBeInstanceOf(Killed);
        const where = `${fault} call ${at}`;
        const count = wimlibImages(wim);
        expect([before.length, change.after.length], where).toContain(count);
        const summary = await info(host, { wim });
        expect(summary.imageCount, where).toBe(count);
        // Left-over bytes and marks are told of.
        const left = temporaries(directory);
        if (left.length > 0 || summary.attributes.writeInProgress || summary.leftoverBytes > 0) {
          expect(summary.warnings.length, where).toBeGreaterThan(0);
        }
        for (const name of left) expect(summary.warnings.join('\n'), where).toContain(name);
        const kept = count === before.length ? before : change.after;
        // Applied and compared at every fifth; verified at all.
        const same = change.changesLast === true ? kept.slice(0, -1) : kept;
        const expected = same.map((tree) => trees[tree]);
        if (at % 5 === 1) expectImages(wim, expected, path.join(directory, 'before'), count);
        else wimlib('verify', wim);
        // The next append repairs what was left.
        await addImage(host, wim, 2).catch((reason: unknown) => {
          if (!(reason instanceof Error) || !reason.message.includes('tree 3')) throw reason;
        });
        const repaired = await info(host, { wim, image: 1, newDescription: 'repaired' });
        expect(repaired.attributes.writeInProgress, where).toBe(false);
        expect(repaired.leftoverBytes, where).toBe(0);
        expect(temporaries(directory), where).toEqual([]);
        wimlib('verify', wim);
      }
    }
  });

  it.each(changes)('$title leaves the file as it was when the disk is full there', async (change) => {
    for (let at = 1; ; at++) {
      const { directory, wim } = fresh(change);
      const old = readFileSync(wim);
      const error = await withFault(change, wim, at, 'disk full');
      if (error === undefined) break;
      const where = `call ${at}`;
      expect(error, where).toMatchObject({ code: 'io/no-space', exitCode: 6 });
      expect(temporaries(directory), where).toEqual([]);
      expect(readFileSync(wim).equals(old), where).toBe(true);
    }
  });
});
