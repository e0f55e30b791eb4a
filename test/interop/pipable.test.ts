import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { SequentialSource } from '../../src-main/engine/binary/sequentialSource';
import { applyPipe } from '../../src-main/engine/wim/ops/applyPipe';
import { createNodeTaskFiles } from '../../src-main/platform/nodeTaskFiles';
import { createPosixTarget } from '../../src-main/platform/posix/posixTarget';
import { createNodeHost } from '../../src-main/workers/nodeHost';
import { type Outcome, wimlib, wimsmith, wimsmithOutcome } from '../support/cli';
import { expectSameTree } from '../support/compareTrees';
import { addLargeFiles, makeRichTree } from '../support/trees';
import { describeWithTools, temporaryDirectory } from '../support/tools';

const program = process.env.WIMSMITH_CLI ?? path.resolve(__dirname, '../../dist/wimsmith.cjs');
const HEADER = 208;
const BLOB_HEADER = 40;
const BLOB_MAGIC = 0x2b9b9ba2443db9d8n;

type Tool = (...args: readonly string[]) => string;
const ours: Tool = (...args) => wimsmith('--quiet', ...args);

/** Commands of both programs for a shell, without their progress. */
const commands = {
  wimsmith: [process.execPath, program, '--quiet'],
  wimlib: ['wimlib-imagex', '--quiet'],
} as const;
type Program = keyof typeof commands;

function commandOf(name: Program, verb: string, args: readonly string[]): string {
  const [command, ...first] = commands[name];
  // wimlib-imagex takes its options behind the verb.
  const words = name === 'wimlib' ? [command, verb, ...args, ...first] : [command, ...first, verb, ...args];
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
}

function shell(script: string): Outcome {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

function succeedInShell(script: string): void {
  const outcome = shell(script);
  if (outcome.status !== 0)
    throw new Error(`exit code ${String(outcome.status)} from ${script}\n${outcome.stderr}`);
}

/** Applies from a real pipe. */
function pipeInto(name: Program, wim: string, image: string, target: string, ...options: string[]): Outcome {
  return shell(`cat '${wim}' | ${commandOf(name, 'apply', ['-', image, target, ...options])}`);
}

function newTarget(): string {
  const target = path.join(temporaryDirectory(), 'applied');
  mkdirSync(target);
  return target;
}

function expectApplied(wim: string, image: string, tree: string): void {
  for (const tool of [wimlib, ours]) {
    const target = newTarget();
    tool('apply', wim, image, target);
    expectSameTree(target, tree);
  }
  for (const name of ['wimlib', 'wimsmith'] as const) {
    const target = newTarget();
    const outcome = pipeInto(name, wim, image, target);
    if (outcome.status !== 0) throw new Error(`${name} from a pipe: ${outcome.stderr}`);
    expectSameTree(target, tree);
  }
}

/** Walks through a pipable WIM from its first byte to its last, by the sizes before each piece alone. */
function walk(wim: string) {
  const bytes = readFileSync(wim);
  const last = bytes.subarray(bytes.length - HEADER);
  const chunkSize = bytes.readUInt32LE(0x14);
  const integritySize = Number(last.readBigUInt64LE(0x7c) & 0xff_ffff_ffff_ffffn);
  const resources: { metadata: boolean; size: number; offset: number }[] = [];
  let at = HEADER;
  while (at < bytes.length - HEADER - integritySize) {
    expect(bytes.readBigUInt64LE(at)).toBe(BLOB_MAGIC);
    const size = Number(bytes.readBigUInt64LE(at + 8));
    const flags = bytes.readUInt32LE(at + 36);
    at += BLOB_HEADER;
    resources.push({ metadata: (flags & 2) !== 0, size, offset: at });
    if ((flags & 4) === 0) {
      at += size;
      continue;
    }
    const chunks = Math.ceil(size / chunkSize);
    const offsets: number[] = [];
    let packed = 0;
    for (let chunk = 0; chunk < chunks; chunk++) {
      offsets.push(packed);
      packed += bytes.readUInt32LE(at);
      at += 4 + bytes.readUInt32LE(at);
    }
    // The table at the end leaves the chunk headers out of account.
    for (const offset of offsets.slice(1)) {
      expect(bytes.readUInt32LE(at)).toBe(offset);
      at += 4;
    }
  }
  expect(at + integritySize).toBe(bytes.length - HEADER);
  return {
    first: bytes.subarray(0, HEADER),
    last,
    resources,
    xml: resources.filter(({ offset }) => offset === Number(last.readBigUInt64LE(0x50))),
    blobTable: resources.filter(({ offset }) => offset === Number(last.readBigUInt64LE(0x38))),
  };
}

describeWithTools(['wimlib-imagex'], 'pipable WIMs between wimsmith and wimlib-imagex', () => {
  let tree: string;
  let small: string;
  beforeAll(() => {
    const work = temporaryDirectory();
    tree = path.join(work, 'tree');
    small = path.join(work, 'small');
    makeRichTree(tree, 32768);
    addLargeFiles(tree);
    writeFileSync(path.join(tree, 'large duplicate'), readFileSync(path.join(tree, 'above 8 MiB')));
    makeRichTree(small, 4096);
  });

  const newWim = (): string => path.join(temporaryDirectory(), 'pipe.wim');

  it.each([
    ['--compress=none', '--nocheck'],
    ['--compress=none', '--check'],
    ['--compress=xpress', '--nocheck'],
    ['--compress=xpress', '--chunk-size=4096', '--check'],
    ['--compress=lzx', '--nocheck'],
    ['--compress=lzx', '--chunk-size=2097152'],
  ])('captured with %s %s', (...options) => {
    // Large chunks are slow to compress; the large files are in all other cases.
    const source = options.includes('--chunk-size=2097152') ? small : tree;
    const mine = newWim();
    const theirs = newWim();
    ours('capture', source, mine, 'Name', '--pipable', ...options);
    wimlib('capture', source, theirs, 'Name', '--pipable', ...options);
    for (const wim of [mine, theirs]) {
      wimlib('verify', wim);
      ours('verify', wim);
      expectApplied(wim, '1', source);
      const { first, last, resources, xml, blobTable } = walk(wim);
      for (const header of [first, last]) {
        expect(header.toString('latin1', 0, 8)).toBe('WLPWM\0\0\0');
        expect(header.readUInt32LE(0x2c)).toBe(1);
      }
      // What the pipe cannot know yet is zero in the first header.
      expect(first.subarray(0x30, HEADER).every((byte) => byte === 0)).toBe(true);
      // XML data, metadata, blobs, and the tables at the end.
      const kinds = resources.map(({ metadata }) => (metadata ? 'M' : 'b')).join('');
      expect(kinds).toMatch(/^MMb+MM$/);
      expect([xml.length, blobTable.length]).toEqual([1, 1]);
    }
    expect(walk(mine).resources.map(({ metadata }) => metadata)).toEqual(
      walk(theirs).resources.map(({ metadata }) => metadata),
    );
  });

  it('flows from one program into the other', () => {
    for (const [from, to] of [
      ['wimsmith', 'wimlib'],
      ['wimlib', 'wimsmith'],
      ['wimsmith', 'wimsmith'],
    ] as const) {
      const target = newTarget();
      const capturing = commandOf(from, 'capture', [tree, '-', 'Name']);
      const applying = commandOf(to, 'apply', ['-', '1', target]);
      // wimlib-imagex stops reading at the last blob it needs, which the writer may notice or not.
      succeedInShell(`${to === 'wimsmith' ? 'set -o pipefail; ' : ''}${capturing} | ${applying}`);
      expectSameTree(target, tree);
    }
    const wim = newWim();
    succeedInShell(`${commandOf('wimsmith', 'capture', [tree, '-', 'Name'])} >'${wim}'`);
    wimlib('verify', wim);
    walk(wim);
    const exported = newWim();
    succeedInShell(`${commandOf('wimsmith', 'export', [wim, 'Name', '-', 'Other'])} >'${exported}'`);
    wimlib('verify', exported);
    walk(exported);
    expectApplied(exported, 'Other', tree);
    const gone = shell(
      `${commandOf('wimsmith', 'capture', [tree, '-', 'Name'])} | head -c 5000 >/dev/null; exit \${PIPESTATUS[0]}`,
    );
    expect(gone.status).toBe(1);
    expect(gone.stderr).toContain('standard output');
  });

  it('holds several images: appended, exported, optimized, changed', () => {
    const wim = newWim();
    const expectBoth = (file: string): void => {
      wimlib('verify', file);
      walk(file);
      expectApplied(file, '1', tree);
      expectApplied(file, '2', small);
    };
    ours('capture', tree, wim, 'First', '--pipable', '--compress=xpress');
    ours('append', small, wim, 'Second');
    expectBoth(wim);
    ours('info', wim, '2', '--boot');
    ours('info', wim, '2', 'Renamed');
    expectBoth(wim);
    expect(wimlib('info', wim)).toMatch(/Boot Index: +2/);
    const target = newTarget();
    expect(pipeInto('wimsmith', wim, 'Renamed', target).status).toBe(0);
    expectSameTree(target, small);

    const exported = path.join(path.dirname(wim), 'exported.wim');
    ours('export', wim, 'First', exported, '--pipable');
    ours('export', wim, 'Renamed', exported);
    expectBoth(exported);
    const recompressed = path.join(path.dirname(wim), 'recompressed.wim');
    ours('export', wim, 'all', recompressed, '--pipable', '--compress=none');
    expectBoth(recompressed);

    const normal = path.join(path.dirname(wim), 'normal.wim');
    wimlib('capture', tree, normal, 'First', '--check', '--compress=xpress');
    wimlib('append', small, normal, 'Second');
    ours('optimize', normal, '--pipable');
    expectBoth(normal);
    ours('optimize', normal, '--not-pipable');
    wimlib('verify', normal);
    expect(readFileSync(normal).toString('latin1', 0, 5)).toBe('MSWIM');
    wimlib('optimize', exported);
    expectBoth(exported);
    ours('delete', exported, '1');
    expectApplied(exported, '1', small);
  });

  it('says what is wrong with an input that cannot be applied, and makes nothing', () => {
    const wim = newWim();
    const normal = newWim();
    ours('capture', small, wim, 'First', '--pipable', '--compress=none');
    ours('append', small, wim, 'Second');
    ours('capture', small, normal);
    const target = path.join(temporaryDirectory(), 'target');
    const refuse = (
      status: number,
      text: string,
      file: string,
      image: string,
      ...options: string[]
    ): void => {
      const outcome = pipeInto('wimsmith', file, image, target, ...options);
      expect(outcome.stderr).toContain(text);
      expect(outcome.status).toBe(status);
      expect(existsSync(target)).toBe(false);
    };
    refuse(8, 'normal WIM', normal, '1');
    refuse(2, 'does not hold a WIM', __filename, '1');
    refuse(2, 'does not hold a WIM', '/dev/null', '1');
    refuse(4, 'no image "3"', wim, '3');
    refuse(3, 'one image only', wim, 'all');
    refuse(3, '--ref', wim, '1', `--ref=${wim}`);

    const whole = readFileSync(wim);
    const cut = newWim();
    const { resources } = walk(wim);
    const blobs = resources.filter(({ metadata }) => !metadata);
    const places = [1, 100, HEADER, HEADER + 20, HEADER + 100, resources[1].offset + 10];
    places.push(blobs[0].offset - BLOB_HEADER, blobs[0].offset - 1, blobs[0].offset, blobs[1].offset + 1);
    for (const length of places) {
      writeFileSync(cut, whole.subarray(0, length));
      refuse(2, length < 8 ? 'does not hold a WIM' : 'ended', cut, '1');
    }
    const broken = Buffer.from(whole);
    broken[blobs[1].offset] ^= 1;
    writeFileSync(cut, broken);
    refuse(2, 'damaged', cut, '1');
    broken.set(whole);
    broken[resources[1].offset + 200] ^= 1;
    writeFileSync(cut, broken);
    refuse(2, 'SHA-1', cut, '1');
    broken.set(whole);
    // A resource that claims more than the whole input has.
    broken.writeBigUInt64LE(1n << 40n, resources[1].offset - BLOB_HEADER + 8);
    writeFileSync(cut, broken);
    refuse(2, 'ended', cut, '1');
  });

  it('writes damaged data when asked to recover it, and says which', () => {
    const wim = newWim();
    ours('capture', tree, wim, '--pipable', '--compress=none');
    const broken = readFileSync(wim);
    const large = walk(wim).resources.find(({ size }) => size > 8 << 20);
    if (large === undefined) throw new Error('the tree has no large file');
    broken[large.offset + 5_000_000] ^= 1;
    writeFileSync(wim, broken);
    const target = newTarget();
    expect(pipeInto('wimsmith', wim, '1', target)).toMatchObject({ status: 2 });
    const outcome = pipeInto('wimsmith', wim, '1', target, '--recover-data');
    expect(outcome.status).toBe(0);
    expect(outcome.stderr).toContain('is damaged');
    const bytes = readFileSync(path.join(target, 'above 8 MiB'));
    bytes[5_000_000] ^= 1;
    expect(bytes.equals(readFileSync(path.join(tree, 'above 8 MiB')))).toBe(true);
  });

  it('takes the input in whatever pieces it comes, and can be cancelled', async () => {
    const wim = newWim();
    ours('capture', tree, wim, '--pipable', '--compress=xpress');
    const bytes = readFileSync(wim);
    const host = createNodeHost({ appDirectory: path.resolve(__dirname, '../../dist') });
    const applyFrom = (read: (at: number) => number, target: string, signal?: AbortSignal) => {
      let at = 0;
      const source: SequentialSource = {
        name: 'test input',
        read(room) {
          const count = Math.min(room.length, bytes.length - at, read(at));
          room.set(bytes.subarray(at, at + count));
          at += count;
          return count;
        },
      };
      const input = { source, targetAt: createPosixTarget, files: createNodeTaskFiles() };
      return applyPipe(host, { wim: '-', image: 1, target }, input, signal === undefined ? {} : { signal });
    };
    try {
      const target = newTarget();
      let step = 0;
      await applyFrom(() => (step = (step * 7 + 3) % 4099) + 1, target);
      expectSameTree(target, tree);

      const controller = new AbortController();
      const cancelled = path.join(temporaryDirectory(), 'cancelled');
      const reading = applyFrom(
        (at) => {
          if (at > bytes.length / 2) controller.abort();
          return 65_536;
        },
        cancelled,
        controller.signal,
      );
      await expect(reading).rejects.toMatchObject({ code: 'job/cancelled' });
      expect(existsSync(cancelled)).toBe(false);
    } finally {
      await host.close();
    }
  });

  it('says what would be done with --dry-run', () => {
    const wim = newWim();
    ours('capture', small, wim, '--pipable');
    const target = path.join(temporaryDirectory(), 'target');
    expect(pipeInto('wimsmith', wim, '1', target, '--dry-run').status).toBe(0);
    expect(existsSync(target)).toBe(false);
    expect(wimsmithOutcome('capture', small, '-', '--dry-run').status).toBe(0);
  });
});
