// Time and peak memory of capture, verify and apply: of trees of up to a million small files, and of one huge sparse
// file. Both should grow in proportion to the files; the last two columns show what one more file costs.
// `npm run bench -- files [--files=10000,50000,250000,1000000] [--sparse-gb=10] [--dir=DIR]
//   [--disk=DIR] [--compress=none,fast] [--threads=N] [--bundle=FILE]`
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { measure, RunError, wimsmith } from './measure.mjs';

const MEGABYTE = 1 << 20;
/** What a tree of `files` may take at most, bytes: a fixed part and a part for each file. */
const limit = (files) => 250 * MEGABYTE + 300 * files;

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '10000,50000,250000,1000000' },
    'sparse-gb': { type: 'string', default: '10' },
    dir: { type: 'string', default: existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir() },
    disk: { type: 'string', default: os.tmpdir() },
    compress: { type: 'string', default: 'none,fast' },
    threads: { type: 'string' },
    bundle: { type: 'string' },
  },
});
const program = wimsmith(values.bundle);
const threads = values.threads === undefined ? [] : [`--threads=${values.threads}`];
const compressions = values.compress.split(',');
let over = 0;

/** What the smaller tree before cost, by job: the growth between two sizes is free of what every start costs. */
const before = new Map();

/** Microseconds and bytes for each further file. */
function growth(job, files, wall, peak) {
  const last = before.get(job);
  before.set(job, { files, wall, peak });
  if (last === undefined || peak === undefined || last.peak === undefined) return '';
  const time = ((wall - last.wall) / (files - last.files)) * 1e6;
  const memory = (peak - last.peak) / (files - last.files);
  return `${time.toFixed(1).padStart(7)} us ${memory.toFixed(0).padStart(6)} B a file more`;
}

/** @param {string} what @param {number} allowed @param {readonly string[]} args @param {number} [files] */
function run(what, allowed, args, files) {
  try {
    const { wall, cpu, peak } = measure([...program, ...args, ...threads]);
    const fits = peak === undefined || peak <= allowed;
    if (!fits) over += 1;
    const figures = [
      `${wall.toFixed(1).padStart(7)} s`,
      `${(cpu ?? NaN).toFixed(1).padStart(7)} s cpu`,
      `${((peak ?? NaN) / MEGABYTE).toFixed(0).padStart(6)} MB of ${(allowed / MEGABYTE).toFixed(0).padStart(4)}`,
    ];
    const verdict = peak === undefined ? 'not measured (no GNU time)' : fits ? 'PASS' : 'over';
    const more = files === undefined ? '' : growth(what.replace(/\d+ files/, ''), files, wall, peak);
    process.stdout.write(
      `${what.padEnd(36)} ${figures.join(' ')}  ${verdict.padEnd(4)} ${more}`.trimEnd() + '\n',
    );
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    over += 1;
    process.stdout.write(`${what.padEnd(36)} failed: ${error.message}\n`);
  }
}

/** Makes `count` files of a few bytes, no two alike, 200 in a directory, 40 directories in one above. */
function makeFiles(tree, count) {
  for (let i = 0; i < count; i++) {
    const directory = path.join(tree, `group ${Math.floor(i / 8000)}`, `directory ${Math.floor(i / 200)}`);
    if (i % 200 === 0) mkdirSync(directory, { recursive: true });
    writeFileSync(path.join(directory, `document ${i}.txt`), `${i} ${'.'.repeat(i % 23)}`);
  }
}

/** Makes a file of holes with a few blocks of data in it. */
function makeSparse(file, size) {
  const fd = openSync(file, 'wx');
  ftruncateSync(fd, size);
  const block = Buffer.alloc(MEGABYTE, 'a line of text in a large file\n');
  for (const part of [0, 0.3, 0.77]) writeSync(fd, block, 0, block.length, Math.floor(size * part));
  closeSync(fd);
}

/** Removes a large tree with rm, which is much faster than Node. */
const remove = (...places) => spawnSync('rm', ['-rf', ...places]);

function manyFiles(workspace, count) {
  const tree = path.join(workspace, 'tree');
  makeFiles(tree, count);
  for (const compression of compressions) {
    const wim = path.join(workspace, 'tree.wim');
    const applied = path.join(workspace, 'applied');
    const what = `${count} files, ${compression}`;
    run(`capture ${what}`, limit(count), ['capture', tree, wim, `--compress=${compression}`], count);
    if (existsSync(wim)) {
      run(`verify  ${what}`, limit(count), ['verify', wim], count);
      run(`apply   ${what}`, limit(count), ['apply', wim, '1', applied], count);
    }
    if (compression === 'none' && existsSync(wim)) onVolume(workspace, wim, count);
    remove(wim, applied);
  }
  remove(tree);
}

/** The same files on an NTFS volume: written, its $MFT scanned, captured. */
function onVolume(workspace, wim, count) {
  const volume = path.join(workspace, 'volume.img');
  const captured = path.join(workspace, 'captured.wim');
  const fd = openSync(volume, 'wx');
  ftruncateSync(fd, 512 * MEGABYTE + count * 2048);
  closeSync(fd);
  const what = `${count} files`;
  const apply = ['apply', wim, '1', volume, '--volume=0', '--overwrite'];
  run(`apply   ${what} to NTFS`, limit(count), apply, count);
  // Lists the root alone, for which all records are read.
  run(`scan    ${what} on NTFS`, limit(count), ['dir', volume, '--volume=0', '--one-file-only'], count);
  run(`capture ${what} on NTFS`, limit(count), ['capture', volume, captured, '--compress=none'], count);
  remove(volume, captured);
}

function sparseFile(workspace, gigabytes) {
  const tree = path.join(workspace, 'sparse');
  mkdirSync(tree);
  const size = Math.round(gigabytes * 1e9);
  makeSparse(path.join(tree, 'disk.img'), size);
  for (const compression of compressions) {
    const wim = path.join(workspace, 'sparse.wim');
    const applied = path.join(workspace, 'applied');
    const what = `a ${gigabytes} GB sparse file, ${compression}`;
    run(`capture ${what}`, limit(1), ['capture', tree, wim, `--compress=${compression}`]);
    if (existsSync(wim)) {
      run(`apply   ${what}`, limit(1), ['apply', wim, '1', applied]);
      const { size: found } = statSync(path.join(applied, 'disk.img'));
      if (found !== size) process.stdout.write(`  the applied file has ${found} bytes, not ${size}\n`);
    }
    remove(wim, applied);
  }
}

const many = mkdtempSync(path.join(values.dir, 'wimsmith-memory-'));
const large = mkdtempSync(path.join(values.disk, 'wimsmith-memory-'));
try {
  for (const count of values.files
    .split(',')
    .map(Number)
    .filter((n) => n > 0))
    manyFiles(many, count);
  if (Number(values['sparse-gb']) > 0) sparseFile(large, Number(values['sparse-gb']));
} finally {
  remove(many, large);
}
process.stdout.write(over === 0 ? 'everything within its limit\n' : `${over} over the limit or failed\n`);
