// What a test needs of Windows itself, run by Windows' Node:
//   make DIR            a tree with attributes, times, hard links, long and foreign names
//   facts DIR           JSON of every path below it, as GetFileInformationByHandle has it
//   while-locked FILE PROGRAM ARGS...   takes the lock that a writer takes, then runs the program; JSON of its end
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, linkSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import koffi from 'koffi';

const kernel32 = koffi.load('kernel32.dll');
const SetFileAttributes = kernel32.func(
  'int __stdcall SetFileAttributesW(const char16_t *path, uint32_t attributes)',
);
const CreateFile = kernel32.func(
  'intptr_t __stdcall CreateFileW(const char16_t *path, uint32_t access, uint32_t share, void *security, ' +
    'uint32_t disposition, uint32_t flags, void *template)',
);
const SetFileTime = kernel32.func(
  'int __stdcall SetFileTime(intptr_t handle, const uint64_t *creation, const uint64_t *access, const uint64_t *write)',
);
const GetFileInformationByHandle = kernel32.func(
  'int __stdcall GetFileInformationByHandle(intptr_t handle, void *information)',
);
const LockFileEx = kernel32.func(
  'int __stdcall LockFileEx(intptr_t handle, uint32_t flags, uint32_t reserved, uint32_t low, uint32_t high, void *at)',
);
const CloseHandle = kernel32.func('int __stdcall CloseHandle(intptr_t handle)');
const uvHandle = koffi.load(null).func('intptr_t uv_get_osfhandle(int descriptor)');

const READ_ATTRIBUTES = 0x80;
const WRITE_ATTRIBUTES = 0x100;
/** FILE_FLAG_BACKUP_SEMANTICS and FILE_FLAG_OPEN_REPARSE_POINT. */
const OPEN_FLAGS = 0x0220_0000;

/**
 * @template T
 * @param {string} file
 * @param {number} access
 * @param {(handle: number | bigint) => T} use
 * @returns {T}
 */
function withHandle(file, access, use) {
  const handle = CreateFile(path.toNamespacedPath(file), access, 7, null, 3, OPEN_FLAGS, null);
  if (BigInt(handle) === -1n) throw new Error(`cannot open ${file}`);
  try {
    return use(handle);
  } finally {
    CloseHandle(handle);
  }
}

/**
 * @param {string} file
 * @param {number} attributes
 */
function setAttributes(file, attributes) {
  if (SetFileAttributes(path.toNamespacedPath(file), attributes) === 0)
    throw new Error(`attributes of ${file}`);
}

/**
 * @param {string} file
 * @param {bigint} write FILETIME
 */
function setTimes(file, write) {
  const times = [write - 30n, write + 20n, write].map((time) => new BigUint64Array([time]));
  withHandle(file, WRITE_ATTRIBUTES, (handle) => {
    if (SetFileTime(handle, ...times) === 0) throw new Error(`times of ${file}`);
  });
}

/** @param {string} top */
function make(top) {
  const at = (/** @type {string[]} */ ...names) => path.join(top, ...names);
  mkdirSync(at('Ünïcode 日本', 'inner'), { recursive: true });
  writeFileSync(at('Plain.TXT'), 'hello');
  writeFileSync(at('Ünïcode 日本', '😀.dat'), Buffer.alloc(300_000, 7));
  linkSync(at('Plain.TXT'), at('Ünïcode 日本', 'second name.txt'));
  const deep = at(...Array.from({ length: 8 }, (_, index) => `level ${index} `.padEnd(60, 'x')));
  mkdirSync(deep, { recursive: true });
  writeFileSync(path.join(deep, 'deep.bin'), 'far below');
  mkdirSync(at('read-only directory'));
  for (const name of ['empty', 'hidden', 'system', 'readonly', 'plain', 'long ago', 'far off']) {
    writeFileSync(at(name), name === 'empty' ? '' : name.repeat(500));
  }
  writeFileSync(at('read-only directory', 'in it'), 'in it');
  setTimes(at('Plain.TXT'), 133_000_000_003_234_561n);
  setTimes(at('readonly'), 133_000_000_000_000_009n);
  // Before 1901 and after 2038 seconds since 1970 do not fit into 32 bits.
  setTimes(at('long ago'), 90_000_000_000_000_001n);
  setTimes(at('far off'), 250_000_000_000_000_003n);
  setTimes(at('read-only directory', 'in it'), 133_000_000_000_000_002n);
  setTimes(at('read-only directory'), 133_000_000_000_000_013n);
  setTimes(top, 133_000_000_000_000_017n);
  setAttributes(at('hidden'), 0x22);
  setAttributes(at('system'), 0x07);
  setAttributes(at('readonly'), 0x01);
  setAttributes(at('plain'), 0x80);
  setAttributes(at('read-only directory'), 0x03);
}

/**
 * @param {string} top
 * @param {string} [name]
 * @param {Record<string, object>} [found]
 */
function facts(top, name = '', found = {}) {
  const file = top + name.replaceAll('/', '\\');
  const information = Buffer.alloc(52);
  withHandle(file, READ_ATTRIBUTES, (handle) => {
    if (GetFileInformationByHandle(handle, information) === 0) throw new Error(`facts of ${file}`);
  });
  const attributes = information.readUInt32LE(0);
  const isDirectory = (attributes & 0x10) !== 0;
  found[name || '/'] = {
    attributes,
    creationTime: String(information.readBigUInt64LE(4)),
    writeTime: String(information.readBigUInt64LE(20)),
    ...(isDirectory
      ? {}
      : {
          links: information.readUInt32LE(40),
          sha1: createHash('sha1').update(readFileSync(file)).digest('hex'),
        }),
  };
  if (isDirectory) for (const child of readdirSync(file).sort()) facts(top, `${name}/${child}`, found);
  return found;
}

/**
 * @param {string} file
 * @param {string[]} line
 */
function whileLocked(file, [program, ...args]) {
  const descriptor = openSync(file, 'r+');
  const where = Buffer.alloc(32);
  where.writeUInt32LE(0x4000_0000, 20);
  if (LockFileEx(uvHandle(descriptor), 3, 0, 1, 0, where) === 0) throw new Error(`${file} is locked`);
  const log = `${file}.log`;
  const output = openSync(log, 'w');
  const { status } = spawnSync(program, args, { stdio: ['ignore', output, output] });
  closeSync(output);
  closeSync(descriptor);
  return { status, output: readFileSync(log, 'utf8') };
}

const [task, file, ...rest] = process.argv.slice(2);
if (task === 'make') make(file);
else if (task === 'facts') process.stdout.write(JSON.stringify(facts(file)));
else if (task === 'while-locked') process.stdout.write(JSON.stringify(whileLocked(file, rest)));
else throw new Error(`no task ${task}`);
