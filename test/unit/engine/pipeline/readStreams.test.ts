import { appendFileSync, mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { InputFile, TaskFiles } from '../../../../src-main/engine/pipeline/taskFiles';
import type { ReadOutcome, StreamLocation } from '../../../../src-main/engine/pipeline/tasks';
import { createNodeTaskFiles } from '../../../../src-main/platform/nodeTaskFiles';
import { handlers, noKernels, noise, part, resource, sha1, text } from '../../../support/pipeline';
import { temporaryDirectory } from '../../../support/tools';

function written(bytes: Uint8Array | string, directory = temporaryDirectory()): string {
  const file = path.join(directory, 'file');
  writeFileSync(file, bytes);
  return file;
}

function scanned(file: string): Extract<StreamLocation, { kind: 'file' }> {
  const { size, mtimeMs } = statSync(file);
  return { kind: 'file', path: file, size, modifiedMs: mtimeMs };
}

/** Node's files, with something that happens after each read of `file`. */
function meddling(afterRead: (time: number) => void): TaskFiles {
  const files = createNodeTaskFiles();
  let time = 0;
  return {
    ...files,
    openRead(name): InputFile {
      const file = files.openRead(name);
      return {
        name: file.name,
        size: file.size,
        read(offset, target) {
          const count = file.read(offset, target);
          afterRead(time++);
          return count;
        },
        status: () => file.status(),
        close: () => file.close(),
      };
    },
  };
}

function readOne(
  location: StreamLocation,
  room = 100,
  files?: TaskFiles,
): ReadOutcome & { data: string; sha1: Uint8Array } {
  const slab = new SharedArrayBuffer(room + 16);
  const task = { slab, items: [{ location, offset: 8, room }] };
  const { items, sha1: digests } = handlers(noKernels, files).readBatch(task);
  // Nothing is ever written beside the room.
  expect(Array.from(part(slab, 0, 8))).toEqual(new Array(8).fill(0));
  expect(Array.from(part(slab, 8 + room, 8))).toEqual(new Array(8).fill(0));
  return {
    ...items[0],
    data: Buffer.from(part(slab, 8, Math.min(room, items[0].size))).toString(),
    sha1: digests,
  };
}

describe('readBatch', () => {
  it('reads a file that is as it was', () => {
    const file = written('content');
    const found = readOne(scanned(file));
    expect(found).toMatchObject({ state: 'same', size: 7, data: 'content' });
    expect(found.modifiedMs).toBe(statSync(file).mtimeMs);
    expect(Array.from(found.sha1)).toEqual(Array.from(sha1(Buffer.from('content'))));
  });

  it('reads an empty file', () => {
    const found = readOne(scanned(written('')), 0);
    expect(found).toMatchObject({ state: 'same', size: 0 });
    expect(Array.from(found.sha1)).toEqual(Array.from(sha1(new Uint8Array(0))));
  });

  it('says that a file changed between scan and read', () => {
    const file = written('content');
    const location = scanned(file);
    utimesSync(file, 1000, 2000);
    expect(readOne(location)).toMatchObject({ state: 'changed', size: 7, modifiedMs: 2_000_000 });
    writeFileSync(file, 'more content');
    expect(readOne(location)).toMatchObject({ state: 'changed', size: 12, data: 'more content' });
    writeFileSync(file, 'less');
    expect(readOne(location)).toMatchObject({ state: 'changed', size: 4, data: 'less' });
  });

  it('says that a file outgrew its room', () => {
    const file = written('content');
    const location = scanned(file);
    appendFileSync(file, 'x'.repeat(200));
    expect(readOne(location)).toMatchObject({ state: 'outgrown', size: 207 });
    expect(readOne(scanned(file), 5)).toMatchObject({ state: 'outgrown', size: 207 });
  });

  it('says that a file vanished', () => {
    const directory = temporaryDirectory();
    const file = written('content', directory);
    const location = scanned(file);
    rmSync(file);
    expect(readOne(location)).toMatchObject({ state: 'vanished', size: 0 });
    rmSync(directory, { recursive: true });
    writeFileSync(directory, '');
    expect(readOne(location)).toMatchObject({ state: 'vanished', size: 0 });
    rmSync(directory);
    mkdirSync(directory);
  });

  it('does not take something else for the file, and does not wait for a pipe', ({ skip }) => {
    skip(process.platform === 'win32', 'needs mkfifo');
    const directory = temporaryDirectory();
    const pipe = path.join(directory, 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    for (const file of [directory, pipe]) {
      const found = readOne({ kind: 'file', path: file, size: 7, modifiedMs: 0 });
      expect(found.state).toBe('unreadable');
      expect(found.problem).toContain(file);
    }
  });

  it('reads again when a file changes while it is read', () => {
    const file = written('first');
    const location = scanned(file);
    const once = meddling((time) => {
      if (time === 0) writeFileSync(file, 'second');
    });
    expect(readOne(location, 100, once)).toMatchObject({ state: 'changed', size: 6, data: 'second' });
  });

  it('calls a file torn that keeps changing', () => {
    const file = written('first');
    const location = scanned(file);
    let reads = 0;
    const always = meddling((time) => {
      reads += 1;
      appendFileSync(file, String(time));
    });
    expect(readOne(location, 100, always).state).toBe('torn');
    expect(reads).toBeLessThanOrEqual(4);
  });

  it('copies bytes and resources, and checks the latter', () => {
    const data = text(50);
    expect(readOne({ kind: 'bytes', bytes: data })).toMatchObject({ state: 'same', size: 50 });
    expect(readOne({ kind: 'bytes', bytes: data }, 49)).toMatchObject({ state: 'outgrown', size: 50 });
    const file = written(Buffer.concat([Buffer.from('head'), data]));
    const stored = resource(file, { offset: 4, storedSize: 50, size: 50, format: 'none' });
    const good = readOne({ kind: 'resource', resource: stored, sha1: sha1(data) });
    expect(good).toMatchObject({ state: 'same', size: 50, data: Buffer.from(data).toString() });
    const bad = readOne({
      kind: 'resource',
      resource: stored,
      sha1: sha1(noise(3)),
    });
    expect(bad.state).toBe('unreadable');
    expect(bad.problem).toContain('SHA-1');
    const beyond = readOne({ kind: 'resource', resource: { ...stored, offset: 5 }, sha1: sha1(data) });
    expect(beyond.state).toBe('unreadable');
    expect(beyond.problem).toContain('outside');
  });
});

describe('hashStream', () => {
  it('hashes a file of any size and says whether it changed', () => {
    const data = noise(3_000_001);
    const file = written(data);
    const location = scanned(file);
    const { hashStream } = handlers();
    const found = hashStream({ location });
    expect(found).toMatchObject({ state: 'same', size: data.length });
    expect(Array.from(found.sha1)).toEqual(Array.from(sha1(data)));
    utimesSync(file, 1, 1);
    expect(hashStream({ location }).state).toBe('changed');
    expect(hashStream({ location: { ...location, path: `${file}x` } }).state).toBe('vanished');
    const growing = meddling((time) => appendFileSync(file, String(time)));
    expect(handlers(noKernels, growing).hashStream({ location: scanned(file) }).state).toBe('torn');
  });

  it('hashes stored resources', () => {
    const data = noise(2_500_000);
    const stored = resource(written(data), { storedSize: data.length, size: data.length, format: 'none' });
    const location = { kind: 'resource', resource: stored, sha1: sha1(data) } as const;
    expect(handlers().hashStream({ location })).toMatchObject({ state: 'same', size: data.length });
    const wrong = { ...location, sha1: sha1(noise(1)) };
    expect(handlers().hashStream({ location: wrong })).toMatchObject({ state: 'unreadable' });
  });
});

describe('packRange of a file', () => {
  it('reads a part without compression', () => {
    const data = noise(100_000);
    const location = scanned(written(data));
    const memory = new SharedArrayBuffer(65_536);
    const range = { offset: 40_000, length: 65_536, input: memory, output: new SharedArrayBuffer(0) };
    const compression = { format: 'none', chunkSize: 32_768, level: 50 } as const;
    const found = handlers().packRange({ location, ...range, compression });
    expect(found).toMatchObject({ state: 'same', size: 60_000 });
    expect(found.chunkSizes).toHaveLength(0);
    expect(Buffer.from(part(memory, 0, 60_000)).equals(Buffer.from(data.subarray(40_000)))).toBe(true);
  });
});
