import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AppError, FormatError } from '../../../src-shared/errors/appError';
import type { TaskRunner, Tasks } from '../../../src-main/engine/pipeline/tasks';
import { createInlineRunner } from '../../../src-main/workers/inlineRunner';
import { fromEnvelope, toEnvelope } from '../../../src-main/workers/messages';
import { createWorkerPool } from '../../../src-main/workers/pool';
import { handlers, kernelDirectory, part, sha1 } from '../../support/pipeline';
import { temporaryDirectory } from '../../support/tools';

const repository = path.resolve(__dirname, '../../..');
const pools: TaskRunner[] = [];

function pool(threads: number, workerFile: string, kernels = kernelDirectory): TaskRunner {
  const made = createWorkerPool({ threads, workerFile, workerData: { kernelDirectory: kernels } });
  pools.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((made) => made.close()));
});

/** A thread that does what the path in a hashStream task says. */
const scripted = `
const { parentPort, threadId } = require('node:worker_threads');
parentPort.on('message', ({ id, input }) => {
  const [word, value] = input.location.path.split(' ');
  if (word === 'exit') process.exit(Number(value));
  if (word === 'throw') throw new Error(value);
  if (word === 'later') setImmediate(() => { throw new Error(value); });
  else if (word === 'wait') setTimeout(() => parentPort.postMessage({ id, ok: true, output: threadId }), Number(value));
  else parentPort.postMessage({ id, ok: true, output: { word, threadId } });
});
`;

const order = (words: string): Tasks['hashStream']['in'] => ({
  location: { kind: 'file', path: words, size: 0, modifiedMs: 0 },
});

describe('a pool of scripted threads', () => {
  let script: string;
  beforeAll(() => {
    script = path.join(temporaryDirectory(), 'thread.cjs');
    writeFileSync(script, scripted);
  });

  it('answers every task with its own result', async () => {
    const runner = pool(3, script);
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, i) => runner.run('hashStream', order(`echo${i}`))),
    );
    expect(results.map((result) => (result as unknown as { word: string }).word)).toEqual(
      Array.from({ length: 50 }, (_, i) => `echo${i}`),
    );
  });

  it.each([
    ['exit 3', /exit code 3/],
    ['throw boom', /boom/],
    ['later boom', /boom/],
  ])('%s: rejects that task and no other, and goes on', async (fault, message) => {
    const runner = pool(2, script);
    const before = Array.from({ length: 8 }, (_, i) => runner.run('hashStream', order(`a${i}`)));
    const doomed = runner.run('hashStream', order(fault));
    const after = Array.from({ length: 8 }, (_, i) => runner.run('hashStream', order(`b${i}`)));
    await expect(doomed).rejects.toThrow(message);
    await expect(doomed).rejects.toMatchObject({ code: 'internal/bug' });
    expect(await Promise.all([...before, ...after])).toHaveLength(16);
    expect(await runner.run('hashStream', order('again'))).toMatchObject({ word: 'again' });
  });

  it('survives the death of all threads', async () => {
    const runner = pool(2, script);
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) => runner.run('hashStream', order(i % 2 === 0 ? 'exit 1' : 'fine'))),
    );
    expect(results.map((result) => result.status)).toEqual(
      Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? 'rejected' : 'fulfilled')),
    );
  });

  it('runs on as many threads as it has, no more', async () => {
    const runner = pool(2, script);
    const ids = await Promise.all(
      Array.from({ length: 6 }, () => runner.run('hashStream', order('wait 30'))),
    );
    expect(new Set(ids).size).toBe(2);
    expect(runner.width).toBe(2);
  });

  it('rejects what is under way and what waits when it is closed', async () => {
    const runner = pool(1, script);
    const tasks = Array.from({ length: 4 }, () => runner.run('hashStream', order('wait 60000')));
    const outcomes = Promise.allSettled(tasks);
    await runner.close();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'job/cancelled' } });
    }
    await expect(runner.run('hashStream', order('x'))).rejects.toMatchObject({ code: 'job/cancelled' });
  });

  it('rejects an input that cannot be sent, and goes on', async () => {
    const runner = pool(1, script);
    const unsendable = { location: { kind: 'file', path: 'x', size: () => 0, modifiedMs: 0 } };
    const bad = runner.run('hashStream', unsendable as unknown as Tasks['hashStream']['in']);
    await expect(bad).rejects.toMatchObject({ code: 'internal/bug' });
    expect(await runner.run('hashStream', order('fine'))).toMatchObject({ word: 'fine' });
  });

  it('rejects a task when the worker file is missing', async () => {
    const runner = pool(1, `${script}.missing`);
    await expect(runner.run('hashStream', order('x'))).rejects.toMatchObject({ code: 'internal/bug' });
    await expect(runner.run('hashStream', order('x'))).rejects.toMatchObject({ code: 'internal/bug' });
  });
});

describe('the real thread', () => {
  let worker: string;
  let directory: string;
  beforeAll(async () => {
    directory = temporaryDirectory();
    worker = path.join(directory, 'worker.cjs');
    await build({
      absWorkingDir: repository,
      entryPoints: ['src-main/workers/worker.ts'],
      outfile: worker,
      bundle: true,
      platform: 'node',
      target: 'node20.19',
      format: 'cjs',
      external: ['koffi', 'original-fs'],
    });
  });

  it('reads files into shared memory', async () => {
    const file = path.join(directory, 'file');
    writeFileSync(file, 'content');
    const slab = new SharedArrayBuffer(64);
    const location = { kind: 'file', path: file, size: 7, modifiedMs: 0 } as const;
    const result = await pool(1, worker).run('readBatch', {
      slab,
      items: [{ location, offset: 8, room: 56 }],
    });
    expect(result.items[0]).toMatchObject({ state: 'changed', size: 7 });
    expect(Buffer.from(part(slab, 8, 7)).toString()).toBe('content');
    expect(Array.from(result.sha1)).toEqual(Array.from(sha1(Buffer.from('content'))));
  });

  it('keeps the code of an error', async () => {
    // There are no kernels in that directory.
    const run = pool(1, worker, directory).run('packBatch', {
      input: new SharedArrayBuffer(1),
      output: new SharedArrayBuffer(1),
      compression: { format: 'lzx', chunkSize: 32768, level: 50 },
      items: [],
    });
    await expect(run).rejects.toBeInstanceOf(AppError);
    await expect(run).rejects.toMatchObject({ code: 'io/not-found' });
  });

  it('does not keep the process alive when it is idle', async () => {
    const main = path.join(directory, 'main.cjs');
    await build({
      stdin: {
        contents: `
          import { createNodeHost } from './src-main/workers/nodeHost';
          const host = createNodeHost({ appDirectory: ${JSON.stringify(directory)} });
          const empty = { kind: 'bytes', bytes: new Uint8Array(0) };
          host.taskRunner(2).run('hashStream', { location: empty }).then((result) => {
            process.stdout.write(Buffer.from(result.sha1).toString('hex'));
          });`,
        resolveDir: repository,
        loader: 'ts',
      },
      outfile: main,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['koffi', 'original-fs'],
    });
    const result = spawnSync(process.execPath, [main], { encoding: 'utf8', timeout: 60_000 });
    expect(result).toMatchObject({ status: 0, stdout: 'da39a3ee5e6b4b0d3255bfef95601890afd80709' });
  });
});

describe('errors between threads', () => {
  it('keep code, facts and message, and become a fault of the program when they are none of ours', () => {
    const fault = new FormatError({ structure: 'chunk table', offset: 12, problem: 'it lies' });
    expect(fromEnvelope(toEnvelope(fault))).toMatchObject({
      code: 'wim/malformed',
      message: fault.message,
      facts: { structure: 'chunk table', offset: 12 },
    });
    expect(fromEnvelope(toEnvelope(new RangeError('x')))).toMatchObject({
      code: 'internal/bug',
      message: 'RangeError: x',
    });
    expect(fromEnvelope(toEnvelope('x'))).toMatchObject({ code: 'internal/bug', message: 'x' });
  });
});

describe('the inline runner', () => {
  it('runs handlers, rejects what they throw, and refuses when closed', async () => {
    const runner = createInlineRunner(handlers());
    const bytes = Buffer.from('abc');
    const result = await runner.run('hashStream', { location: { kind: 'bytes', bytes } });
    expect(Array.from(result.sha1)).toEqual(Array.from(sha1(bytes)));
    const compression = { format: 'lzx', chunkSize: 32768, level: 50 } as const;
    const memory = new SharedArrayBuffer(1);
    const bad = runner.run('packBatch', { input: memory, output: memory, compression, items: [] });
    await expect(bad).rejects.toThrow('the kernel lzx is not wanted here');
    await runner.close();
    await expect(runner.run('createEmpty', { placements: [] })).rejects.toMatchObject({
      code: 'job/cancelled',
    });
  });
});
