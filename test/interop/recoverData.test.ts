import { spawnSync } from 'node:child_process';
import {
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { builtProgram, interrupted, wimlib, wimsmith } from '../support/kill';
import { noise, text } from '../support/pipeline';
import { describeWithTools, temporaryDirectory } from '../support/tools';

const CHUNK = 32768;
const LARGE = (9 << 20) + 12_345;

/** Half of the chunks shrink, half do not. */
function mixed(size: number, seed: number): Uint8Array {
  const data = text(size, seed);
  for (let at = CHUNK; at < size; at += 2 * CHUNK) data.set(noise(Math.min(CHUNK, size - at), seed + at), at);
  return data;
}

const contentOf: Readonly<Record<string, Uint8Array>> = {
  one: text(900, 1),
  some: mixed(5 * CHUNK + 77, 2),
  large: mixed(LARGE, 3),
  sound: text(50_000, 4),
};

/** Damaged chunks of each file. Those with odd numbers are stored as they are. */
const damage: Readonly<Record<string, readonly number[]>> = {
  one: [0],
  some: [2, 5],
  // In the first, the second and the last piece that a thread takes.
  large: [2, 5, 150, Math.floor(LARGE / CHUNK)],
};

/** Place of each blob in the file, by its size. */
function blobPlaces(wim: string): Map<number, { readonly offset: number; readonly stored: number }> {
  const places = new Map<number, { offset: number; stored: number }>();
  for (const block of wimlib('info', '--blobs', wim).split(/\n\s*\n/)) {
    const number = (name: string): number =>
      Number(new RegExp(`^${name}\\s*=\\s*(\\d+|0x[0-9a-f]+)`, 'm').exec(block)?.[1]);
    const size = number('Uncompressed size');
    if (!Number.isNaN(size))
      places.set(size, { offset: number('Offset in WIM'), stored: number('Compressed size') });
  }
  return places;
}

/** Overwrites chunks of the files of a WIM. */
function spoil(wim: string, format: string): void {
  const bytes = readFileSync(wim);
  const places = blobPlaces(wim);
  for (const [name, chunks] of Object.entries(damage)) {
    const { length: size } = contentOf[name];
    const { offset, stored } = places.get(size) ?? { offset: NaN, stored: NaN };
    const count = Math.ceil(size / CHUNK);
    const table = offset + (count - 1) * 4;
    const startOf = (chunk: number): number => {
      if (format === 'none') return offset + Math.min(size, chunk * CHUNK);
      if (chunk === 0) return table;
      return chunk === count ? offset + stored : table + bytes.readUInt32LE(offset + (chunk - 1) * 4);
    };
    for (const chunk of chunks) bytes.fill(0xff, startOf(chunk), startOf(chunk + 1));
  }
  writeFileSync(wim, bytes);
}

function expectRecovered(name: string, found: Uint8Array, theirs: Uint8Array): void {
  const wanted = contentOf[name];
  expect(found.length, name).toBe(wanted.length);
  expect(theirs.length, name).toBe(wanted.length);
  const wrong: number[] = [];
  for (let at = 0; at < wanted.length; at += CHUNK) {
    const part = (data: Uint8Array): Buffer => Buffer.from(data.subarray(at, at + CHUNK));
    if (!part(found).equals(part(wanted))) wrong.push(at / CHUNK);
    else if (!part(found).equals(part(theirs))) throw new Error(`${name}: wimlib-imagex differs at ${at}`);
  }
  expect(wrong, name).toEqual(damage[name] ?? []);
}

describeWithTools(['wimlib-imagex'], 'recovery of damaged data', () => {
  let work: string;

  beforeAll(async () => {
    await builtProgram();
    work = temporaryDirectory();
    const tree = path.join(work, 'tree');
    mkdirSync(tree);
    for (const [name, data] of Object.entries(contentOf)) writeFileSync(path.join(tree, name), data);
    linkSync(path.join(tree, 'large'), path.join(tree, 'large too'));
    for (const format of ['xpress', 'lzx', 'none']) {
      const wim = path.join(work, `${format}.wim`);
      wimlib('capture', tree, wim, `--compress=${format}`);
      spoil(wim, format);
    }
  });

  it.each(['xpress', 'lzx', 'none'])('%s: apply and extract', (format) => {
    const wim = path.join(work, `${format}.wim`);
    const place = temporaryDirectory();
    const theirs = path.join(place, 'theirs');
    wimlib('apply', wim, '1', theirs, '--recover-data');
    for (const [title, line] of [
      ['apply', (target: string) => ['apply', wim, '1', target]],
      ['extract', (target: string) => ['extract', wim, '1', '/', `--dest-dir=${target}`]],
    ] as const) {
      const target = path.join(place, title);
      // Over something old, too.
      mkdirSync(target);
      if (title === 'apply') for (const name of ['one', 'large']) writeFileSync(path.join(target, name), '');
      const { code, stderr } = wimsmith([...line(target), '--recover-data']);
      expect(code, stderr).toBe(0);
      expect(readdirSync(target).sort()).toEqual(readdirSync(theirs).sort());
      for (const name of Object.keys(contentOf)) {
        const read = (directory: string): Buffer => readFileSync(path.join(directory, name));
        expectRecovered(name, read(target), read(theirs));
        if (name in damage) expect(stderr).toMatch(new RegExp(`/${name}( too)? is damaged`));
        else expect(stderr).not.toContain(`/${name} `);
      }
      expect(lstatSync(path.join(target, 'large')).nlink).toBe(2);
      expect(wimsmith(line(`${target} without`))).toMatchObject({ code: 2 });
    }
  });

  it.each(['xpress', 'lzx', 'none'])('%s: to standard output', (format) => {
    const wim = path.join(work, `${format}.wim`);
    const program = path.resolve(__dirname, '../../dist/wimsmith.cjs');
    for (const name of Object.keys(contentOf)) {
      const output = (command: string, ...args: readonly string[]): Buffer => {
        const line = [...args, 'extract', wim, '1', `/${name}`, '--to-stdout', '--recover-data'];
        const { status, stdout, stderr } = spawnSync(command, line, { maxBuffer: 1 << 28 });
        expect(status, stderr.toString()).toBe(0);
        return stdout;
      };
      expectRecovered(name, output(process.execPath, program), output('wimlib-imagex'));
    }
  });

  it('gives files their length when a chunk table is damaged', () => {
    const wim = path.join(temporaryDirectory(), 'table.wim');
    wimlib('capture', path.join(work, 'tree'), wim, '--compress=xpress');
    const places = blobPlaces(wim);
    const bytes = readFileSync(wim);
    // The first entry of each table: chunks 0 and 1 are lost, the others are where the rest of the table says.
    for (const name of ['some', 'large']) {
      const { offset } = places.get(contentOf[name].length) ?? { offset: NaN };
      bytes.fill(0xff, offset, offset + 4);
    }
    writeFileSync(wim, bytes);
    const target = path.join(temporaryDirectory(), 'target');
    expect(wimsmith(['apply', wim, '1', target])).toMatchObject({ code: 2 });
    const { code, stderr } = wimsmith(['apply', wim, '1', target, '--recover-data']);
    expect(code, stderr).toBe(0);
    for (const name of ['some', 'large']) {
      const found = readFileSync(path.join(target, name));
      expect(found.length).toBe(contentOf[name].length);
      expect(found.subarray(0, 2 * CHUNK).every((byte) => byte === 0)).toBe(true);
      expect(found.subarray(2 * CHUNK).equals(contentOf[name].subarray(2 * CHUNK))).toBe(true);
    }
  });
});

describeWithTools(['wimlib-imagex'], 'a failure over an existing directory', () => {
  const OLD = 'precious';
  let work: string;
  let tree: string;
  let wim: string;
  let damaged: string;
  let names: string[];

  beforeAll(async () => {
    await builtProgram();
    work = temporaryDirectory();
    tree = path.join(work, 'tree');
    mkdirSync(path.join(tree, 'sub'), { recursive: true });
    for (let i = 0; i < 400; i++) {
      writeFileSync(path.join(tree, i % 2 === 0 ? '.' : 'sub', `file${i}`), text(20_000 + i, i));
    }
    for (let i = 0; i < 4; i++) writeFileSync(path.join(tree, `large${i}`), mixed(LARGE + i, 10 + i));
    writeFileSync(path.join(tree, 'empty'), '');
    symlinkSync('file0', path.join(tree, 'link'));
    linkSync(path.join(tree, 'file2'), path.join(tree, 'sub/hard'));
    names = readdirSync(tree, { recursive: true, encoding: 'utf8' }).filter((name) => name !== 'sub');
    wim = path.join(work, 'sound.wim');
    wimlib('capture', tree, wim, '--compress=xpress', '--pipable');
    damaged = path.join(work, 'damaged.wim');
    wimlib('capture', tree, damaged, '--compress=xpress');
    const bytes = readFileSync(damaged);
    const { offset, stored } = blobPlaces(damaged).get(LARGE + 2) ?? { offset: NaN, stored: NaN };
    bytes.fill(0xff, offset + Math.floor(stored / 2), offset + stored);
    writeFileSync(damaged, bytes);
  });

  /** A directory that has an old file under some of the names, and one that is none of the image's. */
  function oldDirectory(isOld: (name: string) => boolean = () => true): string {
    const target = path.join(temporaryDirectory(), 'target');
    mkdirSync(path.join(target, 'sub'), { recursive: true });
    for (const name of names.filter(isOld)) writeFileSync(path.join(target, name), OLD);
    writeFileSync(path.join(target, 'mine'), OLD);
    return target;
  }

  /** @returns how many files are replaced; each is whole, every other is as it was, and nothing else is there */
  function expectNothingLost(target: string, isOld: (name: string) => boolean = () => true): number {
    const found = readdirSync(target, { recursive: true, encoding: 'utf8' }).sort();
    expect(found).toEqual([...names.filter(isOld), 'mine', 'sub'].sort());
    expect(readFileSync(path.join(target, 'mine'), 'utf8')).toBe(OLD);
    let replaced = 0;
    for (const name of names.filter(isOld)) {
      const place = path.join(target, name);
      if (lstatSync(place).isSymbolicLink()) {
        expect(readlinkSync(place)).toBe('file0');
      } else {
        const data = readFileSync(place);
        if (data.equals(Buffer.from(OLD))) continue;
        expect(data.equals(readFileSync(path.join(tree, name))), name).toBe(true);
      }
      replaced += 1;
    }
    return replaced;
  }

  function expectSaid(stderr: string, replaced: number): void {
    const count = /(\d+) files? w(?:ere|as) replaced already and stays? replaced: /.exec(stderr)?.[1];
    expect(Number(count ?? 0), stderr).toBe(replaced);
    expect(stderr).not.toContain('left behind');
  }

  it.each([
    ['apply', (target: string) => ['apply', damaged, '1', target]],
    ['extract', (target: string) => ['extract', damaged, '1', '/', `--dest-dir=${target}`]],
  ])('damaged data: %s', (_, line) => {
    const target = oldDirectory();
    const { code, stderr } = wimsmith(line(target));
    expect(code, stderr).toBe(2);
    const replaced = expectNothingLost(target);
    expect(replaced).toBeGreaterThan(0);
    expect(readFileSync(path.join(target, 'large2'), 'utf8')).toBe(OLD);
    expectSaid(stderr, replaced);
    const even = (name: string): boolean => /[02468]$/.test(name);
    const half = oldDirectory(even);
    expect(wimsmith(line(half))).toMatchObject({ code: 2 });
    expectNothingLost(half, even);
  });

  it('a pipe that ends too early', () => {
    const target = oldDirectory();
    const program = path.resolve(__dirname, '../../dist/wimsmith.cjs');
    const input = readFileSync(wim);
    const run = spawnSync(process.execPath, [program, 'apply', '-', '1', target], {
      input: input.subarray(0, Math.floor(input.length / 2)),
      encoding: 'utf8',
    });
    expect(run.status, run.stderr).not.toBe(0);
    const replaced = expectNothingLost(target);
    expect(replaced).toBeGreaterThan(0);
    expectSaid(run.stderr, replaced);
  });

  it('Ctrl-C at any time', async () => {
    for (const delay of [150, 250, 300, 350, 400, 500, 600]) {
      const target = oldDirectory();
      const { code, stderr } = await interrupted(['apply', wim, '1', target], delay, 'SIGINT');
      const replaced = expectNothingLost(target);
      if (code === 0) expect(replaced).toBe(names.length);
      else if (code !== null) expectSaid(stderr, replaced);
    }
  });

  it('and without one: everything is as in the image', () => {
    const target = oldDirectory();
    cpSync(target, `${target} too`, { recursive: true });
    expect(wimsmith(['apply', wim, '1', target])).toMatchObject({ code: 0, stderr: '' });
    expect(expectNothingLost(target)).toBe(names.length);
    expect(lstatSync(path.join(target, 'sub/hard')).ino).toBe(lstatSync(path.join(target, 'file2')).ino);
    wimlib('apply', wim, '1', `${target} too`);
    for (const name of ['file0', 'large1', 'empty', 'link', 'sub/hard']) {
      const [ours, theirs] = [target, `${target} too`].map((top) => lstatSync(path.join(top, name)));
      expect([ours.mtimeMs, ours.mode, ours.nlink]).toEqual([theirs.mtimeMs, theirs.mode, theirs.nlink]);
    }
  });
});
