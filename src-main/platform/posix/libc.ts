import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { nativePathBytes } from './nativePath';
import { timespecOf } from './filetime';

/**
 * Calls of the C library that Node has no equal for: times to the nanosecond, advisory locks, device nodes, extended
 * attributes. The library is opened at the first call, so a start that needs none of them costs nothing.
 */

type Koffi = typeof import('koffi');
type Library = import('koffi').LibraryHandle;
/** A bound function: all of ours return an integer, -1 for an error. */
type NativeCall = (...args: readonly unknown[]) => number | bigint;

/** A call of the C library that failed. Shaped as Node's own errors are, so that one mapping serves both. */
export class SystemError extends Error {
  readonly errno: number;
  /** Symbolic name: "EACCES"; "ENOSYS" also when this system has no such call. */
  readonly code: string;
  readonly syscall: string;
  readonly path: string | undefined;

  constructor(errno: number, syscall: string, path?: string) {
    const code = errnoName(errno);
    super(`${code}: ${syscall}${path === undefined ? '' : ` '${path}'`}`);
    this.name = 'SystemError';
    this.errno = errno;
    this.code = code;
    this.syscall = syscall;
    this.path = path;
  }
}

/** Access and write time as FILETIME: 100 ns since 1601-01-01 UTC. */
export interface FileTimes {
  readonly access: bigint;
  readonly write: bigint;
}

/** Operations of flock(2); `NONBLOCKING` is added to one of the others. */
export const FileLock = { SHARED: 1, EXCLUSIVE: 2, NONBLOCKING: 4, UNLOCK: 8 } as const;

const AT_FDCWD = process.platform === 'darwin' ? -2 : -100;
const AT_SYMLINK_NOFOLLOW = process.platform === 'darwin' ? 0x20 : 0x100;

/** Declarations of the calls. Paths and names go in as NUL-terminated bytes: koffi's strings cannot hold WTF-8. */
const declarations = {
  utimensat: 'int utimensat(int dirfd, const void *path, const void *times, int flags)',
  futimens: 'int futimens(int fd, const void *times)',
  flock: 'int flock(int fd, int operation)',
  ioctl: 'int ioctl(int fd, unsigned long request, void *argument)',
  mknod: 'int mknod(const void *path, uint32_t mode, uint64_t dev)',
  __xmknod: 'int __xmknod(int version, const void *path, uint32_t mode, const uint64_t *dev)',
  llistxattr: 'intptr_t llistxattr(const void *path, void *list, size_t size)',
  lgetxattr: 'intptr_t lgetxattr(const void *path, const void *name, void *value, size_t size)',
  lsetxattr: 'int lsetxattr(const void *path, const void *name, const void *value, size_t size, int flags)',
  fsetxattr: 'int fsetxattr(int fd, const void *name, const void *value, size_t size, int flags)',
} as const;
type CallName = keyof typeof declarations;

let koffi: Koffi | undefined;
let library: Library | null | undefined;
/** Bound calls; null for one that this system does not have. */
const bound = new Map<CallName, NativeCall | null>();

/** Whether this system has the call. */
export function hasLibcCall(name: CallName): boolean {
  return bind(name) !== null;
}

/** Sets the times of what `path` names; of a symbolic link itself, not of what it points to. @throws SystemError */
export function setPathTimes(path: string, times: FileTimes): void {
  check('utimensat', path, AT_FDCWD, nativePathBytes(path), timesBuffer(times), AT_SYMLINK_NOFOLLOW);
}

/** Sets the times of an open file, exact to 100 ns. @throws SystemError */
export function futimens(fd: number, times: FileTimes): void {
  check('futimens', undefined, fd, timesBuffer(times));
}

/**
 * Takes or gives up an advisory lock on an open file.
 * @param operation a sum of {@link FileLock} values
 * @throws SystemError `EAGAIN` when NONBLOCKING was given and another open file holds the lock
 */
export function flock(fd: number, operation: number): void {
  check('flock', undefined, fd, operation);
}

/**
 * Asks a device for something that takes no argument.
 * @param request as the system's headers number it
 * @throws SystemError
 */
export function ioctl(fd: number, request: number): void {
  check('ioctl', undefined, fd, request, null);
}

/**
 * Makes a device node, a named pipe or a socket.
 * @param mode file type and permission bits; the process's umask applies
 * @param device device number in this system's own encoding
 * @throws SystemError
 */
export function mknod(path: string, mode: number, device: number): void {
  if (bind('mknod') !== null) {
    check('mknod', path, nativePathBytes(path), mode, BigInt(device));
  } else {
    // glibc before 2.33 has mknod only in its static part; version 0 is the one of every 64-bit port.
    check('__xmknod', path, 0, nativePathBytes(path), mode, new BigUint64Array([BigInt(device)]));
  }
}

/** Names of the extended attributes of `path` (a link's own); none where the file system has no such thing. */
export function listXattrs(path: string): string[] {
  if (bind('llistxattr') === null) return [];
  try {
    const bytes = readSized('llistxattr', path, nativePathBytes(path));
    return bytes.toString('latin1').split('\0').slice(0, -1);
  } catch (error) {
    if (error instanceof SystemError && (error.code === 'ENOTSUP' || error.code === 'ENOSYS')) return [];
    throw error;
  }
}

/** Value of one extended attribute. @param name its bytes, one per character @throws SystemError */
export function getXattr(path: string, name: string): Uint8Array {
  return readSized('lgetxattr', path, nativePathBytes(path), xattrName(name));
}

/** Sets an extended attribute of `path` (a link's own). @param name its bytes, one per character @throws SystemError */
export function setXattr(path: string, name: string, value: Uint8Array): void {
  check('lsetxattr', path, nativePathBytes(path), xattrName(name), nonEmpty(value), value.length, 0);
}

/** Sets an extended attribute of an open file. @param name its bytes, one per character @throws SystemError */
export function fsetXattr(fd: number, name: string, value: Uint8Array): void {
  check('fsetxattr', undefined, fd, xattrName(name), nonEmpty(value), value.length, 0);
}

/** Calls a function that fills a buffer of unknown size, with growing buffers until one is large enough. */
function readSized(name: CallName, path: string, ...args: readonly unknown[]): Buffer {
  // The kernel limits both a value and a list of names to 64 KiB; the loop allows for systems that do not.
  for (let room = 1024; ; room *= 4) {
    const buffer = Buffer.alloc(room);
    try {
      const size = check(name, path, ...args, buffer, room);
      return buffer.subarray(0, size);
    } catch (error) {
      if (!(error instanceof SystemError) || error.code !== 'ERANGE' || room > 1 << 24) throw error;
    }
  }
}

/** Attribute names are bytes to the kernel and stay so: one character is one byte. */
function xattrName(name: string): Buffer {
  return Buffer.from(`${name}\0`, 'latin1');
}

/** koffi turns an empty array into a null pointer, which some calls refuse. */
function nonEmpty(value: Uint8Array): Uint8Array {
  return value.length === 0 ? new Uint8Array(1) : value;
}

/** Filled anew for each call: a call of the library is over before the next begins. */
const wideTimes = new BigInt64Array(4);
let hasWideTimes: boolean | undefined;

/** struct timespec[2] in the size of this machine; holds until the next call. */
function timesBuffer(times: FileTimes): BigInt64Array | Int32Array {
  hasWideTimes ??= loadKoffi().sizeof('long') === 8;
  const access = timespecOf(times.access);
  const write = timespecOf(times.write);
  wideTimes[0] = access.seconds;
  wideTimes[1] = access.nanoseconds;
  wideTimes[2] = write.seconds;
  wideTimes[3] = write.nanoseconds;
  return hasWideTimes ? wideTimes : Int32Array.from(wideTimes, Number);
}

/** Runs a call. @returns its result, not negative @throws SystemError for -1 */
function check(name: CallName, path: string | undefined, ...args: readonly unknown[]): number {
  const call = bind(name);
  if (call === null) throw new SystemError(constants.errno.ENOSYS, name, path);
  const result = Number(call(...args));
  if (result < 0) throw new SystemError(loadKoffi().errno(), name, path);
  return result;
}

function bind(name: CallName): NativeCall | null {
  let call = bound.get(name);
  if (call === undefined) {
    const source = openLibrary();
    const isThere = source !== null && attempt((): unknown => source.symbol(name)) !== null;
    call = isThere ? (source.func(declarations[name]) as NativeCall) : null;
    bound.set(name, call);
  }
  return call;
}

function loadKoffi(): Koffi {
  koffi ??= createRequire(__filename)('koffi') as Koffi;
  return koffi;
}

/** Opens the C library under the names it has on glibc, musl and macOS; null where there is none (Windows). */
function openLibrary(): Library | null {
  if (library !== undefined) return library;
  library = null;
  for (const name of libraryNames()) {
    library = attempt(() => loadKoffi().load(name));
    if (library !== null) break;
  }
  return library;
}

function libraryNames(): readonly (string | null)[] {
  if (process.platform === 'win32') return [];
  if (process.platform === 'darwin') return ['/usr/lib/libSystem.B.dylib'];
  // null is this process itself, which is linked to a C library whatever its name.
  return ['libc.so.6', 'libc.so', null];
}

/** Absence of a library or a symbol is an answer here; the caller reports it where the call is wanted. */
function attempt<T>(load: () => T): T | null {
  try {
    return load();
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/** Names that two numbers share on Linux: the one that callers look for. */
const preferredNames = ['EAGAIN', 'ENOTSUP'];

function errnoName(errno: number): string {
  const names = Object.entries(constants.errno).flatMap(([name, value]) => (value === errno ? [name] : []));
  return names.find((name) => preferredNames.includes(name)) ?? names[0] ?? `errno ${errno}`;
}
