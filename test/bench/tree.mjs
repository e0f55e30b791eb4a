// The tree that is measured: a copy of system libraries and share files, made once and kept; and the comparison of two
// trees that tells whether an apply is right.
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** Where the files come from, half the bytes from each: programs and libraries; texts, tables, fonts, pictures. */
const SOURCES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib', '/usr/share'];

/** @param {string} text */
const digest = (text) => createHash('sha1').update(text).digest('hex');

/**
 * Names in an order that is the same on every run and mixes large packages with small ones.
 * @param {string} directory
 */
function shuffledNames(directory) {
  return readdirSync(directory).sort((a, b) => (digest(a) < digest(b) ? -1 : 1));
}

/**
 * Copies from `source` until `budget` bytes are there. Files that cannot be read are passed over.
 * @param {string} source
 * @param {string} target
 * @param {number} budget bytes
 * @returns {number} bytes copied
 */
function copySome(source, target, budget) {
  mkdirSync(target, { recursive: true });
  let copied = 0;
  for (const name of shuffledNames(source)) {
    if (copied >= budget) break;
    const from = path.join(source, name);
    const to = path.join(target, name);
    const status = lstatSync(from);
    if (status.isDirectory()) {
      copied += copySome(from, to, budget - copied);
    } else if (status.isSymbolicLink()) {
      symlinkSync(readlinkSync(from), to);
      lutimesSync(to, status.atime, status.mtime);
    } else if (status.isFile() && (status.mode & 0o444) === 0o444 && status.size <= budget / 8) {
      copyFileSync(from, to);
      utimesSync(to, status.atime, status.mtime);
      copied += status.size;
    }
  }
  return copied;
}

/**
 * The tree of about `megabytes`, made when it is not there yet.
 * @param {string} cache directory that keeps trees
 * @param {number} megabytes
 * @returns {string} its path
 */
export function benchTree(cache, megabytes) {
  const tree = path.join(cache, `tree-${megabytes}`);
  const mark = `${tree}.complete`;
  if (existsSync(mark)) return tree;
  rmSync(tree, { recursive: true, force: true });
  const present = SOURCES.filter((source) => existsSync(source));
  const sources = [present.find((source) => source.startsWith('/usr/lib')), '/usr/share'];
  for (const source of sources) {
    if (source === undefined || !existsSync(source)) continue;
    copySome(source, path.join(tree, path.basename(source)), (megabytes * 1e6) / sources.length);
  }
  writeFileSync(mark, '');
  return tree;
}

/**
 * Every file, directory and link below `root`, with its path from there.
 * @param {string} root
 * @returns {Generator<{ relative: string, absolute: string, status: import('node:fs').BigIntStats }>}
 */
export function* walk(root, relative = '') {
  for (const name of readdirSync(path.join(root, relative)).sort()) {
    const below = path.join(relative, name);
    const absolute = path.join(root, below);
    const status = lstatSync(absolute, { bigint: true });
    yield { relative: below, absolute, status };
    if (status.isDirectory()) yield* walk(root, below);
  }
}

/**
 * Changes one file in a hundred.
 * @param {string} tree
 * @returns {() => void} puts them back, times included
 */
export function changeSome(tree) {
  const changed = [];
  let number = 0;
  for (const { absolute, status } of walk(tree)) {
    if (!status.isFile() || ++number % 100 !== 0) continue;
    changed.push({ absolute, size: Number(status.size), access: status.atime, write: status.mtime });
    appendFileSync(absolute, `changed ${number}`);
  }
  return () => {
    for (const { absolute, size, access, write } of changed) {
      truncateSync(absolute, size);
      utimesSync(absolute, access, write);
    }
  };
}

/** @param {string} tree */
export function measureTree(tree) {
  let files = 0;
  let bytes = 0;
  for (const { status } of walk(tree)) {
    files += status.isDirectory() ? 0 : 1;
    bytes += status.isFile() ? Number(status.size) : 0;
  }
  return { files, bytes };
}

const WINDOW = Buffer.alloc(1 << 20);
const OTHER_WINDOW = Buffer.alloc(1 << 20);

/** @param {string} a @param {string} b */
function sameContent(a, b, size) {
  if (size <= WINDOW.length) return readFileSync(a).equals(readFileSync(b));
  const left = openSync(a, 'r');
  const right = openSync(b, 'r');
  try {
    for (;;) {
      const count = readSync(left, WINDOW, 0, WINDOW.length, null);
      if (readSync(right, OTHER_WINDOW, 0, OTHER_WINDOW.length, null) !== count) return false;
      if (count === 0) return true;
      if (!WINDOW.subarray(0, count).equals(OTHER_WINDOW.subarray(0, count))) return false;
    }
  } finally {
    closeSync(left);
    closeSync(right);
  }
}

/**
 * What differs first between two trees: kind, content, link target, last write time (100 ns); undefined for nothing.
 * @param {string} expected
 * @param {string} found
 * @param {{ times?: boolean }} [options] times: false for a tool that rounds them
 */
export function firstDifference(expected, found, { times = true } = {}) {
  const others = walk(found);
  for (const { relative, absolute, status } of walk(expected)) {
    const { value: other } = others.next();
    if (other?.relative !== relative) return `${relative} stands against ${other?.relative ?? 'nothing'}`;
    const kind = status.mode & 0o170000n;
    if (kind !== (other.status.mode & 0o170000n)) return `${relative} is of another kind`;
    if (times && status.mtimeNs / 100n !== other.status.mtimeNs / 100n) {
      return `${relative} was written ${status.mtimeNs}, not ${other.status.mtimeNs}`;
    }
    if (status.isSymbolicLink() && readlinkSync(absolute) !== readlinkSync(other.absolute)) {
      return `${relative} points elsewhere`;
    }
    if (!status.isFile()) continue;
    if (status.size !== other.status.size || !sameContent(absolute, other.absolute, Number(status.size))) {
      return `${relative} has other content`;
    }
  }
  const { value: extra } = others.next();
  return extra === undefined ? undefined : `${extra.relative} is too many`;
}
