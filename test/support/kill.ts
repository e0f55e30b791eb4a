import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { buildAll } from '../../build/bundle.mjs';
import type { EngineHost } from '../../src-main/engine/os';
import { createInlineRunner } from '../../src-main/workers/inlineRunner';
import { createNodeHost } from '../../src-main/workers/nodeHost';
import { builtKernels, handlers, noise, text } from './pipeline';

const distribution = path.resolve(__dirname, '../../dist');
const program = path.join(distribution, 'wimsmith.cjs');

/** Builds the program where its sources are newer. */
export async function builtProgram(): Promise<string> {
  await buildAll();
  return program;
}

/** The engine's host with all tasks in this thread: every step comes in the same order in every run. */
export async function inlineHost(): Promise<EngineHost> {
  const runner = createInlineRunner(handlers(await builtKernels()));
  return { ...createNodeHost({ appDirectory: distribution }), taskRunner: () => runner };
}

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Largest resident size in KiB; 0 unless asked for. */
  readonly maxRss: number;
}

/**
 * Prints the largest resident size when the process ends, as the system counts it for this program alone: what
 * getrusage tells began with the size of the process that started this one. Worker threads do not inherit it.
 */
const rssReporter = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync } from 'node:fs';
  process.on('exit', () => {
    const [, size] = /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    process.stderr.write('RSS ' + size + '\\n');
  });`)}`;

/** Runs wimsmith to its end. `before` goes in front of node: a program that changes user or limits. */
export function wimsmith(
  args: readonly string[],
  options: { readonly before?: readonly string[]; readonly rss?: boolean; readonly timeout?: number } = {},
): Outcome {
  const node = options.rss === true ? ['--import', rssReporter] : [];
  const [command, ...rest] = [...(options.before ?? []), process.execPath, ...node, program, ...args];
  const run = spawnSync(command, rest, {
    encoding: 'utf8',
    timeout: options.timeout ?? 60_000,
    maxBuffer: 1 << 28,
  });
  const rss = /RSS (\d+)\n/.exec(run.stderr);
  if (options.rss === true && rss === null && run.signal === null)
    throw new Error(`no memory report: ${run.stderr}`);
  return {
    code: run.status,
    signal: run.signal,
    stdout: run.stdout,
    stderr: run.stderr,
    maxRss: rss === null ? 0 : Number(rss[1]),
  };
}

/** wimsmith under way. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Outcome>;
}

export function startWimsmith(args: readonly string[]): Started {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr, maxRss: 0 }));
  });
  return { child, ended };
}

/** Runs wimsmith and sends it a signal after a delay; it may have ended by then. */
export async function interrupted(
  args: readonly string[],
  delay: number,
  signal: NodeJS.Signals,
): Promise<Outcome & { readonly milliseconds: number }> {
  const { child, ended } = startWimsmith(args);
  let sent = 0;
  const timer = setTimeout(() => {
    sent = performance.now();
    child.kill(signal);
  }, delay);
  const outcome = await ended;
  clearTimeout(timer);
  return { ...outcome, milliseconds: sent === 0 ? 0 : performance.now() - sent };
}

/** wimlib-imagex as the judge. @returns its standard output */
export function wimlib(...args: string[]): string {
  const run = spawnSync('wimlib-imagex', args, { encoding: 'utf8', timeout: 60_000 });
  if (run.status !== 0)
    throw new Error(`wimlib-imagex ${args.join(' ')} ended with ${run.status}: ${run.stderr}`);
  return run.stdout;
}

/** Number of images that wimlib-imagex sees. */
export function wimlibImages(wim: string): number {
  return Number(/Image Count:\s+(\d+)/.exec(wimlib('info', wim))?.[1]);
}

/** A small tree with sizes that make batches, large streams and duplicates. Differs by `seed`. */
export function makeTree(directory: string, seed = 1, largeBytes = 200_000): string {
  mkdirSync(path.join(directory, 'sub', 'deep'), { recursive: true });
  for (let i = 0; i < 8; i++) {
    writeFileSync(path.join(directory, `text${i}.txt`), text(2000 * (i + 1), seed * 100 + i));
    writeFileSync(path.join(directory, 'sub', `noise${i}.bin`), noise(3000, seed * 100 + i));
  }
  writeFileSync(path.join(directory, 'sub', 'deep', 'common.txt'), 'the same in every tree');
  writeFileSync(path.join(directory, 'large.bin'), text(largeBytes, seed));
  writeFileSync(path.join(directory, 'empty'), '');
  return directory;
}

/** Relative path to digest of every file below a directory; what a comparison of two trees needs. */
export function contents(directory: string, below = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(path.join(directory, below), { withFileTypes: true })) {
    const name = path.join(below, entry.name);
    if (entry.isDirectory()) {
      found.set(`${name}/`, '');
      for (const [key, value] of contents(directory, name)) found.set(key, value);
    } else if (entry.isFile()) {
      found.set(
        name,
        createHash('sha1')
          .update(readFileSync(path.join(directory, name)))
          .digest('hex'),
      );
    } else {
      found.set(name, 'other');
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Names beside a WIM that an interrupted write left. */
export function temporaries(directory: string): string[] {
  return readdirSync(directory).filter((name) => name.includes('wimsmith-part'));
}

/**
 * wimlib-imagex verifies the file and gives back each tree, image by image. `scratch` is made and used.
 * @param count number of images in the file; the trees are those of the first ones
 */
export function expectImages(
  wim: string,
  trees: readonly string[],
  scratch: string,
  count = trees.length,
): void {
  expect(wimlibImages(wim)).toBe(count);
  wimlib('verify', wim);
  trees.forEach((tree, i) => {
    const target = path.join(scratch, `applied${i + 1}`);
    mkdirSync(target, { recursive: true });
    wimlib('apply', wim, String(i + 1), target);
    expect(contents(target)).toEqual(contents(tree));
  });
}
