// Damaged solid resources, and jobs that are cancelled while a thread is deep in a chunk.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EngineHost } from '../../src-main/engine/os';
import { TaskGate } from '../../src-main/engine/pipeline/taskGate';
import type { TaskName, TaskRunner, Tasks } from '../../src-main/engine/pipeline/tasks';
import { apply } from '../../src-main/engine/wim/ops/apply';
import { capture } from '../../src-main/engine/wim/ops/capture';
import { exportImages } from '../../src-main/engine/wim/ops/exportImage';
import { extract } from '../../src-main/engine/wim/ops/extract';
import { verify } from '../../src-main/engine/wim/ops/verify';
import { createPosixSource } from '../../src-main/platform/posix/posixSource';
import { createPosixTarget } from '../../src-main/platform/posix/posixTarget';
import type { CaptureRequest } from '../../src-shared/model/requests';
import { buildWim, flatMetadata } from '../support/hostileWim';
import { inlineHost } from '../support/kill';
import { noise, text } from '../support/pipeline';
import { temporaryDirectory } from '../support/tools';

const CHUNK = 32_768;

let host: EngineHost;
let tree: string;
let wim: string;
/** File offset of the first chunk, and stored sizes. */
let chunks: { readonly offset: number; readonly sizes: readonly number[] };

/** The order in the resource is that of the names: where each lies is known. */
const contents: readonly (readonly [string, Uint8Array])[] = [
  ['a.bin', text(20_000, 1)],
  ['b.bin', Buffer.concat([noise(CHUNK, 2), text(2 * CHUNK, 3)])],
  ['c.bin', text(30_000, 4)],
  ['d.bin', text(40_000, 5)],
];

const solid = {
  compression: { format: 'xpress' },
  solid: true,
  solidCompression: { format: 'lzx', level: 20 },
  solidChunkSize: CHUNK,
} as const;

function request(file: string): CaptureRequest {
  return { wim: file, source: tree, name: 'image', ...solid };
}

const source = () => ({ source: createPosixSource(tree), matcher: undefined });

beforeAll(async () => {
  host = await inlineHost();
  const base = temporaryDirectory();
  tree = path.join(base, 'tree');
  mkdirSync(tree);
  for (const [name, data] of contents) writeFileSync(path.join(tree, name), data);
  wim = path.join(base, 'solid.wim');
  await capture(host, request(wim), source());
  const bytes = readFileSync(wim);
  const count = Math.ceil(Number(bytes.readBigUInt64LE(208)) / CHUNK);
  const sizes = Array.from({ length: count }, (_, i) => bytes.readUInt32LE(224 + 4 * i));
  chunks = { offset: 224 + 4 * count, sizes };
});

/** A copy of the WIM with one chunk overwritten. */
function spoiled(chunk: number): string {
  const copy = path.join(temporaryDirectory(), 'spoiled.wim');
  const bytes = readFileSync(wim);
  const at = chunks.offset + chunks.sizes.slice(0, chunk).reduce((sum, size) => sum + size, 0);
  bytes.fill(0x5a, at + 8, at + chunks.sizes[chunk]);
  writeFileSync(copy, bytes);
  return copy;
}

/** The tree as it can be had when chunks of it are zeroes. */
function expectedWithout(chunk: number): Map<string, Buffer> {
  const data = Buffer.concat(contents.map(([, bytes]) => bytes));
  data.fill(0, chunk * CHUNK, Math.min(data.length, (chunk + 1) * CHUNK));
  let at = 0;
  return new Map(contents.map(([name, { length }]) => [name, data.subarray(at, (at += length))] as const));
}

describe('a damaged chunk', () => {
  it.each([
    [0, ['/a.bin', '/b.bin']],
    [2, ['/b.bin']],
    [3, ['/b.bin', '/c.bin']],
    [5, ['/d.bin']],
  ])('%d is a fault of the files that lie in it, and of no other', async (chunk, names) => {
    const copy = spoiled(chunk);
    const report = await verify(host, { wim: copy });
    expect(report.faults.map(({ path: name }) => name).sort()).toEqual(
      names.map((name) => `image 1: ${name}`),
    );
    expect(report.perImage[0].faults).toBe(names.length);
    const target = path.join(temporaryDirectory(), 'out');
    const failure: unknown = await apply(host, { wim: copy, target }, createPosixTarget).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'wim/blob-corrupt' });
    const kept = path.join(temporaryDirectory(), 'kept');
    const { damaged } = await apply(host, { wim: copy, target: kept, recoverData: true }, createPosixTarget);
    expect(damaged.map(({ path: name }) => name).sort()).toEqual(names);
    for (const [name, data] of expectedWithout(chunk))
      expect(readFileSync(path.join(kept, name)).equals(data), name).toBe(true);
    const sound = contents.map(([name]) => `/${name}`).filter((name) => !names.includes(name));
    const destination = temporaryDirectory();
    const rules = { ignoreCase: false };
    await extract(
      host,
      { wim: copy, image: 1, paths: sound, destination },
      { targetAt: createPosixTarget, rules },
    );
    expect(
      readdirSync(destination)
        .map((name) => `/${name}`)
        .sort(),
    ).toEqual(sound);
    const exported = path.join(temporaryDirectory(), 'exported.wim');
    const plain = { wim: copy, image: 1, destination: exported, compression: { format: 'xpress' } } as const;
    await expect(exportImages(host, plain)).rejects.toMatchObject({ code: 'wim/blob-corrupt' });
    expect(readdirSync(path.dirname(exported))).toEqual([]);
  });

  it('in the chunk table is a fault of all files, and their data is left alone', async () => {
    const copy = path.join(temporaryDirectory(), 'table.wim');
    const bytes = readFileSync(wim);
    bytes.writeUInt32LE(CHUNK + 1, 228);
    writeFileSync(copy, bytes);
    const report = await verify(host, { wim: copy });
    expect(report.faults).toHaveLength(contents.length);
    const target = path.join(temporaryDirectory(), 'out');
    const applied = apply(host, { wim: copy, target }, createPosixTarget);
    await expect(applied).rejects.toMatchObject({ code: 'wim/blob-corrupt' });
    expect(existsSync(path.join(target, 'a.bin'))).toBe(false);
  });
});

/** A host whose threads never come to an end with one kind of task. */
function stuck(name: TaskName): { host: EngineHost; reached: Promise<unknown> } {
  const real = host.taskRunner(0);
  let tell: (input: unknown) => void;
  const reached = new Promise<unknown>((resolve) => (tell = resolve));
  const runner: TaskRunner = {
    ...real,
    width: 1,
    prepare: () => undefined,
    run<N extends TaskName>(task: N, input: Tasks[N]['in']): Promise<Tasks[N]['out']> {
      if (task !== name) return real.run(task, input);
      tell(input);
      return new Promise(() => undefined);
    },
  };
  return { host: { ...host, taskRunner: () => runner }, reached };
}

describe('a job that is cancelled while a thread is deep in a chunk', () => {
  it('ends at once when it captures, and leaves the old file as it was', async () => {
    const directory = temporaryDirectory();
    const file = path.join(directory, 'file.wim');
    copyFileSync(wim, file);
    const { host: slow, reached } = stuck('packSolid');
    const abort = new AbortController();
    const job = capture(slow, { ...request(file), overwrite: true }, source(), { signal: abort.signal });
    await reached;
    abort.abort();
    await expect(job).rejects.toMatchObject({ code: 'job/cancelled' });
    expect(readdirSync(directory)).toEqual(['file.wim']);
    expect(readFileSync(file).equals(readFileSync(wim))).toBe(true);
  });

  it.each(['verify', 'export'] as const)('ends at once when it is to %s', async (verb) => {
    const directory = temporaryDirectory();
    const { host: slow, reached } = stuck('unpackSolid');
    const abort = new AbortController();
    const context = { signal: abort.signal };
    const destination = path.join(directory, 'exported.wim');
    const plain = { wim, image: 1, destination, compression: { format: 'xpress' } } as const;
    const job = verb === 'verify' ? verify(slow, { wim }, context) : exportImages(slow, plain, context);
    await reached;
    abort.abort();
    await expect(job).rejects.toMatchObject({ code: 'job/cancelled' });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('ends at once when it applies, and the thread writes no file afterwards', async () => {
    const target = path.join(temporaryDirectory(), 'out');
    const { host: slow, reached } = stuck('unpackSolid');
    const abort = new AbortController();
    const job = apply(slow, { wim, target }, createPosixTarget, { signal: abort.signal });
    const { gate } = (await reached) as Tasks['unpackSolid']['in'];
    abort.abort();
    await expect(job).rejects.toMatchObject({ code: 'job/cancelled' });
    expect(new TaskGate(gate).enter()).toBe(false);
  });
});

describe('an encrypted ESD', () => {
  it('is told from a damaged file by its XML data, whatever its tables hold', async () => {
    const file = path.join(temporaryDirectory(), 'encrypted.esd');
    const xml = '<WIM><ESD><ENCRYPTED><KEYS>AA==</KEYS></ENCRYPTED></ESD></WIM>';
    const image = { data: flatMetadata([]) };
    writeFileSync(file, buildWim({ images: [image], xml, version: 0xe00, blobTable: { offset: 3n } }));
    const failure: unknown = await verify(host, { wim: file }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'wim/encrypted' });
    expect((failure as Error).message).toContain('Windows Update');
  });
});
